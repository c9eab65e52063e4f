"""What PyTorch's and OneFlow's documents promise alike of their functions, stated once and instantiated per function.

The functions are built in: they have no signature that Python could inspect. Names, order and defaults are claims all
the same, held against calls that give every parameter by position, every one by name, and all but one. The documents
send their reader to the class of the same dimension for details and the output's shape: what that class's document
says of results is a claim of the function too, with both places for its source.
"""

from collections.abc import Iterator
from dataclasses import replace

from cases.case import Arguments, Case
from cases.conv_transpose import formulas as f
from cases.conv_transpose.alike import AN_INT, COUNT, COUNT_ZH, rank
from cases.conv_transpose.alike_results import (
    FUNCTION,
    PLAIN_FUNCTION,
    gradient_of_conv,
    inverse_shapes,
    many_to_one,
    same_as_class,
    shape,
    spread,
    values,
)
from cases.conv_transpose.calls import NAMES, features, pairs, spellings
from cases.conv_transpose.setting import call
from cases.documentation import REQUIRED, Api, Breaks, Claim, Kind, Parameter, Printed, Source, Text, Values
from cases.statements import Statements, slugged
from cases.values import Tensor

SIGNATURE = tuple(
    Parameter(name, default) for name, default in zip(NAMES, (REQUIRED, REQUIRED, None, 1, 0, 0, 1, 1), strict=True)
)
SIZES = ("stride", "padding", "output_padding", "dilation")
A_TENSOR = Text("a tensor", "张量")
A_NUMBER = Text("a single number", "单个数")
_TENSORS = {
    "input": Text("the tensor that goes in", "输入张量"),
    "weight": Text("the tensor of the filters", "滤波器张量"),
    "bias": Text("a tensor, where it is given", "张量(给出时)"),
}


def shared(say: Statements, axes: int, reference: tuple[Source, ...], example: Case) -> Iterator[Claim]:
    """The claims of one function. `reference` is where the class's document says what a result is."""
    yield from spelled(say)
    for name, what in _TENSORS.items():
        yield say.typed(name, what)
    for name in SIZES:
        yield from _number_or_tuple(say, name, axes)
    yield say.typed("groups", AN_INT, *reference)
    yield rank(say, axes, unbatched=False)
    yield from _tensors(say, axes)
    both = (*say.sources, *reference)
    yield shape(say, axes, *both)
    yield from values(say, PLAIN_FUNCTION, *both)
    yield from spread(say, axes, SIZES, PLAIN_FUNCTION, *say.sources)
    yield gradient_of_conv(say, axes, FUNCTION, *reference)
    other = f"{say.api.partition('.')[0]}.nn.ConvTranspose{axes}d"
    yield same_as_class(say, other, pairs(say.api, other), Source(say.sources[0].document, "reference to the class"))
    yield _runs(say, example)


def noted(say: Statements, axes: int, *sources: Source) -> Iterator[Claim]:
    """The class's note on padding, where it has one."""
    yield inverse_shapes(say, axes, *sources, what=FUNCTION)
    yield many_to_one(say, axes, *sources)


def spelled(say: Statements) -> Iterator[Claim]:
    """Order, names and defaults of the parameters, held against calls that rest on each."""
    ordered = say.signature("parameters", NAMES)
    yield replace(ordered, detail=Values(f.by_position(NAMES), whole=True))
    for name in NAMES:
        yield say.claim(
            f"{slugged(name)}-by-name",
            Kind.SIGNATURE,
            f"`{name}` can be passed by its name.",
            f"`{name}` 可以按名称传入。",
            Values(f.by_name(name, NAMES), whole=True),
            name,
        )
    for parameter in SIGNATURE:
        if parameter.default is not REQUIRED:
            stated = say.default(parameter.name, parameter.default)  # type: ignore[arg-type]
            yield replace(stated, detail=Values(f.only_left_out(parameter.name, NAMES), whole=True))


def _number_or_tuple(say: Statements, name: str, axes: int) -> Iterator[Claim]:
    count, count_zh = COUNT[axes], COUNT_ZH[axes]
    alone = f.only(name, PLAIN_FUNCTION)
    a_tuple = Text(f"a tuple of {count}", f"含{count_zh}的元组")
    yield say.typed(name, Text(f"a single number or {a_tuple.en}", f"单个数或{a_tuple.zh}"))
    yield say.accepts(name, A_NUMBER, "int", f.is_int(name), alone=alone)
    yield say.accepts(name, a_tuple, "tuple", f.is_tuple(name), alone=alone)
    yield say.ranged(name, Text(f"has {count} if it is a tuple", f"为元组时含{count_zh}"), rule="length", slug="length")


def _tensors(say: Statements, axes: int) -> Iterator[Claim]:
    """What the shapes of the three tensors have to do with one another."""
    yield say.claim(
        "weight-rank",
        Kind.REQUIREMENT,
        f"weight is (in_channels, out_channels / groups, …) with {axes} axes of the kernel.",
        f"weight 为 (in_channels, out_channels / groups, …)，卷积核有 {axes} 个轴。",
        Breaks("rank"),
        "weight",
    )
    yield say.claim(
        "input-channels",
        Kind.REQUIREMENT,
        "The input has as many channels as weight has on its first axis: in_channels.",
        "输入的通道数等于 weight 第一个轴的长度，即 in_channels。",
        Breaks("channels"),
        "input",
    )
    yield say.claim(
        "bias-shape",
        Kind.REQUIREMENT,
        "bias has shape (out_channels,), where out_channels is groups times the second extent of weight.",
        "bias 的形状为 (out_channels,)，其中 out_channels 等于 groups 乘以 weight 第二个轴的长度。",
        Breaks("length"),
        "bias",
    )
    yield say.claim(
        "groups-divide-channels",
        Kind.REQUIREMENT,
        "in_channels is divisible by groups; else the call is not accepted.",
        "in_channels 能被 groups 整除；否则不接受。",
        Breaks("divisible"),
        "groups",
    )


def _runs(say: Statements, example: Case) -> Claim:
    x, weight = (tensor.shape for tensor in example.call.tensors())
    bound = Api(say.api, "", SIGNATURE, (), ()).bound(example)
    expected = f.shape(len(x) - 2, f.transposed)(bound)
    assert expected is not None
    return say.claim(
        "example",
        Kind.EXAMPLE,
        f"The example with input {x} and weight {weight} runs; by the documented formula its result has shape {expected}.",
        f"输入 {x}、权重 {weight} 的示例可以运行；按文档的公式，结果的形状为 {expected}。",
        Printed(example, expected),
        sources=(Source(say.sources[0].document, "Examples"),),
    )


def cases(api: str, axes: int) -> Iterator[Case]:
    """The calls against which these claims are held, beside the generated ones."""
    yield from spellings(api, axes)
    yield from (call(api, setting) for setting in features(axes))


def example(api: str, x: tuple[int, ...], weight: tuple[int, ...], **keyword: int) -> Case:
    """A documented example; what it draws at random is of ones here, as only the shape follows from the document."""
    tensors = (Tensor("input", x, "float32"), Tensor("weight", weight, "float32"))
    return Case(api, None, Arguments(tensors, tuple(keyword.items())), data="ones")
