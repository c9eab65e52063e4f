"""The text of a call → the case that makes it. The text is data: it is parsed, never evaluated.

What people type, what stands in a model's source and what reports print is understood alike: an API by its dotted
name, called with literals, names of element types, and shapes for tensors. Tensors that the text leaves out are the
operator's to add (see `cases.rewriting`), in the shapes that are documented.
"""

import ast
import difflib
import re
import warnings
from dataclasses import replace

from cases.case import Arguments, Case
from cases.catalogue import apis
from cases.documentation import REQUIRED, Api
from cases.rewriting import rewritable
from cases.values import DTYPES, LAYOUTS, BadValue, Dtype, Instance, Scalar, Tensor, Value
from conformance.errors import UsageError
from conformance.idioms import IDIOMS

LONGEST = 4000  # characters; the longest call of a report has some hundreds
DEEPEST = 16  # brackets within brackets
EXAMPLE = "mindspore.nn.Conv1dTranspose(3, 64, 5, stride=3, pad_mode='same')"

_PRINTED = re.compile(
    r"""(?P<text>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|\bTensor\((?P<shape>[\d,\s]*)\)(?P<more>(?::[A-Za-z][\w-]*)+)"""
)
_GRADIENTS = re.compile(r"gradients of (\w+(?:, \w+)*)")
_REPEATS = re.compile(r"called ([1-9]\d{0,3}) times")
_SETTING = re.compile(r"(\w+) = (\w+)")
_ASSIGNED = re.compile(r"^[A-Za-z_][\w.]*\s*=\s*(?=[A-Za-z_])")
_TENSORS = ("input", "weight", "bias")
_NUMBERS = {"nan": float("nan"), "inf": float("inf")}


def parse_call(
    text: str,
    *,
    input_shape: tuple[int, ...] | None = None,
    weight_shape: tuple[int, ...] | None = None,
    dtype: str = "",
) -> Case:
    """The case of a call; UsageError, which names the part that is not understood, for every other text.

    `input_shape` and `weight_shape` are those of tensors that the text leaves out, `dtype` is their element type: that
    which the call itself names, or float32, unless given.
    """
    try:
        return _parsed(text, input_shape, weight_shape, dtype)
    except BadValue as error:
        raise UsageError(f"{text.strip()[:200]!r}: {error}", _way_out()) from None
    except RecursionError:
        raise UsageError(f"{text.strip()[:60]!r} … is nested too deeply for a call.", _way_out()) from None


def _parsed(text: str, input_shape: tuple[int, ...] | None, weight_shape: tuple[int, ...] | None, dtype: str) -> Case:
    if dtype and dtype not in DTYPES:
        raise BadValue(f"{dtype!r} is no element type; known are {', '.join(sorted(DTYPES))}")
    call, notes = _notes(text.strip())
    node = _tree(call)
    outer = node.func if isinstance(node.func, ast.Call) else None
    api = _api(outer.func if outer else node.func)
    constructs = not set(api.inputs) <= set(api.names)  # a function takes its tensors by its one signature
    if outer is not None and not constructs:
        raise BadValue(f"{api.name} is a function, which is called once, with its tensors")
    named = _element(outer or node)
    if dtype and named and dtype != named:
        raise BadValue(f"the call is of {named}, so that its tensors cannot be of {dtype}")
    element = dtype or named or "float32"
    reader = _Reader(api, element)
    made = reader.arguments(outer or node, api.names)
    _fits(api, made)
    called = reader.arguments(node, api.inputs) if outer else Arguments()
    case = Case(api.name, made, called) if constructs else Case(api.name, None, made)
    add = rewritable(api.name).with_operands
    whole = add(case, input_shape=input_shape, weight_shape=weight_shape, dtype=element)
    return _noted(whole, notes)


def _notes(text: str) -> tuple[str, str]:
    """The call, and what a report says behind it."""
    if len(text) > LONGEST:
        raise BadValue(f"this has {len(text):,} characters, and a call has {LONGEST:,} at most")
    text = _ASSIGNED.sub("", text).rstrip(",; ")  # as it is pasted
    if text.endswith(")"):
        return text, ""
    head, with_, notes = text.rpartition(") with ")
    return (f"{head})", notes) if with_ else (text, "")


def _tree(text: str) -> ast.Call:
    plain = _PRINTED.sub(_python, text)
    depth = deepest = 0
    for sign in re.sub(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"", "", plain):
        depth += (sign in "([{") - (sign in ")]}")
        deepest = max(deepest, depth)
    if deepest > DEEPEST:
        raise BadValue(f"brackets stand {deepest} deep in it, and {DEEPEST} are enough for a call")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = ast.parse(plain, mode="eval").body
    except (SyntaxError, ValueError, MemoryError) as error:
        where = f" at {error.text.strip()[:60]!r}" if isinstance(error, SyntaxError) and error.text else ""
        said = error.msg if isinstance(error, SyntaxError) else error
        raise BadValue(f"this is no expression of Python ({said}{where})") from None
    if not isinstance(found, ast.Call):
        raise BadValue(f"{_said(found)} is no call")
    return found


def _python(match: re.Match[str]) -> str:
    """A tensor as reports print it, `Tensor(2,3):float32`, as a call that Python can read."""
    if match["text"] is not None:
        return match["text"]
    words = ", ".join(map(repr, match["more"][1:].split(":")))
    return f"Tensor(({match['shape'].strip().rstrip(',') + ',' if match['shape'].strip() else ''}), {words})"


def _api(node: ast.expr) -> Api:
    name = _dotted(node)
    if name is None:
        raise BadValue(f"{_said(node)} is no name of an API")
    found = apis().get(name)
    if found is None:
        raise BadValue(f"no API is called {name!r}{_near(name)}")
    return found


def _near(name: str) -> str:
    """The APIs that may be meant: of the same last name, or of one that is spelled alike."""
    last = name.rpartition(".")[2].lower()
    by_last: dict[str, list[str]] = {}
    for known in apis():
        by_last.setdefault(known.rpartition(".")[2].lower(), []).append(known)
    spelled = difflib.get_close_matches(name, apis(), n=3)
    ends = [known for item in difflib.get_close_matches(last, by_last, n=3) for known in by_last[item]]
    near = list(dict.fromkeys([*by_last.get(last, ()), *spelled, *ends]))[:4]
    return f"; did you mean {' or '.join(near)}?" if near else "; `conformance claims` lists them"


class _Reader:
    """Reads the arguments of a call of one API; `dtype` is the element type of tensors that name none."""

    def __init__(self, api: Api, dtype: str) -> None:
        self.api = api
        self.dtype = dtype

    def arguments(self, node: ast.Call, names: tuple[str, ...]) -> Arguments:
        """The arguments; a tensor plays the part of the parameter in whose place it stands."""
        keyword: dict[str, Value] = {}
        positional = []
        for place, item in enumerate(node.args):
            if isinstance(item, ast.Starred):
                raise BadValue(f"{_said(item)} spreads what only running the code could tell; write the arguments out")
            positional.append(self.value(item, names[place] if place < len(names) else f"argument {place + 1}"))
        for given in node.keywords:
            if given.arg is None:
                raise BadValue(f"{_said(given.value)} spreads what only running the code could tell; write it out")
            if given.arg in keyword:
                raise BadValue(f"{given.arg} is given twice")
            keyword[given.arg] = self.value(given.value, given.arg)
        return Arguments(tuple(positional), tuple(keyword.items()))

    def value(self, node: ast.expr, role: str) -> Value:
        """A value of the closed set."""
        match node:
            case ast.Constant(value=bool() | int() | float() | str() | None as value):
                return value
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
                number = self.value(operand, role)
                if isinstance(number, int | float) and not isinstance(number, bool):
                    return -number if isinstance(sign, ast.USub) else number
            case ast.Tuple(elts=items):
                return tuple(self.value(item, role) for item in items)
            case ast.List(elts=items):
                return [self.value(item, role) for item in items]
            case ast.Name(id=name):
                return self.named(name, role)
            case ast.Attribute():
                is_tensor = role in self.api.inputs and _dotted(node) is not None
                return Tensor(role, (), self.dtype) if is_tensor else self.dtype_of(node)
            case ast.Call():
                return self.made(node, role)
        raise BadValue(f"{role} is {_said(node)}, which is no literal")

    def named(self, name: str, role: str) -> Value:
        """A name alone: an element type as reports print it, nan, inf, or a tensor, where the call takes one."""
        if name in DTYPES:
            return Dtype(name)
        if name in _NUMBERS:
            return _NUMBERS[name]
        if role in self.api.inputs or (role in _TENSORS and name in (*self.api.inputs, *_TENSORS)):
            return Tensor(role, (), self.dtype)
        raise BadValue(f"{role} is {name!r}, a name of which the text does not say what it holds; write its value")

    def dtype_of(self, node: ast.expr) -> Dtype:
        """An element type by its framework's name for it."""
        dotted, framework = _dotted(node) or "", self.api.framework
        first, _, last = dotted.rpartition(".")
        if last in DTYPES and first in (framework, f"{framework}.dtype"):
            return Dtype(last)
        raise BadValue(f"{_said(node)} is neither a literal nor an element type such as {framework}.float16")

    def made(self, node: ast.Call, role: str) -> Value:
        """A tensor by its shape, a NumPy scalar, or what the framework makes from a public callable of its own."""
        name = _dotted(node.func) or ""
        if name == "Tensor" or name in ("torch.Tensor", "mindspore.Tensor", "oneflow.Tensor"):
            return self.tensor(node, role)
        given = self.arguments(node, ())
        if name.partition(".")[0] in ("numpy", "np") and name.partition(".")[2] in DTYPES and not given.keyword:
            match given.positional:
                case (bool() | int() | float() as number,):
                    return Scalar(name.partition(".")[2], number)
        makes = IDIOMS[self.api.framework].makes if self.api.framework in IDIOMS else ""
        if makes and name.startswith(makes) and not given.positional:
            return Instance(name, given.keyword)
        raise BadValue(
            f"{role} is {_said(node)}, and calls inside of a call are not made; write a tensor as Tensor(1, 3, 50)"
        )

    def tensor(self, node: ast.Call, role: str) -> Tensor:
        """`Tensor(1, 3, 50)`, `Tensor((1, 3, 50))`, with its element type and layout behind."""
        given = self.arguments(node, ())
        more: tuple[Value, ...] = tuple(value for name, value in given.keyword if name == "dtype")
        first = given.positional
        if len(more) != len(given.keyword):
            raise BadValue(f"{_said(node)} is no tensor: it has a shape, and perhaps a dtype")
        if first and isinstance(first[0], tuple | list):
            first, more = tuple(first[0]), (*first[1:], *more)
        words = [item.name if isinstance(item, Dtype) else item for item in more]
        kinds = [item for item in words if item in DTYPES]
        layouts = [item for item in words if item in LAYOUTS]
        lengths = tuple(item for item in first if type(item) is int and 0 <= item < 2**31)
        if not first or len(lengths) != len(first) or len(kinds) + len(layouts) != len(words) or len(words) > 2:
            raise BadValue(f"{_said(node)} is no tensor: its lengths are whole numbers, as in Tensor(1, 3, 50):float32")
        made = Tensor(role, lengths, str(kinds[0]) if kinds else self.dtype)
        return replace(made, layout=layouts[0]) if layouts else made


def _fits(api: Api, made: Arguments) -> None:
    """The API documents parameters of these names, in so many places."""
    names, given = api.names, [name for name, _ in made.keyword]
    listed = f"{api.name}({', '.join(names)})"
    if len(made.positional) > len(names):
        raise BadValue(f"{len(made.positional)} arguments are given by position, and there are {listed}")
    for name in given:
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            raise BadValue(
                f"there is no parameter {name!r}{f' (did you mean {near[0]!r}?)' if near else ''} in {listed}"
            )
        if name in names[: len(made.positional)]:
            raise BadValue(f"{name} is given twice, by position and by name")
    there = {*names[: len(made.positional)], *given}
    missing = [item.name for item in api.signature if item.default is REQUIRED and item.name not in there]
    if missing:
        raise BadValue(f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing in {listed}")


def _element(node: ast.Call) -> str:
    """The element type that the call names, which its tensors then have; empty where it names none."""
    parts = [*node.args, *(item.value for item in node.keywords)]
    dotted = [name.rpartition(".")[2] for part in parts if (name := _dotted(part))]
    return next((name for name in dotted if name in DTYPES), "")


def _noted(case: Case, notes: str) -> Case:
    """The case with what a report says behind its call."""
    for note in filter(None, notes.split("; ")):
        if found := _GRADIENTS.fullmatch(note):
            roles, derived = tuple(found[1].split(", ")), rewritable(case.api).differentiated(case)
            if derived is None or not set(roles) <= set(derived.differentiate):
                raise BadValue(f"no document gives the {note} of this call")
            case = replace(derived, differentiate=roles)
        elif found := _REPEATS.fullmatch(note):
            case = replace(case, repeats=int(found[1]))
        elif (found := _SETTING.fullmatch(note)) and found[2] in ("True", "False"):
            case = replace(case, settings=(*case.settings, (found[1], found[2] == "True")))
        else:
            raise BadValue(f"what stands behind the call is not understood: {note!r}; leave it out")
    return case


def _dotted(node: ast.expr) -> str | None:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            before = _dotted(value)
            return None if before is None else f"{before}.{name}"
    return None


def _said(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 80 else f"{text[:80]} …"


def _way_out() -> str:
    return (
        f"Write a call with literal arguments, such as {EXAMPLE!r}; a tensor is written as its shape: Tensor(1, 3, 50)"
    )
