"""The results of a pytest session from a stored run, judged again with today's claims and without any framework."""

from collections.abc import Collection, Sequence
from pathlib import Path

from cases.catalogue import apis
from conformance.backends import Specification
from conformance.errors import UsageError
from conformance.pytest_sources import SEED, STRENGTH, Asked, Obtained, selected
from conformance.rejudge import Changed, Rejudged, rejudge
from reports.reading import RunFile, load
from reports.record import BackendLine
from reports.text import counted, fit, number, one_line

LISTED = 20  # changed verdicts that are told one by one
PARTIAL = ("max-cases", "--only", "--budget", "--fail-fast")  # options of a run that leave cases out


class Stored:
    """The backends of a run file, or those of them that are asked for. BadRunFile where the file is none."""

    def __init__(self, path: Path, asked: Asked) -> None:
        self._loaded = load(path)
        lines = _chosen(self._loaded.run.backends, asked.backends)
        self.lines = tuple(line for line in lines if not line.unavailable)
        self.absent = {line.name: line.unavailable for line in lines if line.unavailable}
        self.apis = selected(asked.apis, self.lines, {record.api for record in self._loaded.records})

    def obtain(self, names: Collection[str], backends: Collection[str]) -> Obtained:
        """Judge the records of these APIs on these backends again, and those of calls that they are compared with."""
        done = rejudge(
            self._loaded,
            lambda record: record.backend in backends and (record.api in names or record.api not in apis()),
        )
        return Obtained(done.loaded, _is_complete(self._loaded), tuple(_said(done)))


def _is_complete(loaded: RunFile) -> bool:
    """Whether the run is of the cases from which the ledger is made, all of them."""
    if loaded.end is None or loaded.end.interrupted or (loaded.run.seed, loaded.run.strength) != (SEED, STRENGTH):
        return False
    return not any(word in part for part in loaded.run.command for word in PARTIAL)


def _said(done: Rejudged) -> list[str]:
    """What was judged again, what could not be and why, and what is another verdict today."""
    kept = sum(done.left.values())
    said = [f"{counted(done.judged, 'record')} of {done.loaded.path} judged again, {number(kept)} could not be"]
    said += [f"  {number(count)} keep their verdict: {one_line(fit(why, 300))}" for why, count in done.left.items()]
    if done.taken_over:
        checks = counted(done.taken_over, "check is", "checks are")
        said.append(f"  {checks} taken over in what was judged again: of these the records do not hold enough")
    said.append(f"{counted(len(done.changed), 'verdict')} changed since")
    said += map(_changed, done.changed[:LISTED])
    if len(done.changed) > LISTED:
        said.append(f"  and {number(len(done.changed) - LISTED)} more")
    return said


def _changed(item: Changed) -> str:
    record = item.record
    return f"  case {record.case} on {record.backend} ({record.mode}): {item.before}, now {record.verdict}"


def _chosen(lines: Sequence[BackendLine], names: tuple[str, ...]) -> Sequence[BackendLine]:
    """The backends of a stored run that are named, or all."""
    wishes = {name: Specification.parse(name) for name in names}
    for name, wanted in wishes.items():
        if not any(_is(line, wanted) for line in lines):
            there = ", ".join(line.name for line in lines)
            raise UsageError(f"{name} is no backend of this run", f"its backends are {there}")
    return [line for line in lines if not wishes or any(_is(line, wanted) for wanted in wishes.values())]


def _is(line: BackendLine, wanted: Specification) -> bool:
    named = line.framework == wanted.framework and line.device.startswith(wanted.device)
    return named and wanted.version in (None, line.version.partition("+")[0])


__all__ = ["Stored"]
