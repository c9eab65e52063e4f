"""Which findings of two runs are the same, which changed, and which only one of them has.

The findings and executions of two runs go in; frozen rows come out. On backends that stand for one another, findings
are the same by id, and those left over by symptom, claims and APIs. A finding that only one run has is new or gone
where the other run has executed one of its cases; elsewhere nothing is known, and it is not compared.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from reports.difference_backends import Changed, Pair
from reports.difference_runs import Key, ran
from reports.reading import RunFile
from reports.record import UNEXPECTED, Finding, Record

FIELDS = ("verdict", "rule", "minimal_call", "passing_call", "modes", "apis", "known", "support", "against")
COUNTS = frozenset({"support", "against"})

_Symptom: TypeAlias = tuple[str, tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True)
class OneSided:
    """A finding that one run alone has.

    Of its executions the other run has `executed` so many too, of which `failing` were unexpected there: where all
    are, they are grouped otherwise now. `unstated` are its claims that the other run does not state. `why` says why it
    is not compared, and is empty where it is.
    """

    finding: Finding
    executed: int
    failing: int
    unstated: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True)
class FindingChange:
    """A finding of both runs that is another: what changed, by the name of the field of the finding."""

    old: Finding
    new: Finding
    changes: tuple[Changed, ...]

    @property
    def matters(self) -> bool:
        """Whether more than the numbers of supporting and contradicting executions changed."""
        return any(change.what not in COUNTS for change in self.changes)


@dataclass(frozen=True)
class Matched:
    """The findings of two runs: `same` counts those without a change."""

    new: tuple[OneSided, ...]
    gone: tuple[OneSided, ...]
    changed: tuple[FindingChange, ...]
    same: int
    old_not_compared: tuple[OneSided, ...]
    new_not_compared: tuple[OneSided, ...]


def grouped(run: RunFile) -> bool:
    """Whether a run file says what its findings are: it has such lines, or nothing that would be one."""
    return bool(run.findings) or not (
        any(item.verdict in UNEXPECTED for item in run.records)
        or any(check.counts and not check.holds for item in run.records for check in item.checks)
        or any(line.claim and line.counts and line.contradicts for line in run.comparisons)
    )


def covered(run: RunFile) -> frozenset[Key]:
    """The executions of a run that a known finding covers."""
    return frozenset(key for item in run.findings if item.known for key in _keys(item, item.backend))


def _keys(finding: Finding, backend: str) -> Iterable[Key]:
    return ((backend, case, mode) for case in finding.cases for mode in finding.modes)


def match(
    old: RunFile,
    new: RunFile,
    records: tuple[Mapping[Key, Record], Mapping[Key, Record]],
    matched: Sequence[Pair],
) -> Matched:
    """The findings of both runs, held against each other."""
    left, right = _by_backend(old), _by_backend(new)
    both: list[tuple[Finding, Finding]] = []
    gone: list[OneSided] = []
    fresh: list[OneSided] = []
    missing = "" if grouped(old) and grouped(new) else "one of the two run files does not say what its findings are"
    for pair in matched:
        ours, theirs = left.pop(pair.old.name, {}), right.pop(pair.new.name, {})
        same = [] if missing else list(_same(ours, theirs))
        both += same
        for was, now in same:
            del ours[was.id], theirs[now.id]
        gone += (_one_sided(item, pair.new.name, new, records[1], missing) for item in ours.values())
        fresh += (_one_sided(item, pair.old.name, old, records[0], missing) for item in theirs.values())
    missing = missing or "the other run has no backend of this framework on this device"
    gone += (_one_sided(item, "", new, records[1], missing) for held in left.values() for item in held.values())
    fresh += (_one_sided(item, "", old, records[0], missing) for held in right.values() for item in held.values())
    changes = [FindingChange(was, now, found) for was, now in both if (found := _changes(was, now))]
    changes.sort(key=lambda change: (not change.matters, change.new.backend, change.new.id))
    return Matched(
        _sorted(item for item in fresh if not item.why),
        _sorted(item for item in gone if not item.why),
        tuple(changes),
        len(both) - len(changes),
        _sorted(item for item in gone if item.why),
        _sorted(item for item in fresh if item.why),
    )


def _by_backend(run: RunFile) -> dict[str, dict[str, Finding]]:
    found: defaultdict[str, dict[str, Finding]] = defaultdict(dict)
    for item in run.findings:
        found[item.backend][item.id] = item
    return found


def _sorted(items: Iterable[OneSided]) -> tuple[OneSided, ...]:
    """What fails a run first, then the largest."""
    return tuple(
        sorted(
            items,
            key=lambda item: (not fails(item.finding), -item.finding.support, item.finding.backend, item.finding.id),
        )
    )


def fails(finding: Finding) -> bool:
    """Whether a finding fails a run: the ledger does not know it."""
    return not finding.known


def _same(old: Mapping[str, Finding], new: Mapping[str, Finding]) -> Iterable[tuple[Finding, Finding]]:
    """The findings of two backends that are the same one: by id, else by symptom, claims and APIs.

    Where several are alike, those that share the most cases go together; the direction of comparing plays no part.
    """
    yield from ((old[name], new[name]) for name in sorted(old.keys() & new.keys()))
    alike: defaultdict[_Symptom, tuple[list[Finding], list[Finding]]] = defaultdict(lambda: ([], []))
    for side, (held, other) in enumerate(((old, new), (new, old))):
        for item in held.values():
            if item.id not in other:
                symptom = ("; ".join(sorted(item.symptoms)), tuple(sorted(item.claims)), tuple(sorted(item.apis)))
                alike[symptom][side].append(item)
    for ours, theirs in alike.values():
        options = [(was, now) for was in ours for now in theirs]
        options.sort(key=lambda both: (-_overlap(*both), sorted((both[0].id, both[1].id))))
        taken: set[str] = set()
        for was, now in options:
            if not taken & {was.id, now.id}:
                taken |= {was.id, now.id}
                yield was, now


def _overlap(one: Finding, other: Finding) -> int:
    return len(set(one.cases) & set(other.cases))


def _one_sided(
    finding: Finding, other_backend: str, other: RunFile, records: Mapping[Key, Record], why: str
) -> OneSided:
    there = [records[key] for key in _keys(finding, other_backend) if ran(records, key)]
    failing = sum(item.verdict in UNEXPECTED for item in there)
    stated = {claim.id for claim in other.run.claims}
    unstated = tuple(sorted(set(finding.claims) - stated))
    why = why or ("" if there else _unexecuted(finding, other_backend, records))
    return OneSided(finding, len(there), failing, unstated, why)


def _unexecuted(finding: Finding, backend: str, records: Mapping[Key, Record]) -> str:
    apis = {item.api for item in records.values() if item.backend == backend and item.verdict != "unavailable"}
    if not apis & set(finding.apis):
        return "the other run did not execute its APIs there"
    return "the other run did not execute any of its cases there"


def _changes(old: Finding, new: Finding) -> tuple[Changed, ...]:
    """What changed, in words; the smallest case of the run stands in where a finding was not minimised."""
    found = []
    for field in FIELDS:
        was, now = _value(old, field), _value(new, field)
        if was != now:
            found.append(Changed(new.backend, field, was, now))
    return tuple(found)


def _value(finding: Finding, field: str) -> str:
    value = getattr(finding, field)
    if field == "minimal_call":
        return value or f"case {finding.smallest}"
    return ", ".join(sorted(value)) if isinstance(value, list) else str(value)
