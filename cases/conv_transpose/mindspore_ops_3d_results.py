"""What the docstrings of MindSpore's 3-D primitive and of its function say of element types and of results."""

from collections.abc import Iterator
from typing import Any

from cases.conv_transpose import formulas as f
from cases.conv_transpose.documents import OPS_DTYPE, PRIMITIVE_CHANNELS, PRIMITIVE_PADS, SAME_LENGTH
from cases.conv_transpose.mindspore_sources import docstring, has_dtype, layered, layers
from cases.conv_transpose.partners import gradient_pairs
from cases.documentation import Bound, Breaks, Claim, Equal, Kind, Rejects, Shape, Source, Values
from cases.statements import Statements

PRIMITIVE, FUNCTION = "mindspore.ops.Conv3DTranspose", "mindspore.ops.conv3d_transpose"
PADS = {PRIMITIVE: "pad", FUNCTION: "padding"}
INPUTS = {PRIMITIVE: ("dout", "weight", "bias"), FUNCTION: ("inputs", "weight")}


def element_types(say: Statements, plain: dict[str, Any], where: Source, inputs: Source) -> Iterator[Claim]:
    """Element types of the tensors."""
    first = INPUTS[say.api][0]
    only_half = say.api == FUNCTION
    for name, role in ((first, "input"), ("weight", "weight")):
        yield say.claim(
            f"{name}-dtype",
            Kind.RAISES,
            f"TypeError is raised if {name} is neither float16 nor float32.",
            f"{name} 既不是 float16 也不是 float32 时抛出 TypeError。",
            Breaks("type", "TypeError"),
            role,
            sources=(inputs,) if only_half else (where, inputs),
        )
    yield say.claim(
        "weight-same-dtype",
        Kind.REQUIREMENT,
        f"weight has the dtype of {first}; another one is not accepted.",
        f"weight 的类型与 {first} 相同；不接受其他类型。",
        Breaks("type"),
        "weight",
        sources=(inputs,),
    )
    for name, devices, devices_zh in (
        ("float16", "on every platform", "在各平台上"),
        ("float32", "on GPU and CPU", "在 GPU 和 CPU 上"),
    ):
        yield say.claim(
            f"{first}-{name}",
            Kind.DTYPE,
            f"{first} may be {name} {devices}.",
            f"{devices_zh}，{first} 可以是 {name}。",
            Values(f.both(has_dtype(name), f.plain(plain)), whole=True),
            sources=(inputs,),
        )
    yield say.claim(
        f"{first}-only-float16-on-ascend",
        Kind.DTYPE,
        f"On Ascend {first} may be float16 only.",
        f"在 Ascend 上 {first} 只能是 float16。",
        Breaks("type"),
        "input",
        sources=(inputs,),
        device="ascend",
    )
    if only_half:
        yield say.claim(
            "only-float16",
            Kind.DTYPE,
            "TypeError is raised if inputs and weight are not float16.",
            "inputs 和 weight 不是 float16 时抛出 TypeError。",
            Rejects(has_dtype("float32")),
            "inputs",
            sources=(where,),
            overruled=OPS_DTYPE,
        )


def lengths(say: Statements) -> Iterator[Claim]:
    """Lengths of the result, by pad mode."""
    stride_1 = f.both(f.mode("same"), lambda bound: set(f.per_axis(bound.arguments["stride"], 3)) == {1})
    if say.api == FUNCTION:
        yield say.claim(
            "output-length-same",
            Kind.SHAPE,
            "With pad_mode same each output length is the input's divided by stride.",
            "pad_mode 为 same 时，每个输出长度为输入长度除以 stride。",
            Shape(f.where(f.mode("same"), layers(f.shape(3, _quotient)))),
            "pad_mode",
            overruled=SAME_LENGTH,
        )
        return
    yield say.claim(
        "same-keeps-shape-at-stride-1",
        Kind.SHAPE,
        "With pad_mode same and stride 1 the result has the lengths of dout.",
        "pad_mode 为 same 且 stride 为 1 时，结果的长度与 dout 相同。",
        Shape(f.where(stride_1, layers(f.shape(3, f.same_2d)))),
        "pad_mode",
    )
    text = docstring(PRIMITIVE, "introduction")
    formula = "(length − 1)·stride − 2·pad + dilation·(kernel_size − 1) + output_padding + 1"
    formula_zh = "(长度 − 1)·stride − 2·pad + dilation·(kernel_size − 1) + output_padding + 1"
    yield say.claim(
        "output-length-pad",
        Kind.SHAPE,
        f"With pad_mode pad and an int for pad each output length is {formula}.",
        f"pad_mode 为 pad 且 pad 为整数时，每个输出长度为 {formula_zh}。",
        Shape(f.where(f.both(f.mode("pad"), f.is_int("pad")), layers(f.shape(3, f.transposed)))),
        "pad_mode",
        sources=(text,),
    )
    yield say.claim(
        "output-length-pad-tuple",
        Kind.SHAPE,
        f"With pad_mode pad and a tuple for pad each output length is {formula}, with pad[0], pad[1] and pad[2] for pad.",
        f"pad_mode 为 pad 且 pad 为元组时，每个输出长度为 {formula_zh}，其中 pad 依次取 pad[0]、pad[1]、pad[2]。",
        Shape(f.where(f.both(f.mode("pad"), f.is_tuple("pad")), _first_three)),
        "pad_mode",
        sources=(text,),
        overruled=PRIMITIVE_PADS,
    )


def outputs(say: Statements, plain: dict[str, Any]) -> Iterator[Claim]:
    """What is computed, and what output_padding adds."""
    text, where = docstring(say.api, "introduction"), docstring(say.api, "Outputs")
    yield say.claim(
        "output-values",
        Kind.VALUES,
        "The result is the gradient of the convolution with respect to its input.",
        "结果是卷积对其输入的梯度。",
        Values(f.anything, whole=True),
        sources=(text, where),
    )
    yield say.claim(
        "gradient-of-conv",
        Kind.GRADIENT,
        "The result is what the gradient of Conv3d with respect to its input gives.",
        "结果与 Conv3d 对输入的梯度相同。",
        Equal(gradient_pairs(say.api, 3), values=True),
        sources=(where,),
    )
    yield say.claim(
        "output-channels",
        Kind.SHAPE,
        "The result has C_out // group channels and the batch size of the input.",
        "结果的通道数为 C_out // group，批大小与输入相同。",
        Shape(lambda bound: _channels(bound)),
        sources=(where,),
        overruled=PRIMITIVE_CHANNELS if say.api == PRIMITIVE else None,
    )
    longer = f.both(f.mode("pad"), f.only("output_padding", plain, "stride", "dilation", PADS[say.api]))
    yield say.claim(
        "output-padding-lengthens",
        Kind.VALUES,
        "`output_padding` adds to the size of each dimension of the output.",
        "`output_padding` 增大输出每个维度的大小。",
        Values(longer),
        "output_padding",
    )
    yield say.unchecked(
        "no-true-inverse",
        Kind.VALUES,
        "The operator is called a deconvolution, but is not an actual one.",
        "该算子也称为反卷积，但实际不是真正的反卷积。",
        "says what is not computed; what is computed has claims of its own",
        text,
    )


def _channels(bound: Bound) -> tuple[int | None, ...]:
    given = layered(bound).arguments
    return (bound.input_shape[0], given["out_channels"] // given["group"], None, None, None)


def _quotient(length: int, k: int, s: int, d: int, pad: tuple[int, int], o: int) -> int:
    return length // s


def _first_three(bound: Bound) -> tuple[int, ...] | None:
    given = layered(bound)
    pads = tuple(pad for pad in bound.arguments["pad"][:3] for _ in range(2))
    return f.shape(3, f.transposed)(Bound(dict(given.arguments) | {"padding": pads}, bound.input_shape, bound.case))
