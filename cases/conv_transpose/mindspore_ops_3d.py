"""What the docstrings of `mindspore.ops.Conv3DTranspose` and `mindspore.ops.conv3d_transpose` say.

The function constructs the primitive and calls it, and its docstring is an older text of the same statements. In both
`in_channel` comes in and `out_channel` goes out.
"""

from collections.abc import Iterator
from typing import Any

from cases.case import Arguments, Case
from cases.conv_transpose import formulas as f
from cases.conv_transpose import mindspore_primitives as shared
from cases.conv_transpose.documents import PAD_MODE_WORD
from cases.conv_transpose.mindspore_ops_3d_results import (
    FUNCTION,
    INPUTS,
    PADS,
    PRIMITIVE,
    element_types,
    lengths,
    outputs,
)
from cases.conv_transpose.mindspore_sources import (
    LISTED,
    docstring,
    platforms,
)
from cases.documentation import (
    Api,
    Breaks,
    Claim,
    Kind,
    Parameter,
    Printed,
    Rejects,
    Source,
    Text,
)
from cases.statements import Statements
from cases.values import Tensor, Value

SIGNATURES = {
    PRIMITIVE: (
        Parameter("in_channel"),
        Parameter("out_channel"),
        Parameter("kernel_size"),
        Parameter("mode", 1),
        Parameter("pad_mode", "valid"),
        Parameter("pad", 0),
        Parameter("stride", 1),
        Parameter("dilation", 1),
        Parameter("group", 1),
        Parameter("output_padding", 0),
        Parameter("data_format", "NCDHW"),
    ),
    FUNCTION: (
        Parameter("inputs"),
        Parameter("weight"),
        Parameter("pad_mode", "valid"),
        Parameter("padding", 0),
        Parameter("stride", 1),
        Parameter("dilation", 1),
        Parameter("group", 1),
        Parameter("output_padding", 0),
    ),
}
_NEUTRAL: dict[str, Any] = {"stride": 1, "dilation": 1, "group": 1, "output_padding": 0}
PLAIN: dict[str, dict[str, Any]] = {
    PRIMITIVE: _NEUTRAL | {"pad": 0, "mode": 1, "data_format": "NCDHW"},
    FUNCTION: _NEUTRAL | {"padding": 0},
}
_PRINTED = (32, 3, 13, 37, 33)


def _tensors(dout: tuple[int, ...], weight: tuple[int, ...], dtype: str = "float32") -> tuple[Tensor, Tensor]:
    return Tensor("input", dout, dtype), Tensor("weight", weight, dtype)


_HALF = Arguments(_tensors((32, 16, 10, 32, 32), (16, 3, 4, 6, 2), "float16"))
EXAMPLES = {
    PRIMITIVE: Case(
        PRIMITIVE,
        Arguments((), (("in_channel", 16), ("out_channel", 3), ("kernel_size", (4, 6, 2)))),
        _HALF,
        data="ones",
    ),
    FUNCTION: Case(FUNCTION, None, _HALF, data="ones"),
}


_PAD: dict[str, Value] = {"pad_mode": "pad"}
_SMALL: dict[str, Value] = {"in_channel": 2, "out_channel": 3, "kernel_size": 3}


def _plain(api: str, *more: Tensor, **keyword: Value) -> Case:
    """A call with two channels in, three out, kernel 3, in pad_mode pad; `more` goes in after the weight."""
    kernel = f.per_axis(keyword.get("kernel_size", 3), 3)
    given = (*_tensors((2, 2, 4, 3, 3), (2, 3, *kernel)), *more)
    keyword = {**_PAD, **keyword}
    if api == FUNCTION:
        keyword.pop("kernel_size", None)
        return Case(api, None, Arguments(given, tuple(keyword.items())))
    keyword = {**_SMALL, **keyword}
    return Case(api, Arguments((), tuple(keyword.items())), Arguments(given))


def _further(api: str) -> Iterator[Case]:
    """Calls that claims speak of and no covering array holds."""
    yield _plain(api, kernel_size=(3, 2, 1))
    yield _plain(api, stride=(3, 1, 2))
    yield _plain(api, dilation=(1, 3, 2))
    yield _plain(api, **{PADS[api]: (0, 1, 2, 1, 1, 0)})
    yield _plain(api, stride=3, output_padding=(2, 1, 0))
    if api == PRIMITIVE:
        yield _plain(api, mode=0)
        yield _plain(api, mode=2)
        yield _plain(api, data_format="NCDHW")
        yield _plain(api, Tensor("bias", (3,), "float32"))
    else:
        weight = Tensor("weight", (4, 3, 3, 3, 3), "float32")
        x = Tensor("input", (2, 4, 4, 3, 3), "float32")
        yield Case(api, None, Arguments((x, weight), (("group", 2),)))
        yield _plain(api, group=1)
        yield Case(api, None, Arguments(_tensors((2, 0, 4, 3, 3), (0, 3, 3, 3, 3))))


def _claims(api: str) -> Iterator[Claim]:
    say, pad, plain = Statements(api, docstring(api, "Args")), PADS[api], PLAIN[api]
    primitive = api == PRIMITIVE
    sizes = (*(("kernel_size",) if primitive else ()), "stride", "dilation", "output_padding")
    ints = ("in_channel", "out_channel", "group") if primitive else ("group",)
    where, inputs = docstring(api, "Raises"), docstring(api, "Inputs" if primitive else "Args")
    yield from shared.signature(say, SIGNATURES[api], docstring(api, "signature"))
    yield from shared.types(say, 3, ints, sizes, pad, plain)
    positive = (
        ("in_channel", "out_channel", "kernel_size", "stride", "dilation") if primitive else ("stride", "dilation")
    )
    yield from shared.raises(say, 3, where, ints=ints, tuples=(*sizes, pad), positive=positive, pad=pad)
    text = Text(f"`{pad}` is less than 0", f"`{pad}` 小于 0")
    yield say.raises(pad, "ValueError", "range", "negative", text, where)
    for name in ("kernel_size", "stride") if primitive else ("stride",):
        has_three = Text("has three ints if it is a tuple", "为元组时含三个整数")
        yield say.ranged(name, has_three, rule="length", slug="length")
    yield from shared.tensors(say, 3, INPUTS[api][0], where, "ValueError")
    yield from element_types(say, plain, where, inputs)
    yield from _own(say, where, inputs) if primitive else _functional(say, where)
    yield from lengths(say)
    yield from shared.features(say, 3, pad, plain, grouped=primitive)
    yield from shared.sizes_in_order(say, 3, sizes, plain)
    yield from outputs(say, plain)
    yield from platforms(say, LISTED, docstring(api, "Supported Platforms"))
    yield say.claim(
        "example",
        Kind.EXAMPLE,
        f"The float16 example prints {_PRINTED}.",
        f"float16 示例打印 {_PRINTED}。",
        Printed(EXAMPLES[api], _PRINTED),
        sources=(docstring(api, "Examples"),),
    )


def _own(say: Statements, where: Source, inputs: Source) -> Iterator[Claim]:
    """What only the primitive's docstring says."""
    yield from shared.unused_mode(say, PLAIN[PRIMITIVE])
    yield say.typed("data_format", Text("a str", "字符串"))
    ncdhw, named = Text("'NCDHW'", "'NCDHW'"), f.equals("data_format", "NCDHW")
    yield say.accepts("data_format", ncdhw, "ncdhw", named, alone=f.plain(PLAIN[PRIMITIVE]))
    text = Text("`data_format` is not NCDHW", "`data_format` 不是 NCDHW")
    yield say.raises("data_format", "ValueError", "choice", "choice", text, where)
    divides = Text("divides in_channel and out_channel", "整除 in_channel 和 out_channel")
    yield say.ranged("group", divides, rule="divisible", slug="divides-channels")
    for slug, kind, en, zh, detail, name in (
        (
            "dout-channels",
            Kind.REQUIREMENT,
            "dout has in_channel channels.",
            "dout 的通道数是 in_channel。",
            Breaks("channels"),
            "input",
        ),
        (
            "weight-channels",
            Kind.REQUIREMENT,
            "weight starts with in_channel and out_channel // group.",
            "weight 的前两维为 in_channel 和 out_channel // group。",
            Breaks("channels"),
            "weight",
        ),
        (
            "weight-kernel",
            Kind.REQUIREMENT,
            "weight ends with the kernel's sizes.",
            "weight 的后三维为卷积核大小。",
            Breaks("length"),
            "weight",
        ),
        (
            "bias-only-none",
            Kind.RAISES,
            "ValueError is raised if bias is not None.",
            "bias 不为 None 时抛出 ValueError。",
            Breaks("choice", "ValueError"),
            "bias",
        ),
    ):
        yield say.claim(slug, kind, en, zh, detail, name, sources=(inputs, where))
    yield say.claim(
        "group-on-ascend",
        Kind.RANGE,
        "On Ascend only group 1 is supported.",
        "在 Ascend 上只支持 group 为 1。",
        Rejects(lambda bound: bound.arguments["group"] > 1),
        "group",
        sources=(docstring(PRIMITIVE, "Note"),),
        device="ascend",
    )


def _functional(say: Statements, where: Source) -> Iterator[Claim]:
    """What only the function's docstring says."""
    yield say.claim(
        "group-only-1",
        Kind.RANGE,
        "Only group 1 is supported.",
        "只支持 group 为 1。",
        Rejects(lambda bound: bound.arguments["group"] > 1),
        "group",
    )
    yield say.claim(
        "input-channels",
        Kind.REQUIREMENT,
        "weight has C_in filters on its first axis, as many as inputs has channels.",
        "weight 第一个轴的长度为 C_in，与 inputs 的通道数相同。",
        Breaks("channels"),
        "input",
    )
    for role, what, what_zh in (
        ("input", "inputs has no channel", "inputs 没有通道"),
        ("weight", "weight has no output channel or an empty kernel", "weight 没有输出通道或卷积核为空"),
    ):
        yield say.raises(role, "ValueError", "range", "empty", Text(what, what_zh), where)
    zero = Text("is 0 with pad_mode valid", "在 pad_mode 为 valid 时为 0")
    yield say.ranged("output_padding", zero, rule="needs", slug="needs-other-than-valid")
    yield say.claim(
        "padding-only-in-mode-padding",
        Kind.REQUIREMENT,
        "ValueError is raised if `padding` is not 0 and `pad_mode` is not 'padding', pad included.",
        "`padding` 不为 0 而 `pad_mode` 不是 'padding' 时抛出 ValueError，pad 也在内。",
        Rejects(lambda bound: any(f.per_axis(bound.arguments["padding"], 1))),
        "padding",
        sources=(where,),
        overruled=PAD_MODE_WORD,
    )
    yield say.unchecked(
        "data-format-choice",
        Kind.RAISES,
        "ValueError is raised if data_format is not NCDHW.",
        "data_format 不是 NCDHW 时抛出 ValueError。",
        "speaks of a parameter that neither the signature nor the list of arguments has",
        where,
    )


def _api(api: str) -> Api:
    examples = (EXAMPLES[api], *_further(api))
    return Api(api, "conv_transpose", SIGNATURES[api], INPUTS[api], tuple(_claims(api)), examples)


APIS = (_api(PRIMITIVE), _api(FUNCTION))
