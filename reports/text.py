"""Texts that frameworks and run files bring in, made fit to print, and the small words of every report.

Whatever a framework wrote goes through `clean` and `cap` before a reader sees it: no terminal sequence, no control
character and no invisible direction mark survives, and nothing is longer than a reader would read. Escaping for HTML
is Jinja's; escaping for Markdown is `prose` and `code` here.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from reports.record import BackendLine, Difference, Side

LIMIT = 2000

# How the frameworks write their own names; any other is shown as it stands.
_NAMES = {"torch": "PyTorch", "mindspore": "MindSpore", "oneflow": "OneFlow", "numpy": "NumPy reference"}
# What a number of executions did, in the singular and the plural.
_DID: dict[str, tuple[str, str]] = {
    "conforms": ("conforms", "conform"),
    "differs": ("differs", "differ"),
    "rejects-valid": ("refuses a valid call", "refuse a valid call"),
    "accepts-invalid": ("accepts an invalid call", "accept an invalid call"),
    "wrong-error": ("raises another error than documented", "raise another error than documented"),
    "undocumented": ("is not documented", "are not documented"),
    "unsupported": ("is unsupported, as documented", "are unsupported, as documented"),
    "crashed": ("crashed", "crashed"),
    "timed-out": ("timed out", "timed out"),
    "unstable": ("is unstable", "are unstable"),
}
# What a number of claims are, beside those that hold, in the singular and the plural.
_ARE: dict[str, tuple[str, str]] = {
    "contradicted": ("contradicted", "contradicted"),
    "document": ("contradicted where a ruling overrules the document",) * 2,
    "advice": ("piece of advice not followed", "pieces of advice not followed"),
    "unchecked": ("not checked", "not checked"),
    "unavailable": ("unavailable on this device", "unavailable on this device"),
    "not exercised": ("not exercised", "not exercised"),
}

COVERED = (
    "How much of each API's documentation and of its documented domain this run reaches. Checked are the claims that "
    "were held against at least one outcome of this run on the backend, whether they held or not."
)
MEASURED = (
    "No document promises any of this, and nothing of it is a verdict: it says what the numbers of a backend rest on. "
    "Accumulation is the precision in which it adds, apart from the rounding of its result. The sign of a zero is held "
    "against a sum that begins at +0. Subnormal numbers may be kept or taken for zero. The margin is the largest part "
    "that was used of the error that adding in the element type allows for."
)
UNMEASURED = "Nothing was measured in this run: it holds no cases made for it, or did not come to its end."

_ANSI = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # OSC, DCS: titles, links
    r"|\x1b[ -/]*[0-~]"
)
_LINE_ENDS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
# Characters that mean something to a Markdown renderer, or start a link or a mention on GitHub.
_MARKDOWN = re.compile(
    r"[\\`*\[\]<>&|~$#]|@(?=\w)|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|(?<=:)//|(?<=[wW]{3})\.|^[-+=](?=\s|$)"
)
_TICKED = re.compile(r"`([^`\n]+)`")


def clean(text: str) -> str:
    """A text without terminal sequences, with control, direction and other invisible characters made visible."""
    if text.isprintable():
        return text
    text = _LINE_ENDS.sub("\n", _ANSI.sub("", text))
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character.isprintable() or character in "\n\t":
        return character
    if unicodedata.category(character) == "Zs":
        return " "
    return f"‹U+{ord(character):04X}›"


def cap(text: str, limit: int = LIMIT) -> str:
    """At most `limit` characters of a text, with a note that says how many are left out."""
    return text if len(text) <= limit else f"{text[:limit]} … ({len(text) - limit:,} more characters)"


def fit(text: str, limit: int = LIMIT) -> str:
    """A text cleaned and capped, in a time that a text of megabytes does not lengthen."""
    head = clean(text[: 4 * limit])
    if len(text) <= 4 * limit:
        return cap(head, limit)
    shown = head[:limit]
    return f"{shown} … ({len(text) - len(shown):,} more characters)"


def one_line(text: str) -> str:
    """A text with its line ends and runs of spaces made single spaces."""
    return " ".join(text.split())


def prose(text: str, limit: int = LIMIT) -> str:
    """A text for Markdown, one line, in which nothing is markup; safe in a cell of a table."""
    return _MARKDOWN.sub(lambda found: "".join(f"&#{ord(mark)};" for mark in found[0]), one_line(fit(text, limit)))


def code(text: str, limit: int = LIMIT) -> str:
    """A text as code in Markdown, one line; safe in a cell of a table."""
    text = one_line(fit(text, limit))
    if not text:
        return ""
    if not re.search(r"[`|\\]", text):
        return f"`{text}`"
    return "<code>" + re.sub(r"[^\w\s,()=]|_", lambda found: f"&#{ord(found[0])};", text) + "</code>"


def statement(text: str, limit: int = LIMIT) -> str:
    """A claim's statement for Markdown: what stands between backticks is code, the rest is prose."""
    return "".join(code(part) if ticked else prose_part(part) for ticked, part in pieces(fit(text, limit)))


def prose_part(text: str) -> str:
    """Like `prose`, but keeps the spaces at both ends."""
    inner = prose(text, len(text))
    return f"{' ' if text[:1].isspace() else ''}{inner}{' ' if inner and text[-1:].isspace() else ''}"


def pieces(text: str) -> list[tuple[bool, str]]:
    """The parts of a statement in order: whether each stood between backticks, and its text."""
    return [(index % 2 == 1, part) for index, part in enumerate(_TICKED.split(text)) if part]


def number(count: int) -> str:
    """A count with a comma between thousands."""
    return f"{count:,}"


def counted(count: int, one: str, many: str = "") -> str:
    """A count with its noun or verb in the right number: `1 claim`, `2 claims`, `1 holds`, `2 hold`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def label(backend: BackendLine) -> str:
    """What a backend is called in a sentence."""
    return f"{_NAMES.get(backend.framework, backend.framework)} {backend.version}".strip() + f" on {backend.device}"


def headline(backend: BackendLine, states: Mapping[Any, int], verdicts: Mapping[Any, int], not_run: int) -> str:
    """The one sentence on a backend: its claims by state, its executions by verdict."""
    if backend.unavailable:
        return f"{label(backend)} is unavailable, so nothing ran on it: {backend.unavailable.strip().rstrip('.')}."
    total = sum(states.values())
    claims = [f"{states['holds']:,} of {counted(total, 'claim')} {'holds' if total == 1 else 'hold'}"]
    claims += [
        counted(states[state], *are) for state, are in _ARE.items() if states.get(state) or state == "contradicted"
    ]
    executions = counted(sum(verdicts.values()), "execution")
    did = [counted(count, *_DID[verdict]) for verdict, count in verdicts.items() if count]
    executions += f": {', '.join(did)}" if did else ""
    executions += f"; {not_run:,} more could not run" if not_run else ""
    return f"{label(backend)}: {', '.join(claims) if total else 'no claims'}; {executions}."


def stated(sources: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The documents of a claim, each once, with all its places in one text."""
    places: dict[str, list[str]] = {}
    for key, place in sources:
        places.setdefault(key, []).extend([place] if place else [])
    return [(key, "; ".join(dict.fromkeys(found))) for key, found in places.items()]


def share(count: int, of: int) -> str:
    """So many of so many, with the percentage, which is never rounded up to all of them."""
    return f"{count:,} of {of:,}" + (f" ({100 * count // of}%)" if of else "")


def drift(looked_at: int, changed: int) -> str:
    """How many APIs of how many backends are documented otherwise than when their claims were written."""
    if not looked_at and not changed:
        return "No signature or docstring was looked at in this run."
    if not changed:
        seen = counted(looked_at, "signature and docstring", "signatures and docstrings")
        return f"{seen} looked at: none differs from what the claims were written from."
    return (
        f"{counted(changed, 'time')} an API is documented otherwise here than in what its claims were written from. "
        "The claims may still be right; somebody has to read the new text. What changed in a text is known by a digest."
    )


def shape(extents: Iterable[int]) -> str:
    """A shape or an index as Python writes a tuple."""
    return str(tuple(extents))


def side(what: Side) -> str:
    """What was expected, or what happened, in words; messages stand apart, see `said`."""
    if what.array is not None:
        article = "an" if what.array.dtype[:1] in "aeiou" and not what.array.dtype.startswith("uint") else "a"
        tensor = f"{article} {what.array.dtype} tensor of shape {shape(what.array.shape)}"
        if what.others:
            tensor += " with " + ", ".join(f"{name} {shape(other.shape)}" for name, other in what.others.items())
        return f"returned {tensor}" if what.what == "returned" else tensor
    if what.what in ("error", "raised"):
        words = f"raised {what.error or 'an error'}" if what.what == "raised" else what.error or "an error"
        words += f" about {what.argument}" if what.argument else ""
        return words + (f" at {what.stage}" if what.stage else "")
    return {
        "value": "a value",
        "unsupported": "unsupported, as documented",
        "described": "described its signature",
    }.get(what.what, what.what)


def said(what: Side) -> str:
    """The message and the detail of a side, on lines of their own."""
    return "\n".join(part for part in (what.message, what.detail) if part)


def difference(found: Difference | None) -> str:
    """Where two arrays first differ, with both values, and how much of them differs."""
    if found is None:
        return ""
    where = f"first difference at index {shape(found.index)}" if found.index else "difference"
    where += f" of the {found.output}" if found.output != "output" else ""
    words = f"{where}: expected {found.expected}, got {found.actual}"
    verb = "differs" if found.differing == 1 else "differ"
    words += f"; {number(found.differing)} of {counted(found.of, 'element')} {verb}"
    return words + (f", largest error {found.largest}" if found.largest else "")
