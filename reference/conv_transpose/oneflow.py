"""OneFlow's documented transposed convolutions, as of OneFlow 0.8: layers and functions.

The documents of the layers follow PyTorch's in form, with three differences that matter: only batched input is
documented, nothing is said about channels and groups dividing one another, and there is no `device` or `dtype`. Those
of the functions do say that groups should divide the input's channels.
"""

from typing import Any

from reference import arguments as check
from reference.conv_transpose.function import PlainFunction
from reference.conv_transpose.module import ConvTransposeModule, Geometry
from reference.documented import NotDocumented


class _ConvTranspose(ConvTransposeModule):
    input_name = "x"

    def __init__(
        self,
        in_channels: Any,
        out_channels: Any,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: Any = 1,
        bias: Any = True,
        dilation: Any = 1,
        padding_mode: Any = "zeros",
    ) -> None:
        in_channels = check.integer(in_channels, "in_channels")
        out_channels = check.integer(out_channels, "out_channels")
        groups = check.integer(groups, "groups")
        kernel = check.integers(kernel_size, self.axes, "kernel_size")
        strides = check.integers(stride, self.axes, "stride")
        pads = check.integers(padding, self.axes, "padding")
        longer = check.integers(output_padding, self.axes, "output_padding")
        # The two-dimensional signature annotates dilation as int, its list of arguments says int or tuple: the list
        # decides, as the other dimensions say the same in both places.
        dilations = check.integers(dilation, self.axes, "dilation")
        bias = check.boolean(bias, "bias")
        if padding_mode != "zeros":
            if not isinstance(padding_mode, str):
                check.word(padding_mode, ("zeros",), "padding_mode")
            raise NotDocumented("what padding_mode may be besides zeros is not documented")
        if min(in_channels, out_channels, groups, *kernel, *strides, *dilations) < 1 or min(*pads, *longer) < 0:
            raise NotDocumented("the document gives no ranges")
        if in_channels % groups or out_channels % groups:
            raise NotDocumented("the document does not say that groups must divide the channels")
        if any(o >= max(s, d) for o, s, d in zip(longer, strides, dilations, strict=True)):
            raise NotDocumented("the document gives no upper bound of output_padding")
        crop = tuple((pad, pad) for pad in pads)
        self.geometry = Geometry(in_channels, out_channels, groups, kernel, strides, dilations, crop, longer, bias)


class ConvTranspose1d(_ConvTranspose):
    """`oneflow.nn.ConvTranspose1d`: input `(N, C_in, L)`."""

    axes = 1


class ConvTranspose2d(_ConvTranspose):
    """`oneflow.nn.ConvTranspose2d`: input `(N, C_in, H, W)`."""

    axes = 2


class ConvTranspose3d(_ConvTranspose):
    """`oneflow.nn.ConvTranspose3d`: input `(N, C_in, D, H, W)`."""

    axes = 3


class ConvTranspose1dFunction(PlainFunction):
    """`oneflow.nn.functional.conv_transpose1d`: input `(N, C_in, L)`, as in the class that it names for details."""

    axes = 1


class ConvTranspose2dFunction(PlainFunction):
    """`oneflow.nn.functional.conv_transpose2d`: input `(N, C_in, H, W)`."""

    axes = 2


class ConvTranspose3dFunction(PlainFunction):
    """`oneflow.nn.functional.conv_transpose3d`: input `(N, C_in, D, H, W)`."""

    axes = 3


APIS = {
    "oneflow.nn.ConvTranspose1d": ConvTranspose1d,
    "oneflow.nn.ConvTranspose2d": ConvTranspose2d,
    "oneflow.nn.ConvTranspose3d": ConvTranspose3d,
    "oneflow.nn.functional.conv_transpose1d": ConvTranspose1dFunction,
    "oneflow.nn.functional.conv_transpose2d": ConvTranspose2dFunction,
    "oneflow.nn.functional.conv_transpose3d": ConvTranspose3dFunction,
}
