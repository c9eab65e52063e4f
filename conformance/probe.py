"""Cases one by one: what a backend does with each, judged, as often and in whatever order somebody asks.

In go cases, out come records, without the second run by which a run of the suite confirms them. Searches (rules,
minimising, fuzzing) live on it, so crashes and hangs are survived: in ordinary workers each costs a new worker, in a
worker that forks (`zygote.py`) some milliseconds, while an ordinary case costs some milliseconds more.
"""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from cases.case import Case
from conformance.backends import Backend
from conformance.errors import UsageError
from conformance.lanes import SLOW_SECONDS, judged, line_of, outcomes, plan_of
from conformance.pool import Lane, WorkerFailed
from conformance.process import Stopped, can_fork
from reports.record import BackendLine, Record

LIMIT = 30.0  # seconds, as in a run


class Probe:
    """A backend, started in `__enter__`, that answers cases with records.

    `mode`: empty for the ordinary one. `limit`: the seconds that a case may take; None for what a run allows, which is
    30, and 300 in a mode that compiles. `forking`: each case in a child of its own, where the device and the framework
    let themselves be forked; else, and else only, in ordinary workers: `forks` says which it became. A start that fails
    is `WorkerFailed`. Once `stop` is set, `ask_all` ends and `ask` raises `Stopped`.
    """

    def __init__(
        self,
        backend: Backend,
        mode: str = "",
        *,
        limit: float | None = None,
        forking: bool = False,
        stop: threading.Event | None = None,
    ) -> None:
        self.backend = backend
        self.mode = mode
        self.limit = limit
        self.forks = forking and can_fork(backend.specification.device)
        self.line: BackendLine
        self._stop = stop or threading.Event()
        self._lane: Lane
        self._seconds = LIMIT if limit is None else limit
        self._is_busy = False

    def __enter__(self) -> Self:
        if not self._seconds > 0:
            raise UsageError(f"A case cannot be given {self._seconds} seconds.", "Give it more than 0.")
        self.line = line_of(self.backend, self._started())
        self.mode = self.mode or self.line.mode
        if self.mode not in self.line.modes:
            self._lane.close()
            missing = self.line.missing_modes.get(self.mode)
            raise UsageError(
                f"{self.line.name} has no mode {self.mode!r} here{f': {missing}' if missing else ''}.",
                f"Its modes are {', '.join(self.line.modes)}.",
            )
        if self.limit is None and self.mode != self.line.mode:
            self._seconds = SLOW_SECONDS
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lane.close()

    def ask(self, case: Case) -> Record:
        """Run one case and judge it."""
        for record in self.ask_all([case]):
            return record
        raise Stopped

    def ask_all(self, cases: Iterable[Case]) -> Iterator[Record]:
        """Yield the record of each case, in their order; they are pulled and sent ahead, so that nobody waits.

        Whoever abandons it half-way pays a new worker at the next question, and nothing can be asked meanwhile.
        """
        if self._is_busy:
            raise RuntimeError("this probe is in the middle of other cases")
        self._is_busy = True
        try:
            found = outcomes(self._lane, cases, mode=self.mode, device=self.line.device, seconds=self._seconds)
            for prepared, outcome in found:
                yield judged(prepared, outcome, self.line, self.mode)
        finally:
            self._is_busy = False

    def _started(self) -> dict[str, Any]:
        try:
            return self._start()
        except WorkerFailed:
            if not self.forks or self._stop.is_set():
                raise
            self.forks = False  # the framework cannot be forked, or cannot be started at all, which shows now
            return self._start()

    def _start(self) -> dict[str, Any]:
        plan = replace(plan_of(self.backend), forking=self.forks)
        self._lane = Lane(plan, limit=self._seconds, stop=self._stop, confirming=False)
        try:
            return self._lane.start()
        except BaseException:
            self._lane.close()
            raise
