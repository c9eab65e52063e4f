"""The run file: JSON Lines, append-only, one object a line, tagged by `type`.

`run` comes first, then `record`, `counterpart` and `comparison` lines in any order, and `end` last. Everything that a
report shows is in the file: reports group, count and draw, but run nothing. `reports.reading` reads and writes them; a
file that was cut short at any byte is read up to the last whole line.
"""

from typing import Any, Literal, TypeAlias

import msgspec

FORMAT = 1

Verdict = Literal[
    "conforms",
    "differs",
    "rejects-valid",
    "accepts-invalid",
    "wrong-error",
    "undocumented",
    "unsupported",
    "unavailable",
    "crashed",
    "timed-out",
    "unstable",
]
VERDICTS: tuple[Verdict, ...] = Verdict.__args__  # type: ignore[attr-defined]
# What makes a run fail: something that a document says does not happen.
UNEXPECTED: frozenset[Verdict] = frozenset(
    {"differs", "rejects-valid", "accepts-invalid", "wrong-error", "crashed", "timed-out", "unstable"}
)


class ClaimLine(msgspec.Struct, frozen=True, kw_only=True):
    """A claim as the run held it: what the ledger prints. `unchecked` is empty unless the suite does not check it.

    `device` names the only device on which it can be held; `advice` marks what no document promises.
    """

    id: str
    api: str
    kind: str
    en: str
    zh: str
    sources: list[tuple[str, str]]
    parameters: list[str]
    overruled: str = ""
    unchecked: str = ""
    device: str = ""
    advice: bool = False


class DocumentLine(msgspec.Struct, frozen=True, kw_only=True):
    """A document that the claims of this run were taken from."""

    key: str
    title: str
    language: str
    version: str


class RulingLine(msgspec.Struct, frozen=True, kw_only=True):
    """A ruling: where documents disagree, the side that the reference takes and why."""

    id: str
    en: str
    zh: str


class BackendLine(msgspec.Struct, frozen=True, kw_only=True):
    """A backend of the run. `unavailable` says why it could not be used, and how to change that; else it is empty."""

    name: str
    framework: str
    version: str = ""
    device: str = "cpu"
    python: str = ""
    mode: str = ""
    devices: list[str] = []
    modes: list[str] = []
    dtypes: list[str] = []
    threads: int = 1
    packages: dict[str, str] = {}
    capability: str = ""
    missing_modes: dict[str, str] = {}
    unavailable: str = ""


class CoverageLine(msgspec.Struct, frozen=True, kw_only=True):
    """How much of an API's documented domain the cases reach."""

    api: str
    valid: int
    invalid: int
    strength: int
    tuples: int
    covered: int
    infeasible: int


class Run(msgspec.Struct, frozen=True, kw_only=True, tag="run"):
    """The first line: what was run, on what, with what."""

    format: int
    suite: str
    commit: str
    command: list[str]
    seed: int
    strength: int
    started: str
    machine: dict[str, str]
    backends: list[BackendLine]
    documents: list[DocumentLine]
    rulings: list[RulingLine]
    claims: list[ClaimLine]
    coverage: list[CoverageLine]


class Array(msgspec.Struct, frozen=True, kw_only=True):
    """An array of a record: shape and dtype always, a digest, and the bytes of one that differs.

    `data` holds little-endian bytes in base64: the whole array, or where that is over 64 KiB the stretch of `count`
    elements in C order from `start` that surrounds the first difference.
    """

    shape: list[int]
    dtype: str
    digest: str = ""
    data: str = ""
    start: int = 0
    count: int = 0


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """The first differing element. Values are texts; how many of how many elements differ, and the largest error.

    `output` names the result that differs: `output` itself, or `gradient of <role>`.
    """

    index: list[int]
    expected: str
    actual: str
    differing: int
    of: int
    largest: str = ""
    output: str = "output"


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """What was expected, or what happened.

    `what` is `value`, `error`, `unsupported` or `not documented` for what was expected; `returned`, `described`,
    `raised`, `crashed`, `timed out` or `could not run` for what happened. For an error, `error` is its class (empty
    where none is documented), `argument` the parameter it speaks of, `stage` when it came. `others` are the gradients,
    or the parameters of an initialisation.
    """

    what: str
    array: Array | None = None
    others: dict[str, Array] = {}
    error: str = ""
    message: str = ""
    argument: str = ""
    stage: str = ""
    detail: str = ""


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One claim held against one outcome. `counts` is false for a claim that a ruling overrules, and for advice."""

    claim: str
    holds: bool
    detail: str = ""
    counts: bool = True


class Record(msgspec.Struct, frozen=True, kw_only=True, tag="record"):
    """One case on one backend in one mode."""

    case: str
    api: str
    call: str
    arguments: dict[str, Any]
    backend: str
    mode: str
    dtype: str
    verdict: Verdict
    checks: list[Check]
    expected: Side
    actual: Side
    difference: Difference | None = None
    margin: float | None = None
    milliseconds: float = 0.0


class Counterpart(msgspec.Struct, frozen=True, kw_only=True, tag="counterpart"):
    """What a case of one framework is in another: the id of its counterpart, or the reason why there is none."""

    case: str
    api: str
    framework: str
    counterpart: str = ""
    reason: str = ""


class Comparison(msgspec.Struct, frozen=True, kw_only=True, tag="comparison"):
    """Two outcomes held against each other: of counterparts, or of two calls that a document calls equal.

    `claim` is empty for counterparts that the suite made itself. `values_claimed` is false where a document calls only
    the shapes equal: values are compared all the same, for the reader.
    """

    left: str
    left_backend: str
    right: str
    right_backend: str
    left_call: str = ""
    right_call: str = ""
    left_mode: str = ""
    right_mode: str = ""
    claim: str = ""
    counts: bool = True
    values_claimed: bool = True
    shapes: Literal["equal", "different", "missing"]
    values: Literal["equal", "different", "missing"]
    detail: str = ""

    @property
    def agrees(self) -> bool:
        """Both outcomes have values, and what should be equal is."""
        return self.shapes == "equal" and (not self.values_claimed or self.values == "equal")

    @property
    def contradicts(self) -> bool:
        """What should be equal is not. A side without a result contradicts nothing: its own record says why."""
        return "different" in (self.shapes, self.values if self.values_claimed else "")


class Drift(msgspec.Struct, frozen=True, kw_only=True, tag="drift"):
    """One thing in which an API of a backend is documented differently from what its claims were written from.

    `documented` is the version that the claims were written from, `parameter` the parameter or section concerned.
    """

    api: str
    backend: str
    kind: str
    parameter: str
    was: str
    now: str
    documented: str


class Property(msgspec.Struct, frozen=True, kw_only=True, tag="property"):
    """Something measured of a backend that no document promises: in which precision it adds, what it does to zeros."""

    backend: str
    mode: str
    api: str
    dtype: str
    name: str
    value: str
    detail: str = ""


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """A rule on fresh cases: of those inside and outside of it, how many failed as it says, and how many did not."""

    inside_failing: int = 0
    inside_passing: int = 0
    outside_failing: int = 0
    outside_passing: int = 0

    @property
    def precision(self) -> float | None:
        """The part of the fresh cases inside of the rule that fail; None where there was none."""
        total = self.inside_failing + self.inside_passing
        return self.inside_failing / total if total else None

    @property
    def recall(self) -> float | None:
        """The part of the failing fresh cases that the rule holds for; None where none fails."""
        total = self.inside_failing + self.outside_failing
        return self.inside_failing / total if total else None


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What a stand-alone script did in a backend's environment: how it ended, and what it printed.

    `word` is `reproduced`, `not reproduced`, or `run` where the script shows what is spoken of and cannot tell.
    """

    ended: str
    printed: str
    word: Literal["reproduced", "not reproduced", "run"]


class Finding(msgspec.Struct, frozen=True, kw_only=True, tag="finding"):
    """The failures of one backend that share a cause, with the rule that tells them from what passes.

    `id` is the same in every run that finds this: it comes from the framework, the operator, the symptom, the claims
    and the rule. `verdict` is empty where calls are held against one another. `claims` are the contradicted ones, the
    most telling first; `cases` the failing ones, the smallest first. `support` counts failing executions, for all of
    which the rule holds, `against` passing ones for which it holds too. `smallest` is a case of this run, in `mode`,
    and `other` the call that it is held against, if it is; `minimal` is what it was shrunk to (its canonical form),
    `passing` the nearest case that passes. `known` is the name of the entry of the ledger that covers it, `reason` its
    reason.
    """

    id: str
    backend: str
    verdict: str
    symptoms: list[str]
    claims: list[str]
    apis: list[str]
    modes: list[str]
    rule: str
    support: int
    against: int
    cases: list[str]
    smallest: str
    mode: str
    title: str = ""
    other: str = ""
    minimal: dict[str, Any] | None = None
    minimal_call: str = ""
    passing: dict[str, Any] | None = None
    passing_call: str = ""
    expected: str = ""
    actual: str = ""
    tried: Tried | None = None
    script: str = ""
    shown: Shown | None = None
    known: str = ""
    reason: str = ""


class End(msgspec.Struct, frozen=True, kw_only=True, tag="end"):
    """The last line of a run that ended by itself, or was interrupted in an orderly way.

    `known` counts the failures that the ledger covers, `new` the others; `ledger` says which entries do not occur or
    are too broad.
    """

    records: int
    executions: int
    seconds: float
    interrupted: bool
    exit_code: int
    canary: str
    known: int = 0
    new: int = 0
    ledger: list[str] = []


Line: TypeAlias = Run | Record | Counterpart | Comparison | Drift | Property | Finding | End
