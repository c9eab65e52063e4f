"""What the documents say of a case: a value with its error bound, an error, that it is unsupported, or nothing."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cases.case import Arguments, Case
from cases.catalogue import apis
from cases.data import storage, tensor
from cases.values import BadValue, Instance, Scalar, Tensor, Value
from reference import steps
from reference.documented import NotDocumented, ReferenceApi, Refusal, Result, Rule, UnknownApi, Unsupported, find
from reference.values import Made

OUTPUT = "output"
GRADIENT = "gradient of "


@dataclass(frozen=True)
class ExpectedArray:
    """One documented tensor. `array` is `result.value` rounded to `dtype`, which is what a report shows."""

    result: Result
    dtype: str
    array: NDArray[Any]


@dataclass(frozen=True)
class ExpectedValue:
    """The documented results by name: `output`, and `gradient of <role>` for each gradient that the case asks for.

    `promised` is false where no document says that this is supported: a refusal is then held against nobody, while
    what is returned must be right all the same.
    """

    outputs: Mapping[str, ExpectedArray]
    promised: bool = True

    @property
    def output(self) -> ExpectedArray:
        """The documented result of the call itself."""
        return self.outputs[OUTPUT]


@dataclass(frozen=True)
class ExpectedError:
    """The documents call an argument invalid. `error` is the documented class, empty where they name none.

    `stage` is the earliest moment at which that can be known: `construct`, or `call` where it hangs on what goes in.
    """

    argument: str
    rule: Rule
    error: str
    message: str
    stage: Literal["construct", "call"] = "call"


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
class ExpectedStatements:
    """An inspection or an initialisation: it must succeed, and what it shows is what claims are about."""


Expected = ExpectedValue | ExpectedError | ExpectedUnsupported | Undocumented | ExpectedStatements


@dataclass(frozen=True)
class Prepared:
    """A case with its data and with what is expected of it; made once, however many backends run it."""

    case: Case
    data: dict[str, NDArray[Any]]
    expected: Expected


def prepare(case: Case, device: str = "cpu", *, data: dict[str, NDArray[Any]] | None = None) -> Prepared:
    """Make the data of a case and ask the reference what the documents say of it on this kind of device.

    `data` are numbers that come from elsewhere, by role, in the shapes and types of the case's tensors.
    """
    if data is None:
        data = {wanted.role: tensor(case, wanted) for wanted in case.tensors()}
    return Prepared(case, data, _ask(case, data, device))


def _ask(case: Case, data: dict[str, NDArray[Any]], device: str) -> Expected:
    if case.action == "inspect":
        return ExpectedStatements()
    if case.api not in apis():
        return Undocumented(f"{case.api} is here only to be held against another call", valid=False)
    _fits(case)
    wide = {role: _wide(array) for role, array in data.items()}
    loaded = {wanted.role: wide[wanted.role] for wanted in case.parameters}
    if (reason := find(case.api).unlisted(device)) and case.action == "call":
        return ExpectedUnsupported(reason)
    stage: Literal["construct", "call"] = "call" if case.construct is None else "construct"
    promised = True
    try:
        api, inputs, options = _called(case, wide)
        stage = "call"
        if case.action == "initialise":
            return ExpectedStatements()
        if reason := api.unsupported_on(device):
            return ExpectedUnsupported(reason)
        promised = api.check_dtypes({item.role: item.dtype for item in case.tensors() if item is not case.upstream})
        found = {OUTPUT: api.result(*inputs, parameters=loaded, **options)}
        if case.around:
            found[OUTPUT] = _finished(case, found[OUTPUT], wide)
        if case.upstream is not None:
            upstream = wide[case.upstream.role]
            if upstream.shape != found[OUTPUT].value.shape:
                raise BadValue(f"the upstream of this case has shape {upstream.shape}, which is not the output's")
            inner = steps.adjoint(case.around.after, upstream)
            made = dict(api.gradients(*inputs, parameters=loaded, upstream=inner, **options))
            if case.around:
                made |= steps.gradients_of_added(case.around.after, upstream)
                made["input"] = steps.back(case.around.before, made["input"])
            found |= {GRADIENT + role: made[role] for role in case.differentiate}
    except Refusal as error:
        return ExpectedError(error.argument, error.rule, error.error.__name__ if error.error else "", str(error), stage)
    except NotDocumented as error:
        return Undocumented(str(error), error.valid and promised)  # a type that nobody promised may be refused
    except Unsupported as error:
        return ExpectedUnsupported(str(error))
    types = {item.role: item.dtype for item in case.tensors()}
    return ExpectedValue(
        {name: _stored(result, types.get(name.removeprefix(GRADIENT), case.dtype)) for name, result in found.items()},
        promised,
    )


def _stored(result: Result, dtype: str) -> ExpectedArray:
    with np.errstate(over="ignore", invalid="ignore"):
        return ExpectedArray(result, dtype, result.value.astype(storage(dtype)))


def _called(case: Case, data: dict[str, NDArray[Any]]) -> tuple[ReferenceApi, list[Any], dict[str, Any]]:
    """The reference of a case, and what it is called with; a function takes everything when it is made."""
    inputs, options = _positional(case.call, data), _keyword(case.call, data)
    if case.around.before:
        inputs[0] = _begun(case, inputs)
    target = find(case.api)
    if case.construct is None:
        return target(*inputs, **options), [], {}
    return target(*_positional(case.construct, data), **_keyword(case.construct, data)), inputs, options


def _begun(case: Case, inputs: list[Any]) -> NDArray[Any]:
    """The input after the steps before the call; a case may come from anybody's file."""
    try:
        return steps.applied(case.around.before, inputs[0])
    except (ValueError, IndexError) as error:
        raise BadValue(f"the steps before the call of this case do not fit its input: {error}") from None


def _finished(case: Case, result: Result, wide: dict[str, NDArray[Any]]) -> Result:
    """The result after the steps behind the call."""
    try:
        return steps.after(case.around.after, result, wide)
    except (ValueError, IndexError) as error:
        raise BadValue(f"the steps after the call of this case do not fit its result: {error}") from None


@cache
def _signature(api: str) -> inspect.Signature:
    return inspect.signature(find(api))


def _fits(case: Case) -> None:
    """BadValue unless the API takes arguments of these names: a case may come from anybody's file."""
    made = case.call if case.construct is None else case.construct
    try:
        _signature(case.api).bind(*made.positional, **dict(made.keyword))
    except (UnknownApi, TypeError) as error:
        raise BadValue(f"this is no case of {case.api}: {error}") from None


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
    if isinstance(value, Instance):
        return Made(value.target, tuple((name, _value(item, data)) for name, item in value.keyword))
    if isinstance(value, tuple | list):
        return type(value)(_value(item, data) for item in value)
    return value


def _positional(arguments: Arguments, data: dict[str, NDArray[Any]]) -> list[Any]:
    return [_value(value, data) for value in arguments.positional]


def _keyword(arguments: Arguments, data: dict[str, NDArray[Any]]) -> dict[str, Any]:
    return {name: _value(value, data) for name, value in arguments.keyword}
