"""The Markdown report: GitHub flavour, one file, for pull requests and job summaries.

A run file or its summary goes in, the text of `report.md` comes out; the same file gives the same bytes. The sections
are in `reports.markdown_found` and `reports.markdown_figures`.
"""

from collections.abc import Iterator
from pathlib import Path

from reports import markdown_figures as figures
from reports import markdown_found as found
from reports.markdown_fit import fitted
from reports.markdown_page import Page, table
from reports.reading import RunFile
from reports.summary import Summary, summarise

__all__ = ["LARGEST", "LIMITS", "NAME", "render", "table", "write"]

NAME = "report.md"
# Characters a text may have and examples a section may show; the next pair is for a run whose report gets too large.
LIMITS = ((600, 100), (600, 40), (160, 40), (60, 10))
LARGEST = 1024 * 1024

SECTIONS = (
    found.findings,
    found.support,
    found.contradicted,
    found.differences,
    found.comparison,
    found.changed,
    figures.claims,
    figures.unmet,
    figures.measured,
    figures.verdicts,
    figures.coverage,
    figures.documents,
    figures.header,
)


def render(source: RunFile | Summary) -> str:
    """The report of a run as the text of one Markdown file."""
    summary = summarise(source) if isinstance(source, RunFile) else source
    blocks: list[str] = []
    for limit, most in LIMITS:
        blocks = [block for block in _blocks(Page(summary, limit, most)) if block]
        if sum(len(block.encode()) + 2 for block in blocks) <= LARGEST:
            break
    return fitted(blocks, LARGEST)


def write(folder: Path, source: RunFile | Summary) -> Path:
    """Write `report.md` into a folder; the path of the file."""
    path = folder / NAME
    path.write_text(render(source), encoding="utf-8", newline="\n")
    return path


def _blocks(page: Page) -> Iterator[str]:
    yield "# Conformance report"
    yield from (f"> **Note.** {page.prose(notice)}" for notice in page.summary.notices)
    yield "\n".join(f"- {page.prose(backend.headline)}" for backend in page.summary.backends)
    for section in SECTIONS:
        yield from section(page)
