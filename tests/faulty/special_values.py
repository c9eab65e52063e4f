"""Adapters that are wrong only where numbers are not finite: each is the reference with one fault."""

from dataclasses import replace

import numpy as np

from tests.faulty.base import Reworked

LARGEST = {"bfloat16": float(2**8 - 1) * 2.0**120}


class NanTakenForZero(Reworked):
    """A nan that goes in is taken for zero."""

    def call_with(self, operands):
        x, weight = (np.where(np.isnan(array), 0, array) for array in (operands.x, operands.weight))
        return replace(operands, x=x, weight=weight)


class InfinityClipped(Reworked):
    """An infinity that should come out is the largest number of its type."""

    def compute(self, api, inputs, parameters, options):
        output = super().compute(api, inputs, parameters, options)
        largest = LARGEST.get(self.storage) or np.finfo(output.dtype).max
        return np.clip(output, -largest, largest).astype(output.dtype)


class InfinityLosesItsSign(Reworked):
    """Every infinity that comes out is positive."""

    def compute(self, api, inputs, parameters, options):
        output = super().compute(api, inputs, parameters, options)
        return np.where(np.isinf(output), np.abs(output), output)


class ZeroTimesInfinityIsZero(Reworked):
    """Zeros are left out of every sum, so that zero times infinity is zero instead of nan."""

    def compute(self, api, inputs, parameters, options):
        held = {name: array.astype(np.float64) for name, array in parameters.items()}
        operands = api.operands(*inputs, parameters=held, **options)
        x, weight = operands.x.astype(np.float64), operands.weight.astype(np.float64)

        def summed(x, weight):
            """The sums of products, without a bias."""
            return replace(operands, x=x.astype(np.float64), weight=weight.astype(np.float64), bias=None).result().value

        wild = [np.isinf(array) for array in (x, weight)]
        signs = [np.where(np.isnan(array), 0, np.sign(array)) for array in (x, weight)]
        finite = summed(*(np.where(np.isfinite(array), array, 0) for array in (x, weight)))
        nan = summed(np.isnan(x), np.ones_like(weight)) + summed(np.ones_like(x), np.isnan(weight))
        # Products of an infinity and anything but zero, counted and added by their signs.
        count = summed(wild[0], abs(signs[1])) + summed(abs(signs[0]) * ~wild[0], wild[1])
        total = summed(signs[0] * wild[0], signs[1]) + summed(signs[0] * ~wild[0], signs[1] * wild[1])
        value = np.where(count > 0, np.copysign(np.inf, total), finite)
        value = np.where((nan > 0) | (np.abs(total) < count), np.nan, value)
        if operands.bias is not None:
            value = value + operands.bias.reshape(-1, *(1,) * api.axes)
        return self.rounded(value, self.storage)
