"""What an article says of `torch.nn.ConvTranspose1d`, and where it and MindSpore's page say what the docstring says."""

from collections.abc import Iterator
from dataclasses import replace

from cases.case import Arguments, Case
from cases.conv_transpose import formulas as f
from cases.conv_transpose.alike import SIGNATURE
from cases.conv_transpose.comparison_examples import LENGTHS as COMPARISON_LENGTHS
from cases.conv_transpose.comparison_examples import TORCH_CASES as COMPARISON_CASES
from cases.conv_transpose.comparison_sources import also
from cases.conv_transpose.comparison_torch import HAPPENS, comparison
from cases.conv_transpose.documents import ARTICLE, ARTICLE_EXAMPLE, ARTICLE_PADDING, ARTICLE_WEIGHT
from cases.documentation import Claim, Kind, Printed, Shape, Source, Stored
from cases.statements import Statements
from cases.values import Tensor

__all__ = [
    "ARTICLE_CASE",
    "COMPARISON_CASES",
    "COMPARISON_LENGTHS",
    "article",
    "comparison",
    "elsewhere",
    "example",
]

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


def elsewhere(claim: Claim) -> Claim:
    """The same claim, with the places where the article and the comparison page say it too."""
    article: tuple[Source, ...] = ()
    if claim.kind is Kind.DEFAULT and claim.parameters[0] in ARTICLE_NAMES:
        article = (Source(ARTICLE, "class line"),)
    elif claim.id.endswith("/bias-added") or (
        claim.kind is Kind.TYPE and {*claim.parameters} & {*ARTICLE_NAMES, "dilation"}
    ):
        article = (Source(ARTICLE, "Parameters"),)
    return also(replace(claim, sources=claim.sources + article))


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
        HAPPENS,
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
