"""Checkers of errors: a message that names its argument, and the moment at which an argument is refused."""

from dataclasses import replace
from typing import get_args

import pytest

from cases import documentation as doc
from cases.case import Arguments, Case
from cases.catalogue import apis
from cases.values import Tensor
from conformance.checks import check
from conformance.expected import ExpectedError, prepare
from conformance.judge import judge
from conformance.outcome import Outcome, Raised, Stage
from tests.engine.held import CASE, CRASHED, ERROR, EXPECTED, NOTHING, REFUSED, RIGHT, SILENT, answer, claim, held

WORDS = {"padding": ("pads",), "input": ("rank", "shape")}
SAYS = doc.Says(WORDS)
EARLY = replace(ERROR, stage="construct")


def error(message: str, stage: Stage = "construct") -> Raised:
    return Raised(stage, ("ValueError", "Exception"), message)


@pytest.mark.parametrize(
    ("message", "holds"),
    [
        ("padding must not be negative", True),
        ("negative PADDING is not supported", True),
        ("the pads are negative", True),
        ("Pads[0] < 0", True),
        ("pad is negative", False),
        ("an argument is negative", False),
        ("the rank is wrong", False),
        ("", False),
    ],
)
def test_a_message_names_its_argument_or_one_of_the_words_for_it_in_whatever_case(message: str, holds: bool) -> None:
    assert answer(SAYS, outcome=error(message), expected=ERROR) is holds


def test_the_words_are_those_of_the_argument_that_is_refused() -> None:
    of_input = replace(ERROR, argument="input", rule="rank")
    assert answer(SAYS, outcome=error("the rank is 7"), expected=of_input)
    assert answer(SAYS, outcome=error("padding is fine, this is not"), expected=of_input) is False
    unlisted = replace(ERROR, argument="groups")
    assert answer(SAYS, outcome=error("groups is 0"), expected=unlisted)
    assert answer(SAYS, outcome=error("padding is 0"), expected=unlisted) is False


def test_a_message_is_asked_for_where_a_documented_error_was_raised() -> None:
    assert answer(SAYS, outcome=error("no"), expected=EXPECTED) is None
    assert answer(SAYS, outcome=error("no"), expected=NOTHING) is None
    for outcome in (RIGHT, CRASHED, SILENT):
        assert answer(SAYS, outcome=outcome, expected=ERROR) is None


def test_what_a_message_leaves_out_is_said() -> None:
    made = check(claim(SAYS), held(error("no\n  way"), ERROR))
    assert made is not None
    assert made.detail == "ValueError at construct: no way, but should name padding"


@pytest.mark.parametrize("stage", get_args(Stage))
def test_an_argument_of_the_constructor_is_refused_there(stage: Stage) -> None:
    assert answer(doc.Refused(), outcome=error("no", stage), expected=EARLY) is (stage == "construct")


def test_what_hangs_on_the_input_cannot_be_refused_before_the_call() -> None:
    for stage in get_args(Stage):
        assert answer(doc.Refused(), outcome=error("no", stage), expected=ERROR) is None
    assert ERROR.stage == "call"


def test_the_moment_is_asked_for_where_a_documented_error_was_raised() -> None:
    for outcome in (RIGHT, CRASHED, SILENT):
        assert answer(doc.Refused(), outcome=outcome, expected=EARLY) is None
    assert answer(doc.Refused(), outcome=REFUSED, expected=EXPECTED) is None


# What is expected of a case, and what a record makes of it

NAME = "mindspore.nn.Conv1dTranspose"
X = Tensor("input", (1, 2, 5), "float32")
NEGATIVE = Case(NAME, Arguments((2, 2, 3), (("pad_mode", "pad"), ("padding", -1))), Arguments((X,)))
CHANNELS = Case(NAME, Arguments((3, 2, 3)), Arguments((X,)))
FUNCTION = Case(
    "torch.nn.functional.conv_transpose1d",
    None,
    Arguments((X, Tensor("weight", (2, 2, 3), "float32")), (("groups", 3),)),
)


@pytest.mark.parametrize(
    ("case", "argument", "stage"),
    [(NEGATIVE, "padding", "construct"), (CHANNELS, "input", "call"), (FUNCTION, "groups", "call")],
)
def test_an_error_is_expected_at_the_earliest_moment_that_can_know_of_it(case: Case, argument: str, stage: str) -> None:
    expected = prepare(case).expected
    assert isinstance(expected, ExpectedError)
    assert (expected.argument, expected.stage) == (argument, stage)


@pytest.mark.parametrize(
    ("outcome", "verdict", "advice"),
    [
        (error("padding is negative"), "conforms", True),
        (error("padding is negative", "call"), "conforms", False),
        (error("this does not work"), "wrong-error", True),
        (RIGHT, "accepts-invalid", None),
        (CRASHED, "crashed", None),
    ],
    ids=["named", "late", "nameless", "accepted", "died"],
)
def test_a_silent_acceptance_a_message_that_names_nothing_and_a_death_are_different_results(
    outcome: Outcome, verdict: str, advice: bool | None
) -> None:
    record = judge(prepare(NEGATIVE), outcome, apis()[NAME], backend="b", mode="eager", device="cpu")
    made = {check.claim.partition("/")[2]: check for check in record.checks}
    assert record.verdict == verdict
    late = made.get("errors-at-construction")
    assert (None if late is None else late.holds) is advice
    assert late is None or not late.counts
    named = made.get("errors-name-argument")
    assert (named is not None) is isinstance(outcome, Raised)
    assert named is None or named.holds is (verdict == "conforms")


def test_the_record_says_which_argument_and_at_what_moment() -> None:
    record = judge(prepare(CASE), error("no", "load"), apis()[CASE.api], backend="b", mode="eager", device="cpu")
    assert (record.verdict, record.actual.stage) == ("rejects-valid", "load")
    refused = judge(prepare(NEGATIVE), error("no"), apis()[NAME], backend="b", mode="eager", device="cpu")
    assert (refused.expected.argument, refused.actual.stage) == ("padding", "construct")
