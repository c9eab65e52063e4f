"""What MindSpore's comparison page says of `mindspore.nn.Conv1dTranspose`, alone and beside PyTorch's class."""

import itertools
from collections.abc import Iterator
from typing import Any

from cases.case import Arguments, Case
from cases.conv_transpose import formulas as f
from cases.conv_transpose.documents import COMPARISON, COMPARISON_RATIO
from cases.conv_transpose.mindspore_initializers import torch_law
from cases.conv_transpose.mindspore_sources import PLAIN
from cases.conv_transpose.torch_pages import COMPARISON_CASES as TORCH_CASES
from cases.conv_transpose.torch_pages import COMPARISON_LENGTHS
from cases.documentation import Claim, Distributed, Equal, Kind, Pair, Printed, Shape, Source, Text, Values
from cases.statements import Statements
from cases.values import Tensor

_MODES = ("pad", "same", "valid")
COMPARISON_CASES = tuple(
    Case(
        "mindspore.nn.Conv1dTranspose",
        Arguments((3, 64), (("kernel_size", k), ("stride", s), ("weight_init", "ones"), ("pad_mode", mode))),
        Arguments((Tensor("input", (1, 3, 50), "float32"),)),
        (),
        "ones",
    )
    for mode, (k, s) in zip(_MODES, ((4, 1), (5, 3), (5, 3)), strict=True)
)
_PAGE_NAMES = (
    "in_channels",
    "out_channels",
    "kernel_size",
    "stride",
    "pad_mode",
    "padding",
    "dilation",
    "group",
    "has_bias",
    "weight_init",
    "bias_init",
)


def comparison(say: Statements) -> Iterator[Claim]:
    """The page's statements, with the class of MindSpore on the left."""
    table, text = Source(COMPARISON, "parameter table"), Source(COMPARISON, "difference")
    yield say.signature("parameters-comparison", _PAGE_NAMES, Source(COMPARISON, "class line"))
    for name in ("output_padding", "padding_mode"):
        yield say.absent(name, table)
    yield say.claim(
        "output-length-pad-comparison",
        Kind.SHAPE,
        "With pad_mode pad the output's length is (length − 1)·stride − 2·padding + dilation·(kernel_size − 1) + 1.",
        "pad_mode 为 pad 时输出长度为 (长度 − 1)·stride − 2·padding + dilation·(kernel_size − 1) + 1。",
        Shape(f.where(f.mode("pad"), f.shape(1, f.transposed))),
        sources=(Source(COMPARISON, "example 1"),),
    )
    yield say.claim(
        "output-length-valid-comparison",
        Kind.SHAPE,
        "With pad_mode valid the output's length is (length − 1)·stride + dilation·(kernel_size − 1) + 1.",
        "pad_mode 为 valid 时输出长度为 (长度 − 1)·stride + dilation·(kernel_size − 1) + 1。",
        Shape(f.where(f.mode("valid"), f.shape(1, f.valid_1d))),
        sources=(Source(COMPARISON, "example 3"),),
    )
    yield say.claim(
        "output-length-same-comparison",
        Kind.SHAPE,
        "With pad_mode same and padding 0 the output's length is a whole multiple, stride times the input's.",
        "pad_mode 为 same 且 padding 为 0 时，输出长度是输入长度的整数倍，即 stride 倍。",
        Shape(f.where(f.mode("same"), f.shape(1, f.same_2d))),
        sources=(Source(COMPARISON, "example 2"),),
    )
    yield say.claim(
        "output-length-quotient-comparison",
        Kind.SHAPE,
        "With pad_mode same and padding 0 the output's length is the input's, divided by stride without a remainder.",
        "pad_mode 为 same 且 padding 为 0 时，输出长度等于输入长度整除 stride 的商。",
        Shape(f.where(f.mode("same"), f.shape(1, _quotient))),
        sources=(Source(COMPARISON, "example 2"), table),
        overruled=COMPARISON_RATIO,
    )
    yield from _table(say, table)
    for number, (case, length) in enumerate(zip(COMPARISON_CASES, COMPARISON_LENGTHS, strict=True), 1):
        yield say.claim(
            f"example-{number}-comparison",
            Kind.EXAMPLE,
            f"MindSpore's side of example {number} prints (1, 64, {length}).",
            f"示例 {number} 的 MindSpore 部分打印 (1, 64, {length})。",
            Printed(case, (1, 64, length)),
            sources=(Source(COMPARISON, f"example {number}"),),
        )
    for number, (left, right) in enumerate(zip(COMPARISON_CASES, TORCH_CASES, strict=True), 1):
        yield say.claim(
            f"example-{number}-equals-torch",
            Kind.EQUIVALENCE,
            f"The two calls of example {number} give outputs of equal shape.",
            f"示例 {number} 的两个调用输出形状相同。",
            Equal((Pair(left, right),), values=False),
            sources=(Source(COMPARISON, f"example {number}"),),
        )
    yield say.claim(
        "pad-equals-torch",
        Kind.EQUIVALENCE,
        "With pad_mode pad the layer does what PyTorch's does by default, with the same arguments.",
        "pad_mode 为 pad 时与 PyTorch 默认方式相同，参数相同。",
        Equal(tuple(_pad_pairs()), values=True),
        sources=(text,),
    )
    yield say.claim(
        "same-equals-torch-shape",
        Kind.EQUIVALENCE,
        "pad_mode same gives the shape that PyTorch gives with padding (kernel_size − 1)/2 and output_padding stride − 1.",
        "pad_mode 为 same 时的输出形状，与 PyTorch 设置 padding 为 (kernel_size − 1)/2、output_padding 为 stride − 1 时相同。",
        Equal(tuple(_same_pairs()), values=False),
        sources=(Source(COMPARISON, "example 2"),),
    )
    for name, law in (("weight", "HeUniform"), ("bias", "Uniform")):
        yield say.claim(
            f"{name}-distribution-equals-torch",
            Kind.DISTRIBUTION,
            f"With {name}_init None, {name} is initialised by {law} as PyTorch does it: from U(−√k, √k) with k = group / "
            "(out_channels · kernel_size).",
            f"{name}_init 为 None 时 {name} 用 {law} 初始化，与 PyTorch 一致：取自 U(−√k, √k)，"
            "其中 k = group / (out_channels · kernel_size)。",
            Distributed(name, torch_law(name)),
            f"{name}_init",
            sources=(Source(COMPARISON, "initialisation"),),
        )
    yield say.unchecked(
        "valid-discards-comparison",
        Kind.VALUES,
        "Without padding and with a stride above 1, part of the data may be discarded.",
        "不做填充且 stride 大于 1 时，可能舍弃一部分数据。",
        "says only that something may happen",
        Source(COMPARISON, "example 3"),
    )


def _quotient(length: int, k: int, s: int, d: int, pad: tuple[int, int], o: int) -> int:
    return length // s


def _table(say: Statements, table: Source) -> Iterator[Claim]:
    """The rows of the parameter table that say more than names and defaults."""
    yield say.claim(
        "group-as-groups",
        Kind.VALUES,
        "`group` does what PyTorch's `groups` does.",
        "`group` 与 PyTorch 的 `groups` 功能一致。",
        Values(f.only("group", PLAIN | {"pad_mode": "pad"})),
        "group",
        sources=(table,),
    )
    yield say.claim(
        "pads-zeros",
        Kind.VALUES,
        "What is padded is 0.",
        "默认填充 0。",
        Values(f.only("padding", PLAIN | {"pad_mode": "pad"})),
        "padding",
        sources=(table,),
    )
    yield say.ranged(
        "padding",
        Text("is 0 with pad_mode same or valid", "在 pad_mode 为 same 或 valid 时为 0"),
        table,
        rule="needs",
        slug="needs-pad-comparison",
    )
    yield say.ranged(
        "pad_mode",
        Text("is one of same, valid, pad", "是 same、valid、pad 之一"),
        table,
        rule="choice",
        slug="comparison",
    )


def _pair(kernel: int, left: dict[str, Any], right: dict[str, Any], group: int, length: int) -> Pair:
    """Two calls on the same data: MindSpore's weight is PyTorch's with one axis more."""
    channels, x = (4, 6) if group > 1 else (3, 2), Tensor("input", (2, 4 if group > 1 else 3, length), "float32")
    bias = (Tensor("bias", (channels[1],), "float32"),)
    shape = (channels[0], channels[1] // group)
    ours = Case(
        "mindspore.nn.Conv1dTranspose",
        Arguments((*channels, kernel), tuple(left.items())),
        Arguments((x,)),
        (Tensor("weight", (*shape, 1, kernel), "float32"), *(bias if left.get("has_bias") else ())),
    )
    theirs = Case(
        "torch.nn.ConvTranspose1d",
        Arguments((*channels, kernel), tuple(right.items())),
        Arguments((x,)),
        (Tensor("weight", (*shape, kernel), "float32"), *(bias if right["bias"] else ())),
        origin=ours.id,
    )
    return Pair(ours, theirs)


def _pad_pairs() -> Iterator[Pair]:
    for kernel, stride, padding, dilation, group, bias in itertools.product(
        (1, 3, 4), (1, 2, 3), (0, 1), (1, 2), (1, 2), (False, True)
    ):
        if 4 * stride - 2 * padding + dilation * (kernel - 1) + 1 < 1:
            continue
        alike = {"stride": stride, "padding": padding, "dilation": dilation}
        left = alike | {"pad_mode": "pad", "group": group, "has_bias": bias}
        right = alike | {"groups": group, "bias": bias}
        yield _pair(kernel, left, right, group, 5)


def _same_pairs() -> Iterator[Pair]:
    for kernel, stride, length in itertools.product((3, 5, 7), (1, 2, 3), (1, 4, 7)):
        left = {"stride": stride, "pad_mode": "same", "padding": 0}
        right = {"stride": stride, "padding": (kernel - 1) // 2, "output_padding": stride - 1, "bias": False}
        yield _pair(kernel, left, right, 1, length)
