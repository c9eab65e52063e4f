"""What the documented transposed convolutions of all frameworks share: the call, once the arguments are understood.

`ConvTransposeApi` is any of them: it knows how to make `Operands` of a call. `ConvTransposeModule` is a layer that
holds its parameters.
"""

import math
from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from reference import arguments as check
from reference.conv_transpose.geometry import Geometry, Operands
from reference.documented import NotDocumented, ReferenceApi, Result, refuse
from reference.initializers import Distribution, Uniform

__all__ = ["ConvTransposeApi", "ConvTransposeModule", "Geometry", "Operands"]


class ConvTransposeApi(ReferenceApi):
    """A documented API, after its constructor has turned its arguments into a `Geometry`.

    `undocumented` is a reason why no document gives the values of this configuration. What only the call decides (a
    number of channels) stands in `geometry` as the smallest number that the rest allows.
    """

    axes: int
    geometry: Geometry
    undocumented: str = ""

    def parameter_shapes(self) -> Mapping[str, tuple[int, ...]]:
        """None: what is no layer holds no parameters."""
        return {}

    def operands(self, *inputs: Any, parameters: Mapping[str, NDArray[Any]], **options: Any) -> Operands:
        """What a call comes down to."""
        raise NotImplementedError

    def result(self, *inputs: Any, parameters: Mapping[str, NDArray[Any]], **options: Any) -> Result:
        """The output of a call."""
        return self.operands(*inputs, parameters=parameters, **options).result()

    def gradients(
        self, *inputs: Any, parameters: Mapping[str, NDArray[Any]], upstream: NDArray[Any], **options: Any
    ) -> Mapping[str, Result]:
        """The gradients of a call by role."""
        return self.operands(*inputs, parameters=parameters, **options).gradients(upstream)

    def check_lengths(self, lengths: tuple[int, ...]) -> None:
        """Whether any document says what these configured lengths hold."""
        if self.undocumented:
            raise NotDocumented(self.undocumented, valid=True)
        if min(lengths) < 1:
            raise NotDocumented(f"no document says what happens where the output would have lengths {lengths}")


class ConvTransposeModule(ConvTransposeApi):
    """A documented layer: it is constructed, holds a weight and perhaps a bias, and is called with one input.

    `input_name` is what the document calls that input: it may be passed by this name.
    """

    batched_only: bool = True
    input_name: str = "input"

    def parameter_shapes(self) -> Mapping[str, tuple[int, ...]]:
        """`weight (C_in, C_out/groups, *K)` and, where there is one, `bias (C_out,)`."""
        return self._shapes(self.geometry)

    def parameter_shapes_for(self, input_shape: tuple[int, ...]) -> Mapping[str, tuple[int, ...]]:
        """The same for an input of this shape."""
        return self._shapes(self.geometry_for(input_shape))

    def _shapes(self, geometry: Geometry) -> dict[str, tuple[int, ...]]:
        return {"weight": geometry.weight} | ({"bias": (geometry.out_channels,)} if geometry.bias else {})

    def geometry_for(self, input_shape: tuple[int, ...]) -> Geometry:
        """The geometry once an input of this shape is there; most layers know theirs before."""
        return self.geometry

    def initial(self, name: str) -> NDArray[Any]:
        """No document gives the numbers of a random initialisation."""
        raise NotDocumented(f"the initial values of {name} are random", valid=True)

    def initial_law(self, name: str) -> Distribution:
        """Uniform on [-√k, √k] with k = groups / (C_out · product of the kernel's lengths), for weight and bias alike.

        That is what PyTorch, OneFlow and MindSpore's mint write in the same words.
        """
        self.check_held(name)
        if self.stored.startswith("complex"):
            raise NotDocumented("the documents give the law of real numbers only", valid=True)
        geometry = self.geometry
        edge = math.sqrt(geometry.groups / (geometry.out_channels * math.prod(geometry.kernel)))
        return Uniform(-edge, edge)

    def check_held(self, name: str) -> None:
        """There is a parameter of this name."""
        if name not in ("weight", "bias") or (name == "bias" and not self.geometry.bias):
            raise NotDocumented(f"this layer has no parameter {name}", valid=True)

    def check_dtypes(self, dtypes: Mapping[str, str]) -> bool:
        """As of any API; a parameter that is not loaded has the type in which it was made."""
        held = ("weight", "bias") if self.geometry.bias else ("weight",)
        types = dict.fromkeys(held, self.stored)
        types |= {role: dtype for role, dtype in dtypes.items() if role in ("input", *held)}
        return super().check_dtypes(types)

    def check_input(self, x: NDArray[Any]) -> None:
        """What else a framework's document asks of the input; nothing by default."""

    def longer(self, lengths: tuple[int, ...], **options: Any) -> tuple[int, ...]:
        """How much longer than `lengths` the options of the call ask the output to be; no options by default."""
        if options:
            raise NotDocumented(f"the call documents no {', '.join(options)}")
        return (0,) * self.axes

    def operands(self, *inputs: Any, parameters: Mapping[str, NDArray[Any]], **options: Any) -> Operands:
        """Of a call with `x` of shape `(N, C_in, *S)`, or `(C_in, *S)` where that is documented."""
        if not inputs and self.input_name in options:
            inputs = (options.pop(self.input_name),)
        if len(inputs) != 1:
            raise NotDocumented(f"the call documents one input, not {len(inputs)}")
        x = check.tensor(inputs[0], "input")
        ranks = (self.axes + 2,) if self.batched_only else (self.axes + 1, self.axes + 2)
        if x.ndim not in ranks:
            raise refuse(None, "input", "rank", f"the input must have {ranks} dimensions, but its shape is {x.shape}")
        geometry = self.geometry_for(x.shape)
        batch = x if x.ndim == self.axes + 2 else x[None]
        if batch.shape[1] != geometry.in_channels:
            wanted = f"the input must have {geometry.in_channels} channels, its shape is {x.shape}"
            raise refuse(None, "input", "channels", wanted)
        if min(batch.shape) < 1:
            raise NotDocumented("no document speaks of an empty input")
        self.check_input(batch)
        lengths = geometry.lengths(batch.shape[2:])
        longer = self.longer(lengths, **options)
        self.check_lengths(lengths)
        held = {name: parameters[name] if name in parameters else self.initial(name) for name in self._shapes(geometry)}
        return Operands(geometry, batch, held["weight"], held.get("bias"), longer, x.ndim == self.axes + 1)
