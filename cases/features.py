"""A case → what rules may speak of: its arguments by name, and a few facts about its tensors and how it is run.

A feature is a word (text, bool or None) or a tuple of numbers, one per axis where an argument has several. Arguments
that were left out have their documented default. An operator may add names of its own with `features` in its folder,
such as the extent of a kernel; for the APIs of one operator the names are the same, whatever each API calls them.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from cases.case import Case
from cases.catalogue import apis, operators
from cases.steps import encode_step
from cases.values import Dtype, Instance, Scalar, Tensor, Value

Feature: TypeAlias = "tuple[float, ...] | str | bool | None"


@dataclass(frozen=True)
class Described:
    """What an operator says of one of its cases: arguments by common names, and facts that follow from them."""

    arguments: Mapping[str, Value]
    facts: Mapping[str, Value]


def features(case: Case, mode: str = "") -> dict[str, Feature]:
    """Everything that a rule may speak of, in a fixed order."""
    api = apis().get(case.api)
    found: dict[str, Feature] = {"api": case.api}
    own = getattr(operators()[api.operator], "features", None) if api else None
    if own is not None:
        described = own(case)
    elif api is not None:
        described = Described(api.bound(case).arguments, {})
    else:
        described = Described(dict((case.construct or case.call).keyword), {})
    for name, value in described.arguments.items():
        found[f"type({name})"] = kind(value)
        found.update(_value(name, value))
    for name, value in described.facts.items():
        found.update(_value(name, value))
    found.update(_tensors(case))
    found |= {"dtype": case.dtype, "data": case.data, "repeats": (case.repeats,)}
    if case.action != "call":
        found["action"] = case.action
    for _, value in case.call.keyword:
        if isinstance(value, Tensor):
            found[f"keyword({value.role})"] = True
    for step in (*case.around.before, *case.around.after):
        found[f"step({encode_step(step)[0]})"] = True
    if mode:
        found["execution"] = mode
    return found


def _value(name: str, value: Value) -> Iterator[tuple[str, Feature]]:
    """A value, and the length of a sequence."""
    match value:
        case bool() | str() | None:
            yield name, value
        case float() if not math.isfinite(value):
            yield name, str(value)
        case int() | float():
            yield name, (value,)
        case Dtype(text):
            yield name, text
        case tuple() | list():
            yield f"len({name})", (len(value),)
            numbers = tuple(item for item in value if isinstance(item, int | float) and not isinstance(item, bool))
            if numbers and len(numbers) == len(value):
                yield name, numbers


def kind(value: Value) -> str:
    """The type of a value, as a rule names it."""
    match value:
        case Tensor():
            return "tensor"
        case Scalar(dtype, _):
            return f"numpy.{dtype}"
        case Instance(target, _):
            return target.rpartition(".")[2]
    return type(value).__name__


def _tensors(case: Case) -> Iterator[tuple[str, Feature]]:
    for place, tensor in enumerate((*case.call.tensors(), *case.parameters)):
        shape = case.input_shape if place == 0 and case.call.tensors() else tensor.shape
        yield f"rank({tensor.role})", (len(shape),)
        if tensor.layout != "contiguous":
            yield "layout", tensor.layout
        if tensor.dtype != case.dtype:
            yield f"dtype({tensor.role})", tensor.dtype
    for tensor in (*case.call.tensors(), *case.parameters) if case.differentiate else ():
        yield f"gradient({tensor.role})", tensor.role in case.differentiate
