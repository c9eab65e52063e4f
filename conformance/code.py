"""A case → the code that a person would write for it: the layer, and a function of the tensors with the steps around.

Unlike a script (`script.py`) it holds no data and judges nothing: it is there to be pasted into a program. Everything
in it is written by us from the closed set of argument values. Also the code that carries a layer's parameters over.
"""

import keyword
from collections.abc import Iterator, Sequence

from cases.case import Arguments, Case
from cases.catalogue import apis
from cases.steps import Crop, Step
from cases.values import BadValue, Dtype, Instance, Scalar, Tensor, Value
from conformance.idioms import IDIOMS, Idiom, rank_after, step_line


def counterpart_code(case: Case, *, name: str = "counterpart") -> str:
    """The code of a call: an import, the layer if there is one, and the function `name` of the call's tensors.

    BadValue for what is no call of a known API.
    """
    idiom = idiom_of(case)
    tensors = arguments(case)
    lines = [idiom.imports, ""]
    call = case.api
    if case.construct is not None:
        call = held_in(case)
        lines += [
            f"{call} = {case.api}({_arguments(_short(case, case.construct), idiom, {})}){_typed(case, idiom)}",
            "",
        ]
    names = {tensor.role: spelled for spelled, tensor in tensors.items()}
    shapes = ", ".join(
        f"{tensor.shape!r}" if len(tensors) == 1 else f"{spelled} {tensor.shape!r}"
        for spelled, tensor in tensors.items()
    )
    told = case.construct is not None and any(isinstance(value, tuple | list) for value in case.call.positional)
    note = ["# The call is told the size of its result: this is for inputs of these shapes."] if told else []
    lines += ["", *note, f"def {_name(name)}({', '.join(tensors)}):  # {shapes}"]
    lines += [f"    {line}" for line in _body(case, idiom, call, names)]
    return "\n".join(lines) + "\n"


def arguments(case: Case) -> dict[str, Tensor]:
    """What the function of a call takes, by its arguments' names: `x` for the input of a layer, else the roles."""
    tensors = (*case.call.tensors(), *case.around.tensors)
    layer = case.construct is not None
    return {"x" if layer and tensor.role == "input" else _name(tensor.role): tensor for tensor in tensors}


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
    """The arguments that go in with another shape on the other side."""
    there = {tensor.role: tensor.shape for tensor in (*theirs.call.tensors(), *theirs.around.tensors)}
    for tensor in ours.call.tensors():
        shape = there.get(tensor.role, tensor.shape)
        if tensor.role != "input" and shape != tensor.shape:
            yield f"# {_name(tensor.role)}: {tensor.shape!r} of {ours.api} is {shape!r} there; reshape it."


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
        role = _name(tensor.role)
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
    for step in case.around.before:
        yield f"{x} = {step_line(idiom, step, x, rank)}"
        rank = rank_after(step, rank)
    given = _short(case, case.call) if case.construct is None else case.call
    result = f"{call}({_arguments(given, idiom, names)})"
    for steps in _grouped(case.around.after):
        yield f"y = {result}"
        result = _cropped(steps) if isinstance(steps[0], Crop) else step_line(idiom, steps[0], "y", rank)
        rank = rank_after(steps[0], rank)
    yield f"return {result}"


def _grouped(steps: Sequence[Step]) -> list[list[Step]]:
    """The steps one by one, but what is cropped of several axes in one go."""
    found: list[list[Step]] = []
    for step in steps:
        last = found[-1] if found else []
        axes = [item.axis for item in last if isinstance(item, Crop)]
        if isinstance(step, Crop) and axes and step.axis not in axes:
            last.append(step)
        else:
            found.append([step])
    return found


def _cropped(steps: Sequence[Step]) -> str:
    """One index for what is left out on several axes."""
    cut = {step.axis: f"{step.begin or ''}:{-step.end or ''}" for step in steps if isinstance(step, Crop)}
    return f"y[{', '.join(cut.get(axis, ':') for axis in range(max(cut) + 1))}]"


def _short(case: Case, given: Arguments) -> Arguments:
    """Without the named arguments that say what the documented default says."""
    defaults = {item.name: item.default for item in apis()[case.api].signature}
    kept = [
        (name, value)
        for name, value in given.keyword
        if type(defaults.get(name)) is not type(value) or defaults[name] != value
    ]
    return Arguments(given.positional, tuple(kept))


def _name(role: str) -> str:
    if not role.isidentifier() or keyword.iskeyword(role):
        raise BadValue(f"{role!r} is no name")
    return role


def _arguments(given: Arguments, idiom: Idiom, names: dict[str, str]) -> str:
    positional = [value_text(value, idiom, names) for value in given.positional]
    named = [f"{_name(name)}={value_text(value, idiom, names)}" for name, value in given.keyword]
    return ", ".join([*positional, *named])


def value_text(value: Value, idiom: Idiom, names: dict[str, str] | None = None) -> str:
    """A value as an expression; a tensor is a variable, by the name that `names` gives for its role."""
    match value:
        case Tensor(role):
            return (names or {}).get(role) or _name(role)
        case Dtype(name):
            return f"{idiom.imports.removeprefix('import ')}.{_name(name)}"
        case Scalar(_, number):
            return repr(number)
        case Instance(target, given):
            if not idiom.makes or not target.startswith(idiom.makes):
                raise BadValue(f"{target!r} is nothing that code lets the framework make")
            inner = ", ".join(f"{_name(name)}={value_text(item, idiom, names)}" for name, item in given)
            return f"{'.'.join(map(_name, target.split('.')))}({inner})"
        case tuple():
            return f"({_items(value, idiom, names)},)" if len(value) == 1 else f"({_items(value, idiom, names)})"
        case list():
            return f"[{_items(value, idiom, names)}]"
        case float() if value != value or value in (float("inf"), float("-inf")):
            return f"float({str(value)!r})"
    return repr(value)


def _items(values: Sequence[Value], idiom: Idiom, names: dict[str, str] | None) -> str:
    return ", ".join(value_text(item, idiom, names) for item in values)
