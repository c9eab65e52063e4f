"""What was asked of a run."""

from dataclasses import dataclass
from pathlib import Path

from cases.case import Case
from cases.documentation import Api


@dataclass(frozen=True)
class Options:
    """What was asked of a run. `pinned` are cases that run beside those of the plans, however few those are."""

    apis: tuple[Api, ...]
    output: Path
    seed: int = 0
    strength: int = 2
    max_cases: int | None = None
    only: tuple[str, ...] = ()
    budget: float | None = None
    jobs: int = 2
    limit: float = 30.0
    memory_limit: int | None = None
    fail_fast: bool = False
    resume: bool = False
    command: tuple[str, ...] = ()
    strict_known: bool = False
    pinned: tuple[Case, ...] = ()
