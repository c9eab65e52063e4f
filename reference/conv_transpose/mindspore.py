"""`mindspore.nn.Conv1dTranspose/Conv2dTranspose/Conv3dTranspose` as documented in MindSpore 2.10.

The documents contradict one another on output shapes. The rulings, each resting on documents only (the claims that
they overrule are marked in `cases/conv_transpose/mindspore.py`):

same-length     With pad_mode same each output length is input length times stride: the 2-D document's formula and the
                second example of the comparison page. Overruled: the formulas of the 1-D and the 3-D document, which
                are those of a convolution.
same-crop       The amount that pad_mode same chooses is an amount of `padding`, which removes that much of the result
                on its side: the pad-mode paragraph of the same documents uses the same words for `padding`. So an odd
                excess removes one more element at the end. In the 3-D document the excess of the depth axis goes to
                the "front", which may name either end: there values are not documented.
valid-length    With pad_mode valid nothing is removed, so lengths are those of pad_mode pad with padding 0: the 1-D
                document's formula and the third example of the comparison page. Overruled: the 2-D formula, which
                lacks the kernel's own size, and the 3-D formula, which is a convolution's. Where the stride is longer
                than the dilated kernel the 2-D formula is a rival that no further document about 2-D or 3-D decides:
                there these two are not documented.
pad-3d          With pad_mode pad the 3-D lengths are those of the 1-D and 2-D formulas: the 3-D document's own
                example. Overruled: its formula, which is a convolution's.
padding-length  A padding tuple of the wrong length is a ValueError in the 3-D document, which names it apart from the
                TypeError of the other tuples.

output-padding  output_padding is said to pad the output; which values stand there is decided by the sentence that the
                layer is the gradient of the convolution: what falls there is kept, as in the other documents of the
                operator.

With pad_mode same and a stride longer than the dilated kernel the amount of padding would be negative: the length is
documented, the values are not.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference import arguments as check
from reference.conv_transpose.module import ConvTransposeModule, Geometry
from reference.documented import NotDocumented, Refusal, refuse
from reference.values import Dtype

PAD_MODES = ("same", "valid", "pad")
CONSTANTS = {"one": 1.0, "ones": 1.0, "zero": 0.0, "zeros": 0.0}
RANDOM = ("truncatednormal", "normal", "uniform", "heuniform", "xavieruniform", "xavier_uniform", "he_uniform")


class _ConvTranspose(ConvTransposeModule):
    """The common part; subclasses read their own signatures."""

    # What the documents of this dimension say of errors.
    padding_needs_error: type[Exception] | None = ValueError

    def _configure(
        self,
        channels: tuple[int, int],
        kernel: tuple[int, ...],
        stride: tuple[int, ...],
        pads: tuple[int, ...],
        longer: tuple[int, ...],
        dilation: tuple[int, ...],
        group: int,
        *,
        pad_mode: Any,
        has_bias: Any,
        inits: Mapping[str, Any],
        dtype: Any,
    ) -> None:
        """Check what every dimension checks alike, and settle the geometry."""
        in_channels, out_channels = channels
        check.at_least(in_channels, 1, "in_channels", ValueError)
        check.at_least(out_channels, 1, "out_channels", ValueError)
        check.at_least(kernel, 1, "kernel_size", ValueError)
        check.at_least(stride, 1, "stride", ValueError)
        check.at_least(pads, 0, "padding", ValueError)
        check.at_least(dilation, 1, "dilation", ValueError)
        if group < 1:
            raise NotDocumented("the document gives no range of group")
        check.divisible(in_channels, "in_channels", group, "group")
        check.divisible(out_channels, "out_channels", group, "group")
        pad_mode = check.word(pad_mode, PAD_MODES, "pad_mode", ValueError)
        if pad_mode != "pad" and any(pads):
            raise refuse(
                self.padding_needs_error, "padding", "needs", f"padding={pads} must be 0 with pad_mode={pad_mode!r}"
            )
        bias = check.boolean(has_bias, "has_bias")
        for name, init in inits.items():
            if name == "bias" and not bias and init is not None:
                _check_unused(init)
            _check_init(init, f"{name}_init")
        self._inits = inits
        if check.dtype(dtype, "dtype") != "float32":
            raise NotDocumented("which dtypes parameters may have is not documented")
        self._pad_mode = pad_mode
        crop = self._crop(pad_mode, kernel, stride, dilation, pads)
        self.geometry = Geometry(in_channels, out_channels, group, kernel, stride, dilation, crop, longer, bias)

    def _crop(
        self,
        pad_mode: str,
        kernel: tuple[int, ...],
        stride: tuple[int, ...],
        dilation: tuple[int, ...],
        pads: tuple[int, ...],
    ) -> tuple[tuple[int, int], ...]:
        if pad_mode == "pad":
            return tuple(zip(pads[::2], pads[1::2], strict=True))
        excess = tuple(d * (k - 1) + 1 - s for k, s, d in zip(kernel, stride, dilation, strict=True))
        if pad_mode == "valid":
            if min(excess) < 0 and self.axes > 1:
                self.undocumented = "two documented lengths of pad_mode valid compete where stride exceeds the kernel"
            return ((0, 0),) * len(kernel)
        if min(excess) < 0:
            self.undocumented = "the padding of pad_mode same would be negative where stride exceeds the kernel"
        elif self.axes == 3 and excess[0] % 2:
            self.undocumented = "at which end of the depth axis the odd excess of pad_mode same goes is not documented"
        return tuple((amount // 2, amount - amount // 2) for amount in excess)

    def check_input(self, x: NDArray[Any]) -> None:
        """Dilation may be at most the input's length on its axis."""
        for value, length in zip(self.geometry.dilation, x.shape[2:], strict=True):
            if value > length:
                raise refuse(None, "dilation", "range", f"dilation must be at most {length}, but got {value}")

    def initial(self, name: str) -> NDArray[Any]:
        """Ones, zeros, a number or a given tensor; every other initialisation is random."""
        init, shape = self._inits[name], self.parameter_shapes()[name]
        if isinstance(init, np.ndarray):
            return init.reshape(shape)
        if isinstance(init, str) and init.lower() in CONSTANTS:
            init = CONSTANTS[init.lower()]
        if isinstance(init, int | float):
            return np.full(shape, init, np.float32)
        raise NotDocumented(f"the initial values of {name} are random", valid=True)


def _check_unused(init: Any) -> None:
    try:
        _check_init(init, "bias_init")
    except Refusal:
        raise NotDocumented("whether bias_init is looked at without a bias is not documented") from None


def _check_init(value: Any, argument: str) -> None:
    if value is None or isinstance(value, np.ndarray):
        return
    if isinstance(value, bool | np.generic):
        raise NotDocumented(f"whether {type(value).__name__} counts as a number for {argument} is not documented")
    if isinstance(value, str):
        if value.lower() not in (*CONSTANTS, *RANDOM):
            raise refuse(None, argument, "choice", f"{argument} must be the name of an initializer, but got {value!r}")
    elif not isinstance(value, int | float):
        raise refuse(None, argument, "type", f"{argument} must be a tensor, a name or a number, but got {value!r}")


class Conv1dTranspose(_ConvTranspose):
    """`mindspore.nn.Conv1dTranspose`: input `(N, C_in, L)`; every size is an int, none a tuple."""

    axes = 1
    padding_needs_error = None  # the 1-D document asks for it, but lists no error

    def __init__(
        self,
        in_channels: Any,
        out_channels: Any,
        kernel_size: Any,
        stride: Any = 1,
        pad_mode: Any = "same",
        padding: Any = 0,
        dilation: Any = 1,
        group: Any = 1,
        has_bias: Any = False,
        weight_init: Any = None,
        bias_init: Any = None,
        dtype: Any = Dtype("float32"),  # noqa: B008 - frozen
    ) -> None:
        self._configure(
            (
                check.integer(in_channels, "in_channels", TypeError),
                check.integer(out_channels, "out_channels", TypeError),
            ),
            (check.integer(kernel_size, "kernel_size", TypeError),),
            (check.integer(stride, "stride", TypeError),),
            (check.integer(padding, "padding", TypeError),) * 2,
            (0,),
            (check.integer(dilation, "dilation", TypeError),),
            check.integer(group, "group"),
            pad_mode=pad_mode,
            has_bias=has_bias,
            inits={"weight": weight_init, "bias": bias_init},
            dtype=dtype,
        )

    def parameter_shapes(self) -> Mapping[str, tuple[int, ...]]:
        """As the class stores them: its weight has a height of 1, `(C_in, C_out/group, 1, K)`. No document says so."""
        shapes = dict(super().parameter_shapes())
        incoming, outgoing, kernel = shapes["weight"]
        return shapes | {"weight": (incoming, outgoing, 1, kernel)}


class Conv2dTranspose(_ConvTranspose):
    """`mindspore.nn.Conv2dTranspose`: input `(N, C_in, H, W)`; padding is an int or (top, bottom, left, right)."""

    axes = 2

    def __init__(
        self,
        in_channels: Any,
        out_channels: Any,
        kernel_size: Any,
        stride: Any = 1,
        pad_mode: Any = "same",
        padding: Any = 0,
        output_padding: Any = 0,
        dilation: Any = 1,
        group: Any = 1,
        has_bias: Any = False,
        weight_init: Any = None,
        bias_init: Any = None,
        dtype: Any = Dtype("float32"),  # noqa: B008 - frozen
    ) -> None:
        strict: dict[str, Any] = {"type_error": TypeError, "lists": True}
        strides = check.integers(stride, 2, "stride", **strict)
        dilations = check.integers(dilation, 2, "dilation", **strict)
        longer = check.integers(output_padding, 2, "output_padding")
        check.at_least(longer, 0, "output_padding")
        self._configure(
            (
                check.integer(in_channels, "in_channels", TypeError),
                check.integer(out_channels, "out_channels", TypeError),
            ),
            check.integers(kernel_size, 2, "kernel_size", **strict),
            strides,
            check.integers(padding, 4, "padding", length_error=ValueError, **strict),
            longer,
            dilations,
            check.integer(group, "group", TypeError),
            pad_mode=pad_mode,
            has_bias=has_bias,
            inits={"weight": weight_init, "bias": bias_init},
            dtype=dtype,
        )
        for value, s, d in zip(longer, strides, dilations, strict=True):
            if value >= max(s, d):
                bound = f"below max(stride, dilation) = {max(s, d)}"
                raise refuse(None, "output_padding", "range", f"output_padding must be {bound}, but got {value}")
        if any(longer) and self._pad_mode != "pad":
            raise refuse(
                None, "output_padding", "needs", f"output_padding={longer} needs pad_mode 'pad', not {pad_mode!r}"
            )


class Conv3dTranspose(_ConvTranspose):
    """`mindspore.nn.Conv3dTranspose`: input `(N, C_in, D, H, W)`; padding is an int or six ints, two per axis."""

    axes = 3

    def __init__(
        self,
        in_channels: Any,
        out_channels: Any,
        kernel_size: Any,
        stride: Any = 1,
        pad_mode: Any = "same",
        padding: Any = 0,
        dilation: Any = 1,
        group: Any = 1,
        output_padding: Any = 0,
        has_bias: Any = False,
        weight_init: Any = None,
        bias_init: Any = None,
        data_format: Any = "NCDHW",
        dtype: Any = Dtype("float32"),  # noqa: B008 - frozen
    ) -> None:
        strict: dict[str, Any] = {"type_error": TypeError, "length_error": TypeError, "lists": True}
        strides = check.integers(stride, 3, "stride", **strict)
        dilations = check.integers(dilation, 3, "dilation", **strict)
        longer = check.integers(output_padding, 3, "output_padding", **strict)
        check.at_least(longer, 0, "output_padding")
        check.word(data_format, ("NCDHW",), "data_format", ValueError)
        self._configure(
            (
                check.integer(in_channels, "in_channels", TypeError),
                check.integer(out_channels, "out_channels", TypeError),
            ),
            check.integers(kernel_size, 3, "kernel_size", **strict),
            strides,
            check.integers(padding, 6, "padding", **(strict | {"length_error": ValueError})),
            longer,
            dilations,
            check.integer(group, "group", TypeError),
            pad_mode=pad_mode,
            has_bias=has_bias,
            inits={"weight": weight_init, "bias": bias_init},
            dtype=dtype,
        )
        if any(longer) and self._pad_mode != "pad":
            raise NotDocumented("the 3-D document does not say what output_padding does outside of pad_mode pad")
        if any(value >= max(s, d) for value, s, d in zip(longer, strides, dilations, strict=True)):
            raise NotDocumented("the 3-D document gives no upper bound of output_padding")


APIS = {
    "mindspore.nn.Conv1dTranspose": Conv1dTranspose,
    "mindspore.nn.Conv2dTranspose": Conv2dTranspose,
    "mindspore.nn.Conv3dTranspose": Conv3dTranspose,
}
