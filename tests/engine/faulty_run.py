"""Runs the faulty adapters the real way (workers, lanes, judge) and says what each must be judged to be.

A run is made once and kept, and so is what is expected of a case: for all the backends the reference is asked once.
"""

import inspect
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tabulate import tabulate

import tests.faulty as faulty
from cases.case import Case
from cases.catalogue import apis
from conformance.adapters.numpy import NumpyAdapter
from conformance.backends import Backend, Specification
from conformance.expected import Prepared, prepare
from conformance.lanes import ROOT, line_of, records
from conformance.pool import Lane, WorkerPlan
from conformance.schedule import schedule
from reports.record import UNEXPECTED, Record

TORCH_1D, TORCH_2D = "torch.nn.ConvTranspose1d", "torch.nn.ConvTranspose2d"
MINDSPORE_1D, MINDSPORE_2D = "mindspore.nn.Conv1dTranspose", "mindspore.nn.Conv2dTranspose"
BOTH = (TORCH_2D, MINDSPORE_1D)


@dataclass(frozen=True)
class Fault:
    """A faulty adapter, and how it has to be found out.

    `verdicts` are all the unexpected verdicts that it must get and may get; of `claims` (their ids after the slash)
    each must be contradicted. `apis` are run: those are left out that the fault cannot show in, or that show the same.
    `hidden` says that a record does not show what the fault changes; `rounding` that some of what it changes is what
    rounding may change.
    """

    adapter: type[NumpyAdapter]
    verdicts: frozenset[str]
    claims: tuple[str, ...]
    apis: tuple[str, ...] = BOTH
    hidden: bool = False
    rounding: bool = False
    limit: float = 30.0

    @property
    def name(self) -> str:
        """The name of the adapter's class."""
        return self.adapter.__name__

    @property
    def statement(self) -> str:
        """What is wrong with it, in a sentence."""
        return " ".join((self.adapter.__doc__ or "").partition("\n\n")[0].split())


def _fault(adapter: type[NumpyAdapter], verdicts: str, claims: str, *chosen: str, **more: object) -> Fault:
    return Fault(adapter, frozenset(verdicts.split()), tuple(claims.split()), chosen or BOTH, **more)  # type: ignore[arg-type]


FAULTS = (
    _fault(faulty.StrideIgnored, "differs", "stride-steps output-shape output-values output-length-valid"),
    _fault(faulty.StrideAxesSwapped, "differs", "output-shape output-values", TORCH_2D),
    _fault(faulty.DilationIgnored, "differs", "dilation-spaces output-shape output-values"),
    _fault(faulty.DilationIgnoredWithGroups, "differs", "output-shape output-values"),
    _fault(faulty.PaddingIgnored, "differs", "padding-crops output-shape same-keeps-shape-at-stride-1"),
    _fault(faulty.PaddingSidesSwapped, "differs", "output-values", MINDSPORE_2D),
    _fault(faulty.PaddingAxesSwapped, "differs", "output-values output-shape", TORCH_2D),
    _fault(faulty.OddPaddingOnTheOtherSide, "differs", "same-odd-excess output-values", MINDSPORE_1D),
    _fault(faulty.SameTakenForValid, "differs", "same-keeps-shape-at-stride-1 same-odd-excess", MINDSPORE_1D),
    _fault(faulty.OutputPaddingIgnored, "differs", "output-padding-no-zeros output-shape", TORCH_2D),
    _fault(faulty.OutputPaddingAxesSwapped, "differs", "output-shape output-values", TORCH_2D),
    _fault(faulty.OutputPaddingHoldsZeros, "differs", "output-padding-no-zeros output-values", TORCH_2D),
    _fault(faulty.OutputPaddingAtBegin, "differs", "output-padding-no-zeros output-values", TORCH_2D),
    _fault(faulty.OutputSizeIgnored, "differs", "example-output-size", TORCH_2D),
    _fault(faulty.BiasIgnored, "differs", "bias-added has-bias-adds output-values"),
    _fault(faulty.BiasIgnoredInARareCase, "differs", "output-values"),
    _fault(faulty.BiasAddedTwice, "differs", "bias-added has-bias-adds output-values"),
    _fault(faulty.BiasMissingAtTheBorder, "differs", "bias-added has-bias-adds output-values"),
    _fault(faulty.BiasMissingInHoles, "differs", "output-values"),
    _fault(faulty.GroupsIgnored, "differs", "groups-side-by-side group-splits output-values"),
    _fault(faulty.GroupChannelsInterleaved, "differs", "output-values"),
    _fault(faulty.KernelFlipped, "differs", "output-values stride-steps"),
    _fault(faulty.KernelAxesSwapped, "differs", "output-values", TORCH_2D),
    _fault(faulty.WeightInOutTransposed, "differs", "output-values"),
    _fault(faulty.LastTapDropped, "differs", "output-values"),
    _fault(faulty.BatchItemReused, "differs", "output-values"),
    _fault(faulty.BatchReversed, "differs", "output-values"),
    _fault(faulty.UnbatchedKeepsABatch, "differs", "output-shape output-values", TORCH_2D),
    _fault(faulty.LastElementDropped, "differs", "output-shape output-values output-length-pad"),
    _fault(faulty.LastElementWrong, "differs", "output-values"),
    _fault(faulty.LastBitWrong, "differs", "output-values", rounding=True),
    _fault(faulty.RoundedToWholeNumbers, "differs", "output-values", rounding=True),
    _fault(faulty.OperandsRounded, "differs", "output-values", rounding=True),
    _fault(faulty.HalfPrecisionAccumulation, "differs", "output-values", TORCH_1D, rounding=True),
    _fault(faulty.WrongDtype, "differs", "output-values"),
    _fault(faulty.NanForLargeNumbers, "differs", "output-values"),
    _fault(faulty.UninitialisedElement, "unstable", "output-values"),
    _fault(faulty.EveryFiftiethCallWrong, "unstable", "output-values"),
    _fault(faulty.IndivisibleGroupsAccepted, "accepts-invalid", "groups-divide-channels group-divides-channels"),
    _fault(faulty.NegativePaddingAccepted, "accepts-invalid", "padding-negative", MINDSPORE_1D),
    _fault(faulty.WrongChannelsAccepted, "accepts-invalid", "input-channels"),
    _fault(faulty.FloatsAccepted, "accepts-invalid", "kernel-size-type stride-type kernel-size-not-int"),
    _fault(faulty.WrongErrorClass, "wrong-error", "padding-negative pad-mode-choice stride-less-than-1", MINDSPORE_1D),
    _fault(faulty.StrideWithDilationRefused, "rejects-valid", "output-values"),
    _fault(
        faulty.InitializerNamesInCapitalsRefused,
        "rejects-valid",
        "weight-init-accepts-ones bias-init-accepts-ones",
        MINDSPORE_1D,
    ),
    _fault(faulty.BiasInitIgnored, "differs", "output-values", MINDSPORE_1D),
    _fault(faulty.PaddingsSwappedByPosition, "differs", "output-values output-shape", TORCH_2D),
    _fault(faulty.DefaultChanged, "differs", "default-dilation", hidden=True),
    _fault(faulty.ParameterMissing, "differs", "parameters default-dilation"),
    _fault(faulty.WeightStoredTransposed, "differs", "weight-shape", TORCH_2D, hidden=True),
    _fault(faulty.Segfaults, "crashed", "output-values", TORCH_1D),
    _fault(faulty.Aborts, "crashed", "output-values", TORCH_1D),
    _fault(faulty.LeavesSilently, "crashed", "output-values", TORCH_1D),
    _fault(faulty.WritesIntoTheProtocol, "crashed", "output-values", TORCH_1D),
    _fault(faulty.Hangs, "timed-out", "output-values", TORCH_1D, limit=2.0),
)


@dataclass(frozen=True)
class Run:
    """The records of one backend, one per case, by case id."""

    records: dict[str, Record]
    seconds: float
    unexpected: tuple[Record, ...] = field(init=False)

    def __post_init__(self) -> None:
        found = tuple(record for record in self.records.values() if record.verdict in UNEXPECTED)
        object.__setattr__(self, "unexpected", found)

    def contradicted(self) -> Counter[str]:
        """The claims, by id, that enter a verdict and that an unexpected record contradicts."""
        return Counter(
            made.claim for record in self.unexpected for made in record.checks if made.counts and not made.holds
        )


@cache
def cases() -> dict[str, tuple[Case, ...]]:
    """The cases of a default run on the reference, by API."""
    found = schedule(tuple(apis().values()), ("numpy",), seed=0, strength=2).cases("numpy")
    return {name: tuple(case for case in found if case.api == name) for name in apis()}


def oracle(case: Case) -> Prepared:
    """What is expected of a case, worked out once."""
    if case.id not in _PREPARED:
        _PREPARED[case.id] = prepare(case)
    return _PREPARED[case.id]


_PREPARED: dict[str, Prepared] = {}


def adapters() -> set[str]:
    """The names of the faulty adapters that there are: those classes that no other is made from."""
    found = [item for _, item in inspect.getmembers(faulty, inspect.isclass) if item.__module__ == faulty.__name__]
    return {item.__name__ for item in found if issubclass(item, NumpyAdapter) and not item.__subclasses__()}


def run(adapter: str, chosen: Iterable[str], limit: float = 30.0) -> Run:
    """Run the cases of these APIs through workers of an adapter, `module:Class`."""
    plan = WorkerPlan(Path(sys.executable), adapter, sources=((ROOT, ("reference", "tests")),))
    began = time.monotonic()
    with Lane(plan, limit=limit) as lane:
        backend = line_of(Backend(Specification("numpy"), plan.python), lane.start())
        found = list(records(lane, backend, [case for name in chosen for case in cases()[name]], oracle=oracle))
    return Run({record.case: record for record in found}, time.monotonic() - began)


@cache
def unfaulted() -> Run:
    """The run of the reference itself, on every API."""
    return run("conformance.adapters.numpy:NumpyAdapter", apis())


@cache
def faulted(fault: Fault) -> Run:
    """The run of a faulty adapter, on the APIs that its fault shows in."""
    return run(f"tests.faulty:{fault.name}", fault.apis, fault.limit)


def missing(fault: Fault, result: Run) -> str:
    """What should have found the fault and did not; empty where it was caught as it has to be."""
    verdicts = {record.verdict for record in result.unexpected}
    contradicted = {claim.partition("/")[2] for claim in result.contradicted()}
    if not verdicts:
        return "no record is unexpected"
    if verdicts != fault.verdicts:
        return f"the verdicts are {sorted(verdicts)}, but should be {sorted(fault.verdicts)}"
    held = sorted(set(fault.claims) - contradicted)
    return f"not contradicted: {', '.join(held)}" if held else ""


def main() -> None:
    """Run every faulty adapter and print what caught it. With `all` on the command line, on the whole default run."""
    whole = sys.argv[1:] == ["all"]
    rows, caught = [], 0
    for fault in FAULTS:
        result = run(f"tests.faulty:{fault.name}", apis(), fault.limit) if whole else faulted(fault)
        why = missing(fault, result)
        caught += not why
        verdicts = Counter(record.verdict for record in result.unexpected)
        slugs: Counter[str] = Counter()
        for claim, count in result.contradicted().items():
            slugs[claim.partition("/")[2]] += count
        rows.append(
            (
                fault.name,
                why or "caught",
                f"{len(result.unexpected)} of {len(result.records)}",
                ", ".join(f"{word} {count}" for word, count in verdicts.most_common()),
                ", ".join(f"{slug} {count}" for slug, count in slugs.most_common(3)),
                f"{result.seconds:.1f}",
            )
        )
        print(f"{fault.name}: {why or 'caught'}", file=sys.stderr)
    heads = ("fault", "caught?", "unexpected", "verdicts", "claims", "s")
    print(tabulate(rows, headers=heads, disable_numparse=True))
    print(f"caught {caught} of {len(FAULTS)}")
    sys.exit(0 if caught == len(FAULTS) else 1)
