"""`torch.nn.ConvTranspose1d/2d/3d` as documented in PyTorch 2.13.

The document of these classes has no list of errors: where it calls a value invalid, the class of the error stays
open. It gives no ranges for sizes, strides, padding or dilation, nor for output_padding; outside of what its shape
formula makes sense of, nothing is documented.
"""

from typing import Any

from reference import arguments as check
from reference.conv_transpose.module import ConvTransposeModule, Geometry
from reference.documented import NotDocumented


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
            if self.padding_modes is None:
                raise NotDocumented("what padding_mode may be is not documented")
            check.word(padding_mode, self.padding_modes, "padding_mode")
        if device is not None or dtype is not None:
            raise NotDocumented("device and dtype are in the signature but not explained")
        if min(in_channels, out_channels, groups, *kernel, *strides, *dilations) < 1 or min(*pads, *longer) < 0:
            raise NotDocumented("the document gives no ranges")
        check.divisible(in_channels, "in_channels", groups, "groups")
        check.divisible(out_channels, "out_channels", groups, "groups")
        if any(o >= max(s, d) for o, s, d in zip(longer, strides, dilations, strict=True)):
            raise NotDocumented("the document gives no upper bound of output_padding")
        crop = tuple((pad, pad) for pad in pads)
        self.geometry = Geometry(in_channels, out_channels, groups, kernel, strides, dilations, crop, longer, bias)

    def longer(self, lengths: tuple[int, ...], **options: Any) -> tuple[int, ...]:
        """`output_size` asks for an exact size, of which the last entries are the spatial ones."""
        sizes = options.pop("output_size", None)
        if options or not (sizes is None or isinstance(sizes, tuple | list)):
            raise NotDocumented(f"the call documents no {options or sizes}")
        wanted = lengths if sizes is None else tuple(sizes)[-self.axes :]
        if len(wanted) != self.axes or not all(type(size) is int for size in wanted):
            raise NotDocumented(f"what output_size {sizes} means is not documented")
        longer = tuple(want - length for want, length in zip(wanted, lengths, strict=True))
        if any(not 0 <= more < stride for more, stride in zip(longer, self.geometry.stride, strict=True)):
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


APIS = {
    "torch.nn.ConvTranspose1d": ConvTranspose1d,
    "torch.nn.ConvTranspose2d": ConvTranspose2d,
    "torch.nn.ConvTranspose3d": ConvTranspose3d,
}
