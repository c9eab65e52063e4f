"""Is what came back what is documented? Shape, dtype and every element, without any tolerance chosen by hand."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cases.data import FLOATS
from conformance.expected import OUTPUT, ExpectedArray
from reference import rounding
from reference.documented import Result
from reports.record import Difference


@dataclass(frozen=True)
class Agreement:
    """How a returned array stands to the documented one.

    `values` is None where shapes differ. `compared` is how many elements could be compared: none of an empty array, and
    none for which theory gives no bound. `margin` is the largest share of the accumulation bound that was used up; None
    where values were compared as equal numbers.
    """

    shape: bool
    dtype: bool
    values: bool | None
    compared: int
    difference: Difference | None = None
    margin: float | None = None
    first: int = 0

    @property
    def whole(self) -> bool:
        """Everything agrees."""
        return self.shape and self.dtype and bool(self.values)


def agreement(
    actual: NDArray[Any], expected: ExpectedArray, kind: str, *, name: str = OUTPUT, multiplicands: str | None = None
) -> Agreement:
    """Hold an output against the documented result.

    Whole numbers whose sums are exact in the stored type are compared as numbers, all others by their bound, and what
    is not finite by its class. `multiplicands` is the format to which the case's settings allow factors to be rounded.
    """
    result, dtype = expected.result, actual.dtype.name == expected.dtype
    if actual.shape != result.value.shape:
        return Agreement(False, dtype, None, 0)
    if actual.size == 0:
        return Agreement(True, dtype, True, 0)
    plain = PARTS.get(expected.dtype, expected.dtype)
    kinds = "fiub" if plain == expected.dtype else "fiubc"
    if actual.dtype.kind not in kinds and actual.dtype.name != "bfloat16":
        return Agreement(True, dtype, False, actual.size)
    exact = _exact(result, plain, kind)
    wrong = exact & (actual != result.value)
    if np.all(exact):
        return _report(name, actual, result.value, wrong, dtype, None, actual.size)
    margin, compared = 0.0, exact
    if plain in FLOATS:
        for ours, theirs, bound in _bounds(actual, result, expected.dtype, plain, kind, multiplicands):
            judged = bound.bounded & ~exact
            wrong = wrong | (judged & rounding.exceeds(ours, theirs, bound))
            margin = max(margin, rounding.margin(ours, theirs, _only(bound, judged)))
            compared = compared | judged
        if kind == "special":
            classed = ~np.isfinite(result.value)
            wrong = wrong | (classed & (_class(actual) != _class(result.value)))
            compared = compared | classed
    return _report(name, actual, result.value, wrong, dtype, margin, int(np.count_nonzero(compared)))


def allowance(expected: ExpectedArray, kind: str, *, multiplicands: str | None = None) -> NDArray[np.float64]:
    """How far an element may lie from `expected.array`: 0 where it is exact, infinitely far where nothing is known.

    For who has only the rounded array, as a script has: its own rounding is added. Of complex numbers, the distance.
    """
    result, plain = expected.result, PARTS.get(expected.dtype, expected.dtype)
    exact = _exact(result, plain, kind) | ~np.isfinite(result.value)
    if plain not in FLOATS:
        return np.where(exact, 0.0, np.inf)
    total = np.zeros(result.value.shape)
    for _, documented, bound in _bounds(result.value, result, expected.dtype, plain, kind, multiplicands):
        total = total + bound.total + rounding.unit_roundoff(plain) * np.abs(documented)
    return np.where(exact, 0.0, total)


PARTS = {"complex64": "float32", "complex128": "float64"}


def _exact(result: Result, dtype: str, kind: str) -> NDArray[np.bool_]:
    """Where every correct algorithm gives the same number."""
    shape = result.value.shape
    if kind in ("normal", "special") or dtype == "bool":
        return np.zeros(shape, bool)
    return np.broadcast_to(result.magnitude <= rounding.exact_limit(dtype), shape)


def _bounds(
    actual: NDArray[Any], result: Result, dtype: str, plain: str, kind: str, multiplicands: str | None
) -> Iterator[tuple[NDArray[Any], NDArray[Any], rounding.Bound]]:
    """The array, or its real and its imaginary part, with what is documented and the bound.

    A part of a sum of n complex products is a real sum of 2 n products, of no larger magnitude. But three real sums may
    be made instead of four, of xr wr, xi wi and (xr + xi)(wr + wi), of which the imaginary part is a difference: they
    have n products each, rounded four times more, and up to three times the magnitude (Higham, section 23.2.4).
    """
    factor = 1 if dtype == plain else 2
    terms = result.terms if factor == 1 else np.maximum(2 * result.terms, result.terms + 4)
    magnitude = result.magnitude if factor == 1 else 3 * result.magnitude
    ours, theirs = [actual], [result.value]
    addends: list[NDArray[Any] | None] = [result.addend]
    if factor == 2:
        ours, theirs = [actual.real, actual.imag], [result.value.real, result.value.imag]
        addends = [None, None] if result.addend is None else [result.addend.real, result.addend.imag]
    for mine, documented, addend in zip(ours, theirs, addends, strict=True):
        bound = rounding.forward_bound(documented, magnitude, terms, addend, plain, multiplicands=multiplicands)
        if kind == "special":
            # Whether subnormal numbers are kept or taken for zero is a property of the device, not a mistake.
            flushed = (terms + 1) * rounding.smallest_normal(plain)
            bound = replace(bound, total=bound.total + flushed, accumulation=bound.accumulation + flushed)
        yield mine, documented, bound


def _only(bound: rounding.Bound, judged: NDArray[np.bool_]) -> rounding.Bound:
    return replace(bound, bounded=np.asarray(judged))


def _class(values: NDArray[Any]) -> NDArray[np.int8]:
    """0 for a finite number, 1 and -1 for the infinities, 2 for nan."""
    wide = values.astype(np.float64) if values.dtype.name == "bfloat16" else values
    sign = np.sign(wide.real)
    with np.errstate(invalid="ignore"):
        return np.where(np.isnan(wide), 2, np.where(np.isinf(wide), sign, 0)).astype(np.int8)


def _report(
    name: str,
    actual: NDArray[Any],
    expected: NDArray[Any],
    wrong: NDArray[Any],
    dtype: bool,
    margin: float | None,
    compared: int,
) -> Agreement:
    flat = np.flatnonzero(wrong)
    if margin is not None and not math.isfinite(margin):
        margin = None
    if flat.size == 0:
        return Agreement(True, dtype, True, compared, margin=margin)
    first = int(flat[0])
    at = tuple(int(index) for index in np.unravel_index(first, actual.shape))
    complex_ = "c" in (actual.dtype.kind, expected.dtype.kind)
    wide = np.complex128 if complex_ else np.float64
    with np.errstate(invalid="ignore", over="ignore"):
        errors = np.abs(actual.astype(wide) - expected.astype(wide))
    largest = float(np.nanmax(errors)) if np.any(~np.isnan(errors)) else math.nan
    difference = Difference(
        index=list(at),
        expected=number(expected[at]),
        actual=number(actual[at]),
        differing=int(flat.size),
        of=actual.size,
        largest=number(largest),
        output=name,
    )
    return Agreement(True, dtype, False, compared, difference=difference, margin=margin, first=first)


def number(value: Any) -> str:
    """A number as a text that reads back to the same number."""
    if np.iscomplexobj(value):
        sign = "" if np.signbit(value.imag) else "+"
        return f"{number(value.real)}{sign}{number(value.imag)}j"
    whole = float(value)
    return str(int(whole)) if math.isfinite(whole) and whole == int(whole) and abs(whole) < 2**53 else repr(whole)
