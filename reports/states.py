"""Where each claim stands on each backend, and by what.

A run file goes in, a frozen `Standing` per claim and backend comes out. A claim belongs to the backends of its own
framework; the NumPy reference runs all APIs. Nothing that did not run counts as holding or as contradicted. A claim
that a ruling overrules is a finding about its document, and advice is what no document promises: both counted apart.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from reports import tables
from reports.compared import pair_example
from reports.reading import RunFile
from reports.record import BackendLine, ClaimLine, Comparison, Record
from reports.tables import Example, Size

State = Literal["contradicted", "document", "advice", "holds", "unchecked", "unavailable", "not exercised"]
STATES: tuple[State, ...] = State.__args__  # type: ignore[attr-defined]
# A claim in one of these was held against at least one outcome of the run.
MET: frozenset[State] = frozenset({"contradicted", "document", "advice", "holds"})

_Key: TypeAlias = tuple[str, str]
_Order: TypeAlias = tuple[Size, str, str]
_Failure: TypeAlias = tuple[_Order, Callable[[], Example]]


@dataclass(frozen=True)
class Standing:
    """One claim on one backend. `held` and `failed` count its checks; `smallest` is the smallest that failed.

    `versions` are those of the claim's documents that document another version than the backend's. `needs` is the
    device without which the claim cannot be held, where this backend is on another.
    """

    claim: ClaimLine
    backend: str
    state: State
    held: int
    failed: int
    smallest: Example | None
    versions: tuple[str, ...]
    needs: str = ""

    @property
    def label(self) -> str:
        """The state in words that stand alone."""
        match self.state:
            case "document":
                return f"contradicted (document overruled by ruling {self.claim.overruled})"
            case "advice":
                return "not followed (advice; no document promises it)"
            case "unchecked":
                return "not checked"
            case "unavailable" if self.needs:
                return f"unavailable (needs {self.needs})"
        return self.state


def standings(runfile: RunFile, sizes: Mapping[str, Size]) -> Iterator[Standing]:
    """Every claim on every backend that may run its API; `sizes` are those of `tables.sizes`."""
    run = runfile.run
    versions = {document.key: document.version for document in run.documents}
    held, failed = _checks(runfile, sizes)
    for claim in run.claims:
        for backend in run.backends:
            if tables.runs(backend.framework, claim.api):
                holding, failures = held[claim.id, backend.name], failed.get((claim.id, backend.name), [])
                needs = "" if backend.unavailable or backend.device.startswith(claim.device) else claim.device
                yield Standing(
                    claim,
                    backend.name,
                    _state(claim, backend, holding, len(failures)),
                    holding,
                    len(failures),
                    min(failures, key=lambda failure: failure[0])[1]() if failures else None,
                    _other_versions(claim, backend, versions),
                    needs,
                )


def _checks(runfile: RunFile, sizes: Mapping[str, Size]) -> tuple[Counter[_Key], dict[_Key, list[_Failure]]]:
    """How many checks held, and those that did not, each with its order and what makes an example of it."""
    held: Counter[_Key] = Counter()
    failed: defaultdict[_Key, list[_Failure]] = defaultdict(list)
    for record in runfile.records:
        for check in record.checks:
            if check.holds:
                held[check.claim, record.backend] += 1
            else:
                order = (sizes[record.case], record.case, record.mode)
                failed[check.claim, record.backend].append((order, _as_example(record, check.detail)))
    for line in runfile.comparisons:
        if line.claim and line.agrees:
            held[line.claim, line.left_backend] += 1
        elif line.claim and line.contradicts:
            size = sizes.get(line.left, (0, 0, len(line.left_call)))
            order = (size, line.left, "\0".join((line.left_mode, line.right, line.right_backend, line.right_mode)))
            failed[line.claim, line.left_backend].append((order, _as_pair(line, sizes)))
    return held, failed


def _as_example(record: Record, detail: str) -> Callable[[], Example]:
    return lambda: tables.example(record, detail)


def _as_pair(line: Comparison, sizes: Mapping[str, Size]) -> Callable[[], Example]:
    return lambda: pair_example(line, sizes)


def _state(claim: ClaimLine, backend: BackendLine, held: int, failed: int) -> State:
    if failed:
        return "document" if claim.overruled else "advice" if claim.advice else "contradicted"
    if held:
        return "holds"
    if claim.unchecked:
        return "unchecked"
    return "unavailable" if backend.unavailable or not backend.device.startswith(claim.device) else "not exercised"


def _other_versions(claim: ClaimLine, backend: BackendLine, versions: dict[str, str]) -> tuple[str, ...]:
    if backend.framework != claim.api.partition(".")[0] or not backend.version:
        return ()
    stated = dict.fromkeys(versions.get(key, "") for key, _ in claim.sources)
    return tuple(version for version in stated if version and not same_version(version, backend.version))


def same_version(documented: str, installed: str) -> bool:
    """Whether a document's version is the installed one: `2.9` and `2.9.0` both document `2.9.0+cpu`."""
    wanted, have = documented.removeprefix("v").split("."), installed.partition("+")[0].split(".")
    return wanted == have[: len(wanted)]
