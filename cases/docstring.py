"""A docstring taken apart: its sections, and in them what is said of each parameter; and digests of all that.

In goes a docstring as a framework prints it. The styles of Google, PyTorch and MindSpore are read: titles such as
`Args:`, `Shape:` or `Examples::` at the margin with an indented body, admonitions such as `.. warning::`, entries such
as `stride (int): …` and `- **x** (Tensor) - …`. Out come texts, for whoever compares two docstrings by eye, and
digests, which are all that this project keeps of a document. Any text can be read: what has no title belongs to the
description. The file exists because a difference should be reported with the parameter that it is about.
"""

import hashlib
import inspect
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

DESCRIPTION = "Description"
# Sections whose body is a list of what goes in, by their titles in lower case.
LISTS = frozenset({"args", "arguments", "keyword args", "keyword arguments", "parameters", "params", "inputs"})

_TITLE = re.compile(r"([A-Z][A-Za-z]*(?: [A-Za-z]+){0,3}) ?(?P<colons>::?)\s*")
# A title may have words behind it on its line only if no sentence starts like that by chance.
_KNOWN = re.compile(
    r"(Args|Arguments|Attributes|Example|Examples|Inputs|Note|Outputs|Parameters|Raises|Returns|Shape|Warning|Yields)"
    r"::?\s+(?P<rest>\S.*)"
)
_ADMONITION = re.compile(
    r"\.\. (attention|caution|danger|deprecated|error|hint|important|note|seealso|tip|versionadded|versionchanged"
    r"|warning)::(?P<rest>.*)"
)
_DIRECTIVE = re.compile(r"\.\. [\w-]+::")
_NAME = r"(?:\\?\*){0,2}[^\W\d][\w.]*"
_ENTRY = re.compile(rf"(?P<names>{_NAME}(?:\s*,\s*{_NAME})*)\s*(?=[(:])|[-*+]\s+\*\*(?P<name>{_NAME})\*\*")
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]+")
_INSTALLED = re.compile(r"[^\s'\"`(]*[/\\](?:site|dist)-packages[/\\]")


@dataclass(frozen=True)
class Parsed:
    """A docstring in parts: `sections` by title, and `parameters` by name.

    What is said of a parameter is not repeated in the section that lists it. A title that comes twice is numbered, and
    a parameter that is listed twice has both texts.
    """

    sections: Mapping[str, str]
    parameters: Mapping[str, str]


def digest(text: str) -> str:
    """16 hexadecimal digits of a text; white space, addresses and places of installation do not change them."""
    return hashlib.sha256(normal(text).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def normal(text: str) -> str:
    """The words of a text with one blank between them, without what differs from machine to machine."""
    return " ".join(_INSTALLED.sub("…/", _ADDRESS.sub("0x…", text)).split())


def parse(docstring: str) -> Parsed:
    """Take a docstring apart. Never fails; sections and texts without a word are left out."""
    kept: dict[str, str] = {}
    parameters: dict[str, str] = {}
    for title, body in _sections(docstring).items():
        rest = body
        if re.sub(r" \(\d+\)$", "", title).lower() in LISTS:
            rest, entries = _entries(body)
            for name, text in entries:
                parameters[name] = "\n".join([*([parameters[name]] if name in parameters else []), text])
        if rest.strip():
            kept[title] = rest
    return Parsed(kept, parameters)


def _sections(docstring: str) -> dict[str, str]:
    """Every section by its title, in order; the description first."""
    found: dict[str, list[str]] = {DESCRIPTION: []}
    current = DESCRIPTION
    for line in inspect.cleandoc(docstring).splitlines():
        title, rest = _title(line)
        if title:
            current = _unused(title, found)
            found[current] = [rest]
            continue
        # A line at the margin ends a section, but for directives such as `.. code-block::`, which belong to it.
        if line.strip() and not line[0].isspace() and not _DIRECTIVE.match(line):
            current = DESCRIPTION
        found[current].append(line)
    return {title: "\n".join(lines) for title, lines in found.items()}


def _title(line: str) -> tuple[str, str]:
    """The title that a line at the margin is, and the words behind it; empty where it is none."""
    if match := _TITLE.fullmatch(line):
        return match[1], ""
    if match := _KNOWN.fullmatch(line):
        return match[1], match["rest"]
    if match := _ADMONITION.fullmatch(line):
        return match[1].capitalize(), match["rest"].strip()
    return "", ""


def _unused(title: str, taken: Mapping[str, object]) -> str:
    number, name = 1, title
    while name in taken:
        number += 1
        name = f"{title} ({number})"
    return name


def _entries(body: str) -> tuple[str, list[tuple[str, str]]]:
    """What stands before the first entry of a list, and each entry with its name and its whole text."""
    head, _, tail = body.partition("\n")  # words behind the title are not indented as the list is
    before, entries = [head], list[tuple[str, list[str]]]()
    for line in textwrap.dedent(tail).splitlines():
        names = list(_names(line))
        if names:
            lines = [line]  # one text, shared by the names that stand together
            entries += [(name, lines) for name in names]
        else:
            (entries[-1][1] if entries else before).append(line)
    return "\n".join(before), [(name, "\n".join(lines)) for name, lines in entries]


def _names(line: str) -> Iterator[str]:
    """The names of the parameters that a line begins to speak of; none for a line that goes on."""
    if match := _ENTRY.match(line):
        for name in re.split(r"\s*,\s*", match["names"] or match["name"]):
            yield name.lstrip("\\*")
