"""The pages of what was found, one per framework, in Markdown: every finding, and what fails no run.

Findings go in, with what their scripts printed outside of the suite; the text of a page comes out. Whatever a
framework wrote is escaped by `reports.text`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports import text
from reports.findings import checked
from reports.issue_text import block
from reports.reading import RunFile
from reports.record import ClaimLine, Finding
from reports.states import State

SCRIPT = 6000  # characters; a longer one is not printed, but named by its command
PRINTED = 4000
MOST_CLAIMS = 8

BESIDE: tuple[tuple[State, str, str], ...] = (
    (
        "document",
        "Documents that are wrong about themselves",
        "A ruling overrules these statements, so that no verdict counts them.",
    ),
    (
        "advice",
        "Advice not followed",
        "No document promises this; users would be better off with it.",
    ),
)


@dataclass(frozen=True)
class Section:
    """Entries of one kind, each as its blocks of Markdown."""

    title: str
    words: str
    entries: tuple[tuple[str, ...], ...]


def contradicted(findings: Sequence[Finding], loaded: RunFile) -> Section:
    """The section of the differences; a difference that several backends show is one entry."""
    by_id: dict[str, list[Finding]] = {}
    for item in findings:
        by_id.setdefault(item.id, []).append(item)
    return Section(
        "Differences from the documentation",
        (
            "Each is what shares one cause: what the documentation states, what the backend does, and the rule over "
            "the arguments that tells when. A rule is held against fresh cases, half of them inside of it: precision "
            "is the part of those inside that fail, recall the part of the failing ones that are inside."
        ),
        tuple(tuple(_entry(items, loaded)) for items in by_id.values()),
    )


def beside(title: str, words: str, findings: Sequence[Finding], loaded: RunFile) -> Section:
    """A section of statements that fail no run."""
    by_claim: dict[str, list[Finding]] = {}
    for item in findings:
        by_claim.setdefault(item.claims[0], []).append(item)
    return Section(title, words, tuple(tuple(_entry(items, loaded)) for items in by_claim.values()))


def page(title: str, headlines: Sequence[str], sections: Sequence[Section]) -> str:
    """One page: what it is and how it was made, the headlines, and the sections."""
    blocks = [
        f"# {title}",
        (
            "Made by `conformance findings RUN --to docs/findings`; do not edit. Every script needs the framework and "
            "NumPy only, and was run by the interpreter of the backend, outside of the suite; it exits 1 while the "
            "difference is there."
        ),
        "\n".join(f"- {text.prose(line)}" for line in headlines),
    ]
    for section in sections:
        blocks += [f"## {section.title} ({len(section.entries)})", section.words]
        for number, (head, *rest) in enumerate(section.entries, 1):
            blocks += [f"### {number}. {head}", *rest]
    return "\n\n".join(part for part in blocks if part) + "\n"


def _entry(items: Sequence[Finding], loaded: RunFile) -> Iterator[str]:
    first, claims = items[0], {claim.id: claim for claim in loaded.run.claims}
    stated = [claims[name] for name in first.claims if name in claims]
    yield text.statement(first.title) if not first.id else text.prose(first.title)
    zh = [claim.zh for claim in stated[:1]] if not first.id else []
    yield from map(text.statement, zh)
    yield "\n".join(f"- {name}: {value}" for name, value in _facts(items, stated, loaded) if value)
    for item in items:
        if item.shown is not None:
            word = item.shown.word.replace("not", "**not**")
            yield f"Outside of the suite, {text.prose(item.backend)}: {word}, {text.prose(item.shown.ended)}."
            yield block(item.shown.printed, limit=PRINTED) if item.shown.printed else ""
    if first.script and len(first.script) <= SCRIPT:
        yield f"<details><summary>Script</summary>\n\n{block(first.script, 'python', SCRIPT)}\n\n</details>"
    elif first.script:
        yield f"The script is long; print it with `conformance show RUN {first.id or first.smallest} --script`."


def _facts(items: Sequence[Finding], stated: Sequence[ClaimLine], loaded: RunFile) -> Iterator[tuple[str, str]]:
    first = items[0]
    titles = {document.key: document.title for document in loaded.run.documents}
    if first.id:
        yield "Finding", text.code(first.id) + (f", known as {text.code(first.known)}" if first.known else ", new")
    for claim in stated[:1] if first.id else ():
        yield "Documented", f"{text.statement(claim.en)} {text.statement(claim.zh)}"
    yield "Claims", ", ".join(text.code(name) for name in first.claims[:MOST_CLAIMS]) + _more(first.claims)
    places = [(titles.get(key, key), place) for claim in stated[:1] for key, place in claim.sources]
    yield "Stated in", text.prose("; ".join(f"{title}, {place}" if place else title for title, place in places))
    for item in items:
        yield "Seen on", text.prose(_seen(item))
    if first.id:
        yield "Rule", text.code(f"fails iff {first.rule}") if first.rule else "no rule tells these cases from others"
    for item in items:
        if item.tried is not None:
            yield "Fresh cases", text.prose(f"{item.backend}: {checked(item)}")
    yield "Smallest case", text.code(first.minimal_call)
    yield "Nearest case that passes", text.code(first.passing_call)
    yield "Expected", text.prose(first.expected)
    yield "Actual", text.prose(first.actual)
    yield "Reason", text.prose(first.reason)


def _seen(item: Finding) -> str:
    if not item.id:
        return f"{item.backend} ({item.support} checks failed, {item.against} held)"
    modes = f", {', '.join(item.modes)}" if item.modes else ""
    return f"{item.backend}{modes}: {item.support} failing executions follow the rule, {item.against} passing ones do"


def _more(names: Sequence[str]) -> str:
    return f" and {len(names) - MOST_CLAIMS} more" if len(names) > MOST_CLAIMS else ""
