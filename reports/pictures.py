"""What all pictures share: shapes and texts in, one `<figure>` with an SVG out.

The SVG is written by hand rather than with matplotlib, whose smallest figure is some 10 KB, fixes its colours and its
fonts, and does not tell a reader of the page's own theme: here a picture of a small case is 2 to 5 KB, and every
colour is a variable of the page (`templates/pictures.css`), so that it follows light and dark. Shapes of one class are
one path. Nothing is told by colour alone: every class has a shape, a stripe or a word of its own.

A picture has a title and a description for who does not see it, no script, no link and no style of its own. Its ids
come from the case, the language and the place in the page that it is made for; every text is cleaned, capped and
escaped. The same data give the same bytes.
"""

import hashlib
import math
import re
from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape
from wcwidth import wcswidth

from reports import text

WIDEST = 880  # of a legend, in pixels
_LETTER = 6.4  # pixels of a character of the small font
_LIMIT = 200  # characters of one text in a picture
_DESCRIPTION = 900
LAST = ("first", "k")  # classes that are drawn over all others


def number(value: float) -> str:
    """A coordinate: at most one decimal, and none where it is whole."""
    return f"{value:.1f}".removesuffix(".0")


def short(value: float, letters: int = 4) -> str:
    """A value in so many characters; empty where that is not possible. Not finite: nan, ∞ or −∞."""
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    for digits in range(letters, 0, -1):
        found = f"{value:.{digits}g}".replace("e+0", "e").replace("e-0", "e-").replace("-", "−")
        if len(found) <= letters:
            return found
    return ""


def said(value: float) -> str:
    """A value in words of at most 12 characters."""
    return short(value, 12) if not math.isfinite(value) else f"{value:.6g}".replace("-", "−")


def safe(value: object, limit: int = _LIMIT) -> str:
    """Any text as one short clean line; not escaped yet."""
    return text.one_line(text.fit(str(value), limit))


def wide(value: str) -> float:
    """About how wide a text of the small font is, in pixels; a Chinese character counts double."""
    return max(0, wcswidth(value)) * _LETTER


def name(kind: str, *parts: str) -> str:
    """An id that is the same for the same case, backend, mode, language and place, and differs from any other."""
    plain = re.sub(r"[^0-9A-Za-z]", "", parts[0])[:16]
    return f"{kind}-{plain}-{hashlib.sha256(chr(0).join(parts).encode('utf-8', 'replace')).hexdigest()[:8]}"


class Drawing:
    """A picture in the making. Coordinates are pixels from the upper left corner."""

    def __init__(self) -> None:
        self.width = self.height = 0.0
        self._paths: dict[str, list[str]] = {}
        self._texts: list[str] = []

    def path(self, kind: str, data: str, right: float = 0, bottom: float = 0) -> None:
        """A piece of the one path of a class; `right` and `bottom` is how far it reaches."""
        self._paths.setdefault(kind, []).append(data)
        self._reach(right, bottom)

    def line(self, kind: str, x: float, y: float, to_x: float, to_y: float) -> None:
        """A straight line."""
        end = (
            f"V{number(to_y)}" if x == to_x else f"H{number(to_x)}" if y == to_y else f"L{number(to_x)} {number(to_y)}"
        )
        self.path(kind, f"M{number(x)} {number(y)}{end}", max(x, to_x), max(y, to_y))

    def box(self, kind: str, x: float, y: float, width: float, height: float) -> None:
        """A rectangle."""
        data = f"M{number(x)} {number(y)}h{number(width)}v{number(height)}h{number(-width)}z"
        self.path(kind, data, x + width, y + height)

    def stripes(self, kind: str, x: float, y: float, width: float, height: float, falling: bool = False) -> None:
        """Slanted lines over a rectangle, rising to the right, or falling: told apart without colour."""
        step, data = 8.0, []
        offset = step / 2
        while offset < width + height:
            left, low = max(0.0, offset - height), min(offset, height)
            right, high = min(offset, width), max(0.0, offset - width)
            if falling:
                low, high = height - low, height - high
            data.append(f"M{number(x + left)} {number(y + low)}l{number(right - left)} {number(high - low)}")
            offset += step
        self.path(kind, "".join(data), x + width, y + height)

    def ring(self, kind: str, x: float, y: float, radius: float) -> None:
        """A circle."""
        r, d = number(radius), number(2 * radius)
        data = f"M{number(x - radius)} {number(y)}a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0 -{d} 0z"
        self.path(kind, data, x + radius, y + radius)

    def diamond(self, kind: str, x: float, y: float, radius: float) -> None:
        """A square on its corner."""
        r = number(radius)
        self.path(kind, f"M{number(x)} {number(y - radius)}l{r} {r}l-{r} {r}l-{r}-{r}z", x + radius, y + radius)

    def cross(self, kind: str, x: float, y: float, radius: float) -> None:
        """Two crossing lines."""
        d, r = number(2 * radius), number(radius)
        data = f"M{number(x - radius)} {number(y - radius)}l{d} {d}m-{d} 0l{d}-{d}"
        self.path(kind, data, x + float(r), y + radius)

    def arrow(self, kind: str, x: float, y: float) -> None:
        """A triangle that points down to a place."""
        self.path(kind, f"M{number(x)} {number(y)}l-5-8h10z", x + 5, y)

    def text(self, x: float, y: float, words: str, kind: str = "", anchor: str = "") -> None:
        """One text; `anchor` is where its `x` is: at its start, `middle` or `end`."""
        if not words:
            return
        self._texts.append(
            f'<text{_classes(kind, anchor)} x="{number(x)}" y="{number(y)}">{escape(safe(words))}</text>'
        )
        reach = {"middle": 0.5, "end": 0.0}.get(anchor, 1.0) * wide(safe(words))
        self._reach(x + reach, y + 4)

    def row(self, y: float, words: Iterable[tuple[float, str]], kind: str = "n") -> None:
        """Short texts beside each other, each around its x."""
        found = [(x, word) for x, word in words if word]
        spans = "".join(f'<tspan x="{number(x)}">{escape(safe(word, 16))}</tspan>' for x, word in found)
        if spans:
            self._texts.append(f'<text{_classes(kind, "middle")} y="{number(y)}">{spans}</text>')
            self._reach(max(x for x, _ in found) + 8, y + 3)

    def legend(self, y: float, items: Sequence[tuple[str, str]], left: float = 0) -> None:
        """What the marks mean, from left to right and then downwards: names of marks (see `_mark`) and words."""
        x, widest = left, max(self.width, 420.0)
        for mark, words in items:
            room = wide(words) + 36
            if x > left and x + room > min(widest, WIDEST):
                x, y = left, y + 20
            self._mark(mark, x + 1, y)
            self.text(x + 20, y + 11, words, "s")
            x += room

    def _mark(self, mark: str, x: float, y: float) -> None:
        middle, centre = x + 7, y + 7
        match mark.split():
            case ["ring"]:
                self.ring("e", middle, centre, 4)
            case ["diamond"]:
                self.diamond("a", middle, centre, 4)
            case ["arrow"]:
                self.arrow("k", middle, y + 11)
            case ["cross", kind]:
                self.cross(kind, middle, centre, 4)
            case ["circle", kind]:
                self.ring(kind, middle, centre, 4)
            case ["dot"]:
                self.row(y + 12, [(middle, "·")])
            case [*boxes]:
                self.cell(boxes, x, y, 14)

    def cell(self, kinds: Sequence[str], x: float, y: float, size: float) -> None:
        """A cell of several classes, one over the other; `/` and `\\` before a class draw it as stripes."""
        for kind in kinds:
            if kind[0] in "/\\":
                self.stripes(kind[1:], x, y, size, size, kind[0] == "\\")
            else:
                self.box(kind.replace("+", " "), x, y, size, size)

    def _reach(self, right: float, bottom: float) -> None:
        self.width, self.height = max(self.width, right), max(self.height, bottom)

    def figure(self, ident: str, title: str, described: Sequence[str], notes: Sequence[str] = ()) -> Markup:
        """The picture with its title (which is seen above it), a description (which is not), and notes beneath."""
        order = sorted(self._paths, key=lambda kind: kind in LAST)
        shapes = "".join(f'<path class="{kind}" d="{"".join(self._paths[kind])}"/>' for kind in order)
        width, height = math.ceil(self.width) + 2, math.ceil(self.height) + 2
        telling = safe(" ".join(part if part.endswith((".", "。")) else f"{part}." for part in described), _DESCRIPTION)
        notes_text = " · ".join(map(safe, notes))
        return Markup(
            f'<figure class="picture"><figcaption>{escape(safe(title, 160))}'
            + (f"<small>{escape(notes_text)}</small>" if notes_text else "")
            + f'</figcaption><svg class="pic" role="img" aria-labelledby="{ident}-t {ident}-d" '
            f'viewBox="-1 -1 {width} {height}" width="{width}" height="{height}">'
            f'<title id="{ident}-t">{escape(safe(title, 160))}</title><desc id="{ident}-d">{escape(telling)}</desc>'
            f"{shapes}{''.join(self._texts)}</svg></figure>"
        )


def _classes(kind: str, anchor: str) -> str:
    names = f"{kind} {'' if not anchor else 'mid' if anchor == 'middle' else 'end'}".strip()
    return f' class="{names}"' if names else ""
