"""APIs × frameworks → what each backend runs: its own cases, and the counterparts of everybody else's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cases.case import Case
from cases.catalogue import apis as all_apis
from cases.catalogue import operators
from cases.documentation import Api, Claim, Equal, Pair
from cases.plan import Plan
from reports.record import Counterpart

REFERENCE = "numpy"


@dataclass(frozen=True)
class Schedule:
    """What a run is made of: plans of the APIs, cases per framework, counterparts, and pairs to be compared.

    `claimed` are pairs that a document calls equal, each with its claim; the left case is of the claim's API.
    """

    plans: tuple[Plan, ...]
    work: Mapping[str, tuple[Case, ...]]
    counterparts: tuple[Counterpart, ...]
    claimed: tuple[tuple[Claim, Pair], ...]
    apis: tuple[Api, ...] = field(default=())

    def cases(self, framework: str) -> tuple[Case, ...]:
        """The cases that a backend of this framework runs, each once."""
        return self.work.get(framework, ())


def schedule(
    selected: Sequence[Api],
    frameworks: Sequence[str],
    *,
    seed: int,
    strength: int,
    max_cases: int | None = None,
    only: Sequence[str] = (),
) -> Schedule:
    """Plan the run of the selected APIs on these frameworks.

    `max_cases` bounds the cases per API, taken evenly over its list; `only` keeps the cases whose id starts with one of
    the given prefixes, with their counterparts.
    """
    running = [name for name in frameworks if name != REFERENCE]
    work: dict[str, dict[str, Case]] = {name: {} for name in frameworks}
    counterparts: list[Counterpart] = []
    claimed: list[tuple[Claim, Pair]] = []
    plans = []
    for api in selected:
        if api.framework not in work and REFERENCE not in work:
            continue
        operator = operators()[api.operator]
        plan = operator.plan(api, seed=seed, strength=strength)
        own = _kept(plan.cases, max_cases, only)
        plans.append(plan)
        if REFERENCE in work:
            work[REFERENCE].update((case.id, case) for case in own)
        if api.framework in work:
            work[api.framework].update((case.id, case) for case in own)
        for framework in running if api.framework in work else ():
            if framework == api.framework:
                continue
            for case in own:
                found = (
                    operator.counterpart(case, framework) if case.action == "call" else "only calls have counterparts"
                )
                if isinstance(found, Case):
                    work[framework].setdefault(found.id, found)
                    counterparts.append(
                        Counterpart(case=case.id, api=case.api, framework=framework, counterpart=found.id)
                    )
                else:
                    counterparts.append(Counterpart(case=case.id, api=case.api, framework=framework, reason=found))
        for claim in api.claims:
            if isinstance(claim.detail, Equal):
                for pair in claim.detail.pairs:
                    other = pair.right.api.partition(".")[0]
                    if pair.left.id in {case.id for case in own} and other in work and api.framework in work:
                        work[other].setdefault(pair.right.id, pair.right)
                        claimed.append((claim, pair))
    used = {case.api for cases in work.values() for case in cases.values()}
    there = tuple(api for name, api in all_apis().items() if name in used)
    return Schedule(
        tuple(plans),
        {name: tuple(cases.values()) for name, cases in work.items()},
        tuple(counterparts),
        tuple(claimed),
        there,
    )


def _kept(cases: Iterable[Case], most: int | None, only: Sequence[str]) -> tuple[Case, ...]:
    kept = [case for case in cases if not only or case.id.startswith(tuple(only))]
    if most is None or len(kept) <= most:
        return tuple(kept)
    return tuple(kept[index * len(kept) // most] for index in range(most))
