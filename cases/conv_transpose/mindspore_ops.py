"""What the docstring of `mindspore.ops.Conv2DTranspose` says.

The primitive is the gradient of a convolution: `dout` is what that convolution puts out, C_out and `out_channel` are its
channels, and `input_size` is the shape of its input, which is the shape of the result.
"""

from collections.abc import Iterator
from typing import Any

from cases.case import Arguments, Case
from cases.conv_transpose import formulas as f
from cases.conv_transpose import mindspore_primitives as shared
from cases.conv_transpose.documents import INPUT_SIZE, PRIMITIVE_WEIGHT
from cases.conv_transpose.mindspore_sources import (
    LISTED,
    docstring,
    layered,
    platforms,
    tensor,
)
from cases.conv_transpose.partners import gradient_pairs
from cases.documentation import (
    Api,
    Bound,
    Breaks,
    Claim,
    Equal,
    Kind,
    Parameter,
    Printed,
    Shape,
    Source,
    Text,
    Unchecked,
    Values,
)
from cases.statements import Statements
from cases.values import Tensor, Value

API = "mindspore.ops.Conv2DTranspose"
SIGNATURE = (
    Parameter("out_channel"),
    Parameter("kernel_size"),
    Parameter("pad_mode", "valid"),
    Parameter("pad", 0),
    Parameter("pad_list", None),
    Parameter("mode", 1),
    Parameter("stride", 1),
    Parameter("dilation", 1),
    Parameter("group", 1),
    Parameter("data_format", "NCHW"),
)
INPUTS = ("dout", "weight", "input_size")
SIZES = ("kernel_size", "stride", "dilation")
PLAIN: dict[str, Any] = {"pad": 0, "mode": 1, "stride": 1, "dilation": 1, "group": 1, "data_format": "NCHW"}


def _case(
    dout: tuple[int, ...], weight: tuple[int, ...], size: tuple[int, ...], data: Any = "integers", **construct: Value
) -> Case:
    tensors = (Tensor("input", dout, "float32"), Tensor("weight", weight, "float32"))
    named = tuple(construct.items())
    return Case(API, Arguments((), named), Arguments((*tensors, size)), data=data)


EXAMPLE = _case((10, 32, 30, 30), (32, 32, 3, 3), (10, 32, 32, 32), "ones", out_channel=32, kernel_size=3)


def _plain(size: tuple[int, int] = (7, 6), **construct: Value) -> Case:
    kernel = f.per_axis(construct.get("kernel_size", 3), 2)
    given: dict[str, Value] = {"out_channel": 2, "kernel_size": 3, "pad_mode": "pad", **construct}
    return _case((2, 2, 5, 4), (2, 3, *kernel), (2, 3, *size), **given)


# Calls that claims speak of and no covering array holds.
FURTHER = (
    _plain(mode=0),
    _plain(mode=2),
    _plain(pad_list=None),
    _plain(data_format="NCHW"),
    # Every axis but the first has the same length, so that the shapes are right in either order of the axes.
    _case((2, 3, 3, 3), (3, 3, 1, 1), (2, 3, 3, 3), out_channel=3, kernel_size=1, pad_mode="pad", data_format="NHWC"),
    *(_plain((11 + more, 9 + more), stride=2, pad_mode=mode) for mode in ("valid", "pad") for more in (0, 1)),
    _plain((7, 5), kernel_size=(3, 2)),
    _plain((11, 6), stride=(2, 1)),
    _plain((9, 6), dilation=(2, 1)),
    _plain((6, 3), pad=(0, 1, 2, 1)),
)


def _claims() -> Iterator[Claim]:
    say = Statements(API, docstring(API, "Args"))
    yield from shared.signature(say, SIGNATURE, docstring(API, "signature"))
    yield from shared.types(say, 2, ("out_channel", "group"), SIZES, "pad", PLAIN)
    yield from shared.unused_mode(say, PLAIN)
    yield from _types(say)
    yield from _raises(say, docstring(API, "Raises"))
    yield from _inputs(say, docstring(API, "Inputs"))
    yield from _results(say, docstring(API, "Outputs"))
    yield from shared.features(say, 2, "pad", PLAIN)
    yield from shared.sizes_in_order(say, 2, SIZES, PLAIN)
    yield from platforms(say, LISTED, docstring(API, "Supported Platforms"))
    yield say.claim(
        "example",
        Kind.EXAMPLE,
        "The example prints (10, 32, 32, 32).",
        "示例打印 (10, 32, 32, 32)。",
        Printed(EXAMPLE, (10, 32, 32, 32)),
        sources=(docstring(API, "Examples"),),
    )


def _types(say: Statements) -> Iterator[Claim]:
    yield say.typed("data_format", Text("a str", "字符串"))
    for name in ("NCHW", "NHWC"):
        a_name, alone = Text(f"'{name}'", f"'{name}'"), f.only("data_format", PLAIN)
        yield say.accepts("data_format", a_name, name.lower(), f.equals("data_format", name), alone=alone)
    yield say.accepts("pad_list", Text("None", "None"), "none", lambda bound: bound.arguments["pad_list"] is None)
    yield say.unchecked(
        "pad-list-sides",
        Kind.TYPE,
        "`pad_list` is a str or None, and lists the padding of top, bottom, left and right.",
        "`pad_list` 是字符串或 None，依次列出上、下、左、右的填充量。",
        "calls one argument a string and a list of four numbers, and no other document decides",
    )


def _raises(say: Statements, where: Source) -> Iterator[Claim]:
    # The list of errors says `padding` where it must mean `pad`: there is no parameter `padding`.
    yield from shared.raises(
        say, 2, where, ints=("out_channel", "group"), tuples=(*SIZES, "pad"), positive=SIZES, pad="pad"
    )
    yield say.ranged("pad", Text("is not negative", "不为负"))
    text = Text("`data_format` is neither NCHW nor NHWC", "`data_format` 既不是 NCHW 也不是 NHWC")
    yield say.raises("data_format", "ValueError", "choice", "choice", text, where)


def _inputs(say: Statements, where: Source) -> Iterator[Claim]:
    yield from shared.tensors(say, 2, "dout", where)
    yield say.claim(
        "dout-channels",
        Kind.REQUIREMENT,
        "dout has out_channel channels, C_out.",
        "dout 的通道数是 out_channel，即 C_out。",
        Breaks("channels"),
        "input",
        sources=(where, *say.sources),
    )
    yield say.claim(
        "weight-channels",
        Kind.REQUIREMENT,
        "weight has C_out filters on its first axis, as many as dout has channels.",
        "weight 第一个轴的长度为 C_out，与 dout 的通道数相同。",
        Breaks("channels"),
        "weight",
        sources=(where,),
    )
    yield say.claim(
        "weight-kernel",
        Kind.REQUIREMENT,
        "weight ends with the kernel's sizes (K_1, K_2).",
        "weight 的最后两维为卷积核大小 (K_1, K_2)。",
        Breaks("length"),
        "weight",
        sources=(where,),
    )
    yield say.claim(
        "weight-undivided",
        Kind.SHAPE,
        "The second axis of weight is C_in, the result's number of channels, whatever group is.",
        "无论 group 为何值，weight 的第二个轴都是 C_in，即结果的通道数。",
        Shape(_undivided),
        "group",
        sources=(where,),
        overruled=PRIMITIVE_WEIGHT,
    )
    yield say.claim(
        "input-size-tuple",
        Kind.TYPE,
        "input_size may be a tuple of four lengths, (N, C_in, H_in, W_in).",
        "input_size 可以是含四个长度的元组 (N, C_in, H_in, W_in)。",
        Values(lambda bound: isinstance(_asked(bound), tuple)),
        sources=(where, docstring(API, "Examples")),
    )
    for rule, what in (
        ("type", Text("is a tuple", "是元组")),
        ("length", Text("has four lengths", "含四个长度")),
        ("channels", Text("starts with the batch size of dout and C_in", "以 dout 的批大小和 C_in 开头")),
    ):
        yield say.claim(
            f"input-size-{rule}",
            Kind.REQUIREMENT,
            f"input_size {what.en}; anything else is not accepted.",
            f"input_size {what.zh}；不接受其他情况。",
            Breaks(rule),  # type: ignore[arg-type]
            "input_size",
            sources=(where,),
        )
    yield say.claim(
        "input-size-tensor",
        Kind.TYPE,
        "input_size is a Tensor.",
        "input_size 是 Tensor。",
        Unchecked("a tensor of a case holds generated numbers, which are no shape"),
        sources=(where,),
        overruled=INPUT_SIZE,
    )


def _results(say: Statements, where: Source) -> Iterator[Claim]:
    text = docstring(API, "introduction")
    yield say.claim(
        "output-shape",
        Kind.SHAPE,
        "The result has the shape of the convolution's input: input_size.",
        "结果的形状与卷积的输入相同，即 input_size。",
        Shape(_asked),
        sources=(where, text),
    )
    yield say.claim(
        "output-values",
        Kind.VALUES,
        "The result is the gradient of the convolution with respect to its input, dout being the gradient with respect to "
        "its output.",
        "结果是卷积对其输入的梯度，dout 为对其输出的梯度。",
        Values(f.anything, whole=True),
        sources=(text, where),
    )
    yield say.claim(
        "gradient-of-conv",
        Kind.GRADIENT,
        "The primitive is the gradient of Conv2d with respect to its input.",
        "该原语可视为 Conv2d 对输入求梯度。",
        Equal(gradient_pairs(API, 2), values=True),
        sources=(text,),
    )
    yield say.claim(
        "same-keeps-shape-at-stride-1",
        Kind.SHAPE,
        "With pad_mode same and stride 1 the result has the lengths of dout.",
        "pad_mode 为 same 且 stride 为 1 时，结果的长度与 dout 相同。",
        Shape(f.where(f.both(f.mode("same"), _stride_1), lambda bound: (None, None, *bound.input_shape[2:]))),
        "pad_mode",
    )
    yield say.claim(
        "valid-discards",
        Kind.VALUES,
        "With pad_mode valid, what does not complete a stride is discarded: nothing reaches those elements of the result.",
        "pad_mode 为 valid 时，不能构成一个完整 stride 的元素被丢弃：结果中的这些元素得不到任何贡献。",
        Values(f.both(f.mode("valid"), f.only("stride", PLAIN), _discards)),
        "pad_mode",
    )
    yield say.unchecked(
        "no-true-inverse",
        Kind.VALUES,
        "The primitive restores the shape of the convolution's input, but not its data.",
        "该原语可以恢复卷积输入的形状，但不能恢复其数据。",
        "says what is not computed; what is computed has claims of its own",
        text,
    )


def _asked(bound: Bound) -> Any:
    """The input_size of a call."""
    return bound.case.call.bind(INPUTS).get("input_size")


def _undivided(bound: Bound) -> tuple[int | None, ...] | None:
    weight = tensor(bound, "weight")
    if weight is None or bound.arguments["group"] == 1:
        return None
    return (None, weight.shape[1], None, None)


def _stride_1(bound: Bound) -> bool:
    return set(f.per_axis(bound.arguments["stride"], 2)) == {1}


def _discards(bound: Bound) -> bool:
    """The result is longer than what the elements of dout reach."""
    given = layered(bound).arguments
    reached = [
        f.transposed(n, k, s, d, (0, 0), 0)
        for n, k, s, d in zip(
            bound.input_shape[2:],
            f.per_axis(given["kernel_size"], 2),
            f.per_axis(given["stride"], 2),
            f.per_axis(given["dilation"], 2),
            strict=True,
        )
    ]
    return any(asked > length for asked, length in zip(_asked(bound)[2:], reached, strict=True))


APIS = (Api(API, "conv_transpose", SIGNATURE, INPUTS, tuple(_claims()), (EXAMPLE, *FURTHER)),)
