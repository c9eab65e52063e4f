"""Adapters that misread an operand: each is the reference with one fault."""

from dataclasses import replace

import numpy as np

from tests.faulty.base import Faulty, Reworked


class GroupChannelsInterleaved(Faulty):
    """Input channel i belongs to group i modulo groups; groups are not blocks of neighbours."""

    def feed(self, x, api):
        geometry, axis = api.geometry, x.ndim - api.axes - 1
        if axis not in (0, 1) or x.shape[axis] != geometry.in_channels:
            return x
        order = np.arange(geometry.in_channels).reshape(-1, geometry.groups).T.reshape(-1)
        return x.take(order, axis)


class KernelFlipped(Faulty):
    """The kernel is flipped along every spatial axis."""

    def weigh(self, weight, api):
        return np.flip(weight, tuple(range(2, weight.ndim)))


class KernelAxesSwapped(Faulty):
    """The kernel's memory is read as if its spatial axes were stored in the opposite order."""

    def weigh(self, weight, api):
        stored = weight.reshape(*weight.shape[:2], *weight.shape[:1:-1])
        return stored.transpose(0, 1, *range(weight.ndim - 1, 1, -1))


class WeightInOutTransposed(Faulty):
    """The weight's memory is read as `(C_out / groups, C_in, *K)`."""

    def weigh(self, weight, api):
        return weight.reshape(weight.shape[1], weight.shape[0], *weight.shape[2:]).swapaxes(0, 1)


class LastTapDropped(Faulty):
    """The last tap of the last kernel axis is left out where there is more than one."""

    def weigh(self, weight, api):
        taps = weight.shape[-1]
        return np.where(np.arange(taps) == taps - 1, 0, weight).astype(weight.dtype) if taps > 1 else weight


class BatchItemReused(Faulty):
    """Every item of a batch is taken to be the first."""

    def feed(self, x, api):
        return np.broadcast_to(x[:1], x.shape) if x.ndim == api.axes + 2 else x


class OperandsRounded(Faulty):
    """Input and weight in float32 lose all but ten bits of their fractions, as in TensorFloat-32."""

    def feed(self, x, api):
        if x.dtype != np.float32:
            return x
        return (np.ascontiguousarray(x).view(np.uint32) & 0xFFFFE000).view(np.float32)

    weigh = feed


class FunctionBiasSubtracted(Reworked):
    """The bias is subtracted."""

    def call_with(self, operands):
        return operands if operands.bias is None else replace(operands, bias=-operands.bias)


class PrimitivePadSidesSwapped(Reworked):
    """What should be cropped at the begin of the last axis is cropped at its end, and the other way round."""

    def call_with(self, operands):
        *others, last = operands.geometry.crop
        return replace(operands, geometry=replace(operands.geometry, crop=(*others, last[::-1])))
