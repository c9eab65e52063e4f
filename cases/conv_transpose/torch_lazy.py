"""What the documents say of `torch.nn.LazyConvTranspose1d/2d/3d`, which learn their input's channels when called.

Their document calls them the class of the same dimension without `in_channels`: what that class's document says of
results and parameters is a claim here too. The parameters are looked at after the first call.
"""

from collections.abc import Iterator
from dataclasses import replace

from cases.case import Case
from cases.conv_transpose import formulas as f
from cases.conv_transpose.alike import PLAIN, SIGNATURE, accepts_mode, shared
from cases.conv_transpose.alike_results import (
    MODULE,
    connected,
    divides,
    gradient_of_conv,
    same_as_class,
    spread,
)
from cases.conv_transpose.calls import features, pairs, plain, telling
from cases.conv_transpose.documents import LAZY_DILATION, TORCH, TORCH_LAZY, TORCH_LAZY_MIXIN
from cases.conv_transpose.setting import call
from cases.documentation import (
    REQUIRED,
    Accepts,
    Api,
    Bound,
    Claim,
    Kind,
    Parameter,
    Rejects,
    Source,
    Stored,
    StoredDtype,
    Values,
)
from cases.statements import Statements
from cases.values import Dtype

FULL = (*SIGNATURE, Parameter("device", None), Parameter("dtype", None))
LAZY = FULL[1:]
MODES = ("reflect", "replicate", "circular")
BEFORE = "before the first call there is no input, and an outcome tells of parameters after it"


def _claims(axes: int) -> Iterator[Claim]:
    api, other = f"torch.nn.LazyConvTranspose{axes}d", f"torch.nn.ConvTranspose{axes}d"
    text, args, signature = (Source(TORCH_LAZY, place) for place in ("introduction", "Args", "signature"))
    mixin = Source(TORCH_LAZY_MIXIN, "introduction")
    say = Statements(api, text)
    yield say.signature("parameters", tuple(item.name for item in LAZY), signature)
    yield say.absent("in_channels", signature, text)
    for name in ("device", "dtype"):
        yield say.default(name, None, signature)
    details = (text, Source(TORCH, "Shape"), Source(TORCH, "Attributes"))
    assert all(item.default is not REQUIRED for item in LAZY[2:])
    yield from shared(api, axes, (args,), unbatched=False, signature=LAZY[:-2], results=details)
    yield accepts_mode(say, signature)
    yield from annotated_modes(say, axes, signature)
    yield divides(say, text, Source(TORCH, "introduction"))
    yield from connected(say, PLAIN, text, Source(TORCH, "introduction"))
    names = ("kernel_size", "stride", "padding", "output_padding")
    yield from spread(say, axes, names, PLAIN, text, Source(TORCH, "introduction"))
    yield gradient_of_conv(say, axes, MODULE, text, Source(TORCH, "introduction"))
    yield same_as_class(say, other, pairs(api, other), text)
    yield from _inferred(say, axes, mixin)
    yield from _then(say, mixin)
    if axes == 2:
        yield say.claim(
            "dilation-only-int",
            Kind.TYPE,
            "`dilation` is an int; a tuple is not accepted.",
            "`dilation` 是整数；不接受元组。",
            Rejects(f.is_tuple("dilation")),
            "dilation",
            sources=(signature,),
            overruled=LAZY_DILATION,
        )


def annotated_modes(say: Statements, axes: int, source: Source) -> Iterator[Claim]:
    """What the signature's annotation lists for padding_mode beside zeros."""
    for mode in MODES:
        said = f"The signature lists {mode!r} among the values of `padding_mode`: it is accepted."
        said_zh = f"签名将 {mode!r} 列为 `padding_mode` 的取值之一：可以接受。"
        slug = f"padding-mode-accepts-{mode}"
        if axes == 1:
            reason = "the comparison page allows zeros only, which the reference follows in one dimension"
            yield say.unchecked(slug, Kind.TYPE, said, said_zh, reason, source)
        else:
            accepts = Accepts(f.equals("padding_mode", mode))
            yield say.claim(slug, Kind.TYPE, said, said_zh, accepts, "padding_mode", sources=(source,))


def modes(api: str, axes: int) -> Iterator[Case]:
    """A plain call with each of these."""
    one = call(api, plain(axes))
    assert one.construct is not None
    for mode in ("zeros", *MODES):
        yield replace(one, construct=replace(one.construct, keyword=(*one.construct.keyword, ("padding_mode", mode))))


def _inferred(say: Statements, axes: int, mixin: Source) -> Iterator[Claim]:
    """Where the number of channels comes from."""

    def first(bound: Bound) -> tuple[int, ...] | None:
        shape = f.weight_shape(axes, "groups")(bound)
        return None if shape is None else (bound.input_shape[1], *shape[1:])

    def batched(bound: Bound) -> bool:
        return len(bound.input_shape) == axes + 2

    yield say.claim(
        "in-channels-inferred",
        Kind.PARAMETERS,
        "in_channels is the length of the input's axis 1 at the first call: weight then has that many on its first axis.",
        "in_channels 取首次调用时输入第 1 轴的长度：此后 weight 第一个轴的长度就是它。",
        Stored("weight", f.where(batched, first)),
        sources=(*say.sources, mixin),
    )
    yield say.unchecked(
        "in-channels-inferred-unbatched",
        Kind.PARAMETERS,
        "Without N too, in_channels is the length of the input's axis 1.",
        "没有 N 时，in_channels 同样取输入第 1 轴的长度。",
        "the class's document counts channels on axis 0 there, and the reference takes no side",
    )


def _then(say: Statements, mixin: Source) -> Iterator[Claim]:
    """What the layer is before the first call, and after it."""
    for name in ("weight", "bias"):
        yield say.unchecked(
            f"{name}-lazily-initialised",
            Kind.PARAMETERS,
            f"Until the first call {name} is an uninitialised parameter without a shape.",
            f"首次调用之前，{name} 是没有形状的未初始化参数。",
            BEFORE,
            *say.sources,
            mixin,
        )
    yield say.unchecked(
        "class-after-first-call",
        Kind.EQUIVALENCE,
        "After the first call the layer's class is that of the layer which is not lazy.",
        "首次调用之后，该层的类变为对应的非惰性层的类。",
        "an outcome tells a layer's results and parameters, not its class",
        Source(mixin.document, "example"),
    )
    yield say.claim(
        "later-calls",
        Kind.VALUES,
        "After the first call the layer can be used as usual: a later call gives the documented values.",
        "首次调用之后，该层可以照常使用：之后的调用给出文档所述的值。",
        Values(f.repeated, whole=True),
        sources=(mixin,),
    )
    yield say.claim(
        "parameters-dtype",
        Kind.DTYPE,
        "The first call sets shapes only: parameters have the type that `dtype` names, float32 without it.",
        "首次调用只确定形状：参数的类型由 `dtype` 指定，未指定时为 float32。",
        StoredDtype(_dtype),
        "dtype",
        sources=(mixin,),
    )


def _dtype(bound: Bound) -> str | None:
    given = bound.arguments["dtype"]
    if given is None:
        return "float32"
    return given.name if isinstance(given, Dtype) else None


def _cases(api: str, axes: int) -> Iterator[Case]:
    """The calls that claims need beside the generated ones."""
    for setting in (*features(axes), telling(axes)):
        yield call(api, setting)
    yield replace(call(api, replace(plain(axes), in_channels=3, bias=True)), repeats=3)
    yield call(api, replace(plain(axes), dtype="float64"))
    yield from modes(api, axes)


def _api(axes: int) -> Api:
    name = f"torch.nn.LazyConvTranspose{axes}d"
    return Api(name, "conv_transpose", LAZY, ("input",), tuple(_claims(axes)), tuple(_cases(name, axes)))


APIS = tuple(_api(axes) for axes in (1, 2, 3))
