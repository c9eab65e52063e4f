"""Everything on one case of a run, for a terminal."""

import math
from collections.abc import Iterator

import numpy as np

from cases.case import Case, from_canonical
from cases.values import BadValue
from conformance.script import script
from reports.arrays import unpack
from reports.findings import checked
from reports.reading import RunFile
from reports.record import Array, Finding, Record, Side
from reports.text import clean


def show_case(loaded: RunFile, prefix: str, *, only_script: bool = False) -> str:
    """The records of a case with their checks and arrays, its counterparts, and its script."""
    found = loaded.record(prefix)
    case = from_canonical(found[0].arguments)
    if only_script:
        return script(case)
    return "\n".join(
        [
            *_head(found[0]),
            *(line for item in found for line in _record(item)),
            *_others(loaded, case.id),
            "",
            _script(case),
        ]
    )


def show_finding(loaded: RunFile, finding: Finding, *, only_script: bool = False) -> str:
    """A finding: what, when, on which cases, with its smallest case, its script and what that printed."""
    if only_script:
        if not finding.script:
            raise BadValue(f"finding {finding.id} has no script; `conformance findings {loaded.path}` makes one")
        return finding.script
    rows = (
        ("backend", f"{finding.backend} ({', '.join(finding.modes)})"),
        ("claims", ", ".join(finding.claims)),
        ("known as", f"{finding.known}: {finding.reason}" if finding.known else "not known"),
        ("fails iff", finding.rule or "always"),
        ("executions", f"{finding.support} failing, {finding.against} passing ones for which the rule holds"),
        ("fresh cases", checked(finding)),
        ("smallest", finding.minimal_call or f"case {finding.smallest}"),
        ("passes", finding.passing_call),
        ("expected", finding.expected),
        ("actual", finding.actual),
        ("cases", ", ".join(finding.cases[:20]) + (" …" if len(finding.cases) > 20 else "")),
        ("script", f"{finding.shown.word}, {finding.shown.ended}" if finding.shown else "not run"),
    )
    said = (f"finding {finding.id}", f"  {finding.title}", *(f"  {name}: {text}" for name, text in rows if text))
    printed = clean(finding.shown.printed) if finding.shown else ""
    return "\n".join([*map(clean, said), *(f"    {line}" for line in printed.splitlines()), "", finding.script])


def _script(case: Case) -> str:
    try:
        return script(case)
    except BadValue as error:
        return f"There is no script: {error}."


def _head(record: Record) -> Iterator[str]:
    yield f"case {record.case}"
    yield f"  {record.call}"
    case = from_canonical(record.arguments)
    yield f"  data: {case.data}" + (f", of case {case.origin}" if case.origin else "")


def _record(record: Record) -> Iterator[str]:
    yield ""
    yield f"{record.backend} ({record.mode}): {record.verdict}"
    yield from _side("expected", record.expected)
    yield from _side("actual", record.actual)
    if record.difference:
        found = record.difference
        yield (
            f"  first difference of {found.output} at {tuple(found.index)}: "
            f"{found.actual}, but should be {found.expected}; "
            f"{found.differing} of {found.of} differ, by {found.largest} at most"
        )
    if record.margin is not None:
        yield f"  margin: {record.margin:.3g} of the accumulation bound"
    for check in record.checks:
        note = "" if check.counts else " (does not count)"
        yield f"  {'holds       ' if check.holds else 'contradicted'} {check.claim}{note}" + (
            f": {clean(check.detail)}" if check.detail else ""
        )


def _side(name: str, side: Side) -> Iterator[str]:
    words = [
        side.what,
        side.error,
        f"at {side.stage}" if side.stage else "",
        f"({side.argument})" if side.argument else "",
    ]
    yield f"  {name}: {' '.join(word for word in words if word)}"
    for text in (side.message, side.detail):
        if text:
            yield from (f"    {line}" for line in clean(text).splitlines()[:20])
    for what, array in {"": side.array, **side.others}.items():
        if array:
            yield f"    {what}{': ' if what else ''}{array.dtype} {tuple(array.shape)}"
            yield from (f"    {line}" for line in _numbers(array))


def _numbers(array: Array) -> Iterator[str]:
    flat = unpack(array)
    if flat is None:
        return
    whole = flat.size == math.prod(array.shape)
    text = np.array2string(flat.reshape(array.shape) if whole else flat, threshold=200, max_line_width=100)
    if not whole:
        yield f"elements {array.start} to {array.start + array.count} in C order:"
    yield from text.splitlines()


def _others(loaded: RunFile, case: str) -> Iterator[str]:
    lines = [line for line in loaded.counterparts if line.case == case]
    if lines:
        yield ""
    for line in lines:
        yield f"in {line.framework}: " + (f"case {line.counterpart}" if line.counterpart else f"none: {line.reason}")
    for item in loaded.comparisons:
        if case in (item.left, item.right):
            yield (
                f"{item.left_backend} {item.left} against {item.right_backend} {item.right}: shapes {item.shapes}, "
                f"values {item.values}{f' ({item.claim})' if item.claim else ''}: {clean(item.detail)}"
            )
