"""Domains → cases of one API: covering arrays, features alone, one invalid value at a time, and documented examples."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from cases.case import Arguments, Case, DataKind
from cases.conv_transpose.domains import DIALECTS, LEFT_OUT, Dialect, factors, given, initials, invalid, requirements
from cases.covering import covering
from cases.documentation import Api, Equal
from cases.plan import Plan
from cases.values import Tensor, Value
from reference.documented import find

LEAST_VALID = 150
SEEDS_APART = 1000  # so that two runs with neighbouring seeds share no covering array
DATA: tuple[DataKind, ...] = ("integers", "normal")


def plan(api: Api, *, seed: int, strength: int) -> Plan:
    """The cases of one API. Further seeds are taken until at least 150 valid configurations are there."""
    dialect = DIALECTS[api.name]
    configurations: dict[str, Case] = {}
    arrays = []
    for own in itertools.count(seed * SEEDS_APART):
        array = covering(factors(dialect, own), requirements(dialect), strength=strength, seed=own)
        arrays.append(array)
        for row in array.rows:
            case = _configured(api, dialect, row)
            configurations.setdefault(case.id, case)
        if len(configurations) >= LEAST_VALID:
            break
    for case in _features(api, dialect):
        configurations.setdefault(case.id, case)
    valid = [_with_data(case, data) for case in configurations.values() for data in DATA]
    wrong = list(_invalid(api, dialect))
    pairs = [pair for claim in api.claims if isinstance(claim.detail, Equal) for pair in claim.detail.pairs]
    inspection = Case(api.name, action="inspect")
    cases = [inspection, *api.examples, *(pair.left for pair in pairs), *_initialised(api, dialect), *valid, *wrong]
    return Plan(
        api.name,
        tuple({case.id: case for case in cases}.values()),
        valid=len(configurations),
        invalid=len({case.id for case in wrong}),
        strength=strength,
        tuples=sum(array.tuples for array in arrays),
        covered=sum(array.covered for array in arrays),
        infeasible=sum(array.infeasible for array in arrays),
    )


def call(
    api: str,
    dialect: Dialect,
    arguments: Mapping[str, Value],
    x: tuple[int, ...],
    *,
    order: tuple[str, ...] = (),
    load: bool = True,
) -> Case:
    """A case from arguments by name. The leading ones that `order` names are passed by position."""
    positional: list[Value] = []
    for name in order:
        if name not in arguments:
            break
        positional.append(arguments[name])
    keyword = {name: value for name, value in arguments.items() if name not in order[: len(positional)]}
    parameters: tuple[Tensor, ...] = ()
    if load:
        shapes = find(api)(**arguments).parameter_shapes()
        parameters = tuple(Tensor(name, shape, "float32") for name, shape in shapes.items())
    construct = Arguments(tuple(positional), tuple(keyword.items()))
    return Case(api, construct, Arguments((Tensor("input", x, "float32"),)), parameters)


def _with_data(case: Case, data: DataKind) -> Case:
    return replace(case, data=data)


def _configured(api: Api, dialect: Dialect, row: Mapping[str, Any]) -> Case:
    """The case that one row of a covering array means."""
    incoming, outgoing, groups = row["channels"]
    arguments: dict[str, Value] = {"in_channels": incoming, "out_channels": outgoing, "kernel_size": row["kernel_size"]}
    if groups > 1:
        arguments[dialect.group] = groups
    for name in ("stride", "pad_mode", "padding", "output_padding", "dilation", dialect.bias, "padding_mode"):
        if row.get(name, LEFT_OUT) is not LEFT_OUT:
            arguments[name] = row[name]
    if row.get("init", LEFT_OUT) is not LEFT_OUT:
        arguments["weight_init"] = row["init"]
    arguments = {name: arguments[name] for name in api.names if name in arguments}
    batch = () if row["batch"] is LEFT_OUT else (row["batch"],)
    order = api.names if row["style"] == "positional" else api.names[:3]
    return call(api.name, dialect, arguments, (*batch, incoming, *row["size"]), order=order)


def _base(dialect: Dialect, **more: Value) -> dict[str, Value]:
    """Plain arguments: two channels in, two out, kernel 3, no bias, and the pad mode that leaves all to `padding`."""
    plain: dict[str, Value] = {"in_channels": 2, "out_channels": 2, "kernel_size": 3, dialect.bias: False}
    return plain | ({"pad_mode": "pad"} if dialect.pad_modes else {}) | more


def _features(api: Api, dialect: Dialect) -> Iterator[Case]:
    """Each feature alone, at two values: the cases by which claims on one feature are told from one another."""
    x = (2, 2, *(5, 4, 3)[: dialect.axes])
    features: dict[str, tuple[Value, ...]] = {
        "stride": (2, 3),
        "padding": (1, 2),
        "dilation": (2, 3),
        dialect.group: (2,),
        dialect.bias: (True,),
    }
    yield call(api.name, dialect, _base(dialect), x)
    for name, values in features.items():
        for value in values:
            yield call(api.name, dialect, _base(dialect, **{name: value}), x)
    if dialect.longer:
        for stride, padding, longer, dilation in ((2, 0, 1, 1), (2, 1, 1, 1), (3, 1, 2, 1), (1, 0, 1, 2), (1, 2, 2, 3)):
            step: dict[str, Value] = {"stride": stride, "padding": padding, "output_padding": longer}
            step["dilation"] = dilation
            yield call(api.name, dialect, _base(dialect, **step), x)
    if dialect.unbatched:
        yield from _exact_sizes(api, dialect, x)
    if "data_format" in api.names:
        yield call(api.name, dialect, _base(dialect, data_format="NCDHW"), x)
    for mode, kernel, stride in itertools.product(dialect.modes[1:3], (2, 3, 4), (1, 2, 3)):
        yield call(api.name, dialect, _base(dialect, pad_mode=mode, kernel_size=kernel, stride=stride), x)


def _exact_sizes(api: Api, dialect: Dialect, x: tuple[int, ...]) -> Iterator[Case]:
    """Calls that ask for an exact output size, of the spatial axes or of all."""
    case = call(api.name, dialect, _base(dialect, stride=2, padding=1), x)
    shortest = tuple((length - 1) * 2 + 1 for length in x[2:])
    for more in (0, 1):
        size = tuple(length + more for length in shortest)
        for asked in (size, (x[0], 2, *size)):
            yield replace(case, call=Arguments(case.call.positional, (("output_size", asked),)))


def _invalid(api: Api, dialect: Dialect) -> Iterator[Case]:
    """One invalid value at a time, in a plain call and in one that uses everything else."""
    axes = dialect.axes
    plain = _base(dialect)
    everything: dict[str, Value] = {"stride": 2, "padding": 1, "dilation": 2, "in_channels": 4}
    everything |= {dialect.bias: True, dialect.group: 2}
    busy = _base(dialect, **everything)
    size = (5, 4, 3)[:axes]
    for arguments in (plain, busy):
        x = (2, given(arguments["in_channels"], 2), *size)
        for name, values in invalid(dialect).items():
            for value in values:
                yield call(api.name, dialect, arguments | {name: value}, x, load=False)
        channels = x[1]
        for shape in ((channels,), (2, 2, channels, *size, 2), (2, channels + 1, *size), (2, channels, *size, 2)):
            if len(shape) != axes + 2 or shape[1] != channels:
                yield call(api.name, dialect, arguments, shape, load=False)
        if not dialect.unbatched:
            yield call(api.name, dialect, arguments, (channels, *size), load=False)
    if dialect.pad_modes:
        pads: tuple[Value, ...] = (1, *(((1,) * 2 * axes,) if dialect.tuples else ()))
        for mode, padding in itertools.product(("same", "valid"), pads):
            yield call(api.name, dialect, _base(dialect, pad_mode=mode, padding=padding), (2, 2, *size), load=False)
            if dialect.longer:
                more: dict[str, Value] = {"pad_mode": mode, "stride": 2, "output_padding": 1}
                yield call(api.name, dialect, _base(dialect, **more), (2, 2, *size), load=False)


def _initialised(api: Api, dialect: Dialect) -> Iterator[Case]:
    """Calls that keep the parameters as the layer initialised them."""
    x = (1, 2, *(4, 3, 2)[: dialect.axes])
    for value, name in itertools.product(initials(dialect), ("weight_init", "bias_init")):
        arguments = _base(dialect, **{name: value, dialect.bias: True, _other(name): "ones"})
        yield _with_data(call(api.name, dialect, arguments, x, load=False), "integers")
    if dialect.pad_modes:
        shapes = find(api.name)(**_base(dialect, **{dialect.bias: True})).parameter_shapes()
        for name in ("weight", "bias"):
            # No document says which shape the tensor has; the layer's own, without the axis that only storage adds.
            shape = shapes[name][:2] + shapes[name][-dialect.axes :] if name == "weight" else shapes[name]
            tensor = Tensor(f"{name}_init", shape, "float32")
            initial: dict[str, Value] = {f"{name}_init": tensor, dialect.bias: True, _other(f"{name}_init"): "ones"}
            yield call(api.name, dialect, _base(dialect, **initial), x, load=False)


def _other(name: str) -> str:
    return "bias_init" if name == "weight_init" else "weight_init"
