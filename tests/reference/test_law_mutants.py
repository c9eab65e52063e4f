"""Every small mistake in the law is caught: mutants of its source, held against a compact battery of proofs."""

import warnings
from itertools import product

import numpy as np
import pytest

from reference.conv_transpose import law
from tests.reference.geometries import Operation
from tests.reference.mutation import mutants
from tests.reference.zero_insertion import by_zero_insertion, element, gradients_by_definition

SPEED = "chooses the slower of two products that are equal there"
EQUIVALENT = {
    "magnitude: sizes = [None if a is None else np.abs(a - 0.0) for a in _widen(x, weight, bias)]": "a - 0 is a + 0",
    "conv_transpose: result += bias.reshape(shape[1], *[1] * len(kernel))": "x and weight have equally many axes",
    "_matmul: if a.dtype.kind == 'i' and a.shape[-1] * _largest(a) * _largest(b) < 2 ** 53:": SPEED,
    "_matmul: if a.dtype.kind == '' and a.shape[-1] * _largest(a) * _largest(b) <= 2 ** 53:": SPEED,
    "_matmul: if a.dtype.kind == 'i' and a.shape[-1] * _largest(a) * _largest(b) <= 2 * 53:": SPEED,
    "_largest: return max(-int(a.min(initial=0)), int(a.max(initial=1)))": SPEED,
    "_largest: return max(-int(a.min(initial=1)), int(a.max(initial=0)))": SPEED,
}


def operations():
    """Fixed operations in 1 to 3 dimensions, no two of whose arguments agree by accident everywhere."""
    rng = np.random.default_rng(5)
    for number, rank in product(range(4), (1, 2, 3)):
        size, kernel = rng.integers(1, 5 - (rank > 2), rank), rng.integers(1, 4, rank)
        stride, dilation, extra = (rng.integers(1, 4, rank), rng.integers(1, 4, rank), rng.integers(0, 3, rank))
        full = (size - 1) * stride + (kernel - 1) * dilation + 1 + extra
        begin = np.minimum(rng.integers(0, 4, rank), full - 1)
        end = np.minimum(rng.integers(0, 4, rank), full - 1 - begin)
        groups = number % 3 + 1
        per_in, per_out = int(rng.integers(1, 4)), int(rng.integers(1, 3))
        keywords = {
            "stride": tuple(stride.tolist()),
            "padding": tuple(zip(begin.tolist(), end.tolist(), strict=True)),
            "output_padding": tuple(extra.tolist()),
            "dilation": tuple(dilation.tolist()),
            "groups": groups,
        }
        x_shape, weight_shape = (2, groups * per_in, *size.tolist()), (groups * per_in, per_out, *kernel.tolist())
        yield Operation(x_shape, weight_shape, keywords, number)


def count(op):
    x, weight = np.ones(op.x_shape, int), np.ones(op.weight_shape, int)
    pairs = [element(x, weight, [1] * op.channels, where, **op.keywords) for where in np.ndindex(op.result_shape)]
    return np.array([n for _, n in pairs]).reshape(op.result_shape)


CASES = [
    (
        op,
        by_zero_insertion(op.x, op.weight, **op.keywords),
        by_zero_insertion(abs(op.x), abs(op.weight), **op.keywords),
        count(op),
        [g.astype(np.int64) for g in gradients_by_definition(op.x, op.weight, op.upstream, **op.keywords)],
    )
    for op in operations()
]
PLAIN = {"stride": (1,), "padding": ((0, 0),), "output_padding": (0,), "dilation": (1,), "groups": 1}


def same(actual, expected):
    np.testing.assert_array_equal(actual, expected, strict=True)


def prove_values(module):
    for op, value, size, _, _ in CASES:
        along_channels = (-1, *[1] * op.rank)
        same(module.conv_transpose(op.x, op.weight, **op.keywords), value)
        biased = module.conv_transpose(op.x, op.weight, op.bias, **op.keywords)
        same(biased, value + op.bias.reshape(along_channels))
        same(
            module.conv_transpose(op.x * 0.5, op.weight, op.bias, **op.keywords) * 2,
            biased + op.bias.reshape(along_channels) * 1.0,
        )
        assert module.output_shape(op.x_shape, op.weight_shape, **op.keywords) == op.result_shape
        same(
            module.magnitude(op.x, op.weight, op.bias, **op.keywords), size + abs(op.bias.reshape(along_channels)) * 1.0
        )


def prove_terms(module):
    for op, _, _, counts, _ in CASES:
        same(module.terms(op.x_shape, op.weight_shape, True, **op.keywords), counts)
        same(module.terms(op.x_shape, op.weight_shape, False, **op.keywords), counts - 1)


def prove_gradients(module):
    for op, _, _, _, (for_x, for_weight) in CASES:
        for bias in (op.bias, None):
            found = module.gradients(op.x, op.weight, bias, op.upstream, **op.keywords)
            same(found.x, for_x)
            same(found.weight, for_weight)
            if bias is None:
                assert found.bias is None
            else:
                same(found.bias, op.upstream.sum(axis=(0, *range(2, op.rank + 2))))


def prove_defaults(module):
    x, weight, upstream = np.arange(6).reshape(1, 2, 3), np.arange(1, 5).reshape(2, 1, 2), np.arange(4).reshape(1, 1, 4)
    same(module.conv_transpose(x, weight), by_zero_insertion(x, weight, **PLAIN))
    same(
        module.conv_transpose(x, weight, stride=2, padding=1), module.conv_transpose(x, weight, stride=[2], padding=[1])
    )
    assert module.output_shape(x.shape, weight.shape) == (1, 1, 4)
    same(module.terms(x.shape, weight.shape, False), np.array([[[2, 4, 4, 2]]]))
    same(
        module.gradients(x, weight, None, upstream).x,
        gradients_by_definition(x, weight, upstream, **PLAIN)[0].astype(int),
    )


def prove_large_integers(module):
    """Sums on both sides of 2**53, positive and negative, which only a sum in integers gets right."""
    for x, weight in (
        ([[[2**53 + 1, 1]]], [[[1]]]),
        ([[[-(2**53) - 1, -1]]], [[[1]]]),
        ([[[1, 1]]], [[[2**53 + 1]]]),
        ([[[1, 1]]], [[[-(2**53) - 1]]]),
        ([[[2**27 + 1]]], [[[2**27 + 1, 1]]]),
        ([[[1], [1], [2**52 - 1]]], [[[2**52]], [[2**52]], [[3]]]),
        ([[[1], [2], [1]]], [[[2**52]], [[2**51]], [[1]]]),
        ([[[2**26], [2**26], [2**26], [1]]], [[[2**26]], [[2**26]], [[2**26]], [[1]]]),
        ([[[2**53 - 1], [3], [-1]]], [[[1]], [[1]], [[1]]]),
    ):
        x, weight = np.array(x), np.array(weight)
        shape = (1, 1, x.shape[2] + weight.shape[2] - 1)
        values = [
            element(x.astype(object), weight.astype(object), None, where, **PLAIN)[0] for where in np.ndindex(shape)
        ]
        same(module.conv_transpose(x, weight), np.array(values).reshape(shape))


def prove_special_values(module):
    inf, nan = np.inf, np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        same(module.conv_transpose([[[nan, 1.0, inf]]], [[[1.0, 0.0]]]), np.array([[[nan, nan, inf, nan]]]))
        same(module.conv_transpose([[[inf, 1.0]]], [[[1.0, -inf]]]), np.array([[[inf, -inf, -inf]]]))
        same(module.conv_transpose([[[inf, inf]]], [[[1.0, -1.0]]]), np.array([[[inf, nan, -inf]]]))
        same(module.conv_transpose([[[1e308, 1e308]]], [[[10.0, 1.0]]]), np.array([[[inf, inf, 1e308]]]))
        same(module.conv_transpose([[[1e308, 1e308]]], [[[1.0, 1.0]]]), np.array([[[1e308, inf, 1e308]]]))
        same(module.conv_transpose([[[inf]]], [[[1.0]]], [-inf]), np.array([[[nan]]]))
        same(module.conv_transpose([[[1.0, nan]]], [[[2.0]]], padding=[(0, 1)]), np.array([[[2.0]]]))
        found = module.gradients([[[1.0, 1.0]]], [[[1.0, 1.0]]], [0.0], [[[inf, -inf, 1e308]]])
        same(found.x, np.array([[[nan, -inf]]]))
        same(found.weight, np.array([[[nan, -inf]]]))
        same(found.bias, np.array([nan]))
        found = module.gradients([[[1.0, 1.0]]], [[[1.0, 1.0]]], [0.0], [[[1e308, 1e308, 1e308]]])
        same(found.x, np.array([[[inf, inf]]]))
        same(module.gradients([[[1.0]], [[1.0]]], [[[1.0]]], [0.0], [[[inf]], [[-inf]]]).weight, np.array([[[nan]]]))


def prove_dtypes(module):
    x, weight = np.array([[[1, 2]]]), np.array([[[1, 1]]])
    for dtype, wide in ((bool, int), (np.int8, int), (np.uint8, int), (np.float32, float), (np.complex64, complex)):
        expected = np.array([[[2, 3, 2]]]) if dtype is bool else np.array([[[2, 4, 3]]])
        same(module.conv_transpose(x.astype(dtype), weight.astype(dtype), [True]), expected.astype(wide))
    same(module.conv_transpose(x.astype(np.uint8), weight, [False]), np.array([[[1, 3, 2]]]))
    same(module.magnitude(x * 3j, weight * 4), np.array([[[12.0, 36.0, 24.0]]]))
    same(module.magnitude(np.full((1, 1, 1), -(2**63)), [[[1]]]), np.array([[[2.0**63]]]))


def prove_edges(module):
    same(
        module.conv_transpose(np.ones((2, 1, 3)), np.ones((1, 2, 1)), [1.0, 2.0], padding=[(1, 2)]), np.empty((2, 2, 0))
    )
    same(module.conv_transpose(np.ones((0, 2, 3), int), np.ones((2, 1, 2), int)), np.empty((0, 1, 4), int))
    same(module.conv_transpose(np.ones((1, 0, 2), int), np.ones((0, 1, 1), int), [3]), np.array([[[3, 3]]]))
    lone = module.conv_transpose([[[1]]], [[[3, 4, 5]]], stride=3, dilation=2, padding=[(2, 0)])
    same(lone, np.array([[[4, 0, 5]]]))
    # The first tap reaches nothing.
    found = module.gradients([[[1.0]]], [[[1.0, 2.0]]], None, [[[1.0]]], padding=[(1, 0)])
    same(found.weight, np.array([[[0.0, 1.0]]]))


def prove_errors(module):
    for x_shape, weight_shape, keywords, message in (
        ((2, 3), (3, 1), {}, "x has 2 axes and weight 2, "),
        ((1, 3, 4), (3, 1, 2, 2), {}, "x has 3 axes and weight 4, "),
        ((1, 3, 4), (2, 1, 2), {}, "weight has 2 input channels, but x has 3"),
        ((1, 3, 4), (3, 1, 2), {"groups": 2}, "groups = 2 must"),
        ((1, 3, 4), (3, 1, 2), {"groups": 0}, "groups = 0 must"),
        ((1, 3, 4), (3, 1, 2), {"groups": -1}, "groups = -1 must"),
        ((1, 3, 0), (3, 1, 2), {}, "x has spatial lengths"),
        ((1, 3, 4, 4), (3, 1, 2, 0), {}, "weight has spatial lengths"),
        ((1, 3, 4, 4), (3, 1, 2, 2), {"stride": (2, 0)}, r"stride = \(2, 0\) must .* 2 axes, of at least 1"),
        ((1, 3, 4, 4), (3, 1, 2, 2), {"stride": (2,)}, r"stride = \(2,\) must"),
        ((1, 3, 4), (3, 1, 2), {"dilation": 0}, "dilation = 0 must .* of at least 1"),
        ((1, 3, 4), (3, 1, 2), {"output_padding": -1}, "output_padding = -1 must .* of at least 0"),
        ((1, 3, 4), (3, 1, 2), {"padding": -1}, "padding = -1 must .* of at least 0"),
        ((1, 3, 4), (3, 1, 2), {"padding": [(0, 1, 2)]}, r"padding = \(0, 1, 2\) must"),
        ((1, 3, 4), (3, 1, 2), {"padding": (1, 2)}, r"padding = \(1, 2\) must"),
        ((1, 3, 9, 4), (3, 1, 1, 2), {"padding": 3}, "output length of -1 on spatial axis 1, below 0"),
    ):
        with pytest.raises(ValueError, match=message):
            module.output_shape(x_shape, weight_shape, **keywords)
    x, weight = np.ones((1, 2, 3)), np.ones((2, 2, 1))
    for bias in (np.ones(3), np.ones(1), np.ones((2, 1))):
        with pytest.raises(ValueError, match="bias has shape"):
            module.conv_transpose(x, weight, bias)
        with pytest.raises(ValueError, match="bias has shape"):
            module.gradients(x, weight, bias, x)
    with pytest.raises(ValueError, match="upstream has shape"):
        module.gradients(x, weight, None, x[..., :1])


BATTERY = [value for name, value in list(globals().items()) if name.startswith("prove_")]


def killer(module):
    """Name of the first proof that fails on the module, or None."""
    for proof in BATTERY:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a wrong law may well do what NumPy warns of
                proof(module)
        except (Exception, pytest.fail.Exception):
            return proof.__name__
    return None


def test_the_law_itself_passes_the_battery():
    for proof in BATTERY:
        proof(law)


def test_every_mutant_of_the_law_is_killed():
    fates = {description: killer(mutant) for description, mutant in mutants(law)}
    survivors = [description for description, fate in fates.items() if fate is None]
    assert [s for s in survivors if s not in EQUIVALENT] == []
    assert [e for e in EQUIVALENT if e not in survivors] == [], "listed as equivalent, but killed or no longer made"
    assert len(fates) - len(survivors) >= 200
    assert set(fates.values()) >= {proof.__name__ for proof in BATTERY}, (
        "a proof that kills nothing first is not needed"
    )
