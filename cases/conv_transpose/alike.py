"""What PyTorch's and OneFlow's documents promise alike of their layers, stated once and instantiated per class."""

from collections.abc import Callable, Iterator

from cases.conv_transpose import formulas as f
from cases.conv_transpose.alike_results import PLAIN, many_to_one, shape, values
from cases.documentation import (
    REQUIRED,
    Accepts,
    Bound,
    Breaks,
    Claim,
    Distributed,
    Kind,
    Parameter,
    Source,
    Stored,
    Text,
    Values,
)
from cases.statements import Statements
from reference.initializers import Distribution

__all__ = [
    "AN_INT",
    "COUNT",
    "COUNT_ZH",
    "PLAIN",
    "SIGNATURE",
    "SIZES",
    "accepts_mode",
    "input_name",
    "int_or_tuple",
    "many_to_one",
    "shared",
]

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
)
SIZES = ("kernel_size", "stride", "padding", "output_padding", "dilation")
Law = Callable[[Bound], Distribution | None]
AN_INT = Text("an int", "整数")
COUNT = {1: "one int", 2: "two ints", 3: "three ints"}
COUNT_ZH = {1: "一个整数", 2: "两个整数", 3: "三个整数"}


def shared(
    api: str,
    axes: int,
    sources: tuple[Source, ...],
    *,
    unbatched: bool,
    signature: tuple[Parameter, ...] = SIGNATURE,
    results: tuple[Source, ...] = (),
) -> Iterator[Claim]:
    """The claims of a layer in PyTorch's manner.

    `results` is where the sentences on results and parameters stand, `sources` unless given. A layer whose signature
    has no in_channels takes them from its input.
    """
    say = Statements(api, *sources)
    for parameter in signature:
        if parameter.default is not REQUIRED:
            yield say.default(parameter.name, parameter.default)  # type: ignore[arg-type]
    names = {parameter.name for parameter in signature}
    for name in ("in_channels", "out_channels", "groups"):
        if name in names:
            yield say.typed(name, AN_INT)
    for name in SIZES:
        yield from int_or_tuple(say, name, axes)
    for value in (True, False):
        yield say.accepts(
            "bias", Text(f"the bool {value}", f"布尔值 {value}"), f"{value}".lower(), f.equals("bias", value)
        )
    say = Statements(api, *(results or sources))
    yield rank(say, axes, unbatched=unbatched)
    if "in_channels" in names:
        yield say.claim(
            "input-channels",
            Kind.REQUIREMENT,
            "The input has in_channels channels.",
            "输入的通道数是 in_channels。",
            Breaks("channels"),
            "input",
        )
    yield shape(say, axes)
    yield from values(say, PLAIN)
    yield from stored(say, axes)


def int_or_tuple(say: Statements, name: str, axes: int) -> Iterator[Claim]:
    """A size: an int, or a tuple with one for each axis."""
    yield say.typed(name, Text("an int or a tuple of ints", "整数或整数元组"))
    yield say.accepts(name, AN_INT, "int", f.is_int(name), alone=f.only(name, PLAIN))
    count, count_zh = COUNT[axes], COUNT_ZH[axes]
    a_tuple = Text(f"a tuple of {count}", f"含{count_zh}的元组")
    yield say.accepts(name, a_tuple, "tuple", f.is_tuple(name), alone=f.only(name, PLAIN))
    yield say.ranged(name, Text(f"has {count} if it is a tuple", f"为元组时含{count_zh}"), rule="length", slug="length")


def rank(say: Statements, axes: int, *sources: Source, unbatched: bool) -> Claim:
    """How many axes the input has."""
    return say.claim(
        "input-rank",
        Kind.REQUIREMENT,
        f"The input is (N, C_in, …) with {axes} spatial axes" + (", or the same without N." if unbatched else "."),
        f"输入为 (N, C_in, …)，有 {axes} 个空间轴" + ("，或者没有 N。" if unbatched else "。"),
        Breaks("rank"),
        "input",
        sources=sources,
    )


def stored(say: Statements, axes: int) -> Iterator[Claim]:
    """Shapes of the parameters, and the laws of their initial numbers."""
    yield say.claim(
        "weight-shape",
        Kind.PARAMETERS,
        "weight has shape (in_channels, out_channels / groups, *kernel_size).",
        "weight 的形状为 (in_channels, out_channels / groups, *kernel_size)。",
        Stored("weight", f.weight_shape(axes, "groups")),
    )
    yield say.claim(
        "bias-shape",
        Kind.PARAMETERS,
        "bias has shape (out_channels,).",
        "bias 的形状为 (out_channels,)。",
        Stored("bias", f.where(f.equals("bias", True), lambda bound: (bound.arguments["out_channels"],))),
    )
    law: Law = f.uniform(axes)
    laws: dict[str, Law] = {"weight": law, "bias": f.where(f.equals("bias", True), law)}
    for name, drawn in laws.items():
        yield say.claim(
            f"{name}-distribution",
            Kind.DISTRIBUTION,
            f"{name} is drawn from U(−√k, √k) with k = groups / (out_channels · size of the kernel).",
            f"{name} 取自均匀分布 U(−√k, √k)，其中 k = groups / (out_channels · 卷积核大小)。",
            Distributed(name, drawn),
        )


def input_name(say: Statements, name: str, *sources: Source) -> Claim:
    """What the tensor is called that the layer is called with: held against calls that pass it by that name."""
    return say.claim(
        "input-name",
        Kind.SIGNATURE,
        f"The layer is called with a tensor named `{name}`.",
        f"调用该层时，张量参数名为 `{name}`。",
        Values(f.option(name), whole=True),
        sources=sources,
    )


def accepts_mode(say: Statements, *sources: Source) -> Claim:
    """padding_mode zeros is accepted."""
    return say.claim(
        "padding-mode-zeros",
        Kind.TYPE,
        "`padding_mode` may be 'zeros'.",
        "`padding_mode` 可以是 'zeros'。",
        Accepts(f.equals("padding_mode", "zeros")),
        "padding_mode",
        sources=sources,
    )
