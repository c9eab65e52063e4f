"""Backends: what the user names, and the interpreter that this name stands for.

In goes a specification, `NAME[==VERSION][:DEVICE][@PYTHON]`; out comes a `Backend`, an interpreter that has been seen
to import the framework, or `Unavailable` with the reason and the way out. A name means the framework beside us where
it really imports, else a managed environment. Frameworks are known by the table of environments, and any other by an
interpreter of one's own, so a new framework changes nothing here.
"""

import difflib
import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from conformance import environments, interpreters
from conformance.errors import UsageError
from conformance.installing import Progress, Silent
from conformance.interpreters import Broken, CannotCreate

GRAMMAR = "NAME[==VERSION][:DEVICE][@PYTHON]"
REFERENCE = "numpy"  # the reference itself as a backend: it is always here, and never installed
OLDEST = (3, 10)  # what the worker needs

DEVICES = {"gpu": "cuda", "npu": "ascend"}

_PARTS = re.compile(
    r"(?P<framework>[a-z][a-z0-9_]*)"
    r"(?:==(?P<version>[^:@\s]+))?"
    r"(?::(?P<device>[A-Za-z][A-Za-z0-9_]*(?::[0-9]+)?))?"
    r"(?:@(?P<python>[^\0\r\n]+))?"
)


@dataclass(frozen=True, slots=True)
class Specification:
    """What the user asked for. `str()` gives the canonical text, which `parse` reads back to an equal value."""

    framework: str
    version: str | None = None
    device: str = "cpu"
    python: Path | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `NAME[==VERSION][:DEVICE][@PYTHON]`; any other text is a `UsageError`."""
        match = _PARTS.fullmatch(text)
        if match is None:
            raise _unreadable(text)
        version, python = match["version"], match["python"]
        try:
            canonical = None if version is None else str(Version(version))
        except InvalidVersion:
            raise _unreadable(text, f"{version!r} is not a version. ") from None
        return cls(
            match["framework"], canonical, _device(match["device"] or "cpu"), None if python is None else Path(python)
        )

    def __str__(self) -> str:
        version = f"=={self.version}" if self.version else ""
        return f"{self.framework}{version}:{self.device}{f'@{self.python}' if self.python else ''}"


def _device(text: str) -> str:
    """The device by the one name that claims and cases use, however a framework spells it."""
    kind, colon, number = text.lower().partition(":")
    return DEVICES.get(kind, kind) + colon + number


@dataclass(frozen=True, slots=True)
class Backend:
    """An interpreter that imports the framework, and the environment variables that it needs for it.

    `version` is what the framework calls itself, local part included (`2.13.0+cpu`); None where it does not say.
    """

    specification: Specification
    python: Path
    variables: Mapping[str, str] = field(default_factory=dict, hash=False)
    managed: bool = False
    version: str | None = None

    @property
    def name(self) -> str:
        """The canonical name with the version that was found: `torch==2.13.0:cpu`."""
        version = f"=={_public(self.version)}" if self.version else ""
        return f"{self.specification.framework}{version}:{self.specification.device}"


@dataclass(frozen=True, slots=True)
class Unavailable:
    """A backend that cannot run here: why, and what would make it run."""

    specification: Specification
    reason: str
    way_out: str


def known() -> list[str]:
    """The frameworks that can be named without an interpreter."""
    return sorted({*environments.table(), REFERENCE})


def resolve(specification: Specification, *, install: bool, progress: Progress | None = None) -> Backend | Unavailable:
    """Find the interpreter that a specification stands for; with `install`, make its environment where none is."""
    if specification.python is not None:
        return _adopt(specification, _interpreter(specification.python))
    framework = specification.framework
    if framework not in known():
        near = difflib.get_close_matches(framework, known(), n=1)
        raise UsageError(
            f"{framework!r}: no such framework; known are {', '.join(known())}."
            + (f" Did you mean {near[0]!r}?" if near else ""),
            f"A framework with an adapter of its own runs in an interpreter that you name: {framework}@/path/to/python",
        )
    here = _adopt(specification, Path(sys.executable))
    if isinstance(here, Backend) or framework == REFERENCE:
        return here
    entry = environments.entry(framework, specification.version)
    try:
        ready = environments.ensure(entry, install=install, progress=progress or Silent())
    except CannotCreate as error:
        return Unavailable(specification, error.reason, error.way_out)
    return Backend(specification, ready.python, ready.variables, managed=True, version=ready.version)


def _adopt(specification: Specification, python: Path) -> Backend | Unavailable:
    """An interpreter that exists already as a backend, if the framework that was asked for imports there."""
    framework, wanted = specification.framework, specification.version
    pin = f"{framework}=={wanted}" if wanted else framework
    way_out = f"Install it there (`{python} -m pip install {pin}`), or leave @PYTHON out: {pin}:{specification.device}"
    if framework == REFERENCE:
        way_out = f"Ask for {REFERENCE} without a version, or name an interpreter: {pin}@/path/to/python"
    seen = interpreters.look(python, framework)
    if isinstance(seen, Broken):
        return Unavailable(specification, f"{python}: {seen.reason}.", "Name a CPython interpreter that runs.")
    if seen.minor < OLDEST:
        reason = f"{python} is Python {seen.minor[0]}.{seen.minor[1]}; a worker needs 3.10 or newer."
        return Unavailable(specification, reason, f"Name a newer interpreter that holds {pin}.")
    if not seen.found:
        return Unavailable(specification, f"{python} holds no {framework}.", way_out)
    recorded = seen.installed.get(framework)
    if recorded is not None and not _is(recorded, wanted):  # known without an import of seconds
        return Unavailable(specification, f"{python} holds {framework} {recorded}, not {wanted}.", way_out)
    entry = environments.table().get(framework, {}).get(_public(recorded or wanted or ""))
    variables = interpreters.loader_variables(entry, seen.site) if entry else {}
    imported = interpreters.imports(python, framework, variables, limit=environments.IMPORT_LIMIT)
    if isinstance(imported, Broken):
        return Unavailable(specification, f"{python} cannot import {framework}: {imported.reason}", way_out)
    version = imported.version or recorded
    if version is None or _is(version, wanted):
        return Backend(specification, python, variables, managed=False, version=version)
    return Unavailable(specification, f"{python} holds {framework} {version}, not {wanted}.", way_out)


def _interpreter(named: Path) -> Path:
    """The interpreter that the user named: a path, or a command on PATH. Links stay: a venv's python is one."""
    path = named.expanduser()
    if len(path.parts) == 1 and not path.exists():
        path = Path(shutil.which(path) or path)
    if not path.is_file() or not os.access(path, os.X_OK):
        raise UsageError(
            f"@{named}: this is no program that can be run.",
            "Write the path of a Python interpreter, for example oneflow@/home/me/oneflow/bin/python",
        )
    return path.absolute()


def _is(version: str, wanted: str | None) -> bool:
    """Whether a version is the wanted one; `2.13.0` is content with `2.13.0+cpu`."""
    try:
        return wanted is None or SpecifierSet(f"=={wanted}").contains(version, prereleases=True)
    except InvalidVersion:
        return False


def _public(version: str) -> str:
    try:
        return Version(version).public
    except InvalidVersion:
        return version


def _unreadable(text: str, why: str = "") -> UsageError:
    return UsageError(
        f"{text!r} is not a backend. {why}A backend is {GRAMMAR}.",
        "For example torch, mindspore==2.9.0, torch:cuda or oneflow@/path/to/python",
    )
