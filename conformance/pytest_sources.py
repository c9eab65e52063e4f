"""Where the results of a pytest session come from, as the session sees it: what was asked, and what was obtained.

`pytest_live.py` is a run of the session's own, `pytest_stored.py` a stored run that is judged again.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cases.catalogue import apis, select
from cases.documentation import Api
from cases.known import Ledger
from conformance.errors import UsageError
from reports.reading import RunFile
from reports.record import BackendLine
from reports.tables import runs

SEED, STRENGTH = 0, 2  # of the runs from which the ledger is made


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What was asked for. `fresh` makes the folder of a run where no `output` is named."""

    backends: tuple[str, ...]
    apis: tuple[str, ...]
    seed: int
    strength: int
    max_cases: int | None
    jobs: int
    output: Path | None
    install: bool
    ledger: Ledger
    command: tuple[str, ...]
    quiet: bool
    fresh: Callable[[], Path]


@dataclass(frozen=True)
class Obtained:
    """A run. `complete`: its cases are those from which the ledger is made; `said` are lines for the reader."""

    loaded: RunFile
    complete: bool
    said: tuple[str, ...]


class Source(Protocol):
    """Where results come from."""

    @property
    def lines(self) -> Sequence[BackendLine]:
        """The backends that can be asked about."""

    @property
    def apis(self) -> Sequence[Api]:
        """The APIs that can be asked about."""

    @property
    def absent(self) -> Mapping[str, str]:
        """The backends that cannot be asked about, with the reason."""

    def obtain(self, names: Collection[str], backends: Collection[str]) -> Obtained:
        """The run, for the APIs and the backends of these names."""


class Unusable(Exception):
    """A run of which no result can be believed; says why. `code` is how the session must end."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def selected(
    globs: tuple[str, ...], lines: Sequence[BackendLine], ran: Collection[str] | None = None
) -> tuple[Api, ...]:
    """The APIs that match a pattern and that one of the backends runs, of those that `ran`; UsageError if none does."""
    there = [name for name in apis() if any(runs(line.framework, name) for line in lines)]
    there = [name for name in there if ran is None or name in ran]
    found = tuple(api for api in select(globs) if api.name in there)
    if not found:
        backends = ", ".join(line.name for line in lines)
        raise UsageError(
            f"no API of {backends} matches {', '.join(globs) or '*'}", f"known are: {', '.join(there) or 'none'}"
        )
    return found


__all__ = ["Asked", "Obtained", "Source", "Unusable", "selected"]
