"""The numbers of a run whose every record is known."""

from pathlib import Path

import msgspec
import pytest

from reports import tables
from reports.record import BackendLine, Side
from reports.states import Standing
from reports.summary import Summary, summarise
from tests.reports import build
from tests.reports.build import MINDSPORE, ONEFLOW, TORCH


@pytest.fixture(scope="module")
def summary() -> Summary:
    return summarise(build.runfile())


def standing(summary: Summary, claim: str, backend: str) -> Standing:
    return next(item for item in summary.standings if (item.claim.id, item.backend) == (claim, backend))


def test_headlines_say_claims_and_executions_in_numbers(summary: Summary) -> None:
    assert [backend.headline for backend in summary.backends] == [
        (
            "NumPy reference 1.26.4 on cpu: 1 of 14 claims hold, 0 contradicted, 2 not checked, 1 unavailable on this "
            "device, 10 not exercised; 1 execution: 1 conforms."
        ),
        (
            "MindSpore 2.10.0 on cpu: 1 of 9 claims hold, 4 contradicted, 1 contradicted where a ruling overrules the "
            "document, 1 piece of advice not followed, 1 not checked, 1 not exercised; 8 executions: 4 conform, "
            "1 differs, 2 accept an invalid call, 1 raises another error than documented; 1 more could not run."
        ),
        (
            "PyTorch 2.13.0+cpu on cpu: 1 of 3 claims hold, 0 contradicted, 1 unavailable on this device, "
            "1 not exercised; 3 executions: 1 conforms, 1 is not documented, 1 crashed."
        ),
        "OneFlow on cpu is unavailable, so nothing ran on it: no OneFlow here; pass oneflow@/path/to/python.",
    ]


def test_the_states_of_a_backend_add_up_to_its_claims(summary: Summary) -> None:
    for backend in summary.backends:
        assert sum(count for _, count in backend.states) == backend.claims
    assert [backend.claims for backend in summary.backends] == [14, 9, 3, 2]
    assert [backend.unexpected for backend in summary.backends] == [0, 4, 1, 0]


def test_what_could_not_run_is_no_execution(summary: Summary) -> None:
    mindspore = summary.backends[1]
    assert (mindspore.executions, mindspore.not_run) == (8, 1)


def test_thousands_have_a_comma() -> None:
    plain = build.case(MINDSPORE, 3)
    records = tuple(build.record(plain, "mindspore") for _ in range(1234))
    headline = summarise(build.runfile(records=records, comparisons=())).backends[1].headline
    assert headline.endswith("; 1,234 executions: 1,234 conform.")


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
        ("torch", "eager", 3, 0.1, 0.1),
    ]
    assert dict(summary.tallies[1].verdicts) == {
        "conforms": 2,
        "accepts-invalid": 2,
        "wrong-error": 1,
        "unavailable": 1,
    }


def test_unexpected_records_are_grouped_with_their_smallest_case(summary: Summary) -> None:
    found = [(group.backend, group.verdict, group.count, group.smallest.case) for group in summary.groups]
    assert found == [
        ("mindspore", "accepts-invalid", 2, build.ACCEPTED.id),
        ("mindspore", "differs", 1, build.SAME.id),
        ("mindspore", "wrong-error", 1, build.WRONG_ERROR.id),
        ("torch", "crashed", 1, build.CRASHING.id),
    ]


def test_the_order_of_records_changes_no_number(summary: Summary) -> None:
    turned = summarise(build.runfile(records=tuple(reversed(build.records()))))
    for name in ("backends", "standings", "cells", "tallies", "groups", "pairs", "covered", "unmet", "changes"):
        assert getattr(turned, name) == getattr(summary, name), name


def test_a_run_that_did_not_end_says_so() -> None:
    assert summarise(build.runfile()).notices == ()
    (notice,) = summarise(build.runfile(end=None)).notices
    assert notice.startswith("This run file has no end line")
    assert "13 records" in notice
    stopped = msgspec.structs.replace(build.END, interrupted=True)
    assert summarise(build.runfile(end=stopped)).notices[0].startswith("The run was interrupted.")
    short = build.runfile(records=tuple(build.records()[:-1]))
    assert summarise(short).notices == (
        "The end line speaks of 13 records. What follows counts the 12 records that the file holds.",
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
