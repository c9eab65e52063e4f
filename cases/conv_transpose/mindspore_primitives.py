"""What the docstrings of MindSpore's primitives and of `ops.conv3d_transpose` say alike, in two and three dimensions.

Each generator writes claims of one API. `pad` is its name for the padding, `plain` are the arguments that leave every
feature out.
"""

from collections.abc import Iterator
from typing import Any

from cases.conv_transpose import formulas as f
from cases.conv_transpose.alike_results import spread
from cases.conv_transpose.mindspore_sources import AN_INT, COUNT, COUNT_ZH, SHOWN_MODES, any_of, modest
from cases.documentation import REQUIRED, Breaks, Claim, Kind, Parameter, Source, Text, Values
from cases.statements import Statements

_SIDES = {
    2: Text("top, bottom, left and right", "上、下、左、右"),
    3: Text("head, tail, top, bottom, left and right", "前、后、上、下、左、右"),
}


def signature(say: Statements, parameters: tuple[Parameter, ...], where: Source) -> Iterator[Claim]:
    """Names, order and defaults."""
    yield say.signature("parameters", tuple(item.name for item in parameters), where)
    for parameter in parameters:
        if parameter.default is not REQUIRED:
            yield say.default(parameter.name, parameter.default, where, *say.sources)  # type: ignore[arg-type]


def types(
    say: Statements, axes: int, ints: tuple[str, ...], sizes: tuple[str, ...], pad: str, plain: dict[str, Any]
) -> Iterator[Claim]:
    """Types and spellings that each parameter accepts."""
    for name in ints:
        yield say.accepts(name, AN_INT, "int", f.is_int(name))
    for name in (*sizes, pad):
        count = 2 * axes if name == pad else axes
        alone = f.both(any_of("valid", "pad"), f.only(name, plain), modest(name))
        yield say.accepts(name, AN_INT, "int", f.is_int(name), alone=alone)
        a_tuple = Text(f"a tuple of {COUNT[count]}", f"含{COUNT_ZH[count]}的元组")
        yield say.accepts(name, a_tuple, "tuple", f.is_tuple(name), alone=alone)
    yield say.typed("pad_mode", Text("a str", "字符串"))
    for mode in SHOWN_MODES:
        yield say.accepts("pad_mode", Text(f"'{mode}'", f"'{mode}'"), mode, f.mode(mode))


def unused_mode(say: Statements, plain: dict[str, Any]) -> Iterator[Claim]:
    """The argument `mode`, of which the documents say that it is not used."""
    yield say.typed("mode", AN_INT)
    yield say.claim(
        "mode-unused",
        Kind.VALUES,
        "`mode` is not used: any int may be given, and it changes nothing.",
        "`mode` 未被使用：可以是任意整数，且不影响结果。",
        Values(f.both(any_of("valid", "pad"), f.only("mode", plain)), whole=True),
        "mode",
    )


def raises(
    say: Statements,
    axes: int,
    where: Source,
    *,
    ints: tuple[str, ...],
    tuples: tuple[str, ...],
    positive: tuple[str, ...],
    pad: str,
) -> Iterator[Claim]:
    """Documented errors of types, ranges, and of pad_mode with its padding."""
    for name in ints:
        text = Text(f"`{name}` is not an int", f"`{name}` 不是 int")
        yield say.raises(name, "TypeError", "type", "not-int", text, where)
    for name in tuples:
        text = Text(f"`{name}` is neither an int nor a tuple", f"`{name}` 既不是 int 也不是元组")
        yield say.raises(name, "TypeError", "type", "not-int-or-tuple", text, where)
    for name in positive:
        text = Text(f"`{name}` is less than 1", f"`{name}` 小于 1")
        yield say.raises(name, "ValueError", "range", "less-than-1", text, where)
    text = Text("`pad_mode` is not one of same, valid, pad", "`pad_mode` 不是 same、valid、pad 之一")
    yield say.raises("pad_mode", "ValueError", "choice", "choice", text, where)
    count = 2 * axes
    text = Text(f"`{pad}` is a tuple whose length is not {count}", f"`{pad}` 是长度不为 {count} 的元组")
    yield say.raises(pad, "ValueError", "length", "length", text, where)
    text = Text(f"`{pad}` is not 0 and `pad_mode` is not pad", f"`{pad}` 不为 0 而 `pad_mode` 不是 pad")
    yield say.raises(pad, "ValueError", "needs", "needs-pad", text, where, *say.sources)


def tensors(say: Statements, axes: int, dout: str, where: Source, error: str = "") -> Iterator[Claim]:
    """Ranks and channels of the tensors; `error` is the documented class of a wrong rank."""
    for name, role in ((dout, "input"), ("weight", "weight")):
        yield say.claim(
            f"{name}-rank",
            Kind.RAISES if error else Kind.REQUIREMENT,
            f"{error} is raised if {name} has not {axes + 2} dimensions."
            if error
            else f"{name} has {axes + 2} dimensions.",
            f"{name} 不是 {axes + 2} 维时抛出 {error}。" if error else f"{name} 有 {axes + 2} 维。",
            Breaks("rank", error or None),
            role,
            sources=(where,),
        )


def features(say: Statements, axes: int, pad: str, plain: dict[str, Any], *, grouped: bool = True) -> Iterator[Claim]:
    """What each argument does, held against calls that use no other feature."""
    whole = any_of("valid", "pad")
    stated = [
        (
            pad,
            "pad-crops",
            f"`{pad}` shortens the result by that much at each side it names.",
            f"`{pad}` 使结果在它所指的每一侧缩短这么多。",
        ),
        ("stride", "stride-steps", "Input elements are stride apart in the result.", "输入元素在结果中相距 stride。"),
        ("dilation", "dilation-spaces", "Kernel elements are dilation apart.", "卷积核元素相距 dilation。"),
    ]
    if grouped:
        stated.append(
            (
                "group",
                "group-splits",
                "With group, each block of input channels makes its own block of the result's channels.",
                "使用 group 时，每组输入通道各自产生结果的一组通道。",
            )
        )
    for name, slug, en, zh in stated:
        yield say.claim(slug, Kind.VALUES, en, zh, Values(f.both(whole, f.only(name, plain))), name)
    yield from _pad(say, axes, pad, plain)
    yield from _modes(say, axes, plain)


def sizes_in_order(say: Statements, axes: int, names: tuple[str, ...], plain: dict[str, Any]) -> Iterator[Claim]:
    """What one number, and what a tuple, means for the axes."""
    yield from spread(say, axes, names, plain | {"pad_mode": "pad"})


def _pad(say: Statements, axes: int, pad: str, plain: dict[str, Any]) -> Iterator[Claim]:
    sides = _SIDES[axes]
    alone = f.both(f.mode("pad"), f.only(pad, plain))
    yield say.claim(
        f"{pad}-int-for-all-sides",
        Kind.VALUES,
        f"One number for `{pad}` holds for {sides.en} alike.",
        f"`{pad}` 为一个数时，{sides.zh}都取这个数。",
        Values(f.both(alone, f.is_int(pad))),
        pad,
    )
    yield say.claim(
        f"{pad}-tuple-in-order",
        Kind.VALUES,
        f"The numbers of a tuple for `{pad}` are those of {sides.en}, in this order.",
        f"`{pad}` 为元组时，其中的数依次用于{sides.zh}。",
        Values(f.both(alone, f.unequal(pad))),
        pad,
    )


def _modes(say: Statements, axes: int, plain: dict[str, Any]) -> Iterator[Claim]:
    strided = f.only("pad_mode", plain, "stride")
    tail = say.api.endswith("conv3d_transpose")
    side = {
        (2, False): Text("right and bottom side", "右侧和下侧"),
        (3, False): Text("right and bottom side, and of the depth axis to the front", "右侧和下侧，在深度轴上则在前侧"),
        (3, True): Text("tail, bottom and right side", "后侧、下侧和右侧"),
    }[axes, tail]
    yield say.claim(
        "same-odd-excess",
        Kind.VALUES,
        f"With pad_mode same the padding is even at both sides, and an odd excess goes to the {side.en}.",
        f"pad_mode 为 same 时填充均匀分布在两侧，奇数时多出的在{side.zh}。",
        Values(f.both(f.mode("same"), strided)),
        "pad_mode",
    )
    yield say.claim(
        "valid-no-padding",
        Kind.VALUES,
        "With pad_mode valid nothing is padded, and the result has the largest possible lengths.",
        "pad_mode 为 valid 时不填充，结果为可能的最大长度。",
        Values(f.both(f.mode("valid"), strided)),
        "pad_mode",
    )
