"""APIs × frameworks → what each backend runs: its own cases, and the counterparts of everybody else's."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cases.case import Case
from cases.catalogue import Operator, operators
from cases.catalogue import apis as all_apis
from cases.documentation import Api, Claim, Consistent, Equal, Inverse, Pair
from cases.plan import Plan
from reports.record import BackendLine, Counterpart

REFERENCE = "numpy"


@dataclass(frozen=True)
class Schedule:
    """What a run is made of: plans of the APIs, cases per framework, counterparts, and pairs to be compared.

    `claimed` are the pairs of calls that a claim is about. `slow` are the cases that run in every mode of a backend,
    `kept` those of which a record keeps the whole arrays, since something is compared with them afterwards.
    """

    plans: tuple[Plan, ...]
    work: Mapping[str, tuple[Case, ...]]
    counterparts: tuple[Counterpart, ...]
    claimed: tuple[tuple[Claim, Pair], ...]
    apis: tuple[Api, ...] = field(default=())
    slow: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()

    def cases(self, framework: str) -> tuple[Case, ...]:
        """The cases that backends of this framework run, each once."""
        return self.work.get(framework, ())

    def tasks(self, line: BackendLine) -> dict[str, tuple[Case, ...]]:
        """The cases that a backend runs, each once, by mode: all in its first mode, few in the others."""
        cases = [case for case in self.cases(line.framework) if line.device.startswith(case.device)]
        modes = line.modes or [line.mode]
        return {mode: tuple(case for case in cases if mode == modes[0] or case.id in self.slow) for mode in modes}


def schedule(
    selected: Sequence[Api],
    frameworks: Sequence[str],
    *,
    seed: int,
    strength: int,
    max_cases: int | None = None,
    only: Sequence[str] = (),
    pinned: Sequence[Case] = (),
) -> Schedule:
    """Plan the run of the selected APIs on these frameworks.

    `max_cases` bounds the cases per API, taken evenly over its list; `only` keeps the cases whose id, or whose
    counterpart's, starts with one of the given prefixes, with their counterparts. `pinned` are further cases, of which
    those of the selected APIs run whatever `max_cases` is.
    """
    work: dict[str, dict[str, Case]] = {name: {} for name in frameworks}
    counterparts: list[Counterpart] = []
    claimed: list[tuple[Claim, Pair]] = []
    plans = []
    for api in selected:
        if api.framework not in work and REFERENCE not in work:
            continue
        operator = operators()[api.operator]
        plan = operator.plan(api, seed=seed, strength=strength)
        plans.append(plan)
        others = [name for name in frameworks if name not in (api.framework, REFERENCE) and api.framework in work]
        translated = [
            *_kept([(case, _elsewhere(operator, case, others)) for case in plan.cases], max_cases, only),
            *_kept([(case, _elsewhere(operator, case, others)) for case in _pinned(api, pinned, plan)], None, only),
        ]
        own = {case.id: case for case, _ in translated}
        for framework in {api.framework, REFERENCE} & work.keys():
            work[framework].update(own)
        for case, found in translated:
            for framework, other in found.items():
                line = {"case": case.id, "api": case.api, "framework": framework}
                if isinstance(other, Case):
                    work[framework].setdefault(other.id, other)
                    counterparts.append(Counterpart(**line, counterpart=other.id))
                else:
                    counterparts.append(Counterpart(**line, reason=other))
        for claim, pair in _pairs(api, only):
            if max_cases is not None and pair.left.id not in own:
                continue
            lanes = {case.id: _lanes(case, work) for case in (pair.left, pair.right)}
            if all(lanes.values()):
                claimed.append((claim, pair))
                for case in (pair.left, pair.right):
                    for framework in lanes[case.id]:
                        work[framework].setdefault(case.id, case)
    used = {case.api for cases in work.values() for case in cases.values()}
    sides = {case.id for _, pair in claimed for case in (pair.left, pair.right)}
    slow = frozenset().union(*(plan.slow for plan in plans))
    return Schedule(
        tuple(plans),
        {name: tuple(cases.values()) for name, cases in work.items()},
        tuple(counterparts),
        tuple(claimed),
        tuple(api for name, api in all_apis().items() if name in used),
        slow,
        frozenset(sides | slow),
    )


def _pinned(api: Api, pinned: Sequence[Case], plan: Plan) -> list[Case]:
    """The pinned cases of an API, each once, and without those that its plan has."""
    found = {case.id: case for case in pinned if case.api == api.name}
    return [case for name, case in found.items() if name not in {case.id for case in plan.cases}]


def _lanes(case: Case, work: Mapping[str, dict[str, Case]]) -> list[str]:
    """Who runs one side of a pair: its framework, and the reference if that knows the API."""
    found = [case.api.partition(".")[0]]
    if case.api in all_apis():
        found.append(REFERENCE)
    return [name for name in found if name in work]


def _elsewhere(operator: Operator, case: Case, frameworks: Sequence[str]) -> dict[str, Case | str]:
    """The case in each of these frameworks, or the reason why it has no counterpart there."""
    if case.action != "call":
        return dict.fromkeys(frameworks, "only calls have counterparts")
    return {name: operator.counterpart(case, name) for name in frameworks}


def _pairs(api: Api, only: Sequence[str]) -> Iterator[tuple[Claim, Pair]]:
    """The pairs of the API's claims, or those that were asked for."""
    for claim in api.claims:
        if isinstance(claim.detail, Equal | Consistent | Inverse):
            for pair in claim.detail.pairs:
                if not only or any(case.id.startswith(tuple(only)) for case in (pair.left, pair.right)):
                    yield claim, pair


def _kept(
    cases: Sequence[tuple[Case, dict[str, Case | str]]], most: int | None, only: Sequence[str]
) -> Sequence[tuple[Case, dict[str, Case | str]]]:
    """The cases that were asked for by their own id or a counterpart's, then at most so many, evenly spread."""

    def wanted(case: Case, others: dict[str, Case | str]) -> bool:
        ids = [case.id, *(other.id for other in others.values() if isinstance(other, Case))]
        return any(name.startswith(tuple(only)) for name in ids)

    kept = [item for item in cases if not only or wanted(*item)]
    if most is None or len(kept) <= most:
        return kept
    return [kept[index * len(kept) // most] for index in range(most)]
