"""Argument values: there and back through JSON, and a refusal of everything else."""

import json
import math
from typing import Any

import ml_dtypes
import msgspec
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cases.values import BadValue, Dtype, Scalar, Tensor, decode, encode, show

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
names = st.sampled_from(["float32", "int64", "bfloat16"])
numbers = st.booleans() | st.integers() | st.floats()
plain = st.none() | numbers | text | st.builds(Dtype, names)
tensors = st.builds(Tensor, text, st.lists(st.integers(0, 2**40), max_size=4).map(tuple), names)
scalars = st.builds(Scalar, names, st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False))
values = st.recursive(
    plain | scalars | tensors,
    lambda inner: st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple),
    max_leaves=12,
)
json_values = st.recursive(
    st.none() | numbers | text,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["float", "tuple", "list", "dtype", "scalar", "tensor", "value", "role", "shape"]) | text,
            inner,
            max_size=3,
        )
    ),
    max_leaves=10,
)


def alike(left: Any, right: Any) -> bool:
    """Equal, of equal types, the sign of a zero and nan included."""
    if type(left) is not type(right):
        return False
    if isinstance(left, tuple | list):
        return len(left) == len(right) and all(map(alike, left, right))
    if isinstance(left, float):
        return (math.isnan(left) and math.isnan(right)) or left.hex() == right.hex()
    if isinstance(left, Scalar):
        return left.dtype == right.dtype and alike(left.value, right.value)
    return bool(left == right)


@given(values)
def test_a_value_comes_back_from_its_json_form(value) -> None:
    assert alike(decode(encode(value)), value)
    assert alike(decode(json.loads(json.dumps(encode(value), allow_nan=False))), value)


@given(values)
def test_a_value_comes_back_from_a_line_of_a_run_file(value) -> None:
    assert alike(decode(msgspec.json.decode(msgspec.json.encode(encode(value)))), value)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_numpy_scalar_that_is_not_finite_survives_json_too(number: float) -> None:
    value = Scalar("float32", number)
    assert alike(decode(json.loads(json.dumps(encode(value), allow_nan=False))), value)


@settings(max_examples=300)
@given(json_values)
@example({"float": "0x1p5000"})
@example({"float": "no float"})
@example({"tensor": {"role": "x", "shape": [-1], "dtype": "float32"}})
@example({"tensor": {"role": "x", "shape": [True], "dtype": "float32"}})
@example({"scalar": {"dtype": "int64", "value": "1"}})
@example({"tuple": [], "list": []})
@example({})
def test_json_is_read_as_a_value_or_refused_as_none(data) -> None:
    try:
        value = decode(data)
    except BadValue:
        return
    assert alike(decode(encode(value)), value)


@pytest.mark.parametrize(
    "data",
    [
        {},
        [],
        [1],
        {"tuple": 1},
        {"tuple": [{}]},
        {"list": [], "more": 1},
        {"dtype": 5},
        {"float": 1.5},
        {"scalar": {"dtype": "int64"}},
        {"tensor": {"role": "x", "shape": 3, "dtype": "float32"}},
        {"__class__": "os.system"},
    ],
)
def test_what_encode_never_writes_is_refused_by_name(data) -> None:
    with pytest.raises(BadValue, match="is no argument value"):
        decode(data)


@pytest.mark.parametrize(
    "value",
    [
        object(),
        {1: 2},
        {"a": 1},
        {1},
        b"bytes",
        1j,
        np.zeros(2),
        np.float32(1),
        np.int64(1),
        ml_dtypes.bfloat16(1),
        int,
    ],
)
def test_what_is_not_of_the_closed_set_cannot_be_written(value) -> None:
    for held in (value, (value,), [1, value]):
        with pytest.raises(BadValue, match="not of the closed set"):
            encode(held)


@given(values, values)
def test_different_values_have_different_json_forms(left, right) -> None:
    same = json.dumps(encode(left), sort_keys=True) == json.dumps(encode(right), sort_keys=True)
    assert same == alike(left, right)


def test_a_value_is_shown_as_a_reader_would_write_it() -> None:
    shown = {
        "(1,)": (1,),
        "(1, [2.5, 'a'])": (1, [2.5, "a"]),
        "float32": Dtype("float32"),
        "numpy.int64(1)": Scalar("int64", 1),
        "Tensor(1,3):float32": Tensor("input", (1, 3), "float32"),
        "None": None,
        "True": True,
    }
    assert {show(value): value for value in shown.values()} == shown
