"""The tensors of a transposed convolution whose text leaves them out, and other inputs that the same call can have.

Shapes follow from the call alone: from its arguments, or from a weight that somebody gave.
"""

import math
from dataclasses import replace
from typing import Any

import numpy as np

from cases.case import Arguments, Case
from cases.conv_transpose.dialects import DIALECTS, Dialect
from cases.conv_transpose.understood import output_shape, understood
from cases.rewriting import Work
from cases.values import BadValue, Instance, Scalar, Tensor, Value
from reference.conv_transpose.geometry import Operands
from reference.documented import NotDocumented, Refusal, Unsupported, find
from reference.values import Made

LENGTHS = (7, 6, 5)  # of an input that nobody gave; made longer where documents ask for more
MOST_ELEMENTS = 2**48  # of one tensor; NumPy counts bytes in 63 bits
_ROLES = {"inputs": "input", "x": "input", "dout": "input"}


def with_operands(
    case: Case, *, input_shape: tuple[int, ...] | None, weight_shape: tuple[int, ...] | None, dtype: str
) -> Case:
    """The call with an input, weight and bias; BadValue where a shape cannot be known."""
    dialect = DIALECTS[case.api]
    case = replace(case, call=_by_role(case.call))
    given = {tensor.role: tensor for tensor in case.call.tensors()}
    if input_shape is not None and given.get("input", Tensor("", (), "")).shape:
        raise BadValue("its input stands in the call, so that no other shape can be given")
    if weight_shape is not None and (dialect.loads or given.get("weight", Tensor("", (), "")).shape):
        raise BadValue("the shape of its weight follows from the call, so that no other can be given")
    if not dialect.loads and "weight" not in given:
        raise BadValue(f"say what it is called with: {case.api}(…)(Tensor(2, 3, 7), Tensor(3, 4, 5))")
    if input_shape is not None or given.get("input", Tensor("", (), "")).shape:
        return _whole(dialect, case, input_shape, weight_shape, dtype)
    tried = [tuple(length * times for length in LENGTHS[: dialect.axes]) for times in (1, 2, 4, 8, 16)]
    made = [
        _whole(dialect, case, (2, _channels(dialect, case, weight_shape), *size), weight_shape, dtype) for size in tried
    ]
    documented = [item for item in made if operands(item)]
    return next(filter(_is_long, documented), (documented or made)[0])


def input_shapes(case: Case, most: int) -> tuple[tuple[int, ...], ...]:
    """Other batches, and lengths of 1, of 2, and one more and one less; only other batches where a size is asked for.

    Where the call's own input takes more than `most` multiplications, the lengths are near those of an input that
    nobody gave.
    """
    axes, shape = DIALECTS[case.api].axes, case.call.tensors()[0].shape
    asked = [*(value for _, value in case.call.keyword), *case.call.positional] if case.construct is not None else []
    sizes = [value for value in asked if isinstance(value, tuple | list)]
    if any(len(size) > axes for size in sizes):
        return (shape,) if _costs(case, shape) <= most else ()
    found = _near(shape, axes, fixed=bool(sizes))
    if _costs(case, shape) > most and not sizes:
        usual = [(*shape[:-axes], *(length * times for length in LENGTHS[:axes])) for times in (1, 2, 4)]
        found = [other for base in usual for other in _near(base, axes, fixed=False)]
    return tuple(dict.fromkeys(other for other in found if _costs(case, other) <= most))


def _near(shape: tuple[int, ...], axes: int, *, fixed: bool) -> list[tuple[int, ...]]:
    """A shape, and others near it; with the same lengths where these are `fixed`."""
    batch, (channels, *lengths) = shape[: -axes - 1], shape[-axes - 1 :]
    other = [lengths, [1] * axes, [2] * axes, [length + 1 for length in lengths], [length - 1 for length in lengths]]
    other.append([length + place + 2 for place, length in enumerate(lengths)])
    found = [
        (*((number,) if batch else ()), channels, *size)
        for number, size in zip((1, 2, 3, 2, 1, 3), [lengths] * 6 if fixed else other, strict=True)
        if min(size) > 0
    ]
    same = [(*((number,) if batch else ()), channels, *lengths) for number in (1, 2, 3)]
    return [shape, *found, *same]


def _costs(case: Case, shape: tuple[int, ...]) -> float:
    """The multiplications of the call with an input of this shape; none where the documents make nothing of it."""
    first = case.call.tensors()[0]
    positional = tuple(replace(first, shape=shape) if value is first else value for value in case.call.positional)
    keyword = tuple(
        (name, replace(first, shape=shape) if value is first else value) for name, value in case.call.keyword
    )
    found = work(replace(case, call=Arguments(positional, keyword)))
    return 0 if found is None else found.multiplications


def work(case: Case) -> Work | None:
    """What it takes to compute a call; None where the documents make nothing of it."""
    found = operands(case)
    if found is None:
        return None
    result, geometry = output_shape(found), found.geometry
    axes = zip(found.x.shape[2:], geometry.stride, geometry.dilation, geometry.kernel, strict=True)
    # The full result, of which the call keeps a part, stands in memory for a while.
    full = [(n - 1) * stride + dilation * (kernel - 1) + 1 for n, stride, dilation, kernel in axes]
    whole = (*found.x.shape[:1], geometry.out_channels, *full)
    elements = max(map(math.prod, [result, whole, *(tensor.shape for tensor in case.tensors())]))
    return Work(result, elements, math.prod(found.x.shape) * math.prod(found.geometry.weight[1:]))


def _by_role(arguments: Arguments) -> Arguments:
    """Tensors with their roles, whatever the documents call them."""

    def named(value: Value) -> Value:
        return replace(value, role=_ROLES.get(value.role, value.role)) if isinstance(value, Tensor) else value

    positional = tuple(named(value) for value in arguments.positional)
    return Arguments(positional, tuple((name, named(value)) for name, value in arguments.keyword))


def _whole(
    dialect: Dialect, case: Case, input_shape: tuple[int, ...] | None, weight_shape: tuple[int, ...] | None, dtype: str
) -> Case:
    """The call with every tensor, for an input of this shape."""
    shapes: dict[str, tuple[int, ...] | None] = {"input": input_shape, "weight": weight_shape}
    weight = next((item for item in case.call.tensors() if item.role == "weight"), None)
    held = weight.shape if weight is not None and weight.shape else weight_shape
    if weight is not None and not held:
        raise BadValue(f"the shape of {weight.role} is not known; give it, as in --weight 3,64,5")
    if held and len(held) > 1:
        groups = (case.construct or case.call).bind(dialect.signature).get(dialect.own("groups"), 1)
        shapes["bias"] = (held[1] * groups,) if type(groups) is int else (held[1],)

    def filled(value: Value) -> Value:
        if isinstance(value, Tensor) and not value.shape and (shape := shapes.get(value.role)):
            return replace(value, shape=shape)
        return value

    positional = tuple(map(filled, case.call.positional))
    called = Arguments(positional, tuple((name, filled(value)) for name, value in case.call.keyword))
    if dialect.loads and input_shape is not None and not called.tensors():
        called = replace(called, positional=(Tensor("input", input_shape, dtype), *called.positional))
    case = replace(case, call=called)
    case = replace(case, parameters=_parameters(case)) if dialect.loads else case
    for tensor in case.tensors():
        if math.prod(tensor.shape) > MOST_ELEMENTS:
            raise BadValue(f"its {tensor.role} would be {tensor.shape}, of more elements than any machine can hold")
    return case


def _is_long(case: Case) -> bool:
    """Its input is at least as long as the dilation, which some documents ask for: then no counterpart has to pad it."""
    found = operands(case)
    return found is not None and all(
        length >= dilation for length, dilation in zip(found.x.shape[2:], found.geometry.dilation, strict=True)
    )


def _parameters(case: Case) -> tuple[Tensor, ...]:
    """Weight and bias as the layer stores them; none where the documents make no layer of it."""
    if case.construct is None or not case.call.tensors():
        return ()
    positional = [_plain(value) for value in case.construct.positional]
    keyword = {name: _plain(value) for name, value in case.construct.keyword}
    try:
        shapes = find(case.api)(*positional, **keyword).parameter_shapes_for(case.call.tensors()[0].shape)
    except (Refusal, NotDocumented, Unsupported):
        return ()
    return tuple(Tensor(role, shape, case.dtype) for role, shape in shapes.items())


def _plain(value: Value) -> Any:
    """A value as the reference takes it."""
    match value:
        case Tensor(shape=shape):
            return np.broadcast_to(np.int64(0), shape)
        case Scalar(dtype, number):
            return np.dtype(dtype).type(number)
        case Instance(target, keyword):
            return Made(target, tuple((name, _plain(item)) for name, item in keyword))
        case tuple() | list():
            return type(value)(_plain(item) for item in value)
    return value


def _channels(dialect: Dialect, case: Case, weight_shape: tuple[int, ...] | None) -> int:
    """Of an input that nobody gave, as many as the call needs."""
    if dialect.loads:
        given = (case.construct or case.call).bind(dialect.signature)
        value: Any = given.get(dialect.own("in_channels"))
        if dialect.kind == "lazy":
            value = given.get("groups", 1)
        return value if type(value) is int and 0 < value < 2**20 else 1
    weight = next(item for item in case.call.tensors() if item.role == "weight").shape or weight_shape or (1,)
    return weight[0]


def operands(case: Case) -> Operands | None:
    """What the documents make of a call; None where they make nothing of it."""
    try:
        return understood(case)
    except (Refusal, NotDocumented, Unsupported):
        return None
