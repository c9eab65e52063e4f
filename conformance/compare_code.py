"""A case → a short program in the framework's own words that makes its call and prints the result: an example to read.

Unlike a script of a finding it judges nothing. Its tensors hold 1, 2, 3 … in order, so that both sides of an example
have the same numbers in whatever shape each framework holds them. Every value comes from the closed set of arguments.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cases.case import Case
from cases.values import Tensor
from conformance.code import arguments, counterpart_code, held_in, idiom_of

# How a float32 tensor becomes an array; any other framework by the longer way that its idiom has for every type.
_READS = {"torch": "{}.detach().numpy()", "oneflow": "{}.detach().numpy()", "mindspore": "{}.asnumpy()"}


def example_code(case: Case, other: Case | None = None) -> str:
    """The program of a case; BadValue where its API or a value is nothing that code may hold.

    Beside the call of `other`, whose layer holds its weight too, arguments are written of which that one has other
    defaults.
    """
    beside = other if other is not None and other.parameters and case.parameters else None
    called = counterpart_code(case, name="call", ours=beside)
    return "import numpy as np\n" + called + "\n\n" + "\n".join(_made(case)) + "\n"


def _made(case: Case) -> Iterator[str]:
    """The tensors, the call, and what is printed."""
    idiom = idiom_of(case)
    for tensor in case.parameters:
        yield f"{tensor.role} = {idiom.tensor.format(counted(tensor))}"
        yield idiom.load.format(tensor.role, tensor.role).replace("module.", f"{held_in(case)}.", 1)
    given = arguments(case)
    for name, tensor in given.items():
        yield f"{name} = {idiom.tensor.format(counted(tensor))}"
    yield f"result = call({', '.join(given)})"
    yield "print(tuple(result.shape))"
    yield f"print({_READS.get(case.api.partition('.')[0], idiom.read).format('result')})"


def counted(tensor: Tensor) -> str:
    """1, 2, 3 … in the tensor's shape and type, as an expression; a single row needs no new shape."""
    size = math.prod(tensor.shape)
    numbers = f"np.arange(1, {size + 1}, dtype=np.{tensor.dtype})"
    return numbers if tensor.shape == (size,) else f"{numbers}.reshape{tensor.shape!r}"


def numbers(tensor: Tensor) -> NDArray[Any]:
    """What that expression gives."""
    return np.arange(1, math.prod(tensor.shape) + 1, dtype=tensor.dtype).reshape(tensor.shape)
