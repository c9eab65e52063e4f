"""Writing a run file: line by line, flushed, under a lock: whatever happens, it can be read and resumed."""

import fcntl
import itertools
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

from conformance.errors import UsageError
from reports.reading import BadRunFile, RunFile, load, to_line
from reports.record import Comparison, End, Finding, Line, Property, Run

NAME = "run.jsonl"
_LAST = tuple(f'{{"type":"{kind.__struct_config__.tag}"'.encode() for kind in (Comparison, Property, Finding, End))


class Writer:
    """An open run file; lanes write to it from their threads."""

    def __init__(self, stream: BinaryIO, path: Path) -> None:
        self._stream, self.path = stream, path
        self._lock = threading.Lock()

    def write(self, line: Line) -> None:
        """Append one whole line."""
        data = to_line(line)
        with self._lock:
            self._stream.write(data)
            self._stream.flush()


def output_file(output: Path) -> Path:
    """The run file that `-o` means: the path itself if it ends in .jsonl, else a file in that folder."""
    return output if output.suffix == ".jsonl" else output / NAME


@contextmanager
def create(output: Path) -> Iterator[Writer]:
    """Open a new run file. One that is there already is kept under a name with its time; a locked one is refused."""
    path = output_file(output)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            with _locked(path, "rb"):
                path.rename(_kept(path))
    except OSError as error:
        raise _unwritable(path, error) from None
    with _locked(path, "wb") as stream:
        yield Writer(stream, path)


def _kept(path: Path) -> Path:
    """The name under which an older run file is kept: its time, and a number where that is taken."""
    stamp = datetime.fromtimestamp(path.stat().st_mtime, UTC).strftime("%Y%m%dT%H%M%S")
    numbers = itertools.chain([""], (f"-{number}" for number in itertools.count(2)))
    names = (path.with_name(f"{path.stem}-{stamp}{number}.jsonl") for number in numbers)
    return next(name for name in names if not name.exists())


@contextmanager
def resume(output: Path, expected: Run) -> Iterator[tuple[Writer, RunFile]]:
    """Open a run file to go on with it, and say what it has.

    It must be of the same run: suite, seed, strength, backends and claims. What a run writes last, comparisons and the
    end line, is cut off with a line that is not whole: the resumed run writes them anew.
    """
    path = output_file(output)
    if not path.is_file():
        raise UsageError(f"cannot resume: there is no run file {path}", "leave --resume out to begin a new run")
    with _locked(path, "r+b") as stream:
        try:
            found = load(path)
        except BadRunFile as error:
            raise UsageError(f"cannot resume: {error}", "leave --resume out to begin a new run") from None
        _same_run(path, found.run, expected)
        keep = 0
        for raw in stream:
            if not raw.endswith(b"\n") or raw.startswith(_LAST):
                break
            keep += len(raw)
        stream.seek(keep)
        stream.truncate()
        yield Writer(stream, path), found


def put_findings(path: Path, findings: Iterable[Finding]) -> None:
    """Put these findings in the place of those that a finished run file has. It is replaced whole, or not at all."""
    mark = f'{{"type":"{Finding.__struct_config__.tag}"'.encode()
    part = path.with_name(f".{path.name}.part")
    with _locked(path, "rb") as stream:
        try:
            with part.open("wb") as out:
                out.writelines(raw for raw in stream if raw.endswith(b"\n") and not raw.startswith(mark))
                out.writelines(map(to_line, findings))
            part.replace(path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise _unwritable(path, error) from None


def _same_run(path: Path, found: Run, expected: Run) -> None:
    for name in ("suite", "seed", "strength", "claims"):
        if getattr(found, name) != getattr(expected, name):
            text = "other claims" if name == "claims" else f"{name} {getattr(found, name)!r}"
            raise UsageError(f"cannot resume {path}: it was made with {text}", "leave --resume out, or use its options")
    ours, theirs = ([item.name for item in run.backends] for run in (expected, found))
    if ours != theirs:
        raise UsageError(
            f"cannot resume {path}: it is about {', '.join(theirs)}, not {', '.join(ours)}", "name the same -b"
        )


@contextmanager
def _locked(path: Path, mode: str) -> Iterator[BinaryIO]:
    try:
        stream = cast("BinaryIO", path.open("ab" if mode == "wb" else mode))
    except OSError as error:
        raise _unwritable(path, error) from None
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UsageError(
                f"{path} is being written by another run", "wait for it, or name another place with -o"
            ) from None
        if mode == "wb":
            stream.truncate(0)
        yield stream


def _unwritable(path: Path, error: OSError) -> UsageError:
    return UsageError(f"{path} cannot be written: {error.strerror}", "name another place with -o")
