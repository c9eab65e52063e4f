"""Known differences in the pytest plugin: strict xfails with their reasons, and what happens when one is gone."""

import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace as altered

import conformance.pytest_session  # noqa: F401 - imported once: each session inside of a test would import it anew
from cases.known import Entry, add
from reports.reading import RunFile
from reports.record import Side
from tests.engine.played import TORCH
from tests.engine.small_runs import BIAS, REFERENCE, doctored, save, small_run

pytest_plugins = "pytester"
VALUES = f"{TORCH}/output-values"
WHOLE = ("whole-numbers", "data == 'integers'")
ROUNDED = ("rounded-numbers", "data == 'normal'")


def entry(name: str, rule: str, **more: object) -> Entry:
    fields = {
        "name": name,
        "apis": (TORCH,),
        "verdict": "differs",
        "claims": ("output-values", "type-bfloat16"),
        "rule": rule,
        "reason": f"the bias of {name} is not added",
        "date": date(2026, 11, 21),
        "link": "https://example.org/issues/1",
    }
    return Entry(**(fields | more))


def session(
    pytester: pytest.Pytester, loaded: RunFile, *entries: Entry, options: tuple[str, ...] = ()
) -> pytest.RunResult:
    """A session that judges a run again with these entries beside it, and no others."""
    for item in entries:
        add(pytester.path / "own" / "torch.toml", item)
    pytester.mkdir("conformance-known").joinpath("torch.toml").write_text("")
    folder = ("--conformance-known=own",) if entries else ()
    path = save(loaded, pytester.path)
    return pytester.runpytest_inprocess(f"--conformance-run={path}", *folder, "-rA", "--junitxml=junit.xml", *options)


def ended(result: pytest.RunResult, word: str) -> set[str]:
    """The claims whose tests ended so."""
    lines = [line.split()[1] for line in result.outlines if line.startswith(f"{word} conformance::")]
    return {name.rpartition("::")[2] for name in lines}


def test_a_failure_that_the_ledger_knows_is_expected_and_its_reason_is_told(pytester: pytest.Pytester) -> None:
    result = session(pytester, small_run(BIAS), entry(*WHOLE), entry(*ROUNDED))
    assert result.ret == 0
    assert ended(result, "FAILED") == set()
    known = {VALUES, f"{TORCH}/type-bfloat16", f"{TORCH}/bias-added"}
    assert known <= ended(result, "XFAIL")
    suite = ElementTree.parse(pytester.path / "junit.xml").getroot()[0]
    (case,) = [item for item in suite if item.get("name") == "output-values (eager)"]
    (skipped,) = case.iter("skipped")
    assert skipped.get("type") == "pytest.xfail"
    for name, _ in (WHOLE, ROUNDED):
        wanted = f"{name}: the bias of {name} is not added (https://example.org/issues/1)"
        assert wanted in skipped.get("message", "")
    told = {item.get("name"): item.get("value") for item in case.iter("property")}
    assert set((told["known"] or "").split(", ")) == {WHOLE[0], ROUNDED[0]}
    result.stdout.fnmatch_lines([f"known differences: 20 failures: *{WHOLE[0]} (12)*"])


def test_without_one_of_its_entries_a_test_fails_and_lists_only_what_is_not_known(pytester: pytest.Pytester) -> None:
    loaded = small_run(BIAS)
    result = session(pytester, loaded, entry(*ROUNDED))
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert ended(result, "FAILED") == {VALUES, f"{TORCH}/bias-added"}
    assert f"{TORCH}/type-bfloat16" in ended(result, "XFAIL")
    suite = ElementTree.parse(pytester.path / "junit.xml").getroot()[0]
    (case,) = [item for item in suite if item.get("name") == "output-values (eager)"]
    text = next(case.iter("failure")).text or ""
    lines = text.splitlines()
    listed = [line.rpartition("(case ")[2].rstrip(")") for line in lines if "but should be" in line]
    kinds = {item.case: item.arguments["data"]["kind"] for item in loaded.records}
    assert [kinds[name] for name in listed] == ["integers"] * 5
    assert "and 7 more cases" in lines
    assert f"7 more failing cases are known: {ROUNDED[0]}" in lines
    assert lines[-1].endswith(listed[0])  # the command shows the smallest


def test_runxfail_makes_known_differences_fail_like_any_other(pytester: pytest.Pytester) -> None:
    result = session(pytester, small_run(BIAS), entry(*WHOLE), entry(*ROUNDED), options=("--runxfail",))
    assert ended(result, "FAILED") == {VALUES, f"{TORCH}/type-bfloat16", f"{TORCH}/bias-added"}


def test_no_known_takes_no_difference_for_known(pytester: pytest.Pytester) -> None:
    add(pytester.path / "conformance-known" / "torch.toml", entry(WHOLE[0], ""))
    path = save(small_run(BIAS), pytester.path)
    known = pytester.runpytest_inprocess(f"--conformance-run={path}", "-q")
    assert known.ret == 0  # the folder beside the work needs no option
    assert pytester.runpytest_inprocess(f"--conformance-run={path}", "-q", "--conformance-no-known").ret == 1


def test_a_known_difference_that_is_gone_fails_where_its_own_cases_ran_and_passed(pytester: pytest.Pytester) -> None:
    result = session(pytester, small_run(REFERENCE), entry(*WHOLE))
    assert ended(result, "FAILED") == {VALUES}
    assert "known, but nothing of it failed here: whole-numbers: the bias" in result.stdout.str()
    assert "[XPASS(strict)]" in result.stdout.str()
    result.stdout.fnmatch_lines(["*the known difference 'whole-numbers' does not occur in this run"])


NOT_THERE = {
    "the run left cases out": (entry(*WHOLE), "--max-cases"),
    "no case of its rule ran": (entry("elsewhere", "groups > 1000"), ""),
    "it comes and goes": (entry("chance", "", verdict="unstable"), ""),
}


@pytest.mark.parametrize("why", NOT_THERE)
def test_a_known_difference_that_may_just_not_have_been_met_fails_only_if_that_is_asked_for(
    why: str, pytester: pytest.Pytester
) -> None:
    item, option = NOT_THERE[why]
    loaded = small_run(REFERENCE)
    loaded = replace(loaded, run=altered(loaded.run, command=["run", option]))
    result = session(pytester, loaded, item)
    assert result.ret == 0
    assert VALUES in ended(result, "PASSED")
    told = ElementTree.parse(pytester.path / "junit.xml")
    seen = [found.get("value") for found in told.iter("property") if found.get("name") == "known, but not seen"]
    assert item.name in seen
    result.stdout.fnmatch_lines([f"*the known difference {item.name!r} does not occur in this run"])
    path = pytester.path / "run.jsonl"
    strict = pytester.runpytest_inprocess(
        f"--conformance-run={path}", "--conformance-known=own", "--strict-known", "-rA"
    )
    assert strict.ret == pytest.ExitCode.TESTS_FAILED
    assert VALUES in ended(strict, "FAILED")


def test_an_entry_about_another_version_says_nothing(pytester: pytest.Pytester) -> None:
    result = session(pytester, small_run(REFERENCE), entry(*WHOLE, versions="<0.1"), options=("--strict-known",))
    assert result.ret == 0


def test_an_entry_that_speaks_of_no_api_is_told_and_fails_only_if_that_is_asked_for(pytester: pytest.Pytester) -> None:
    result = session(pytester, small_run(REFERENCE), entry("typo", "", apis=("torch.nn.ConvTransposed*",)))
    assert result.ret == 0
    result.stdout.fnmatch_lines(["torch: the known difference 'typo' speaks of no API that there is"])
    path = pytester.path / "run.jsonl"
    strict = pytester.runpytest_inprocess(f"--conformance-run={path}", "--conformance-known=own", "--strict-known")
    assert strict.ret == pytest.ExitCode.TESTS_FAILED
    assert strict.parseoutcomes().get("failed", 0) == 0


def test_a_known_crash_without_a_claim_is_expected_in_the_test_of_verdicts(pytester: pytest.Pytester) -> None:
    crash = Side(what="crashed", error="SIGSEGV", message="Check failed: no", detail="not tried again")
    loaded, was = doctored(
        small_run(), lambda item: item.arguments["action"] == "inspect", actual=crash, verdict="crashed", checks=[]
    )
    path = save(loaded, pytester.path)
    new = pytester.runpytest_inprocess(f"--conformance-run={path}", "-rA")
    assert ended(new, "FAILED") == {f"{TORCH}/verdicts"}
    new.stdout.fnmatch_lines([f"a crash (SIGSEGV), but should be a value [[]{was.call}[]] (case {was.case})"])
    known = session(pytester, loaded, entry("crash", "", verdict="crashed", claims=()))
    assert ended(known, "XFAIL") >= {f"{TORCH}/verdicts"}
    assert known.ret == 0


def test_two_modes_that_disagree_fail_in_the_mode_that_is_not_the_first(pytester: pytest.Pytester) -> None:
    loaded = _two_modes()
    claim = f"{TORCH}/modes-agree"
    new = pytester.runpytest_inprocess(f"--conformance-run={save(loaded, pytester.path)}", "-rA", "-k", "modes-agree")
    assert new.ret == pytest.ExitCode.TESTS_FAILED
    failed = [line.split()[1] for line in new.outlines if line.startswith("FAILED")]
    assert [name.partition(":cpu")[2] for name in failed] == [f"::compiled::{claim}"]
    new.stdout.fnmatch_lines(["*, but should be equal [[]*in modes eager and compiled[]] (case *)"])


def _two_modes() -> RunFile:
    """The run of the faulty adapter, whose second mode is the reference."""
    first, second = small_run(BIAS), small_run(REFERENCE)
    (line,) = first.run.backends
    line = altered(line, modes=["eager", "compiled"])
    compiled = tuple(altered(item, mode="compiled", backend=line.name) for item in second.records)
    kept = {item.case for item in first.records if item.verdict == "differs"}
    compiled = tuple(item for item in compiled if item.case in kept)
    return replace(first, run=altered(first.run, backends=[line]), records=(*first.records, *compiled), comparisons=())


def test_a_folder_that_is_named_is_used_in_place_of_the_one_beside_the_work(pytester: pytest.Pytester) -> None:
    add(Path(pytester.path, "conformance-known", "torch.toml"), entry(WHOLE[0], ""))
    add(Path(pytester.path, "other", "torch.toml"), entry("narrow", "groups > 1000"))
    path = save(small_run(BIAS), pytester.path)
    asked = (f"--conformance-run={path}", "-q", "-k", "output-values")
    assert pytester.runpytest_inprocess(*asked).ret == 0
    assert pytester.runpytest_inprocess(*asked, "--conformance-known=other").ret == 1
