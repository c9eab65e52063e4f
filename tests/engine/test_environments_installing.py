"""Installing, really done from two tiny wheels without a network: failures, interrupts, locks, and what is told."""

import io
import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from conformance import environments, installing, interpreters
from conformance.environments import Ready, ensure
from conformance.interpreters import Broken, CannotCreate, Imported, Look
from tests.engine.toy import Heard, left, toy

pytestmark = pytest.mark.usefixtures("miniature")


@pytest.mark.environments
def test_an_environment_is_created_once_and_then_only_used() -> None:
    first, second = Heard(), Heard()
    made = ensure(toy(), install=True, progress=first)
    assert made.version == "1.0+local"
    assert made.python.parent.parent.name == f"toyframework-1.0-cp3{sys.version_info.minor}-{toy().digest}"
    assert "toyframework 1.0" in first.begun[0]
    assert "about 1 MB to download, 2 to 3 MB on disk" in first.begun[0]
    assert first.ended[0].startswith("Installed toyframework 1.0")
    assert first.steps[-1][0] == "importing it once"
    assert first.steps[-1][1] > first.steps[0][1] > 0 < first.steps[-1][2]
    assert ensure(toy(), install=False, progress=second) == made
    assert not second.begun
    assert not second.steps


@pytest.mark.environments
def test_a_constraint_holds_for_what_a_requirement_draws_in(good: Path) -> None:
    seen = interpreters.look(good / "bin/python", "toyframework")
    assert isinstance(seen, Look)
    assert seen.installed["numpy"] == "1.0"  # 1.1 was at hand
    assert "unused" not in seen.installed


@pytest.mark.environments
def test_the_marker_says_what_was_installed_and_when(good: Path) -> None:
    marker = json.loads((good / "complete.json").read_text())
    assert marker["digest"] == toy().digest
    assert marker["installed"]["toyframework"] == "1.0"
    assert marker["created"].endswith("Z")


@pytest.mark.environments
def test_without_a_network_the_error_ends_with_pips_words_and_nothing_is_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    heard = Heard()
    with pytest.raises(CannotCreate, match=r"No matching distribution found for toyframework==1\.0") as caught:
        ensure(toy(), install=True, progress=heard)
    assert "pip config list" in caught.value.way_out
    assert heard.ended == ["toyframework 1.0 was not installed."]
    assert left() == []


@pytest.mark.environments
def test_a_framework_that_installs_but_does_not_import_is_no_environment() -> None:
    with pytest.raises(CannotCreate, match="RuntimeError: a placeholder, not a framework"):
        ensure(toy("2.0"), install=True, progress=Heard())
    assert left() == []


@pytest.mark.environments
def test_an_interrupt_ends_the_installation_and_leaves_nothing() -> None:
    def interrupt(text: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ensure(toy(), install=True, progress=Heard(interrupt))
    assert left() == []


@pytest.mark.environments
def test_a_failure_behind_pip_leaves_nothing() -> None:
    def fail(text: str) -> None:
        if text == "importing it once":
            raise OSError("no space left")

    with pytest.raises(CannotCreate, match="cannot be written: no space left"):
        ensure(toy(), install=True, progress=Heard(fail))
    assert left() == []


# What another process does: it says what it is told, and can be made to wait at its first step.
PROCESS = """
import sys, time
from pathlib import Path
from conformance import environments
environments.TABLE = Path(sys.argv[1])
class Progress:
    def begin(self, title): print("begin", title, flush=True)
    def step(self, text, seconds, megabytes):
        print("step", flush=True)
        time.sleep(float(sys.argv[2]))
    def end(self, text): print("end", text, flush=True)
made = environments.ensure(environments.entry("toyframework", "1.0"), install=True, progress=Progress())
print("made", made.python, flush=True)
"""


def process(seconds: float) -> subprocess.Popen[str]:
    root = Path(environments.__file__).parent.parent
    command = [sys.executable, "-c", PROCESS, str(environments.TABLE), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root)


@pytest.mark.environments
def test_two_processes_create_one_environment_and_both_use_it() -> None:
    both = [process(0), process(0)]
    said = [one.communicate(timeout=300)[0] for one in both]
    assert [one.returncode for one in both] == [0, 0]
    assert sum("begin Installing" in text for text in said) == 1
    assert sum("Another process is at work" in text for text in said) <= 1
    made = {text.splitlines()[-1] for text in said}
    assert len(made) == 1
    assert isinstance(environments.check(toy(), environments.folder_of(toy(), sys.version_info.minor)), Ready)


@pytest.mark.environments
def test_one_waits_for_the_other_and_says_so(good: Path) -> None:
    (good / "complete.json").rename(good / "hidden")
    heard = Heard()
    with installing.locked(environments.lock_of(good), heard):
        other = process(0)
        assert other.stdout is not None
        assert "Another process is at work" in other.stdout.readline()
        (good / "hidden").rename(good / "complete.json")
    assert heard.begun == []
    assert "begin Installing" not in other.communicate(timeout=300)[0]  # what was made meanwhile is used
    assert other.returncode == 0


@pytest.mark.environments
def test_a_killed_process_leaves_neither_a_lock_nor_anything_taken_for_good() -> None:
    other = process(600)
    assert other.stdout is not None
    while other.stdout.readline() != "step\n":
        assert other.poll() is None
    other.send_signal(signal.SIGKILL)
    other.communicate()
    assert isinstance(environments.check(toy(), environments.folder_of(toy(), sys.version_info.minor)), Broken)
    assert left() != []
    assert ensure(toy(), install=True, progress=Heard()).version == "1.0+local"


@pytest.mark.environments
def test_an_interpreter_that_cannot_make_environments_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lame = tmp_path / "python"
    lame.write_text("#!/bin/sh\necho no ensurepip here\nexit 1\n")
    lame.chmod(0o755)
    monkeypatch.setattr(interpreters, "find", lambda one: (sys.version_info.minor, [lame]))
    with pytest.raises(CannotCreate, match="no ensurepip here"):
        ensure(toy(), install=True, progress=Heard())
    both = [lame, Path(sys.executable)]
    monkeypatch.setattr(interpreters, "find", lambda one: (sys.version_info.minor, both))
    assert ensure(toy(), install=True, progress=Heard()).version == "1.0+local"


@pytest.mark.environments
def test_our_own_path_and_pips_detours_do_not_reach_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, good: Path
) -> None:
    (tmp_path / "toyframework.py").write_text("raise RuntimeError('from PYTHONPATH')")
    (tmp_path / "pip.py").write_text("raise RuntimeError('from PYTHONPATH')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PIP_TARGET", str(tmp_path / "elsewhere"))
    monkeypatch.chdir(tmp_path)
    assert interpreters.imports(good / "bin/python", "toyframework", {}, limit=60) == Imported("1.0+local")
    shutil.rmtree(good)
    ensure(toy(), install=True, progress=Heard())
    assert not (tmp_path / "elsewhere").exists()


def test_the_display_shows_text_as_it_is() -> None:
    written = io.StringIO()
    display = installing.Display(Console(file=written, width=60, force_terminal=True, color_system=None))
    display.begin("Installing [red]x")
    display.step("Collecting cuda-toolkit[cublas]", 61, 12.3)
    display._status._live.refresh()
    display.end("done [/]")
    shown = written.getvalue()
    for part in ("Installing [red]x", "1:01  12 MB  Collecting cuda-toolkit[cublas]", "done [/]"):
        assert part in shown
