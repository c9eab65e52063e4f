"""Which backend of one run stands for which of another, and what of both runs is another version.

The first lines of two run files go in; frozen pairs and changes come out. Backends stand for one another by name, and
those left over by framework and device, so that two versions of a framework can be held against each other.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from packaging.version import InvalidVersion, Version

from reports.record import BackendLine, Run


@dataclass(frozen=True)
class Pair:
    """A backend of the old run and the one of the new run that stands for it."""

    old: BackendLine
    new: BackendLine


@dataclass(frozen=True)
class Changed:
    """One thing that is another in the new run. `where` is the backend in the new run, or empty for the run as a whole.

    `old` or `new` is empty where that run does not have it.
    """

    where: str
    what: str
    old: str
    new: str


def pairs(old: Sequence[BackendLine], new: Sequence[BackendLine]) -> tuple[Pair, ...]:
    """The backends that stand for one another: those of the same name, then by framework and device.

    Where several of one framework and device are left over, the latest version stands for the latest.
    """
    named = {line.name: line for line in new}
    found = {line.name: line for line in old if line.name in named}
    rest = _by_kind(line for line in new if line.name not in found)
    taken = {name: Pair(line, named[name]) for name, line in found.items()}
    for kind, lines in _by_kind(line for line in old if line.name not in found).items():
        for ours, theirs in zip(lines, rest.get(kind, []), strict=False):
            taken[ours.name] = Pair(ours, theirs)
    return tuple(taken[line.name] for line in old if line.name in taken)


def _by_kind(lines: Iterator[BackendLine]) -> dict[tuple[str, str], list[BackendLine]]:
    found: defaultdict[tuple[str, str], list[BackendLine]] = defaultdict(list)
    for line in lines:
        found[line.framework, line.device].append(line)
    for held in found.values():
        held.sort(key=lambda line: (_version(line.version), line.name), reverse=True)
    return found


def _version(text: str) -> Version:
    try:
        return Version(text)
    except InvalidVersion:
        return Version("0")


def changed(old: Run, new: Run, matched: Sequence[Pair]) -> tuple[Changed, ...]:
    """What is another version: the suite, its documents and settings, the machine, and each backend."""
    found = list(_changes("", _of_run(old), _of_run(new)))
    for pair in matched:
        found += _changes(pair.new.name, _of_backend(pair.old), _of_backend(pair.new))
    return tuple(found)


def _of_run(run: Run) -> dict[str, str]:
    documents = {f"document {item.key}": f"{item.title} ({item.language}) {item.version}" for item in run.documents}
    return {
        "suite": run.suite,
        "commit of the suite": run.commit,
        "seed": str(run.seed),
        "strength": str(run.strength),
        **{f"machine: {name}": value for name, value in sorted(run.machine.items())},
        **dict(sorted(documents.items())),
    }


def _of_backend(line: BackendLine) -> dict[str, str]:
    return {
        "available": f"no: {line.unavailable}" if line.unavailable else "yes",
        "version": line.version,
        "device": line.device,
        "devices": ", ".join(line.devices),
        "Python": line.python,
        "CPU capability": line.capability,
        "threads": str(line.threads),
        "modes": ", ".join(line.modes),
        "element types": ", ".join(line.dtypes),
        **{f"missing mode {name}": why for name, why in sorted(line.missing_modes.items())},
        **{f"package {name}": version for name, version in sorted(line.packages.items())},
    }


def _changes(where: str, old: dict[str, str], new: dict[str, str]) -> Iterator[Changed]:
    for what in dict.fromkeys((*old, *new)):
        if old.get(what, "") != new.get(what, ""):
            yield Changed(where, what, old.get(what, ""), new.get(what, ""))
