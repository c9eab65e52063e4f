"""The page that leads to all comparison pages, in both languages at once: one file for Markdown and one for HTML."""

from reports.comparison import page_name
from reports.comparison_blocks import Block, Cell, Heading, Page, Paragraph, line, link, table
from reports.comparison_evidence import Direction, Evidence, PageEvidence
from reports.comparison_language import LANGS, Words
from reports.comparison_parameters import percent

COMMAND = "conformance compare --all --run RUN --to docs/compare"


def index(evidence: Evidence) -> Page:
    """The index: a table for each language, a row for each direction of a page."""
    blocks: list[Block] = []
    for lang in LANGS:
        say = Words(lang)
        if lang != LANGS[0]:
            blocks.append(Heading(say("index-title"), f"index-{lang}"))
        seen = say("comma").join(
            say("version", framework=say.framework(item.framework), version=item.version, device=item.device)
            for item in evidence.backends
        )
        blocks.append(Paragraph(line(say("index-words", backends=seen, command=COMMAND))))
        rows = [row for pair in evidence.pages for row in _rows(pair, say)]
        heads = ("index-page", "index-direction", "index-valid", "index-direct", "index-recipe", "index-none")
        blocks.append(table(map(say, (*heads, "equal", "differ", "missing")), rows, numbers=range(2, 9)))
    return Page("", Words("en")("index-title"), "en", tuple(blocks))


def _rows(pair: PageEvidence, say: Words) -> list[list[Cell]]:
    """A row for each direction; the first one leads to the pages."""
    found: list[list[Cell]] = []
    for number, item in enumerate(pair.directions):
        name = page_name(pair.left, pair.right)
        title = f"{pair.left} · {pair.right}"
        page = link(title, f"{name}.{say.lang}") if number == 0 else line("")
        direction = say("from-to", source=say.framework(item.source), target=say.framework(item.target))
        found.append([page, direction, *_counts(item)])
    return found


def _counts(item: Direction) -> list[Cell]:
    shares = [f"{count:,} ({percent(count, item.valid)})" for count in (item.direct, item.recipe, item.none)]
    return [f"{item.valid:,}", *shares, f"{item.equal:,}", f"{item.differ:,}", f"{item.missing:,}"]
