"""Proofs that the law of transposed convolution is right: other algorithms, exact integers, identities, edge cases."""

import warnings
from fractions import Fraction

import ml_dtypes
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reference.conv_transpose.law import conv_transpose, gradients, magnitude, output_shape, terms
from tests.reference.geometries import Operation, operations
from tests.reference.zero_insertion import (
    by_zero_insertion,
    convolve,
    element,
    gradients_by_definition,
    insert_zeros,
)

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
EVERY_RANK = pytest.mark.parametrize("rank", [1, 2, 3])


def same(actual, expected):
    np.testing.assert_array_equal(actual, expected, strict=True)


def by_definition(x, weight, bias, shape, keywords):
    """Values and numbers of terms of all elements, in Python numbers."""
    x, weight, bias = x.astype(object), weight.astype(object), None if bias is None else list(bias)
    pairs = [element(x, weight, bias, where, **keywords) for where in np.ndindex(shape)]
    values, counts = np.empty(len(pairs), object), np.array([count for _, count in pairs], np.int64)
    values[:] = [value for value, _ in pairs]
    return values.reshape(shape), counts.reshape(shape)


def typical(rank):
    """A fixed operation that uses every argument, with different values on each axis."""
    keywords = {
        "stride": (2, 3, 1)[:rank],
        "padding": ((1, 0), (0, 2), (1, 1))[:rank],
        "output_padding": (1, 0, 1)[:rank],
        "dilation": (1, 2, 2)[:rank],
        "groups": 2,
    }
    return Operation((2, 4, *(3, 2, 3)[:rank]), (4, 3, *(3, 2, 2)[:rank]), keywords, 7)


# Other algorithms


@settings(quick, max_examples=150)
@given(operations())
def test_equals_zero_insertion_followed_by_correlation(op):
    expected = by_zero_insertion(op.x, op.weight, **op.keywords)
    same(conv_transpose(op.x, op.weight, **op.keywords), expected)
    with_bias = expected + op.bias.reshape(-1, *[1] * op.rank)
    same(conv_transpose(op.x, op.weight, op.bias, **op.keywords), with_bias)


@quick
@given(operations(most=3), st.booleans())
def test_equals_the_definition_element_by_element_and_sums_as_many_terms(op, has_bias):
    bias = op.bias if has_bias else None
    values, counts = by_definition(op.x, op.weight, bias, op.result_shape, op.keywords)
    same(conv_transpose(op.x, op.weight, bias, **op.keywords), values.astype(np.int64))
    same(terms(op.x_shape, op.weight_shape, has_bias, **op.keywords), counts)


@EVERY_RANK
def test_floats_stay_within_the_error_bound_of_exact_fractions(rank):
    op, rng = typical(rank), np.random.default_rng(rank)
    x, weight, bias = rng.normal(size=op.x_shape), rng.normal(size=op.weight_shape), rng.normal(size=op.channels)
    exact, counts = by_definition(*map(fractions, (x, weight, bias)), op.result_shape, op.keywords)
    sizes, _ = by_definition(*(abs(fractions(a)) for a in (x, weight, bias)), op.result_shape, op.keywords)
    error = abs(fractions(conv_transpose(x, weight, bias, **op.keywords)) - exact)
    gamma = counts * Fraction(1, 2**53) / (1 - counts * Fraction(1, 2**53))
    assert np.all(error <= gamma * sizes)
    assert np.all(abs(fractions(magnitude(x, weight, bias, **op.keywords)) - sizes) <= gamma * sizes)
    assert np.any(error > 0), "nothing was rounded: the test shows nothing"


fractions = np.vectorize(Fraction, otypes=[object])


# Identities


@quick
@given(operations())
def test_is_the_adjoint_of_convolution(op):
    result = conv_transpose(op.x, op.weight, **op.keywords)
    y = op.upstream
    assert np.vdot(result, y) == np.vdot(op.x, convolve(y, op.weight, op.x_shape[2:], **op.keywords))


@quick
@given(operations(), st.integers(-5, 5), st.integers(-5, 5))
def test_is_linear_in_x_and_in_weight(op, a, b):
    x1, x2 = op.x, op.integers(op.x_shape, 4)
    w1, w2 = op.weight, op.integers(op.weight_shape, 5)
    both = conv_transpose(a * x1 + b * x2, w1, **op.keywords)
    same(both, a * conv_transpose(x1, w1, **op.keywords) + b * conv_transpose(x2, w1, **op.keywords))
    both = conv_transpose(x1, a * w1 + b * w2, **op.keywords)
    same(both, a * conv_transpose(x1, w1, **op.keywords) + b * conv_transpose(x1, w2, **op.keywords))


@quick
@given(operations())
def test_groups_are_a_block_diagonal_kernel(op):
    groups = op.keywords["groups"]
    dense = np.zeros((op.x_shape[1], op.channels, *op.weight_shape[2:]), np.int64)
    rows, columns = op.x_shape[1] // groups, op.weight_shape[1]
    for g in range(groups):
        here = slice(g * rows, (g + 1) * rows)
        dense[here, g * columns : (g + 1) * columns] = op.weight[here]
    same(conv_transpose(op.x, op.weight, **op.keywords), conv_transpose(op.x, dense, **op.keywords | {"groups": 1}))


@quick
@given(operations(), st.data())
def test_an_input_shifted_by_one_shifts_the_result_by_the_stride(op, data):
    axis = data.draw(st.integers(0, op.rank - 1))
    before = [(0, 0)] * (op.rank + 2)
    before[2 + axis] = (1, 0)
    padding = list(op.keywords["padding"])
    padding[axis] = (padding[axis][0] + op.keywords["stride"][axis], padding[axis][1])
    shifted = conv_transpose(np.pad(op.x, before), op.weight, **op.keywords | {"padding": padding})
    same(shifted, conv_transpose(op.x, op.weight, **op.keywords))


@quick
@given(operations(), st.permutations(range(3)))
def test_permuting_the_spatial_axes_of_everything_permutes_the_result(op, order):
    order = [axis for axis in order if axis < op.rank]
    axes = [0, 1, *(2 + axis for axis in order)]
    keywords = {k: v if k == "groups" else [v[axis] for axis in order] for k, v in op.keywords.items()}
    permuted = conv_transpose(op.x.transpose(axes), op.weight.transpose(axes), **keywords)
    same(permuted, conv_transpose(op.x, op.weight, **op.keywords).transpose(axes))


@quick
@given(operations())
def test_samples_do_not_mix(op):
    one_by_one = [conv_transpose(op.x[n : n + 1], op.weight, op.bias, **op.keywords) for n in range(2)]
    same(conv_transpose(op.x, op.weight, op.bias, **op.keywords), np.concatenate(one_by_one))


# What each argument means


@quick
@given(operations())
def test_stride_is_zeros_between_inputs_and_dilation_zeros_between_taps(op):
    expected = conv_transpose(op.x, op.weight, **op.keywords)
    spread = insert_zeros(op.x, op.keywords["stride"])
    same(conv_transpose(spread, op.weight, **op.keywords | {"stride": 1}), expected)
    spread = insert_zeros(op.weight, op.keywords["dilation"])
    same(conv_transpose(op.x, spread, **op.keywords | {"dilation": 1}), expected)


@quick
@given(operations())
def test_padding_crops_and_output_padding_lengthens_the_full_result(op):
    bare = op.keywords | {"padding": 0, "output_padding": 0}
    full = conv_transpose(op.x, op.weight, op.bias, **bare)
    long = np.broadcast_to(op.bias.reshape(-1, *[1] * op.rank), (*full.shape[:2], *(n + 9 for n in full.shape[2:])))
    long = long.copy()
    long[(..., *(slice(n) for n in full.shape[2:]))] = full
    kept = [
        slice(begin, n - end + extra)
        for (begin, end), extra, n in zip(
            op.keywords["padding"], op.keywords["output_padding"], full.shape[2:], strict=True
        )
    ]
    same(conv_transpose(op.x, op.weight, op.bias, **op.keywords), long[(..., *kept)])


@EVERY_RANK
def test_the_first_tap_of_a_lone_input_stands_at_the_begin_of_the_result(rank):
    weight = np.arange(2**rank).reshape(1, 1, *[2] * rank)
    same(conv_transpose(np.ones((1, 1, *[1] * rank), int), weight, stride=3), weight)


@EVERY_RANK
def test_what_falls_into_output_padding_is_kept(rank):
    x, weight = np.ones((1, 1, *[2] * rank), int), np.ones((1, 1, *[3] * rank), int)
    ones = conv_transpose(x, weight, stride=3, padding=1, output_padding=1)
    same(ones, np.ones((1, 1, *[5] * rank), int))


@EVERY_RANK
def test_an_integer_stands_for_every_axis_and_for_both_ends(rank):
    op = typical(rank)
    short = conv_transpose(op.x, op.weight, stride=2, padding=1, output_padding=1, dilation=2, groups=2)
    per_axis = {"stride": [2] * rank, "padding": [1] * rank, "output_padding": [1] * rank, "dilation": (2,) * rank}
    same(conv_transpose(op.x, op.weight, **per_axis, groups=2), short)
    same(conv_transpose(op.x, op.weight, **per_axis | {"padding": [(1, 1)] * rank}, groups=2), short)
    same(conv_transpose(op.x, op.weight, **per_axis | {"stride": np.int64(2)}, groups=np.int32(2)), short)


@EVERY_RANK
def test_the_defaults_are_the_neutral_values(rank):
    op = typical(rank)
    neutral = {"stride": 1, "padding": 0, "output_padding": 0, "dilation": 1, "groups": 1}
    same(conv_transpose(op.x, op.weight), conv_transpose(op.x, op.weight, **neutral))
    assert output_shape(op.x_shape, op.weight_shape) == output_shape(op.x_shape, op.weight_shape, **neutral)
    same(magnitude(op.x, op.weight), magnitude(op.x, op.weight, None, **neutral))
    same(terms(op.x_shape, op.weight_shape, False), terms(op.x_shape, op.weight_shape, False, **neutral))
    upstream = np.ones(output_shape(op.x_shape, op.weight_shape), int)
    same(gradients(op.x, op.weight, None, upstream).x, gradients(op.x, op.weight, None, upstream, **neutral).x)


@quick
@given(operations())
def test_output_shape_is_the_documented_formula_and_the_shape_of_the_result(op):
    assert output_shape(op.x_shape, op.weight_shape, **op.keywords) == op.result_shape
    assert output_shape(list(op.x_shape), list(op.weight_shape), **op.keywords) == op.result_shape
    assert conv_transpose(op.x, op.weight, **op.keywords).shape == op.result_shape


# Magnitude and terms


@quick
@given(operations())
def test_magnitude_sums_absolute_values(op):
    expected = by_zero_insertion(abs(op.x), abs(op.weight), **op.keywords)
    expected = expected + abs(op.bias).reshape(-1, *[1] * op.rank)
    same(magnitude(op.x, op.weight, op.bias, **op.keywords), expected.astype(np.float64))


def test_magnitude_of_complex_operands_uses_their_moduli():
    x, weight = np.array([[[3 + 4j, 0]]]), np.array([[[1j, 5 - 12j]]])
    same(magnitude(x, weight, [8 + 6j]), np.array([[[15.0, 75.0, 10.0]]]))


@pytest.mark.parametrize("dtype", [np.int8, np.int64])
def test_magnitude_does_not_overflow_at_the_smallest_integer(dtype):
    x = np.full((1, 1, 1), np.iinfo(dtype).min, dtype)
    same(magnitude(x, np.ones((1, 1, 1), dtype)), -x.astype(np.float64))


def test_terms_cannot_be_written_to():
    assert not terms((1, 1, 2), (1, 1, 2), True).flags.writeable


# Gradients


@quick
@given(operations())
def test_gradients_equal_convolution_and_the_definition(op):
    found = gradients(op.x, op.weight, op.bias, op.upstream, **op.keywords)
    same(found.x, convolve(op.upstream, op.weight, op.x_shape[2:], **op.keywords))
    operands = [a.astype(object) for a in (op.x, op.weight, op.upstream)]
    for_x, for_weight = gradients_by_definition(*operands, **op.keywords)
    same(found.x, for_x.astype(np.int64))
    same(found.weight, for_weight.astype(np.int64))
    same(found.bias, np.array([op.upstream[:, c].sum() for c in range(op.channels)]))


@quick
@given(operations())
def test_gradients_satisfy_the_adjoint_identity_in_every_operand(op):
    found = gradients(op.x, op.weight, op.bias, op.upstream, **op.keywords)
    pairing = np.vdot(op.upstream, conv_transpose(op.x, op.weight, **op.keywords))
    assert np.vdot(found.x, op.x) == pairing
    assert np.vdot(found.weight, op.weight) == pairing
    assert np.vdot(found.bias, op.bias) == np.vdot(op.upstream, op.bias.reshape(-1, *[1] * op.rank) + 0 * op.upstream)


@EVERY_RANK
def test_gradients_equal_exact_differences_in_every_single_element(rank):
    op = typical(rank)
    operands = {"x": op.x, "weight": op.weight, "bias": op.bias}
    found = gradients(**operands, upstream=op.upstream, **op.keywords)
    at = np.vdot(op.upstream, conv_transpose(**operands, **op.keywords))
    for name, operand in operands.items():
        differences = np.empty_like(operand)
        for where in np.ndindex(operand.shape):
            moved = operand.copy()
            moved[where] += 1  # the result is linear in each operand: a difference with step 1 is the derivative
            differences[where] = np.vdot(op.upstream, conv_transpose(**operands | {name: moved}, **op.keywords)) - at
        same(getattr(found, name), differences)


@EVERY_RANK
def test_gradients_of_floats_equal_central_differences(rank):
    op, rng, h = typical(rank), np.random.default_rng(rank), 2.0**-10
    x, weight, upstream = (rng.normal(size=s) for s in (op.x_shape, op.weight_shape, op.result_shape))
    dx, dw = rng.normal(size=op.x_shape), rng.normal(size=op.weight_shape)
    found = gradients(x, weight, None, upstream, **op.keywords)
    assert found.bias is None
    value = [np.vdot(upstream, conv_transpose(x + s * h * dx, weight + s * h * dw, **op.keywords)) for s in (1, -1)]
    slope = np.vdot(found.x, dx) + np.vdot(found.weight, dw)
    assert (value[0] - value[1]) / (2 * h) == pytest.approx(slope, rel=1e-9)


@quick
@given(operations())
def test_gradients_of_absolute_values_and_of_ones_are_their_magnitudes_and_terms(op):
    operands = [np.ones(s, np.int64) for s in (op.x_shape, op.weight_shape, (op.channels,), op.result_shape)]
    counts = gradients(*operands, **op.keywords)
    for_x, for_weight = gradients_by_definition(operands[0], operands[1], operands[3], **op.keywords)
    same(counts.x, for_x.astype(np.int64))
    same(counts.weight, for_weight.astype(np.int64))
    assert set(counts.bias.tolist()) == {op.result_shape[0] * int(np.prod(op.result_shape[2:]))}


# Dtypes and exactness


@pytest.mark.parametrize(
    ("given_dtype", "expected"),
    [
        (bool, np.int64),
        (np.int8, np.int64),
        (np.uint8, np.int64),
        (np.int64, np.int64),
        (np.float16, np.float64),
        (ml_dtypes.bfloat16, np.float64),
        (np.float32, np.float64),
        (np.float64, np.float64),
        (np.complex64, np.complex128),
        (np.complex128, np.complex128),
    ],
)
def test_the_result_has_the_widest_dtype_of_its_kind(given_dtype, expected):
    x, weight, bias = (np.ones(s).astype(given_dtype) for s in ((1, 2, 2), (2, 1, 2), (1,)))
    result = conv_transpose(x, weight, bias)
    same(result, np.array([[[3, 5, 3]]], expected))
    found = gradients(x, weight, bias, result)
    assert {found.x.dtype, found.weight.dtype, found.bias.dtype} == {np.dtype(expected)}
    assert magnitude(x, weight, bias).dtype == np.float64


def test_one_float_operand_makes_the_result_float():
    x, weight = np.ones((1, 1, 2), int), np.ones((1, 1, 1), int)
    same(conv_transpose(x, weight, [0.5]), np.array([[[1.5, 1.5]]]))
    assert gradients(x, weight, None, np.full((1, 1, 2), 0.5)).weight == 1.0


@pytest.mark.parametrize("size", [2**20, 2**26 + 1, 2**30 + 1])
def test_integers_are_exact_far_beyond_what_float64_holds(size):
    x = np.array([[[size, -size, 1]], [[3, size, -size]]])
    weight = np.array([[[size - 2, 1 - size], [size, 5]]])
    keywords = {"stride": (1,), "padding": ((0, 0),), "output_padding": (0,), "dilation": (1,), "groups": 1}
    values, _ = by_definition(np.array(x, object), np.array(weight, object), None, (2, 2, 4), keywords)
    same(conv_transpose(x, weight), values.astype(np.int64))
    for_x, for_weight = gradients_by_definition(
        x.astype(object), weight.astype(object), np.ones((2, 2, 4), object), **keywords
    )
    found = gradients(x, weight, None, np.ones((2, 2, 4), int))
    same(found.x, for_x.astype(np.int64))
    same(found.weight, for_weight.astype(np.int64))


@EVERY_RANK
def test_complex_results_consist_of_real_ones(rank):
    op = typical(rank)
    imaginary_x, imaginary_w = op.integers(op.x_shape, 8), op.integers(op.weight_shape, 9)
    result = conv_transpose(op.x + 1j * imaginary_x, op.weight + 1j * imaginary_w, **op.keywords)
    a, b = conv_transpose(op.x, op.weight, **op.keywords), conv_transpose(imaginary_x, imaginary_w, **op.keywords)
    c, d = conv_transpose(op.x, imaginary_w, **op.keywords), conv_transpose(imaginary_x, op.weight, **op.keywords)
    same(result, (a - b) + 1j * (c + d))


# Special values


SPECIAL = np.array([np.nan, np.inf, -np.inf, 0.0, 1.0, -2.0])


@quick
@given(operations(most=3))
def test_nan_and_inf_spread_to_exactly_the_elements_that_sum_them(op):
    rng = np.random.default_rng(op.seed)
    shapes = op.x_shape, op.weight_shape, (op.channels,), op.result_shape
    x, weight, bias, upstream = (rng.choice(SPECIAL, s, p=[0.05, 0.05, 0.05, 0.35, 0.25, 0.25]) for s in shapes)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = conv_transpose(x, weight, bias, **op.keywords)
        found = gradients(x, weight, bias, upstream, **op.keywords)
    values, _ = by_definition(x, weight, bias.tolist(), op.result_shape, op.keywords)
    np.testing.assert_equal(classes(result), classes(values))
    operands = [a.astype(object) for a in (x, weight, upstream)]
    for_x, for_weight = gradients_by_definition(*operands, **op.keywords)
    np.testing.assert_equal(classes(found.x), classes(for_x))
    np.testing.assert_equal(classes(found.weight), classes(for_weight))


def classes(a):
    """The values with every finite one replaced by 0."""
    a = np.asarray(a, np.float64)
    return np.where(np.isfinite(a), 0.0, a)


def test_what_is_cropped_away_does_not_spread():
    x = np.array([[[np.nan, 1.0, 2.0, np.inf]]])
    same(conv_transpose(x, [[[1.0, 1.0]]], padding=[(2, 2)]), np.array([[[3.0]]]))
    found = gradients([[[1.0, 2.0]]], [[[np.nan, 3.0]]], None, [[[5.0]]], padding=[(2, 0)])
    same(found.x, np.array([[[0.0, 15.0]]]))


# Arrays are left alone


def test_operands_are_not_changed_and_not_shared():
    x, weight = np.ones((1, 1, 3)), np.ones((1, 1, 1))
    result = conv_transpose(x, weight)
    found = gradients(x, weight, None, result)
    for array in (result, found.x, found.weight):
        array[...] = 7.0
    same(x, np.ones((1, 1, 3)))
    same(weight, np.ones((1, 1, 1)))


@EVERY_RANK
def test_operands_may_lie_anyhow_in_memory(rank):
    op = typical(rank)
    views = [np.asfortranarray(a)[..., ::-1] for a in (op.x, op.weight, op.upstream)]
    copies = [v.copy() for v in views]
    same(conv_transpose(*views[:2], **op.keywords), conv_transpose(*copies[:2], **op.keywords))
    found, expected = (gradients(v[0], v[1], None, v[2], **op.keywords) for v in (views, copies))
    same(found.x, expected.x)
    same(found.weight, expected.weight)


# Empty arrays and errors


def test_a_length_of_zero_is_an_empty_result():
    same(conv_transpose(np.ones((2, 1, 3)), np.ones((1, 4, 1)), [1.0] * 4, padding=[(1, 2)]), np.empty((2, 4, 0)))
    found = gradients(np.ones((2, 1, 3)), np.ones((1, 4, 1)), np.ones(4), np.empty((2, 4, 0)), padding=[(1, 2)])
    same(found.x, np.zeros((2, 1, 3)))
    same(found.weight, np.zeros((1, 4, 1)))
    same(found.bias, np.zeros(4))


def test_no_samples_give_no_samples_and_no_channels_give_the_bias():
    same(conv_transpose(np.empty((0, 2, 3)), np.ones((2, 1, 2))), np.empty((0, 1, 4)))
    same(gradients(np.empty((0, 2, 3)), np.ones((2, 1, 2)), None, np.empty((0, 1, 4))).weight, np.zeros((2, 1, 2)))
    same(conv_transpose(np.empty((1, 0, 2)), np.empty((0, 1, 1)), [3.0]), np.array([[[3.0, 3.0]]]))
    same(terms((1, 0, 2), (0, 1, 1), True), np.ones((1, 1, 2), np.int64))
    same(conv_transpose(np.ones((1, 1, 2)), np.empty((1, 0, 1))), np.empty((1, 0, 2)))


@pytest.mark.parametrize(
    ("x_shape", "weight_shape", "keywords", "message"),
    [
        ((2, 3), (3, 1), {}, "x has 2 axes and weight 2"),
        ((1, 3, 4), (3, 1, 2, 2), {}, "x has 3 axes and weight 4"),
        ((1, 3, 4), (2, 1, 2), {}, "weight has 2 input channels, but x has 3"),
        ((1, 3, 4), (3, 1, 2), {"groups": 2}, "groups = 2 must be at least 1 and divide the 3 channels of x"),
        ((1, 3, 4), (3, 1, 2), {"groups": 0}, "groups = 0 must be at least 1"),
        ((1, 3, 4), (3, 1, 2), {"groups": -1}, "groups = -1 must be at least 1"),
        ((1, 3, 0), (3, 1, 2), {}, r"x has spatial lengths \(0,\), but each must be at least 1"),
        ((1, 3, 4, 4), (3, 1, 2, 0), {}, r"weight has spatial lengths \(2, 0\), but each must be at least 1"),
        ((1, 3, 4), (3, 1, 2), {"stride": 0}, "stride = 0 must be .* of at least 1"),
        ((1, 3, 4, 4), (3, 1, 2, 2), {"stride": (2, -1)}, r"stride = \(2, -1\) must be .* of at least 1"),
        ((1, 3, 4, 4), (3, 1, 2, 2), {"stride": (2,)}, r"stride = \(2,\) must be .* each of 2 axes"),
        ((1, 3, 4), (3, 1, 2), {"dilation": 0}, "dilation = 0 must be .* of at least 1"),
        ((1, 3, 4), (3, 1, 2), {"dilation": (1, 1)}, r"dilation = \(1, 1\) must be .* each of 1 axes"),
        ((1, 3, 4), (3, 1, 2), {"output_padding": -1}, "output_padding = -1 must be .* of at least 0"),
        ((1, 3, 4), (3, 1, 2), {"padding": -1}, "padding = -1 must be .* of at least 0"),
        ((1, 3, 4), (3, 1, 2), {"padding": [(0, -1)]}, r"padding = \(0, -1\) must be .* of at least 0"),
        ((1, 3, 4), (3, 1, 2), {"padding": [(0, 1, 2)]}, r"padding = \(0, 1, 2\) must be"),
        ((1, 3, 4), (3, 1, 2), {"padding": (1, 2)}, r"padding = \(1, 2\) must be .* each of 1 axes"),
        ((1, 3, 4), (3, 1, 2), {"padding": 3}, "padding = 3 leaves an output length of -1 on spatial axis 0, below 0"),
        ((1, 3, 9, 4), (3, 1, 1, 2), {"padding": 3}, "padding = 3 leaves an output length of -1 on spatial axis 1"),
    ],
)
def test_wrong_arguments_raise_an_error_that_names_argument_value_and_bound(x_shape, weight_shape, keywords, message):
    x, weight, upstream = np.ones(x_shape), np.ones(weight_shape), np.ones((1, 1, 1))
    for call in (
        lambda: conv_transpose(x, weight, **keywords),
        lambda: output_shape(x_shape, weight_shape, **keywords),
        lambda: magnitude(x, weight, **keywords),
        lambda: terms(x_shape, weight_shape, False, **keywords),
        lambda: gradients(x, weight, None, upstream, **keywords),
    ):
        with pytest.raises(ValueError, match=message):
            call()


def test_a_bias_or_upstream_gradient_of_the_wrong_shape_raises_an_error():
    x, weight, upstream = np.ones((1, 2, 3)), np.ones((2, 2, 1)), np.ones((1, 2, 3))
    message = r"bias has shape \(3,\), but must have shape \(2,\)"
    with pytest.raises(ValueError, match=message):
        conv_transpose(x, weight, np.ones(3))
    with pytest.raises(ValueError, match=message):
        magnitude(x, weight, np.ones(3))
    with pytest.raises(ValueError, match=message):
        gradients(x, weight, np.ones(3), upstream)
    with pytest.raises(ValueError, match=r"bias has shape \(1,\)"):
        conv_transpose(x, weight, [1.0])  # would broadcast
    with pytest.raises(ValueError, match=r"upstream has shape \(1, 2, 1\), but must have shape \(1, 2, 3\)"):
        gradients(x, weight, None, upstream[..., :1])


@pytest.mark.parametrize("name", ["stride", "padding", "output_padding", "dilation"])
def test_a_fraction_is_not_rounded_to_an_integer(name):
    with pytest.raises(TypeError):
        output_shape((1, 1, 4), (1, 1, 2), **{name: 1.5})
