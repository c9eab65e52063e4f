"""Adapters whose gradients are wrong and whose results are right: each is the reference with one fault."""

from dataclasses import replace
from typing import Any

import numpy as np

from tests.faulty.base import Reworked


class Derives(Reworked):
    """The base of those that spoil the upstream gradient, or the gradients."""

    def receive(self, upstream: Any, api: Any) -> Any:
        """The upstream gradient as the derivation reads it."""
        return upstream

    def spoil(self, found: dict[str, Any], api: Any) -> dict[str, Any]:
        """What becomes of the gradients, by role."""
        return found

    def derive(self, api, inputs, parameters, options, upstream):
        found = super().derive(api, inputs, parameters, options, self.receive(upstream, api))
        return self.spoil(found, api)


class InputGradientNegated(Derives):
    """The gradient with respect to the input has the opposite sign."""

    def spoil(self, found, api):
        return found | {"input": 0 - found["input"]}


class WeightGradientChannelsExchanged(Derives):
    """The gradient of a weight with as many rows as columns of channels has these exchanged."""

    def spoil(self, found, api):
        weight = found["weight"]
        square = weight.shape[0] == weight.shape[1]
        return found | {"weight": weight.swapaxes(0, 1)} if square else found


class WeightGradientGroupsMixed(Derives):
    """The gradient of a grouped weight has each group's stretch in the place of the next group's."""

    def spoil(self, found, api):
        weight, groups = found["weight"], api.geometry.groups
        return found | {"weight": np.roll(weight, weight.shape[0] // groups, 0)} if groups > 1 else found


class BiasGradientOfOneSample(Derives):
    """The gradient with respect to the bias is that of the first sample, not the sum over the batch."""

    def derive(self, api, inputs, parameters, options, upstream):
        found = super().derive(api, inputs, parameters, options, upstream)
        if upstream.ndim != api.axes + 2 or "bias" not in found:
            return found
        first = np.where(np.arange(len(upstream)).reshape(-1, *(1,) * (api.axes + 1)) == 0, upstream, 0)
        alone = super().derive(api, inputs, parameters, options, first.astype(upstream.dtype))
        return found | {"bias": alone["bias"]}


class GradientDilationIgnored(Derives):
    """The gradients are derived as if the dilation were 1, for an output of the same length."""

    def derive_with(self, operands):
        geometry = operands.geometry
        shorter = [extent - kernel for extent, kernel in zip(geometry.extent, geometry.kernel, strict=True)]
        longer = tuple(more + less for more, less in zip(geometry.longer, shorter, strict=True))
        return replace(operands, geometry=replace(geometry, dilation=(1,) * len(longer), longer=longer))


class GradientOutputPaddingIgnored(Derives):
    """No gradient comes from what output_padding adds to the output."""

    def receive(self, upstream, api):
        received = upstream.copy()
        for axis, longer in enumerate(api.geometry.longer):
            received.swapaxes(-1, axis - api.axes)[..., upstream.shape[axis - api.axes] - longer :] = 0
        return received


class UpstreamTakenForOnes(Derives):
    """The gradients are those of the plain sum of the output, whatever the upstream gradient."""

    def receive(self, upstream, api):
        return np.ones_like(upstream)


class GradientsNotCleared(Derives):
    """What was left by the gradients of the calls before is added to those that fit it in shape."""

    def __init__(self, device):
        super().__init__(device)
        self.left: dict[tuple[Any, ...], Any] = {}

    def spoil(self, found, api):
        added = {}
        for role, gradient in found.items():
            key = (role, gradient.shape, gradient.dtype)
            added[role] = self.left[key] = gradient + self.left.get(key, np.zeros_like(gradient))
        return added


class GradientsOfRepeatsAdded(Derives):
    """The gradients of a repeated call are the sum of those of all its calls."""

    def spoil(self, found, api):
        return {role: gradient * self.request.get("repeats", 1) for role, gradient in found.items()}


class GradientOfTheFlippedKernel(Derives):
    """The gradient with respect to the input is derived with the kernel flipped along every spatial axis."""

    def derive(self, api, inputs, parameters, options, upstream):
        found = super().derive(api, inputs, parameters, options, upstream)
        self.is_flipped = True
        try:
            other = super().derive(api, inputs, parameters, options, upstream)
        finally:
            self.is_flipped = False
        return found | {"input": other["input"]}

    is_flipped = False

    def derive_with(self, operands):
        weight = operands.weight.reshape(operands.geometry.weight)
        flipped = np.flip(weight, tuple(range(2, weight.ndim)))
        return replace(operands, weight=flipped.reshape(operands.weight.shape)) if self.is_flipped else operands
