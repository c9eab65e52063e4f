"""One checker per kind of claim detail: a claim held against one outcome.

A checker answers with a Check, or None where the claim does not speak of this case. It knows claims and outcomes,
never operators or frameworks. Messages read: what happened, and what should be expected.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cases import documentation as doc
from cases.case import Case
from cases.values import Value, encode
from conformance.agreement import Agreement
from conformance.expected import (
    GRADIENT,
    OUTPUT,
    Expected,
    ExpectedError,
    ExpectedStatements,
    ExpectedUnsupported,
    ExpectedValue,
    Undocumented,
)
from conformance.outcome import CouldNotRun, Crashed, Described, Outcome, Parameter, Raised, Returned, TimedOut
from reference.initializers import contradiction
from reports.record import Check


@dataclass(frozen=True)
class Held:
    """One case, what was expected of it and what happened: what every checker looks at."""

    api: doc.Api
    case: Case
    expected: Expected
    outcome: Outcome
    agreements: Mapping[str, Agreement]
    device: str

    @property
    def agreement(self) -> Agreement | None:
        """How the result of the call itself stands to the documented one."""
        return self.agreements.get(OUTPUT)

    @cached_property
    def valid(self) -> bool:
        """The documents call the arguments valid, and promise that the call works."""
        return (
            (isinstance(self.expected, ExpectedValue) and self.expected.promised)
            or (isinstance(self.expected, Undocumented) and self.expected.valid)
            or (isinstance(self.expected, ExpectedStatements) and self.case.action == "initialise")
        )

    @cached_property
    def defined(self) -> bool:
        """The documents say what a result must look like, should there be one."""
        return self.valid or isinstance(self.expected, ExpectedValue)

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
    if isinstance(held.outcome, CouldNotRun) or not held.device.startswith(claim.device):
        return None
    answer = _CHECKERS[type(claim.detail)](claim.detail, claim, held)
    if answer is None:
        return None
    holds, detail = answer
    return Check(claim=claim.id, holds=holds, detail=detail, counts=claim.overruled is None and not claim.advice)


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
    if isinstance(held.outcome, Raised) and (_named(name, held) or detail.alone(held.bound)):
        return False, f"{happened(held.outcome)}, but should be accepted"
    return None


def _named(name: str, held: Held) -> bool:
    """The message of an error speaks of this parameter, and not of one whose name only contains this one's."""
    assert isinstance(held.outcome, Raised)
    message = held.outcome.message
    longer = [other for other in held.api.names if name in other and name != other]
    for other in sorted(longer, key=len, reverse=True):
        message = message.replace(other, "").replace(other.replace("_", " "), "")
    return name in message or name.replace("_", " ") in message


def _rejects(detail: doc.Rejects, claim: doc.Claim, held: Held) -> Answer:
    unsupported = isinstance(held.expected, ExpectedUnsupported)
    if not (held.valid or unsupported) or held.case.action != "call" or not detail.when(held.bound):
        return None
    if isinstance(held.outcome, Returned):
        return False, f"{happened(held.outcome)}, but should be refused"
    return HOLDS if unsupported and isinstance(held.outcome, Raised) else None


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
    if not held.outcome.ends_program and (detail.error is None or detail.error in held.outcome.classes):
        return HOLDS
    return False, f"{happened(held.outcome)}, but should be {wanted}"


def _shape(detail: doc.Shape, claim: doc.Claim, held: Held) -> Answer:
    if not held.defined or not isinstance(held.outcome, Returned) or held.case.action != "call":
        return None
    if held.case.around or (held.case.construct is not None and held.case.call.keyword):
        return None  # an option of the call, such as an exact size, is none of the formula's, and steps are neither
    wanted = detail.formula(held.bound)
    if wanted is None:
        return None
    actual = _output(held.outcome).shape
    fits = len(actual) == len(wanted) and all(w is None or a == w for a, w in zip(actual, wanted, strict=True))
    return HOLDS if fits else (False, f"{actual}, but should be {wanted}")


def _values(detail: doc.Values, claim: doc.Claim, held: Held) -> Answer:
    if not isinstance(held.expected, ExpectedValue) or not detail.when(held.bound):
        return None
    if not detail.own and (not held.expected.promised or held.case.data == "special"):
        return None
    return _result(OUTPUT, held.expected, held, whole=detail.whole and held.valid)


def _gradient(detail: doc.Gradient, claim: doc.Claim, held: Held) -> Answer:
    name = GRADIENT + detail.of
    if not isinstance(held.expected, ExpectedValue) or name not in held.expected.outputs:
        return None
    if not detail.when(held.bound):
        return None
    if isinstance(held.outcome, Returned) and name not in held.outcome.outputs:
        # Of an output of another shape nothing can be derived; the claims on shapes see that.
        derivable = held.agreement is not None and held.agreement.shape
        return (False, f"no {name}, but should be one") if derivable else None
    refused = isinstance(held.outcome, Raised) and held.outcome.stage == "gradient"
    return _result(name, held.expected, held, whole=refused and held.valid)


def _result(name: str, expected: ExpectedValue, held: Held, *, whole: bool) -> Answer:
    """Hold one result against the documented one; `whole` says that not to have one is a contradiction."""
    wanted, found = expected.outputs[name], held.agreements.get(name)
    if not isinstance(held.outcome, Returned) or found is None:
        if not whole:
            return None
        return False, f"{happened(held.outcome)}, but should be a result of shape {wanted.result.value.shape}"
    actual = held.outcome.outputs[name]
    if not found.shape:
        return False, f"{actual.shape}, but should be {wanted.result.value.shape}"
    if not found.dtype:
        return False, f"{actual.dtype.name}, but should be {wanted.dtype}"
    if found.compared == 0:
        return None
    if found.whole:
        return HOLDS
    if found.difference is None:
        return False, "values that are no numbers"
    return (
        False,
        f"{found.difference.actual} at {tuple(found.difference.index)}, but should be {found.difference.expected}",
    )


def _distributed(detail: doc.Distributed, claim: doc.Claim, held: Held) -> Answer:
    if held.case.action != "initialise" or (law := detail.law(held.bound)) is None:
        return None
    if isinstance(held.outcome, Raised):
        return None  # what is refused is seen by the claims on types and spellings
    if not isinstance(held.outcome, Returned) or detail.name not in held.outcome.outputs:
        return False, f"{happened(held.outcome)}, but should be a parameter {detail.name}"
    against = contradiction(held.outcome.outputs[detail.name], law)
    return (False, f"{against}, but should be drawn from {law}") if against else HOLDS


def _says(detail: doc.Says, claim: doc.Claim, held: Held) -> Answer:
    if not isinstance(held.expected, ExpectedError) or not isinstance(held.outcome, Raised):
        return None
    name = held.expected.argument
    words = (name, *detail.words.get(name, ()))
    message = held.outcome.message.lower()
    if any(word.lower() in message for word in words):
        return HOLDS
    return False, f"{happened(held.outcome)}, but should name {name}"


def _refused(detail: doc.Refused, claim: doc.Claim, held: Held) -> Answer:
    if not isinstance(held.expected, ExpectedError) or not isinstance(held.outcome, Raised):
        return None
    if held.expected.stage != "construct":
        return None
    stage = held.outcome.stage
    return HOLDS if stage == "construct" else (False, f"{happened(held.outcome)}, but should be raised at construct")


def _stored(detail: doc.Stored, claim: doc.Claim, held: Held) -> Answer:
    if not held.defined or not isinstance(held.outcome, Returned):
        return None
    wanted = detail.shape(held.bound)
    if wanted is None:
        return None
    there = _parameters(held.case, held.outcome).get(detail.name)
    if there is None:
        return False, f"no parameter {detail.name}, but should be one of shape {wanted}"
    return HOLDS if there.shape == wanted else (False, f"{there.shape}, but should be {wanted}")


def _stored_dtype(detail: doc.StoredDtype, claim: doc.Claim, held: Held) -> Answer:
    if not held.defined or not isinstance(held.outcome, Returned):
        return None
    wanted, there = detail.dtype(held.bound), _parameters(held.case, held.outcome)
    if wanted is None or not there:
        return None
    other = {name: item.dtype for name, item in there.items() if item.dtype != wanted}
    return (False, f"{other}, but should be {wanted}") if other else HOLDS


def _parameters(case: Case, outcome: Returned) -> Mapping[str, Parameter]:
    """The parameters as the framework made them."""
    if case.action != "initialise":
        return outcome.parameters
    return {name: Parameter(array.shape, array.dtype.name) for name, array in outcome.outputs.items()}


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
    doc.Gradient: _gradient,
    doc.Distributed: _distributed,
    doc.Says: _says,
    doc.Refused: _refused,
    doc.Stored: _stored,
    doc.StoredDtype: _stored_dtype,
    doc.Printed: _printed,
    doc.Runs: _runs,
    doc.Equal: _elsewhere,
    doc.Consistent: _elsewhere,
    doc.Inverse: _elsewhere,
    doc.ModesAgree: _elsewhere,
    doc.Unchecked: _elsewhere,
}


def _output(outcome: Returned) -> Any:
    return next(iter(outcome.outputs.values()))


__all__ = ["Held", "check", "happened"]
