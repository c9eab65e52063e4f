"""A search for what no plan has: Hypothesis draws calls of a backend's APIs until the time is over.

In go APIs and their documented domains, out come the failures that the ledger does not know, each confirmed in a fresh
worker and shrunk. Hypothesis is told how near a case comes to its error bound and how rare its combination of classes
is, and drives both up. Every drawn case runs with some variations of it, each of which costs a fifth of a draw.
"""

import contextlib
import itertools
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeAlias

import hypothesis
from hypothesis.database import ExampleDatabase
from hypothesis.errors import Unsatisfiable

from cases.case import Case
from cases.documentation import Api
from cases.known import Entry
from cases.strategies import strategy, vary
from conformance.backends import Backend
from conformance.corpus import Pinned
from conformance.fuzz_tally import Tally
from conformance.fuzz_workers import Workers
from conformance.pool import WorkerFailed
from conformance.process import Stopped
from conformance.rarity import Rarity
from reports.failures import Failure, unexpected
from reports.record import UNEXPECTED, BackendLine, Record
from reports.symptoms import facts

VARIED = 7  # variations that run with every drawn case
FIRST, LARGEST = 6, 50  # drawn cases of an API: in the first sweep over all of them, and at most
MOST_MARGIN = 2.0  # of the error bound: whatever is beyond is as wrong
EVERY = 5.0  # seconds between two lines of progress


@dataclass(frozen=True)
class Bounds:
    """How long and how widely is searched. `executions` ends a search, too, and does so at the same case always."""

    seconds: float
    seed: int = 0
    invalid_share: float = 0.3
    executions: int | None = None


Databases: TypeAlias = Callable[[str], ExampleDatabase | None]


class Ordered(ExampleDatabase):
    """A database that gives what it holds in one order, so that the same search goes the same way."""

    def __init__(self, inner: ExampleDatabase) -> None:
        super().__init__()
        self.inner = inner

    def save(self, key: bytes, value: bytes) -> None:
        """Keep a value."""
        self.inner.save(key, value)

    def delete(self, key: bytes, value: bytes) -> None:
        """Forget a value."""
        self.inner.delete(key, value)

    def fetch(self, key: bytes) -> Iterable[bytes]:
        """Every value of the key, sorted."""
        return sorted(self.inner.fetch(key))


class Search:
    """The search on one backend; its worker starts in `__enter__` (WorkerFailed if it cannot).

    `database` gives, by a name, the database that keeps what was interesting from one search to the next. Once `stop`
    is set, it ends as if the time were over.
    """

    def __init__(
        self,
        backend: Backend,
        selected: Sequence[Api],
        bounds: Bounds,
        *,
        database: Databases = lambda name: None,
        stop: threading.Event | None = None,
        say: Callable[[str], None] = lambda text: None,
    ) -> None:
        self.apis, self.bounds = tuple(selected), bounds
        self.tally = Tally(seed=bounds.seed)
        self._stop = stop or threading.Event()
        self._workers = Workers(backend, self._stop)
        self._database, self._say = database, say
        self._seen: set[str] = set()
        self._rarity: defaultdict[str, Rarity] = defaultdict(Rarity)
        self._error: Exception | None = None
        self._began = self._said = 0.0

    def __enter__(self) -> Self:
        self._workers.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._workers.__exit__(kind, error, trace)

    @property
    def line(self) -> BackendLine:
        """The backend, as a run file has it."""
        return self._workers.line

    def run(
        self,
        entries: Sequence[Entry] = (),
        pinned: Sequence[Pinned] = (),
        take: Callable[[Record], None] = lambda record: None,
    ) -> Tally:
        """Run the pinned cases, then search; what was found until it was over.

        `entries` are known differences of this backend, `take` is given every failing record that is kept.
        """
        self.tally.entries, self.tally.take = entries, take
        self._began = self._said = time.monotonic()
        try:
            self._again(pinned)
            self._sweeps()
        except Stopped:
            pass
        except WorkerFailed as failure:
            self.tally.lost = failure.reason
        self.tally.seconds = time.monotonic() - self._began
        self.tally.executions = self._workers.executions
        return self.tally

    @property
    def _until(self) -> float:
        return self._began + self.bounds.seconds

    @property
    def _is_over(self) -> bool:
        most = self.bounds.executions
        spent = most is not None and self._workers.executions >= most
        return spent or self._stop.is_set() or self._error is not None or time.monotonic() >= self._until

    def _again(self, pinned: Sequence[Pinned]) -> None:
        """Run the pinned cases of earlier searches, and note which of them fail no more."""
        names = {api.name for api in self.apis}
        for item in pinned:
            if item.framework != self.line.framework or item.case.api not in names or not self._fits(item.case):
                continue
            self._seen.add(item.case.id)
            record = self._workers.again(item.case, item.verdict)
            if record.verdict not in UNEXPECTED:
                self.tally.gone.append(item)
                continue
            failure = unexpected(record)
            if not self.tally.is_known(failure) and not self.tally.is_met(failure):
                self.tally.found(failure)

    def _sweeps(self) -> None:
        """All APIs by turns, deeper each time; valid calls, and calls with one invalid value."""
        for sweep in itertools.count():
            drawn = min(FIRST * 2**sweep, LARGEST)
            spoiled = round(drawn * self.bounds.invalid_share)
            for api in self.apis:
                for invalid, examples in ((False, drawn - spoiled), (True, spoiled)):
                    if self._is_over:
                        return
                    if examples:
                        self._round(api, examples, sweep, invalid=invalid)

    def _round(self, api: Api, examples: int, sweep: int, *, invalid: bool) -> None:
        """Let Hypothesis draw so many calls of one API, and see to each."""
        chance = random.Random(f"{self.bounds.seed} {api.name} {invalid} {sweep}")
        settings = hypothesis.settings(
            max_examples=examples,
            database=self._database(f"{self.line.framework} {api.name}{' invalid' * invalid}"),
            deadline=None,
            derandomize=False,
            suppress_health_check=list(hypothesis.HealthCheck),
            phases=(hypothesis.Phase.reuse, hypothesis.Phase.generate, hypothesis.Phase.target),
            verbosity=hypothesis.Verbosity.quiet,
        )

        def visit(case: Case) -> None:
            """Never fails: what does is shrunk apart, for Hypothesis would end with it."""
            if not self._is_over:
                try:
                    self._visit(case, chance)
                except Exception as error:
                    self._error = error

        with contextlib.suppress(Unsatisfiable):
            # The settings last: a seed takes the database away that was there before.
            settings(hypothesis.seed(chance.getrandbits(64))(hypothesis.given(strategy(api, invalid=invalid))(visit)))()
        if self._error is not None:
            raise self._error

    def _visit(self, case: Case, chance: random.Random) -> None:
        """Run a drawn case and variations of it, and tell Hypothesis how interesting they were."""
        several = {item.id: item for item in (case, *(vary(case, chance) for _ in range(VARIED)))}
        batch = [item for item in several.values() if item.id not in self._seen and self._fits(item)]
        self._seen.update(item.id for item in batch)
        margin = rarity = 0.0
        for item, record in zip(batch, self._workers.batch(batch), strict=True):
            margin = max(margin, min(record.margin or 0.0, MOST_MARGIN))
            rarity = max(rarity, self._rarity[item.api].add(facts(record, item)))
            self._judge(record)
        hypothesis.target(margin, label="margin")
        hypothesis.target(rarity, label="rarity")
        if time.monotonic() - self._said >= EVERY:
            self._said = time.monotonic()
            self._say(self._told())

    def _told(self) -> str:
        tally, done = self.tally, self._workers.executions
        rate = done / max(time.monotonic() - self._began, 1e-9)
        return (
            f"{self.line.name}: {done} executions, {rate:.0f}/s, {tally.distinct} kinds of failures that are not "
            f"known, {tally.duplicates} more of these kinds, {tally.known} known"
        )

    def _fits(self, case: Case) -> bool:
        return self.line.device.startswith(case.device)

    def _judge(self, record: Record) -> None:
        """Sort a record: it passes, the ledger knows it, its kind was met before, or it is new."""
        if record.verdict not in UNEXPECTED:
            self.tally.passes(record)
            return
        failure = unexpected(record)
        if self._is_old(failure):
            return
        confirmed = self._workers.confirmed(record)
        if confirmed is None:
            return
        if confirmed is not record:
            failure = unexpected(confirmed)
            if not self._is_old(failure):
                self.tally.found(failure)
            return
        self.tally.found(failure)
        self._shrink(failure)

    def _is_old(self, failure: Failure) -> bool:
        return self.tally.is_known(failure) or self.tally.is_met(failure)

    def _shrink(self, failure: Failure) -> None:
        """Find the smallest case that fails so, and keep what was learned on the way."""

        def fails(record: Record) -> bool:
            if record.verdict != failure.verdict:
                return False
            found = unexpected(record)
            return found.symptom == failure.symptom and not any(map(found.is_of, self.tally.entries))

        smallest, asked = self._workers.shrunk(failure.record, fails, self._until)
        self.tally.shrunk(failure, unexpected(smallest))
        for record in asked:
            if record.verdict not in UNEXPECTED:
                self.tally.passes(record)
            elif fails(record):
                self.tally.also(failure, record)
