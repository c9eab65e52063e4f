"""A failing case shrinks to the smallest that fails, whatever makes it fail, at the price of few questions."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cases.case import Case
from cases.conv_transpose.read_back import read_back
from conformance.backends import Backend, Specification
from conformance.lanes import ROOT, line_of, records
from conformance.minimise import minimise
from conformance.pool import Lane, WorkerPlan
from reports.record import UNEXPECTED, Record
from tests.cases.planned import plan
from tests.engine.faulty_run import oracle

MODULE, LAYER = "torch.nn.ConvTranspose2d", "mindspore.nn.Conv2dTranspose"
MOST = 80  # questions that any of these may take


def number(case: Case, name: str) -> int:
    """The largest number of an argument, 1 where it is left out (as stride, dilation and groups are)."""
    point = read_back(case)
    assert point is not None
    value = point.given.get(name, 1)
    return max(value) if isinstance(value, tuple | list) else value  # type: ignore[return-value,type-var]


def wide(case: Case) -> bool:
    return number(case, "groups") > 1 and number(case, "dilation") > 2


def planned(api: str, holds: Callable[[Case], bool]) -> list[Case]:
    return [case for case in plan(api).cases if case.action == "call" and read_back(case) is not None and holds(case)]


@pytest.mark.parametrize("index", [0, 3, 11, -1])
def test_a_case_shrinks_to_the_true_minimum_of_a_rule(index: int) -> None:
    found = minimise(planned(MODULE, wide)[index], wide)
    assert found.case.show() == f"{MODULE}(2, 2, 1, groups=2, dilation=3)(Tensor(1,2,1,1):float32)"
    assert found.case.data == "ones"
    assert found.passing is not None
    assert not wide(found.passing)
    assert 0 < found.asked < MOST


def test_what_one_axis_needs_is_left_and_the_rest_goes() -> None:
    def fails(case: Case) -> bool:
        return number(case, "stride") > 3 and number(case, "kernel_size") < 9 and case.dtype == "float32"

    for case in planned(MODULE, fails)[:5]:
        found = minimise(case, fails)
        assert "stride=4" in found.case.show() or "stride=(1, 4)" in found.case.show()
        assert found.case.show().startswith(f"{MODULE}(1, 1, 1, stride=")
        assert found.passing is not None
        assert number(found.passing, "stride") < 4


def test_an_element_type_and_gradients_stay_where_they_are_needed() -> None:
    def fails(case: Case) -> bool:
        return case.dtype == "float64" and "weight" in case.differentiate

    found = minimise(planned(MODULE, fails)[0], fails)
    assert found.case.differentiate == ("weight",)
    assert found.case.show().startswith(f"{MODULE}(1, 1, 1, dtype=float64)(Tensor(1,1,1,1):float64)")
    assert found.passing is not None


def test_two_arguments_that_need_each_other_shrink_together() -> None:
    def fails(case: Case) -> bool:
        return number(case, "output_padding") > 1 and "output_padding" in case.show() and number(case, "stride") > 2

    for case in planned(LAYER, fails)[:3]:
        point = read_back(minimise(case, fails).case)
        assert point is not None
        assert (point.incoming, point.outgoing, point.batch) == (1, 1, 1)
        assert set(point.given) <= {"output_padding", "stride", "pad_mode", "dilation"}
        assert not point.own or "output_padding" in point.own


def test_a_case_that_alone_fails_comes_back_as_it_is() -> None:
    case = planned(MODULE, wide)[0]
    found = minimise(case, lambda other: other.id == case.id, examples=40)
    assert found.case == case
    assert found.passing is not None


def test_a_case_whose_every_relative_fails_has_no_passing_one() -> None:
    found = minimise(planned(MODULE, wide)[0], lambda case: True)
    assert found.case.show() == f"{MODULE}(1, 1, 1)(Tensor(1,1,1,1):float32)"
    assert found.passing is None


def test_no_case_is_asked_twice_and_every_question_is_counted() -> None:
    asked: list[str] = []

    def fails(case: Case) -> bool:
        asked.append(case.id)
        return wide(case)

    case = planned(MODULE, wide)[5]
    found = minimise(case, fails)
    assert len(asked) == len(set(asked)) == found.asked
    assert case.id not in asked  # that it fails is why it is here


def test_the_same_case_and_answers_give_the_same_result() -> None:
    case = planned(MODULE, wide)[7]
    one, two = minimise(case, wide), minimise(case, wide)
    assert (one.case, one.passing, one.asked) == (two.case, two.passing, two.asked)


def test_after_its_time_nothing_is_asked() -> None:
    case = planned(MODULE, wide)[0]

    def fails(case: Case) -> bool:
        raise AssertionError("asked")

    found = minimise(case, fails, seconds=0.0)
    assert (found.case, found.passing, found.asked) == (case, None, 0)


def test_an_error_of_the_question_is_the_caller_s() -> None:
    asked = 0

    def fails(case: Case) -> bool:
        nonlocal asked
        asked += 1
        raise OSError("the worker cannot be started")

    with pytest.raises(OSError, match="cannot be started"):
        minimise(planned(MODULE, wide)[0], fails)
    assert asked == 1


def test_what_passes_may_be_said_apart() -> None:
    found = minimise(planned(MODULE, wide)[0], wide, passes=lambda case: number(case, "dilation") == 2)
    assert found.passing is not None
    assert number(found.passing, "dilation") == 2


@contextmanager
def backend(adapter: str) -> Iterator[Callable[[Case], Record]]:
    """Asks a faulty adapter in a worker of its own what it makes of a case."""
    own = WorkerPlan(Path(sys.executable), adapter, sources=((ROOT, ("reference", "tests.faulty")),))
    with Lane(own, limit=30.0) as lane:
        line = line_of(Backend(Specification("numpy"), own.python), lane.start())

        def ask(case: Case) -> Record:
            (record,) = records(lane, line, [case], line.mode, kept=frozenset(), oracle=oracle)
            return record

        yield ask


@pytest.mark.parametrize(
    ("adapter", "minimum"),
    [
        ("tests.faulty.arguments:DilationIgnored", f"{MODULE}(1, 1, 2, dilation=2)(Tensor(1,1,1,1):float32)"),
        ("tests.faulty.arguments:GroupsIgnored", f"{MODULE}(2, 2, 1, groups=2)(Tensor(1,2,1,1):float32)"),
    ],
)
def test_a_planted_fault_shrinks_across_the_process_boundary(adapter: str, minimum: str) -> None:
    with backend(adapter) as ask:

        def fails(case: Case) -> bool:
            return ask(case).verdict in UNEXPECTED

        busy = planned(MODULE, lambda case: wide(case) and case.data == "integers" and number(case, "kernel_size") < 9)
        case = next(case for case in busy[5:] if fails(case))
        found = minimise(case, fails)
        assert found.case.show() == minimum
        assert found.asked < MOST
        assert found.passing is not None
        assert ask(found.passing).verdict == "conforms"
