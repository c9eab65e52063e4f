"""The ledger of known differences: what a run may find without failing, and why.

An entry stands in `<framework>.toml`, shipped in `cases/known/` or in a folder of the user's. It names APIs (patterns),
the verdict, the claims that are contradicted (without their API), the symptoms, and the rule over the arguments that
tells when it happens; versions (PEP 440), device and CPU capability limit it to where it was seen. An entry covers a
failing case if all of this fits.
"""

import fnmatch
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import tomllib
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from cases.features import Feature
from cases.rules import BadRule, Rule, parse

SHIPPED = Path(__file__).resolve().parent / "known"
TABLE = "known"
ANY = ("*",)  # whatever claims are contradicted
VERDICTS = ("differs", "rejects-valid", "accepts-invalid", "wrong-error", "crashed", "timed-out", "unstable", "")


class BadLedger(ValueError):
    """A ledger that cannot be read; names the file, the entry and what is wrong with it."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """One known difference. `verdict` is empty for calls that are only held against one another."""

    name: str
    apis: tuple[str, ...]
    verdict: str
    claims: tuple[str, ...]
    rule: str
    reason: str
    date: date
    symptoms: tuple[str, ...] = ()
    versions: str = ""
    device: str = ""
    capability: str = ""
    link: str = ""

    @cached_property
    def parsed(self) -> Rule:
        """The rule."""
        return parse(self.rule)

    @cached_property
    def allowed(self) -> SpecifierSet:
        """The versions of the framework that it speaks of."""
        return SpecifierSet(self.versions, prereleases=True)

    def speaks_of(self, version: str, device: str, capability: str) -> bool:
        """Whether it is about a backend of its framework."""
        return (
            (not self.versions or self._allows(version))
            and self.device in ("", device, device.partition(":")[0])
            and self.capability in ("", capability)
        )

    def _allows(self, version: str) -> bool:
        try:
            return Version(version) in self.allowed
        except InvalidVersion:
            return False

    def names(self, api: str) -> bool:
        """Whether it is about this API."""
        return any(fnmatch.fnmatchcase(api, pattern) for pattern in self.apis)

    def covers(
        self, api: str, verdict: str, claims: Collection[str], symptom: str, found: Mapping[str, Feature]
    ) -> bool:
        """Whether it speaks of a failing case with these contradicted claims (without their API) and features."""
        return (
            self.verdict == verdict
            and self.names(api)
            and (self.claims == ANY or (not set(self.claims).isdisjoint(claims) if self.claims else not claims))
            and (not self.symptoms or symptom in self.symptoms)
            and self.parsed.holds(found)
        )


@dataclass(frozen=True)
class Ledger:
    """Entries by framework. Those of a user come before the shipped ones."""

    entries: Mapping[str, tuple[Entry, ...]]

    def of(self, framework: str, version: str, device: str, capability: str) -> tuple[Entry, ...]:
        """The entries that speak of a backend."""
        return tuple(e for e in self.entries.get(framework, ()) if e.speaks_of(version, device, capability))


def ledger(*folders: Path) -> Ledger:
    """The entries of every `<framework>.toml` in these folders, then the shipped ones; BadLedger if one is none."""
    found: dict[str, tuple[Entry, ...]] = {}
    for folder in dict.fromkeys(item.resolve() for item in (*folders, SHIPPED)):
        for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
            found[path.stem] = found.get(path.stem, ()) + read(path)
    for framework, entries in found.items():
        if twice := _twice(entry.name for entry in entries):
            raise BadLedger(f"two known differences of {framework} are named {twice!r}; give one another name")
    return Ledger(found)


def read(path: Path) -> tuple[Entry, ...]:
    """The entries of one file."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadLedger(f"{path} cannot be read: {error}") from None
    if set(data) - {TABLE} or not isinstance(data.get(TABLE, []), list):
        raise BadLedger(f"{path}: only tables [[{TABLE}]] may stand here, not {', '.join(sorted(set(data)))}")
    return tuple(_entry(path, number, item) for number, item in enumerate(data.get(TABLE, []), 1))


def _entry(path: Path, number: int, item: Any) -> Entry:
    name = item.get("name") if isinstance(item, dict) else None
    where = f"{path}, entry {number} ({name or 'without a name'})"
    try:
        entry = msgspec.convert(item, Entry)
    except msgspec.ValidationError as error:
        raise BadLedger(f"{where}: {error}") from None
    for key, wrong in _wrong(entry):
        raise BadLedger(f"{where}: {key}: {wrong}")
    return entry


def _wrong(entry: Entry) -> Iterator[tuple[str, str]]:
    """The keys with values that no entry can have, and why."""
    try:
        _ = entry.parsed
    except BadRule as error:
        yield "rule", str(error)
    try:
        _ = entry.allowed
    except InvalidSpecifier as error:
        yield "versions", f"{error}; write them as PEP 440 does, such as '>=2.9,<2.11'"
    if entry.verdict not in VERDICTS:
        yield "verdict", f"{entry.verdict!r} is none that can be known; one of {', '.join(VERDICTS[:-1])}"
    for key in ("name", "reason", "apis"):
        value = getattr(entry, key)
        if not (value.strip() if isinstance(value, str) else value):
            yield key, "an entry needs one"


def text(entry: Entry) -> str:
    """The entry as it stands in a file."""
    lines = [f"[[{TABLE}]]"]
    for name in Entry.__struct_fields__:
        value = getattr(entry, name)
        if value not in ("", ()) or name in ("verdict", "claims", "rule"):
            lines.append(f"{name} = {_toml(value)}")
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadLedger(f"{value!r} is no text that a file can hold") from None
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _twice(names: Iterable[str]) -> str:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return ""


def add(path: Path, entry: Entry) -> None:
    """Write an entry behind those of a file, which is made if it is not there; BadLedger if the name is taken, and for
    an entry that could not be read back."""
    for key, wrong in _wrong(entry):
        raise BadLedger(f"{path}, {entry.name}: {key}: {wrong}")
    there = read(path) if path.exists() else ()
    if any(item.name == entry.name for item in there):
        raise BadLedger(f"{path} has an entry {entry.name!r} already; give another --name")
    before, after = path.read_text(encoding="utf-8") if path.exists() else "", text(entry)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(filter(None, [before, after])), encoding="utf-8")
    except OSError as error:
        raise BadLedger(f"{path} cannot be written: {error.strerror}") from None
