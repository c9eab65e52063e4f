"""A stand-alone script, run by a backend's own interpreter, outside of the suite: what it printed and how it ended."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from conformance.backends import Backend
from reports.text import clean

LONGEST = 4000  # characters of what a script prints
QUIET = {"GLOG_v": "3"}


@dataclass(frozen=True)
class Printed:
    """How a script ended, in words, and the end of what it printed. `there` says that the difference was there."""

    ended: str
    text: str
    there: bool


def reproduce(script: str, backend: Backend, *, seconds: float = 300.0) -> Printed:
    """Run a script in a folder of its own, with nothing of ours on its path."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "script.py"
        path.write_text(script, encoding="utf-8")
        try:
            done = subprocess.run(
                [backend.python, "-I", path],
                cwd=folder,
                env=_environment(backend.variables),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            return Printed(f"did not end within {seconds:g} s", _shown(error.stdout or b"", folder), there=True)
    return Printed(_ended(done.returncode), _shown(done.stdout, folder), there=done.returncode != 0)


def _environment(variables: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return kept | QUIET | dict(variables)


def _ended(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    return f"killed by {signal.Signals(-code).name}"


def _shown(output: bytes, folder: str) -> str:
    text = clean(output.decode("utf-8", "replace").replace(folder, "")).strip()
    return text if len(text) <= LONGEST else f"… {text[-LONGEST:]}"
