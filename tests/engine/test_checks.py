"""One checker per kind of claim: where it holds, where it is contradicted, and where it does not apply."""

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from cases import documentation as doc
from cases.case import Arguments
from cases.documentation import Detail, Ruling, Text
from cases.values import Dtype
from conformance.checks import _CHECKERS, check, happened
from conformance.expected import ExpectedStatements, ExpectedValue
from conformance.outcome import CouldNotRun, Raised, Returned, TimedOut
from tests.engine.held import (
    ALWAYS,
    CASE,
    CRASHED,
    DESCRIBED,
    ERROR,
    EXPECTED,
    NEVER,
    NOTHING,
    OPEN,
    OTHER,
    REFUSED,
    RIGHT,
    SHORT,
    SILENT,
    WIDE,
    WRONG,
    X,
    answer,
    claim,
    held,
)


def test_there_is_a_checker_for_every_detail() -> None:
    assert set(_CHECKERS) == set(get_args(Detail))


def test_nothing_is_held_against_what_was_not_run() -> None:
    for detail in (
        doc.Values(**ALWAYS),
        doc.Breaks("range"),
        doc.Names(("x",)),
        doc.Runs("cpu"),
        doc.Printed(CASE, (1,)),
    ):
        assert check(claim(detail, "stride"), held(CouldNotRun("no worker"))) is None


def test_names_are_the_first_of_the_signature_in_order() -> None:
    def names(*wanted, outcome=DESCRIBED):
        return answer(doc.Names(wanted), outcome=outcome, expected=ExpectedStatements())

    assert names("in_channels", "out_channels")
    assert not names("out_channels", "in_channels")
    assert names(*DESCRIBED.names, "more") is False
    assert names("in_channels", outcome=RIGHT) is None
    assert names("in_channels", outcome=OTHER) is None


def test_absent_names_are_not_in_the_signature() -> None:
    assert answer(doc.Absent(("padding",)), outcome=DESCRIBED)
    assert answer(doc.Absent(("padding", "stride")), outcome=DESCRIBED) is False
    assert answer(doc.Absent(("padding",)), outcome=RIGHT) is None


@pytest.mark.parametrize(
    ("name", "value", "holds"),
    [
        ("stride", 1, True),
        ("stride", 2, False),
        ("stride", True, False),
        ("stride", 1.0, False),
        ("in_channels", 1, False),
        ("missing", None, False),
        ("dtype", Dtype("float32"), True),
        ("dtype", "float32", False),
    ],
)
def test_a_default_is_that_value_of_that_type(name, value, holds) -> None:
    assert answer(doc.DefaultValue(value), name, outcome=DESCRIBED) is holds
    assert answer(doc.DefaultValue(value), name, outcome=RIGHT) is None


def test_a_missing_parameter_and_a_missing_default_are_told_apart() -> None:
    details = [check(claim(doc.DefaultValue(1), name), held(DESCRIBED)).detail for name in ("in_channels", "missing")]
    assert details == ["no default, but should be 1", "no such parameter, but should be 1"]


def test_accepts_holds_for_what_was_returned_and_is_contradicted_by_a_refusal_that_names_it() -> None:
    accepts = doc.Accepts(**ALWAYS)
    assert answer(accepts, "stride", outcome=RIGHT)
    assert answer(accepts, "stride", outcome=RIGHT, expected=OPEN)
    assert answer(accepts, "stride", outcome=REFUSED) is False


def test_a_refusal_of_something_else_is_held_against_accepts_only_where_nothing_else_is_unusual() -> None:
    assert answer(doc.Accepts(**ALWAYS), "stride", outcome=OTHER) is None
    assert answer(doc.Accepts(**ALWAYS, alone=lambda bound: True), "stride", outcome=OTHER) is False
    assert answer(doc.Accepts(**ALWAYS, alone=lambda bound: True), "stride", outcome=CRASHED) is None


def test_accepts_speaks_of_valid_calls_that_pass_the_argument() -> None:
    assert answer(doc.Accepts(**NEVER), "stride", outcome=RIGHT) is None
    assert answer(doc.Accepts(**ALWAYS), "padding", outcome=RIGHT) is None
    for expected in (ERROR, NOTHING):
        assert answer(doc.Accepts(**ALWAYS), "stride", outcome=RIGHT, expected=expected) is None


def test_rejects_is_contradicted_by_what_was_returned_and_by_nothing_else() -> None:
    assert answer(doc.Rejects(**ALWAYS), "stride", outcome=RIGHT) is False
    assert answer(doc.Rejects(**NEVER), "stride", outcome=RIGHT) is None
    assert answer(doc.Rejects(**ALWAYS), "stride", outcome=CRASHED) is None
    assert answer(doc.Rejects(**ALWAYS), "stride", outcome=RIGHT, expected=ERROR) is None


def test_breaks_asks_for_an_error_and_for_the_class_that_the_document_names() -> None:
    def breaks(outcome, error=None, expected=ERROR, rule="range", parameter="padding"):
        return answer(doc.Breaks(rule, error), parameter, outcome=outcome, expected=expected)

    assert breaks(REFUSED)
    assert breaks(OTHER)
    assert breaks(REFUSED, "ValueError")
    assert breaks(Raised("call", ("Mine", "ValueError"), ""), "ValueError")
    assert breaks(OTHER, "ValueError") is False
    for outcome in (RIGHT, CRASHED, SILENT):
        assert breaks(outcome) is False
        assert breaks(outcome, "ValueError") is False


def test_breaks_speaks_of_its_rule_its_argument_and_its_class_only() -> None:
    assert answer(doc.Breaks("type"), "padding", outcome=REFUSED, expected=ERROR) is None
    assert answer(doc.Breaks("range"), "stride", outcome=REFUSED, expected=ERROR) is None
    assert answer(doc.Breaks("range", "TypeError"), "padding", outcome=REFUSED, expected=ERROR) is None
    assert answer(doc.Breaks("range"), "padding", outcome=REFUSED) is None


def test_a_shape_is_compared_where_the_formula_speaks() -> None:
    def shape(wanted, outcome=RIGHT, **about):
        return answer(doc.Shape(lambda bound: wanted), outcome=outcome, **about)

    assert shape((1, 1, 6))
    assert shape((1, 1, 7)) is False
    assert shape((1, 6)) is False
    assert shape((None, 1, None))
    assert shape((None, 2, None)) is False
    assert shape((1, 1, 6), expected=OPEN)
    assert shape(None) is None
    assert shape((1, 1, 6), outcome=REFUSED) is None
    assert shape((1, 1, 6), expected=NOTHING) is None
    sized = replace(CASE, call=Arguments((X,), (("output_size", (7,)),)))
    assert shape((1, 1, 7), case=sized) is None


def test_values_hold_if_shape_dtype_and_every_number_agree() -> None:
    values = doc.Values(**ALWAYS)
    assert answer(values, outcome=RIGHT)
    for outcome in (WRONG, SHORT, WIDE):
        assert answer(values, outcome=outcome) is False
    assert answer(doc.Values(**NEVER), outcome=WRONG) is None
    assert answer(values, outcome=RIGHT, expected=OPEN) is None


def test_no_values_contradict_what_the_api_computes_at_all_but_no_statement_on_one_feature() -> None:
    for outcome in (REFUSED, OTHER, CRASHED, SILENT):
        assert answer(doc.Values(**ALWAYS, whole=True), outcome=outcome) is False
        assert answer(doc.Values(**ALWAYS), outcome=outcome) is None
        assert answer(doc.Values(**ALWAYS, whole=True), outcome=outcome, expected=OPEN) is None


def test_what_contradicts_values_is_said() -> None:
    said = {
        what: check(claim(doc.Values(**ALWAYS, whole=True)), held(what_happened)).detail
        for what, what_happened in {
            "wrong": WRONG,
            "short": SHORT,
            "wide": WIDE,
            "refused": REFUSED,
            "silent": SILENT,
        }.items()
    }
    first = EXPECTED.output.array[0, 0, 0]
    assert said == {
        "wrong": f"{int(first) + 1} at (0, 0, 0), but should be {int(first)}",
        "short": "(1, 1, 5), but should be (1, 1, 6)",
        "wide": "float64, but should be float32",
        "refused": "ValueError at construct: stride must be 1, but should be a result of shape (1, 1, 6)",
        "silent": "no answer within 5 s, but should be a result of shape (1, 1, 6)",
    }


def test_an_empty_result_exercises_no_claim_on_values() -> None:
    nothing = np.zeros((1, 0), np.float32)
    wanted = EXPECTED.output
    empty = replace(wanted, result=replace(wanted.result, value=nothing), array=nothing)
    expected = ExpectedValue({"output": empty})
    assert answer(doc.Values(**ALWAYS), outcome=Returned({"output": nothing}), expected=expected) is None


def test_a_stored_parameter_has_the_documented_shape() -> None:
    def stored(name, shape, **about):
        return answer(doc.Stored(name, lambda bound: shape), **({"outcome": RIGHT} | about))

    assert stored("weight", (1, 1, 2))
    assert stored("weight", (1, 2)) is False
    assert stored("bias", (1,)) is False
    assert stored("bias", None) is None
    assert stored("weight", (1, 1, 2), expected=OPEN)
    assert stored("weight", (1, 1, 2), expected=ERROR) is None
    assert stored("weight", (1, 1, 2), outcome=REFUSED) is None


def test_every_stored_parameter_has_the_documented_dtype() -> None:
    def stored(dtype, **about):
        return answer(doc.StoredDtype(lambda bound: dtype), **({"outcome": RIGHT} | about))

    assert stored("float32")
    assert stored("float16") is False
    assert stored(None) is None
    assert stored("float32", outcome=replace(RIGHT, parameters={})) is None
    assert stored("float32", outcome=OTHER) is None


def test_a_printed_example_is_held_against_its_own_case_only() -> None:
    assert answer(doc.Printed(CASE, (1, 1, 6)), outcome=RIGHT)
    assert answer(doc.Printed(CASE, (1, 1, 7)), outcome=RIGHT) is False
    assert answer(doc.Printed(CASE, (1, 1, 6)), outcome=REFUSED) is False
    assert answer(doc.Printed(replace(CASE, data="ones"), (1, 1, 6)), outcome=RIGHT) is None


def test_a_platform_is_contradicted_by_a_refusal_that_names_it() -> None:
    refused = Raised("call", ("RuntimeError",), "not implemented on CPU")
    assert answer(doc.Runs("cpu"), outcome=RIGHT)
    assert answer(doc.Runs("cpu"), outcome=refused) is False
    assert answer(doc.Runs("cpu"), outcome=OTHER) is None
    assert answer(doc.Runs("gpu"), outcome=RIGHT) is None
    assert answer(doc.Runs("gpu"), outcome=RIGHT, device="GPU:0")
    assert answer(doc.Runs("cpu"), outcome=refused, expected=ERROR) is None


def test_statements_on_two_calls_and_unchecked_ones_are_not_held_against_one_outcome() -> None:
    assert answer(doc.Unchecked("no device"), outcome=WRONG) is None
    assert answer(doc.Equal((doc.Pair(CASE, CASE),), values=True), outcome=WRONG) is None


def test_a_claim_that_a_ruling_overrules_is_checked_and_does_not_count() -> None:
    ruling = Ruling("so", Text("So.", "如此。"))
    made = check(claim(doc.Values(**ALWAYS), overruled=ruling), held(WRONG))
    assert made is not None
    assert (made.holds, made.counts) == (False, False)
    upheld = check(claim(doc.Values(**ALWAYS)), held(WRONG))
    assert upheld is not None
    assert upheld.counts


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        (RIGHT, "a result of shape (1, 1, 6)"),
        (DESCRIBED, "a signature"),
        (Raised("call", ("ValueError",), "two\n  lines"), "ValueError at call: two lines"),
        (CRASHED, "a crash (SIGSEGV)"),
        (TimedOut(2.5), "no answer within 2.5 s"),
        (CouldNotRun("no"), "not run: no"),
    ],
)
def test_an_outcome_is_told_in_a_few_words(outcome, text) -> None:
    assert happened(outcome) == text
