"""What every section of the Markdown report is written with: texts within limits, tables, claims and examples.

Every text of a run file goes through `prose`, `code` or `statement`, so that nothing of it is markup, breaks out of a
cell, or becomes a link.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from tabulate import tabulate

from reports import text
from reports.states import Standing
from reports.summary import Summary
from reports.tables import Example


def table(headers: Sequence[str], rows: Iterable[Sequence[Any]], *, aligned: bool = True) -> str:
    """A table whose cells are Markdown already; `aligned` pads columns, for tables that are read as plain text."""
    cells = [[str(cell) for cell in row] for row in rows]
    align = "left" if aligned else None
    return str(tabulate(cells, headers, tablefmt="github", stralign=align, disable_numparse=True)) if cells else ""


class Page:
    """A summary within limits: characters that a text may have, and examples that a section may show."""

    def __init__(self, summary: Summary, limit: int, most: int) -> None:
        self.summary, self.run, self.most = summary, summary.runfile.run, most
        self.prose = partial(text.prose, limit=limit)
        self.code = partial(text.code, limit=limit)
        self.statement = partial(text.statement, limit=limit)
        self.labels = {backend.line.name: self.prose(backend.label) for backend in summary.backends}
        self.titles = {document.key: document for document in self.run.documents}

    def label(self, name: str) -> str:
        """What a backend is called."""
        return self.labels.get(name) or self.prose(name)

    def rest(self, items: Sequence[Any]) -> str:
        """How many of the items are left out, in words; empty where none are."""
        left = len(items) - self.most
        return f"{left:,} more are left out here; the run file has them all." if left > 0 else ""

    def standing(self, item: Standing) -> str:
        """A claim on a backend, with the smallest counterexample."""
        label = item.label if item.state == "contradicted" else self.prose(item.label)
        lines = [
            f"**{self.label(item.backend)}: {label}.** {self.statement(item.claim.en)} ({self.code(item.claim.id)})",
            f"  {text.counted(item.failed, 'check')} failed, {item.held:,} held. {self.sources(item)}",
        ]
        return "- " + "\n".join(lines) + "\n" + (self.example(item.smallest) if item.smallest else "")

    def example(self, item: Example) -> str:
        """A case on a backend, as a list of facts."""
        facts = [("Call", self.code(item.call)), ("Mode", self.prose(item.mode))]
        facts.append(("Other call", self.code(item.other) if item.other != item.call else ""))
        for name, words, more in (
            ("Expected", item.expected, item.expected_text),
            ("Actual", item.actual, item.actual_text),
        ):
            facts.append((name, self.prose(words) + (f": {self.code(more)}" if more else "")))
        facts += [("Difference", self.prose(item.difference)), ("Check", self.prose(item.detail))]
        facts.append(("See all of it", self.show(item.case)))
        return "\n".join(f"  - {name}: {value}" for name, value in facts if value)

    def show(self, case: str) -> str:
        """The command that shows all of a case."""
        return self.code(f"conformance show {self.summary.runfile.path.name} {case}")

    def sources(self, *items: Standing) -> str:
        """The documents and places of the claim that these standings are of, and which document another version."""
        found = []
        versions = {version for item in items for version in item.versions}
        for key, places in text.stated(items[0].claim.sources) if items else ():
            document = self.titles.get(key)
            words = self.prose(": ".join(part for part in (document.title if document else key, places) if part))
            other = document is not None and document.version in versions
            found.append(
                words + (f" (document of version {self.prose(document.version)})" if document and other else "")
            )
        return "; ".join(found)
