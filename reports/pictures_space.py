"""A finding → a picture of where it fails: failing and passing executions over its two most telling arguments.

Each field of the grid counts both: a cross for what fails, a circle for what passes. A heavy frame marks fields in all
of whose executions the finding's rule holds, so that a reader sees whether its border is where the failures end.
"""

from collections import defaultdict
from collections.abc import Sequence

from markupsafe import Markup

from cases.rules import Rule
from reports.comparison_language import Lang
from reports.pictures import Drawing, name, safe, wide
from reports.pictures_axes import ABSENT, OTHERS, Scale, rule_of, scales
from reports.pictures_samples import Sample, Samples
from reports.pictures_words import say
from reports.reading import RunFile
from reports.record import Finding

CELL, HIGH = 64, 38  # pixels
TOLD = 8  # fields that the description lists
WIDE = 16  # characters of a class's name


def space(
    finding: Finding, runfile: RunFile, lang: Lang = "en", place: str = "", samples: Samples | None = None
) -> Markup | None:
    """The picture; None where the run file does not hold the cases, or no argument tells anything.

    `samples` spares work where pictures of many findings of one run file are made.
    """
    sample = (samples or Samples(runfile)).of(finding)
    rule = rule_of(finding.rule)
    if not sample.failing or not sample.passing:
        return None
    axes = scales(rule, sample)
    if not axes:
        return None
    across, down = axes[0], axes[1] if len(axes) > 1 else None
    fields = _fields(sample, rule, across, down)
    drawing = Drawing()
    _draw(drawing, fields, across, down, lang)
    names = {"across": safe(across.name, 30), "down": safe(down.name, 30) if down else ""}
    title = say(lang, "space" if down else "space-one", **names)
    notes = _notes(sample, axes, lang)
    told = [*notes, *_told(fields, across, down, lang)]
    return drawing.figure(name("space", finding.id, finding.backend, finding.smallest, lang, place), title, told, notes)


def _classes(scale: Scale, lang: Lang) -> list[str]:
    return [_class(label, lang) for label in scale.classes]


def _class(label: str, lang: Lang) -> str:
    if label == ABSENT:
        return say(lang, "absent")
    if label.startswith(OTHERS):
        return say(lang, "others", count=label.removeprefix(OTHERS))
    label = safe(label)
    return label if len(label) <= WIDE else f"{label[: WIDE - 1]}…"


class _Field:
    """How many executions of one field fail and pass, and whether the rule holds for every one of them."""

    def __init__(self) -> None:
        self.failing = self.passing = 0
        self.ruled = True


_Fields = dict[tuple[int, int], _Field]


def _fields(sample: Sample, rule: Rule, across: Scale, down: Scale | None) -> _Fields:
    found: defaultdict[tuple[int, int], _Field] = defaultdict(_Field)
    for rows, fails in ((sample.failing, True), (sample.passing, False)):
        xs = across.failing if fails else across.passing
        ys = (0,) * len(rows) if down is None else down.failing if fails else down.passing
        for row, x, y in zip(rows, xs, ys, strict=True):
            field = found[x, y]
            field.failing += fails
            field.passing += not fails
            field.ruled = field.ruled and rule.holds(row)
    return found


def _draw(drawing: Drawing, fields: _Fields, across: Scale, down: Scale | None, lang: Lang) -> None:
    rows = _classes(down, lang) if down else ("",)
    columns = _classes(across, lang)
    left = 12 + max(wide(label) for label in rows)
    top = 20.0 if down else 4.0
    if down:
        drawing.text(0, 11, f"↓ {safe(down.name, 30)}", "b")
    for y, label in enumerate(rows):
        drawing.text(left - 8, top + HIGH * y + 23, label, "", "end")
        for x in range(len(columns)):
            field = fields.get((x, y), _Field())
            _field(drawing, field, left + CELL * x, top + HIGH * y)
    bottom = top + HIGH * len(rows)
    tight = any(wide(label) > CELL - 4 for label in columns)
    for x, label in enumerate(columns):
        lower = bottom + 14 + (13 if tight and x % 2 else 0)
        drawing.text(left + CELL * (x + 0.5), lower, label, "", "middle")
    bottom += 30 + (13 if tight else 0)
    drawing.text(left, bottom, f"→ {safe(across.name, 30)}", "b")
    marks = [("cross no", "failing"), ("circle ok", "passing")]
    marks += [("first", "rule")] if any(_framed(field) for field in fields.values()) else []
    drawing.legend(bottom + 12, [(mark, say(lang, key)) for mark, key in marks])


def _field(drawing: Drawing, field: _Field, x: float, y: float) -> None:
    drawing.box("g", x, y, CELL, HIGH)
    if field.failing:
        level = min(4, 1 + int(4 * field.failing / (field.failing + field.passing)))
        drawing.box(f"up t{level}", x, y, CELL, HIGH)
        drawing.cross("no", x + 14, y + (11 if field.passing else 19), 4)
        drawing.text(x + 25, y + (15 if field.passing else 23), f"{field.failing:,}", "b")
    if field.passing:
        drawing.ring("ok", x + 14, y + (27 if field.failing else 19), 4)
        drawing.text(x + 25, y + (31 if field.failing else 23), f"{field.passing:,}")
    if _framed(field):
        drawing.box("first", x + 2, y + 2, CELL - 4, HIGH - 4)


def _framed(field: _Field) -> bool:
    return field.ruled and bool(field.failing or field.passing)


def _notes(sample: Sample, axes: Sequence[Scale], lang: Lang) -> list[str]:
    counts = {"failing": f"{len(sample.failing):,}", "passing": f"{len(sample.passing):,}"}
    found = [say(lang, "counts", **counts)]
    if len(sample.failing) < sample.all_failing:
        found.append(say(lang, "failing-sampled", all=f"{sample.all_failing:,}"))
    if len(sample.passing) < sample.all_passing:
        found.append(say(lang, "sampled", all=f"{sample.all_passing:,}"))
    return [say(lang, "semicolon").join(found)]


def _told(fields: _Fields, across: Scale, down: Scale | None, lang: Lang) -> list[str]:
    """The fields with most failures, in words."""
    order = sorted(fields, key=lambda key: (-fields[key].failing, -fields[key].passing, key))
    found = []
    for x, y in order[:TOLD]:
        counts = {"failing": fields[x, y].failing, "passing": fields[x, y].passing}
        given = {"across": safe(across.name, 30), "x": _classes(across, lang)[x], **counts}
        if down:
            given |= {"down": safe(down.name, 30), "y": _classes(down, lang)[y]}
        found.append(say(lang, "cell" if down else "cell-one", **given))
    return found
