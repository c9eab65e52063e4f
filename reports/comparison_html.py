"""A comparison page as one HTML file: it opens offline, asks for nothing and has no script.

It has the look of the report. Every text is escaped by Jinja, and what stands between backticks becomes code.
"""

import base64
import hashlib

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from reports import text
from reports.comparison_blocks import Line, Page
from reports.comparison_language import Words

LIMIT = 4000
SHORT = 24  # characters of a line that is not broken in a table
STYLES = ("report.css", "comparison.css")


def render(page: Page) -> str:
    """The text of a page's HTML file."""
    loader = PackageLoader("reports")
    environment = Environment(
        loader=loader,
        autoescape=True,
        finalize=_printed,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(statement=_statement, kind=lambda item: type(item).__name__, short=_short)
    style = Markup("".join(loader.get_source(environment, name)[0] for name in STYLES))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    return environment.get_template("comparison.html.j2").render(
        page=page,
        say=Words("zh" if page.lang == "zh" else "en"),
        other="en" if page.lang == "zh" else "zh",
        style=style,
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
    )


def _printed(value: object) -> object:
    return value if isinstance(value, Markup) else text.fit(str(value), LIMIT)


def _statement(value: str) -> Markup:
    """A text in which what stands between backticks is code."""
    parts = text.pieces(text.fit(value, LIMIT))
    return Markup("").join(Markup("<code>{}</code>").format(part) if ticked else escape(part) for ticked, part in parts)


def _short(cell: Line) -> bool:
    """Whether a cell of a table stays on the lines that it has: a name, a word for a state."""
    longest = total = 0
    for span in cell:
        total = 0 if span.kind == "break" else total + len(span.text)
        longest = max(longest, total)
    return longest <= SHORT
