"""One backend at work: cases through a lane of workers, judged as they come; what does not conform runs again."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from cases.case import Case
from cases.catalogue import described
from conformance.backends import REFERENCE, Backend
from conformance.expected import Prepared, prepare
from conformance.judge import fingerprint, judge, unstable
from conformance.outcome import Crashed, Outcome, TimedOut
from conformance.pool import Lane, WorkerPlan
from conformance.request import request
from reports.record import UNEXPECTED, BackendLine, Record

SLOW_SECONDS = 300.0  # per case in a mode that compiles: the first compilation of a process takes half a minute alone
Oracle = Callable[[Case, str], Prepared]
ROOT = Path(__file__).resolve().parent.parent


def plan_of(backend: Backend, memory_limit: int | None = None) -> WorkerPlan:
    """How to start a worker of a backend."""
    framework = backend.specification.framework
    return WorkerPlan(
        backend.python,
        f"conformance.adapters.{framework}:Adapter",
        backend.specification.device,
        backend.variables,
        ((ROOT, ("reference",)),) if framework == REFERENCE else (),
        memory_limit,
    )


def line_of(backend: Backend, facts: dict[str, Any]) -> BackendLine:
    """What a run file says of a backend that greeted."""
    version = str(facts["version"])
    framework = backend.specification.framework
    return BackendLine(
        name=f"{framework}=={version}:{backend.specification.device}",
        framework=framework,
        version=version,
        device=backend.specification.device,
        python=str(facts["python"]),
        mode=facts["modes"][0],
        devices=list(facts["devices"]),
        modes=list(facts["modes"]),
        dtypes=list(facts["dtypes"]),
        threads=int(facts["threads"]),
        capability=str(facts.get("capability", "")),
        missing_modes=dict(facts.get("missing_modes", {})),
        packages=dict(sorted(facts.get("packages", {}).items())),
    )


def records(
    lane: Lane,
    backend: BackendLine,
    cases: Iterable[Case],
    mode: str,
    *,
    kept: frozenset[str] = frozenset(),
    observe: Callable[[Case, Outcome], None] = lambda case, outcome: None,
    oracle: Oracle = prepare,
    deadline: float | None = None,
    at_once: Callable[[Record], bool] | None = None,
    stop: threading.Event | None = None,
) -> Iterator[Record]:
    """Run the cases in a mode and yield a record of each. What does not conform comes last, after its second run.

    The records of the cases in `kept` hold whole arrays. `observe` is told of each inspection before its record comes.
    After `deadline` (of `time.monotonic`) no further case is begun. The second run of a record for which
    `at_once` holds follows immediately, in a fresh worker, and is the last thing done: the cases behind it are not run.
    """
    suspects: list[tuple[Case, Record, str]] = []
    seconds = SLOW_SECONDS if mode in backend.modes[1:] else None
    asked = partial(outcomes, lane, mode=mode, oracle=oracle, device=backend.device, seconds=seconds)
    for prepared, outcome in asked(cases, deadline=deadline):
        case = prepared.case
        if case.action == "inspect":
            observe(case, outcome)
        record = judged(prepared, outcome, backend, mode, keep=case.id in kept)
        confirmed = isinstance(outcome, Crashed | TimedOut) and outcome.reproduced != "untried"
        if record.verdict not in UNEXPECTED or confirmed:
            yield record
            continue
        suspects.append((case, record, fingerprint(outcome)))
        if at_once is not None and at_once(record):
            break
    if not suspects or (stop is not None and stop.is_set()):
        return
    # A second run in a fresh worker: what is reported must not hang on what ran before it.
    lane.fresh()
    again = {prepared.case.id: outcome for prepared, outcome in asked([case for case, _, _ in suspects])}
    for case, record, first in suspects:
        second = again.get(case.id)
        if second is None:
            return  # stopped: an unconfirmed difference is not written, and a resumed run begins with it
        yield record if fingerprint(second) == first else unstable(record, second)


def judged(prepared: Prepared, outcome: Outcome, backend: BackendLine, mode: str, *, keep: bool = False) -> Record:
    """The record of an outcome on a backend; with `keep` it holds whole arrays."""
    return judge(
        prepared,
        outcome,
        described(prepared.case.api),
        backend=backend.name,
        mode=mode,
        device=backend.device,
        keep=keep,
    )


def outcomes(
    lane: Lane,
    cases: Iterable[Case],
    *,
    mode: str,
    device: str,
    oracle: Oracle = prepare,
    seconds: float | None = None,
    deadline: float | None = None,
) -> Iterator[tuple[Prepared, Outcome]]:
    """Send the cases through a lane and yield what is expected of each, with its outcome, in their order.

    `seconds` is what each of them may take, where it is not the limit of the lane.
    """
    ahead: deque[Prepared] = deque()

    def requests() -> Iterator[dict[str, Any]]:
        for case in cases:
            if deadline is not None and time.monotonic() > deadline:
                return
            prepared = oracle(case, device.partition(":")[0])
            ahead.append(prepared)
            asked = request(case, prepared.data, mode)
            yield asked if seconds is None else asked | {"seconds": seconds}

    for _, outcome in lane.run(requests()):
        yield ahead.popleft(), outcome
