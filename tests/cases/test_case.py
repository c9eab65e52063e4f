"""A case: its id never changes by accident, and it comes back from what is stored of it."""

import json
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cases.case import Arguments, Case, from_canonical
from cases.values import BadValue, Dtype, Scalar, Tensor
from tests.cases.planned import API_NAMES, plan
from tests.cases.test_values import json_values, tensors, text, values

CALL = Case(
    "mindspore.nn.Conv1dTranspose",
    Arguments(
        (3, 4, 5), (("stride", (2,)), ("padding", -1), ("dtype", Dtype("float32")), ("group", Scalar("int64", 1)))
    ),
    Arguments((Tensor("input", (1, 3, 6), "float32"),)),
    (Tensor("weight", (3, 4, 1, 5), "float32"),),
    "normal",
)
cases = st.builds(
    Case,
    api=text,
    construct=st.none()
    | st.builds(
        Arguments, st.lists(values, max_size=3).map(tuple), st.lists(st.tuples(text, values), max_size=2).map(tuple)
    ),
    call=st.builds(Arguments, st.lists(values, max_size=2).map(tuple)),
    parameters=st.lists(tensors, max_size=2).map(tuple),
    data=st.sampled_from(["integers", "normal", "ones"]),
    amplitude=st.integers(1, 9),
    origin=st.none() | text,
    action=st.sampled_from(["call", "inspect"]),
)


@pytest.mark.parametrize(
    ("case", "known"),
    [
        (Case("torch.nn.ConvTranspose1d", action="inspect"), "b8ff19df7e5cdeb7"),
        (CALL, "347fc5084b359805"),
        (replace(CALL, construct=None, parameters=(), data="ones", origin="5be0c1d2"), "26d20038a98d0bcc"),
    ],
)
def test_the_id_of_a_case_is_for_ever(case: Case, known: str) -> None:
    assert case.id == known


@given(cases)
def test_a_case_comes_back_from_its_canonical_form(case: Case) -> None:
    stored = json.loads(json.dumps(case.canonical, allow_nan=False))
    assert from_canonical(stored).id == case.id
    assert from_canonical(stored).canonical == case.canonical


@pytest.mark.parametrize("api", API_NAMES)
def test_the_cases_of_a_plan_come_back_and_have_ids_of_their_own(api: str) -> None:
    planned = plan(api).cases
    back = [from_canonical(json.loads(json.dumps(case.canonical))) for case in planned]
    assert [case.canonical for case in back] == [case.canonical for case in planned]  # a nan is not equal to itself
    assert len({case.id for case in planned}) == len(planned)


def test_no_two_cases_of_any_api_share_an_id() -> None:
    ids = [case.id for api in API_NAMES for case in plan(api).cases]
    assert len(set(ids)) == len(ids) > 4000
    assert all(len(name) == 16 and int(name, 16) >= 0 for name in ids)


@pytest.mark.parametrize(
    "change",
    [
        {"api": "torch.nn.ConvTranspose2d"},
        {"construct": Arguments((3, 4, 5))},
        {"construct": Arguments((3, 4), (("kernel_size", 5),))},
        {"call": Arguments((Tensor("input", (1, 3, 7), "float32"),))},
        {"call": Arguments((), (("x", Tensor("input", (1, 3, 6), "float32")),))},
        {"parameters": ()},
        {"data": "ones"},
        {"amplitude": 3},
        {"origin": "5be0c1d25be0c1d2"},
        {"action": "inspect"},
    ],
)
def test_every_part_of_a_case_counts_for_its_id(change) -> None:
    assert replace(CALL, **change).id != CALL.id


@pytest.mark.parametrize(
    ("one", "other"), [(1, True), (1, 1.0), (0.0, -0.0), ((1,), [1]), (1, Scalar("int64", 1)), ("1", 1)]
)
def test_arguments_that_python_calls_equal_are_different_cases(one, other) -> None:
    assert replace(CALL, construct=Arguments((one,))).id != replace(CALL, construct=Arguments((other,))).id


@settings(max_examples=200)
@given(json_values)
@example(None)
@example([])
@example("case")
@example({})
def test_json_that_is_no_case_is_refused(data) -> None:
    with pytest.raises(BadValue):
        from_canonical(data)


@pytest.mark.parametrize(
    "change",
    [
        {"api": 5},
        {"action": "delete"},
        {"construct": 5},
        {"construct": {"positional": [], "keyword": [["stride"]]}},
        {"construct": {"positional": [], "keyword": [["stride", 1, 2]]}},
        {"construct": {"positional": [], "keyword": [[1, 2]]}},
        {"construct": {"positional": 1, "keyword": []}},
        {"call": None},
        {"call": {"positional": [{}], "keyword": []}},
        {"parameters": [1]},
        {"parameters": 1},
        {"data": None},
        {"data": {"kind": "pickle", "amplitude": 4, "origin": None}},
        {"data": {"kind": [], "amplitude": 4, "origin": None}},
        {"data": {"kind": "ones", "amplitude": True, "origin": None}},
        {"data": {"kind": "ones", "amplitude": 4, "origin": 5}},
        {"data": {"kind": "ones", "amplitude": 4}},
    ],
)
def test_a_case_with_one_wrong_part_is_refused(change) -> None:
    with pytest.raises(BadValue):
        from_canonical(CALL.canonical | change)


@settings(max_examples=200)
@given(st.sampled_from(sorted(CALL.canonical)), json_values)
def test_whatever_stands_in_one_part_it_is_read_or_refused(part: str, junk) -> None:
    try:
        case = from_canonical(CALL.canonical | {part: junk})
    except BadValue:
        return
    assert from_canonical(case.canonical).id == case.id


def test_arguments_are_bound_in_the_order_of_the_signature() -> None:
    bound = Arguments((1, 2), (("stride", 3),)).bind(("in_channels", "out_channels", "kernel_size"))
    assert bound == {"in_channels": 1, "out_channels": 2, "stride": 3}


def test_a_case_is_shown_as_its_call() -> None:
    assert CALL.show() == (
        "mindspore.nn.Conv1dTranspose(3, 4, 5, stride=(2,), padding=-1, dtype=float32, group=numpy.int64(1))"
        "(Tensor(1,3,6):float32)"
    )
    assert replace(CALL, construct=None).show() == "mindspore.nn.Conv1dTranspose(Tensor(1,3,6):float32)"
    assert replace(CALL, action="inspect").show() == "signature of mindspore.nn.Conv1dTranspose"


def test_the_dtype_of_a_case_is_that_of_the_first_tensor_that_goes_in() -> None:
    assert (CALL.dtype, Case("torch.abs").dtype) == ("float32", "")
    assert [tensor.role for tensor in CALL.tensors()] == ["input", "weight"]
