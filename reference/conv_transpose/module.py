"""What the documented transposed convolutions of all frameworks share: the call, once the arguments are understood."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.conv_transpose import law
from reference.documented import NotDocumented, ReferenceApi, Result, refuse


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

    def lengths(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The output's spatial lengths for an input of these spatial lengths; may be below 1."""
        return tuple(
            (size - 1) * stride + extent - sum(crop) + longer
            for size, stride, extent, crop, longer in zip(
                sizes, self.stride, self.extent, self.crop, self.longer, strict=True
            )
        )


class ConvTransposeModule(ReferenceApi):
    """A documented module, after its constructor has turned its arguments into a `Geometry`.

    `undocumented` is a reason why no document gives the values of this configuration.
    """

    axes: int
    batched_only: bool = True
    geometry: Geometry
    undocumented: str = ""

    def parameter_shapes(self) -> Mapping[str, tuple[int, ...]]:
        """`weight (C_in, C_out/groups, *K)` and, where there is one, `bias (C_out,)`."""
        geometry = self.geometry
        weight = (geometry.in_channels, geometry.out_channels // geometry.groups, *geometry.kernel)
        return {"weight": weight} | ({"bias": (geometry.out_channels,)} if geometry.bias else {})

    def initial(self, name: str) -> NDArray[Any]:
        """No document gives the numbers of a random initialisation."""
        raise NotDocumented(f"the initial values of {name} are random", valid=True)

    def check_input(self, x: NDArray[Any]) -> None:
        """What else a framework's document asks of the input; nothing by default."""

    def longer(self, lengths: tuple[int, ...], **options: Any) -> tuple[int, ...]:
        """How much longer than `lengths` the options of the call ask the output to be; no options by default."""
        if options:
            raise NotDocumented(f"the call documents no {', '.join(options)}")
        return (0,) * self.axes

    def result(self, *inputs: Any, parameters: Mapping[str, NDArray[Any]], **options: Any) -> Result:
        """The output for `x` of shape `(N, C_in, *S)`, or `(C_in, *S)` where that is documented."""
        if len(inputs) != 1:
            raise NotDocumented(f"the call documents one input, not {len(inputs)}")
        (x,) = inputs
        if not isinstance(x, np.ndarray):
            raise refuse(None, "input", "type", f"the input must be a tensor, but got {x!r}")
        ranks = (self.axes + 2,) if self.batched_only else (self.axes + 1, self.axes + 2)
        if x.ndim not in ranks:
            raise refuse(None, "input", "rank", f"the input must have {ranks} dimensions, but its shape is {x.shape}")
        batch = x if x.ndim == self.axes + 2 else x[None]
        geometry = self.geometry
        if batch.shape[1] != geometry.in_channels:
            raise refuse(
                None,
                "input",
                "channels",
                f"the input must have {geometry.in_channels} channels, its shape is {x.shape}",
            )
        sizes = batch.shape[2:]
        if min(batch.shape) < 1:
            raise NotDocumented("no document speaks of an empty input")
        self.check_input(batch)
        lengths = geometry.lengths(sizes)
        longer = self.longer(lengths, **options)
        if self.undocumented:
            raise NotDocumented(self.undocumented, valid=True)
        if min(lengths) < 1:
            raise NotDocumented(f"no document says what happens where the output would have lengths {lengths}")
        return self._compute(batch, parameters, longer, squeeze=x.ndim == self.axes + 1)

    def _compute(
        self, x: NDArray[Any], parameters: Mapping[str, NDArray[Any]], longer: tuple[int, ...], *, squeeze: bool
    ) -> Result:
        geometry = self.geometry
        held = {
            name: parameters[name] if name in parameters else self.initial(name) for name in self.parameter_shapes()
        }
        weight = held["weight"].reshape(
            geometry.in_channels, geometry.out_channels // geometry.groups, *geometry.kernel
        )
        bias = held.get("bias")
        where: dict[str, Any] = {
            "stride": geometry.stride,
            "padding": geometry.crop,
            "output_padding": tuple(map(sum, zip(geometry.longer, longer, strict=True))),
            "dilation": geometry.dilation,
            "groups": geometry.groups,
        }
        value = law.conv_transpose(x, weight, bias, **where)
        magnitude = law.magnitude(x, weight, bias, **where)
        terms = law.terms(x.shape, weight.shape, bias is not None, **where)
        addend = None if bias is None else bias.reshape(-1, *(1,) * self.axes)
        if squeeze:
            value, magnitude, terms = value[0], magnitude[0], np.broadcast_to(terms, value.shape)[0]
        return Result(value, magnitude, terms, addend)
