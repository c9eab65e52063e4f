"""What the documents say of `mindspore.nn.Conv1dTranspose/Conv2dTranspose/Conv3dTranspose`."""

from collections.abc import Iterator

from cases.case import Arguments, Case
from cases.conv_transpose.alike import NEEDS_CONV, NEEDS_RANDOM, input_name, many_to_one
from cases.conv_transpose.comparison import COMPARISON_CASES, comparison
from cases.conv_transpose.documents import (
    COMPARISON,
    FUTURE_SIGNATURE,
    MINDSPORE,
)
from cases.conv_transpose.mindspore_arguments import raises, types
from cases.conv_transpose.mindspore_results import shapes, values
from cases.conv_transpose.mindspore_sources import sources
from cases.documentation import (
    REQUIRED,
    Api,
    Claim,
    Kind,
    Names,
    Parameter,
    Printed,
    Runs,
    Source,
    Stored,
    StoredDtype,
)
from cases.statements import Statements
from cases.values import Dtype, Tensor

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


def _example(axes: int, size: tuple[int, ...]) -> Case:
    construct = Arguments((3, 64, 4), (("has_bias", False), ("weight_init", "normal"), ("pad_mode", "pad")))
    given = Arguments((Tensor("input", (1, 3, *size), "float32"),))
    return Case(f"mindspore.nn.Conv{axes}dTranspose", construct, given, (), "ones")


EXAMPLES = {1: ((_example(1, (50,)), (1, 64, 53)),), 2: ((_example(2, (16, 50)), (1, 64, 19, 53)),), 3: ()}


def _claims(axes: int) -> Iterator[Claim]:
    say = Statements(f"mindspore.nn.Conv{axes}dTranspose", *sources(axes, "Args"))
    yield from _signature(say, axes)
    yield from types(say, axes)
    yield from raises(say, axes)
    yield from shapes(say, axes)
    yield from values(say, axes)
    yield from _rest(say, axes)
    if axes == 1:
        yield from comparison(say)


def _signature(say: Statements, axes: int) -> Iterator[Claim]:
    where = sources(axes, "signature")
    table = (Source(COMPARISON, "parameter table"),) if axes == 1 else ()
    yield say.signature("parameters", tuple(item.name for item in SIGNATURES[axes]), *where)
    for parameter in SIGNATURES[axes]:
        if parameter.default is not REQUIRED:
            yield say.default(parameter.name, parameter.default, *where, *table)  # type: ignore[arg-type]
    future = ("in_channels", "out_channels", "kernel_size", "stride", "padding", "output_padding", "groups", "bias")
    yield say.claim(
        "future-signature",
        Kind.SIGNATURE,
        f"After version 2.9.0 the parameters start with: {', '.join(future)}.",
        f"2.9.0 之后的版本,参数开头依次为:{', '.join(future)}。",
        Names(future),
        sources=(Source(MINDSPORE, "warning"),),
        overruled=FUTURE_SIGNATURE,
    )


def _rest(say: Statements, axes: int) -> Iterator[Claim]:
    # The page on the 1-D class ends before its platforms.
    platforms = sources(axes, "Supported Platforms")[: 1 if axes == 1 else 2]
    text = sources(axes, "introduction")
    for case, size in EXAMPLES[axes]:
        yield say.claim(
            "example",
            Kind.EXAMPLE,
            f"The example prints {size}.",
            f"示例打印 {size}。",
            Printed(case, size),
            sources=sources(axes, "Examples")[: 1 if axes == 1 else 2],
        )
    if axes == 3:
        yield say.unchecked(
            "example",
            Kind.EXAMPLE,
            "The float16 example prints (32, 3, 13, 37, 33).",
            "float16 示例打印 (32, 3, 13, 37, 33)。",
            "float16 is not exercised by this version of the suite",
            Source(MINDSPORE, "Examples"),
        )
    yield say.claim(
        "dtype-of-parameters",
        Kind.DTYPE,
        "Parameters have the dtype that `dtype` names, float32 by default.",
        "参数的类型由 `dtype` 指定,默认为 float32。",
        StoredDtype(
            lambda bound: bound.arguments["dtype"].name if isinstance(bound.arguments["dtype"], Dtype) else None
        ),
        "dtype",
    )
    yield say.claim(
        "bias-parameter",
        Kind.PARAMETERS,
        "There is a bias parameter, one number per output channel, if has_bias.",
        "has_bias 为 True 时有偏置参数,每个输出通道一个数。",
        Stored("bias", lambda bound: (bound.arguments["out_channels"],) if bound.arguments["has_bias"] else None),
        "has_bias",
    )
    yield say.claim(
        "platform-cpu",
        Kind.PLATFORM,
        "CPU is supported.",
        "支持 CPU。",
        Runs("cpu"),
        sources=platforms,
    )
    for device in ("gpu", "ascend"):
        yield say.claim(
            f"platform-{device}",
            Kind.PLATFORM,
            f"{device.upper() if device == 'gpu' else 'Ascend'} is supported.",
            f"支持 {device.upper() if device == 'gpu' else 'Ascend'}。",
            Runs(device),
            sources=platforms,
        )
    if axes == 1:
        yield say.unchecked(
            "group-on-ascend",
            Kind.PLATFORM,
            "group above 1 is not supported on Ascend.",
            "group 大于 1 时不支持 Ascend。",
            "needs an Ascend device",
        )
    for name, law in (("weight", "HeUniform"), ("bias", "Uniform")):
        yield say.unchecked(
            f"{name}-default-distribution",
            Kind.DISTRIBUTION,
            f"With {name}_init None, {name} is initialised by {law}.",
            f"{name}_init 为 None 时,{name} 用 {law} 初始化。",
            NEEDS_RANDOM,
        )
    yield say.unchecked(
        "gradient-of-conv",
        Kind.GRADIENT,
        f"The layer is the gradient of Conv{axes}d with respect to its input.",
        f"该层可视为 Conv{axes}d 对输入求梯度。",
        NEEDS_CONV,
        *text,
    )
    yield say.unchecked(
        "inverse-of-conv-in-shapes",
        Kind.EQUIVALENCE,
        f"With the same parameters and pad_mode pad, Conv{axes}d and this layer are inverses of each other in shapes.",
        f"参数相同且 pad_mode 为 pad 时,Conv{axes}d 与该层的输入和输出形状互逆。",
        NEEDS_CONV,
        *text,
    )
    yield many_to_one(say, axes, *text)
    yield input_name(say, "x", *sources(axes, "Inputs"))
    yield say.unchecked(
        "valid-discards",
        Kind.VALUES,
        "With pad_mode valid, elements that do not complete a stride are discarded.",
        "pad_mode 为 valid 时,不能构成一个完整 stride 的元素被丢弃。",
        "says which elements only of a convolution: a transposed one consumes every input element",
    )
    for name in ("weight_init", "bias_init"):
        yield say.unchecked(
            f"{name.replace('_', '-')}-accepts-initializer",
            Kind.TYPE,
            f"`{name}` may be an Initializer.",
            f"`{name}` 可以是 Initializer。",
            "an Initializer object is not among the argument values that a case may hold",
        )


def _api(axes: int) -> Api:
    examples = tuple(case for case, _ in EXAMPLES[axes]) + (COMPARISON_CASES if axes == 1 else ())
    return Api(
        f"mindspore.nn.Conv{axes}dTranspose", "conv_transpose", SIGNATURES[axes], ("x",), tuple(_claims(axes)), examples
    )


APIS = tuple(_api(axes) for axes in (1, 2, 3))
