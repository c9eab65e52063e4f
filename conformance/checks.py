"""One checker per kind of claim detail: a claim held against one outcome.

A checker answers with a Check, or None where the claim does not speak of this case. It knows claims and outcomes,
never operators or frameworks. Messages read: what happened, and what should be expected.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cases import documentation as doc
from cases.case import Case
from cases.values import Value, encode
from conformance.agreement import Agreement
from conformance.expected import Expected, ExpectedError, ExpectedValue, Undocumented
from conformance.outcome import CouldNotRun, Crashed, Described, Outcome, Raised, Returned, TimedOut
from reports.record import Check


@dataclass(frozen=True)
class Held:
    """One case, what was expected of it and what happened: what every checker looks at."""

    api: doc.Api
    case: Case
    expected: Expected
    outcome: Outcome
    agreement: Agreement | None
    device: str

    @cached_property
    def valid(self) -> bool:
        """The documents call the arguments valid."""
        return isinstance(self.expected, ExpectedValue) or (
            isinstance(self.expected, Undocumented) and self.expected.valid
        )

    @cached_property
    def bound(self) -> doc.Bound:
        """The arguments with the documented defaults filled in."""
        return self.api.bound(self.case)

    @cached_property
    def given(self) -> dict[str, Value]:
        """The arguments that the case passes, by name."""
        return (self.case.construct or self.case.call).bind(self.api.names)


def happened(outcome: Outcome) -> str:
    """An outcome in a few words."""
    match outcome:
        case Returned():
            return f"a result of shape {_output(outcome).shape}"
        case Described():
            return "a signature"
        case Raised(stage, classes, message):
            return f"{classes[0]} at {stage}: {' '.join(message.split())[:200]}"
        case Crashed(how):
            return f"a crash ({how})"
        case TimedOut(seconds):
            return f"no answer within {seconds:g} s"
        case CouldNotRun(reason):
            return f"not run: {reason}"


def check(claim: doc.Claim, held: Held) -> Check | None:
    """Hold a claim against an outcome; None where it is not applicable, or where nothing was run."""
    if isinstance(held.outcome, CouldNotRun):
        return None
    answer = _CHECKERS[type(claim.detail)](claim.detail, claim, held)
    if answer is None:
        return None
    holds, detail = answer
    return Check(claim=claim.id, holds=holds, detail=detail, counts=claim.overruled is None)


Answer = tuple[bool, str] | None
HOLDS = (True, "")


def _names(detail: doc.Names, claim: doc.Claim, held: Held) -> Answer:
    if not isinstance(held.outcome, Described):
        return None
    actual = held.outcome.names[: len(detail.names)]
    return HOLDS if actual == detail.names else (False, f"{', '.join(actual)}, but should be {', '.join(detail.names)}")


def _absent(detail: doc.Absent, claim: doc.Claim, held: Held) -> Answer:
    if not isinstance(held.outcome, Described):
        return None
    there = [name for name in detail.names if name in held.outcome.names]
    return (False, f"there is a parameter {', '.join(there)}, but should be none") if there else HOLDS


def _default(detail: doc.DefaultValue, claim: doc.Claim, held: Held) -> Answer:
    if not isinstance(held.outcome, Described):
        return None
    (name,) = claim.parameters
    if name not in held.outcome.defaults:
        what = "no default" if name in held.outcome.names else "no such parameter"
        return False, f"{what}, but should be {encode(detail.value)!r}"
    actual, documented = held.outcome.defaults[name], encode(detail.value)
    if type(actual) is type(documented) and actual == documented:
        return HOLDS
    return False, f"{actual!r}, but should be {documented!r}"


def _accepts(detail: doc.Accepts, claim: doc.Claim, held: Held) -> Answer:
    (name,) = claim.parameters
    if not held.valid or name not in held.given or not detail.when(held.bound):
        return None
    if isinstance(held.outcome, Returned):
        return HOLDS
    # Another part of the call may be what was refused, unless the message names this one or nothing else is unusual.
    if isinstance(held.outcome, Raised) and (name in held.outcome.message or detail.alone(held.bound)):
        return False, f"{happened(held.outcome)}, but should be accepted"
    return None


def _rejects(detail: doc.Rejects, claim: doc.Claim, held: Held) -> Answer:
    if not held.valid or not detail.when(held.bound):
        return None
    if isinstance(held.outcome, Returned):
        return False, f"{happened(held.outcome)}, but should be refused"
    return None


def _breaks(detail: doc.Breaks, claim: doc.Claim, held: Held) -> Answer:
    expected = held.expected
    if not isinstance(expected, ExpectedError):
        return None
    if expected.rule != detail.rule or expected.argument not in claim.parameters:
        return None
    if detail.error is not None and detail.error != expected.error:
        return None
    wanted = detail.error or "an error"
    if not isinstance(held.outcome, Raised):
        return False, f"{happened(held.outcome)}, but should be {wanted}"
    if detail.error is None or detail.error in held.outcome.classes:
        return HOLDS
    return False, f"{happened(held.outcome)}, but should be {wanted}"


def _shape(detail: doc.Shape, claim: doc.Claim, held: Held) -> Answer:
    if not held.valid or not isinstance(held.outcome, Returned) or held.case.call.keyword:
        return None
    wanted = detail.formula(held.bound)
    if wanted is None:
        return None
    actual = _output(held.outcome).shape
    fits = len(actual) == len(wanted) and all(w is None or a == w for a, w in zip(actual, wanted, strict=True))
    return HOLDS if fits else (False, f"{actual}, but should be {wanted}")


def _values(detail: doc.Values, claim: doc.Claim, held: Held) -> Answer:
    if not isinstance(held.expected, ExpectedValue) or not detail.when(held.bound):
        return None
    if not isinstance(held.outcome, Returned) or held.agreement is None:
        if not detail.whole:
            return None
        return False, f"{happened(held.outcome)}, but should be a result of shape {held.expected.result.value.shape}"
    agreement = held.agreement
    if agreement.empty:
        return None
    if agreement.whole:
        return HOLDS
    if not agreement.shape:
        return False, f"{_output(held.outcome).shape}, but should be {held.expected.result.value.shape}"
    if not agreement.dtype:
        return False, f"{_output(held.outcome).dtype.name}, but should be {held.expected.dtype}"
    found = agreement.difference
    if found is None:
        return False, "values that are no numbers"
    return False, f"{found.actual} at {tuple(found.index)}, but should be {found.expected}"


def _stored(detail: doc.Stored, claim: doc.Claim, held: Held) -> Answer:
    if not held.valid or not isinstance(held.outcome, Returned):
        return None
    wanted = detail.shape(held.bound)
    if wanted is None:
        return None
    there = held.outcome.parameters.get(detail.name)
    if there is None:
        return False, f"no parameter {detail.name}, but should be one of shape {wanted}"
    return HOLDS if there.shape == wanted else (False, f"{there.shape}, but should be {wanted}")


def _stored_dtype(detail: doc.StoredDtype, claim: doc.Claim, held: Held) -> Answer:
    if not held.valid or not isinstance(held.outcome, Returned):
        return None
    wanted = detail.dtype(held.bound)
    if wanted is None or not held.outcome.parameters:
        return None
    other = {name: item.dtype for name, item in held.outcome.parameters.items() if item.dtype != wanted}
    return (False, f"{other}, but should be {wanted}") if other else HOLDS


def _printed(detail: doc.Printed, claim: doc.Claim, held: Held) -> Answer:
    if held.case.id != detail.case.id:
        return None
    if not isinstance(held.outcome, Returned):
        return False, f"{happened(held.outcome)}, but should print {detail.shape}"
    actual = _output(held.outcome).shape
    return HOLDS if actual == detail.shape else (False, f"{actual}, but should be {detail.shape}")


def _runs(detail: doc.Runs, claim: doc.Claim, held: Held) -> Answer:
    if not held.valid or held.device.partition(":")[0].lower() != detail.device:
        return None
    if isinstance(held.outcome, Returned):
        return HOLDS
    # A refusal speaks of the platform only if it says so.
    if isinstance(held.outcome, Raised) and detail.device.lower() in held.outcome.message.lower():
        return False, f"{happened(held.outcome)}, but should run on {detail.device}"
    return None


def _elsewhere(detail: Any, claim: doc.Claim, held: Held) -> Answer:
    """Not held against single outcomes: statements that are not checked, and those about two calls."""
    return None


_CHECKERS: dict[type, Callable[[Any, doc.Claim, Held], Answer]] = {
    doc.Names: _names,
    doc.Absent: _absent,
    doc.DefaultValue: _default,
    doc.Accepts: _accepts,
    doc.Rejects: _rejects,
    doc.Breaks: _breaks,
    doc.Shape: _shape,
    doc.Values: _values,
    doc.Stored: _stored,
    doc.StoredDtype: _stored_dtype,
    doc.Printed: _printed,
    doc.Runs: _runs,
    doc.Equal: _elsewhere,
    doc.Unchecked: _elsewhere,
}


def _output(outcome: Returned) -> Any:
    return next(iter(outcome.outputs.values()))


__all__ = ["Held", "check", "happened"]
