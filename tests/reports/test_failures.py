"""The failures of a run: each counts once, on the backend whose fault it is, and goes to the first entry that fits."""

from datetime import date
from typing import Any

import pytest

from cases.known import Entry
from reports.failures import by_entry, compared, entries_of, failures, unexpected
from reports.record import BackendLine, Comparison, Record
from tests.reports import build
from tests.reports.planted import BACKEND, LINE, record, run, valid

LEFT, RIGHT = valid("torch.nn.ConvTranspose1d")[:2]
CLAIM = "torch.nn.ConvTranspose1d/independent-of-batch-size"
OTHER = "mindspore==2.10.0:cpu"


def entry(name: str = "n", **more: Any) -> Entry:
    fields: dict[str, Any] = {
        "name": name,
        "apis": ("torch.*",),
        "verdict": "differs",
        "claims": ("output-values",),
        "rule": "",
        "reason": "r",
        "date": date(2026, 11, 1),
    }
    return Entry(**(fields | more))


def comparison(**more: Any) -> Comparison:
    fields: dict[str, Any] = {
        "left": LEFT.id,
        "left_backend": BACKEND,
        "left_mode": "eager",
        "right": RIGHT.id,
        "right_backend": BACKEND,
        "right_mode": "eager",
        "claim": CLAIM,
        "shapes": "equal",
        "values": "different",
    }
    return Comparison(**(fields | more))


def both(left: str = "conforms", right: str = "conforms", **more: Any) -> tuple[Record, Record]:
    return record(LEFT, left), record(RIGHT, right, **more)


@pytest.mark.parametrize(
    "verdict", ["differs", "rejects-valid", "accepts-invalid", "wrong-error", "crashed", "timed-out", "unstable"]
)
def test_every_unexpected_record_is_a_failure(verdict: str) -> None:
    (found,) = failures(run([record(LEFT, verdict), record(RIGHT)]), BACKEND)
    assert (found.verdict, found.record.case, found.pair) == (verdict, LEFT.id, None)
    assert found.symptom
    assert found.claims == ("torch.nn.ConvTranspose1d/output-values",)
    assert found.slugs == {"output-values"}
    assert found.features["api"] == LEFT.api


@pytest.mark.parametrize("verdict", ["conforms", "undocumented", "unsupported", "unavailable"])
def test_nothing_else_is_one(verdict: str) -> None:
    assert failures(run([record(LEFT, verdict)]), BACKEND) == ()


def test_what_another_backend_did_and_what_only_partners_did_fails_nothing() -> None:
    partner = build.record(build.PARTNERED, BACKEND, "crashed")
    assert failures(run([record(LEFT, "differs", backend=OTHER), partner]), BACKEND) == ()


def test_two_calls_that_should_be_equal_and_are_not_are_a_failure_of_the_left_one() -> None:
    (found,) = failures(run(both(), comparisons=(comparison(),)), BACKEND)
    assert (found.verdict, found.symptom, found.claims) == ("", "independent-of-batch-size", (CLAIM,))
    assert (found.record.case, found.pair) == (LEFT.id, comparison())
    assert found.is_of(entry(verdict="", claims=("independent-of-batch-size",)))
    assert not found.is_of(entry(claims=("independent-of-batch-size",)))


@pytest.mark.parametrize(
    "more",
    [
        {"values": "equal"},
        {"values": "missing"},
        {"claim": ""},
        {"counts": False},
        {"values_claimed": False},
        {"left_backend": OTHER},
        {"left": "f" * 16},
    ],
)
def test_a_comparison_that_contradicts_no_claim_of_this_backend_is_none(more: dict[str, Any]) -> None:
    assert failures(run(both(), comparisons=(comparison(**more),)), BACKEND) == ()


@pytest.mark.parametrize("verdicts", [("differs", "conforms"), ("conforms", "differs"), ("differs", "crashed")])
def test_two_calls_of_which_one_is_wrong_by_itself_are_not_counted_again(verdicts: tuple[str, str]) -> None:
    found = failures(run(both(*verdicts), comparisons=(comparison(),)), BACKEND)
    assert {item.pair for item in found} == {None}
    assert len(found) == sum(verdict != "conforms" for verdict in verdicts)


def test_a_call_that_another_backend_gets_wrong_is_not_held_against_this_one() -> None:
    records = both(right="differs", backend=OTHER)
    assert failures(run(records, comparisons=(comparison(right_backend=OTHER),)), BACKEND) == ()
    records = both(right="conforms", backend=OTHER)
    assert len(failures(run(records, comparisons=(comparison(right_backend=OTHER),)), BACKEND)) == 1


def test_a_mode_that_is_wrong_by_itself_explains_that_the_modes_differ() -> None:
    modes = comparison(right=LEFT.id, right_mode="compiled")
    wrong = run([record(LEFT), record(LEFT, "differs", mode="compiled")], comparisons=(modes,))
    assert [item.record.mode for item in failures(wrong, BACKEND)] == ["compiled"]
    right = run([record(LEFT), record(LEFT, mode="compiled")], comparisons=(modes,))
    assert [item.pair for item in failures(right, BACKEND)] == [modes]


def test_a_failure_goes_to_the_first_entry_that_covers_it() -> None:
    found = [unexpected(record(case, "differs")) for case in (LEFT, RIGHT)]
    only = f"stride == {LEFT_STRIDE}"
    sorted_ = by_entry(found, [entry("none", verdict="crashed"), entry("first", rule=only), entry("second")])
    held = [item for item in found if item.is_of(entry(rule=only))]
    assert sorted_.known.get("first", ()) == tuple(held)
    assert sorted_.known.get("second", ()) == tuple(item for item in found if item not in held)
    assert sorted_.new == ()
    assert by_entry(found, []).new == tuple(found)
    assert by_entry(found, []).known == {}


LEFT_STRIDE = unexpected(record(LEFT, "differs")).features["stride"][0]  # type: ignore[index]


def test_the_smallest_failure_is_the_one_with_the_smallest_case_and_then_the_id() -> None:
    found = [unexpected(record(case, "differs")) for case in valid("torch.nn.ConvTranspose1d")[:40]]
    smallest = min(found, key=lambda item: item.order)
    assert smallest.size == min(item.size for item in found)
    assert smallest.order == min(item.order for item in reversed(found))
    assert compared(record(LEFT), comparison()).size == unexpected(record(LEFT)).size


def test_the_entries_of_a_backend_are_those_of_its_framework_version_device_and_cpu() -> None:
    ours = {
        "all": entry("all"),
        "version": entry("version", versions="==2.13.0"),
        "cpu": entry("cpu", device="cpu", capability="AVX2"),
        "older": entry("older", versions="<2.13"),
        "cuda": entry("cuda", device="cuda"),
        "other cpu": entry("other cpu", capability="AVX512"),
    }
    entries = {"torch": tuple(ours.values()), "mindspore": (entry("another framework"),)}
    assert [item.name for item in entries_of(LINE, entries)] == ["all", "version", "cpu"]
    assert entries_of(BackendLine(name="oneflow", framework="oneflow"), entries) == ()
