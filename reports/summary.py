"""The numbers of a run, computed once for every renderer: what each claim's state is on each backend, and why.

A run file goes in, a frozen `Summary` comes out. What the states are is in `reports.states`, how much of the
documentation they cover in `reports.coverage`; records and comparisons are counted in `reports.tables` and
`reports.compared`. APIs without claims, which are only partners of comparisons, appear in no table of APIs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reports import changes, compared, coverage, tables, text
from reports.changes import Change
from reports.compared import Alone, Claimed, Itself, Pair
from reports.coverage import ApiCoverage, Covered, Unmet
from reports.reading import RunFile
from reports.record import UNEXPECTED, VERDICTS, BackendLine, Finding, Verdict
from reports.states import STATES, Standing, State, standings
from reports.tables import Cell, Group, Measured, Tally

__all__ = ["STATES", "BackendSummary", "Standing", "State", "Summary", "summarise"]


@dataclass(frozen=True)
class BackendSummary:
    """One backend: its line of the run file, what it is called, its headline, its states and verdicts by number."""

    line: BackendLine
    label: str
    headline: str
    states: tuple[tuple[State, int], ...]
    claims: int
    executions: int
    unexpected: int
    not_run: int


@dataclass(frozen=True)
class Summary:
    """Everything that a report shows of a run. Orders are fixed: backends and claims as in the run's first line."""

    runfile: RunFile
    notices: tuple[str, ...]
    backends: tuple[BackendSummary, ...]
    apis: tuple[str, ...]
    standings: tuple[Standing, ...]
    cells: dict[tuple[str, str], Cell]
    tallies: tuple[Tally, ...]
    groups: tuple[Group, ...]
    pairs: tuple[Pair, ...]
    documented_pairs: tuple[Claimed, ...]
    itself: tuple[Itself, ...]
    alone: tuple[Alone, ...]
    coverage: tuple[ApiCoverage, ...]
    covered: tuple[Covered, ...]
    unmet: tuple[Unmet, ...]
    changes: tuple[Change, ...]
    looked_at: int
    measured: tuple[Measured, ...]
    findings: tuple[Finding, ...]

    def of(self, *states: State) -> tuple[Standing, ...]:
        """The standings in any of these states, by backend, then as in the ledger."""
        order = {backend.line.name: place for place, backend in enumerate(self.backends)}
        found = [standing for standing in self.standings if standing.state in states]
        return tuple(sorted(found, key=lambda standing: order[standing.backend]))

    def ledger(self) -> dict[str, dict[str, dict[str, Standing]]]:
        """The standings by API, claim and backend."""
        found: dict[str, dict[str, dict[str, Standing]]] = {
            api: {claim.id: {} for claim in self.runfile.run.claims if claim.api == api} for api in self.apis
        }
        for standing in self.standings:
            found[standing.claim.api][standing.claim.id][standing.backend] = standing
        return found

    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdicts that occur, in their usual order."""
        return tuple(verdict for verdict in VERDICTS if any(tally.count(verdict) for tally in self.tallies))


def summarise(runfile: RunFile) -> Summary:
    """Count a run file."""
    run = runfile.run
    apis = tuple(dict.fromkeys(claim.api for claim in run.claims))
    names = [backend.name for backend in run.backends]
    sizes = tables.sizes(runfile)
    counts = tables.tallies(runfile.records, names)
    found = tuple(standings(runfile, sizes))
    return Summary(
        runfile=runfile,
        notices=tuple(_notices(runfile)),
        backends=tuple(_backend(line, found, counts) for line in run.backends),
        apis=apis,
        standings=found,
        cells=tables.matrix(runfile, apis),
        tallies=counts,
        groups=tables.groups(runfile.records, names, sizes),
        pairs=compared.pairs(runfile.comparisons, sizes),
        documented_pairs=compared.claimed(runfile.comparisons, sizes),
        itself=compared.itself(runfile.comparisons, run.claims, names),
        alone=compared.alone(runfile.counterparts),
        coverage=coverage.per_api(apis, run.claims, found, run.coverage),
        covered=tuple(coverage.per_backend(apis, run.backends, found)),
        unmet=coverage.unmet(run.backends, run.claims, found),
        changes=changes.changes(runfile, apis),
        looked_at=changes.looked_at(runfile),
        measured=tables.measured(runfile.properties, names),
        findings=tuple(sorted(runfile.findings, key=lambda item: (bool(item.known), -item.support, item.id))),
    )


def _backend(line: BackendLine, standings: Iterable[Standing], tallies: Iterable[Tally]) -> BackendSummary:
    own = [standing for standing in standings if standing.backend == line.name]
    states = {state: sum(standing.state == state for standing in own) for state in STATES}
    totals = {
        verdict: sum(tally.count(verdict) for tally in tallies if tally.backend == line.name) for verdict in VERDICTS
    }
    not_run = totals.pop("unavailable")
    return BackendSummary(
        line=line,
        label=text.label(line),
        headline=text.headline(line, states, totals, not_run),
        states=tuple((state, count) for state, count in states.items() if count),
        claims=len(own),
        executions=sum(totals.values()),
        unexpected=sum(totals[verdict] for verdict in UNEXPECTED),
        not_run=not_run,
    )


def _notices(runfile: RunFile) -> Iterator[str]:
    records, end = len(runfile.records), runfile.end
    holds = f"What follows counts the {text.counted(records, 'record')} that the file holds."
    if end is None:
        yield f"This run file has no end line: the run was cut short or is still going on. {holds}"
    elif end.interrupted:
        yield f"The run was interrupted. {holds}"
    if end is not None and end.records != records:
        yield f"The end line speaks of {text.counted(end.records, 'record')}. {holds}"
    known = {claim.id for claim in runfile.run.claims}
    strange = {check.claim for record in runfile.records for check in record.checks} - known
    if strange:
        yield f"Checks name {text.counted(len(strange), 'claim')} that the run's first line does not list; not counted."
