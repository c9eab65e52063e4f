"""`mindspore.mint`'s two-dimensional transposed convolution, and `ops.conv_transpose2d`, whose document is the same.

The documents list Ascend as the only platform. They allow lists where the functions take tuples, and they ask for an
output_padding below the stride or the dilation without naming an error.
"""

from typing import Any

from reference import arguments as check
from reference.conv_transpose.function import ConvTransposeFunction
from reference.conv_transpose.mindspore_pads import DTYPES, only_on_ascend
from reference.conv_transpose.module import ConvTransposeModule, Geometry
from reference.conv_transpose.torch import exact_size
from reference.documented import NotDocumented, refuse


def _check_longer(longer: tuple[int, ...], stride: tuple[int, ...], dilation: tuple[int, ...]) -> None:
    for value, s, d in zip(longer, stride, dilation, strict=True):
        if value >= max(s, d):
            wanted = f"output_padding must be less than stride={s} or dilation={d}, but got {value}"
            raise refuse(None, "output_padding", "range", wanted)


class ConvTranspose2d(ConvTransposeModule):
    """`mindspore.mint.nn.ConvTranspose2d`: input `(N, C_in, H, W)` or `(C_in, H, W)`. Its document lists no errors."""

    axes = 2
    batched_only = False

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
        dtype: Any = None,
    ) -> None:
        in_channels = check.integer(in_channels, "in_channels")
        out_channels = check.integer(out_channels, "out_channels")
        kernel = check.integers(kernel_size, 2, "kernel_size")
        strides = check.integers(stride, 2, "stride")
        pads = check.integers(padding, 2, "padding")
        longer = check.integers(output_padding, 2, "output_padding")
        groups = check.integer(groups, "groups")
        bias = check.boolean(bias, "bias")
        dilations = check.integers(dilation, 2, "dilation")
        check.word(padding_mode, ("zeros",), "padding_mode")
        if dtype is not None:
            self.stored = check.stored_dtype(dtype, "dtype", DTYPES)
        if min(in_channels, out_channels, groups, *kernel, *strides, *dilations) < 1 or min(*pads, *longer) < 0:
            raise NotDocumented("the document gives no lower bounds")
        if in_channels % groups or out_channels % groups:
            raise NotDocumented("the document does not say that groups must divide the channels")
        _check_longer(longer, strides, dilations)
        crop = tuple((pad, pad) for pad in pads)
        self.geometry = Geometry(in_channels, out_channels, groups, kernel, strides, dilations, crop, longer, bias)

    def longer(self, lengths: tuple[int, ...], **options: Any) -> tuple[int, ...]:
        """`output_size` asks for an exact size, as the document's example does."""
        return exact_size(lengths, self.geometry, **options)

    @classmethod
    def unlisted(cls, device: str) -> str:
        """Every device but Ascend."""
        return only_on_ascend(device)


class ConvTranspose2dFunction(ConvTransposeFunction):
    """`mindspore.mint.nn.functional.conv_transpose2d` and `mindspore.ops.conv_transpose2d`."""

    axes = 2
    unbatched = "documented"
    bias_error = ValueError

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
        sizes: dict[str, Any] = {"type_error": TypeError, "length_error": ValueError, "lists": "allowed"}
        strides = check.integers(stride, 2, "stride", **sizes)
        pads = check.integers(padding, 2, "padding", **sizes)
        longer = check.integers(output_padding, 2, "output_padding", **sizes)
        groups = check.integer(groups, "groups", TypeError)
        dilations = check.integers(dilation, 2, "dilation", **sizes)
        self.take(input, weight, bias)
        check.at_least(strides, 1, "stride", ValueError)
        check.at_least(dilations, 1, "dilation", ValueError)
        check.at_least(pads, 0, "padding", ValueError)
        check.at_least(longer, 0, "output_padding", ValueError)
        if groups < 1:
            raise NotDocumented("the document gives no range of groups")
        _check_longer(longer, strides, dilations)
        self.settle(strides, tuple((pad, pad) for pad in pads), longer, groups, dilations)

    @classmethod
    def unlisted(cls, device: str) -> str:
        """Every device but Ascend."""
        return only_on_ascend(device)
