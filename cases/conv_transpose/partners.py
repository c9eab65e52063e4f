"""Pairs of a transposed convolution and the framework's own convolution, for what documents say of both.

The documents call the operator the gradient of the convolution with respect to its input, the convolution's inverse in
shapes, and say that a convolution maps several input shapes to one. Each function gives the pairs of one sentence: two
cases of one framework, so that no oracle of ours stands between them.

Both sides of a gradient pair hold the same numbers. Data are made from `origin or id` and a tensor's role; so the
right case has the left's id for origin, its upstream gradient plays the role `input`, the weight is the same weight,
and the convolution's own input, whose values its gradient does not hang on, has the role `other`.
"""

from collections.abc import Iterator
from dataclasses import replace

from cases.case import Arguments, Case
from cases.conv_transpose.formulas import pads, per_axis
from cases.conv_transpose.setting import FORMS, Mode, Setting, call, inexpressible
from cases.documentation import Pair
from cases.values import Tensor, Value

OTHER = "other"


def convolution(api: str) -> str:
    """The convolution's class beside a transposed API of the same framework."""
    form = FORMS[api]
    if ".mint." in api or api == "mindspore.ops.conv_transpose2d":
        return f"mindspore.mint.nn.Conv{form.axes}d"  # whose arguments are those of these APIs
    return f"{form.framework}.nn.Conv{form.axes}d"


def gradient_pairs(api: str, axes: int) -> tuple[Pair, ...]:
    """Left a transposed convolution, right the gradient of the convolution with the same arguments.

    The convolution's input is as long as the left's result is documented to be; that is where output_padding and
    pad_mode `same` show. Settings whose convolution would not give back the left's input shape are left out: where
    output_padding is not below the stride, or rows are lost, the convolution has another output to be derived from.
    """
    return tuple(_gradient(api, setting) for setting in _settings(api, axes))


def inverse_pairs(api: str, axes: int) -> tuple[Pair, ...]:
    """Left a transposed convolution, right the convolution on an input of the left's documented output shape.

    The convolution must return the shape of the left's input. Without output_padding no row is lost on this way round,
    whatever the stride is: (length − 1)·stride of the result is a whole multiple of the stride. output_padding, which a
    convolution does not have, is left out, since the sentence is on equal parameters; so are MindSpore's pad modes
    `same` and `valid`, of which it does not speak.
    """
    settings = (item for item in _settings(api, axes) if item.pad_mode == "pad" and item.output_padding == 0)
    return tuple(_inverse(api, setting) for setting in settings)


def many_to_one_pairs(api: str, axes: int) -> tuple[Pair, ...]:
    """Two convolutions with a stride above 1, on inputs of different lengths, whose outputs have one shape.

    The left input is the shortest that gives this shape, the right one has up to stride − 1 rows more on each axis.
    """
    found = []
    for kernel, stride, padding, dilation, more in ((1, 2, 0, 1, 1), (3, 2, 1, 1, 1), (4, 3, 2, 1, 2), (2, 4, 0, 3, 3)):
        setting = Setting(
            (4, 3, 5)[:axes], kernel_size=kernel, stride=stride, padding=padding, dilation=dilation, batch=1
        )
        shortest = _conv(api, setting, setting.lengths)
        for longer in range(1, more + 1):
            lengths = tuple(length + longer for length in setting.lengths)
            found.append(Pair(shortest, _conv(api, setting, lengths)))
    return tuple(found)


def _gradient(api: str, setting: Setting) -> Pair:
    left = call(api, setting)
    right = _conv(api, setting, setting.lengths)
    right = replace(right, differentiate=(OTHER,), upstream=setting.input, origin=left.id)
    return Pair(left, right, output=f"gradient of {OTHER}")


def _inverse(api: str, setting: Setting) -> Pair:
    left = call(api, setting)
    return Pair(left, replace(_conv(api, setting, setting.lengths), origin=left.id))


def _conv(api: str, setting: Setting, lengths: tuple[int, ...]) -> Case:
    """The convolution with the arguments of a setting: its channels are the transposed ones, the other way round."""
    name = convolution(api)
    modes = name.startswith("mindspore.nn.")
    padding: Value = setting.padding
    if modes and isinstance(setting.padding, tuple):
        padding = tuple(side for pair in pads(setting.padding, setting.axes) for side in pair)
    keyword: dict[str, Value] = {"pad_mode": setting.pad_mode} if modes else {}
    keyword |= {
        "stride": setting.stride,
        "padding": padding,
        "dilation": setting.dilation,
        "group" if modes else "groups": setting.groups,
        "has_bias" if modes else "bias": False,
    }
    weight = setting.loaded["weight"]
    if name == "mindspore.nn.Conv1d":  # which stores a height of 1
        weight = replace(weight, shape=(*weight.shape[:2], 1, *weight.shape[2:]))
    return Case(
        name,
        Arguments((setting.out_channels, setting.in_channels, setting.kernel_size), tuple(keyword.items())),
        Arguments((Tensor(OTHER, (setting.batch, setting.out_channels, *lengths), setting.dtype),)),
        (weight,),
    )


def _settings(api: str, axes: int) -> Iterator[Setting]:
    """The settings that the API has a call for and whose convolution gives back the input's shape."""
    candidates = [*_common(axes)]
    if FORMS[api].modes:
        candidates += _modes(axes)
    for setting in candidates:
        if not inexpressible(api, setting) and _returns(setting):
            yield setting


def _returns(setting: Setting) -> bool:
    """The convolution of the documented result has the input's shape: output_padding is below the stride."""
    strides, longer = (per_axis(value, setting.axes) for value in (setting.stride, setting.output_padding))
    return all(more < stride for more, stride in zip(longer, strides, strict=True))


def _common(axes: int) -> Iterator[Setting]:
    """Each feature alone, and some together."""
    size = (5, 4, 3)[:axes]
    plain = Setting(size, in_channels=3, out_channels=2)
    yield plain
    yield replace(plain, kernel_size=1, out_channels=4)
    yield replace(plain, stride=2)
    yield replace(plain, kernel_size=2, stride=3)  # gaps that no element reaches
    yield replace(plain, padding=1)
    yield replace(plain, kernel_size=4, stride=2, padding=2)
    yield replace(plain, dilation=2)
    yield replace(plain, kernel_size=2, stride=2, padding=1, dilation=3)
    grouped = replace(plain, in_channels=4, out_channels=6, groups=2)
    yield grouped
    yield replace(grouped, out_channels=4, groups=4, stride=2, padding=1)
    yield replace(grouped, stride=3, dilation=2, kernel_size=2)
    yield replace(plain, stride=2, padding=1, output_padding=1)
    yield replace(plain, kernel_size=2, stride=3, output_padding=2)
    yield replace(grouped, stride=2, dilation=2, padding=2, output_padding=1)
    yield replace(grouped, kernel_size=4, stride=3, padding=2, output_padding=1)
    yield replace(plain, batch=1, size=(1,) * axes, stride=2)
    if axes > 1:
        yield replace(
            plain,
            kernel_size=(3, 2, 1)[:axes],
            stride=(2, 1, 3)[:axes],
            padding=(1, 0, 0)[:axes],
            dilation=(1, 2, 1)[:axes],
        )
        yield replace(plain, kernel_size=4, padding=tuple(range(2 * axes))[::-1] if axes == 2 else (2, 1, 0, 2, 1, 0))


def _modes(axes: int) -> Iterator[Setting]:
    """MindSpore's pad modes: even and odd excess of `same`, a kernel as long as the stride, strides above it, gaps."""
    size = (5, 4, 3)[:axes]
    same: Mode = "same"
    valid: Mode = "valid"
    plain = Setting(size, in_channels=3, out_channels=2)
    for kernel, stride, dilation in (
        *((3, 1, 1), (2, 1, 1), (4, 1, 1), (3, 2, 1), (4, 2, 1), (5, 2, 1), (3, 3, 1), (2, 3, 1)),
        (2, 1, 2),
        (3, 2, 2),
    ):
        yield replace(plain, pad_mode=same, kernel_size=kernel, stride=stride, dilation=dilation)
    yield replace(plain, pad_mode=same, in_channels=4, out_channels=6, groups=2, stride=2)
    for kernel, stride, dilation in ((3, 1, 1), (3, 2, 1), (2, 2, 1), (3, 1, 2), (2, 1, 3)):
        yield replace(plain, pad_mode=valid, kernel_size=kernel, stride=stride, dilation=dilation)
    if axes == 1:
        # In 2-D and 3-D no document decides how long the result is where the stride exceeds the kernel.
        yield replace(plain, pad_mode=valid, kernel_size=2, stride=3)
    yield replace(plain, pad_mode=valid, in_channels=4, out_channels=6, groups=2, stride=2)
