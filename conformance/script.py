"""case → a stand-alone script in the framework's own API, which needs the framework and NumPy only.

Every value in the script is written by us from the closed set of argument values; no text of a record becomes code.
The script prints expected and actual, and exits 1 while they differ and 0 when they agree.
"""

import keyword
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cases.case import Arguments, Case
from cases.values import BadValue, Dtype, Scalar, Tensor, Value
from conformance.expected import ExpectedError, ExpectedValue, Prepared, prepare
from reference import rounding

LITERAL = 4096  # elements; larger arrays are not written out
FINISH = (
    "",
    "def finish(agrees):",
    "    sys.stdout.flush()",
    "    os._exit(0 if agrees else 1)  # some frameworks abort while the interpreter shuts down",
    "",
    "",
)


@dataclass(frozen=True)
class Idiom:
    """How one framework spells the steps of a script."""

    imports: str
    tensor: str
    load: str
    read: str


IDIOMS = {
    "torch": Idiom("import torch", "torch.from_numpy({})", "module.{}.data = {}", "result.detach().numpy()"),
    "oneflow": Idiom("import oneflow", "oneflow.tensor({})", "module.{}.data = {}", "result.detach().numpy()"),
    "mindspore": Idiom("import mindspore", "mindspore.Tensor({})", "module.{}.set_data({})", "result.asnumpy()"),
}


def script(case: Case) -> str:
    """The script of a case."""
    framework = case.api.partition(".")[0]
    if not re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", case.api) or framework not in IDIOMS:
        raise BadValue(f"{case.api!r} is no API that a script can call")
    prepared = prepare(case)
    if case.action == "inspect":
        body = ["import inspect", "", f"print(inspect.signature({case.api}))"]
        return "\n".join([f"# The signature of {case.api}.", IDIOMS[framework].imports, *body]) + "\n"
    return "\n".join(_lines(case, prepared, IDIOMS[framework])) + "\n"


def _lines(case: Case, prepared: Prepared, idiom: Idiom) -> list[str]:
    held = {tensor.role: prepared.data[tensor.role] for tensor in case.tensors()}
    lines = [
        f"# Case {case.id}: {case.api}",
        "import os",
        "import sys",
        "",
        "import numpy as np",
        idiom.imports,
        "",
        *FINISH,
    ]
    lines += [f"{_name(role)} = {_array(array)}" for role, array in held.items()]
    assert case.construct is not None
    run = [f"module = {case.api}({_arguments(case.construct, idiom)})"]
    run += [idiom.load.format(_name(item.role), idiom.tensor.format(_name(item.role))) for item in case.parameters]
    run += [f"result = module({_arguments(case.call, idiom)})", f"actual = {idiom.read}"]
    return [*lines, "", *_judged(prepared, run)]


def _judged(prepared: Prepared, run: list[str]) -> list[str]:
    expected = prepared.expected
    if isinstance(expected, ExpectedError):
        name = expected.error or "Exception"
        return [
            f"print('expected: {name}, because of the argument {_name(expected.argument)}')",
            "try:",
            *(f"    {line}" for line in run),
            f"except {name} as error:",
            "    print('actual:', type(error).__name__, str(error)[:500])",
            "    finish(True)",
            "except Exception as error:",
            "    print('actual:', type(error).__name__, str(error)[:500])",
            "    finish(False)",
            "print('actual: a result of shape', actual.shape)",
            "finish(False)",
        ]
    if not isinstance(expected, ExpectedValue):
        return [*run, "print('the documents do not say what the values are; actual:', actual.shape)", "print(actual)"]
    lines = [*run, "print('actual:', actual.dtype, actual.shape)", "print(actual)"]
    lines += [f"shape = {expected.array.shape!r}", "print('expected shape:', shape)"]
    if expected.array.size > LITERAL:
        return [*lines, "finish(actual.shape == shape)"]
    lines += [
        f"expected = {_array(expected.array)}",
        "print(expected)",
        "if actual.shape != shape:",
        "    finish(False)",
    ]
    if prepared.case.data != "normal":
        return [*lines, "finish((actual == expected).all())"]
    return [
        *lines,
        f"bound = {_array(_bound(expected))}",
        "finish((abs(actual.astype(float) - expected) <= bound).all())",
    ]


def _bound(expected: ExpectedValue) -> NDArray[Any]:
    """The error bound, and half a unit more: the script holds the expected result as it is stored."""
    found = expected.result
    bound = rounding.forward_bound(found.value, found.magnitude, found.terms, found.addend, expected.dtype)
    total = np.broadcast_to(bound.total, found.value.shape)
    allowed: NDArray[Any] = total + rounding.unit_roundoff(expected.dtype) * np.abs(found.value)
    return allowed


def _name(role: str) -> str:
    if not role.isidentifier() or keyword.iskeyword(role):
        raise BadValue(f"{role!r} is no name")
    return role


def _arguments(arguments: Arguments, idiom: Idiom) -> str:
    positional = [_value(value, idiom) for value in arguments.positional]
    return ", ".join([*positional, *(f"{_name(name)}={_value(value, idiom)}" for name, value in arguments.keyword)])


def _value(value: Value, idiom: Idiom) -> str:
    match value:
        case Tensor(role):
            return idiom.tensor.format(_name(role))
        case Dtype(name):
            return f"{idiom.imports.removeprefix('import ')}.{_name(name)}"
        case Scalar(dtype, number):
            return f"np.{_name(dtype)}({number!r})"
        case tuple():
            items = ", ".join(_value(item, idiom) for item in value)
            return f"({items},)" if len(value) == 1 else f"({items})"
        case list():
            return f"[{', '.join(_value(item, idiom) for item in value)}]"
        case float() if value != value or value in (float("inf"), float("-inf")):
            return f"float({str(value)!r})"
    return repr(value)


def _array(array: NDArray[Any]) -> str:
    """An array as an expression that gives the same bits."""
    if array.size and np.all(array == array.flat[0]):
        return f"np.full({array.shape!r}, {array.flat[0].item()!r}, np.{array.dtype.name})"
    if array.size <= LITERAL:
        return f"np.array({array.reshape(-1).tolist()!r}, np.{array.dtype.name}).reshape({array.shape!r})"
    raise BadValue(f"an array of {array.size} elements is too large for a script")
