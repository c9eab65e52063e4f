"""Two runs held against each other: what is new, gone and changed, whatever the order, the seed or the part run."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from msgspec import structs

from reports.difference import difference
from reports.difference_backends import pairs
from reports.difference_runs import has_moved
from reports.difference_shown import markdown, terminal
from reports.difference_text import as_json
from reports.reading import RunFile
from reports.record import BackendLine, Finding, Record
from tests.reports import build
from tests.reports.build_hostile import HOSTILE

CASES = [build.case(build.TORCH, length) for length in range(3, 9)]
CLAIM = f"{build.TORCH}/output-values"


def torch(version: str = "2.13.0", **more: Any) -> BackendLine:
    return BackendLine(name=f"torch=={version}:cpu", framework="torch", version=version, modes=["eager"], **more)


def runfile(*records: Record, findings: tuple[Finding, ...] = (), backends: Any = None, **more: Any) -> RunFile:
    return build.runfile(
        path=Path("run.jsonl"),
        run=build.run(backends=list(backends or [torch()]), **more),
        records=records,
        comparisons=(),
        counterparts=(),
        findings=findings,
        drifts=(),
        properties=(),
    )


def did(number: int, verdict: str = "conforms", **more: Any) -> Record:
    fails = verdict in ("differs", "crashed")
    checks = [] if verdict == "unavailable" else [build.check(build.TORCH, "output-values", not fails)]
    return build.record(CASES[number], more.pop("backend", torch().name), verdict, *checks, **more)


def finding(name: str = "a", **more: Any) -> Finding:
    fields: dict[str, Any] = {
        "id": name * 16,
        "backend": torch().name,
        "verdict": "differs",
        "symptoms": ["values differ"],
        "claims": [CLAIM],
        "apis": [build.TORCH],
        "modes": ["eager"],
        "rule": "stride > 1",
        "support": 1,
        "against": 0,
        "cases": [CASES[0].id],
        "smallest": CASES[0].id,
        "mode": "eager",
    }
    return Finding(**(fields | more))


def test_a_finding_of_cases_that_conformed_before_is_new_and_fails() -> None:
    found = difference(runfile(did(0)), runfile(did(0, "differs"), findings=(finding(),)))
    assert [(item.finding.id, item.executed, item.failing) for item in found.findings.new] == [("a" * 16, 1, 0)]
    assert (found.by_findings, found.failing, found.exit_code) == (True, 1, 1)
    assert "New findings (1)" in terminal(found)
    assert "1 new finding that is not known" in terminal(found)


@pytest.mark.parametrize("more", [{"known": "torch-1", "reason": "accepted"}])
def test_a_new_finding_that_is_known_does_not_fail(more: dict[str, str]) -> None:
    found = difference(runfile(did(0)), runfile(did(0, "differs"), findings=(finding(**more),)))
    assert len(found.findings.new) == 1
    assert found.exit_code == 0


def test_a_finding_that_only_the_old_run_has_is_gone() -> None:
    found = difference(runfile(did(0, "differs"), findings=(finding(),)), runfile(did(0)))
    assert [item.finding.id for item in found.findings.gone] == ["a" * 16]
    assert found.exit_code == 0


def test_a_finding_is_the_same_by_its_id_whatever_cases_showed_it() -> None:
    old = runfile(did(0, "differs"), findings=(finding(),))
    found = difference(old, runfile(did(1, "differs"), findings=(finding(cases=[CASES[1].id], support=1),)))
    assert (found.findings.same, found.findings.new, found.findings.gone) == (1, (), ())


def test_a_finding_with_another_rule_is_changed_and_not_new() -> None:
    old = runfile(did(0, "differs"), findings=(finding(),))
    new = finding("b", rule="groups > 1", support=7, minimal_call="f(1)", known="torch-1")
    found = difference(old, runfile(did(0, "differs"), findings=(new,)))
    changes = {change.what: (change.old, change.new) for change in found.findings.changed[0].changes}
    assert changes["rule"] == ("stride > 1", "groups > 1")
    assert changes["support"] == ("1", "7")
    assert changes["known"] == ("", "torch-1")
    assert changes["minimal_call"] == (f"case {CASES[0].id}", "f(1)")
    assert (found.findings.new, found.findings.gone, found.exit_code) == ((), (), 0)
    assert "rule: stride > 1 → groups > 1" in terminal(found)


def test_of_several_alike_findings_those_with_the_most_cases_in_common_go_together() -> None:
    ids = [item.id for item in CASES]
    records = [did(number, "differs") for number in range(4)]
    old = [finding("a", cases=ids[:2]), finding("b", cases=ids[2:4])]
    new = [finding("c", cases=ids[2:3], rule="b"), finding("d", cases=ids[:1], rule="a")]
    found = difference(runfile(*records, findings=(*old,)), runfile(*records, findings=(*new,)))
    assert {(item.old.id[0], item.new.id[0]) for item in found.findings.changed} == {("a", "d"), ("b", "c")}


def test_findings_that_are_alike_go_together_the_same_way_in_any_order() -> None:
    old, new = [finding("a"), finding("b")], [finding("c"), finding("d"), finding("e")]
    for _ in range(2):
        records = (did(0, "differs"),)
        found = difference(runfile(*records, findings=(*old,)), runfile(*records, findings=(*new,)))
        assert {(item.old.id[0], item.new.id[0]) for item in found.findings.changed} == set()
        assert (found.findings.same, [item.finding.id[0] for item in found.findings.new]) == (2, ["e"])
        old.reverse()
        new.reverse()


@pytest.mark.parametrize(
    ("old", "why"),
    [
        (runfile(did(1)), "any of its cases"),
        (runfile(did(0, "unavailable"), did(1)), "any of its cases"),
        (runfile(did(0, mode="compiled")), "any of its cases"),
        (runfile(did(0, "unavailable")), "its APIs"),
        (runfile(backends=[BackendLine(name="oneflow", framework="oneflow")]), "no backend of this framework"),
        (runfile(did(0), backends=[torch(device="cuda")]), None),
    ],
)
def test_a_finding_whose_cases_were_not_run_in_the_other_run_is_not_compared(old: RunFile, why: str | None) -> None:
    found = difference(old, runfile(did(0, "differs"), findings=(finding(),)))
    if why is None:  # the name decides before the device does
        assert len(found.findings.new) == 1
        return
    assert found.findings.new == ()
    assert why in found.findings.new_not_compared[0].why
    assert found.exit_code == 0
    assert "Not compared: " in terminal(found)


def test_a_new_finding_says_which_of_its_claims_the_other_run_does_not_state() -> None:
    old = runfile(did(0), claims=[build.claim(build.TORCH, "tf32")])
    found = difference(old, runfile(did(0, "differs"), findings=(finding(),)))
    assert found.findings.new[0].unstated == (CLAIM,)
    assert CLAIM in found.only.new_claims


def test_backends_stand_for_one_another_by_name_then_the_latest_versions_by_framework_and_device() -> None:
    old = [torch("2.9.0"), torch("2.11.0"), torch("2.12.0"), BackendLine(name="x", framework="numpy")]
    new = [torch("2.13.0"), torch("2.12.0"), BackendLine(name="torch:cuda", framework="torch", device="cuda")]
    found = [(pair.old.version, pair.new.version) for pair in pairs(old, new)]
    assert found == [("2.11.0", "2.13.0"), ("2.12.0", "2.12.0")]


def test_two_versions_of_a_framework_are_compared_and_the_version_is_said() -> None:
    before, after = torch("2.12.0", packages={"numpy": "1.26"}), torch("2.13.0", packages={"numpy": "2.0", "x": "1"})
    old = runfile(did(0, backend=before.name), backends=[before], suite="0.1.0")
    found = difference(old, runfile(did(0, "crashed"), findings=(finding(),), backends=[after], suite="0.2.0"))
    assert len(found.findings.new) == 1
    changes = {(change.where, change.what): (change.old, change.new) for change in found.versions}
    assert changes == {
        ("", "suite"): ("0.1.0", "0.2.0"),
        (after.name, "version"): ("2.12.0", "2.13.0"),
        (after.name, "package numpy"): ("1.26", "2.0"),
        (after.name, "package x"): ("", "1"),
    }
    assert "torch==2.12.0:cpu → torch==2.13.0:cpu: 1 execution in both runs" in terminal(found)


def test_verdicts_that_changed_are_counted_with_their_smallest_case() -> None:
    old = runfile(did(2), did(1), did(3, "differs"), did(4))
    found = difference(old, runfile(did(4), did(3), did(1, "crashed"), did(2, "crashed")))
    rows = [(row.old, row.new, row.count, row.case, row.worse) for row in found.verdicts]
    assert rows == [
        ("conforms", "crashed", 2, CASES[1].id, True),
        ("differs", "conforms", 1, CASES[3].id, False),
    ]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("conforms", "differs", 1),
        ("undocumented", "crashed", 1),
        ("differs", "crashed", 0),
        ("unavailable", "differs", 0),
        ("differs", "conforms", 0),
        ("conforms", "unavailable", 0),
    ],
)
def test_without_finding_lines_what_became_unexpected_fails(old: str, new: str, code: int) -> None:
    found = difference(runfile(did(0, old), did(1, "differs")), runfile(did(0, new), did(1, "differs")))
    assert not found.by_findings
    assert found.exit_code == code


def test_without_finding_lines_in_the_old_run_what_a_known_finding_covers_does_not_fail() -> None:
    known = finding(cases=[CASES[0].id], known="torch-1")
    old = runfile(did(0), did(1), did(2, "differs"))
    new = runfile(did(0, "differs"), did(1, "differs"), did(2, "differs"), findings=(known,))
    found = difference(old, new)
    assert (found.failing, found.verdicts[0].count, found.verdicts[0].known) == (1, 2, 1)
    assert "does not say what its findings are" in found.findings.new_not_compared[0].why


def test_a_claim_whose_state_changed_names_its_counterexample() -> None:
    found = difference(runfile(did(0), did(1)), runfile(did(0), did(1, "differs")))
    row = found.claims[0]
    assert (row.claim, row.old, row.new, row.case, row.compared) == (
        CLAIM,
        "holds",
        "contradicted",
        CASES[1].id,
        True,
    )


def test_a_claim_whose_counterexample_the_other_run_did_not_run_is_not_said_to_have_changed() -> None:
    found = difference(runfile(did(0)), runfile(did(0), did(1, "differs")))
    assert [row.compared for row in found.claims] == [False]
    back = difference(runfile(did(0), did(1, "differs")), runfile(did(0)))
    assert [row.compared for row in back.claims] == [False]
    assert "nothing is known to have changed" in terminal(found)
    assert "Claims whose state changed" not in terminal(found)


def test_margins_are_compared_over_the_executions_of_both_runs() -> None:
    old = runfile(did(0, margin=0.1), did(1, margin=0.2), did(2, margin=0.9))
    found = difference(old, runfile(did(0, margin=0.1), did(1, margin=0.3), did(3, margin=5.0)))
    (row,) = found.margins
    assert (row.api, row.dtype, row.executions) == (build.TORCH, "float32", 2)
    assert (row.old_largest, row.new_largest) == (0.2, 0.3)
    assert [row.old_median, row.new_median] == pytest.approx([0.15, 0.2])
    assert (row.case, row.moved_from, row.moved_to) == (CASES[1].id, 0.2, 0.3)


def test_a_margin_that_moved_beneath_a_larger_one_is_told() -> None:
    found = difference(
        runfile(did(0, margin=0.47), did(1, margin=0.1)), runfile(did(0, margin=0.47), did(1, margin=0.3))
    )
    assert [(row.old_largest, row.new_largest, row.case) for row in found.margins] == [(0.47, 0.47, CASES[1].id)]


@pytest.mark.parametrize(
    ("old", "new", "moved"),
    [
        (0.2, 0.26, True),
        (0.2, 0.24, False),
        (0.01, 0.025, True),
        (0.025, 0.01, True),
        (0.0, 0.02, True),
        (0.0, 1e-7, False),
    ],
)
def test_a_largest_margin_moves_by_a_step_or_a_factor(old: float, new: float, moved: bool) -> None:
    assert has_moved(old, new) is moved


def test_what_only_one_run_has_is_listed_and_the_shared_cases_are_counted() -> None:
    other = build.record(build.SAME, "mindspore", "conforms")
    mindspore = BackendLine(name="mindspore", framework="mindspore", version="2.10.0")
    old = runfile(did(0), did(1), seed=0)
    new = runfile(did(1), did(2), did(3), other, backends=[torch(), mindspore], claims=build.CLAIMS[:10], seed=1)
    found = difference(old, new)
    assert found.only.new_backends == ("mindspore",)
    assert found.only.new_apis == (build.MINDSPORE,)
    assert found.only.old_claims == tuple(sorted(claim.id for claim in build.CLAIMS[10:]))
    assert found.shared_cases == 1
    assert [(row.api, row.both, row.only_old, row.only_new) for row in found.cases] == [
        (build.MINDSPORE, 0, 0, 1),
        (build.TORCH, 1, 1, 2),
    ]
    assert [(change.what, change.new) for change in found.versions] == [("seed", "1")]


def test_a_claim_stated_in_other_words_is_told() -> None:
    claims = [structs.replace(claim, en="Otherwise.") if claim.id == CLAIM else claim for claim in build.CLAIMS]
    assert difference(runfile(did(0)), runfile(did(0), claims=claims)).only.restated == (CLAIM,)


def test_runs_that_share_nothing_say_so() -> None:
    found = difference(runfile(did(0)), runfile(did(1, "differs"), findings=(finding(cases=[CASES[1].id]),)))
    assert "The runs share no execution" in terminal(found)
    assert found.exit_code == 0


def test_the_json_holds_everything_under_stable_names() -> None:
    old = runfile(did(0), did(1, "differs"), findings=(finding("b", cases=[CASES[1].id]),))
    found = difference(old, runfile(did(0, "differs"), did(1), findings=(finding("a", symptoms=["else"]),)))
    data = json.loads(as_json(found))
    assert list(data) == [
        *("format", "exit_code", "failing", "conclusion", "old", "new", "shared_cases", "executions", "findings"),
        *("verdicts", "claims", "margins", "versions", "only", "cases"),
    ]
    assert (data["format"], data["exit_code"]) == (1, 1)
    assert list(data["findings"]) == ["new", "gone", "changed", "same", "old_not_compared", "new_not_compared"]
    assert data["findings"]["new"][0]["finding"]["type"] == "finding"
    assert data["findings"]["gone"][0]["finding"]["id"] == "b" * 16
    assert list(data["verdicts"][0])[:6] == ["old_backend", "new_backend", "api", "old", "new", "count"]


def test_what_is_too_much_for_a_terminal_is_counted() -> None:
    findings = tuple(finding(chr(ord("a") + n), symptoms=[str(n)]) for n in range(25))
    found = difference(runfile(did(0)), runfile(did(0, "differs"), findings=findings))
    assert "New findings (25)" in terminal(found)
    assert "5 more are left out here; --json has all." in terminal(found)


def test_hostile_texts_neither_steer_a_terminal_nor_become_markup() -> None:
    bad = HOSTILE
    api = f"torch.{bad}"
    record = build.record(CASES[0], torch().name, "differs", mode=bad, api=api, call=bad, dtype=bad, margin=0.9)
    hostile = finding(bad, title=bad, rule=bad, minimal_call=bad, symptoms=[bad], apis=[api], modes=[bad], reason=bad)
    claims = [build.claim(api, bad, bad)]
    held = structs.replace(record, checks=[build.check(api, bad, False, bad)])
    new = runfile(held, findings=(hostile,), claims=claims, machine={bad: bad}, backends=[torch(capability=bad)])
    passing = structs.replace(held, verdict="conforms", checks=[build.check(api, bad)], margin=0.1)
    found = difference(runfile(passing, claims=claims), new)
    assert found.findings.new
    assert found.margins
    assert found.claims
    for shown in (terminal(found), markdown(found)):
        assert all(character.isprintable() or character == "\n" for character in shown)
    html = MarkdownIt("gfm-like", {"linkify": False}).render(markdown(found))
    tags = {"h1", "h2", "p", "ul", "li", "code", "table", "thead", "tbody", "tr", "th", "td"}
    assert set(re.findall(r"<(\w+)", html)) <= tags
