"""A case → the same case with one to three arguments of another valid call."""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from cases.case import Case
from cases.conv_transpose.dialects import DIALECTS
from cases.conv_transpose.drawing import point as drawn
from cases.conv_transpose.points import Point
from cases.conv_transpose.read_back import read_back
from cases.conv_transpose.setups import integer
from cases.conv_transpose.simplifying import about_of, admitted

TRIES, MOST = 100, 3
T = TypeVar("T")

_SHAPES = ("incoming", "outgoing", "batch", "size", "kernel_size", "groups")
_OTHERS = ("stride", "padding", "output_padding", "dilation", "bias", "pad_mode", "positional", "data")
_FIELDS = ("incoming", "outgoing", "batch", "size", "kernel_size", "positional")
_HUGE = 4096


class Chance:
    """Chooses by a random generator."""

    def __init__(self, generator: random.Random) -> None:
        self.generator = generator

    def pick(self, values: Sequence[T]) -> T:
        """One of the values."""
        return self.generator.choice(values)

    def number(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return self.generator.randint(low, high)


def vary(case: Case, chance: random.Random) -> Case:
    """Another case about the same thing, in one to three arguments; the case itself where none is found."""
    point = read_back(case)
    if point is None:
        return case
    dialect = DIALECTS[case.api]
    about, most = about_of(dialect, point)
    names = _changeable(point)
    for _ in range(TRIES):
        fresh = drawn(dialect, Chance(chance))
        changed = point
        for name in chance.sample(names, chance.randint(1, min(MOST, len(names)))):
            changed = _with(changed, fresh, name)
        made = admitted(dialect, changed, about, most, exact=True)
        if made is not None and made.id != case.id:
            return made
    return case


def _changeable(point: Point) -> list[str]:
    """What may change: not the shapes of a case that is about the many numbers it draws, adds or asks for."""
    numbers = (*point.given.values(), *point.own.values())
    huge = any(isinstance(number, int) and abs(number) > _HUGE for number in numbers)
    if huge or point.action == "initialise" or point.data == "accumulate":
        return ["stride", "padding", "dilation", "positional"]
    return [*_SHAPES, *(name for name in _OTHERS if name != "data" or point.data in ("integers", "normal"))]


def _with(point: Point, fresh: Point, name: str) -> Point:
    """The point with this argument of the other; an argument whose value is kept as invalid stays."""
    if name == "data":
        return replace(point, data="normal" if point.data == "integers" else "integers")
    if name in _FIELDS:
        return replace(point, **{name: getattr(fresh, name)})
    given = {other: value for other, value in point.given.items() if other != name}
    given |= {name: fresh.given[name]} if name in fresh.given else {}
    changed = replace(point, given=given)
    if name != "groups":
        return changed
    before, after = (integer(item.given.get(name, 1)) for item in (point, changed))
    # About as many channels as before, in other groups.
    return replace(
        changed,
        incoming=max(1, point.incoming * before // after),
        outgoing=max(1, point.outgoing * before // after),
    )
