"""`conformance diff`: the forms that it prints, its exit codes, and files that are none."""

import json
from pathlib import Path

import pytest

from conformance.diff_command import diff
from conformance.errors import UsageError
from reports.reading import BadRunFile, RunFile, to_line
from reports.record import End, Finding
from tests.reports import build

NEW = Finding(
    id="0123456789abcdef",
    backend="mindspore",
    verdict="accepts-invalid",
    symptoms=["returned a value"],
    claims=[f"{build.MINDSPORE}/padding-not-negative"],
    apis=[build.MINDSPORE],
    modes=["eager"],
    rule="padding < 0",
    support=2,
    against=0,
    cases=[build.ACCEPTED.id, build.LARGER.id],
    smallest=build.ACCEPTED.id,
    mode="eager",
)


def stored(folder: Path, run: RunFile) -> Path:
    folder.mkdir()
    lines = [line for line in build.lines(run) if not isinstance(line, Finding | End)]
    (folder / "run.jsonl").write_bytes(b"".join(map(to_line, (*lines, *run.findings, build.END))))
    return folder


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A run in which nothing fails, and one with a finding."""
    good = tuple(item for item in build.records() if item.verdict == "conforms" and item.checks[0].holds)
    ran = tuple(build.record(case, "mindspore") for case in (build.ACCEPTED, build.LARGER))
    bad = tuple(item for item in build.records() if item.verdict == "accepts-invalid")
    old = build.runfile(records=(*good, *ran), comparisons=())
    new = build.runfile(records=(*good, *bad), comparisons=(), findings=(NEW,))
    return stored(tmp_path / "old", old), stored(tmp_path / "new", new)


def test_a_new_finding_is_printed_and_ends_with_1(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert diff(*files) == 1
    shown = capsys.readouterr().out
    assert "New findings (1)" in shown
    assert "Fails iff: padding < 0" in shown
    assert diff(*reversed(files)) == 0
    assert "Gone findings (1)" in capsys.readouterr().out


def test_a_run_against_itself_ends_with_0(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert diff(files[1], files[1] / "run.jsonl") == 0
    assert "Nothing differs" in capsys.readouterr().out


def test_markdown_and_json_are_asked_for(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert diff(*files, as_markdown=True) == 1
    assert capsys.readouterr().out.startswith("# Difference of two runs\n\n1 new finding that is not known.\n")
    assert diff(*files, json=True) == 1
    data = json.loads(capsys.readouterr().out)
    assert (data["exit_code"], data["failing"], data["findings"]["new"][0]["finding"]["id"]) == (1, 1, NEW.id)


def test_two_forms_at_once_are_refused(files: tuple[Path, Path]) -> None:
    with pytest.raises(UsageError, match="ask for one"):
        diff(*files, as_markdown=True, json=True)


def test_a_file_that_cannot_be_read_says_which(files: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(BadRunFile, match="missing"):
        diff(files[0], tmp_path / "missing")
    (tmp_path / "text").write_text("hello\n")
    with pytest.raises(BadRunFile, match="text, byte 0"):
        diff(tmp_path / "text", files[1])


def test_a_run_that_was_cut_short_is_compared_and_said_to_be(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = files[1] / "run.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    assert diff(*files) == 1
    assert "did not come to its end" in capsys.readouterr().out
