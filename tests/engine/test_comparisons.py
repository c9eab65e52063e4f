"""Two records held against each other, by what is kept of them."""

from dataclasses import replace
from typing import Any

import numpy as np
from msgspec.structs import replace as with_fields

from cases.case import Case
from cases.catalogue import apis
from cases.conv_transpose.counterparts import counterpart
from cases.documentation import Equal
from conformance.comparisons import compare, comparisons
from conformance.expected import ExpectedValue, Prepared, prepare
from conformance.judge import judge
from conformance.outcome import CouldNotRun, Outcome, Parameter, Raised, Returned
from conformance.schedule import schedule
from reports.record import Record
from tests.cases.planned import prepared

TORCH, ONEFLOW, MINDSPORE = "torch.nn.ConvTranspose1d", "oneflow.nn.ConvTranspose1d", "mindspore.nn.Conv1dTranspose"


def record(item: Prepared, backend: str, add: Any = 0, outcome: Outcome | None = None) -> Record:
    assert isinstance(item.expected, ExpectedValue)
    stored = {wanted.role: Parameter(wanted.shape, "float32") for wanted in item.case.parameters}
    array = item.expected.output.array + np.float32(add)
    outcome = outcome or Returned({"output": array}, stored)
    return judge(item, outcome, apis()[item.case.api], backend=backend, mode="eager", device="cpu")


def pair(kind: str = "integers") -> tuple[Prepared, Prepared]:
    """A case of torch and its counterpart in oneflow."""
    for item in prepared(TORCH):
        found = counterpart(item.case, "oneflow") if item.case.data == kind else ""
        if isinstance(found, Case):
            return item, prepare(found)
    raise AssertionError(f"no {kind} case has a counterpart")


def test_two_conforming_results_of_equal_expectations_are_equal() -> None:
    left, right = pair()
    found = compare(record(left, "torch"), record(right, "oneflow"))
    assert (found.shapes, found.values, found.agrees) == ("equal", "equal", True)
    assert (found.left, found.right) == (left.case.id, right.case.id)
    assert (found.left_backend, found.right_backend) == ("torch", "oneflow")
    assert (found.left_call, found.right_call) == (left.case.show(), right.case.show())
    assert (found.claim, found.counts, found.values_claimed) == ("", True, True)


def test_two_results_that_round_differently_within_their_bounds_are_equal() -> None:
    left, right = pair("normal")
    ours = record(left, "torch")
    assert isinstance(right.expected, ExpectedValue)
    nudged = right.expected.output.array.copy()
    nudged.reshape(-1)[0] = np.nextafter(nudged.reshape(-1)[0], np.float32(np.inf))
    stored = {wanted.role: Parameter(wanted.shape, "float32") for wanted in right.case.parameters}
    theirs = record(right, "oneflow", outcome=Returned({"output": nudged}, stored))
    assert ours.verdict == theirs.verdict == "conforms"
    assert ours.actual.array.digest != theirs.actual.array.digest  # type: ignore[union-attr]
    assert compare(ours, theirs).values == "equal"


def test_one_wrong_result_is_compared_with_the_right_one_by_its_numbers() -> None:
    left, right = pair()
    for ours, theirs in (
        (record(left, "torch", 1), record(right, "oneflow")),
        (record(left, "torch"), record(right, "oneflow", 1)),
    ):
        found = compare(ours, theirs)
        assert (found.shapes, found.values, found.agrees) == ("equal", "different", False)
        assert " against " in found.detail
        assert f"{ours.actual.array.shape}" in found.detail.replace("(", "[").replace(")", "]")  # type: ignore[union-attr]


def test_two_results_that_are_wrong_alike_agree_and_wrong_in_their_own_ways_do_not() -> None:
    left, right = pair()
    assert compare(record(left, "torch", 1), record(right, "oneflow", 1)).agrees
    assert compare(record(left, "torch", 1), record(right, "oneflow", 2)).values == "different"


def test_other_shapes_are_different_whatever_the_values() -> None:
    left, right = pair()
    assert isinstance(right.expected, ExpectedValue)
    theirs = record(right, "oneflow", outcome=Returned({"output": right.expected.output.array[..., 1:]}, {}))
    found = compare(record(left, "torch"), theirs)
    assert (found.shapes, found.values) == ("different", "different")
    assert " against " in found.detail


def test_a_result_against_an_error_is_missing_with_the_reason() -> None:
    left, right = pair()
    refused = record(right, "oneflow", outcome=Raised("call", ("RuntimeError",), "no"))
    found = compare(record(left, "torch"), refused)
    assert (found.shapes, found.values, found.agrees, found.detail) == (
        "missing",
        "missing",
        False,
        "oneflow: RuntimeError",
    )
    absent = record(right, "oneflow", outcome=CouldNotRun("no worker"))
    assert compare(absent, refused).detail == "oneflow: could not run; oneflow: RuntimeError"


def test_an_array_that_is_too_large_to_be_kept_is_compared_by_shape_only() -> None:
    left, right = pair()
    ours = record(left, "torch", 1)
    cut = with_fields(ours.actual.array, data=ours.actual.array.data[:16], count=3)  # type: ignore[type-var,union-attr]
    ours = with_fields(ours, actual=with_fields(ours.actual, array=cut))
    found = compare(ours, record(right, "oneflow"))
    assert (found.shapes, found.values) == ("equal", "missing")
    assert "too large" in found.detail


def test_values_are_no_part_of_a_claim_on_shapes() -> None:
    claim = next(
        claim for claim in apis()[MINDSPORE].claims if isinstance(claim.detail, Equal) and not claim.detail.values
    )
    left, right = pair()
    found = compare(record(left, "torch"), record(right, "oneflow", 1), claim)
    assert (found.claim, found.values_claimed, found.values, found.agrees) == (claim.id, False, "different", True)
    overruled = replace(claim, overruled=apis()["torch.nn.ConvTranspose1d"].claims[0].overruled)
    assert compare(record(left, "torch"), record(right, "oneflow"), overruled).counts is (overruled.overruled is None)


def test_every_pair_of_backends_that_ran_both_sides_is_compared_and_the_reference_is_not() -> None:
    whole = schedule([apis()[TORCH]], ("torch", "oneflow", "numpy"), seed=0, strength=2, max_cases=40)
    left, right = next(
        (line.case, line.counterpart) for line in whole.counterparts if line.counterpart and line.framework == "oneflow"
    )
    cases = {case.id: case for framework in ("torch", "oneflow") for case in whole.cases(framework)}
    ours, theirs = prepare(cases[left]), prepare(cases[right])
    records = [record(ours, "torch"), record(ours, "torch-cuda"), record(ours, "numpy==2"), record(theirs, "oneflow")]
    found = list(comparisons(whole, records))
    assert [(item.left_backend, item.right_backend) for item in found] == [
        ("torch", "oneflow"),
        ("torch-cuda", "oneflow"),
    ]
    assert list(comparisons(whole, records[:2])) == []


def test_what_a_document_calls_equal_is_compared_under_its_claim() -> None:
    whole = schedule([apis()[MINDSPORE]], ("mindspore", "torch"), seed=0, strength=2)
    claim, claimed = next((claim, pair) for claim, pair in whole.claimed if claim.id == f"{MINDSPORE}/pad-equals-torch")
    records = [record(prepare(claimed.left), "mindspore"), record(prepare(claimed.right), "torch")]
    found = [item for item in comparisons(whole, records) if item.claim == claim.id]
    assert len(found) == 1
    assert found[0].agrees
    assert found[0].left == claimed.left.id
