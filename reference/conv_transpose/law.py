"""The mathematics of transposed convolution: arrays in, array out, for any number of spatial axes, NumPy only.

Each input element adds its weighted kernel to the output (Dumoulin & Visin, "A guide to convolution arithmetic for
deep learning", 2016, chapter 4). On every spatial axis, element `i` meets kernel tap `k` at output position

    i * stride + k * dilation - begin

Nothing is flipped and no zero is inserted. `begin` and `end` (the padding) crop the full result; `output_padding`
lengthens it at its end, and what falls there is kept; a position that nothing reaches holds the bias alone.

Arguments and shapes, the same for all functions here (S, K and O are one or more spatial axes):
    x (N, C_in, *S), weight (C_in, C_out / groups, *K), bias (C_out,) or None, result (N, C_out, *O)
    stride, dilation, output_padding: an int, or one int per axis
    padding: an int, one int per axis, or one (begin, end) pair per axis
The result is int64 for integers and booleans, complex128 where an argument is complex, float64 otherwise.
A `ValueError` names the argument, its value and its bound. An output length of 0 is allowed, one below 0 is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import prod
from operator import index
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypedDict, Unpack

    from numpy.typing import NDArray

    Array = Any  # an array, or what np.asarray makes one from
    Shape = Sequence[int]
    Ints = int | Sequence[int]
    Pads = int | Sequence[int | Sequence[int]]
    Tap = tuple[int, slice, slice]  # (k, the inputs i whose k-th tap lies within the result, where it lies)

    class Geometry(TypedDict, total=False):
        """The keywords of `conv_transpose`, with the same defaults in `_plan`."""

        stride: Ints
        padding: Pads
        output_padding: Ints
        dilation: Ints
        groups: int


@dataclass(frozen=True)
class Gradients:
    """Gradients of a scalar with respect to the three operands, each of its operand's shape; `bias` None if none."""

    x: NDArray[Any]
    weight: NDArray[Any]
    bias: NDArray[Any] | None


def conv_transpose(
    x: Array,
    weight: Array,
    bias: Array = None,
    *,
    stride: Ints = 1,
    padding: Pads = 0,
    output_padding: Ints = 0,
    dilation: Ints = 1,
    groups: int = 1,
) -> NDArray[Any]:
    """Return the transposed convolution of `x` with `weight`, plus `bias` per output channel."""
    x, weight, bias = _widen(x, weight, bias)
    shape, axes = _plan(x.shape, weight.shape, stride, padding, output_padding, dilation, groups)
    _check_shape("bias", bias, shape[1:2])
    (n, c_in, *size), (_, c_out, *kernel) = x.shape, weight.shape
    w = weight.reshape(groups, c_in // groups, c_out * prod(kernel)).swapaxes(1, 2)
    products = _matmul(w, x.reshape(n, groups, c_in // groups, prod(size)))
    products = products.reshape(n, groups * c_out, *kernel, *size)  # [n, c_out, *k, *i], summed over input channels
    result = np.zeros(shape, x.dtype)
    with np.errstate(invalid="ignore", over="ignore"):  # inf - inf is nan: an answer, not an accident
        for k, inputs, outputs in _taps(axes):
            result[(..., *outputs)] += products[(slice(None), slice(None), *k, *inputs)]
        if bias is not None:
            result += bias.reshape(shape[1], *[1] * len(size))
    return result


def output_shape(x_shape: Shape, weight_shape: Shape, **geometry: Unpack[Geometry]) -> tuple[int, ...]:
    """Return the result's shape: (S - 1) * stride + (K - 1) * dilation + 1 - begin - end + output_padding per axis."""
    return _plan(x_shape, weight_shape, **geometry)[0]


def magnitude(x: Array, weight: Array, bias: Array = None, **geometry: Unpack[Geometry]) -> NDArray[np.float64]:
    """Return the sum of |x| |w|, plus |bias|, of each output element in float64: what rounding errors scale with."""
    sizes = [None if a is None else np.abs(a + 0.0) for a in _widen(x, weight, bias)]  # + 0.0: int to float
    return conv_transpose(*sizes, **geometry)


def terms(x_shape: Shape, weight_shape: Shape, has_bias: bool, **geometry: Unpack[Geometry]) -> NDArray[np.int64]:
    """Return how many terms each output element sums: its products, and one for a bias (a read-only broadcast)."""
    shape, axes = _plan(x_shape, weight_shape, **geometry)
    count = np.full((), weight_shape[0] // geometry.get("groups", 1))
    for length, taps in zip(shape[2:], axes, strict=True):
        reached = np.zeros(length, np.int64)
        for _, _, outputs in taps:
            reached[outputs] += 1
        count = count[..., None] * reached
    return np.broadcast_to(count + has_bias, shape)


def gradients(x: Array, weight: Array, bias: Array, upstream: Array, **geometry: Unpack[Geometry]) -> Gradients:
    """Return the gradients of sum(upstream * result), where `upstream` has the result's shape.

    Absolute values of all four operands give the magnitude of each gradient, ones of their shapes its number of terms.
    Nothing is conjugated: for complex operands PyTorch's convention is that of conjugated `x` and `weight`.
    """
    x, weight, bias, upstream = _widen(x, weight, bias, upstream)
    shape, axes = _plan(x.shape, weight.shape, **geometry)
    _check_shape("bias", bias, shape[1:2])
    _check_shape("upstream", upstream, shape)
    g = geometry.get("groups", 1)
    n, c_in, c_out = shape[0], x.shape[1] // g, weight.shape[1]  # the channels of one group
    grad_x, grad_weight = np.zeros_like(x), np.zeros_like(weight)
    with np.errstate(invalid="ignore", over="ignore"):
        for k, inputs, outputs in _taps(axes):
            x_part, up_part = x[(..., *inputs)], upstream[(..., *outputs)]  # elements that this tap joins, in pairs
            pairs = x_part.shape[2:]
            w = weight[(..., *k)].reshape(g, c_in, c_out)
            up = up_part.reshape(n, g, c_out, prod(pairs))
            grad_x[(..., *inputs)] += _matmul(w, up).reshape(x_part.shape)
            per_sample = _matmul(x_part.reshape(n, g, c_in, prod(pairs)), up.swapaxes(2, 3))
            grad_weight[(..., *k)] = per_sample.sum(0).reshape(g * c_in, c_out)
        grad_bias = None if bias is None else upstream.sum((0, *range(2, upstream.ndim)))
    return Gradients(grad_x, grad_weight, grad_bias)


def _plan(
    x_shape: Shape,
    weight_shape: Shape,
    stride: Ints = 1,
    padding: Pads = 0,
    output_padding: Ints = 0,
    dilation: Ints = 1,
    groups: int = 1,
) -> tuple[tuple[int, ...], list[list[Tap]]]:
    """Return the result's shape and, per spatial axis, the taps that reach it, or raise ValueError."""
    rank = len(x_shape) - 2
    if rank < 1 or len(weight_shape) != len(x_shape):
        raise ValueError(
            f"x has {len(x_shape)} axes and weight {len(weight_shape)}, but both need 2 + the spatial axes"
        )
    if groups < 1 or x_shape[1] % groups:
        raise ValueError(f"groups = {groups} must be at least 1 and divide the {x_shape[1]} channels of x")
    if weight_shape[0] != x_shape[1]:
        raise ValueError(f"weight has {weight_shape[0]} input channels, but x has {x_shape[1]}")
    for name, sizes in ("x", x_shape[2:]), ("weight", weight_shape[2:]):
        if min(sizes) < 1:
            raise ValueError(f"{name} has spatial lengths {sizes}, but each must be at least 1")
    strides, dilations = _per_axis("stride", stride, rank, 1), _per_axis("dilation", dilation, rank, 1)
    extras, pads = _per_axis("output_padding", output_padding, rank, 0), _pairs(padding, rank)
    shape, axes = [x_shape[0], weight_shape[1] * groups], []
    for axis, (s, d, extra, (begin, end)) in enumerate(zip(strides, dilations, extras, pads, strict=True)):
        size, kernel = x_shape[2 + axis], weight_shape[2 + axis]
        length = (size - 1) * s + (kernel - 1) * d + 1 - begin - end + extra
        if length < 0:
            raise ValueError(f"padding = {padding} leaves an output length of {length} on spatial axis {axis}, below 0")
        shape.append(length)
        axes.append(list(_axis_taps(size, kernel, s, d, begin, length)))
    return tuple(shape), axes


def _axis_taps(size: int, kernel: int, stride: int, dilation: int, begin: int, length: int) -> Iterator[Tap]:
    """Yield each tap k with the inputs i for which 0 <= i * stride + k * dilation - begin < length."""
    for k in range(kernel):
        offset = k * dilation - begin
        first = max(0, -(offset // stride))  # the smallest i that lands at 0 or later: -offset / stride, rounded up
        stop = min(size, (length - 1 - offset) // stride + 1)
        if first < stop:
            yield k, slice(first, stop), slice(first * stride + offset, (stop - 1) * stride + offset + 1, stride)


def _taps(axes: list[list[Tap]]) -> Iterator[Any]:
    """Yield (k, inputs, outputs) of every kernel tap, each a tuple with one entry per spatial axis."""
    return (zip(*taps, strict=True) for taps in product(*axes))


def _matmul(a: NDArray[Any], b: NDArray[Any]) -> NDArray[Any]:
    """Return a @ b. Integers go through float64 where that is exact: NumPy's integer product is 50 times slower."""
    if a.dtype.kind == "i" and a.shape[-1] * _largest(a) * _largest(b) <= 2**53:
        return (a.astype(np.float64) @ b.astype(np.float64)).astype(np.int64)
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(a @ b)


def _largest(a: NDArray[Any]) -> int:
    return max(-int(a.min(initial=0)), int(a.max(initial=0)))


def _widen(*arrays: Array) -> list[Any]:
    """Return the arrays, None apart, in the one dtype in which the law computes."""
    given = [None if a is None else np.asarray(a) for a in arrays]
    kinds = {a.dtype.kind for a in given if a is not None}
    dtype = np.complex128 if "c" in kinds else np.int64 if kinds <= {*"biu"} else np.float64
    return [None if a is None else a.astype(dtype, copy=False) for a in given]


def _per_axis(name: str, value: Any, rank: int, least: int) -> tuple[int, ...]:
    values = (index(value),) * rank if hasattr(value, "__index__") else tuple(map(index, value))
    if len(values) != rank or min(values) < least:
        raise ValueError(f"{name} = {value} must be one integer, or one for each of {rank} axes, of at least {least}")
    return values


def _pairs(padding: Any, rank: int) -> tuple[tuple[int, ...], ...]:
    sides = (padding,) * rank if hasattr(padding, "__index__") else tuple(padding)
    if len(sides) != rank:
        raise ValueError(f"padding = {padding} must be one integer, or one integer or pair for each of {rank} axes")
    return tuple(_per_axis("padding", side, 2, 0) for side in sides)


def _check_shape(name: str, array: Array, expected: tuple[int, ...]) -> None:
    if array is not None and array.shape != expected:
        raise ValueError(f"{name} has shape {array.shape}, but must have shape {expected}")
