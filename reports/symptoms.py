"""A record → its symptom: what went wrong in words that are the same wherever it goes wrong in the same way.

Counters, addresses, paths, sizes, names of APIs and of arguments, and values are taken out of what frameworks write, so
that failures with one cause can be told by their symptom from those with another.
"""

import re

from cases.case import Case, from_canonical
from cases.catalogue import described
from cases.features import Feature, features
from reports.record import UNEXPECTED, Check, Record
from reports.text import clean

LONGEST = 240  # characters of a normalised message
_BREAKS = "breaks the documented "

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"0x[0-9a-fA-F]+"), "<address>"),
    (re.compile(r"(?<![\w.+/-])[\w.+-]*(?:/[\w.+-]+){2,}(?::\d+)?"), "<path>"),
    (re.compile(r"\b[\w./-]+\.(?:cc|cpp|h|py|cu)(?::\d+)?\b"), "<path>"),
    (re.compile(r"[\[(][-+\d., eE]*[\])]"), "<numbers>"),
    (re.compile(r"\b(?:torch|mindspore|oneflow)(?:\.\w+)+"), "<api>"),
    (re.compile(r"\b(?:Lazy)?Conv\w*[Tt]ranspose\w*|\b(?:de)?conv\w*(?:_transpose\w*|\dd)\b", re.ASCII), "<api>"),
    (re.compile(r"(?<![\w<])[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"), "<number>"),
    (
        re.compile(
            r"(?<![\w<])'?(?:<class )?'?(?:NoneType|None|float|int|str|bool|tuple|list|Tensor|dict|numpy\.\w+)\b'?>?"
        ),
        "<type>",
    ),
    (re.compile(r"\d{3,}|(?<=-op)\d+"), "<number>"),
    (re.compile(r"-{4,}"), ""),
    (re.compile(r"\s+"), " "),
    (re.compile(r"(?i)\b(but )?(got|received|found)\b.*"), "got <value>"),
)


def normalised(message: str, names: tuple[str, ...] = ()) -> str:
    """A framework's text without what differs between two occurrences of the same cause."""
    text = clean(message).strip().split("\n\n")[0]
    for pattern, put in _PATTERNS:
        text = pattern.sub(put, text)
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"(?<![\w<]){re.escape(name)}(?![\w>])", "<argument>", text)
    return text.strip()[:LONGEST]


def symptom(record: Record) -> str:
    """What went wrong, empty for a record in which nothing unexpected did."""
    if record.verdict not in UNEXPECTED:
        return ""
    actual = record.actual
    match record.verdict:
        case "differs":
            return _difference(record)
        case "rejects-valid":
            return f"{actual.error} at {actual.stage}: {normalised(actual.message, _names(record))}"
        case "accepts-invalid":
            return "returned"
        case "wrong-error":
            how = sorted({claim_slug(check) for check in failed(record)})
            return f"{actual.error} at {actual.stage} ({', '.join(how)}): {normalised(actual.message, _names(record))}"
        case "crashed":
            return f"{actual.error}: {normalised(_last_words(actual.message), _names(record))}"
        case "timed-out":
            return "no answer"
    return "two runs of one case differ"


def _difference(record: Record) -> str:
    expected, actual = record.expected, record.actual
    if record.arguments.get("action") != "call" or expected.array is None or actual.array is None:
        return f"statements: {', '.join(sorted({claim_slug(check) for check in failed(record)}))}"
    if actual.array.shape != expected.array.shape:
        return "shape of the output"
    if actual.array.dtype != expected.array.dtype:
        return "element type of the output"
    if record.difference is not None and record.difference.output == "output":
        return "values of the output"
    for name, wanted in expected.others.items():
        found = actual.others.get(name)
        if found is None:
            return "a gradient is missing"
        if found.dtype != wanted.dtype:
            return "element type of a gradient"
    if record.difference is not None:
        return "values of a gradient"
    return f"statements: {', '.join(sorted({claim_slug(check) for check in failed(record)}))}"


def failed(record: Record) -> tuple[Check, ...]:
    """The checks that count and failed."""
    return tuple(check for check in record.checks if check.counts and not check.holds)


def claim_slug(check: Check) -> str:
    """A claim's name without its API: the same statement has the same one on every API."""
    return check.claim.partition("/")[2]


def facts(record: Record, case: Case | None = None) -> dict[str, Feature]:
    """The features of a record: of its case and mode, and which argument breaks what, where the documents say so."""
    found = features(case or from_canonical(record.arguments), record.mode)
    expected = record.expected
    if expected.what == "error":
        found["about"] = expected.argument
        found["breaks"] = expected.detail.removeprefix(_BREAKS)
    elif expected.what == "unsupported":
        found["breaks"] = "support"
    return found


def row(record: Record) -> str:
    """What the documents say of the case: cases of one row are held against each other to tell what fails."""
    return {"error": "invalid", "unsupported": "unsupported"}.get(record.expected.what, "valid")


def _names(record: Record) -> tuple[str, ...]:
    return described(record.api).names


def _last_words(stderr: str) -> str:
    """What a dying process said of the reason: a failed check, else its last line."""
    lines = [line for line in clean(stderr).splitlines() if line.strip()]
    telling = [line for line in lines if "Check failed" in line or "Fatal Python error" in line or "what():" in line]
    return (telling or lines or [""])[0 if telling else -1]
