"""A script run outside of the suite: how it ended, what it printed, and what of ours it can see."""

import os
import sys
import time
from pathlib import Path

import pytest

from conformance.backends import Backend, Specification
from conformance.reproduce import LONGEST, Printed, reproduce


def ran(script: str, *, variables: dict[str, str] | None = None, seconds: float = 60.0) -> Printed:
    return reproduce(script, Backend(Specification("numpy"), Path(sys.executable), variables or {}), seconds=seconds)


@pytest.mark.parametrize(
    ("script", "ended", "there"),
    [
        ("print('same')", "exit code 0", False),
        ("import os; print('differs', flush=True); os._exit(1)", "exit code 1", True),
        ("import os; print('other', flush=True); os._exit(1)", "exit code 1", False),
        ("raise SystemExit(7)", "exit code 7", False),
        ("import no_such_module", "exit code 1", False),
        ("import os; os.abort()", "killed by SIGABRT", True),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "killed by SIGKILL", True),
        ("import os, signal; os.kill(os.getpid(), 37)", "killed by signal 37", True),
    ],
)
def test_how_a_script_ended_is_said_and_only_a_death_or_what_it_says_itself_shows_a_difference(
    script: str, ended: str, there: bool
) -> None:
    printed = ran(script)
    assert (printed.ended, printed.there) == (ended, there)


def test_what_it_printed_is_kept_in_order_errors_included() -> None:
    script = "import sys\nprint('one', flush=True)\nprint('two', file=sys.stderr, flush=True)\nraise ValueError('x')"
    printed = ran(script)
    assert printed.text.splitlines()[:2] == ["one", "two"]
    assert printed.text.endswith("ValueError: x")


def test_a_script_that_does_not_end_is_ended_and_its_last_words_are_kept() -> None:
    began = time.monotonic()
    printed = ran("import time\nprint('begun', flush=True)\ntime.sleep(600)", seconds=2)
    assert time.monotonic() - began < 20
    assert (printed.ended, printed.there, printed.text) == ("did not end within 2 s", True, "begun")


def test_a_process_that_a_script_leaves_behind_keeps_nobody_waiting(tmp_path: Path) -> None:
    """Compilers of a framework start helpers, which hold the script's output open after it has left."""
    told = tmp_path / "pid"
    script = (
        "import os, subprocess\n"
        "helper = subprocess.Popen(['sleep', '600'])\n"
        f"open({str(told)!r}, 'w').write(str(helper.pid))\n"
        "print('done', flush=True)\n"
        "os._exit(0)"
    )
    began = time.monotonic()
    printed = ran(script, seconds=8)
    try:
        assert (printed.ended, printed.there, printed.text) == ("exit code 0", False, "done")
        assert time.monotonic() - began < 8
        assert gone(int(told.read_text()))
    finally:
        if not gone(int(told.read_text()), wait=0):
            os.kill(int(told.read_text()), 9)


def test_a_script_that_runs_out_of_time_takes_its_helpers_along(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    script = (
        "import subprocess, time\n"
        "helper = subprocess.Popen(['sleep', '600'])\n"
        f"open({str(told)!r}, 'w').write(str(helper.pid))\n"
        "time.sleep(600)"
    )
    ran(script, seconds=3)
    try:
        assert gone(int(told.read_text()))
    finally:
        if not gone(int(told.read_text()), wait=0):
            os.kill(int(told.read_text()), 9)


def gone(pid: int, wait: float = 3.0) -> bool:
    """Whether a process has ended, or does so in a moment."""
    deadline = time.monotonic() + wait
    while True:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)


def test_only_the_end_of_long_output_is_kept() -> None:
    printed = ran("print('begin'); print('x' * 100_000); print('end')")
    assert len(printed.text) <= LONGEST + 2
    assert printed.text.startswith("… ")
    assert printed.text.endswith("x\nend")


def test_what_it_printed_is_made_fit_to_be_shown() -> None:
    told = b"\x1b[31mred\x1b[0m \xff\xfe \x00 \xe2\x80\xae.\r\nnext\n"
    text = ran(f"import sys; sys.stdout.buffer.write({told!r})").text
    assert text.startswith("red")
    assert text.endswith(".\nnext")
    assert not {"\x1b", "\x00", "\u202e", "\r"} & set(text)


def test_the_folder_in_which_it_ran_is_not_told() -> None:
    printed = ran("import os; print('in', os.getcwd()); print(__file__); raise ValueError")
    assert "/tmp" not in printed.text
    assert "script.py" in printed.text


def test_nothing_of_ours_is_on_its_path_or_in_its_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('this is not the real one')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "json.py"))
    monkeypatch.chdir(tmp_path)
    script = (
        "import json, os, sys\n"
        "print(json.dumps([[name for name in os.environ if name.startswith('PYTHON')], sorted(os.listdir('.'))]))\n"
        f"print({str(tmp_path)!r} in sys.path, '' in sys.path, os.getcwd() in sys.path)"
    )
    printed = ran(script)
    assert printed.text.splitlines() == ['[[], ["script.py"]]', "False False False"]


def test_the_variables_of_its_backend_are_set_and_it_has_no_input() -> None:
    script = "import os, sys; print(os.environ['LD_LIBRARY_PATH'], os.environ['GLOG_v'], repr(sys.stdin.read()))"
    assert ran(script, variables={"LD_LIBRARY_PATH": "/opt/libraries"}).text == "/opt/libraries 3 ''"
    assert ran(script, variables={"LD_LIBRARY_PATH": "", "GLOG_v": "0"}).text == "0 ''"
