"""How much of the documentation a run has checked, per API and backend, and why it has not checked the rest.

The standings of a run go in; frozen rows come out, in the order of the run's claims and backends.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reports import text
from reports.record import BackendLine, ClaimLine, CoverageLine
from reports.states import MET, Standing, State

# The columns of a table of claims by state.
COLUMNS: dict[State, str] = {
    "holds": "Held",
    "contradicted": "Contradicted",
    "document": "Document overruled",
    "advice": "Advice not followed",
    "unchecked": "Not checked by the suite",
    "unavailable": "Unavailable",
    "not exercised": "Not exercised",
}


@dataclass(frozen=True)
class ApiCoverage:
    """How much of an API's documentation is stated, checked by this suite, and exercised in this run on any backend."""

    api: str
    stated: int
    checked: int
    exercised: int
    domain: CoverageLine | None


@dataclass(frozen=True)
class Covered:
    """The claims of one API on one backend by state; they add up to those stated."""

    api: str
    backend: str
    states: Mapping[State, int]

    @property
    def stated(self) -> int:
        """How many claims there are."""
        return sum(self.states.values())

    @property
    def checked(self) -> int:
        """How many of them were held against an outcome of this run."""
        return sum(count for state, count in self.states.items() if state in MET)

    def count(self, state: State) -> int:
        """How many are in a state."""
        return self.states.get(state, 0)


@dataclass(frozen=True)
class Unmet:
    """Claims that no outcome of this run was held against, by API, for one reason."""

    state: Literal["unchecked", "unavailable", "not exercised"]
    reason: str
    claims: Mapping[str, tuple[ClaimLine, ...]]

    @property
    def count(self) -> int:
        """How many claims they are."""
        return sum(map(len, self.claims.values()))


def per_api(
    apis: Sequence[str], claims: Iterable[ClaimLine], standings: Iterable[Standing], domains: Iterable[CoverageLine]
) -> tuple[ApiCoverage, ...]:
    """One row for each API, over all backends."""
    stated, checked = Counter[str](), Counter[str]()
    for claim in claims:
        stated[claim.api] += 1
        checked[claim.api] += not claim.unchecked
    met = {(item.claim.api, item.claim.id) for item in standings if item.state in MET}
    exercised = Counter(api for api, _ in met)
    known = {line.api: line for line in domains}
    return tuple(ApiCoverage(api, stated[api], checked[api], exercised[api], known.get(api)) for api in apis)


def per_backend(
    apis: Sequence[str], backends: Sequence[BackendLine], standings: Iterable[Standing]
) -> Iterator[Covered]:
    """One row for each API and each backend that may run it."""
    counts: defaultdict[tuple[str, str], Counter[State]] = defaultdict(Counter)
    for item in standings:
        counts[item.claim.api, item.backend][item.state] += 1
    for api in apis:
        for backend in backends:
            if (api, backend.name) in counts:
                yield Covered(api, backend.name, dict(counts[api, backend.name]))


def unmet(
    backends: Sequence[BackendLine], claims: Iterable[ClaimLine], standings: Iterable[Standing]
) -> tuple[Unmet, ...]:
    """Every claim that was not checked on a backend of its framework, grouped by the reason.

    First what the suite does not check anywhere, then what could not run here, then what no case of the run met. That
    the NumPy reference does not show a framework's signature or message is no hole, and is left out.
    """
    lines = {line.name: line for line in backends}
    frameworks = {line.framework for line in backends}
    found: defaultdict[tuple[Literal["unchecked", "unavailable", "not exercised"], str], dict[str, ClaimLine]]
    found = defaultdict(dict)
    for claim in claims:
        framework = claim.api.partition(".")[0]
        if claim.unchecked:
            found["unchecked", claim.unchecked][claim.id] = claim
        elif framework not in frameworks:
            found["unavailable", f"no backend of {framework} took part in this run"][claim.id] = claim
    for item in standings:
        line = lines[item.backend]
        if line.framework != item.claim.api.partition(".")[0]:
            continue
        if item.state == "unavailable":
            found["unavailable", _why(line, item)][item.claim.id] = item.claim
        elif item.state == "not exercised":
            reason = f"no case that ran on {text.label(line)} lets it be held"
            found["not exercised", reason][item.claim.id] = item.claim
    order = ("unchecked", "unavailable", "not exercised")
    rows = [Unmet(state, reason, _by_api(held.values())) for (state, reason), held in found.items()]
    return tuple(sorted(rows, key=lambda row: order.index(row.state)))


def _why(line: BackendLine, item: Standing) -> str:
    if line.unavailable:
        return f"{text.label(line)} is unavailable: {line.unavailable}"
    return f"needs {item.needs}; {text.label(line)} is on another device"


def _by_api(claims: Iterable[ClaimLine]) -> dict[str, tuple[ClaimLine, ...]]:
    found: defaultdict[str, list[ClaimLine]] = defaultdict(list)
    for claim in claims:
        found[claim.api].append(claim)
    return {api: tuple(held) for api, held in found.items()}
