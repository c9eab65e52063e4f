"""PyTorch's documented transposed convolutions, as of PyTorch 2.13: layers, lazy layers, and functions.

The documents of these classes have no list of errors: where they call a value invalid, the class of the error stays
open. They give no ranges for sizes, strides, padding or dilation, nor for output_padding; outside of what their shape
formula makes sense of, nothing is documented.
"""

from dataclasses import replace
from typing import Any

from reference import arguments as check
from reference.conv_transpose.function import PlainFunction
from reference.conv_transpose.module import ConvTransposeModule, Geometry
from reference.documented import NotDocumented, refuse
from reference.values import Dtype

# PyTorch's note on modules explains `dtype` and `device`: parameters are of the type and on the device that are named.
# Which values name one is documented elsewhere; these do beyond doubt.
DTYPES = ("float16", "bfloat16", "float32", "float64", "complex64", "complex128")
DEVICES = ("cpu", "cuda")
# What the signature offers beside zeros.
OFFERED_MODES = ("reflect", "replicate", "circular")


class _ConvTranspose(ConvTransposeModule):
    batched_only = False
    # Only the comparison page of MindSpore, which is about the one-dimensional class, says what padding_mode may be.
    padding_modes: tuple[str, ...] | None = None

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
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        in_channels = check.integer(in_channels, "in_channels")
        out_channels = check.integer(out_channels, "out_channels")
        groups = check.integer(groups, "groups")
        kernel = check.integers(kernel_size, self.axes, "kernel_size")
        strides = check.integers(stride, self.axes, "stride")
        pads = check.integers(padding, self.axes, "padding")
        longer = check.integers(output_padding, self.axes, "output_padding")
        dilations = check.integers(dilation, self.axes, "dilation")
        bias = check.boolean(bias, "bias")
        if padding_mode != "zeros":
            if self.padding_modes is None and padding_mode in OFFERED_MODES:
                raise NotDocumented("the signature offers this padding_mode, no document says what it does", valid=True)
            if self.padding_modes is None:
                raise NotDocumented("what padding_mode may be is not documented")
            check.word(padding_mode, self.padding_modes, "padding_mode")
        if device is not None and not (isinstance(device, str) and device in DEVICES):
            raise NotDocumented(f"what {device!r} means for device is not documented")
        if dtype is not None:
            if not isinstance(dtype, Dtype):
                raise NotDocumented(f"what {dtype!r} means for dtype is not documented")
            self.stored = check.stored_dtype(dtype, "dtype", DTYPES)
        if min(in_channels, out_channels, groups, *kernel, *strides, *dilations) < 1 or min(*pads, *longer) < 0:
            raise NotDocumented("the document gives no ranges")
        check.divisible(in_channels, "in_channels", groups, "groups")
        check.divisible(out_channels, "out_channels", groups, "groups")
        if any(o >= max(s, d) for o, s, d in zip(longer, strides, dilations, strict=True)):
            raise NotDocumented("the document gives no upper bound of output_padding")
        crop = tuple((pad, pad) for pad in pads)
        self.geometry = Geometry(in_channels, out_channels, groups, kernel, strides, dilations, crop, longer, bias)

    def longer(self, lengths: tuple[int, ...], **options: Any) -> tuple[int, ...]:
        """`output_size` asks for an exact size."""
        return exact_size(lengths, self.geometry, **options)


def exact_size(lengths: tuple[int, ...], geometry: Geometry, **options: Any) -> tuple[int, ...]:
    """How much longer the output must be for `output_size`, of which the last entries are the spatial ones."""
    sizes, axes, stride = options.pop("output_size", None), len(lengths), geometry.stride
    if options or not (sizes is None or isinstance(sizes, tuple | list)):
        raise NotDocumented(f"the call documents no {options or sizes}")
    if sizes is not None and any(geometry.longer):
        raise NotDocumented("what output_size means beside an output_padding is not documented")
    wanted = lengths if sizes is None else tuple(sizes)[-axes:]
    if len(wanted) != axes or not all(type(size) is int for size in wanted):
        raise NotDocumented(f"what output_size {sizes} means is not documented")
    longer = tuple(want - length for want, length in zip(wanted, lengths, strict=True))
    if any(not 0 <= more < step for more, step in zip(longer, stride, strict=True)):
        raise NotDocumented("which sizes output_size may ask for is not documented")
    return longer


class ConvTranspose1d(_ConvTranspose):
    """`torch.nn.ConvTranspose1d`: input `(N, C_in, L)` or `(C_in, L)`."""

    axes = 1
    padding_modes = ("zeros",)


class ConvTranspose2d(_ConvTranspose):
    """`torch.nn.ConvTranspose2d`: input `(N, C_in, H, W)` or `(C_in, H, W)`."""

    axes = 2


class ConvTranspose3d(_ConvTranspose):
    """`torch.nn.ConvTranspose3d`: input `(N, C_in, D, H, W)` or `(C_in, D, H, W)`."""

    axes = 3


class _LazyConvTranspose(_ConvTranspose):
    """A layer that takes `in_channels` from its first input, so that until then its parameters have no shape.

    The number is that of `input.size(1)`, which is a number of channels only where the input has a batch: without one
    the document of the lazy class and that of the class it stands for do not agree, and no side is taken.
    The two-dimensional signature annotates dilation as int, its list of arguments says int or tuple: the list decides.
    """

    def __init__(
        self,
        out_channels: Any,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: Any = 1,
        bias: Any = True,
        dilation: Any = 1,
        padding_mode: Any = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        fewest = max(1, check.integer(groups, "groups"))
        given = (kernel_size, stride, padding, output_padding, groups, bias, dilation, padding_mode, device, dtype)
        super().__init__(fewest, out_channels, *given)

    def parameter_shapes(self) -> dict[str, tuple[int, ...]]:
        """Not known before there is an input."""
        raise NotDocumented("a lazy layer's parameters have no shape before its first input", valid=True)

    def geometry_for(self, input_shape: tuple[int, ...]) -> Geometry:
        """With the channels of the input."""
        if len(input_shape) == self.axes + 1:
            raise NotDocumented("in_channels is that of input.size(1), which without a batch counts no channels")
        if len(input_shape) != self.axes + 2:
            raise refuse(None, "input", "rank", f"no channels can be inferred from an input of shape {input_shape}")
        check.divisible(input_shape[1], "in_channels", self.geometry.groups, "groups")
        return replace(self.geometry, in_channels=input_shape[1])


class LazyConvTranspose1d(_LazyConvTranspose):
    """`torch.nn.LazyConvTranspose1d`: input `(N, C_in, L)`."""

    axes = 1
    padding_modes = ("zeros",)


class LazyConvTranspose2d(_LazyConvTranspose):
    """`torch.nn.LazyConvTranspose2d`: input `(N, C_in, H, W)`."""

    axes = 2


class LazyConvTranspose3d(_LazyConvTranspose):
    """`torch.nn.LazyConvTranspose3d`: input `(N, C_in, D, H, W)`."""

    axes = 3


class _Function(PlainFunction):
    """The list of arguments gives the input a batch; the class that it names for details knows an input without one.

    The first sentence speaks of this function, the second sends elsewhere for "details and output shape": neither says
    that the function refuses such an input, nor clearly that it takes it, so that it is left open.
    """

    unbatched = "open"


class ConvTranspose1dFunction(_Function):
    """`torch.nn.functional.conv_transpose1d`."""

    axes = 1


class ConvTranspose2dFunction(_Function):
    """`torch.nn.functional.conv_transpose2d`."""

    axes = 2


class ConvTranspose3dFunction(_Function):
    """`torch.nn.functional.conv_transpose3d`."""

    axes = 3


APIS = {
    "torch.nn.ConvTranspose1d": ConvTranspose1d,
    "torch.nn.ConvTranspose2d": ConvTranspose2d,
    "torch.nn.ConvTranspose3d": ConvTranspose3d,
    "torch.nn.LazyConvTranspose1d": LazyConvTranspose1d,
    "torch.nn.LazyConvTranspose2d": LazyConvTranspose2d,
    "torch.nn.LazyConvTranspose3d": LazyConvTranspose3d,
    "torch.nn.functional.conv_transpose1d": ConvTranspose1dFunction,
    "torch.nn.functional.conv_transpose2d": ConvTranspose2dFunction,
    "torch.nn.functional.conv_transpose3d": ConvTranspose3dFunction,
}
