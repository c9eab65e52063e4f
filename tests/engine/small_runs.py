"""Small runs of adapters that play PyTorch, for the tests of what is done with a stored run."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from msgspec.structs import replace as altered

from cases.catalogue import apis
from conformance import campaign
from conformance.backends import Backend
from conformance.lanes import ROOT
from conformance.pool import WorkerPlan
from reference.documented import find
from reports.reading import RunFile, load, to_line
from reports.record import Record
from tests.engine.played import TORCH, Heard, asked, options

SOURCES = ((ROOT, ("reference", "tests.cases", "tests.faulty")),)
REFERENCE = "conformance.adapters.numpy:NumpyAdapter"
BIAS = "tests.faulty.arguments:BiasIgnored"
CASES = 60
# What is imported first inside of a session that pytester runs is thrown away with it, and then there are two of it.
IMPORTED = [find(name) for name in apis()]


def playing(adapter: str) -> Callable[..., WorkerPlan]:
    """How workers are started: of this adapter for PyTorch, of the reference for every other backend."""

    def plan(backend: Backend, memory_limit: int | None = None) -> WorkerPlan:
        played = adapter if backend.specification.framework == "torch" else REFERENCE
        return WorkerPlan(backend.python, played, "cpu", {}, SOURCES, memory_limit)

    return plan


@cache
def small_run(adapter: str = REFERENCE) -> RunFile:
    """A run of an adapter that plays PyTorch on a few cases of one layer; made once."""
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        patch.setattr(campaign, "plan_of", playing(adapter))
        campaign.run(options(Path(folder), TORCH, max_cases=CASES), asked("torch"), Heard())
        return replace(load(Path(folder)), path=Path("run.jsonl"))


def save(loaded: RunFile, folder: Path) -> Path:
    """Write a run, doctored or not, to a file."""
    path = folder / "run.jsonl"
    lines = [loaded.run, *loaded.records, *loaded.counterparts, *loaded.comparisons]
    path.write_bytes(b"".join(map(to_line, [*lines, *([loaded.end] if loaded.end else [])])))
    return path


def doctored(loaded: RunFile, which: Callable[[Record], bool], **changes: object) -> tuple[RunFile, Record]:
    """The run with the first record of a kind changed, and that record as it was."""
    found = next(_some(loaded, which))
    records = tuple(altered(item, **changes) if item is found else item for item in loaded.records)
    return replace(loaded, records=records), found


def _some(loaded: RunFile, which: Callable[[Record], bool]) -> Iterator[Record]:
    return (record for record in loaded.records if which(record))


def conforming(record: Record) -> bool:
    """A call that returned whole numbers as documented, of which only digests are kept."""
    kind = record.arguments["data"]["kind"]
    array = record.actual.array
    whole = array is not None and not array.data and all(array.shape)
    return record.verdict == "conforms" and record.arguments["action"] == "call" and kind == "integers" and whole


def contradicted(loaded: RunFile) -> set[str]:
    """The claims that count and are contradicted."""
    checks = {check.claim for item in loaded.records for check in item.checks if check.counts and not check.holds}
    return checks | {line.claim for line in loaded.comparisons if line.claim and line.counts and line.contradicts}
