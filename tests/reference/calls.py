"""One call of every documented API, made from the same few numbers, with what the law needs to compute it.

`call(name, sizes)` constructs the API as its document spells it; everything that a Hypothesis strategy draws stands in
`Sizes`. What no API shares (pad modes, exact sizes, lists) is tested beside the API.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import strategies as st

from reference.conv_transpose import mindspore, oneflow, torch
from reference.documented import find

NAMES = (*torch.APIS, *mindspore.APIS, *oneflow.APIS)


def axes_of(name: str) -> int:
    return next(int(digit) for digit in name if digit in "123")


@dataclass(frozen=True)
class Sizes:
    """A call's numbers, everything per axis; paddings are the same at both sides."""

    batch: int
    groups: int
    per_in: int
    per_out: int
    size: tuple[int, ...]
    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    dilation: tuple[int, ...]
    padding: tuple[int, ...]
    longer: tuple[int, ...]
    bias: bool
    imaginary: bool
    seed: int


@dataclass
class Call:
    """An API that is ready to be called, and the same call in the law's terms."""

    api: Any
    x: Any
    weight: Any
    bias: Any
    where: dict[str, Any]
    inputs: tuple[Any, ...] = ()
    parameters: dict[str, Any] = field(default_factory=dict)

    def result(self):
        return self.api.result(*self.inputs, parameters=self.parameters)

    def gradients(self, upstream):
        return self.api.gradients(*self.inputs, parameters=self.parameters, upstream=upstream)


@st.composite
def sizes(draw, axes: int, *, imaginary: bool = False) -> Sizes:
    """Numbers that every API documents: an output of at least one element, dilation within the input."""
    groups = draw(st.integers(1, 2))
    held: dict[str, list[int]] = {name: [] for name in ("size", "kernel", "stride", "dilation", "padding", "longer")}
    for _ in range(axes):
        size, kernel = draw(st.integers(2, 4 if axes < 3 else 3)), draw(st.integers(1, 3))
        stride, dilation = draw(st.integers(1, 3 if axes < 3 else 2)), draw(st.integers(1, 2))
        room = (size - 1) * stride + (kernel - 1) * dilation
        padding, longer = draw(st.integers(0, min(2, room // 2))), draw(st.integers(0, max(stride, dilation) - 1))
        for name, value in zip(held, (size, kernel, stride, dilation, padding, longer), strict=True):
            held[name].append(value)
    return Sizes(
        draw(st.integers(1, 2)),
        groups,
        draw(st.integers(1, 2)),
        draw(st.integers(1, 2)),
        **{name: tuple(values) for name, values in held.items()},
        bias=draw(st.booleans()),
        imaginary=imaginary,
        seed=draw(st.integers(0, 2**16)),
    )


def numbers(sizes: Sizes, shape: tuple[int, ...], stream: int) -> Any:
    """Whole numbers, with an imaginary part where that is asked for."""
    generator = np.random.default_rng((sizes.seed, stream))
    real = generator.integers(-9, 10, shape)
    return real + 1j * generator.integers(-9, 10, shape) if sizes.imaginary else real


def call(name: str, given: Sizes) -> Call:
    """The call of one API. Where an API has no bias, no groups or no output_padding, the law is not given any."""
    axes, function = axes_of(name), "functional" in name or name.startswith("mindspore.ops.c")
    groups = 1 if name == "mindspore.ops.conv3d_transpose" else given.groups
    primitive = name in ("mindspore.ops.Conv2DTranspose", "mindspore.ops.Conv3DTranspose")
    has_bias = given.bias and not primitive and name != "mindspore.ops.conv3d_transpose"
    longer = (0,) * axes if name == "mindspore.nn.Conv1dTranspose" else given.longer
    if name == "mindspore.ops.Conv2DTranspose":
        longer = tuple(min(more, stride - 1) for more, stride in zip(longer, given.stride, strict=True))
    incoming, outgoing = groups * given.per_in, groups * given.per_out
    x = numbers(given, (given.batch, incoming, *given.size), 0)
    weight = numbers(given, (incoming, given.per_out, *given.kernel), 1)
    bias = numbers(given, (outgoing,), 2) if has_bias else None
    pairs = tuple((pad, pad) for pad in given.padding)
    where = {"stride": given.stride, "dilation": given.dilation, "groups": groups}
    law = {**where, "padding": pairs, "output_padding": longer}
    twice = tuple(pad for pair in pairs for pad in pair)
    if function and "ops.conv3d" in name:
        rest = {"stride": given.stride, "dilation": given.dilation, "padding": twice, "output_padding": longer}
        return Call(find(name)(x, weight, pad_mode="pad", **rest), x, weight, bias, law)
    if function:
        api = find(name)(x, weight, bias, given.stride, given.padding, longer, groups, given.dilation)
        return Call(api, x, weight, bias, law)
    if primitive:
        rest = {"pad_mode": "pad", "pad": twice, "stride": given.stride, "dilation": given.dilation, "group": groups}
        if axes == 3:
            return Call(
                find(name)(incoming, outgoing, given.kernel, output_padding=longer, **rest),
                x,
                weight,
                None,
                law,
                (x, weight),
            )
        api = find(name)(incoming, given.kernel, **rest)
        lengths = tuple(more + length for more, length in zip(longer, api.geometry.lengths(given.size), strict=True))
        return Call(api, x, weight, None, law, (x, weight, (given.batch, outgoing, *lengths)))
    held = {"weight": weight} | ({} if bias is None else {"bias": bias})
    if name.startswith("mindspore.nn"):
        plain = {"pad_mode": "pad", "group": groups, "has_bias": has_bias}
        if axes == 1:
            ones = {"stride": given.stride[0], "dilation": given.dilation[0], "padding": given.padding[0]}
            held["weight"] = weight[:, :, None]
            api = find(name)(incoming, outgoing, given.kernel[0], **ones, **plain)
        else:
            many = {"stride": given.stride, "dilation": given.dilation, "padding": twice, "output_padding": longer}
            api = find(name)(incoming, outgoing, given.kernel, **many, **plain)
        return Call(api, x, weight, bias, law, (x,), held)
    leading = () if "Lazy" in name else (incoming,)
    order = (outgoing, given.kernel, given.stride, given.padding, longer, groups, has_bias, given.dilation)
    return Call(find(name)(*leading, *order), x, weight, bias, law, (x,), held)
