"""The Markdown report: GitHub flavour, one file, for pull requests and job summaries.

A run file or its summary goes in, the text of `report.md` comes out; the same file gives the same bytes. Tables go
through tabulate. Every text of a run file goes through `text.prose`, `text.code` or `text.statement`, so that nothing
of it is markup, breaks out of a cell, or becomes a link.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from tabulate import tabulate

from reports import text
from reports.record import RunFile
from reports.summary import Standing, Summary, summarise
from reports.tables import Claimed, Example

NAME = "report.md"
# Characters a text may have and examples a section may show; the next pair is for a run whose report gets too large.
LIMITS = ((600, 100), (160, 40), (60, 10))
LARGEST = 1024 * 1024


def render(source: RunFile | Summary) -> str:
    """The report of a run as the text of one Markdown file."""
    summary = summarise(source) if isinstance(source, RunFile) else source
    page = ""
    for limit, most in LIMITS:
        page = "\n\n".join(block for block in _Page(summary, limit, most).blocks() if block) + "\n"
        if len(page.encode()) <= LARGEST:
            break
    return page


def write(folder: Path, source: RunFile | Summary) -> Path:
    """Write `report.md` into a folder; the path of the file."""
    path = folder / NAME
    path.write_text(render(source), encoding="utf-8", newline="\n")
    return path


def table(headers: Sequence[str], rows: Iterable[Sequence[Any]], *, aligned: bool = True) -> str:
    """A table whose cells are Markdown already; `aligned` pads columns, for tables that are read as plain text."""
    cells = [[str(cell) for cell in row] for row in rows]
    align = "left" if aligned else None
    return str(tabulate(cells, headers, tablefmt="github", stralign=align, disable_numparse=True)) if cells else ""


class _Page:
    """One rendering within limits: every method gives the blocks of a section."""

    def __init__(self, summary: Summary, limit: int, most: int) -> None:
        self.summary, self.run, self.most = summary, summary.runfile.run, most
        self.prose = partial(text.prose, limit=limit)
        self.code = partial(text.code, limit=limit)
        self.statement = partial(text.statement, limit=limit)
        self.labels = {backend.line.name: self.prose(backend.label) for backend in summary.backends}
        self.titles = {document.key: document for document in self.run.documents}

    def blocks(self) -> Iterator[str]:
        yield "# Conformance report"
        yield from (f"> **Note.** {self.prose(notice)}" for notice in self.summary.notices)
        yield "\n".join(f"- {self.prose(backend.headline)}" for backend in self.summary.backends)
        yield from self.support()
        yield from self.standings(
            "Contradicted claims", "No execution contradicts a claim that counts.", "contradicted"
        )
        yield from self.standings("Documents overruled", "No overruled claim was contradicted.", "document")
        yield from self.differences()
        yield from self.comparison()
        yield from self.claims()
        yield from self.verdicts()
        yield from self.coverage()
        yield from self.documents()
        yield from self.header()

    def label(self, name: str) -> str:
        return self.labels.get(name) or self.prose(name)

    def rest(self, items: Sequence[Any]) -> str:
        left = len(items) - self.most
        return f"{left:,} more are left out here; the run file has them all." if left > 0 else ""

    def support(self) -> Iterator[str]:
        yield "## Support matrix"
        yield "Of the executions with valid arguments, for which a value is documented, how many conform."
        rows = []
        for api in self.summary.apis:
            cells = [self.summary.cells.get((api, backend.line.name)) for backend in self.summary.backends]
            rows.append(
                [self.code(api)]
                + [
                    "" if cell is None else cell.word + (f" ({cell.conform:,}/{cell.of:,})" if cell.of else "")
                    for cell in cells
                ]
            )
        yield table(["API", *self.labels.values()], rows)

    def standings(self, title: str, none: str, state: Any) -> Iterator[str]:
        found = self.summary.of(state)
        yield f"## {title}"
        yield "" if found else none
        yield from (self.standing(item) for item in found[: self.most])
        yield self.rest(found)

    def standing(self, item: Standing) -> str:
        lines = [
            f"**{self.label(item.backend)}: {item.label if item.state == 'contradicted' else self.prose(item.label)}.**"
        ]
        lines[0] += f" {self.statement(item.claim.en)} ({self.code(item.claim.id)})"
        lines.append(f"  {text.counted(item.failed, 'check')} failed, {item.held:,} held. {self.sources(item)}")
        return "- " + "\n".join(lines) + "\n" + (self.example(item.smallest) if item.smallest else "")

    def example(self, item: Example) -> str:
        facts = [("Call", self.code(item.call)), ("Other call", self.code(item.other))]
        for name, words, more in (
            ("Expected", item.expected, item.expected_text),
            ("Actual", item.actual, item.actual_text),
        ):
            facts.append((name, self.prose(words) + (f": {self.code(more)}" if more else "")))
        facts += [("Difference", self.prose(item.difference)), ("Check", self.prose(item.detail))]
        facts.append(("See all of it", self.show(item.case)))
        return "\n".join(f"  - {name}: {value}" for name, value in facts if value)

    def show(self, case: str) -> str:
        return self.code(f"conformance show {self.summary.runfile.path.name} {case}")

    def sources(self, *items: Standing) -> str:
        found = []
        versions = {version for item in items for version in item.versions}
        for key, place in items[0].claim.sources if items else ():
            document = self.titles.get(key)
            words = self.prose(", ".join(part for part in (document.title if document else key, place) if part))
            other = document is not None and document.version in versions
            found.append(
                words + (f" (document of version {self.prose(document.version)})" if document and other else "")
            )
        return "; ".join(found)

    def differences(self) -> Iterator[str]:
        groups = self.summary.groups
        yield "## Differing executions"
        yield "" if groups else "No execution differs from what is documented."
        for group in groups[: self.most]:
            claims = ", ".join(map(self.code, group.claims))
            head = f"- **{group.verdict}**, {self.label(group.backend)}: {text.counted(group.count, 'execution')} of "
            yield (
                head
                + self.code(group.api)
                + (f", contradicting {claims}" if claims else "")
                + "\n"
                + self.example(group.smallest)
            )
        yield self.rest(groups)

    def comparison(self) -> Iterator[str]:
        summary = self.summary
        yield "## Comparison between frameworks"
        yield "" if summary.pairs else "No counterparts were compared in this run."
        headers = ["From", "To", "Pairs compared", "Equal shapes", "Equal values", "Different", "Missing"]
        yield table(
            headers,
            (
                [self.label(pair.left), self.label(pair.right)]
                + [
                    f"{n:,}"
                    for n in (pair.compared, pair.equal_shapes, pair.equal_values, pair.different, pair.missing)
                ]
                for pair in summary.pairs
            ),
        )
        differing = [Claimed(line, 1) for pair in summary.pairs for line in pair.examples]
        if differing:
            yield "### Smallest counterparts that differ"
            yield self.compared(differing)
        if summary.documented_pairs:
            yield "### Pairs that a document calls equal"
            yield self.compared(summary.documented_pairs)
        if summary.alone:
            yield "### Cases without counterpart"
            rows = [
                [self.prose(x) for x in (line.framework, line.other, line.reason)] + [f"{line.cases:,}"]
                for line in summary.alone
            ]
            yield table(["From", "To", "Reason", "Cases"], rows[: self.most], aligned=False)
            yield self.rest(rows)

    def compared(self, found: Sequence[Claimed]) -> str:
        rows = [
            [
                f"{self.code(line.left_call)} ({self.label(line.left_backend)})",
                f"{self.code(line.right_call)} ({self.label(line.right_backend)})",
                line.shapes,
                line.values + ("" if line.values_claimed else " (not claimed)"),
                self.prose(line.detail),
                f"{item.pairs:,}",
            ]
            for item in found[: self.most]
            for line in (item.line,)
        ]
        rest = self.rest(found)
        shown = table(["Call", "Other call", "Shapes", "Values", "Seen", "Pairs like it"], rows, aligned=False)
        return f"{shown}\n\n{rest}" if rest else shown

    def claims(self) -> Iterator[str]:
        yield "## All claims"
        for api, claims in self.summary.ledger().items():
            rows = []
            for claim in (claim for claim in self.run.claims if claim.api == api):
                standings = claims[claim.id]
                sources = self.sources(*standings.values())
                notes = f"<br>Not checked: {self.prose(claim.unchecked)}" if claim.unchecked else ""
                what = f"{self.statement(claim.en)}<br>{self.statement(claim.zh)}{notes}"
                states = [self.prose(standings[name].label) if name in standings else "" for name in self.labels]
                rows.append([self.code(claim.id.removeprefix(f"{api}/")), what, sources, *states])
            if rows:
                yield f"### {self.code(api)}"
                yield table(["Claim", "Statement", "Document and place", *self.labels.values()], rows, aligned=False)

    def verdicts(self) -> Iterator[str]:
        yield "## Verdicts"
        verdicts = self.summary.verdicts()
        rows = [
            [self.label(tally.backend), self.prose(tally.mode), *(f"{tally.count(verdict):,}" for verdict in verdicts)]
            + [f"{tally.records:,}"]
            + ["" if m is None else f"{m:.3g}" for m in (tally.median_margin, tally.largest_margin)]
            for tally in self.summary.tallies
        ]
        yield table(["Backend", "Mode", *verdicts, "All", "Median margin", "Largest margin"], rows)

    def coverage(self) -> Iterator[str]:
        yield "## Coverage"
        rows = []
        for line in self.summary.coverage:
            own = line.domain
            domain = [own.valid, own.invalid, f"{own.covered:,} of {own.tuples:,}"] if own else ["", "", ""]
            rows.append([self.code(line.api), line.stated, line.checked, line.exercised, *domain])
        headers = [
            "API",
            "Claims stated",
            "Checked",
            "Exercised",
            "Valid cases",
            "Invalid cases",
            "Combinations covered",
        ]
        yield table(headers, rows)

    def documents(self) -> Iterator[str]:
        yield "## Rulings and documents"
        rulings = [[self.code(r.id), f"{self.statement(r.en)}<br>{self.statement(r.zh)}"] for r in self.run.rulings]
        yield table(["Ruling", "What it says"], rulings, aligned=False)
        documents = [[self.prose(x) for x in (d.title, d.language, d.version)] for d in self.run.documents]
        yield table(["Document", "Language", "Documents version"], documents, aligned=False)

    def header(self) -> Iterator[str]:
        run, end = self.run, self.summary.runfile.end
        yield "## This run"
        facts = {
            "Suite": self.prose(f"conformance {run.suite}" + (f", commit {run.commit}" if run.commit else "")),
            "Command": self.code(" ".join(run.command)),
            "Seed and strength": f"seed {run.seed}, strength {run.strength}",
            "Started": self.prose(run.started),
            "Ended": "no end line: cut short, or still going on",
        }
        if end is not None:
            facts["Ended"] = (
                f"after {end.seconds:.1f} s{', interrupted' if end.interrupted else ''}: "
                f"{text.counted(end.records, 'record')}, "
                f"{text.counted(end.executions, 'execution')} with confirmations, exit code {end.exit_code}"
            )
            facts["Planted fault"] = self.prose(end.canary) or "not tried"
        facts |= {self.prose(key): self.prose(value) for key, value in run.machine.items()}
        yield "\n".join(f"- {key}: {value}" for key, value in facts.items())
        rows = []
        for line in run.backends:
            packages = line.unavailable or ", ".join(f"{name} {version}" for name, version in line.packages.items())
            modes = ", ".join(line.modes) or line.mode
            cells = (line.framework, line.version, line.device, line.python, modes, str(line.threads), packages)
            rows.append([self.code(line.name), *map(self.prose, cells)])
        headers = ["Backend", "Framework", "Version", "Device", "Python", "Modes", "Threads", "Packages"]
        yield table(headers, rows, aligned=False)
