"""Run files as bytes and back: one line at a time, and whole files, with clear errors for anything that is none."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from reports.record import FORMAT, Comparison, Counterpart, Drift, End, Finding, Line, Property, Record, Run


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
    drifts: tuple[Drift, ...] = ()
    properties: tuple[Property, ...] = ()
    findings: tuple[Finding, ...] = ()

    def finding(self, prefix: str) -> Finding:
        """The finding whose id starts with `prefix`; LookupError unless it is just one, or one on several backends."""
        found = {item.id: item for item in reversed(self.findings) if item.id.startswith(prefix)}
        if len(found) != 1:
            what = "no finding" if not found else f"{len(found)} findings whose ids start with"
            known = ", ".join(dict.fromkeys(item.id for item in self.findings)) or "none"
            raise LookupError(f"{self.path} has {what} {prefix!r}; its findings are {known}")
        return next(iter(found.values()))

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
    with uncollected():
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
        tuple(dict.fromkeys(line for line in lines if isinstance(line, Drift))),  # twice, if cut before its record
        tuple(line for line in lines if isinstance(line, Property)),
        # One that is written again, explained, takes the place of the one before.
        tuple({(line.backend, line.id): line for line in lines if isinstance(line, Finding)}.values()),
    )


@contextmanager
def uncollected() -> Iterator[None]:
    """No garbage collection within.

    A run file makes millions of objects that all live on, and that the collector would look at again and again: of
    40,000 records it would take three quarters of the time in which they are read and counted.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def schema() -> dict[str, Any]:
    """The JSON Schema of one line of a run file, generated from the types."""
    return msgspec.json.schema(Line)
