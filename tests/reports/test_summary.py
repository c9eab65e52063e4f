"""The numbers of a run whose every record is known."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from reports import tables
from reports.record import BackendLine, Comparison, Side
from reports.summary import Standing, Summary, same_version, summarise
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
        (f"{TORCH}/output-padding-range", "torch", "not exercised"),
        (f"{ONEFLOW}/output-values", "oneflow", "unavailable"),
        (f"{ONEFLOW}/cuda", "oneflow", "unchecked"),
    ],
)
def test_a_claim_has_one_state_on_each_backend(summary: Summary, claim: str, backend: str, state: str) -> None:
    assert standing(summary, claim, backend).state == state


def test_a_claim_stands_only_on_backends_of_its_framework_and_on_the_reference(summary: Summary) -> None:
    assert {item.backend for item in summary.standings if item.claim.api == TORCH} == {"numpy", "torch"}
    assert {item.claim.api for item in summary.standings if item.backend == "mindspore"} == {MINDSPORE}


def test_headlines_say_claims_and_executions_in_numbers(summary: Summary) -> None:
    assert [backend.headline for backend in summary.backends] == [
        (
            "NumPy reference 1.26.4 on cpu: 1 of 11 claims hold, 0 contradicted, 2 not checked, 8 not exercised; "
            "1 execution: 1 conforms."
        ),
        (
            "MindSpore 2.10.0 on cpu: 1 of 7 claims hold, 3 contradicted, 1 contradicted where a ruling overrules the "
            "document, 1 not checked, 1 not exercised; 8 executions: 4 conform, 1 differs, 2 accept an invalid call, "
            "1 raises another error than documented; 1 more could not run."
        ),
        (
            "PyTorch 2.13.0+cpu on cpu: 1 of 2 claims hold, 0 contradicted, 1 not exercised; "
            "2 executions: 1 conforms, 1 crashed."
        ),
        "OneFlow on cpu is unavailable, so nothing ran on it: no OneFlow here; pass oneflow@/path/to/python.",
    ]


def test_the_states_of_a_backend_add_up_to_its_claims(summary: Summary) -> None:
    for backend in summary.backends:
        assert sum(count for _, count in backend.states) == backend.claims
    assert [backend.claims for backend in summary.backends] == [11, 7, 2, 2]
    assert [backend.unexpected for backend in summary.backends] == [0, 4, 1, 0]


def test_what_could_not_run_is_no_execution(summary: Summary) -> None:
    mindspore = summary.backends[1]
    assert (mindspore.executions, mindspore.not_run) == (8, 1)


def test_thousands_have_a_comma() -> None:
    plain = build.case(MINDSPORE, 3)
    records = tuple(build.record(plain, "mindspore") for _ in range(1234))
    headline = summarise(build.runfile(records=records, comparisons=())).backends[1].headline
    assert headline.endswith("; 1,234 executions: 1,234 conform.")


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
        (missing(), "contradicted"),
        (missing(right_backend="oneflow"), "not exercised"),
        (missing(left=build.IDLE.id), "not exercised"),
        (missing(left=build.IDLE.id, shapes="different", values="different"), "contradicted"),
        (missing(shapes="equal", values="equal"), "holds"),
        (missing(shapes="equal", values="different"), "contradicted"),
        (missing(shapes="equal", values="different", values_claimed=False), "holds"),
    ],
)
def test_a_comparison_counts_unless_one_side_could_not_run(line: Comparison, state: str) -> None:
    found = summarise(build.runfile(comparisons=(line,)))
    assert standing(found, f"{MINDSPORE}/same-as-torch", "mindspore").state == state


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


def test_size_goes_by_arguments_then_integers_then_length() -> None:
    arguments = build.case(MINDSPORE, 6, padding=-7, dilation=(2, True)).canonical
    assert tables.size(arguments, "call") == (6, 3 + 4 + 5 + 7 + 2 + 1 + 3 + 6, 4)
    assert tables.size({}, "abc") == (0, 0, 3)
    few, many = build.case(MINDSPORE, 999), build.case(MINDSPORE, 1, stride=1)
    assert tables.size(few.canonical, few.show()) < tables.size(many.canonical, many.show())


def test_the_support_matrix_counts_valid_calls_only(summary: Summary) -> None:
    cells = {key: (cell.word, cell.conform, cell.of) for key, cell in summary.cells.items()}
    assert cells == {
        (MINDSPORE, "numpy"): ("works", 1, 1),
        (MINDSPORE, "mindspore"): ("differs", 4, 5),
        (TORCH, "numpy"): ("not run", 0, 0),
        (TORCH, "torch"): ("crashes", 1, 2),
        (ONEFLOW, "numpy"): ("not run", 0, 0),
        (ONEFLOW, "oneflow"): ("unavailable", 0, 0),
    }


@pytest.mark.parametrize(
    ("verdicts", "word"),
    [
        (["conforms", "conforms"], "works"),
        (["conforms", "rejects-valid"], "refuses valid calls"),
        (["rejects-valid", "differs"], "differs"),
        (["differs", "timed-out"], "times out"),
        (["timed-out", "crashed", "differs"], "crashes"),
        (["unstable", "conforms"], "unstable"),
        (["unavailable"], "not run"),
        ([], "not run"),
    ],
)
def test_the_worst_thing_seen_names_a_cell(verdicts: list[str], word: str) -> None:
    plain = build.case(MINDSPORE, 3)
    records = tuple(build.record(plain, "mindspore", verdict) for verdict in verdicts)
    assert summarise(build.runfile(records=records)).cells[MINDSPORE, "mindspore"].word == word


def test_looking_at_a_signature_is_no_valid_call() -> None:
    plain = build.case(MINDSPORE, 3)
    looked = build.record(plain, "mindspore", arguments={**plain.canonical, "action": "inspect"})
    assert summarise(build.runfile(records=(looked,))).cells[MINDSPORE, "mindspore"].of == 0


def test_verdicts_and_margins_are_counted_by_backend_and_mode(summary: Summary) -> None:
    rows = [(t.backend, t.mode, t.records, t.median_margin, t.largest_margin) for t in summary.tallies]
    assert rows == [
        ("numpy", "eager", 1, 0.0, 0.0),
        ("mindspore", "eager", 6, 0.5, 0.75),
        ("mindspore", "graph", 3, 0.5, 0.5),
        ("torch", "eager", 2, 0.1, 0.1),
    ]
    assert dict(summary.tallies[1].verdicts) == {
        "conforms": 2,
        "accepts-invalid": 2,
        "wrong-error": 1,
        "unavailable": 1,
    }


def test_counterparts_are_counted_by_pair_of_backends(summary: Summary) -> None:
    (pair,) = summary.pairs
    assert (pair.left, pair.right) == ("mindspore", "torch")
    assert (pair.compared, pair.equal_shapes, pair.equal_values, pair.different, pair.missing) == (3, 2, 1, 1, 1)
    assert [line.left for line in pair.examples] == [build.SAME.id]
    assert [found.line.claim for found in summary.documented_pairs] == [f"{MINDSPORE}/same-as-torch"]


def test_cases_without_counterpart_are_grouped_by_reason(summary: Summary) -> None:
    assert summary.alone == (tables.Alone("mindspore", "torch", "torch has no pad_mode 'same'", 3),)


def test_unexpected_records_are_grouped_with_their_smallest_case(summary: Summary) -> None:
    found = [(group.backend, group.verdict, group.count, group.smallest.case) for group in summary.groups]
    assert found == [
        ("mindspore", "accepts-invalid", 2, build.ACCEPTED.id),
        ("mindspore", "differs", 1, build.SAME.id),
        ("mindspore", "wrong-error", 1, build.WRONG_ERROR.id),
        ("torch", "crashed", 1, build.CRASHING.id),
    ]


def test_coverage_counts_claims_stated_checked_and_exercised(summary: Summary) -> None:
    assert [(line.api, line.stated, line.checked, line.exercised) for line in summary.coverage] == [
        (MINDSPORE, 7, 6, 5),
        (TORCH, 2, 2, 1),
        (ONEFLOW, 2, 1, 0),
    ]


def test_the_order_of_records_changes_no_number(summary: Summary) -> None:
    turned = summarise(build.runfile(records=tuple(reversed(build.records()))))
    for name in ("backends", "standings", "cells", "tallies", "groups", "pairs"):
        assert getattr(turned, name) == getattr(summary, name), name


def test_a_run_that_did_not_end_says_so() -> None:
    assert summarise(build.runfile()).notices == ()
    (notice,) = summarise(build.runfile(end=None)).notices
    assert notice.startswith("This run file has no end line")
    assert "12 records" in notice
    stopped = msgspec.structs.replace(build.END, interrupted=True)
    assert summarise(build.runfile(end=stopped)).notices[0].startswith("The run was interrupted.")
    short = build.runfile(records=tuple(build.records()[:-1]))
    assert summarise(short).notices == (
        "The end line speaks of 12 records. What follows counts the 11 records that the file holds.",
    )


def test_checks_of_unknown_claims_are_not_passed_over_in_silence() -> None:
    stray = build.record(build.case(MINDSPORE, 3), "mindspore", "conforms", build.check(MINDSPORE, "no-such-claim"))
    notices = summarise(build.runfile(records=(*build.records()[:-1], stray))).notices
    assert notices == ("Checks name 1 claim that the run's first line does not list; not counted.",)


def test_two_versions_of_one_framework_are_two_backends() -> None:
    old = BackendLine(name="mindspore==2.9.0", framework="mindspore", version="2.9.0")
    run = build.run(backends=[*build.run().backends, old])
    failing = build.record(
        build.case(MINDSPORE, 3),
        "mindspore==2.9.0",
        "rejects-valid",
        build.check(MINDSPORE, "output-values", False),
        actual=Side(what="raised", error="RuntimeError", stage="call"),
    )
    found = summarise(build.runfile(run=run, records=(*build.records(), failing)))
    assert standing(found, f"{MINDSPORE}/output-values", "mindspore").state == "holds"
    item = standing(found, f"{MINDSPORE}/output-values", "mindspore==2.9.0")
    assert (item.state, item.versions) == ("contradicted", ("2.10.0",))
    assert item.smallest is not None
    assert item.smallest.actual == "raised RuntimeError at call"


def test_a_run_without_anything_can_be_summed_up() -> None:
    empty = build.run(backends=[], claims=[], coverage=[], documents=[], rulings=[], machine={})
    found = summarise(
        build.runfile(path=Path("run.jsonl"), run=empty, records=(), comparisons=(), counterparts=(), end=None)
    )
    assert (found.backends, found.standings, found.groups) == ((), (), ())


def test_claimed_pairs_with_one_result_are_one_row_with_their_number_and_the_smallest() -> None:
    def line(length: int, values: str) -> Comparison:
        call = f"a.b({length})"
        return Comparison(
            left=f"{length:016x}",
            left_backend="mindspore==2.10.0:cpu",
            right=f"{length + 100:016x}",
            right_backend="torch==2.13.0:cpu",
            left_call=call + "x" * length,
            right_call=call,
            claim="a.b/same",
            shapes="equal",
            values=values,  # type: ignore[arg-type]
        )

    found = tables.claimed([line(3, "equal"), line(1, "equal"), line(2, "different"), line(4, "equal")], {})
    assert [(row.line.values, row.pairs, row.line.left) for row in found] == [
        ("equal", 3, f"{1:016x}"),
        ("different", 1, f"{2:016x}"),
    ]
