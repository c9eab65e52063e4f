"""What differs between two runs, as sections of cells that are neither terminal nor Markdown yet, and as JSON.

A `RunDifference` goes in; `sections` gives what `reports.difference_shown` prints in either form, `as_json` all of it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

import msgspec

from reports.difference import RunDifference
from reports.difference_findings import FindingChange, OneSided
from reports.difference_runs import FACTOR, FAILED, FLOOR, STEP, ClaimChange, Shared, VerdictChange
from reports.text import counted, number

FORMAT = 1
NAMED = 5  # claims of an API that are named


class Code(str):
    """A cell that is code: a call, a rule, a name."""


class Statement(str):
    """A cell whose parts between backticks are code."""


Cell: TypeAlias = str


@dataclass(frozen=True)
class Item:
    """One entry of a list: the cells of its first line, and named facts below it. Empty facts are left out."""

    head: tuple[Cell, ...]
    facts: tuple[tuple[str, Cell], ...] = ()


@dataclass(frozen=True)
class Section:
    """A heading, words under it, and a list or a table or neither."""

    title: str
    words: str = ""
    items: tuple[Item, ...] = ()
    headers: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()


def as_json(found: RunDifference) -> str:
    """All of it as one JSON object, whose form changes only together with `format`.

    `format`, `exit_code`, `failing` (how much new differs) and `conclusion` (in words) come first, then:

    - `old`, `new`: the files, as `difference.Source`; `shared_cases` counts the cases of both
    - `executions`: what both have executed, a list of `difference_runs.Shared`
    - `findings`: `new`, `gone`, `old_not_compared`, `new_not_compared`: lists of `difference_findings.OneSided`, whose
      `finding` is the line of the run file (see `conformance schema`); `changed`: `old`, `new` and `changes`, a list of
      `difference_backends.Changed` by field of the finding; `same`: how many did not change
    - `verdicts`, `claims`, `margins`: lists of `difference_runs.VerdictChange`, `ClaimChange`, `MarginMove`
    - `versions`: a list of `difference_backends.Changed`, `where` empty for the run as a whole
    - `only`: backends, APIs and claims of one run alone, and claims that are `restated`
    - `cases`: `difference.CasesOfApi` of each API whose cases are not the same
    """
    head = {"format": FORMAT, "exit_code": found.exit_code, "failing": found.failing, "conclusion": found.conclusion}
    return msgspec.json.format(msgspec.json.encode({**head, **msgspec.to_builtins(found)}), indent=2).decode()


def sections(found: RunDifference) -> Iterator[Section]:
    """The sections in the order of their weight; one that has nothing to say is left out."""
    yield _head(found)
    if found.same:
        yield Section("Nothing differs", "Both runs have the same executions, verdicts, claims, findings and versions.")
        return
    held = found.findings
    yield from _one_sided("New findings", held.new)
    yield from _one_sided("Gone findings", held.gone)
    yield from _changed(held.changed)
    for name, items in (("OLD", held.old_not_compared), ("NEW", held.new_not_compared)):
        yield from _one_sided(f"Findings of {name} that are not compared", items)
    yield from _verdicts(found.verdicts)
    yield from _claims(found.claims)
    yield from _margins(found)
    yield from _versions(found)
    yield from _only(found)


def _head(found: RunDifference) -> Section:
    files = []
    for name, file in (("OLD", found.old), ("NEW", found.new)):
        facts = [f"suite {file.suite}", f"seed {file.seed}", counted(file.records, "record")]
        facts.append(counted(file.findings, "finding line"))
        facts += [] if file.whole else ["did not come to its end"]
        files.append(Item((f"{name}:", Code(file.path), f"of {file.started}: {', '.join(facts)}")))
    files += [Item((_executions(row),)) for row in found.executions]
    if not any(row.both for row in found.executions):
        files.append(Item(("The runs share no execution: nothing that they did can be compared.",)))
    return Section("Difference of two runs", found.conclusion, tuple(files))


def _executions(row: Shared) -> str:
    name = row.new_backend if row.old_backend == row.new_backend else f"{row.old_backend} → {row.new_backend}"
    shared = f"{name}: {counted(row.both, 'execution')} in both runs"
    return f"{shared}, {number(row.only_old)} only in OLD, {number(row.only_new)} only in NEW"


def _one_sided(title: str, items: Sequence[OneSided]) -> Iterator[Section]:
    if items:
        yield Section(f"{title} ({len(items)})", items=tuple(map(_finding, items)))


def _finding(item: OneSided) -> Item:
    found = item.finding
    head = (Code(found.id), found.backend + ":", Statement(found.title or f"{', '.join(found.apis)}: {found.verdict}"))
    known = f"{found.known}: {found.reason}" if found.known else ""
    there = f"the other run has {number(item.executed)} of its executions, {number(item.failing)} unexpected there"
    return Item(
        head,
        (
            ("Known as", known),
            ("Not compared", item.why),
            ("Claims", ", ".join(found.claims[:NAMED])),
            ("Not stated in the other run", ", ".join(item.unstated)),
            ("Fails iff", Code(found.rule or "always")),
            ("Support", f"{number(found.support)} failing, {number(found.against)} passing"),
            ("Smallest", Code(found.minimal_call or f"case {found.smallest}")),
            ("Before or after", "" if item.why else there),
        ),
    )


def _changed(changes: Sequence[FindingChange]) -> Iterator[Section]:
    if changes:
        yield Section(f"Changed findings ({len(changes)})", items=tuple(map(_change, changes)))


def _change(item: FindingChange) -> Item:
    name = item.new.id if item.old.id == item.new.id else f"{item.old.id} → {item.new.id}"
    title = Statement(item.new.title or f"{', '.join(item.new.apis)}: {item.new.verdict}")
    facts = [(change.what, Code(f"{change.old or 'none'} → {change.new or 'none'}")) for change in item.changes]
    return Item((Code(name), item.new.backend + ":", title), tuple(facts))


def _verdicts(changes: Sequence[VerdictChange]) -> Iterator[Section]:
    if changes:
        total = counted(sum(row.count for row in changes), "execution")
        yield Section(
            f"Verdicts that changed ({total})",
            "By API, over the executions of both runs; what became unexpected comes first.",
            items=tuple(
                Item(
                    (Code(row.api), f"{row.new_backend}: {row.old} → {row.new}: {counted(row.count, 'execution')}"),
                    (
                        ("Known", number(row.known) if row.known else ""),
                        ("Smallest", Code(row.call)),
                        ("Case", f"{row.case}, {row.mode}"),
                    ),
                )
                for row in changes
            ),
        )


def _claims(changes: Sequence[ClaimChange]) -> Iterator[Section]:
    """Each claim that failed or fails; those that are only met or no longer met, as counts."""
    told = [row for row in changes if (row.old in FAILED or row.new in FAILED) and row.compared]
    if told:
        yield Section(
            f"Claims whose state changed ({len(told)})",
            items=tuple(
                Item(
                    (f"{row.new_backend}: {row.old} → {row.new}:", Code(row.claim)),
                    (
                        ("Statement", Statement(row.en)),
                        ("Smallest counterexample", Code(row.call)),
                        ("Case", ", ".join(filter(None, (row.case, row.mode)))),
                    ),
                )
                for row in told
            ),
        )
    rest = Counter((row.new_backend, row.old, row.new) for row in changes if row not in told)
    if rest:
        yield Section(
            f"Claims of which nothing is known to have changed ({rest.total()})",
            "One of the runs held no outcome against them, or did not run the case that contradicts them in the other.",
            headers=("Backend", "Was", "Is", "Claims"),
            rows=tuple((*key, number(count)) for key, count in sorted(rest.items())),
        )


def _margins(found: RunDifference) -> Iterator[Section]:
    if found.margins:
        yield Section(
            f"Margins that moved ({len(found.margins)})",
            "The part that was used of the error that adding allows for, over the executions that have one in both "
            f"runs. Listed is where the largest moved by more than {STEP:g}, or by more than a factor of {FACTOR:g} to "
            f"or from at least {FLOOR:g}, or where that of one execution moved by more than {STEP:g}.",
            headers=("API", "Backend", "Element type", "Executions", "Median", "Largest", "Moved most", "Case", "Mode"),
            rows=tuple(
                (
                    *(Code(row.api), row.new_backend, row.dtype, number(row.executions)),
                    f"{row.old_median:.3g} → {row.new_median:.3g}",
                    f"{row.old_largest:.3g} → {row.new_largest:.3g}",
                    *(f"{row.moved_from:.3g} → {row.moved_to:.3g}", row.case, row.mode),
                )
                for row in found.margins
            ),
        )


def _versions(found: RunDifference) -> Iterator[Section]:
    if found.versions:
        yield Section(
            f"Versions and settings that changed ({len(found.versions)})",
            headers=("Where", "What", "Was", "Is"),
            rows=tuple(
                (row.where or "the run", row.what, row.old or "none", row.new or "none") for row in found.versions
            ),
        )


def _only(found: RunDifference) -> Iterator[Section]:
    only = found.only
    for title, names in (
        ("Backends only in OLD", only.old_backends),
        ("Backends only in NEW", only.new_backends),
        ("APIs only in OLD", only.old_apis),
        ("APIs only in NEW", only.new_apis),
    ):
        if names:
            yield Section(f"{title} ({len(names)})", items=tuple(Item((Code(name),)) for name in names))
    for title, names in (
        ("Claims only in OLD", only.old_claims),
        ("Claims only in NEW", only.new_claims),
        ("Claims stated otherwise", only.restated),
    ):
        if names:
            yield Section(f"{title} ({len(names)})", items=tuple(_by_api(names)))
    if found.cases:
        yield Section(
            "Cases that only one of the runs has",
            f"Both runs have {counted(found.shared_cases, 'case')}. Listed are the APIs whose cases are not the same.",
            headers=("API", "In both", "Only in OLD", "Only in NEW"),
            rows=tuple(
                (Code(row.api), number(row.both), number(row.only_old), number(row.only_new)) for row in found.cases
            ),
        )


def _by_api(claims: Sequence[str]) -> Iterator[Item]:
    """The claims by API, the first of each API by name."""
    for api, held in groupby(claims, key=lambda claim: claim.partition("/")[0]):
        slugs = [claim.partition("/")[2] or claim for claim in held]
        more = f" and {number(len(slugs) - NAMED)} more" if len(slugs) > NAMED else ""
        yield Item((Code(api), f"{', '.join(slugs[:NAMED])}{more}"))
