"""The calls of a model → layer by layer, what stands for each in another framework, tried with the model's own numbers.

Each call is run on PyTorch by itself, which shows that it was understood, and what came out of it inside the model is
held against the documented result. Then its counterparts are run, the simplest first, until one gives the documented
result. Everything is judged as in a run: no tolerance is chosen by hand.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np

from cases.case import Case
from cases.catalogue import apis, operators
from cases.known import Ledger
from cases.values import BadValue
from conformance.backends import Backend
from conformance.expected import OUTPUT, ExpectedValue, Prepared, prepare
from conformance.lanes import judged, line_of, plan_of
from conformance.model_cases import Numbers, Written, carried, written
from conformance.model_collect import Call
from conformance.outcome import Outcome, Parameter, Raised, Returned
from conformance.pool import Lane
from conformance.request import request
from reports.failures import unexpected
from reports.record import BackendLine, Record

Status = Literal["equal", "recipe", "impossible", "differs"]
SECONDS = 60.0  # for one call on one backend
NOT_TAKEN = ("undocumented", "unsupported")  # no document promises it, or one says that it does not work


@dataclass(frozen=True)
class Tried:
    """A call on a backend with the model's numbers. `error` is the largest one of its elements, None without values.

    `share` is the part of the error bound for adding that was used, `elements` how many numbers were compared. `known`
    names the entry of the ledger that knows of what differs.
    """

    case: Case
    backend: str
    verdict: str
    error: float | None = None
    share: float | None = None
    elements: int = 0
    why: str = ""
    known: str = ""

    @property
    def agrees(self) -> bool:
        """It gives the documented result."""
        return self.verdict == "conforms"


@dataclass(frozen=True)
class Layer:
    """A call of the model and what became of it.

    `source` is the call on PyTorch by itself, `inside` what came out of it inside the model; None where its numbers are
    not there. `tried` are the counterparts in the order in which they were tried; of a layer that is `equal` or needs a
    `recipe` the last one is its counterpart. `reason` says why nothing is possible.
    """

    call: Call
    written: Written
    status: Status
    source: Tried | None = None
    inside: Tried | None = None
    tried: tuple[Tried, ...] = ()
    reason: str = ""

    @property
    def counterpart(self) -> Tried | None:
        """What stands for the call in the other framework."""
        return self.tried[-1] if self.status in ("equal", "recipe") else None


class Bench:
    """A backend, started in `__enter__`, that is asked single calls with given numbers."""

    def __init__(self, backend: Backend, ledger: Ledger, seconds: float = SECONDS) -> None:
        self.line: BackendLine
        self._backend, self._ledger = backend, ledger
        self._lane = Lane(plan_of(backend), limit=seconds, confirming=False)

    def __enter__(self) -> Self:
        try:
            self.line = line_of(self._backend, self._lane.start())
        except BaseException:
            self._lane.close()
            raise
        return self

    def __exit__(self, *about: object) -> None:
        self._lane.close()

    def ask(self, case: Case, numbers: Numbers) -> Tried:
        """Run a call with these numbers and judge it."""
        prepared = prepare(case, self.line.device.partition(":")[0], data=numbers)
        ((_, outcome),) = self._lane.run([request(case, numbers, self.line.mode)])
        return self.judge(prepared, outcome)

    def judge(self, prepared: Prepared, outcome: Outcome) -> Tried:
        """Judge what a call gave here."""
        record = judged(prepared, outcome, self.line, self.line.mode)
        error, elements = _largest(prepared, outcome)
        agrees = record.verdict == "conforms"
        return Tried(
            prepared.case,
            self.line.name,
            record.verdict,
            error,
            record.margin,
            elements,
            "" if agrees else _why(record, outcome),
            "" if agrees else self._known(record),
        )

    def _known(self, record: Record) -> str:
        line = self.line
        failure = unexpected(record)
        entries = self._ledger.of(line.framework, line.version, line.device, line.capability)
        return next((entry.name for entry in entries if failure.is_of(entry)), "")


def check(
    calls: tuple[Call, ...], source: Bench, target: Bench, *, say: Callable[[str], None] = lambda text: None
) -> Iterator[Layer]:
    """Yield each call of a model with what became of it; `say` is told which one is next."""
    for number, call in enumerate(calls, 1):
        say(f"{number} of {len(calls)}: {call.name}")
        yield _checked(call, source, target)


def _checked(call: Call, source: Bench, target: Bench) -> Layer:
    ours = written(call)
    case, numbers = ours.case, ours.numbers
    found = operators()[apis()[case.api].operator].counterparts(case, target.line.framework)
    tried: list[Tried] = []
    try:
        first = source.ask(case, numbers)
        inside = _inside(call, ours, source)
        if isinstance(found, str):
            return Layer(call, ours, "impossible", first, inside, reason=found)
        for candidate in found:
            tried.append(target.ask(candidate, carried(numbers, candidate)))
            if tried[-1].agrees:
                break
    except BadValue as error:
        return Layer(call, ours, "impossible", reason=str(error))
    same = first.agrees and (inside is None or inside.agrees)
    status: Status = "differs"
    if tried[-1].agrees and same:
        status = "recipe" if tried[-1].case.around or _is_other_kind(case, tried[-1].case) else "equal"
    elif same and all(item.verdict in NOT_TAKEN for item in tried):
        status = "impossible"
    return Layer(call, ours, status, first, inside, tuple(tried))


def _inside(call: Call, ours: Written, source: Bench) -> Tried | None:
    """What came out of the call inside the model, against the documented result."""
    if call.output.numbers is None or ours.generated:
        return None
    prepared = prepare(ours.case, source.line.device.partition(":")[0], data=ours.numbers)
    held = {item.role: Parameter(item.shape, item.dtype) for item in ours.case.parameters}
    return source.judge(prepared, Returned({OUTPUT: call.output.numbers}, held))


def _is_other_kind(ours: Case, theirs: Case) -> bool:
    """Whether a function became a layer or a primitive, which has to be written another way."""
    return (ours.construct is None) != (theirs.construct is None)


def _largest(prepared: Prepared, outcome: Outcome) -> tuple[float | None, int]:
    """The largest error of an element of the result, and how many elements there are."""
    if not isinstance(outcome, Returned) or not isinstance(prepared.expected, ExpectedValue):
        return None, 0
    wanted, actual = prepared.expected.output.result.value, outcome.outputs.get(OUTPUT)
    if actual is None or actual.shape != wanted.shape:
        return None, 0
    wide: Any = np.complex128 if actual.dtype.kind == "c" else np.float64
    errors = np.abs(actual.astype(wide) - wanted)
    return (float(errors.max()) if errors.size else 0.0), int(errors.size)


def _why(record: Record, outcome: Outcome) -> str:
    """What is wrong, in one line."""
    if isinstance(outcome, Raised):
        telling = (line.strip() for line in outcome.message.splitlines() if any(map(str.isalnum, line)))
        return f"{outcome.classes[0]}: {next(telling, '')}"[:300]
    if record.actual.what != "returned":
        return f"{record.actual.what} {record.actual.error} {record.actual.message}".strip()[:300]
    difference, wanted, actual = record.difference, record.expected.array, record.actual.array
    if difference is not None:
        return (
            f"{difference.differing} of {difference.of} elements differ, by up to {float(difference.largest):.3g}"
            if "j" not in difference.largest
            else f"{difference.differing} of {difference.of} elements differ"
        )
    if wanted is not None and actual is not None and wanted.shape != actual.shape:
        return f"the result has shape {tuple(actual.shape)}, not {tuple(wanted.shape)}"
    failing = [item.claim for item in record.checks if item.counts and not item.holds]
    return ", ".join(failing)[:300] or record.expected.detail[:300]
