"""What PyTorch's and OneFlow's documents promise alike of results, for layers and functions.

Each generator writes claims of one API: `plain` are the arguments that leave every feature out, so that a claim on one
feature is held against calls that use no other.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from cases.conv_transpose import formulas as f
from cases.conv_transpose.partners import gradient_pairs, inverse_pairs, many_to_one_pairs
from cases.documentation import Bound, Breaks, Claim, Equal, Inverse, Kind, Pair, Shape, Source, Text, Values
from cases.statements import Statements, slugged

PLAIN: dict[str, Any] = {"stride": 1, "padding": 0, "output_padding": 0, "groups": 1, "dilation": 1, "bias": False}
PLAIN |= {"padding_mode": "zeros"}
PLAIN_FUNCTION: dict[str, Any] = PLAIN | {"bias": None}
MODULE = Text("module", "该模块")
FUNCTION = Text("function", "该函数")
AXES = {2: Text("height and width", "高和宽"), 3: Text("depth, height and width", "深度、高和宽")}
# What output_padding needs beside itself: it must be smaller than one of these.
BESIDE = {"output_padding": ("stride", "padding", "dilation")}

_FEATURES = (
    (
        "stride",
        "stride-steps",
        "Input elements are stride apart in the output.",
        "输入元素在输出中相距 stride。",
    ),
    (
        "padding",
        "padding-crops",
        "dilation·(kernel_size − 1) − padding zeros are added at each side of the input: padding shortens the result.",
        "输入两侧各补 dilation·(kernel_size − 1) − padding 个零，因此 padding 使结果两侧各缩短这么多。",
    ),
    (
        "output_padding",
        "output-padding-no-zeros",
        "output_padding lengthens one side of the output shape; what falls there is kept, no zeros are added.",
        "output_padding 增大输出形状的一侧；落在那里的值被保留，并不补零。",
    ),
    ("dilation", "dilation-spaces", "Kernel elements are dilation apart.", "卷积核元素相距 dilation。"),
    ("bias", "bias-added", "The bias is added to the output.", "偏置加到输出上。"),
)


def shape(say: Statements, axes: int, *sources: Source) -> Claim:
    """The formula of the output's shape."""
    return say.claim(
        "output-shape",
        Kind.SHAPE,
        "Each output length is (length − 1)·stride − 2·padding + dilation·(kernel_size − 1) + output_padding + 1; "
        "the channels are out_channels.",
        "每个输出长度为 (长度 − 1)·stride − 2·padding + dilation·(kernel_size − 1) + output_padding + 1；通道数为 out_channels。",
        Shape(f.shape(axes, f.transposed)),
        sources=sources,
    )


def values(say: Statements, plain: Mapping[str, Any], *sources: Source) -> Iterator[Claim]:
    """What is computed, as a whole and feature by feature."""
    yield say.claim(
        "output-values",
        Kind.VALUES,
        "The values are those of the transposed convolution: what the gradient of the convolution with respect to its "
        "input computes.",
        "输出值是转置卷积的值，即卷积对其输入的梯度所计算的值。",
        Values(f.anything, whole=True),
        sources=sources,
    )
    for name, slug, en, zh in _FEATURES:
        alone = f.only(name, dict(plain), *BESIDE.get(name, ()))
        yield say.claim(slug, Kind.VALUES, en, zh, Values(alone), name, sources=sources)


def divides(say: Statements, *sources: Source) -> Claim:
    """What the channels must be for groups."""
    return say.claim(
        "groups-divide-channels",
        Kind.REQUIREMENT,
        "in_channels and out_channels are divisible by groups; else the call is not accepted.",
        "in_channels 和 out_channels 都能被 groups 整除；否则不接受。",
        Breaks("divisible"),
        "groups",
        sources=sources,
    )


def connected(say: Statements, plain: Mapping[str, Any], *sources: Source) -> Iterator[Claim]:
    """The paragraph on what groups connect."""
    yield say.claim(
        "groups-one",
        Kind.VALUES,
        "With groups 1, every input channel contributes to every output channel.",
        "groups 为 1 时，每个输入通道都参与每个输出通道的计算。",
        Values(f.both(f.plain(dict(plain)), f.above("in_channels", 1), f.above("out_channels", 1))),
        "groups",
        sources=sources,
    )
    yield say.claim(
        "groups-side-by-side",
        Kind.VALUES,
        "With groups, each block of input channels makes its own block of output channels, and these are concatenated.",
        "使用 groups 时，每组输入通道各自产生一组输出通道，再拼接起来。",
        Values(f.only("groups", dict(plain))),
        "groups",
        sources=sources,
    )
    yield say.claim(
        "groups-depthwise",
        Kind.VALUES,
        "With groups equal to in_channels, each input channel has its own filters, out_channels / in_channels of them.",
        "groups 等于 in_channels 时，每个输入通道有自己的一组滤波器，数量为 out_channels / in_channels。",
        Values(f.both(f.only("groups", dict(plain)), _depthwise)),
        "groups",
        sources=sources,
    )


def _depthwise(bound: Bound) -> bool:
    given = f.sizes(bound)
    incoming = given["in_channels"] if "in_channels" in given else given["groups"]
    return bool(given["groups"] == incoming > 1)


def spread(
    say: Statements, axes: int, names: tuple[str, ...], plain: Mapping[str, Any], *sources: Source
) -> Iterator[Claim]:
    """What one number, and what a tuple of numbers, means for the axes; nothing in one dimension."""
    if axes == 1:
        return
    for name in names:
        alone = f.only(name, dict(plain), *BESIDE.get(name, ()))
        yield say.claim(
            f"{slugged(name)}-int-for-all-axes",
            Kind.VALUES,
            f"One number for `{name}` holds for {AXES[axes].en} alike.",
            f"`{name}` 为一个数时，{AXES[axes].zh}都取这个数。",
            Values(f.both(alone, f.is_int(name))),
            name,
            sources=sources,
        )
        yield say.claim(
            f"{slugged(name)}-tuple-in-order",
            Kind.VALUES,
            f"The numbers of a tuple for `{name}` are those of {AXES[axes].en}, in this order.",
            f"`{name}` 为元组时，其中的数依次用于{AXES[axes].zh}。",
            Values(f.both(alone, f.unequal(name))),
            name,
            sources=sources,
        )


def unbatched(say: Statements, axes: int, *sources: Source) -> Claim:
    """An input without N gives an output without N."""
    return say.claim(
        "unbatched",
        Kind.SHAPE,
        "An input (C_in, …) without N gives an output (C_out, …) without N.",
        "输入为没有 N 的 (C_in, …) 时，输出为没有 N 的 (C_out, …)。",
        Shape(f.where(f.unbatched(axes), f.shape(axes, f.transposed))),
        "input",
        sources=sources,
    )


def sums_over_planes(say: Statements, plain: Mapping[str, Any], *sources: Source) -> Claim:
    """The sentence of the three-dimensional classes on what the operator does."""
    return say.claim(
        "values-sum-over-channels",
        Kind.VALUES,
        "Every input value is multiplied by the kernel, and the results of all input channels are added.",
        "每个输入值乘以卷积核，再对所有输入通道的结果求和。",
        Values(f.both(f.plain(dict(plain)), f.above("in_channels", 1))),
        sources=sources,
    )


def gradient_of_conv(say: Statements, axes: int, what: Text, *sources: Source) -> Claim:
    """The statement that the operator is the gradient of the framework's own convolution."""
    return say.claim(
        "gradient-of-conv",
        Kind.GRADIENT,
        f"The {what.en} is the gradient of Conv{axes}d with respect to its input.",
        f"{what.zh}可视为 Conv{axes}d 对输入求梯度。",
        Equal(gradient_pairs(say.api, axes), values=True),
        sources=sources,
    )


def many_to_one(say: Statements, axes: int, *sources: Source) -> Claim:
    """The statement that a convolution maps several input shapes to one output shape."""
    return say.claim(
        "conv-maps-several-shapes-to-one",
        Kind.SHAPE,
        f"With a stride above 1, Conv{axes}d maps several input shapes to the same output shape.",
        f"stride 大于 1 时，Conv{axes}d 会将多个输入形状映射到同一个输出形状。",
        Equal(many_to_one_pairs(say.api, axes), values=False),
        sources=sources,
    )


def inverse_shapes(say: Statements, axes: int, *sources: Source, what: Text = MODULE) -> Claim:
    """The statement that convolution and transposed convolution are inverses in shapes."""
    return say.claim(
        "inverse-of-conv-in-shapes",
        Kind.EQUIVALENCE,
        f"With the same parameters, Conv{axes}d and this {what.en} are inverses of each other in input and output shapes.",
        f"参数相同时，Conv{axes}d 与{what.zh}的输入和输出形状互逆。",
        Inverse(inverse_pairs(say.api, axes)),
        sources=sources,
    )


def no_true_inverse(say: Statements, what: Text, *sources: Source) -> Claim:
    """The remark that the name deconvolution is a misnomer."""
    return say.unchecked(
        "no-true-inverse",
        Kind.VALUES,
        f"The {what.en} is called a deconvolution, but does not compute the inverse of a convolution.",
        f"{what.zh}也称为反卷积，但并不计算卷积的逆。",
        "says what is not computed; what is computed has claims of its own",
        *sources,
    )


def same_as_class(say: Statements, other: str, pairs: tuple[Pair, ...], *sources: Source) -> Claim:
    """The statement that another API's document has the details."""
    return say.claim(
        "same-as-class",
        Kind.EQUIVALENCE,
        f"It computes what {other} computes with the same arguments, weight and bias.",
        f"参数、权重和偏置相同时，计算结果与 {other} 相同。",
        Equal(pairs, values=True),
        sources=sources,
    )
