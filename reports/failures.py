"""The failures of a backend in a run: what makes it fail, one by one, and which of them the ledger knows.

A failure is a record with an unexpected verdict, or a comparison that contradicts a claim though neither of its two
calls is unexpected by itself. APIs without claims, which are only partners of comparisons, fail nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from cases.catalogue import apis
from cases.features import Feature
from cases.known import Entry, Ledger
from reports.reading import RunFile
from reports.record import UNEXPECTED, BackendLine, Comparison, Record
from reports.symptoms import facts, failed, symptom
from reports.tables import Size, size


@dataclass(frozen=True)
class Failure:
    """One failing execution, or one comparison (`pair`) that contradicts a claim, with what rules may speak of.

    `record` is the execution, or the left one of a comparison; `verdict` is empty for comparisons.
    """

    record: Record
    verdict: str
    symptom: str
    claims: tuple[str, ...]
    features: Mapping[str, Feature]
    pair: Comparison | None = None

    @cached_property
    def size(self) -> Size:
        """How large the case is."""
        return size(self.record.arguments, self.record.call)

    @property
    def order(self) -> tuple[Size, str, str]:
        """Smallest first, and always in the same order."""
        return self.size, self.record.case, self.record.mode

    @property
    def slugs(self) -> frozenset[str]:
        """The contradicted claims without their API."""
        return frozenset(claim.partition("/")[2] for claim in self.claims)

    def is_of(self, entry: Entry) -> bool:
        """Whether an entry of the ledger covers it."""
        return entry.covers(self.record.api, self.verdict, self.slugs, self.symptom, self.features)


@dataclass(frozen=True)
class Sorted:
    """Failures by the entry that covers them, and those that none does."""

    known: Mapping[str, tuple[Failure, ...]]
    new: tuple[Failure, ...]


def failures(loaded: RunFile, backend: str) -> tuple[Failure, ...]:
    """Everything that fails on a backend, in the order of the file."""
    records = [item for item in loaded.records if item.backend == backend and item.api in apis()]
    found = [unexpected(record) for record in records if symptom(record)]
    by_call = {(item.case, item.mode): item for item in records}
    odd = {(item.backend, item.case, item.mode) for item in loaded.records if item.verdict in UNEXPECTED}
    for line in loaded.comparisons:
        left = by_call.get((line.left, line.left_mode))
        if line.left_backend != backend or left is None or not (line.claim and line.counts and line.contradicts):
            continue
        sides = {(line.left_backend, line.left, line.left_mode), (line.right_backend, line.right, line.right_mode)}
        if odd.isdisjoint(sides):
            found.append(compared(left, line))
    return tuple(found)


def unexpected(record: Record) -> Failure:
    """The failure that a record with an unexpected verdict is."""
    claims = tuple(sorted(check.claim for check in failed(record)))
    return Failure(record, record.verdict, symptom(record), claims, facts(record))


def compared(left: Record, line: Comparison) -> Failure:
    """The failure that a comparison is, of which `left` is the left side's record."""
    return Failure(left, "", line.claim.partition("/")[2], (line.claim,), facts(left), line)


def by_entry(found: Iterable[Failure], entries: Sequence[Entry]) -> Sorted:
    """Failures by the first entry that covers them."""
    known: defaultdict[str, list[Failure]] = defaultdict(list)
    new = []
    for failure in found:
        entry = next((entry for entry in entries if failure.is_of(entry)), None)
        if entry is None:
            new.append(failure)
        else:
            known[entry.name].append(failure)
    return Sorted({name: tuple(items) for name, items in known.items()}, tuple(new))


def entries_of(line: BackendLine, entries: Mapping[str, tuple[Entry, ...]]) -> tuple[Entry, ...]:
    """The entries that speak of a backend of a run."""
    return Ledger(entries).of(line.framework, line.version, line.device, line.capability)
