"""`conformance report`: the pages of one run or of several, and what CI systems read. It never runs a framework."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from conformance import cli_report
from conformance.cli import cli
from reports.ci_summary import ROOM
from reports.record import UNEXPECTED
from tests.reports import build, build_hostile
from tests.reports.test_ci_annotations import COMMAND, FORGED
from tests.reports.test_ci_findings import finding
from tests.reports.test_trend import FAILS, HOLDS, backend, record, run

PAGES = ["report.html", "report.md", "summary.md"]
NAMES = ("mindspore", "numpy", "oneflow", "torch")
BADGES = [f"badge-{name}.{kind}" for name in NAMES for kind in ("json", "svg")]


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test writes into the summary of the job that runs it."""
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_REPOSITORY"):
        monkeypatch.delenv(name, raising=False)


def report(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["report", *map(str, arguments)])


def stored(folder: Path, **more: Any) -> Path:
    folder.mkdir(exist_ok=True)
    return build.stored(build.runfile(**more), folder)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_one_run_file_gets_its_pages_and_badges_beside_it(tmp_path: Path) -> None:
    done = report(stored(tmp_path))
    assert done.exit_code == 0, done.output
    assert names(tmp_path) == sorted([*PAGES, *BADGES, "run.jsonl"])
    for line in (f"report: {tmp_path / 'report.html'}", f"summary: {tmp_path / 'summary.md'}"):
        assert line in done.stdout.splitlines()
    assert "::" not in done.stdout
    assert done.stderr == ""
    assert f"Full report: `{tmp_path / 'report.html'}`." in (tmp_path / "summary.md").read_text()


def test_the_folder_of_the_pages_can_be_given_and_is_made(tmp_path: Path) -> None:
    path = stored(tmp_path / "run")
    done = report(path.parent, "-o", tmp_path / "a" / "b")
    assert done.exit_code == 0, done.output
    assert names(tmp_path / "run") == ["run.jsonl"]
    assert names(tmp_path / "a" / "b") == sorted([*PAGES, *BADGES])


def test_what_changed_since_the_base_is_in_the_summary(tmp_path: Path) -> None:
    base, new = stored(tmp_path / "base"), stored(tmp_path / "new", findings=(finding("abcd", "crashed"),))
    done = report(new, "--base", base)
    assert done.exit_code == 0, done.output
    assert "## Since the base run" in (tmp_path / "new" / "summary.md").read_text()


def test_several_run_files_become_a_trend(tmp_path: Path) -> None:
    paths = []
    for number, holds in (("2.9.0", HOLDS), ("2.10.0", FAILS)):
        line, folder = backend(number), tmp_path / number
        folder.mkdir()
        paths.append(build.stored(run([line], [record(build.SAME, line, holds)]), folder))
    done = report(*reversed(paths), "-o", tmp_path / "trend")
    assert done.exit_code == 0, done.output
    assert names(tmp_path / "trend") == ["trend.html", "trend.md"]
    told = "MindSpore: 1 claim does not stand alike over 2 backends, 0 fail wherever they were held, 2 stand alike"
    assert done.stdout.splitlines() == [
        told,
        f"trend: {tmp_path / 'trend' / 'trend.html'}",
        f"trend: {tmp_path / 'trend' / 'trend.md'}",
    ]
    assert "fails since 2.10.0; holds up to 2.9.0" in (tmp_path / "trend" / "trend.md").read_text()
    assert names(tmp_path / "2.9.0") == ["run.jsonl"]


def test_a_run_file_given_twice_is_one_run_file(tmp_path: Path) -> None:
    path = stored(tmp_path)
    assert report(path, path).exit_code == 0
    assert "report.html" in names(tmp_path)


def test_the_summary_is_added_to_that_of_the_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, steps = stored(tmp_path / "run"), tmp_path / "steps"
    steps.write_text("from another command\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(steps))
    assert report(path).exit_code == 0
    added = steps.read_text()
    assert added.startswith("from another command\n# Conformance: ")
    assert len(added.encode()) <= ROOM


def test_a_trend_is_added_to_the_summary_of_the_job_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [stored(tmp_path / name) for name in ("one", "two")]
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "steps"))
    assert report(*paths, "-o", tmp_path / "trend").exit_code == 0
    assert (tmp_path / "steps").read_text() == (tmp_path / "trend" / "trend.md").read_text()


@pytest.mark.parametrize("harm", ["folder", "missing", "full"])
def test_a_summary_that_cannot_be_written_is_a_warning_and_no_failure(
    harm: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, full = stored(tmp_path / "run"), tmp_path / "full"
    full.write_bytes(b"x" * ROOM)
    place = {"folder": tmp_path, "missing": tmp_path / "no" / "steps", "full": full}[harm]
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(place))
    done = report(path)
    assert done.exit_code == 0
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"conformance: warning: nothing was added to $GITHUB_STEP_SUMMARY: {place}: ")
    assert full.stat().st_size == ROOM


def test_annotations_are_printed_only_where_github_actions_reads_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = stored(tmp_path, findings=(finding("abcd", "crashed"),))
    monkeypatch.setenv("GITHUB_ACTIONS", "false")
    assert "::error" not in report(path).stdout
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert report(path).stdout.splitlines()[-1].startswith("::error title=MindSpore 2.10.0 on cpu%3A ")


def test_a_hostile_run_file_forges_no_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = build_hostile.HOSTILE + "\n::error::forged\r::add-mask::forged ##[error]forged"
    monkeypatch.setattr(build_hostile, "HOSTILE", bad)
    path = build.stored(build_hostile.hostile(), tmp_path)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    for command in (lambda: report(path), lambda: report(path, tmp_path)):
        done = command()
        assert done.exit_code == 0, done.output
        lines = [line for line in done.stdout.split("\n") if not COMMAND.fullmatch(line)]
        assert not [line for line in lines if FORGED.search(line)]
        assert "\r" not in done.stdout


BAD = [
    (("{run}", "{other}", "--base", "{run}"), "2 run files"),
    (("{run}", "--base", "{none}"), "{none}"),
    (("{run}", "{none}"), "{none}"),
    (("{run}", "-o", "{file}"), "{file}"),
    (("{run}", "{other}", "-o", "{file}"), "{file}"),
]


@pytest.mark.parametrize(("arguments", "named"), BAD, ids=[" ".join(arguments) for arguments, _ in BAD])
def test_a_mistake_of_the_user_ends_with_2_and_names_it(tmp_path: Path, arguments: Any, named: str) -> None:
    places = {"run": stored(tmp_path / "run"), "other": stored(tmp_path / "other")}
    places |= {"none": tmp_path / "none.jsonl", "file": tmp_path / "file"}
    places["file"].write_text("")
    done = report(*(item.format(**places) for item in arguments))
    assert done.exit_code == 2, done.output
    assert named.format(**places) in " ".join(done.stderr.split())
    assert "Traceback" not in done.output


def test_no_process_is_started_and_no_framework_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def started(*_: object, **__: object) -> None:
        raise AssertionError("a process was started")

    path = stored(tmp_path)
    monkeypatch.setattr(subprocess, "Popen", started)
    frameworks = {"torch", "mindspore", "oneflow"}
    before = frameworks & set(sys.modules)
    assert report(path).exit_code == 0
    assert report(path, tmp_path).exit_code == 0
    assert frameworks & set(sys.modules) == before


def test_twenty_thousand_records_are_reported_in_under_ten_seconds(tmp_path: Path) -> None:
    path = build.stored(build.long(20_000), tmp_path)
    assert any(verdict in path.read_text() for verdict in UNEXPECTED)
    began = time.perf_counter()
    done = report(path)
    assert done.exit_code == 0, done.output
    assert time.perf_counter() - began < 10
    assert (tmp_path / "report.md").stat().st_size <= ROOM


def test_a_new_run_says_what_is_known_and_new_before_the_annotations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = stored(tmp_path, findings=(finding("abcd", "crashed"), finding("efgh", "differs", known="k")))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    cli_report.report_run(path)
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("differences: 0 executions are known, 0 are new")
    assert lines[at + 1].startswith("abcd  mindspore  ")
    assert [line.partition(" ")[0] for line in lines[-2:]] == ["::error", "::notice"]
