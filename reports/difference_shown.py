"""The sections of a difference, for a terminal or as Markdown.

Whatever a framework or a run file brought in is made fit to print by `reports.text`, in both forms.
"""

from collections.abc import Callable, Iterator, Sequence

from tabulate import tabulate

from reports import text
from reports.difference import RunDifference
from reports.difference_text import Cell, Code, Item, Section, Statement, sections

TERMINAL, MARKDOWN = (20, 200), (100, 600)  # entries of a section, characters of a cell


def terminal(found: RunDifference) -> str:
    """The difference as plain text; what is left out is counted, and is in the other forms."""
    most, _ = TERMINAL
    blocks = []
    for section in sections(found):
        lines = [section.title]
        lines += [f"  {section.words}"] if section.words else []
        for item in section.items[:most]:
            lines.append(f"  {' '.join(map(_plain, item.head))}")
            lines += [f"    {name}: {_plain(value)}" for name, value in item.facts if value]
        lines += [f"  {line}" for line in _table(section, _plain, most, "plain").splitlines()]
        lines += [f"  {line}" for line in _rest(section, most, "--json has all")]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def markdown(found: RunDifference) -> str:
    """The difference in GitHub's Markdown, for a pull request or the summary of a job."""
    most, _ = MARKDOWN
    blocks = []
    for level, section in enumerate(sections(found)):
        blocks += [f"{'##' if level else '#'} {section.title}", section.words]
        blocks += ["\n".join(line for item in section.items[:most] for line in _listed(item))]
        blocks += [_table(section, _marked, most, "github"), *_rest(section, most, "the JSON form has them all")]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _listed(item: Item) -> Iterator[str]:
    yield f"- {' '.join(map(_marked, item.head))}"
    yield from (f"  - {name}: {_marked(value)}" for name, value in item.facts if value)


def _plain(cell: Cell) -> str:
    return text.one_line(text.fit(cell, TERMINAL[1] if isinstance(cell, Code) else 4 * TERMINAL[1]))


def _marked(cell: Cell) -> str:
    shown = {Code: text.code, Statement: text.statement}.get(type(cell), text.prose)
    return shown(cell, MARKDOWN[1])


def _table(section: Section, shown: Callable[[Cell], str], most: int, form: str) -> str:
    if not section.rows:
        return ""
    rows = [[shown(cell) for cell in row] for row in section.rows[:most]]
    return str(tabulate(rows, section.headers, tablefmt=form, stralign="left", disable_numparse=True))


def _rest(section: Section, most: int, where: str) -> Sequence[str]:
    left = max(len(section.items), len(section.rows)) - most
    return [f"{text.counted(left, 'more is', 'more are')} left out here; {where}."] if left > 0 else []
