"""A case of a transposed convolution → the point that makes it, so that single choices of it can change.

What is valid by its type and range becomes a choice; everything else, invalid values among it, is kept as it stands.
Whether a case was understood is not believed but tried: the point must make the very same case.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cases.case import Case
from cases.conv_transpose.dialects import DIALECTS, Dialect
from cases.conv_transpose.points import Point, setup, written
from cases.conv_transpose.setups import output, weight_shape
from cases.conv_transpose.standing import standing
from cases.values import Dtype, Tensor, Value

LEAST = {"kernel_size": 1, "stride": 1, "padding": 0, "output_padding": 0, "dilation": 1}
BEYOND = 2**31  # no tensor has so many channels, nor so wide a kernel
INPUTS = ("input", "x")  # what the documents of layers call what they are called with
PLAIN = {"in_channels": 2, "out_channels": 2, "kernel_size": 3}


def read_back(case: Case) -> Point | None:
    """The point whose case is this one, or None where the generator could not have written it."""
    dialect = DIALECTS.get(case.api)
    if dialect is None or case.action == "inspect":
        return None
    # What the documents refuse may look valid alone, such as groups that do not divide the channels.
    refused = standing(case).argument
    for kept in dict.fromkeys(("", refused)):
        point = _read(dialect, case, kept)
        if point is None:
            continue
        passed = case.call if case.construct is None else case.construct
        count, order = len(passed.positional), tuple(name for name, _ in passed.keyword)
        for tried in (point, replace(point, positional=count), replace(point, positional=count, order=order)):
            made = written(dialect, tried)
            if made is not None and made.id == case.id:
                return tried
    return None


def _read(dialect: Dialect, case: Case, kept: str) -> Point | None:
    """A first reading; the argument called `kept` stays as it stands, whatever it looks like."""
    passed = case.call if case.construct is None else case.construct
    named = passed.bind(dialect.signature)
    if len(passed.positional) > len(dialect.signature) or not named.keys() <= set(dialect.signature):
        return None
    tensors = _tensors(dialect, case, named)
    if tensors is None:
        return None
    point = Point(
        **_arguments(dialect, named, tensors, kept),
        size=(2,) * dialect.axes if case.action == "initialise" else (5, 4, 3)[: dialect.axes],
        batch=1 if case.action == "initialise" else 2,
        called=next((name for name, _ in case.call.keyword if name in INPUTS and dialect.loads), ""),
        load=bool(case.parameters),
        data=case.data,
        amplitude=case.amplitude,
        differentiate=case.differentiate,
        repeats=case.repeats,
        settings=case.settings,
        device=case.device,
        origin=case.origin,
        action=case.action,
    )
    return _asked(dialect, _operands(dialect, point, tensors), case, tensors)


def _tensors(dialect: Dialect, case: Case, named: dict[str, Value]) -> dict[str, Value] | None:
    """What goes in by role, taken out of the named arguments of a function; None where too much goes in."""
    if dialect.kind == "function":
        names = dict(zip(dialect.signature, ("input", "weight"), strict=False)) | {"bias": "bias"}
        return {role: named.pop(name) for name, role in names.items() if name in named}
    roles = (
        ("input", "weight", "input_size" if dialect.sized else "bias") if dialect.kind == "primitive" else ("input",)
    )
    if len(case.call.positional) > len(roles):
        return None
    loaded: dict[str, Value] = {tensor.role: tensor for tensor in case.parameters}
    named_input = [value for name, value in case.call.keyword if name in INPUTS and dialect.loads]
    return loaded | dict(zip(roles, (*case.call.positional, *named_input), strict=False))


def _arguments(dialect: Dialect, named: Mapping[str, Value], tensors: Mapping[str, Value], kept: str) -> dict[str, Any]:
    """The choices among the arguments, and the other arguments."""
    common = {dialect.own(name): name for name in (*PLAIN, *LEAST, "groups", "pad_mode") if dialect.offers(name)}
    common |= {dialect.own("bias"): "bias"} if dialect.loads else {}
    valid: dict[str, Any] = {
        name: named[own]
        for own, name in common.items()
        if own in named and own != kept and _valid(dialect, name, named[own])
    }
    shapes = _shapes(dialect, valid, tensors)
    if any(shapes[name] % valid.get("groups", 1) for name in ("in_channels", "out_channels")):
        valid.pop("groups")
        shapes = _shapes(dialect, valid, tensors)
    own = {name: value for name, value in named.items() if common.get(name) not in valid}
    told = own.get("dtype")
    types = [item.dtype for role in ("input", "weight") if isinstance(item := tensors.get(role), Tensor)]
    dtype = types[0] if types else told.name if isinstance(told, Dtype) else "float32"
    groups = valid.get("groups", 1)
    return {
        "incoming": shapes["in_channels"] // groups,
        "outgoing": shapes["out_channels"] // groups,
        "kernel_size": shapes["kernel_size"],
        "given": {name: value for name, value in valid.items() if name not in PLAIN},
        "dtype": dtype,
        "typed": told == Dtype(dtype),
        "own": {name: value for name, value in own.items() if name != "dtype" or value != Dtype(dtype)},
    }


def _shapes(dialect: Dialect, valid: Mapping[str, Any], tensors: Mapping[str, Value]) -> dict[str, Any]:
    """in_channels, out_channels and kernel_size, as the arguments tell them or else the tensors."""
    found: dict[str, Any] = dict(PLAIN)
    x, weight = tensors.get("input"), tensors.get("weight")
    if isinstance(x, Tensor) and len(x.shape) == dialect.axes + 2 and x.shape[1] > 0:
        found["in_channels"] = x.shape[1]
    if isinstance(weight, Tensor) and len(weight.shape) == dialect.axes + 2 and min(weight.shape) > 0:
        incoming, outgoing, *kernel = weight.shape
        found |= {"in_channels": incoming, "out_channels": outgoing * valid.get("groups", 1)}
        found["kernel_size"] = tuple(kernel)
    return found | {name: valid[name] for name in PLAIN if name in valid}


def _valid(dialect: Dialect, name: str, value: Value) -> bool:
    """Whether the value alone is of a documented type and in its range."""
    if name == "bias":
        return type(value) is bool
    if name == "pad_mode":
        return isinstance(value, str) and value in ("same", "valid", "pad")
    if name not in LEAST:
        return type(value) is int and 1 <= value < BEYOND
    several = (isinstance(value, tuple) and dialect.tuples) or (isinstance(value, list) and dialect.lists)
    lengths = (dialect.axes, 2 * dialect.axes if name == "padding" and dialect.sides else dialect.axes)
    numbers: Any = value if several else (value,)
    most = BEYOND if name == "kernel_size" else math.inf
    return (not several or len(numbers) in lengths) and all(
        type(item) is int and LEAST[name] <= item < most for item in numbers
    )


def _operands(dialect: Dialect, point: Point, tensors: Mapping[str, Value]) -> Point:
    """Sizes, layouts and element types as the tensors have them; what does not fit is kept as it stands."""
    made, axes = setup(dialect, point), dialect.axes
    channels, kept = made.arguments["in_channels"], dict[str, Value]()
    if "input" in tensors:
        x = tensors["input"]
        ranks = (axes + 2, *((axes + 1,) if dialect.unbatched else ()))
        if isinstance(x, Tensor) and len(x.shape) in ranks and x.shape[-axes - 1] == channels:
            batch = x.shape[0] if len(x.shape) == axes + 2 else None
            point = replace(point, size=x.shape[-axes:], batch=batch, layout=x.layout)
        else:
            kept["input"] = x
    weight = tensors.get("weight")
    if isinstance(weight, Tensor) and weight.shape == weight_shape(dialect, made.arguments):
        other = weight.dtype if weight.dtype != point.dtype else ""
        point = replace(point, weight_dtype=other, weight_layout=weight.layout)
    elif "weight" in tensors:
        kept["weight"] = weight
    if "bias" in tensors and not dialect.loads:
        bias = tensors["bias"]
        if dialect.offers("bias") and (bias is None or isinstance(bias, Tensor)):
            fits = bias is None or bias.shape == (made.arguments["out_channels"],)
            point = replace(point, given={**point.given, "bias": None if bias is None else True})
            kept |= {} if fits else {"bias": bias}
        else:
            kept["bias"] = bias
    return replace(point, inputs=kept)


def _asked(dialect: Dialect, point: Point, case: Case, tensors: Mapping[str, Value]) -> Point | None:
    """The size of the output that the call asks for, as a difference from the shortest one."""
    asked = dict(case.call.keyword).get("output_size") if dialect.constructs else tensors.get("input_size")
    if dialect.kind == "primitive":
        asked = tensors.get("input_size")
    if asked is None:
        kept = {"input_size": None} if tensors.get("input_size", "") is None else {}
        return replace(point, inputs={**point.inputs, **kept})
    shortest, axes = output(dialect, setup(dialect, point)), dialect.axes
    numbers = asked if isinstance(asked, tuple) and all(type(item) is int for item in asked) else ()
    whole: Any = numbers
    if len(numbers) == len(shortest) and whole[:-axes] == shortest[:-axes] and min(whole) >= 0:
        longer = tuple(a - b for a, b in zip(whole[-axes:], shortest[-axes:], strict=True))
        if dialect.kind != "primitive" or any(longer):
            return replace(point, asked=longer, entire=True)
        return point
    if dialect.kind == "primitive":
        return replace(point, inputs={**point.inputs, "input_size": asked})
    if len(numbers) != axes:
        return None
    return replace(point, asked=tuple(a - b for a, b in zip(whole, shortest[-axes:], strict=True)))
