"""A stored run → the same run, judged with today's claims and without any framework, as far as its arrays are kept.

What a backend did is rebuilt from its record (`rebuilt.py`). A record that does not hold enough keeps the verdict that
it had and is counted, with the reason; single checks of which it does not hold enough (of parameters as the framework
made them, and of defaults) are taken over. Calls that claims call equal are held against each other anew.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from msgspec.structs import replace as altered

from cases import documentation as doc
from cases.case import from_canonical
from cases.catalogue import apis, described
from cases.documentation import Api
from conformance.comparisons import comparisons
from conformance.expected import Prepared, prepare
from conformance.judge import judge
from conformance.rebuilt import Lost, rebuilt
from conformance.schedule import Schedule
from conformance.verdict import verdict
from reports.reading import RunFile
from reports.record import Check, Comparison, Difference, Record, Verdict


@dataclass(frozen=True)
class Changed:
    """A record whose verdict is another one today."""

    record: Record
    before: Verdict


@dataclass(frozen=True)
class Rejudged:
    """A run as it is judged today. `judged` counts records; `left` those that keep their verdict, by the reason.

    `taken_over` counts the checks, in records that were judged again, of which the record does not hold enough.
    """

    loaded: RunFile
    judged: int
    left: Mapping[str, int]
    changed: tuple[Changed, ...]
    taken_over: int


@dataclass
class _Tally:
    judged: int = 0
    taken_over: int = 0
    left: Counter[str] = field(default_factory=Counter)
    changed: list[Changed] = field(default_factory=list)


def rejudge(loaded: RunFile, wanted: Callable[[Record], bool] = lambda record: True) -> Rejudged:
    """Judge the wanted records of a run again, and hold the calls that claims call equal against each other again."""
    devices = {line.name: line.device for line in loaded.run.backends}
    groups: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for place, record in enumerate(loaded.records):
        if wanted(record):
            groups[record.case, devices.get(record.backend, "")].append(place)
    records, tally = list(loaded.records), _Tally()
    for (_, device), places in groups.items():
        for place, now in zip(places, _group([records[place] for place in places], device, tally), strict=True):
            records[place] = now
    lines = (line for line in loaded.comparisons if not line.claim)
    again = replace(loaded, records=tuple(records), comparisons=(*lines, *_compared(loaded, records)))
    return Rejudged(again, tally.judged, dict(tally.left), tuple(tally.changed), tally.taken_over)


def _group(records: list[Record], device: str, tally: _Tally) -> Iterator[Record]:
    """The records of one case on one kind of device, of which the reference is asked once."""
    try:
        prepared: Prepared | Lost = _prepared(records[0], device)
    except Lost as lost:
        prepared = lost
    for record in records:
        try:
            if isinstance(prepared, Lost):
                raise prepared
            now, carried = _again(record, prepared, device)
        except Lost as lost:
            tally.left[str(lost)] += 1
            yield record
            continue
        tally.judged += 1
        tally.taken_over += carried
        if now.verdict != record.verdict:
            tally.changed.append(Changed(now, record.verdict))
        yield now


def _prepared(record: Record, device: str) -> Prepared:
    if not device:
        raise Lost("its backend is none of the run's")
    try:
        case = from_canonical(record.arguments)
        if case.id != record.case:
            raise Lost("its arguments are not those of its case")
        return prepare(case, device.partition(":")[0])
    except (ValueError, MemoryError, OverflowError) as error:
        raise Lost(f"this version cannot prepare its case: {error}"[:200]) from None


def _again(record: Record, prepared: Prepared, device: str) -> tuple[Record, int]:
    """The record as it is judged today, and how many of its checks were taken over."""
    api = described(record.api)
    past = rebuilt(record, prepared, api)
    carried = {claim.id for claim in api.claims if isinstance(claim.detail, past.carried)}
    today = replace(api, claims=tuple(claim for claim in api.claims if claim.id not in carried))
    made = judge(prepared, past.outcome, today, backend=record.backend, mode=record.mode, device=device)
    kept = [check for check in record.checks if check.claim in carried]
    order = {claim.id: place for place, claim in enumerate(api.claims)}
    checks = sorted([*made.checks, *kept], key=lambda check: order[check.claim])
    if past.other:
        checks = [_of_another(check, api, record) for check in checks]
    word = made.verdict
    if not all(check.holds for check in kept if check.counts):
        word = verdict(prepared.expected, past.outcome, same=False)
    if record.verdict == "unstable":
        word = "unstable"  # two runs gave two outcomes, whatever each of them is
    now = altered(
        made,
        verdict=word,
        checks=checks,
        actual=record.actual,
        difference=None if past.other else _difference(record, made),
        margin=made.margin if made.margin is not None else record.margin,
        milliseconds=record.milliseconds,
    )
    return now, len(kept)


def _difference(record: Record, made: Record) -> Difference | None:
    """Where the arrays differ; of one that is kept in part, what was counted when all of it was there."""
    then, now = record.expected.array, made.expected.array
    same = then is not None and now is not None and then.digest == now.digest
    return record.difference if same and made.difference and record.difference else made.difference


def _of_another(check: Check, api: Api, record: Record) -> Check:
    """What a check of values says where only digests are known."""
    claim = next(claim for claim in api.claims if claim.id == check.claim)
    if check.holds or not isinstance(claim.detail, doc.Values | doc.Gradient):
        return check
    array = record.actual.array
    seen = f"the array with digest {array.digest}" if array else "another array"
    return altered(check, detail=f"{seen}, but should be the array that is documented today")


def _compared(loaded: RunFile, records: list[Record]) -> Iterator[Comparison]:
    """Every pair of which today's claims speak, and of which both sides are in the run."""
    known = [apis()[name] for name in dict.fromkeys(record.api for record in records) if name in apis()]
    claimed = [
        (claim, pair)
        for api in known
        for claim in api.claims
        if isinstance(claim.detail, doc.Equal | doc.Consistent | doc.Inverse)
        for pair in claim.detail.pairs
    ]
    return comparisons(Schedule((), {}, (), tuple(claimed), tuple(known)), records)


__all__ = ["Changed", "Rejudged", "rejudge"]
