"""A differing record → which inputs meet which kernel taps in one element of its output, axis by axis.

What the operator's folder tells (`cases.taps`) goes in. On every axis inputs, kernel and output stand on one ruler, in
true distance: an input lies right above the tap that it meets, so that stride, dilation and crop are seen, and a
result that was cropped elsewhere lies visibly beside the expected one. The element is the first that differs; where the
shapes differ, the first that only one side has.
"""

from collections.abc import Sequence

from markupsafe import Markup

from cases.taps import Axis
from reports.comparison_language import Lang
from reports.pictures import Drawing, name
from reports.pictures_arrays import Pair, pair
from reports.pictures_shift import MOST, Shift, shift
from reports.pictures_words import say
from reports.record import Record

WINDOW = 30  # columns of the ruler
MOST_PAIRS = 6  # told in words
STEP, CELL, LEFT, ROW = 24, 20, 70, 44  # pixels


def taps(record: Record, lang: Lang = "en", place: str = "") -> Markup | None:
    """The picture; None where the operator tells nothing of the case, or what differs is no output but a gradient."""
    found = pair(record)
    if found is None or found.taps is None or found.output != "output" or len(found.taps.axes) != found.axes:
        return None
    if any(axis.outputs != extent for axis, extent in zip(found.taps.axes, _drawn(found), strict=True)):
        return None
    moved = shift(found)
    chosen = _chosen(found)
    drawing, top, told = Drawing(), 0.0, []
    for number, (axis, output) in enumerate(zip(found.taps.axes, chosen, strict=True)):
        actual = found.actual.shape[len(found.actual.shape) - found.axes + number]
        differs = actual != axis.outputs or bool(moved and any(moved.by))
        beside = (actual, moved.by[number] if moved else 0) if differs else None
        strip = _Strip(drawing, axis, output, len(found.expected.shape) - found.axes + number, beside, lang)
        top = strip.draw(top)
        told.append(strip.told)
    drawing.legend(top, [(mark, say(lang, key)) for mark, key in _marks(found, moved)])
    notes = [*_products(found, chosen, lang), *_moved(found, moved, lang)]
    index = ", ".join(map(str, (*found.lead(found.expected), *chosen)))
    ident = name("taps", record.case, record.backend, record.mode, lang, place)
    return drawing.figure(ident, say(lang, "taps", index=index), [*told, *notes], notes)


def _drawn(found: Pair) -> tuple[int, ...]:
    return found.expected.shape[len(found.expected.shape) - found.axes :]


def _chosen(found: Pair) -> tuple[int, ...]:
    """The first differing element; where the lengths differ, the first that one side lacks."""
    if found.index:
        return found.index[-found.axes :]
    actual = found.actual.shape[len(found.actual.shape) - found.axes :]
    return tuple(min(ours, theirs) if ours != theirs else 0 for ours, theirs in zip(_drawn(found), actual, strict=True))


def _marks(found: Pair, moved: Shift | None) -> list[tuple[str, str]]:
    axes = found.taps.axes if found.taps else ()
    marks = [("uset use", "used"), ("uset first", "chosen")]
    marks += [("/h dash", "cropped-cell")] if any(sum(axis.cropped) for axis in axes) else []
    marks += [("dash", "added-cell")] if any(axis.added for axis in axes) else []
    by = moved.by if moved else (0,) * found.axes
    actual = found.actual.shape[len(found.actual.shape) - found.axes :]
    ends = [(step, theirs + step - ours) for ours, theirs, step in zip(_drawn(found), actual, by, strict=True)]
    marks += [("/hl", "missing")] if any(first > 0 or last < 0 for first, last in ends) else []
    marks += [("\\hb x", "extra")] if any(first < 0 or last > 0 for first, last in ends) else []
    return marks


def _products(found: Pair, chosen: Sequence[int], lang: Lang) -> list[str]:
    assert found.taps is not None
    count = 1
    for axis, output in zip(found.taps.axes, chosen, strict=True):
        count *= len(axis.reaching(output)) if output < axis.outputs else 0
    lead = found.lead(found.expected)
    if not lead or any(output >= axis.outputs for axis, output in zip(found.taps.axes, chosen, strict=True)):
        return []
    if not count:
        return [say(lang, "no-product")]
    channels = found.taps.channels(lead[-1])
    words = str(channels.start) if len(channels) == 1 else f"{channels.start}–{channels.stop - 1}"
    return [say(lang, "products", products=count, channels=words)]


def _moved(found: Pair, moved: Shift | None, lang: Lang) -> list[str]:
    if moved is None:
        return [] if found.alike else [say(lang, "unshifted", most=MOST)]
    if not any(moved.by):
        return [say(lang, "prefix")]
    return [
        say(lang, "shifted", shift=by, axis=len(found.expected.shape) - found.axes + place)
        for place, by in enumerate(moved.by)
        if by
    ]


class _Strip:
    """One axis of the picture."""

    def __init__(
        self, drawing: Drawing, axis: Axis, output: int, place: int, beside: tuple[int, int] | None, lang: Lang
    ) -> None:
        """`beside` is the length of the actual output and its shift, where that is to be drawn."""
        self.beside = beside
        self.drawing, self.axis, self.output, self.lang, self.place = drawing, axis, output, lang, place
        self.met = axis.reaching(output) if output < axis.outputs else ()
        begin, end = axis.cropped
        marks = [axis.column(0), axis.column(axis.inputs - 1), -begin, axis.output_step * (axis.outputs + end - 1)]
        taps = [axis.tap_column(k, output) for k in (0, axis.taps - 1)]
        if beside is not None:
            marks += [axis.output_step * min(0, beside[1]), axis.output_step * (sum(beside) - 1)]
        low, high = min(*marks, *taps), max(*marks, *taps)
        focus = (axis.output_step * output + sum(taps) // 2) // 2 - WINDOW // 2
        self.first = max(low, min(focus, high - WINDOW + 1)) if high - low >= WINDOW else low
        self.stop = min(high + 1, self.first + WINDOW)
        self.cut = high - low >= WINDOW

    @property
    def told(self) -> str:
        """The axis in words."""
        return say(self.lang, "semicolon").join([*self.facts, self.made])

    @property
    def made(self) -> str:
        """What the element is made of."""
        if self.output >= self.axis.outputs:
            made = say(self.lang, "beyond", output=self.output)
        elif not self.met:
            made = say(self.lang, "nothing", output=self.output)
        else:
            pairs = [say(self.lang, "pair", input=i, tap=k) for i, k in self.met[:MOST_PAIRS]]
            more = ["…"] if len(self.met) > MOST_PAIRS else []
            made = say(self.lang, "joined", output=self.output, pairs=say(self.lang, "comma").join(pairs + more))
        return made

    @property
    def facts(self) -> list[str]:
        """Stride, dilation and crop."""
        axis, lang = self.axis, self.lang
        stride, dilation = max(axis.input_step, axis.output_step), abs(axis.tap_step)
        begin, end = axis.cropped
        found = [say(lang, "axis", axis=self.place)]
        found.append(say(lang, "facts", stride=stride, dilation=dilation, begin=begin, end=end))
        found += [say(lang, "added", added=axis.added)] if axis.added else []
        found += [say(lang, "padded", begin=axis.padded[0], end=axis.padded[1])] if any(axis.padded) else []
        return found + ([say(lang, "window")] if self.cut else [])

    def draw(self, top: float) -> float:
        """Draw it from `top`; where it ends."""
        axis, drawing = self.axis, self.drawing
        head, *rest = self.facts
        drawing.text(0, top + 11, head, "b")
        drawing.text(LEFT, top + 11, say(self.lang, "semicolon").join(rest), "s")
        drawing.text(LEFT, top + 26, self.made)
        top += 15
        inputs, kernel, outputs = top + 22, top + 22 + ROW, top + 22 + 2 * ROW
        rows = [("input", inputs), ("kernel", kernel), ("output-row", outputs)]
        rows += [("actual-row", outputs + CELL + 6)] if self.beside is not None else []
        for key, y in rows:
            drawing.text(0, y + 14, say(self.lang, key), "s")
        used, tapped = {i for i, _ in self.met}, {k for _, k in self.met}
        start = max(-axis.padded[0], (self.first - axis.offset) // axis.input_step)
        stop = min(axis.inputs + axis.padded[1], (self.stop - axis.offset) // axis.input_step + 1)
        self._row(inputs, [(axis.column(i), i) for i in range(start, stop)], range(axis.inputs), used)
        places = [(axis.tap_column(k, self.output), k) for k in range(axis.taps)]
        self._row(kernel, places, range(axis.taps), tapped)
        for i, k in self.met:
            self._join(axis.column(i), inputs + CELL, axis.column(i), kernel)
            self._join(axis.tap_column(k, self.output), kernel + CELL, axis.output_step * self.output, outputs)
        self._outputs(outputs)
        if self.beside is not None:
            self._actual(outputs + CELL + 6, *self.beside)
        return rows[-1][1] + CELL + 22

    def _x(self, column: int) -> float:
        return LEFT + STEP * (column - self.first)

    def _join(self, column: int, y: float, to: int, to_y: float) -> None:
        if all(self.first <= place < self.stop for place in (column, to)):
            self.drawing.line("use", self._x(column) + CELL / 2, y, self._x(to) + CELL / 2, to_y)

    def _row(self, y: float, cells: Sequence[tuple[int, int]], real: range, used: set[int]) -> None:
        """Cells with their indices: those that take part stand out, those that are not real are striped."""
        shown = [(column, index) for column, index in cells if self.first <= column < self.stop]
        for column, index in shown:
            kinds = ["uset", "use"] if index in used else ["x"] if index in real else ["/h", "dash"]
            self.drawing.cell(kinds, self._x(column), y, CELL)
        words = [(self._x(column) + CELL / 2, str(index)) for column, index in shown if index in real]
        self.drawing.row(y + 13, words)

    def _outputs(self, y: float) -> None:
        axis, (begin, end) = self.axis, self.axis.cropped
        step, kept = axis.output_step, []
        for output in range(max(-begin, self.first // step), min(axis.outputs + end, self.stop // step + 1)):
            x = self._x(output * step)
            if not self.first <= output * step < self.stop:
                continue
            if not 0 <= output < axis.outputs:
                self.drawing.cell(["/h", "dash"], x, y, CELL)
                continue
            kept.append((x + CELL / 2, str(output)))
            if output == self.output:
                self.drawing.cell(["uset", "first"], x, y, CELL)
                self.drawing.arrow("k", x + CELL / 2, y - 1)
            else:
                self.drawing.cell(["dash" if output >= axis.outputs - axis.added else "x"], x, y, CELL)
        self.drawing.row(y + 13, kept)

    def _actual(self, y: float, length: int, by: int) -> None:
        """The actual output under the expected one, each element under the one whose value it has."""
        axis, words = self.axis, []
        low, high = self.first // axis.output_step, self.stop // axis.output_step + 1
        for output in range(max(low, min(0, by)), min(high, max(length + by, axis.outputs))):
            column, index = axis.output_step * output, output - by
            if not self.first <= column < self.stop:
                continue
            x = self._x(column)
            if not 0 <= index < length:
                self.drawing.cell(["/hl"], x, y, CELL)
                continue
            self.drawing.cell(["x"] if 0 <= output < axis.outputs else ["\\hb", "x"], x, y, CELL)
            if output == self.output >= axis.outputs:
                self.drawing.cell(["first"], x, y, CELL)
                self.drawing.arrow("k", x + CELL / 2, y - 1)
            words.append((x + CELL / 2, str(index)))
        self.drawing.row(y + 13, words)
