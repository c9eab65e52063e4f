"""A case → the code that a person would write for it: the layer, and a function of the tensors with the steps around.

Unlike a script (`script.py`) it holds no data and judges nothing: it is there to be pasted into a program. Everything
in it is written by us from the closed set of argument values. Also the code that carries a layer's parameters over.
"""

import keyword
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from cases.case import Arguments, Case
from cases.catalogue import apis
from cases.rewriting import rewritable
from cases.steps import Crop, Pad, Step
from cases.values import BadValue, Dtype, Instance, Scalar, Tensor, Value
from conformance.idioms import IDIOMS, Idiom, rank_after, step_line


def counterpart_code(case: Case, *, name: str = "counterpart", ours: Case | None = None) -> str:
    """The code of a call: an import, the layer if there is one, and the function `name` of the call's tensors.

    Where the call stands for another one, `ours`, the function takes the tensors in the shapes in which that one has
    them, and arguments are written that a reader of that one would not expect. BadValue for what is no call of a known
    API.
    """
    idiom = idiom_of(case)
    tensors = arguments(case)
    case = shortened(case, ours)
    given = given_shapes(case, ours)
    lines = [idiom.imports, ""]
    call = case.api
    if case.construct is not None:
        call = held_in(case)
        lines += [f"{call} = {case.api}({arguments_text(case.construct, idiom)}){_typed(case, idiom)}", ""]
    names = {tensor.role: spelled for spelled, tensor in tensors.items()}
    shapes = ", ".join(
        f"{given[spelled]!r}" if len(tensors) == 1 else f"{spelled} {given[spelled]!r}" for spelled in tensors
    )
    told = case.construct is not None and any(isinstance(value, tuple | list) for value in case.call.positional)
    note = ["# The call is told the size of its result: this is for inputs of these shapes."] if told else []
    lines += ["", *note, f"def {name_of(name)}({', '.join(tensors)}):  # {shapes}"]
    for spelled, tensor in tensors.items():
        if given[spelled] != tensor.shape:
            lines.append(f"    {spelled} = {spelled}.reshape({', '.join(map(str, tensor.shape))})")
    lines += [f"    {line}" for line in _body(case, idiom, call, names)]
    return "\n".join(lines) + "\n"


def shortened(case: Case, ours: Case | None = None) -> Case:
    """The call without the named arguments that say what the documented default says.

    Those stay that differ from what a reader of `ours` knows, the call that it stands for.
    """
    kept = () if ours is None else rewritable(ours.api).rewritten(ours, case).kept
    if case.construct is None:
        return replace(case, call=_short(case, case.call, kept))
    return replace(case, construct=_short(case, case.construct, kept))


def given_shapes(case: Case, ours: Case | None = None) -> dict[str, tuple[int, ...]]:
    """The shapes in which the function of a call takes its tensors, by their names there: those that `ours` has."""
    there = {} if ours is None else {tensor.role: tensor.shape for tensor in ours.call.tensors()}
    return {
        name: tensor.shape if tensor.role == "input" else there.get(tensor.role, tensor.shape)
        for name, tensor in arguments(case).items()
    }


def arguments(case: Case) -> dict[str, Tensor]:
    """What the function of a call takes, by its arguments' names: `x` for the input of a layer, else the roles."""
    tensors = (*case.call.tensors(), *case.around.tensors)
    layer = case.construct is not None
    return {"x" if layer and tensor.role == "input" else name_of(tensor.role): tensor for tensor in tensors}


def held_in(case: Case) -> str:
    """The variable that holds what is constructed."""
    return "layer" if case.parameters else "operation"


def idiom_of(case: Case) -> Idiom:
    """How the framework of a call is spelled; BadValue for what no document knows."""
    framework = case.api.partition(".")[0]
    if case.api not in apis() or framework not in IDIOMS or case.action != "call":
        raise BadValue(f"there is no code for {case.show()[:200]}")
    return IDIOMS[framework]


def weights_code(ours: Case, theirs: Case) -> str:
    """The code that carries the parameters of one layer over to the other, and back.

    It needs NumPy only: a state dict goes in as it is (tensors or arrays), arrays come out, to be loaded as the
    comments say. Where a framework holds a tensor in another shape, it is reshaped: the numbers are in the same order.
    """
    here, there = (case.api.partition(".")[0] for case in (ours, theirs))
    if not ours.parameters and not theirs.parameters:
        return (
            "\n".join(
                ["# Calls of functions hold no state: weight and bias are arguments of both.", *_reshaped(ours, theirs)]
            )
            + "\n"
        )
    lines = ["import numpy as np", "", ""]
    lines += _carrier(ours, theirs, here, there)
    lines += ["", "", *_carrier(theirs, ours, there, here), "", "", *_READ]
    return "\n".join(lines) + "\n"


_READ = (
    "def _array(value):",
    '    """A tensor of any framework, or an array, as an array; bfloat16, which NumPy lacks, as float32."""',
    "    if hasattr(value, 'detach'):",
    "        value = value.detach().cpu()",
    "    if 'bfloat16' in str(getattr(value, 'dtype', '')).lower():",
    "        value = value.float()",
    "    if hasattr(value, 'asnumpy'):",
    "        return value.asnumpy()",
    "    return value.numpy() if hasattr(value, 'numpy') else np.asarray(value)",
)
_STATES = {"torch": "layer.state_dict()", "oneflow": "layer.state_dict()", "mindspore": "layer.parameters_dict()"}
_LOADS = {
    "torch": "layer.load_state_dict({name: torch.tensor(array) for name, array in %s.items()})",
    "oneflow": "layer.load_state_dict({name: oneflow.tensor(array) for name, array in %s.items()})",
    "mindspore": "for name, array in %s.items(): getattr(layer, name).set_data(mindspore.Tensor(array%s))",
}


def _reshaped(ours: Case, theirs: Case) -> Iterator[str]:
    """The arguments that the other side takes in another shape."""
    there = {tensor.role: tensor.shape for tensor in (*theirs.call.tensors(), *theirs.around.tensors)}
    for tensor in ours.call.tensors():
        shape = there.get(tensor.role, tensor.shape)
        if tensor.role != "input" and shape != tensor.shape:
            there_is = f"{theirs.api} takes it as {shape!r}, into which the function reshapes it"
            yield f"# {name_of(tensor.role)}: {tensor.shape!r} of {ours.api}; {there_is}."


def _carrier(ours: Case, theirs: Case, here: str, there: str) -> Iterator[str]:
    """A function of the state of `ours` that gives the arrays of `theirs`, by the names that they have there."""
    held = {tensor.role: tensor for tensor in (*ours.parameters, *ours.call.tensors(), *ours.around.tensors)}
    wanted = (*theirs.parameters, *theirs.call.tensors(), *theirs.around.tensors)
    stored = {tensor.role for tensor in theirs.parameters}
    yield f"def to_{there}(state):"
    state = f"`{_STATES[here]}` of {ours.api}" if ours.parameters else f"What {ours.api} is called with, by name,"
    yield f'    """{state} as arrays for {theirs.api}."""'
    if stored:
        narrow = ", mindspore.bfloat16" if theirs.dtype == "bfloat16" else ""
        given = (f"to_{there}(state)", narrow)[: _LOADS[there].count("%s")]
        yield f"    # {_LOADS[there] % given}"
    yield "    return {"
    for tensor in wanted:
        role = name_of(tensor.role)
        if role == "input" or role not in held:
            continue
        shape = tensor.shape
        reshape = "" if held[role].shape == shape else f".reshape({', '.join(map(str, shape))})"
        notes = [] if not reshape else [f"{held[role].shape!r} in {here}"]
        notes += [] if role in stored else [f"an argument of the call in {there}"]
        note = f"  # {'; '.join(notes)}" if notes else ""
        cast = "" if tensor.dtype == held[role].dtype else f".astype({tensor.dtype!r})"
        yield f"        {role!r}: _array(state[{role!r}]){reshape}{cast},{note}"
    yield "    }"


def _typed(case: Case, idiom: Idiom) -> str:
    """What gives a layer's parameters their element type, where no argument of its constructor does."""
    dtype = next((tensor.dtype for tensor in case.parameters), "float32")
    construct = case.construct or Arguments()
    told = any(isinstance(value, Dtype) for value in (*construct.positional, *(item for _, item in construct.keyword)))
    return "" if told or dtype == "float32" else f".to({value_text(Dtype(dtype), idiom)})"


def _body(case: Case, idiom: Idiom, call: str, names: dict[str, str]) -> Iterator[str]:
    tensors = case.call.tensors()
    if not tensors:
        raise BadValue(f"there is no code for a call without a tensor: {case.show()[:200]}")
    first = tensors[0]
    rank, x = len(first.shape), names[first.role]
    for steps in _grouped(case.around.before):
        yield f"{x} = {_stepped(idiom, steps, x, rank)}"
        rank = rank_after(steps[0], rank)
    result = f"{call}({arguments_text(case.call, idiom, names)})"
    for steps in _grouped(case.around.after):
        yield f"y = {result}"
        result = _stepped(idiom, steps, "y", rank)
        rank = rank_after(steps[0], rank)
    yield f"return {result}"


def _grouped(steps: Sequence[Step]) -> list[list[Step]]:
    """The steps one by one, but what is cropped or padded on several axes in one go."""
    found: list[list[Step]] = []
    for step in steps:
        last = found[-1] if found else []
        alike = [item.axis for item in last if isinstance(item, Crop | Pad) and type(item) is type(step)]
        if isinstance(step, Crop | Pad) and alike and step.axis not in alike:
            last.append(step)
        else:
            found.append([step])
    return found


def _stepped(idiom: Idiom, steps: Sequence[Step], name: str, rank: int) -> str:
    """A group of steps on the tensor `name` of so many axes, as one expression."""
    if len(steps) == 1:
        return step_line(idiom, steps[0], name, rank)
    cut = {step.axis: f"{step.begin or ''}:{-step.end or ''}" for step in steps if isinstance(step, Crop)}
    if cut:
        return f"{name}[{', '.join(cut.get(axis, ':') for axis in range(max(cut) + 1))}]"
    padded = {step.axis: (step.begin, step.end) for step in steps if isinstance(step, Pad)}
    ends = [end for axis in range(rank - 1, min(padded) - 1, -1) for end in padded.get(axis, (0, 0))]
    return idiom.pad.format(name, tuple(ends))


def _short(case: Case, given: Arguments, kept: Sequence[str]) -> Arguments:
    """Without the named arguments that say what the documented default says, but for those that are `kept`."""
    defaults = {item.name: item.default for item in apis()[case.api].signature}
    said = [
        (name, value)
        for name, value in given.keyword
        if name in kept or type(defaults.get(name)) is not type(value) or defaults[name] != value
    ]
    return Arguments(given.positional, tuple(said))


def name_of(role: str) -> str:
    """A role as the name of a variable; BadValue where it is none."""
    if not role.isidentifier() or keyword.iskeyword(role):
        raise BadValue(f"{role!r} is no name")
    return role


def arguments_text(given: Arguments, idiom: Idiom, names: dict[str, str] | None = None, *, numpy: bool = False) -> str:
    """What stands between the brackets of a call; see `value_text`."""
    positional = [value_text(value, idiom, names, numpy=numpy) for value in given.positional]
    named = [f"{name_of(name)}={value_text(value, idiom, names, numpy=numpy)}" for name, value in given.keyword]
    return ", ".join([*positional, *named])


def value_text(value: Value, idiom: Idiom, names: dict[str, str] | None = None, *, numpy: bool = False) -> str:
    """A value as an expression; a tensor is a variable, by the name that `names` gives for its role.

    A scalar of NumPy stays one with `numpy`, where NumPy is called np; else it is the plain number.
    """

    def text(item: Value) -> str:
        return value_text(item, idiom, names, numpy=numpy)

    match value:
        case Tensor(role):
            return (names or {}).get(role) or name_of(role)
        case Dtype(name):
            return f"{idiom.imports.removeprefix('import ')}.{name_of(name)}"
        case Scalar(dtype, number):
            return f"np.{name_of(dtype)}({number_text(number)})" if numpy else number_text(number)
        case Instance(target, given):
            if not idiom.makes or not target.startswith(idiom.makes):
                raise BadValue(f"{target!r} is nothing that code lets the framework make")
            inner = ", ".join(f"{name_of(name)}={text(item)}" for name, item in given)
            return f"{'.'.join(map(name_of, target.split('.')))}({inner})"
        case tuple():
            items = ", ".join(map(text, value))
            return f"({items},)" if len(value) == 1 else f"({items})"
        case list():
            return f"[{', '.join(map(text, value))}]"
    return number_text(value)


def number_text(value: Any) -> str:
    """A builtin value as an expression, nan and infinities among them."""
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return f"float({str(value)!r})"
    return repr(value)
