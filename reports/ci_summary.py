"""A run in short, as GitHub's Markdown: for the summary of a job, and for a comment on a pull request.

A summary, and a difference to a base run if there is one, go in; text comes out. What decides comes first: headlines,
what is new, what changed, and only then what is known. The whole report is elsewhere, and the text says where.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reports import text
from reports.ci_findings import Found, found, sorted_out
from reports.difference import RunDifference
from reports.difference_runs import FAILED
from reports.html import NAME as REPORT
from reports.markdown_fit import fitted
from reports.markdown_page import Page, table
from reports.summary import Summary

NAME = "summary.md"
ROOM = 1024 * 1024  # bytes that GitHub takes as the summary of a step
COMMENT = 65_536  # and in a comment
LEAST = 4096  # bytes without which a summary says too little to be worth adding
# Characters a text may have and findings a table may show; the next pair is for a text that gets too large.
LIMITS = ((400, 100), (200, 40), (120, 20), (60, 10))

_ADDRESS = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~-]+)*")
_HEADS = ("Finding", "Verdict", "Backend", "What", "Fails iff", "Failing", "Smallest call")


@dataclass(frozen=True)
class Whole:
    """Where the whole report is: its file, and the address of the artefacts that hold it, if there are any."""

    file: str = REPORT
    link: str = ""


def render(summary: Summary, *, base: RunDifference | None = None, whole: Whole = Whole(), room: int = ROOM) -> str:
    """The text, of at most `room` bytes."""
    rows = found(summary)
    blocks: list[str] = []
    for limit, most in LIMITS:
        blocks = [block for block in _blocks(Page(summary, limit, most), rows, base, whole) if block]
        if sum(len(block.encode()) + 2 for block in blocks) <= room:
            break
    return fitted(blocks, room)


def write(folder: Path, summary: Summary, *, base: RunDifference | None = None, whole: Whole = Whole()) -> Path:
    """Write `summary.md`, which fits into a comment, into a folder; the path of the file."""
    path = folder / NAME
    path.write_text(render(summary, base=base, whole=whole, room=COMMENT), encoding="utf-8", newline="\n")
    return path


def append(path: Path, render: Callable[[int], str]) -> None:
    """Add a text to a file, within what that still has room for. OSError where it cannot be written.

    `render` makes the text, of at most so many bytes.
    """
    left = ROOM - (path.stat().st_size if path.exists() else 0)
    if left < LEAST:
        raise OSError(f"it has {ROOM - left:,} bytes already, of {ROOM:,} that are taken")
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(render(left))


def artefacts(environment: Mapping[str, str]) -> str:
    """The address of the artefacts of the workflow run that these variables describe, or nothing."""
    names = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")
    server, repository, number = (environment.get(name, "") for name in names)
    address = f"{server}/{repository}/actions/runs/{number}"
    return f"{address}#artifacts" if repository and number and _ADDRESS.fullmatch(address) else ""


def _blocks(page: Page, rows: tuple[Found, ...], base: RunDifference | None, whole: Whole) -> Iterator[str]:
    summary = page.summary
    new, known = [row for row in rows if not row.known], [row for row in rows if row.known]
    sure = sorted_out(summary)
    yield f"# Conformance: {_verdict(len(new), len(known), sure)}"
    yield from (f"> **Note.** {page.prose(notice)}" for notice in summary.notices)
    yield "\n".join(f"- {page.prose(backend.headline)}" for backend in summary.backends)
    yield _where(page, whole)
    if new:
        yield "## New findings" if sure else "## Differing executions, not told apart into known and new"
        yield _findings(page, new)
        yield page.rest(new)
        command = f"conformance show {summary.runfile.path.name} FINDING"
        yield f"To see one whole, with its script: {page.code(command)}."
    if base is not None:
        yield from _since(page, base)
    if known:
        yield "## Known findings"
        rest = f"\n\n{page.rest(known)}" if page.rest(known) else ""
        head = text.counted(len(known), "finding that the ledger knows", "findings that the ledger knows")
        yield f"<details><summary>{head}</summary>\n\n{_findings(page, known)}{rest}\n\n</details>"


def _verdict(new: int, known: int, sure: bool) -> str:
    if not sure:
        return f"incomplete, {text.counted(new, 'kind of difference', 'kinds of differences')} so far"
    if not new and not known:
        return "no differences"
    return f"{text.counted(new, 'new finding')}, {known:,} known"


def _where(page: Page, whole: Whole) -> str:
    artefacts = f", which [the artefacts of this run]({whole.link}) hold if they were kept" if whole.link else ""
    return f"Full report: {page.code(whole.file)}{artefacts}."


def _findings(page: Page, rows: list[Found]) -> str:
    return table(
        [*_HEADS, "Known as"] if rows[0].known else _HEADS,
        (
            [page.code(row.id), page.prose(row.verdict or "compared"), page.label(row.backend), page.prose(row.title)]
            + [page.code(row.rule), f"{row.support:,}", page.code(row.call)]
            + ([page.code(row.known)] if row.known else [])
            for row in rows[: page.most]
        ),
        aligned=False,
    )


def _since(page: Page, base: RunDifference) -> Iterator[str]:
    """What changed since the base run, the new and the gone before what only looks otherwise."""
    held = base.findings
    moved = [row for row in base.claims if row.compared and FAILED & {row.old, row.new}]
    yield "## Since the base run"
    yield f"Base: {page.code(base.old.path)}, {page.prose(base.old.started)}. {page.prose(base.conclusion)}"
    if base.same:
        yield "Nothing changed."
        return
    counts = [
        ("Findings that are new", len(held.new)),
        ("Findings that are gone", len(held.gone)),
        ("Findings that changed", sum(change.matters for change in held.changed)),
        ("Executions with another verdict", sum(row.count for row in base.verdicts)),
        ("Claims that stand elsewhere", len(moved)),
    ]
    yield table(["What", "How many"], [(what, f"{count:,}") for what, count in counts], aligned=False)
    rows = [
        [state, page.code(item.finding.id), page.label(item.finding.backend), page.prose(item.finding.title)]
        for state, items in (("**new**", held.new), ("gone", held.gone))
        for item in items
    ]
    yield table(["", "Finding", "Backend", "What"], rows[: page.most], aligned=False)
    yield page.rest(rows)
    claims = [
        [page.code(row.claim), page.label(row.new_backend), f"{row.old} → **{row.new}**", page.statement(row.en)]
        for row in moved
    ]
    yield table(["Claim", "Backend", "Was → is", "Statement"], claims[: page.most], aligned=False)
    yield page.rest(claims)
    yield f"All of it: {page.code(f'conformance diff {base.old.path} {base.new.path}')}."
