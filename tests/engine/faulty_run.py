"""Runs the faulty adapters the real way (workers, lanes, judge, comparisons) and says what caught each of them.

A run is made once and kept, and so is what is expected of a case: for all the backends the reference is asked once.
"""

import math
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from tabulate import tabulate

from cases.case import Case
from cases.catalogue import apis
from cases.conv_transpose.generate import cases as categorised
from cases.documentation import Claim, Consistent, Equal, Inverse, Pair
from conformance.backends import Backend, Specification
from conformance.comparisons import comparisons
from conformance.expected import Prepared, prepare
from conformance.lanes import ROOT, line_of, records
from conformance.pool import Lane, WorkerPlan
from conformance.schedule import Schedule
from reports.record import UNEXPECTED, Comparison, Record
from tests.engine.fault import Fault
from tests.engine.faults import FAULTS

LARGE = 100_000  # elements
ONE_IN = 6
REFERENCE = "conformance.adapters.numpy:NumpyAdapter"


@dataclass(frozen=True)
class Run:
    """The records of one backend, mode by mode, and what its records are held against each other."""

    records: tuple[Record, ...]
    comparisons: tuple[Comparison, ...]
    seconds: float
    unexpected: tuple[Record, ...] = field(init=False)

    def __post_init__(self) -> None:
        found = tuple(record for record in self.records if record.verdict in UNEXPECTED)
        object.__setattr__(self, "unexpected", found)

    @property
    def fails(self) -> bool:
        """A run of the suite with this backend would end with "unexpected"."""
        return bool(self.unexpected) or any(item.counts and item.contradicts for item in self.comparisons)

    def contradicted(self) -> Counter[str]:
        """The claims, by id, that make the run fail."""
        made = (
            check.claim for record in self.unexpected for check in record.checks if check.counts and not check.holds
        )
        compared = (item.claim for item in self.comparisons if item.counts and item.contradicts)
        return Counter([*made, *compared])

    def advised(self) -> set[str]:
        """The claims, by id, that are contradicted and make no run fail."""
        return {
            check.claim for record in self.records for check in record.checks if not check.counts and not check.holds
        }


@cache
def categories(api: str) -> dict[str, tuple[Case, ...]]:
    """The cases of an API in a default run, by category; and of the configurations those with `whole numbers`."""
    found = categorised(apis()[api], seed=0, strength=2).categories
    return found | {"whole numbers": tuple(case for case in found["configurations"] if case.data == "integers")}


@cache
def pairs(api: str) -> tuple[tuple[Claim, Pair], ...]:
    """The pairs of calls of an API's claims that run on the reference: both calls are of APIs that it knows."""
    return tuple(
        (claim, pair)
        for claim in apis()[api].claims
        if isinstance(claim.detail, Equal | Consistent | Inverse)
        for pair in claim.detail.pairs
        if pair.right.api in apis()
    )


def chosen(names: Iterable[str], shown: Sequence[str] | None = None) -> Schedule:
    """What runs: of these APIs the categories and the pairs of the claims that are named, or all there are.

    Large cases run only where nothing is named.
    """
    work: dict[str, Case] = {}
    claimed: list[tuple[Claim, Pair]] = []
    names = tuple(names)
    for name in names:
        for category, several in categories(name).items():
            if shown is None or category in shown:
                work.update({case.id: case for case in several if shown is None or not _is_large(case)})
        claimed += [item for item in pairs(name) if shown is None or item[0].id.partition("/")[2] in shown]
    sides = {case.id: case for _, pair in claimed for case in (pair.left, pair.right)}
    work |= sides
    slow = frozenset(case.id for name in names for case in categories(name)["slow"])
    return Schedule(
        plans=(),
        work={"numpy": tuple(work.values())},
        counterparts=(),
        claimed=tuple(claimed),
        apis=tuple(apis()[name] for name in names),
        slow=slow,
        kept=frozenset(sides) | slow,
    )


def _is_large(case: Case) -> bool:
    """One documented example takes as long as all other cases of its API together."""
    return any(math.prod(tensor.shape) > LARGE for tensor in case.tensors())


def oracle(case: Case, device: str = "cpu") -> Prepared:
    """What is expected of a case, worked out once."""
    if case.id not in _PREPARED:
        _PREPARED[case.id] = prepare(case, device)
    return _PREPARED[case.id]


_PREPARED: dict[str, Prepared] = {}


def run(adapter: str, whole: Schedule, limit: float = 30.0) -> Run:
    """Run a schedule through workers of an adapter, `module:Class`."""
    plan = WorkerPlan(Path(sys.executable), adapter, sources=((ROOT, ("reference", "tests.faulty")),))
    began = time.monotonic()
    found: list[Record] = []
    with Lane(plan, limit=limit) as lane:
        line = line_of(Backend(Specification("numpy"), plan.python), lane.start())
        for mode, cases in whole.tasks(line).items():
            found += records(lane, line, cases, mode, kept=whole.kept, oracle=oracle)
    return Run(tuple(found), tuple(comparisons(whole, found)), time.monotonic() - began)


@cache
def unfaulted() -> Run:
    """The run of the reference itself: every case and every pair of the APIs on which faults are run."""
    return run(REFERENCE, chosen(dict.fromkeys(name for fault in FAULTS for name in fault.apis)))


def elsewhere() -> Run:
    """The run of the reference on the other APIs: one case in so many, the same ones in each run."""
    whole = chosen(name for name in apis() if not any(name in fault.apis for fault in FAULTS))
    some = tuple(case for case in whole.cases("numpy") if int(case.id[:8], 16) % ONE_IN == 0)
    return run(REFERENCE, replace(whole, work={"numpy": some}))


@cache
def reference() -> dict[str, Record]:
    """The records of the reference, by case."""
    return {record.case: record for record in unfaulted().records}


@cache
def faulted(fault: Fault) -> Run:
    """The run of a faulty adapter, on what its fault shows in."""
    return run(fault.path, chosen(fault.apis, fault.shown), fault.limit)


def missing(fault: Fault, result: Run) -> str:
    """What should have found the fault and did not; empty where it was caught as it has to be."""
    verdicts = {record.verdict for record in result.unexpected}
    contradicted = {claim.partition("/")[2] for claim in result.contradicted()}
    if not result.fails:
        return "nothing is unexpected"
    if verdicts != fault.verdicts:
        return f"the verdicts are {sorted(verdicts)}, but should be {sorted(fault.verdicts)}"
    held = sorted(set(fault.claims) - contradicted)
    return f"not contradicted: {', '.join(held)}" if held else ""


def main(names: Sequence[str] = ()) -> int:
    """Run every faulty adapter, or those that are named, print what caught each, and return the exit code."""
    if unknown := set(names) - {fault.name for fault in FAULTS}:
        print(f"no faulty adapter is named {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    wanted = [fault for fault in FAULTS if not names or fault.name in names]
    rows = [_row(fault) for fault in wanted]
    heads = ("fault", "caught?", "unexpected", "verdicts", "claims", "s")
    print(tabulate(rows, headers=heads, disable_numparse=True))
    caught = sum(row[1] == "caught" for row in rows)
    print(f"caught {caught} of {len(wanted)}")
    return 0 if caught == len(wanted) else 1


def _row(fault: Fault) -> tuple[str, ...]:
    result = faulted(fault)
    why = missing(fault, result)
    print(f"{fault.name}: {why or 'caught'}", file=sys.stderr)
    verdicts = Counter(record.verdict for record in result.unexpected)
    slugs: Counter[str] = Counter()
    for claim, count in result.contradicted().items():
        slugs[claim.partition("/")[2]] += count
    return (
        fault.name,
        why or "caught",
        f"{len(result.unexpected)} of {len(result.records)}",
        ", ".join(f"{word} {count}" for word, count in verdicts.most_common()),
        ", ".join(f"{slug} {count}" for slug, count in slugs.most_common(3)),
        f"{result.seconds:.1f}",
    )
