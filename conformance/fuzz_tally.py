"""What a search counts and keeps: failures by their kind, those that the ledger knows, and some of what passes.

In go records, judged; what is kept of them is enough to learn rules from, and small however long the search takes.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from cases.catalogue import apis
from cases.known import Entry
from conformance.corpus import Pinned
from reports.failures import Failure
from reports.record import Record
from reports.symptoms import symptom

DEATHS = ("crashed", "timed-out")
KEPT_FAILING, KEPT_KNOWN, KEPT_PASSING = 200, 3, 60  # records that are kept: of a kind, of an entry, of an API
Kind: TypeAlias = tuple[str, str, str, frozenset[str]]


def kind(failure: Failure) -> Kind:
    """What tells one failure from another before any rule is known: verdict, symptom, operator, contradicted claims."""
    return failure.verdict, failure.symptom, apis()[failure.record.api].operator, failure.slugs


def happened(record: Record) -> tuple[object, ...]:
    """What two runs of one case must agree in."""
    actual = record.actual
    arrays = () if record.verdict in DEATHS else (actual.array, sorted(actual.others.items()))
    return record.verdict, symptom(record), actual.error, actual.stage, repr(arrays)


@dataclass
class Tally:
    """What came of a search on one backend so far.

    `entries` are those of the ledger that speak of the backend; `take` is given every failing record that is kept.
    `kinds` are the failures that the ledger does not know, each by its smallest record that is known of; `duplicates`
    counts the others of those kinds. `gone` are pinned cases that fail no more. `lost` says why the backend could not
    be asked to the end; `seconds` are those of the search.
    """

    entries: Sequence[Entry] = ()
    take: Callable[[Record], None] = lambda record: None
    seed: int = 0
    executions: int = 0
    seconds: float = 0.0
    known: int = 0
    duplicates: int = 0
    kinds: dict[Kind, Record] = field(default_factory=dict)
    kept: dict[str, Record] = field(default_factory=dict)
    gone: list[Pinned] = field(default_factory=list)
    lost: str = ""

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._counts: Counter[str | Kind] = Counter()
        self._passing: defaultdict[str, list[Record]] = defaultdict(list)
        self._passed: Counter[str] = Counter()
        self._had: set[str] = set()  # cases that passed: shrinking meets one again that was drawn before

    @property
    def rate(self) -> float:
        """Executions per second."""
        return self.executions / self.seconds if self.seconds else 0.0

    @property
    def distinct(self) -> int:
        """The kinds that the ledger does not know; those that were shrunk to the same case are one."""
        return len({record.case for record in self.kinds.values()})

    @property
    def passing(self) -> Iterator[Record]:
        """What passes and is kept."""
        return (record for records in self._passing.values() for record in records if record.case not in self.kept)

    def is_known(self, failure: Failure) -> bool:
        """Whether the ledger covers a failure; if so, it is counted."""
        entry = next((entry for entry in self.entries if failure.is_of(entry)), None)
        if entry is None:
            return False
        self.known += 1
        self._keep(failure.record, entry.name, KEPT_KNOWN)
        return True

    def is_met(self, failure: Failure) -> bool:
        """Whether a failure of this kind was found before; if so, it is counted."""
        if kind(failure) not in self.kinds:
            return False
        self.duplicates += 1
        self._keep(failure.record, kind(failure), KEPT_FAILING)
        return True

    def found(self, failure: Failure) -> None:
        """A failure of a kind that was not found before."""
        self.kinds[kind(failure)] = failure.record
        self._keep(failure.record, kind(failure), KEPT_FAILING)

    def shrunk(self, failure: Failure, smallest: Failure) -> None:
        """What a failure was shrunk to; it may turn out to be one that was found before, and is that one then."""
        self.kinds[kind(failure)] = smallest.record
        self.kinds.setdefault(kind(smallest), smallest.record)
        if smallest.record.case not in self.kept:
            self.kept[smallest.record.case] = smallest.record
            self.take(smallest.record)

    def also(self, failure: Failure, record: Record) -> None:
        """Another record that fails as this failure does, met when that was shrunk."""
        self._keep(record, kind(failure), KEPT_FAILING)

    def passes(self, record: Record) -> None:
        """Keep some of what passes, each with the same chance: without them no rule could be learned."""
        if record.verdict == "unavailable" or record.case in self._had:
            return
        self._had.add(record.case)
        kept = self._passing[record.api]
        self._passed[record.api] += 1
        if len(kept) < KEPT_PASSING:
            kept.append(record)
        elif (place := self._chance.randrange(self._passed[record.api])) < KEPT_PASSING:
            kept[place] = record

    def _keep(self, record: Record, what: str | Kind, most: int) -> None:
        """Keep a failing record, of each kind at most so many: rules are learned from them."""
        if self._counts[what] < most and record.case not in self.kept:
            self._counts[what] += 1
            self.kept[record.case] = record
            self.take(record)
