"""A comparison page as Markdown, GitHub flavour. Texts are made safe by `reports.text`, tables are tabulate's."""

from collections.abc import Iterator
from typing import Any

from tabulate import tabulate

from reports import text
from reports.comparison_blocks import Block, Heading, Line, Page, Paragraph, Points, Program, Programs, Span, Table
from reports.comparison_language import Words
from reports.issue_text import block as fenced

LIMIT = 1200
WIDEST = 140  # characters of a row of a table whose columns are padded


def render(page: Page) -> str:
    """The text of a page's Markdown file."""
    say = Words("zh" if page.lang == "zh" else "en")
    other = "en" if page.lang == "zh" else "zh"
    links = [f"[{page.other}]({page.name}.{other}.md)", f"[{page.index}](README.md)"] if page.name else []
    blocks = [f"# {text.prose(page.title)}", " · ".join(links)]
    for item in page.blocks:
        blocks += _block(item, say)
    return "\n\n".join(part for part in blocks if part) + "\n"


def _block(item: Block, say: Words) -> Iterator[str]:
    match item:
        case Heading(title, _, level):
            yield f"{'#' * level} {text.statement(title)}"
        case Paragraph(line, lead):
            shown = inline(line)
            yield f"> {shown}" if lead else shown
        case Points(lines):
            yield "\n".join(f"- {inline(line)}" for line in lines)
        case Table():
            yield from _table(item)
        case Programs(items):
            for program in items:
                yield from _program(program, say)


def _table(item: Table) -> Iterator[str]:
    if item.caption:
        yield f"**{text.statement(item.caption)}**"
    heads = [text.statement(head) for head in item.heads]
    rows = [[inline(cell) for cell in row] for row in item.rows]
    # Columns are padded where somebody may read the file as it is; wide tables would be mostly blanks.
    wide = any(sum(map(len, row)) > WIDEST for row in rows)
    aligned = ["right" if index in item.numbers else "left" for index in range(len(heads))]
    align: dict[str, Any] = {"stralign": None} if wide or not rows else {"colalign": aligned}
    yield str(tabulate(rows, heads, tablefmt="github", disable_numparse=True, **align))


def _program(item: Program, say: Words) -> Iterator[str]:
    yield f"**{text.prose(item.head)}**"
    yield fenced(item.code, "python", len(item.code))
    yield f"{text.prose(item.printed_head)}{say('colon').strip()}"
    yield fenced(item.printed, "text", len(item.printed))


def inline(line: Line) -> str:
    """A line of spans; one that breaks is one line of Markdown all the same, for it may stand in a table."""
    return "".join(map(_span, line)).strip()


def _span(span: Span) -> str:
    match span.kind:
        case "break":
            return "<br>"
        case "code":
            return text.code(span.text, LIMIT)
        case "link":
            return f"[{text.prose(span.text)}]({span.to}.md)"
        case "state":
            return f"**{text.prose(span.text)}**"
    return text.statement(span.text, LIMIT)
