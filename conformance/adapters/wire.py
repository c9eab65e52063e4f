"""The flow of one request through a framework, and the builtin-types form of values on the wire.

Every adapter of a framework with modules and tensors goes the same way: find the target, construct it, load the
parameters, call it, read the result back to NumPy. `FrameworkAdapter` holds that way once; a subclass says what a
tensor, a dtype and a parameter are in its framework. It runs in the framework's own interpreter: the standard
library, NumPy and the framework only.
"""

import importlib.metadata
import inspect
import operator
import sys
from typing import Any

import numpy as np

DTYPES = (
    *("bool", "uint8", "int8", "int16", "int32", "int64"),
    *("float16", "bfloat16", "float32", "float64", "complex64", "complex128"),
)


class FrameworkAdapter:
    """Base of the adapters. A subclass imports its framework in `__init__` and sets `self.framework` to the module."""

    name: str
    framework: Any

    # What differs from framework to framework.

    def tensor(self, array: Any) -> Any:
        """A tensor of the framework with these data, on the adapter's device."""
        raise NotImplementedError

    def dtype(self, name: str) -> Any:
        """The framework's dtype of this name."""
        raise NotImplementedError

    def dtype_name(self, value: Any) -> str | None:
        """The name of a dtype of the framework; None for anything else."""
        raise NotImplementedError

    def numpy(self, tensor: Any) -> Any:
        """The data of a tensor, read back; waits until they are there."""
        raise NotImplementedError

    def parameters(self, module: Any) -> dict[str, Any]:
        """The parameters of a constructed module by name."""
        raise NotImplementedError

    def put(self, parameter: Any, array: Any) -> None:
        """Replace a parameter's data by others of its shape."""
        raise NotImplementedError

    def load(self, parameter: Any, array: Any) -> None:
        """Put data into a parameter; raise where the shapes differ."""
        if tuple(parameter.shape) != array.shape:
            raise ValueError(f"the parameter has shape {tuple(parameter.shape)}, not {array.shape}")
        self.put(parameter, array)

    def add_zeros(self, name: str) -> None:
        """Add two zeros of this dtype on the device, and wait for the sum; raise where that cannot be done."""
        raise NotImplementedError

    def constructed(self, module: Any) -> Any:
        """Ready a fresh module for being called."""
        return module

    def is_module(self, target: Any) -> bool:
        """Whether the target is constructed before it is called."""
        return inspect.isclass(target)

    def seed(self) -> None:
        """Start the framework's random numbers anew."""

    def dtypes(self) -> list[str]:
        """The dtypes in which the framework can add on the adapter's device: tried, not looked up."""
        found = []
        for name in DTYPES:
            try:
                self.add_zeros(name)
            except Exception:  # a dtype that is not there may fail in any way
                continue
            found.append(name)
        return found

    # The way of a request.

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        """Answer one request with an outcome in builtin types (see `conformance.outcome.decode`)."""
        try:
            target = operator.attrgetter(request["target"].partition(".")[2])(self.framework)
        except AttributeError:
            return {"status": "could-not-run", "reason": f"this {self.name} has no {request['target']}"}
        if request["action"] == "inspect":
            return self.describe_target(target)
        self.seed()  # what a layer draws at random must not hang on which cases came before
        stage = "construct"
        try:
            module, stored = target, {}
            if request["construct"] is not None:
                module = self.constructed(
                    target(*self.positional(request["construct"]), **self.keyword(request["construct"]))
                )
                held = self.parameters(module)
                stored = {
                    name: {"shape": list(item.shape), "dtype": self.dtype_name(item.dtype)}
                    for name, item in held.items()
                }
                stage = "load"
                for name, data in request["parameters"].items():
                    if name not in held:
                        raise LookupError(f"there is no parameter {name!r}, only {sorted(held)}")
                    self.load(held[name], array_in(data))
            stage = "call"
            result = module(*self.positional(request["call"]), **self.keyword(request["call"]))
            outputs = result if isinstance(result, tuple | list) else (result,)
            if not outputs:
                raise TypeError("the call returned no tensor")
            names = ["output"] if len(outputs) == 1 else [f"output{index}" for index in range(len(outputs))]
            read = {name: array_out(self.numpy(item)) for name, item in zip(names, outputs, strict=True)}
            return {"status": "returned", "outputs": read, "parameters": stored}
        except BaseException as error:  # whatever a framework raises is what we came to see, SystemExit included
            return raised(error, stage)

    def positional(self, arguments: dict[str, Any]) -> list[Any]:
        """The positional arguments of a call, as the framework's values."""
        return [self.value(item) for item in arguments["positional"]]

    def keyword(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """The keyword arguments of a call, as the framework's values."""
        return {name: self.value(item) for name, item in arguments["keyword"].items()}

    def value(self, data: Any) -> Any:
        """An argument value from its form on the wire."""
        if not isinstance(data, dict):
            return data
        ((tag, content),) = data.items()
        match tag:
            case "float":
                return float.fromhex(content)
            case "tuple":
                return tuple(self.value(item) for item in content)
            case "list":
                return [self.value(item) for item in content]
            case "dtype":
                return self.dtype(content)
            case "scalar":
                return np.dtype(content["dtype"]).type(content["value"])
            case "tensor":
                return self.tensor(array_in(content))
        raise ValueError(f"unknown value on the wire: {tag!r}")

    def describe_target(self, target: Any) -> dict[str, Any]:
        """The signature that the framework itself reports, and the docstring."""
        signature = inspect.signature(target.__init__ if self.is_module(target) else target)
        parameters = [item for item in signature.parameters.values() if item.name != "self"]
        given = {item.name: self.default(item.default) for item in parameters if item.default is not item.empty}
        names = [item.name for item in parameters]
        return {"status": "described", "names": names, "defaults": given, "docstring": target.__doc__ or ""}

    def default(self, value: Any) -> Any:
        """A default value in the wire's form; what has none is given by its repr under the tag `other`."""
        if value is None or isinstance(value, bool | int | float | str):
            return value
        if isinstance(value, tuple):
            return {"tuple": [self.default(item) for item in value]}
        name = self.dtype_name(value)
        return {"dtype": name} if name else {"other": repr(value)[:200]}


def array_in(data: dict[str, Any]) -> Any:
    """A writable array from the wire. bfloat16 comes as its 16 bits, which `tensor` must reinterpret."""
    dtype = np.dtype(np.uint16 if data["dtype"] == "bfloat16" else data["dtype"]).newbyteorder("<")
    return np.frombuffer(bytearray(data["data"]), dtype=dtype).reshape(data["shape"])


def array_out(array: Any) -> dict[str, Any]:
    """An array for the wire."""
    array = np.asarray(array)
    if array.dtype.kind not in "biufc":
        raise TypeError(f"the call returned elements of type {array.dtype}, which are no numbers")
    return {"dtype": array.dtype.name, "shape": list(array.shape), "data": array.tobytes()}


def raised(error: BaseException, stage: str) -> dict[str, Any]:
    """The outcome of an exception: its classes, most derived first, and its message."""
    classes = [kind.__name__ for kind in type(error).__mro__ if kind not in (object, BaseException)]
    try:
        message = str(error)
    except Exception as worse:
        message = f"(the message of this {classes[0]} cannot be made: {type(worse).__name__})"
    return {"status": "raised", "stage": stage, "classes": classes, "message": message[:20_000]}


def python_version() -> str:
    """The version of the interpreter that runs this."""
    return ".".join(map(str, sys.version_info[:3]))


def installed() -> dict[str, str]:
    """Every distribution of this interpreter with its version."""
    return {str(item.metadata["Name"]): str(item.version) for item in importlib.metadata.distributions()}
