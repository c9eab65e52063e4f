"""Cases as Hypothesis strategies: any documented call of an API, and the simpler relatives of a case.

An operator's folder offers these in its own `strategies` module, as `Searchable` says. That module is imported when it
is first asked for, so that a run which searches nothing does not wait for Hypothesis. A case of an API that no
operator documents, and that is only called to compare with, has the choices that every case has.
"""

import importlib
import random
from collections.abc import Iterator
from functools import cache
from typing import Protocol

from hypothesis import assume
from hypothesis import strategies as st

from cases.case import Case
from cases.catalogue import operators
from cases.documentation import Api
from cases.ladders import Family, plain, steps

OWN = 6  # how many times as often a choice is the case's own as any other: then the case itself is met soon


class Searchable(Protocol):
    """What the `strategies` module of an operator's folder offers."""

    def strategy(self, api: Api, *, invalid: bool = False) -> st.SearchStrategy[Case]:
        """Any documented-valid call of one API; with `invalid`, one with exactly one invalid value."""

    def family(self, case: Case) -> Family:
        """The choices of a case, from the simplest call to its own arguments."""

    def vary(self, case: Case, chance: random.Random) -> Case:
        """Another case about the same thing, in one to three arguments."""


def strategy(api: Api, *, invalid: bool = False) -> st.SearchStrategy[Case]:
    """Any documented-valid call of the API; with `invalid`, one with exactly one invalid value.

    Shrinks towards the simplest call: fewest arguments given, then smallest numbers, then simplest data.
    """
    found = _searchable(api.name)
    if found is None:
        raise LookupError(f"{api.name} belongs to no operator, so nothing says which calls of it are valid")
    return found.strategy(api, invalid=invalid)


def simpler(case: Case) -> st.SearchStrategy[Case]:
    """The cases between the simplest call and this one, which are about the same thing. Shrinks towards the simplest.

    Every choice is mostly the case's own, so that a search soon meets a case that shares what matters in it.
    """
    return _between(_family(case))


def vary(case: Case, chance: random.Random) -> Case:
    """Another case about the same thing, in one to three arguments; the case itself where there is none."""
    found = _searchable(case.api)
    return case if found is None else found.vary(case, chance)


def neighbours(case: Case) -> Iterator[Case]:
    """The cases one choice away, nearest first: numbers one smaller, one larger, then simpler and left out choices."""
    return steps(_family(case))


def _family(case: Case) -> Family:
    found = _searchable(case.api)
    return plain(case) if found is None else found.family(case)


@cache
def _searchable(api: str) -> Searchable | None:
    for name, operator in operators().items():
        if any(item.name == api for item in operator.APIS):
            return importlib.import_module(f"cases.{name}.strategies")
    return None


@st.composite
def _between(draw: st.DrawFn, family: Family) -> Case:
    """Always the same number of draws, so that the shortest sequence of choices is none but the simplest."""
    chosen = {}
    for ladder in family.ladders:
        most = len(ladder.values) - 1
        if most:
            index = draw(st.integers(0, most + OWN * (most + 1)))
            chosen[ladder.name] = ladder.values[min(index, most)]
        else:
            chosen[ladder.name] = ladder.values[0]
    made = family.build(chosen)
    assume(made is not None)
    assert made is not None
    return made
