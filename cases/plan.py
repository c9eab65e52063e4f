"""What a generator of cases gives the engine: the cases of one API, and how far they reach."""

from dataclasses import dataclass

from cases.case import Case


@dataclass(frozen=True)
class Plan:
    """The cases of one API, each once, with what is known of their coverage.

    `valid` counts the distinct valid configurations, `invalid` the cases with one invalid value; `tuples`, `covered`
    and `infeasible` are of the covering arrays (see `cases.covering`). `slow` are the ids of cases that run in every
    mode of a backend, also in slow ones; the others run in its first mode alone.
    """

    api: str
    cases: tuple[Case, ...]
    valid: int
    invalid: int
    strength: int
    tuples: int
    covered: int
    infeasible: int
    slow: frozenset[str] = frozenset()
