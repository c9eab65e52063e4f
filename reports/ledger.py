"""What a run says of the ledger of known differences: which entries occur, which do not, and which are too broad."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cases.catalogue import apis
from cases.known import ANY, Entry
from reports.failures import Failure, Sorted, by_entry, entries_of, failures
from reports.reading import RunFile
from reports.record import BackendLine, Record
from reports.symptoms import claim_slug, facts, row


@dataclass(frozen=True)
class Met:
    """One entry on one backend: the failures that it covers, and the passing cases that it would cover as well."""

    entry: Entry
    failures: tuple[Failure, ...]
    passing: tuple[Record, ...]


@dataclass(frozen=True)
class Held:
    """The ledger against one backend of a run. `ran` are the APIs of it that were run."""

    line: BackendLine
    met: tuple[Met, ...]
    new: tuple[Failure, ...]
    ran: frozenset[str]

    @property
    def absent(self) -> tuple[Entry, ...]:
        """Entries about this backend, and about APIs that were run, of which nothing occurs."""
        return tuple(item.entry for item in self.met if not item.failures and any(map(item.entry.names, self.ran)))

    @property
    def broad(self) -> tuple[Met, ...]:
        """Entries whose rule holds for passing cases, too; but no rule can tell what hangs on earlier calls."""
        return tuple(item for item in self.met if item.passing and item.entry.verdict != "unstable")


def held(loaded: RunFile, line: BackendLine, entries: Mapping[str, tuple[Entry, ...]]) -> Held:
    """Hold the ledger against a backend of a run."""
    ours = entries_of(line, entries)
    found: Sorted = by_entry(failures(loaded, line.name), ours)
    records = [item for item in loaded.records if item.backend == line.name and item.api in apis()]
    passing = _passing(records, ours, found.known)
    met = tuple(Met(entry, found.known.get(entry.name, ()), passing[entry.name]) for entry in ours)
    return Held(line, met, found.new, frozenset(item.api for item in records))


def _passing(
    records: Sequence[Record], entries: Sequence[Entry], known: Mapping[str, Sequence[Failure]]
) -> dict[str, tuple[Record, ...]]:
    """The records that conform, though an entry that speaks of their like covers them.

    Alike are those of the actions of what fails, and with gradients if it is about them, as `reports.grouping` learns.
    """
    found: dict[str, list[Record]] = {entry.name: [] for entry in entries}
    actions = {name: {_action(item.record) for item in items} for name, items in known.items()}
    of_gradients = {name for name, items in known.items() if all("gradient" in item.symptom for item in items)}
    for record in records if entries else ():
        if record.verdict != "conforms":
            continue
        ours = [entry for entry in entries if _alike(entry, record)]
        if ours:
            features = facts(record)
            for entry in ours:
                name = entry.name
                alike = _action(record) in actions.get(name, {_action(record)})
                if name in of_gradients and "gradients" not in record.arguments:
                    alike = False
                if alike and entry.parsed.holds(features):
                    found[name].append(record)
    return {name: tuple(items) for name, items in found.items()}


def _action(record: Record) -> str:
    return str(record.arguments["action"])


def _alike(entry: Entry, record: Record) -> bool:
    """Whether an entry would cover a record if that had failed: by API, by what is documented, by the claims held."""
    if entry.verdict in ("", "unstable") or not entry.names(record.api):
        return False
    invalid = entry.verdict in ("accepts-invalid", "wrong-error")
    if entry.verdict not in ("crashed", "timed-out") and invalid != (row(record) == "invalid"):
        return False
    slugs = {claim_slug(check) for check in record.checks}
    return entry.claims in ((), ANY) or not slugs.isdisjoint(entry.claims)


def notes(found: Sequence[Held]) -> list[str]:
    """What is to be said of the entries, one line each."""
    said = []
    for item in found:
        for entry in item.absent:
            said.append(f"{item.line.name}: the known difference {entry.name!r} does not occur in this run")
        for met in item.broad:
            count = len(met.passing)
            said.append(
                f"{item.line.name}: the known difference {met.entry.name!r} is too broad: it also covers "
                f"{count} passing case{'s' * (count != 1)}, such as {met.passing[0].case}"
            )
    return said
