"""Evidence → the files of the comparison pages: Markdown and HTML, in both languages, and their index."""

from collections.abc import Iterator
from pathlib import Path

from reports import comparison_html, comparison_markdown
from reports.comparison import page
from reports.comparison_evidence import NAME, Evidence, to_json
from reports.comparison_index import index
from reports.comparison_language import LANGS, Lang


def files(evidence: Evidence, langs: tuple[Lang, ...] = LANGS) -> Iterator[tuple[str, str]]:
    """Every page as its file's name and text, one after the other."""
    for pair in evidence.pages:
        for lang in langs:
            made = page(evidence, pair, lang)
            yield f"{made.name}.{lang}.md", comparison_markdown.render(made)
            yield f"{made.name}.{lang}.html", comparison_html.render(made)


def folder(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """Everything that a folder of all pages holds: the pages, the index, and the evidence itself."""
    yield from files(evidence)
    made = index(evidence)
    yield "README.md", comparison_markdown.render(made)
    yield "index.html", comparison_html.render(made)
    yield NAME, to_json(evidence).decode("utf-8")


def write(path: Path, name: str, text: str) -> Path:
    """Write one file of a folder."""
    path.mkdir(parents=True, exist_ok=True)
    (path / name).write_text(text, encoding="utf-8", newline="\n")
    return path / name
