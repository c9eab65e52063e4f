"""cases × backends → a run file: the order of a run, its budget, its end.

Each backend is a lane in a thread of its own; as many run at once as `jobs` says. What they find streams to the run
file. Ctrl-C, `fail_fast` and the budget end a run early, always with a valid file.
"""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Protocol

from cases.case import Case
from conformance.backends import Backend, Unavailable
from conformance.canary import watch
from conformance.comparisons import comparisons
from conformance.errors import UsageError
from conformance.expected import Prepared, prepare
from conformance.header import header
from conformance.lanes import line_of, plan_of, records
from conformance.options import Options
from conformance.pool import Lane, WorkerFailed
from conformance.runfile import Writer, create, resume
from conformance.schedule import Schedule, schedule
from reports.record import (
    UNEXPECTED,
    BackendLine,
    Comparison,
    Counterpart,
    End,
    Record,
)

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

    writer: Writer
    progress: Progress
    stop: threading.Event
    options: Options
    deadline: float | None
    oracle: Callable[[Case], Prepared]
    done: list[Record] = field(default_factory=list)
    written: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, record: Record) -> None:
        """Write a record, and stop the run if that is what was asked for."""
        self.writer.write(record)
        unexpected = record.verdict in UNEXPECTED
        with self.lock:
            self.done.append(record)
            self.written += 1
        self.progress.advance(record.backend, unexpected)
        if unexpected and self.options.fail_fast:
            self.stop.set()


def run(
    options: Options,
    asked: Sequence[Asked],
    progress: Progress,
    *,
    oracle: Callable[[Case], Prepared] = prepare,
    stop: threading.Event | None = None,
) -> int:
    """Run, write the run file, and return the exit code."""
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
        )
        if not any(whole.work.values()):
            return NOTHING_SELECTED
        first = header(options, lines, whole)
        if options.resume:
            with resume(options.output, first) as (writer, found):
                had = set(found.counterparts)
                return _conduct(
                    options, whole, lanes, writer, found.records, had, progress, oracle, stop, began, missing
                )
        with create(options.output) as writer:
            writer.write(first)
            return _conduct(options, whole, lanes, writer, (), set(), progress, oracle, stop, began, missing)
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
    options: Options,
    whole: Schedule,
    lanes: Sequence[tuple[Lane, BackendLine]],
    writer: Writer,
    before: Sequence[Record],
    had: set[Counterpart],
    progress: Progress,
    oracle: Callable[[Case], Prepared],
    stop: threading.Event,
    began: float,
    missing: bool,
) -> int:
    deadline = None if options.budget is None else began + options.budget
    running = _Running(writer, progress, stop, options, deadline, oracle, done=list(before))
    canary = watch(whole, limit=options.limit)
    for line in whole.counterparts:
        if line not in had:
            writer.write(line)
    interrupted = not _drive(running, whole, lanes, before)
    found: list[Comparison] = []
    if not interrupted:
        found = list(comparisons(whole, running.done))
        for comparison in found:
            writer.write(comparison)
    code = _code(running.done, found, canary=canary, missing=missing, interrupted=interrupted)
    end = End(
        records=len(running.done),
        executions=running.written,
        seconds=round(time.monotonic() - began, 3),
        interrupted=interrupted,
        exit_code=code,
        canary=canary,
    )
    writer.write(end)
    return code


def _drive(
    running: _Running, whole: Schedule, lanes: Sequence[tuple[Lane, BackendLine]], before: Sequence[Record]
) -> bool:
    """Run every lane; False if Ctrl-C ended it."""
    had = {(record.backend, record.case) for record in before}

    def work(lane: Lane, line: BackendLine) -> None:
        cases = [case for case in whole.cases(line.framework) if (line.name, case.id) not in had]
        running.progress.begin(line.name, len(cases))
        for record in records(
            lane,
            line,
            cases,
            oracle=running.oracle,
            deadline=running.deadline,
            confirm_at_once=running.options.fail_fast,
            stop=running.stop,
        ):
            running.take(record)
        lane.close()
        running.progress.finish(line.name)

    with ThreadPoolExecutor(max(1, running.options.jobs), thread_name_prefix="lane") as pool:
        futures: list[Future[None]] = [pool.submit(work, lane, line) for lane, line in lanes]
        try:
            wait(futures)
        except KeyboardInterrupt:
            running.stop.set()
            for future in futures:
                future.cancel()
            wait(futures)
            return False
    for future in futures:
        future.result()
    return True


def _code(
    records: Sequence[Record], found: Sequence[Comparison], *, canary: str, missing: bool, interrupted: bool
) -> int:
    if interrupted:
        return INTERRUPTED
    if canary != "caught":
        return INTERNAL
    if missing:
        return NO_BACKEND
    unexpected = any(record.verdict in UNEXPECTED for record in records)
    unequal = any(item.claim and item.counts and not item.agrees for item in found)
    return UNEXPECTED_FOUND if unexpected or unequal else NOTHING_UNEXPECTED


__all__ = ["Asked", "Options", "Progress", "UsageError", "run"]
