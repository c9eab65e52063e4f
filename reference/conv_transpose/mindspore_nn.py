"""`mindspore.nn.Conv1dTranspose/Conv2dTranspose/Conv3dTranspose`, by the rulings in `mindspore.py`."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference import arguments as check
from reference.conv_transpose import mindspore_initial as initializers
from reference.conv_transpose.mindspore_pads import DTYPES, check_padding, crop
from reference.conv_transpose.module import ConvTransposeModule, Geometry
from reference.documented import NotDocumented, refuse
from reference.initializers import Distribution, SymmetricUniform
from reference.values import Dtype


class _ConvTranspose(ConvTransposeModule):
    """The common part; subclasses read their own signatures."""

    input_name = "x"

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
        self._pad_mode = check_padding(pad_mode, pads, "padding", self.padding_needs_error)
        bias = check.boolean(has_bias, "has_bias")
        for name, init in inits.items():
            if name == "bias" and not bias and init is not None:
                initializers.check_unused(init)
            initializers.check_init(init, f"{name}_init")
        self._inits = inits
        self.stored = check.stored_dtype(dtype, "dtype", DTYPES)
        removed = crop(self._pad_mode, kernel, stride, dilation, pads, front=True)
        self.undocumented = removed.undocumented
        self.geometry = Geometry(
            in_channels, out_channels, group, kernel, stride, dilation, removed.pairs, longer, bias
        )

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
        number = initializers.constant(init)
        if number is None:
            raise NotDocumented(f"the initial values of {name} are random", valid=True)
        return np.full(shape, _rounded(number, self.stored))

    def initial_law(self, name: str) -> Distribution:
        """The law of what was given; with None HeUniform for the weight and Uniform for the bias.

        With which parameters that is, only the comparison page says, which is about one dimension: as PyTorch does.
        """
        self.check_held(name)
        init = self._inits[name]
        if isinstance(init, np.ndarray):
            raise NotDocumented(f"{name} starts as the tensor that was given", valid=True)
        if init is not None:
            return initializers.law(init)
        return super().initial_law(name) if self.axes == 1 else SymmetricUniform()


def _rounded(number: float, dtype: str) -> Any:
    """The number as it is stored; NumPy has no bfloat16, so that one is held in float32."""
    if dtype != "bfloat16":
        return np.dtype(dtype).type(number)
    part, exponent = np.frexp(np.float64(number))
    return np.float32(np.ldexp(np.round(part * 2**8), exponent - 8))


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

    def unsupported_on(self, device: str) -> str:
        """Groups are not yet supported on Ascend."""
        groups = device == "ascend" and self.geometry.groups > 1
        return "the document says that Ascend does not yet support group above 1" if groups else ""

    def _shapes(self, geometry: Geometry) -> dict[str, tuple[int, ...]]:
        """As the class stores them: its weight has a height of 1, `(C_in, C_out/group, 1, K)`. No document says so."""
        shapes = super()._shapes(geometry)
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
        strict: dict[str, Any] = {"type_error": TypeError, "lists": "excluded"}
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
        strict: dict[str, Any] = {"type_error": TypeError, "length_error": TypeError, "lists": "excluded"}
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

    def check_dtypes(self, dtypes: Mapping[str, str]) -> bool:
        """Float16 and float32 on CPU and GPU, and parameters of the input's type. (On Ascend, float16 only.)"""
        given = dtypes.get("input", "float32")
        if given not in ("float16", "float32"):
            raise refuse(TypeError, "input", "type", f"the input must be of float16 or float32, not {given}")
        held = {dtypes.get(name, self.stored) for name in self.parameter_shapes()}
        if {self.stored, *held} != {given}:
            raise refuse(None, "dtype", "needs", f"dtype must be the input's, which is {given}")
        return True
