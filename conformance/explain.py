"""A finding → the same finding explained: its smallest case, its rule on fresh cases, a script and what that printed.

Cases are asked of the backend itself, in workers of their own; where a case dies or hangs, in a worker that forks a
child per case. What cannot be asked (a comparison of two calls, an outcome that changes between runs) keeps the
smallest case of the run.
"""

import random
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from msgspec.structs import replace

from cases.case import Case, from_canonical
from cases.rules import Rule, parse
from cases.strategies import vary
from conformance.backends import Backend
from conformance.minimise import minimise
from conformance.probe import Probe
from conformance.proof import prove
from reports.reading import RunFile
from reports.record import Finding, Record, Tried
from reports.symptoms import facts, row, symptom
from reports.tables import size
from reports.text import side

DEATHS = ("crashed", "timed-out")
HANG = 1.0  # seconds that a case may take where hanging ones are searched
DRAWS = 6  # at most so many draws for each fresh case that is wanted
BATCH = 32
LARGE = 400  # what the integers of a case that is varied may sum up to


@dataclass(frozen=True)
class Effort:
    """How much is spent on one finding: fresh cases (fewer where each costs its time limit), draws, seconds."""

    fresh: int = 200
    fresh_slow: int = 20
    examples: int = 300
    seconds: float = 40.0  # half as much again for the nearest case that passes: a minute in all


@dataclass
class Explainer:
    """Explains the findings of one backend; keeps its workers until it is left. Raises Stopped once `stop` is set."""

    loaded: RunFile
    backend: Backend
    name: str
    effort: Effort = Effort()
    stop: threading.Event = field(default_factory=threading.Event)
    _probes: dict[tuple[str, bool, float | None], Probe] = field(default_factory=dict)
    _stack: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        self._records = {(item.case, item.mode): item for item in self.loaded.records if item.backend == self.name}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def explain(self, finding: Finding, others: Iterable[Finding] = ()) -> Finding:
        """The finding with everything that can be learned of it; `others` are the findings beside it."""
        smallest = from_canonical(self._records[finding.smallest, finding.mode].arguments)
        if finding.verdict not in ("", "unstable"):
            rivals = _rivals(finding, others)
            finding = self._shrunk(finding, smallest, rivals)
            finding = replace(finding, tried=self._tried(finding, rivals))
        return prove(finding, self.loaded, self.backend)

    def _probe(self, finding: Finding) -> Probe:
        """A backend that is ready to be asked in the finding's mode."""
        deadly = finding.verdict in DEATHS
        limit = HANG if finding.verdict == "timed-out" else None
        key = (finding.mode, deadly, limit)
        if key not in self._probes:
            probe = Probe(self.backend, finding.mode, limit=limit, forking=deadly, stop=self.stop)
            self._probes[key] = self._stack.enter_context(probe)
        return self._probes[key]

    def _shrunk(self, finding: Finding, smallest: Case, rivals: Sequence[Rule]) -> Finding:
        """The smallest case that fails so; where others have this symptom, too, one that this rule holds for."""
        probe, rule = self._probe(finding), parse(finding.rule)
        asked: dict[str, Record] = {}

        def ask(case: Case) -> Record:
            if case.id not in asked:
                asked[case.id] = probe.ask(case)
            return asked[case.id]

        slow = self._is_slow(finding)
        found = minimise(
            smallest,
            lambda case: _fails(ask(case), finding) and (not rivals or rule.holds(facts(asked[case.id]))),
            passes=lambda case: ask(case).verdict == "conforms",
            examples=self.effort.fresh_slow if slow else self.effort.examples,
            seconds=self.effort.seconds,
        )
        record = asked.get(found.case.id) or self._records[finding.smallest, finding.mode]
        return replace(
            finding,
            minimal=found.case.canonical,
            minimal_call=found.case.show(),
            passing=found.passing.canonical if found.passing else None,
            passing_call=found.passing.show() if found.passing else "",
            expected=side(record.expected),
            actual=side(record.actual),
        )

    def _is_slow(self, finding: Finding) -> bool:
        """Whether one case costs a second or more: it hangs, or its mode compiles."""
        first = next((line.mode for line in self.loaded.run.backends if line.name == self.name), "")
        return finding.verdict == "timed-out" or finding.mode != first

    def _tried(self, finding: Finding, rivals: Sequence[Rule]) -> Tried:
        """Hold the rule against fresh cases, half of them inside and half outside of it."""
        rule, wanted = parse(finding.rule), self.effort.fresh_slow if self._is_slow(finding) else self.effort.fresh
        records = [
            self._records[case, mode]
            for case in finding.cases
            for mode in finding.modes
            if (case, mode) in self._records
        ]
        kinds = {row(record) for record in records}
        counts = {(inside, fails): 0 for inside in (True, False) for fails in (True, False)}
        probe = self._probe(finding)
        had = {case for case, _ in self._records}
        drawn = _drawn(records, self._passing(finding, kinds), had, finding.id, DRAWS * wanted)
        for batch in _batches(drawn, BATCH):
            for record in probe.ask_all(batch):
                features = facts(record)
                inside, fails = rule.holds(features), _fails(record, finding)
                if row(record) not in kinds or record.verdict == "unavailable":
                    continue
                if not inside and fails and any(other.holds(features) for other in rivals):
                    continue  # another finding's
                if counts[inside, True] + counts[inside, False] < wanted // 2:
                    counts[inside, fails] += 1
            if sum(counts.values()) >= wanted // 2 * 2:
                break
        return Tried(
            inside_failing=counts[True, True],
            inside_passing=counts[True, False],
            outside_failing=counts[False, True],
            outside_passing=counts[False, False],
        )

    def _passing(self, finding: Finding, kinds: set[str]) -> list[Record]:
        """Records that pass, of the finding's APIs, about which the documents say something of the same kind."""
        apis = set(finding.apis)
        return [
            record
            for (_, mode), record in self._records.items()
            if record.api in apis
            and mode == finding.mode
            and record.verdict == "conforms"
            and row(record) in kinds
            and record.arguments["action"] == "call"
            and _is_small(record)
        ]


def _drawn(failing: Sequence[Record], passing: Sequence[Record], had: set[str], seed: str, most: int) -> Iterator[Case]:
    """Fresh variations of failing and of passing cases in turn, none of which the run had."""
    chance, seen = random.Random(seed), set(had)
    small = [item for item in failing if _is_small(item)] or failing[:1]
    sources = [records for records in (small, passing) if records]
    for number in range(most):
        case = vary(from_canonical(chance.choice(sources[number % len(sources)]).arguments), chance)
        if case.id not in seen:
            seen.add(case.id)
            yield case


def _is_small(record: Record) -> bool:
    """Small enough to be asked hundreds of times over."""
    return size(record.arguments, record.call)[1] <= LARGE


def _fails(record: Record, finding: Finding) -> bool:
    """Whether a record fails as the finding says."""
    return record.verdict == finding.verdict and symptom(record) in finding.symptoms


def _rivals(finding: Finding, others: Iterable[Finding]) -> list[Rule]:
    """The rules of other findings with a symptom of this one: what they hold for is theirs."""
    return [
        parse(other.rule)
        for other in others
        if other.id != finding.id
        and (other.backend, other.verdict) == (finding.backend, finding.verdict)
        and not set(other.symptoms).isdisjoint(finding.symptoms)
    ]


def _batches(cases: Iterable[Case], length: int) -> Iterator[list[Case]]:
    batch: list[Case] = []
    for case in cases:
        batch.append(case)
        if len(batch) == length:
            yield batch
            batch = []
    if batch:
        yield batch
