"""What the documented functions share: everything goes in at once, and sizes are read off the tensors.

A function is constructed with all of its arguments and called with nothing. `PlainFunction` is the function of PyTorch
and OneFlow, whose documents name no errors and no ranges.
"""

from collections.abc import Mapping
from typing import Any, Literal

from numpy.typing import NDArray

from reference import arguments as check
from reference.arguments import Error
from reference.conv_transpose.geometry import Geometry, Operands
from reference.conv_transpose.module import ConvTransposeApi
from reference.documented import NotDocumented, refuse


class ConvTransposeFunction(ConvTransposeApi):
    """A documented function, after its constructor has read its arguments.

    `unbatched` says whether an input without a batch is documented, excluded by the document's one shape, or left open
    by two sentences that do not say the same. The errors are the documented classes, None where there is none.
    """

    unbatched: Literal["documented", "excluded", "open"] = "excluded"
    rank_error: Error = None
    bias_error: Error = None
    x: NDArray[Any]
    weight: NDArray[Any]
    bias: NDArray[Any] | None

    def take(self, x: Any, weight: Any, bias: Any) -> None:
        """Check that the tensors are tensors of the right number of dimensions, and keep them."""
        self.x = check.tensor(x, "input")
        self.weight = check.tensor(weight, "weight")
        self.bias = None if bias is None else check.tensor(bias, "bias")
        whole = self.axes + 2
        if self.weight.ndim != whole:
            wanted = f"the weight must have {whole} dimensions, its shape is {self.weight.shape}"
            raise refuse(self.rank_error, "weight", "rank", wanted)
        if self.x.ndim == whole - 1 and self.unbatched == "open":
            raise NotDocumented("the documents do not agree on whether the input needs a batch")
        if self.x.ndim != whole and not (self.x.ndim == whole - 1 and self.unbatched == "documented"):
            wanted = f"the input must have {whole} dimensions, its shape is {self.x.shape}"
            raise refuse(self.rank_error, "input", "rank", wanted)

    def settle(
        self,
        stride: tuple[int, ...],
        crop: tuple[tuple[int, int], ...],
        longer: tuple[int, ...],
        groups: int,
        dilation: tuple[int, ...],
    ) -> None:
        """Check what the tensors must have in common, and keep the geometry."""
        channels = self.x.shape[-self.axes - 1]
        if self.weight.shape[0] != channels:
            wanted = f"the input must have {self.weight.shape[0]} channels, its shape is {self.x.shape}"
            raise refuse(None, "input", "channels", wanted)
        check.divisible(channels, "in_channels", groups, "groups")
        outgoing = self.weight.shape[1] * groups
        if self.bias is not None and self.bias.shape != (outgoing,):
            # One sentence of the documents speaks of the bias's shape, so one rule stands for every other shape.
            wanted = f"the bias must have shape {(outgoing,)}, but has {self.bias.shape}"
            raise refuse(self.bias_error, "bias", "length", wanted)
        kernel = self.weight.shape[2:]
        self.geometry = Geometry(
            channels, outgoing, groups, kernel, stride, dilation, crop, longer, self.bias is not None
        )

    def operands(self, *inputs: Any, parameters: Mapping[str, NDArray[Any]], **options: Any) -> Operands:
        """Of the arguments that the function was made with."""
        if inputs or options or parameters:
            raise TypeError("a function takes its arguments when it is made, and holds no parameters")
        batch = self.x if self.x.ndim == self.axes + 2 else self.x[None]
        if min(*batch.shape, *self.weight.shape) < 1:
            raise NotDocumented("no document speaks of an empty input or weight")
        self.check_lengths(self.geometry.lengths(batch.shape[2:]))
        unbatched = self.x.ndim == self.axes + 1
        return Operands(self.geometry, batch, self.weight, self.bias, (0,) * self.axes, unbatched)


class PlainFunction(ConvTransposeFunction):
    """The signature that PyTorch and OneFlow share.

    Where the list of arguments says "a single number or a tuple", the class to which the document sends its reader for
    details says int or tuple.
    """

    def __init__(
        self,
        input: Any,  # noqa: A002 - the documented name
        weight: Any,
        bias: Any = None,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: Any = 1,
        dilation: Any = 1,
    ) -> None:
        strides = check.integers(stride, self.axes, "stride")
        pads = check.integers(padding, self.axes, "padding")
        longer = check.integers(output_padding, self.axes, "output_padding")
        groups = check.integer(groups, "groups")
        dilations = check.integers(dilation, self.axes, "dilation")
        self.take(input, weight, bias)
        if min(groups, *strides, *dilations) < 1 or min(*pads, *longer) < 0:
            raise NotDocumented("the document gives no ranges")
        if any(o >= max(s, d) for o, s, d in zip(longer, strides, dilations, strict=True)):
            raise NotDocumented("the document gives no upper bound of output_padding")
        self.settle(strides, tuple((pad, pad) for pad in pads), longer, groups, dilations)
