"""Whether the actual values are the expected ones shifted: what a wrong crop does, and nothing else does by chance."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from reports.pictures_arrays import Pair

MOST = 3  # elements on each axis
_SHARE = 0.25  # of all elements differ at least where all are moved
_DISTINCT = 3  # values that what is held against each other must have, to be told from chance


@dataclass(frozen=True)
class Shift:
    """Actual element 0 is expected element `by`, on each drawn axis. All zero: the values agree, the lengths do not."""

    by: tuple[int, ...]


def shift(found: Pair) -> Shift | None:
    """The smallest shift under which all values that both arrays have agree, or None where there is none.

    Both arrays must be kept whole, and the axes before the drawn ones be alike.
    """
    ours, theirs = found.expected, found.actual
    before = len(ours.shape) - found.axes
    if ours.shape[:before] != theirs.shape[: len(theirs.shape) - found.axes]:
        return None
    if found.alike and found.share < _SHARE:
        return None
    if any(kept.flat.size != int(np.prod(kept.shape)) or not kept.flat.size for kept in (ours, theirs)):
        return None
    expected, actual = ours.flat.reshape(ours.shape), theirs.flat.reshape(theirs.shape)
    tiny, whole = found.rounding(expected), (slice(None),) * before
    ranges = sorted(product(range(-MOST, MOST + 1), repeat=found.axes), key=lambda by: (sum(map(abs, by)), by))
    for by in ranges:
        if found.alike and not any(by):
            continue  # this is the difference itself
        one, other = _overlap(expected.shape[before:], actual.shape[before:], by)
        left, right = expected[(*whole, *one)], actual[(*whole, *other)]
        if left.size * 2 < actual.size or np.unique(left).size < _DISTINCT:
            continue
        if np.allclose(left, right, rtol=0, atol=tiny, equal_nan=True):
            return Shift(by)
    return None


def _overlap(
    expected: tuple[int, ...], actual: tuple[int, ...], by: tuple[int, ...]
) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
    """Where element `a` of the actual array lies on element `a + by` of the expected one."""
    one, other = [], []
    for ours, theirs, step in zip(expected, actual, by, strict=True):
        first, stop = max(0, -step), max(0, min(theirs, ours - step))
        other.append(slice(first, max(first, stop)))
        one.append(slice(first + step, max(first, stop) + step))
    return tuple(one), tuple(other)
