"""What the claims were written from: of each API the signature, and digests of what its docstring says.

An `Outline` is made from what a framework reports of an API. The outlines that the claims of an operator rest on lie
in the operator's folder, one file per framework: `cases/<operator>/written/<framework>.json`. They hold names,
annotations, default values and digests, and no sentence of any document. The files exist so that a run can say where a
backend's documentation differs from what a claim's author read; `conformance drift --accept` writes them, once the
author has read the new text.
"""

import ast
import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from cases.docstring import digest, parse

ROOT = Path(__file__).resolve().parent
FOLDER = "written"

_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]+")
_TYPING = {"List": "list", "Tuple": "tuple", "Dict": "dict", "Set": "set", "FrozenSet": "frozenset", "Type": "type"}


class BadOutlines(ValueError):
    """A file of outlines that cannot be read; says which and why."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of a signature. `default` is JSON text in the form of the wire, empty where there is none."""

    name: str
    annotation: str = ""
    default: str = ""


@dataclass(frozen=True)
class Outline:
    """An API as one version of its framework documents it.

    `docstring`, `sections` by title and `texts` by parameter are digests (see `cases.docstring`). A parameter may have
    a text and not stand in the signature, as the inputs of a layer, or stand there without a text.
    """

    api: str
    version: str
    parameters: tuple[Parameter, ...]
    docstring: str
    sections: Mapping[str, str]
    texts: Mapping[str, str]


def outline(
    api: str,
    version: str,
    names: Iterable[str],
    defaults: Mapping[str, Any],
    annotations: Mapping[str, str],
    docstring: str,
) -> Outline:
    """The outline of an API from what a framework reports of it; `defaults` in the form of the wire."""
    parsed = parse(docstring)
    return Outline(
        api,
        version,
        tuple(
            Parameter(name, plain(annotations.get(name, "")), as_json(defaults[name]) if name in defaults else "")
            for name in names
        ),
        digest(docstring),
        {title: digest(text) for title, text in parsed.sections.items()},
        {name: digest(text) for name, text in parsed.parameters.items()},
    )


def as_json(value: Any) -> str:
    """A value of the wire as JSON text. Unlike the values themselves, the texts of 1, 1.0 and true all differ."""
    return json.dumps(_finite(value), allow_nan=False)


def _finite(value: Any) -> Any:
    match value:
        case float() if not math.isfinite(value):
            return {"float": value.hex()}
        case {"other": str(text)}:
            return {"other": _ADDRESS.sub("0x…", text)}
        case dict():
            return {str(key): _finite(item) for key, item in value.items()}
        case list() | tuple():
            return [_finite(item) for item in value]
    return value


def plain(annotation: str) -> str:
    """An annotation without what depends on the Python that prints it: `typing.Optional[List[int]]` and its like.

    Unions are written with bars. A text that is no Python expression stays as it is, but for addresses.
    """
    text = _ADDRESS.sub("0x…", annotation)
    try:
        tree: ast.Expression = _Plain().visit(ast.parse(text.strip(), mode="eval"))
        return ast.unparse(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text


class _Plain(ast.NodeTransformer):
    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """`typing.Any` is `Any`."""
        if isinstance(node.value, ast.Name) and node.value.id == "typing":
            return ast.Name(_TYPING.get(node.attr, node.attr))
        return node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """`List` is `list`, and `NoneType` is `None`."""
        return ast.Constant(None) if node.id == "NoneType" else ast.Name(_TYPING.get(node.id, node.id))

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """`Union[a, b]` is `a | b`, and `Optional[a]` is `a | None`."""
        name: ast.expr = self.visit(node.value)
        several = isinstance(node.slice, ast.Tuple)
        items: list[ast.expr] = [self.visit(item) for item in getattr(node.slice, "elts", [node.slice])]
        if getattr(name, "id", "") == "Optional":
            items.append(ast.Constant(None))
        if getattr(name, "id", "") in ("Union", "Optional"):
            joined = items[0]
            for item in items[1:]:
                joined = ast.BinOp(joined, ast.BitOr(), item)
            return joined
        return ast.Subscript(name, ast.Tuple(items) if several else items[0])


class _Parameter(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    annotation: str = ""
    default: Any = msgspec.UNSET


class _Outline(msgspec.Struct, forbid_unknown_fields=True):
    version: str
    parameters: list[_Parameter]
    docstring: str
    sections: dict[str, str]
    texts: dict[str, str]


def written(root: Path = ROOT) -> dict[str, Outline]:
    """What the claims of every operator were written from, by API. `root` is the folder of the operators."""
    found: dict[str, Outline] = {}
    for path in sorted(root.glob(f"*/{FOLDER}/*.json")):
        for item in read(path):
            if item.api in found:
                raise BadOutlines(f"{path}: {item.api} stands in another file too")
            found[item.api] = item
    return found


def file_of(operator: str, framework: str, root: Path = ROOT) -> Path:
    """Where the outlines of an operator's APIs in one framework lie."""
    return root / operator / FOLDER / f"{framework}.json"


def read(path: Path) -> list[Outline]:
    """The outlines of a file; BadOutlines for anything that `text` cannot have written."""
    try:
        return decode(path.read_bytes())
    except BadOutlines as error:
        raise BadOutlines(f"{path}: {error}") from None


def decode(content: bytes | str) -> list[Outline]:
    """The inverse of `text`."""
    try:
        data = msgspec.json.decode(content, type=dict[str, _Outline])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadOutlines(f"these are no outlines ({error})") from None
    return [
        Outline(
            api,
            item.version,
            tuple(
                Parameter(one.name, one.annotation, "" if one.default is msgspec.UNSET else as_json(one.default))
                for one in item.parameters
            ),
            item.docstring,
            item.sections,
            item.texts,
        )
        for api, item in data.items()
    ]


def text(outlines: Iterable[Outline]) -> str:
    """The content of a file of outlines: one line for each parameter, section and text, so that a change is seen."""
    return _object([(item.api, _one(item)) for item in sorted(outlines, key=lambda item: item.api)], "") + "\n"


def _one(item: Outline) -> str:
    parameters = [f"   {_parameter(one)}" for one in item.parameters]
    return _object(
        [
            ("version", _text(item.version)),
            ("parameters", "[\n" + ",\n".join(parameters) + "\n  ]" if parameters else "[]"),
            ("docstring", _text(item.docstring)),
            ("sections", _object([(key, _text(value)) for key, value in sorted(item.sections.items())], "  ")),
            ("texts", _object([(key, _text(value)) for key, value in sorted(item.texts.items())], "  ")),
        ],
        " ",
    )


def _parameter(one: Parameter) -> str:
    fields = [f'"name": {_text(one.name)}']
    fields += [f'"annotation": {_text(one.annotation)}'] if one.annotation else []
    fields += [f'"default": {one.default}'] if one.default else []
    return f"{{{', '.join(fields)}}}"


def _object(items: list[tuple[str, str]], indent: str) -> str:
    lines = [f"{indent} {_text(key)}: {value}" for key, value in items]
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}" if lines else "{}"


def _text(value: str) -> str:
    return json.dumps(value)
