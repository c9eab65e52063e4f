"""Interpreters: which of this machine's may hold a framework, and what one of them really holds.

In goes an entry of the table, which says what a framework needs, or the path of an interpreter; out come the
interpreters that fit (`find`), what one has installed (`look`), and whether the framework imports there (`imports`).
An interpreter is a foreign program: it may be old, broken or hanging, so it is asked in a process of its own, and a
bad answer is a value (`Broken`), not an exception.
"""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import findpython
from packaging.specifiers import SpecifierSet

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


def find(one: Entry) -> tuple[int, list[Path]]:
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


def imports(python: Path, module: str, variables: Mapping[str, str], *, limit: float) -> Imported | Broken:
    """Whether a framework can really be imported: a package that is found may still raise, or kill the interpreter."""
    answer = _ask(python, _IMPORT, module, limit=limit, variables=variables)
    return answer if isinstance(answer, Broken) else Imported(answer)


def loader_variables(one: Entry, site: Path) -> dict[str, str]:
    """The entry's variables for the site-packages at hand; folders that the user has set already stay behind ours."""
    found = {name: [str(site / folder) for folder in folders] for name, folders in one.variables.items()}
    return {name: os.pathsep.join(filter(None, [*paths, os.environ.get(name)])) for name, paths in found.items()}
