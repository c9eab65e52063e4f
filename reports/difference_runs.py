"""What the executions of two runs did differently: verdicts, margins, and where each claim stands.

Two run files and the pairs of their backends go in; frozen rows come out, in an order that the order of the lines has
no part in. An execution is a case in a mode; those that could not run, on either side, are no executions.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeAlias

from reports import tables
from reports.difference_backends import Pair
from reports.reading import RunFile
from reports.record import UNEXPECTED, Record, Verdict
from reports.states import Standing, State, standings

# A margin has moved when it differs by more than STEP, or by more than FACTOR and is worth a look (at least FLOOR).
STEP, FACTOR, FLOOR = 0.05, 2.0, 0.01
# Claims in these states have a case that fails them.
FAILED: frozenset[State] = frozenset({"contradicted", "document", "advice"})

Key: TypeAlias = tuple[str, str, str]  # backend, case, mode


@dataclass(frozen=True)
class Shared:
    """How many executions of a pair of backends are in both runs, and how many in one of them only."""

    old_backend: str
    new_backend: str
    both: int
    only_old: int
    only_new: int


@dataclass(frozen=True)
class VerdictChange:
    """Executions of one API that had one verdict and now have another, with the smallest.

    `known` counts those that a known finding of the new run covers.
    """

    old_backend: str
    new_backend: str
    api: str
    old: Verdict
    new: Verdict
    count: int
    known: int
    case: str
    mode: str
    call: str

    @property
    def worse(self) -> bool:
        """Whether what was not unexpected is so now. What could not run before is not known to have been better."""
        return self.new in UNEXPECTED and self.old not in UNEXPECTED and self.old != "unavailable"


@dataclass(frozen=True)
class MarginMove:
    """The margins of one API in one element type, over the executions that have one in both runs.

    `case` and `mode` name the execution whose margin moved most, from `moved_from` to `moved_to`.
    """

    old_backend: str
    new_backend: str
    api: str
    dtype: str
    executions: int
    old_median: float
    new_median: float
    old_largest: float
    new_largest: float
    case: str
    mode: str
    moved_from: float
    moved_to: float


@dataclass(frozen=True)
class ClaimChange:
    """A claim that stands elsewhere now.

    `case`, `mode` and `call` are its smallest counterexample, in the new run if it has one. `compared` is false where
    that was not run in the other run, so that nothing is known to have changed.
    """

    claim: str
    en: str
    old_backend: str
    new_backend: str
    old: State
    new: State
    compared: bool
    case: str = ""
    mode: str = ""
    call: str = ""


def executions(run: RunFile) -> dict[Key, Record]:
    """The records of a run by backend, case and mode."""
    return {(item.backend, item.case, item.mode): item for item in run.records}


def ran(records: Mapping[Key, Record], key: Key) -> bool:
    """Whether an execution is among the records, and could run."""
    return key in records and records[key].verdict != "unavailable"


def shared(old: Mapping[Key, Record], new: Mapping[Key, Record], matched: Sequence[Pair]) -> tuple[Shared, ...]:
    """How many executions each pair of backends shares."""
    left, right = _by_backend(old), _by_backend(new)
    found = []
    for pair in matched:
        ours, theirs = left[pair.old.name], right[pair.new.name]
        both = len(ours & theirs)
        found.append(Shared(pair.old.name, pair.new.name, both, len(ours) - both, len(theirs) - both))
    return tuple(found)


def _by_backend(records: Mapping[Key, Record]) -> defaultdict[str, set[tuple[str, str]]]:
    found: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for key in records:
        if ran(records, key):
            found[key[0]].add(key[1:])
    return found


def _both(
    old: Mapping[Key, Record], new: Mapping[Key, Record], matched: Sequence[Pair]
) -> Iterator[tuple[Pair, Record, Record]]:
    """The records of the same case in the same mode, on backends that stand for one another."""
    names = {pair.old.name: pair for pair in matched}
    for (backend, case, mode), was in old.items():
        pair = names.get(backend)
        now = new.get((pair.new.name, case, mode)) if pair else None
        if pair is not None and now is not None:
            yield pair, was, now


def verdicts(
    old: Mapping[Key, Record], new: Mapping[Key, Record], matched: Sequence[Pair], known: frozenset[Key]
) -> tuple[VerdictChange, ...]:
    """Every change of verdict by API, with its smallest execution; what became unexpected first, then the largest."""
    rows: defaultdict[tuple[str, str, str, Verdict, Verdict], list[Record]] = defaultdict(list)
    for pair, was, now in _both(old, new, matched):
        if was.verdict != now.verdict:
            rows[pair.old.name, pair.new.name, now.api, was.verdict, now.verdict].append(now)
    found = []
    for key, records in rows.items():
        smallest = min(records, key=lambda item: (tables.size(item.arguments, item.call), item.case, item.mode))
        covered = sum((item.backend, item.case, item.mode) in known for item in records)
        found.append(VerdictChange(*key, len(records), covered, smallest.case, smallest.mode, smallest.call))
    found.sort(key=lambda row: (not row.worse, -row.count, row.new_backend, row.api, row.old, row.new))
    return tuple(found)


def margins(old: Mapping[Key, Record], new: Mapping[Key, Record], matched: Sequence[Pair]) -> tuple[MarginMove, ...]:
    """The APIs and element types whose largest margin moved, or that of one execution by more than STEP."""
    rows: defaultdict[tuple[str, str, str, str], list[tuple[float, float, str, str]]] = defaultdict(list)
    for pair, was, now in _both(old, new, matched):
        if was.margin is not None and now.margin is not None:
            key = (pair.old.name, pair.new.name, now.api, now.dtype)
            rows[key].append((was.margin, now.margin, now.case, now.mode))
    found = []
    for key, held in sorted(rows.items()):
        before, after = [item[0] for item in held], [item[1] for item in held]
        most = max(held, key=lambda item: (abs(item[1] - item[0]), item[2:]))
        if has_moved(max(before), max(after)) or abs(most[1] - most[0]) > STEP:
            middles = median(before), median(after)
            found.append(
                MarginMove(*key, len(held), *middles, max(before), max(after), most[2], most[3], most[0], most[1])
            )
    return tuple(found)


def has_moved(old: float, new: float) -> bool:
    """Whether two largest margins are so far apart that it is said."""
    low, high = sorted((old, new))
    return high - low > STEP or (high >= FLOOR and high > FACTOR * low)


def claims(
    old: RunFile,
    new: RunFile,
    records: tuple[Mapping[Key, Record], Mapping[Key, Record]],
    matched: Sequence[Pair],
) -> tuple[ClaimChange, ...]:
    """The claims of both runs that stand elsewhere, per pair of backends; what is contradicted now comes first."""
    before, after = _standing(old), _standing(new)
    names = {pair.old.name: pair.new.name for pair in matched}
    found = []
    for (claim, backend), was in before.items():
        now = after.get((claim, names.get(backend, "")))
        if now is not None and was.state != now.state:
            found.append(_claim(was, now, records))
    found.sort(key=lambda row: (row.new != "contradicted", row.old, row.new, row.claim, row.new_backend))
    return tuple(found)


def _standing(run: RunFile) -> dict[tuple[str, str], Standing]:
    return {(item.claim.id, item.backend): item for item in standings(run, tables.sizes(run))}


def _claim(was: Standing, now: Standing, records: tuple[Mapping[Key, Record], Mapping[Key, Record]]) -> ClaimChange:
    ends = (was.claim.id, now.claim.en, was.backend, now.backend, was.state, now.state)
    example = now.smallest or was.smallest
    if example is None or (was.state in FAILED and now.state in FAILED):
        return ClaimChange(*ends, True, *_named(now))
    other, backend = (records[0], was.backend) if now.smallest else (records[1], now.backend)
    compared = ran(other, (backend, example.case, example.mode))
    return ClaimChange(*ends, compared, example.case, example.mode, example.call)


def _named(standing: Standing) -> tuple[str, ...]:
    example = standing.smallest
    return (example.case, example.mode, example.call) if example else ()
