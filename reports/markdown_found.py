"""The sections of the Markdown report on what was found: claims that do not hold, executions, comparisons, drift.

Each function takes a page and gives the blocks of one section.
"""

from collections.abc import Iterator, Sequence

from reports import text
from reports.compared import Claimed
from reports.findings import plain_title, rates
from reports.markdown_page import Page, table
from reports.states import State


def support(page: Page) -> Iterator[str]:
    """Each API on each backend."""
    yield "## Support matrix"
    yield "Of the executions with valid arguments, for which a value is documented, how many conform."
    rows = []
    for api in page.summary.apis:
        cells = [page.summary.cells.get((api, backend.line.name)) for backend in page.summary.backends]
        rows.append(
            [page.code(api)]
            + [
                "" if cell is None else cell.word + (f" ({cell.conform:,}/{cell.of:,})" if cell.of else "")
                for cell in cells
            ]
        )
    yield table(["API", *page.labels.values()], rows)


def findings(page: Page) -> Iterator[str]:
    """Failing executions by cause, what is new first."""
    found = page.summary.findings
    yield "## Findings"
    yield "" if found else "No execution differs from what is documented."
    rows = [
        [
            page.code(item.id),
            page.label(item.backend),
            page.prose(plain_title(item)),
            page.code(item.rule or "always"),
            f"{item.support:,}",
            f"{item.against:,}",
            page.prose(rates(item)),
            page.code(item.minimal_call or f"case {item.smallest}"),
            item.shown.word if item.shown else "not run",
            page.code(item.known) if item.known else "**new**",
        ]
        for item in found[: page.most]
    ]
    headers = ["Finding", "Backend", "What", "Fails iff", "Failing", "Passing", "Fresh cases", "Smallest case"]
    yield table([*headers, "Script", "Known as"], rows, aligned=False)
    yield page.rest(found)


def contradicted(page: Page) -> Iterator[str]:
    """Claims that a backend contradicts, those of overruled documents, and advice that is not followed."""
    yield from _standings(page, "Contradicted claims", "No execution contradicts a claim that counts.", "contradicted")
    yield from _standings(page, "Documents overruled", "No overruled claim was contradicted.", "document")
    none = "No advice was held against an outcome that does not follow it."
    yield from _standings(page, "Advice not followed", none, "advice")


def _standings(page: Page, title: str, none: str, state: State) -> Iterator[str]:
    found = page.summary.of(state)
    yield f"## {title}"
    yield "" if found else none
    yield from (page.standing(item) for item in found[: page.most])
    yield page.rest(found)


def differences(page: Page) -> Iterator[str]:
    """Executions that are not as documented, grouped."""
    groups = page.summary.groups
    yield "## Differing executions"
    yield "" if groups else "No execution differs from what is documented."
    for group in groups[: page.most]:
        claims = ", ".join(map(page.code, group.claims))
        head = f"- **{group.verdict}**, {page.label(group.backend)}: {text.counted(group.count, 'execution')} of "
        tail = f", contradicting {claims}" if claims else ""
        yield f"{head}{page.code(group.api)}{tail}\n{page.example(group.smallest)}"
    yield page.rest(groups)


def comparison(page: Page) -> Iterator[str]:
    """Backends held against each other, and against themselves."""
    summary = page.summary
    yield "## Comparison between frameworks"
    yield "" if summary.pairs else "No counterparts were compared in this run."
    headers = ["From", "To", "Pairs compared", "Equal shapes", "Equal values", "Different", "Missing"]
    yield table(
        headers,
        (
            [page.label(pair.left), page.label(pair.right)]
            + [f"{n:,}" for n in (pair.compared, pair.equal_shapes, pair.equal_values, pair.different, pair.missing)]
            for pair in summary.pairs
        ),
    )
    differing = [Claimed(line, 1) for pair in summary.pairs for line in pair.examples]
    if differing:
        yield "### Smallest counterparts that differ"
        yield _compared(page, differing)
    if summary.documented_pairs:
        yield "### Pairs that a document calls equal"
        yield _compared(page, summary.documented_pairs)
    if summary.itself:
        yield "### Calls of one backend held against each other"
        rows = [
            [page.label(row.backend), page.statement(row.statement)]
            + [f"{n:,}" for n in (row.apis, row.pairs, row.equal, row.different, row.missing)]
            for row in summary.itself
        ]
        headers = ["Backend", "Statement", "APIs", "Pairs", "Equal", "Different", "Missing"]
        yield table(headers, rows[: page.most], aligned=False)
        yield page.rest(rows)
    if summary.alone:
        yield "### Cases without counterpart"
        rows = [
            [page.prose(x) for x in (line.framework, line.other, line.reason)] + [f"{line.cases:,}"]
            for line in summary.alone
        ]
        yield table(["From", "To", "Reason", "Cases"], rows[: page.most], aligned=False)
        yield page.rest(rows)


def _compared(page: Page, found: Sequence[Claimed]) -> str:
    rows = [
        [
            f"{page.code(line.left_call)} ({page.label(line.left_backend)})",
            f"{page.code(line.right_call)} ({page.label(line.right_backend)})",
            line.shapes,
            line.values + ("" if line.values_claimed else " (not claimed)"),
            page.prose(line.detail),
            f"{item.pairs:,}",
        ]
        for item in found[: page.most]
        for line in (item.line,)
    ]
    rest = page.rest(found)
    shown = table(["Call", "Other call", "Shapes", "Values", "Seen", "Pairs like it"], rows, aligned=False)
    return f"{shown}\n\n{rest}" if rest else shown


def changed(page: Page) -> Iterator[str]:
    """Where the documentation of a backend is another than that which the claims were written from."""
    found = page.summary.changes
    yield "## The documentation changed here"
    yield text.drift(page.summary.looked_at, len({(row.api, row.backend) for row in found}))
    headers = ["API", "Backend", "What changed", "Parameter or section", "Was", "Now", "Claims written from"]
    rows = [
        [
            page.code(row.api),
            page.label(row.backend),
            page.prose(row.kind),
            *map(page.code, (row.parameter, row.was, row.now)),
            page.prose(row.documented),
        ]
        for row in found[: page.most]
    ]
    yield table(headers, rows, aligned=False)
    yield page.rest(found)
