"""What the documents say of a case: a value with its error bound, an error, that it is unsupported, or nothing."""

import inspect
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cases.case import Arguments, Case
from cases.data import tensor
from cases.values import BadValue, Scalar, Tensor, Value
from reference.documented import NotDocumented, Refusal, Result, Rule, UnknownApi, Unsupported, find


@dataclass(frozen=True)
class ExpectedValue:
    """The documented result. `array` is `result.value` rounded to `dtype`, which is what a report shows."""

    result: Result
    dtype: str
    array: NDArray[Any]


@dataclass(frozen=True)
class ExpectedError:
    """The documents call an argument invalid. `error` is the documented class, empty where they name none."""

    argument: str
    rule: Rule
    error: str
    message: str


@dataclass(frozen=True)
class ExpectedUnsupported:
    """A document says that this does not work."""

    reason: str


@dataclass(frozen=True)
class Undocumented:
    """No document says what happens; `valid` where the documents at least call the arguments valid."""

    reason: str
    valid: bool


@dataclass(frozen=True)
class ExpectedDescription:
    """An inspection: what the signature says is what claims are about."""


Expected = ExpectedValue | ExpectedError | ExpectedUnsupported | Undocumented | ExpectedDescription


@dataclass(frozen=True)
class Prepared:
    """A case with its data and with what is expected of it; made once, however many backends run it."""

    case: Case
    data: dict[str, NDArray[Any]]
    expected: Expected


def prepare(case: Case) -> Prepared:
    """Make the data of a case and ask the reference."""
    data = {wanted.role: tensor(case, wanted) for wanted in case.tensors()}
    return Prepared(case, data, _ask(case, data))


def _ask(case: Case, data: dict[str, NDArray[Any]]) -> Expected:
    if case.action == "inspect":
        return ExpectedDescription()
    _fits(case)
    assert case.construct is not None
    try:
        api = find(case.api)(*_positional(case.construct, data), **_keyword(case.construct, data))
        loaded = {wanted.role: _wide(data[wanted.role]) for wanted in case.parameters}
        inputs = _positional(case.call, {role: _wide(array) for role, array in data.items()})
        result = api.result(*inputs, parameters=loaded, **_keyword(case.call, data))
    except Refusal as error:
        return ExpectedError(error.argument, error.rule, error.error.__name__ if error.error else "", str(error))
    except NotDocumented as error:
        return Undocumented(str(error), error.valid)
    except Unsupported as error:
        return ExpectedUnsupported(str(error))
    storage = next(array.dtype for role, array in data.items() if role == case.call.tensors()[0].role)
    return ExpectedValue(result, case.dtype, result.value.astype(storage))


def _fits(case: Case) -> None:
    """BadValue unless the API is ours and takes arguments of these names: a case may come from anybody's file."""
    if case.construct is None:
        raise BadValue(f"{case.api} is constructed before it is called, and this case constructs nothing")
    try:
        signature = inspect.signature(find(case.api))
        signature.bind(*case.construct.positional, **dict(case.construct.keyword))
    except (UnknownApi, TypeError) as error:
        raise BadValue(f"this is no case of {case.api}: {error}") from None
    if not case.call.tensors():
        raise BadValue(f"this case calls {case.api} without a tensor")


def _wide(array: NDArray[Any]) -> NDArray[Any]:
    """The same numbers in the type that the law computes exactly in: int64 where they are whole, else float64."""
    if array.dtype.kind in "iub" or array.dtype.kind == "c":
        return array
    wide = array.astype(np.float64)
    # Whole numbers of this size are exact in both; int64 makes the oracle's own sums exact as well.
    if np.all(np.isfinite(wide)) and np.all(wide == np.trunc(wide)) and np.all(np.abs(wide) < 2**31):
        return wide.astype(np.int64)
    return wide


def _value(value: Value, data: dict[str, NDArray[Any]]) -> Any:
    if isinstance(value, Tensor):
        return data[value.role]
    if isinstance(value, Scalar):
        return np.dtype(value.dtype).type(value.value)
    if isinstance(value, tuple | list):
        return type(value)(_value(item, data) for item in value)
    return value


def _positional(arguments: Arguments, data: dict[str, NDArray[Any]]) -> list[Any]:
    return [_value(value, data) for value in arguments.positional]


def _keyword(arguments: Arguments, data: dict[str, NDArray[Any]]) -> dict[str, Any]:
    return {name: _value(value, data) for name, value in arguments.keyword}
