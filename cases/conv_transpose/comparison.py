"""What MindSpore's comparison page says of `mindspore.nn.Conv1dTranspose`, alone and beside PyTorch's class.

`comparison_torch` has what it says of PyTorch's class alone, `comparison_initial` what it says of initial numbers, and
`comparison_sources` what it says as other documents do.
"""

from collections.abc import Iterator

from cases.conv_transpose import formulas as f
from cases.conv_transpose.comparison_examples import LENGTHS, MINDSPORE_CASES, TORCH_CASES
from cases.conv_transpose.comparison_initial import initial
from cases.conv_transpose.comparison_pairs import (
    VALUES,
    input_pair,
    pad_pairs,
    parameter_pairs,
    same_pairs,
    valid_pairs,
)
from cases.conv_transpose.comparison_sources import BEFORE_EXAMPLE_2, CLASS_LINE, DIFFERENCE, EXAMPLES, TABLE
from cases.conv_transpose.comparison_torch import HAPPENS, INSTANTIATED
from cases.conv_transpose.documents import COMPARISON_RATIO
from cases.conv_transpose.mindspore_sources import PLAIN
from cases.documentation import Claim, Equal, Kind, Pair, Printed, Shape, Text, Values
from cases.statements import Statements, slugged

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
ROUGHLY = "says roughly, and not where the two differ"


def comparison(say: Statements) -> Iterator[Claim]:
    """The page's statements, with the class of MindSpore on the left."""
    yield say.signature("parameters-comparison", _PAGE_NAMES, CLASS_LINE)
    for name in ("output_padding", "padding_mode"):
        yield say.absent(name, TABLE)
    yield say.unchecked(
        "roughly-as-torch-comparison",
        Kind.EQUIVALENCE,
        "The layer does roughly what PyTorch's does.",
        "该层的功能与 PyTorch 的大体相同。",
        ROUGHLY,
        DIFFERENCE,
    )
    yield from _lengths(say)
    yield from _table(say)
    yield from _examples(say)
    yield from _equivalences(say)
    yield from initial(say)
    yield say.unchecked(
        "instantiated-first-comparison",
        Kind.SIGNATURE,
        "The class is instantiated before it is used.",
        "使用前需先实例化该类。",
        INSTANTIATED,
        EXAMPLES[0],
    )
    yield say.unchecked(
        "valid-discards-comparison",
        Kind.VALUES,
        "Without padding and with a stride above 1, part of the data may be discarded.",
        "不做填充且 stride 大于 1 时，可能舍弃一部分数据。",
        HAPPENS,
        EXAMPLES[2],
    )


def _lengths(say: Statements) -> Iterator[Claim]:
    """The output's length in each pad mode."""
    yield say.claim(
        "output-length-pad-comparison",
        Kind.SHAPE,
        "With pad_mode pad the output's length is (length − 1)·stride − 2·padding + dilation·(kernel_size − 1) + 1.",
        "pad_mode 为 pad 时输出长度为 (长度 − 1)·stride − 2·padding + dilation·(kernel_size − 1) + 1。",
        Shape(f.where(f.mode("pad"), f.shape(1, f.transposed))),
        sources=(EXAMPLES[0],),
    )
    yield say.claim(
        "output-length-valid-comparison",
        Kind.SHAPE,
        "With pad_mode valid the output's length is (length − 1)·stride + dilation·(kernel_size − 1) + 1.",
        "pad_mode 为 valid 时输出长度为 (长度 − 1)·stride + dilation·(kernel_size − 1) + 1。",
        Shape(f.where(f.mode("valid"), f.shape(1, f.valid_1d))),
        sources=(EXAMPLES[2],),
    )
    yield say.claim(
        "output-length-same-comparison",
        Kind.SHAPE,
        "With pad_mode same and padding 0 the output's length is a whole multiple, stride times the input's.",
        "pad_mode 为 same 且 padding 为 0 时，输出长度是输入长度的整数倍，即 stride 倍。",
        Shape(f.where(f.mode("same"), f.shape(1, f.same_2d))),
        sources=(EXAMPLES[1],),
    )
    yield say.claim(
        "output-length-quotient-comparison",
        Kind.SHAPE,
        "With pad_mode same and padding 0 the output's length is the input's, divided by stride without a remainder.",
        "pad_mode 为 same 且 padding 为 0 时，输出长度等于输入长度整除 stride 的商。",
        Shape(f.where(f.mode("same"), f.shape(1, _quotient))),
        sources=(BEFORE_EXAMPLE_2,),
        overruled=COMPARISON_RATIO,
    )


def _examples(say: Statements) -> Iterator[Claim]:
    """What the examples print, and that both sides print the same."""
    for number, (case, length) in enumerate(zip(MINDSPORE_CASES, LENGTHS, strict=True), 1):
        yield say.claim(
            f"example-{number}-comparison",
            Kind.EXAMPLE,
            f"MindSpore's side of example {number} prints (1, 64, {length}).",
            f"示例 {number} 的 MindSpore 部分打印 (1, 64, {length})。",
            Printed(case, (1, 64, length)),
            sources=(EXAMPLES[number - 1],),
        )
    for number, (left, right) in enumerate(zip(MINDSPORE_CASES, TORCH_CASES, strict=True), 1):
        yield say.claim(
            f"example-{number}-equals-torch",
            Kind.EQUIVALENCE,
            f"The two calls of example {number} give outputs of equal shape.",
            f"示例 {number} 的两个调用输出形状相同。",
            Equal((Pair(left, right),), values=False),
            sources=(EXAMPLES[number - 1],),
        )


def _equivalences(say: Statements) -> Iterator[Claim]:
    """Arguments of both sides that are said to come to the same."""
    yield say.claim(
        "pad-equals-torch",
        Kind.EQUIVALENCE,
        "With pad_mode pad the layer does what PyTorch's does by default, with the same arguments.",
        "pad_mode 为 pad 时与 PyTorch 默认方式相同，参数相同。",
        Equal(tuple(pad_pairs()), values=True),
        sources=(DIFFERENCE,),
    )
    yield say.claim(
        "same-equals-torch-shape",
        Kind.EQUIVALENCE,
        "pad_mode same gives the shape that PyTorch gives with padding (kernel_size − 1)/2 and output_padding stride − 1.",
        "pad_mode 为 same 时的输出形状，与 PyTorch 设置 padding 为 (kernel_size − 1)/2、output_padding 为 stride − 1 时相同。",
        Equal(tuple(same_pairs()), values=False),
        sources=(EXAMPLES[1],),
    )
    yield say.claim(
        "valid-equals-torch-shape",
        Kind.EQUIVALENCE,
        "pad_mode valid gives the shape that PyTorch gives with padding 0 and output_padding 0.",
        "pad_mode 为 valid 时的输出形状，与 PyTorch 将 padding 和 output_padding 设为 0 时相同。",
        Equal(tuple(valid_pairs()), values=False),
        sources=(EXAMPLES[2],),
    )


def _quotient(length: int, k: int, s: int, d: int, pad: tuple[int, int], o: int) -> int:
    return length // s


def _table(say: Statements) -> Iterator[Claim]:
    """The rows of the parameter table that say more than names and defaults.

    A row without a remark says that both parameters do the same. That is held in pad_mode pad, the only one in which
    `padding` may be other than 0 and which PyTorch is said to be like, with one number: which types a side takes is
    what its own document says.
    """
    for name in VALUES:
        yield say.claim(
            f"{slugged(name)}-as-torch",
            Kind.EQUIVALENCE,
            f"`{name}` does what PyTorch's `{name}` does: with pad_mode pad, equal numbers give equal results.",
            f"`{name}` 与 PyTorch 的 `{name}` 没有差异：pad_mode 为 pad 时，取相同的数得到相同的结果。",
            Equal(tuple(parameter_pairs(name)), values=True),
            name,
            sources=(TABLE,),
        )
    yield say.claim(
        "x-as-input",
        Kind.EQUIVALENCE,
        "`x` is to this layer what `input` is to PyTorch's.",
        "`x` 与 PyTorch 的 `input` 功能一致。",
        Equal((input_pair(),), values=True),
        sources=(TABLE,),
    )
    yield say.claim(
        "group-as-groups",
        Kind.VALUES,
        "`group` does what PyTorch's `groups` does.",
        "`group` 与 PyTorch 的 `groups` 功能一致。",
        Values(f.only("group", PLAIN | {"pad_mode": "pad"})),
        "group",
        sources=(TABLE,),
    )
    yield say.claim(
        "pads-zeros",
        Kind.VALUES,
        "What is padded is 0.",
        "默认填充 0。",
        Values(f.only("padding", PLAIN | {"pad_mode": "pad"})),
        "padding",
        sources=(TABLE,),
    )
    yield say.ranged(
        "padding",
        Text("is 0 with pad_mode same or valid", "在 pad_mode 为 same 或 valid 时为 0"),
        TABLE,
        rule="needs",
        slug="needs-pad-comparison",
    )
    yield say.ranged(
        "pad_mode",
        Text("is one of same, valid, pad", "是 same、valid、pad 之一"),
        TABLE,
        rule="choice",
        slug="comparison",
    )
