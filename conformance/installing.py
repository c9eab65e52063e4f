"""Installing: the folder of one environment, filled by venv and pip, and what the user sees meanwhile.

In go an entry of the table, a folder and the interpreters to try; out comes the folder with the framework in it,
imported once, and with the marker, which is written last and in one step: without it nothing is taken for good. pip
does the installing, since pip alone reads pip's own configuration. Whoever writes to a folder holds its lock.
"""

import contextlib
import fcntl
import functools
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Protocol

from rich.console import Console
from rich.text import Text

from conformance.interpreters import Broken, CannotCreate, Entry, imports, loader_variables, look

MARKER = "complete.json"


class Progress(Protocol):
    """What is told while an environment is being made."""

    def begin(self, title: str) -> None:
        """Say what is about to be installed, where to, and how large it is."""

    def step(self, text: str, seconds: float, megabytes: float) -> None:
        """Say what goes on now, the time that has passed, and the size so far; called about once a second."""

    def end(self, text: str) -> None:
        """Say how it ended; called after a failure or an interrupt too."""


class Silent:
    """Tells nobody."""

    def begin(self, title: str) -> None:
        """Say nothing."""

    def step(self, text: str, seconds: float, megabytes: float) -> None:
        """Say nothing."""

    def end(self, text: str) -> None:
        """Say nothing."""


class Display:
    """Tells the user, on stderr: a line at the beginning and the end, a spinner in between where it is a terminal."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False)
        self._status = self._console.status("")

    def begin(self, title: str) -> None:
        """Print the title and start the spinner."""
        self._console.print(title, markup=False, soft_wrap=True)
        self._status.start()

    def step(self, text: str, seconds: float, megabytes: float) -> None:
        """Renew the spinner's line."""
        shown = text[: max(20, self._console.width - 24)]
        self._status.update(Text(f"{int(seconds) // 60}:{int(seconds) % 60:02}  {megabytes:.0f} MB  {shown}"))

    def end(self, text: str) -> None:
        """Stop the spinner and print how it ended."""
        self._status.stop()
        self._console.print(text, markup=False, soft_wrap=True)


@contextlib.contextmanager
def locked(path: Path, progress: Progress) -> Iterator[BinaryIO]:
    """Hold the lock of an environment: an empty file outside of its folder, which comes and goes.

    What we start has it as stdin, and hands it on to what it starts itself. So when we are killed the lock is held
    until the last of them has ended, and nobody deletes a folder into which ensurepip or pip still writes (it
    happened). A lock that ended with us could not do that.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress.begin(f"Another process is at work on {path.stem}: waiting for it.")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX)
            finally:
                progress.end(f"The wait for {path.stem} is over.")
        yield lock


def build(
    one: Entry, folder: Path, pythons: list[Path], tell: Callable[[str], None], lock: BinaryIO, *, limit: float
) -> None:
    """Make the environment, step by step, the marker last. `limit`: the seconds that the first import may take."""
    log = folder / "install.log"
    run = functools.partial(_run, log=log, tell=tell, lock=lock, name=f"{one.framework} {one.version}")
    for left, base in enumerate(pythons, 1 - len(pythons)):
        delete(folder)
        folder.mkdir(parents=True)
        try:
            # Not every interpreter can make one: Debian's lacks ensurepip, a shim may point nowhere.
            run([str(base), "-I", "-m", "venv", str(folder)])
            break
        except (CannotCreate, OSError):
            if not left:
                raise
    python, work = folder / "bin" / "python", folder / "tmp"
    work.mkdir()
    (folder / "requirements.txt").write_text("\n".join(one.requirements) + "\n", "utf-8")
    (folder / "constraints.txt").write_text("\n".join(one.constraints) + "\n", "utf-8")
    pip = [str(python), "-I", "-u", "-m", "pip", "install", "--no-input", "--no-user", "--progress-bar=off"]
    pip += ["--disable-pip-version-check", "--only-binary=:all:"]
    pip += ["-r", str(folder / "requirements.txt"), "-c", str(folder / "constraints.txt")]
    # Downloads go through the folder: they count as progress, and go with it when it is deleted.
    run(pip, variables={"TMPDIR": str(work)})
    shutil.rmtree(work)
    tell("importing it once")
    seen = look(python, one.framework)
    variables = {} if isinstance(seen, Broken) else loader_variables(one, seen.site)
    imported = imports(python, one.framework, variables, limit=limit)
    if isinstance(imported, Broken):
        raise CannotCreate(
            f"{one.framework} {one.version} was installed, but cannot be imported: {imported.reason}",
            f"Mend what it says, or name an interpreter that holds the framework: {one.framework}@/path/to/python",
        )
    seen = look(python, one.framework, files=True)  # after the import, which may write files of its own
    if isinstance(seen, Broken):
        raise CannotCreate(f"{folder} was made, but {seen.reason}.", "Try again.")
    written = {"digest": one.digest, "version": imported.version, "installed": seen.installed, "files": seen.files}
    written["created"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    unfinished = folder / f"{MARKER}.part"
    with unfinished.open("w", encoding="utf-8") as file:
        json.dump(written, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(folder / MARKER)


def _run(
    command: list[str],
    *,
    log: Path,
    tell: Callable[[str], None],
    lock: BinaryIO,
    name: str,
    variables: Mapping[str, str] | None = None,
) -> None:
    """Run a command with its output in the log, tell its last line once a second, and fail with the log's end."""
    # Settings of pip that would carry the packages elsewhere are not for us.
    elsewhere = {"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PIP_REQUIRE_VIRTUALENV", "PIP_PYTHON"}
    inherited = {key: value for key, value in os.environ.items() if key not in elsewhere}
    with log.open("ab") as out:
        process = subprocess.Popen(
            command,
            stdin=lock,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**inherited, **(variables or {})},
            process_group=0,
        )
    try:
        while True:
            try:
                code = process.wait(timeout=1)
                break
            except subprocess.TimeoutExpired:
                tell((_tail(log, 1) or ["preparing"])[0])
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)  # venv runs ensurepip, which runs pip
        process.wait()
        raise
    if code:
        end = "\n".join(f"    {line}" for line in _tail(log, 15))
        raise CannotCreate(
            f"{name} could not be installed (exit code {code}). The end of the log:\n{end}",
            "Look at pip's own configuration (`python -m pip config list`), the network and the free space; or name "
            f"an interpreter that holds the framework: {name.split()[0]}@/path/to/python",
        )


def _tail(log: Path, lines: int) -> list[str]:
    return [line for line in log.read_text("utf-8", "replace").splitlines() if line.strip()][-lines:]


def megabytes(folder: Path) -> float:
    """The size of a folder, even while it changes."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):  # pip deletes while we count
                total += os.lstat(os.path.join(root, name)).st_size  # noqa: PTH118 (16,000 Paths a time are slow)
    return total / 1e6


def delete(folder: Path) -> None:
    """Delete an environment, its marker first, so that what an interrupt leaves is never taken for good."""
    (folder / MARKER).unlink(missing_ok=True)
    for _ in range(3):  # a process that was killed may still be ending a write
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.2)
    shutil.rmtree(folder)
