"""Pairs of calls of one API that must give equal results, whatever these are.

What a sample gives must not hang on its company, its place in the batch, the way it lies in memory, whether gradients
are wanted, or how often the call was made; and groups must be what separate calls give. No oracle is needed: the two
sides are compared with each other. All data are whole numbers so small that every order of summation gives the same,
so results must be equal, not merely close.

The right case takes its numbers from the left's (`origin`), the same tensor or a stretch of it (`Part`); `Pair.parts`
is the stretch of the left's output that the right must equal.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from cases.case import Case
from cases.conv_transpose.setting import FORMS, Setting, call, plainer
from cases.documentation import Pair
from cases.values import Layout, Part, Tensor

BATCH = 4
REPEATS = 3


def settings(api: str) -> tuple[Setting, ...]:
    """Four configurations in float32, from plain to everything at once, and one in each other element type."""
    axes = FORMS[api].axes
    plain = Setting((5, 4, 3)[:axes], batch=BATCH)
    stepped = replace(plain, kernel_size=4, stride=2, padding=1, bias=True)
    everything = replace(stepped, in_channels=4, out_channels=6, kernel_size=3, groups=2, output_padding=1)
    found = [plain, stepped, replace(plain, dilation=2, padding=1), everything]
    found += [replace(stepped, dtype=dtype) for dtype in FORMS[api].typed]
    return tuple(plainer(api, setting) for setting in found)


def batch_size(api: str) -> tuple[Pair, ...]:
    """The first sample, and the first two, called without the rest of their batch."""
    return tuple(_samples(api, setting, 0, count) for setting in settings(api) for count in (1, 2))


def position(api: str) -> tuple[Pair, ...]:
    """The last samples of a batch, called as the first ones of a smaller batch."""
    return tuple(_samples(api, setting, BATCH - count, count) for setting in settings(api) for count in (1, 3))


def _samples(api: str, setting: Setting, start: int, count: int) -> Pair:
    left = call(api, setting)
    fewer = replace(setting, batch=count)
    x = replace(fewer.input, parts=(Part(0, start, setting.input.shape),))
    return Pair(left, replace(call(api, fewer, given=x), origin=left.id), parts=(Part(0, start, setting.output_shape),))


def layout(api: str) -> tuple[Pair, ...]:
    """The input, and the weight where it is an argument, in other layouts; and a sample repeated without a copy.

    An expanded batch holds one sample several times: each of its results must be that of the sample alone.
    """
    return tuple(pair for setting in settings(api) for pair in _layouts(api, setting))


def _layouts(api: str, setting: Setting) -> Iterator[Pair]:
    left, form = call(api, setting), FORMS[api]
    # On one spatial axis channels-last is what `transposed` is.
    kinds: tuple[Layout, ...] = ("strided", "transposed", *(("channels-last",) if form.axes > 1 else ()))
    for kind in kinds:
        yield Pair(left, replace(call(api, setting, given=replace(setting.input, layout=kind)), origin=left.id))
        if form.kind in ("function", "primitive"):
            loaded = setting.loaded | {"weight": replace(setting.loaded["weight"], layout=kind)}
            yield Pair(left, replace(call(api, setting, loaded=loaded), origin=left.id))
    repeated = call(api, setting, given=replace(setting.input, layout="expanded"))
    alone = replace(call(api, replace(setting, batch=1)), origin=repeated.id)
    for start in (0, BATCH - 1):
        yield Pair(repeated, alone, parts=(Part(0, start, setting.output_shape),))


def differentiation(api: str) -> tuple[Pair, ...]:
    """The same call with every gradient asked for."""
    return tuple(Pair(left, replace(_differentiated(left, setting), origin=left.id)) for left, setting in _plainly(api))


def _differentiated(case: Case, setting: Setting) -> Case:
    upstream = Tensor("upstream", setting.output_shape, setting.dtype)
    return replace(case, differentiate=("input", *setting.loaded), upstream=upstream)


def repetition(api: str) -> tuple[Pair, ...]:
    """The same call made several times: the last result must be the first one's, bit by bit, whatever the numbers."""
    calls = [left for left, _ in _plainly(api)]
    calls += [replace(left, data="normal") for left in calls]
    return tuple(Pair(left, replace(left, repeats=REPEATS, origin=left.id)) for left in calls)


def _plainly(api: str) -> Iterator[tuple[Case, Setting]]:
    return ((call(api, setting), setting) for setting in settings(api))


def groups(api: str) -> tuple[Pair, ...]:
    """A grouped call, and each of its groups called by itself on its own channels; none where there are no groups."""
    form = FORMS[api]
    if not form.group:
        return ()
    plain = Setting((5, 4, 3)[: form.axes], in_channels=4, out_channels=6, groups=2)
    several = (
        plain,
        replace(plain, kernel_size=2, stride=2, bias=True),
        replace(plain, in_channels=6, groups=3, padding=1, stride=2, output_padding=1, bias=True),
        replace(plain, in_channels=3, out_channels=3, groups=3, kernel_size=2, padding=1),
    )
    return tuple(pair for setting in several for pair in _groups(api, plainer(api, setting)))


def _groups(api: str, setting: Setting) -> Iterator[Pair]:
    left = call(api, setting)
    incoming, outgoing = setting.in_channels // setting.groups, setting.out_channels // setting.groups
    single = replace(setting, in_channels=incoming, out_channels=outgoing, groups=1)
    for group in range(setting.groups):
        starts = {"weight": group * incoming, "bias": group * outgoing}
        x = replace(single.input, parts=(Part(1, group * incoming, setting.input.shape),))
        loaded = {
            name: replace(tensor, parts=(Part(0, starts[name], setting.loaded[name].shape),))
            for name, tensor in single.loaded.items()
        }
        right = replace(call(api, single, given=x, loaded=loaded), origin=left.id)
        yield Pair(left, right, parts=(Part(1, group * outgoing, setting.output_shape),))


KINDS: Mapping[str, Callable[[str], tuple[Pair, ...]]] = {
    "independent-of-batch-size": batch_size,
    "independent-of-position-in-batch": position,
    "independent-of-layout": layout,
    "independent-of-differentiation": differentiation,
    "independent-of-repetition": repetition,
    "groups-apart": groups,
}
