"""case × outcome → checks → verdict → record."""

import hashlib
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from cases.documentation import Api
from conformance.agreement import Agreement, agreement
from conformance.checks import Held, check
from conformance.expected import (
    Expected,
    ExpectedDescription,
    ExpectedError,
    ExpectedUnsupported,
    ExpectedValue,
    Prepared,
    Undocumented,
)
from conformance.outcome import CouldNotRun, Crashed, Described, Outcome, Raised, Returned, TimedOut
from conformance.verdict import verdict
from reports.arrays import pack
from reports.record import UNEXPECTED, Array, Record, Side


def judge(prepared: Prepared, outcome: Outcome, api: Api, *, backend: str, mode: str, device: str) -> Record:
    """Hold every claim of the API against the outcome, and say what follows."""
    case, expected = prepared.case, prepared.expected
    found: Agreement | None = None
    if isinstance(expected, ExpectedValue) and isinstance(outcome, Returned):
        found = agreement(output(outcome), expected, case.data)
    held = Held(api, case, expected, outcome, found, device)
    checks = [made for claim in api.claims if (made := check(claim, held)) is not None]
    same = (found is None or found.whole) and all(made.holds for made in checks if made.counts)
    word = verdict(expected, outcome, same=same)
    keep = word in UNEXPECTED
    return Record(
        case=case.id,
        api=case.api,
        call=case.show(),
        arguments=case.canonical,
        backend=backend,
        mode=mode,
        dtype=case.dtype,
        verdict=word,
        checks=checks,
        expected=_expected(expected, keep, found),
        actual=_actual(outcome, keep, found),
        difference=found.difference if found else None,
        margin=found.margin if found else None,
        milliseconds=getattr(outcome, "milliseconds", 0.0),
    )


def unstable(record: Record, second: Outcome) -> Record:
    """The record of a case whose second run gave another outcome."""
    detail = f"a second run of the same case gave {fingerprint(second)[:300]}"
    actual = record.actual
    return replace(record, verdict="unstable", actual=replace(actual, detail=f"{actual.detail} {detail}".strip()))


def output(outcome: Returned) -> NDArray[Any]:
    """The first output, which is the only one so far."""
    return next(iter(outcome.outputs.values()))


def fingerprint(outcome: Outcome) -> str:
    """What two runs of one case must agree in: kind, shapes and bytes, or class and stage of an error."""
    match outcome:
        case Returned(outputs=outputs):
            return "returned " + ", ".join(f"{name} {array.shape} {digest(array)}" for name, array in outputs.items())
        case Described(names=names):
            return f"described {names}"
        case Raised(stage=stage, classes=classes):
            return f"raised {classes[0]} at {stage}"
        case Crashed():
            return "crashed"
        case TimedOut():
            return "timed out"
        case CouldNotRun(reason=reason):
            return f"could not run: {reason}"


def digest(array: NDArray[Any]) -> str:
    """16 hexadecimal digits of an array's dtype, shape and bytes."""
    head = f"{array.dtype.name}{array.shape}".encode()
    return hashlib.sha256(head + np.ascontiguousarray(array).tobytes()).hexdigest()[:16]


def _array(array: NDArray[Any], keep: bool, found: Agreement | None) -> Array:
    if keep:
        return replace(pack(array, found.first if found else 0), digest=digest(array))
    return Array(shape=list(array.shape), dtype=array.dtype.name, digest=digest(array))


def _expected(expected: Expected, keep: bool, found: Agreement | None) -> Side:
    match expected:
        case ExpectedValue(array=array):
            return Side(what="value", array=_array(array, keep, found))
        case ExpectedError(argument=argument, error=error, message=message, rule=rule):
            return Side(
                what="error", error=error, message=message, argument=argument, detail=f"breaks the documented {rule}"
            )
        case ExpectedUnsupported(reason=reason):
            return Side(what="unsupported", detail=reason)
        case Undocumented(reason=reason, valid=valid):
            return Side(what="not documented", detail=f"{reason}{' (the call is valid)' if valid else ''}")
        case ExpectedDescription():
            return Side(what="value", detail="the documented signature")


def _actual(outcome: Outcome, keep: bool, found: Agreement | None) -> Side:
    match outcome:
        case Returned():
            return Side(what="returned", array=_array(output(outcome), keep, found))
        case Described(names=names, docstring=docstring):
            held = hashlib.sha256(docstring.encode()).hexdigest()[:16]
            return Side(what="described", detail=f"({', '.join(names)}); docstring {held}")
        case Raised(stage=stage, classes=classes, message=message):
            return Side(
                what="raised", error=classes[0], message=message[:4000], stage=stage, detail=" < ".join(classes)
            )
        case Crashed(how=how, stderr=stderr, reproduced=reproduced, sequence=sequence):
            return Side(what="crashed", error=how, message=stderr[-2000:], detail=_again(reproduced, sequence))
        case TimedOut(seconds=seconds, reproduced=reproduced, sequence=sequence):
            return Side(
                what="timed out", message=f"no answer within {seconds:g} s", detail=_again(reproduced, sequence)
            )
        case CouldNotRun(reason=reason):
            return Side(what="could not run", message=reason)


def _again(reproduced: str, sequence: tuple[str, ...]) -> str:
    return {
        "alone": "again when run alone in a fresh worker",
        "after": f"again, but only after {len(sequence)} earlier case(s): {', '.join(sequence[:20])}",
        "not": "not again: neither alone nor after the same cases",
        "untried": "not tried again",
    }[reproduced]


__all__ = ["digest", "fingerprint", "judge", "output", "unstable"]
