"""The same computation in another framework: from the geometry, not from a table of names.

Every documented call is a crop of the full transposed convolution. A counterpart is a call of the other framework's
class of the same dimension whose documented crop and length are the same, or the reason why there is none.
"""

from typing import Any

from cases.case import Arguments, Case
from cases.conv_transpose.domains import DIALECTS, Dialect
from cases.values import Tensor, Value
from reference.conv_transpose.module import ConvTransposeModule, Geometry
from reference.documented import NotDocumented, Refusal, Unsupported, find


def counterpart(case: Case, framework: str) -> Case | str:
    """The case in `framework` that must give the same result as `case`, or the reason why there is none."""
    ours = DIALECTS[case.api]
    name = next(
        name for name, dialect in DIALECTS.items() if (dialect.framework, dialect.axes) == (framework, ours.axes)
    )
    construct = case.construct
    if construct is None or case.action != "call":
        return "only calls have counterparts"
    if construct.tensors():
        return "the layer is initialised from a tensor"
    if case.call.keyword:
        return f"{dict(case.call.keyword)} in the call has no counterpart"
    try:
        module: Any = find(case.api)(*construct.positional, **dict(construct.keyword))
    except (Refusal, NotDocumented, Unsupported) as error:
        return f"not a documented call: {error}"
    assert isinstance(module, ConvTransposeModule)
    if module.undocumented:
        return f"its values are not documented: {module.undocumented}"
    loaded = {tensor.role for tensor in case.parameters}
    if loaded != set(module.parameter_shapes()) and not _constant(case):
        return "its parameters are initialised at random"
    (x,) = case.call.tensors()
    if len(x.shape) != ours.axes + 2:
        return "the input has no batch axis, which only PyTorch documents"
    arguments = _arguments(module.geometry, DIALECTS[name])
    if isinstance(arguments, str):
        return arguments
    return _case(case, name, arguments, x)


def _constant(case: Case) -> bool:
    """A documented example that fills the weight with ones by its own argument, which the other side has to load."""
    construct = case.construct
    assert construct is not None
    return not case.parameters and dict(construct.keyword).get("weight_init") == "ones" and case.data == "ones"


def _case(case: Case, name: str, arguments: dict[str, Value], x: Tensor) -> Case | str:
    try:
        module = find(name)(**arguments)
        if isinstance(module, ConvTransposeModule) and DIALECTS[name].pad_modes:
            for dilation, length in zip(module.geometry.dilation, x.shape[2:], strict=True):
                if dilation > length:
                    return f"dilation {dilation} exceeds the length {length}, which MindSpore's documents exclude"
        shapes = module.parameter_shapes()
    except (Refusal, NotDocumented) as error:
        return f"the counterpart is not documented: {error}"
    parameters = tuple(Tensor(role, shape, x.dtype) for role, shape in shapes.items())
    leading = tuple(arguments.items())
    construct = Arguments(tuple(value for _, value in leading[:3]), leading[3:])
    return Case(name, construct, case.call, parameters, case.data, case.amplitude, origin=case.origin or case.id)


def _arguments(geometry: Geometry, dialect: Dialect) -> dict[str, Value] | str:
    """The target's arguments that give this geometry; simplest spelling first."""
    begins = tuple(begin for begin, _ in geometry.crop)
    # What is left out at the end; below zero where the result is longer than the full one on that side.
    ends = tuple(end - longer for (_, end), longer in zip(geometry.crop, geometry.longer, strict=True))
    arguments: dict[str, Value] = {
        "in_channels": geometry.in_channels,
        "out_channels": geometry.out_channels,
        "kernel_size": _short(geometry.kernel, dialect),
        "stride": _short(geometry.stride, dialect),
        "dilation": _short(geometry.dilation, dialect),
        dialect.group: geometry.groups,
        dialect.bias: geometry.bias,
    }
    bounds = tuple(max(stride, dilation) for stride, dilation in zip(geometry.stride, geometry.dilation, strict=True))
    if not dialect.pad_modes:
        longer = tuple(begin - end for begin, end in zip(begins, ends, strict=True))
        if min(longer) < 0:
            return "more is cropped at the end than at the begin, which symmetric padding and output_padding cannot do"
        if any(value >= bound for value, bound in zip(longer, bounds, strict=True)):
            return f"output_padding {longer} would not be below max(stride, dilation) {bounds}"
        return arguments | {"padding": _short(begins, dialect), "output_padding": _short(longer, dialect)}
    if not dialect.longer:
        if begins != ends:
            return (
                _same(geometry, begins, ends, arguments) or "the crop is not symmetric, and there is no output_padding"
            )
        return arguments | {"pad_mode": "pad", "padding": begins[0]}
    longer = tuple(max(0, -end) for end in ends)
    if any(value >= bound for value, bound in zip(longer, bounds, strict=True)):
        return f"output_padding {longer} would not be below max(stride, dilation) {bounds}"
    pads = tuple(item for begin, end in zip(begins, ends, strict=True) for item in (begin, max(0, end)))
    return arguments | {
        "pad_mode": "pad",
        "padding": pads[0] if len(set(pads)) == 1 else pads,
        "output_padding": _short(longer, dialect),
    }


def _same(
    geometry: Geometry, begins: tuple[int, ...], ends: tuple[int, ...], arguments: dict[str, Value]
) -> dict[str, Value] | None:
    """pad_mode same, where its odd excess happens to be the crop that is wanted."""
    for begin, end, extent, stride in zip(begins, ends, geometry.extent, geometry.stride, strict=True):
        excess = extent - stride
        if excess < 0 or (begin, end) != (excess // 2, excess - excess // 2):
            return None
    return arguments | {"pad_mode": "same"}


def _short(values: tuple[int, ...], dialect: Dialect) -> int | tuple[int, ...]:
    """One int where all axes agree."""
    return values[0] if len(set(values)) == 1 or not dialect.tuples else values
