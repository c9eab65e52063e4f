"""Comparisons counted: between backends, between what documents call equal, and of a backend with itself.

The `comparison` and `counterpart` lines of a run file go in, frozen rows in a fixed order come out.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reports.record import ClaimLine, Comparison, Counterpart
from reports.tables import Example, Size

EXAMPLES_PER_PAIR = 5


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
class Itself:
    """What one statement on pairs of calls of one backend came to, over all APIs that it is made of.

    `missing` are pairs of which a side has nothing that could be compared.
    """

    backend: str
    statement: str
    apis: int
    pairs: int
    equal: int
    different: int
    missing: int


@dataclass(frozen=True)
class Alone:
    """Cases of one framework that have no counterpart in another, for one reason."""

    framework: str
    other: str
    reason: str
    cases: int


def pair_example(line: Comparison, sizes: Mapping[str, Size]) -> Example:
    """A comparison as an example of a claim that two calls are equal."""
    return Example(
        case=line.left,
        api=line.left_call.partition("(")[0],
        call=line.left_call,
        backend=line.left_backend,
        mode=line.left_mode,
        verdict="",
        expected=_wanted(line),
        actual=f"shapes {line.shapes}, values {line.values}{'' if line.values_claimed else ' (not claimed)'}",
        size=sizes.get(line.left, (0, 0, len(line.left_call))),
        detail=line.detail,
        other=line.right_call,
    )


def _wanted(line: Comparison) -> str:
    """What the left side should be, in words: modes are named where they differ."""
    mode = f" in {line.right_mode} mode" if line.right_mode != line.left_mode else ""
    if line.left_backend != line.right_backend:
        return f"the same as the other call on {line.right_backend}{mode}"
    return f"the same as{mode}" if mode and line.left == line.right else f"the same as the other call{mode}"


def pairs(comparisons: Iterable[Comparison], sizes: Mapping[str, Size]) -> tuple[Pair, ...]:
    """Every ordered pair of backends whose outcomes on counterparts were held against each other."""
    rows: defaultdict[tuple[str, str], list[Comparison]] = defaultdict(list)
    for line in comparisons:
        if not line.claim:
            rows[line.left_backend, line.right_backend].append(line)
    found = []
    for (left, right), lines in sorted(rows.items()):
        different = [line for line in lines if line.contradicts]
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
                sum(not line.agrees and not line.contradicts for line in lines),
                tuple(smallest.values())[:EXAMPLES_PER_PAIR],
            )
        )
    return tuple(found)


def claimed(comparisons: Iterable[Comparison], sizes: Mapping[str, Size]) -> tuple[Claimed, ...]:
    """Pairs on two backends that a document calls equal: of those with one claim and one result the smallest.

    What does not agree comes first.
    """
    rows: defaultdict[tuple[str, ...], list[Comparison]] = defaultdict(list)
    for line in comparisons:
        if line.claim and line.left_backend != line.right_backend:
            rows[line.claim, line.left_backend, line.right_backend, line.shapes, line.values].append(line)
    found = [
        Claimed(min(lines, key=lambda line: (*pair_example(line, sizes).order, line.right)), len(lines))
        for lines in rows.values()
    ]
    return tuple(sorted(found, key=lambda item: item.line.agrees))


def itself(comparisons: Iterable[Comparison], claims: Iterable[ClaimLine], backends: list[str]) -> tuple[Itself, ...]:
    """Claimed pairs on one backend, by statement; backends in the order of the run, then what differs first."""
    words = {claim.id: claim.en for claim in claims}
    rows: defaultdict[tuple[str, str], list[Comparison]] = defaultdict(list)
    for line in comparisons:
        if line.claim and line.left_backend == line.right_backend:
            rows[line.left_backend, words.get(line.claim, line.claim)].append(line)
    found = []
    for (backend, statement), lines in rows.items():
        equal, different = sum(line.agrees for line in lines), sum(line.contradicts for line in lines)
        apis = len({line.claim.partition("/")[0] for line in lines})
        missing = len(lines) - equal - different
        found.append(Itself(backend, statement, apis, len(lines), equal, different, missing))
    places = {name: place for place, name in enumerate(backends)}
    found.sort(key=lambda row: (places.get(row.backend, len(places)), -row.different, -row.missing, row.statement))
    return tuple(found)


def alone(counterparts: Iterable[Counterpart]) -> tuple[Alone, ...]:
    """Cases without counterpart, grouped by reason; the most frequent reason of each pair of frameworks first."""
    counts = Counter(
        (line.api.partition(".")[0], line.framework, line.reason) for line in counterparts if not line.counterpart
    )
    ordered = sorted(counts.items(), key=lambda item: (item[0][:2], -item[1], item[0][2]))
    return tuple(Alone(*key, cases=count) for key, count in ordered)
