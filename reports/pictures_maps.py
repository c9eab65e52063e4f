"""Two or three axes of a differing output → heat maps: expected, actual and their difference beside each other.

Three axes are slices, one row of maps each, around the first difference. Every cell holds its value where it can be
written in four characters. In the difference, cells that are equal within rounding are empty, a larger actual value is
`+`, a smaller one `−` and striped; what only one of both shapes has is striped in a way of its own.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from reports.comparison_language import Lang
from reports.pictures import Drawing, short, wide
from reports.pictures_arrays import Pair, Span, Values
from reports.pictures_words import say

CELL, TOP, LEFT, GAP = 30, 46, 26, 34  # pixels
WINDOW = {2: (8, 8), 3: (3, 4, 6)}  # elements shown of each axis


def maps(drawing: Drawing, found: Pair, lang: Lang) -> list[str]:
    """Draw the maps; what there is to say of the window."""
    spans = found.spans(WINDOW[found.axes])
    (expected, ours), (actual, theirs) = found.windows(spans)
    if not expected.size:
        drawing.text(0, 14, say(lang, "empty"))
        return []
    with np.errstate(invalid="ignore", over="ignore"):
        apart = actual - expected
    same = (expected == actual) | (np.isnan(expected) & np.isnan(actual) & (ours == 1) & (theirs == 1))
    apart[same | (np.abs(apart) <= found.rounding(expected))] = 0
    given = np.stack((expected, actual))  # one scale of shades for both
    rows, columns = spans[-2], spans[-1]
    room = max(CELL * len(columns.places), int(wide(say(lang, "difference")))) + GAP
    top = 0.0
    for depth in spans[0].places if found.axes == 3 else [None]:
        at = () if depth is None else (depth - spans[0].first,)
        if depth is not None:
            drawing.text(0, top + 11, say(lang, "slice", index=depth), "b")
            top += 18
        first = found.index[-2:] if found.index and (depth is None or found.index[-3] == depth) else ()
        held, both = (ours[at], theirs[at]), np.minimum(ours[at], theirs[at])
        panels = (
            ("expected", expected[at], given, held[0]),
            ("actual", actual[at], given, held[1]),
            ("difference", apart[at], apart, both),
        )
        for place, (key, values, scale, kept) in enumerate(panels):
            left = LEFT + place * room
            drawing.text(left, top + 11, say(lang, key), "b")
            _labels(drawing, rows, columns, left, top)
            _cells(drawing, values, scale, kept == 1, (left, top + TOP), key == "difference")
            _odd_cells(drawing, held, left, top + TOP)
            if first:
                x, y = left + CELL * (first[1] - columns.first), top + TOP + CELL * (first[0] - rows.first)
                drawing.box("first", x, y, CELL, CELL)
                drawing.arrow("k", x + CELL / 2, top + TOP - 13)
        top += TOP + CELL * len(rows.places) + 16
    drawing.legend(top - 4, [(mark, say(lang, key)) for mark, key in _marks(apart, ours, theirs, bool(found.index))])
    return list(_notes(spans, len(found.expected.shape) - found.axes, lang))


def _marks(apart: Values, ours: Values, theirs: Values, first: bool) -> Iterator[tuple[str, str]]:
    if first:
        yield "first", "first-mark"
    if (apart > 0).any():
        yield "up+t3 g", "larger"
    if (apart < 0).any():
        yield "down+t3 /hl g", "smaller"
    if ((ours == 1) & (theirs == 1) & (apart == 0)).any():
        yield "g", "equal"
    if ((ours >= 0) & (theirs < 0)).any():
        yield "/h g", "missing"
    if ((ours < 0) & (theirs >= 0)).any():
        yield "\\hb g", "extra"
    if (ours == 0).any() or (theirs == 0).any():
        yield "dash", "unknown"


def _notes(spans: Sequence[Span], first: int, lang: Lang) -> Iterator[str]:
    for axis, span in enumerate(spans, first):
        if span.cut and len(spans) == 3 and axis == first:
            yield say(lang, "slices-cut", first=span.first, last=span.stop - 1, length=span.length)
        elif span.cut:
            yield say(lang, "cut", axis=axis, first=span.first, last=span.stop - 1, length=span.length)


def _labels(drawing: Drawing, rows: Span, columns: Span, left: float, top: float) -> None:
    drawing.row(top + TOP - 3, [(left + CELL * (n + 0.5), str(place)) for n, place in enumerate(columns.places)], "n s")
    for n, place in enumerate(rows.places):
        drawing.text(left - 5, top + TOP + CELL * n + 18, str(place), "n s", "end")


def _cells(
    drawing: Drawing, values: Values, scale: Values, there: NDArray[np.bool_], corner: tuple[float, float], signed: bool
) -> None:
    """Shades of four levels, and the values."""
    left, top = corner
    finite = np.abs(scale[np.isfinite(scale)])
    largest = float(finite.max(initial=0.0)) or 1.0
    height, width = CELL * values.shape[0], CELL * values.shape[1]
    for row in range(values.shape[0] + 1):
        drawing.line("g", left, top + CELL * row, left + width, top + CELL * row)
    for column in range(values.shape[1] + 1):
        drawing.line("g", left + CELL * column, top, left + CELL * column, top + height)
    for row, line in enumerate(values):
        words = []
        for column, value in enumerate(map(float, line)):
            x, y = left + CELL * column, top + CELL * row
            if not there[row, column]:
                continue
            if np.isfinite(value) and value:
                level = f"t{min(4, 1 + int(4 * abs(value) / largest))}"
                drawing.box(f"{('up' if value > 0 else 'down') if signed else 'v'} {level}", x, y, CELL, CELL)
                if signed and value < 0:
                    drawing.stripes("hl faint", x, y, CELL, CELL)
            sign = "+" if signed and value > 0 else ""
            shown = "" if signed and not value else sign + short(value, 5 - len(sign))
            words.append((x + CELL / 2, shown or sign))
        drawing.row(top + CELL * row + 18, words)


def _odd_cells(drawing: Drawing, kept: tuple[Values, Values], left: float, top: float) -> None:
    """Cells that one of both arrays has not, or of which the run file kept nothing."""
    for (row, column), one in np.ndenumerate(kept[0]):
        other, x, y = kept[1][row, column], left + CELL * column, top + CELL * row
        if one < 0 and other < 0:
            continue
        if other < 0:
            drawing.stripes("h", x, y, CELL, CELL)
        elif one < 0:
            drawing.stripes("hb", x, y, CELL, CELL, falling=True)
        elif not (one == other == 1):
            drawing.box("dash", x + 2, y + 2, CELL - 4, CELL - 4)
