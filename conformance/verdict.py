"""The verdict: a total function of what was expected and what happened, in one table.

Rows are what the documents say, columns are what the backend did. Only claims that the reference upholds enter it:
`Saw.OTHER` means that values, shape or dtype differ, or that such a claim is contradicted by what was returned.
"""

from enum import Enum

from conformance.expected import (
    Expected,
    ExpectedError,
    ExpectedStatements,
    ExpectedUnsupported,
    ExpectedValue,
    Undocumented,
)
from conformance.outcome import CouldNotRun, Crashed, Described, Outcome, Raised, Returned, TimedOut
from reports.record import Verdict


class Says(Enum):
    """What the documents say of a case."""

    VALUE = "value"
    ALLOWED = "value, if any"  # the documents promise no support, but what is returned is a value that they define
    OPEN = "open value"  # the arguments are valid, the values are not documented
    ERROR = "error"
    UNSUPPORTED = "unsupported"
    NOTHING = "not documented"
    STATEMENTS = "statements"  # an inspection or an initialisation: what it shows is what claims are about


class Saw(Enum):
    """What the backend did."""

    SAME = "returned as documented"
    OTHER = "returned something else"
    RIGHT_ERROR = "raised the documented error"
    OTHER_ERROR = "raised another error"
    CRASH = "crashed"
    SILENCE = "timed out"
    SILENCE_ONCE = "timed out once, not again"
    NOT_RUN = "not run"


_ALWAYS: dict[Saw, Verdict] = {
    Saw.CRASH: "crashed",
    Saw.SILENCE: "timed-out",
    Saw.SILENCE_ONCE: "unstable",
    Saw.NOT_RUN: "unavailable",
}
TABLE: dict[Says, dict[Saw, Verdict]] = {
    Says.VALUE: _ALWAYS
    | {
        Saw.SAME: "conforms",
        Saw.OTHER: "differs",
        Saw.RIGHT_ERROR: "rejects-valid",
        Saw.OTHER_ERROR: "rejects-valid",
    },
    Says.ALLOWED: _ALWAYS
    | {
        Saw.SAME: "conforms",
        Saw.OTHER: "differs",
        Saw.RIGHT_ERROR: "undocumented",
        Saw.OTHER_ERROR: "undocumented",
    },
    Says.OPEN: _ALWAYS
    | {
        Saw.SAME: "undocumented",
        Saw.OTHER: "differs",
        Saw.RIGHT_ERROR: "rejects-valid",
        Saw.OTHER_ERROR: "rejects-valid",
    },
    Says.ERROR: _ALWAYS
    | {
        Saw.SAME: "accepts-invalid",
        Saw.OTHER: "accepts-invalid",
        Saw.RIGHT_ERROR: "conforms",
        Saw.OTHER_ERROR: "wrong-error",
    },
    # A document says that it does not work; if it does, the statement is wrong, and what is returned is not judged.
    Says.UNSUPPORTED: _ALWAYS
    | {
        Saw.SAME: "accepts-invalid",
        Saw.OTHER: "accepts-invalid",
        Saw.RIGHT_ERROR: "unsupported",
        Saw.OTHER_ERROR: "unsupported",
    },
    Says.NOTHING: _ALWAYS
    | {
        Saw.SAME: "undocumented",
        Saw.OTHER: "undocumented",
        Saw.RIGHT_ERROR: "undocumented",
        Saw.OTHER_ERROR: "undocumented",
    },
    Says.STATEMENTS: _ALWAYS
    | {
        Saw.SAME: "conforms",
        Saw.OTHER: "differs",
        Saw.RIGHT_ERROR: "rejects-valid",
        Saw.OTHER_ERROR: "rejects-valid",
    },
}


def says(expected: Expected) -> Says:
    """The row of what was expected."""
    match expected:
        case ExpectedValue(promised=promised):
            return Says.VALUE if promised else Says.ALLOWED
        case ExpectedError():
            return Says.ERROR
        case ExpectedUnsupported():
            return Says.UNSUPPORTED
        case Undocumented(valid=True):
            return Says.OPEN
        case Undocumented():
            return Says.NOTHING
        case ExpectedStatements():
            return Says.STATEMENTS


def saw(expected: Expected, outcome: Outcome, *, same: bool) -> Saw:
    """The column of what happened; `same` says that it contradicts no claim that counts."""
    match outcome:
        case Returned() | Described():
            return Saw.SAME if same else Saw.OTHER
        case Raised(classes=classes):
            named = expected.error if isinstance(expected, ExpectedError) else ""
            right = same and (not named or named in classes) and not outcome.ends_program
            return Saw.RIGHT_ERROR if right else Saw.OTHER_ERROR
        case Crashed():
            return Saw.CRASH
        case TimedOut(reproduced="not"):
            return Saw.SILENCE_ONCE
        case TimedOut():
            return Saw.SILENCE
        case CouldNotRun():
            return Saw.NOT_RUN


def verdict(expected: Expected, outcome: Outcome, *, same: bool) -> Verdict:
    """The verdict of one case on one backend; `same` says that the outcome contradicts no claim that counts."""
    return TABLE[says(expected)][saw(expected, outcome, same=same)]
