"""How parameters start: cases that read them as the layer made them, and calls that leave them as they are."""

from collections.abc import Iterator
from dataclasses import replace

from cases.case import Arguments, Case
from cases.conv_transpose.dialects import Dialect
from cases.conv_transpose.setups import Setup, base, case, weight_shape
from cases.values import Dtype, Instance, Tensor, Value

NAMES = ("TruncatedNormal", "Normal", "Uniform", "HeUniform", "XavierUniform", "One", "Zero")
ALIASES = ("xavier_uniform", "he_uniform", "ones", "zeros")
NUMBERS: tuple[Value, ...] = (0.25, 3, -1.5, 0)
ROLES = ("weight_init", "bias_init")
_FOLDER = "mindspore.common.initializer"
# What the documents say of a vector leaves the laws out that depend on numbers of units.
VECTORS = (
    Instance(f"{_FOLDER}.Normal", (("sigma", 0.02),)),
    Instance(f"{_FOLDER}.Normal", (("sigma", 0.5), ("mean", 1.0))),
    Instance(f"{_FOLDER}.TruncatedNormal", (("sigma", 0.5),)),
    Instance(f"{_FOLDER}.TruncatedNormal", (("sigma", 1.0), ("mean", 0.5), ("a", -1.0), ("b", 1.5))),
    Instance(f"{_FOLDER}.Uniform", (("scale", 0.3),)),
    Instance(f"{_FOLDER}.One"),
    Instance(f"{_FOLDER}.Zero"),
    Instance(f"{_FOLDER}.Constant", (("value", 0.5),)),
)
WEIGHTS = (
    *VECTORS,
    Instance(f"{_FOLDER}.HeUniform"),
    Instance(f"{_FOLDER}.HeUniform", (("mode", "fan_out"), ("nonlinearity", "relu"))),
    Instance(f"{_FOLDER}.HeNormal"),
    Instance(f"{_FOLDER}.XavierUniform", (("gain", 2),)),
    Instance(f"{_FOLDER}.XavierNormal"),
    Instance(f"{_FOLDER}.VarianceScaling", (("scale", 2.0), ("mode", "fan_out"), ("distribution", "uniform"))),
    Instance(f"{_FOLDER}.Identity"),
)


def spellings() -> tuple[str, ...]:
    """Each documented name as documented, in lower and in upper case."""
    found = (spelling for name in (*NAMES, *ALIASES) for spelling in (name, name.lower(), name.upper()))
    return tuple(dict.fromkeys(found))


def initialised(dialect: Dialect) -> Iterator[Case]:
    """Layers whose parameters are read as they were made: at least 20,000 weights, and often as many numbers of bias."""
    if not dialect.loads:
        return
    many, wide = _many(dialect), _wide(dialect)
    yield _initialise(dialect, many)
    yield _initialise(dialect, wide)
    if dialect.few:
        return
    yield _initialise(dialect, many | {"groups": 4})
    yield _initialise(dialect, wide | {"in_channels": 2, "groups": 2})
    yield _initialise(dialect, many | {"stride": 2, "dilation": 2, "padding": 1})
    if dialect.typed:
        for dtype in ("float16", "float64"):
            yield _initialise(dialect, many, dtype=Dtype(dtype))
    if not dialect.initialisers:
        return
    for name in spellings():
        yield _initialise(dialect, many, weight_init=name)
        yield _initialise(dialect, wide, bias_init=name)
    for number in NUMBERS:
        yield _initialise(dialect, _little(dialect), weight_init=number)
        yield _initialise(dialect, _little(dialect), bias_init=number)
    for value in WEIGHTS:
        yield _initialise(dialect, many, weight_init=value)
    for value in VECTORS:
        yield _initialise(dialect, wide, bias_init=value)


def untouched(dialect: Dialect) -> Iterator[Case]:
    """Calls that keep the parameters as the layer initialised them."""
    if not dialect.initialisers:
        return
    plain = Setup(base(dialect, bias=True), (4, 3, 2)[: dialect.axes], batch=1, load=False)
    others: dict[str, Value] = dict(zip(ROLES, ("ones", "ones"), strict=True))
    mixed = ("ONES", "zERO")
    for value in (None, *NAMES, *ALIASES, *mixed, 0.25, 3, *VECTORS[-3:]):
        for name in ROLES:
            yield case(dialect, replace(plain, own=others | {name: value}))
    weight = weight_shape(dialect, plain.arguments)
    # No document says which shape the tensor has; the layer's own, without the axis that only storage adds.
    shapes = {"weight_init": (*weight[:2], *weight[-dialect.axes :]), "bias_init": (2,)}
    for name, shape in shapes.items():
        yield case(dialect, replace(plain, own=others | {name: Tensor(name, shape, "float32")}))


def _initialise(dialect: Dialect, arguments: dict[str, Value], **own: Value) -> Case:
    """A lazy layer has no parameters before it knows its input, which is why there is one, of the parameters' type."""
    dtype = own.get("dtype")
    kind = dtype.name if isinstance(dtype, Dtype) else "float32"
    made = case(dialect, Setup(arguments, (2,) * dialect.axes, batch=1, dtype=kind, own=own, load=False))
    return replace(made, action="initialise", call=made.call if dialect.kind == "lazy" else Arguments())


def _many(dialect: Dialect) -> dict[str, Value]:
    """Between 20,000 and 90,000 weights, also in four groups."""
    channels, kernel = {1: (128, 5), 2: (96, 3), 3: (64, 3)}[dialect.axes]
    return base(dialect, in_channels=channels, out_channels=channels, kernel_size=kernel, bias=True)


def _wide(dialect: Dialect) -> dict[str, Value]:
    """4,096 numbers of bias, and five or more weights to each."""
    kernel: Value = (0, 5, (3, 2), 2)[dialect.axes]
    return base(dialect, in_channels=1, out_channels=4096, kernel_size=kernel, bias=True)


def _little(dialect: Dialect) -> dict[str, Value]:
    return base(dialect, in_channels=4, out_channels=6, kernel_size=2, bias=True)
