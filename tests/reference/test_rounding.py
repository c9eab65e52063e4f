"""The error bounds hold for honest arithmetic of every precision and order, and nothing worse than that passes."""

import operator
import warnings
from fractions import Fraction

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.conv_transpose import law
from reference.rounding import (
    Bound,
    exact_limit,
    exceeds,
    forward_bound,
    largest,
    margin,
    smallest_subnormal,
    unit_roundoff,
)

TYPES = {"float16": np.float16, "bfloat16": ml_dtypes.bfloat16, "float32": np.float32, "float64": np.float64}
EVERY_DTYPE = pytest.mark.parametrize("dtype", TYPES)
SMALL = pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])


def sums(dtype, n, seed, cases=300, scale=1.0):
    """Operands of sums of n products and a bias: x and w (cases, n) and b (cases,), already rounded to dtype."""
    rng = np.random.default_rng((seed, n))
    shapes = (cases, n), (cases, n), (cases,)
    return [(rng.normal(size=s) * scale).astype(TYPES[dtype]) for s in shapes]


def in_order(x, w, b, dtype, accumulator=None):
    """Sums as a plain loop makes them: product, addition and, last, the bias, each rounded."""
    wide = TYPES[accumulator or dtype]
    with np.errstate(under="ignore"):
        total = np.zeros(len(x), wide)
        for column in range(x.shape[1]):
            total = total + x[:, column].astype(wide) * w[:, column].astype(wide)
        return total.astype(TYPES[dtype]) + b


def in_pairs(x, w, b, dtype):
    """The same sums, added pairwise and the bias first, as a library may."""
    columns = [b, *(x * w).T]
    while len(columns) > 1:
        odd = columns[-1:] if len(columns) % 2 else []
        columns = [p + q for p, q in zip(columns[:-1:2], columns[1::2], strict=False)] + odd
    return columns[0].astype(TYPES[dtype])


def bound_of(x, w, b, dtype, accumulator=None):
    x, w, b = (a.astype(np.float64) for a in (x, w, b))
    exact = (x * w).sum(1) + b
    if dtype == "float64":  # where this would be the arithmetic under test
        rows = [[*map(operator.mul, map(Fraction, p), map(Fraction, q))] for p, q in zip(x, w, strict=True)]
        exact = np.array([float(sum(row, Fraction(c))) for row, c in zip(rows, b, strict=True)])
    return exact, forward_bound(exact, abs(x * w).sum(1) + abs(b), x.shape[1] + 1, b, dtype, accumulator)


# Formats


@EVERY_DTYPE
def test_the_constants_of_each_format_are_those_of_its_type(dtype):
    info = ml_dtypes.finfo(TYPES[dtype])
    assert unit_roundoff(dtype) == float(info.eps) / 2
    assert smallest_subnormal(dtype) == float(info.smallest_subnormal)
    assert largest(dtype) == float(info.max)


@EVERY_DTYPE
def test_integers_are_exact_up_to_the_limit_and_not_beyond(dtype):
    limit = exact_limit(dtype)
    assert limit == {"float16": 2**11, "bfloat16": 2**8, "float32": 2**24, "float64": 2**53}[dtype]
    one = TYPES[dtype](1)
    assert int(TYPES[dtype](limit - 1) + one) == limit
    assert int(TYPES[dtype](limit) + one) == limit  # limit + 1 is not a number of this format


def test_the_limit_of_an_integer_dtype_is_its_largest_number_or_what_float64_can_compare():
    for bits in (8, 16, 32):
        assert exact_limit(f"int{bits}") == 2 ** (bits - 1) - 1
        assert exact_limit(f"uint{bits}") == 2**bits - 1
    assert exact_limit("int64") == exact_limit("uint64") == 2**62


@pytest.mark.parametrize("function", [unit_roundoff, smallest_subnormal, largest, exact_limit])
def test_an_unknown_dtype_is_an_error_that_names_it(function):
    with pytest.raises(ValueError, match="dtype = 'float8' must be one of float16, bfloat16, float32, float64"):
        function("float8")


# Honest arithmetic passes


@EVERY_DTYPE
@pytest.mark.parametrize("n", [1, 2, 5, 17, 60])
@pytest.mark.parametrize("adding", [in_order, in_pairs])
def test_sums_in_any_order_stay_within_the_bound(dtype, n, adding):
    operands = sums(dtype, n, 1)
    exact, bound = bound_of(*operands, dtype)
    actual = adding(*operands, dtype)
    assert bound.bounded.all()
    assert not exceeds(actual, exact, bound).any()
    assert 0 <= margin(actual, exact, bound) <= 1
    assert np.any(actual.astype(np.float64) != exact), "nothing was rounded: the test shows nothing"


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
@pytest.mark.parametrize("n", [1, 5, 60, 300])
def test_wider_accumulation_stays_within_its_tighter_bound(dtype, n):
    operands = sums(dtype, n, 2)
    exact, bound = bound_of(*operands, dtype, "float32")
    assert bound.bounded.all()
    assert not exceeds(in_order(*operands, dtype, "float32"), exact, bound).any()
    if n < 300:
        assert np.all(bound.accumulation < bound_of(*operands, dtype)[1].accumulation / 100)
    if n == 60:
        assert exceeds(in_order(*operands, dtype), exact, bound).any(), "sums in the narrow dtype must not pass as wide"


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(TYPES)), st.integers(1, 12), st.integers(0, 2**20), st.integers(-16, 3))
def test_sums_stay_within_the_bound_at_every_scale_down_to_underflow(dtype, n, seed, place):
    smallest = np.log2(smallest_subnormal(dtype))
    scale = 2.0 ** (smallest / 2 * -place / 15) if place < 0 else 2.0**place
    operands = sums(dtype, n, seed, cases=20, scale=scale)
    exact, bound = bound_of(*operands, dtype)
    assert not exceeds(in_order(*operands, dtype), exact, bound).any()


@SMALL
def test_products_that_underflow_need_the_absolute_term(dtype):
    tiny = np.sqrt(smallest_subnormal(dtype))
    operands = sums(dtype, 8, 3, scale=tiny)
    operands[2][:] = 0
    exact, bound = bound_of(*operands, dtype)
    actual = in_order(*operands, dtype)
    relative = 9 * unit_roundoff(dtype) * np.abs(operands[0].astype(float) * operands[1].astype(float)).sum(1)
    assert np.any(abs(actual.astype(np.float64) - exact) > relative + bound.storage), "without eta the bound is wrong"
    assert not exceeds(actual, exact, bound).any()


def test_float64_sums_stay_within_the_bound_of_exact_fractions_and_of_the_reference():
    operands = sums("float64", 40, 4, cases=60)
    actual = in_order(*operands, "float64")
    reference, (_, bound) = (operands[0] * operands[1]).sum(1) + operands[2], bound_of(*operands, "float64")
    assert not exceeds(actual, reference, bound).any()
    for row in range(60):
        x, w, b = ([Fraction(v) for v in np.atleast_1d(a[row])] for a in operands)
        exact = sum(p * q for p, q in zip(x, w, strict=True)) + b[0]
        size = sum(abs(p * q) for p, q in zip(x, w, strict=True)) + abs(b[0])
        ours = Fraction(41, 2**53 - 41) * size
        assert abs(Fraction(reference[row]) - exact) <= ours
        # The bound leaves room for the reference's error beside the backend's.
        assert Fraction(bound.accumulation[row]) >= 2 * ours


@SMALL
@pytest.mark.parametrize("rank", [1, 2, 3])
def test_a_transposed_convolution_in_low_precision_stays_within_the_bound(dtype, rank):
    rng = np.random.default_rng(rank)
    x, w, b = (rng.normal(size=s).astype(TYPES[dtype]) for s in ((2, 2, *[4] * rank), (2, 2, *[2] * rank), (2,)))
    size, counts = law.magnitude(x, w, b), law.terms(x.shape, w.shape, True)
    exact, along = law.conv_transpose(x, w, b), b.reshape(-1, *[1] * rank)
    actual = np.zeros(exact.shape, TYPES[dtype])
    for k in np.ndindex(*[2] * rank):  # tap by tap and channel by channel, each operation rounded
        place = (slice(None), slice(None), *(slice(a, a + 4) for a in k))
        for c in range(2):
            actual[place] += x[:, c : c + 1] * w[c][(slice(None), *k)].reshape(-1, *[1] * rank)
    actual = actual + along
    bound = forward_bound(exact, size, counts, along, dtype)
    assert bound.bounded.all()
    assert not exceeds(actual, exact, bound).any()
    assert margin(actual, exact, bound) <= 1
    assert np.any(actual.astype(np.float64) != exact), "nothing was rounded: the test shows nothing"


# What is worse does not pass


@EVERY_DTYPE
@pytest.mark.parametrize("n", [1, 7, 60])
def test_an_error_just_above_the_bound_is_seen_and_just_below_passes(dtype, n):
    exact, bound = bound_of(*sums(dtype, n, 5), dtype)
    spacing = np.spacing(abs(exact) + bound.total)  # the sum of exact and error is itself rounded
    for sign in (-1, 1):
        above, below = exact + sign * (bound.total + 4 * spacing), exact + sign * (bound.total - 4 * spacing)
        assert exceeds(above, exact, bound).all()
        assert margin(above, exact, bound) > 1
        assert not exceeds(below, exact, bound)[bound.total > 4 * spacing].any()


@SMALL
def test_a_few_units_in_the_last_place_are_seen_where_one_product_is_stored(dtype):
    operands = sums(dtype, 1, 6)
    operands[2][:] = 0
    exact, bound = bound_of(*operands, dtype)
    off = exact * (1 + 12 * unit_roundoff(dtype))  # 6 units in the last place; the bound allows for 4 roundings
    assert exceeds(off, exact, bound).all()


@EVERY_DTYPE
def test_a_dropped_term_a_nan_and_an_infinity_are_seen(dtype):
    x, w, b = sums(dtype, 5, 7)
    x, w = abs(x) + TYPES[dtype](1), abs(w) + TYPES[dtype](1)
    exact, bound = bound_of(x, w, b, dtype)
    assert exceeds(in_order(x[:, 1:], w[:, 1:], b, dtype), exact, bound).all()
    for wrong in (np.nan, np.inf, -np.inf):
        assert exceeds(np.full(len(x), wrong), exact, bound).all()
        assert margin(np.full(len(x), wrong), exact, bound) == np.inf


# The formula


@SMALL
def test_the_bound_is_the_formula_plus_the_error_of_the_reference(dtype):
    y, size, n, b = (
        np.array([3.0, -2.0, 0.5]),
        np.array([8.0, 2.0, 1.0]),
        np.array([7, 2, 1]),
        np.array([1.0, 0.5, 0.25]),
    )
    bound = forward_bound(y, size, n, b, dtype)
    u, eta, ours = unit_roundoff(dtype), smallest_subnormal(dtype) / 2, 2.0**-53
    gamma = n * u / (1 - n * u)
    np.testing.assert_array_equal(bound.storage, u * (abs(y) + abs(y - b)))
    np.testing.assert_array_equal(bound.total, bound.accumulation + bound.storage)
    excess = bound.accumulation - gamma * size - n * eta * (1 + gamma)
    assert np.all(excess >= 0.99 * n * ours * size)
    assert np.all(excess <= 1.01 * n * ours * size * (1 + gamma) + 4 * np.spacing(bound.accumulation))


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_a_wider_sum_is_rounded_twice_more_when_it_is_stored(dtype):
    n, u, u_sum = 60, unit_roundoff(dtype), unit_roundoff("float32")
    bound = forward_bound([3.0], [8.0], [n], [1.0], dtype, "float32")
    expected = n * u_sum / (1 - n * u_sum) * 8.0 * (1 + u) ** 2  # the reference's share and underflow are far smaller
    assert expected < bound.accumulation[0] < expected * (1 + u_sum) + n * smallest_subnormal(dtype)
    assert bound.storage[0] == u * 5.0


def test_no_bias_is_a_bias_of_zero():
    with_none, with_zero = (forward_bound([3.0], [4.0], [2], b, "float32") for b in (None, [0.0]))
    assert with_none.total == with_zero.total
    assert with_none.storage == 2 * 3.0 * 2.0**-24


@EVERY_DTYPE
def test_a_sum_of_no_terms_must_be_zero_exactly(dtype):
    bound = forward_bound([0.0], [0.0], [0], None, dtype)
    assert bound.bounded.all()
    assert bound.total == 0
    assert margin([0.0], [0.0], bound) == 0.0
    assert exceeds([1e-30], [0.0], bound).all()
    assert margin([1e-30], [0.0], bound) == np.inf


def test_terms_magnitude_and_bias_are_broadcast_to_the_result():
    exact = np.ones((2, 3, 4))
    bound = forward_bound(exact, 2.0, np.full((1, 1, 4), 3), np.ones((3, 1)), "float32")
    for field in (bound.total, bound.accumulation, bound.storage, bound.bounded):
        assert field.shape == exact.shape
    assert exceeds(exact, exact, bound).shape == exact.shape


# Where nothing is known


@EVERY_DTYPE
def test_from_half_a_reciprocal_unit_of_terms_on_nothing_is_bounded(dtype):
    n = 0.5 / unit_roundoff(dtype) + np.array([-1, 0, 1])  # n u is just below, at and above 1/2
    bound = forward_bound(np.zeros(3), np.ones(3), n, None, dtype)
    assert bound.bounded.tolist() == [True, False, False]
    assert bound.total[1:].tolist() == [np.inf, np.inf]
    assert exceeds(np.full(3, 1e30), np.zeros(3), bound).tolist() == [True, False, False]
    assert margin([0.0, 99.0, np.nan], np.zeros(3), bound) == 0.0


@EVERY_DTYPE
def test_where_a_partial_sum_may_overflow_nothing_is_bounded(dtype):
    top = largest(dtype)
    bound = forward_bound([1.0, 1.0, np.inf, np.nan], [0.9 * top, top, np.inf, np.nan], 2, None, dtype)
    assert bound.bounded.tolist() == [True, False, False, False]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not exceeds([1.0, np.inf, np.inf, 0.0], [1.0, 1.0, np.inf, np.nan], bound).any()
        assert exceeds([-1.7e308], [1.7e308], forward_bound([1.7e308], [1.7e308], 2, None, "float64")).all()


def test_the_margin_is_zero_where_no_element_is_bounded():
    nothing = Bound(np.full(2, np.inf), np.full(2, np.inf), np.ones(2), np.zeros(2, bool))
    assert margin([5.0, np.nan], [0.0, 0.0], nothing) == 0.0
    assert margin(np.empty(0), np.empty(0), Bound(*[np.empty(0)] * 3, np.empty(0, bool))) == 0.0


def test_an_error_as_large_as_the_bound_passes():
    bound = Bound(np.array([3.0]), np.array([2.0]), np.array([1.0]), np.array([True]))
    assert not exceeds([7.0], [10.0], bound).any()
    assert exceeds([np.nextafter(7.0, 0.0)], [10.0], bound).all()


def test_the_margin_leaves_out_what_storing_explains():
    bound = Bound(np.array([3.0]), np.array([2.0]), np.array([1.0]), np.array([True]))
    assert margin([10.5], [10.0], bound) == 0.0
    assert margin([12.0], [10.0], bound) == 0.5
    assert margin([7.0], [10.0], bound) == 1.0
    assert margin([16.0], [10.0], bound) == 2.5
