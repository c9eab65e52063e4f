"""The HTML report: one file that opens offline, asks for nothing, and works without its script.

A run file or its summary goes in, the text of `report.html` comes out; the same file gives the same bytes. Every
text that a template prints passes `_print`, which cleans and caps it, and is escaped by Jinja. The content security
policy allows the one style and the one script of this package, by their digests, and nothing else.
"""

import base64
import hashlib
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from reports import text
from reports.coverage import COLUMNS
from reports.findings import plain_title, rates
from reports.pictures_page import MOST, Album
from reports.pictures_words import say
from reports.reading import RunFile
from reports.summary import STATES, Standing, Summary, summarise

NAME = "report.html"
# Characters a text may have and examples a section may show; the next pair is for a run whose report gets too large.
LIMITS = ((text.LIMIT, 200), (300, 100), (300, 40), (120, 20), (60, 10))
LARGEST = 3_000_000

# Words for states that need more than their name.
WORDS = {"document": "document overruled", "advice": "advice not followed", "unchecked": "not checked"}

# Shape and colour class of every word that stands for a state; the word itself always stands beside them.
MARKS: dict[str, tuple[str, str]] = {
    "holds": ("✓", "good"),
    "contradicted": ("✗", "bad"),
    "document": ("◆", "warn"),
    "advice": ("◇", "warn"),
    "unchecked": ("–", "quiet"),
    "unavailable": ("⊘", "quiet"),
    "not exercised": ("○", "quiet"),
    "works": ("✓", "good"),
    "differs": ("≠", "bad"),
    "refuses valid calls": ("✗", "bad"),
    "crashes": ("‼", "bad"),
    "times out": ("‼", "bad"),
    "unstable": ("~", "bad"),
    "not run": ("○", "quiet"),
    "equal": ("✓", "good"),
    "different": ("≠", "bad"),
    "missing": ("○", "quiet"),
    "new": ("✗", "bad"),
    "known": ("○", "quiet"),
}


class _Anchors:
    """Gives each id once: the first place that shows a case is where links to it lead."""

    def __init__(self) -> None:
        self.given: set[str] = set()

    def __call__(self, kind: str, name: str) -> Markup:
        anchor = f"{kind}={''.join(text.fit(name, 300).split())}"
        if anchor in self.given:
            return Markup("")
        self.given.add(anchor)
        return Markup(' id="{}"').format(anchor)


def render(source: RunFile | Summary) -> str:
    """The report of a run as the text of one HTML file."""
    summary = summarise(source) if isinstance(source, RunFile) else source
    page, album = "", Album(summary)
    for limit, most in LIMITS:
        page = _page(summary, limit, most, album)
        if len(page.encode()) <= LARGEST:
            break
    return page


def write(folder: Path, source: RunFile | Summary) -> Path:
    """Write `report.html` into a folder; the path of the file."""
    path = folder / NAME
    path.write_text(render(source), encoding="utf-8", newline="\n")
    return path


def _page(summary: Summary, limit: int, most: int, album: Album) -> str:
    def printed(value: Any) -> Any:
        return value if isinstance(value, Markup) else text.fit(str(value), limit)

    loader = PackageLoader("reports")
    environment = Environment(
        loader=loader,
        autoescape=True,
        finalize=printed,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        statement=lambda value: _statement(value, limit),
        fragment=_fragment,
        n=text.number,
        after=str.removeprefix,
        stated=text.stated,
        share=text.share,
        labelled=_labelled,
    )
    environment.globals.update(marks=MARKS, counted=text.counted, anchor=_Anchors(), most=most)
    environment.globals.update(rates=rates, plain=plain_title)
    pictured = min(MOST, most)
    environment.globals.update(
        pictures=lambda finding: album.of(finding, pictured),
        margins=album.margins,
        unpictured=album.left_out(pictured),
        pictured=lambda finding: say(album.lang, "pictures", finding=finding.id, case=finding.smallest),
    )
    files = ("report.css", "pictures.css", "report.js")
    *styles, script = (Markup(loader.get_source(environment, name)[0]) for name in files)
    style = Markup("").join(styles)
    return environment.get_template("report.html.j2").render(
        summary=summary,
        run=summary.runfile.run,
        end=summary.runfile.end,
        name=summary.runfile.path.name,
        labels={backend.line.name: backend.label for backend in summary.backends},
        titles={document.key: document for document in summary.runfile.run.documents},
        states=STATES,
        words=WORDS,
        columns=COLUMNS,
        told={"covered": text.COVERED, "measured": text.MEASURED, "unmeasured": text.UNMEASURED},
        drift=text.drift(summary.looked_at, len({(row.api, row.backend) for row in summary.changes})),
        measured=[(name, list(rows)) for name, rows in groupby(summary.measured, key=lambda row: row.backend)],
        style=style,
        script=script,
        policy=f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'",
    )


def _statement(value: str, limit: int) -> Markup:
    """A statement in which what stands between backticks is code."""
    parts = text.pieces(text.fit(value, limit))
    return Markup("").join(Markup("<code>{}</code>").format(part) if ticked else escape(part) for ticked, part in parts)


def _fragment(name: str) -> str:
    """A claim or case as the part of a link that follows `claim=` or `case=`; see `_Anchors`."""
    return quote("".join(text.fit(name, 300).split()), safe="/.-")


def _labelled(standings: Iterable[Standing]) -> list[tuple[str, list[Standing]]]:
    """The standings of a claim by what they are called, those that need a reader's eye first."""
    found: dict[str, list[Standing]] = {}
    for item in sorted(standings, key=lambda item: STATES.index(item.state)):
        found.setdefault(item.label, []).append(item)
    return list(found.items())


def _digest(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode("ascii")
