"""What a run found, the most severe first: the order of everything that is shown outside of the full report.

A summary goes in, frozen rows come out. A run that was cut short has no findings, since these are made at its end; the
groups of its differing executions stand in for them then, and nothing is said of what is known and what is new.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from reports.findings import plain_title, short
from reports.record import Finding
from reports.summary import Summary
from reports.tables import Group

Level: TypeAlias = Literal["error", "warning", "notice"]

# What a reader has to know first; what stands together is as bad. An empty verdict is that of calls held together.
SEVERITY: tuple[tuple[str, ...], ...] = (
    ("crashed", "timed-out"),
    ("differs", "unstable"),
    ("rejects-valid",),
    ("accepts-invalid",),
    ("wrong-error",),
    ("",),
)
_RANKS = {verdict: rank for rank, verdicts in enumerate(SEVERITY) for verdict in verdicts}
_MILD = _RANKS["wrong-error"]


@dataclass(frozen=True)
class Found:
    """One thing that a run found on one backend, in the texts of the run file.

    `id` is the finding's, or that of the smallest case where the run has no findings: `conformance show` takes both.
    `rule` says when it fails, and is empty where none was looked for. `support` counts the failing executions; `call`
    is the smallest that fails. `known` is the name of the entry of the
    ledger that covers it, and empty for what is new.
    """

    id: str
    backend: str
    verdict: str
    title: str
    rule: str
    support: int
    call: str
    expected: str
    actual: str
    known: str

    @property
    def rank(self) -> int:
        """How severe the verdict is: 0 is the worst. A verdict that this version does not know is the mildest."""
        return _RANKS.get(self.verdict, len(SEVERITY))

    @property
    def level(self) -> Level:
        """How loudly it is told: what is known is never more than a notice."""
        if self.known:
            return "notice"
        return "warning" if self.rank >= _MILD else "error"


def found(summary: Summary) -> tuple[Found, ...]:
    """Everything that a run found: what is new before what is known, then by severity, then by failing executions."""
    smallest = {item.smallest for item in summary.findings}
    calls = {record.case: record.call for record in summary.runfile.records if record.case in smallest}
    rows = [_of_finding(item, calls) for item in summary.findings] or [*map(_of_group, summary.groups)]
    return tuple(sorted(rows, key=lambda row: (bool(row.known), row.rank, -row.support, row.backend, row.id)))


def sorted_out(summary: Summary) -> bool:
    """Whether the run says what of its differences is known: it has findings, or ended with nothing to find."""
    ended = summary.runfile.end is not None and not summary.runfile.end.interrupted
    return bool(summary.findings) or (ended and not summary.groups)


def new_of(rows: Sequence[Found], backend: str) -> int:
    """How many of the rows are of a backend and not known."""
    return sum(row.backend == backend and not row.known for row in rows)


def _of_finding(item: Finding, calls: Mapping[str, str]) -> Found:
    return Found(
        item.id,
        item.backend,
        item.verdict,
        plain_title(item),
        item.rule or "always",
        item.support,
        item.minimal_call or calls.get(item.smallest) or f"case {item.smallest}",
        item.expected,
        item.actual,
        item.known,
    )


def _of_group(group: Group) -> Found:
    slugs = ", ".join(claim.removeprefix(f"{group.api}/") for claim in group.claims)
    title = f"{short(group.api)}: {group.verdict}" + (f", contradicting {slugs}" if slugs else "")
    example = group.smallest
    actual = example.actual + (f"; {example.difference}" if example.difference else "")
    return Found(
        example.case, group.backend, group.verdict, title, "", group.count, example.call, example.expected, actual, ""
    )
