"""Records counted across backends: examples and their size, verdicts, the support matrix, groups, measured properties.

Everything here takes the lines of a run file and gives frozen rows in a fixed order, whatever the order of the lines;
`reports.compared` does the same for comparisons, and `reports.summary` puts them together with the ledger of claims.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any, TypeAlias

from reports import text
from reports.reading import RunFile
from reports.record import UNEXPECTED, VERDICTS, Property, Record, Verdict

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
class Group:
    """Unexpected records of one API on one backend that share a verdict and the claims they contradict."""

    backend: str
    api: str
    verdict: Verdict
    claims: tuple[str, ...]
    count: int
    modes: tuple[str, ...]
    smallest: Example


@dataclass(frozen=True)
class Measured:
    """A property of a backend in one mode, for one element type; `apis` is empty where all APIs share it."""

    backend: str
    name: str
    dtype: str
    mode: str
    value: str
    detail: str
    apis: tuple[str, ...]


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
    """The sizes of the cases that may become an example: what is unexpected, failed a check, or was compared."""
    wanted = {line.left for line in runfile.comparisons}
    found: dict[str, Size] = {}
    for item in runfile.records:
        if item.case in found:
            continue
        odd = item.verdict in UNEXPECTED or item.case in wanted
        if odd or not all(check.holds for check in item.checks):
            found[item.case] = size(item.arguments, item.call)
    return found


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


def groups(records: Iterable[Record], backends: list[str], sizes: Mapping[str, Size]) -> tuple[Group, ...]:
    """Unexpected records by backend, API, verdict and contradicted claims; the largest group of a backend first."""
    rows: defaultdict[tuple[str, str, Verdict, tuple[str, ...]], list[Record]] = defaultdict(list)
    for record in records:
        if record.verdict in UNEXPECTED:
            claims = tuple(sorted({check.claim for check in record.checks if check.counts and not check.holds}))
            rows[record.backend, record.api, record.verdict, claims].append(record)
    places = {name: place for place, name in enumerate(backends)}
    found = [
        Group(*key, len(lines), tuple(sorted({line.mode for line in lines})), _smallest(lines, sizes))
        for key, lines in rows.items()
    ]
    found.sort(key=lambda group: (-group.count, group.api, group.verdict, group.claims))
    return tuple(sorted(found, key=lambda group: places.get(group.backend, len(places))))


def _smallest(records: list[Record], sizes: Mapping[str, Size]) -> Example:
    record = min(records, key=lambda record: (sizes[record.case], record.case, record.mode))
    details = [check.detail for check in record.checks if check.counts and not check.holds and check.detail]
    return example(record, "\n".join(dict.fromkeys(details)))


def measured(properties: Iterable[Property], backends: list[str]) -> tuple[Measured, ...]:
    """What was measured of each backend, APIs with the same result in one row; backends in the order of the run."""
    apis: defaultdict[tuple[str, str, str, str, str, str], list[str]] = defaultdict(list)
    for item in properties:
        apis[item.backend, item.name, item.dtype, item.mode, item.value, item.detail].append(item.api)
    found = [Measured(*key, tuple(sorted(filter(None, names)))) for key, names in apis.items()]
    places = {name: place for place, name in enumerate(backends)}
    order = {name: place for place, name in enumerate(("accumulation", "sign of zero", "subnormal numbers", "margin"))}
    return tuple(
        sorted(
            found,
            key=lambda row: (
                (places.get(row.backend, len(places)), order.get(row.name, len(order)), row.name),
                (row.dtype, row.mode, row.apis, row.value, row.detail),
            ),
        )
    )
