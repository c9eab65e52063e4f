"""The same computation in another framework: from the geometry, not from a table of names.

Every documented call is a crop of the full transposed convolution. A counterpart is a call of the other framework's
API whose documented crop and length are the same, or the reason why there is none. Layers have layers for counterparts
and functions have functions. MindSpore's functions have counterparts, but are nobody's: they work on one device, or with
one group. Its layers have the same geometries from the other frameworks' layers.
"""

from dataclasses import replace

from cases.case import Case
from cases.conv_transpose.dialects import DIALECTS, Dialect
from cases.conv_transpose.setups import Setup
from cases.conv_transpose.setups import case as spelled
from cases.conv_transpose.understood import understood
from cases.values import Dtype, Tensor, Value
from reference.conv_transpose.geometry import Geometry, Operands
from reference.documented import NotDocumented, Refusal, Unsupported


def counterpart(case: Case, framework: str) -> Case | str:
    """The case in `framework` that must give the same result as `case`, or the reason why there is none."""
    if reason := _own(case):
        return reason
    try:
        found = understood(case)
    except NotDocumented as error:
        return f"{'its values are not documented' if error.valid else 'not a documented call'}: {error}"
    except (Refusal, Unsupported) as error:
        return f"not a documented call: {error}"
    ours, theirs = DIALECTS[case.api], _target(case.api, framework)
    if theirs is None:
        return f"{framework} has no function that takes all that ours does; its layer has the counterparts of our layer"
    tensors = {tensor.role: tensor for tensor in (*case.call.tensors(), *case.parameters)}
    missing = {"weight", *(("bias",) if found.geometry.bias else ())} - set(tensors)
    if ours.loads and missing and not _constant(case):
        return "its parameters stay as the layer initialised them"
    if found.unbatched and not theirs.unbatched:
        return f"the input has no batch axis, which the document of {theirs.api} does not know"
    arguments = _arguments(found, theirs)
    return arguments if isinstance(arguments, str) else _case(case, theirs, found, arguments, tensors)


def _own(case: Case) -> str:
    """Why a case is about its own backend alone; empty where it is not."""
    if case.action != "call":
        return "only calls have counterparts"
    if case.device or case.settings or case.repeats != 1:
        return "it is about a device, a switch or a repetition of its own framework"
    if case.data == "accumulate":
        return "it measures how its own framework adds, which is not compared"
    if case.construct is not None and case.construct.tensors():
        return "the layer is initialised from a tensor"
    if DIALECTS[case.api].kind == "lazy":
        return "a lazy layer that was called is the layer of known channels, which has these counterparts"
    if any(tensor.parts for tensor in case.tensors()):
        return "its numbers are cut out of those of another case"
    return ""


def _target(api: str, framework: str) -> Dialect | None:
    """The API of the other framework that is of our kind: a layer for a layer, a function for what holds nothing."""
    ours = DIALECTS[api]
    wanted = "module" if ours.loads else "function"
    if framework == "mindspore" and wanted == "function":
        return None
    found = (
        dialect
        for dialect in DIALECTS.values()
        if (dialect.framework, dialect.axes, dialect.kind) == (framework, ours.axes, wanted) and not dialect.few
    )
    return next(found, None)


def _constant(case: Case) -> bool:
    """A documented example that fills the weight with ones by its own argument, which the other side has to load."""
    construct = case.construct
    assert construct is not None
    return not case.parameters and dict(construct.keyword).get("weight_init") == "ones" and case.data == "ones"


def _case(
    case: Case, theirs: Dialect, found: Operands, arguments: dict[str, Value], tensors: dict[str, Tensor]
) -> Case | str:
    x = tensors["input"]
    layout = tensors["weight"].layout if "weight" in tensors else "contiguous"
    typed: dict[str, Value] = {"dtype": Dtype(x.dtype)} if theirs.typed and x.dtype != "float32" else {}
    setup = Setup(
        arguments,
        found.x.shape[2:],
        batch=None if found.unbatched else found.x.shape[0],
        dtype=x.dtype,
        layout=x.layout,
        weight_layout="contiguous" if theirs.loads else layout,
        own=typed,
    )
    other = spelled(theirs, setup)
    try:
        understood(other)
    except (Refusal, NotDocumented, Unsupported) as error:
        return f"the counterpart is not documented: {error}"
    return replace(
        other,
        data=case.data,
        amplitude=case.amplitude,
        origin=case.origin or case.id,
        differentiate=case.differentiate,
        upstream=case.upstream,
    )


def _arguments(found: Operands, dialect: Dialect) -> dict[str, Value] | str:
    """The target's arguments that give this geometry; simplest spelling first."""
    geometry, asked = found.geometry, found.longer
    begins = tuple(begin for begin, _ in geometry.crop)
    # What is left out at the end; below zero where the result is longer than the full one on that side.
    ends = tuple(
        end - longer - more for (_, end), longer, more in zip(geometry.crop, geometry.longer, asked, strict=True)
    )
    arguments: dict[str, Value] = {
        "in_channels": geometry.in_channels,
        "out_channels": geometry.out_channels,
        "kernel_size": _short(geometry.kernel, dialect),
        "stride": _short(geometry.stride, dialect),
        "dilation": _short(geometry.dilation, dialect),
        "groups": geometry.groups,
        "bias": geometry.bias,
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
