"""What an article and MindSpore's comparison page say of `torch.nn.ConvTranspose1d`, beside its docstring."""

from collections.abc import Iterator
from dataclasses import replace

from cases.case import Arguments, Case
from cases.conv_transpose import formulas as f
from cases.conv_transpose.alike import SIGNATURE, input_name
from cases.conv_transpose.documents import (
    ARTICLE,
    ARTICLE_EXAMPLE,
    ARTICLE_PADDING,
    ARTICLE_WEIGHT,
    COMPARISON,
    COMPARISON_RATIO,
)
from cases.documentation import Bound, Breaks, Claim, Kind, Printed, Shape, Source, Stored
from cases.statements import Statements
from cases.values import Tensor

ARTICLE_NAMES = tuple(item.name for item in SIGNATURE)[:8]
FORMULA = "四、Shape / 3、Output"
ANSWER = "answer at the end"


def example(
    axes: int, construct: Arguments, x: tuple[int, ...], weight: tuple[int, ...], bias: bool, **call: object
) -> Case:
    """A documented example, with ones for data: only shapes are printed."""
    parameters = [Tensor("weight", weight, "float32")]
    if bias:
        parameters.append(Tensor("bias", (weight[1],), "float32"))
    given = Arguments((Tensor("input", x, "float32"),), tuple(call.items()))  # type: ignore[arg-type]
    return Case(f"torch.nn.ConvTranspose{axes}d", construct, given, tuple(parameters), "ones")


ARTICLE_CASE = example(
    1,
    Arguments((16, 8), (("kernel_size", 3), ("stride", 2), ("padding", 1), ("output_padding", 1))),
    (1, 16, 10),
    (16, 8, 3),
    bias=True,
)
# The three examples of the comparison page, PyTorch's side: kernel, stride, padding, output_padding → printed length.
COMPARISON_CASES = tuple(
    example(
        1,
        Arguments(
            (3, 64),
            (("kernel_size", k), ("stride", s), ("padding", p), ("output_padding", o), ("bias", False)),
        ),
        (1, 3, 50),
        (3, 64, k),
        bias=False,
    )
    for k, s, p, o in ((4, 1, 0, 0), (5, 3, 2, 2), (5, 3, 0, 0))
)
COMPARISON_LENGTHS = (53, 150, 152)


def elsewhere(claim: Claim) -> Claim:
    """The same claim, with the places where the article and the comparison page say it too."""
    also: tuple[Source, ...] = ()
    if claim.kind is Kind.DEFAULT:
        also = (Source(COMPARISON, "class line"), Source(COMPARISON, "parameter table"))
        if claim.parameters[0] in ARTICLE_NAMES:
            also = (Source(ARTICLE, "class line"), *also)
    elif claim.kind is Kind.TYPE and {*claim.parameters} & {*ARTICLE_NAMES, "dilation"}:
        also = (Source(ARTICLE, "Parameters"),)
    elif claim.id.endswith(("/gradient-of-conv", "/no-true-inverse")):
        also = (Source(COMPARISON, "difference"),)
    elif claim.id.endswith("/bias-added"):
        also = (Source(ARTICLE, "Parameters"),)
    return replace(claim, sources=claim.sources + also)


def article(say: Statements) -> Iterator[Claim]:
    """The article on ConvTranspose1d."""
    yield say.signature("parameters-article", ARTICLE_NAMES, Source(ARTICLE, "class line"))
    yield say.signature("parameters-article-answer", (*ARTICLE_NAMES, "dilation"), Source(ARTICLE, ANSWER))
    yield say.claim(
        "output-shape-article",
        Kind.SHAPE,
        "The output's length is (length − 1)·stride − 2·padding + dilation·(kernel_size − 1) + output_padding + 1.",
        "输出长度为 (长度 − 1)·stride − 2·padding + dilation·(kernel_size − 1) + output_padding + 1。",
        Shape(f.shape(1, f.transposed)),
        sources=(Source(ARTICLE, FORMULA),),
    )
    yield say.claim(
        "padding-at-input-edges-article",
        Kind.SHAPE,
        "padding layers of zeros are added at each edge of the input, so that the output grows with padding.",
        "输入的每一条边补充 padding 层 0，因此输出随 padding 变长。",
        Shape(f.where(lambda bound: bound.arguments["padding"] != 0, f.shape(1, f.input_padded))),
        "padding",
        sources=(Source(ARTICLE, "Parameters"), Source(ARTICLE, ANSWER)),
        overruled=ARTICLE_PADDING,
    )
    yield say.claim(
        "output-padding-at-both-edges-article",
        Kind.SHAPE,
        "output_padding layers of zeros are added at each edge of the output, so that it grows by twice as much.",
        "输出的每一条边补充 output_padding 层 0，因此输出增长两倍。",
        Shape(f.where(lambda bound: bound.arguments["output_padding"] != 0, f.shape(1, f.output_padded))),
        "output_padding",
        sources=(Source(ARTICLE, "Parameters"),),
        overruled=ARTICLE_PADDING,
    )
    yield say.claim(
        "weight-shape-article",
        Kind.PARAMETERS,
        "The kernel has shape (in_channels, out_channels, kernel_size).",
        "卷积核的形状为 (in_channels, out_channels, kernel_size)。",
        Stored(
            "weight",
            lambda bound: (
                bound.arguments["in_channels"],
                bound.arguments["out_channels"],
                *f.per_axis(bound.arguments["kernel_size"], 1),
            ),
        ),
        sources=(Source(ARTICLE, "Shape / 2、kernel_size"),),
        overruled=ARTICLE_WEIGHT,
    )
    yield say.unchecked(
        "enlarges-article",
        Kind.SHAPE,
        "The layer can make its input longer.",
        "该层可以将输入信号的维度扩大。",
        "says only that something may happen",
        Source(ARTICLE, "introduction"),
        Source(ARTICLE, ANSWER),
    )
    yield say.claim(
        "example-article",
        Kind.EXAMPLE,
        "The example with kernel_size 3, stride 2, padding 1, output_padding 1 on (1, 16, 10) prints (1, 8, 21).",
        "kernel_size 3、stride 2、padding 1、output_padding 1，输入 (1, 16, 10) 的示例打印 (1, 8, 21)。",
        Printed(ARTICLE_CASE, (1, 8, 21)),
        sources=(Source(ARTICLE, "example"),),
        overruled=ARTICLE_EXAMPLE,
    )


def comparison(say: Statements) -> Iterator[Claim]:
    """What MindSpore's comparison page says of PyTorch's class."""
    page, table = Source(COMPARISON, "class line"), Source(COMPARISON, "parameter table")
    yield say.signature("parameters-comparison", tuple(item.name for item in SIGNATURE), page)
    for name in ("pad_mode", "weight_init", "bias_init"):
        yield say.absent(name, table)
    yield input_name(say, "input", table)
    yield say.claim(
        "padding-mode-only-zeros",
        Kind.RANGE,
        "`padding_mode` supports 'zeros' only; other values are not accepted.",
        "`padding_mode` 只支持 'zeros'；不接受其他取值。",
        Breaks("choice"),
        "padding_mode",
        sources=(table,),
    )
    yield say.claim(
        "output-shape-comparison",
        Kind.SHAPE,
        "The output's length is (length − 1)·stride − 2·padding + dilation·(kernel_size − 1) + output_padding + 1.",
        "输出长度为 (长度 − 1)·stride − 2·padding + dilation·(kernel_size − 1) + output_padding + 1。",
        Shape(f.shape(1, f.transposed)),
        sources=(Source(COMPARISON, "difference"),),
    )
    yield say.claim(
        "output-shape-unpadded-comparison",
        Kind.SHAPE,
        "With padding 0 and output_padding 0 the output's length is (length − 1)·stride + dilation·(kernel_size − 1) + 1.",
        "padding 和 output_padding 为 0 时，输出长度为 (长度 − 1)·stride + dilation·(kernel_size − 1) + 1。",
        Shape(f.where(f.plain({"padding": 0, "output_padding": 0}), f.shape(1, f.valid_1d))),
        "padding",
        "output_padding",
        sources=(Source(COMPARISON, "example 3"),),
    )
    yield say.unchecked(
        "unpadded-discards-comparison",
        Kind.VALUES,
        "Without padding and with a stride above 1, part of the data may be discarded.",
        "不做填充且 stride 大于 1 时，可能舍弃一部分数据。",
        "says only that something may happen",
        Source(COMPARISON, "example 3"),
    )
    yield say.claim(
        "whole-quotient",
        Kind.SHAPE,
        "With padding (kernel_size − 1)/2 and output_padding stride − 1 the input is stride times as long as the output.",
        "padding 为 (kernel_size − 1)/2 且 output_padding 为 stride − 1 时，输入长度是输出长度的 stride 倍。",
        Shape(f.where(_whole_multiple, f.shape(1, f.shorter))),
        "padding",
        "output_padding",
        sources=(table, Source(COMPARISON, "example 2, the sentence before it")),
        overruled=COMPARISON_RATIO,
    )
    yield say.claim(
        "whole-multiple",
        Kind.SHAPE,
        "With padding (kernel_size − 1)/2 and output_padding stride − 1 the output is stride times as long as the input.",
        "padding 为 (kernel_size − 1)/2 且 output_padding 为 stride − 1 时,输出长度是输入长度的 stride 倍。",
        Shape(f.where(_whole_multiple, f.shape(1, f.same_2d))),
        "padding",
        "output_padding",
        sources=(Source(COMPARISON, "example 2"),),
    )
    for number, (case, length) in enumerate(zip(COMPARISON_CASES, COMPARISON_LENGTHS, strict=True), 1):
        yield say.claim(
            f"example-{number}-comparison",
            Kind.EXAMPLE,
            f"PyTorch's side of example {number} prints (1, 64, {length}).",
            f"示例 {number} 的 PyTorch 部分打印 (1, 64, {length})。",
            Printed(case, (1, 64, length)),
            sources=(Source(COMPARISON, f"example {number}"),),
        )


def _whole_multiple(bound: Bound) -> bool:
    given = bound.arguments
    kernel, stride, padding, output_padding, dilation = (
        f.per_axis(given[name], 1)[0] for name in ("kernel_size", "stride", "padding", "output_padding", "dilation")
    )
    return dilation == 1 and kernel % 2 == 1 and padding == (kernel - 1) // 2 and output_padding == stride - 1
