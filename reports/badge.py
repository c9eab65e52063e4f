"""A badge per backend: how many claims hold, and how much is new, for the front page of a project.

A summary goes in; for each backend `badge-<backend>.svg` comes out, a picture that needs no service, and
`badge-<backend>.json`, which badge services read as an endpoint (schema version 1) and draw themselves.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports import text
from reports.ci_findings import found, new_of, sorted_out
from reports.summary import BackendSummary, Summary

SIZE, PAD = 11, 6  # of the text, and of the space on each side of it, in pixels
LIMIT = 80  # characters of a label, of a message, and of a backend in the name of a file
INK, DARK = "ffffff", "454d56"  # of the texts, and behind the label
# What is behind the message, by what it says; the words say it too.
COLORS = {"good": "1a7f37", "known": "8a5a00", "bad": "b42318", "quiet": "59636e"}

# Advance widths of a humanist sans serif as wide as Verdana, in parts of the size of the text.
_WIDTHS = (
    (0.28, "'ijl"),
    (0.315, "IJ ,."),
    (0.345, "/:;\\|f-"),
    (0.395, "()[]t!r"),
    (0.49, '"*_`'),
    (0.525, "sz?"),
    (0.565, "cLFk"),
    (0.605, "vxyPTYoae"),
    (0.636, "EhnuSbdgpq$0123456789{}"),
    (0.69, "KAVXZBRC"),
    (0.755, "UNHDG"),
    (0.79, "&OQw"),
    (0.845, "#+<=>^~M"),
    (0.97, "%mW@"),
)
_OF = {character: width for width, characters in _WIDTHS for character in characters}


@dataclass(frozen=True)
class Badge:
    """What a badge says of a backend. `kind` is the key of its colour in `COLORS`."""

    backend: str
    label: str
    message: str
    kind: str

    @property
    def color(self) -> str:
        """The colour behind the message, six hexadecimal digits."""
        return COLORS[self.kind]


def badges(summary: Summary) -> tuple[Badge, ...]:
    """A badge for each backend of a run, in its order."""
    return tuple(_badge(summary, backend) for backend in summary.backends)


def svg(badge: Badge) -> str:
    """The badge as a picture with a text alternative; it asks for no font and for nothing else."""
    environment = Environment(
        loader=PackageLoader("reports"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    widths = {name: round(width(value)) + 2 * PAD for name, value in (("left", badge.label), ("right", badge.message))}
    page = environment.get_template("badge.svg.j2").render(
        label=badge.label, message=badge.message, color=badge.color, dark=DARK, ink=INK, size=SIZE, pad=PAD, **widths
    )
    return page.strip() + "\n"


def endpoint(badge: Badge) -> str:
    """The badge as the JSON that badge services read."""
    found = {"schemaVersion": 1, "label": badge.label, "message": badge.message, "color": badge.color}
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def width(value: str) -> float:
    """How wide a text is at `SIZE`, in pixels: an estimate, since the font is that of whoever looks."""
    return SIZE * sum(map(_width, value))


def write(folder: Path, summary: Summary) -> tuple[Path, ...]:
    """Write both files of every backend into a folder; the paths of the pictures."""
    made: dict[str, Path] = {}
    for badge in badges(summary):
        name = _free(_name(badge.backend), made)
        made[name] = folder / f"{name}.svg"
        made[name].write_text(svg(badge), encoding="utf-8", newline="\n")
        (folder / f"{name}.json").write_text(endpoint(badge), encoding="utf-8", newline="\n")
    return tuple(made.values())


def _badge(summary: Summary, backend: BackendSummary) -> Badge:
    label = _short(backend.label)
    if backend.line.unavailable:
        return Badge(backend.line.name, label, "unavailable", "quiet")
    if not backend.claims:
        return Badge(backend.line.name, label, "no claims", "quiet")
    states = dict(backend.states)
    said, kind = _differences(summary, backend.line.name)
    if kind == "good" and states.get("contradicted"):
        kind = "known"
    if kind == "good" and not states.get("holds"):
        kind = "quiet"
    parts = [f"{states.get('holds', 0):,} of {text.counted(backend.claims, 'claim')} hold", said, *_cut(summary)]
    return Badge(backend.line.name, label, _short(", ".join(parts)), kind)


def _differences(summary: Summary, backend: str) -> tuple[str, str]:
    new = new_of(found(summary), backend)
    if sorted_out(summary):
        return f"{new:,} new", "bad" if new else "good"
    return f"{new:,} differing", "bad" if new else "quiet"


def _cut(summary: Summary) -> Iterator[str]:
    end = summary.runfile.end
    if end is None or end.interrupted:
        yield "incomplete"


def _short(value: str) -> str:
    """A text on one line, as long as a badge may be."""
    line = text.one_line(text.fit(value, 4 * LIMIT))
    return line if len(line) <= LIMIT else f"{line[: LIMIT - 1]}…"


def _width(character: str) -> float:
    if (known := _OF.get(character)) is not None:
        return known
    if unicodedata.combining(character):
        return 0.0
    return 1.0 if unicodedata.east_asian_width(character) in "WF" else 0.65


def _name(backend: str) -> str:
    """What a backend's files are called: letters, digits and few marks, so that no system and no address minds."""
    return f"badge-{re.sub(r'[^A-Za-z0-9._-]+', '-', backend)[:LIMIT].strip('-.') or 'backend'}"


def _free(name: str, taken: dict[str, Path]) -> str:
    """The name, with a number where another backend has it already; systems that ignore case are minded."""
    lower = {key.lower() for key in taken}
    number, free = 1, name
    while free.lower() in lower:
        number += 1
        free = f"{name}-{number}"
    return free
