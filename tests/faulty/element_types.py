"""Adapters that are wrong in some element types only: each is the reference with one fault."""

from dataclasses import replace

import numpy as np

from tests.faulty.base import Reworked


def kept(numbers, bits):
    """Numbers rounded to so many significant bits, in their own type."""
    part, exponent = np.frexp(numbers.astype(np.float64))
    with np.errstate(invalid="ignore"):
        return np.ldexp(np.round(part * 2.0**bits), exponent - bits).astype(numbers.dtype)


class Spoils(Reworked):
    """The base of those that spoil the outputs of some element types."""

    spoilt: tuple[str, ...]

    def spoil(self, output):
        """What becomes of an output of one of these types."""
        raise NotImplementedError

    def compute(self, api, inputs, parameters, options):
        output = super().compute(api, inputs, parameters, options)
        return self.spoil(output) if self.storage in self.spoilt else output


class DoubleComputedInSingle(Spoils):
    """A float64 result has no more than the precision of float32."""

    spoilt = ("float64",)

    def spoil(self, output):
        return output.astype(np.float32).astype(np.float64)


class HalfKeepsEightBits(Spoils):
    """A float16 result is rounded to 8 significant bits, those of bfloat16."""

    spoilt = ("float16",)

    def spoil(self, output):
        return kept(output, 8)


class BfloatKeepsFourBits(Spoils):
    """A bfloat16 result is rounded to 4 significant bits."""

    spoilt = ("bfloat16",)

    def spoil(self, output):
        return kept(output, 4)


class HalfReturnedInSingle(Spoils):
    """The result of float16 tensors is a float32 tensor."""

    spoilt = ("float16",)

    def spoil(self, output):
        return output.astype(np.float32)


class WholeNumbersReturnedAsFloats(Spoils):
    """The result of integer tensors is a float32 tensor."""

    spoilt = ("uint8", "int8", "int16", "int32", "int64")

    def spoil(self, output):
        return output.astype(np.float32)


class WholeNumbersKeptInAByte(Spoils):
    """A result of wide integers is kept in 8 bits on its way: what does not fit wraps around."""

    spoilt = ("int16", "int32", "int64")

    def spoil(self, output):
        return output.astype(np.int8).astype(output.dtype)


class WholeNumbersThroughSingle(Spoils):
    """A result of wide integers goes through float32 on its way, which holds no more than 24 bits."""

    spoilt = ("int32", "int64")

    def spoil(self, output):
        return output.astype(np.float32).astype(output.dtype)


class ImaginaryPartDropped(Spoils):
    """A complex result has no imaginary part."""

    spoilt = ("complex64", "complex128")

    def spoil(self, output):
        return output.real.astype(output.dtype)


class ComplexWeightConjugated(Reworked):
    """A complex weight is conjugated in the call, as in a correlation of complex numbers."""

    def call_with(self, operands):
        return replace(operands, weight=np.conj(operands.weight))
