"""Where claims stand: on each backend one state, with the smallest counterexample."""

from typing import Any

import pytest

from reports.record import BackendLine, Comparison
from reports.states import Standing, same_version
from reports.summary import Summary, summarise
from tests.reports import build
from tests.reports.build import MINDSPORE, ONEFLOW, TORCH


@pytest.fixture(scope="module")
def summary() -> Summary:
    return summarise(build.runfile())


def standing(summary: Summary, claim: str, backend: str) -> Standing:
    return next(item for item in summary.standings if (item.claim.id, item.backend) == (claim, backend))


@pytest.mark.parametrize(
    ("claim", "backend", "state"),
    [
        (f"{MINDSPORE}/padding-not-negative", "mindspore", "contradicted"),
        (f"{MINDSPORE}/output-length-same", "mindspore", "contradicted"),
        (f"{MINDSPORE}/output-values", "mindspore", "holds"),
        (f"{MINDSPORE}/output-values", "numpy", "holds"),
        (f"{MINDSPORE}/default-stride", "mindspore", "document"),
        (f"{MINDSPORE}/platforms", "mindspore", "unchecked"),
        (f"{MINDSPORE}/dilation-range", "mindspore", "not exercised"),
        (f"{MINDSPORE}/same-as-torch", "mindspore", "contradicted"),
        (f"{MINDSPORE}/same-as-torch", "numpy", "not exercised"),
        (f"{MINDSPORE}/refused-early", "mindspore", "advice"),
        (f"{MINDSPORE}/modes-agree", "mindspore", "contradicted"),
        (f"{TORCH}/output-padding-range", "torch", "not exercised"),
        (f"{TORCH}/tf32", "torch", "unavailable"),
        (f"{TORCH}/tf32", "numpy", "unavailable"),
        (f"{ONEFLOW}/output-values", "oneflow", "unavailable"),
        (f"{ONEFLOW}/cuda", "oneflow", "unchecked"),
    ],
)
def test_a_claim_has_one_state_on_each_backend(summary: Summary, claim: str, backend: str, state: str) -> None:
    assert standing(summary, claim, backend).state == state


def test_a_claim_stands_only_on_backends_of_its_framework_and_on_the_reference(summary: Summary) -> None:
    assert {item.backend for item in summary.standings if item.claim.api == TORCH} == {"numpy", "torch"}
    assert {item.claim.api for item in summary.standings if item.backend == "mindspore"} == {MINDSPORE}


def test_the_smallest_counterexample_is_shown(summary: Summary) -> None:
    smallest = standing(summary, f"{MINDSPORE}/padding-not-negative", "mindspore").smallest
    assert smallest is not None
    assert smallest.case == build.ACCEPTED.id
    assert smallest.detail == "returned a value, but should raise ValueError"
    assert smallest.expected == "ValueError about padding"
    assert smallest.actual == "returned a float32 tensor of shape (1, 4, 8)"


def test_a_comparison_contradicts_the_claim_that_it_was_made_for(summary: Summary) -> None:
    item = standing(summary, f"{MINDSPORE}/same-as-torch", "mindspore")
    assert item.smallest is not None
    assert (item.held, item.failed) == (0, 1)
    assert item.smallest.call == build.EXAMPLE.show()
    assert item.smallest.other == build.EXAMPLE_TORCH.show()
    assert item.smallest.actual == "shapes different, values different (not claimed)"


def missing(**more: Any) -> Comparison:
    fields: dict[str, Any] = {
        "left": build.SAME.id,
        "left_backend": "mindspore",
        "right": build.EXAMPLE_TORCH.id,
        "right_backend": "torch",
        "claim": f"{MINDSPORE}/same-as-torch",
        "shapes": "missing",
        "values": "missing",
    }
    return Comparison(**(fields | more))


@pytest.mark.parametrize(
    ("line", "state"),
    [
        (missing(), "not exercised"),
        (missing(shapes="equal"), "not exercised"),
        (missing(right_backend="oneflow"), "not exercised"),
        (missing(left=build.IDLE.id), "not exercised"),
        (missing(shapes="different", values="different"), "contradicted"),
        (missing(shapes="equal", values="equal"), "holds"),
        (missing(shapes="equal", values="different"), "contradicted"),
        (missing(shapes="equal", values="different", values_claimed=False), "holds"),
    ],
)
def test_a_comparison_counts_unless_a_side_has_no_result(line: Comparison, state: str) -> None:
    found = summarise(build.runfile(comparisons=(line,)))
    assert standing(found, f"{MINDSPORE}/same-as-torch", "mindspore").state == state


def test_pairs_of_one_framework_belong_to_the_backend_on_the_left_and_name_modes_that_differ(
    summary: Summary,
) -> None:
    item = standing(summary, f"{MINDSPORE}/modes-agree", "mindspore")
    assert (item.held, item.failed) == (1, 1)
    assert item.smallest is not None
    assert (item.smallest.mode, item.smallest.expected) == ("eager", "the same as in graph mode")
    assert item.smallest.call == item.smallest.other == build.SAME.show()
    assert standing(summary, f"{MINDSPORE}/modes-agree", "numpy").state == "not exercised"


def test_a_claim_that_needs_a_device_says_which(summary: Summary) -> None:
    item = standing(summary, f"{TORCH}/tf32", "torch")
    assert (item.needs, item.label) == ("cuda", "unavailable (needs cuda)")
    assert standing(summary, f"{ONEFLOW}/output-values", "oneflow").label == "unavailable"
    gpu = BackendLine(name="gpu", framework="torch", version="2.13.0", device="cuda:1")
    found = summarise(build.runfile(run=build.run(backends=[gpu])))
    assert standing(found, f"{TORCH}/tf32", "gpu").label == "not exercised"


def test_advice_that_is_not_followed_is_no_contradiction(summary: Summary) -> None:
    (item,) = summary.of("advice")
    assert item.label == "not followed (advice; no document promises it)"
    assert item.smallest is not None
    assert item.smallest.case == build.WRONG_ERROR.id
    assert item.claim.id not in {claim for group in summary.groups for claim in group.claims}
    followed = build.record(
        build.case(MINDSPORE, 3), "mindspore", "conforms", build.check(MINDSPORE, "refused-early", counts=False)
    )
    found = summarise(build.runfile(records=(followed,)))
    assert standing(found, f"{MINDSPORE}/refused-early", "mindspore").state == "holds"


def test_one_contradiction_outweighs_any_number_of_checks_that_hold() -> None:
    plain = build.case(MINDSPORE, 3)
    holding = [build.record(plain, "mindspore", "conforms", build.check(MINDSPORE, "output-values"))] * 5
    failing = build.record(plain, "mindspore", "unstable", build.check(MINDSPORE, "output-values", False), mode="graph")
    item = standing(summarise(build.runfile(records=(*holding, failing))), f"{MINDSPORE}/output-values", "mindspore")
    assert (item.state, item.held, item.failed) == ("contradicted", 5, 1)


def test_an_overruled_claim_is_labelled_with_its_ruling(summary: Summary) -> None:
    (item,) = summary.of("document")
    assert item.label == "contradicted (document overruled by ruling stride-default)"


def test_a_document_of_another_version_says_so(summary: Summary) -> None:
    assert standing(summary, f"{MINDSPORE}/default-stride", "mindspore").versions == ("2.9.0",)
    assert standing(summary, f"{MINDSPORE}/default-stride", "numpy").versions == ()
    assert standing(summary, f"{TORCH}/output-values", "torch").versions == ()


@pytest.mark.parametrize(
    ("documented", "installed", "same"),
    [
        ("2.9.0", "2.9.0", True),
        ("2.9", "2.9.0+cpu", True),
        ("v2.9", "2.9.1", True),
        ("2.9.0", "2.9", False),
        ("2.1", "2.10.0", False),
        ("2.9.0", "2.10.0", False),
    ],
)
def test_versions_are_compared_by_their_parts(documented: str, installed: str, same: bool) -> None:
    assert same_version(documented, installed) == same
