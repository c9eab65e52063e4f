"""case × outcome → checks → verdict → record."""

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from cases.case import Case
from cases.documentation import Api
from conformance.agreement import Agreement, agreement
from conformance.checks import Held, check
from conformance.expected import (
    Expected,
    ExpectedError,
    ExpectedStatements,
    ExpectedUnsupported,
    ExpectedValue,
    Prepared,
    Undocumented,
)
from conformance.outcome import CouldNotRun, Crashed, Described, Outcome, Raised, Returned, TimedOut
from conformance.verdict import verdict
from reports.arrays import pack
from reports.record import UNEXPECTED, Array, Record, Side

MEASURED = ("accumulate", "special")  # data from which properties of a backend are read


def judge(
    prepared: Prepared, outcome: Outcome, api: Api, *, backend: str, mode: str, device: str, keep: bool = False
) -> Record:
    """Hold every claim of the API against the outcome, and say what follows.

    Whole arrays are kept of what is unexpected, of what properties are measured from, and with `keep` of all that does
    not conform: what conforms is known from the oracle.
    """
    case, expected = prepared.case, prepared.expected
    found: dict[str, Agreement] = {}
    if isinstance(expected, ExpectedValue) and isinstance(outcome, Returned):
        found = _agreements(case, outcome, expected)
    held = Held(api, case, expected, outcome, found, device)
    checks = [made for claim in api.claims if (made := check(claim, held)) is not None]
    same = all(item.whole for item in found.values()) and all(made.holds for made in checks if made.counts)
    word = verdict(expected, outcome, same=same)
    keep = word in UNEXPECTED or (keep and word != "conforms") or case.data in MEASURED
    worst = next((item for item in found.values() if not item.whole), None)
    margins = [item.margin for item in found.values() if item.margin is not None]
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
        difference=worst.difference if worst else None,
        margin=max(margins, default=None),
        milliseconds=getattr(outcome, "milliseconds", 0.0),
    )


def _agreements(case: Case, outcome: Returned, expected: ExpectedValue) -> dict[str, Agreement]:
    """How each result stands to the documented one. A result that is not there has the wrong shape."""
    narrow = "tf32" if ("tf32", True) in case.settings and expected.output.dtype == "float32" else None
    missing = Agreement(False, False, None, 0)
    return {
        name: agreement(outcome.outputs[name], wanted, case.data, name=name, multiplicands=narrow)
        if name in outcome.outputs
        else missing
        for name, wanted in expected.outputs.items()
    }


def unstable(record: Record, second: Outcome) -> Record:
    """The record of a case whose second run gave another outcome."""
    detail = f"a second run of the same case gave {fingerprint(second)[:300]}"
    actual = record.actual
    return replace(record, verdict="unstable", actual=replace(actual, detail=f"{actual.detail} {detail}".strip()))


def output(outcome: Returned) -> NDArray[Any]:
    """The first output: the result of the call itself."""
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


def _side(what: str, arrays: Mapping[str, NDArray[Any]], keep: bool, found: Mapping[str, Agreement]) -> Side:
    """The first array, and the others by name."""
    packed = {name: _array(array, keep, found.get(name)) for name, array in arrays.items()}
    first = next(iter(packed))
    return Side(what=what, array=packed.pop(first), others=packed)


def _expected(expected: Expected, keep: bool, found: Mapping[str, Agreement]) -> Side:
    match expected:
        case ExpectedValue(outputs=outputs, promised=promised):
            side = _side("value", {name: item.array for name, item in outputs.items()}, keep, found)
            return side if promised else replace(side, detail="if it is returned at all: no document promises that")
        case ExpectedError(argument=argument, error=error, message=message, rule=rule):
            return Side(
                what="error", error=error, message=message, argument=argument, detail=f"breaks the documented {rule}"
            )
        case ExpectedUnsupported(reason=reason):
            return Side(what="unsupported", detail=reason)
        case Undocumented(reason=reason, valid=valid):
            return Side(what="not documented", detail=f"{reason}{' (the call is valid)' if valid else ''}")
        case ExpectedStatements():
            return Side(what="value", detail="what the claims state")


def _actual(outcome: Outcome, keep: bool, found: Mapping[str, Agreement]) -> Side:
    match outcome:
        case Returned(outputs=outputs):
            return _side("returned", outputs, keep, found)
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
