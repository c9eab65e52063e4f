"""A stored run that is judged again: what stays, what changes, and what cannot be judged, each with its reason."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as altered

from cases.case import Arguments, Case, from_canonical
from cases.catalogue import apis
from cases.values import Tensor
from conformance.expected import ExpectedValue, prepare
from conformance.judge import digest, judge
from conformance.outcome import Parameter, Returned
from conformance.rejudge import rejudge
from reports.arrays import pack
from reports.reading import RunFile
from reports.record import Array, Record, Side
from tests.engine.played import TORCH
from tests.engine.small_runs import BIAS, REFERENCE, conforming, doctored, small_run

BOUND = "its array is not kept, and was compared by a bound"


def only(record: Record) -> Callable[[Record], bool]:
    return lambda other: (other.case, other.mode) == (record.case, record.mode)


def again(loaded: RunFile, record: Record) -> Record:
    return next(item for item in loaded.records if only(record)(item))


@pytest.mark.parametrize("adapter", [REFERENCE, BIAS])
def test_a_run_that_is_judged_again_by_the_same_claims_says_the_same(adapter: str) -> None:
    loaded = small_run(adapter)
    done = rejudge(loaded)
    assert done.changed == ()
    assert done.judged + sum(done.left.values()) == len(loaded.records)
    assert done.judged > len(loaded.records) / 2
    for before, now in zip(loaded.records, done.loaded.records, strict=True):
        assert (now.verdict, now.checks, now.actual) == (before.verdict, before.checks, before.actual)
    assert sorted(map(repr, done.loaded.comparisons)) == sorted(map(repr, loaded.comparisons))


def test_numbers_that_are_held_against_a_bound_cannot_be_judged_without_their_array() -> None:
    def rounded(record: Record) -> bool:
        called = record.arguments["action"] == "call" and record.actual.array is not None and record.actual.array.digest
        return record.verdict == "conforms" and bool(called) and record.arguments["data"]["kind"] == "normal"

    was = next(filter(rounded, small_run().records))
    assert was.actual.array is not None
    seen = altered(was.actual, array=altered(was.actual.array, digest="0" * 16))
    loaded, _ = doctored(small_run(), rounded, actual=seen)
    done = rejudge(loaded)
    assert (done.left, done.changed) == ({BOUND: 1}, ())
    assert done.judged == len(loaded.records) - 1


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_what_was_not_asked_for_stays_as_it_is_and_everything_else_is_counted_once(data: st.DataObject) -> None:
    loaded = small_run(BIAS)
    cases = data.draw(st.sets(st.sampled_from(sorted({item.case for item in loaded.records})), max_size=8))
    wrong = tuple(altered(item, verdict="unsupported", checks=[]) for item in loaded.records)
    done = rejudge(replace(loaded, records=wrong), lambda record: record.case in cases)
    assert done.judged + sum(done.left.values()) == sum(item.case in cases for item in loaded.records)
    for before, doctored_one, now in zip(loaded.records, wrong, done.loaded.records, strict=True):
        assert now is doctored_one or (before.case in cases and now.verdict == before.verdict)
    assert {item.record.case for item in done.changed} <= cases


def test_a_verdict_that_would_be_another_one_today_is_told_with_the_one_before() -> None:
    loaded, was = doctored(small_run(), conforming, verdict="rejects-valid")
    done = rejudge(loaded)
    (changed,) = done.changed
    assert (changed.before, changed.record.verdict, changed.record.case) == ("rejects-valid", "conforms", was.case)


def test_whole_numbers_that_are_no_longer_the_documented_ones_differ_though_only_digests_are_kept() -> None:
    loaded = small_run()
    was = next(filter(conforming, loaded.records))
    assert was.expected.array is not None
    assert was.actual.array is not None
    then = altered(was.expected, array=altered(was.expected.array, digest="0" * 16))
    seen = altered(was.actual, array=altered(was.actual.array, digest="0" * 16))
    loaded, was = doctored(loaded, conforming, expected=then, actual=seen)
    done = rejudge(loaded)
    now = again(done.loaded, was)
    assert [item.record for item in done.changed] == [now]
    assert now.verdict == "differs"
    (values,) = [check for check in now.checks if check.claim == f"{TORCH}/output-values"]
    assert values.detail == f"the array with digest {'0' * 16}, but should be the array that is documented today"
    assert now.difference is None


def test_a_zero_of_another_sign_than_documented_still_conforms() -> None:
    loaded = small_run()
    was = next(filter(conforming, loaded.records))
    assert was.actual.array is not None
    seen = altered(was.actual, array=altered(was.actual.array, digest="0" * 16))
    loaded, was = doctored(loaded, conforming, actual=seen)
    done = rejudge(loaded)
    assert done.changed == ()
    assert again(done.loaded, was).verdict == "conforms"


def test_an_array_that_is_kept_is_held_against_todays_document() -> None:
    case, prepared = _prepared()
    assert isinstance(prepared.expected, ExpectedValue)
    right = prepared.expected.output.array
    wrong = right.copy()
    wrong[0, 0, 2] += 1
    differs = _record(case, wrong)
    assert differs.verdict == "differs"
    whole = altered(differs, actual=Side(what="returned", array=altered(pack(right), digest=digest(right))))
    (changed,) = rejudge(_run_of(whole)).changed
    assert (changed.before, changed.record.verdict) == ("differs", "conforms")
    assert rejudge(_run_of(differs)).changed == ()


def test_a_stretch_of_a_large_array_shows_that_it_differs_and_keeps_what_was_counted() -> None:
    case, prepared = _prepared(length=20_000)
    assert isinstance(prepared.expected, ExpectedValue)
    wrong = prepared.expected.output.array.copy()
    wrong[0, 0, 100] += 1
    wrong[0, 0, 19_000] += 1  # is in no stretch around the first difference
    differs = _record(case, wrong)
    assert differs.actual.array is not None
    assert differs.actual.array.count < wrong.size
    done = rejudge(_run_of(differs))
    assert (done.judged, done.changed) == (1, ())
    (now,) = done.loaded.records
    assert now.difference == differs.difference
    assert now.difference is not None
    assert now.difference.differing == 2


def _prepared(length: int = 4):
    call = Arguments((Tensor("input", (1, 1, length), "float32"),))
    case = Case(TORCH, Arguments((1, 1, 1), (("bias", False),)), call, (Tensor("weight", (1, 1, 1), "float32"),))
    return case, prepare(case)


def _record(case: Case, output: np.ndarray) -> Record:
    outcome = Returned({"output": output}, {"weight": Parameter((1, 1, 1), "float32")})
    where = {"backend": "torch==2.4.6:cpu", "mode": "eager", "device": "cpu"}
    return judge(prepare(case), outcome, apis()[TORCH], **where)


def _run_of(*records: Record) -> RunFile:
    loaded = small_run()
    (line,) = loaded.run.backends
    there = tuple(altered(record, backend=line.name) for record in records)
    return replace(loaded, records=there, comparisons=(), counterparts=())


def test_checks_of_what_a_record_does_not_hold_are_taken_over_and_counted() -> None:
    loaded = small_run()
    claim = f"{TORCH}/weight-shape"
    was = next(item for item in loaded.records if conforming(item) and any(c.claim == claim for c in item.checks))
    checks = [altered(check, holds=check.holds and check.claim != claim) for check in was.checks]
    loaded, _ = doctored(loaded, lambda item: item is was, checks=checks)
    done = rejudge(loaded, only(was))
    (changed,) = done.changed
    assert changed.record.verdict == "differs"
    assert changed.record.checks == checks
    assert done.taken_over >= 1


@pytest.mark.parametrize("verdict", ["crashed", "timed-out"])
def test_a_death_stays_a_death(verdict: str) -> None:
    sides = {
        "crashed": Side(what="crashed", error="SIGSEGV", message="boom", detail="not tried again"),
        "timed-out": Side(what="timed out", message="no answer within 30 s", detail="not tried again"),
    }
    loaded, was = doctored(small_run(), conforming, verdict=verdict, actual=sides[verdict], checks=[])
    done = rejudge(loaded)
    now = again(done.loaded, was)
    assert now.verdict == verdict
    assert done.changed == ()
    assert any(not check.holds for check in now.checks)


def test_what_timed_out_once_and_not_again_is_unstable_as_it_was() -> None:
    side = Side(what="timed out", message="no answer within 30 s", detail="not again: neither alone nor after")
    loaded, was = doctored(small_run(), conforming, verdict="unstable", actual=side, checks=[])
    assert again(rejudge(loaded).loaded, was).verdict == "unstable"


def test_two_runs_with_two_outcomes_stay_unstable_whatever_the_first_of_them_is() -> None:
    raised = [item for item in small_run().records if item.actual.what == "raised" and item.verdict == "conforms"]
    was = raised[0]
    detail = f"{was.actual.detail} a second run of the same case gave returned output (1,) 00"
    loaded, _ = doctored(
        small_run(), lambda item: item is was, verdict="unstable", actual=altered(was.actual, detail=detail)
    )
    done = rejudge(loaded)
    assert done.changed == ()
    assert again(done.loaded, was).checks == was.checks


EMPTY = Array(shape=[1, 1, 4], dtype="float32")
LOST = {
    "its arguments are not those of its case": {"case": "0" * 16},
    "its backend is none of the run's": {"backend": "torch==0:cpu"},
    "'strange' is nothing that a backend can do": {"actual": Side(what="strange")},
    "'' is no moment at which an error can come": {"actual": Side(what="raised", error="ValueError")},
    "the signature that it tells cannot be read": {"actual": Side(what="described", detail="?")},
    "it holds no array": {"actual": Side(what="returned")},
    "its array is not kept, and it did not conform": {"verdict": "differs", "actual": "unknown digest"},
    "cannot be read": {"actual": "no base64"},
    "of another element type": {"actual": "float64"},
    "this version cannot prepare its case": {"arguments": {"api": TORCH}},
}


@pytest.mark.parametrize("reason", LOST)
def test_what_cannot_be_judged_again_keeps_its_verdict_and_is_counted_with_the_reason(reason: str) -> None:
    loaded = small_run()
    was = next(filter(conforming, loaded.records))
    assert was.actual.array is not None
    arrays = {
        "unknown digest": altered(was.actual.array, digest="0" * 16),
        "no base64": altered(was.actual.array, data="!", count=1),
        "float64": altered(was.actual.array, dtype="float64", digest=""),
    }
    changes = dict(LOST[reason])
    if isinstance(changes.get("actual"), str):
        changes["actual"] = Side(what="returned", array=arrays[changes["actual"]])
    loaded, _ = doctored(loaded, conforming, **changes)
    place = next(at for at, item in enumerate(small_run().records) if item is was)
    done = rejudge(loaded, lambda record: record is loaded.records[place])
    assert done.judged == 0
    assert done.changed == ()
    assert list(done.left.values()) == [1]
    assert reason in next(iter(done.left))
    assert done.loaded.records[place] is loaded.records[place]


def test_a_record_of_a_call_that_is_only_compared_is_judged_too() -> None:
    loaded = small_run()
    was = next(filter(conforming, loaded.records))
    case = replace(from_canonical(was.arguments), api="torch.nn.Nothing")
    loaded, _ = doctored(
        loaded, conforming, case=case.id, api=case.api, arguments=case.canonical, verdict="undocumented", checks=[]
    )
    done = rejudge(loaded, lambda record: record.api == case.api)
    assert (done.judged, done.changed) == (1, ())
