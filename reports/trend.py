"""Several runs → versions against claims: which claims do not stand alike everywhere, and since when one fails.

Columns of `reports.trend_columns` go in, a frozen `Trend` comes out. Only what can be compared is compared, within one
framework: a claim that its runs state alike, and of one that fails somewhere and holds elsewhere only where a case that
contradicts it in the one was executed in the other, too. The rest is shown, and called what it is.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from typing import Literal, TypeAlias

from reports.record import ClaimLine
from reports.states import MET, State
from reports.trend_columns import Column, Held, Source

# Beside the states of a claim: not stated in this run; stated otherwise than in the last; holds by other cases only.
Word: TypeAlias = State | Literal["not stated", "restated", "other cases"]
Kind: TypeAlias = Literal["since", "mixed", "until", "always", "never"]
KINDS: tuple[Kind, ...] = Kind.__args__  # type: ignore[attr-defined]
FAILING: frozenset[str] = frozenset({"contradicted", "document", "advice"})


@dataclass(frozen=True)
class Cell:
    """A claim in a column: its state if it can be compared, else why not; and how many cases hold and fail."""

    word: Word
    holding: int = 0
    failing: int = 0

    @property
    def compared(self) -> bool:
        """Whether the claim was held against an outcome here, so that it can be compared."""
        return self.word in MET


@dataclass(frozen=True)
class Since:
    """How a claim fares over the versions of one device, oldest first.

    `kind` is `since` if it held and fails from `failing[0]` on, `until` if it failed and holds from `holding[0]` on,
    `always` or `never` if it fails in all or none, else `mixed`. `both` are versions in which it does either.
    """

    device: str
    kind: Kind
    failing: tuple[str, ...]
    holding: tuple[str, ...]
    both: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A claim over the columns of its part. `case` and `call` are its smallest contradiction in the column `at`."""

    claim: ClaimLine
    cells: tuple[Cell, ...]
    since: tuple[Since, ...]
    case: str = ""
    call: str = ""
    at: int = 0


@dataclass(frozen=True)
class Part:
    """The columns of one framework. `rows` are claims that do not stand alike, `failing` those that fail everywhere.

    `same` counts the claims with one state in all columns, by it; `apart` those that some column does not tell of, and
    that stand alike in the others.
    """

    framework: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    failing: tuple[Row, ...]
    same: Mapping[State, int]
    apart: int


@dataclass(frozen=True)
class Trend:
    """Runs held against one another. `differ` names what the runs were not made with alike; see `_differ`."""

    sources: tuple[Source, ...]
    parts: tuple[Part, ...]
    differ: tuple[str, ...]
    unequal_claims: int


def trend(runs: Iterable[tuple[Source, Sequence[Column]]]) -> Trend:
    """Hold runs against one another."""
    held = list(runs)
    by_framework: defaultdict[str, list[Column]] = defaultdict(list)
    for _, columns in held:
        for column in columns:
            by_framework[column.framework].append(column)
    parts = [
        _part(framework, sorted(columns, key=lambda column: column.order))
        for framework, columns in sorted(by_framework.items())
    ]
    sources = tuple(source for source, _ in held)
    unequal = sum(
        any(cell.word in ("not stated", "restated") for cell in _cells(claim, part.columns))
        for part in parts
        for claim in _claims(part.columns)
    )
    return Trend(sources, tuple(parts), tuple(_differ(sources)), unequal)


def _differ(sources: Sequence[Source]) -> Iterable[str]:
    """What must be alike for the same cases to be run: `suite`, `seed`, `strength`; and `whole` if a run was cut."""
    if len({(item.suite, item.commit) for item in sources}) > 1:
        yield "suite"
    if len({item.seed for item in sources}) > 1:
        yield "seed"
    if len({item.strength for item in sources}) > 1:
        yield "strength"
    if not all(item.whole for item in sources):
        yield "whole"


def _part(framework: str, columns: Sequence[Column]) -> Part:
    rows: list[Row] = []
    failing: list[Row] = []
    same: Counter[State] = Counter()
    apart = 0
    for claim in _claims(columns):
        cells = _cells(claim, columns)
        words = {cell.word for cell in cells if cell.compared}
        if len(words) > 1:
            rows.append(_row(claim, cells, columns))
            continue
        if words & FAILING:
            failing.append(_row(claim, cells, columns))
        if len(distinct := {cell.word for cell in cells}) == 1 and (word := distinct.pop()) in _STATES:
            same[word] += 1  # type: ignore[index]
        else:
            apart += 1
    rows.sort(key=lambda row: min(KINDS.index(item.kind) for item in row.since))
    return Part(framework, tuple(columns), tuple(rows), tuple(failing), dict(same), apart)


_STATES: frozenset[str] = frozenset(State.__args__)  # type: ignore[attr-defined]


def _claims(columns: Sequence[Column]) -> list[ClaimLine]:
    """Every claim as the last run that has it states it, in the order of that run."""
    found: dict[str, ClaimLine] = {}
    for column in sorted(columns, key=lambda column: (column.source.started, column.source.number), reverse=True):
        for name, held in column.claims.items():
            found.setdefault(name, held.claim)
    return list(found.values())


def _cells(claim: ClaimLine, columns: Sequence[Column]) -> list[Cell]:
    every = [column.claims.get(claim.id) for column in columns]
    alike = [held for held in every if held is not None and _meaning(held.claim) == _meaning(claim)]
    contradicting: frozenset[str] = reduce(frozenset.union, (held.failing for held in alike), frozenset())
    return [_cell(held, claim, contradicting) for held in every]


def _cell(held: Held | None, claim: ClaimLine, contradicting: frozenset[str]) -> Cell:
    if held is None:
        return Cell("not stated")
    counts = len(held.holding), len(held.failing)
    if _meaning(held.claim) != _meaning(claim):
        return Cell("restated", *counts)
    if held.state == "holds" and contradicting and contradicting.isdisjoint(held.holding):
        return Cell("other cases", *counts)
    return Cell(held.state, *counts)


def _meaning(claim: ClaimLine) -> tuple[object, ...]:
    """What must be alike for two runs to have held the same claim; a translation or a place may be put better."""
    return claim.kind, claim.en, claim.parameters, claim.overruled, claim.device, claim.advice


def _row(claim: ClaimLine, cells: Sequence[Cell], columns: Sequence[Column]) -> Row:
    at = next(place for place, cell in enumerate(cells) if cell.word in FAILING)
    first = columns[at].claims[claim.id]
    return Row(claim, tuple(cells), tuple(_since(cells, columns)), first.case, first.call, at)


def _since(cells: Sequence[Cell], columns: Sequence[Column]) -> Iterable[Since]:
    """How the claim fares on each device, over its versions in their order."""
    devices: defaultdict[str, dict[str, set[bool]]] = defaultdict(dict)
    for cell, column in zip(cells, columns, strict=True):
        if cell.compared:
            devices[column.device].setdefault(column.version, set()).add(cell.word in FAILING)
    for device, versions in devices.items():
        fails = tuple(name for name, found in versions.items() if found == {True})
        holds = tuple(name for name, found in versions.items() if found == {False})
        both = tuple(name for name, found in versions.items() if len(found) > 1)
        yield Since(device, _kind(list(versions.values())), fails, holds, both)


def _kind(found: Sequence[set[bool]]) -> Kind:
    """The kind of a sequence of versions, of which each is told to fail, to hold, or both."""
    if any(len(item) > 1 for item in found):
        return "mixed"
    fails = [item == {True} for item in found]
    turns = sum(before != after for before, after in pairwise(fails))
    if turns == 0:
        return "always" if fails[0] else "never"
    if turns > 1:
        return "mixed"
    return "since" if fails[-1] else "until"
