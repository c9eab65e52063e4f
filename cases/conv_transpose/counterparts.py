"""The same computation in another framework: from the geometry, not from a table of names.

Every documented call is a crop of the full transposed convolution. A counterpart is a call of the other framework's
API whose documented crop and length are the same, by its arguments alone or as a recipe: with steps around the call. It
holds for an input of whatever length. Layers have layers for counterparts, functions have functions; MindSpore has no
function that takes all that the others' do, so that there a primitive stands for it, with an axis more and the bias
added where need be, or a layer that holds the weight.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from cases.case import Case
from cases.conv_transpose.cropping import Axis, Form, Way, ways
from cases.conv_transpose.dialects import DIALECTS, Dialect
from cases.conv_transpose.setups import Setup
from cases.conv_transpose.setups import case as spelled
from cases.conv_transpose.understood import understood
from cases.steps import Add, Around, Crop, Expand, Pad, Squeeze, Step
from cases.values import Dtype, Tensor, Value
from reference.conv_transpose.geometry import Geometry, Operands
from reference.documented import NotDocumented, Refusal, Unsupported
from reference.steps import shaped

MOST = 6  # candidates of one target; the first ones are the simplest


def counterpart(case: Case, framework: str) -> Case | str:
    """The simplest case in `framework` that must give the same result as `case`, or the reason why there is none.

    A lazy layer has none of its own here: once called it is the layer of known channels, which has these.
    """
    if DIALECTS[case.api].kind == "lazy":
        return "a lazy layer that was called is the layer of known channels, which has these counterparts"
    found = counterparts(case, framework)
    return found if isinstance(found, str) else found[0]


def counterparts(case: Case, framework: str) -> tuple[Case, ...] | str:
    """Every case in `framework` that must give the same result as `case`, simplest first, or why there is none."""
    if reason := _own(case):
        return reason
    try:
        operands = understood(case)
    except NotDocumented as error:
        return f"{'its values are not documented' if error.valid else 'not a documented call'}: {error}"
    except (Refusal, Unsupported) as error:
        return f"not a documented call: {error}"
    tensors = {tensor.role: tensor for tensor in (*case.call.tensors(), *case.parameters)}
    missing = {"weight", *(("bias",) if operands.geometry.bias else ())} - set(tensors)
    if DIALECTS[case.api].loads and missing and not _constant(case):
        return "its parameters stay as the layer initialised them"
    answers = [
        item for target in _targets(case.api, framework) for item in _candidates(case, target, operands, tensors)
    ]
    found = {item.id: item for item in answers if isinstance(item, Case)}
    if found:
        return tuple(found.values())
    return next((item for item in answers if isinstance(item, str)), f"{framework} has no such API")


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
    if any(tensor.parts for tensor in case.tensors()):
        return "its numbers are cut out of those of another case"
    if case.around:
        return "it is the counterpart of another call itself"
    return ""


def _targets(api: str, framework: str) -> Iterator[Dialect]:
    """The APIs of the other framework that can stand for ours, the most alike first."""
    ours = DIALECTS[api]

    def of(kind: str, axes: int) -> Iterator[Dialect]:
        wanted = (framework, axes, kind)
        return (item for item in DIALECTS.values() if (item.framework, item.axes, item.kind) == wanted and not item.few)

    if ours.loads:
        yield from of("module", ours.axes)
    elif framework == "mindspore":
        yield from of("primitive", max(2, ours.axes))
        yield from of("module", ours.axes)
    else:
        yield from of("function", ours.axes)


def _constant(case: Case) -> bool:
    """A documented example that fills the weight with ones by its own argument, which the other side has to load."""
    construct = case.construct
    assert construct is not None
    return not case.parameters and dict(construct.keyword).get("weight_init") == "ones" and case.data == "ones"


def _candidates(case: Case, theirs: Dialect, found: Operands, tensors: dict[str, Tensor]) -> Iterator[Case | str]:
    """The ways to write a call with one API, simplest first."""
    raised = theirs.axes - len(found.geometry.kernel)
    geometry = _raised(found.geometry, raised)
    # Whether the bias is added by the suite's own step, since the API takes none.
    apart = geometry.bias and not theirs.loads and not theirs.offers("bias")
    size = (*(1,) * raised, *found.x.shape[2:])
    axes = _axes(geometry, (*(0,) * raised, *found.longer), bias=geometry.bias and not apart)
    if theirs.initialisers:  # of which the documents say that the dilation is at most the length
        axes = [replace(axis, short=max(0, axis.dilation - n)) for axis, n in zip(axes, size, strict=True)]
    plain: dict[str, Value] = {
        "in_channels": geometry.in_channels,
        "out_channels": geometry.out_channels,
        "kernel_size": _short(geometry.kernel, theirs),
        "stride": _short(geometry.stride, theirs),
        "groups": geometry.groups,
        "bias": geometry.bias,
    }
    added = (tensors["bias"],) if apart else ()
    for arguments, chosen in _written(axes, theirs):
        if case.data == "special" and any(way.more for way in chosen):
            yield "it would append zeros to the input, which an infinite weight makes nan of"
            continue
        around = _around(chosen, found, theirs, raised, added)
        longer = tuple(n + way.more for n, way in zip(size, chosen, strict=True))
        yield _case(case, theirs, plain | arguments, around, longer, tensors)


def _raised(geometry: Geometry, more: int) -> Geometry:
    """The same with so many axes of length 1 before the others."""
    ones, none = (1,) * more, (0,) * more
    return replace(
        geometry,
        kernel=(*ones, *geometry.kernel),
        stride=(*ones, *geometry.stride),
        dilation=(*ones, *geometry.dilation),
        crop=(*((0, 0),) * more, *geometry.crop),
        longer=(*none, *geometry.longer),
    )


def _axes(geometry: Geometry, asked: tuple[int, ...], *, bias: bool) -> list[Axis]:
    """What is wanted of each axis; `asked` is what the call itself adds at the end."""
    found = zip(geometry.crop, geometry.longer, asked, geometry.stride, geometry.dilation, geometry.kernel, strict=True)
    return [
        Axis(begin, end - longer - more, stride, dilation, kernel, bias)
        for (begin, end), longer, more, stride, dilation, kernel in found
    ]


def _written(axes: Sequence[Axis], dialect: Dialect) -> list[tuple[dict[str, Value], tuple[Way, ...]]]:
    """The arguments that say what is cropped, with the way of each axis: simplest first.

    pad_mode same comes after the padding that is written out, which says itself what it crops, and before all steps.
    """
    form: Form = "symmetric" if not dialect.pad_modes else "sides" if dialect.sides else "padding only"
    products = list(itertools.product(*(ways(axis, form) for axis in axes)))
    products.sort(key=lambda chosen: sum(way.steps for way in chosen))
    # One without output_padding wherever there is one: frameworks differ most in what that does.
    plainest = next((chosen for chosen in products if not any(way.longer for way in chosen)), products[0])
    kept = products[:MOST] if plainest in products[:MOST] else [*products[: MOST - 1], plainest]
    found = [(_cropping(chosen, dialect), chosen) for chosen in kept]
    if dialect.pad_modes and all(_is_same(axis) and not axis.short for axis in axes):
        place = sum(not any(way.steps for way in chosen) for _, chosen in found)
        chosen = tuple(Way((0, 0), 0, axis.dilation) for axis in axes)
        found.insert(place, ({"pad_mode": "same", "dilation": _dilation(chosen, dialect)}, chosen))
    return found


def _is_same(axis: Axis) -> bool:
    """Whether pad_mode same crops just this: the excess of the kernel over the stride, its odd element at the end."""
    excess = axis.dilation * (axis.kernel - 1) + 1 - axis.stride
    return excess >= 0 and (axis.begin, axis.end) == (excess // 2, excess - excess // 2)


def _cropping(chosen: Sequence[Way], dialect: Dialect) -> dict[str, Value]:
    """The arguments of the chosen ways."""
    dilation: dict[str, Value] = {"dilation": _dilation(chosen, dialect)}
    longer: dict[str, Value] = {"output_padding": _short(tuple(way.longer for way in chosen), dialect)}
    if not dialect.pad_modes:
        return {"padding": _short(tuple(way.pads[0] for way in chosen), dialect)} | dilation | longer
    pads = tuple(pad for way in chosen for pad in way.pads)
    padding: Value = pads[0] if len(set(pads)) == 1 or not dialect.sides else pads
    return {"pad_mode": "pad", "padding": padding} | dilation | (longer if dialect.sides else {})


def _dilation(chosen: Sequence[Way], dialect: Dialect) -> Value:
    return _short(tuple(way.dilation for way in chosen), dialect)


def _around(chosen: Sequence[Way], found: Operands, dialect: Dialect, raised: int, added: tuple[Tensor, ...]) -> Around:
    """The steps before and after the call that the chosen ways, and the API's axes, ask for."""
    single = found.unbatched and not dialect.unbatched
    first = 1 if found.unbatched and not single else 2
    before: list[Step] = [Expand(0)] if single else []
    before += [Expand(2)] * raised
    after: list[Step] = []
    for place, way in enumerate(chosen):
        if way.more:
            before.append(Pad(first + place, 0, way.more))
        if any(way.cut):
            after.append(Crop(first + place, *way.cut))
        if way.zeros:
            after.append(Pad(first + place, 0, way.zeros))
    after += [Add(tensor.role) for tensor in added]
    after += [Squeeze(2)] * raised
    return Around(tuple(before), (*after, *([Squeeze(0)] if single else [])), added)


def _case(
    case: Case,
    theirs: Dialect,
    arguments: dict[str, Value],
    around: Around,
    size: tuple[int, ...],
    tensors: dict[str, Tensor],
) -> Case | str:
    """The case of the other API; `size` are the lengths that its own call gets."""
    x = tensors["input"]
    inner = shaped(around.before, x.shape)
    layout = tensors["weight"].layout if "weight" in tensors else "contiguous"
    typed: dict[str, Value] = {"dtype": Dtype(x.dtype)} if theirs.typed and x.dtype != "float32" else {}
    setup = Setup(
        arguments,
        size,
        batch=inner[0] if len(inner) == theirs.axes + 2 else None,
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
    if around.before:
        given = (replace(x, role="input"), *other.call.positional[1:])
        other = replace(other, call=replace(other.call, positional=given))
    return replace(
        other,
        data=case.data,
        amplitude=case.amplitude,
        origin=case.origin or case.id,
        differentiate=case.differentiate,
        upstream=case.upstream,
        around=around,
    )


def _short(values: tuple[int, ...], dialect: Dialect) -> int | tuple[int, ...]:
    """One int where all axes agree."""
    return values[0] if len(set(values)) == 1 or not dialect.tuples else values
