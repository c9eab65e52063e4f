"""What a translated call changed, in words that hold for every operator, and where an operator says it.

A call and its counterpart go in; out comes what a reader has to know to write the one for the other: names, defaults
that had to be written out, arguments that became others, and tensors that are held in another shape. An operator's
folder offers this in its module `rewritten`, which is imported when it is first asked for.
"""

import importlib
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from cases.case import Case
from cases.catalogue import apis
from cases.documentation import Text
from cases.values import Value


@dataclass(frozen=True)
class Renamed:
    """The same argument under another name."""

    ours: str
    theirs: str


@dataclass(frozen=True)
class Explicit:
    """An argument that is written because its default is another one there; `theirs` is that default.

    `name` is the argument of the counterpart, `value` what it is given; `reason` says what would happen without it.
    """

    name: str
    value: Value
    theirs: Value
    reason: Text


@dataclass(frozen=True)
class Became:
    """What is said by other arguments, or by steps around the call, as both sides write it, and why."""

    ours: str
    theirs: str
    reason: Text


@dataclass(frozen=True)
class Held:
    """A tensor that the two hold in different shapes; the numbers are in the same order."""

    role: str
    ours: tuple[int, ...]
    theirs: tuple[int, ...]


@dataclass(frozen=True)
class Rewriting:
    """Everything that changed between a call and its counterpart."""

    renamed: tuple[Renamed, ...] = ()
    explicit: tuple[Explicit, ...] = ()
    became: tuple[Became, ...] = ()
    held: tuple[Held, ...] = ()
    # Arguments of the counterpart that are worth writing even where they say the default: the other side has another
    # default, or no such argument, so that a reader from there cannot know it.
    kept: tuple[str, ...] = ()


@dataclass(frozen=True)
class Work:
    """What it takes to compute a call: the elements of its largest array, and its multiplications.

    `result` is the documented shape of the result; arrays that are made on the way count as well.
    """

    result: tuple[int, ...]
    elements: int
    multiplications: int


class Rewritable(Protocol):
    """What the `rewritten` module of an operator's folder offers."""

    def with_operands(
        self, case: Case, *, input_shape: tuple[int, ...] | None, weight_shape: tuple[int, ...] | None, dtype: str
    ) -> Case:
        """The call with the tensors that its text left out, and with parameters in the documented shapes.

        What is added is of the element type `dtype`; the shapes are for tensors that are left out. A tensor of
        shape () is one that the text only named. BadValue where a shape cannot be known.
        """

    def rewritten(self, ours: Case, theirs: Case) -> Rewriting:
        """What changed between a call and its counterpart."""

    def input_shapes(self, case: Case, most: int) -> tuple[tuple[int, ...], ...]:
        """Shapes that the first tensor of the same call can have: its own first, then others, near and small ones.

        Each of them takes at most `most` multiplications; there may be none.
        """

    def work(self, case: Case) -> Work | None:
        """What it takes to compute a call, without computing it; None where the documents make nothing of it."""

    def differentiated(self, case: Case) -> Case | None:
        """The case with the gradients of every tensor that goes in; None where no document gives its output."""


@cache
def rewritable(api: str) -> Rewritable:
    """The module of the API's operator; LookupError for an API of none."""
    if api not in apis():
        raise LookupError(f"{api} belongs to no operator, so nothing says how its calls are rewritten")
    return importlib.import_module(f"cases.{apis()[api].operator}.rewritten")
