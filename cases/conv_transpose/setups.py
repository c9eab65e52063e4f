"""A call by common names → the case that makes it, in the API's own spelling and order.

What goes in is a `Setup`: arguments by the names that all APIs share, and the tensors that they mean. What comes out
is a `Case`. Every other file of the generator speaks of setups, so that how an API is called stands here alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cases.case import Arguments, Case
from cases.conv_transpose import formulas as f
from cases.conv_transpose.dialects import Dialect
from cases.values import Layout, Tensor, Value


@dataclass(frozen=True)
class Setup:
    """A valid call, and what is to be other in it.

    `arguments` are by common names; they always hold in_channels, out_channels and kernel_size, and shapes follow from
    them. `batch` is None for an input without its first axis. `size` of the output is asked for where `asked` gives
    it. `own` replaces arguments by the API's own names, after everything else; `inputs` what is called with, by role:
    input, weight, bias, and the input_size of a primitive that has to be told it. `ordered` passes as much as possible
    by position. `load` puts weight and bias into a module.
    """

    arguments: Mapping[str, Value]
    size: tuple[int, ...]
    batch: int | None = 2
    dtype: str = "float32"
    weight_dtype: str = ""
    layout: Layout = "contiguous"
    weight_layout: Layout = "contiguous"
    asked: tuple[int, ...] = ()
    own: Mapping[str, Value] = field(default_factory=dict)
    inputs: Mapping[str, Value] = field(default_factory=dict)
    ordered: bool = False
    load: bool = True


def dilated(dialect: Dialect) -> Value:
    """A dilation of 2; of three axes on the last two, for not every class takes a deep one, whatever its documents say.

    A call that is to be refused for one reason must not give another.
    """
    return 2 if dialect.axes < 3 else (1, 2, 2)


def base(dialect: Dialect, **more: Value) -> dict[str, Value]:
    """Plain arguments: two channels in, two out, kernel 3, no bias, and the pad mode that leaves all to `padding`."""
    plain: dict[str, Value] = {"in_channels": 2, "out_channels": 2, "kernel_size": 3}
    if dialect.loads:
        plain["bias"] = False
    return plain | ({"pad_mode": "pad"} if dialect.pad_modes else {}) | more


def case(dialect: Dialect, setup: Setup) -> Case:
    """The case that makes this call."""
    tensors = _tensors(dialect, setup)
    named = _named(dialect, setup.arguments)
    if dialect.kind == "function" and "bias" in (*named, *setup.inputs):
        named["bias"] = tensors.get("bias")
    named |= setup.own
    if dialect.kind == "function":
        leading = dict(zip(dialect.signature, (tensors["input"], tensors["weight"]), strict=False))
        return Case(dialect.api, None, _ordered(dialect, leading | named, ordered=setup.ordered))
    construct = _ordered(dialect, named, ordered=setup.ordered)
    if dialect.kind == "primitive":
        inputs: tuple[Value, ...] = (tensors["input"], tensors["weight"])
        if dialect.sized:
            inputs = (*inputs, tensors.get("input_size", setup.asked or output(dialect, setup)))
        elif "bias" in tensors:
            inputs = (*inputs, tensors["bias"])
        return Case(dialect.api, construct, Arguments(inputs))
    keyword = (("output_size", setup.asked),) if setup.asked else ()
    loaded = (tensors.get(role) for role in ("weight", "bias")) if setup.load else ()
    parameters = tuple(item for item in loaded if isinstance(item, Tensor))
    return Case(dialect.api, construct, Arguments((tensors["input"],), keyword), parameters)


def output(dialect: Dialect, setup: Setup) -> tuple[int, ...]:
    """The output's shape by the formula of the documents, for an API that has to be told it."""
    given, axes = setup.arguments, dialect.axes
    lengths = (
        n * s if given.get("pad_mode") == "same" else f.transposed(n, k, s, d, pad, o)
        for n, k, s, d, pad, o in zip(
            setup.size,
            f.per_axis(given["kernel_size"], axes),
            f.per_axis(given.get("stride", 1), axes),
            f.per_axis(given.get("dilation", 1), axes),
            f.pads(given.get("padding", 0), axes),
            f.per_axis(given.get("output_padding", 0), axes),
            strict=True,
        )
    )
    batch = () if setup.batch is None else (setup.batch,)
    return (*batch, integer(given["out_channels"]), *lengths)


def weight_shape(dialect: Dialect, arguments: Mapping[str, Value]) -> tuple[int, ...]:
    """(C_in, C_out / groups, *K), in which MindSpore's one-dimensional layer stores a height of 1 besides."""
    incoming, outgoing = integer(arguments["in_channels"]), integer(arguments["out_channels"])
    kernel = f.per_axis(arguments["kernel_size"], dialect.axes)
    height = (1,) if dialect.initialisers and dialect.axes == 1 else ()
    return (incoming, outgoing // integer(arguments.get("groups", 1)), *height, *kernel)


def has_bias(dialect: Dialect, arguments: Mapping[str, Value]) -> bool:
    """Whether a bias is added."""
    return dialect.offers("bias") and bool(arguments.get("bias", dialect.biased))


def integer(value: Any) -> int:
    """The value, which is an int."""
    assert isinstance(value, int)
    return value


def _tensors(dialect: Dialect, setup: Setup) -> dict[str, Value]:
    given = setup.arguments
    batch = () if setup.batch is None else (setup.batch,)
    shape = (*batch, integer(given["in_channels"]), *setup.size)
    kind = setup.weight_dtype or setup.dtype
    found: dict[str, Value] = {
        "input": Tensor("input", shape, setup.dtype, setup.layout),
        "weight": Tensor("weight", weight_shape(dialect, given), kind, setup.weight_layout),
    }
    if has_bias(dialect, given):
        found["bias"] = Tensor("bias", (integer(given["out_channels"]),), kind)
    return found | dict(setup.inputs)


def _named(dialect: Dialect, arguments: Mapping[str, Value]) -> dict[str, Value]:
    """The arguments by the API's own names; those that it does not take are what its tensors say."""
    return {dialect.own(name): value for name, value in arguments.items() if dialect.offers(name)}


def _ordered(dialect: Dialect, named: Mapping[str, Value], *, ordered: bool) -> Arguments:
    """The arguments in the order of the signature: by position the required ones, or as many as possible."""
    assert named.keys() <= set(dialect.signature), f"{dialect.api} has no {named.keys() - set(dialect.signature)}"
    positional: list[Value] = []
    for name in dialect.signature if ordered else dialect.signature[: dialect.required]:
        if name not in named:
            break
        positional.append(named[name])
    rest = dialect.signature[len(positional) :]
    return Arguments(tuple(positional), tuple((name, named[name]) for name in rest if name in named))
