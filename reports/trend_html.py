"""The trend as one HTML file: it opens offline, asks for nothing, has no script, and is in English and Chinese.

It has the look of the report. Every text is cleaned, capped and escaped; two radio buttons choose the language.
"""

import base64
import hashlib
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from reports import text
from reports import trend_words as words
from reports.record import ClaimLine
from reports.trend import Trend
from reports.trend_words import LANGS

NAME = "trend.html"
LARGEST = 3_000_000
# Characters a text may have and rows a table may have; the next pair is for a page that gets too large.
LIMITS = ((text.LIMIT, 2000), (600, 1000), (300, 400), (120, 100), (60, 20))
STYLES = ("report.css", "trend.css")


def render(found: Trend) -> str:
    """The text of the file."""
    page = ""
    for limit, most in LIMITS:
        page = _page(found, limit, most)
        if len(page.encode()) <= LARGEST:
            break
    return page


def write(folder: Path, found: Trend) -> Path:
    """Write `trend.html` into a folder; the path of the file."""
    path = folder / NAME
    path.write_text(render(found), encoding="utf-8", newline="\n")
    return path


def _page(found: Trend, limit: int, most: int) -> str:
    def printed(value: object) -> object:
        return value if isinstance(value, Markup) else text.fit(str(value), limit)

    def statement(value: str) -> Markup:
        parts = text.pieces(text.fit(value, limit))
        shown = (Markup("<code>{}</code>").format(part) if ticked else escape(part) for ticked, part in parts)
        return Markup("").join(shown)

    loader = PackageLoader("reports")
    environment = Environment(
        loader=loader,
        autoescape=True,
        finalize=printed,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(statement=statement, n=text.number)
    environment.globals.update(
        say=words.say,
        langs=LANGS,
        cells=words.CELLS,
        framework=words.framework,
        most=most,
        anchor=_Anchors(),
        when=lambda since: [words.when(since, lang) for lang in LANGS],
        same=lambda part: [words.same(part, lang) for lang in LANGS],
    )
    style = Markup("".join(loader.get_source(environment, name)[0] for name in STYLES))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    return environment.get_template("trend.html.j2").render(
        trend=found,
        notices=list(zip(*(words.notices(found, lang) for lang in LANGS), strict=True)),
        made=[words.say("made", lang, command=words.COMMAND) for lang in LANGS],
        style=style,
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
    )


class _Anchors:
    """The id of a claim's row, and what follows the # of a link to it.

    It is `claim=` and the claim; the reference runs the claims of others, and names itself after them. Each id is given
    once, and neither is capped again when it is printed.
    """

    def __init__(self) -> None:
        self.given: set[str] = set()

    def __call__(self, framework: str, claim: ClaimLine) -> tuple[Markup, Markup]:
        own = claim.api.partition(".")[0] == framework
        name = "claim=" + "".join(text.fit(claim.id if own else f"{claim.id}@{framework}", 300).split())
        free, number = name, 1
        while free in self.given:
            number += 1
            free = f"{name}~{number}"
        self.given.add(free)
        return escape(free), Markup(quote(free, safe="/.-=~@"))
