"""What the suite itself holds of every API: claims that no document makes, and that any user relies on.

In goes an API as its documents describe it, out come further claims with the document `SUITE`. They follow from the
documented values, since a value that is documented cannot hang on what the document does not name, or they ask for
what makes an error useful. `docs/decisions/0012-claims-of-the-suite.md` says why, and which of them are advice.
"""

from collections.abc import Callable, Iterator
from typing import Any

from cases.conv_transpose import formulas as f
from cases.conv_transpose.consistency import KINDS
from cases.conv_transpose.documents import SUITE
from cases.conv_transpose.setting import FORMS
from cases.documentation import (
    Api,
    Bound,
    Claim,
    Consistent,
    Gradient,
    Kind,
    ModesAgree,
    Refused,
    Says,
    Source,
    Text,
    Values,
)
from cases.statements import Statements, joined, slugged

MODES = ("torch", "mindspore")  # the frameworks that execute in more than one way

# The value of each argument that leaves the operator plain; a bias changes no derivative but its own.
NEUTRAL: dict[str, Any] = {
    "stride": 1,
    "padding": 0,
    "pad": 0,
    "output_padding": 0,
    "dilation": 1,
    "groups": 1,
    "group": 1,
    "pad_mode": "pad",
}
ROLES = {"input": Text("the input", "输入"), "weight": Text("the weight", "权重"), "bias": Text("the bias", "偏置")}
TYPES = {
    "float16": ("float16",),
    "bfloat16": ("bfloat16",),
    "float64": ("float64",),
    "complex64": ("complex64",),
    "complex128": ("complex128",),
    "integers": ("uint8", "int8", "int16", "int32", "int64"),
}
LAYOUTS = {
    "strided": Text("with gaps between its elements", "元素之间有间隔"),
    "transposed": Text("with two axes exchanged in memory", "在内存中交换了两个轴"),
    "channels-last": Text("with its channels innermost", "通道位于内存最内层"),
    "expanded": Text("that repeats one sample without a copy", "不复制数据而重复同一个样本"),
}
CONSISTENT = {
    "independent-of-batch-size": Text(
        "The result of a sample does not depend on how many samples are in its batch.",
        "一个样本的结果不取决于它所在批次的样本数。",
    ),
    "independent-of-position-in-batch": Text(
        "The result of a sample does not depend on its position in the batch.",
        "一个样本的结果不取决于它在批次中的位置。",
    ),
    "independent-of-layout": Text(
        "The result does not depend on how a tensor lies in memory.",
        "结果不取决于张量在内存中的布局。",
    ),
    "independent-of-differentiation": Text(
        "The result is the same whether or not gradients are asked for.",
        "无论是否求梯度，结果都相同。",
    ),
    "independent-of-repetition": Text(
        "The result of a repeated call is that of the first one.",
        "重复调用的结果与第一次调用相同。",
    ),
    "groups-apart": Text(
        "A call with groups gives what separate calls on the channels of each group give.",
        "分组调用的结果，与对每组通道分别调用的结果相同。",
    ),
}

_TENSOR = ("input", "'x'", "dimension", "rank", "shape", "channel")
# What counts as naming an argument, beside its own name: a reader who sees the word knows where to look.
WORDS: dict[str, tuple[str, ...]] = {
    "in_channels": ("channel",),
    "in_channel": ("channel",),
    "out_channels": ("channel",),
    "out_channel": ("channel",),
    "kernel_size": ("kernel",),
    "padding": ("pad",),
    "pad_list": ("pad",),
    "output_padding": ("output padding", "outputpadding"),
    "dilation": ("dilat",),
    "groups": ("group",),
    "has_bias": ("bias",),
    "padding_mode": ("padding mode",),
    "pad_mode": ("pad mode", "padmode"),
    "data_format": ("format",),
    "weight_init": ("initializer", "weight init"),
    "bias_init": ("initializer", "bias init"),
    "dtype": ("type",),
    "input": _TENSOR,
    "inputs": _TENSOR,
    "x": _TENSOR,
    "dout": (*_TENSOR, "doutput"),
    "weight": ("filter", "kernel", "[w]", "[w,", "dimension", "rank", "shape", "channel"),
    "input_size": ("input size", "inputsize", "shape"),
    "output_size": ("output size", "outputsize"),
}


def own(api: Api) -> tuple[Claim, ...]:
    """The suite's claims on one API."""
    say = Statements(api.name)
    return (
        *_derivatives(say, api),
        *_consistency(say, api),
        *_results(say),
        *_errors(say, api),
    )


def _at(place: str) -> tuple[Source, ...]:
    return (Source(SUITE, place),)


def _derivatives(say: Statements, api: Api) -> Iterator[Claim]:
    """What automatic differentiation returns, in all calls, and for each feature alone."""
    roles = tuple(role for role in ROLES if role != "bias" or FORMS[api.name].bias)
    for role in roles:
        what = ROLES[role]
        yield say.claim(
            f"gradient-{role}",
            Kind.GRADIENT,
            f"The gradient with respect to {what.en} is the derivative of the documented values.",
            f"对{what.zh}的梯度，是文档所述输出值的导数。",
            Gradient(role, f.anything),
            sources=_at("derivatives"),
        )
    for role in roles:
        if role == "bias":
            continue  # which is added last: no feature has a part in its derivative
        what = ROLES[role]
        for slug, name, text, when in _features(api):
            yield say.claim(
                f"gradient-{role}-{slug}",
                Kind.GRADIENT,
                f"The gradient with respect to {what.en} is right with {text.en}.",
                joined(text.zh, f"时，对{what.zh}的梯度正确。"),
                Gradient(role, f.both(ordinary, when)),
                name,
                sources=_at("derivatives"),
            )


def _features(api: Api) -> Iterator[tuple[str, str, Text, Callable[[Bound], bool]]]:
    """Slug, parameter, words and condition of each feature alone."""
    plain = {name: value for name, value in NEUTRAL.items() if name in api.names}
    for name, value in plain.items():
        if name == "pad_mode":
            continue
        allowed = ("stride", "padding", "pad", "dilation") if name == "output_padding" else ()
        text = Text(f"`{name}` other than {value}", f"`{name}` 不为 {value}")
        yield slugged(name), name, text, f.only(name, plain, *allowed)
    if "pad_mode" in plain:
        alone = f.only("pad_mode", plain, "stride")
        for mode in ("same", "valid"):
            yield (
                f"pad-mode-{mode}",
                "pad_mode",
                Text(f"`pad_mode` {mode!r}", f"`pad_mode` 为 {mode!r}"),
                f.both(alone, f.mode(mode)),
            )


def ordinary(bound: Bound) -> bool:
    """Calls in float32, on tensors that lie in memory as usual, without special values."""
    case = bound.case
    return (
        bound.dtype == "float32"
        and case.data in ("integers", "normal")
        and all(tensor.layout == "contiguous" for tensor in case.tensors())
    )


def _consistency(say: Statements, api: Api) -> Iterator[Claim]:
    """Pairs of calls whose results must be equal, whatever they are; and the modes of one backend."""
    for slug, text in CONSISTENT.items():
        pairs = KINDS[slug](api.name)
        if pairs:
            kind = Kind.PRECISION if slug == "independent-of-repetition" else Kind.EQUIVALENCE
            yield say.claim(slug, kind, text.en, text.zh, Consistent(pairs), sources=_at("consistency"))
    if api.framework in MODES:
        yield say.claim(
            "modes-agree",
            Kind.EQUIVALENCE,
            "A call has the same outcome in every mode of execution.",
            "同一调用在每种执行模式下结果相同。",
            ModesAgree(),
            sources=_at("consistency"),
        )


def _results(say: Statements) -> Iterator[Claim]:
    """Values where numbers are special, of other element types, or lie in memory in another way."""
    yield say.claim(
        "special-values",
        Kind.VALUES,
        "nan, infinities and finite numbers fall where the documented arithmetic puts them.",
        "nan、无穷大和有限数出现在文档所述运算应得的位置。",
        Values(lambda bound: bound.case.data == "special", own=True),
        sources=_at("values"),
    )
    for slug, names in TYPES.items():
        one = slug != "integers"
        yield say.claim(
            f"type-{slug}",
            Kind.DTYPE,
            f"A result {f'in {slug}' if one else 'in integers'}, where there is one, is right within its bound.",
            f"{f'{slug} 类型' if one else '整数类型'}的结果（如果有）在误差界内正确。",
            Values(_of_type(names), own=True),
            sources=_at("element types"),
        )
    for slug, text in LAYOUTS.items():
        yield say.claim(
            f"layout-{slug}",
            Kind.VALUES,
            f"The values are right for a tensor {text.en}.",
            joined("张量", text.zh, "时，输出值正确。"),
            Values(_lies(slug), own=True),
            sources=_at("layouts"),
        )


def _of_type(names: tuple[str, ...]) -> Callable[[Bound], bool]:
    return lambda bound: bound.dtype in names and bound.case.data != "special"


def _lies(layout: str) -> Callable[[Bound], bool]:
    return lambda bound: any(tensor.layout == layout for tensor in bound.case.tensors())


def _errors(say: Statements, api: Api) -> Iterator[Claim]:
    """What makes a refusal useful."""
    yield say.claim(
        "errors-name-argument",
        Kind.RAISES,
        "The message of an error about an argument says which argument it is.",
        "关于某个参数的错误信息会指明是哪个参数。",
        Says(WORDS),
        sources=_at("errors"),
    )
    if FORMS[api.name].kind != "function":
        yield say.claim(
            "errors-at-construction",
            Kind.RAISES,
            "An invalid argument of the constructor is refused at construction, not at the call.",
            "构造参数无效时，在构造时就拒绝，而不是在调用时。",
            Refused(),
            sources=_at("errors"),
            advice=True,
        )
