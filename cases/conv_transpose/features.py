"""A call of a transposed convolution → its arguments by the names that all of its APIs share, for rules.

`length` are the input's extents along the convolved axes, `extent` those of the dilated kernel, `batch` is 0 where the
input has no axis for it, and `axes` is how many axes are convolved.
"""

from collections.abc import Mapping
from typing import Any

from cases.case import Case
from cases.catalogue import apis
from cases.conv_transpose.dialects import DIALECTS, Dialect
from cases.features import Described
from cases.values import Tensor, Value

_SIZES = ("kernel_size", "dilation")
_OPERANDS = ("input", "inputs", "weight")
_COMMON = ("in_channels", "out_channels", "kernel_size", "stride", "padding", "output_padding", "dilation", "groups")


def features(case: Case) -> Described:
    """The arguments by common names, with documented defaults, and what follows from the shapes."""
    dialect = DIALECTS[case.api]
    common = {dialect.own(name): name for name in (*_COMMON, "bias") if dialect.offers(name)}
    bound = apis()[case.api].bound(case).arguments
    found: dict[str, Value] = {common.get(name, name): value for name, value in bound.items() if name not in _OPERANDS}
    tensors = {tensor.role: tensor for tensor in (*case.call.tensors(), *case.parameters)}
    if isinstance(found.get("bias"), Tensor):
        found["bias"] = True
    if case.construct is not None:
        found |= dict(case.call.keyword)
    facts: dict[str, Value] = {"axes": dialect.axes, "kind": dialect.kind}
    facts |= _input(dialect, case.input_shape) | _weight(dialect, tensors, found)
    return Described(found, facts | dict(_extent(dialect, found | facts)))


def _input(dialect: Dialect, shape: tuple[int, ...]) -> dict[str, Value]:
    if len(shape) not in (dialect.axes + 1, dialect.axes + 2):
        return {}
    return {"batch": shape[0] if len(shape) == dialect.axes + 2 else 0, "length": shape[-dialect.axes :]}


def _weight(dialect: Dialect, tensors: Mapping[str, Tensor], found: Mapping[str, Value]) -> dict[str, Value]:
    """Channels and kernel of a function, which learns them from the shape of its weight."""
    tensor = tensors.get("weight")
    if tensor is None or dialect.loads or len(tensor.shape) != dialect.axes + 2:
        return {}
    groups = found.get("groups", 1)
    more: dict[str, Value] = {"in_channels": tensor.shape[0], "kernel_size": tensor.shape[2:]}
    if isinstance(groups, int):
        more["out_channels"] = tensor.shape[1] * groups
    return {name: value for name, value in more.items() if name not in found}


def _extent(dialect: Dialect, found: Mapping[str, Any]) -> list[tuple[str, Value]]:
    spread = [_per_axis(found.get(name, 1), dialect.axes) for name in _SIZES]
    if any(item is None for item in spread):
        return []
    kernel, dilation = spread
    assert kernel is not None
    assert dilation is not None
    return [("extent", tuple((k - 1) * d + 1 for k, d in zip(kernel, dilation, strict=True)))]


def _per_axis(value: Any, axes: int) -> tuple[int, ...] | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return (value,) * axes
    if isinstance(value, tuple | list) and len(value) == axes and all(type(item) is int for item in value):
        return tuple(value)
    return None
