"""What the documents say of `mindspore.nn.Conv1dTranspose/Conv2dTranspose/Conv3dTranspose`."""

from collections.abc import Iterator
from typing import Any

from cases.case import Arguments, Case
from cases.conv_transpose import formulas as f
from cases.conv_transpose.alike import AN_INT, COUNT, COUNT_ZH, NEEDS_CONV, NEEDS_RANDOM
from cases.conv_transpose.comparison import COMPARISON_CASES, comparison
from cases.conv_transpose.documents import (
    COMPARISON,
    FUTURE_SIGNATURE,
    MINDSPORE,
    MINDSPORE_1D,
    MINDSPORE_2D,
    PAD_3D,
    SAME_LENGTH,
    VALID_LENGTH,
)
from cases.documentation import (
    REQUIRED,
    Api,
    Breaks,
    Claim,
    Kind,
    Names,
    Parameter,
    Printed,
    Runs,
    Shape,
    Source,
    Statements,
    Stored,
    StoredDtype,
    Text,
    Values,
)
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
PLAIN: dict[str, Any] = {"stride": 1, "padding": 0, "output_padding": 0, "group": 1, "dilation": 1, "has_bias": False}
INITIALIZERS = ("TruncatedNormal", "Normal", "Uniform", "HeUniform", "XavierUniform", "One", "Zero")
ALIASES = ("xavier_uniform", "he_uniform", "ones", "zeros")


def _example(axes: int, size: tuple[int, ...]) -> Case:
    construct = Arguments((3, 64, 4), (("has_bias", False), ("weight_init", "normal"), ("pad_mode", "pad")))
    given = Arguments((Tensor("input", (1, 3, *size), "float32"),))
    return Case(f"mindspore.nn.Conv{axes}dTranspose", construct, given, (), "ones")


EXAMPLES = {1: ((_example(1, (50,)), (1, 64, 53)),), 2: ((_example(2, (16, 50)), (1, 64, 19, 53)),), 3: ()}


def _sources(axes: int, place: str) -> tuple[Source, ...]:
    """The docstring's place, and the same place of the page about the same class."""
    pages = {1: (Source(MINDSPORE_1D, place),), 2: (Source(MINDSPORE_2D, place),), 3: ()}
    return (Source(MINDSPORE, place), *pages[axes])


def _claims(axes: int) -> Iterator[Claim]:
    say = Statements(f"mindspore.nn.Conv{axes}dTranspose", *_sources(axes, "Args"))
    yield from _signature(say, axes)
    yield from _types(say, axes)
    yield from _raises(say, axes)
    yield from _shapes(say, axes)
    yield from _values(say, axes)
    yield from _rest(say, axes)
    if axes == 1:
        yield from comparison(say)


def _signature(say: Statements, axes: int) -> Iterator[Claim]:
    where = _sources(axes, "signature")
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


def _types(say: Statements, axes: int) -> Iterator[Claim]:
    sizes = ("kernel_size", "stride", "dilation") + (("output_padding",) if axes > 1 else ())
    for name in ("in_channels", "out_channels", "group"):
        yield say.accepts(name, AN_INT, "int", f.is_int(name))
    for name in (*sizes, "padding"):
        yield say.accepts(name, AN_INT, "int", f.is_int(name), alone=f.only(name, PLAIN))
        if axes > 1:
            count = 2 * axes if name == "padding" else axes
            text = Text(f"a tuple of {count} ints", f"含 {count} 个整数的元组")
            yield say.accepts(name, text, "tuple", f.is_tuple(name), alone=f.only(name, PLAIN))
    if axes == 1:
        yield say.typed("group", AN_INT)
    if axes == 2:
        yield say.typed("output_padding", Text("an int or a tuple of ints", "整数或整数元组"))
        for name in sizes:
            what = Text(f"has {COUNT[2]} if it is a tuple", f"为元组时含{COUNT_ZH[2]}")
            yield say.ranged(name, what, rule="length", slug="length")
    for value in (True, False):
        yield say.accepts("has_bias", Text(f"the bool {value}", f"布尔值 {value}"), f"{value}".lower(), f.equals("has_bias", value))
    yield say.typed("pad_mode", Text("a str", "字符串"))
    yield say.typed("dtype", Text("a mindspore.dtype", "mindspore.dtype"))
    for mode in ("same", "valid", "pad"):
        yield say.accepts("pad_mode", Text(f"'{mode}'", f"'{mode}'"), mode, f.mode(mode))
    for name in ("weight_init", "bias_init"):
        yield say.typed(
            name,
            Text("a Tensor, a str, an Initializer, a number or None", "Tensor、str、Initializer、数字或 None"),
        )
        yield say.ranged(
            name, Text("names a documented initializer if it is a str", "为字符串时是文档列出的初始化方法名"), rule="choice"
        )
        for spelling in (*INITIALIZERS, *ALIASES):
            text = Text(f"'{spelling}', in upper or lower case", f"'{spelling}',大小写均可")
            yield say.accepts(name, text, spelling.lower().replace("_", "-") + ("-alias" if "_" in spelling else ""), _spelled(name, spelling), alone=_ordinary(name))
        yield say.accepts(name, Text("a number", "数字"), "number", _is(name, int, float), alone=_ordinary(name))
        yield say.accepts(name, Text("a Tensor", "Tensor"), "tensor", _is(name, Tensor), alone=_ordinary(name))
    if axes == 3:
        yield say.accepts("data_format", Text("'NCDHW'", "'NCDHW'"), "ncdhw", f.equals("data_format", "NCDHW"))
    yield say.claim(
        "input-rank",
        Kind.REQUIREMENT,
        f"The input has {axes + 2} dimensions.",
        f"输入有 {axes + 2} 维。",
        Breaks("rank"),
        "input",
        sources=_sources(axes, "Inputs"),
    )
    yield say.claim(
        "input-channels",
        Kind.REQUIREMENT,
        "The input has in_channels channels.",
        "输入的通道数是 in_channels。",
        Breaks("channels"),
        "input",
        sources=_sources(axes, "Inputs"),
    )


def _ordinary(name: str) -> Any:
    """Calls in which nothing but this initialiser is out of the ordinary."""
    plain = f.plain({name: value for name, value in PLAIN.items() if name != "has_bias"})
    other = "bias_init" if name == "weight_init" else "weight_init"
    return lambda bound: plain(bound) and bound.arguments[other] in (None, "ones")


def _is(name: str, *kinds: type) -> Any:
    return lambda bound: type(bound.arguments[name]) in kinds


def _spelled(name: str, spelling: str) -> Any:
    return lambda bound: str(bound.arguments[name]).lower() == spelling.lower()


def _raises(say: Statements, axes: int) -> Iterator[Claim]:
    where = _sources(axes, "Raises")
    ints = {
        1: ("in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation"),
        2: ("in_channels", "out_channels", "group"),
        3: ("in_channels", "out_channels", "group"),
    }[axes]
    for name in ints:
        yield say.raises(name, "TypeError", "type", "not-int", Text(f"`{name}` is not an int", f"`{name}` 不是 int"), *where)
    if axes > 1:
        three = ("output_padding",) if axes == 3 else ()
        of = " of three" if axes == 3 else ""
        of_zh = "三元" if axes == 3 else ""
        for name in ("kernel_size", "stride", "padding", "dilation", *three):
            text = Text(f"`{name}` is neither an int nor a tuple{of}", f"`{name}` 既不是 int 也不是{of_zh}元组".replace("元元", "元"))
            yield say.raises(name, "TypeError", "type", "not-int-or-tuple", text, *where)
            if axes == 3 and name != "padding":
                yield say.raises(
                    name, "TypeError", "length", "length", Text(f"`{name}` is a tuple of another length", f"`{name}` 是其他长度的元组"), *where
                )
    for name in ("in_channels", "out_channels", "kernel_size", "stride", "dilation"):
        yield say.raises(name, "ValueError", "range", "less-than-1", Text(f"`{name}` is less than 1", f"`{name}` 小于 1"), *where)
    yield say.raises("padding", "ValueError", "range", "negative", Text("`padding` is less than 0", "`padding` 小于 0"), *where)
    yield say.raises(
        "pad_mode",
        "ValueError",
        "choice",
        "choice",
        Text("`pad_mode` is not one of same, valid, pad", "`pad_mode` 不是 same、valid、pad 之一"),
        *where,
    )
    if axes == 1:
        yield say.ranged("padding", Text("is 0 with pad_mode same or valid", "在 pad_mode 为 same 或 valid 时为 0"), rule="needs", slug="needs-pad")
    else:
        count = 2 * axes
        yield say.raises(
            "padding",
            "ValueError",
            "length",
            "length",
            Text(f"`padding` is a tuple whose length is not {count}", f"`padding` 是长度不为 {count} 的元组"),
            *where,
        )
        yield say.raises(
            "padding",
            "ValueError",
            "needs",
            "needs-pad",
            Text("`padding` is not 0 and `pad_mode` is not pad", "`padding` 不为 0 而 `pad_mode` 不是 pad"),
            *where,
        )
    if axes == 2:
        yield say.ranged("output_padding", Text("is in [0, max(stride, dilation)) on each axis", "在每个轴上取值于 [0, max(stride, dilation))"))
        yield say.ranged("output_padding", Text("is 0 unless pad_mode is pad", "在 pad_mode 不是 pad 时为 0"), rule="needs", slug="needs-pad")
    if axes == 3:
        yield say.ranged("output_padding", Text("is not negative", "不为负"))
        yield say.raises(
            "data_format", "ValueError", "choice", "choice", Text("`data_format` is not NCDHW", "`data_format` 不是 NCDHW"), *where
        )
        yield say.unchecked(
            "input-dtype",
            Kind.RAISES,
            "TypeError is raised if the input is neither float16 nor float32 (on Ascend: not float16).",
            "输入既不是 float16 也不是 float32(在 Ascend 上不是 float16)时抛出 TypeError。",
            "dtypes other than float32 are not exercised by this version of the suite",
            *where,
        )
    letters = {1: "[1, L]", 2: "[1, H] and [1, W]", 3: "[1, D], [1, H] and [1, W]"}[axes]
    yield say.ranged("dilation", Text(f"is in {letters}", f"的取值范围为 {letters}"))
    yield say.ranged(
        "group",
        Text("divides in_channels and out_channels", "整除 in_channels 和 out_channels"),
        rule="divisible",
        slug="divides-channels",
    )


def _shapes(say: Statements, axes: int) -> Iterator[Claim]:
    where = _sources(axes, "Outputs")
    formulas = {1: (f.same_1d, f.valid_1d, f.transposed), 2: (f.same_2d, f.valid_2d, f.pad_2d), 3: (f.same_3d, f.valid_3d, f.pad_3d)}
    texts = {
        "same": {1: "(length + stride − 1) / stride", 2: "length·stride", 3: "⌊length / stride + 1⌋"},
        "valid": {
            1: "(length − 1)·stride + dilation·(kernel_size − 1) + 1",
            2: "length·stride + max((dilation − 1)·(kernel_size − 1) − stride, 0)",
            3: "⌊(length − dilation·(kernel_size − 1)) / stride + 1⌋",
        },
        "pad": {
            1: "(length − 1)·stride − 2·padding + dilation·(kernel_size − 1) + 1",
            2: "length·stride − (begin + end of padding) + kernel_size + (dilation − 1)·(kernel_size − 1) − stride + output_padding",
            3: "⌊(length + begin + end of padding − (dilation − 1)·kernel_size − 1) / stride + 1⌋",
        },
    }
    against = {("same", 1): SAME_LENGTH, ("same", 3): SAME_LENGTH, ("valid", 2): VALID_LENGTH, ("valid", 3): VALID_LENGTH, ("pad", 3): PAD_3D}
    for mode, formula in zip(("same", "valid", "pad"), formulas[axes], strict=True):
        yield say.claim(
            f"output-length-{mode}",
            Kind.SHAPE,
            f"With pad_mode {mode} each output length is {texts[mode][axes]}.",
            f"pad_mode 为 {mode} 时,每个输出长度为 {texts[mode][axes]}。",
            Shape(f.where(f.mode(mode), f.shape(axes, formula))),
            "pad_mode",
            sources=where,
            overruled=against.get((mode, axes)),
        )
    yield say.claim(
        "same-keeps-shape-at-stride-1",
        Kind.SHAPE,
        "With pad_mode same and stride 1 the output has the input's lengths.",
        "pad_mode 为 same 且 stride 为 1 时,输出长度与输入相同。",
        Shape(f.where(lambda bound: f.mode("same")(bound) and set(f.per_axis(bound.arguments["stride"], axes)) == {1}, f.shape(axes, f.same_2d))),
        "pad_mode",
    )
    yield say.claim(
        "output-channels",
        Kind.SHAPE,
        "The output is a tensor of out_channels channels and the input's batch size.",
        "输出的通道数为 out_channels,批大小与输入相同。",
        Shape(lambda bound: (bound.input_shape[0], bound.arguments["out_channels"], *(None,) * axes)),
        sources=where,
    )


def _values(say: Statements, axes: int) -> Iterator[Claim]:
    yield say.claim(
        "output-values",
        Kind.VALUES,
        "The values are those of the transposed convolution: what the gradient of the convolution with respect to its "
        "input computes.",
        "输出值是转置卷积的值,即卷积对其输入的梯度所计算的值。",
        Values(f.anything),
        sources=_sources(axes, "introduction"),
    )
    side = {1: ("right", "右"), 2: ("right and bottom", "右侧和下"), 3: ("right and bottom", "右侧和下")}[axes]
    yield say.claim(
        "same-odd-excess",
        Kind.VALUES,
        f"With pad_mode same the padding is even at both sides, and an odd excess goes to the {side[0]} side.",
        f"pad_mode 为 same 时填充均匀分布在两侧,奇数时多出的在{side[1]}侧。",
        Values(f.mode("same")),
        "pad_mode",
    )
    yield say.claim(
        "valid-no-padding",
        Kind.VALUES,
        "With pad_mode valid nothing is padded, and the output has the largest possible lengths.",
        "pad_mode 为 valid 时不填充,输出为可能的最大长度。",
        Values(lambda bound: f.mode("valid")(bound) and f.only("pad_mode", PLAIN | {"pad_mode": "pad"}, "stride")(bound)),
        "pad_mode",
    )
    features = [
        ("padding", "padding-crops", "padding shortens the result by that much at each side it names.", "padding 使结果在它所指的每一侧缩短这么多。", ()),
        ("dilation", "dilation-spaces", "Kernel elements are dilation apart.", "卷积核元素相距 dilation。", ()),
        ("group", "group-splits", "With group, each block of input channels makes its own block of output channels.", "使用 group 时,每组输入通道各自产生一组输出通道。", ()),
        ("has_bias", "has-bias-adds", "With has_bias a bias is added.", "has_bias 为 True 时加上偏置。", ()),
    ]
    if axes > 1:
        features.append(
            ("output_padding", "output-padding-lengthens", "output_padding lengthens the output at its end.", "output_padding 在末端加长输出。", ("stride", "padding", "dilation"))
        )
    plain = PLAIN | {"pad_mode": "pad"}
    for name, slug, en, zh, allowed in features:
        yield say.claim(slug, Kind.VALUES, en, zh, Values(f.only(name, plain, *allowed)), name)


def _rest(say: Statements, axes: int) -> Iterator[Claim]:
    text = _sources(axes, "introduction")
    for case, size in EXAMPLES[axes]:
        yield say.claim(
            "example",
            Kind.EXAMPLE,
            f"The example prints {size}.",
            f"示例打印 {size}。",
            Printed(case, size),
            sources=_sources(axes, "Examples")[: 1 if axes == 1 else 2],
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
        StoredDtype(lambda bound: bound.arguments["dtype"].name if isinstance(bound.arguments["dtype"], Dtype) else None),
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
        "platform-cpu", Kind.PLATFORM, "CPU is supported.", "支持 CPU。", Runs("cpu"), sources=(Source(MINDSPORE, "Supported Platforms"),)
    )
    for device in ("gpu", "ascend"):
        yield say.claim(
            f"platform-{device}",
            Kind.PLATFORM,
            f"{device.upper() if device == 'gpu' else 'Ascend'} is supported.",
            f"支持 {device.upper() if device == 'gpu' else 'Ascend'}。",
            Runs(device),
            sources=(Source(MINDSPORE, "Supported Platforms"),),
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


def _api(axes: int) -> Api:
    examples = tuple(case for case, _ in EXAMPLES[axes]) + (COMPARISON_CASES if axes == 1 else ())
    return Api(
        f"mindspore.nn.Conv{axes}dTranspose", "conv_transpose", SIGNATURES[axes], ("x",), tuple(_claims(axes)), examples
    )


APIS = tuple(_api(axes) for axes in (1, 2, 3))
