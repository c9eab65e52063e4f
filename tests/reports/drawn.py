"""Records with arrays, made by hand, for the tests of pictures."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cases.case import Arguments, Case
from cases.values import Tensor
from reports.arrays import pack
from reports.record import Difference, Record, Side


def layer(axes: int, kernel: int = 3, size: int = 4, **keyword: Any) -> Case:
    """A transposed convolution of one input and one output channel."""
    held = (Tensor("weight", (1, 1, *(kernel,) * axes), "float32"),)
    construct = Arguments((1, 1, kernel), (("bias", False), *keyword.items()))
    return Case(
        f"torch.nn.ConvTranspose{axes}d",
        construct,
        Arguments((Tensor("input", (1, 1, *(size,) * axes), "float32"),)),
        held,
    )


def record(of: Case, expected: NDArray[Any], actual: NDArray[Any], around: int = 0, **more: Any) -> Record:
    """The record of a case with both arrays, and the first difference where the shapes are equal."""
    found = None
    if expected.shape == actual.shape:
        apart = ~((expected == actual) | (np.isnan(expected) & np.isnan(actual)))
        if apart.any():
            index = tuple(int(i) for i in np.argwhere(apart)[0])
            found = Difference(
                index=list(index),
                expected=str(expected[index]),
                actual=str(actual[index]),
                differing=int(apart.sum()),
                of=apart.size,
            )
    fields: dict[str, Any] = {
        "case": of.id,
        "api": of.api,
        "call": of.show(),
        "arguments": of.canonical,
        "backend": "torch",
        "mode": "eager",
        "dtype": "float32",
        "verdict": "differs",
        "checks": [],
        "expected": Side(what="value", array=pack(expected, around)),
        "actual": Side(what="returned", array=pack(actual, around)),
        "difference": found,
    }
    return Record(**(fields | more))


@dataclass(frozen=True)
class Drawn:
    """A record and the numbers that it was made of."""

    record: Record
    expected: NDArray[Any]
    actual: NDArray[Any]


def counted(*shape: int) -> NDArray[np.float32]:
    """Numbers that are all different, of both signs, and small."""
    flat = (np.arange(np.prod(shape)) * 7) % 23 - 11
    return flat.astype(np.float32).reshape(shape)


def line() -> Drawn:
    """One axis, output 5 of 9 differs."""
    expected = counted(1, 1, 9)
    actual = expected.copy()
    actual[0, 0, 5] += 4
    return Drawn(record(layer(1, stride=2), expected, actual), expected, actual)


def moved(axes: int, by: int = 1) -> Drawn:
    """Cropped `by` elements later at the beginning of the last axis, and as much less at its end."""
    case = layer(axes, stride=2, padding=1)
    full = counted(1, 1, *(7,) * (axes - 1), 7 + 2 * by)
    expected, actual = full[..., by:-by], full[..., 2 * by :]
    return Drawn(record(case, expected, actual), expected, actual)


def odd() -> Drawn:
    """Not finite on one side, the other or both."""
    expected, actual = counted(1, 1, 9), counted(1, 1, 9)
    expected[0, 0, [2, 7]] = np.nan
    actual[0, 0, [3, 7]] = np.inf, np.nan
    return Drawn(record(layer(1, stride=2), expected, actual), expected, actual)


def longer(axes: int, more: int = 2) -> Drawn:
    """The actual output has so many elements too many on its last axis (too few if below 0)."""
    case = layer(axes, stride=2)
    expected = counted(1, 1, *(9,) * axes)
    actual = counted(1, 1, *(9,) * (axes - 1), 9 + more) + 1
    return Drawn(record(case, expected, actual), expected, actual)


def solid() -> Drawn:
    """Three axes, one element differs."""
    expected = counted(1, 1, 9, 9, 9)
    actual = expected.copy()
    actual[0, 0, 4, 3, 8] = 90
    return Drawn(record(layer(3, stride=2), expected, actual), expected, actual)


def large() -> Drawn:
    """More than a run file keeps: only a stretch around the first difference is there."""
    expected = counted(2, 1, 60_001)
    actual = expected.copy()
    actual[1, 0, 30_000] = 99
    return Drawn(record(layer(1, size=59_999), expected, actual, around=90_001), expected, actual)
