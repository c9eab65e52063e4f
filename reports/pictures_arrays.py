"""The arrays of a differing record → what a picture shows of them: which output, which lines of it, which window.

Of a large array a run file keeps a stretch of elements; what it did not keep is `nan` and not `known` here. Everything
is cut to a window around the first differing element, or around the end of the shorter one where the shapes differ.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cases.case import from_canonical
from cases.taps import Taps, taps
from cases.values import BadValue
from reports.arrays import unpack
from reports.reading import BadRunFile
from reports.record import Array, Record

# What a case of a run file that this suite did not write may raise, while the documentation is asked about it.
ODD = (BadValue, ValueError, TypeError, LookupError, ArithmeticError, AttributeError, AssertionError, RecursionError)
_MOST_AXES = 8
_HUGE = 2**40  # elements of a shape that is taken for one
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Span:
    """A window on one axis: elements `first` to `stop`, of `length` in the longer of both arrays."""

    first: int
    stop: int
    length: int

    @property
    def cut(self) -> bool:
        """Whether it leaves anything out."""
        return self.stop - self.first < self.length

    @property
    def places(self) -> range:
        """The indices in it."""
        return range(self.first, self.stop)


@dataclass(frozen=True)
class Kept:
    """One array as the run file holds it: its shape, and those elements that were kept, flat, from `start`."""

    shape: tuple[int, ...]
    start: int
    flat: Values  # complex until `pair` has taken a part of it
    dtype: str

    def window(self, lead: Sequence[int], spans: Sequence[Span]) -> tuple[Values, Values]:
        """The values of a window, nan where there are none; and what there is: 1 kept, 0 not kept, -1 no element."""
        extents = self.shape[len(self.shape) - len(spans) :]
        strides = [math.prod(self.shape[axis + 1 :]) for axis in range(len(self.shape))]
        base = sum(i * stride for i, stride in zip(lead, strides, strict=False))
        there = all(i < extent for i, extent in zip(lead, self.shape, strict=False))
        place, inside = np.array(base - self.start), np.array(there)
        for span, extent, stride in zip(spans, extents, strides[len(strides) - len(spans) :], strict=True):
            indices = np.arange(span.first, span.stop)
            place = place[..., None] + indices * stride
            inside = inside[..., None] & (indices < extent)
        kept = inside & (place >= 0) & (place < self.flat.size)
        values = np.full(place.shape, np.nan)
        values[kept] = self.flat[place[kept]]
        return values, np.where(kept, 1.0, np.where(inside, 0.0, -1.0))


@dataclass(frozen=True)
class Pair:
    """What differs of a record: both arrays of one output, how many of their last axes are drawn, where they differ.

    `index` is the first differing element, empty where the shapes differ; `part` is `real` or `imaginary` of complex
    numbers; `share` is the part of the elements that differ.
    """

    output: str
    expected: Kept
    actual: Kept
    axes: int
    index: tuple[int, ...] = ()
    part: str = ""
    share: float = 1.0
    taps: Taps | None = None

    @cached_property
    def alike(self) -> bool:
        """Whether the shapes are equal."""
        return self.expected.shape == self.actual.shape

    def lead(self, kept: Kept) -> tuple[int, ...]:
        """The index on the axes before those that are drawn."""
        before = len(kept.shape) - self.axes
        return self.index[:before] if self.index else (0,) * before

    def spans(self, most: Sequence[int]) -> tuple[Span, ...]:
        """The window on each drawn axis, of at most so many elements."""
        found = []
        for axis, room in zip(range(-self.axes, 0), most, strict=True):
            ours, theirs = self.expected.shape[axis], self.actual.shape[axis]
            length, shorter = max(ours, theirs), min(ours, theirs)
            focus = self.index[axis] if self.index else shorter if ours != theirs else 0
            first = max(0, min(focus - room // 2, length - room))
            found.append(Span(first, min(length, first + room), length))
        return tuple(found)

    def windows(self, spans: Sequence[Span]) -> tuple[tuple[Values, Values], tuple[Values, Values]]:
        """Expected and actual in a window; see `Kept.window`."""
        expected = self.expected.window(self.lead(self.expected), spans)
        return expected, self.actual.window(self.lead(self.actual), spans)

    def rounding(self, expected: Values) -> float:
        """Below this a difference is drawn as none: it is what rounding alone may do to the largest value here."""
        finite = np.abs(expected[np.isfinite(expected)])
        unit = {"float16": 2.0**-11, "bfloat16": 2.0**-8, "float64": 2.0**-53, "complex128": 2.0**-53}
        scale = float(finite.max(initial=0.0))
        return (
            0.0
            if self.expected.dtype.startswith(("int", "uint", "bool"))
            else 16 * unit.get(self.expected.dtype, 2.0**-24) * scale
        )


def pair(record: Record) -> Pair | None:
    """What differs of a record; None where nothing can be drawn: no arrays were kept, or only their types differ."""
    found = _arrays(record)
    if found is None:
        return None
    output, ours, theirs = found
    expected, actual = _kept(ours), _kept(theirs)
    if expected is None or actual is None or not expected.shape or not actual.shape:
        return None
    told = _told(record)
    axes = len(told.axes) if told else max(1, min(3, len(expected.shape) - 2))
    axes = min(axes, 3, len(expected.shape), len(actual.shape))
    index = tuple(record.difference.index) if record.difference else ()
    fits = len(index) == len(ours.shape) and all(0 <= i < extent for i, extent in zip(index, ours.shape, strict=True))
    same = expected.shape == actual.shape
    if same and not (record.difference and fits):
        return None
    index = index if same else ()
    part = _part(expected, actual, index)
    share = record.difference.differing / max(1, record.difference.of) if record.difference else 1.0
    return Pair(output, _real(expected, part), _real(actual, part), axes, index, part, share, told)


def _arrays(record: Record) -> tuple[str, Array, Array] | None:
    name = record.difference.output if record.difference else "output"
    expected, actual = record.expected, record.actual
    if name != "output":
        ours, theirs = expected.others.get(name), actual.others.get(name)
        return (name, ours, theirs) if ours and theirs else None
    if expected.array is None or actual.array is None:
        return None
    if record.difference is None and expected.array.shape == actual.array.shape:
        for role, other in expected.others.items():
            if (theirs := actual.others.get(role)) and theirs.shape != other.shape:
                return role, other, theirs
    return "output", expected.array, actual.array


def _told(record: Record) -> Taps | None:
    try:
        return taps(from_canonical(record.arguments))
    except ODD:
        return None


def _kept(array: Array) -> Kept | None:
    shape = tuple(array.shape)
    count = math.prod(shape)
    if len(shape) > _MOST_AXES or not 0 <= count <= _HUGE or min(shape, default=0) < 0 or array.start < 0:
        return None
    try:
        flat = unpack(array) if count else np.zeros(0)
    except BadRunFile:
        return None
    if flat is None:
        return None
    wide: Any = flat.astype(np.complex128 if np.iscomplexobj(flat) else np.float64)
    return Kept(shape, array.start, wide, array.dtype)


def _part(expected: Kept, actual: Kept, index: tuple[int, ...]) -> str:
    """Which part of complex numbers differs more at the first difference; empty for other numbers."""
    if not (np.iscomplexobj(expected.flat) or np.iscomplexobj(actual.flat)):
        return ""
    place = int(np.ravel_multi_index(index, expected.shape)) if index else 0
    pairs = [kept.flat[place - kept.start] for kept in (expected, actual) if 0 <= place - kept.start < kept.flat.size]
    if len(pairs) < 2 or not abs(np.imag(pairs[0] - pairs[1])) > abs(np.real(pairs[0] - pairs[1])):
        return "real"
    return "imaginary"


def _real(kept: Kept, part: str) -> Kept:
    values = np.imag(kept.flat) if part == "imaginary" else np.real(kept.flat)
    return Kept(kept.shape, kept.start, values.astype(np.float64), kept.dtype)
