"""cases × backends → a run file: the order of a run, its budget, its end.

Each backend is a lane in a thread of its own; as many run at once as `jobs` says. What they find streams to the run
file. Ctrl-C, `fail_fast` and the budget end a run early, always with a valid file.
"""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Protocol, TypeAlias

from cases.case import Case
from cases.catalogue import apis
from cases.known import Entry, Ledger
from cases.written import written
from conformance.backends import Backend, Unavailable
from conformance.canary import watch
from conformance.comparisons import comparisons
from conformance.drift import drifts
from conformance.expected import prepare
from conformance.findings import Found, found
from conformance.header import header
from conformance.lanes import Oracle, line_of, plan_of, records
from conformance.options import Options
from conformance.outcome import Outcome
from conformance.pool import NO_WORKER, Lane, WorkerFailed
from conformance.properties import properties
from conformance.runfile import Writer, create, output_file, resume
from conformance.schedule import Schedule, schedule
from reports.failures import entries_of, unexpected
from reports.ledger import notes
from reports.reading import RunFile
from reports.record import (
    UNEXPECTED,
    BackendLine,
    Comparison,
    Counterpart,
    Drift,
    End,
    Finding,
    Record,
    Run,
)

Explain: TypeAlias = Callable[[RunFile, Sequence[Finding]], Sequence[Finding]]

NOTHING_UNEXPECTED, UNEXPECTED_FOUND, INTERNAL, NO_BACKEND, NOTHING_SELECTED, INTERRUPTED = 0, 1, 3, 4, 5, 130


class Progress(Protocol):
    """What a run tells whoever watches it."""

    def say(self, text: str) -> None:
        """A line of its own."""

    def begin(self, backend: str, total: int) -> None:
        """A lane has so many cases before it."""

    def advance(self, backend: str, unexpected: bool) -> None:
        """One more record of a lane."""

    def finish(self, backend: str) -> None:
        """A lane is done."""


@dataclass(frozen=True)
class Asked:
    """A backend of a run, resolved; `named` if the user asked for it by name."""

    backend: Backend | Unavailable
    named: bool


@dataclass
class _Running:
    """The state that the lanes of one run share."""

    progress: Progress
    stop: threading.Event
    options: Options
    oracle: Oracle
    began: float
    ledger: Ledger
    entries: dict[str, tuple[Entry, ...]]
    explain: Explain
    done: list[Record] = field(default_factory=list)
    executions: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, record: Record, writer: Writer) -> None:
        """Write a record, and stop the run if that is what was asked for."""
        writer.write(record)
        is_new = self.is_new(record)
        with self.lock:
            self.done.append(record)
            self.executions += 1
        self.progress.advance(record.backend, is_new)
        if is_new and self.options.fail_fast:
            self.stop.set()

    def is_new(self, record: Record) -> bool:
        """Whether a record is a failure that the ledger does not know."""
        if record.verdict not in UNEXPECTED or record.api not in apis():
            return False
        entries = self.entries.get(record.backend, ())
        return not entries or not any(map(unexpected(record).is_of, entries))


def run(
    options: Options,
    asked: Sequence[Asked],
    progress: Progress,
    *,
    oracle: Oracle = prepare,
    stop: threading.Event | None = None,
    written: Callable[[Path], None] = lambda path: None,
    known: Ledger | None = None,
    explain: Explain = lambda loaded, new: new,
) -> int:
    """Run, write the run file, and return the exit code. `written` is told of the file once its end line is there.

    `known` is the ledger of differences that fail nothing; without one, every difference is new. `explain` is given
    the new findings of a whole run, and gives them back with all that it can learn of them.
    """
    began = time.monotonic()
    stop = stop or threading.Event()
    lanes: list[tuple[Lane, BackendLine]] = []
    lines: list[BackendLine] = []
    missing = False
    try:
        for item in asked:
            line, lane = _started(item.backend, options, stop)
            lines.append(line)
            if lane is None:
                missing = missing or item.named
                progress.say(f"{line.name}: unavailable. {line.unavailable}")
            else:
                lanes.append((lane, line))
        if not lanes:
            return NO_BACKEND
        whole = schedule(
            options.apis,
            tuple(dict.fromkeys(line.framework for _, line in lanes)),
            seed=options.seed,
            strength=options.strength,
            max_cases=options.max_cases,
            only=options.only,
            pinned=options.pinned,
        )
        if not any(whole.work.values()):
            return NOTHING_SELECTED
        first = header(options, lines, whole)
        ledger = known or Ledger({})
        entries = {line.name: entries_of(line, ledger.entries) for _, line in lanes}
        running = _Running(progress, stop, options, oracle, began, ledger, entries, explain)
        if options.resume:
            with resume(options.output, first) as (writer, before):
                running.done = list(before.records)
                code = _conduct(running, writer, whole, lanes, first, frozenset(before.counterparts), missing=missing)
        else:
            with create(options.output) as writer:
                writer.write(first)
                code = _conduct(running, writer, whole, lanes, first, frozenset(), missing=missing)
        written(output_file(options.output))
        return code
    finally:
        for lane, _ in lanes:
            lane.close()


def _started(
    backend: Backend | Unavailable, options: Options, stop: threading.Event
) -> tuple[BackendLine, Lane | None]:
    if isinstance(backend, Unavailable):
        return _absent(str(backend.specification), f"{backend.reason} {backend.way_out}"), None
    lane = Lane(plan_of(backend, options.memory_limit), limit=options.limit, stop=stop)
    try:
        return line_of(backend, lane.start()), lane
    except WorkerFailed as failure:
        lane.close()
        said = " ".join(failure.stderr.split())[-300:]
        return _absent(backend.name, f"its worker does not start: {failure.reason} {said}".strip()), None


def _absent(name: str, why: str) -> BackendLine:
    plain, _, device = name.partition("@")[0].partition(":")
    return BackendLine(name=name, framework=plain.partition("==")[0], device=device, unavailable=why)


def _conduct(
    running: _Running,
    writer: Writer,
    whole: Schedule,
    lanes: Sequence[tuple[Lane, BackendLine]],
    first: Run,
    had: frozenset[Counterpart],
    *,
    missing: bool,
) -> int:
    """Run the canary and every lane, compare, write the end line, and return the exit code."""
    canary = watch(whole, limit=running.options.limit)
    for line in whole.counterparts:
        if line not in had:
            writer.write(line)
    interrupted = not _drive(running, writer, whole, lanes)
    compared: list[Comparison] = []
    made = Found((), ())
    if not interrupted:
        compared = list(comparisons(whole, running.done))
        for comparison in compared:
            writer.write(comparison)
        for measured in properties(running.done):
            writer.write(measured)
        try:
            made = _found(running, writer, first, compared)
        except KeyboardInterrupt:  # while findings are explained
            interrupted = True
    new = sum(len(item.new) for item in made.held)
    said = notes(made.held) if _is_whole(running.options) else []
    for note in said:
        running.progress.say(note)
    failing = new > 0 or (running.options.strict_known and bool(said))
    code = _code(running.done, failing=failing, canary=canary, missing=missing, interrupted=interrupted)
    end = End(
        records=len(running.done),
        executions=running.executions,
        seconds=round(time.monotonic() - running.began, 3),
        interrupted=interrupted,
        exit_code=code,
        canary=canary,
        known=sum(len(met.failures) for item in made.held for met in item.met),
        new=new,
        ledger=said,
    )
    writer.write(end)
    return code


def _found(running: _Running, writer: Writer, first: Run, compared: Sequence[Comparison]) -> Found:
    """The findings of a run, those that are new explained, and written."""
    loaded = RunFile(writer.path, first, tuple(running.done), (), tuple(compared), None)
    made = found(loaded, running.ledger)
    explained = {(item.backend, item.id): item for item in running.explain(loaded, made.new)} if made.new else {}
    for item in made.findings:
        writer.write(explained.get((item.backend, item.id), item))
    return made


def _is_whole(options: Options) -> bool:
    """Whether every case that the ledger may speak of was run."""
    return options.max_cases is None and not options.only and options.budget is None and not options.fail_fast


def _drive(running: _Running, writer: Writer, whole: Schedule, lanes: Sequence[tuple[Lane, BackendLine]]) -> bool:
    """Run every lane; False if something from outside, such as Ctrl-C, ended it."""
    options, stop = running.options, running.stop
    had = {(record.backend, record.mode, record.case) for record in running.done}
    deadline = None if options.budget is None else running.began + options.budget

    def work(lane: Lane, line: BackendLine) -> None:
        left = {
            mode: [case for case in cases if (line.name, mode, case.id) not in had]
            for mode, cases in whole.tasks(line).items()
        }
        running.progress.begin(line.name, sum(map(len, left.values())))
        for mode, cases in left.items():
            rest, before = cases, -1
            while rest and before != len(rest):
                before = len(rest)
                made = records(
                    lane,
                    line,
                    rest,
                    mode,
                    kept=whole.kept,
                    observe=lambda case, outcome: _drifted(case, outcome, line, writer),
                    oracle=running.oracle,
                    deadline=deadline,
                    at_once=running.is_new if options.fail_fast else None,
                    stop=stop,
                )
                for record in made:
                    running.take(record, writer)
                    had.add((record.backend, record.mode, record.case))
                # What was confirmed at once and turned out to be known, as unstable, ended the lane but not the run.
                again = options.fail_fast and not stop.is_set()
                rest = [case for case in rest if (line.name, mode, case.id) not in had] if again else []
        lane.close()
        wanted = [(line.name, mode, case.id) for mode, cases in left.items() for case in cases]
        count = sum(task in had for task in wanted)
        if count < len(wanted) and deadline is None and not stop.is_set():
            raise RuntimeError(f"{line.name} ended after {count} of {len(wanted)} cases, and nobody asked it to")
        running.progress.finish(line.name)

    with ThreadPoolExecutor(max(1, options.jobs), thread_name_prefix="lane") as pool:
        futures: list[Future[None]] = [pool.submit(work, lane, line) for lane, line in lanes]
        try:
            wait(futures)
        except KeyboardInterrupt:
            stop.set()
            for future in futures:
                future.cancel()
            wait(futures)
            return False
    for future in futures:
        future.result()
    return options.fail_fast or not stop.is_set()


_written = cache(written)


def _drifted(case: Case, outcome: Outcome, line: BackendLine, writer: Writer) -> None:
    """Write in what the documentation here differs from what the claims were written from."""
    for change in drifts(case.api, line.name, outcome, _written()):
        writer.write(Drift(**asdict(change)))


def _code(records: Sequence[Record], *, failing: bool, canary: str, missing: bool, interrupted: bool) -> int:
    if interrupted:
        return INTERRUPTED
    if canary != "caught":
        return INTERNAL
    # A backend whose workers no longer start has not been held against anything since.
    lost = any(record.actual.message.startswith(NO_WORKER) for record in records if record.verdict == "unavailable")
    if missing or lost:
        return NO_BACKEND
    return UNEXPECTED_FOUND if failing else NOTHING_UNEXPECTED


__all__ = ["Asked", "Options", "Progress", "run"]
