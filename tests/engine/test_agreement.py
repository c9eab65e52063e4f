"""Is it what is documented? Numbers that are equal, numbers within their bound, and everything that is neither."""

import math

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.agreement import Agreement, agreement, allowance, number
from conformance.expected import ExpectedArray
from reference import rounding
from reference.documented import Result

BFLOAT16 = np.dtype(ml_dtypes.bfloat16)


def documented(value, dtype="float32", *, magnitude=None, terms=4, addend=None) -> ExpectedArray:
    value = np.asarray(value)
    size = np.abs(value) if magnitude is None else np.broadcast_to(np.asarray(magnitude), value.shape)
    return ExpectedArray(Result(value, size, np.asarray(terms), addend), dtype, value.astype(dtype))


WHOLE = np.arange(-3, 3, dtype=np.int64).reshape(2, 3)


def test_equal_whole_numbers_agree() -> None:
    found = agreement(WHOLE.astype(np.float32), documented(WHOLE), "integers")
    assert found == Agreement(shape=True, dtype=True, values=True, compared=6)
    assert found.whole


def test_the_sign_of_a_zero_is_no_difference() -> None:
    actual = WHOLE.astype(np.float32)
    actual[1, 0] = -0.0
    assert np.signbit(actual[1, 0])
    assert agreement(actual, documented(WHOLE), "integers").whole


def test_another_shape_is_a_difference_without_values() -> None:
    for actual in (WHOLE.T, WHOLE[None], WHOLE[:1], np.float64(1.0)):
        found = agreement(np.asarray(actual, np.float32), documented(WHOLE), "integers")
        assert (found.shape, found.values, found.whole) == (False, None, False)


def test_another_dtype_is_a_difference_even_with_equal_values() -> None:
    found = agreement(WHOLE.astype(np.float64), documented(WHOLE), "integers")
    assert (found.shape, found.dtype, found.values, found.whole) == (True, False, True, False)


def test_the_first_difference_in_c_order_is_named_with_both_values() -> None:
    actual = WHOLE.astype(np.float32)
    actual[0, 2] += 1
    actual[1, 1] -= 10
    found = agreement(actual, documented(WHOLE), "integers")
    assert found.difference is not None
    assert (found.difference.index, found.difference.expected, found.difference.actual) == ([0, 2], "-1", "0")
    assert (found.difference.differing, found.difference.of, found.difference.largest) == (2, 6, "10")
    assert (found.first, found.values, found.whole, found.margin) == (2, False, False, None)


@pytest.mark.parametrize("kind", ["integers", "ones"])
def test_whole_numbers_have_no_tolerance_at_all(kind: str) -> None:
    value = np.array([2**20], np.int64)
    actual = np.nextafter(value.astype(np.float32), np.float32(np.inf))
    assert not agreement(actual, documented(value), kind).whole
    assert agreement(actual, documented(value, terms=1000), "normal").whole


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("kind", ["integers", "normal"])
def test_nan_and_infinities_are_differences(kind: str, wrong: float) -> None:
    actual = WHOLE.astype(np.float32)
    actual[1, 2] = wrong
    found = agreement(actual, documented(WHOLE.astype(np.float64)), kind)
    assert not found.whole
    assert found.difference is not None
    assert (found.difference.index, found.difference.actual, found.difference.differing) == ([1, 2], repr(wrong), 1)
    assert found.margin is None


def test_an_empty_array_agrees_but_says_that_it_is_empty() -> None:
    for kind in ("integers", "normal"):
        found = agreement(np.zeros((0, 3), np.float32), documented(np.zeros((0, 3))), kind)
        assert (found.compared, found.shape, found.values) == (0, True, True)
    assert not agreement(np.zeros((0, 2), np.float32), documented(np.zeros((0, 3))), "integers").shape


@pytest.mark.parametrize("actual", [np.zeros((2, 3), np.complex64), np.full((2, 3), "x"), np.full((2, 3), None)])
def test_what_holds_no_numbers_disagrees(actual) -> None:
    found = agreement(actual, documented(WHOLE), "integers")
    assert (found.values, found.whole, found.difference) == (False, False, None)


@settings(max_examples=60)
@given(st.floats(-1e3, 1e3), st.floats(0, 1e4), st.integers(1, 1000), st.floats(-10, 10))
def test_normal_numbers_agree_just_inside_of_the_bound_and_differ_just_outside(value, more, terms, bias) -> None:
    magnitude = abs(value) + abs(bias) + more
    wanted = documented(np.array([value]), "float64", magnitude=magnitude, terms=terms, addend=np.array([bias]))
    total = float(rounding.forward_bound([value], [magnitude], terms, [bias], "float64").total[0])
    for sign in (1, -1):
        inside, outside = value + sign * 0.9 * total, value + sign * 1.1 * total
        if abs(inside - value) <= total:  # else the numbers are too far apart for it
            assert agreement(np.array([inside]), wanted, "normal").whole
        if abs(outside - value) > total:
            found = agreement(np.array([outside]), wanted, "normal")
            assert not found.whole
            assert found.margin is None or found.margin > 1


def test_the_edge_of_the_bound_in_float32_is_where_the_theory_puts_it() -> None:
    wanted = documented(np.array([1.0]), magnitude=[64.0], terms=10)
    total = float(rounding.forward_bound([1.0], [64.0], 10, None, "float32").total[0])
    edge = np.float32(1.0)
    while float(np.nextafter(edge, np.float32(2))) - 1.0 <= total:
        edge = np.nextafter(edge, np.float32(2))
    assert edge > 1
    assert agreement(np.array([edge]), wanted, "normal").whole
    assert not agreement(np.array([np.nextafter(edge, np.float32(2))]), wanted, "normal").whole


def test_the_margin_is_the_share_of_the_accumulation_bound() -> None:
    wanted = documented(np.array([1.0, 2.0]), magnitude=[64.0, 64.0], terms=10)
    bound = rounding.forward_bound([1.0, 2.0], [64.0, 64.0], 10, None, "float32")
    actual = np.array([1.0, 2.0 + 0.5 * bound.total[1]], np.float32)
    found = agreement(actual, wanted, "normal")
    assert found.whole
    assert found.margin == rounding.margin(actual, [1.0, 2.0], bound)
    assert 0.4 < found.margin < 0.6
    assert agreement(np.array([1, 2], np.float32), wanted, "normal").margin == 0


def test_whole_numbers_that_cannot_be_exact_are_judged_by_the_bound() -> None:
    value = np.array([2**30 + 1], np.int64)
    assert agreement(value.astype(np.float32), documented(value), "integers").whole
    assert not agreement(value.astype(np.float32) * np.float32(1.01), documented(value), "integers").whole


def test_bfloat16_is_compared_as_numbers() -> None:
    stored = WHOLE.astype(ml_dtypes.bfloat16)
    assert agreement(stored, documented(WHOLE, "bfloat16"), "integers").whole
    assert not agreement(stored + stored.dtype.type(1), documented(WHOLE, "bfloat16"), "integers").whole


@given(st.floats())
def test_a_number_is_written_so_that_it_reads_back(value: float) -> None:
    back = float(number(value))
    assert back == value or (math.isnan(back) and math.isnan(value))


def test_whole_numbers_are_written_as_such() -> None:
    assert [number(value) for value in (3.0, -0.0, 2.5, 1e300, np.float32(7))] == ["3", "0", "2.5", "1e+300", "7"]


def stored(value, dtype, **about) -> ExpectedArray:
    """What is documented, of a type that NumPy may not know by its name."""
    kind = BFLOAT16 if dtype == "bfloat16" else np.dtype(dtype)
    wanted = documented(value, "float64" if dtype == "bfloat16" else dtype, **about)
    return ExpectedArray(wanted.result, dtype, wanted.result.value.astype(kind))


def test_complex_whole_numbers_are_compared_as_numbers() -> None:
    value = np.array([3 - 4j, 0 + 1j])
    wanted = documented(value, "complex64", magnitude=[5.0, 1.0])
    assert agreement(value.astype(np.complex64), wanted, "integers").whole
    found = agreement(value.conj().astype(np.complex64), wanted, "integers")
    assert found.difference is not None
    assert (found.difference.index, found.difference.expected, found.difference.actual) == ([0], "3-4j", "3+4j")


def test_a_part_of_a_complex_number_has_the_bound_of_three_real_sums() -> None:
    value = np.array([1.0 + 2.0j])
    wanted = documented(value, "complex64", magnitude=[8.0], terms=5)
    bound = rounding.forward_bound(np.array([2.0]), np.array([24.0]), 10, None, "float32")
    inside, outside = (1.0 + 1j * (2.0 + share * bound.total[0]) for share in (0.9, 1.5))
    assert agreement(np.array([inside], np.complex64), wanted, "normal").whole
    assert not agreement(np.array([outside], np.complex64), wanted, "normal").whole


@given(st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_a_sum_of_complex_products_by_three_real_sums_is_within_the_bound(length: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    x, w = (chance.standard_normal((2, length)) for _ in range(2))
    x[1] *= 10.0 ** chance.integers(-3, 4)
    xr, xi, wr, wi = (part.astype(np.float32) for part in (*x, *w))
    value = np.sum((xr + 1j * xi).astype(np.complex128) * (wr + 1j * wi).astype(np.complex128))
    size = float(np.sum(np.hypot(xr, xi).astype(np.float64) * np.hypot(wr, wi)))
    a, b, c = (np.cumsum(item, dtype=np.float32)[-1] for item in (xr * wr, xi * wi, (xr + xi) * (wr + wi)))
    made = np.array([complex(np.float32(a - b), np.float32(np.float32(c - a) - b))], np.complex64)
    wanted = documented(np.array([value]), "complex64", magnitude=[size], terms=length)
    assert agreement(made, wanted, "normal").whole


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_whole_numbers_are_exact_up_to_what_the_type_holds(dtype: str) -> None:
    limit = rounding.exact_limit(dtype)
    wanted = stored([limit // 2, 1.0], dtype, magnitude=[float(limit), 1.0])
    right = wanted.array
    assert agreement(right, wanted, "integers").whole
    wrong = right.copy()
    wrong[0] -= right.dtype.type(1)
    assert not agreement(wrong, wanted, "integers").whole


def test_what_theory_bounds_nowhere_is_counted_as_not_compared() -> None:
    wanted = stored([1.0, 2.0], "bfloat16", magnitude=[300.0, 300.0], terms=200)  # n u >= 1/2
    found = agreement(np.array([500.0, -3.0]).astype(BFLOAT16), wanted, "normal")
    assert (found.whole, found.compared) == (True, 0)


def test_special_values_agree_by_their_class() -> None:
    value = np.array([np.nan, np.inf, -np.inf, 2.0])
    wanted = documented(value, magnitude=[np.nan, np.inf, np.inf, 2.0])
    assert agreement(value.astype(np.float32), wanted, "special").whole
    for place, other in ((0, 1.0), (0, np.inf), (1, -np.inf), (1, np.nan), (2, -1.0), (3, np.nan), (3, 2.1)):
        actual = value.astype(np.float32)
        actual[place] = other
        found = agreement(actual, wanted, "special")
        assert found.difference is not None, (place, other)
        assert found.difference.index == [place]


def test_a_subnormal_number_may_be_taken_for_zero_but_for_nothing_else() -> None:
    least = np.finfo(np.float32).smallest_subnormal
    wanted = documented(np.array([3.0 * float(least)]), magnitude=[3.0 * float(least)], terms=1)
    assert agreement(np.zeros(1, np.float32), wanted, "special").whole
    assert not agreement(np.full(1, 1e-30, np.float32), wanted, "special").whole


def test_an_element_that_may_overflow_on_the_way_is_not_compared() -> None:
    wanted = documented(np.array([1.0, 1.0]), magnitude=[1e39, 4.0])
    found = agreement(np.array([np.inf, 1.0], np.float32), wanted, "special")
    assert (found.whole, found.compared) == (True, 1)


def test_narrow_multiplicands_widen_the_bound_and_no_more() -> None:
    wanted = documented(np.array([1.0]), magnitude=[8.0], terms=4)
    actual = np.array([1.0 + 8.0 * 2.0**-11], np.float32)
    assert not agreement(actual, wanted, "normal").whole
    assert agreement(actual, wanted, "normal", multiplicands="tf32").whole
    assert not agreement(actual + np.float32(0.02), wanted, "normal", multiplicands="tf32").whole


@pytest.mark.parametrize(
    ("value", "dtype", "kind", "actual", "agrees"),
    [
        ([5.0], "float32", "integers", [5.0], True),
        ([5.0], "float32", "integers", [5.0000005], False),
        ([5.0], "float32", "normal", [5.0000005], True),
        ([np.inf], "float32", "special", [np.inf], True),
    ],
)
def test_the_allowance_of_a_script_agrees_with_the_judgement(value, dtype, kind, actual, agrees) -> None:
    wanted = documented(np.array(value), dtype)
    array = np.array(actual, dtype)
    assert agreement(array, wanted, kind).whole is agrees
    with np.errstate(invalid="ignore"):
        near = (array == wanted.array) | (np.abs(array.astype(float) - wanted.array) <= allowance(wanted, kind))
    assert bool(near.all()) is agrees
