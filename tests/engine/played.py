"""What the tests of whole runs share: who watches, what is run, and when two runs have found the same."""

import sys
from pathlib import Path

from cases.catalogue import apis
from conformance.backends import Backend, Specification
from conformance.campaign import Asked
from conformance.lanes import ROOT
from conformance.options import Options
from reports.reading import RunFile
from reports.record import Record

TORCH, MINDSPORE = "torch.nn.ConvTranspose1d", "mindspore.nn.Conv1dTranspose"
SOURCES = ((ROOT, ("reference", "tests.cases")),)


class Heard:
    """Writes down everything that a run tells."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.begun: dict[str, int] = {}
        self.advanced: dict[str, int] = {}
        self.finished: list[str] = []

    def say(self, text: str) -> None:
        self.said.append(text)

    def begin(self, backend: str, total: int) -> None:
        self.begun[backend] = total

    def advance(self, backend: str, unexpected: bool) -> None:
        self.advanced[backend] = self.advanced.get(backend, 0) + 1

    def finish(self, backend: str) -> None:
        self.finished.append(backend)


def asked(*frameworks: str) -> list[Asked]:
    return [Asked(Backend(Specification(name), Path(sys.executable)), named=True) for name in frameworks]


def options(output: Path, *names: str, **more) -> Options:
    return Options(tuple(apis()[name] for name in names or (TORCH,)), output, **({"max_cases": 40} | more))


def task(record: Record) -> tuple[str, str, str]:
    """What a backend does once."""
    return record.backend, record.mode, record.case


def stable(record: Record) -> tuple:
    """What two runs of the same case must agree in."""
    return (
        *task(record),
        record.verdict,
        tuple(record.checks),
        record.expected,
        record.actual,
        record.margin,
    )


def alike(one: RunFile, other: RunFile) -> bool:
    """Both found the same, each thing once."""
    return (
        sorted(map(repr, map(stable, one.records))) == sorted(map(repr, map(stable, other.records)))
        and set(one.counterparts) == set(other.counterparts)
        and sorted(map(repr, one.comparisons)) == sorted(map(repr, other.comparisons))
        and sorted(map(repr, one.properties)) == sorted(map(repr, other.properties))
        and sorted(map(repr, one.drifts)) == sorted(map(repr, other.drifts))
        and len(one.records) == len(set(map(task, one.records)))
        and len(one.counterparts) == len(set(one.counterparts))
    )
