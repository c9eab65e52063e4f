"""Failures of one backend → groups that share a cause, each with the rule that tells when it happens.

Failures of one symptom are separated from what passes by the simplest rule (`reports.learning`); what that rule does
not hold for gets a rule of its own, until every failure is in a group. Two groups that one rule explains as well are
one: a fault that shows in shapes here and in values there has one cause.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from cases.catalogue import apis
from cases.features import Feature
from cases.rules import Atom, Rule
from reports.failures import Failure
from reports.learning import AGAINST, Table
from reports.reading import RunFile
from reports.record import Record
from reports.symptoms import facts, row

Item = TypeVar("Item")

MOST_PASSING, MOST_FAILING = 3000, 600  # cases in learning; counted is with all of them
MOST_ROWS = 5000  # valid calls that pass, of which learning sees any: the others are counted alone
MOST_AGAIN = 3  # times that a rule is learned, with the cases that it was wrong about
MOST_RULES = 12  # for one symptom, after which the rest is one group
# One rule for two groups may hold for some more passing cases: a fault is not seen in every case that it is in.
MILD, EXCEPTIONS = 0.5, 0.2
DEATHS = ("crashed", "timed-out", "unstable")


@dataclass(frozen=True)
class Group:
    """Failures that share a cause. `against` counts passing cases for which the rule holds as well."""

    backend: str
    operator: str
    verdict: str
    rule: Rule
    failures: tuple[Failure, ...]
    against: int

    @cached_property
    def smallest(self) -> Failure:
        """The failure with the smallest case."""
        return min(self.failures, key=lambda item: item.order)

    @cached_property
    def symptoms(self) -> tuple[str, ...]:
        """The symptoms, the most frequent first."""
        counts = Counter(item.symptom for item in self.failures)
        return tuple(sorted(counts, key=lambda text: (-counts[text], text)))

    @cached_property
    def claims(self) -> tuple[str, ...]:
        """The contradicted claims; what most of the failures contradict, and the smallest does, comes first."""
        counts = Counter(claim.partition("/")[2] for item in self.failures for claim in item.claims)
        every = {claim for item in self.failures for claim in item.claims}
        own = set(self.smallest.claims)

        def order(claim: str) -> tuple[int, bool, str]:
            return -counts[claim.partition("/")[2]], claim not in own, claim

        return tuple(sorted(every, key=order))

    @cached_property
    def apis(self) -> tuple[str, ...]:
        """The APIs concerned."""
        return tuple(sorted({item.record.api for item in self.failures}))


def groups(loaded: RunFile, backend: str, failures: Sequence[Failure]) -> tuple[Group, ...]:
    """These failures of a backend, grouped by cause; the largest group first."""
    found: list[Group] = []
    # In an order of their own: what is learned must not hang on which worker was faster.
    failures = sorted(failures, key=lambda item: (*item.order, item.symptom, item.claims))
    for operator in dict.fromkeys(apis()[item.record.api].operator for item in failures):
        ours = [item for item in failures if apis()[item.record.api].operator == operator]
        others = _others(loaded, backend, operator)
        found += _Family(backend, operator, ours, others).groups()
    return tuple(sorted(found, key=lambda item: (-len(item.failures), item.symptoms, str(item.rule))))


def _others(loaded: RunFile, backend: str, operator: str) -> list[Record]:
    found = [
        item
        for item in loaded.records
        if item.backend == backend
        and item.verdict != "unavailable"
        and (api := apis().get(item.api)) is not None
        and api.operator == operator
    ]
    return sorted(found, key=lambda item: (item.case, item.mode))


class _Family:
    """The failures of one operator's APIs on one backend, and every record that they can be told from."""

    def __init__(self, backend: str, operator: str, failures: Sequence[Failure], records: Sequence[Record]) -> None:
        self.backend, self.operator, self.failures = backend, operator, failures
        # The many valid calls that pass say less than the few invalid ones that are refused as they should be.
        ordinary = [item for item in records if item.verdict == "conforms" and row(item) == "valid"]
        others = [item for item in records if item.verdict != "conforms" or row(item) != "valid"]
        seen = _thinned(ordinary, MOST_ROWS)
        known = {id(item) for item in seen}
        self.unseen = [item for item in ordinary if id(item) not in known]
        self.records = [*seen, *others]
        self.rows: list[dict[str, Feature]] = [facts(item) for item in self.records]
        self.table = Table([*self.rows, *(dict(item.features) for item in failures)])
        self.place = {id(item): len(self.rows) + number for number, item in enumerate(failures)}

    def groups(self) -> list[Group]:
        """Every failure in one group."""
        kinds: defaultdict[tuple[str, str, str], list[Failure]] = defaultdict(list)
        for item in self.failures:
            whatever = item.pair is not None or item.verdict in DEATHS  # ... the documents say of the call
            kinds[item.verdict, item.symptom, "" if whatever else row(item.record)].append(item)
        found: list[Group] = []
        for (verdict, _, _), items in kinds.items():
            found += self._unstable(items) if verdict == "unstable" else self._covered(items)
        return _same(self._merged(found))

    def _covered(self, items: Sequence[Failure]) -> list[Group]:
        """Rules until every failure is covered by one."""
        left, found, passing = list(items), [], self._passing(items)
        for _ in range(MOST_RULES):
            rule = self._rule(left, passing)
            covered = [item for item in left if rule.holds(item.features)]
            if not covered:
                break
            found.append(self._group(rule, covered, passing))
            left = [item for item in left if not rule.holds(item.features)]
            if not left:
                return found
        return [*found, self._group(Rule(), left, passing)]

    def _unstable(self, items: Sequence[Failure]) -> list[Group]:
        """One group for each API: what changes between two runs hangs on what ran before, which no argument tells."""
        found = []
        for name in dict.fromkeys(item.record.api for item in items):
            ours = [item for item in items if item.record.api == name]
            found.append(self._group(Rule((Atom("api", "==", name),)), ours, self._passing(ours)))
        return found

    @cached_property
    def _unseen_rows(self) -> list[dict[str, Feature]]:
        return [facts(item) for item in self.unseen]

    def _passing(self, items: Sequence[Failure]) -> list[int]:
        """Places of what does not fail so."""
        fits = self._beside(items)
        return [place for place, record in enumerate(self.records) if fits(record)]

    def _beside(self, items: Sequence[Failure]) -> Callable[[Record], bool]:
        """What does not fail as these do: of the same row and action, with gradients if it is about them."""
        actions = {item.record.arguments["action"] for item in items}
        failing = {(item.record.case, item.record.mode) for item in items}
        fits = self._alike(items[0])
        return lambda record: (
            record.arguments["action"] in actions and fits(record) and (record.case, record.mode) not in failing
        )

    def _alike(self, first: Failure) -> Callable[[Record], bool]:
        if first.pair is not None or first.verdict in DEATHS:
            return lambda record: record.verdict not in DEATHS
        kind, of_gradients = row(first.record), "gradient" in first.symptom
        return lambda record: (
            row(record) == kind
            and record.verdict in ("conforms", "unsupported")
            and (not of_gradients or "gradients" in record.arguments)
        )

    def _rule(self, failing: Sequence[Failure], passing: Sequence[int], against: float = AGAINST) -> Rule:
        """The best rule, learned once more with the passing cases that it holds for and that learning did not see."""
        seen = list(_thinned(passing, MOST_PASSING))
        for _ in range(MOST_AGAIN):
            rule = self._learn(failing, seen, against)
            known = set(seen)
            wrong = [place for place in passing if place not in known and rule.holds(self.rows[place])]
            if not wrong:
                break
            seen += wrong
        return rule

    def _learn(self, failing: Sequence[Failure], passing: Sequence[int], against: float) -> Rule:
        chosen = [self.place[id(item)] for item in _thinned(failing, MOST_FAILING)]
        return self.table.learn(chosen, passing, against=against)

    def _group(self, rule: Rule, covered: Sequence[Failure], passing: Sequence[int]) -> Group:
        fits = self._beside(covered)
        against = sum(rule.holds(self.rows[place]) for place in passing)
        against += sum(rule.holds(row) for item, row in zip(self.unseen, self._unseen_rows, strict=True) if fits(item))
        return Group(self.backend, self.operator, covered[0].verdict, rule, tuple(covered), against)

    def _merged(self, found: Sequence[Group]) -> list[Group]:
        """Groups of results that one rule explains as well as several do."""
        kept: list[Group] = []
        for group in sorted(found, key=lambda item: -len(item.failures)):
            for place, other in enumerate(kept):
                if (joined := self._joined(other, group)) is not None:
                    kept[place] = joined
                    break
            else:
                kept.append(group)
        return kept

    def _joined(self, one: Group, two: Group) -> Group | None:
        # What a framework said tells causes apart; and for one symptom one rule was looked for already.
        if not one.verdict == two.verdict == "differs":
            return None
        failures = (*one.failures, *two.failures)
        passing = sorted({*self._passing(one.failures), *self._passing(two.failures)})
        failing = {(item.record.case, item.record.mode) for item in failures}
        passing = [p for p in passing if (self.records[p].case, self.records[p].mode) not in failing]
        rule = self._rule(failures, passing, against=MILD)
        if not all(rule.holds(item.features) for item in failures):
            return None
        joined = self._group(rule, failures, passing)
        longest = max(len(one.rule.atoms), len(two.rule.atoms))
        most = one.against + two.against + EXCEPTIONS * len(failures)
        return joined if len(rule.atoms) <= longest and joined.against <= most else None


def _same(found: Sequence[Group]) -> list[Group]:
    """Groups that a reader could not tell from one another as one: such as what accepts every call that it should not,
    whether a document calls that invalid or not supported."""
    kept: dict[tuple[str, str, str, tuple[str, ...]], Group] = {}
    for group in found:
        name = group.verdict, min(group.symptoms), str(group.rule), group.apis
        if (other := kept.get(name)) is not None:
            group = replace(other, failures=other.failures + group.failures, against=other.against + group.against)
        kept[name] = group
    return list(kept.values())


def _thinned(items: Sequence[Item], most: int) -> Sequence[Item]:
    """At most so many, evenly spread."""
    if len(items) <= most:
        return items
    return [items[index * len(items) // most] for index in range(most)]
