"""`conformance fuzz`: search on several backends, group and explain what was found, pin it, and write a run file.

In the output folder lie the run file, `pinned/` with a smallest case of everything that was found, and `examples/`,
which Hypothesis keeps between searches.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis.database import DirectoryBasedExampleDatabase
from tabulate import tabulate

from cases.case import from_canonical
from cases.documentation import Api
from cases.known import Ledger
from conformance import corpus
from conformance.backends import REFERENCE, Backend, Unavailable
from conformance.campaign import INTERRUPTED, NO_BACKEND, NOTHING_UNEXPECTED, UNEXPECTED_FOUND
from conformance.corpus import Pinned
from conformance.errors import UsageError
from conformance.explain import Effort
from conformance.findings import explained, found
from conformance.fuzz import Bounds, Databases, Ordered, Search
from conformance.fuzz_tally import Tally
from conformance.header import header
from conformance.options import Options
from conformance.pool import WorkerFailed
from conformance.runfile import Writer, create
from conformance.schedule import Schedule
from reports.failures import entries_of
from reports.reading import RunFile
from reports.record import BackendLine, End, Finding, Record, Run

FOLDER = Path("conformance-fuzz")
EXAMPLES = "examples"
EFFORT = Effort(fresh=60, fresh_slow=6, examples=100, seconds=20.0)


@dataclass(frozen=True)
class Order:
    """What was asked for. `explain` is how many seconds explaining what was found may take, after the search."""

    apis: tuple[Api, ...]
    bounds: Bounds
    output: Path = FOLDER
    jobs: int = 2
    explain: float = 120.0
    command: tuple[str, ...] = ()


@dataclass
class Fuzzed:
    """What came of it: per backend what was counted, the findings, the files of the pinned cases, the exit code."""

    path: Path
    tallies: dict[str, Tally]
    findings: list[Finding]
    interrupted: bool
    code: int = NOTHING_UNEXPECTED
    pinned: list[Path] = field(default_factory=list)

    @property
    def new(self) -> list[Finding]:
        """What the ledger does not know."""
        return [item for item in self.findings if not item.known]


def fuzz(
    order: Order,
    backends: Sequence[tuple[Backend | Unavailable, bool]],
    ledger: Ledger,
    *,
    say: Callable[[str], None] = lambda text: None,
    stop: threading.Event | None = None,
) -> Fuzzed | None:
    """Search, and write what was found; None if there is no backend. Each of them comes with whether it was named.

    A KeyboardInterrupt ends the search, and what was found until then is written.
    """
    stop = stop or threading.Event()
    pinned = (*corpus.shipped(), *corpus.read(order.output / corpus.FOLDER))
    searches: dict[str, Search] = {}
    lines, used, missing = list[BackendLine](), dict[str, Backend](), False
    with ExitStack() as stack:
        for backend, named in backends:
            selected = _selected(order, backend.specification.framework)
            if not selected:
                say(f"{backend.specification}: none of the selected APIs is of this framework")
                continue
            why = f"{backend.reason} {backend.way_out}" if isinstance(backend, Unavailable) else ""
            if isinstance(backend, Backend):
                search = Search(backend, selected, order.bounds, database=_databases(order.output), stop=stop, say=say)
                try:
                    stack.enter_context(search)
                except WorkerFailed as failure:
                    why = f"its worker does not start: {failure.reason} {' '.join(failure.stderr.split())[-300:]}"
                else:
                    searches[search.line.name], used[search.line.name] = search, backend
                    lines.append(search.line)
                    continue
            missing = missing or named
            lines.append(_absent(backend, why.strip()))
            say(f"{lines[-1].name}: unavailable. {lines[-1].unavailable}")
        if not lines:
            raise UsageError("no backend has any of the selected APIs", "loosen the patterns, or name another -b")
        if not searches:
            return None
        first = _header(order, lines)
        with create(order.output) as writer:
            writer.write(first)
            interrupted = _searched(searches, order.jobs, ledger, pinned, writer, stop)
            done = _finished(order, first, searches, used, ledger, writer, say=say, interrupted=interrupted)
            done.code = _code(done, missing=missing)
            writer.write(_end(done))
    return done


def _databases(output: Path) -> Databases:
    return lambda name: Ordered(DirectoryBasedExampleDatabase(output / EXAMPLES / name.replace(" ", "-")))


def _selected(order: Order, framework: str) -> tuple[Api, ...]:
    return tuple(api for api in order.apis if framework in (api.framework, REFERENCE))


def _absent(backend: Backend | Unavailable, why: str) -> BackendLine:
    asked = backend.specification
    return BackendLine(
        name=str(asked).partition("@")[0], framework=asked.framework, device=asked.device, unavailable=why
    )


def _header(order: Order, lines: Sequence[BackendLine]) -> Run:
    whole = Schedule(plans=(), work={}, counterparts=(), claimed=(), apis=order.apis)
    return header(Options(order.apis, order.output, order.bounds.seed, command=order.command), lines, whole)


def _searched(
    searches: Mapping[str, Search],
    jobs: int,
    ledger: Ledger,
    pinned: Sequence[Pinned],
    writer: Writer,
    stop: threading.Event,
) -> bool:
    """Search on every backend, and write failing records as they come; True if Ctrl-C ended it."""

    def work(search: Search) -> None:
        search.run(entries_of(search.line, ledger.entries), pinned, writer.write)

    with ThreadPoolExecutor(max(1, jobs), thread_name_prefix="fuzz") as pool:
        futures: list[Future[None]] = [pool.submit(work, search) for search in searches.values()]
        interrupted = False
        try:
            wait(futures)
        except KeyboardInterrupt:
            interrupted = True
            stop.set()
            for future in futures:
                future.cancel()
            wait(futures)
    for future in futures:
        if not future.cancelled():
            future.result()
    return interrupted


def _finished(
    order: Order,
    first: Run,
    searches: Mapping[str, Search],
    used: Mapping[str, Backend],
    ledger: Ledger,
    writer: Writer,
    *,
    say: Callable[[str], None],
    interrupted: bool,
) -> Fuzzed:
    """Write what passes, group and explain what fails, and pin it."""
    tallies = {name: search.tally for name, search in searches.items()}
    records: list[Record] = []
    for tally in tallies.values():
        records += tally.kept.values()
        for record in tally.passing:
            writer.write(record)
            records.append(record)
    loaded = RunFile(writer.path, first, tuple(records), (), (), None)
    made = found(loaded, ledger)
    findings, new = list(made.findings), made.new
    if new and order.explain and not interrupted:
        say(f"{len(new)} findings that are not known; explaining them for at most {order.explain:g} s")
        try:
            done = explained(loaded, new, used, effort=EFFORT, jobs=order.jobs, seconds=order.explain, say=say)
        except KeyboardInterrupt:
            interrupted, done = True, list(new)
        by_id = {(item.backend, item.id): item for item in done}
        findings = [by_id.get((item.backend, item.id), item) for item in findings]
    for finding in findings:
        writer.write(finding)
    fuzzed = Fuzzed(writer.path, tallies, findings, interrupted)
    for finding in fuzzed.new:
        fuzzed.pinned.append(corpus.write(order.output / corpus.FOLDER, _pinned(finding, loaded)))
    return fuzzed


def _pinned(finding: Finding, loaded: RunFile) -> Pinned:
    """The smallest case of a finding, to be kept."""
    wanted = (finding.smallest, finding.backend)
    record = next(item for item in loaded.records if (item.case, item.backend) == wanted)
    case = from_canonical(finding.minimal or record.arguments)
    return Pinned(case, finding.backend, finding.verdict, finding.symptoms[0], tuple(finding.claims))


def _code(done: Fuzzed, *, missing: bool) -> int:
    if done.interrupted:
        return INTERRUPTED
    if missing or any(tally.lost for tally in done.tallies.values()):
        return NO_BACKEND
    return UNEXPECTED_FOUND if done.new else NOTHING_UNEXPECTED


def _end(done: Fuzzed) -> End:
    tallies = done.tallies.values()
    return End(
        records=sum(len(tally.kept) + len(list(tally.passing)) for tally in tallies),
        executions=sum(tally.executions for tally in tallies),
        seconds=round(max(tally.seconds for tally in tallies), 3),
        interrupted=done.interrupted,
        exit_code=done.code,
        canary="",
        known=sum(tally.known for tally in tallies),
        new=len(done.new),
    )


def told(done: Fuzzed) -> list[str]:
    """What is printed in the end, besides the findings themselves."""
    rows = []
    for name, tally in done.tallies.items():
        ours = [item for item in done.findings if item.backend == name]
        new = sum(not item.known for item in ours)
        rate = f"{tally.rate:.0f}"
        rows.append((name, tally.executions, rate, len(ours), new, tally.known, tally.duplicates))
    heads = ("backend", "executions", "per second", "findings", "not known", "known failures", "duplicates")
    said = [tabulate(rows, heads, tablefmt="github")]
    for name, tally in done.tallies.items():
        if tally.lost:
            said.append(f"{name} was lost on the way: {tally.lost}")
        said += [f"{name}: the pinned case {item.case.id} fails no more: {item.case.show()}" for item in tally.gone]
    said += [f"pinned: {path}" for path in done.pinned]
    return [*said, f"run file: {done.path}"]
