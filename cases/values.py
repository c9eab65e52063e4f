"""The closed set of argument values that a case may hold, and their one JSON form.

In memory: int, float, bool, str, None, tuple, list, `Dtype`, `Scalar` (a NumPy scalar) and `Tensor`.
In JSON: numbers, strings, booleans and null stand for themselves; everything else is an object with one key that
says what it is. Nothing is pickled and nothing is evaluated.
"""

import math
from dataclasses import dataclass
from typing import Any, TypeAlias

from reference.values import Dtype, Scalar

__all__ = ["BadValue", "Dtype", "Scalar", "Tensor", "Value", "decode", "encode", "show"]


@dataclass(frozen=True)
class Tensor:
    """A tensor argument: what part it plays, its shape and its dtype. Its data come from the case."""

    role: str
    shape: tuple[int, ...]
    dtype: str


Value: TypeAlias = "int | float | bool | str | tuple[Value, ...] | list[Value] | Dtype | Scalar | Tensor | None"


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
        case Tensor(role, shape, dtype):
            return {"tensor": {"role": role, "shape": list(shape), "dtype": dtype}}
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
        case {"tensor": {"role": str(role), "shape": list(shape), "dtype": str(dtype)}, **rest} if not rest:
            if dtype in DTYPES and all(type(extent) is int and extent >= 0 for extent in shape):
                return Tensor(role, tuple(shape), dtype)
    raise BadValue(f"{str(data)[:200]} is no argument value")


def show(value: Value) -> str:
    """A value as a reader would write it in a call."""
    match value:
        case Dtype(name):
            return name
        case Scalar(dtype, number):
            return f"numpy.{dtype}({number})"
        case Tensor(_, shape, dtype):
            return f"Tensor{shape}:{dtype}".replace(" ", "")
        case tuple() if len(value) == 1:
            return f"({show(value[0])},)"
        case tuple():
            return f"({', '.join(map(show, value))})"
        case list():
            return f"[{', '.join(map(show, value))}]"
    return repr(value)
