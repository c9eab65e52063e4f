"""Managed environments: one virtual environment per framework and version, made once, in the user's cache folder.

In goes an entry of the table `environments.toml`; out comes an interpreter that imports the framework (`Ready`), or
`CannotCreate` with the reason and the way out. No one environment can hold all frameworks (OneFlow wants
`protobuf<4`, MindSpore `protobuf>=7`), and nobody should have to build four by hand before the first case runs.

An environment is taken for good only with its marker, which is written last, in one step, and says what was
installed; at each use the interpreter is run, and versions and file sizes are held against the marker. Whatever is
short of that is deleted and made again. pip does the installing, since pip alone reads pip's own configuration.
"""

import contextlib
import fcntl
import functools
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal, Protocol

import findpython
import platformdirs
import tomllib
from packaging.specifiers import SpecifierSet
from packaging.version import Version
from rich.console import Console
from rich.text import Text

from conformance.errors import UsageError

TABLE = Path(__file__).with_name("environments.toml")
MARKER = "complete.json"
IMPORT_LIMIT = 180  # seconds; a cold import of 2.8 GB from a slow disk is slow, a hang is for ever

# Runs in foreign interpreters, old ones included. `files` digests the size of each file that an installation
# recorded: 0.1 s for the 16,000 files of torch. Compiled files come and go, so they do not count.
_LOOK = """
import csv, glob, hashlib, json, os, sys, sysconfig
answer = {"version": list(sys.version_info[:2]), "implementation": sys.implementation.name, "found": False,
          "site": sysconfig.get_path("platlib"), "installed": {}, "files": ""}
if sys.version_info >= (3, 8):
    import importlib.metadata, importlib.util
    answer["found"] = importlib.util.find_spec(sys.argv[1]) is not None
    for one in importlib.metadata.distributions():
        answer["installed"].setdefault(str(one.metadata["Name"]).lower().replace("_", "-"), one.version)
if sys.argv[2:]:
    sizes = set()
    for site in sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}):
        for record in glob.glob(os.path.join(glob.escape(site), "*.dist-info", "RECORD")):
            with open(record, encoding="utf-8", newline="") as lines:
                for name in (row[0] for row in csv.reader(lines) if row and not row[0].endswith(".pyc")):
                    path = os.path.join(site, name)
                    sizes.add((name, os.stat(path).st_size if os.path.exists(path) else -1))
    answer["files"] = hashlib.sha256(repr(sorted(sizes)).encode()).hexdigest()
print("\\nconformance:" + json.dumps(answer))
"""
_IMPORT = """
import importlib, json, sys
import numpy
module = importlib.import_module(sys.argv[1])
print("\\nconformance:" + json.dumps(str(getattr(module, "__version__", ""))))
"""


class CannotCreate(Exception):
    """There is no usable environment, and none could be made."""

    def __init__(self, reason: str, way_out: str) -> None:
        super().__init__(reason, way_out)
        self.reason = reason
        self.way_out = way_out


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


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the table: a framework at a version, and all that its environment holds."""

    framework: str
    version: str
    default: bool
    python: str
    requirements: tuple[str, ...]
    constraints: tuple[str, ...]
    variables: Mapping[str, tuple[str, ...]]
    download_mb: tuple[int, int]
    disk_mb: tuple[int, int]

    @property
    def digest(self) -> str:
        """Eight hex digits that change with the pins: an environment of other pins is another environment."""
        return hashlib.sha256("\n".join(sorted({*self.requirements, *self.constraints})).encode()).hexdigest()[:8]

    def minors(self) -> list[int]:
        """The minor versions of CPython 3 that may hold it: the driver's own first, then the newest first."""
        fit = [minor for minor in range(40, 0, -1) if f"3.{minor}" in SpecifierSet(self.python)]
        return sorted(fit, key=lambda minor: minor != sys.version_info.minor)

    def folder(self, minor: int) -> Path:
        """Where its environment on CPython 3.`minor` lies."""
        return _environments() / f"{self.framework}-{self.version}-cp3{minor}-{self.digest}"


@dataclass(frozen=True, slots=True)
class Ready:
    """A good environment: the interpreter, what the loader must know, and the version that is installed."""

    python: Path
    variables: Mapping[str, str]
    version: str


@dataclass(frozen=True, slots=True)
class Broken:
    """An environment that is not to be used, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Look:
    """What an interpreter says of itself, without importing the framework."""

    minor: tuple[int, int]
    implementation: str
    found: bool
    site: Path
    installed: Mapping[str, str]
    files: str


@dataclass(frozen=True, slots=True)
class Imported:
    """The framework can be imported there, and this is the version that it gives itself."""

    version: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One environment, or an entry of the table that has none yet (`absent`). `outdated`: made of other pins."""

    framework: str
    version: str
    default: bool
    state: Literal["installed", "broken", "outdated", "absent"]
    path: Path | None = None
    megabytes: float = 0.0


@dataclass(frozen=True, slots=True)
class Removed:
    """An environment that was deleted, and the space that this gave back."""

    path: Path
    megabytes: float


def table() -> dict[str, dict[str, Entry]]:
    """The table: framework → version → entry, in the order of the file."""
    raw = tomllib.loads(TABLE.read_text("utf-8"))
    return {
        framework: {version: _entry(framework, version, row, raw.get("closure", {})) for version, row in rows.items()}
        for framework, rows in raw["framework"].items()
    }


def _entry(framework: str, version: str, row: Mapping[str, Any], closures: Mapping[str, list[str]]) -> Entry:
    def pair(value: int | list[int]) -> tuple[int, int]:
        return (value, value) if isinstance(value, int) else (value[0], value[1])

    return Entry(
        framework=framework,
        version=version,
        default=row.get("default", False),
        python=row["python"],
        requirements=tuple(row["requirements"]),
        constraints=tuple(closures[row["closure"]]) if "closure" in row else (),
        variables={name: tuple(folders) for name, folders in row.get("variables", {}).items()},
        download_mb=pair(row["download_mb"]),
        disk_mb=pair(row["disk_mb"]),
    )


def entry(framework: str, version: str | None) -> Entry:
    """The table's entry of a framework at a version; without one, its default. Else a `UsageError`."""
    versions = table()[framework]
    if version is None:
        return next(one for one in versions.values() if one.default)
    for known, one in versions.items():
        if Version(known) == Version(version):
            return one
    raise UsageError(
        f"{framework}=={version}: no managed environment is known for this version, but for {', '.join(versions)}.",
        f"Ask for one of those, or use your own interpreter: {framework}=={version}@/path/to/python",
    )


def cache_folder() -> Path:
    """Where environments are kept: `CONFORMANCE_CACHE`, else the user's cache folder."""
    return Path(os.environ.get("CONFORMANCE_CACHE") or platformdirs.user_cache_dir("conformance")).absolute()


def _environments() -> Path:
    return cache_folder() / "environments"


def _ask(python: Path, code: str, *arguments: str, limit: float, variables: Mapping[str, str] | None = None) -> Any:
    """Run `code` in an interpreter, isolated from our path; its answer, or `Broken` where it gives none."""
    try:
        # OneFlow writes a folder `log` into the current one when it is imported: let that not be the user's.
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as elsewhere:
            done = subprocess.run(
                [python, "-I", "-c", code, *arguments],
                capture_output=True,
                stdin=subprocess.DEVNULL,
                timeout=limit,
                env={**os.environ, **(variables or {})},
                cwd=elsewhere,
                check=False,
            )
    except subprocess.TimeoutExpired:
        return Broken(f"no answer within {limit:.0f} seconds")
    except OSError as error:
        return Broken(f"the interpreter does not run: {error}")
    for line in reversed(done.stdout.decode("utf-8", "replace").splitlines()):
        if line.startswith("conformance:"):
            return json.loads(line.removeprefix("conformance:"))
    said = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    how = signal.Signals(-done.returncode).name if done.returncode < 0 else f"exit code {done.returncode}"
    return Broken(re.sub(r"\x1b\[[0-9;]*m", "", said[-1]).strip() if said else how)


def look(python: Path, module: str, *, files: bool = False) -> Look | Broken:
    """What an interpreter is and has installed. With `files`, a digest of the sizes of all installed files too."""
    answer = _ask(python, _LOOK, module, *(["files"] if files else []), limit=60)
    if isinstance(answer, Broken):
        return answer
    return Look(
        (answer["version"][0], answer["version"][1]),
        answer["implementation"],
        answer["found"],
        Path(answer["site"]),
        answer["installed"],
        answer["files"],
    )


def imports(python: Path, module: str, variables: Mapping[str, str]) -> Imported | Broken:
    """Whether a framework can really be imported: a package that is found may still raise, or kill the interpreter."""
    answer = _ask(python, _IMPORT, module, limit=IMPORT_LIMIT, variables=variables)
    return answer if isinstance(answer, Broken) else Imported(answer)


def loader_variables(one: Entry, site: Path) -> dict[str, str]:
    """The entry's variables for the site-packages at hand; folders that the user has set already stay behind ours."""
    found = {name: [str(site / folder) for folder in folders] for name, folders in one.variables.items()}
    return {name: os.pathsep.join(filter(None, [*paths, os.environ.get(name)])) for name, paths in found.items()}


def check(one: Entry, folder: Path) -> Ready | Broken:
    """Whether an environment is whole. No framework is imported: that would cost seconds at each start."""
    python = folder / "bin" / "python"
    try:
        marker = json.loads((folder / MARKER).read_text("utf-8"))
        digest, version = marker["digest"], str(marker["version"])
        installed, files = marker["installed"], marker["files"]
    except OSError:
        return Broken("its installation was never completed")
    except (ValueError, KeyError, TypeError):
        return Broken("its marker cannot be read")
    if digest != one.digest:
        return Broken("it was made from other requirements")
    seen = look(python, one.framework, files=True)
    if isinstance(seen, Broken):
        return seen
    if seen.installed != installed:
        changed = sorted(dict(set(seen.installed.items()) ^ set(installed.items())))
        return Broken(f"other versions are installed than at the beginning: {', '.join(changed)}")
    if not seen.found or seen.files != files:
        return Broken("installed files are missing or have changed")
    return Ready(python, loader_variables(one, seen.site), version)


def ensure(one: Entry, *, install: bool, progress: Progress) -> Ready:
    """A good environment for the entry: the one that exists, else (with `install`) a new one. Else `CannotCreate`."""
    why = "does not exist yet"
    for minor in one.minors():
        folder = one.folder(minor)
        if folder.exists():
            state = check(one, folder)
            if isinstance(state, Ready):
                return state
            why = f"is broken ({state.reason})"
    name = f"{one.framework}=={one.version}"
    if not install:
        raise CannotCreate(
            f"The managed environment of {name} {why}, and --no-install forbids making it.",
            f"Leave --no-install out, or name an interpreter that holds it: {one.framework}@/path/to/python",
        )
    minor, pythons = _interpreters(one)
    folder = one.folder(minor)
    try:
        with _locked(folder, progress) as lock:
            # Another process may have made it while we waited.
            state = check(one, folder)
            return state if isinstance(state, Ready) else _create(one, folder, pythons, progress, lock)
    except OSError as error:
        raise CannotCreate(
            f"{folder} cannot be written: {error}.", "Set CONFORMANCE_CACHE to a folder with space for it."
        ) from error


def _interpreters(one: Entry) -> tuple[int, list[Path]]:
    """The best minor version that is on this machine, and its interpreters: the driver's own first, shims last."""
    for minor in one.minors():
        own = [Path(sys.executable)] if minor == sys.version_info.minor else []
        others = [
            found.executable
            for found in findpython.find_all(3, minor, allow_prereleases=False)
            if found.implementation == "cpython" and not found.freethreaded
        ]
        others.sort(key=lambda path: "shims" in path.parts)
        different: dict[Path, Path] = {}
        for path in own + others:
            different.setdefault(path.resolve(), path)
        if different:
            return minor, list(different.values())
    wanted = f"3.{one.minors()[0]}"
    raise CannotCreate(
        f"{one.framework} {one.version} needs CPython {one.python}, and none was found.",
        f"Install CPython {wanted}, for example with `pyenv install {wanted}` or `uv python install {wanted}`, "
        f"or name an interpreter that holds the framework: {one.framework}@/path/to/python",
    )


@contextlib.contextmanager
def _locked(folder: Path, progress: Progress) -> Iterator[BinaryIO]:
    """Hold the folder's lock: an empty file outside of the folder, which comes and goes.

    What we start has it as stdin, and hands it on to what it starts itself. So when we are killed the lock is held
    until the last of them has ended, and nobody deletes a folder into which ensurepip or pip still writes (it
    happened). A lock that only we hold, such as filelock's, cannot do that.
    """
    locks = cache_folder() / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    with (locks / f"{folder.name}.lock").open("ab+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress.begin(f"Another process is at work on {folder.name}: waiting for it.")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX)
            finally:
                progress.end(f"The wait for {folder.name} is over.")
        yield lock


def _create(one: Entry, folder: Path, pythons: list[Path], progress: Progress, lock: BinaryIO) -> Ready:
    name = f"{one.framework} {one.version}"
    started = time.monotonic()
    progress.begin(
        f"Installing {name} into {folder} ({_range(one.download_mb)} to download, {_range(one.disk_mb)} on disk)"
    )
    ended = f"{name} was not installed."
    try:
        tell = lambda text: progress.step(text, time.monotonic() - started, _megabytes(folder))  # noqa: E731
        _build(one, folder, pythons, tell, lock)
        state = check(one, folder)
        if isinstance(state, Broken):
            raise CannotCreate(f"{name} was installed, but {state.reason}.", f"Remove {folder} and try again.")
        ended = f"Installed {name}: {_megabytes(folder):.0f} MB in {time.monotonic() - started:.0f} s."
        return state
    except BaseException:  # an interrupt too leaves nothing behind
        _delete(folder)
        raise
    finally:
        progress.end(ended)


def _build(one: Entry, folder: Path, pythons: list[Path], tell: Callable[[str], None], lock: BinaryIO) -> None:
    """Make the environment, step by step, the marker last."""
    log = folder / "install.log"
    run = functools.partial(_run, log=log, tell=tell, lock=lock, name=f"{one.framework} {one.version}")
    for left, base in enumerate(pythons, 1 - len(pythons)):
        _delete(folder)
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
    imported = imports(python, one.framework, variables)
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


def _range(megabytes: tuple[int, int]) -> str:
    low, high = megabytes
    return f"about {low} MB" if low == high else f"{low} to {high} MB"


def _megabytes(folder: Path) -> float:
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):  # pip deletes while we count
                total += os.lstat(os.path.join(root, name)).st_size  # noqa: PTH118 (16,000 Paths a time are slow)
    return total / 1e6


def _delete(folder: Path) -> None:
    """Delete an environment, its marker first, so that what an interrupt leaves is never taken for good."""
    (folder / MARKER).unlink(missing_ok=True)
    for _ in range(3):  # a process that was killed may still be ending a write
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.2)
    shutil.rmtree(folder)


def _existing(framework: str) -> Iterator[tuple[str, Path]]:
    """The environments of a framework on disk, those of other pins too: version, folder."""
    pattern = re.compile(rf"{re.escape(framework)}-(.+)-cp3\d+-[0-9a-f]{{8}}")
    for folder in sorted(_environments().glob(f"{framework}-*")):
        if match := pattern.fullmatch(folder.name):
            yield match[1], folder


def listing() -> list[Listed]:
    """All entries of the table and all environments of its frameworks, each with its state."""
    listed: list[Listed] = []
    for framework, versions in table().items():
        existing = list(_existing(framework))
        for version, one in versions.items():
            if not any(found == version for found, _ in existing):
                listed.append(Listed(framework, version, one.default, "absent"))
        for version, folder in existing:
            known = versions.get(version)
            state: Literal["installed", "broken", "outdated"] = "outdated"
            if known is not None and folder.name.endswith(known.digest):
                state = "installed" if isinstance(check(known, folder), Ready) else "broken"
            default = known is not None and known.default
            listed.append(Listed(framework, version, default, state, folder, _megabytes(folder)))
    return listed


def remove(text: str) -> list[Removed]:
    """Delete the environments of `NAME`, or of `NAME==VERSION` alone. What does not exist is not an error."""
    framework, _, version = text.partition("==")
    if framework not in table() or (not version and text != framework):
        raise UsageError(
            f"{text!r}: no managed environments are known by this name.",
            f"Write NAME or NAME==VERSION, with one of {', '.join(table())}.",
        )
    existing = [folder for found, folder in _existing(framework) if version in ("", found)]
    if version and not existing:
        entry(framework, version)  # a version that neither the table nor the disk knows is a mistake
    removed: list[Removed] = []
    for folder in existing:
        with _locked(folder, Silent()):
            removed.append(Removed(folder, _megabytes(folder)))
            _delete(folder)
    return removed
