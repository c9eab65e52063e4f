"""How far a correct sum of products in floating point may lie from the exact one: a bound per element, from theory.

Source: N. J. Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., SIAM 2002.
- Chapter 2, model of arithmetic: storing y rounds it by at most u |y|; u is the unit roundoff, half the gap above 1.
- The same, with underflow: a product may err by eta more, half the smallest subnormal when underflow is gradual; a sum
  never does. Hardware that flushes subnormals to zero is outside this model.
- Section 3.1, lemma 3.1 and inequality 3.5: in whatever order, a sum of n products errs by at most gamma_n sum |x| |w|,
  where gamma_n = n u / (1 - n u).
So a result y with bias b, of which n terms were added, errs by at most

    gamma_n(u_acc) sum |x| |w|  +  u_store (|y| + |y - b|)  +  n eta

for the sum without the bias may be stored, and the bias added to it, in a precision lower than that of the sum.
No constant here is chosen. A relative tolerance would fail correct results under cancellation, and pass wrong ones
elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

# Per format: bits of the significand with the implicit one, and the exponent of the smallest normal number.
_FORMATS = {"float16": (11, -14), "bfloat16": (8, -126), "float32": (24, -126), "float64": (53, -1022)}
# Unit roundoff of what some devices round multiplicands to; nothing is stored in it.
_NARROW = {"tf32": 2.0**-11}
_INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")


@dataclass(frozen=True)
class Bound:
    """How far each element of a result may lie from the exact value.

    total: accumulation + storage.
    accumulation: from adding the terms, with underflow, and with the same for the reference's own sum in float64.
    storage: from rounding the sum, and its sum with the bias, to the stored dtype.
    bounded: False where the theory bounds nothing, since n u >= 1/2, or since a number may overflow on the way, or
    since the exact value is not finite; `total` and `accumulation` are infinite there.
    """

    total: NDArray[np.float64]
    accumulation: NDArray[np.float64]
    storage: NDArray[np.float64]
    bounded: NDArray[np.bool_]


def unit_roundoff(dtype: str) -> float:
    """Return the largest relative error of rounding a real number to `dtype`: half the gap above 1."""
    return 2.0 ** -_format(dtype)[0]


def smallest_subnormal(dtype: str) -> float:
    """Return the smallest positive number of `dtype`; eta is half of it, which in float64 is not representable."""
    digits, exponent = _format(dtype)
    return 2.0 ** (exponent - digits + 1)


def smallest_normal(dtype: str) -> float:
    """Return the smallest positive number of `dtype` with a full significand."""
    return 2.0 ** _format(dtype)[1]


def largest(dtype: str) -> float:
    """Return the largest finite number of `dtype`."""
    digits, exponent = _format(dtype)
    return (2.0 - 2.0 ** (1 - digits)) * 2.0 ** (1 - exponent)


def exact_limit(dtype: str) -> int:
    """Return the largest sum of |terms| with which every sum of integers in `dtype` is exact, in whatever order.

    For 64-bit integers it is 2**62: the sum of |terms| is itself a float64, which cannot tell 2**63 - 1 from 2**63.
    """
    if dtype in _INTEGERS:
        return min(int(np.iinfo(dtype).max), 2**62)
    return 1 << _format(dtype)[0]


def forward_bound(
    exact: ArrayLike,
    magnitude: ArrayLike,
    terms: ArrayLike,
    bias: ArrayLike | None,
    dtype: str,
    accumulator: str | None = None,
    multiplicands: str | None = None,
) -> Bound:
    """Return the bound for a sum of products stored in `dtype`; it serves gradients too, with their own sums.

    exact: the reference's result, of float64 or integers.
    magnitude, terms, bias: sum |x| |w| + |b|, the number of terms, and b, each broadcastable to the shape of `exact`;
        a bias of None is 0.
    accumulator: the dtype in which the terms are added, where a document promises a wider one than `dtype`.
    multiplicands: the format to which x and w are rounded before they are multiplied, where a document allows one that
        is narrower than `dtype`; each product then errs by 2 u + u^2 of itself.
    """
    y = np.asarray(exact, np.float64)
    size, n = np.asarray(magnitude, np.float64), np.asarray(terms, np.float64)
    b = np.asarray(0.0 if bias is None else bias, np.float64)
    accumulator = accumulator or dtype
    u = unit_roundoff(dtype)
    known = n * unit_roundoff(accumulator) < 0.5
    with np.errstate(invalid="ignore", over="ignore"):
        ours, gamma_ours = _sum_error(size, n, "float64", smallest_subnormal("float64"))
        # The magnitude is a float64 sum too: the true one may be larger by gamma_n of float64.
        theirs, _ = _sum_error(size / (1 - gamma_ours), n, accumulator, smallest_subnormal(dtype))
        if multiplicands is not None:
            narrow = _NARROW[multiplicands]
            theirs = theirs + (2 * narrow + narrow * narrow) * (size / (1 - gamma_ours) + theirs)
        # Where the sum is wider than what is stored, its error is carried through up to two more roundings.
        accumulation = ours + theirs * (1.0 if accumulator == dtype else (1 + u) ** 2)
        storage = u * np.abs(y) + u * np.abs(y - b)
        total = accumulation + storage
        bounded = known & (size + total <= largest(dtype))  # False for nan, too
    shape = np.broadcast_shapes(y.shape, bounded.shape)
    bounded = np.broadcast_to(bounded, shape)
    return Bound(np.where(bounded, total, np.inf), np.where(bounded, accumulation, np.inf), storage, bounded)


def exceeds(actual: ArrayLike, exact: ArrayLike, bound: Bound) -> NDArray[np.bool_]:
    """Return where a bounded element of `actual` lies further from `exact` than the bound allows; nan always does."""
    return np.asarray(bound.bounded & ~(_error(actual, exact) <= bound.total))


def margin(actual: ArrayLike, exact: ArrayLike, bound: Bound) -> float:
    """Return the largest share of the accumulation bound that is used up; above 1 the bound is exceeded.

    What storing may account for is taken off each error first. 0.0 where no element is bounded; inf for a nan, and for
    an error where none is possible.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        excess = np.maximum(0.0, np.nan_to_num(_error(actual, exact) - bound.storage, nan=np.inf))
        share = np.where(excess == 0, 0.0, excess / bound.accumulation)
    return float(np.max(share, where=bound.bounded, initial=0.0))


def _sum_error(
    size: NDArray[Any], n: NDArray[Any], accumulator: str, subnormal: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the error bound of a sum of n products in `accumulator`, and gamma_n, infinite where n u >= 1/2."""
    nu = n * unit_roundoff(accumulator)
    gamma = np.where(nu < 0.5, nu / (1 - np.minimum(nu, 0.5)), np.inf)
    # An underflow is carried through the additions that follow it. Halved last: in float64 eta is 0.
    return gamma * size + n * subnormal * (1 + gamma) / 2, gamma


def _error(actual: ArrayLike, exact: ArrayLike) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(np.abs(np.asarray(actual, np.float64) - np.asarray(exact, np.float64)))


def _format(dtype: str) -> tuple[int, int]:
    if dtype not in _FORMATS:
        raise ValueError(f"dtype = {dtype!r} must be one of {', '.join(_FORMATS)}")
    return _FORMATS[dtype]
