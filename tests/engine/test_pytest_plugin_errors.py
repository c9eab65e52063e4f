"""What ends a session of the pytest plugin before or in place of its tests, and that hostile text harms nothing."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec.structs import replace as altered

import conformance.pytest_session  # imported once: each session inside of a test would import it anew
from cases.catalogue import apis
from conformance import campaign, canary
from conformance.backends import Specification, Unavailable
from reports.record import Side
from tests.engine.played import TORCH
from tests.engine.small_runs import conforming, doctored, save, small_run

pytest_plugins = ("pytester", "tests.engine.torch_played")
Play = Callable[[str], None]
CLAIMS = len(apis()[TORCH].claims)  # each is an item, and deselected where -k names none
FEW = ("--conformance", "--conformance-no-known", f"--conformance-api={TORCH}", "--conformance-max-cases=12")

ERRORS = {
    ("-b", "tor ch"): "'tor ch' is not a backend.",
    ("-b", "nonsense"): "'nonsense': no such framework; known are ",
    ("-b", "numpy==0.1"): "numpy==0.1:cpu is unavailable: ",
    ("-b", "numpy", "--conformance-api=nope"): "matches nope",
    ("--conformance-strength=4",): "invalid choice: 4 (choose from 1, 2, 3)",
    ("--conformance-seed=x",): "argument --conformance-seed: invalid int value: 'x'",
    ("--conformance-max-cases=0",): "'0' is no whole number of at least 1",
    ("--conformance-jobs=two",): "'two' is no whole number of at least 1",
    ("-b", "numpy", "--conformance-known=nowhere"): "there is no folder nowhere",
    ("-b", "numpy", "--conformance-output=stored/run.jsonl/no"): "cannot be written",
    ("-b", "numpy", "conformance::numpy::none"): "no test is named conformance::numpy::none",
    ("-b", "numpy", "-n", "2"): "it cannot be spread over pytest-xdist's processes",
    ("--conformance-run=nowhere.jsonl",): "nowhere.jsonl cannot be read",
    ("--conformance-run=stored", "-b", "mindspore"): "mindspore is no backend of this run",
    ("--conformance-run=stored", "--conformance-seed=0"): "--conformance-seed says nothing of a stored run",
    ("--conformance-run=stored", "--conformance-api=mindspore.*"): "no API of torch==",
    ("--conformance-run=broken",): "a run file starts with a whole line of type 'run'",
}


@pytest.mark.parametrize("asked", ERRORS, ids=lambda asked: " ".join(asked).replace("/", "-"))
def test_what_cannot_be_is_a_usage_error_that_says_so_before_anything_runs(
    asked: tuple[str, ...], pytester: pytest.Pytester
) -> None:
    save(small_run(), pytester.mkdir("stored"))
    pytester.mkdir("broken").joinpath("run.jsonl").write_text("")
    result = pytester.runpytest_inprocess("--conformance", *asked)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert ERRORS[asked] in result.stderr.str() + result.stdout.str()
    assert not list(pytester.path.glob("conformance-report"))


def test_a_broken_ledger_is_a_usage_error(pytester: pytest.Pytester) -> None:
    pytester.mkdir("conformance-known").joinpath("torch.toml").write_text("[[known]]\nname = 'half'\n")
    result = pytester.runpytest_inprocess("--conformance", "-b", "numpy")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*torch.toml, entry 1 (half): *"])


def test_a_backend_that_nobody_named_may_be_missing_and_is_skipped_with_the_reason(
    pytester: pytest.Pytester, torch_is: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch_is("conformance.adapters.numpy:NumpyAdapter")
    resolve = conformance.pytest_live.resolve
    monkeypatch.setattr(
        conformance.pytest_live,
        "resolve",
        lambda wanted, **how: (
            resolve(wanted, **how)
            if wanted == Specification("torch")
            else Unavailable(wanted, "It is not here.", "Install it.")
        ),
    )
    result = pytester.runpytest_inprocess(*FEW, "-rs", "-k", "verdicts or unavailable")
    result.assert_outcomes(passed=1, skipped=2, deselected=CLAIMS)
    result.stdout.fnmatch_lines(["SKIPPED *: It is not here. Install it."])
    torch_is("conformance.adapters.nothing:Adapter")
    none = pytester.runpytest_inprocess(*FEW)
    assert none.ret == pytest.ExitCode.USAGE_ERROR
    none.stderr.fnmatch_lines(["*torch:cpu is unavailable: its worker does not start*"])


def test_a_judge_that_accepts_planted_faults_ends_the_session(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(canary, "UNEXPECTED", frozenset())
    result = pytester.runpytest_inprocess(*FEW, "-b", "numpy")
    assert result.ret == campaign.INTERNAL
    result.assert_outcomes()
    result.stdout.fnmatch_lines(["*the judge does not find the faults that are planted for it: accepted *"])


def test_an_interrupted_run_interrupts_the_session(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> int:
        return campaign.INTERRUPTED

    monkeypatch.setattr(campaign, "run", interrupted)
    result = pytester.runpytest_inprocess(*FEW, "-b", "numpy", no_reraise_ctrlc=True)
    assert result.ret == pytest.ExitCode.INTERRUPTED


def test_a_backend_that_does_not_start_a_second_time_passes_nothing(
    pytester: pytest.Pytester, torch_is: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch_is("tests.cases.players:StartsOnce")
    monkeypatch.setenv("STARTED_ONCE", str(pytester.path / "started"))
    result = pytester.runpytest_inprocess(*FEW, "-b", "torch", "-b", "numpy", "-k", "verdicts")
    result.assert_outcomes(passed=1, failed=1, deselected=2 * CLAIMS)
    result.stdout.fnmatch_lines(["nothing ran on torch==*: *"])


def test_a_package_of_the_users_with_the_name_of_one_of_ours_is_told(pytester: pytest.Pytester) -> None:
    pytester.makeconftest("")
    pytester.mkpydir("reports")
    result = pytester.runpytest_subprocess("--conformance", "-b", "numpy")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*the package 'reports' was found in {pytester.path}, but belongs in *"])
    assert pytester.runpytest_subprocess().ret == pytest.ExitCode.NO_TESTS_COLLECTED


HOSTILE = "\x1b[31mred\x1b[0m \x00 \x07 \x9b2J \ud7ff \u202e <a> & ]]> \r\n second line"


def test_no_text_of_a_framework_or_a_run_file_breaks_the_terminal_or_the_junit_file(
    pytester: pytest.Pytester,
) -> None:
    crash = Side(what="crashed", error=HOSTILE, message=HOSTILE, detail=HOSTILE)
    raised = Side(what="raised", error=HOSTILE, message=HOSTILE, detail=HOSTILE, stage="call")
    loaded, _ = doctored(
        small_run(), lambda item: item.arguments["action"] == "inspect", actual=crash, verdict="crashed", checks=[]
    )
    loaded, _ = doctored(loaded, conforming, actual=raised, verdict="rejects-valid", call=HOSTILE)
    name, mode = f"torch==1:cpu{HOSTILE}", f"eager{HOSTILE}"
    (line,) = loaded.run.backends
    line = altered(line, name=name, mode=mode, modes=[mode], framework="torch")
    loaded = replace(
        loaded,
        run=altered(loaded.run, backends=[line]),
        records=tuple(altered(item, backend=name, mode=mode) for item in loaded.records),
        comparisons=(),
    )
    path = save(loaded, pytester.path)
    result = pytester.runpytest_inprocess(f"--conformance-run={path}", "-ra", "-v", "--junitxml=junit.xml")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    text = result.stdout.str() + Path(pytester.path, "junit.xml").read_text()
    assert not {"\x1b", "\x00", "\x07", "\x9b", "\u202e"} & set(text)
    assert "second line" in text
    messages = [item.get("message", "") for item in ElementTree.parse(pytester.path / "junit.xml").iter("failure")]
    assert any("‹U+0007›" in message for message in messages)
