"""What a callable says of itself: names, defaults and annotations of its parameters, and its docstring.

In goes a target, out comes the reply of an inspection. A builtin of a framework often has no signature that Python can
see, but its docstring begins with one; then that line is read, by Python's own parser, and nothing is evaluated.
"""

import ast
import inspect
import re
from collections.abc import Callable
from typing import Any

from conformance.adapters.wire import could_not_run

_HEAD = re.compile(r"^[ \t]*(?:[A-Za-z_]\w*\.)*([A-Za-z_]\w*)\(", re.MULTILINE)


def describe(target: Any, made: bool, dtype_name: Callable[[Any], str | None]) -> dict[str, Any]:
    """The reply for a target; `made` says that it is constructed before it is called."""
    docstring = target.__doc__ or ""
    try:
        found = inspect.signature(target.__init__ if made else target)
    except (ValueError, TypeError) as error:
        read = _from_docstring(docstring, getattr(target, "__name__", ""))
        return read or could_not_run(f"neither Python nor the docstring gives a signature: {error}")
    parameters = [item for item in found.parameters.values() if item.name != "self"]
    return {
        "status": "described",
        "names": [item.name for item in parameters],
        "defaults": {
            item.name: default(item.default, dtype_name) for item in parameters if item.default is not item.empty
        },
        "annotations": {item.name: _text(item.annotation) for item in parameters if item.annotation is not item.empty},
        "docstring": docstring,
        "signature": "inspect",
    }


def default(value: Any, dtype_name: Callable[[Any], str | None]) -> Any:
    """A default value in the wire's form; what has none is given by its repr under the tag `other`."""
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, tuple):
        return {"tuple": [default(item, dtype_name) for item in value]}
    name = dtype_name(value)
    return {"dtype": name} if name else {"other": repr(value)[:200]}


def _text(annotation: Any) -> str:
    return (annotation if isinstance(annotation, str) else inspect.formatannotation(annotation))[:200]


def _from_docstring(docstring: str, name: str) -> dict[str, Any] | None:
    """The reply made of the call with which the docstring begins, or of the first one of this name; None without."""
    begin = len(docstring) - len(docstring.lstrip())
    for head in _HEAD.finditer(docstring):
        # A builtin may have another name within its framework than the one it is published under.
        if head[1] != name and docstring[begin : head.end()].strip() != head[0].strip():
            continue
        try:
            arguments = _arguments(docstring[head.end(1) :])
        except (SyntaxError, ValueError, RecursionError):
            continue
        given, annotated = {}, {}
        listed = [*arguments.posonlyargs, *arguments.args]
        padding = [None] * (len(listed) - len(arguments.defaults))
        pairs: list[tuple[ast.arg, ast.expr | None]] = list(zip(listed, [*padding, *arguments.defaults], strict=True))
        pairs += [(arguments.vararg, None)] if arguments.vararg else []
        pairs += zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        pairs += [(arguments.kwarg, None)] if arguments.kwarg else []
        for parameter, value in pairs:
            if value is not None:
                given[parameter.arg] = _literal(value)
            if parameter.annotation is not None:
                annotated[parameter.arg] = ast.unparse(parameter.annotation)[:200]
        return {
            "status": "described",
            "names": [parameter.arg for parameter, _ in pairs],
            "defaults": given,
            "annotations": annotated,
            "docstring": docstring,
            "signature": "docstring",
        }
    return None


def _arguments(text: str) -> ast.arguments:
    """Parse what stands between the brackets with which a text begins; SyntaxError where that is no list of names."""
    depth = end = 0
    for character in text:
        end += 1
        depth += (character in "([{") - (character in ")]}")
        if depth == 0:
            break
    (made,) = ast.parse(f"def _{' '.join(text[:end].split())}: pass").body
    if not isinstance(made, ast.FunctionDef):
        raise SyntaxError("this is no list of parameters")
    return made.args


def _literal(node: ast.expr) -> Any:
    """A default value in the wire's form; what is no literal is given as its text under the tag `other`."""
    if isinstance(node, ast.Tuple):
        return {"tuple": [_literal(item) for item in node.elts]}
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, MemoryError, RecursionError):
        value = node
    if value is None or type(value) in (bool, int, float, str):
        return value
    return {"other": ast.unparse(node)[:200]}
