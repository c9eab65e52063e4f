"""The words in which a test of a claim fails, is skipped, or is known: `actual, but should be expected [call]`.

Records and comparisons go in, plain text comes out: whatever a framework or a run file brought is cleaned and capped,
so that neither a terminal nor an XML file is harmed by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from shlex import quote

from cases.documentation import Claim
from cases.known import Entry
from reports import text
from reports.record import Check, Comparison, Record
from reports.tables import Size, size

LISTED = 5  # failing cases of a test that are printed
LONGEST = 300  # characters of one side, or of a call


@dataclass(frozen=True)
class Miss:
    """One failing case. `counts` is false where a ruling overrules the claim, or it is advice.

    `record` is the failing execution, or the left side of a comparison, `pair`; None if the run does not hold it.
    """

    case: str
    call: str
    said: str
    counts: bool
    record: Record | None
    pair: Comparison | None = None

    @cached_property
    def order(self) -> tuple[Size, str]:
        """Smallest first, and always in the same order."""
        return size(self.record.arguments if self.record else {}, self.call), self.case

    @property
    def line(self) -> str:
        """The sentence."""
        return f"{self.said} [{_fit(self.call)}] (case {self.case})"


def of_check(record: Record, check: Check) -> Miss:
    """A check that failed."""
    said = _fit(check.detail) or happened(record)
    if "but should" not in said:
        said = f"{said}, but should be {wanted(record)}"
    return Miss(record.case, record.call, said, check.counts, record)


def of_pair(line: Comparison, left: Record | None) -> Miss:
    """Two calls that a claim calls equal, and are not."""
    said = f"{_fit(line.detail) or 'different results'}, but should be equal"
    if line.left == line.right:
        call = f"{line.left_call} in modes {line.left_mode} and {line.right_mode}"
    else:
        call = f"{_fit(line.left_call)} and {line.right_call}"
    return Miss(line.left, call, said, line.counts, left, line)


def of_record(record: Record) -> Miss:
    """An outcome that is unexpected by itself."""
    return Miss(record.case, record.call, f"{happened(record)}, but should be {wanted(record)}", True, record)


def happened(record: Record) -> str:
    """What a backend did."""
    actual = record.actual
    match actual.what:
        case "crashed":
            said = f"a crash ({actual.error})"
        case "raised":
            said = f"{actual.error} at {actual.stage}: {actual.message}"
        case "timed out" | "could not run":
            said = actual.message
        case _:
            said = text.side(actual)
    if record.verdict == "unstable":
        said += f"; {actual.detail}"
    return _fit(said)


def wanted(record: Record) -> str:
    """What the documents say of a record's case."""
    words = "any answer at all" if record.expected.what == "not documented" else text.side(record.expected)
    return _fit(words)


def failing(new: Sequence[Miss], known: int, entries: Sequence[Entry], about: str, run: str) -> str:
    """Why a test fails: the cases that nobody knows of, the smallest first, and how many known ones are left out."""
    lines = _listed(new)
    if known:
        named = ", ".join(text.fit(entry.name, LONGEST) for entry in entries)
        lines.append(f"{text.counted(known, 'more failing case is', 'more failing cases are')} known: {named}")
    return "\n".join([*lines, about, show(run, min(new, key=lambda miss: miss.order).case)])


def expected_to_fail(misses: Sequence[Miss], about: str, run: str) -> str:
    """What a test prints that fails as it is known to, or against what no document promises."""
    return "\n".join([*_listed(misses), about, show(run, min(misses, key=lambda miss: miss.order).case)])


def _listed(misses: Sequence[Miss]) -> list[str]:
    lines = [miss.line for miss in sorted(misses, key=lambda miss: miss.order)[:LISTED]]
    if len(misses) > LISTED:
        lines.append(f"and {text.counted(len(misses) - LISTED, 'more case', 'more cases')}")
    return lines


def show(run: str, case: str) -> str:
    """The command that prints everything on a case."""
    return f"conformance show {quote(text.clean(run))} {case}"


def reason(entries: Sequence[Entry]) -> str:
    """What an expected failure says: the entries of the ledger, each with its reason and its link."""
    return "; ".join(
        _fit(f"{entry.name}: {entry.reason}{f' ({entry.link})' if entry.link else ''}") for entry in entries
    )


def about(claim: Claim) -> str:
    """A claim with its statement and where that stands."""
    return f"{claim.id}: {_fit(claim.text.en)} ({documents(claim)})"


def documents(claim: Claim) -> str:
    """Where a claim stands."""
    return _fit("; ".join(", ".join(filter(None, [item.document.title, item.place])) for item in claim.sources))


def _fit(said: str) -> str:
    return text.one_line(text.fit(said, LONGEST))
