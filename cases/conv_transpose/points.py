"""A call of a transposed convolution as independent choices, and the case that they make.

A `Setup` holds numbers of channels, and sizes of the output, that hang on other arguments. A `Point` holds what can be
chosen freely instead: channels per group, and how much longer than the shortest the output is asked to be. So one
choice can change and every tensor follows. Beside the call it holds what else a case has: data, gradients, repeats.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cases.case import Action, Arguments, Case, DataKind
from cases.conv_transpose.dialects import Dialect
from cases.conv_transpose.exactness import AMPLITUDE, largest
from cases.conv_transpose.setups import Setup, case, integer, output
from cases.conv_transpose.understood import differentiated
from cases.values import Dtype, Layout, Value


@dataclass(frozen=True)
class Point:
    """One call.

    `incoming` and `outgoing` are channels per group. `given` are the arguments that are passed, by common names:
    stride, padding, output_padding, dilation, groups, bias, pad_mode. `asked` is how much longer than the shortest
    output the call asks for on each axis, None where it asks for nothing; `entire` asks for the whole shape. `typed`
    tells the constructor the element type. `own` and `inputs` are as in a `Setup`: other arguments by the API's own
    names, and what is invalid.

    `positional` is how many arguments at most are passed by position, None for those without a default; `order` names
    arguments that are passed by keyword first, in this order; `called` names the input of a layer where it is passed
    by keyword.
    """

    incoming: int
    outgoing: int
    kernel_size: Value
    size: tuple[int, ...]
    batch: int | None = 1
    given: Mapping[str, Value] = field(default_factory=dict)
    asked: tuple[int, ...] | None = None
    entire: bool = False
    typed: bool = False
    own: Mapping[str, Value] = field(default_factory=dict)
    inputs: Mapping[str, Value] = field(default_factory=dict)
    positional: int | None = None
    order: tuple[str, ...] = ()
    called: str = ""
    load: bool = True
    dtype: str = "float32"
    weight_dtype: str = ""
    layout: Layout = "contiguous"
    weight_layout: Layout = "contiguous"
    data: DataKind = "integers"
    amplitude: int = AMPLITUDE
    differentiate: tuple[str, ...] = ()
    repeats: int = 1
    settings: tuple[tuple[str, Value], ...] = ()
    device: str = ""
    origin: str | None = None
    action: Action = "call"


def setup(dialect: Dialect, point: Point) -> Setup:
    """The call alone, as the generator has it."""
    groups = integer(point.given.get("groups", 1))
    arguments: dict[str, Value] = {
        "in_channels": point.incoming * groups,
        "out_channels": point.outgoing * groups,
        "kernel_size": point.kernel_size,
        **point.given,
    }
    own: dict[str, Value] = dict(point.own) | ({"dtype": Dtype(point.dtype)} if point.typed else {})
    found = Setup(
        arguments,
        point.size,
        batch=point.batch,
        dtype=point.dtype,
        weight_dtype=point.weight_dtype,
        layout=point.layout,
        weight_layout=point.weight_layout,
        own=own,
        inputs=point.inputs,
        load=point.load,
    )
    return found if point.asked is None else replace(found, asked=_size(dialect, found, point))


def _size(dialect: Dialect, found: Setup, point: Point) -> tuple[int, ...]:
    assert point.asked is not None
    shape, axes = output(dialect, found), dialect.axes
    lengths = tuple(map(sum, zip(shape[-axes:], point.asked, strict=True)))
    return (*shape[:-axes], *lengths) if point.entire else lengths


def written(dialect: Dialect, point: Point) -> Case | None:
    """The case of a point; None where it asks for gradients and no document gives the output that they start from."""
    call = setup(dialect, point)
    made = _spelled(dialect, point, case(dialect, call))
    if point.action == "initialise":
        made = replace(made, call=made.call if dialect.kind == "lazy" else Arguments(), action="initialise")
    if point.differentiate:
        derived = differentiated(made)
        if derived is None or not set(point.differentiate) <= set(derived.differentiate):
            return None
        made = replace(derived, differentiate=point.differentiate)
    amplitude = point.amplitude
    if point.data == "integers" and point.action == "call":
        amplitude = min(amplitude, max(1, largest(dialect, call)))
    return replace(
        made,
        data=point.data,
        amplitude=amplitude,
        origin=point.origin,
        repeats=point.repeats,
        settings=point.settings,
        device=point.device,
    )


def _spelled(dialect: Dialect, point: Point, made: Case) -> Case:
    """The same call with its arguments by position or by keyword as the point has it."""
    if point.called:
        made = replace(made, call=Arguments((), ((point.called, made.call.positional[0]), *made.call.keyword)))
    if point.positional is None and not point.order:
        return made
    passed = made.call if made.construct is None else made.construct
    named, positional = passed.bind(dialect.signature), list[Value]()
    for name in dialect.signature[: dialect.required if point.positional is None else point.positional]:
        if name not in named or name in point.order:
            break
        positional.append(named.pop(name))
    names = dict.fromkeys((*point.order, *dialect.signature))
    spelled = Arguments(tuple(positional), tuple((name, named[name]) for name in names if name in named))
    return replace(made, call=spelled) if made.construct is None else replace(made, construct=spelled)
