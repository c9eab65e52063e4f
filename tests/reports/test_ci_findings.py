"""What a run found, in the order in which people have to know it."""

from typing import Any

import pytest

from reports import ci_findings
from reports.ci_findings import SEVERITY, found, new_of, sorted_out
from reports.record import UNEXPECTED, Finding
from reports.summary import Summary, summarise
from tests.reports import build, build_hostile


def finding(name: str, verdict: str, **more: Any) -> Finding:
    fields = {
        "id": name,
        "backend": "mindspore",
        "verdict": verdict,
        "title": f"Conv1dTranspose: {verdict}",
        "rule": "",
        "minimal_call": f"call of {name}",
        "known": "",
        "smallest": "0" * 16,
    }
    return build_hostile.finding("x", **(fields | more))


def summary_of(*findings: Finding, **more: Any) -> Summary:
    return summarise(build.runfile(findings=findings, **more))


def test_new_comes_before_known_and_then_by_severity_and_then_by_support() -> None:
    wanted = [
        finding("a", "crashed"),
        finding("b", "differs", support=9),
        finding("c", "differs", support=2),
        finding("d", "rejects-valid", support=99),
        finding("e", "accepts-invalid"),
        finding("f", "wrong-error"),
        finding("g", ""),
        finding("h", "timed-out", known="k"),
        finding("i", "differs", known="k"),
        finding("j", "wrong-error", known="k", support=500),
    ]
    rows = found(summary_of(*reversed(wanted)))
    assert [row.id for row in rows] == [item.id for item in wanted]


def test_every_verdict_that_fails_a_run_has_its_place() -> None:
    assert {verdict for group in SEVERITY for verdict in group} == {*UNEXPECTED, ""}


@pytest.mark.parametrize(
    ("verdict", "known", "level"),
    [
        ("crashed", "", "error"),
        ("differs", "", "error"),
        ("accepts-invalid", "", "error"),
        ("wrong-error", "", "warning"),
        ("", "", "warning"),
        ("a verdict of another version", "", "warning"),
        ("crashed", "entry", "notice"),
        ("wrong-error", "entry", "notice"),
    ],
)
def test_what_is_known_is_never_more_than_a_notice(verdict: str, known: str, level: str) -> None:
    (row,) = found(summary_of(finding("a", verdict, known=known)))
    assert row.level == level


def test_a_finding_that_is_not_explained_shows_the_call_of_its_smallest_case() -> None:
    rows = found(
        summary_of(
            finding("a", "differs", minimal_call="", smallest=build.ACCEPTED.id),
            finding("b", "differs", minimal_call="", smallest="f" * 16, support=0),
        )
    )
    assert [row.call for row in rows] == [build.ACCEPTED.show(), f"case {'f' * 16}"]


def test_groups_stand_in_for_the_findings_of_a_run_that_was_cut_short() -> None:
    summary = summary_of(end=None)
    rows = found(summary)
    assert len(rows) == len(summary.groups) > 1
    assert rows[0].verdict == "crashed"
    assert {row.id for row in rows} == {group.smallest.case for group in summary.groups}
    assert not sorted_out(summary)
    assert new_of(rows, "mindspore") == sum(group.backend == "mindspore" for group in summary.groups)


def test_a_run_that_ended_with_nothing_to_find_is_sorted_out() -> None:
    summary = summary_of(records=(), comparisons=())
    assert (found(summary), sorted_out(summary)) == ((), True)
    assert sorted_out(summary_of(finding("a", "differs"), end=None))
    assert ci_findings.new_of(found(summary_of(finding("a", "differs", known="k"))), "mindspore") == 0
