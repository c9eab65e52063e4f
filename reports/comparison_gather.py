"""A run file → what the comparison page of two APIs needs of it: regions with their counts, and states of claims."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from msgspec.structs import replace

from cases.case import Case, from_canonical
from cases.catalogue import apis
from cases.compared import Comparer, comparer
from cases.steps import Add, Crop, Expand, Pad, Squeeze, Step
from reports import tables
from reports.comparison_evidence import Call, Direction, Lack, Region, Seen, State, Typed
from reports.reading import RunFile
from reports.record import Comparison, Counterpart, Record
from reports.states import standings
from reports.tables import Size
from reports.text import cap, one_line

LONGEST = 220  # characters of a call or of what was seen, of an example that stands in a table


@dataclass(frozen=True)
class Found:
    """A run file with indexes: records of each case, counterparts of each API, comparisons of each pair of cases."""

    runfile: RunFile
    backends: tuple[Seen, ...]
    records: Mapping[str, Record]
    counterparts: Mapping[tuple[str, str], list[Counterpart]]
    comparisons: Mapping[tuple[str, str], Comparison]
    cases: dict[str, Case] = field(default_factory=dict, compare=False)

    @cached_property
    def sizes(self) -> dict[str, Size]:
        """The sizes of what may become an example."""
        return tables.sizes(self.runfile)

    def case(self, name: str) -> Case:
        """The case of a record."""
        if name not in self.cases:
            self.cases[name] = from_canonical(self.records[name].arguments)
        return self.cases[name]

    def size(self, name: str) -> tuple[Size, str]:
        """What "smallest" goes by."""
        record = self.records[name]
        return tables.size(record.arguments, record.call), name


def find(runfile: RunFile) -> Found:
    """Index a run file. Of each framework its first backend that ran counts, in its first mode."""
    backends: dict[str, Seen] = {}
    for line in runfile.run.backends:
        if not line.unavailable and line.framework in {api.framework for api in apis().values()}:
            seen = Seen(framework=line.framework, name=line.name, version=line.version, device=line.device)
            backends.setdefault(line.framework, seen)
    names = {item.name for item in backends.values()}
    records: dict[str, Record] = {}
    for record in runfile.records:
        if record.backend in names and record.api.partition(".")[0] == record.backend.partition("==")[0]:
            records.setdefault(record.case, record)
    counterparts: defaultdict[tuple[str, str], list[Counterpart]] = defaultdict(list)
    for item in runfile.counterparts:
        counterparts[item.api, item.framework].append(item)
    comparisons = {
        (line.left, line.right): line
        for line in runfile.comparisons
        if not line.claim and {line.left_backend, line.right_backend} <= names
    }
    return Found(runfile, tuple(backends.values()), records, counterparts, comparisons)


def states(found: Found, names: Iterable[str], claims: Collection[str]) -> dict[str, dict[str, State]]:
    """Where each of these claims of these APIs stands on the backend of its framework."""
    wanted = set(names)
    backends = {item.framework: item.name for item in found.backends}
    made: dict[str, dict[str, State]] = {name: {} for name in wanted}
    for item in standings(found.runfile, found.sizes):
        api, _, slug = item.claim.id.partition("/")
        if item.claim.id in claims and api in wanted and backends.get(api.partition(".")[0]) == item.backend:
            example = item.smallest
            call = "" if example is None else example.call
            seen = "" if example is None else (example.detail or example.difference or example.actual)
            if example is not None and example.other:
                call = f"{call} ↔ {example.other}"
            texts = (cap(one_line(text), LONGEST) for text in (call, seen))
            made[api][slug] = State(item.state, item.held, item.failed, *texts)
    return made


def types(found: Found, name: str) -> list[Typed]:
    """What became of the calls of an API by element type, in the order of the types' names.

    Calls count whose values are documented; where there is none in a type, those of which no document says anything.
    """
    held: defaultdict[str, dict[str, list[Record]]] = defaultdict(lambda: {"value": [], "not documented": []})
    for record in found.records.values():
        asked = record.arguments.get("action") == "call" and record.expected.what in ("value", "not documented")
        if record.api == name and asked and record.dtype and record.verdict != "unavailable":
            held[record.dtype][record.expected.what].append(record)
    return [_typed(dtype, seen["value"] or seen["not documented"]) for dtype, seen in sorted(held.items())]


def _typed(dtype: str, records: list[Record]) -> Typed:
    returned = [record for record in records if record.actual.what == "returned"]
    conforming = sum(record.verdict in ("conforms", "undocumented") for record in returned)
    return Typed(dtype, len(returned), conforming, len(records) - len(returned))


def direction(found: Found, source: str, target: str) -> Direction:
    """The equivalence map of one API to the other framework's."""
    knows = comparer(apis()[source].operator)
    assert knows is not None
    lines = _first(found.counterparts.get((source, target.partition(".")[0]), ()))
    count: Counter[str] = Counter()
    regions: defaultdict[tuple[str, str, tuple[str, ...]], list[Counterpart]] = defaultdict(list)
    lacks: defaultdict[str, list[Counterpart]] = defaultdict(list)
    for line in lines:
        record = found.records.get(line.case)
        if record is None or record.arguments.get("action") != "call":
            continue
        count["calls"] += 1
        why = knows.reason(line.reason).why if line.reason else ""
        if record.expected.what != "value" or why == "call":
            count["undocumented"] += 1
        elif why == "own":
            count["own"] += 1
        elif line.reason:
            lacks[knows.reason(line.reason).text.en].append(line)
        elif found.case(line.counterpart).api != target:
            lacks[f"its counterpart is a call of {found.case(line.counterpart).api}"].append(line)
        else:
            regions[_key(found, knows, line)].append(line)
    made = [_region(found, key, held) for key, held in regions.items()]
    of = Counter[str]()
    for item in made:
        of[item.region] += item.cases
    made.sort(key=lambda item: (-of[item.region], item.region, -item.cases, item.arguments, item.steps))
    direct = sum(item.cases for item in made if not item.steps)
    recipe, none = sum(item.cases for item in made) - direct, sum(map(len, lacks.values()))
    return Direction(
        source=source,
        target=target,
        calls=count["calls"],
        undocumented=count["undocumented"],
        own=count["own"],
        valid=direct + recipe + none,
        direct=direct,
        recipe=recipe,
        none=none,
        equal=sum(item.equal for item in made),
        differ=sum(item.differ for item in made),
        missing=sum(item.missing for item in made),
        departs=_departs(found, [line for held in regions.values() for line in held]),
        regions=made,
        lacks=[
            _lack(found, words, held)
            for words, held in sorted(lacks.items(), key=lambda item: (-len(item[1]), item[0]))
        ],
    )


def _lack(found: Found, words: str, lines: list[Counterpart]) -> Lack:
    smallest = min(lines, key=lambda line: found.size(line.case))
    return Lack(reason=smallest.reason or words, cases=len(lines), example=found.records[smallest.case].call)


def _departs(found: Found, lines: list[Counterpart]) -> list[int]:
    """Whose fault the differences are: the source's, the target's, nobody's."""
    count = [0, 0, 0]
    for line in lines:
        seen = found.comparisons.get((line.case, line.counterpart))
        if seen is not None and seen.contradicts:
            wrong = [found.records[name].verdict != "conforms" for name in (line.case, line.counterpart)]
            for index, is_it in enumerate([*wrong, not any(wrong)]):
                count[index] += is_it
    return count


def _first(lines: Iterable[Counterpart]) -> list[Counterpart]:
    """The simplest counterpart of each case, which comes first."""
    found: dict[str, Counterpart] = {}
    for line in lines:
        found.setdefault(line.case, line)
    return list(found.values())


def _key(found: Found, knows: Comparer, line: Counterpart) -> tuple[str, str, tuple[str, ...]]:
    other = found.case(line.counterpart)
    steps = (*(f"before {_kind(step)}" for step in other.around.before), *map(_after, other.around.after))
    return knows.region(found.case(line.case)), knows.spelled(other), tuple(dict.fromkeys(steps))


def _after(step: Step) -> str:
    return f"after {_kind(step)}"


def _kind(step: Step) -> str:
    """A step without its numbers."""
    match step:
        case Expand():
            return "expand"
        case Squeeze():
            return "squeeze"
        case Add():
            return "add"
        case Pad(_, begin, end) | Crop(_, begin, end):
            sides = [word for word, amount in (("begin", begin), ("end", end)) if amount]
            return " ".join(["pad" if isinstance(step, Pad) else "crop", *sides])


def _region(found: Found, key: tuple[str, str, tuple[str, ...]], lines: list[Counterpart]) -> Region:
    compared = [(line, found.comparisons.get((line.case, line.counterpart))) for line in lines]
    differing = [line for line, seen in compared if seen is not None and seen.contradicts]
    without = [line for line, seen in compared if seen is not None and not seen.agrees and not seen.contradicts]
    return Region(
        region=key[0],
        arguments=key[1],
        steps=list(key[2]),
        cases=len(lines),
        equal=sum(seen is not None and seen.agrees for _, seen in compared),
        differ=len(differing),
        missing=len(without),
        differing=_call(found, _smallest(found, differing)) if differing else None,
        without=replace(_call(found, _smallest(found, without)), right="") if without else None,
    )


def _smallest(found: Found, lines: Iterable[Counterpart]) -> Counterpart:
    return min(lines, key=lambda line: found.size(line.case))


def _call(found: Found, line: Counterpart) -> Call:
    """The pair of calls, and what was seen of it."""
    left, right = found.records[line.case], found.records[line.counterpart]
    compared = found.comparisons[line.case, line.counterpart]
    verdicts = [left.verdict, right.verdict]
    return Call(left=left.call, right=right.call, detail=cap(compared.detail, LONGEST), verdicts=verdicts)
