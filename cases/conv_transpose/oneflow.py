"""What the documents say of `oneflow.nn.ConvTranspose1d/2d/3d`."""

from collections.abc import Iterator

from cases.case import Arguments, Case
from cases.conv_transpose import formulas as f
from cases.conv_transpose.alike import SIGNATURE, accepts_mode, inverse_shapes, many_to_one, precision, shared
from cases.conv_transpose.documents import ONEFLOW, ONEFLOW_1D, ONEFLOW_DILATION
from cases.documentation import Api, Claim, Kind, Printed, Rejects, Source, Text
from cases.statements import Statements
from cases.values import Tensor

EXAMPLE = Case(
    "oneflow.nn.ConvTranspose2d",
    Arguments((16, 33, (3, 5)), (("stride", (2, 1)), ("padding", (4, 2)))),
    Arguments((Tensor("input", (20, 16, 50, 100), "float32"),)),
    (Tensor("weight", (16, 33, 3, 5), "float32"), Tensor("bias", (33,), "float32")),
    "ones",
)


def _claims(axes: int) -> Iterator[Claim]:
    api = f"oneflow.nn.ConvTranspose{axes}d"
    places = [Source(ONEFLOW, place) for place in ("signature", "Args", "Shape")]
    if axes == 1:
        places += [Source(ONEFLOW_1D, "class line"), Source(ONEFLOW_1D, "Parameters")]
    say = Statements(api, *places)
    yield say.signature("parameters", tuple(item.name for item in SIGNATURE))
    yield from shared(api, axes, tuple(places), unbatched=False)
    yield say.typed("padding_mode", Text("a str", "字符串"), places[0])
    yield accepts_mode(say, places[0])
    if axes == 2:
        yield say.claim(
            "dilation-only-int",
            Kind.TYPE,
            "`dilation` is an int; a tuple is not accepted.",
            "`dilation` 是整数;不接受元组。",
            Rejects(f.is_tuple("dilation")),
            "dilation",
            sources=(places[0],),
            overruled=ONEFLOW_DILATION,
        )
    else:
        yield inverse_shapes(say, axes, Source(ONEFLOW, "Note on padding"))
        yield many_to_one(say, axes, Source(ONEFLOW, "Note on padding"))
        yield precision(say, "tf32", "The module supports TensorFloat32.", "该模块支持 TensorFloat32。", places[0])
    if axes == 1:
        yield precision(
            say,
            "cudnn-deterministic",
            "On CUDA with cuDNN a nondeterministic algorithm may be chosen, unless PyTorch's deterministic flag is set.",
            "在使用 cuDNN 的 CUDA 上可能选择非确定性算法,除非设置 PyTorch 的确定性标志。",
            Source(ONEFLOW, "Note on CUDA"),
            Source(ONEFLOW_1D, "Note on CUDA"),
        )
    if axes == 2:
        yield say.claim(
            "example",
            Kind.EXAMPLE,
            "The example with input (20, 16, 50, 100) prints a size of (20, 33, 93, 100), on whatever device it runs.",
            "输入为 (20, 16, 50, 100) 的示例打印 (20, 33, 93, 100),与所用设备无关。",
            Printed(EXAMPLE, (20, 33, 93, 100)),
            sources=(Source(ONEFLOW, "Examples"),),
        )


APIS = tuple(
    Api(
        f"oneflow.nn.ConvTranspose{axes}d",
        "conv_transpose",
        SIGNATURE,
        ("x",),
        tuple(_claims(axes)),
        (EXAMPLE,) * (axes == 2),
    )
    for axes in (1, 2, 3)
)
