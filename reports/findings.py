"""The pages of what was found, one per framework, in Markdown: every contradicted claim, and every other difference.

Frozen findings go in, with what their scripts printed outside of the suite; the text of a page comes out. Whatever a
framework wrote is escaped by `reports.text`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from reports import text
from reports.tables import Example

SCRIPT = 6000  # characters; a longer one is not printed, but named by its command


@dataclass(frozen=True)
class Seen:
    """What a script did in the environment of one backend, outside of the suite.

    `word` is `reproduced` or `not reproduced`; `run` where a script cannot tell, but shows what the finding speaks of.
    """

    backend: str
    ended: str
    printed: str
    word: Literal["reproduced", "not reproduced", "run"]


@dataclass(frozen=True)
class Finding:
    """One entry of a page: a statement or a symptom, on which backends, with its smallest case and its reproduction."""

    title: str
    zh: str
    id: str
    sources: str
    backends: tuple[str, ...]
    example: Example
    script: str
    seen: tuple[Seen, ...]


@dataclass(frozen=True)
class Section:
    """Findings of one kind."""

    title: str
    words: str
    findings: tuple[Finding, ...]


def page(title: str, command: str, headlines: Sequence[str], sections: Sequence[Section]) -> str:
    """One page: what it is and how it was made, the headlines, and the sections."""
    blocks = [
        f"# {title}",
        (
            f"Made by `{command}`; do not edit. Every script needs the framework and NumPy only, and was run by the "
            "interpreter of the backend, outside of the suite; it exits 1 while the difference is there."
        ),
        "\n".join(f"- {text.prose(line)}" for line in headlines),
    ]
    for section in sections:
        blocks += [f"## {section.title} ({len(section.findings)})", section.words]
        for number, finding in enumerate(section.findings, 1):
            blocks += _finding(number, finding)
    return "\n\n".join(block for block in blocks if block) + "\n"


def _finding(number: int, finding: Finding) -> Iterator[str]:
    yield f"### {number}. {text.statement(finding.title)}"
    yield text.statement(finding.zh) if finding.zh else ""
    facts = [
        ("Claim", text.code(finding.id)),
        ("Stated in", text.prose(finding.sources)),
        ("Seen on", "; ".join(map(text.prose, finding.backends))),
        *_example(finding.example),
    ]
    yield "\n".join(f"- {name}: {value}" for name, value in facts if value)
    for seen in finding.seen:
        word = seen.word.replace("not", "**not**")
        yield f"Outside of the suite, {text.prose(seen.backend)}: {word}, {text.prose(seen.ended)}."
        yield _block(seen.printed) if seen.printed else ""
    if finding.script and len(finding.script) <= SCRIPT:
        yield f"<details><summary>Script</summary>\n\n{_block(finding.script, 'python')}\n\n</details>"
    elif finding.script:
        yield f"The script is long; print it with `conformance show RUN {finding.example.case} --script`."


def _example(item: Example) -> Iterator[tuple[str, str]]:
    yield "Smallest case", f"`{item.case}`" + (f", {text.prose(item.mode)} mode" if item.mode else "")
    yield "Call", text.code(item.call)
    yield "Other call", text.code(item.other)
    yield "Expected", _with(item.expected, item.expected_text)
    yield "Actual", _with(item.actual, item.actual_text)
    yield "Difference", text.prose(item.difference)
    yield "Check", text.prose(item.detail)


def _with(words: str, more: str) -> str:
    return text.prose(words) + (f": {text.code(more, 600)}" if more else "")


def _block(content: str, language: str = "text") -> str:
    """A fenced block that its content cannot end."""
    fence = "```"
    while fence in content:
        fence += "`"
    return f"{fence}{language}\n{text.clean(content.rstrip())}\n{fence}"
