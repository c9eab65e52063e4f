"""Two run files held against each other: what is new, gone and changed between them.

Two `RunFile`s go in, a frozen `RunDifference` comes out; nothing is read, run or printed. Ids of cases make runs
comparable whatever their order, their seed, and whichever part of the suite they ran: only what both have executed is
compared, and what only one has is counted apart. `reports.difference_text` shows it.
"""

from collections import defaultdict
from dataclasses import dataclass

from reports import difference_findings as findings
from reports import difference_runs as runs
from reports.difference_backends import Changed, changed, pairs
from reports.difference_findings import Matched
from reports.difference_runs import ClaimChange, MarginMove, Shared, VerdictChange
from reports.reading import RunFile
from reports.text import counted


@dataclass(frozen=True)
class Source:
    """A run file: where it lies, how it was made, and how much it holds. `whole` is false if it did not end by itself.

    `grouped` says whether it tells what its findings are: it has such lines, or nothing that would be one.
    """

    path: str
    suite: str
    seed: int
    started: str
    records: int
    findings: int
    whole: bool
    grouped: bool


@dataclass(frozen=True)
class CasesOfApi:
    """How many cases of an API both runs have, and how many one of them alone, over all backends."""

    api: str
    both: int
    only_old: int
    only_new: int


@dataclass(frozen=True)
class Only:
    """What only one of the runs has. `restated` are claims of both runs whose words, places or kind are others now."""

    old_backends: tuple[str, ...]
    new_backends: tuple[str, ...]
    old_apis: tuple[str, ...]
    new_apis: tuple[str, ...]
    old_claims: tuple[str, ...]
    new_claims: tuple[str, ...]
    restated: tuple[str, ...]


@dataclass(frozen=True)
class RunDifference:
    """Everything that differs between two runs.

    `cases` lists the APIs whose cases are not the same in both; `shared_cases` counts those that both runs have.
    `executions` counts per pair of backends that stand for one another.
    """

    old: Source
    new: Source
    shared_cases: int
    executions: tuple[Shared, ...]
    findings: Matched
    verdicts: tuple[VerdictChange, ...]
    claims: tuple[ClaimChange, ...]
    margins: tuple[MarginMove, ...]
    versions: tuple[Changed, ...]
    only: Only
    cases: tuple[CasesOfApi, ...]

    @property
    def same(self) -> bool:
        """Whether nothing differs at all."""
        found = self.findings
        one_sided = (*found.new, *found.gone, *found.old_not_compared, *found.new_not_compared)
        only = (value for value in vars(self.only).values())
        differs = (one_sided, found.changed, self.verdicts, self.claims, self.margins, self.versions, self.cases, *only)
        return not any(differs)

    @property
    def by_findings(self) -> bool:
        """Whether both runs say what their findings are, so that these decide what is new, and not verdicts."""
        return self.old.grouped and self.new.grouped

    @property
    def failing(self) -> int:
        """How much new differs: findings that fail a run, or executions that became unexpected and are not known."""
        if self.by_findings:
            return sum(findings.fails(item.finding) for item in self.findings.new)
        return sum(row.count - row.known for row in self.verdicts if row.worse)

    @property
    def exit_code(self) -> int:
        """1 where something new differs, else 0."""
        return 1 if self.failing else 0

    @property
    def conclusion(self) -> str:
        """What the exit code rests on, in a sentence."""
        if self.by_findings:
            if not self.failing:
                return "No new finding that would fail a run."
            return f"{counted(self.failing, 'new finding')} that {'is' if self.failing == 1 else 'are'} not known."
        if not self.failing:
            return "No execution of both runs became unexpected."
        return f"{counted(self.failing, 'execution')} became unexpected (findings are not in both files)."


def difference(old: RunFile, new: RunFile) -> RunDifference:
    """What differs between two runs."""
    matched = pairs(old.run.backends, new.run.backends)
    records = runs.executions(old), runs.executions(new)
    return RunDifference(
        _source(old),
        _source(new),
        len({item.case for item in old.records} & {item.case for item in new.records}),
        runs.shared(*records, matched),
        findings.match(old, new, records, matched),
        runs.verdicts(*records, matched, findings.covered(new)),
        runs.claims(old, new, records, matched),
        runs.margins(*records, matched),
        changed(old.run, new.run, matched),
        _only(old, new, {pair.old.name for pair in matched}, {pair.new.name for pair in matched}),
        _cases(old, new),
    )


def _source(run: RunFile) -> Source:
    return Source(
        str(run.path),
        run.run.suite,
        run.run.seed,
        run.run.started,
        len(run.records),
        len(run.findings),
        run.end is not None and not run.end.interrupted,
        findings.grouped(run),
    )


def _only(old: RunFile, new: RunFile, old_matched: set[str], new_matched: set[str]) -> Only:
    apis = [{item.api for item in run.records} for run in (old, new)]
    before, after = ({claim.id: claim for claim in run.run.claims} for run in (old, new))
    return Only(
        tuple(sorted({line.name for line in old.run.backends} - old_matched)),
        tuple(sorted({line.name for line in new.run.backends} - new_matched)),
        tuple(sorted(apis[0] - apis[1])),
        tuple(sorted(apis[1] - apis[0])),
        tuple(sorted(before.keys() - after.keys())),
        tuple(sorted(after.keys() - before.keys())),
        tuple(sorted(name for name in before.keys() & after.keys() if before[name] != after[name])),
    )


def _cases(old: RunFile, new: RunFile) -> tuple[CasesOfApi, ...]:
    held: defaultdict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for side, run in enumerate((old, new)):
        for item in run.records:
            held[item.api][side].add(item.case)
    return tuple(
        CasesOfApi(api, len(ours & theirs), len(ours - theirs), len(theirs - ours))
        for api, (ours, theirs) in sorted(held.items())
        if ours != theirs
    )
