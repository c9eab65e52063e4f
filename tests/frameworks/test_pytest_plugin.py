"""The pytest plugin on the real PyTorch: one short run, and the same run judged again without it."""

import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from cases.catalogue import apis
from reports.reading import load
from tests.engine.played import TORCH
from tests.engine.small_runs import contradicted

pytestmark = pytest.mark.torch


def session(folder: Path, *options: str) -> dict[str, set[str]]:
    """Run pytest in a folder; the names of the tests by how they ended, as the JUnit file tells it."""
    command = [sys.executable, "-m", "pytest", "--conformance-no-known", "--junitxml=junit.xml", "-q", *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED), done.stdout + done.stderr
    ended: dict[str, set[str]] = {}
    for case in ElementTree.parse(folder / "junit.xml").iter("testcase"):
        words = [item.tag for item in case if item.tag != "properties"]
        ended.setdefault(words[0] if words else "passed", set()).add(f"{case.get('classname')} {case.get('name')}")
    return ended


def test_a_session_on_pytorch_tells_what_its_run_found_and_judged_again_the_same(tmp_path: Path) -> None:
    api = f"--conformance-api={TORCH}"
    options = ("--conformance", "-b", "torch", api, "--conformance-max-cases=40", "--conformance-output=out")
    first = session(tmp_path, *options)
    loaded = load(tmp_path / "out")
    (line,) = loaded.run.backends
    assert sum(map(len, first.values())) == len(line.modes) * (len(apis()[TORCH].claims) + 1)
    assert line.modes[0] == "eager"
    wrong = {name.rpartition(" (")[0].rpartition(" ")[2] for name in first.get("failure", ())}
    assert {f"{TORCH}/{slug}" for slug in wrong} == contradicted(loaded)
    assert len(first["passed"]) > 40
    assert any(f"{line.name}.{TORCH} output-values (eager)" == name for name in first["passed"])
    again = session(tmp_path, "--conformance-run=out")
    assert again == first
