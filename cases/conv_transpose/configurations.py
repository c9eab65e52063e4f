"""The valid settings of an API: rows of covering arrays, and each feature alone."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from cases.conv_transpose.dialects import Dialect
from cases.conv_transpose.domains import LEFT_OUT
from cases.conv_transpose.setups import Setup, base, output
from cases.values import Value

_GIVEN = ("stride", "pad_mode", "padding", "output_padding", "dilation", "bias", "padding_mode")


def configured(dialect: Dialect, row: Mapping[str, Any]) -> Setup:
    """The call that one row of a covering array means."""
    incoming, outgoing, groups = row["channels"]
    arguments: dict[str, Value] = {"in_channels": incoming, "out_channels": outgoing, "kernel_size": row["kernel_size"]}
    if groups > 1:
        arguments["groups"] = groups
    for name in _GIVEN:
        if row.get(name, LEFT_OUT) is not LEFT_OUT:
            arguments[name] = row[name]
    own = {} if row.get("init", LEFT_OUT) is LEFT_OUT else {"weight_init": row["init"]}
    batch = None if row["batch"] is LEFT_OUT else row["batch"]
    return Setup(arguments, row["size"], batch=batch, own=own, ordered=row["style"] == "positional")


def features(dialect: Dialect) -> Iterator[Setup]:
    """Each feature alone, at two values: the calls by which claims on one feature are told from one another."""
    plain = Setup(base(dialect), (5, 4, 3)[: dialect.axes])
    values: dict[str, tuple[Value, ...]] = {"stride": (2, 3), "padding": (1, 2), "dilation": (2, 3), "groups": (2,)}
    values["bias"] = (True,)
    yield plain
    for name, levels in values.items():
        for value in levels if dialect.offers(name) and (dialect.grouped or name != "groups") else ():
            yield _with(plain, **{name: value})
    if dialect.longer:
        for stride, padding, longer, dilation in ((2, 0, 1, 1), (2, 1, 1, 1), (3, 1, 2, 1), (1, 0, 1, 2), (1, 2, 2, 3)):
            yield _with(plain, stride=stride, padding=padding, output_padding=longer, dilation=dilation)
    yield from _tuples(dialect, plain)
    yield from _sized(dialect, plain)
    if "data_format" in dialect.signature:
        yield replace(plain, own={"data_format": "NCDHW" if dialect.axes == 3 else "NCHW"})
    modes = ("same", "valid") if dialect.pad_modes else ()
    for mode, kernel, stride in itertools.product(modes, (2, 3, 4), (1, 2, 3)):
        yield _with(plain, pad_mode=mode, kernel_size=kernel, stride=stride)


def everything(dialect: Dialect) -> Setup:
    """Every feature at once."""
    arguments: dict[str, Value] = {"in_channels": 4, "out_channels": 4, "stride": 2, "padding": 1, "dilation": 2}
    arguments |= {"bias": True} | ({"groups": 2} if dialect.grouped else {})
    arguments |= {"output_padding": 1} if dialect.longer else {}
    return Setup(base(dialect, **arguments), (5, 4, 3)[: dialect.axes])


def few(dialect: Dialect) -> Iterator[Setup]:
    """Each feature alone once, for an API whose plan is small."""
    plain = Setup(base(dialect), (5, 4, 3)[: dialect.axes])
    yield plain
    for name, value in (("stride", 2), ("padding", 1), ("dilation", 2), ("groups", 2), ("bias", True)):
        yield _with(plain, **{name: value})
    yield _with(plain, stride=2, padding=1, output_padding=1)
    yield from _tuples(dialect, plain)
    if dialect.unbatched:
        yield replace(plain, batch=None)
    yield from itertools.islice(_sized(dialect, plain), 1)


def _tuples(dialect: Dialect, plain: Setup) -> Iterator[Setup]:
    """One number per axis, not all the same, so that their order shows; also as lists where these are documented."""
    if dialect.axes == 1:
        return
    given: dict[str, tuple[int, ...]] = {"kernel_size": (3, 1, 2), "stride": (2, 1, 3), "padding": (1, 0, 1)}
    given |= {"dilation": (2, 1, 3)} | ({"output_padding": (0, 1, 1)} if dialect.longer else {})
    for name, numbers in given.items():
        value = numbers[: dialect.axes]
        if name == "padding" and dialect.sides:
            value = (0, 1, 1, 0, 2, 1)[: 2 * dialect.axes]
        setup = _with(plain, stride=2) if name == "output_padding" else plain
        if name != "kernel_size" or dialect.kind != "function":
            yield _with(setup, **{name: value})
        if dialect.lists and name != "kernel_size":
            listed: Value = list(value)
            yield _with(setup, **{name: listed})


def _sized(dialect: Dialect, plain: Setup) -> Iterator[Setup]:
    """Calls that ask for an exact output size, of the spatial axes or of all."""
    if not dialect.sized:
        return
    setup = _with(plain, stride=2, padding=1)
    shortest = output(dialect, setup)
    for more in (0, 1):
        size = (*shortest[:2], *(length + more for length in shortest[2:]))
        # A primitive must be told the whole shape.
        for asked in (size,) if dialect.kind == "primitive" else (size[2:], size):
            yield replace(setup, asked=asked)


def _with(setup: Setup, **more: Value) -> Setup:
    return replace(setup, arguments={**setup.arguments, **more})
