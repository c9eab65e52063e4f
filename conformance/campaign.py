"""cases × backends → a run file: the order of a run, its budget, its end.

Each backend is a lane in a thread of its own; as many run at once as `jobs` says. What they find streams to the run
file. Ctrl-C, `fail_fast` and the budget end a run early, always with a valid file.
"""

import os
import platform
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import numpy as np

from cases.catalogue import operators
from cases.documentation import Claim, Unchecked
from conformance import __version__
from conformance.backends import Backend, Unavailable
from conformance.canary import watch
from conformance.comparisons import comparisons
from conformance.errors import UsageError
from conformance.expected import Prepared, prepare
from conformance.lanes import line_of, plan_of, records
from conformance.pool import Lane, WorkerFailed
from conformance.runfile import Writer, create, resume
from conformance.schedule import Schedule, schedule
from cases.case import Case
from cases.documentation import Api
from reports.record import (
    FORMAT,
    UNEXPECTED,
    BackendLine,
    ClaimLine,
    Comparison,
    Counterpart,
    CoverageLine,
    DocumentLine,
    End,
    Record,
    RulingLine,
    Run,
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
class Options:
    """What was asked of a run."""

    apis: tuple[Api, ...]
    output: Path
    seed: int = 0
    strength: int = 2
    max_cases: int | None = None
    only: tuple[str, ...] = ()
    budget: float | None = None
    jobs: int = 2
    limit: float = 30.0
    memory_limit: int | None = None
    fail_fast: bool = False
    resume: bool = False
    command: tuple[str, ...] = ()


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
        header = _header(options, lines, whole)
        if options.resume:
            with resume(options.output, header) as (writer, found):
                had = set(found.counterparts)
                return _conduct(
                    options, whole, lanes, writer, found.records, had, progress, oracle, stop, began, missing
                )
        with create(options.output) as writer:
            writer.write(header)
            return _conduct(options, whole, lanes, writer, (), set(), progress, oracle, stop, began, missing)
    finally:
        for lane, _ in lanes:
            lane.close()


def _started(backend: Backend | Unavailable, options: Options, stop: threading.Event) -> tuple[BackendLine, Lane | None]:
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
    framework, _, rest = name.partition("=")
    return BackendLine(name=name, framework=framework.partition(":")[0], device=name.partition(":")[2], unavailable=why)


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


def _header(options: Options, backends: Sequence[BackendLine], whole: Schedule) -> Run:
    used = [operators()[name] for name in dict.fromkeys(api.operator for api in whole.apis)]
    return Run(
        format=FORMAT,
        suite=__version__,
        commit=_commit(),
        command=list(options.command),
        seed=options.seed,
        strength=options.strength,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        machine=_machine(),
        backends=list(backends),
        documents=[
            DocumentLine(key=item.key, title=item.title, language=item.language, version=item.version)
            for operator in used
            for item in operator.DOCUMENTS
        ],
        rulings=[
            RulingLine(id=item.id, en=item.text.en, zh=item.text.zh) for operator in used for item in operator.RULINGS
        ],
        claims=[_claim(claim) for api in whole.apis for claim in api.claims],
        coverage=[
            CoverageLine(
                api=plan.api,
                valid=plan.valid,
                invalid=plan.invalid,
                strength=plan.strength,
                tuples=plan.tuples,
                covered=plan.covered,
                infeasible=plan.infeasible,
            )
            for plan in whole.plans
        ],
    )


def _claim(claim: Claim) -> ClaimLine:
    return ClaimLine(
        id=claim.id,
        api=claim.api,
        kind=claim.kind.value,
        en=claim.text.en,
        zh=claim.text.zh,
        sources=[(source.document.key, source.place) for source in claim.sources],
        parameters=list(claim.parameters),
        overruled=claim.overruled.id if claim.overruled else "",
        unchecked=claim.detail.reason if isinstance(claim.detail, Unchecked) else "",
    )


def _machine() -> dict[str, str]:
    return {
        "system": platform.platform(),
        "cpu": _cpu(),
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "python": platform.python_version(),
        "numpy": np.__version__,
    }


def _cpu() -> str:
    """The processor's name and the vector instructions that numerical libraries choose their kernels by."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor()
    facts = dict(line.partition(":")[::2] for line in text.partition("\n\n")[0].splitlines())
    facts = {name.strip(): value.strip() for name, value in facts.items()}
    told = ("avx2", "avx512f", "avx512_bf16", "avx512_fp16", "amx_bf16")
    flags = [flag for flag in told if flag in facts.get("flags", "").split()]
    return " ".join([facts.get("model name", platform.processor()), *flags])


def _commit() -> str:
    """The commit of a checkout that runs itself; empty where the suite is installed."""
    root = Path(__file__).resolve().parent.parent
    if not (root / ".git").exists():
        return ""
    done = subprocess.run(
        ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=12"], capture_output=True, text=True, check=False
    )
    return done.stdout.strip()


__all__ = ["Asked", "Options", "Progress", "UsageError", "run"]
