"""Runs in which a backend fails where a rule says: real cases with verdicts made by hand. No framework is asked."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from cases.case import Case
from cases.catalogue import apis
from cases.conv_transpose.generate import cases as categorised
from cases.features import Feature, features
from cases.rules import parse
from reports.reading import RunFile
from reports.record import BackendLine, Difference, Record, Side
from tests.reports import build

LAYERS = tuple(f"torch.nn.ConvTranspose{axes}d" for axes in (1, 2, 3))
FUNCTIONS = tuple(f"torch.nn.functional.conv_transpose{axes}d" for axes in (1, 2, 3))
MINDSPORE = ("mindspore.nn.Conv1dTranspose", "mindspore.nn.Conv2dTranspose")
BACKEND = "torch==2.13.0:cpu"
LINE = BackendLine(
    name=BACKEND, framework="torch", version="2.13.0+cpu", capability="AVX2", mode="eager", modes=["eager"]
)


@cache
def valid(*names: str) -> tuple[Case, ...]:
    """The valid configurations of these APIs, as a default run has them, and those in other element types."""
    made = [categorised(apis()[name], seed=0, strength=2).categories for name in names]
    found = (case for each in made for case in (*each["configurations"], *each["element types"]))
    return tuple({case.id: case for case in found}.values())


@cache
def described(*names: str) -> tuple[dict[str, Feature], ...]:
    """The features of these cases."""
    return tuple(features(case) for case in valid(*names))


def record(case: Case, verdict: str = "conforms", slug: str = "output-values", **more: Any) -> Record:
    """A record of a case; one that differs contradicts the claim and shows a different value."""
    conforms = verdict == "conforms"
    fields: dict[str, Any] = {"dtype": case.dtype}
    if verdict == "differs":
        fields["difference"] = Difference(index=[0], expected="3", actual="4", differing=1, of=32)
    backend = more.pop("backend", BACKEND)
    checks = [build.check(case.api, slug, conforms, "is another")]
    return build.record(case, backend, verdict, **(fields | {"checks": checks} | more))


def broken(
    *rules: str,
    names: Iterable[str] = LAYERS,
    make: Callable[[Case, int], Record] = lambda case, number: record(case, "differs"),
) -> RunFile:
    """A run in which the cases fail for which a rule holds; `make` makes their records, given the rule's number."""
    parsed = [parse(rule) for rule in rules]
    cases, found = valid(*names), described(*names)
    made = []
    for case, item in zip(cases, found, strict=True):
        number = next((number for number, rule in enumerate(parsed) if rule.holds(item)), None)
        made.append(record(case) if number is None else make(case, number))
    return run(made)


def run(records: Iterable[Record], **more: Any) -> RunFile:
    """A run of one backend with these records."""
    fields: dict[str, Any] = {"counterparts": (), "comparisons": (), "drifts": (), "properties": (), "end": None}
    return build.runfile(run=build.run(backends=[LINE], claims=[]), records=tuple(records), **(fields | more))


def raised(case: Case, message: str, **more: Any) -> Record:
    """A record of a valid call that is refused with a message."""
    actual = Side(what="raised", error="RuntimeError", stage="call", message=message)
    return record(case, "rejects-valid", **({"actual": actual} | more))
