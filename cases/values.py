"""The closed set of argument values that a case may hold, and their one JSON form.

In memory: int, float, bool, str, None, tuple, list, `Dtype`, `Scalar` (a NumPy scalar), `Tensor` and `Instance` (an
object that the framework makes from its own public callable).
In JSON: numbers, strings, booleans and null stand for themselves; everything else is an object with one key that
says what it is. Nothing is pickled and nothing is evaluated.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from reference.values import Dtype, Scalar

__all__ = [
    "BadValue",
    "Dtype",
    "Instance",
    "Layout",
    "Part",
    "Scalar",
    "Tensor",
    "Value",
    "decode",
    "encode",
    "show",
]


Layout = Literal["contiguous", "strided", "transposed", "channels-last", "expanded"]
LAYOUTS: tuple[Layout, ...] = ("contiguous", "strided", "transposed", "channels-last", "expanded")


@dataclass(frozen=True)
class Part:
    """A stretch of a larger array along one axis: from `start`, as long as the array at hand is there."""

    axis: int
    start: int
    whole: tuple[int, ...]


@dataclass(frozen=True)
class Tensor:
    """A tensor argument: what part it plays, its shape and its dtype. Its data come from the case.

    `layout` is how it lies in memory: `strided` with gaps on the last axis, `transposed` with the last two axes (or,
    where there is only one, the only one and a new one) exchanged in memory, `channels-last` with axis 1 innermost,
    `expanded` as one sample that is repeated without a copy along axis 0. `parts` says that the data are cut out of
    larger ones, one cut after the other, so that two cases can share numbers.
    """

    role: str
    shape: tuple[int, ...]
    dtype: str
    layout: Layout = "contiguous"
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Instance:
    """An object that the framework itself makes: a public callable by its dotted name, and its keyword arguments."""

    target: str
    keyword: tuple[tuple[str, Value], ...] = ()


Value: TypeAlias = (
    "int | float | bool | str | tuple[Value, ...] | list[Value] | Dtype | Scalar | Tensor | Instance | None"
)


DTYPES = frozenset(
    [
        "bool",
        "uint8",
        "int8",
        "int16",
        "int32",
        "int64",
        "float16",
        "bfloat16",
        "float32",
        "float64",
        "complex64",
        "complex128",
    ]
)


class BadValue(ValueError):
    """Something that is not of the closed set."""


def encode(value: Value) -> Any:
    """The JSON form of a value."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else {"float": value.hex()}
        case tuple():
            return {"tuple": [encode(item) for item in value]}
        case list():
            return {"list": [encode(item) for item in value]}
        case Dtype(name):
            return {"dtype": name}
        case Scalar(dtype, number):
            return {"scalar": {"dtype": dtype, "value": encode(number)}}
        case Tensor():
            return {"tensor": _tensor_out(value)}
        case Instance(target, keyword):
            return {"instance": {"target": target, "keyword": [[name, encode(item)] for name, item in keyword]}}
    raise BadValue(f"{value!r} is no argument value: {type(value).__name__} is not of the closed set")


def decode(data: Any) -> Value:
    """The inverse of `encode`; BadValue for anything that `encode` cannot have written."""
    match data:
        case None | bool() | int() | float() | str():
            return data
        case {"float": str(text), **rest} if not rest:
            try:
                return float.fromhex(text)
            except (ValueError, OverflowError):
                raise BadValue(f"{text!r} is no hexadecimal float") from None
        case {"tuple": list(items), **rest} if not rest:
            return tuple(decode(item) for item in items)
        case {"list": list(items), **rest} if not rest:
            return [decode(item) for item in items]
        case {"dtype": str(name), **rest} if not rest:
            return Dtype(name)
        case {"scalar": {"dtype": str(dtype), "value": value}, **rest} if not rest:
            number = decode(value)
            if isinstance(number, bool | int | float) and dtype in DTYPES:
                return Scalar(dtype, number)
        case {"tensor": dict(held), **rest} if not rest:
            return _tensor_in(held)
        case {"instance": {"target": str(target), "keyword": list(keyword)}, **rest} if not rest:
            if re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", target):
                return Instance(target, tuple(_pair(item) for item in keyword))
    raise BadValue(f"{str(data)[:200]} is no argument value")


def _tensor_out(tensor: Tensor) -> dict[str, Any]:
    """The JSON form; what is ordinary is left out, so that it does not change the ids of ordinary cases."""
    held: dict[str, Any] = {"role": tensor.role, "shape": list(tensor.shape), "dtype": tensor.dtype}
    if tensor.layout != "contiguous":
        held["layout"] = tensor.layout
    if tensor.parts:
        held["parts"] = [[part.axis, part.start, list(part.whole)] for part in tensor.parts]
    return held


def _tensor_in(held: dict[str, Any]) -> Tensor:
    match held:
        case {"role": str(role), "shape": list(shape), "dtype": str(dtype), **rest}:
            layout, parts = rest.pop("layout", "contiguous"), rest.pop("parts", [])
            if not rest and dtype in DTYPES and layout in LAYOUTS and _extents(shape) and isinstance(parts, list):
                return Tensor(role, tuple(shape), dtype, layout, _parts(parts, shape))
    raise BadValue(f"{str(held)[:200]} is no argument value: a tensor has role, shape and dtype")


def _parts(found: list[Any], shape: list[int]) -> tuple[Part, ...]:
    """The cuts, outermost first; each must lie inside of the array that the one before it leaves."""
    parts = []
    for item in found:
        match item:
            case [int(axis), int(start), list(whole)] if _extents(whole) and 0 <= axis < len(whole) and start >= 0:
                parts.append(Part(axis, start, tuple(whole)))
            case _:
                raise BadValue(f"{str(item)[:200]} is no part of an array")
    inner = [*(list(part.whole) for part in parts[1:]), shape]
    for part, left in zip(parts, inner, strict=False):
        same = len(left) == len(part.whole) and all(
            a == b for axis, (a, b) in enumerate(zip(left, part.whole, strict=True)) if axis != part.axis
        )
        if not same or part.start + left[part.axis] > part.whole[part.axis]:
            raise BadValue(f"{left} is no part of {part.whole} from {part.start} on axis {part.axis}")
    return tuple(parts)


def _extents(shape: list[Any]) -> bool:
    return all(type(extent) is int and extent >= 0 for extent in shape)


def _pair(item: Any) -> tuple[str, Value]:
    match item:
        case [str(name), value]:
            return name, decode(value)
    raise BadValue(f"{str(item)[:200]} is no named argument")


def show(value: Value) -> str:
    """A value as a reader would write it in a call."""
    match value:
        case Dtype(name):
            return name
        case Scalar(dtype, number):
            return f"numpy.{dtype}({number})"
        case Tensor(_, shape, dtype, layout):
            lies = "" if layout == "contiguous" else f":{layout}"
            return f"Tensor{shape}:{dtype}{lies}".replace(" ", "")
        case Instance(target, keyword):
            return f"{target}({', '.join(f'{name}={show(item)}' for name, item in keyword)})"
        case tuple() if len(value) == 1:
            return f"({show(value[0])},)"
        case tuple():
            return f"({', '.join(map(show, value))})"
        case list():
            return f"[{', '.join(map(show, value))}]"
    return repr(value)
