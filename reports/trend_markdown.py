"""The trend as GitHub's Markdown: one file, English first and then Chinese, within what GitHub takes."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from reports import text
from reports import trend_words as words
from reports.markdown_fit import fitted
from reports.markdown_page import table
from reports.trend import Cell, Part, Row, Trend
from reports.trend_words import LANGS, Lang, say

NAME = "trend.md"
LARGEST = 1024 * 1024
# Characters a text may have and rows a table may have; the next pair is for a file that gets too large.
LIMITS = ((600, 500), (300, 200), (160, 100), (60, 40))


def render(found: Trend, room: int = LARGEST) -> str:
    """The text of the file, of at most `room` bytes."""
    blocks: list[str] = []
    for limit, most in LIMITS:
        blocks = [block for lang in LANGS for block in _Page(lang, limit, most).blocks(found) if block]
        if sum(len(block.encode()) + 2 for block in blocks) <= room:
            break
    return fitted(blocks, room)


def write(folder: Path, found: Trend) -> Path:
    """Write `trend.md` into a folder; the path of the file."""
    path = folder / NAME
    path.write_text(render(found), encoding="utf-8", newline="\n")
    return path


class _Page:
    """The page in one language, within limits."""

    def __init__(self, lang: Lang, limit: int, most: int) -> None:
        self.lang, self.most = lang, most
        self.say = partial(say, lang=lang)
        self.prose = partial(text.prose, limit=limit)
        self.code = partial(text.code, limit=limit)
        self.statement = partial(text.statement, limit=limit)

    def blocks(self, found: Trend) -> Iterator[str]:
        """Everything, the tables by framework."""
        yield f"# {self.say('title')}"
        yield self.say("lead", runs=len(found.sources))
        yield from (f"> **{self.say('note')}** {self.prose(notice)}" for notice in words.notices(found, self.lang))
        for part in found.parts:
            yield f"## {self.prose(words.framework(part.framework))}"
            yield from self.part(part)
        yield from self.runs(found)

    def part(self, part: Part) -> Iterator[str]:
        """The claims of one framework."""
        if len(part.columns) < 2:
            yield self.say("alone")
            return
        yield words.same(part, self.lang)
        yield f"### {self.say('rows')} ({len(part.rows):,})"
        yield "" if part.rows else self.say("no-rows")
        yield from self.rows(part, part.rows)
        if part.failing:
            yield f"### {self.say('failing')} ({len(part.failing):,})"
            yield from self.rows(part, part.failing)

    def rows(self, part: Part, rows: Sequence[Row]) -> Iterator[str]:
        """A table with a column for each backend."""
        heads = ["<br>".join(map(self.prose, words.head(column, self.lang))) for column in part.columns]
        cells = [
            [
                f"{self.code(row.claim.id)}<br>{self.statement(row.claim.zh if self.lang == 'zh' else row.claim.en)}",
                self.prose(words.when(row.since, self.lang)),
                *map(self.cell, row.cells),
                self.code(row.call) + (f"<br>{self.code(row.case)}" if row.case else ""),
            ]
            for row in rows[: self.most]
        ]
        heads = [self.say("claim"), self.say("when"), *heads, self.say("example")]
        yield table(heads, cells, aligned=False)
        left = len(rows) - self.most
        yield self.say("left-out", count=f"{left:,}") if left > 0 else ""

    def cell(self, cell: Cell) -> str:
        """A state, in words beside its shape."""
        _, _, shape, _ = words.CELLS[cell.word]
        total = cell.holding + cell.failing
        count = self.say("counts", failing=f"{cell.failing:,}", all=f"{total:,}") if cell.failing else ""
        return f"{shape} {words.cell(cell.word, self.lang)}" + (f"<br>{count}" if count else "")

    def runs(self, found: Trend) -> Iterator[str]:
        """What was held against one another."""
        yield f"## {self.say('runs')}"
        keys = ("run", "file", "started", "suite-head", "seed-head", "strength-head", "records", "ended")
        rows = [
            [
                str(item.number),
                self.code(item.path),
                self.prose(item.started),
                self.prose(f"{item.suite} {item.commit}"),
                *map(str, (item.seed, item.strength)),
                f"{item.records:,}",
                self.say("yes" if item.whole else "no"),
            ]
            for item in found.sources
        ]
        yield table([self.say(key) for key in keys], rows, aligned=False)
        yield self.statement(self.say("made", command=words.COMMAND))
