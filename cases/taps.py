"""Which elements of an operator's input make an element of its output, and through which taps of its kernel.

The folder of an operator may offer `taps(case) -> Taps | None`; what asks for it (a picture, a text) finds it by that
name and knows nothing of the operator. One `Axis` tells one axis, by a single equation that holds for convolutions in
both directions and for pooling:

    input_step * i + tap_step * k + offset == output_step * o

that is: input `i` meets tap `k` in output `o`. A transposed convolution has its stride in `input_step` and its
dilation in `tap_step`; a convolution or a pooling has its stride in `output_step` and minus its dilation in `tap_step`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cases.case import Case
from cases.catalogue import apis, operators

MOST = 4096  # taps on one axis; more are not told


@dataclass(frozen=True)
class Axis:
    """One axis: how many inputs, taps and outputs it has, and how they meet.

    `cropped` is how many outputs are computed before the first one that is kept and after the last one, and thrown
    away; `padded` how many positions before the first input and after the last one count as if inputs were there.
    `added` is how many of the outputs, the last ones, are there only because the call asks for a longer result.
    """

    inputs: int
    taps: int
    outputs: int
    input_step: int = 1
    tap_step: int = 1
    output_step: int = 1
    offset: int = 0
    cropped: tuple[int, int] = (0, 0)
    padded: tuple[int, int] = (0, 0)
    added: int = 0

    def column(self, i: int) -> int:
        """Where input `i` stands on a ruler on which output `o` stands at `output_step * o`."""
        return self.input_step * i + self.offset

    def tap_column(self, k: int, output: int) -> int:
        """Where an input has to stand on that ruler to meet tap `k` in `output`."""
        return self.output_step * output - self.tap_step * k

    def reaching(self, output: int) -> tuple[tuple[int, int], ...]:
        """The inputs that make an output, each with its tap, in the order of the taps."""
        found = []
        for k in range(self.taps):
            i, rest = divmod(self.tap_column(k, output) - self.offset, self.input_step)
            if not rest and 0 <= i < self.inputs:
                found.append((i, k))
        return tuple(found)

    def joins(self) -> Iterator[tuple[int, int, int]]:
        """Every (input, tap, output) of the outputs that are kept."""
        return ((i, k, output) for output in range(self.outputs) for i, k in self.reaching(output))


@dataclass(frozen=True)
class Taps:
    """The last axes of input and output, in order, and the channels that one group takes and gives."""

    axes: tuple[Axis, ...]
    group: tuple[int, int] = (1, 1)

    def channels(self, output: int) -> range:
        """The input channels that an output channel is made of."""
        taken, given = self.group
        first = output // given * taken
        return range(first, first + taken)


def taps(case: Case) -> Taps | None:
    """What the operator of a case says; None where it says nothing, or there are too many taps to be told."""
    api = apis().get(case.api)
    own = getattr(operators()[api.operator], "taps", None) if api else None
    found: Taps | None = own(case) if own is not None else None
    if found is None or any(axis.taps > MOST for axis in found.axes):
        return None
    return found
