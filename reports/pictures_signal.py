"""A differing record → a picture of the expected and the actual signal, the first differing element marked.

One drawn axis: stems of both over each other, and what lies between them beneath on a scale of its own, so that a small
difference of large values is seen. Two and three: heat maps, in `reports.pictures_maps`. Batch and channel are those of
the first difference. Where the shapes differ, what only one side has is striped; `nan` and infinities are words.
"""

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from reports.comparison_language import Lang
from reports.pictures import Drawing, name, short
from reports.pictures_arrays import Pair, Span, Values, pair
from reports.pictures_maps import maps
from reports.pictures_words import say
from reports.record import Record
from reports.text import shape

LONGEST = 40  # elements of a stem plot
STEP, LEFT, HIGH, LOW = 18, 52, 120, 56  # pixels: between elements, left of them, height of both panels


def signal(record: Record, lang: Lang = "en", place: str = "") -> Markup | None:
    """The picture; None where the run file has no arrays to draw, or they differ in their element type alone."""
    found = pair(record)
    if found is None:
        return None
    drawing = Drawing()
    told = heading(found, lang, record)
    notes = stems(drawing, found, lang) if found.axes == 1 else maps(drawing, found, lang)
    where = title(found, lang)
    return drawing.figure(
        name("signal", record.case, record.backend, record.mode, lang, place), where, [*told, *notes], [*told, *notes]
    )


def title(found: Pair, lang: Lang) -> str:
    """Which output, and where in it."""
    what = say(lang, "output")
    if found.output != "output":
        what = say(lang, "gradient", role=found.output.removeprefix("gradient of "))
    lead, words = found.lead(found.expected), say(lang, "whole")
    spatial = found.output == "output" or found.output.endswith(" input")
    if spatial and len(lead) == 2:
        words = say(lang, "batch-channel", batch=lead[0], channel=lead[1])
    elif spatial and len(lead) == 1:
        words = say(lang, "channel", channel=lead[0])
    elif lead:
        words = say(lang, "index", index=", ".join([*map(str, lead), *[":"] * found.axes]))
    if found.part:
        words += say(lang, "comma") + say(lang, found.part)
    return say(lang, "signal", output=what, place=words)


def heading(found: Pair, lang: Lang, record: Record) -> list[str]:
    """The first difference, or both shapes."""
    if not found.alike:
        return [say(lang, "shapes", expected=shape(found.expected.shape), actual=shape(found.actual.shape))]
    told = record.difference
    assert told is not None
    index = ", ".join(map(str, told.index))
    words = say(lang, "first", index=index, expected=told.expected[:40], actual=told.actual[:40])
    return [words, say(lang, "differ", count=f"{told.differing:,}", of=f"{told.of:,}")]


def stems(drawing: Drawing, found: Pair, lang: Lang) -> list[str]:
    """Draw one axis; what there is to say of the window."""
    (span,) = spans = found.spans([LONGEST])
    (expected, ours), (actual, theirs) = found.windows(spans)
    if span.stop == span.first:
        drawing.text(0, 14, say(lang, "empty"))
        return []
    xs = [LEFT + STEP * (place + 0.5) for place in range(len(expected))]
    odd = not (np.isfinite(expected[ours == 1]).all() and np.isfinite(actual[theirs == 1]).all())
    top = 34 if odd else 14
    _bands(drawing, xs, top, ours, theirs)
    _panel(drawing, xs, top, expected, actual, lang)
    if odd:
        drawing.row(
            11,
            [(x, short(v)) for x, v, kept in zip(xs, expected, ours, strict=True) if kept == 1 and not np.isfinite(v)],
        )
        drawing.row(
            23,
            [(x, short(v)) for x, v, kept in zip(xs, actual, theirs, strict=True) if kept == 1 and not np.isfinite(v)],
        )
        drawing.text(LEFT - 6, 11, say(lang, "expected"), "n s", "end")
        drawing.text(LEFT - 6, 23, say(lang, "actual"), "n s", "end")
    lower = top + HIGH + 24
    drawing.row(lower - 10, _indices(xs, span), "n s")
    high = _between(drawing, xs, lower, expected, actual, found.rounding(expected), lang)
    if found.index:
        _first(drawing, xs[found.index[-1] - span.first], (top, lower), high > LOW, str(found.index[-1]))
    drawing.legend(lower + high + 6, [(mark, say(lang, key)) for mark, key in _marks(ours, theirs, bool(found.index))])
    return cuts([span], len(found.expected.shape) - 1, lang)


def cuts(spans: Sequence[Span], first: int, lang: Lang) -> list[str]:
    """What a window leaves out; `first` is the number of the first of these axes."""
    return [
        say(lang, "cut", axis=axis, first=span.first, last=span.stop - 1, length=span.length)
        for axis, span in enumerate(spans, first)
        if span.cut
    ]


def _marks(ours: Values, theirs: Values, first: bool) -> list[tuple[str, str]]:
    found = [("ring", "expected"), ("diamond", "actual")]
    found += [("arrow", "first-mark")] if first else []
    found += [("/hl g", "missing")] if ((ours >= 0) & (theirs < 0)).any() else []
    found += [("\\hb g", "extra")] if ((ours < 0) & (theirs >= 0)).any() else []
    found += [("g dash", "unknown")] if (ours == 0).any() or (theirs == 0).any() else []
    return found


def _bands(drawing: Drawing, xs: Sequence[float], top: float, ours: Values, theirs: Values) -> None:
    for x, one, other in zip(xs, ours, theirs, strict=True):
        if one >= 0 > other:
            drawing.stripes("hl", x - STEP / 2, top, STEP, HIGH)
        elif other >= 0 > one:
            drawing.stripes("hb", x - STEP / 2, top, STEP, HIGH, falling=True)
        elif not (one == other == 1):
            drawing.box("dash", x - STEP / 2 + 1, top, STEP - 2, HIGH)


def _panel(drawing: Drawing, xs: Sequence[float], top: float, expected: Values, actual: Values, lang: Lang) -> None:
    low, high = _range(expected, actual)
    drawing.box("g", LEFT, top, STEP * len(xs), HIGH)

    def level(value: float) -> float:
        return float(top + 6 + (HIGH - 12) * (high - value) / (high - low))

    drawing.line("x", LEFT, level(0), LEFT + STEP * len(xs), level(0))
    for value in sorted({low, 0.0, high}):
        if value == 0 or abs(level(value) - level(0)) > 12:
            drawing.text(LEFT - 6, level(value) + 3, short(value, 7), "n s", "end")
    for x, value in zip(xs, expected, strict=True):
        if np.isfinite(value):
            drawing.line("e", x - 1.5, level(0), x - 1.5, level(value))
            drawing.ring("e", x, level(value), 4.5)
    for x, value in zip(xs, actual, strict=True):
        if np.isfinite(value):
            drawing.line("al", x + 1.5, level(0), x + 1.5, level(value))
            drawing.diamond("a", x, level(value), 3.4)


def _between(
    drawing: Drawing, xs: Sequence[float], top: float, expected: Values, actual: Values, tiny: float, lang: Lang
) -> int:
    """The difference, on a scale of its own, if there is any; how high it is."""
    with np.errstate(invalid="ignore", over="ignore"):
        apart = actual - expected
    apart[~np.isfinite(apart) | (np.abs(apart) <= tiny)] = 0
    low, high = _range(apart, apart)
    if not apart.any():
        key = "equal" if np.isfinite(expected).all() and np.isfinite(actual).all() else "finite-equal"
        drawing.text(LEFT, top + 12, f"{say(lang, 'difference')}: {say(lang, key)}", "s")
        return 22
    drawing.box("g", LEFT, top, STEP * len(xs), LOW)
    drawing.text(LEFT, top + LOW + 13, say(lang, "difference"), "n s")

    def level(value: float) -> float:
        return float(top + 5 + (LOW - 10) * (high - value) / (high - low))

    drawing.line("x", LEFT, level(0), LEFT + STEP * len(xs), level(0))
    for value in (low, high):
        if value:
            drawing.text(LEFT - 6, level(value) + 3, ("+" if value > 0 else "") + short(value, 6), "n s", "end")
    for x, value in zip(xs, apart, strict=True):
        if value:
            drawing.box(
                "up" if value > 0 else "down", x - 4, min(level(0), level(value)), 8, abs(level(value) - level(0))
            )
    return LOW + 18


def _first(drawing: Drawing, x: float, tops: tuple[float, float], both: bool, index: str) -> None:
    """The first difference: a triangle, a frame over the panels, and its index in bold."""
    top, lower = tops
    drawing.arrow("k", x, top - 1)
    drawing.box("first", x - STEP / 2, top, STEP, HIGH)
    if both:
        drawing.box("first", x - STEP / 2, lower, STEP, LOW)
    drawing.text(x, lower - 10, index, "n b", "middle")


def _indices(xs: Sequence[float], span: Span) -> list[tuple[float, str]]:
    step = 1 if len(xs) <= 12 else 5
    return [(x, str(place)) for x, place in zip(xs, span.places, strict=True) if place % step == 0]


def _range(one: Values, other: Values) -> tuple[float, float]:
    values = np.concatenate([one[np.isfinite(one)], other[np.isfinite(other)], [0.0]])
    low, high = float(values.min()), float(values.max())
    return (low, high) if high > low else (-1.0, 1.0)
