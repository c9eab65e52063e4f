"""Two records held against each other: counterparts, and calls that a document calls equal.

It needs records only. Two results that conform and are expected to be the same array agree: equal numbers are equal,
and two results within their bounds of one exact value are within the sum of the bounds of each other. What does not
conform has its own array in its record.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cases.case import from_canonical
from cases.documentation import Claim, Equal
from conformance.agreement import number
from conformance.expected import ExpectedValue, prepare
from conformance.schedule import Schedule
from reports.arrays import unpack
from reports.record import Array, Comparison, Record


def comparisons(schedule: Schedule, records: Iterable[Record]) -> Iterator[Comparison]:
    """Every counterpart pair and every claimed pair of which both sides were run, on each pair of backends."""
    by_case: dict[str, list[Record]] = {}
    for record in records:
        by_case.setdefault(record.case, []).append(record)
    for line in schedule.counterparts:
        if line.counterpart:
            yield from _pairs(by_case, line.case, line.counterpart, None)
    for claim, pair in schedule.claimed:
        yield from _pairs(by_case, pair.left.id, pair.right.id, claim)


def _pairs(by_case: Mapping[str, list[Record]], left: str, right: str, claim: Claim | None) -> Iterator[Comparison]:
    for ours in by_case.get(left, ()):
        for theirs in by_case.get(right, ()):
            if not ours.backend.startswith("numpy") and not theirs.backend.startswith("numpy"):
                yield compare(ours, theirs, claim)


def compare(left: Record, right: Record, claim: Claim | None = None) -> Comparison:
    """How two outcomes that should be equal stand to each other."""
    shapes, values, detail = _stand(left, right)
    return Comparison(
        left=left.case,
        left_backend=left.backend,
        right=right.case,
        right_backend=right.backend,
        left_call=left.call,
        right_call=right.call,
        claim=claim.id if claim else "",
        counts=claim is None or claim.overruled is None,
        values_claimed=claim is None or (isinstance(claim.detail, Equal) and claim.detail.values),
        shapes=shapes,  # type: ignore[arg-type]
        values=values,  # type: ignore[arg-type]
        detail=detail,
    )


def _stand(left: Record, right: Record) -> tuple[str, str, str]:
    ours, theirs = left.actual.array, right.actual.array
    if ours is None or theirs is None:
        sides = [
            f"{side.backend}: {side.actual.error or side.actual.what}"
            for side in (left, right)
            if side.actual.array is None
        ]
        return "missing", "missing", "; ".join(sides)
    if ours.shape != theirs.shape:
        return "different", "different", f"{tuple(ours.shape)} against {tuple(theirs.shape)}"
    both = f"both {tuple(ours.shape)}"
    if ours.digest == theirs.digest:
        return "equal", "equal", both
    if left.verdict == right.verdict == "conforms" and _same_expected(left, right):
        return "equal", "equal", both
    first, second = _numbers(left), _numbers(right)
    if first is None or second is None:
        return "equal", "missing", f"{both}; an array is too large to be kept whole, or its values are not documented"
    wrong = np.flatnonzero(~(first == second))
    if wrong.size == 0:
        return "equal", "equal", both
    at = tuple(int(index) for index in np.unravel_index(int(wrong[0]), first.shape))
    return (
        "equal",
        "different",
        f"{both}; {number(first[at])} against {number(second[at])} at {at}, {wrong.size} of {first.size} differ",
    )


def _same_expected(left: Record, right: Record) -> bool:
    ours, theirs = left.expected.array, right.expected.array
    return ours is not None and theirs is not None and ours.digest == theirs.digest


def _numbers(record: Record) -> NDArray[Any] | None:
    """The values of a record: its own array where it is kept, else the expected one that it conforms to."""
    kept = record.actual.array
    if kept is not None and kept.data:
        return _whole(kept)
    if record.verdict != "conforms":
        return None
    expected = prepare(from_canonical(record.arguments)).expected
    return expected.array if isinstance(expected, ExpectedValue) else None


def _whole(kept: Array) -> NDArray[Any] | None:
    flat = unpack(kept)
    return flat.reshape(kept.shape) if flat is not None and flat.size == math.prod(kept.shape) else None
