"""A stand-alone script, run by a backend's own interpreter, outside of the suite: what it printed and how it ended."""

import contextlib
import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from conformance.backends import Backend
from reports.text import clean

LONGEST = 4000  # characters of what a script prints
QUIET = {"GLOG_v": "3"}
_MACHINE = re.compile(r"(?:/[^\s\"':/]+)+/(?=(?:lib(?:64)?/python\d|site-packages/))")


@dataclass(frozen=True)
class Printed:
    """How a script ended, in words, and the end of what it printed. `there` says that the difference was there."""

    ended: str
    text: str
    there: bool


def reproduce(script: str, backend: Backend, *, seconds: float = 300.0) -> Printed:
    """Run a script in a folder of its own, with nothing of ours on its path; end whatever it leaves behind."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as output:
        path = Path(folder) / "script.py"
        path.write_text(script, encoding="utf-8")
        # Into a file, not a pipe: a helper that outlives the script holds the pipe open. In a session of its own, so
        # that the helpers can be ended with it.
        process = subprocess.Popen(
            [backend.python, "-I", path],
            cwd=folder,
            env=_environment(backend.variables),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code = process.wait(seconds)
            # Python's own exit code is 1, too: a script that fails before it has compared anything shows nothing.
            ended, there = _ended(code), code < 0 or (code == 1 and _last(output).rstrip().endswith(b"differs"))
        except subprocess.TimeoutExpired:
            ended, there = f"did not end within {seconds:g} s", True
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        return Printed(ended, _shown(_last(output), folder), there)


def _last(output: BinaryIO) -> bytes:
    """The end of a file, more than is shown of it."""
    output.seek(max(0, output.seek(0, os.SEEK_END) - 8 * LONGEST))
    return output.read()


def _environment(variables: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return kept | QUIET | dict(variables)


def _ended(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    known = -code in {item.value for item in signal.Signals}
    return f"killed by {signal.Signals(-code).name if known else f'signal {-code}'}"


def _shown(output: bytes, folder: str) -> str:
    """What was printed, without the folders of this machine."""
    text = _MACHINE.sub("…/", clean(output.decode("utf-8", "replace").replace(folder, ""))).strip()
    return text if len(text) <= LONGEST else f"… {text[-LONGEST:]}"
