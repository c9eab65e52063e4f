"""What PyTorch's and OneFlow's documents promise alike, stated once and instantiated per class and dimension."""

from collections.abc import Iterator
from typing import Any

from cases.conv_transpose import formulas as f
from cases.documentation import (
    REQUIRED,
    Accepts,
    Breaks,
    Claim,
    Kind,
    Parameter,
    Shape,
    Source,
    Stored,
    Text,
    Values,
)
from cases.statements import Statements

SIGNATURE = (
    Parameter("in_channels"),
    Parameter("out_channels"),
    Parameter("kernel_size"),
    Parameter("stride", 1),
    Parameter("padding", 0),
    Parameter("output_padding", 0),
    Parameter("groups", 1),
    Parameter("bias", True),
    Parameter("dilation", 1),
    Parameter("padding_mode", "zeros"),
)
PLAIN: dict[str, Any] = {"stride": 1, "padding": 0, "output_padding": 0, "groups": 1, "dilation": 1, "bias": False}
SIZES = ("kernel_size", "stride", "padding", "output_padding", "dilation")
AN_INT = Text("an int", "整数")
COUNT = {1: "one int", 2: "two ints", 3: "three ints"}
COUNT_ZH = {1: "一个整数", 2: "两个整数", 3: "三个整数"}

NEEDS_CONV = "needs a run of the convolution and its gradient, which this version of the suite does not have"
NEEDS_RANDOM = "needs statistics over random initialisations, which this version of the suite does not collect"
NEEDS_CALL_SIGNATURE = "the signature of the call itself is not inspected by this version of the suite"
NEEDS_CUDA = "speaks of accelerator libraries; not exercised by this version of the suite"


def shared(api: str, axes: int, sources: tuple[Source, ...], *, unbatched: bool) -> Iterator[Claim]:
    """The claims of a module in PyTorch's manner."""
    say = Statements(api, *sources)
    for parameter in SIGNATURE:
        if parameter.default is not REQUIRED:
            yield say.default(parameter.name, parameter.default)  # type: ignore[arg-type]
    for name in ("in_channels", "out_channels", "groups"):
        yield say.typed(name, AN_INT)
    for name in SIZES:
        yield say.typed(name, Text("an int or a tuple of ints", "整数或整数元组"))
        yield say.accepts(name, AN_INT, "int", f.is_int(name), alone=f.only(name, PLAIN))
        count, count_zh = COUNT[axes], COUNT_ZH[axes]
        yield say.accepts(
            name,
            Text(f"a tuple of {count}", f"含{count_zh}的元组"),
            "tuple",
            f.is_tuple(name),
            alone=f.only(name, PLAIN),
        )
        what = Text(f"has {count} if it is a tuple", f"为元组时含{count_zh}")
        yield say.ranged(name, what, rule="length", slug="length")
    for value in (True, False):
        yield say.accepts(
            "bias", Text(f"the bool {value}", f"布尔值 {value}"), f"{value}".lower(), f.equals("bias", value)
        )
    yield say.claim(
        "input-rank",
        Kind.REQUIREMENT,
        f"The input is (N, C_in, …) with {axes} spatial axes" + (", or the same without N." if unbatched else "."),
        f"输入为 (N, C_in, …),有 {axes} 个空间轴" + (",或者没有 N。" if unbatched else "。"),
        Breaks("rank"),
        "input",
    )
    yield say.claim(
        "input-channels",
        Kind.REQUIREMENT,
        "The input has in_channels channels.",
        "输入的通道数是 in_channels。",
        Breaks("channels"),
        "input",
    )
    yield say.claim(
        "output-shape",
        Kind.SHAPE,
        "Each output length is (length − 1)·stride − 2·padding + dilation·(kernel_size − 1) + output_padding + 1; "
        "the channels are out_channels.",
        "每个输出长度为 (长度 − 1)·stride − 2·padding + dilation·(kernel_size − 1) + output_padding + 1;通道数为 out_channels。",
        Shape(f.shape(axes, f.transposed)),
    )
    yield say.claim(
        "output-values",
        Kind.VALUES,
        "The values are those of the transposed convolution: what the gradient of the convolution with respect to its "
        "input computes.",
        "输出值是转置卷积的值,即卷积对其输入的梯度所计算的值。",
        Values(f.anything, whole=True),
    )
    features = (
        (
            "stride",
            "stride-steps",
            "Input elements are stride apart in the output.",
            "输入元素在输出中相距 stride。",
            (),
        ),
        (
            "padding",
            "padding-crops",
            "dilation·(kernel_size − 1) − padding zeros are added at each side of the input: padding shortens the result.",
            "输入两侧各补 dilation·(kernel_size − 1) − padding 个零,因此 padding 使结果两侧各缩短这么多。",
            (),
        ),
        (
            "output_padding",
            "output-padding-no-zeros",
            "output_padding lengthens one side of the output shape; what falls there is kept, no zeros are added.",
            "output_padding 增大输出形状的一侧;落在那里的值被保留,并不补零。",
            ("stride", "padding", "dilation"),
        ),
        ("dilation", "dilation-spaces", "Kernel elements are dilation apart.", "卷积核元素相距 dilation。", ()),
        ("bias", "bias-added", "The bias is added to the output.", "偏置加到输出上。", ()),
    )
    for name, slug, en, zh, allowed in features:
        yield say.claim(slug, Kind.VALUES, en, zh, Values(f.only(name, PLAIN, *allowed)), name)
    yield say.claim(
        "weight-shape",
        Kind.PARAMETERS,
        "weight has shape (in_channels, out_channels / groups, *kernel_size).",
        "weight 的形状为 (in_channels, out_channels / groups, *kernel_size)。",
        Stored("weight", f.weight_shape(axes, "groups")),
    )
    yield say.claim(
        "bias-shape",
        Kind.PARAMETERS,
        "bias has shape (out_channels,).",
        "bias 的形状为 (out_channels,)。",
        Stored("bias", lambda bound: (bound.arguments["out_channels"],) if bound.arguments["bias"] else None),
    )
    for name in ("weight", "bias"):
        yield say.unchecked(
            f"{name}-distribution",
            Kind.DISTRIBUTION,
            f"{name} is drawn from U(−√k, √k) with k = groups / (out_channels · size of the kernel).",
            f"{name} 取自均匀分布 U(−√k, √k),其中 k = groups / (out_channels · 卷积核大小)。",
            NEEDS_RANDOM,
        )
    yield say.unchecked(
        "gradient-of-conv",
        Kind.GRADIENT,
        f"The module is the gradient of Conv{axes}d with respect to its input.",
        f"该模块可视为 Conv{axes}d 对输入求梯度。",
        NEEDS_CONV,
    )


def many_to_one(say: Statements, axes: int, *sources: Source) -> Claim:
    """The statement that a convolution maps several input shapes to one output shape."""
    return say.unchecked(
        "conv-maps-several-shapes-to-one",
        Kind.SHAPE,
        f"With a stride above 1, Conv{axes}d maps several input shapes to the same output shape.",
        f"stride 大于 1 时,Conv{axes}d 会将多个输入形状映射到同一个输出形状。",
        NEEDS_CONV,
        *sources,
    )


def input_name(say: Statements, name: str, *sources: Source) -> Claim:
    """What the tensor is called that the module is called with."""
    return say.unchecked(
        "input-name",
        Kind.SIGNATURE,
        f"The module is called with a tensor named `{name}`.",
        f"调用该模块时,张量参数名为 `{name}`。",
        NEEDS_CALL_SIGNATURE,
        *sources,
    )


def inverse_shapes(say: Statements, axes: int, *sources: Source) -> Claim:
    """The statement that convolution and transposed convolution are inverses in shapes."""
    return say.unchecked(
        "inverse-of-conv-in-shapes",
        Kind.EQUIVALENCE,
        f"With the same parameters, Conv{axes}d and this module are inverses of each other in input and output shapes.",
        f"参数相同时,Conv{axes}d 与该模块的输入和输出形状互逆。",
        NEEDS_CONV,
        *sources,
    )


def precision(say: Statements, slug: str, en: str, zh: str, *sources: Source) -> Claim:
    """A remark on accelerator libraries."""
    return say.unchecked(slug, Kind.PRECISION, en, zh, NEEDS_CUDA, *sources)


def accepts_mode(say: Statements, *sources: Source) -> Claim:
    """padding_mode zeros is accepted."""
    return say.claim(
        "padding-mode-zeros",
        Kind.TYPE,
        "`padding_mode` may be 'zeros'.",
        "`padding_mode` 可以是 'zeros'。",
        Accepts(f.equals("padding_mode", "zeros")),
        "padding_mode",
        sources=sources,
    )
