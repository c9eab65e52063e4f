"""A run → its columns of a trend: where each claim stands on a backend, and by which cases, and nothing else.

A run file of a hundred megabytes becomes a few, so that many runs can be held against one another.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from packaging.version import InvalidVersion, Version

from reports import tables
from reports.reading import RunFile
from reports.record import ClaimLine
from reports.states import State, standings


@dataclass(frozen=True)
class Source:
    """A run file of a trend. `number` counts from 1; `unavailable` are the backends on which nothing could be run."""

    number: int
    path: str
    suite: str
    commit: str
    seed: int
    strength: int
    started: str
    records: int
    whole: bool
    unavailable: tuple[str, ...]


@dataclass(frozen=True)
class Held:
    """A claim on one backend of one run: the cases by which it was held against it, and those that contradicted it.

    A case is named by its id; a comparison by both of its ids. `case` and `call` are the smallest that contradicts.
    """

    claim: ClaimLine
    state: State
    holding: frozenset[str]
    failing: frozenset[str]
    case: str = ""
    call: str = ""


@dataclass(frozen=True)
class Column:
    """A backend of a run, with all of its claims by id."""

    source: Source
    backend: str
    framework: str
    version: str
    device: str
    claims: Mapping[str, Held]

    @property
    def date(self) -> str:
        """The day on which the run was started, as the run file has it."""
        return self.source.started[:10]

    @cached_property
    def order(self) -> tuple[str, Version, str, str, str, int]:
        """By framework, version, device, then by the time of the run."""
        return self.framework, version(self.version), self.version, self.device, self.source.started, self.source.number


_Key: TypeAlias = tuple[str, str]


def version(text: str) -> Version:
    """A version in the order of PEP 440; what is none comes before all others."""
    try:
        return Version(text)
    except InvalidVersion:
        return Version("0.dev0")


def columns(runfile: RunFile, number: int) -> tuple[Source, tuple[Column, ...]]:
    """A run, the so-manieth of a trend: what it is, and a column for each backend that could be used."""
    run, end = runfile.run, runfile.end
    source = Source(
        number,
        str(runfile.path),
        run.suite,
        run.commit,
        run.seed,
        run.strength,
        run.started,
        len(runfile.records),
        end is not None and not end.interrupted,
        tuple(line.name for line in run.backends if line.unavailable),
    )
    holding, failing = _cases(runfile)
    found: defaultdict[str, dict[str, Held]] = defaultdict(dict)
    for item in standings(runfile, tables.sizes(runfile)):
        key = (item.claim.id, item.backend)
        smallest = (item.smallest.case, item.smallest.call) if item.smallest else ()
        cases = frozenset(holding.get(key, ())), frozenset(failing.get(key, ()))
        found[item.backend][item.claim.id] = Held(item.claim, item.state, *cases, *smallest)
    return source, tuple(
        Column(source, line.name, line.framework, line.version, line.device, found[line.name])
        for line in run.backends
        if not line.unavailable
    )


def _cases(runfile: RunFile) -> tuple[Mapping[_Key, set[str]], Mapping[_Key, set[str]]]:
    """By claim and backend, the cases by which it held and those that contradicted it."""
    holding: defaultdict[_Key, set[str]] = defaultdict(set)
    failing: defaultdict[_Key, set[str]] = defaultdict(set)
    for record in runfile.records:
        for check in record.checks:
            (holding if check.holds else failing)[check.claim, record.backend].add(record.case)
    for line in runfile.comparisons:
        if line.claim and (line.agrees or line.contradicts):
            cases = holding if line.agrees else failing
            cases[line.claim, line.left_backend].add(f"{line.left} {line.right}")
    return holding, failing
