"""The margins of a backend → how they are distributed, by element type, with the largest marked and the bound at 1.

A margin is the part of the error bound that a result used. Zero, which integer data give, is counted apart: its column
would dwarf all others. So is what lies above the bound.
"""

from collections import defaultdict
from collections.abc import Iterable

from markupsafe import Markup

from reports.comparison_language import Lang
from reports.pictures import Drawing, name, safe, said
from reports.pictures_words import say
from reports.record import Record

BINS, MOST = 40, 12  # columns from 0 to 1; element types
STEP, LEFT, HIGH, ROW = 10, 168, 34, 62  # pixels
ZERO = 74  # room for what is exactly 0
OVER = 96  # room for what is above the bound


def margins(
    records: Iterable[Record], backend: str, lang: Lang = "en", *, label: str = "", place: str = ""
) -> Markup | None:
    """The picture of one backend, which `label` names; None where nothing of it has a margin."""
    found: defaultdict[str, list[float]] = defaultdict(list)
    for record in records:
        if record.backend == backend and record.margin is not None and record.margin >= 0:
            found[record.dtype].append(record.margin)
    if not found:
        return None
    drawing, told = Drawing(), []
    start, stop = LEFT + ZERO, LEFT + ZERO + BINS * STEP
    drawing.text(LEFT + ZERO / 2 - 8, 11, say(lang, "exact"), "n s", "middle")
    drawing.text(stop + OVER / 2, 11, say(lang, "over"), "n s", "middle")
    rows = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))[:MOST]
    for number, (dtype, values) in enumerate(rows):
        _row(drawing, 22.0 + ROW * number, dtype, values, lang)
        exact, over = values.count(0), sum(value > 1 for value in values)
        given = {"exact": f"{exact:,}", "over": f"{over:,}", "margin": said(max(values))}
        told.append(say(lang, "margin-row", dtype=safe(dtype, 20), count=f"{len(values):,}", **given))
    bottom = 22.0 + ROW * len(rows)
    drawing.line("first", stop, 16, stop, bottom - 8)
    for part in range(5):
        drawing.text(start + BINS * STEP * part / 4, bottom + 4, f"{part / 4:g}", "n s", "middle")
    drawing.text(stop + 10, bottom + 4, f"← {say(lang, 'bound')}", "n s b")
    drawing.text(start, bottom + 20, say(lang, "margin"), "s")
    title = say(lang, "margins", backend=safe(label or backend))
    return drawing.figure(name("margins", backend, lang, place), title, told)


def _row(drawing: Drawing, top: float, dtype: str, values: list[float], lang: Lang) -> None:
    start, floor = LEFT + ZERO, top + HIGH
    drawing.text(0, top + 16, safe(dtype, 20), "b")
    drawing.text(0, top + 31, say(lang, "cases", count=f"{len(values):,}"), "s")
    counts = [0] * BINS
    for value in values:
        if 0 < value <= 1:
            counts[min(BINS - 1, int(value * BINS))] += 1
    drawing.line("x", start, floor, start + BINS * STEP, floor)
    for place, count in enumerate(counts):
        if count:
            high = max(1.5, (HIGH - 4) * count / max(counts))
            drawing.box("bar", start + place * STEP + 1, floor - high, STEP - 2, high)
    drawing.text(LEFT + ZERO / 2 - 8, floor - 8, f"{values.count(0):,}", "", "middle")
    over, largest = sum(value > 1 for value in values), max(values)
    if over:
        drawing.cross("no", start + BINS * STEP + 18, floor - 12, 5)
        drawing.text(start + BINS * STEP + 30, floor - 8, f"{over:,}", "b")
        drawing.text(start + BINS * STEP + 10, floor + 11, say(lang, "largest", margin=said(largest)), "n")
    elif largest:
        x = start + largest * BINS * STEP
        drawing.arrow("k", x, floor - 2 - (HIGH - 4) * counts[min(BINS - 1, int(largest * BINS))] / max(counts))
        drawing.text(x + 8, floor - 10, say(lang, "largest", margin=said(largest)), "n")
