"""The numbers of a run, computed once for every renderer: what each claim's state is on each backend, and why.

A run file goes in, a frozen `Summary` comes out. A claim belongs to the backends of its own framework; the NumPy
reference runs all APIs. Nothing that did not run counts as holding or as contradicted, and a claim that a ruling
overrules is a finding about its document, counted apart.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from reports import tables, text
from reports.record import UNEXPECTED, VERDICTS, BackendLine, ClaimLine, Comparison, CoverageLine, RunFile, Verdict
from reports.tables import Alone, Cell, Claimed, Example, Group, Pair, Tally

State = Literal["contradicted", "document", "holds", "unchecked", "unavailable", "not exercised"]
STATES: tuple[State, ...] = ("contradicted", "document", "holds", "unchecked", "unavailable", "not exercised")


@dataclass(frozen=True)
class Standing:
    """One claim on one backend. `held` and `failed` count its checks; `smallest` is the smallest that failed.

    `versions` are those of the claim's documents that document another version than the backend's.
    """

    claim: ClaimLine
    backend: str
    state: State
    held: int
    failed: int
    smallest: Example | None
    versions: tuple[str, ...]

    @property
    def label(self) -> str:
        """The state in words that stand alone."""
        if self.state == "document":
            return f"contradicted (document overruled by ruling {self.claim.overruled})"
        return "not checked" if self.state == "unchecked" else self.state


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
class ApiCoverage:
    """How much of an API's documentation is stated, checked by this suite, and exercised in this run."""

    api: str
    stated: int
    checked: int
    exercised: int
    domain: CoverageLine | None


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
    alone: tuple[Alone, ...]
    coverage: tuple[ApiCoverage, ...]

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
    apis = tuple(dict.fromkeys([claim.api for claim in run.claims] + sorted({item.api for item in runfile.records})))
    names = [backend.name for backend in run.backends]
    tallies = tables.tallies(runfile.records, names)
    standings = tuple(_standings(runfile))
    return Summary(
        runfile=runfile,
        notices=tuple(_notices(runfile)),
        backends=tuple(_backend(line, standings, tallies) for line in run.backends),
        apis=apis,
        standings=standings,
        cells=tables.matrix(runfile, apis),
        tallies=tallies,
        groups=tables.groups(runfile.records, names),
        pairs=tables.pairs((line for line in runfile.comparisons if not line.claim), tables.sizes(runfile)),
        documented_pairs=tables.claimed(runfile.comparisons, tables.sizes(runfile)),
        alone=tables.alone(runfile.counterparts),
        coverage=tuple(_coverage(api, runfile, standings) for api in apis),
    )


def _standings(runfile: RunFile) -> Iterator[Standing]:
    run = runfile.run
    versions = {document.key: document.version for document in run.documents}
    held, failed = _checks(runfile)
    for claim in run.claims:
        for backend in run.backends:
            if tables.runs(backend.framework, claim.api):
                holding, failures = held[claim.id, backend.name], failed[claim.id, backend.name]
                yield Standing(
                    claim,
                    backend.name,
                    _state(claim, backend, holding, len(failures)),
                    holding,
                    len(failures),
                    min(failures, key=lambda example: example.order, default=None),
                    _other_versions(claim, backend, versions),
                )


def _checks(runfile: RunFile) -> tuple[Counter[tuple[str, str]], defaultdict[tuple[str, str], list[Example]]]:
    """How many checks held, and the examples of those that did not, by claim and backend."""
    held: Counter[tuple[str, str]] = Counter()
    failed: defaultdict[tuple[str, str], list[Example]] = defaultdict(list)
    for record in runfile.records:
        for check in record.checks:
            if check.holds:
                held[check.claim, record.backend] += 1
            else:
                failed[check.claim, record.backend].append(tables.example(record, check.detail))
    idle = {(item.case, item.backend) for item in runfile.records if item.verdict == "unavailable"}
    gone = {backend.name for backend in runfile.run.backends if backend.unavailable}
    sizes = tables.sizes(runfile)
    for line in runfile.comparisons:
        if line.claim and line.agrees:
            held[line.claim, line.left_backend] += 1
        elif line.claim and not _never_ran(line, idle, gone):
            failed[line.claim, line.left_backend].append(tables.pair_example(line, sizes))
    return held, failed


def _never_ran(line: Comparison, idle: set[tuple[str, str]], gone: set[str]) -> bool:
    """Whether one side of a comparison is missing because it could not run at all: that contradicts nothing."""
    sides = ((line.left, line.left_backend), (line.right, line.right_backend))
    missing = "missing" in (line.shapes, line.values)
    return missing and any(side in idle or side[1] in gone for side in sides)


def _state(claim: ClaimLine, backend: BackendLine, held: int, failed: int) -> State:
    if failed:
        return "document" if claim.overruled else "contradicted"
    if held:
        return "holds"
    if claim.unchecked:
        return "unchecked"
    return "unavailable" if backend.unavailable else "not exercised"


def _other_versions(claim: ClaimLine, backend: BackendLine, versions: dict[str, str]) -> tuple[str, ...]:
    if backend.framework != claim.api.partition(".")[0] or not backend.version:
        return ()
    stated = dict.fromkeys(versions.get(key, "") for key, _ in claim.sources)
    return tuple(version for version in stated if version and not same_version(version, backend.version))


def same_version(documented: str, installed: str) -> bool:
    """Whether a document's version is the installed one: `2.9` and `2.9.0` both document `2.9.0+cpu`."""
    wanted, have = documented.removeprefix("v").split("."), installed.partition("+")[0].split(".")
    return wanted == have[: len(wanted)]


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


def _coverage(api: str, runfile: RunFile, standings: Iterable[Standing]) -> ApiCoverage:
    claims = [claim for claim in runfile.run.claims if claim.api == api]
    met = {item.claim.id for item in standings if item.state in ("holds", "contradicted", "document")}
    domains = {line.api: line for line in runfile.run.coverage}
    checked = sum(not claim.unchecked for claim in claims)
    return ApiCoverage(api, len(claims), checked, sum(claim.id in met for claim in claims), domains.get(api))


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
