"""What is around a call: it comes back from what is stored of it, and nonsense is refused by name."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.case import Arguments, Case, from_canonical
from cases.steps import NOTHING, Add, Around, Crop, Expand, Pad, Squeeze, Step, decoded, show
from cases.values import BadValue, Tensor

BIAS = Tensor("bias", (3,), "float32")
axes = st.integers(0, 7)
counts = st.integers(0, 99)
plain: st.SearchStrategy[Step] = (
    st.builds(Expand, axes)
    | st.builds(Squeeze, axes)
    | st.builds(Pad, axes, counts, counts)
    | st.builds(Crop, axes, counts, counts)
)
arounds = st.builds(
    lambda before, after, added: Around(before, (*after, *([Add("bias")] * added)), (BIAS,) * added),
    st.lists(plain, max_size=4).map(tuple),
    st.lists(plain, max_size=4).map(tuple),
    st.booleans(),
)


@given(arounds)
def test_steps_come_back_from_their_json(around: Around) -> None:
    assert decoded(json.loads(json.dumps(around.encoded()))) == around


def call(around: Around) -> Case:
    x, weight = Tensor("input", (1, 2, 5), "float32"), Tensor("weight", (2, 3, 3), "float32")
    return Case("torch.nn.functional.conv_transpose1d", None, Arguments((x, weight)), around=around)


@given(arounds)
def test_a_case_with_steps_is_another_case_and_comes_back(around: Around) -> None:
    case = call(around)
    assert from_canonical(json.loads(json.dumps(case.canonical))) == case
    assert (case.id == call(NOTHING).id) == (not around)
    assert set(case.tensors()) >= set(around.tensors)


def test_the_shape_that_a_call_gets_is_the_one_after_the_steps_before_it() -> None:
    assert call(Around((Expand(2), Pad(3, 0, 2)), (Squeeze(2),))).input_shape == (1, 2, 1, 7)
    assert call(NOTHING).input_shape == (1, 2, 5)


def test_a_reader_sees_the_steps_in_the_call() -> None:
    shown = call(Around((Expand(2),), (Crop(2, 0, 1), Add("bias"), Squeeze(2)), (BIAS,))).show()
    assert shown.endswith(
        "with expand(axis=2) before; crop(axis=2, begin=0, end=1) after; add(bias) after; squeeze(axis=2) after"
    )
    assert show(Pad(2, 0, 1)) == "pad(axis=2, begin=0, end=1)"


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {"before": [], "after": []},
        {"before": [], "after": [], "tensors": [], "more": 1},
        {"before": [["fly", 1]], "after": [], "tensors": []},
        {"before": [["pad", 1, -1, 0]], "after": [], "tensors": []},
        {"before": [["crop", 1, 2]], "after": [], "tensors": []},
        {"before": [["expand", "1"]], "after": [], "tensors": []},
        {"before": [["expand", 8]], "after": [], "tensors": []},
        {"before": [["expand", 1]] * 33, "after": [], "tensors": []},
        {"before": [], "after": [["add", "bias"]], "tensors": []},
        {"before": [], "after": [], "tensors": [1]},
    ],
)
def test_what_nobody_wrote_is_no_steps(data: Any) -> None:
    with pytest.raises(BadValue):
        decoded(data)
