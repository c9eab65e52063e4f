"""What a record says of several results: gradients that are right, wrong or not there, and arrays that are kept."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from cases.case import Arguments, Case
from cases.catalogue import apis
from cases.values import Tensor
from conformance.expected import ExpectedStatements, ExpectedValue, Undocumented, prepare
from conformance.judge import digest, judge
from conformance.outcome import Parameter, Raised, Returned
from reports.arrays import unpack
from reports.record import Record

NAME = "torch.nn.ConvTranspose1d"
SLOPES = ("gradient of input", "gradient of weight", "gradient of bias")
CASE = Case(
    NAME,
    Arguments((2, 4, 3), (("stride", 2),)),
    Arguments((Tensor("input", (2, 2, 5), "float32"),)),
    (Tensor("weight", (2, 4, 3), "float32"), Tensor("bias", (4,), "float32")),
    differentiate=("input", "weight", "bias"),
    upstream=Tensor("upstream", (2, 4, 11), "float32"),
)
PREPARED = prepare(CASE)
assert isinstance(PREPARED.expected, ExpectedValue)
RIGHT: dict[str, NDArray[Any]] = {name: item.array for name, item in PREPARED.expected.outputs.items()}


def judged(outputs: dict[str, NDArray[Any]], *, keep: bool = False, **about: Any) -> Record:
    stored = {"weight": Parameter((2, 4, 3), "float32"), "bias": Parameter((4,), "float32")}
    item = replace(PREPARED, **about)
    outcome = Returned(outputs, stored)
    return judge(item, outcome, apis()[NAME], backend="b", mode="eager", device="cpu", keep=keep)


def contradicted(record: Record) -> set[str]:
    return {made.claim.partition("/")[2] for made in record.checks if made.counts and not made.holds}


def test_the_reference_gives_a_result_and_every_gradient_that_is_asked_for() -> None:
    assert tuple(RIGHT) == ("output", *SLOPES)
    assert [array.shape for array in RIGHT.values()] == [(2, 4, 11), (2, 2, 5), (2, 4, 3), (4,)]


def test_right_gradients_conform_and_are_kept_as_digests_under_their_names() -> None:
    record = judged(RIGHT)
    assert (record.verdict, record.difference) == ("conforms", None)
    assert tuple(record.actual.others) == tuple(record.expected.others) == SLOPES
    for name in SLOPES:
        array = record.actual.others[name]
        assert (array.digest, array.data) == (digest(RIGHT[name]), "")
        assert record.expected.others[name].digest == digest(RIGHT[name])
    held = {made.claim.partition("/")[2] for made in record.checks if made.holds}
    assert {f"gradient-{role}" for role in ("input", "weight", "bias")} <= held


@pytest.mark.parametrize("name", SLOPES)
def test_a_wrong_gradient_differs_under_its_own_name_and_claim_although_the_output_is_right(name: str) -> None:
    wrong = RIGHT[name].copy()
    wrong.reshape(-1)[-1] += 1
    record = judged(RIGHT | {name: wrong})
    assert record.verdict == "differs"
    assert record.difference is not None
    assert (record.difference.output, record.difference.differing) == (name, 1)
    assert record.difference.index == [extent - 1 for extent in wrong.shape]
    role = name.removeprefix("gradient of ")
    assert f"gradient-{role}" in contradicted(record)
    assert "output-values" not in contradicted(record)
    assert {slug for slug in contradicted(record) if not slug.startswith(f"gradient-{role}")} == set()
    flat = unpack(record.actual.others[name])
    assert flat is not None
    assert np.array_equal(flat.reshape(wrong.shape), wrong)


@pytest.mark.parametrize("name", SLOPES)
def test_a_gradient_that_is_not_there_differs(name: str) -> None:
    record = judged({key: array for key, array in RIGHT.items() if key != name})
    assert record.verdict == "differs"
    assert name not in record.actual.others
    assert name in record.expected.others


def test_a_gradient_that_is_not_there_contradicts_its_claim_where_the_output_is_right() -> None:
    """A record that differs must say in what: nothing else of it is wrong."""
    record = judged({key: array for key, array in RIGHT.items() if key != "gradient of weight"})
    assert "gradient-weight" in contradicted(record)


def test_of_an_output_of_another_shape_no_gradient_is_missed() -> None:
    """The adapters cannot differentiate there; the claims on the shape see what is wrong."""
    record = judged({"output": RIGHT["output"][..., 1:]})
    assert record.verdict == "differs"
    assert not any(slug.startswith("gradient-") for slug in contradicted(record))


def test_where_several_results_are_wrong_the_first_is_told() -> None:
    record = judged({name: array + np.float32(1) for name, array in RIGHT.items()})
    assert record.difference is not None
    assert record.difference.output == "output"
    assert {"output-values", "gradient-input", "gradient-weight", "gradient-bias"} <= contradicted(record)


def test_the_margin_is_the_largest_of_all_results() -> None:
    item = prepare(replace(CASE, data="normal"))
    assert isinstance(item.expected, ExpectedValue)
    right = {name: wanted.array for name, wanted in item.expected.outputs.items()}
    alone = judged(right, case=item.case, data=item.data, expected=item.expected).margin
    slope = right["gradient of input"].astype(np.float64)
    off = (slope * (1 + 2.0**-23)).astype(np.float32)
    more = judged(right | {"gradient of input": off}, case=item.case, data=item.data, expected=item.expected)
    assert more.verdict == "conforms"
    assert alone is not None
    assert more.margin is not None
    assert more.margin > alone


def test_a_framework_that_cannot_differentiate_refuses_a_valid_call() -> None:
    outcome = Raised("gradient", ("RuntimeError", "Exception"), "no derivative")
    record = judge(PREPARED, outcome, apis()[NAME], backend="b", mode="eager", device="cpu")
    assert record.verdict == "rejects-valid"
    assert {"gradient-input", "gradient-weight", "gradient-bias"} <= contradicted(record)


def kept(record: Record) -> list[bool]:
    """Whether each array of what came back is there as a whole."""
    arrays = [record.actual.array, *record.actual.others.values()]
    return [array is not None and unpack(array) is not None for array in arrays]


def test_whole_arrays_are_kept_of_what_differs_in_all_its_results() -> None:
    record = judged(RIGHT | {"gradient of bias": RIGHT["gradient of bias"] + np.float32(1)})
    assert kept(record) == [True] * 4
    for name, array in RIGHT.items():
        if name != "gradient of bias":
            held = record.actual.array if name == "output" else record.actual.others[name]
            assert held is not None
            flat = unpack(held)
            assert flat is not None
            assert np.array_equal(flat.reshape(array.shape), array)


@pytest.mark.parametrize("keep", [True, False])
def test_of_what_conforms_the_oracle_knows_the_arrays(keep: bool) -> None:
    assert kept(judged(RIGHT, keep=keep)) == [False] * 4


@pytest.mark.parametrize("keep", [True, False])
def test_of_what_no_document_describes_arrays_are_kept_where_something_is_compared_with_them(keep: bool) -> None:
    record = judged(RIGHT, keep=keep, expected=Undocumented("nobody says", valid=False))
    assert record.verdict == "undocumented"
    assert kept(record) == [keep] * 4


@pytest.mark.parametrize("data", ["accumulate", "special"])
def test_what_properties_are_measured_from_keeps_its_arrays(data: Any) -> None:
    item = prepare(replace(CASE, data=data, differentiate=(), upstream=None))
    assert isinstance(item.expected, ExpectedValue)
    right = {"output": item.expected.output.array}
    record = judged(right, case=item.case, data=item.data, expected=item.expected)
    assert record.verdict == "conforms"
    assert kept(record) == [True]


def test_an_initialisation_keeps_its_parameters_by_name() -> None:
    case = Case(NAME, Arguments((2, 4, 3)), action="initialise")
    item = prepare(case)
    assert isinstance(item.expected, ExpectedStatements)
    bound = 1 / np.sqrt(4 * 3)
    generator = np.random.default_rng(1)
    made = {"weight": generator.uniform(-bound, bound, (2, 4, 3)), "bias": generator.uniform(-bound, bound, 4)}
    outcome = Returned({name: array.astype(np.float32) for name, array in made.items()})
    record = judge(item, outcome, apis()[NAME], backend="b", mode="eager", device="cpu")
    assert record.verdict == "conforms"
    assert record.actual.array is not None
    assert (record.actual.array.shape, list(record.actual.others)) == ([2, 4, 3], ["bias"])
    wide = Returned({name: 9 * array for name, array in outcome.outputs.items()})
    assert judge(item, wide, apis()[NAME], backend="b", mode="eager", device="cpu").verdict == "differs"
