"""Checkers of gradients and initial values, and what is held where no document promises that a call works."""

from dataclasses import replace

import numpy as np
import pytest

from cases import documentation as doc
from cases.case import Arguments
from cases.documentation import Kind, Text
from cases.values import Tensor
from conformance.checks import check
from conformance.expected import ExpectedStatements, ExpectedValue, prepare
from conformance.outcome import Parameter, Raised, Returned
from conformance.verdict import verdict
from reference.initializers import Constant, Normal, SymmetricUniform, Uniform
from tests.engine.held import (
    ALWAYS,
    CASE,
    CRASHED,
    EXPECTED,
    NEVER,
    NOTHING,
    OPEN,
    OTHER,
    REFUSED,
    RIGHT,
    SHORT,
    WIDE,
    WRONG,
    answer,
    claim,
    held,
)

SLOPED = replace(CASE, differentiate=("input", "weight"), upstream=Tensor("upstream", (1, 1, 6), "float32"))
SLOPES = prepare(SLOPED).expected
assert isinstance(SLOPES, ExpectedValue)
MADE = {name: wanted.array for name, wanted in SLOPES.outputs.items()}
OF_INPUT = "gradient of input"


def sloped(of: str = "input", when=ALWAYS, expected=SLOPES, case=SLOPED, outcome=None, **arrays) -> bool | None:
    made = MADE | {name.replace("_", " "): array for name, array in arrays.items()}
    outcome = outcome or Returned(made, RIGHT.parameters)
    return answer(doc.Gradient(of, **when), outcome=outcome, expected=expected, case=case)


def test_a_gradient_is_held_against_its_own_array_only() -> None:
    assert sloped("input")
    assert sloped("weight")
    wrong = MADE[OF_INPUT] + np.float32(1)
    assert sloped("input", gradient_of_input=wrong) is False
    assert sloped("weight", gradient_of_input=wrong)
    assert sloped("input", output=MADE["output"] + np.float32(1))
    assert sloped("input", gradient_of_input=wrong[..., 1:]) is False
    assert sloped("input", gradient_of_input=MADE[OF_INPUT].astype(np.float64)) is False


def test_a_gradient_is_asked_for_where_the_case_differentiates_and_the_claim_speaks() -> None:
    assert sloped("bias") is None
    assert sloped("input", NEVER) is None
    assert sloped("input", expected=EXPECTED, case=CASE, outcome=RIGHT) is None
    assert sloped("input", expected=OPEN) is None
    assert sloped("input", expected=NOTHING) is None


def test_of_an_output_of_another_shape_there_is_no_gradient_to_hold() -> None:
    assert sloped("input", outcome=SHORT) is None


def test_only_a_refusal_to_differentiate_contradicts_a_gradient() -> None:
    no_derivative = Raised("gradient", ("RuntimeError", "Exception"), "no derivative of this")
    assert sloped("input", outcome=no_derivative) is False
    for outcome in (REFUSED, OTHER, CRASHED):  # the claims on the call itself see these
        assert sloped("input", outcome=outcome) is None
    unpromised = replace(SLOPES, promised=False)
    assert sloped("input", outcome=no_derivative, expected=unpromised) is None


def test_what_contradicts_a_gradient_is_said() -> None:
    wrong = MADE[OF_INPUT].copy()
    wrong[0, 0, 1] += 1
    made = check(claim(doc.Gradient("input", **ALWAYS)), held(Returned(MADE | {OF_INPUT: wrong}), SLOPES, SLOPED))
    assert made is not None
    assert made.detail == f"{int(wrong[0, 0, 1])} at (0, 0, 1), but should be {int(MADE[OF_INPUT][0, 0, 1])}"


# Initial values

FRESH = replace(CASE, action="initialise", call=Arguments(), parameters=())
WIDTH = Uniform(-0.5, 0.5)


def drawn(law, numbers, *, name="weight", case=FRESH, **about) -> bool | None:
    outcome = about.pop("outcome", None) or Returned({"weight": np.asarray(numbers, np.float32)})
    detail = doc.Distributed(name, lambda bound: law)
    return answer(detail, outcome=outcome, expected=ExpectedStatements(), case=case)


def test_initial_numbers_of_the_documented_law_hold_and_of_any_other_do_not() -> None:
    generator = np.random.default_rng(3)
    flat, bell = generator.uniform(-0.5, 0.5, 5000), generator.normal(0, 0.1, 5000)
    assert drawn(WIDTH, flat)
    assert drawn(SymmetricUniform(), flat)
    assert drawn(Normal(0, 0.1), bell)
    for law, numbers in (
        (WIDTH, bell),
        (WIDTH, 2 * flat),
        (WIDTH, flat / 2),
        (WIDTH, np.abs(flat)),
        (Normal(0, 0.1), 2 * bell),
        (Normal(0.1, 0.1), bell),
        (SymmetricUniform(), np.abs(flat)),
    ):
        assert drawn(law, numbers) is False, law


def test_a_constant_is_that_number_everywhere() -> None:
    assert drawn(Constant(1.0), np.ones(7))
    assert drawn(Constant(0.1), np.full(7, 0.1))
    assert drawn(Constant(1.0), [1, 1, 0]) is False


@pytest.mark.parametrize("spoiled", [np.nan, np.inf])
def test_a_number_that_is_not_finite_is_of_no_law(spoiled: float) -> None:
    numbers = np.random.default_rng(4).uniform(-0.5, 0.5, 500)
    numbers[7] = spoiled
    assert drawn(WIDTH, numbers) is False


def test_a_law_is_held_against_initialisations_that_it_speaks_of() -> None:
    numbers = np.ones(5)
    assert drawn(None, numbers) is None
    assert drawn(WIDTH, numbers, case=CASE) is None
    assert drawn(WIDTH, numbers, name="bias") is False  # no such parameter was made
    for refused in (REFUSED, OTHER):
        assert drawn(WIDTH, numbers, outcome=refused) is None
    assert drawn(WIDTH, numbers, outcome=CRASHED) is False


def test_the_parameters_of_an_initialisation_are_read_from_its_outputs() -> None:
    made = Returned({"weight": np.zeros((2, 3), np.float16)}, {"weight": Parameter((9,), "float64")})
    about = {"outcome": made, "expected": ExpectedStatements(), "case": FRESH}
    assert answer(doc.Stored("weight", lambda bound: (2, 3)), **about)
    assert answer(doc.Stored("weight", lambda bound: (9,)), **about) is False
    assert answer(doc.StoredDtype(lambda bound: "float16"), **about)
    assert answer(doc.StoredDtype(lambda bound: "float64"), **about) is False


# What is not promised, and what counts

UNPROMISED = replace(EXPECTED, promised=False)


def test_a_refusal_of_what_no_document_promises_is_held_against_nobody() -> None:
    for outcome in (REFUSED, OTHER):
        assert answer(doc.Accepts(**ALWAYS, alone=lambda bound: True), "stride", outcome=outcome) is False
        assert (
            answer(doc.Accepts(**ALWAYS, alone=lambda bound: True), "stride", outcome=outcome, expected=UNPROMISED)
            is None
        )
        assert answer(doc.Values(**ALWAYS, whole=True, own=True), outcome=outcome, expected=UNPROMISED) is None
        assert verdict(UNPROMISED, outcome, same=True) == "undocumented"
    assert answer(doc.Runs("cpu"), outcome=RIGHT, expected=UNPROMISED) is None


def test_what_comes_back_of_it_must_be_right_all_the_same() -> None:
    own = doc.Values(**ALWAYS, own=True)
    assert answer(own, outcome=RIGHT, expected=UNPROMISED)
    for outcome in (WRONG, SHORT, WIDE):
        assert answer(own, outcome=outcome, expected=UNPROMISED) is False
        assert verdict(UNPROMISED, outcome, same=False) == "differs"
    assert answer(doc.Shape(lambda bound: (1, 1, 7)), outcome=RIGHT, expected=UNPROMISED) is False
    assert answer(doc.Stored("weight", lambda bound: (1, 2)), outcome=RIGHT, expected=UNPROMISED) is False


def test_a_documents_statement_on_values_does_not_speak_of_what_no_document_promises() -> None:
    assert answer(doc.Values(**ALWAYS), outcome=WRONG, expected=UNPROMISED) is None
    special = replace(CASE, data="special")
    assert answer(doc.Values(**ALWAYS), outcome=WRONG, case=special) is None
    assert answer(doc.Values(**ALWAYS, own=True), outcome=WRONG, case=special) is False


@pytest.mark.parametrize(
    ("device", "here"), [("cpu", False), ("cuda", True), ("cuda:1", True), ("ascend", False), ("", False)]
)
def test_a_claim_of_a_device_is_held_on_that_device_alone(device: str, here: bool) -> None:
    of_cuda = replace(claim(doc.Values(**ALWAYS)), device="cuda")
    made = check(of_cuda, held(WRONG, device=device))
    assert (made is not None) is here
    everywhere = check(claim(doc.Values(**ALWAYS)), held(WRONG, device=device))
    assert everywhere is not None


def test_advice_is_held_and_counts_for_no_verdict() -> None:
    advice = replace(claim(doc.Values(**ALWAYS)), advice=True)
    against = check(advice, held(WRONG))
    assert against is not None
    assert (against.holds, against.counts) == (False, False)
    followed = check(advice, held(RIGHT))
    assert followed is not None
    assert (followed.holds, followed.counts) == (True, False)


def test_statements_on_pairs_and_modes_are_not_held_against_one_outcome() -> None:
    pairs = (doc.Pair(CASE, CASE),)
    for detail in (doc.Consistent(pairs), doc.Inverse(pairs), doc.ModesAgree()):
        about = doc.Claim("a/b", "a", Kind.EQUIVALENCE, Text("So.", "如此。"), (), detail)
        assert check(about, held(WRONG)) is None
