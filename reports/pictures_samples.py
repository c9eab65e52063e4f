"""A finding → the failing executions that it is made of, and those that pass: what its rule is drawn over.

Collected as in `reports.grouping`: passing are executions of the same operator on the same backend for which the
documents say the same kind of thing (a value, an error) and which do it, with gradients if the failure is about them.
Where calls are held against each other, passing are those for which the same claim held.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from cases.catalogue import apis
from cases.features import Feature
from reports.grouping import DEATHS
from reports.pictures_arrays import ODD
from reports.reading import RunFile
from reports.record import Finding, Record
from reports.symptoms import facts, row

MOST = 500  # executions of each kind that are looked at
Item = TypeVar("Item")
Facts = dict[str, Feature]
_Kind = tuple[str, str, frozenset[str], frozenset[str], bool, bool]


@dataclass(frozen=True)
class Sample:
    """The features of failing and passing executions, and how many there are in all."""

    failing: tuple[Facts, ...]
    passing: tuple[Facts, ...]
    all_failing: int
    all_passing: int


class Samples:
    """The samples of the findings of one run file; what was looked at once is kept."""

    def __init__(self, runfile: RunFile) -> None:
        self.runfile = runfile
        self._facts: dict[int, Facts | None] = {}
        self._families: defaultdict[tuple[str, str], list[Record]] = defaultdict(list)
        self._by_case: defaultdict[tuple[str, str], list[Record]] = defaultdict(list)
        self._passing: dict[_Kind, list[Record]] = {}
        operators = {name: api.operator for name, api in apis().items()}
        for record in runfile.records:
            if record.api in operators and record.verdict != "unavailable":
                self._families[record.backend, operators[record.api]].append(record)
                self._by_case[record.backend, record.case].append(record)

    def of(self, finding: Finding) -> Sample:
        """The sample of a finding; empty where the run file does not hold its cases."""
        failing, passing = self._of_calls(finding) if finding.verdict else self._compared(finding)
        return Sample(self._told(failing), self._told(passing), len(failing), len(passing))

    def _of_calls(self, finding: Finding) -> tuple[list[Record], list[Record]]:
        modes, places = set(finding.modes), [(finding.backend, case) for case in dict.fromkeys(finding.cases)]
        found = [record for place in places for record in self._by_case.get(place, ())]
        failing = [record for record in found if record.verdict == finding.verdict and record.mode in modes]
        deadly, of_gradients = finding.verdict in DEATHS, "gradient" in "".join(finding.symptoms[:1])
        rows = frozenset(row(record) for record in failing)
        actions = frozenset(str(record.arguments.get("action")) for record in failing)
        passing = []
        for operator in dict.fromkeys(apis()[name].operator for name in finding.apis if name in apis()):
            kind = finding.backend, operator, rows, actions, deadly, of_gradients
            if kind not in self._passing:
                self._passing[kind] = [item for item in self._families[kind[:2]] if _beside(item, kind)]
            passing += self._passing[kind]
        return failing, passing

    def _compared(self, finding: Finding) -> tuple[list[Record], list[Record]]:
        claims, cases = set(finding.claims), set(finding.cases)
        failing: dict[int, Record] = {}
        passing: dict[int, Record] = {}
        for line in self.runfile.comparisons:
            if line.left_backend != finding.backend or line.claim not in claims:
                continue
            for left in self._by_case.get((line.left_backend, line.left), ()):
                if left.mode != line.left_mode:
                    continue
                if line.contradicts and line.left in cases:
                    failing[id(left)] = left
                elif line.agrees:
                    passing[id(left)] = left
        return list(failing.values()), [record for key, record in passing.items() if key not in failing]

    def _told(self, records: Sequence[Record]) -> tuple[Facts, ...]:
        found = (self._of_one(record) for record in thinned(records, MOST))
        return tuple(item for item in found if item is not None)

    def _of_one(self, record: Record) -> Facts | None:
        if id(record) not in self._facts:
            try:
                self._facts[id(record)] = facts(record)
            except ODD:
                self._facts[id(record)] = None
        return self._facts[id(record)]


def _beside(record: Record, kind: _Kind) -> bool:
    """Whether an execution passes, of what the failing ones may be held against."""
    _, _, rows, actions, deadly, of_gradients = kind
    if str(record.arguments.get("action")) not in actions:
        return False
    if deadly:
        return record.verdict not in DEATHS
    if record.verdict not in ("conforms", "unsupported") or row(record) not in rows:
        return False
    return not of_gradients or "gradients" in record.arguments


def thinned(items: Sequence[Item], most: int) -> Sequence[Item]:
    """At most so many, evenly spread."""
    return items if len(items) <= most else [items[index * len(items) // most] for index in range(most)]
