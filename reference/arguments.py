"""Checks that documented APIs share: is this an int, a tuple of so many ints, one of these words?

Each takes the class that the document names for the error, or None where it names none. What only Python's duck
typing decides (a bool where an int is documented, a NumPy integer, a list for a tuple) is not documented unless the
document excludes it, so that nobody is blamed for either answer.
"""

from typing import Any

import numpy as np

from reference.documented import NotDocumented, refuse
from reference.values import Dtype

Error = type[Exception] | None


def integer(value: Any, argument: str, error: Error = None) -> int:
    """A documented int."""
    if isinstance(value, bool | np.generic):
        raise NotDocumented(f"whether {type(value).__name__} counts as an int for {argument} is not documented")
    if not isinstance(value, int):
        raise refuse(error, argument, "type", f"{argument} must be an int, but got {value!r}")
    return value


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
    lists: bool = False,
) -> tuple[int, ...]:
    """A documented int or tuple of `count` ints; an int is repeated `repeat` times (`count` unless given).

    `lists` says that the document excludes a list; else a list is not documented.
    """
    if isinstance(value, list) and not lists:
        raise NotDocumented(f"whether a list counts as a tuple for {argument} is not documented")
    if isinstance(value, tuple):
        for item in value:
            integer(item, argument)  # documents name a class for the whole, not for what a tuple holds
        if len(value) != count:
            raise refuse(
                length_error, argument, "length", f"{argument} must have {count} elements, but got {len(value)}"
            )
        return value
    if isinstance(value, bool | np.generic | int):
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
