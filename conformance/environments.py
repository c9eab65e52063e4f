"""Managed environments: one virtual environment per framework and version, made once, in the user's cache folder.

In goes an entry of the table `environments.toml`; out comes an interpreter that imports the framework (`Ready`), or
`CannotCreate` with the reason and the way out. No one environment can hold all frameworks (OneFlow wants
`protobuf<4`, MindSpore `protobuf>=7`), and nobody should have to build four by hand before the first case runs.

An environment is taken for good only with its marker, which says what was installed; at each use the interpreter is
run, and versions and file sizes are held against the marker. Whatever is short of that is deleted and made again.
"""

import json
import os
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal

import platformdirs
import tomllib
from packaging.version import Version

from conformance import installing, interpreters
from conformance.errors import UsageError
from conformance.installing import MARKER, Progress, Silent, megabytes
from conformance.interpreters import Broken, CannotCreate, Entry

TABLE = Path(__file__).with_name("environments.toml")
IMPORT_LIMIT = 180  # seconds; a cold import of 2.8 GB from a slow disk is slow, a hang is for ever


@dataclass(frozen=True, slots=True)
class Ready:
    """A good environment: the interpreter, what the loader must know, and the version that is installed."""

    python: Path
    variables: Mapping[str, str]
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


def folder_of(one: Entry, minor: int) -> Path:
    """Where the environment of an entry on CPython 3.`minor` lies."""
    return _environments() / f"{one.framework}-{one.version}-cp3{minor}-{one.digest}"


def lock_of(folder: Path) -> Path:
    """The file that is locked while the environment in a folder is made or deleted."""
    return cache_folder() / "locks" / f"{folder.name}.lock"


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
    seen = interpreters.look(python, one.framework, files=True)
    if isinstance(seen, Broken):
        return seen
    if seen.installed != installed:
        changed = sorted(dict(set(seen.installed.items()) ^ set(installed.items())))
        return Broken(f"other versions are installed than at the beginning: {', '.join(changed)}")
    if not seen.found or seen.files != files:
        return Broken("installed files are missing or have changed")
    return Ready(python, interpreters.loader_variables(one, seen.site), version)


def ensure(one: Entry, *, install: bool, progress: Progress) -> Ready:
    """A good environment for the entry: the one that exists, else (with `install`) a new one. Else `CannotCreate`."""
    why = "does not exist yet"
    for minor in one.minors():
        folder = folder_of(one, minor)
        if folder.exists():
            state = check(one, folder)
            if isinstance(state, Ready):
                return state
            why = f"is broken ({state.reason})"
    name = f"{one.framework}=={one.version}"
    minor, pythons = interpreters.find(one)  # first: where there is none, that is what must be said
    if not install:
        raise CannotCreate(
            f"The managed environment of {name} {why}.",
            f"`conformance run -b {name}` makes it, without --no-install; or name an interpreter that holds it: "
            f"{one.framework}@/path/to/python",
        )
    folder = folder_of(one, minor)
    try:
        with installing.locked(lock_of(folder), progress) as lock:
            # Another process may have made it while we waited.
            state = check(one, folder)
            return state if isinstance(state, Ready) else _create(one, folder, pythons, progress, lock)
    except OSError as error:
        raise CannotCreate(
            f"{folder} cannot be written: {error}.", "Set CONFORMANCE_CACHE to a folder with space for it."
        ) from error


def _create(one: Entry, folder: Path, pythons: list[Path], progress: Progress, lock: BinaryIO) -> Ready:
    """Make an environment and tell of it; whatever goes wrong, nothing is left behind."""
    name = f"{one.framework} {one.version}"
    started = time.monotonic()
    progress.begin(
        f"Installing {name} into {folder} ({_range(one.download_mb)} to download, {_range(one.disk_mb)} on disk)"
    )
    ended = f"{name} was not installed."
    try:
        tell = lambda text: progress.step(text, time.monotonic() - started, megabytes(folder))  # noqa: E731
        installing.build(one, folder, pythons, tell, lock, limit=IMPORT_LIMIT)
        state = check(one, folder)
        if isinstance(state, Broken):
            raise CannotCreate(f"{name} was installed, but {state.reason}.", f"Remove {folder} and try again.")
        ended = f"Installed {name}: {megabytes(folder):.0f} MB in {time.monotonic() - started:.0f} s."
        return state
    except BaseException:  # an interrupt too leaves nothing behind
        installing.delete(folder)
        raise
    finally:
        progress.end(ended)


def _range(megabytes: tuple[int, int]) -> str:
    low, high = megabytes
    return f"about {low} MB" if low == high else f"{low} to {high} MB"


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
            listed.append(Listed(framework, version, default, state, folder, megabytes(folder)))
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
        with installing.locked(lock_of(folder), Silent()):
            removed.append(Removed(folder, megabytes(folder)))
            installing.delete(folder)
    return removed
