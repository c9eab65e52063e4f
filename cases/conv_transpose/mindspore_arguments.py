"""What MindSpore's documents say of arguments: types and spellings, ranges and requirements, errors."""

from collections.abc import Iterator
from typing import Any

from cases.conv_transpose import formulas as f
from cases.conv_transpose.mindspore_initializers import initialisers
from cases.conv_transpose.mindspore_sources import AN_INT, COUNT, COUNT_ZH, PLAIN, has_dtype, modest, sources
from cases.documentation import (
    Breaks,
    Claim,
    Kind,
    Source,
    Text,
    Values,
)
from cases.statements import Statements

UNINITIALISED: dict[str, Any] = {"weight_init": None, "bias_init": None}


def types(say: Statements, axes: int) -> Iterator[Claim]:
    """Types and spellings that each parameter accepts."""
    sizes = ("kernel_size", "stride", "dilation") + (("output_padding",) if axes > 1 else ())
    for name in ("in_channels", "out_channels", "group"):
        yield say.accepts(name, AN_INT, "int", f.is_int(name))
    for name in (*sizes, "padding"):
        alone = f.both(f.only(name, PLAIN | UNINITIALISED), modest(name))
        yield say.accepts(name, AN_INT, "int", f.is_int(name), alone=alone)
        if axes > 1:
            count = 2 * axes if name == "padding" else axes
            text = Text(f"a tuple of {count} ints", f"含 {count} 个整数的元组")
            yield say.accepts(name, text, "tuple", f.is_tuple(name), alone=alone)
    if axes == 1:
        yield say.typed("group", AN_INT)
    if axes == 2:
        yield say.typed("output_padding", Text("an int or a tuple of ints", "整数或整数元组"))
        for name in sizes:
            what = Text(f"has {COUNT[2]} if it is a tuple", f"为元组时含{COUNT_ZH[2]}")
            yield say.ranged(name, what, rule="length", slug="length")
    for value in (True, False):
        yield say.accepts(
            "has_bias", Text(f"the bool {value}", f"布尔值 {value}"), f"{value}".lower(), f.equals("has_bias", value)
        )
    yield say.typed("pad_mode", Text("a str", "字符串"))
    yield say.typed("dtype", Text("a mindspore.dtype", "mindspore.dtype"))
    for mode in ("same", "valid", "pad"):
        yield say.accepts("pad_mode", Text(f"'{mode}'", f"'{mode}'"), mode, f.mode(mode))
    yield from initialisers(say)
    if axes == 3:
        yield say.accepts("data_format", Text("'NCDHW'", "'NCDHW'"), "ncdhw", f.equals("data_format", "NCDHW"))
    yield say.claim(
        "input-rank",
        Kind.REQUIREMENT,
        f"The input has {axes + 2} dimensions.",
        f"输入有 {axes + 2} 维。",
        Breaks("rank"),
        "input",
        sources=sources(axes, "Inputs"),
    )
    yield say.claim(
        "input-channels",
        Kind.REQUIREMENT,
        "The input has in_channels channels.",
        "输入的通道数是 in_channels。",
        Breaks("channels"),
        "input",
        sources=sources(axes, "Inputs"),
    )


def raises(say: Statements, axes: int) -> Iterator[Claim]:
    """Documented errors, and the ranges and requirements for which no error class is documented."""
    where = sources(axes, "Raises")
    ints = {
        1: ("in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation"),
        2: ("in_channels", "out_channels", "group"),
        3: ("in_channels", "out_channels", "group"),
    }[axes]
    for name in ints:
        yield say.raises(
            name, "TypeError", "type", "not-int", Text(f"`{name}` is not an int", f"`{name}` 不是 int"), *where
        )
    if axes > 1:
        three = ("output_padding",) if axes == 3 else ()
        of = " of three" if axes == 3 else ""
        of_zh = "三元" if axes == 3 else ""
        for name in ("kernel_size", "stride", "padding", "dilation", *three):
            text = Text(
                f"`{name}` is neither an int nor a tuple{of}",
                f"`{name}` 既不是 int 也不是{of_zh}元组".replace("元元", "元"),
            )
            yield say.raises(name, "TypeError", "type", "not-int-or-tuple", text, *where)
            if axes == 3 and name != "padding":
                yield say.raises(
                    name,
                    "TypeError",
                    "length",
                    "length",
                    Text(f"`{name}` is a tuple of another length", f"`{name}` 是其他长度的元组"),
                    *where,
                )
    for name in ("in_channels", "out_channels", "kernel_size", "stride", "dilation"):
        yield say.raises(
            name, "ValueError", "range", "less-than-1", Text(f"`{name}` is less than 1", f"`{name}` 小于 1"), *where
        )
    yield say.raises(
        "padding", "ValueError", "range", "negative", Text("`padding` is less than 0", "`padding` 小于 0"), *where
    )
    yield say.raises(
        "pad_mode",
        "ValueError",
        "choice",
        "choice",
        Text("`pad_mode` is not one of same, valid, pad", "`pad_mode` 不是 same、valid、pad 之一"),
        *where,
    )
    if axes == 1:
        yield say.ranged(
            "padding",
            Text("is 0 with pad_mode same or valid", "在 pad_mode 为 same 或 valid 时为 0"),
            rule="needs",
            slug="needs-pad",
        )
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
        yield say.ranged(
            "output_padding",
            Text("is in [0, max(stride, dilation)) on each axis", "在每个轴上取值于 [0, max(stride, dilation))"),
        )
        yield say.ranged(
            "output_padding",
            Text("is 0 unless pad_mode is pad", "在 pad_mode 不是 pad 时为 0"),
            rule="needs",
            slug="needs-pad",
        )
    if axes == 3:
        yield say.ranged("output_padding", Text("is not negative", "不为负"))
        yield say.raises(
            "data_format",
            "ValueError",
            "choice",
            "choice",
            Text("`data_format` is not NCDHW", "`data_format` 不是 NCDHW"),
            *where,
        )
        yield from _element_types(say, *where)
    letters = {1: "[1, L]", 2: "[1, H] and [1, W]", 3: "[1, D], [1, H] and [1, W]"}[axes]
    yield say.ranged("dilation", Text(f"is in {letters}", f"的取值范围为 {letters}"))
    yield say.ranged(
        "group",
        Text("divides in_channels and out_channels", "整除 in_channels 和 out_channels"),
        rule="divisible",
        slug="divides-channels",
    )


def _element_types(say: Statements, *where: Source) -> Iterator[Claim]:
    """The 3-D document alone says which element types the input may have."""
    inputs = sources(3, "Inputs")
    yield say.claim(
        "input-dtype",
        Kind.RAISES,
        "TypeError is raised if the input is neither float16 nor float32.",
        "输入既不是 float16 也不是 float32 时抛出 TypeError。",
        Breaks("type", "TypeError"),
        "input",
        sources=(*where, *inputs),
    )
    yield say.claim(
        "input-dtype-ascend",
        Kind.RAISES,
        "On Ascend TypeError is raised if the input is not float16.",
        "在 Ascend 上，输入不是 float16 时抛出 TypeError。",
        Breaks("type", "TypeError"),
        "input",
        sources=(*where, *inputs),
        device="ascend",
    )
    yield say.ranged("dtype", Text("is the dtype of the input", "与输入的类型相同"), rule="needs", slug="same-as-input")
    for name, devices, devices_zh in (
        ("float16", "on every platform", "在各平台上"),
        ("float32", "on GPU and CPU", "在 GPU 和 CPU 上"),
    ):
        yield say.claim(
            f"input-{name}",
            Kind.DTYPE,
            f"The input may be {name} {devices}.",
            f"{devices_zh}输入可以是 {name}。",
            Values(f.both(has_dtype(name), f.plain(PLAIN)), whole=True),
            sources=inputs,
        )
