"""case → request: what a worker is asked, in builtin types only.

The request carries the target, the arguments of construction and call, and parameters by name in the shape in which
they are loaded. It knows frameworks and operators as little as the worker does.
"""

from typing import Any

from numpy.typing import NDArray

from cases.case import Arguments, Case
from cases.steps import encode_step
from cases.values import Tensor, Value, encode
from conformance.outcome import encode_array


def request(case: Case, data: dict[str, NDArray[Any]], mode: str) -> dict[str, Any]:
    """What a worker is asked for one case."""
    return {
        "id": case.id,
        "action": case.action,
        "target": case.api,
        "construct": None if case.construct is None else _arguments(case.construct, data),
        "parameters": {wanted.role: encode_array(data[wanted.role]) for wanted in case.parameters},
        "call": _arguments(case.call, data),
        "mode": mode,
        "seed": int(case.id[:8], 16),
        "repeats": case.repeats,
        "settings": {name: encode(value) for name, value in case.settings},
        "gradients": _gradients(case, data),
        "around": _around(case, data),
    }


def _gradients(case: Case, data: dict[str, NDArray[Any]]) -> dict[str, Any] | None:
    if case.upstream is None:
        return None
    return {"of": list(case.differentiate), "upstream": encode_array(data[case.upstream.role])}


def _around(case: Case, data: dict[str, NDArray[Any]]) -> dict[str, Any] | None:
    if not case.around:
        return None
    return {
        "before": [encode_step(step) for step in case.around.before],
        "after": [encode_step(step) for step in case.around.after],
        "tensors": [_value(tensor, data) for tensor in case.around.tensors],
    }


def _arguments(arguments: Arguments, data: dict[str, NDArray[Any]]) -> dict[str, Any]:
    return {
        "positional": [_value(value, data) for value in arguments.positional],
        "keyword": {name: _value(value, data) for name, value in arguments.keyword},
    }


def _value(value: Value, data: dict[str, NDArray[Any]]) -> Any:
    if isinstance(value, Tensor):
        return {"tensor": encode_array(data[value.role]) | {"role": value.role, "layout": value.layout}}
    if isinstance(value, tuple | list):
        return {type(value).__name__: [_value(item, data) for item in value]}
    return encode(value)
