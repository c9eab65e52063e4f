"""The results of a pytest session from a run of its own: one campaign for all tests that shall run."""

import os
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from conformance import campaign, environments
from conformance.backends import Backend, Specification, Unavailable, resolve
from conformance.errors import UsageError
from conformance.installing import Display
from conformance.options import Options
from conformance.pool import WorkerFailed
from conformance.probe import Probe
from conformance.progress import Watch
from conformance.pytest_sources import SEED, STRENGTH, Asked, Obtained, Unusable, selected
from conformance.runfile import output_file
from reports.reading import load
from reports.record import BackendLine
from reports.text import counted, fit, one_line


class Live:
    """Backends that can be run here, with their modes. What is named must be there, else it is a UsageError.

    Without names, all frameworks that environments are known for are meant; those that are missing are `absent`.
    """

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        if asked.output is not None:
            _check_writable(output_file(asked.output))
        named = map(Specification.parse, asked.backends or environments.table())
        specifications = list(dict.fromkeys(named))
        resolved = [resolve(item, install=asked.install, progress=Display()) for item in specifications]
        with ThreadPoolExecutor(max(1, asked.jobs)) as pool:
            answers = list(zip(specifications, resolved, pool.map(_started, resolved), strict=True))
        self.absent = {str(name): answer for name, _, answer in answers if isinstance(answer, str)}
        lines = {found.name: found for _, _, found in answers if isinstance(found, BackendLine)}
        missing = "\n".join(f"{name} is unavailable: {why}" for name, why in self.absent.items())
        if missing and (asked.backends or not lines):
            raise UsageError(missing)
        self._backends = {found.name: item for _, item, found in answers if isinstance(found, BackendLine)}
        self.lines = tuple(lines.values())
        self.apis = selected(asked.apis, self.lines)

    def obtain(self, names: Collection[str], backends: Collection[str]) -> Obtained:
        """Run the cases of these APIs on these backends; Unusable if nothing of what came can be believed."""
        asked = self._asked
        options = Options(
            tuple(api for api in self.apis if api.name in names),
            asked.output if asked.output is not None else asked.fresh(),
            asked.seed,
            asked.strength,
            asked.max_cases,
            jobs=asked.jobs,
            command=asked.command,
        )
        wanted = [campaign.Asked(self._backends[line.name], named=True) for line in self.lines if line.name in backends]
        files: list[Path] = []
        with Watch() as watch:
            progress = _Unheard() if asked.quiet else watch
            code = campaign.run(options, wanted, progress, written=files.append, known=asked.ledger)
        if code == campaign.INTERRUPTED:
            raise KeyboardInterrupt
        if not files:
            raise Unusable(f"nothing ran: {', '.join(backends)} did not start again, or have no case", code)
        loaded = load(files[0])
        if code == campaign.INTERNAL:
            canary = loaded.end.canary if loaded.end else "not known"
            raise Unusable(f"the judge does not find the faults that are planted for it: {canary}", code)
        seconds = loaded.end.seconds if loaded.end else 0.0
        said = f"{counted(len(loaded.records), 'execution')} in {seconds:.0f} s; run file: {loaded.path}"
        complete = (asked.seed, asked.strength, asked.max_cases) == (SEED, STRENGTH, None)
        return Obtained(loaded, complete, (said,))


class _Unheard:
    """Progress that nobody looks at."""

    def say(self, text: str) -> None:
        """Say nothing."""

    def begin(self, backend: str, total: int) -> None:
        """Say nothing."""

    def advance(self, backend: str, unexpected: bool) -> None:
        """Say nothing."""

    def finish(self, backend: str) -> None:
        """Say nothing."""


def _started(backend: Backend | Unavailable) -> BackendLine | str:
    """What a backend says of itself when a worker of it starts, or why there is none."""
    if isinstance(backend, Unavailable):
        return f"{backend.reason} {backend.way_out}"
    try:
        with Probe(backend) as probe:
            return probe.line
    except WorkerFailed as failure:
        said = one_line(fit(failure.stderr[-300:]))
        return f"its worker does not start: {failure.reason} {said}".strip()


def _check_writable(path: Path) -> None:
    """UsageError before anything runs, where a run file could not be written afterwards."""
    there = next(folder for folder in path.absolute().parents if folder.exists())
    if path.is_dir() or not there.is_dir() or not os.access(there, os.W_OK):
        raise UsageError(f"{path} cannot be written", "name another --conformance-output")


__all__ = ["Live"]
