"""What the documents say of `torch.nn.ConvTranspose1d/2d/3d`."""

from collections.abc import Iterator
from dataclasses import replace

from cases.case import Arguments, Case
from cases.conv_transpose import formulas as f
from cases.conv_transpose.alike import (
    PLAIN,
    SIGNATURE,
    accepts_mode,
    input_name,
    inverse_shapes,
    many_to_one,
    precision,
    shared,
)
from cases.conv_transpose.documents import (
    ARTICLE,
    ARTICLE_EXAMPLE,
    ARTICLE_PADDING,
    ARTICLE_WEIGHT,
    COMPARISON,
    TORCH,
)
from cases.documentation import Api, Bound, Breaks, Claim, Kind, Parameter, Printed, Shape, Source, Stored, Values
from cases.statements import Statements
from cases.values import Tensor

FULL = (*SIGNATURE, Parameter("device", None), Parameter("dtype", None))
ARTICLE_NAMES = tuple(item.name for item in SIGNATURE)[:8]
FORMULA = "四、Shape / 3、Output"


def _example(
    axes: int, construct: Arguments, x: tuple[int, ...], weight: tuple[int, ...], bias: bool, **call: object
) -> Case:
    """A documented example, with ones for data: only shapes are printed."""
    parameters = [Tensor("weight", weight, "float32")]
    if bias:
        parameters.append(Tensor("bias", (weight[1],), "float32"))
    given = Arguments((Tensor("input", x, "float32"),), tuple(call.items()))  # type: ignore[arg-type]
    return Case(f"torch.nn.ConvTranspose{axes}d", construct, given, tuple(parameters), "ones")


ARTICLE_CASE = _example(
    1,
    Arguments((16, 8), (("kernel_size", 3), ("stride", 2), ("padding", 1), ("output_padding", 1))),
    (1, 16, 10),
    (16, 8, 3),
    bias=True,
)
# The three examples of the comparison page, PyTorch's side: kernel, stride, padding, output_padding → printed length.
COMPARISON_CASES = tuple(
    _example(
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


def _examples(axes: int) -> tuple[tuple[Case, tuple[int, ...]], ...]:
    """The docstring's example that prints a size: an exact output size is given as an argument."""
    if axes == 3:
        return ()
    construct = Arguments((16, 16, 3), (("stride", 2), ("padding", 1)))
    size = (1, 16, *(12,) * axes)
    case = _example(axes, construct, (1, 16, *(6,) * axes), (16, 16, *(3,) * axes), bias=True, output_size=size)
    return ((case, size),)


def _claims(axes: int) -> Iterator[Claim]:
    api = f"torch.nn.ConvTranspose{axes}d"
    text, args, form = Source(TORCH, "introduction"), Source(TORCH, "Args"), Source(TORCH, "Shape")
    say = Statements(api, args)
    yield say.signature("parameters", tuple(item.name for item in FULL), Source(TORCH, "signature"))
    for name in ("device", "dtype"):
        yield say.default(name, None, Source(TORCH, "signature"))
    yield from map(_elsewhere if axes == 1 else _here, shared(api, axes, (args, form), unbatched=True))
    yield say.claim(
        "groups-divide-channels",
        Kind.REQUIREMENT,
        "in_channels and out_channels are divisible by groups; else the call is not accepted.",
        "in_channels 和 out_channels 都能被 groups 整除;否则不接受。",
        Breaks("divisible"),
        "groups",
        sources=(text,),
    )
    yield say.claim(
        "groups-side-by-side",
        Kind.VALUES,
        "With groups, each block of input channels makes its own block of output channels, and these are concatenated.",
        "使用 groups 时,每组输入通道各自产生一组输出通道,再拼接起来。",
        Values(f.only("groups", PLAIN)),
        "groups",
        sources=(text,),
    )
    yield accepts_mode(say, Source(TORCH, "signature"))
    yield say.claim(
        "groups-depthwise",
        Kind.VALUES,
        "With groups equal to in_channels, each input channel has its own filters, out_channels / in_channels of them.",
        "groups 等于 in_channels 时,每个输入通道有自己的一组滤波器,数量为 out_channels / in_channels。",
        Values(_depthwise),
        "groups",
        sources=(text,),
    )
    yield inverse_shapes(say, axes, Source(TORCH, "Note on padding"))
    yield many_to_one(say, axes, Source(TORCH, "Note on padding"))
    yield precision(say, "tf32", "The module supports TensorFloat32.", "该模块支持 TensorFloat32。", text)
    yield precision(
        say,
        "rocm-float16",
        "On some ROCm devices the backward pass of float16 uses another precision.",
        "在某些 ROCm 设备上,float16 的反向传播使用不同的精度。",
        text,
    )
    yield precision(
        say,
        "cudnn-deterministic",
        "On CUDA with cuDNN a nondeterministic algorithm may be chosen, unless the deterministic flag is set.",
        "在使用 cuDNN 的 CUDA 上可能选择非确定性算法,除非设置确定性标志。",
        Source(TORCH, "Note on CUDA"),
    )
    for case, size in _examples(axes):
        yield say.claim(
            "example-output-size",
            Kind.EXAMPLE,
            f"With output_size given as an argument, the example prints {size}.",
            f"将 output_size 作为参数传入时,示例打印 {size}。",
            Printed(case, size),
            sources=(Source(TORCH, "Examples"),),
        )
    if axes == 1:
        yield from _article(say)
        yield from _comparison(say)


def _depthwise(bound: Bound) -> bool:
    given = bound.arguments
    return bool(given["groups"] == given["in_channels"] > 1) and f.only("groups", PLAIN)(bound)


def _here(claim: Claim) -> Claim:
    return claim


def _elsewhere(claim: Claim) -> Claim:
    """The same claim, with the places where the article and the comparison page say it too."""
    also: tuple[Source, ...] = ()
    if claim.kind is Kind.DEFAULT:
        also = (Source(COMPARISON, "class line"), Source(COMPARISON, "parameter table"))
        if claim.parameters[0] in ARTICLE_NAMES:
            also = (Source(ARTICLE, "class line"), *also)
    elif claim.kind is Kind.TYPE and claim.parameters[0] in (*ARTICLE_NAMES, "dilation"):
        also = (Source(ARTICLE, "Parameters"),)
    elif claim.id.endswith("/gradient-of-conv"):
        also = (Source(COMPARISON, "difference"),)
    return replace(claim, sources=claim.sources + also)


def _article(say: Statements) -> Iterator[Claim]:
    """The article on ConvTranspose1d."""
    yield say.signature("parameters-article", ARTICLE_NAMES, Source(ARTICLE, "class line"))
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
        "输入的每一条边补充 padding 层 0,因此输出随 padding 变长。",
        Shape(f.where(lambda bound: bound.arguments["padding"] != 0, f.shape(1, f.input_padded))),
        "padding",
        sources=(Source(ARTICLE, "Parameters"),),
        overruled=ARTICLE_PADDING,
    )
    yield say.claim(
        "output-padding-at-both-edges-article",
        Kind.SHAPE,
        "output_padding layers of zeros are added at each edge of the output, so that it grows by twice as much.",
        "输出的每一条边补充 output_padding 层 0,因此输出增长两倍。",
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
    yield say.claim(
        "example-article",
        Kind.EXAMPLE,
        "The example with kernel_size 3, stride 2, padding 1, output_padding 1 on (1, 16, 10) prints (1, 8, 21).",
        "kernel_size 3、stride 2、padding 1、output_padding 1,输入 (1, 16, 10) 的示例打印 (1, 8, 21)。",
        Printed(ARTICLE_CASE, (1, 8, 21)),
        sources=(Source(ARTICLE, "example"),),
        overruled=ARTICLE_EXAMPLE,
    )


def _comparison(say: Statements) -> Iterator[Claim]:
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
        "`padding_mode` 只支持 'zeros';不接受其他取值。",
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
        "whole-multiple",
        Kind.SHAPE,
        "With padding (kernel_size − 1)/2 and output_padding stride − 1 the output is stride times as long as the input.",
        "padding 为 (kernel_size − 1)/2 且 output_padding 为 stride − 1 时,输出长度是输入长度的 stride 倍。",
        Shape(f.where(_whole_multiple, f.shape(1, f.same_2d))),
        "padding",
        "output_padding",
        sources=(table, Source(COMPARISON, "example 2")),
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


def _api(axes: int) -> Api:
    examples = tuple(case for case, _ in _examples(axes))
    if axes == 1:
        examples += (ARTICLE_CASE, *COMPARISON_CASES)
    return Api(
        f"torch.nn.ConvTranspose{axes}d",
        "conv_transpose",
        FULL,
        ("input",),
        tuple(_claims(axes)),
        examples,
    )


APIS = tuple(_api(axes) for axes in (1, 2, 3))
