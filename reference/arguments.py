"""Checks that documented APIs share: is this an int, a tuple of so many ints, one of these words?

Each takes the class that the document names for the error, or None where it names none. What only Python's duck
typing decides (a bool where an int is documented, a NumPy integer, a tensor of one integer, a list for a tuple) is not
documented unless the document excludes it, so that nobody is blamed for either answer. Nor does any document say that
an int may be of any size, as Python's are.
"""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from reference.documented import NotDocumented, refuse
from reference.values import Dtype

Error = type[Exception] | None
Lists = Literal["open", "excluded", "allowed"]


LARGEST = 2**31 - 1


def integer(value: Any, argument: str, error: Error = None) -> int:
    """A documented int."""
    if _like_an_int(value):
        raise NotDocumented(f"whether {type(value).__name__} counts as an int for {argument} is not documented")
    if isinstance(value, int) and abs(value) > LARGEST:
        raise NotDocumented(f"whether {argument} may be as large as {value} is not documented")
    if not isinstance(value, int):
        raise refuse(error, argument, "type", f"{argument} must be an int, but got {value!r}")
    return value


def _like_an_int(value: Any) -> bool:
    """What Python takes for an int where one is asked for."""
    return isinstance(value, bool | np.generic) or (
        isinstance(value, np.ndarray) and value.size == 1 and value.dtype.kind in "iub"
    )


def boolean(value: Any, argument: str) -> bool:
    """A documented bool. Python takes any value for true or false, and no document here excludes one."""
    if not isinstance(value, bool):
        raise NotDocumented(f"whether {type(value).__name__} counts as a bool for {argument} is not documented")
    return value


def integers(
    value: Any,
    count: int,
    argument: str,
    *,
    type_error: Error = None,
    length_error: Error = None,
    repeat: int | None = None,
    lists: Lists = "open",
    lengths: bool = True,
) -> tuple[int, ...]:
    """A documented int or tuple of `count` ints; an int is repeated `repeat` times (`count` unless given).

    `lists` says whether the document names a list beside the tuple, excludes it, or leaves it open. `lengths` is False
    where the document does not say how many ints a tuple has.
    """
    if isinstance(value, list) and lists == "open":
        raise NotDocumented(f"whether a list counts as a tuple for {argument} is not documented")
    if isinstance(value, list) and lists == "allowed":
        value = tuple(value)
    if isinstance(value, tuple):
        for item in value:
            integer(item, argument)  # documents name a class for the whole, not for what a tuple holds
        if len(value) != count and not lengths:
            raise NotDocumented(f"how many elements a tuple has for {argument} is not documented")
        if len(value) != count:
            raise refuse(
                length_error, argument, "length", f"{argument} must have {count} elements, but got {len(value)}"
            )
        return value
    if isinstance(value, int) or _like_an_int(value):
        return (integer(value, argument),) * (count if repeat is None else repeat)
    raise refuse(type_error, argument, "type", f"{argument} must be an int or a tuple of ints, but got {value!r}")


def word(value: Any, choices: tuple[str, ...], argument: str, error: Error = None) -> str:
    """A documented choice among strings. For a value that is no string, no class is documented."""
    if not isinstance(value, str):
        raise refuse(None, argument, "type", f"{argument} must be a str, but got {value!r}")
    if value not in choices:
        raise refuse(error, argument, "choice", f"{argument} must be one of {choices}, but got {value!r}")
    return value


def dtype(value: Any, argument: str, error: Error = None) -> str:
    """A documented dtype, by its name."""
    if not isinstance(value, Dtype):
        raise refuse(error, argument, "type", f"{argument} must be a dtype, but got {value!r}")
    return value.name


def stored_dtype(value: Any, argument: str, known: tuple[str, ...], error: Error = None) -> str:
    """A documented element type of parameters. Which of all dtypes these are no document lists: only `known` count."""
    name = dtype(value, argument, error)
    if name not in known:
        raise NotDocumented(f"whether parameters may have the dtype {name} is not documented")
    return name


def tensor(value: Any, argument: str, error: Error = None) -> NDArray[Any]:
    """A documented tensor."""
    if not isinstance(value, np.ndarray):
        raise refuse(error, argument, "type", f"{argument} must be a tensor, but got {value!r}")
    return value


def at_least(values: tuple[int, ...] | int, bound: int, argument: str, error: Error = None) -> None:
    """A documented lower bound on an int or on each of several."""
    for value in values if isinstance(values, tuple) else (values,):
        if value < bound:
            raise refuse(error, argument, "range", f"{argument} must be at least {bound}, but got {value}")


def divisible(value: int, argument: str, divisor: int, divisor_name: str, error: Error = None) -> None:
    """A documented divisibility."""
    if divisor < 1 or value % divisor:
        raise refuse(
            error, divisor_name, "divisible", f"{argument}={value} must be divisible by {divisor_name}={divisor}"
        )
