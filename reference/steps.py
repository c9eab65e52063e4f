"""The steps around a call: what a recipe does to the input before it, and to the result after it.

In go arrays of shape `(N, C, *S)`, or without a batch; axes count from 0 over the whole array. A step is data, and
every framework has it. Each is linear in what goes through it, so that a gradient goes back through its `adjoint`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from reference.documented import Result

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True)
class Expand:
    """A new axis of length 1."""

    axis: int


@dataclass(frozen=True)
class Squeeze:
    """An axis of length 1 goes."""

    axis: int


@dataclass(frozen=True)
class Pad:
    """So many zeros more at the begin and at the end of an axis."""

    axis: int
    begin: int
    end: int


@dataclass(frozen=True)
class Crop:
    """So many elements less at the begin and at the end of an axis."""

    axis: int
    begin: int
    end: int


@dataclass(frozen=True)
class Add:
    """A tensor of one axis is added along axis 1, the channels: a bias. `role` says which."""

    role: str


Step: TypeAlias = Expand | Squeeze | Pad | Crop | Add


def applied(steps: Sequence[Step], array: NDArray[Any]) -> NDArray[Any]:
    """The array after the steps, none of which adds anything."""
    for step in steps:
        array = _moved(step, array)
    return array


def adjoint(steps: Sequence[Step], array: NDArray[Any]) -> NDArray[Any]:
    """The gradient with respect to what went into the steps, from that with respect to what came out of them."""
    for step in reversed(steps):
        if not isinstance(step, Add):
            array = _moved(_back(step), array)
    return array


def after(steps: Sequence[Step], result: Result, tensors: Mapping[str, NDArray[Any]]) -> Result:
    """A result after the steps, with what its error bounds need. `tensors` are those that are added, by role."""
    for step in steps:
        result = _added(result, tensors[step.role]) if isinstance(step, Add) else through((step,), result)
    return result


def through(steps: Sequence[Step], result: Result) -> Result:
    """A result with everything that it says of its elements moved along with them."""
    shape = result.value.shape
    moved = [applied(steps, np.broadcast_to(item, shape)) for item in (result.value, result.magnitude, result.terms)]
    addend = None if result.addend is None else applied(steps, np.broadcast_to(result.addend, shape))
    return Result(moved[0], moved[1], moved[2], addend)


def back(steps: Sequence[Step], result: Result) -> Result:
    """The gradient of what went into the steps, with all that it says, from that of what came out of them."""
    return through(tuple(_back(step) for step in reversed(steps) if not isinstance(step, Add)), result)


def gradients_of_added(steps: Sequence[Step], upstream: NDArray[Any]) -> dict[str, Result]:
    """The gradient with respect to each tensor that the steps add, from that of what comes out of them."""
    found = {}
    for index, step in enumerate(steps):
        if isinstance(step, Add):
            here = _wide(adjoint(steps[index + 1 :], upstream))
            over = tuple(axis for axis in range(here.ndim) if axis != 1)
            terms = np.full(here.shape[1], here.size // max(1, here.shape[1]), np.int64)
            found[step.role] = Result(here.sum(axis=over), np.abs(here + 0.0).sum(axis=over), terms, None)
    return found


def shaped(steps: Sequence[Step], shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape after the steps of an array of this shape."""
    return applied(steps, np.broadcast_to(np.int8(0), shape)).shape


def _added(result: Result, tensor: NDArray[Any]) -> Result:
    along = _wide(tensor).reshape(-1, *(1,) * (result.value.ndim - 2))
    return Result(result.value + along, result.magnitude + np.abs(along + 0.0), result.terms + 1, along)


def _wide(array: NDArray[Any]) -> NDArray[Any]:
    """Complex numbers as wide as the law has them; others come so already."""
    return array.astype(np.complex128) if array.dtype.kind == "c" else array


def _moved(step: Step, array: NDArray[Any]) -> NDArray[Any]:
    match step:
        case Expand(axis):
            return np.expand_dims(array, axis)
        case Squeeze(axis):
            return np.squeeze(array, axis)
        case Pad(axis, begin, end):
            return np.pad(array, [(begin, end) if at == axis else (0, 0) for at in range(array.ndim)])
        case Crop(axis, begin, end):
            if begin + end > array.shape[axis]:
                raise ValueError(f"{begin} and {end} elements cannot be cut off an axis of {array.shape[axis]}")
            return array[(slice(None),) * axis + (slice(begin, array.shape[axis] - end),)]
        case Add():
            return array


def _back(step: Expand | Squeeze | Pad | Crop) -> Step:
    match step:
        case Expand(axis):
            return Squeeze(axis)
        case Squeeze(axis):
            return Expand(axis)
        case Pad(axis, begin, end):
            return Crop(axis, begin, end)
        case Crop(axis, begin, end):
            return Pad(axis, begin, end)
