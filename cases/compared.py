"""The vocabulary of a comparison page: what an operator knows of two of its APIs that no claim says.

A folder of an operator may have a module `compared` with the functions of `Comparer`; it is found by its name, so that
whatever compares APIs names no operator. Everything here is data in both languages.
"""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, Protocol, cast

from cases.catalogue import operators
from cases.documentation import Accepts, Api, Breaks, Claim, Document, Kind, Text

if TYPE_CHECKING:
    from cases.case import Case

Meaning = Literal["same", "renamed", "default", "meaning", "missing"]
Why = Literal["call", "own", "none"]


@dataclass(frozen=True)
class Row:
    """A parameter of the left API beside what corresponds to it on the right; empty where one side has none.

    `meanings` say in what they differ, `rule` what to write on the other side.
    """

    left: str
    right: str
    meanings: tuple[Meaning, ...]
    rule: Text


@dataclass(frozen=True)
class Formula:
    """The output's length along one axis as an API's documents give it, for calls that `when` names."""

    when: Text
    formula: str


@dataclass(frozen=True)
class Lengths:
    """Output lengths for a few settings, by the reference: a column for each API and mode, a row for each setting.

    A column is an API and the argument that says its mode, empty where it has none. A number is a length; a text says
    why there is none.
    """

    columns: tuple[tuple[str, str], ...]
    settings: tuple[str, ...]
    rows: tuple[tuple[int | Text, ...], ...]


@dataclass(frozen=True)
class Illustration:
    """An example: a call of one API. The other side is its counterpart, unless `other` is another call to look at."""

    key: str
    title: Text
    case: Case
    other: Case | None = None


@dataclass(frozen=True)
class Reason:
    """Why a call has no counterpart, in both languages. `why` tells what is at fault.

    `call`: it is no documented call; `own`: it is about its own framework, and nobody asked for a counterpart;
    `none`: it is a valid call that the other framework cannot make.
    """

    why: Why
    text: Text


class Comparer(Protocol):
    """What the module `compared` of an operator offers."""

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The counterpart APIs, left and right, that have a page."""

    def rows(self, left: Api, right: Api) -> tuple[Row, ...]:
        """The parameters of both, side by side."""

    def formulas(self, api: Api) -> tuple[Formula, ...]:
        """The output-length formulas of an API, in closed form."""

    def lengths(self, left: Api, right: Api) -> Lengths:
        """Lengths for a few settings."""

    def region(self, case: Case) -> str:
        """The region of the argument space that a valid call lies in, as a key."""

    def region_text(self, key: str) -> Text:
        """What a key of a region says."""

    def spelled(self, case: Case) -> str:
        """The arguments by which a call says what its region is about, as they are written; empty for none."""

    def reason(self, text: str) -> Reason:
        """A reason as the solver words it, in both languages."""

    def illustrations(self, left: Api, right: Api) -> tuple[Illustration, ...]:
        """The examples of a page."""

    def comparing(self, left: Api, right: Api) -> tuple[Document, ...]:
        """The documents that compare these two APIs."""


@cache
def comparer(operator: str) -> Comparer | None:
    """What an operator knows of its APIs beside one another; None where it has no such module."""
    name = f"{operators()[operator].__name__}.compared"  # type: ignore[attr-defined]
    return cast(Comparer, importlib.import_module(name)) if importlib.util.find_spec(name) else None


def documented_types(api: Api, parameter: str) -> Text | None:
    """The types that an API's claims name for a parameter; None where none does."""
    ours = [claim for claim in api.claims if claim.parameters == (parameter,) and claim.kind is Kind.TYPE]
    stated = [_between(claim, " may be ", " 可以是") for claim in ours if isinstance(claim.detail, Accepts)]
    if not stated:
        typed = [claim for claim in ours if isinstance(claim.detail, Breaks) and claim.detail.rule == "type"]
        stated = [_between(claim, " is ", " 的类型是") for claim in typed]
    found = [item for item in stated if item is not None]
    if not found:
        return None
    return Text(" / ".join(dict.fromkeys(item.en for item in found)), " / ".join(dict.fromkeys(i.zh for i in found)))


def _between(claim: Claim, en: str, zh: str) -> Text | None:
    """What stands behind the verb of a statement that was written with the template of its kind."""
    if en not in claim.text.en or zh not in claim.text.zh:
        return None
    found = [
        text.partition(verb)[2].partition(stop)[0].rstrip(end).strip()
        for text, verb, stop, end in ((claim.text.en, en, ";", "."), (claim.text.zh, zh, "；", "。"))
    ]
    # Of a word that an argument may be, what else is said of its spelling has no room in a table.
    return Text(
        *(text.partition(comma)[0] if text[:1] == "'" else text for text, comma in zip(found, ",，", strict=True))
    )
