"""A call of a transposed convolution in the law's own terms, and what the law makes of it: result and gradients.

Every documented API ends here, once its arguments are understood. Nothing of any framework is left.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.conv_transpose import law
from reference.documented import Result


@dataclass(frozen=True)
class Geometry:
    """A transposed convolution in the law's own terms, one entry per spatial axis.

    `crop` is what is taken away at the begin and at the end of the full result, `longer` what is added at its end.
    """

    in_channels: int
    out_channels: int
    groups: int
    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    dilation: tuple[int, ...]
    crop: tuple[tuple[int, int], ...]
    longer: tuple[int, ...]
    bias: bool

    @property
    def extent(self) -> tuple[int, ...]:
        """How far the dilated kernel reaches on each axis."""
        return tuple(d * (k - 1) + 1 for k, d in zip(self.kernel, self.dilation, strict=True))

    @property
    def weight(self) -> tuple[int, ...]:
        """The weight's shape, `(C_in, C_out/groups, *K)`."""
        return (self.in_channels, self.out_channels // self.groups, *self.kernel)

    def lengths(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The output's spatial lengths for an input of these spatial lengths; may be below 1."""
        return tuple(
            (size - 1) * stride + extent - sum(crop) + longer
            for size, stride, extent, crop, longer in zip(
                sizes, self.stride, self.extent, self.crop, self.longer, strict=True
            )
        )

    def keywords(self, longer: tuple[int, ...]) -> dict[str, Any]:
        """The keywords of the law, with what the call adds to `longer`."""
        return {
            "stride": self.stride,
            "padding": self.crop,
            "output_padding": tuple(map(sum, zip(self.longer, longer, strict=True))),
            "dilation": self.dilation,
            "groups": self.groups,
        }


@dataclass(frozen=True)
class Operands:
    """What goes into one call of the law: `x (N, C_in, *S)`, the weight in whatever shape it is held, `bias (C_out,)`.

    `longer` is what the call itself adds at the end of each axis. `unbatched` says that the API was given one image
    without a batch, so that its result has none either.
    """

    geometry: Geometry
    x: NDArray[Any]
    weight: NDArray[Any]
    bias: NDArray[Any] | None
    longer: tuple[int, ...]
    unbatched: bool = False

    def result(self) -> Result:
        """The output with its magnitude and its number of terms."""
        where = self.geometry.keywords(self.longer)
        weight = self.weight.reshape(self.geometry.weight)
        value = law.conv_transpose(self.x, weight, self.bias, **where)
        magnitude = law.magnitude(self.x, weight, self.bias, **where)
        terms = law.terms(self.x.shape, weight.shape, self.bias is not None, **where)
        addend = None if self.bias is None else self.bias.reshape(-1, *(1,) * len(self.longer))
        if self.unbatched:
            value, magnitude, terms = value[0], magnitude[0], np.broadcast_to(terms, value.shape)[0]
        return Result(value, magnitude, terms, addend)

    def gradients(self, upstream: NDArray[Any]) -> Mapping[str, Result]:
        """The gradients of sum(upstream * result) by role, in the shapes in which the tensors are held.

        Of complex operands those are taken which PyTorch's convention names, the only one that a document of these
        frameworks gives: of the conjugated other operand.
        """
        where = self.geometry.keywords(self.longer)
        weight = self.weight.reshape(self.geometry.weight)
        operands = (self.x, weight, self.bias, upstream[None] if self.unbatched else upstream)
        x, weight, bias, up = operands
        value = law.gradients(np.conj(x), np.conj(weight), bias, up, **where)
        sizes = law.gradients(*(None if a is None else np.abs(a + 0.0) for a in operands), **where)
        counts = law.gradients(*(None if a is None else np.ones(a.shape, np.int64) for a in operands), **where)
        found = {
            "input": Result(value.x, sizes.x, counts.x, None),
            "weight": Result(value.weight, sizes.weight, counts.weight, None),
        }
        if value.bias is not None and sizes.bias is not None and counts.bias is not None:
            found["bias"] = Result(value.bias, sizes.bias, counts.bias, None)
        shapes = {"input": self.x.shape[1:] if self.unbatched else self.x.shape, "weight": self.weight.shape}
        return {role: _shaped(result, shapes.get(role, result.value.shape)) for role, result in found.items()}


def _shaped(result: Result, shape: tuple[int, ...]) -> Result:
    return Result(result.value.reshape(shape), result.magnitude.reshape(shape), result.terms.reshape(shape), None)
