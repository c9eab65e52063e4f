"""Records counted across backends: examples and their size, verdicts, the support matrix, comparisons, groups.

Everything here takes the lines of a run file and gives frozen rows in a fixed order, whatever the order of the lines;
`reports.summary` puts them together with the ledger of claims.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any, TypeAlias

from reports import text
from reports.record import UNEXPECTED, VERDICTS, Comparison, Counterpart, Record, RunFile, Verdict

EXAMPLES_PER_PAIR = 5
Size: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True)
class Example:
    """One case on one backend, in words. `other` is the call that it was compared with, where it was.

    `expected_text` and `actual_text` are messages as the framework wrote them; `size` is what "smallest" goes by.
    """

    case: str
    api: str
    call: str
    backend: str
    mode: str
    verdict: str
    expected: str
    actual: str
    size: Size
    expected_text: str = ""
    actual_text: str = ""
    difference: str = ""
    detail: str = ""
    other: str = ""

    @property
    def order(self) -> tuple[Size, str, str, str]:
        """Smallest first, and always in the same order."""
        return self.size, self.case, self.backend, self.mode


@dataclass(frozen=True)
class Tally:
    """The verdicts of one backend in one mode; `margins` are those of its bounded comparisons, summed up."""

    backend: str
    mode: str
    verdicts: tuple[tuple[Verdict, int], ...]
    records: int
    median_margin: float | None
    largest_margin: float | None

    def count(self, verdict: Verdict) -> int:
        """How many records have a verdict."""
        return dict(self.verdicts).get(verdict, 0)


@dataclass(frozen=True)
class Cell:
    """How one API fares on one backend, over the calls for which a value is documented."""

    word: str
    conform: int
    of: int


@dataclass(frozen=True)
class Pair:
    """Counterparts on two backends held against each other, and the smallest that differ."""

    left: str
    right: str
    compared: int
    equal_shapes: int
    equal_values: int
    different: int
    missing: int
    examples: tuple[Comparison, ...]


@dataclass(frozen=True)
class Claimed:
    """Pairs of calls that a document calls equal, with one result: the smallest of them, and their number."""

    line: Comparison
    pairs: int


@dataclass(frozen=True)
class Alone:
    """Cases of one framework that have no counterpart in another, for one reason."""

    framework: str
    other: str
    reason: str
    cases: int


@dataclass(frozen=True)
class Group:
    """Unexpected records of one API on one backend that share a verdict and the claims they contradict."""

    backend: str
    api: str
    verdict: Verdict
    claims: tuple[str, ...]
    count: int
    modes: tuple[str, ...]
    smallest: Example


def size(arguments: Mapping[str, Any], call: str) -> Size:
    """How large a case is: arguments given, then the sum of the absolute integers in them, then the length of its text.

    `arguments` is the canonical form of a case; extents of tensors are integers like any other.
    """
    given: list[Any] = []
    for part in (arguments.get("construct"), arguments.get("call")):
        if isinstance(part, dict):
            given += part.get("positional", [])
            given += [value for _, value in part.get("keyword", [])]
    total, waiting = 0, list(given)
    while waiting:
        match waiting.pop():
            case bool():
                pass
            case int(integer):
                total += abs(integer)
            case dict(tagged):
                waiting += tagged.values()
            case list(items):
                waiting += items
    return len(given), total, len(call)


def sizes(runfile: RunFile) -> dict[str, Size]:
    """The sizes of the cases that comparisons start from."""
    compared = {line.left for line in runfile.comparisons}
    return {item.case: size(item.arguments, item.call) for item in runfile.records if item.case in compared}


def example(record: Record, detail: str = "") -> Example:
    """A record as an example; `detail` is that of the check which it is an example of."""
    return Example(
        case=record.case,
        api=record.api,
        call=record.call,
        backend=record.backend,
        mode=record.mode,
        verdict=record.verdict,
        expected=text.side(record.expected),
        actual=text.side(record.actual),
        size=size(record.arguments, record.call),
        expected_text=text.said(record.expected),
        actual_text=text.said(record.actual),
        difference=text.difference(record.difference),
        detail=detail,
    )


def pair_example(line: Comparison, sizes: Mapping[str, Size]) -> Example:
    """A comparison as an example of a claim that two calls are equal."""
    return Example(
        case=line.left,
        api=line.left_call.partition("(")[0],
        call=line.left_call,
        backend=line.left_backend,
        mode="",
        verdict="",
        expected=f"the same as the other call on {line.right_backend}",
        actual=f"shapes {line.shapes}, values {line.values}{'' if line.values_claimed else ' (not claimed)'}",
        size=sizes.get(line.left, (0, 0, len(line.left_call))),
        detail=line.detail,
        other=line.right_call,
    )


def tallies(records: Iterable[Record], backends: list[str]) -> tuple[Tally, ...]:
    """Verdicts and margins of every backend and mode, backends in the order of the run."""
    rows: defaultdict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        rows[record.backend, record.mode].append(record)
    places = {name: place for place, name in enumerate(backends)}
    found = []
    for backend, mode in sorted(rows, key=lambda key: (places.get(key[0], len(places)), key)):
        counts = Counter(record.verdict for record in rows[backend, mode])
        margins = [record.margin for record in rows[backend, mode] if record.margin is not None]
        found.append(
            Tally(
                backend,
                mode,
                tuple((verdict, counts[verdict]) for verdict in VERDICTS if counts[verdict]),
                counts.total(),
                median(margins) if margins else None,
                max(margins) if margins else None,
            )
        )
    return tuple(found)


def matrix(runfile: RunFile, apis: Iterable[str]) -> dict[tuple[str, str], Cell]:
    """The support matrix: a cell for each API and each backend that may run it."""
    valid: defaultdict[tuple[str, str], Counter[Verdict]] = defaultdict(Counter)
    for record in runfile.records:
        inspects = record.arguments.get("action") == "inspect"
        if record.expected.what == "value" and record.verdict != "unavailable" and not inspects:
            valid[record.api, record.backend][record.verdict] += 1
    cells = {}
    for api in apis:
        for backend in runfile.run.backends:
            if runs(backend.framework, api):
                counts = valid[api, backend.name]
                word = "unavailable" if backend.unavailable else _word(counts)
                cells[api, backend.name] = Cell(word, counts["conforms"], counts.total())
    return cells


def _word(counts: Counter[Verdict]) -> str:
    words = {"crashed": "crashes", "timed-out": "times out", "differs": "differs", "unstable": "unstable"}
    for verdict, word in words.items():
        if counts[verdict]:  # type: ignore[index]
            return word
    if counts.total() == 0:
        return "not run"
    return "works" if counts["conforms"] == counts.total() else "refuses valid calls"


def runs(framework: str, api: str) -> bool:
    """Whether a backend of this framework runs an API: its own ones, and the reference runs all."""
    return framework in ("numpy", api.partition(".")[0])


def pairs(comparisons: Iterable[Comparison], sizes: Mapping[str, Size]) -> tuple[Pair, ...]:
    """Every ordered pair of backends whose outcomes on counterparts were held against each other."""
    rows: defaultdict[tuple[str, str], list[Comparison]] = defaultdict(list)
    for line in comparisons:
        rows[line.left_backend, line.right_backend].append(line)
    found = []
    for (left, right), lines in sorted(rows.items()):
        missing = [line for line in lines if "missing" in (line.shapes, line.values)]
        different = [line for line in lines if not line.agrees and "missing" not in (line.shapes, line.values)]
        smallest: dict[str, Comparison] = {}
        for line in sorted(different, key=lambda line: (*pair_example(line, sizes).order, line.right)):
            smallest.setdefault(line.left_call.partition("(")[0], line)
        found.append(
            Pair(
                left,
                right,
                len(lines),
                sum(line.shapes == "equal" for line in lines),
                sum(line.values == "equal" for line in lines),
                len(different),
                len(missing),
                tuple(smallest.values())[:EXAMPLES_PER_PAIR],
            )
        )
    return tuple(found)


def claimed(comparisons: Iterable[Comparison], sizes: Mapping[str, Size]) -> tuple[Claimed, ...]:
    """Pairs that a document calls equal: of those with one claim and one result the smallest, and their number."""
    rows: defaultdict[tuple[str, ...], list[Comparison]] = defaultdict(list)
    for line in comparisons:
        if line.claim:
            rows[line.claim, line.left_backend, line.right_backend, line.shapes, line.values].append(line)
    return tuple(
        Claimed(min(lines, key=lambda line: (*pair_example(line, sizes).order, line.right)), len(lines))
        for lines in rows.values()
    )


def alone(counterparts: Iterable[Counterpart]) -> tuple[Alone, ...]:
    """Cases without counterpart, grouped by reason; the most frequent reason of each pair of frameworks first."""
    counts = Counter(
        (line.api.partition(".")[0], line.framework, line.reason) for line in counterparts if not line.counterpart
    )
    ordered = sorted(counts.items(), key=lambda item: (item[0][:2], -item[1], item[0][2]))
    return tuple(Alone(*key, cases=count) for key, count in ordered)


def groups(records: Iterable[Record], backends: list[str]) -> tuple[Group, ...]:
    """Unexpected records by backend, API, verdict and contradicted claims; the largest group of a backend first."""
    rows: defaultdict[tuple[str, str, Verdict, tuple[str, ...]], list[Record]] = defaultdict(list)
    for record in records:
        if record.verdict in UNEXPECTED:
            claims = tuple(sorted({check.claim for check in record.checks if check.counts and not check.holds}))
            rows[record.backend, record.api, record.verdict, claims].append(record)
    places = {name: place for place, name in enumerate(backends)}
    found = [
        Group(*key, len(lines), tuple(sorted({line.mode for line in lines})), _smallest(lines))
        for key, lines in rows.items()
    ]
    found.sort(key=lambda group: (-group.count, group.api, group.verdict, group.claims))
    return tuple(sorted(found, key=lambda group: places.get(group.backend, len(places))))


def _smallest(records: list[Record]) -> Example:
    record = min(records, key=lambda record: (size(record.arguments, record.call), record.case, record.mode))
    details = [check.detail for check in record.checks if check.counts and not check.holds and check.detail]
    return example(record, "\n".join(dict.fromkeys(details)))
