"""How much of the documentation was checked, why the rest was not, what changed in it, and what was measured."""

import pytest

from reports.record import Side
from reports.summary import Summary, summarise
from tests.reports import build
from tests.reports.build import MINDSPORE, ONEFLOW, TORCH


@pytest.fixture(scope="module")
def summary() -> Summary:
    return summarise(build.runfile())


def test_coverage_counts_claims_stated_checked_and_exercised(summary: Summary) -> None:
    assert [(line.api, line.stated, line.checked, line.exercised) for line in summary.coverage] == [
        (MINDSPORE, 9, 8, 7),
        (TORCH, 3, 3, 1),
        (ONEFLOW, 2, 1, 0),
    ]


def test_coverage_counts_the_claims_of_an_api_on_a_backend_by_state(summary: Summary) -> None:
    rows = [(row.api, row.backend, row.stated, row.checked, dict(row.states)) for row in summary.covered]
    assert rows == [
        (MINDSPORE, "numpy", 9, 1, {"holds": 1, "unchecked": 1, "not exercised": 7}),
        (
            MINDSPORE,
            "mindspore",
            9,
            7,
            {"holds": 1, "contradicted": 4, "document": 1, "advice": 1, "unchecked": 1, "not exercised": 1},
        ),
        (TORCH, "numpy", 3, 0, {"unavailable": 1, "not exercised": 2}),
        (TORCH, "torch", 3, 1, {"holds": 1, "unavailable": 1, "not exercised": 1}),
        (ONEFLOW, "numpy", 2, 0, {"unchecked": 1, "not exercised": 1}),
        (ONEFLOW, "oneflow", 2, 0, {"unchecked": 1, "unavailable": 1}),
    ]


def reasons(summary: Summary) -> list[tuple[str, str, list[str]]]:
    return [
        (row.state, row.reason, [claim.id for held in row.claims.values() for claim in held]) for row in summary.unmet
    ]


def test_every_claim_that_was_not_checked_says_why(summary: Summary) -> None:
    assert reasons(summary) == [
        ("unchecked", "no Ascend device can be reached", [f"{MINDSPORE}/platforms"]),
        ("unchecked", "needs a GPU", [f"{ONEFLOW}/cuda"]),
        ("unavailable", "needs cuda; PyTorch 2.13.0+cpu on cpu is on another device", [f"{TORCH}/tf32"]),
        (
            "unavailable",
            "OneFlow on cpu is unavailable: no OneFlow here; pass oneflow@/path/to/python.",
            [f"{ONEFLOW}/output-values"],
        ),
        (
            "not exercised",
            "no case that ran on MindSpore 2.10.0 on cpu lets it be held",
            [f"{MINDSPORE}/dilation-range"],
        ),
        (
            "not exercised",
            "no case that ran on PyTorch 2.13.0+cpu on cpu lets it be held",
            [f"{TORCH}/output-padding-range"],
        ),
    ]
    told = {claim for _, _, claims in reasons(summary) for claim in claims}
    own = [item for item in summary.standings if item.claim.api.startswith(item.backend)]
    assert told == {item.claim.id for item in own if item.held + item.failed == 0}


def test_a_framework_without_a_backend_leaves_its_claims_unchecked() -> None:
    numpy = build.run().backends[:1]
    found = summarise(build.runfile(run=build.run(backends=numpy)))
    state, reason, claims = next(row for row in reasons(found) if "torch" in row[1])
    assert (state, reason) == ("unavailable", "no backend of torch took part in this run")
    assert claims == [claim.id for claim in build.CLAIMS if claim.api == TORCH]


def test_an_api_without_claims_is_a_partner_only(summary: Summary) -> None:
    assert build.PARTNER in {record.api for record in summary.runfile.records}
    assert summary.apis == (MINDSPORE, TORCH, ONEFLOW)
    assert {api for api, _ in summary.cells} == set(summary.apis)
    assert {row.api for row in summary.covered} == set(summary.apis)
    assert dict(summary.tallies[-1].verdicts)["undocumented"] == 1


def test_changes_are_told_by_parameter_with_values_that_can_be_read(summary: Summary) -> None:
    rows = [(row.kind, row.parameter, row.was, row.now, row.documented, row.version) for row in summary.changes]
    assert rows == [
        ("default changed", "pad_mode", "'same'", "(0, 1)", "2.9.0", "2.10.0"),
        ("parameter added", "dtype", "", "place 9", "2.9.0", "2.10.0"),
    ]
    alone = summarise(build.runfile(drifts=tuple(build.drifts()[:1])))
    assert [(row.kind, row.was, row.now) for row in alone.changes] == [("docstring changed", "0a", "0b")]


def test_what_was_looked_at_is_counted_on_backends_of_the_api_s_framework() -> None:
    plain = build.case(MINDSPORE, 3)
    described = Side(what="described", detail="(x)")
    looked = [
        build.record(plain, "mindspore", actual=described),
        build.record(plain, "mindspore", actual=described, mode="graph"),
        build.record(plain, "numpy", actual=described),
    ]
    assert summarise(build.runfile(records=tuple(looked))).looked_at == 1


def test_measured_properties_of_apis_that_agree_are_one_row(summary: Summary) -> None:
    assert [(row.backend, row.name, row.apis) for row in summary.measured] == [
        ("mindspore", "accumulation", ("mindspore.nn.A", "mindspore.nn.B")),
        ("mindspore", "margin", ()),
        ("torch", "accumulation", ()),
    ]
