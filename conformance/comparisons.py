"""Two records held against each other: counterparts, modes of a backend, and calls that a claim calls equal.

It needs records only. Two results that conform and are expected to be the same array agree: equal numbers are equal,
and two results within their bounds of one exact value are within the sum of the bounds of each other. What does not
conform has its own array in its record, and so has what is not documented but is compared here.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cases.case import Case, from_canonical
from cases.documentation import Claim, Consistent, Equal, Inverse, Kind, ModesAgree, Pair
from cases.values import Part, Tensor
from conformance.agreement import number
from conformance.expected import OUTPUT, ExpectedValue, prepare
from conformance.schedule import Schedule
from reports.arrays import unpack
from reports.record import Array, Comparison, Record, Side

Records = Mapping[str, list[Record]]


def comparisons(schedule: Schedule, records: Iterable[Record]) -> Iterator[Comparison]:
    """Every counterpart pair, claimed pair and pair of modes of which both sides were run."""
    by_case: dict[str, list[Record]] = {}
    for record in records:
        by_case.setdefault(record.case, []).append(record)
    for line in schedule.counterparts:
        if line.counterpart:
            for ours, theirs in _both(by_case, line.case, line.counterpart):
                yield compare(ours, theirs)
    for claim, pair in schedule.claimed:
        for ours, theirs in _both(by_case, pair.left.id, pair.right.id):
            # A second call must give the same bits, whatever they are.
            if _is_of(claim, ours) and (claim.kind is Kind.PRECISION or not _by_chance(ours, theirs)):
                yield compare(ours, theirs, claim, pair)
    for api in schedule.apis:
        for claim in api.claims:
            if isinstance(claim.detail, ModesAgree):
                yield from _modes(by_case, claim)


def _is_of(claim: Claim, record: Record) -> bool:
    """Whether the claim can be held on the device of a record's backend."""
    device = record.backend.rpartition("==")[2].partition(":")[2]
    return device.startswith(claim.device)


def _both(by_case: Records, left: str, right: str) -> Iterator[tuple[Record, Record]]:
    """The records of both sides: in one mode of one backend if both are of one framework, else in the first modes."""
    first = {case: _first(by_case.get(case, ())) for case in (left, right)}
    for ours in by_case.get(left, ()):
        for theirs in by_case.get(right, ()):
            alike = ours.api.partition(".")[0] == theirs.api.partition(".")[0]
            if alike and (ours.backend, ours.mode) != (theirs.backend, theirs.mode):
                continue
            if not alike and (first[left][ours.backend] is not ours or first[right][theirs.backend] is not theirs):
                continue
            numpy = [record.backend.startswith("numpy") for record in (ours, theirs)]
            if not any(numpy) or (alike and all(numpy)):
                yield ours, theirs


def _first(records: Iterable[Record]) -> dict[str, Record]:
    """The record of each backend in its first mode, which comes before those in others."""
    found: dict[str, Record] = {}
    for record in records:
        found.setdefault(record.backend, record)
    return found


def _modes(by_case: Records, claim: Claim) -> Iterator[Comparison]:
    for found in by_case.values():
        first: dict[str, Record] = {}
        for record in found:
            if record.api != claim.api:
                break
            before = first.setdefault(record.backend, record)
            ran = before is not record and "unavailable" not in (before.verdict, record.verdict)
            ran = ran and _is_of(claim, record)
            if ran and not _by_chance(before, record):
                yield compare(before, record, claim)


def _by_chance(left: Record, right: Record) -> bool:
    """Numbers that are rounded, and of which no document says how they should be: nothing bounds their difference."""
    return "undocumented" in (left.verdict, right.verdict) and "normal" in (
        record.arguments["data"]["kind"] for record in (left, right)
    )


def compare(left: Record, right: Record, claim: Claim | None = None, pair: Pair | None = None) -> Comparison:
    """How two outcomes that should be equal stand to each other."""
    inverse = claim is not None and isinstance(claim.detail, Inverse)
    if inverse and pair is not None:
        shapes, values, detail = _inverse(left, right, pair)
    else:
        own = claim is not None and isinstance(claim.detail, Consistent | ModesAgree)
        parts, output = (pair.parts, pair.output) if pair else ((), OUTPUT)
        exact = claim is not None and claim.kind is Kind.PRECISION  # a second call must give the same bits
        shapes, values, detail = _stand(left, right, parts, output, errors=own, exact=exact)
    valued = claim is None or isinstance(claim.detail, Consistent | ModesAgree)
    return Comparison(
        left=left.case,
        left_backend=left.backend,
        left_mode=left.mode,
        right=right.case,
        right_backend=right.backend,
        right_mode=right.mode,
        left_call=left.call,
        right_call=right.call,
        claim=claim.id if claim else "",
        counts=claim is None or (claim.overruled is None and not claim.advice),
        values_claimed=valued or (claim is not None and isinstance(claim.detail, Equal) and claim.detail.values),
        shapes=shapes,  # type: ignore[arg-type]
        values=values,  # type: ignore[arg-type]
        detail=detail,
    )


def _inverse(left: Record, right: Record, pair: Pair) -> tuple[str, str, str]:
    """Whether each side returns the shape of what the other takes."""
    ours, theirs = left.actual.array, right.actual.array
    if ours is None or theirs is None:
        return "missing", "missing", _without_array(left, right)
    asked, given = _input(pair.left).shape, _input(pair.right).shape
    detail = f"{asked} → {tuple(ours.shape)}; {given} → {tuple(theirs.shape)}"
    equal = (tuple(ours.shape), tuple(theirs.shape)) == (given, asked)
    return ("equal", "equal", detail) if equal else ("different", "different", detail)


def _input(case: Case) -> Tensor:
    return case.call.tensors()[0]


def _stand(
    left: Record, right: Record, parts: tuple[Part, ...], output: str, *, errors: bool, exact: bool
) -> tuple[str, str, str]:
    ours = left.actual.array
    theirs = right.actual.array if output == OUTPUT else right.actual.others.get(output)
    if ours is None or theirs is None:
        comparable = errors and not any(map(_says_nothing, (left.actual, right.actual)))
        if comparable and left.actual.what == right.actual.what:
            return "equal", "equal", f"both {left.actual.what}: {left.actual.error}, {right.actual.error}"
        word = "different" if comparable else "missing"
        return word, word, _without_array(left, right)
    shape = _stretch(tuple(ours.shape), tuple(theirs.shape), parts)
    if shape is None:
        return "different", "different", f"{tuple(ours.shape)} against {tuple(theirs.shape)}"
    both = f"both {shape}"
    if not parts and (ours.digest == theirs.digest or (not exact and output == OUTPUT and _conform_alike(left, right))):
        return "equal", "equal", both
    if exact:
        return "equal", "different", f"{both}; {ours.digest} against {theirs.digest}, not the same bits"
    first, second = _numbers(left), _numbers(right, output)
    if first is None or second is None:
        return "equal", "missing", f"{both}; an array is too large to be kept whole, or its values are not documented"
    first = cut(first, parts, tuple(theirs.shape))
    wrong = np.flatnonzero(~((first == second) | ((first != first) & (second != second))))
    if wrong.size == 0:
        return "equal", "equal", both
    at = tuple(int(index) for index in np.unravel_index(int(wrong[0]), first.shape))
    return (
        "equal",
        "different",
        f"{both}; {number(first[at])} against {number(second[at])} at {at}, {wrong.size} of {first.size} differ",
    )


def _says_nothing(side: Side) -> bool:
    """It never ran, or the call itself succeeded and only its gradient failed."""
    return side.what == "could not run" or side.stage == "gradient"


def _without_array(left: Record, right: Record) -> str:
    sides = (left, right)
    return "; ".join(
        f"{side.backend}: {side.actual.error or side.actual.what}" for side in sides if side.actual.array is None
    )


def _stretch(ours: tuple[int, ...], theirs: tuple[int, ...], parts: tuple[Part, ...]) -> tuple[int, ...] | None:
    """The right's shape, if it is the left's or what the parts cut out of it."""
    if not parts:
        return theirs if ours == theirs else None
    return theirs if ours == parts[0].whole else None


def cut(array: NDArray[Any], parts: tuple[Part, ...], shape: tuple[int, ...]) -> NDArray[Any]:
    """What the parts, outermost first, leave of an array; the last of them leaves `shape`."""
    lengths = [*(part.whole for part in parts[1:]), shape]
    for part, left in zip(parts, lengths, strict=True) if parts else ():
        array = array[(*(slice(None),) * part.axis, slice(part.start, part.start + left[part.axis]))]
    return array


def _conform_alike(left: Record, right: Record) -> bool:
    """Both conform, and to the same array."""
    ours, theirs = left.expected.array, right.expected.array
    conform = left.verdict == right.verdict == "conforms"
    return conform and ours is not None and theirs is not None and ours.digest == theirs.digest


def _numbers(record: Record, output: str = OUTPUT) -> NDArray[Any] | None:
    """The values of a record: its own array where it is kept, else the expected one that it conforms to."""
    kept = record.actual.array if output == OUTPUT else record.actual.others.get(output)
    if kept is not None and (kept.data or math.prod(kept.shape) == 0):
        return _whole(kept)
    if record.verdict != "conforms":
        return None
    expected = prepare(from_canonical(record.arguments)).expected
    return expected.outputs[output].array if isinstance(expected, ExpectedValue) else None


def _whole(kept: Array) -> NDArray[Any] | None:
    flat = unpack(kept)
    return flat.reshape(kept.shape) if flat is not None and flat.size == math.prod(kept.shape) else None


__all__ = ["compare", "comparisons", "cut"]
