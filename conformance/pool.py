"""A lane: one worker after the other, a stream of requests in, an outcome for each out, in their order.

Requests are pulled as they are needed and sent in batches, at most a window ahead, so that the worker never waits. When
it dies, or is silent past the limit of a case, the first request without an outcome is blamed, confirmed in fresh
workers (`blame.py`), and the rest is sent again to a new worker: a death costs its own case and no other. A lane is
used by one thread at a time; only its stop event may be set from outside.
"""

import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from conformance.blame import History, confirm
from conformance.exchange import Death, Question, answer, replay
from conformance.messages import encode
from conformance.outcome import CouldNotRun, Outcome
from conformance.process import Stopped, Worker, WorkerFailed, WorkerPlan

__all__ = ["NO_WORKER", "Lane", "WorkerFailed", "WorkerPlan"]

WINDOW = 64
NO_WORKER = "no worker"  # how the reason of a case begins that no worker could be started for
_MOST_IN_FLIGHT = 1 << 23  # bytes, besides the window
_STARTS = 3  # failed starts in a row, after which the backend counts as broken


@dataclass(slots=True)
class _Job:
    request: dict[str, Any]
    question: Question | None = None
    outcome: Outcome | None = None  # where it is known without asking
    sent: float = 0.0


class Lane:
    """A stream of cases through workers of one plan.

    `limit` is the seconds that a case may take unless its request says `seconds`. With `confirming=False` a death is
    reported as it was seen (`untried`), which a search that only asks *whether* a case dies may prefer. Where the plan
    says `forking`, a case that dies takes no worker with it, and nothing is confirmed: it ran behind no other.
    """

    def __init__(
        self,
        plan: WorkerPlan,
        *,
        limit: float,
        window: int = WINDOW,
        stop: threading.Event | None = None,
        confirming: bool = True,
    ) -> None:
        self.plan = plan
        self.limit = limit
        self.window = window
        self.stop = stop or threading.Event()
        self.confirming = confirming
        self._folder = tempfile.TemporaryDirectory(prefix="conformance-", ignore_cleanup_errors=True)
        self._worker: Worker | None = None
        self._is_ready = False
        self._history = History()
        self._last = 0.0  # when the last answer came
        self._broken: WorkerFailed | None = None

    def start(self) -> dict[str, Any]:
        """Start a worker and return what the adapter says of its backend; WorkerFailed with the reason if it cannot."""
        self.fresh()
        try:
            self._worker = self._launch()
            facts = self._worker.ready(self.stop)
        except Stopped:
            self._discard()
            raise WorkerFailed("stopped while the worker started") from None
        except BaseException:
            self._discard()
            raise
        self._is_ready = True
        return facts

    def fresh(self) -> None:
        """Let what runs next begin in a new worker; one that cannot start costs its cases, as it would in mid-run."""
        self._discard()
        self._broken = None

    def run(self, requests: Iterable[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], Outcome]]:
        """Yield each request with its outcome, in order; end early, with all workers killed, once `stop` is set."""
        source = iter(requests)
        flight: deque[_Job] = deque()
        waiting: deque[_Job] = deque()
        try:
            while not self.stop.is_set():
                self._fill(flight, waiting, source)
                if not flight:
                    return
                job = flight[0]
                outcome = self._outcome(job)
                flight.popleft()
                if isinstance(outcome, Death) and self._worker is not None and self._worker.is_over:
                    waiting.extendleft(reversed(flight))
                    flight.clear()
                    outcome = self._after(outcome, job, more=bool(waiting))
                yield job.request, outcome
        except Stopped:
            return
        finally:
            if flight or self.stop.is_set():
                self._discard()

    def close(self) -> None:
        """End the worker, with everything it started, and remove the folder that it ran in."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _fill(self, flight: deque[_Job], waiting: deque[_Job], source: Iterator[dict[str, Any]]) -> None:
        """Send ahead, once half of the window is free: first what a death sent back, then new requests."""
        if len(flight) > self.window // 2:
            return
        idle = not flight
        size = sum(len(job.question.data) for job in flight if job.question)
        batch = []
        while len(flight) < self.window and size < _MOST_IN_FLIGHT and not self.stop.is_set():
            if waiting:
                job = waiting.popleft()
            elif (request := next(source, None)) is not None:
                job = self._job(request)
            else:
                break
            flight.append(job)
            if job.question is not None and job.outcome is None:
                batch.append(job)
                size += len(job.question.data)
        if batch:
            self._send(batch, idle=idle)

    def _job(self, request: dict[str, Any]) -> _Job:
        seconds = float(request.get("seconds", self.limit))
        try:
            data = encode({**request, "seconds": seconds})
        except (TypeError, RecursionError) as error:
            return _Job(request, outcome=CouldNotRun(f"the request cannot be sent: {error}"))
        return _Job(request, Question(request["id"], data, seconds, self.plan.grace))

    def _send(self, batch: Sequence[_Job], *, idle: bool) -> None:
        try:
            worker = self._ready_worker(idle=idle)
        except WorkerFailed as failure:
            for job in batch:
                job.outcome = CouldNotRun(f"{NO_WORKER}: {failure.reason}")
            return
        worker.send([job.question.data for job in batch if job.question])
        now = time.monotonic()
        for job in batch:
            job.sent = now

    def _outcome(self, job: _Job) -> Outcome:
        """Wait for the outcome of a job at the head of the flight."""
        if job.outcome is not None:
            return job.outcome
        assert self._worker is not None
        assert job.question is not None
        self._last, outcome = answer(self._worker, job.question, max(job.sent, self._last), self.stop)
        if self.confirming and not self._worker.is_over:
            self._history.append(job.question)
        return outcome

    def _after(self, death: Death, job: _Job, *, more: bool) -> Death:
        """Clear away the dead worker and say what the repetition of its death showed; the next one starts meanwhile."""
        history = list(self._history)
        self._discard()
        if not self.confirming or job.question is None:
            return death
        try:
            if more:
                self._worker = self._launch()
            return confirm(
                death,
                job.question,
                history,
                lambda questions: type(replay(self._launch, questions, self.stop)) is type(death),
            )
        except (WorkerFailed, Stopped):  # the next start, or the stop event, says so itself
            return death

    def _ready_worker(self, *, idle: bool) -> Worker:
        """Return a worker that can be asked, a new one if need be; WorkerFailed once starts failed too often."""
        if self._is_ready and idle and self._worker is not None and not self._worker.usable():
            self._discard()  # it died, or babbled, when nothing was asked
        attempt = 0
        while self._broken is None:
            try:
                self._worker = self._worker or self._launch()
                if not self._is_ready:
                    self._worker.ready(self.stop)
                    self._is_ready = True
                return self._worker
            except WorkerFailed as failure:
                self._discard()
                attempt += 1
                if attempt == _STARTS:
                    self._broken = failure
        raise self._broken

    def _launch(self) -> Worker:
        return Worker(self.plan, Path(self._folder.name))

    def _discard(self) -> None:
        """Kill the worker, if there is one; its history goes with it."""
        worker, self._worker = self._worker, None
        self._is_ready = False
        self._history = History()
        if worker is not None:
            worker.close(grace=0.0)
