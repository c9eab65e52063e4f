"""The tensors of a case: the same for ever, shared with its counterparts, and exact where they should be."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.case import Arguments, Case
from cases.conv_transpose.dialects import DIALECTS
from cases.data import storage, tensor
from cases.values import Tensor
from conformance.expected import ExpectedValue
from reference import rounding
from tests.cases.planned import API_NAMES, prepared

DTYPES = ["float16", "bfloat16", "float32", "float64", "int8", "int64"]
X = Tensor("input", (2, 3, 40), "float32")


def case(data="integers", amplitude=4, **more) -> Case:
    return Case("torch.nn.ConvTranspose1d", call=Arguments((X,)), data=data, amplitude=amplitude, **more)


@given(st.integers(1, 100), st.sampled_from(DTYPES), st.integers(0, 50))
def test_integers_are_whole_never_zero_and_within_the_amplitude(amplitude, dtype, count) -> None:
    made = tensor(case(amplitude=amplitude), Tensor("weight", (count,), dtype))
    wide = made.astype(np.float64)
    assert made.dtype == storage(dtype)
    assert np.all((np.abs(wide) >= 1) & (np.abs(wide) <= amplitude) & (wide == np.trunc(wide)))


def test_integers_take_every_value_and_both_signs() -> None:
    assert set(tensor(case(), X).ravel().tolist()) == {-4, -3, -2, -1, 1, 2, 3, 4}


def test_ones_are_ones() -> None:
    assert np.array_equal(tensor(case("ones"), X), np.ones((2, 3, 40), np.float32))


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_normal_numbers_are_standard_normal_and_stored_in_the_dtype(dtype: str) -> None:
    made = tensor(case("normal"), Tensor("input", (20_000,), dtype))
    wide = made.astype(np.float64)
    assert made.dtype == storage(dtype)
    assert abs(wide.mean()) < 0.05
    assert abs(wide.std() - 1) < 0.05
    assert len(np.unique(wide)) > 300


@pytest.mark.parametrize("kind", ["integers", "normal"])
def test_the_same_case_gives_the_same_numbers_and_another_role_or_case_does_not(kind: str) -> None:
    one = case(kind)
    assert np.array_equal(tensor(one, X), tensor(replace(one), X))
    assert not np.array_equal(tensor(one, X), tensor(one, replace(X, role="weight")))
    assert not np.array_equal(tensor(one, X), tensor(replace(one, amplitude=3), X))


@settings(max_examples=20)
@given(st.sampled_from(["integers", "normal"]), st.sampled_from(["input", "weight"]))
def test_a_counterpart_has_the_numbers_of_its_origin_in_the_same_order(kind, role) -> None:
    origin = case(kind)
    theirs = Case("mindspore.nn.Conv1dTranspose", data=kind, origin=origin.id)
    ours, stored = (
        tensor(origin, Tensor(role, (4, 6, 5), "float32")),
        tensor(theirs, Tensor(role, (4, 6, 1, 5), "float32")),
    )
    assert np.array_equal(ours.ravel(), stored.ravel())


def test_these_numbers_are_for_ever() -> None:
    made = tensor(Case("torch.nn.ConvTranspose1d", origin="5be0c1d25be0c1d2"), Tensor("input", (8,), "float32"))
    assert made.tolist() == [-2.0, 2.0, 1.0, -1.0, 4.0, 2.0, -4.0, 2.0]


@pytest.mark.parametrize("api", API_NAMES)
def test_every_sum_of_integers_in_the_plan_is_exact_in_its_dtype(api: str) -> None:
    found = [
        item
        for item in prepared(api)
        if isinstance(item.expected, ExpectedValue)
        and item.case.data in ("integers", "ones")
        and item.case.dtype in ("float32", "float64")
    ]
    assert len(found) >= (0 if DIALECTS[api].few else 150)  # these few work on no CPU
    for item in found:
        assert isinstance(item.expected, ExpectedValue)
        assert np.max(item.expected.output.result.magnitude) <= rounding.exact_limit(item.expected.output.dtype), (
            item.case.show()
        )
        assert np.array_equal(item.expected.output.array.astype(np.float64), item.expected.output.result.value)
        if item.case.parameters:  # else the layer's own ones, zeros or fractions
            assert item.expected.output.result.value.dtype == np.int64
