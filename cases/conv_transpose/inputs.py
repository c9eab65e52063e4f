"""What goes in, rather than how the operator is set: element types, special values, layouts, edges of shapes, devices.

Each function yields cases of one API. `thorough` doubles the settings of those that have some. A dialect with `few`
gets a token of each.
"""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace

from cases.case import Case
from cases.conv_transpose.dialects import Dialect
from cases.conv_transpose.exactness import largest
from cases.conv_transpose.setups import Setup, base, case, dilated, integer, output
from cases.conv_transpose.understood import differentiated
from cases.values import Dtype, Layout, Tensor, Value

FLOATS = ("float32", "float16", "bfloat16", "float64")
COMPLEX = ("complex64", "complex128")
WHOLE = ("int8", "uint8", "int16", "int32", "int64", "bool")
EXPONENTS = {
    "float16": (9, 10, 11, 12, 13, 14, 15),
    "bfloat16": (6, 7, 8, 9, 12, 16, 20, 23, 24, 25),
    "float32": (22, 23, 24, 25, 30, 40, 50, 52, 53),
    "float64": (51, 52, 53, 54, 60, 63),
}
LAYOUTS: tuple[Layout, ...] = ("strided", "transposed", "channels-last", "expanded")
AMPLITUDE = 4


def element_types(dialect: Dialect, *, thorough: bool) -> Iterator[Case]:
    """Every element type on a few settings, floating ones with gradients; and tensors of two types in one call."""
    settings = _settings(dialect, thorough=thorough)
    if dialect.few:
        for dtype in (*FLOATS[1:], *COMPLEX, "int32"):
            yield _exact(dialect, typed(dialect, _small(dialect, settings[0]), dtype))
        yield case(dialect, replace(_small(dialect, settings[0]), weight_dtype="float64"))
        return
    for dtype, arguments in itertools.product((*FLOATS, *COMPLEX, *WHOLE), settings):
        exact = _exact(dialect, typed(dialect, _small(dialect, arguments), dtype))
        yield exact
        if dtype not in WHOLE:
            yield replace(exact, data="normal", amplitude=AMPLITUDE)
        if dtype in FLOATS and arguments in settings[1::2]:
            made = differentiated(exact)
            if made is not None:
                yield made
    for one, other in (("float32", "float64"), ("float64", "float32")):
        yield case(dialect, replace(_small(dialect, settings[0]), dtype=one, weight_dtype=other))


def typed(dialect: Dialect, setup: Setup, dtype: str) -> Setup:
    """The call in this element type, which a constructor that takes one is told."""
    own: dict[str, Value] = {"dtype": Dtype(dtype)} if dialect.typed else {}
    return replace(setup, dtype=dtype, own={**setup.own, **own})


def specials(dialect: Dialect, *, thorough: bool) -> Iterator[Case]:
    """nan, infinities, zeros of both signs, subnormal and huge numbers, with few products per element of the output."""
    size, one = {1: (8,), 2: (4, 4), 3: (3, 3, 2)}[dialect.axes], {"in_channels": 1, "out_channels": 1}
    plain = base(dialect, **one, kernel_size=2)
    settings = [
        plain,
        plain | {"bias": True},
        plain | {"stride": 2},
        plain | {"dilation": dilated(dialect)},
        plain | {"padding": 1, "bias": True},
        plain | ({"in_channels": 2, "out_channels": 2, "groups": 2} if dialect.grouped else {"kernel_size": 1}),
    ]
    if thorough:
        settings += [
            plain | {"stride": 2, "padding": 1, "bias": True},
            plain | {"kernel_size": 3, "dilation": dilated(dialect)},
        ]
        settings += [plain | {"stride": 3}, plain | {"in_channels": 2, "bias": True}]
    for arguments in settings[:1] if dialect.few else settings:
        yield replace(case(dialect, Setup(arguments, size)), data="special")
    for dtype in () if dialect.few else ("float16", "bfloat16", "float64"):
        yield replace(case(dialect, typed(dialect, Setup(settings[1], size), dtype)), data="special")


def layouts(dialect: Dialect, *, thorough: bool) -> Iterator[Case]:
    """Input, and weight where it is an argument, that lie in memory in every documented way but the plain one."""
    settings = _settings(dialect, thorough=thorough)
    for arguments in settings[:1] if dialect.few else (*settings[:3], *settings[4:]):
        setup = Setup(arguments, _size(dialect))
        for layout in LAYOUTS:
            yield case(dialect, replace(setup, layout=layout))
        if not dialect.loads and not dialect.few:
            for layout in LAYOUTS[:2]:
                yield case(dialect, replace(setup, weight_layout=layout))


def edges(dialect: Dialect) -> Iterator[Case]:
    """Shapes at and beyond the edge of what has a result."""
    axes, plain = dialect.axes, base(dialect)
    yield from _open(dialect)
    usual, single = _size(dialect), (1,) * dialect.axes
    bias = base(dialect, bias=True)
    yield case(dialect, Setup(bias, usual, batch=0))
    yield case(dialect, Setup(bias, (*usual[:-1], 0)))
    if dialect.few:
        return
    yield case(dialect, Setup(bias, single, batch=1))
    yield case(dialect, Setup(plain | {"in_channels": 1, "out_channels": 1, "kernel_size": 1}, single, batch=1))
    # (1 − 1) + 2 − 2·1 = 0 elements, (1 − 1) + 1 − 2·1 below 0, and the same with an input of two.
    for kernel, length in ((2, 1), (1, 2), (1, 1)):
        yield case(dialect, Setup(bias | {"kernel_size": kernel, "padding": 1}, (length,) * axes))
    yield case(dialect, Setup(plain | {"stride": 5, "kernel_size": 2}, (2,) * axes))
    yield case(dialect, Setup(bias | {"stride": 5, "kernel_size": 2}, (2,) * axes))
    yield case(dialect, Setup(bias | {"kernel_size": 7 if axes < 3 else 5}, (2,) * axes))
    yield case(dialect, Setup(plain | {"in_channels": 1, "out_channels": 1}, (*single[1:], 4096), batch=1))
    yield case(dialect, Setup(plain | {"kernel_size": 1}, single, batch=300))
    yield case(dialect, Setup(bias | {"in_channels": 1, "out_channels": 130, "kernel_size": 1}, single))


def _open(dialect: Dialect) -> Iterator[Case]:
    """Calls that a document mentions and then leaves open, or says not to work."""
    if dialect.offers("groups") and not dialect.grouped:
        yield case(dialect, Setup(base(dialect, groups=2), _size(dialect)))
    if dialect.api == "mindspore.ops.Conv2DTranspose":
        setup = Setup(base(dialect), _size(dialect), own={"data_format": "NHWC"})
        batch, channels, *lengths = output(dialect, setup)
        x = Tensor("input", (batch, *setup.size, integer(setup.arguments["in_channels"])), "float32")
        yield case(dialect, replace(setup, inputs={"input": x, "input_size": (batch, *lengths, channels)}))


def accumulations(dialect: Dialect) -> Iterator[Case]:
    """1 + … + 1 between two large numbers that cancel: what is left shows in which precision a backend adds."""
    arguments = base(dialect, in_channels=32, out_channels=1, kernel_size=1)
    setup = Setup(arguments, (2,) * dialect.axes, batch=1)
    for dtype, exponents in EXPONENTS.items():
        if dialect.few and dtype != "float32":
            continue
        made = case(dialect, typed(dialect, setup, dtype))
        for exponent in exponents[2:3] if dialect.few else exponents:
            yield replace(made, data="accumulate", amplitude=exponent)


def devices(dialect: Dialect) -> Iterator[Case]:
    """Switches and element types that mean something on a CUDA device only."""
    if dialect.framework == "mindspore":
        return
    arguments = base(dialect, in_channels=16, out_channels=16, bias=True, stride=2)
    setup = Setup(arguments, {1: (64,), 2: (12, 10), 3: (5, 4, 4)}[dialect.axes])
    plain = replace(case(dialect, setup), device="cuda")
    for switch in (True, False):
        yield replace(plain, data="normal", settings=(("tf32", switch),))
    yield replace(plain, settings=(("tf32", True),))
    again = replace(plain, settings=(("deterministic", True),), repeats=2)
    yield replace(again, data="normal")
    made = differentiated(again)
    if made is not None:
        yield replace(made, data="normal")
    for dtype in ("float16", "bfloat16"):
        narrow = replace(case(dialect, typed(dialect, setup, dtype)), device="cuda", amplitude=1)
        yield replace(narrow, data="normal", amplitude=AMPLITUDE)
        if dtype == "float16":
            yield narrow


def _settings(dialect: Dialect, *, thorough: bool) -> list[dict[str, Value]]:
    """Plain; stride and padding; groups and dilation; bias and output_padding; and as many again where thorough."""
    kernel: Value = (0, 3, (3, 2), 2)[dialect.axes]
    grouped: dict[str, Value] = {"groups": 2} if dialect.grouped else {}
    longer: dict[str, Value] = {"output_padding": 1} if dialect.longer else {"stride": 3, "padding": 1}
    found: list[dict[str, Value]] = [
        {},
        {"stride": 2, "padding": 1},
        {"dilation": dilated(dialect)} | grouped,
        {"bias": True, "stride": 2} | longer,
    ]
    if thorough:
        found += [
            {"bias": True, "dilation": dilated(dialect), "padding": 1},
            {"stride": 4} | longer,
            {"stride": 2, "bias": True} | grouped,
            {"bias": True, "kernel_size": 1} | ({"pad_mode": "same"} if dialect.pad_modes else {"stride": 2}),
        ]
    wide: dict[str, Value] = {"in_channels": 4, "out_channels": 4}
    return [base(dialect, kernel_size=kernel) | (wide if more.get("groups") else {}) | more for more in found]


def _size(dialect: Dialect) -> tuple[int, ...]:
    return {1: (5,), 2: (4, 3), 3: (3, 3, 2)}[dialect.axes]


def _small(dialect: Dialect, arguments: Mapping[str, Value]) -> Setup:
    """So few places that even bfloat16 can count them all, as the gradient of a bias does."""
    return Setup(arguments, _size(dialect), batch=1 if dialect.axes == 3 else 2)


def _exact(dialect: Dialect, setup: Setup) -> Case:
    """The case with numbers so small that each sum in it, and in its gradients, is exact in its element type."""
    return replace(case(dialect, setup), amplitude=max(1, largest(dialect, setup)))
