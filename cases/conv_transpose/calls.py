"""Single calls that claims need beside the generated ones, spelled as each claim asks: in go settings, out come cases.

A claim on how a call is written, such as the order of the parameters or an input that is passed by its name, is held
against calls that are written so. These are small, with whole numbers, so that every value is exact.
"""

from collections.abc import Iterator
from dataclasses import replace

from cases.case import Arguments, Case
from cases.conv_transpose.setting import FORMS, Setting, call
from cases.documentation import Pair
from cases.values import Tensor, Value

NAMES = ("input", "weight", "bias", "stride", "padding", "output_padding", "groups", "dilation")
SIZE = (5, 4, 3)


def plain(axes: int) -> Setting:
    """Two channels in, two out, a kernel of 3, and nothing else."""
    return Setting(SIZE[:axes], in_channels=2, out_channels=2)


def telling(axes: int) -> Setting:
    """A call in which no two numbers are equal, so that no parameter can be taken for another."""
    return Setting(
        (3, 2, 2)[:axes],
        in_channels=4,
        out_channels=6,
        kernel_size=2,
        stride=4,
        padding=1,
        output_padding=3,
        groups=2,
        dilation=5,
        bias=True,
    )


def function(api: str, setting: Setting, names: tuple[str, ...] = NAMES, *, positional: int = 2) -> Case:
    """A call of a function that gives exactly the parameters `names`, the first `positional` of them by position."""
    given: dict[str, Value] = {
        "input": setting.input,
        **setting.loaded,
        "stride": setting.stride,
        "padding": setting.padding,
        "output_padding": setting.output_padding,
        "groups": setting.groups,
        "dilation": setting.dilation,
    }
    ordered = [(name, given[name]) for name in names if name in given]
    head, tail = ordered[:positional], ordered[positional:]
    return Case(api, None, Arguments(tuple(value for _, value in head), tuple(tail)))


def spellings(api: str, axes: int) -> Iterator[Case]:
    """Calls of a function: all by position, each parameter by name, and all but one, for each that has a default."""
    yield function(api, telling(axes), positional=len(NAMES))
    for index in range(len(NAMES)):
        # The first two are needed, so that the input by name takes the weight with it; what follows is left out.
        given = NAMES[: max(2, index + 1)]
        setting = telling(axes) if "groups" in given else replace(telling(axes), groups=1)
        yield function(api, setting, given, positional=index)
    everything = replace(plain(axes), in_channels=4, out_channels=4, bias=True)
    for name in NAMES[2:]:
        yield function(api, everything, tuple(other for other in NAMES if other != name))


def input_by_name(case: Case, name: str) -> Case:
    """The same call of a layer with its input passed by name."""
    (x,) = case.call.positional
    return replace(case, call=Arguments((), ((name, x), *case.call.keyword)))


def initialised(case: Case) -> Case:
    """The layer of a call as it is made, without the call."""
    return replace(case, call=Arguments(), parameters=(), action="initialise")


def without_batch(case: Case) -> Case:
    """The same call with an input that has no batch axis."""
    x, *rest = case.call.positional
    assert isinstance(x, Tensor)
    return replace(case, call=Arguments((replace(x, shape=x.shape[1:]), *rest), case.call.keyword))


def features(axes: int) -> Iterator[Setting]:
    """A plain call, one with a bias, and one parameter at a time: sizes and groups."""
    yield plain(axes)
    yield replace(plain(axes), bias=True)
    yield from _axis_by_axis(axes)
    yield from _connections(axes)


def _axis_by_axis(axes: int) -> Iterator[Setting]:
    """One number for every axis, then a number of its own for each."""
    one = plain(axes)
    yield replace(one, kernel_size=2)
    yield replace(one, stride=2)
    yield replace(one, padding=1)
    yield replace(one, stride=3, output_padding=1)
    yield replace(one, dilation=2)
    yield replace(one, kernel_size=(2, 3, 1)[:axes])
    yield replace(one, stride=(2, 3, 1)[:axes])
    yield replace(one, padding=(2, 0, 1)[:axes])
    yield replace(one, stride=3, output_padding=(1, 0, 2)[:axes])
    yield replace(one, dilation=(1, 3, 2)[:axes])


def _connections(axes: int) -> Iterator[Setting]:
    """Groups: one, two, and as many as there are channels that come in."""
    for incoming, outgoing, groups in ((3, 2, 1), (4, 2, 2), (3, 6, 3)):
        yield replace(plain(axes), in_channels=incoming, out_channels=outgoing, groups=groups)


def pairs(api: str, other: str) -> tuple[Pair, ...]:
    """Calls of an API beside calls of the class whose document has the details, on the same numbers."""
    axes = FORMS[api].axes
    found = []
    for setting in (*features(axes), telling(axes)):
        left = call(api, setting)
        found.append(Pair(left, replace(call(other, setting), origin=left.id)))
    return tuple(found)
