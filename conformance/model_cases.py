"""A call that a model made → a case with the model's own numbers, and those numbers for its counterparts.

The arguments that a layer holds become those of the documented constructor, without the ones that say what holds
anyway. A tensor that was too large to be taken along gets generated numbers of its shape, which is said.
"""

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from cases.case import Arguments, Case
from cases.catalogue import apis
from cases.data import tensor
from cases.documentation import REQUIRED
from cases.values import Dtype, Tensor, Value
from conformance.model_collect import Call

Numbers = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Written:
    """A call as a case, with the numbers of its tensors by role; `generated` are the roles whose numbers we made."""

    case: Case
    numbers: Numbers
    generated: tuple[str, ...]


def written(call: Call) -> Written:
    """The case of a call, with its numbers."""
    made = _case(call)
    numbers, generated = Numbers(), []
    for wanted in made.tensors():
        held = call.tensors[wanted.role].numbers
        if held is None:
            generated.append(wanted.role)
        numbers[wanted.role] = tensor(made, wanted) if held is None else held
    return Written(made, numbers, tuple(generated))


def carried(numbers: Numbers, case: Case) -> Numbers:
    """The same numbers in the shapes in which another case holds its tensors, which may have an axis of 1 more."""
    return {wanted.role: numbers[wanted.role].reshape(wanted.shape) for wanted in case.tensors()}


def carries(call: Case, other: Case) -> dict[str, tuple[tuple[int, ...], tuple[int, ...]]]:
    """The shapes of each parameter here and there; of a function, of the tensors behind the input."""
    ours = {item.role: item.shape for item in call.tensors()}
    theirs = {item.role: item.shape for item in other.tensors()}
    first = call.call.tensors()[0].role
    return {role: (shape, theirs[role]) for role, shape in ours.items() if role != first and role in theirs}


def _case(call: Call) -> Case:
    api = apis()[call.api]
    tensors = {role: Tensor(role, item.shape, item.dtype) for role, item in call.tensors.items()}
    if call.construct is None:
        named: dict[str, Value] = {name: _short(_value(item)) for name, item in call.call.items()}
        return Case(call.api, None, _arguments(api, {**tensors, **named}), data="normal")
    held = {name: _short(_value(item)) for name, item in call.construct.items()}
    roles = list(tensors)
    kinds = {tensors[role].dtype for role in roles[1:]}
    if "dtype" in api.names and len(kinds) == 1 and kinds != {"float32"}:
        held["dtype"] = Dtype(kinds.pop())
    asked = tuple((name, _value(item)) for name, item in call.call.items())
    parameters = tuple(tensors[role] for role in roles[1:])
    return Case(
        call.api, _arguments(api, held), Arguments((tensors[roles[0]],), asked), parameters=parameters, data="normal"
    )


def _arguments(api: Any, named: dict[str, Value]) -> Arguments:
    """Required arguments by position, the others by name, those left out that have their default."""
    positional, keyword = [], []
    for parameter in api.signature:
        if parameter.name not in named:
            continue
        value = named[parameter.name]
        if parameter.default is REQUIRED:
            positional.append(value)
        elif value != parameter.default or type(value) is not type(parameter.default):
            keyword.append((parameter.name, value))
    return Arguments(tuple(positional), tuple(keyword))


def _value(item: dict[str, Any]) -> Value:
    if "dtype" in item:
        return Dtype(item["dtype"])
    value = item["value"]
    return tuple(value) if isinstance(value, list) else value


def _short(value: Value) -> Value:
    """One number where a tuple says the same for every axis."""
    if isinstance(value, tuple) and value and all(item == value[0] for item in value):
        return value[0]
    return value
