"""What MindSpore's documents say of results: output shapes and values."""

from collections.abc import Callable, Iterator
from typing import Any

from cases.conv_transpose import formulas as f
from cases.conv_transpose.alike_results import spread
from cases.conv_transpose.documents import (
    ADDED_PADDING,
    PAD_3D,
    SAME_LENGTH,
    VALID_LENGTH,
)
from cases.conv_transpose.mindspore_sources import PLAIN, sources
from cases.documentation import (
    Bound,
    Claim,
    Kind,
    Shape,
    Text,
    Values,
)
from cases.statements import Statements


def shapes(say: Statements, axes: int) -> Iterator[Claim]:
    """Output shapes, by pad mode."""
    where = sources(axes, "Outputs")
    formulas = {
        1: (f.same_1d, f.valid_1d, f.transposed),
        2: (f.same_2d, f.valid_2d, f.pad_2d),
        3: (f.same_3d, f.valid_3d, f.pad_3d),
    }
    texts = {
        "same": {1: "(length + stride − 1) / stride", 2: "length·stride", 3: "⌊length / stride + 1⌋"},
        "valid": {
            1: "(length − 1)·stride + dilation·(kernel_size − 1) + 1",
            2: "length·stride + max((dilation − 1)·(kernel_size − 1) − stride, 0)",
            3: "⌊(length − dilation·(kernel_size − 1)) / stride + 1⌋",
        },
        "pad": {
            1: "(length − 1)·stride − 2·padding + dilation·(kernel_size − 1) + 1",
            2: "length·stride − (begin + end of padding) + kernel_size + (dilation − 1)·(kernel_size − 1) − stride + output_padding",
            3: "⌊(length + begin + end of padding − (dilation − 1)·kernel_size − 1) / stride + 1⌋",
        },
    }
    against = {
        ("same", 1): SAME_LENGTH,
        ("same", 3): SAME_LENGTH,
        ("valid", 2): VALID_LENGTH,
        ("valid", 3): VALID_LENGTH,
        ("pad", 3): PAD_3D,
    }
    for mode, formula in zip(("same", "valid", "pad"), formulas[axes], strict=True):
        yield say.claim(
            f"output-length-{mode}",
            Kind.SHAPE,
            f"With pad_mode {mode} each output length is {texts[mode][axes]}.",
            f"pad_mode 为 {mode} 时，每个输出长度为 {texts[mode][axes]}。",
            Shape(f.where(f.mode(mode), f.shape(axes, formula))),
            "pad_mode",
            sources=where,
            overruled=against.get((mode, axes)),
        )
    yield say.claim(
        "same-keeps-shape-at-stride-1",
        Kind.SHAPE,
        "With pad_mode same and stride 1 the output has the input's lengths.",
        "pad_mode 为 same 且 stride 为 1 时，输出长度与输入相同。",
        Shape(
            f.where(
                lambda bound: f.mode("same")(bound) and set(f.per_axis(bound.arguments["stride"], axes)) == {1},
                f.shape(axes, f.same_2d),
            )
        ),
        "pad_mode",
    )
    yield say.claim(
        "output-channels",
        Kind.SHAPE,
        "The output is a tensor of out_channels channels and the input's batch size.",
        "输出的通道数为 out_channels，批大小与输入相同。",
        Shape(lambda bound: (bound.input_shape[0], bound.arguments["out_channels"], *(None,) * axes)),
        sources=where,
    )


def values(say: Statements, axes: int) -> Iterator[Claim]:
    """Output values: of the whole, and of each feature alone."""
    yield say.claim(
        "output-values",
        Kind.VALUES,
        "The values are those of the transposed convolution: what the gradient of the convolution with respect to its "
        "input computes.",
        "输出值是转置卷积的值，即卷积对其输入的梯度所计算的值。",
        Values(f.anything, whole=True),
        sources=sources(axes, "introduction"),
    )
    side = {
        1: Text("right side", "右侧"),
        2: Text("right and bottom side", "右侧和下侧"),
        3: Text("right and bottom side, and of the depth axis to the front", "右侧和下侧，在深度轴上则在前侧"),
    }[axes]
    yield say.claim(
        "same-odd-excess",
        Kind.VALUES,
        f"With pad_mode same the padding is even at both sides, and an odd excess goes to the {side.en}.",
        f"pad_mode 为 same 时填充均匀分布在两侧，奇数时多出的在{side.zh}。",
        Values(_alone("same")),
        "pad_mode",
    )
    yield say.claim(
        "valid-no-padding",
        Kind.VALUES,
        "With pad_mode valid nothing is padded, and the output has the largest possible lengths.",
        "pad_mode 为 valid 时不填充，输出为可能的最大长度。",
        Values(_alone("valid")),
        "pad_mode",
    )
    features: list[tuple[str, str, str, str, tuple[str, ...]]] = [
        (
            "padding",
            "padding-crops",
            "padding shortens the result by that much at each side it names.",
            "padding 使结果在它所指的每一侧缩短这么多。",
            (),
        ),
        (
            "stride",
            "stride-steps",
            "Input elements are stride apart in the output.",
            "输入元素在输出中相距 stride。",
            (),
        ),
        (
            "dilation",
            "dilation-spaces",
            "Kernel elements are dilation apart: dilation − 1 elements lie between them.",
            "卷积核元素相距 dilation，其间隔 dilation − 1 个元素。",
            (),
        ),
        (
            "group",
            "group-splits",
            "With group, each block of input channels makes its own block of output channels.",
            "使用 group 时，每组输入通道各自产生一组输出通道。",
            (),
        ),
        ("has_bias", "has-bias-adds", "With has_bias a bias is added.", "has_bias 为 True 时加上偏置。", ()),
    ]
    if axes > 1:
        features.append(
            (
                "output_padding",
                "output-padding-lengthens",
                "output_padding lengthens the output at its end.",
                "output_padding 在末端加长输出。",
                ("stride", "padding", "dilation"),
            )
        )
    plain = PLAIN | {"pad_mode": "pad"}
    for name, slug, en, zh, allowed in features:
        yield say.claim(slug, Kind.VALUES, en, zh, Values(f.only(name, plain, *allowed)), name)
    yield from spread(say, axes, ("kernel_size", "stride", "dilation", "output_padding"), plain)
    yield from _padding(say, axes, plain)


def _padding(say: Statements, axes: int, plain: dict[str, Any]) -> Iterator[Claim]:
    """What the documents say of padding in several places, which does not all fit together."""
    alone = f.only("padding", plain)
    yield say.claim(
        "padding-zeros-at-input",
        Kind.VALUES,
        "With pad_mode pad, dilation·(kernel_size − 1) − padding zeros are added at each side of the input.",
        "pad_mode 为 pad 时，输入的每一侧补 dilation·(kernel_size − 1) − padding 个零。",
        Values(f.both(f.mode("pad"), f.only("padding", plain, "dilation", "stride"))),
        "padding",
        sources=sources(axes, "introduction"),
    )
    yield say.claim(
        "padding-added-to-input",
        Kind.SHAPE,
        "With pad_mode pad, `padding` is added to each side of the input, so that the output grows with it.",
        "pad_mode 为 pad 时，在输入的每一侧填充 `padding` 的量，因此输出随之变长。",
        Shape(f.where(f.both(f.mode("pad"), _padded), f.shape(axes, f.input_padded))),
        "padding",
        overruled=ADDED_PADDING,
    )
    if axes == 1:
        return
    ends = {2: Text("top, bottom, left and right", "上、下、左、右")}.get(
        axes, Text("head, tail, top, bottom, left and right", "前、后、上、下、左、右")
    )
    yield say.claim(
        "padding-int-for-all-sides",
        Kind.VALUES,
        f"One number for `padding` holds for {ends.en} alike.",
        f"`padding` 为一个数时，{ends.zh}都取这个数。",
        Values(f.both(alone, f.is_int("padding"))),
        "padding",
    )
    yield say.claim(
        "padding-tuple-in-order",
        Kind.VALUES,
        f"The numbers of a tuple for `padding` are those of {ends.en}, in this order.",
        f"`padding` 为元组时，其中的数依次用于{ends.zh}。",
        Values(f.both(alone, f.unequal("padding"))),
        "padding",
    )


def _padded(bound: Bound) -> bool:
    return any(f.per_axis(bound.arguments["padding"], 1))


def _alone(mode: str) -> Callable[[Bound], bool]:
    """Calls in this pad mode with no other feature than a stride."""
    only = f.only("pad_mode", PLAIN | {"pad_mode": "pad"}, "stride")
    return lambda bound: f.mode(mode)(bound) and only(bound)
