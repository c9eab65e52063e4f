"""The reference itself as a backend: every documented API of every framework, in NumPy.

It raises what the documents say should be raised. Where no document says what happens it does not run: the reference
takes no side.
"""

import inspect
from typing import Any

import numpy

from conformance.adapters.wire import FrameworkAdapter, array_in, array_out, installed, python_version, raised
from reference.documented import NotDocumented, ReferenceApi, UnknownApi, find
from reference.values import Dtype


class NumpyAdapter(FrameworkAdapter):
    """The reference behind the adapters' interface."""

    name = "numpy"

    def __init__(self, device: str) -> None:
        if device != "cpu":
            raise ValueError(f"the reference runs on cpu, not on {device!r}")
        self.framework = numpy

    def describe(self) -> dict[str, Any]:
        """Facts of this installation."""
        return {
            "framework": "numpy",
            "version": numpy.__version__,
            "build": numpy.__version__,
            "python": python_version(),
            "packages": installed(),
            "devices": ["cpu"],
            "modes": ["eager"],
            "dtypes": self.dtypes(),
            "threads": 1,
        }

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        """Construct the documented API and call it."""
        try:
            target = find(request["target"])
        except UnknownApi as error:
            return {"status": "could-not-run", "reason": str(error)}
        if request["action"] == "inspect":
            return self.describe_target(target)
        stage = "construct"
        try:
            api = self.construct(target, request)
            shapes = api.parameter_shapes()
            stage = "call"
            inputs = self.positional(request["call"])
            given = {name: array_in(data) for name, data in request["parameters"].items()}
            output = self.compute(api, inputs, given, self.keyword(request["call"]))
        except NotDocumented as error:
            return {"status": "could-not-run", "reason": f"the reference takes no side: {error}"}
        except BaseException as error:  # a refusal is an outcome like any other
            return raised(error, stage)
        stored = {name: {"shape": list(shape), "dtype": "float32"} for name, shape in shapes.items()}
        return {"status": "returned", "outputs": {"output": array_out(output)}, "parameters": stored}

    def construct(self, target: type[ReferenceApi], request: dict[str, Any]) -> ReferenceApi:
        """The API object of a request. (Faulty adapters of the tests start here.)"""
        arguments = request["construct"]
        return target(*self.positional(arguments), **self.keyword(arguments))

    def compute(self, api: ReferenceApi, inputs: list[Any], parameters: dict[str, Any], options: dict[str, Any]) -> Any:
        """The output, rounded to the dtype of the input."""
        return api.result(*inputs, parameters=parameters, **options).value.astype(inputs[0].dtype)

    def is_module(self, target: Any) -> bool:
        """Every documented API of the reference is a class."""
        return inspect.isclass(target)

    def tensor(self, array: Any) -> Any:
        """An array is a tensor."""
        return array

    def dtype(self, name: str) -> Any:
        """The reference names dtypes."""
        return Dtype(name)

    def add_zeros(self, name: str) -> None:
        """Add two zeros of this dtype."""
        zero = numpy.zeros(1, name)
        numpy.add(zero, zero)

    def dtype_name(self, value: Any) -> str | None:
        """The name of a dtype."""
        return value.name if isinstance(value, Dtype) else None


Adapter = NumpyAdapter
