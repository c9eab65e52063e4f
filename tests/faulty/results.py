"""Adapters that spoil a result: each is the reference with one fault."""

import os
from dataclasses import replace

import numpy as np

from tests.faulty.base import Faulty, passed


class BatchReversed(Faulty):
    """The items of a batch come back in the opposite order."""

    def answer(self, output, result, api):
        return output[::-1] if output.ndim == api.axes + 2 else output


class UnbatchedKeepsABatch(Faulty):
    """The result of an unbatched input has a batch of one."""

    def answer(self, output, result, api):
        return output[None] if output.ndim == api.axes + 1 else output


class LastElementDropped(Faulty):
    """The last axis lacks its last element."""

    def answer(self, output, result, api):
        return output[..., :-1]


class LastElementWrong(Faulty):
    """The very last element is one too large."""

    def answer(self, output, result, api):
        output.reshape(-1)[-1] += 1
        return output


class LastBitWrong(Faulty):
    """Each element but zeros is the next larger number: what rounding may do to real numbers, and not to whole ones."""

    def answer(self, output, result, api):
        return np.where(output == 0, output, np.nextafter(output, np.float32(np.inf)))


class RoundedToWholeNumbers(Faulty):
    """Each element is rounded to a whole number: right for whole numbers, wrong for real ones."""

    def answer(self, output, result, api):
        return np.round(output)


class OutputPaddingHoldsZeros(Faulty):
    """What output_padding adds holds zeros."""

    def answer(self, output, result, api):
        for axis, longer in enumerate(api.geometry.longer):
            output.swapaxes(-1, axis - api.axes)[..., output.shape[axis - api.axes] - longer :] = 0
        return output


class OutputPaddingAtBegin(Faulty):
    """The output is lengthened, with zeros, at its begin instead of its end."""

    def answer(self, output, result, api):
        for axis, longer in enumerate(api.geometry.longer):
            output = np.roll(output, longer, axis - api.axes)
            output.swapaxes(-1, axis - api.axes)[..., :longer] = 0
        return output


class BiasAddedTwice(Faulty):
    """The bias is added twice."""

    def answer(self, output, result, api):
        return output if result.addend is None else (output + result.addend).astype(output.dtype)


class BiasMissingAtTheBorder(Faulty):
    """The last position of the last axis lacks the bias."""

    def answer(self, output, result, api):
        if result.addend is not None:
            output[..., -1:] -= result.addend.astype(output.dtype)
        return output


class BiasMissingInHoles(Faulty):
    """Positions that no input element reaches hold zero instead of the bias."""

    def answer(self, output, result, api):
        return output if result.addend is None else np.where(result.terms == 1, np.zeros_like(output), output)


class HalfPrecisionAccumulation(Faulty):
    """The contributions of the kernel's taps are added in float16. Whole numbers up to 2048 survive that."""

    def compute(self, api, inputs, parameters, options):
        x, options = passed(api, inputs, options)
        geometry = api.geometry
        bias = api.result(x, parameters=parameters, **options).addend
        weight = parameters["weight"] if "weight" in parameters else api.initial("weight")
        taps = weight.reshape(*weight.shape[:2], -1)
        total = np.float16(0) if bias is None else bias.astype(np.float16)
        api.geometry = replace(geometry, bias=False)
        for tap in range(taps.shape[-1]):
            alone = np.where(np.arange(taps.shape[-1]) == tap, taps, 0).astype(weight.dtype).reshape(weight.shape)
            total = total + api.result(x, parameters={"weight": alone}, **options).value.astype(np.float16)
        api.geometry = geometry
        return total.astype(x.dtype)


class WrongDtype(Faulty):
    """The result is float64 whatever the input is."""

    def answer(self, output, result, api):
        return output.astype(np.float64)


class NanForLargeNumbers(Faulty):
    """Nan where a number exceeds 60 in absolute value.

    It stands in for nan in place of an infinity: nothing overflows in the data of a default run, and an overflow would
    not be judged yet, so that a range smaller than float32's has to do.
    """

    def answer(self, output, result, api):
        return np.where(np.abs(output) > 60, np.float32(np.nan), output)


class UninitialisedElement(Faulty):
    """The first element is left as the process found it: another number in each process."""

    def answer(self, output, result, api):
        output.reshape(-1)[0] += os.getpid() % 1000
        return output


class EveryFiftiethCallWrong(Faulty):
    """From its hundredth call on, a process answers every fiftieth call wrongly."""

    calls = 0

    def answer(self, output, result, api):
        self.calls += 1
        return output + 1 if self.calls >= 100 and self.calls % 50 == 0 else output
