"""What the documents say of `oneflow.nn.ConvTranspose1d/2d/3d`."""

from collections.abc import Iterator

from cases.case import Arguments, Case
from cases.conv_transpose import formulas as f
from cases.conv_transpose import oneflow_functional, precision
from cases.conv_transpose.alike import PLAIN, SIGNATURE, accepts_mode, shared
from cases.conv_transpose.alike_results import (
    MODULE,
    gradient_of_conv,
    inverse_shapes,
    many_to_one,
    no_true_inverse,
    spread,
    sums_over_planes,
)
from cases.conv_transpose.calls import features
from cases.conv_transpose.documents import ONEFLOW, ONEFLOW_1D, ONEFLOW_DILATION
from cases.conv_transpose.setting import call
from cases.documentation import Api, Claim, Kind, Printed, Rejects, Source, Text
from cases.statements import Statements
from cases.values import Tensor


def _example(axes: int, construct: Arguments, x: tuple[int, ...], weight: tuple[int, ...]) -> Case:
    return Case(
        f"oneflow.nn.ConvTranspose{axes}d",
        construct,
        Arguments((Tensor("input", x, "float32"),)),
        (Tensor("weight", weight, "float32"), Tensor("bias", (33,), "float32")),
        "ones",
    )


EXAMPLES = {
    2: _example(
        2,
        Arguments((16, 33, (3, 5)), (("stride", (2, 1)), ("padding", (4, 2)))),
        (20, 16, 50, 100),
        (16, 33, 3, 5),
    ),
    3: _example(
        3,
        Arguments((16, 33, (3, 5, 2)), (("stride", (2, 1, 1)), ("padding", (0, 4, 2)))),
        (1, 16, 10, 50, 100),
        (16, 33, 3, 5, 2),
    ),
}


def _claims(axes: int) -> Iterator[Claim]:
    api = f"oneflow.nn.ConvTranspose{axes}d"
    places = [Source(ONEFLOW, place) for place in ("signature", "Args", "Shape")]
    documents = (ONEFLOW, ONEFLOW_1D) if axes == 1 else (ONEFLOW,)
    text, note = ([Source(document, place) for document in documents] for place in ("introduction", "Note on padding"))
    if axes == 1:
        places += [Source(ONEFLOW_1D, "class line"), Source(ONEFLOW_1D, "Parameters")]
    say = Statements(api, *places)
    yield say.signature("parameters", tuple(item.name for item in SIGNATURE))
    yield from shared(api, axes, tuple(places), unbatched=False)
    yield say.typed("padding_mode", Text("a str", "字符串"), places[0])
    yield accepts_mode(say, places[0])
    yield gradient_of_conv(say, axes, MODULE, *text)
    yield no_true_inverse(say, MODULE, *text)
    if axes == 2:
        yield say.claim(
            "dilation-only-int",
            Kind.TYPE,
            "`dilation` is an int; a tuple is not accepted.",
            "`dilation` 是整数；不接受元组。",
            Rejects(f.is_tuple("dilation")),
            "dilation",
            sources=(places[0],),
            overruled=ONEFLOW_DILATION,
        )
    else:
        yield inverse_shapes(say, axes, *note)
        yield many_to_one(say, axes, *note)
        yield precision.tf32(say, *text)
    if axes == 1:
        yield say.unchecked(
            "cudnn-deterministic",
            Kind.PRECISION,
            "On CUDA with cuDNN a nondeterministic algorithm may be chosen, unless PyTorch's deterministic flag is set.",
            "在使用 cuDNN 的 CUDA 上可能选择非确定性算法，除非设置 PyTorch 的确定性标志。",
            "the flag that the document names is PyTorch's, and OneFlow has none of its own",
            Source(ONEFLOW, "Note on CUDA"),
            Source(ONEFLOW_1D, "Note on CUDA"),
        )
    if axes == 3:
        yield from spread(say, axes, ("kernel_size", "stride", "padding", "output_padding"), PLAIN, *text)
        yield sums_over_planes(say, PLAIN, *text)
    yield from _examples(say, axes)


def _examples(say: Statements, axes: int) -> Iterator[Claim]:
    place = (Source(ONEFLOW, "Examples"),)
    if axes == 2:
        yield say.claim(
            "example",
            Kind.EXAMPLE,
            "The example with input (20, 16, 50, 100) prints a size of (20, 33, 93, 100), on whatever device it runs.",
            "输入为 (20, 16, 50, 100) 的示例打印 (20, 33, 93, 100)，与所用设备无关。",
            Printed(EXAMPLES[2], (20, 33, 93, 100)),
            sources=place,
        )
    if axes == 3:
        yield say.claim(
            "example",
            Kind.EXAMPLE,
            "The example with kernel (3, 5, 2), here with one sample instead of 20, runs; by the documented formula its "
            "result has shape (1, 33, 21, 46, 97).",
            "卷积核为 (3, 5, 2) 的示例(此处以 1 个样本代替 20 个)可以运行；按文档的公式，结果的形状为 (1, 33, 21, 46, 97)。",
            Printed(EXAMPLES[3], (1, 33, 21, 46, 97)),
            sources=place,
        )


def _cases(api: str, axes: int) -> Iterator[Case]:
    """The calls that claims need beside the generated ones."""
    if axes in EXAMPLES:
        yield EXAMPLES[axes]
    yield from (call(api, setting) for setting in features(axes))
    if axes != 2:
        yield from precision.switched(api, axes)


def _api(axes: int) -> Api:
    name = f"oneflow.nn.ConvTranspose{axes}d"
    return Api(name, "conv_transpose", SIGNATURE, ("x",), tuple(_claims(axes)), tuple(_cases(name, axes)))


APIS = (*(_api(axes) for axes in (1, 2, 3)), *oneflow_functional.APIS)
