"""Transposed convolutions as Hypothesis strategies; see `cases.strategies`, which finds this module by its name."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from hypothesis import assume
from hypothesis import strategies as st

from cases.case import Case
from cases.conv_transpose.dialects import DIALECTS
from cases.conv_transpose.drawing import dressed, point
from cases.conv_transpose.invalid import spoiled
from cases.conv_transpose.points import written
from cases.conv_transpose.simplifying import family
from cases.conv_transpose.standing import LARGEST, judged
from cases.conv_transpose.varying import vary
from cases.documentation import Api

__all__ = ["family", "strategy", "vary"]

T = TypeVar("T")


class _Drawn:
    """Chooses by drawing from Hypothesis."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def pick(self, values: Sequence[T]) -> T:
        """One of the values; shrinks towards the first."""
        return self.draw(st.sampled_from(values)) if len(values) > 1 else values[0]

    def number(self, low: int, high: int) -> int:
        """A whole number, both ends included; shrinks towards the smallest."""
        return self.draw(st.integers(low, high))


def strategy(api: Api, *, invalid: bool = False) -> st.SearchStrategy[Case]:
    """Any documented-valid call of the API; with `invalid`, one with exactly one invalid value."""
    return _invalid(api.name) if invalid else _valid(api.name)


@st.composite
def _valid(draw: st.DrawFn, api: str) -> Case:
    dialect, chooser = DIALECTS[api], _Drawn(draw)
    made = written(dialect, dressed(dialect, chooser, point(dialect, chooser)))
    assume(made is not None)
    assert made is not None
    about, elements = judged(made)
    assume(about.valid and elements <= LARGEST)
    return made


@st.composite
def _invalid(draw: st.DrawFn, api: str) -> Case:
    dialect, chooser = DIALECTS[api], _Drawn(draw)
    plain = replace(point(dialect, chooser), load=False)
    made = written(dialect, spoiled(dialect, chooser, plain))
    assume(made is not None)
    assert made is not None
    about, _ = judged(made)
    assume(not about.valid)
    return made
