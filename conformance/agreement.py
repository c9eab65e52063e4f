"""Is what came back what is documented? Shape, dtype and every element, without any tolerance chosen by hand."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.expected import ExpectedValue
from reference import rounding
from reports.record import Difference


@dataclass(frozen=True)
class Agreement:
    """How a returned array stands to the documented one.

    `values` is None where shapes differ. `empty` says that there was no element to compare. `margin` is the largest
    share of the accumulation bound that was used up; None where values were compared as equal numbers.
    """

    shape: bool
    dtype: bool
    values: bool | None
    empty: bool
    difference: Difference | None = None
    margin: float | None = None
    first: int = 0

    @property
    def whole(self) -> bool:
        """Everything agrees."""
        return self.shape and self.dtype and bool(self.values)


def agreement(actual: NDArray[Any], expected: ExpectedValue, kind: str) -> Agreement:
    """Hold an output against the documented result: data of kind `normal` by the bound, others as numbers."""
    result = expected.result
    dtype = actual.dtype.name == expected.dtype
    if actual.shape != result.value.shape:
        return Agreement(False, dtype, None, empty=False)
    if actual.size == 0:
        return Agreement(True, dtype, True, empty=True)
    if actual.dtype.kind not in "fiub" and actual.dtype.name != "bfloat16":
        return Agreement(True, dtype, False, empty=False)
    exact = kind != "normal" and float(np.max(result.magnitude)) <= rounding.exact_limit(expected.dtype)
    if exact:
        return _report(actual, result.value, actual != result.value, dtype, None)
    bound = rounding.forward_bound(result.value, result.magnitude, result.terms, result.addend, expected.dtype)
    wrong = np.broadcast_to(rounding.exceeds(actual, result.value, bound), actual.shape)
    return _report(actual, result.value, wrong, dtype, rounding.margin(actual, result.value, bound))


def _report(
    actual: NDArray[Any], expected: NDArray[Any], wrong: NDArray[Any], dtype: bool, margin: float | None
) -> Agreement:
    flat = np.flatnonzero(wrong)
    if margin is not None and not math.isfinite(margin):
        margin = None
    if flat.size == 0:
        return Agreement(True, dtype, True, empty=actual.size == 0, margin=margin)
    first = int(flat[0])
    at = tuple(int(index) for index in np.unravel_index(first, actual.shape))
    with np.errstate(invalid="ignore", over="ignore"):
        errors = np.abs(actual.astype(np.float64) - expected.astype(np.float64))
    largest = float(np.nanmax(errors)) if np.any(~np.isnan(errors)) else math.nan
    difference = Difference(
        index=list(at),
        expected=number(expected[at]),
        actual=number(actual[at]),
        differing=int(flat.size),
        of=actual.size,
        largest=number(largest),
    )
    return Agreement(True, dtype, False, empty=False, difference=difference, margin=margin, first=first)


def number(value: Any) -> str:
    """A number as a text that reads back to the same number."""
    whole = float(value)
    return str(int(whole)) if math.isfinite(whole) and whole == int(whole) and abs(whole) < 2**53 else repr(whole)
