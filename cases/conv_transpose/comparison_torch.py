"""What MindSpore's comparison page says of `torch.nn.ConvTranspose1d` alone, in claims of its own."""

from collections.abc import Iterator

from cases.conv_transpose import formulas as f
from cases.conv_transpose.alike import PLAIN, SIGNATURE, input_name
from cases.conv_transpose.comparison_examples import LENGTHS, TORCH_CASES
from cases.conv_transpose.comparison_sources import BEFORE_EXAMPLE_2, CLASS_LINE, DIFFERENCE, EXAMPLES, TABLE
from cases.conv_transpose.documents import COMPARISON_CHANNELS, COMPARISON_RATIO
from cases.documentation import Bound, Breaks, Claim, Kind, Printed, Shape, Values
from cases.statements import Statements

INSTANTIATED = "every case of a class makes an instance first, so that no outcome could speak against it"
USUAL = "says only what is usual"
HAPPENS = "says only that something may happen"


def comparison(say: Statements) -> Iterator[Claim]:
    """The page's statements on PyTorch's class."""
    yield say.signature("parameters-comparison", tuple(item.name for item in SIGNATURE), CLASS_LINE)
    yield say.absent("pad_mode", DIFFERENCE, TABLE)
    for name in ("weight_init", "bias_init"):
        yield say.absent(name, TABLE)
    yield input_name(say, "input", CLASS_LINE, TABLE)
    yield from _arguments(say)
    yield from _shapes(say)
    yield from _ratio(say)
    yield from _examples(say)


def _arguments(say: Statements) -> Iterator[Claim]:
    """The rows of the parameter table."""
    yield say.claim(
        "padding-mode-only-zeros",
        Kind.RANGE,
        "`padding_mode` supports 'zeros' only; other values are not accepted.",
        "`padding_mode` 只支持 'zeros'；不接受其他取值。",
        Breaks("choice"),
        "padding_mode",
        sources=(TABLE,),
    )
    yield say.claim(
        "padding-mode-fills-zeros-comparison",
        Kind.VALUES,
        "What is padded with `padding_mode` 'zeros' is 0.",
        "`padding_mode` 为 'zeros' 时，填充的值为 0。",
        Values(f.only("padding", PLAIN)),
        "padding_mode",
        sources=(TABLE,),
    )
    yield say.claim(
        "output-padding-adjusts-comparison",
        Kind.SHAPE,
        "`output_padding` adjusts the output's shape: it is added to the length.",
        "`output_padding` 用于调整输出形状：输出长度加上该值。",
        Shape(f.where(f.above("output_padding", 0), f.shape(1, f.transposed))),
        "output_padding",
        sources=(DIFFERENCE, TABLE),
    )
    yield say.unchecked(
        "output-padding-usual-comparison",
        Kind.SHAPE,
        "`output_padding` is mostly used where the stride is above 1, and `padding` is then often (kernel_size − 1)/2.",
        "`output_padding` 多用于 stride 大于 1 的情形，此时 `padding` 常取 (kernel_size − 1)/2。",
        USUAL,
        TABLE,
    )


def _shapes(say: Statements) -> Iterator[Claim]:
    """Shapes of input and output, and what their letters stand for."""
    yield say.claim(
        "shapes-comparison",
        Kind.SHAPE,
        "For an input (N, C_in, L_in) the output is one tensor (N, C_out, L_out), with N the number of samples.",
        "输入为 (N, C_in, L_in) 时，输出是一个形状为 (N, C_out, L_out) 的张量，其中 N 为样本数。",
        Shape(lambda bound: (bound.input_shape[0], bound.arguments["out_channels"], None) if _batched(bound) else None),
        sources=(CLASS_LINE, DIFFERENCE),
    )
    yield say.claim(
        "channels-spatial-comparison",
        Kind.SHAPE,
        "C, the second extent of these shapes, is the spatial dimension, which is 1 for a one-dimensional layer.",
        "这些形状中的第二个数 C 是空间维度，对一维的层即为 1。",
        Shape(lambda bound: (bound.input_shape[0], 1, None) if _batched(bound) else None),
        sources=(DIFFERENCE,),
        overruled=COMPARISON_CHANNELS,
    )
    for slug, left_out, when, when_zh, formula, place in (
        (
            "output-shape-comparison",
            (),
            "The",
            "输出长度",
            "stride − 2·padding + dilation·(kernel_size − 1) + output_padding + 1",
            DIFFERENCE,
        ),
        (
            "output-shape-no-output-padding-comparison",
            ("output_padding",),
            "With output_padding 0 the",
            "output_padding 为 0 时，输出长度",
            "stride − 2·padding + dilation·(kernel_size − 1) + 1",
            EXAMPLES[0],
        ),
        (
            "output-shape-unpadded-comparison",
            ("padding", "output_padding"),
            "With padding 0 and output_padding 0 the",
            "padding 和 output_padding 为 0 时，输出长度",
            "stride + dilation·(kernel_size − 1) + 1",
            EXAMPLES[2],
        ),
    ):
        yield say.claim(
            slug,
            Kind.SHAPE,
            f"{when} output's length is (length − 1)·{formula}.",
            f"{when_zh}为 (长度 − 1)·{formula}。",
            Shape(f.where(f.plain(dict.fromkeys(left_out, 0)), f.shape(1, f.transposed))),
            *left_out,
            sources=(place,),
        )
    yield say.unchecked(
        "unpadded-discards-comparison",
        Kind.VALUES,
        "Without padding and with a stride above 1, part of the data may be discarded.",
        "不做填充且 stride 大于 1 时，可能舍弃一部分数据。",
        HAPPENS,
        EXAMPLES[2],
    )


def _ratio(say: Statements) -> Iterator[Claim]:
    """The arguments for a whole ratio of the lengths: the ratio that the sentences name, and the one that is printed."""
    yield say.claim(
        "whole-quotient",
        Kind.SHAPE,
        "With padding (kernel_size − 1)/2 and output_padding stride − 1 the input is stride times as long as the output.",
        "padding 为 (kernel_size − 1)/2 且 output_padding 为 stride − 1 时，输入长度是输出长度的 stride 倍。",
        Shape(f.where(_whole_multiple, f.shape(1, f.shorter))),
        "padding",
        "output_padding",
        sources=(TABLE, BEFORE_EXAMPLE_2),
        overruled=COMPARISON_RATIO,
    )
    yield say.claim(
        "whole-multiple",
        Kind.SHAPE,
        "With padding (kernel_size − 1)/2 and output_padding stride − 1 the output is stride times as long as the input.",
        "padding 为 (kernel_size − 1)/2 且 output_padding 为 stride − 1 时，输出长度是输入长度的 stride 倍。",
        Shape(f.where(_whole_multiple, f.shape(1, f.same_2d))),
        "padding",
        "output_padding",
        sources=(EXAMPLES[1],),
    )


def _examples(say: Statements) -> Iterator[Claim]:
    yield say.unchecked(
        "instantiated-first-comparison",
        Kind.SIGNATURE,
        "The class is instantiated before it is used.",
        "使用前需先实例化该类。",
        INSTANTIATED,
        EXAMPLES[0],
    )
    yield say.claim(
        "weight-data-ones-comparison",
        Kind.VALUES,
        "Ones that are assigned to `weight.data` are the weight with which the layer of example 1 computes.",
        "将全 1 张量赋给 `weight.data` 后，示例 1 的层即以 1 为权重进行计算。",
        Values(lambda bound: bound.case.id == TORCH_CASES[0].id, whole=True),
        sources=(EXAMPLES[0],),
    )
    for number, (case, length) in enumerate(zip(TORCH_CASES, LENGTHS, strict=True), 1):
        yield say.claim(
            f"example-{number}-comparison",
            Kind.EXAMPLE,
            f"PyTorch's side of example {number} prints (1, 64, {length}).",
            f"示例 {number} 的 PyTorch 部分打印 (1, 64, {length})。",
            Printed(case, (1, 64, length)),
            sources=(EXAMPLES[number - 1],),
        )


def _batched(bound: Bound) -> bool:
    return len(bound.input_shape) == 3


def _whole_multiple(bound: Bound) -> bool:
    given = bound.arguments
    kernel, stride, padding, output_padding, dilation = (
        f.per_axis(given[name], 1)[0] for name in ("kernel_size", "stride", "padding", "output_padding", "dilation")
    )
    return dilation == 1 and kernel % 2 == 1 and padding == (kernel - 1) // 2 and output_padding == stride - 1
