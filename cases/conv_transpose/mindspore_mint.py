"""What the docstrings of `mindspore.mint.nn.ConvTranspose2d` and of its functional forms say.

`mindspore.ops.conv_transpose2d` and `mindspore.mint.nn.functional.conv_transpose2d` have the same docstring. All three
list Ascend as their only platform: what needs a result is held against results of that device, while signatures, and
parameters as they are made, can be read anywhere.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from cases.case import Arguments, Case
from cases.conv_transpose import formulas as f
from cases.conv_transpose.alike_results import gradient_of_conv, same_as_class, shape, spread, unbatched, values
from cases.conv_transpose.calls import input_by_name, pairs, plain
from cases.conv_transpose.mindspore_sources import AN_INT, COUNT, COUNT_ZH, docstring, experimental, platforms
from cases.conv_transpose.setting import call
from cases.documentation import (
    REQUIRED,
    Api,
    Bound,
    Breaks,
    Claim,
    Distributed,
    Kind,
    Parameter,
    Printed,
    Source,
    Stored,
    StoredDtype,
    Text,
    Values,
)
from cases.statements import Statements
from cases.values import Dtype, Tensor

MODULE = "mindspore.mint.nn.ConvTranspose2d"
FUNCTIONS = ("mindspore.ops.conv_transpose2d", "mindspore.mint.nn.functional.conv_transpose2d")
ASCEND = ("ascend",)
SIZES = ("kernel_size", "stride", "padding", "output_padding", "dilation")
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
    Parameter("dtype", None),
)
FUNCTION_SIGNATURE = (
    Parameter("input"),
    Parameter("weight"),
    Parameter("bias", None),
    Parameter("stride", 1),
    Parameter("padding", 0),
    Parameter("output_padding", 0),
    Parameter("groups", 1),
    Parameter("dilation", 1),
)
PLAIN: dict[str, Any] = {"stride": 1, "padding": 0, "output_padding": 0, "groups": 1, "dilation": 1, "bias": False}
FUNCTION_PLAIN: dict[str, Any] = PLAIN | {"bias": None}
_PRINTED, _FUNCTION_PRINTED = (1, 16, 12, 12), (1, 8, 7, 7)


def _tensor(role: str, *shape: int) -> Tensor:
    return Tensor(role, shape, "float32")


# The example that asks for an exact size, and the one that prints none.
EXAMPLE = Case(
    MODULE,
    Arguments((16, 16, 3), (("stride", 2), ("padding", 1))),
    Arguments((_tensor("input", 1, 16, 6, 6),), (("output_size", _PRINTED),)),
    (_tensor("weight", 16, 16, 3, 3), _tensor("bias", 16)),
    "ones",
)
UNEVEN = Case(
    MODULE,
    Arguments((16, 33, (3, 5)), (("stride", (2, 1)), ("padding", (4, 2)))),
    Arguments((_tensor("input", 20, 16, 50, 100),)),
    (_tensor("weight", 16, 33, 3, 5), _tensor("bias", 33)),
    "ones",
)
BY_NAME = input_by_name(call(MODULE, plain(2)), "input")


def _function_example(api: str) -> Case:
    return Case(api, None, Arguments((_tensor("input", 1, 4, 5, 5), _tensor("weight", 4, 8, 3, 3))), data="ones")


def _shared(say: Statements, neutral: dict[str, Any], names: tuple[str, ...], output: Source) -> Iterator[Claim]:
    """What the module and the functions say alike."""
    below = Text("is less than stride or dilation on each axis", "在每个轴上小于 stride 或 dilation")
    yield say.ranged("output_padding", below)
    yield say.unchecked(
        "output-padding-not-contiguous",
        Kind.REQUIREMENT,
        "With an input that is not contiguous, `output_padding` is less than stride.",
        "输入不连续时，`output_padding` 小于 stride。",
        "the reference is told the numbers of an input, not how they lie in memory",
        docstring(say.api, "warning"),
    )
    yield shape(say, 2, output)
    yield unbatched(say, 2, output)
    yield from values(say, neutral, *say.sources)
    yield from spread(say, 2, names, neutral, *say.sources)
    yield say.claim(
        "groups-split",
        Kind.VALUES,
        "With groups, each block of input channels is connected to its own block of output channels only.",
        "使用 groups 时，每组输入通道只与自己的一组输出通道相连。",
        Values(f.only("groups", neutral)),
        "groups",
    )
    yield from platforms(say, ASCEND, docstring(say.api, "Supported Platforms"))
    yield experimental(say, docstring(say.api, "warning"))
    yield say.unchecked(
        "no-true-inverse",
        Kind.VALUES,
        "The operator is called a deconvolution, but does not compute the inverse of a convolution.",
        "该算子也称为反卷积，但并不计算卷积的逆。",
        "says what is not computed; what is computed has claims of its own",
        docstring(say.api, "introduction"),
    )


def _input_rank(say: Statements, *where: Source) -> Claim:
    return say.claim(
        "input-rank",
        Kind.REQUIREMENT,
        "The input is (N, C_in, H, W) or (C_in, H, W).",
        "输入为 (N, C_in, H, W) 或 (C_in, H, W)。",
        Breaks("rank"),
        "input",
        sources=where,
    )


def _module() -> Iterator[Claim]:
    say = Statements(MODULE, docstring(MODULE, "Args"))
    text, inputs, held = (docstring(MODULE, place) for place in ("introduction", "Inputs", "Variables"))
    yield say.signature("parameters", tuple(item.name for item in SIGNATURE), docstring(MODULE, "signature"))
    for parameter in SIGNATURE:
        if parameter.default is not REQUIRED:
            yield say.default(parameter.name, parameter.default)  # type: ignore[arg-type]
    for name in ("in_channels", "out_channels", "groups"):
        yield say.typed(name, AN_INT)
    for name in SIZES:
        yield say.typed(name, Text("an int or a tuple of ints", "整数或整数元组"))
        alone = f.only(name, PLAIN)
        yield say.accepts(name, AN_INT, "int", f.is_int(name), alone=alone)
        yield say.accepts(name, _a_tuple("tuple", "元组"), "tuple", f.is_tuple(name), alone=alone)
        if name != "dilation":
            two = Text(f"has {COUNT[2]} if it is a tuple", f"为元组时含{COUNT_ZH[2]}")
            yield say.ranged(name, two, text, rule="length", slug="length")
    for value in (True, False):
        yield say.accepts(
            "bias", Text(f"the bool {value}", f"布尔值 {value}"), f"{value}".lower(), f.equals("bias", value)
        )
    yield say.typed("padding_mode", Text("a str", "字符串"))
    yield say.accepts("padding_mode", Text("'zeros'", "'zeros'"), "zeros", f.equals("padding_mode", "zeros"))
    yield say.ranged("padding_mode", Text("is 'zeros'", "为 'zeros'"), rule="choice", slug="only-zeros")
    yield say.typed("dtype", Text("a mindspore.dtype or None", "mindspore.dtype 或 None"))
    yield _input_rank(say, inputs)
    yield say.claim(
        "input-channels",
        Kind.REQUIREMENT,
        "The input has in_channels channels.",
        "输入的通道数是 in_channels。",
        Breaks("channels"),
        "input",
        sources=(inputs,),
    )
    yield say.claim(
        "input-name",
        Kind.SIGNATURE,
        "The module is called with a tensor named `input`.",
        "调用该模块时，张量参数名为 `input`。",
        Values(f.option("input"), whole=True),
        sources=(inputs,),
    )
    yield from _shared(say, PLAIN, SIZES, docstring(MODULE, "Outputs"))
    yield from _parameters(say, held)
    yield replace(gradient_of_conv(say, 2, Text("module", "该模块"), text), device="ascend")
    yield from _examples(say)


def _parameters(say: Statements, held: Source) -> Iterator[Claim]:
    yield say.claim(
        "weight-shape",
        Kind.PARAMETERS,
        "weight has shape (in_channels, out_channels / groups, kernel_size[0], kernel_size[1]).",
        "weight 的形状为 (in_channels, out_channels / groups, kernel_size[0], kernel_size[1])。",
        Stored("weight", f.weight_shape(2, "groups")),
        sources=(held,),
    )
    yield say.claim(
        "bias-shape",
        Kind.PARAMETERS,
        "bias has shape (out_channels,).",
        "bias 的形状为 (out_channels,)。",
        Stored("bias", _bias_shape),
        sources=(held,),
    )
    yield say.claim(
        "dtype-of-parameters",
        Kind.DTYPE,
        "Parameters have the dtype that `dtype` names, float32 where it is None.",
        "参数的类型由 `dtype` 指定，为 None 时是 float32。",
        StoredDtype(_stored),
        "dtype",
    )
    for name in ("weight", "bias"):
        yield say.claim(
            f"{name}-distribution",
            Kind.DISTRIBUTION,
            f"{name} is drawn from U(−√k, √k) with k = groups / (out_channels · size of the kernel).",
            f"{name} 取自均匀分布 U(−√k, √k)，其中 k = groups / (out_channels · 卷积核大小)。",
            Distributed(name, f.where(_has(name), f.uniform(2))),
            sources=(held,),
        )


def _examples(say: Statements) -> Iterator[Claim]:
    where = docstring(MODULE, "Examples")
    yield say.claim(
        "example-output-size",
        Kind.EXAMPLE,
        f"With output_size given as an argument, the example prints {_PRINTED}.",
        f"将 output_size 作为参数传入时，示例打印 {_PRINTED}。",
        Printed(EXAMPLE, _PRINTED),
        sources=(where,),
        device="ascend",
    )
    yield say.unchecked(
        "example-downsample",
        Kind.EXAMPLE,
        "The convolution of the example prints (1, 16, 6, 6).",
        "示例中的卷积打印 (1, 16, 6, 6)。",
        "prints the shape of a convolution's result, which says nothing of this operator",
        where,
    )
    yield say.claim(
        "example-uneven",
        Kind.EXAMPLE,
        "The example with kernel_size (3, 5), stride (2, 1) and padding (4, 2) runs on (20, 16, 50, 100); by the formula "
        "its result has shape (20, 33, 93, 100).",
        "kernel_size 为 (3, 5)、stride 为 (2, 1)、padding 为 (4, 2) 的示例可在 (20, 16, 50, 100) 上运行；"
        "按公式，结果的形状为 (20, 33, 93, 100)。",
        Printed(UNEVEN, (20, 33, 93, 100)),
        sources=(where,),
        device="ascend",
    )


def _function(api: str) -> Iterator[Claim]:
    say, where = Statements(api, docstring(api, "Args")), docstring(api, "Raises")
    names = tuple(item.name for item in FUNCTION_SIGNATURE)
    sizes = SIZES[1:]
    yield say.signature("parameters", names, docstring(api, "signature"))
    for parameter in FUNCTION_SIGNATURE:
        if parameter.default is not REQUIRED:
            yield say.default(parameter.name, parameter.default)  # type: ignore[arg-type]
    for name in sizes:
        alone = f.only(name, FUNCTION_PLAIN)
        yield say.accepts(name, AN_INT, "int", f.is_int(name), alone=alone)
        yield say.accepts(name, _a_tuple("tuple", "元组"), "tuple", f.is_tuple(name), alone=alone)
        yield say.accepts(name, _a_tuple("list", "列表"), "list", _is_list(name), alone=alone)
        text = Text(f"`{name}` is neither an int nor a tuple nor a list", f"`{name}` 既不是 int 也不是元组或列表")
        yield say.raises(name, "TypeError", "type", "not-int-tuple-or-list", text, where)
        text = Text(f"`{name}` is a tuple or list whose length is not 2", f"`{name}` 是长度不为 2 的元组或列表")
        yield say.raises(name, "ValueError", "length", "length", text, where)
    for name in ("stride", "dilation"):
        text = Text(f"`{name}` is less than 1", f"`{name}` 小于 1")
        yield say.raises(name, "ValueError", "range", "less-than-1", text, where)
    for name in ("padding", "output_padding"):
        text = Text(f"`{name}` is less than 0", f"`{name}` 小于 0")
        yield say.raises(name, "ValueError", "range", "negative", text, where)
    text = Text("`groups` is not an int", "`groups` 不是 int")
    yield say.raises("groups", "TypeError", "type", "not-int", text, where)
    divides = Text("divides in_channels", "整除 in_channels")
    yield say.ranged("groups", divides, rule="divisible", slug="divides-channels")
    text = Text("the shape of `bias` is not (out_channels,)", "`bias` 的形状不是 (out_channels,)")
    yield say.raises("bias", "ValueError", "length", "shape", text, where, *say.sources)
    for name in ("input", "weight", "bias"):
        yield say.typed(
            name, Text("a Tensor", "Tensor") if name != "bias" else Text("a Tensor or None", "Tensor 或 None")
        )
    yield _input_rank(say)
    for slug, en, zh, rule, name in (
        ("weight-rank", "weight has 4 dimensions.", "weight 有 4 维。", "rank", "weight"),
        (
            "input-channels",
            "The input has as many channels as weight has on its first axis.",
            "输入的通道数等于 weight 第一个轴的长度。",
            "channels",
            "input",
        ),
    ):
        yield say.claim(slug, Kind.REQUIREMENT, en, zh, Breaks(rule), name)  # type: ignore[arg-type]
    yield from _shared(say, FUNCTION_PLAIN, sizes, docstring(api, "Returns"))
    refers = docstring(api, "reference to the module")
    yield replace(same_as_class(say, MODULE, pairs(api, MODULE), refers), device="ascend")
    yield say.claim(
        "example",
        Kind.EXAMPLE,
        f"The example prints {_FUNCTION_PRINTED}.",
        f"示例打印 {_FUNCTION_PRINTED}。",
        Printed(_function_example(api), _FUNCTION_PRINTED),
        sources=(docstring(api, "Examples"),),
        device="ascend",
    )


def _bias_shape(bound: Bound) -> tuple[int, ...] | None:
    return (bound.arguments["out_channels"],) if bound.arguments["bias"] else None


def _has(name: str) -> f.Condition:
    """Modules that have the parameter."""
    return lambda bound: name == "weight" or bool(bound.arguments["bias"])


def _a_tuple(what: str, what_zh: str) -> Text:
    return Text(f"a {what} of two ints", f"含两个整数的{what_zh}")


def _is_list(name: str) -> Any:
    return lambda bound: isinstance(bound.arguments[name], list)


def _stored(bound: Bound) -> str | None:
    value = bound.arguments["dtype"]
    return "float32" if value is None else value.name if isinstance(value, Dtype) else None


def _of(api: str) -> Api:
    if api == MODULE:
        return Api(api, "conv_transpose", SIGNATURE, ("input",), tuple(_module()), (EXAMPLE, UNEVEN, BY_NAME))
    example = _function_example(api)
    return Api(api, "conv_transpose", FUNCTION_SIGNATURE, ("input", "weight"), tuple(_function(api)), (example,))


APIS = tuple(_of(api) for api in (FUNCTIONS[0], MODULE, FUNCTIONS[1]))
