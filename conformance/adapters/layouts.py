"""How a tensor lies in memory: what is stored for it, and the view of that which is the tensor.

A layout is made with the framework's own view operations from a contiguous tensor, because every framework has these,
while only some let strides be stated. `plan` says for an array which array to store and which view to take; `Ops` are
the view operations, of NumPy here and of a framework in its adapter, so that NumPy can tell what the view must be.

    strided         gaps between the elements of the last axis
    transposed      the last two axes exchanged in memory; of fewer than two axes: strided
    channels-last   axis 1 innermost
    expanded        one sample, repeated along axis 0 without a copy
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Axes = tuple[int, ...]


@dataclass(frozen=True)
class Ops:
    """The view operations of arrays of one kind."""

    permute: Callable[[Any, Axes], Any]
    expand: Callable[[Any, Axes], Any]
    is_contiguous: Callable[[Any], bool]


NUMPY = Ops(np.transpose, np.broadcast_to, lambda array: bool(array.flags.c_contiguous))


@dataclass(frozen=True)
class Plan:
    """What to store for an array, and the view of it that equals the array."""

    stored: Any
    view: Callable[[Ops, Any], Any]

    def is_contiguous(self) -> bool:
        """Whether the view is contiguous all the same: where a layout makes no difference, as for one element."""
        return NUMPY.is_contiguous(self.view(NUMPY, self.stored))


def plan(array: Any, layout: str) -> Plan:
    """How to make this layout of an array; ValueError for a layout that nobody knows."""
    if layout == "strided" or (layout == "transposed" and array.ndim < 2):
        return _strided(array)
    if layout == "transposed":
        return _permuted(array, (*range(array.ndim - 2), array.ndim - 1, array.ndim - 2))
    if layout == "channels-last":
        return _permuted(array, (0, *range(2, array.ndim), 1)) if array.ndim > 2 else Plan(array, _whole)
    if layout == "expanded":
        return _expanded(array)
    raise ValueError(f"unknown layout {layout!r}")


def _whole(ops: Ops, held: Any) -> Any:
    return held


def _strided(array: Any) -> Plan:
    if array.ndim == 0:
        return Plan(array, _whole)
    # What lies between the elements spoils every sum that it enters.
    wide = np.full((*array.shape[:-1], 2 * array.shape[-1]), _filler(array.dtype), array.dtype)
    wide[..., ::2] = array
    return Plan(wide, lambda ops, held: held[..., ::2])


def _filler(dtype: Any) -> Any:
    if dtype == np.uint16:
        return 0x7FC0  # bfloat16's nan
    return np.nan if dtype.kind in "fc" else dtype.type(77)


def _permuted(array: Any, order: Axes) -> Plan:
    back = tuple(order.index(axis) for axis in range(array.ndim))
    return Plan(np.ascontiguousarray(array.transpose(order)), lambda ops, held: ops.permute(held, back))


def _expanded(array: Any) -> Plan:
    if array.ndim == 0 or array.shape[0] < 2:
        return Plan(array, _whole)
    one = np.ascontiguousarray(array[:1])
    if np.broadcast_to(one, array.shape).tobytes() != array.tobytes():
        raise ValueError("the samples of a tensor that is to be expanded differ")
    return Plan(one, lambda ops, held: ops.expand(held, array.shape))
