"""A page as what it says, apart from how it is shown: headings, paragraphs, tables and programs of spans of text.

`reports.comparison_markdown` and `reports.comparison_html` show the same blocks, so that neither says less than the
other. Texts are as they came; each renderer makes them safe.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

Tone = Literal["good", "bad", "warn", "quiet"]
Kind = Literal["words", "code", "state", "break", "link"]


@dataclass(frozen=True)
class Span:
    """A stretch of text. `words` may hold code between backticks; a `state` has a tone; a `break` ends a line.

    A `link` leads to the page `to`, a file's name without its suffix.
    """

    text: str
    kind: Kind = "words"
    tone: Tone = "quiet"
    to: str = ""


Line: TypeAlias = tuple[Span, ...]
Cell: TypeAlias = "str | Line"


@dataclass(frozen=True)
class Heading:
    """A heading with the fragment that leads to it."""

    text: str
    anchor: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """One paragraph; `lead` marks the one that sums the page up."""

    line: Line
    lead: bool = False


@dataclass(frozen=True)
class Points:
    """A list."""

    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Table:
    """A table. Numbers stand in the columns whose index is in `numbers`."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    caption: str = ""
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Program:
    """A program and what it printed; `head` says whose it is."""

    head: str
    code: str
    printed_head: str
    printed: str


@dataclass(frozen=True)
class Programs:
    """Programs side by side."""

    items: tuple[Program, ...]


Block: TypeAlias = Heading | Paragraph | Points | Table | Programs


@dataclass(frozen=True)
class Page:
    """A page in one language. `name` is its file's name without language and suffix, `contents` names its sections."""

    name: str
    title: str
    lang: str
    blocks: tuple[Block, ...]
    contents: tuple[Heading, ...] = ()
    other: str = ""
    index: str = ""


def line(*parts: Cell) -> Line:
    """Texts and spans as one line."""
    found: list[Span] = []
    for part in parts:
        found += [Span(part)] if isinstance(part, str) else part
    return tuple(span for span in found if span.text or span.kind == "break")


def code(text: str) -> Line:
    """A text as code."""
    return (Span(text, "code"),) if text else ()


def state(text: str, tone: Tone) -> Line:
    """A word for a state."""
    return (Span(text, "state", tone),)


def link(text: str, to: str) -> Line:
    """A text that leads to another page."""
    return (Span(text, "link", to=to),)


BREAK: Line = (Span("", "break"),)


def stacked(lines: Iterable[Line]) -> Line:
    """Lines below one another."""
    found: list[Span] = []
    for item in lines:
        if item:
            found += [*(BREAK if found else ()), *item]
    return tuple(found)


def table(
    heads: Iterable[str], rows: Iterable[Iterable[Cell]], caption: str = "", numbers: Iterable[int] = ()
) -> Table:
    """A table from texts and lines."""
    made = tuple(tuple(line(cell) for cell in row) for row in rows)
    return Table(tuple(heads), made, caption, frozenset(numbers))
