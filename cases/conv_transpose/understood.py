"""A case → what the reference understands of it, without any data: its geometry and the shape of its output.

The generator asks it for the shape of an upstream gradient, the counterparts for what a call comes down to.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from cases.case import Arguments, Case
from cases.values import Instance, Scalar, Tensor, Value
from reference.conv_transpose.geometry import Operands
from reference.conv_transpose.module import ConvTransposeApi
from reference.documented import NotDocumented, Refusal, Unsupported, find
from reference.steps import applied, shaped
from reference.values import Made

ROLES = ("input", "weight", "bias")


def understood(case: Case) -> Operands:
    """What the documents make of a call; Refusal, NotDocumented or Unsupported where they make nothing of it."""
    positional, keyword = _made(case.call)
    if case.around.before:
        positional[0] = applied(case.around.before, positional[0])
    loaded = {tensor.role: _array(tensor) for tensor in case.parameters}
    if case.construct is None:
        api, positional, keyword = find(case.api)(*positional, **keyword), [], {}
    else:
        first, named = _made(case.construct)
        api = find(case.api)(*first, **named)
    assert isinstance(api, ConvTransposeApi)
    types = {tensor.role: tensor.dtype for tensor in case.tensors() if tensor is not case.upstream}
    api.check_dtypes(types)
    return api.operands(*positional, parameters=loaded, **keyword)


def output_shape(found: Operands) -> tuple[int, ...]:
    """The output's shape."""
    lengths = found.geometry.lengths(found.x.shape[2:])
    batch = () if found.unbatched else found.x.shape[:1]
    return (*batch, found.geometry.out_channels, *(a + b for a, b in zip(lengths, found.longer, strict=True)))


def differentiated(case: Case) -> Case | None:
    """The case with the gradients of every tensor that goes in, or None where no document gives its output."""
    try:
        shape = shaped(case.around.after, output_shape(understood(case)))
    except (Refusal, NotDocumented, Unsupported):
        return None
    held = {tensor.role for tensor in (*case.call.tensors(), *case.parameters, *case.around.tensors)}
    roles = tuple(role for role in ROLES if role in held)
    return replace(case, differentiate=roles, upstream=Tensor("upstream", shape, case.dtype))


def _made(arguments: Arguments) -> tuple[list[Any], dict[str, Any]]:
    return [_value(item) for item in arguments.positional], {name: _value(item) for name, item in arguments.keyword}


def _value(value: Value) -> Any:
    match value:
        case Tensor():
            return _array(value)
        case Scalar(dtype, number):
            return np.dtype(dtype).type(number)
        case Instance(target, keyword):
            return Made(target, tuple((name, _value(item)) for name, item in keyword))
        case tuple() | list():
            return type(value)(_value(item) for item in value)
    return value


def _array(tensor: Tensor) -> Any:
    """Zeros that take no memory."""
    return np.broadcast_to(np.int64(0), tensor.shape)
