"""The sections of the Markdown report that list and count: all claims, what was not checked, coverage, the run itself.

Each function takes a page and gives the blocks of one section.
"""

from collections.abc import Iterator
from itertools import groupby

from reports import text
from reports.coverage import COLUMNS
from reports.markdown_page import Page, table
from reports.record import BackendLine


def claims(page: Page) -> Iterator[str]:
    """The ledger: every claim with its state on each backend."""
    yield "## All claims"
    for api, held in page.summary.ledger().items():
        backends = {name: label for name, label in page.labels.items() if any(name in found for found in held.values())}
        rows = []
        for claim in (claim for claim in page.run.claims if claim.api == api):
            found = held[claim.id]
            notes = f"<br>Not checked: {page.prose(claim.unchecked)}" if claim.unchecked else ""
            what = f"{page.statement(claim.en)}<br>{page.statement(claim.zh)}{notes}"
            states = [page.prose(found[name].label) if name in found else "" for name in backends]
            slug = page.code(claim.id.removeprefix(f"{api}/"))
            rows.append([slug, what, page.sources(*found.values()), *states])
        if rows:
            yield f"### {page.code(api)}"
            yield table(["Claim", "Statement", "Document and place", *backends.values()], rows, aligned=False)


def unmet(page: Page) -> Iterator[str]:
    """Claims that were not checked, by reason."""
    yield "## Claims that were not checked"
    yield "" if page.summary.unmet else "Every claim was held against at least one outcome on each backend."
    for row in page.summary.unmet:
        left, lines = page.most, []
        for api, held in row.claims.items():
            slugs = ", ".join(page.code(claim.id.removeprefix(f"{api}/")) for claim in held[: max(left, 0)])
            lines += [f"  - {page.code(api)}: {slugs}"] if slugs else []
            left -= len(held)
        word = "not checked by the suite" if row.state == "unchecked" else row.state
        head = f"- **{text.counted(row.count, 'claim')} {word}**: {page.prose(row.reason)}"
        rest = [f"  - {-left:,} more are left out here; the run file has them all."] if left < 0 else []
        yield "\n".join([head, *lines, *rest])


def measured(page: Page) -> Iterator[str]:
    """What no document promises, but was measured."""
    yield "## Measured properties"
    yield text.MEASURED if page.summary.measured else text.UNMEASURED
    for backend, rows in groupby(page.summary.measured, key=lambda row: row.backend):
        yield f"### {page.label(backend)}"
        cells = [
            [page.prose(x) for x in (row.name, row.dtype, row.mode)]
            + [
                ", ".join(map(page.code, row.apis)) or "all that were run",
                page.prose(row.value),
                page.prose(row.detail),
            ]
            for row in rows
        ]
        headers = ["Property", "Element type", "Mode", "APIs", "Value", "Seen"]
        yield table(headers, cells[: page.most], aligned=False)
        yield page.rest(cells)


def verdicts(page: Page) -> Iterator[str]:
    """Executions by backend, mode and verdict."""
    yield "## Verdicts"
    words = page.summary.verdicts()
    rows = [
        [page.label(tally.backend), page.prose(tally.mode), *(f"{tally.count(verdict):,}" for verdict in words)]
        + [f"{tally.records:,}"]
        + ["" if m is None else f"{m:.3g}" for m in (tally.median_margin, tally.largest_margin)]
        for tally in page.summary.tallies
    ]
    yield table(["Backend", "Mode", *words, "All", "Median margin", "Largest margin"], rows)


def coverage(page: Page) -> Iterator[str]:
    """How much of the documentation and of the documented domain the run reaches."""
    yield "## Coverage"
    yield text.COVERED
    rows = [
        [page.code(row.api), page.label(row.backend), f"{row.stated:,}", f"{row.checked:,}"]
        + [f"{row.count(state):,}" for state in COLUMNS]
        for row in page.summary.covered
    ]
    yield table(["API", "Backend", "Claims stated", "Checked", *COLUMNS.values()], rows)
    rows = []
    for line in page.summary.coverage:
        own = line.domain
        domain = [str(own.valid), str(own.invalid), f"{own.covered:,} of {own.tuples:,}"] if own else ["", "", ""]
        rows.append([page.code(line.api), text.share(line.checked, line.stated), f"{line.exercised:,}", *domain])
    headers = ["API", "Claims checked by the suite", "Exercised", "Valid cases", "Invalid cases"]
    yield table([*headers, "Combinations covered"], rows)


def documents(page: Page) -> Iterator[str]:
    """What the claims are taken from, and which side the reference takes where documents disagree."""
    yield "## Rulings and documents"
    rulings = [[page.code(r.id), f"{page.statement(r.en)}<br>{page.statement(r.zh)}"] for r in page.run.rulings]
    yield table(["Ruling", "What it says"], rulings, aligned=False)
    rows = [[page.prose(x) for x in (d.title, d.language, d.version)] for d in page.run.documents]
    yield table(["Document", "Language", "Documents version"], rows, aligned=False)


def header(page: Page) -> Iterator[str]:
    """What was run, on what, with what."""
    run, end = page.run, page.summary.runfile.end
    yield "## This run"
    facts = {
        "Suite": page.prose(f"conformance {run.suite}" + (f", commit {run.commit}" if run.commit else "")),
        "Command": page.code(" ".join(run.command)),
        "Seed and strength": f"seed {run.seed}, strength {run.strength}",
        "Started": page.prose(run.started),
        "Ended": "no end line: cut short, or still going on",
    }
    if end is not None:
        facts["Ended"] = (
            f"after {end.seconds:.1f} s{', interrupted' if end.interrupted else ''}: "
            f"{text.counted(end.records, 'record')}, "
            f"{text.counted(end.executions, 'execution')} with confirmations, exit code {end.exit_code}"
        )
        facts["Planted fault"] = page.prose(end.canary) or "not tried"
    facts |= {page.prose(key): page.prose(value) for key, value in run.machine.items()}
    yield "\n".join(f"- {key}: {value}" for key, value in facts.items())
    headers = ["Backend", "Framework", "Version", "Device", "Capability", "Python", "Modes", "Threads", "Packages"]
    yield table(headers, [_backend(page, line) for line in run.backends], aligned=False)


def _backend(page: Page, line: BackendLine) -> list[str]:
    packages = line.unavailable or ", ".join(f"{name} {version}" for name, version in line.packages.items())
    modes = ", ".join(line.modes) or line.mode
    missing = [f"no {mode} mode: {reason}" for mode, reason in line.missing_modes.items()]
    cells = (line.framework, line.version, line.device, line.capability, line.python)
    return [
        page.code(line.name),
        *map(page.prose, cells),
        "<br>".join(map(page.prose, filter(None, [modes, *missing]))),
        str(line.threads),
        page.prose(packages),
    ]
