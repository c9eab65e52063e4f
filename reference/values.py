"""Argument values that no builtin type of Python expresses.

They are names, not framework objects: an adapter turns them into what its framework expects.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Dtype:
    """An element type by its NumPy-like name: `float32`, `bfloat16`, `int64` …"""

    name: str


@dataclass(frozen=True)
class Scalar:
    """A NumPy scalar: neither a builtin number nor an array, and often forgotten by type checks."""

    dtype: str
    value: int | float | bool


@dataclass(frozen=True)
class Made:
    """An object that a framework makes from its own public callable: its dotted name and its keyword arguments."""

    target: str
    keyword: tuple[tuple[str, Any], ...] = ()
