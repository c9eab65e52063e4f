"""The run file: JSON Lines, append-only, one object a line, tagged by `type`.

`run` comes first, then `record`, `counterpart` and `comparison` lines in any order, and `end` last. Everything that a
report shows is in the file: reports group, count and draw, but run nothing. Whole files are read with `load`; a file
that was cut short at any byte is read up to the last whole line.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
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
    """A claim as the run held it: what the ledger prints. `unchecked` is empty unless the suite does not check it."""

    id: str
    api: str
    kind: str
    en: str
    zh: str
    sources: list[tuple[str, str]]
    parameters: list[str]
    overruled: str = ""
    unchecked: str = ""


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
    """The first differing element. Values are texts; how many of how many elements differ, and the largest error."""

    index: list[int]
    expected: str
    actual: str
    differing: int
    of: int
    largest: str = ""


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """What was expected, or what happened.

    `what` is `value`, `error`, `unsupported` or `not documented` for what was expected; `returned`, `described`,
    `raised`, `crashed`, `timed out` or `could not run` for what happened. For an error, `error` is its class (empty
    where none is documented), `argument` the parameter it speaks of, `stage` when it came.
    """

    what: str
    array: Array | None = None
    error: str = ""
    message: str = ""
    argument: str = ""
    stage: str = ""
    detail: str = ""


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One claim held against one outcome. `counts` is false for a claim that a ruling overrules."""

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


class End(msgspec.Struct, frozen=True, kw_only=True, tag="end"):
    """The last line of a run that ended by itself, or was interrupted in an orderly way."""

    records: int
    executions: int
    seconds: float
    interrupted: bool
    exit_code: int
    canary: str


Line: TypeAlias = Run | Record | Counterpart | Comparison | End


class _Tagged(msgspec.Struct):
    type: str
    format: int


_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)


class BadRunFile(ValueError):
    """A run file that cannot be read; says where and what would help."""


@dataclass(frozen=True)
class RunFile:
    """A run file, read."""

    path: Path
    run: Run
    records: tuple[Record, ...]
    counterparts: tuple[Counterpart, ...]
    comparisons: tuple[Comparison, ...]
    end: End | None

    def record(self, prefix: str) -> tuple[Record, ...]:
        """The records of the case whose id starts with `prefix`; LookupError unless it is just one case."""
        found = {record.case for record in self.records if record.case.startswith(prefix)}
        if not found:
            raise LookupError(f"no case {prefix!r} in {self.path}")
        if len(found) > 1:
            raise LookupError(f"{prefix!r} is the beginning of {len(found)} cases in {self.path}; give more digits")
        return tuple(record for record in self.records if record.case in found)


def to_line(line: Line) -> bytes:
    """One line of a run file, with its newline."""
    return _encoder.encode(line) + b"\n"


def read_lines(path: Path) -> Iterator[Line]:
    """Every whole line of a run file. A last line without newline was cut short and is left out."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadRunFile(f"{path} cannot be read: {error.strerror}") from None
    offset = 0
    while (end := data.find(b"\n", offset)) >= 0:
        raw, start, offset = data[offset : end + 1], offset, end + 1
        try:
            yield _decoder.decode(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            _other_format(path, raw)
            raise BadRunFile(f"{path}, byte {start}: this line is no line of a run file ({error})") from None


def _other_format(path: Path, raw: bytes) -> None:
    """Say so where a line is of a format that this version does not know, rather than that it is no line at all."""
    try:
        found = msgspec.json.decode(raw, type=_Tagged)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return
    if found.type == "run" and found.format != FORMAT:
        raise BadRunFile(f"{path}: format {found.format}; this version reads format {FORMAT}")


def load(path: Path) -> RunFile:
    """Read a run file, or the one in a folder. BadRunFile, with the offset, for anything that is none."""
    if path.is_dir():
        path = path / "run.jsonl"
    lines = list(read_lines(path))
    if not lines or not isinstance(lines[0], Run):
        raise BadRunFile(f"{path}: a run file starts with a whole line of type 'run'")
    if lines[0].format != FORMAT:
        raise BadRunFile(f"{path}: format {lines[0].format}; this version reads format {FORMAT}")
    ends = [line for line in lines if isinstance(line, End)]
    return RunFile(
        path,
        lines[0],
        tuple(line for line in lines if isinstance(line, Record)),
        tuple(line for line in lines if isinstance(line, Counterpart)),
        tuple(line for line in lines if isinstance(line, Comparison)),
        ends[-1] if ends else None,
    )


def schema() -> dict[str, Any]:
    """The JSON Schema of one line of a run file, generated from the types."""
    return msgspec.json.schema(Line)
