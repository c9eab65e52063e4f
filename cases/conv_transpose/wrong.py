"""Invalid calls: for every parameter and every tensor, values just outside of what is documented, and wrong types.

One invalid value at a time, in a plain call and in a busy one that uses everything else; the rarer types in the plain
call alone. What the documents leave open is among them: such cases are recorded, not judged. No value is taken that
asks, by the documents' own formulas, for gigabytes: a number above 2^31 stands only where the result stays small or
where no tensor can be as long.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

from cases.case import Case
from cases.conv_transpose.dialects import Dialect
from cases.conv_transpose.setups import Setup, base, case, dilated, integer, output, weight_shape
from cases.values import Scalar, Tensor, Value

A_TENSOR = Tensor("argument", (1,), "int64")
NOT_INT: tuple[Value, ...] = (1.5, "1", None, (1,), True, Scalar("int64", 1))
RARELY_INT: tuple[Value, ...] = ([1], ((1,),), A_TENSOR, math.nan, math.inf, -0.0, 2**63)
NOT_BOOL: tuple[Value, ...] = ("yes", None, 1, 0.5)
NO_TENSOR: tuple[Value, ...] = (None, 1.0, "x", [1.0, 2.0])
HUGE: tuple[Value, ...] = (2**31, 2**63)
SIZES = ("kernel_size", "stride", "padding", "dilation", "output_padding")


def wrong(dialect: Dialect) -> Iterator[Case]:
    """Every invalid call of the API."""
    if dialect.few:
        yield from _token(dialect)
        return
    plain, busy = _plain(dialect), _busy(dialect)
    for setup in (plain, busy):
        for name, values in common(dialect).items():
            yield from _replaced(dialect, setup, name, values)
        yield from _shaped(dialect, setup, {"input": _inputs(dialect, setup)})
    yield from _shaped(dialect, plain, _operands(dialect, plain))
    if dialect.kind == "primitive" and dialect.sized:
        yield from _sizes(dialect, plain)
    for name, values in rare(dialect).items():
        yield from _replaced(dialect, plain, name, values)
    yield from _huge(dialect, plain)
    yield from _no_tensors(dialect, plain)
    yield from _modes(dialect)


def common(dialect: Dialect) -> Mapping[str, tuple[Value, ...]]:
    """Per parameter, by its own name: values outside of the documented range, of usual wrong types, wrong lengths."""
    axes, found = dialect.axes, {}
    ones: tuple[Value, ...] = (1,) * axes
    size: list[Value] = [1.5, "1", None, *(() if dialect.lists else ([1] * axes,)), True, Scalar("int64", 1)]
    size += [(1,) * (axes + 1), (1.5,) * axes] if dialect.tuples else [(1, 1), (1,)]
    size += [ones[1:]] if axes > 1 else []
    size += [[1] * (axes + 1)] if dialect.lists else []
    zero: list[Value] = [0, -1, *([(*ones[1:], 0)] if dialect.tuples else [])]
    sides = [item for item in size if not (dialect.sides and item == (1,) * 2 * axes)]
    wanted: dict[str, list[Value]] = {
        "in_channels": [*NOT_INT, 0, -2],
        "out_channels": [*NOT_INT, 0, -2],
        "kernel_size": [*size, *zero],
        "stride": [*size, *zero],
        "padding": [*sides, -1, *([(*(1,) * (2 * axes - 1), -1)] if dialect.sides else [])],
        # Only the documents of MindSpore's layers bound it, by the length of the input.
        "dilation": [*size, *zero, *([50] if dialect.initialisers else [])],
        "output_padding": [*size, -1, 2, 5],
        "groups": [*NOT_INT, 0, 3],
        "padding_mode": ["reflect", "bogus", 1, None],
        "pad_mode": ["bogus", "SAME", "", 1, None],
        "weight_init": ["no_such_initializer", (1,), [1.0]],
        "bias_init": ["no_such_initializer", (1,), [1.0]],
        "mode": ["1", None, 1.5],
        "pad_list": [1, "1", (1,) * 4],
        "data_format": [*(["NDHWC"] if axes == 3 else []), "bogus", 1, None],
    }
    if dialect.loads:
        wanted["bias"] = list(NOT_BOOL)
    if dialect.typed:
        # PyTorch's and mint's None is the documented default.
        wanted["dtype"] = ["float32", 32, *([None] if dialect.initialisers else [])]
    for name, values in wanted.items():
        if dialect.offers(name):
            found[dialect.own(name)] = tuple(values)
    return found


def rare(dialect: Dialect) -> Mapping[str, tuple[Value, ...]]:
    """Per parameter, by its own name: types that are seldom met."""
    nested: Value = ((1,) * dialect.axes,)
    size: tuple[Value, ...] = (nested, A_TENSOR, math.nan, math.inf, -0.0)
    word: tuple[Value, ...] = (True, A_TENSOR, ("zeros",))
    wanted: dict[str, tuple[Value, ...]] = dict.fromkeys(SIZES, size)
    wanted |= {"in_channels": RARELY_INT, "out_channels": RARELY_INT, "groups": (*RARELY_INT, 2**31)}
    wanted |= {"padding_mode": word, "pad_mode": word, "data_format": word, "mode": ((1,), A_TENSOR)}
    wanted |= {name: (True, ((1,),), Scalar("float32", 1.0)) for name in ("weight_init", "bias_init")}
    wanted |= {"device": ("bogus", 1.5, (1,)), "dtype": (True, 1.5, (1,), A_TENSOR)}
    if dialect.loads:
        wanted["bias"] = ([], (1,), A_TENSOR, Scalar("bool", True))
    return {dialect.own(name): values for name, values in wanted.items() if dialect.offers(name)}


def _plain(dialect: Dialect) -> Setup:
    return Setup(base(dialect), (5, 4, 3)[: dialect.axes], load=False)


def _busy(dialect: Dialect) -> Setup:
    everything: dict[str, Value] = {"stride": 2, "padding": 1, "dilation": dilated(dialect), "in_channels": 4}
    everything |= {"bias": True} | ({"groups": 2} if dialect.grouped else {})
    return Setup(base(dialect, **everything), (5, 4, 3)[: dialect.axes], load=False)


def _replaced(dialect: Dialect, setup: Setup, name: str, values: tuple[Value, ...]) -> Iterator[Case]:
    for value in values:
        yield case(dialect, replace(setup, own={name: value}))


def _shaped(dialect: Dialect, setup: Setup, shapes: Mapping[str, list[tuple[int, ...]]]) -> Iterator[Case]:
    for role, found in shapes.items():
        for shape in found:
            yield case(dialect, replace(setup, inputs={role: Tensor(role, shape, "float32")}))


def _inputs(dialect: Dialect, setup: Setup) -> list[tuple[int, ...]]:
    """Shapes of the input with the wrong number of axes or of channels."""
    channels, size = integer(setup.arguments["in_channels"]), setup.size
    found: list[tuple[int, ...]] = [(), (channels,), (2, channels, *size, 2), (2, 2, channels, *size, 2)]
    found += [] if dialect.unbatched else [(channels, *size)]
    # A lazy layer learns the number of channels from the input: only groups that do not divide it are wrong.
    return found + ([] if dialect.kind == "lazy" and "groups" not in setup.arguments else [(2, channels + 1, *size)])


def _operands(dialect: Dialect, setup: Setup) -> dict[str, list[tuple[int, ...]]]:
    """Shapes of weight and bias, where they are arguments, with wrong numbers of axes, of channels or of taps."""
    if dialect.loads:
        return {}
    channels, outgoing, *kernel = weight_shape(dialect, setup.arguments)
    weights = [(channels + 1, outgoing, *kernel), (channels, outgoing, *kernel, 1), (channels, outgoing)]
    weights += [(channels, outgoing, *kernel[1:], 0), (channels, 0, *kernel)]
    if dialect.kind == "primitive":  # which is told the extents of its kernel, and sometimes its channels
        weights += [(channels, outgoing, *(extent + 1 for extent in kernel)), (channels, 7, *kernel)]
    if dialect.offers("bias"):
        return {"weight": weights, "bias": [(3,), (1, 2), (), (1,), (0,)]}
    # The document of the three-dimensional primitive supports no bias but none.
    return {"weight": weights} | ({"bias": [(2,)]} if dialect.kind == "primitive" and not dialect.sized else {})


def _sizes(dialect: Dialect, setup: Setup) -> Iterator[Case]:
    """Sizes of the output, where a primitive has to be told them, that do not fit, and other things in their place."""
    size = output(dialect, setup)
    found: list[Value] = [size[:-1], (*size, 1), (size[0], size[1] + 1, *size[2:]), (*size[:-1], size[-1] + 7)]
    found += [(size[0] + 1, *size[1:]), (*size[:-1], -1), (*size[:-1], 1.5), list(size), size[-1], None, "x"]
    for value in found:
        yield case(dialect, replace(setup, inputs={"input_size": value}))


def _no_tensors(dialect: Dialect, setup: Setup) -> Iterator[Case]:
    roles = ["input"] if dialect.loads else ["input", "weight"]
    if dialect.kind == "function" and dialect.offers("bias"):
        roles.append("bias")
    for role in roles:
        for value in NO_TENSOR:
            if (role, value) != ("bias", None):
                yield case(dialect, replace(setup, inputs={role: value}))


def _huge(dialect: Dialect, setup: Setup) -> Iterator[Case]:
    """Numbers that no tensor's extent reaches, where what they ask for is small, negative or impossible."""
    short = replace(setup, size=(1,) * dialect.axes)
    thin = replace(setup, arguments={**setup.arguments, "kernel_size": 1})
    for name, calm in (("stride", short), ("dilation", thin), ("padding", setup)):
        if dialect.offers(name):
            yield from _replaced(dialect, calm, dialect.own(name), HUGE)
    for name in ("kernel_size", "output_padding"):
        if dialect.offers(name):
            yield from _replaced(dialect, setup, dialect.own(name), HUGE[1:])


def _modes(dialect: Dialect) -> Iterator[Case]:
    """A padding, or an output_padding, that the pad mode has no use for."""
    if not dialect.pad_modes:
        return
    axes, size = dialect.axes, (5, 4, 3)[: dialect.axes]
    pads: tuple[Value, ...] = (1, *(((1,) * 2 * axes,) if dialect.sides else ()))
    for mode in ("same", "valid"):
        for padding in pads:
            yield case(dialect, Setup(base(dialect, pad_mode=mode, padding=padding), size, load=False))
        if dialect.longer:
            arguments = base(dialect, pad_mode=mode, stride=2, output_padding=1)
            yield case(dialect, Setup(arguments, size, load=False))


def _token(dialect: Dialect) -> Iterator[Case]:
    """One case per documented refusal."""
    plain, axes = _plain(dialect), dialect.axes
    values: dict[str, tuple[Value, ...]] = {"in_channels": (1.5,), "out_channels": (1.5,), "groups": (1.5, 3)}
    for name in SIZES:
        below = 0 if name in ("kernel_size", "stride", "dilation") else -1
        values[name] = ("1", below, (1,) * (axes + 1), *((5,) if name == "output_padding" else ()))
    values |= {"padding_mode": ("reflect", 1), "dtype": ("float32",)}
    for name, found in values.items():
        if dialect.offers(name):
            yield from _replaced(dialect, plain, dialect.own(name), found)
    channels = integer(plain.arguments["in_channels"])
    yield from _shaped(dialect, plain, {"input": [(2, channels + 1, *plain.size), (channels,)]})
    if not dialect.loads:
        yield from _shaped(dialect, plain, {"weight": [(channels, 2)], "bias": [(3,)]})
    for role in ("input",) if dialect.loads else ("input", "weight", "bias"):
        yield case(dialect, replace(plain, inputs={role: "x"}))
