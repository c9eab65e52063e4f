"""What the documents say of `mindspore.nn.Conv1dTranspose/Conv2dTranspose/Conv3dTranspose`; all APIs of MindSpore."""

from collections.abc import Iterator

from cases.case import Arguments, Case
from cases.conv_transpose import formulas as f
from cases.conv_transpose import mindspore_mint, mindspore_ops, mindspore_ops_3d
from cases.conv_transpose.comparison import comparison
from cases.conv_transpose.comparison_examples import MINDSPORE_CASES
from cases.conv_transpose.comparison_sources import also
from cases.conv_transpose.documents import FUTURE_SIGNATURE, MINDSPORE
from cases.conv_transpose.mindspore_arguments import raises, types
from cases.conv_transpose.mindspore_results import shapes, values
from cases.conv_transpose.mindspore_sources import LISTED, platforms, sources
from cases.conv_transpose.partners import gradient_pairs, inverse_pairs, many_to_one_pairs
from cases.documentation import (
    REQUIRED,
    Api,
    Claim,
    Equal,
    Inverse,
    Kind,
    Names,
    Parameter,
    Printed,
    Rejects,
    Source,
    Stored,
    StoredDtype,
    Values,
)
from cases.statements import Statements
from cases.values import Dtype, Tensor, Value

_HEAD = (Parameter("in_channels"), Parameter("out_channels"), Parameter("kernel_size"), Parameter("stride", 1))
_PADS = (Parameter("pad_mode", "same"), Parameter("padding", 0))
_TAIL = (Parameter("has_bias", False), Parameter("weight_init", None), Parameter("bias_init", None))
_DTYPE = Parameter("dtype", Dtype("float32"))
_LONGER, _DILATION, _GROUP = Parameter("output_padding", 0), Parameter("dilation", 1), Parameter("group", 1)
SIGNATURES = {
    1: (*_HEAD, *_PADS, _DILATION, _GROUP, *_TAIL, _DTYPE),
    2: (*_HEAD, *_PADS, _LONGER, _DILATION, _GROUP, *_TAIL, _DTYPE),
    3: (*_HEAD, *_PADS, _DILATION, _GROUP, _LONGER, *_TAIL, Parameter("data_format", "NCDHW"), _DTYPE),
}
_FUTURE = ("in_channels", "out_channels", "kernel_size", "stride", "padding", "output_padding")
FUTURE = (*_FUTURE, "groups", "bias", "dilation", "padding_mode", "dtype")


def _example(axes: int, size: tuple[int, ...]) -> Case:
    construct = Arguments((3, 64, 4), (("has_bias", False), ("weight_init", "normal"), ("pad_mode", "pad")))
    given = Arguments((Tensor("input", (1, 3, *size), "float32"),))
    return Case(f"mindspore.nn.Conv{axes}dTranspose", construct, given, (), "ones")


_HALF: tuple[tuple[str, Value], ...] = (
    ("in_channels", 16),
    ("out_channels", 3),
    ("kernel_size", (4, 6, 2)),
    ("pad_mode", "pad"),
    ("dtype", Dtype("float16")),
)
_EXAMPLE_3D = Case(
    "mindspore.nn.Conv3dTranspose",
    Arguments((), _HALF),
    Arguments((Tensor("input", (32, 16, 10, 32, 32), "float16"),)),
    (),
    "ones",
)
EXAMPLES = {
    1: (_example(1, (50,)), (1, 64, 53)),
    2: (_example(2, (16, 50)), (1, 64, 19, 53)),
    3: (_EXAMPLE_3D, (32, 3, 13, 37, 33)),
}


def _plain(axes: int, call: Arguments, **keyword: Value) -> Case:
    """A layer of two channels each way and kernel 3, with its weight loaded."""
    height = (1,) if axes == 1 else ()
    kernel = keyword.get("kernel_size", 3)
    weight = Tensor("weight", (2, 2, *height, *f.per_axis(kernel, axes)), "float32")
    given: dict[str, Value] = {"in_channels": 2, "out_channels": 2, "kernel_size": 3, "pad_mode": "pad", **keyword}
    return Case(f"mindspore.nn.Conv{axes}dTranspose", Arguments((), tuple(given.items())), call, (weight,))


def _further(axes: int) -> Iterator[Case]:
    """Calls that claims speak of and no covering array holds: the input by its name, and tuples of unequal numbers."""
    x = Tensor("input", (2, 2, *(5, 4, 3)[:axes]), "float32")
    yield _plain(axes, Arguments((), (("x", x),)))
    if axes == 1:
        return
    given = Arguments((x,))
    yield _plain(axes, given, kernel_size=(3, 2, 1)[:axes])
    yield _plain(axes, given, stride=(3, 1, 2)[:axes])
    yield _plain(axes, given, dilation=(1, 3, 2)[:axes])
    yield _plain(axes, given, padding=(0, 1, 2, 1) if axes == 2 else (0, 1, 2, 1, 1, 0))
    yield _plain(axes, given, stride=3, output_padding=(2, 1, 0)[:axes])


def _claims(axes: int) -> Iterator[Claim]:
    say = Statements(f"mindspore.nn.Conv{axes}dTranspose", *sources(axes, "Args"))
    yield from _signature(say, axes)
    yield from types(say, axes)
    yield from raises(say, axes)
    yield from shapes(say, axes)
    yield from values(say, axes)
    yield from _parameters(say)
    yield from _relations(say, axes)
    yield from _rest(say, axes)
    if axes == 1:
        yield from comparison(say)


def _signature(say: Statements, axes: int) -> Iterator[Claim]:
    where = sources(axes, "signature")
    yield say.signature("parameters", tuple(item.name for item in SIGNATURES[axes]), *where)
    for parameter in SIGNATURES[axes]:
        if parameter.default is not REQUIRED:
            yield say.default(parameter.name, parameter.default, *where)  # type: ignore[arg-type]
    yield say.claim(
        "future-signature",
        Kind.SIGNATURE,
        f"After version 2.9.0 the parameters are: {', '.join(FUTURE)}; the others are renamed or removed.",
        f"2.9.0 之后的版本，参数依次为：{', '.join(FUTURE)}；其他参数改名或删除。",
        Names(FUTURE),
        sources=(Source(MINDSPORE, "warning"),),
        overruled=FUTURE_SIGNATURE,
    )
    yield say.unchecked(
        "future-defaults",
        Kind.DEFAULT,
        "After version 2.9.0 `bias` is True by default, `padding_mode` 'zeros' and `dtype` None.",
        "2.9.0 之后的版本，`bias` 的默认值为 True，`padding_mode` 为 'zeros'，`dtype` 为 None。",
        "speaks of parameters that the documented signature does not have yet",
        Source(MINDSPORE, "warning"),
    )
    yield say.claim(
        "input-name",
        Kind.SIGNATURE,
        "The layer is called with a tensor named `x`.",
        "调用该层时，张量参数名为 `x`。",
        Values(f.option("x"), whole=True),
        sources=sources(axes, "Inputs"),
    )


def _parameters(say: Statements) -> Iterator[Claim]:
    yield say.claim(
        "dtype-of-parameters",
        Kind.DTYPE,
        "Parameters have the dtype that `dtype` names, float32 by default.",
        "参数的类型由 `dtype` 指定，默认为 float32。",
        StoredDtype(
            lambda bound: bound.arguments["dtype"].name if isinstance(bound.arguments["dtype"], Dtype) else None
        ),
        "dtype",
    )
    yield say.claim(
        "bias-parameter",
        Kind.PARAMETERS,
        "There is a bias parameter, one number per output channel, if has_bias.",
        "has_bias 为 True 时有偏置参数，每个输出通道一个数。",
        Stored("bias", lambda bound: (bound.arguments["out_channels"],) if bound.arguments["has_bias"] else None),
        "has_bias",
    )


def _relations(say: Statements, axes: int) -> Iterator[Claim]:
    """The layer and the convolution of the same framework."""
    text = sources(axes, "introduction")
    yield say.claim(
        "gradient-of-conv",
        Kind.GRADIENT,
        f"The layer is the gradient of Conv{axes}d with respect to its input.",
        f"该层可视为 Conv{axes}d 对输入求梯度。",
        Equal(gradient_pairs(say.api, axes), values=True),
        sources=text,
    )
    yield say.claim(
        "inverse-of-conv-in-shapes",
        Kind.EQUIVALENCE,
        f"With the same parameters and pad_mode pad, Conv{axes}d and this layer are inverses of each other in shapes.",
        f"参数相同且 pad_mode 为 pad 时，Conv{axes}d 与该层的输入和输出形状互逆。",
        Inverse(inverse_pairs(say.api, axes)),
        sources=text,
    )
    yield say.claim(
        "conv-maps-several-shapes-to-one",
        Kind.SHAPE,
        f"With a stride above 1, Conv{axes}d maps several input shapes to the same output shape.",
        f"stride 大于 1 时，Conv{axes}d 会将多个输入形状映射到同一个输出形状。",
        Equal(many_to_one_pairs(say.api, axes), values=False),
        sources=text,
    )
    yield say.unchecked(
        "no-true-inverse",
        Kind.VALUES,
        "The layer is called a deconvolution, but does not compute the inverse of a convolution.",
        "该层也称为反卷积，但实际不是真正的反卷积。",
        "says what is not computed; what is computed has claims of its own",
        *text,
    )


def _rest(say: Statements, axes: int) -> Iterator[Claim]:
    # The page on the 1-D class ends before its platforms and its example.
    listed = 1 if axes == 1 else 2
    case, size = EXAMPLES[axes]
    yield say.claim(
        "example",
        Kind.EXAMPLE,
        f"The {case.dtype} example prints {size}.",
        f"{case.dtype} 示例打印 {size}。",
        Printed(case, size),
        sources=sources(axes, "Examples")[:listed],
    )
    yield from platforms(say, LISTED, *sources(axes, "Supported Platforms")[:listed])
    if axes == 1:
        yield say.claim(
            "group-on-ascend",
            Kind.RANGE,
            "group above 1 is not supported on Ascend.",
            "group 大于 1 时不支持 Ascend。",
            Rejects(lambda bound: bound.arguments["group"] > 1),
            "group",
            device="ascend",
        )
    yield say.unchecked(
        "valid-discards",
        Kind.VALUES,
        "With pad_mode valid, elements that do not complete a stride are discarded.",
        "pad_mode 为 valid 时，不能构成一个完整 stride 的元素被丢弃。",
        "says which elements only of a convolution: a transposed one consumes every input element",
    )


def _api(axes: int) -> Api:
    examples = (EXAMPLES[axes][0], *(MINDSPORE_CASES if axes == 1 else ()), *_further(axes))
    return Api(
        f"mindspore.nn.Conv{axes}dTranspose",
        "conv_transpose",
        SIGNATURES[axes],
        ("x",),
        tuple(map(also, _claims(axes))),
        examples,
    )


APIS = (
    *(_api(axes) for axes in (1, 2, 3)),
    *mindspore_ops.APIS,
    *mindspore_ops_3d.APIS,
    *mindspore_mint.APIS,
)
