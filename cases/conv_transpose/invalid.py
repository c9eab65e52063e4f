"""A valid call with one value made invalid: of one parameter, or of one thing that goes in.

Values are those of the invalid cases of a plan, and numbers drawn just outside of what is documented. Whether the value
is invalid beside the other arguments the documents decide: 3 groups are fine where they divide the channels.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from cases.conv_transpose.dialects import Dialect
from cases.conv_transpose.drawing import Chooser
from cases.conv_transpose.formulas import per_axis
from cases.conv_transpose.points import Point, setup
from cases.conv_transpose.read_back import LEAST
from cases.conv_transpose.setups import integer, output, weight_shape
from cases.conv_transpose.wrong import NO_TENSOR, common, rare
from cases.values import Tensor, Value

Spoil = Callable[[], Point]


def spoiled(dialect: Dialect, chooser: Chooser, point: Point) -> Point:
    """The point with one invalid value."""
    listed = {name: (*common(dialect).get(name, ()), *rare(dialect).get(name, ())) for name in dialect.signature}
    names = [name for name, values in listed.items() if values]
    numbers = [name for name in (*LEAST, "in_channels", "out_channels", "groups") if dialect.offers(name)]
    roles = _roles(dialect, point)
    kind = chooser.pick(("number", "value", "shape", "no tensor"))
    if kind == "number":
        name = chooser.pick(numbers)
        return _with(dialect, point, dialect.own(name), _outside(dialect, chooser, point, name))
    if kind == "value":
        own = chooser.pick(names)
        return _with(dialect, point, own, chooser.pick(listed[own]))
    role = chooser.pick(roles)
    if kind == "shape":
        return replace(point, inputs={role: _misshapen(dialect, chooser, point, role)})
    return replace(point, inputs={role: chooser.pick([item for item in NO_TENSOR if (role, item) != ("bias", None)])})


def _with(dialect: Dialect, point: Point, name: str, value: Value) -> Point:
    """The argument with this value; the tensors stay those of the valid call."""
    typed = point.typed and name != "dtype"
    return replace(point, typed=typed, own={**point.own, name: value})


def _outside(dialect: Dialect, chooser: Chooser, point: Point, name: str) -> Value:
    """A number, or a tuple with a number, below the documented range or above it."""
    if name == "groups":
        return chooser.pick((0, -1, -2, max(point.incoming, point.outgoing) * integer(point.given.get(name, 1)) + 1))
    if name not in LEAST:
        return chooser.number(-3, 0)
    number = chooser.number(LEAST[name] - 3, LEAST[name] - 1)
    if name == "output_padding" and chooser.pick((False, True)):
        spans = (per_axis(point.given.get(item, 1), dialect.axes) for item in ("stride", "dilation"))
        number = max(max(pair) for pair in zip(*spans, strict=True)) + chooser.number(0, 3)
    if not dialect.tuples or chooser.pick(("number", "tuple")) == "number":
        return number
    sides = 2 if name == "padding" and dialect.sides else 1
    place = chooser.number(0, dialect.axes * sides - 1)
    return tuple(number if index == place else max(1, LEAST[name]) for index in range(dialect.axes * sides))


def _roles(dialect: Dialect, point: Point) -> list[str]:
    held = [] if dialect.loads else ["weight"]
    held += ["bias"] if dialect.kind == "function" and dialect.offers("bias") else []
    return ["input", *held, *(["input_size"] if dialect.kind == "primitive" and dialect.sized else [])]


def _misshapen(dialect: Dialect, chooser: Chooser, point: Point, role: str) -> Value:
    """What goes in with a wrong number of axes or a wrong extent."""
    made = setup(dialect, point)
    given: Any = made.arguments
    if role == "input_size":
        shape = output(dialect, made)
        return chooser.pick((shape[:-1], (*shape, 1), (shape[0], shape[1] + 1, *shape[2:]), (*shape[:-1], -1)))
    batch = () if point.batch is None else (point.batch,)
    if role == "input":
        shape = (*batch, given["in_channels"], *point.size)
        wrong: list[tuple[int, ...]] = [(*shape, 1, 1), shape[: dialect.axes], ()]
        more = (*batch, given["in_channels"] + 1, *point.size)
    else:
        shape = weight_shape(dialect, given) if role == "weight" else (given["out_channels"],)
        wrong = [(*shape, 1), shape[1:]]
        more = (shape[0] + 1, *shape[1:])
    # A lazy layer takes any number of channels, and the channels of a call are those of its weight.
    wrong += [] if dialect.kind == "lazy" else [more]
    return Tensor(role, chooser.pick(wrong), point.dtype)
