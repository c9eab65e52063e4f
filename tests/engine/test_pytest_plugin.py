"""The pytest plugin on the reference and on faulty adapters: which tests there are, which fail, and how that reads."""

import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest

import conformance.pytest_session  # noqa: F401 - imported once: each session inside of a test would import it anew
from cases.catalogue import apis
from reports.reading import load
from tests.engine.played import TORCH
from tests.engine.small_runs import BIAS, contradicted

pytest_plugins = ("pytester", "tests.engine.torch_played")
FEW = ("--conformance", "--conformance-no-known", f"--conformance-api={TORCH}", "--conformance-max-cases=12")
Play = Callable[[str], None]


def test_the_plugin_is_installed_and_costs_nothing_that_is_not_asked_for() -> None:
    (entry,) = (entry for entry in entry_points(group="pytest11") if entry.name == "conformance")
    assert entry.value == "conformance.pytest_plugin"
    script = (
        "import sys, conformance.pytest_plugin\n"
        "ours = {name for name in sys.modules if name.partition('.')[0] in ('cases', 'reports', 'reference')}\n"
        "assert not ours, ours\n"
        "ours = {name for name in sys.modules if name.startswith('conformance.')}\n"
        "assert ours == {'conformance.pytest_plugin'}, ours\n"
        "assert not {'numpy', 'msgspec', 'hypothesis'} & sys.modules.keys()\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_the_engine_needs_no_pytest() -> None:
    script = (
        "import sys; sys.modules['pytest'] = None; import conformance.campaign, conformance.rejudge, conformance.cli"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_without_being_asked_the_plugin_adds_no_tests(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_of_somebody(): pass")
    result = pytester.runpytest_inprocess("-b", "numpy", "-q")
    result.assert_outcomes(passed=1)


# Which tests there are


def test_there_is_one_test_per_claim_backend_and_mode_and_one_for_what_contradicts_no_claim(
    pytester: pytest.Pytester, torch_is: Play
) -> None:
    torch_is("tests.cases.players:TwoModes")
    result = pytester.runpytest_inprocess(*FEW, "-b", "torch", "--collect-only", "-q")
    names = [line for line in result.outlines if line.startswith("conformance::")]
    slugs = [*(claim.id for claim in apis()[TORCH].claims), f"{TORCH}/verdicts"]
    head = names[0].partition("::eager::")[0]
    assert names == [f"{head}::{mode}::{slug}" for mode in ("eager", "compiled") for slug in slugs]
    assert not list(pytester.path.rglob("run.jsonl"))


def test_without_paths_only_the_suite_runs_and_with_paths_both_do(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_of_somebody(): pass")
    asked = (*FEW, "-b", "numpy", "-k", "verdicts or somebody")
    pytester.runpytest_inprocess(*asked).assert_outcomes(passed=1, deselected=len(apis()[TORCH].claims))
    both = pytester.runpytest_inprocess(*asked, ".")
    both.assert_outcomes(passed=2, deselected=len(apis()[TORCH].claims))


def test_only_what_is_chosen_runs(pytester: pytest.Pytester) -> None:
    """-k, -m, --deselect and an id all choose before anything runs, and APIs of which no test is left are not run."""
    pytester.makeini("[pytest]\naddopts = --strict-markers")
    asked = ("--conformance", "--conformance-no-known", "-b", "numpy", "--conformance-max-cases=4")
    asked += ("--conformance-api=torch.nn.ConvTranspose*", "--conformance-output=out")
    name = f"{TORCH}/verdicts"
    full = "conformance::numpy==*:cpu::eager::" + name
    chosen = pytester.runpytest_inprocess(*asked, "-k", "ConvTranspose1d and verdicts", "-v")
    chosen.stdout.fnmatch_lines([f"{full} PASSED*"])
    chosen.assert_outcomes(passed=1, deselected=_total("torch.nn.ConvTranspose") - 1)
    assert {record.api for record in load(pytester.path / "out").records} == {TORCH}
    exact = next(line.split()[0] for line in chosen.outlines if line.startswith("conformance::"))
    pytester.runpytest_inprocess(*asked, exact).assert_outcomes(passed=1)
    marked = pytester.runpytest_inprocess(*asked, "-m", "numpy and conformance and kind_output_shape", "--collect-only")
    kinds = [claim.id for api in apis().values() for claim in api.claims if claim.kind.value == "output shape"]
    shown = [claim for claim in kinds if claim.startswith("torch.nn.ConvTranspose")]
    marked.stdout.fnmatch_lines([f"*{len(shown)}/* tests collected*"])
    deselected = pytester.runpytest_inprocess(*asked, exact, f"--deselect={exact}")
    deselected.assert_outcomes(deselected=1)


def _total(prefix: str) -> int:
    return sum(len(api.claims) + 1 for name, api in apis().items() if name.startswith(prefix))


def test_an_id_as_it_is_printed_in_a_folder_below_is_understood_there(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makeini("[pytest]")
    below = pytester.mkdir("below")
    monkeypatch.chdir(below)
    result = pytester.runpytest_inprocess(*FEW, "-b", "numpy", "-v", f"--rootdir={pytester.path}", "-k", "verdicts")
    name = next(line.split()[0] for line in result.outlines if "::" in line)
    assert name.startswith("../conformance::")
    pytester.runpytest_inprocess(*FEW, "-b", "numpy", f"--rootdir={pytester.path}", name).assert_outcomes(passed=1)


# Which fail, and how that reads


def test_a_fault_fails_just_the_claims_that_it_contradicts_and_says_how(
    pytester: pytest.Pytester, torch_is: Play
) -> None:
    torch_is(BIAS)
    result = pytester.runpytest_inprocess(
        "--conformance",
        "--conformance-no-known",
        f"--conformance-api={TORCH}",
        "--conformance-max-cases=60",
        "-b",
        "torch",
        "--conformance-output=out",
        "--junitxml=junit.xml",
        "-rfE",
    )
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    loaded = load(pytester.path / "out")
    wanted = contradicted(loaded)
    assert f"{TORCH}/output-values" in wanted
    failed = {line.split()[1] for line in result.outlines if line.startswith("FAILED ")}
    assert {name.partition("::eager::")[2] for name in failed} == wanted
    values = [item for item in loaded.records if any(_fails(check, "output-values") for check in item.checks)]
    call = "torch.nn.ConvTranspose1d(*)(Tensor(*"
    result.stdout.fnmatch_lines(
        [
            f"*_ {TORCH}/output-values on torch==*:cpu (eager) _*",
            f"* at (*), but should be * [[]{call}[]] (case *)",
            f"and {len(values) - 5} more cases",
            f"{TORCH}/output-values: *",
            "conformance show *run.jsonl *",
        ]
    )
    shown = [line for line in result.outlines if line.startswith("conformance show") and "run.jsonl" in line]
    assert {line.split()[-1] for line in shown} <= {item.case for item in loaded.records}
    _is_useful(pytester.path / "junit.xml", len(wanted), loaded.run.backends[0].name)


def _fails(check, slug: str) -> bool:
    return check.claim == f"{TORCH}/{slug}" and check.counts and not check.holds


def _is_useful(path: Path, failures: int, backend: str) -> None:
    """Whether a JUnit file tells what failed without anything else at hand."""
    suite = ElementTree.parse(path).getroot()[0]
    assert int(suite.get("failures", 0)) == failures
    (case,) = [item for item in suite if item.get("name") == "output-values (eager)"]
    assert case.get("classname") == f"{backend}.{TORCH}"
    told = {item.get("name"): item.get("value") for item in case.iter("property")}
    assert told["claim"] == f"{TORCH}/output-values"
    assert told["backend"] == backend
    assert told["document"]
    claim = next(claim for claim in apis()[TORCH].claims if claim.id == told["claim"])
    assert told["statement"] == claim.text.en
    assert int(told["checks failed"] or 0) > 0
    (failure,) = case.iter("failure")
    assert ", but should be " in failure.get("message", "")
    records = load(path.parent / "out").records
    ours = [item for item in records if any(check.claim == claim.id for check in item.checks)]
    assert float(case.get("time", 0)) == pytest.approx(sum(item.milliseconds for item in ours) / 1000, abs=2e-3)


def test_what_no_document_promises_is_an_expected_failure_and_what_was_not_held_is_skipped(
    pytester: pytest.Pytester,
) -> None:
    asked = ("--conformance", "--conformance-no-known", "-b", "numpy", f"--conformance-api={TORCH}")
    result = pytester.runpytest_inprocess(*asked, "--conformance-max-cases=60", "-rsx", "-k", "1d")
    text = result.stdout.str()
    assert "not exercised: no case that ran in this mode is one that it speaks of" in text
    assert "needs cuda, and this backend is on cpu" in text
    assert "weight-shape-article - the document is overruled by ruling article-weight" in text
    assert result.ret == 0
    as_tests = pytester.runpytest_inprocess(*asked, "--conformance-max-cases=60", "--runxfail")
    assert as_tests.ret == 0  # a ruling is no known difference


def test_a_crash_that_contradicts_no_claim_fails_the_test_of_verdicts(
    pytester: pytest.Pytester, torch_is: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch_is("tests.cases.players:DiesForGood")
    monkeypatch.setenv("STARTED_ONCE", str(pytester.path / "started"))
    monkeypatch.setattr("conformance.pytest_live._started", _never_started)
    result = pytester.runpytest_inprocess(*FEW, "--conformance-max-cases=30", "-b", "torch", "-k", "verdicts")
    result.assert_outcomes(failed=1, deselected=len(apis()[TORCH].claims))
    result.stdout.fnmatch_lines(["*no worker*, but should be * [[]*[]] (case *)"])


def _never_started(backend):
    """What a backend says of itself, without a start, which its adapter would count."""
    from reports.record import BackendLine

    return BackendLine(name="torch==2.4.6:cpu", framework="torch", version="2.4.6", mode="eager", modes=["eager"])
