"""The verdict, cell by cell: the whole table written out again, and every outcome has a place in it."""

import itertools
from typing import get_args

import numpy as np
import pytest

from conformance.expected import (
    Expected,
    ExpectedArray,
    ExpectedError,
    ExpectedStatements,
    ExpectedUnsupported,
    ExpectedValue,
    Undocumented,
)
from conformance.outcome import CouldNotRun, Crashed, Described, Outcome, Raised, Returned, TimedOut
from conformance.verdict import TABLE, Saw, Says, saw, says, verdict
from reference.documented import Result
from reports.record import VERDICTS

ONE = np.ones((1,), np.float32)
VALUE = ExpectedValue({"output": ExpectedArray(Result(ONE, ONE, ONE, None), "float32", ONE)})
ALLOWED = ExpectedValue(VALUE.outputs, promised=False)
ERROR = ExpectedError("padding", "range", "ValueError", "padding must be at least 0")
NAMELESS = ExpectedError("groups", "divisible", "", "no")
VALUE_ERROR = Raised("construct", ("ValueError", "Exception"), "padding is negative")
RUNTIME_ERROR = Raised("call", ("RuntimeError", "Exception"), "no kernel")

COLUMNS = list(Saw)
EXPECTED = {
    # in the order of Saw: same, other, right error, other error, crash, silence, silence once, not run
    Says.VALUE: "conforms differs rejects-valid rejects-valid crashed timed-out unstable unavailable",
    Says.ALLOWED: "conforms differs undocumented undocumented crashed timed-out unstable unavailable",
    Says.OPEN: "undocumented differs rejects-valid rejects-valid crashed timed-out unstable unavailable",
    Says.ERROR: "accepts-invalid accepts-invalid conforms wrong-error crashed timed-out unstable unavailable",
    Says.UNSUPPORTED: "accepts-invalid accepts-invalid unsupported unsupported crashed timed-out unstable unavailable",
    Says.NOTHING: "undocumented undocumented undocumented undocumented crashed timed-out unstable unavailable",
    Says.STATEMENTS: "conforms differs rejects-valid rejects-valid crashed timed-out unstable unavailable",
}
CELLS = [
    (row, column, word) for row, words in EXPECTED.items() for column, word in zip(COLUMNS, words.split(), strict=True)
]

EXPECTATIONS: dict[Says, list[Expected]] = {
    Says.VALUE: [VALUE],
    Says.ALLOWED: [ALLOWED],
    Says.OPEN: [Undocumented("random", valid=True)],
    Says.ERROR: [ERROR, NAMELESS],
    Says.UNSUPPORTED: [ExpectedUnsupported("not on CPU")],
    Says.NOTHING: [Undocumented("nobody says", valid=False)],
    Says.STATEMENTS: [ExpectedStatements()],
}
OUTCOMES: list[Outcome] = [
    Returned({"output": ONE}),
    Described(("x",), {}, ""),
    VALUE_ERROR,
    RUNTIME_ERROR,
    Crashed("SIGSEGV", ""),
    TimedOut(1.0),
    TimedOut(1.0, "not"),
    TimedOut(1.0, "alone"),
    TimedOut(1.0, "after"),
    CouldNotRun("no worker"),
]


@pytest.mark.parametrize(
    ("row", "column", "word"), CELLS, ids=[f"{row.name}-{column.name}" for row, column, _ in CELLS]
)
def test_each_cell_of_the_table_is_as_designed(row: Says, column: Saw, word: str) -> None:
    assert TABLE[row][column] == word


def test_the_table_has_these_cells_and_no_others() -> None:
    assert {(row, column) for row, columns in TABLE.items() for column in columns} == set(itertools.product(Says, Saw))
    assert len(CELLS) == len(Says) * len(Saw) == 56
    assert {word for _, _, word in CELLS} == set(VERDICTS)


def test_every_expectation_has_a_row_of_its_own() -> None:
    for row, examples in EXPECTATIONS.items():
        assert all(says(example) is row for example in examples)
    assert {type(example) for examples in EXPECTATIONS.values() for example in examples} == set(get_args(Expected))
    assert set(EXPECTATIONS) == set(Says)


def test_every_expectation_with_every_outcome_has_a_verdict() -> None:
    assert {type(outcome) for outcome in OUTCOMES} == set(get_args(Outcome))
    for examples in EXPECTATIONS.values():
        for expected, outcome, same in itertools.product(examples, OUTCOMES, (True, False)):
            assert verdict(expected, outcome, same=same) in VERDICTS


@pytest.mark.parametrize(
    ("expected", "outcome", "same", "column"),
    [
        (VALUE, Returned({"output": ONE}), True, Saw.SAME),
        (VALUE, Returned({"output": ONE}), False, Saw.OTHER),
        (ExpectedStatements(), Described(("x",), {}, ""), True, Saw.SAME),
        (ExpectedStatements(), Described(("x",), {}, ""), False, Saw.OTHER),
        (ERROR, VALUE_ERROR, True, Saw.RIGHT_ERROR),
        (ERROR, VALUE_ERROR, False, Saw.OTHER_ERROR),
        (ERROR, RUNTIME_ERROR, True, Saw.OTHER_ERROR),
        (ERROR, Raised("call", ("PaddingError", "ValueError", "Exception"), ""), True, Saw.RIGHT_ERROR),
        (NAMELESS, RUNTIME_ERROR, True, Saw.RIGHT_ERROR),
        (VALUE, RUNTIME_ERROR, True, Saw.RIGHT_ERROR),
        (VALUE, Crashed("SIGSEGV", "", "not"), True, Saw.CRASH),
        (VALUE, TimedOut(1.0, "alone"), True, Saw.SILENCE),
        (VALUE, TimedOut(1.0, "after"), True, Saw.SILENCE),
        (VALUE, TimedOut(1.0, "untried"), True, Saw.SILENCE),
        (VALUE, TimedOut(1.0, "not"), True, Saw.SILENCE_ONCE),
        (VALUE, CouldNotRun("no"), True, Saw.NOT_RUN),
    ],
)
def test_each_outcome_falls_into_its_column(expected, outcome, same, column) -> None:
    assert saw(expected, outcome, same=same) is column


def test_what_neither_returned_nor_raised_cannot_contradict_a_claim() -> None:
    for outcome in OUTCOMES:
        if not isinstance(outcome, Returned | Described | Raised):
            assert saw(VALUE, outcome, same=True) is saw(VALUE, outcome, same=False)


def test_what_was_not_run_neither_conforms_nor_fails() -> None:
    for examples in EXPECTATIONS.values():
        assert verdict(examples[0], CouldNotRun("no"), same=True) == "unavailable"
