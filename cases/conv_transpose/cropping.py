"""What is cropped of the full transposed convolution, written with the arguments that an API has: axis by axis.

The full result of an input of n elements reaches over (n − 1)·stride + extent elements. A call keeps all of them but
`begin` at one end and `end` at the other; an `end` below zero is that many elements more, which hold nothing but the
bias. In goes such a pair, out come the ways to write it, each with the steps around the call that it needs. All hold
for every length of the input.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

# How an API says what is cropped: one padding for both ends and output_padding; one padding for both ends; a padding
# for each end and output_padding.
Form = Literal["symmetric", "padding only", "sides"]


@dataclass(frozen=True)
class Axis:
    """One axis of a call: what it crops of the full result, in the law's terms, and how far elements lie apart.

    `kernel` is the kernel's length, `bias` whether one is added to what is appended too. `short` is how many elements
    the input lacks of what the API asks for.
    """

    begin: int
    end: int
    stride: int
    dilation: int
    kernel: int
    bias: bool
    short: int = 0

    @property
    def bound(self) -> int:
        """What output_padding has to stay below."""
        return max(self.stride, self.dilation)


@dataclass(frozen=True)
class Way:
    """One way to write the crop of one axis.

    `pads` are the paddings at begin and end, `longer` is the output_padding, `dilation` the one to pass. Before the
    call `more` zeros are appended to the input, which changes nothing as long as the weight is finite; of its result
    `cut` elements are left out at begin and end, and then `zeros` are appended.
    """

    pads: tuple[int, int]
    longer: int
    dilation: int
    more: int = 0
    cut: tuple[int, int] = (0, 0)
    zeros: int = 0

    @property
    def steps(self) -> int:
        """How many steps stand around the call."""
        return bool(self.more) + any(self.cut) + bool(self.zeros)

    @property
    def cost(self) -> tuple[int, int, int, int]:
        """Fewest steps first, then the least that is computed in vain, then no output_padding, least of all a trick."""
        return self.steps, self.more + sum(self.cut), self.longer, self.dilation


def ways(axis: Axis, form: Form) -> tuple[Way, ...]:
    """Every way that is worth while, simplest first; there is always one."""
    if axis.short and axis.kernel == 1:
        # A kernel of one element does not feel its dilation, and without one no length is asked for.
        return ways(replace(axis, dilation=1, short=0), form)
    if axis.short:
        longer = replace(axis, end=axis.end + axis.short * axis.stride, short=0)
        return tuple(replace(way, more=way.more + axis.short) for way in ways(longer, form))
    found = dict.fromkeys((*_direct(axis, form), *_cut(axis, form), *_appended(axis, form)))
    return tuple(sorted(found, key=lambda way: way.cost))


def _direct(axis: Axis, form: Form) -> Iterator[Way]:
    """By arguments alone."""
    begin, end = axis.begin, axis.end
    if begin < 0:
        return
    if form == "padding only":
        if begin == end:
            yield Way((begin, begin), 0, axis.dilation)
        return
    if form == "sides":
        pads, longer = (begin, max(0, end)), max(0, -end)
    else:
        pads, longer = (begin, begin), begin - end
    if 0 <= longer < axis.bound:
        yield Way(pads, longer, axis.dilation)
    elif longer >= axis.bound and axis.kernel == 1 and form == "symmetric":
        # A kernel of one element does not feel its dilation, which lets output_padding be larger.
        yield Way(pads, longer, longer + 1)


def _cut(axis: Axis, form: Form) -> Iterator[Way]:
    """The call crops less than is wanted, and a slice the rest."""
    begin, end = axis.begin, axis.end
    if begin < 0:
        return
    if end >= 0:
        least = min(begin, end)
        yield Way((least, least), 0, axis.dilation, cut=(begin - least, end - least))
    elif form != "padding only" and -end < axis.bound:
        yield Way((0, 0), -end, axis.dilation, cut=(begin, 0))


def _appended(axis: Axis, form: Form) -> Iterator[Way]:
    """What the result lacks at its end is appended: zeros, or the bias, which a longer input brings by itself."""
    begin, end = axis.begin, axis.end
    if end >= 0 or begin < 0:
        return
    if not axis.bias:
        if form == "sides":
            yield Way((begin, 0), 0, axis.dilation, zeros=-end)
        yield Way((0, 0), 0, axis.dilation, cut=(begin, 0), zeros=-end)
    more = -(end // axis.stride)
    further = end + more * axis.stride
    if form == "sides":
        yield Way((begin, further), 0, axis.dilation, more=more)
    least = min(begin, further)
    yield Way((least, least), 0, axis.dilation, more=more, cut=(begin - least, further - least))
