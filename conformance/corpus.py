"""Pinned cases: what once failed, one file each, kept so that it is run again and again.

A file holds a case in its canonical form and what was found with it: data only, read with checks. The shipped ones lie
in `pinned/` of an operator's folder, those of a user's own in `conformance-fuzz/pinned/`.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from cases.case import Case, from_canonical
from cases.catalogue import apis, operators
from cases.values import BadValue
from conformance.errors import UsageError
from reports.record import UNEXPECTED

FOLDER = "pinned"
MOST = 10**7  # elements of the tensors of one case: more is a mistake in the file, or malice
WAY_OUT = "mend or delete that file; `conformance fuzz` writes such files"


@dataclass(frozen=True)
class Pinned:
    """A case, and what was found with it: on which backend, with which verdict, symptom and contradicted claims."""

    case: Case
    backend: str
    verdict: str
    symptom: str
    claims: tuple[str, ...] = ()
    date: str = field(default_factory=lambda: date.today().isoformat())

    @cached_property
    def name(self) -> str:
        """The name of its file."""
        return f"{self.framework}-{self.case.id}.json"

    @property
    def framework(self) -> str:
        """The framework that it was found on."""
        return self.backend.partition("=")[0].partition(":")[0]


def read(folder: Path) -> tuple[Pinned, ...]:
    """Every pinned case of a folder, none where there is no such folder; UsageError names a file that is none."""
    if not folder.is_dir():
        return ()
    return tuple(_one(path) for path in sorted(folder.glob("*.json")))


def of(path: Path) -> tuple[Pinned, ...]:
    """The pinned cases that a user names: one file, or those of a folder; UsageError where there is neither."""
    if path.is_dir():
        return read(path)
    if not path.is_file():
        raise UsageError(f"there is no file or folder {path}", "name a pinned case, or a folder of them")
    return (_one(path),)


def shipped() -> Iterator[Pinned]:
    """The pinned cases that come with the operators."""
    for name in operators():
        folder = files(f"cases.{name}") / FOLDER
        if isinstance(folder, Path):
            yield from read(folder)


def write(folder: Path, pinned: Pinned) -> Path:
    """Write a pinned case, unless its case is pinned already: then the first finding of it stays. The file."""
    path = folder / pinned.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_text(text(pinned), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}", "name another place with -o") from None
    return path


def text(pinned: Pinned) -> str:
    """The contents of its file."""
    found = {name: getattr(pinned, name) for name in _WORDS} | {"claims": list(pinned.claims)}
    return json.dumps({**found, "call": pinned.case.show(), "case": pinned.case.canonical}, indent=1) + "\n"


_WORDS = ("backend", "verdict", "symptom", "date")


def _one(path: Path) -> Pinned:
    try:
        data = msgspec.json.decode(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", WAY_OUT) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{path} is no pinned case: {error}", WAY_OUT) from None
    try:
        return _checked(data)
    except BadValue as error:
        raise UsageError(f"{path} is no pinned case: {error}", WAY_OUT) from None


def _checked(data: Any) -> Pinned:
    if not isinstance(data, dict) or not all(isinstance(data.get(name), str) for name in _WORDS):
        raise BadValue(f"it needs the texts {', '.join(_WORDS)}, and a case")
    claims = data.get("claims")
    if not isinstance(claims, list) or not all(isinstance(item, str) for item in claims):
        raise BadValue(f"its claims are no list of texts: {str(claims)[:100]}")
    if data["verdict"] not in UNEXPECTED:
        raise BadValue(f"its verdict {data['verdict'][:40]!r} is none of {', '.join(sorted(UNEXPECTED))}")
    try:
        date.fromisoformat(data["date"])
    except ValueError:
        raise BadValue(f"its date {data['date'][:40]!r} is none; write it as 2026-11-30") from None
    case = from_canonical(data.get("case"))
    if case.api not in apis():
        raise BadValue(f"no operator has an API {case.api[:80]!r}; `conformance claims` lists them")
    elements = sum(math.prod(tensor.shape) for tensor in case.tensors())
    if elements > MOST:
        raise BadValue(f"its tensors have {elements} elements; at most {MOST} are read")
    return Pinned(case, claims=tuple(claims), **{name: data[name] for name in _WORDS})
