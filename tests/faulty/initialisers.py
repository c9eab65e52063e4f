"""Adapters whose parameters start as no document says: each is the reference with one fault."""

import numpy as np

from conformance.adapters.numpy import NumpyAdapter
from reference.initializers import Constant, Normal, SymmetricUniform, Uniform
from tests.faulty.base import Faulty


class BiasInitIgnored(Faulty):
    """The bias starts with zeros, whatever bias_init says."""

    def construct(self, target, request):
        api = super().construct(target, request)
        if hasattr(api, "_inits"):
            api._inits = {**api._inits, "bias": 0}
        return api


class UniformTwiceAsWide(NumpyAdapter):
    """What should be uniform on an interval is uniform on one of twice its width."""

    def draw(self, law, shape, generator):
        wider = Uniform(2 * law.low, 2 * law.high) if isinstance(law, Uniform) else law
        return super().draw(wider, shape, generator)


class UniformOfHalfTheWidth(NumpyAdapter):
    """What should be uniform on an interval is uniform on one of half its width."""

    def draw(self, law, shape, generator):
        narrower = Uniform(law.low / 2, law.high / 2) if isinstance(law, Uniform) else law
        return super().draw(narrower, shape, generator)


class NormalForUniform(NumpyAdapter):
    """What should be uniform is normal with the same mean and variance."""

    def draw(self, law, shape, generator):
        if not isinstance(law, Uniform | SymmetricUniform):
            return super().draw(law, shape, generator)
        low, high = (law.low, law.high) if isinstance(law, Uniform) else (-1, 1)
        return super().draw(Normal((low + high) / 2, (high - low) / np.sqrt(12)), shape, generator)


class BiasStartsWithZeros(NumpyAdapter):
    """Every bias starts with zeros."""

    def draw(self, law, shape, generator):
        return np.zeros(shape) if len(shape) == 1 else super().draw(law, shape, generator)


class TruncatedNormalNotCut(NumpyAdapter):
    """What should be a normal law within bounds is the whole of it."""

    def draw(self, law, shape, generator):
        whole = Normal(law.mean, law.sigma) if isinstance(law, Normal) else law
        return super().draw(whole, shape, generator)


class UnitsOfTheOtherSide(NumpyAdapter):
    """The bounds of a default initialisation are taken from the input channels instead of the output channels."""

    def construct(self, target, request):
        api = super().construct(target, request)
        geometry = api.geometry
        if request["action"] == "initialise" and hasattr(api, "initial_law"):
            share = np.sqrt(geometry.out_channels / geometry.in_channels)
            law = api.initial_law
            api.initial_law = lambda name: _scaled(law(name), share)
        return api


def _scaled(law, share):
    return Uniform(law.low * share, law.high * share) if isinstance(law, Uniform) else law


class ConstantOneUlpTooLarge(NumpyAdapter):
    """A constant is the next larger float32 number."""

    def draw(self, law, shape, generator):
        found = super().draw(law, shape, generator)
        return np.nextafter(found.astype(np.float32), np.float32(np.inf)) if isinstance(law, Constant) else found


class OneNumberForAll(NumpyAdapter):
    """One number is drawn for all elements of a parameter."""

    def draw(self, law, shape, generator):
        return np.full(shape, super().draw(law, (1,), generator)[0])
