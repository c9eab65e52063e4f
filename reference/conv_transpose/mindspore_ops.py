"""`mindspore.ops.Conv2DTranspose`, `Conv3DTranspose` and `conv3d_transpose`, by the rulings in `mindspore.py`.

The two primitives are constructed and then called with tensors; they hold no parameters. `mode` is documented as an int
that is not used, so that every int is valid and changes nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference import arguments as check
from reference.conv_transpose.function import ConvTransposeFunction
from reference.conv_transpose.mindspore_pads import check_padding, crop
from reference.conv_transpose.module import ConvTransposeApi, Geometry, Operands
from reference.documented import NotDocumented, Unsupported, refuse

HALF_AND_SINGLE = ("float16", "float32")


def _bound(names: tuple[str, ...], inputs: tuple[Any, ...], options: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a call by name."""
    given = dict(zip(names, inputs, strict=False)) | dict(options)
    if len(inputs) > len(names) or not set(given) <= set(names) or len(given) < len(inputs) + len(options):
        raise NotDocumented(f"the call documents {', '.join(names)}, and each once")
    return given


def _check_channels(x: NDArray[Any], channels: int) -> None:
    if x.shape[1] != channels:
        raise refuse(None, "input", "channels", f"dout must have {channels} channels, its shape is {x.shape}")


def _check_rank(array: NDArray[Any], argument: str, rank: int, error: type[Exception] | None) -> None:
    if array.ndim != rank:
        raise refuse(error, argument, "rank", f"{argument} must have {rank} dimensions, its shape is {array.shape}")


def _check_weight(weight: NDArray[Any], wanted: tuple[int, ...]) -> None:
    for place, (found, extent) in enumerate(zip(weight.shape, wanted, strict=True)):
        if found != extent:
            rule: Any = "channels" if place < 2 else "length"
            raise refuse(None, "weight", rule, f"the weight must have shape {wanted}, but has {weight.shape}")


def _half_or_single(dtypes: Mapping[str, str]) -> bool:
    """Float16 and float32, and both tensors alike, as the documents of the 3-D forms have it."""
    for role in ("input", "weight"):
        if dtypes.get(role, "float32") not in HALF_AND_SINGLE:
            wanted = f"{role} must be of float16 or float32, not {dtypes[role]}"
            raise refuse(TypeError, role, "type", wanted)
    given = dtypes.get("input", "float32")
    if dtypes.get("weight", given) != given:
        raise refuse(None, "weight", "type", f"the weight must have the type of dout, {given}")
    return True


class Conv2DTranspose(ConvTransposeApi):
    """`mindspore.ops.Conv2DTranspose`: the gradient of a convolution with respect to its input.

    Called with `dout (N, C_out, H_out, W_out)`, a weight `(C_out, C_in/group, K1, K2)` and the shape that the
    convolution's input has, `(N, C_in, H_in, W_in)`, which is that of the result. In the law's terms C_out comes in and
    C_in goes out.

    `input_size` may be any length that a convolution of these arguments takes to dout's: those that the formulas of
    `nn.Conv2dTranspose` give, and up to a stride less one more, whose last elements the convolution discards. For
    pad_mode same the documents give one length alone.
    """

    axes = 2

    def __init__(
        self,
        out_channel: Any,
        kernel_size: Any,
        pad_mode: Any = "valid",
        pad: Any = 0,
        pad_list: Any = None,
        mode: Any = 1,
        stride: Any = 1,
        dilation: Any = 1,
        group: Any = 1,
        data_format: Any = "NCHW",
    ) -> None:
        sizes: dict[str, Any] = {"type_error": TypeError, "lists": "excluded"}
        out_channel = check.integer(out_channel, "out_channel", TypeError)
        kernel = check.integers(kernel_size, 2, "kernel_size", lengths=False, **sizes)
        pads = check.integers(pad, 4, "pad", length_error=ValueError, **sizes)
        strides = check.integers(stride, 2, "stride", lengths=False, **sizes)
        dilations = check.integers(dilation, 2, "dilation", lengths=False, **sizes)
        group = check.integer(group, "group", TypeError)
        check.integer(mode, "mode")
        for name, values in (("kernel_size", kernel), ("stride", strides), ("dilation", dilations)):
            check.at_least(values, 1, name, ValueError)
        found = check_padding(pad_mode, pads, "pad", ValueError)
        check.at_least(pads, 0, "pad")
        if check.word(data_format, ("NCHW", "NHWC"), "data_format", ValueError) == "NHWC":
            raise NotDocumented("how the weight lies in the data format NHWC is not documented")
        if pad_list is not None:
            raise NotDocumented("what pad_list is, is not documented: a str by its type, four numbers by its words")
        if min(out_channel, group) < 1:
            raise NotDocumented("the document gives no range of out_channel and group")
        if out_channel % group:
            raise NotDocumented("the document does not say that group must divide the channels")
        self._pad_mode = found
        removed = crop(found, kernel, strides, dilations, pads, front=False)
        # A result's length is given here, so that no two formulas of pad_mode valid compete.
        self.undocumented = removed.undocumented if found == "same" else ""
        none = (0, 0)
        self.geometry = Geometry(out_channel, group, group, kernel, strides, dilations, removed.pairs, none, False)

    def operands(self, *inputs: Any, parameters: Mapping[str, NDArray[Any]], **options: Any) -> Operands:
        """Of a call with dout, weight and input_size."""
        given = _bound(("dout", "weight", "input_size"), inputs, options)
        x, weight = check.tensor(given.get("dout"), "input"), check.tensor(given.get("weight"), "weight")
        size = given.get("input_size")
        if isinstance(size, np.ndarray | list):
            raise NotDocumented("input_size is called a Tensor and described as a tuple: only a tuple is beyond doubt")
        if not isinstance(size, tuple):
            raise refuse(None, "input_size", "type", f"input_size must be a tuple, but got {size!r}")
        size = check.integers(size, 4, "input_size")
        _check_rank(x, "input", 4, None)
        _check_rank(weight, "weight", 4, None)
        if min(*x.shape, *weight.shape, *size) < 1:
            raise NotDocumented("no document speaks of an empty dout, weight or input_size")
        geometry = replace(self.geometry, out_channels=weight.shape[1] * self.geometry.groups)
        _check_channels(x, geometry.in_channels)
        _check_weight(weight, geometry.weight)
        if size[:2] != (x.shape[0], geometry.out_channels):
            wanted = f"input_size must start with {(x.shape[0], geometry.out_channels)}, but is {size}"
            raise refuse(None, "input_size", "channels", wanted)
        lengths = geometry.lengths(x.shape[2:])
        longer = tuple(want - length for want, length in zip(size[2:], lengths, strict=True))
        most = geometry.stride if self._pad_mode != "same" else (1, 1)
        if any(not 0 <= more < bound for more, bound in zip(longer, most, strict=True)):
            raise NotDocumented(f"no convolution that the documents describe takes {size} to {x.shape}")
        self.check_lengths(size[2:])
        return Operands(geometry, x, weight, None, longer)


def _pads_3d(pad_mode: Any, pad: Any, argument: str) -> tuple[str, tuple[int, ...]]:
    pads = check.integers(pad, 6, argument, type_error=TypeError, length_error=ValueError, lists="excluded")
    check.at_least(pads, 0, argument, ValueError)
    return check_padding(pad_mode, pads, argument, ValueError), pads


def _check_longer(mode: str, longer: tuple[int, ...], stride: tuple[int, ...], dilation: tuple[int, ...]) -> None:
    """The formula of pad_mode pad adds output_padding; nothing is said of its range, nor of the other modes."""
    if any(longer) and mode != "pad":
        raise NotDocumented("the document does not say what output_padding does outside of pad_mode pad")
    if any(not 0 <= value < max(s, d, 1) for value, s, d in zip(longer, stride, dilation, strict=True)):
        raise NotDocumented("the document gives no bounds of output_padding")


class Conv3DTranspose(ConvTransposeApi):
    """`mindspore.ops.Conv3DTranspose`: called with `dout (N, C_in, D, H, W)` and `weight (C_in, C_out//group, *K)`."""

    axes = 3

    def __init__(
        self,
        in_channel: Any,
        out_channel: Any,
        kernel_size: Any,
        mode: Any = 1,
        pad_mode: Any = "valid",
        pad: Any = 0,
        stride: Any = 1,
        dilation: Any = 1,
        group: Any = 1,
        output_padding: Any = 0,
        data_format: Any = "NCDHW",
    ) -> None:
        sizes: dict[str, Any] = {"type_error": TypeError, "lists": "excluded"}
        in_channel = check.integer(in_channel, "in_channel", TypeError)
        out_channel = check.integer(out_channel, "out_channel", TypeError)
        kernel = check.integers(kernel_size, 3, "kernel_size", **sizes)
        strides = check.integers(stride, 3, "stride", **sizes)
        dilations = check.integers(dilation, 3, "dilation", lengths=False, **sizes)
        longer = check.integers(output_padding, 3, "output_padding", lengths=False, **sizes)
        group = check.integer(group, "group", TypeError)
        check.integer(mode, "mode")
        check.at_least(in_channel, 1, "in_channel", ValueError)
        check.at_least(out_channel, 1, "out_channel", ValueError)
        for name, values in (("kernel_size", kernel), ("stride", strides), ("dilation", dilations)):
            check.at_least(values, 1, name, ValueError)
        check.word(data_format, ("NCDHW",), "data_format", ValueError)
        found, pads = _pads_3d(pad_mode, pad, "pad")
        if group < 1:
            raise NotDocumented("the document gives no range of group")
        check.divisible(in_channel, "in_channel", group, "group")
        check.divisible(out_channel, "out_channel", group, "group")
        _check_longer(found, longer, strides, dilations)
        removed = crop(found, kernel, strides, dilations, pads, front=True)
        self.undocumented = removed.undocumented
        self._pad_mode = found
        self.geometry = Geometry(
            in_channel, out_channel, group, kernel, strides, dilations, removed.pairs, longer, False
        )

    def operands(self, *inputs: Any, parameters: Mapping[str, NDArray[Any]], **options: Any) -> Operands:
        """Of a call with dout and weight; a bias may only be None."""
        given = _bound(("dout", "weight", "bias"), inputs, options)
        x, weight = check.tensor(given.get("dout"), "input"), check.tensor(given.get("weight"), "weight")
        _check_rank(x, "input", 5, ValueError)
        _check_rank(weight, "weight", 5, ValueError)
        if given.get("bias") is not None:
            raise refuse(ValueError, "bias", "choice", "bias must be None")
        _check_channels(x, self.geometry.in_channels)
        _check_weight(weight, self.geometry.weight)
        if min(x.shape) < 1:
            raise NotDocumented("no document speaks of an empty dout")
        self.check_lengths(self.geometry.lengths(x.shape[2:]))
        return Operands(self.geometry, x, weight, None, (0, 0, 0))

    def check_dtypes(self, dtypes: Mapping[str, str]) -> bool:
        """Float16 and float32 on CPU and GPU, and both tensors alike. (On Ascend, float16 only.)"""
        return _half_or_single(dtypes)

    def unsupported_on(self, device: str) -> str:
        """Groups are not supported on Ascend."""
        groups = device == "ascend" and self.geometry.groups > 1
        return "the document says that Ascend supports group 1 only" if groups else ""


class Conv3dTransposeFunction(ConvTransposeFunction):
    """`mindspore.ops.conv3d_transpose`: `inputs (N, C_in, D, H, W)` and `weight (C_in, C_out, *K)`; group must be 1."""

    axes = 3
    rank_error = ValueError

    def __init__(
        self,
        inputs: Any,
        weight: Any,
        pad_mode: Any = "valid",
        padding: Any = 0,
        stride: Any = 1,
        dilation: Any = 1,
        group: Any = 1,
        output_padding: Any = 0,
    ) -> None:
        sizes: dict[str, Any] = {"type_error": TypeError, "lists": "excluded"}
        strides = check.integers(stride, 3, "stride", **sizes)
        dilations = check.integers(dilation, 3, "dilation", lengths=False, **sizes)
        longer = check.integers(output_padding, 3, "output_padding", lengths=False, **sizes)
        group = check.integer(group, "group", TypeError)
        self.take(inputs, weight, None)
        check.at_least(strides, 1, "stride", ValueError)
        check.at_least(dilations, 1, "dilation", ValueError)
        if self.x.shape[1] < 1:
            raise refuse(ValueError, "input", "range", "the input must have a channel")
        if min(self.weight.shape[1:]) < 1:
            raise refuse(ValueError, "weight", "range", "the weight must have a channel and no empty kernel")
        found, pads = _pads_3d(pad_mode, padding, "padding")
        if any(longer) and found == "valid":
            raise refuse(None, "output_padding", "needs", "output_padding must be 0 with pad_mode='valid'")
        if group < 1:
            raise NotDocumented("the document gives no range of group")
        if group > 1:
            raise Unsupported("the document says that only group 1 is currently supported")
        _check_longer(found, longer, strides, dilations)
        removed = crop(found, self.weight.shape[2:], strides, dilations, pads, front=False)
        self.undocumented = removed.undocumented
        self._pad_mode = found
        self.settle(strides, removed.pairs, longer, group, dilations)

    def check_dtypes(self, dtypes: Mapping[str, str]) -> bool:
        """Float16 and float32 on CPU and GPU, and both tensors alike. (On Ascend, float16 only.)"""
        return _half_or_single(dtypes)
