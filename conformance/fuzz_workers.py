"""The workers of a search: they run cases, survive what dies, confirm what is new and shrink it.

Cases go to an ordinary worker, where a crash or a hang costs a new one. What is like those that died often goes to a
child of its own, forked from a process that has called nothing; so do confirming and the shrinking of deaths.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from msgspec.structs import replace

from cases.case import Case, from_canonical
from cases.features import features
from conformance.backends import Backend
from conformance.fuzz_tally import DEATHS, happened
from conformance.minimise import minimise
from conformance.pool import NO_WORKER, WorkerFailed
from conformance.probe import Probe
from conformance.process import Stopped
from conformance.rarity import classes
from reports.record import Record

LIMIT, CONFIRMED, HANG = 5.0, 10.0, 1.0  # seconds that a case may take: in the search, when confirmed, when shrunk
DEADLY, OFTEN = 2, 0.3  # so many deaths in a class, and such a part of it, make its cases run in children
EXAMPLES, EXAMPLES_HANGING = 150, 20  # drawn in one shrinking
SHORTEST, LONGEST, LONGEST_DEATH = 3.0, 15.0, 60.0  # seconds of one shrinking; the first where the time is over


class Deaths:
    """Which classes of cases die: a dtype, a number of groups, an API. What is like them is expected to die, too."""

    def __init__(self) -> None:
        self._ran: Counter[str] = Counter()
        self._died: Counter[str] = Counter()

    def expected(self, case: Case) -> bool:
        """Whether the case is of a class of which many died."""
        if not self._died:
            return False
        return any(self._died[item] >= DEADLY and self._died[item] > OFTEN * self._ran[item] for item in _classes(case))

    def learn(self, case: Case, died: bool) -> None:
        """A case ran, and died or did not."""
        found = _classes(case)
        self._ran.update(found)
        if died:
            self._died.update(found)


def _classes(case: Case) -> list[str]:
    found = features(case)
    return [f"api {case.api}", *classes(found)]


class Workers:
    """The workers of one backend, of which the first starts in `__enter__` (WorkerFailed if it cannot).

    `executions` counts the cases that ran.
    """

    def __init__(self, backend: Backend, stop: threading.Event) -> None:
        self.backend, self.executions = backend, 0
        self._stop = stop
        self._stack = ExitStack()
        self._probes: dict[tuple[bool, float], Probe] = {}
        self._deaths = Deaths()

    def __enter__(self) -> Self:
        self.line = self._probe(forking=False, limit=LIMIT).line
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def batch(self, cases: Sequence[Case]) -> list[Record]:
        """The records of some cases, in their order; Stopped if not all of them could be made."""
        found: dict[str, Record] = {}
        left = list(cases)
        while plain := [case for case in left if not self._deaths.expected(case)]:
            # Where one has died the others of its kind are likely to: what is left is sorted anew.
            for case, record in zip(plain, self._probe(forking=False, limit=LIMIT).ask_all(plain), strict=False):
                found[case.id] = self._learned(case, record)
                if record.verdict in DEATHS:
                    break
            else:
                left = [case for case in left if case.id not in found]
                break
            left = [case for case in left if case.id not in found]
        if left:
            for case, record in zip(left, self._probe(forking=True, limit=HANG).ask_all(left), strict=False):
                found[case.id] = self._learned(case, record)
        if len(found) < len(cases):
            raise Stopped
        return [found[case.id] for case in cases]

    def _learned(self, case: Case, record: Record) -> Record:
        self._count(record)
        self._deaths.learn(case, record.verdict in DEATHS)
        return record

    def again(self, case: Case, verdict: str) -> Record:
        """The record of a case that once had this verdict."""
        hangs = verdict == "timed-out"
        return self._ask(case, self._probe(forking=verdict in DEATHS, limit=HANG if hangs else LIMIT))

    def confirmed(self, record: Record) -> Record | None:
        """The record, if a second run in a fresh worker gives the same; else one that says `unstable`.

        None for a case that only was slow.
        """
        case = from_canonical(record.arguments)
        if record.verdict != "timed-out":
            found = self._ask(case, self._probe(forking=True, limit=LIMIT))
            if happened(found) == happened(record):
                return record
        # What a fork does may differ from what a worker does; two fresh workers alone must agree.
        with Probe(self.backend, self.line.mode, limit=CONFIRMED, stop=self._stop) as fresh:
            found = self._ask(case, fresh)
        if happened(found) == happened(record):
            return record
        if record.verdict == "timed-out":
            return None
        detail = f"{record.actual.detail} a second run of the same case: {found.verdict}".strip()
        return replace(record, verdict="unstable", actual=replace(record.actual, detail=detail))

    def shrunk(self, record: Record, fails: Callable[[Record], bool], until: float) -> tuple[Record, list[Record]]:
        """The record of the smallest case for which `fails`, and those of all that were asked; by about `until`."""
        hangs, dies = record.verdict == "timed-out", record.verdict in DEATHS
        probe = self._probe(forking=dies, limit=HANG if hangs else LIMIT)
        asked: dict[str, Record] = {}

        def question(case: Case) -> bool:
            asked[case.id] = self._ask(case, probe)
            return fails(asked[case.id])

        left = max(SHORTEST, until - time.monotonic())
        found = minimise(
            from_canonical(record.arguments),
            question,
            examples=EXAMPLES_HANGING if hangs else EXAMPLES,
            seconds=min(left, LONGEST_DEATH if dies else LONGEST),
        )
        return asked.get(found.case.id, record), list(asked.values())

    def _ask(self, case: Case, probe: Probe) -> Record:
        record = probe.ask(case)
        self._count(record)
        return record

    def _count(self, record: Record) -> None:
        if record.verdict == "unavailable" and record.actual.message.startswith(NO_WORKER):
            raise WorkerFailed(record.actual.message)
        self.executions += record.verdict != "unavailable"

    def _probe(self, *, forking: bool, limit: float) -> Probe:
        key = (forking, limit)
        if key not in self._probes:
            probe = Probe(self.backend, limit=limit, forking=forking, stop=self._stop)
            self._probes[key] = self._stack.enter_context(probe)
        return self._probes[key]
