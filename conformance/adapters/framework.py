"""The flow of one request through a framework.

Every adapter of a framework with modules and tensors goes the same way: find the target, construct it, load the
parameters, call it, differentiate where that is asked for, read everything back to NumPy. `FrameworkAdapter` holds that
way once; a subclass says what a tensor, a dtype, a parameter and a gradient are in its framework. It runs in the
framework's own interpreter: the standard library, NumPy and the framework only.
"""

import contextlib
import inspect
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from conformance.adapters import signatures
from conformance.adapters.around import surrounded
from conformance.adapters.layouts import Ops, plan
from conformance.adapters.wire import DTYPES, CannotRun, array_in, array_out, could_not_run, raised, returned

ORDINARY = (None, "contiguous")


class FrameworkAdapter:
    """Base of the adapters. A subclass imports its framework in `__init__` and sets `self.framework` to the module.

    `modes` are the ways in which it can execute, the ordinary one first.
    """

    name: str
    framework: Any
    modes: tuple[str, ...] = ("eager",)
    # Tensors of the request at hand by role; None where nobody asks for gradients.
    _given: dict[str, Any] | None = None

    # What differs from framework to framework.

    def tensor(self, array: Any) -> Any:
        """A tensor of the framework with these data, on the adapter's device; uint16 holds the bits of bfloat16."""
        raise NotImplementedError

    def dtype(self, name: str) -> Any:
        """The framework's dtype of this name."""
        raise NotImplementedError

    def dtype_name(self, value: Any) -> str | None:
        """The name of a dtype of the framework; None for anything else."""
        raise NotImplementedError

    def numpy(self, tensor: Any) -> Any:
        """The data of a tensor, read back; waits until they are there. Of bfloat16, the bits as uint16."""
        raise NotImplementedError

    def pad(self, tensor: Any, widths: tuple[int, ...]) -> Any:
        """The tensor with zeros around it: (begin, end) of the last axis, then of the one before it, and so on."""
        raise CannotRun(f"this adapter of {self.name} does nothing around a call")

    def ops(self) -> Ops:
        """The framework's view operations."""
        raise CannotRun(f"this adapter of {self.name} makes contiguous tensors only")

    def parameters(self, module: Any) -> dict[str, Any]:
        """The parameters of a constructed module by name."""
        raise NotImplementedError

    def is_lazy(self, parameter: Any) -> bool:
        """Whether a parameter has no shape before the first call."""
        return False

    def put(self, parameter: Any, array: Any) -> None:
        """Replace a parameter's data by others of its shape, and its dtype by theirs."""
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

    def seed(self, number: int) -> None:
        """Start the framework's random numbers anew."""

    def within(self, mode: str, settings: dict[str, Any]) -> contextlib.AbstractContextManager[Any]:
        """Switch to a mode and to settings, and back at the end; CannotRun where there is no such switch."""
        if settings:
            raise CannotRun(f"{self.name} has no switch for {', '.join(sorted(settings))} that holds for one call only")
        return contextlib.nullcontext()

    def callable(self, target: Any, mode: str) -> Callable[..., Any]:
        """The function or module as it is called in this mode."""
        return target  # type: ignore[no-any-return]

    def called(self, mode: str) -> None:
        """Look back at the calls: CannotRun where what came back was not made in this mode."""

    def differentiable(self, tensor: Any) -> None:
        """Tell the framework, before the call, that a gradient of this tensor argument will be asked for."""

    def differentiate(
        self,
        call: Callable[..., Any],
        arguments: tuple[list[Any], dict[str, Any]],
        wanted: tuple[list[Any], list[Any]],
        output: Any,
        upstream: Any,
    ) -> list[Any]:
        """The gradients of sum(upstream * output) with respect to tensor arguments, then parameters, as `wanted`."""
        raise CannotRun(f"this adapter of {self.name} makes no gradients")

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
        """Answer one request (see `conformance.adapters.base`)."""
        try:
            target = self.find(request["target"])
            if request["action"] == "inspect":
                return self.describe_target(target)
            mode, settings = request["mode"], request.get("settings")
            if mode not in self.modes:
                raise CannotRun(f"{self.name} has no mode {mode!r} here, only {', '.join(self.modes)}")
            if not settings and mode == self.modes[0]:
                return self.attempt(target, request)
            with self.within(mode, {name: self.value(item) for name, item in (settings or {}).items()}):
                return self.attempt(target, request)
        except CannotRun as error:
            return could_not_run(str(error))
        finally:
            self._given = None

    def find(self, name: str) -> Any:
        """What the framework has by this dotted name; CannotRun where it has nothing."""
        try:
            return operator.attrgetter(name.partition(".")[2])(self.framework)
        except AttributeError:
            raise CannotRun(f"this {self.name} has no {name}") from None

    def attempt(self, target: Any, request: dict[str, Any]) -> dict[str, Any]:
        """Construct, load, call, differentiate; an error of the framework is an outcome of the stage it came in."""
        gradients, mode = request.get("gradients"), request["mode"]
        stage = "construct"
        try:
            self.seed(request.get("seed", 0))  # what is drawn at random must not hang on which cases came before
            module, held, stored = target, {}, {}
            if request["construct"] is not None:
                arguments = self.positional(request["construct"]), self.keyword(request["construct"])
                module = self.constructed(target(*arguments[0], **arguments[1]))
                held = self.parameters(module)
                stored = self.stored(held)
            if request["action"] == "initialise":
                if request["call"]["positional"]:
                    stage = "call"
                    module(*self.positional(request["call"]), **self.keyword(request["call"]))
                return self.initial(self.parameters(module))
            stage = "load"
            for name, data in request["parameters"].items():
                if name not in held:
                    raise LookupError(f"there is no parameter {name!r}, only {sorted(held)}")
                self.load(held[name], array_in(data))
            stage = "call"
            self._given = {} if gradients else None
            positional, keyword = self.positional(request["call"]), self.keyword(request["call"])
            if around := request.get("around"):
                if mode != self.modes[0]:
                    raise CannotRun(f"steps around a call are done in {self.modes[0]} mode only")
                positional += [self.value(item) for item in around["tensors"]]
            if gradients:
                stage = "gradient"
                wanted = self.wanted(gradients["of"], held)
                stage = "call"
            call = self.callable(module, mode)
            if around:
                call = surrounded(call, around, [item["tensor"]["role"] for item in around["tensors"]], self.pad)
            for _ in range(request.get("repeats", 1)):
                result = call(*positional, **keyword)
            self.called(mode)
            read = self.outputs(result)
            if gradients and next(iter(read.values()))["shape"] == list(gradients["upstream"]["shape"]):
                stage = "gradient"
                upstream = self.tensor(array_in(gradients["upstream"]))
                output = result[0] if isinstance(result, tuple | list) else result
                found = self.differentiate(call, (positional, keyword), wanted[1:], output, upstream)
                for role, gradient in zip(wanted[0], found, strict=True):
                    if gradient is None:
                        raise TypeError(f"the framework gave no gradient of {role}")
                    read[f"gradient of {role}"] = array_out(self.numpy(gradient))
            if len(stored) < len(held):
                stored = self.stored(self.parameters(module))
            return returned(read, stored)
        except CannotRun:
            raise
        except BaseException as error:  # whatever a framework raises is what we came to see, SystemExit included
            return raised(error, stage)

    def wanted(self, roles: list[str], held: dict[str, Any]) -> tuple[list[str], list[Any], list[Any]]:
        """The roles, those of arguments first, with the arguments and the parameters that have them."""
        given = self._given or {}
        if missing := [role for role in roles if role not in given and role not in held]:
            raise CannotRun(f"no tensor of this call has the role {missing[0]!r}")
        arguments = [role for role in roles if role in given]
        parameters = [role for role in roles if role not in given]
        for role in arguments:
            self.differentiable(given[role])
        return [*arguments, *parameters], [given[role] for role in arguments], [held[role] for role in parameters]

    def outputs(self, result: Any) -> dict[str, Any]:
        """What a call returned, read back, by name."""
        if not isinstance(result, tuple | list):
            return {"output": array_out(self.numpy(result))}
        if not result:
            raise TypeError("the call returned no tensor")
        if len(result) == 1:
            return {"output": array_out(self.numpy(result[0]))}
        return {f"output{index}": array_out(self.numpy(item)) for index, item in enumerate(result)}

    def stored(self, held: dict[str, Any]) -> dict[str, Any]:
        """Shape and dtype of each parameter as the framework made it; not of those that have none yet."""
        return {
            name: {"shape": list(item.shape), "dtype": self.dtype_name(item.dtype)}
            for name, item in held.items()
            if not self.is_lazy(item)
        }

    def initial(self, held: dict[str, Any]) -> dict[str, Any]:
        """The parameters as the framework made them."""
        if not held:
            raise CannotRun("it has no parameters")
        if lazy := [name for name, item in held.items() if self.is_lazy(item)]:
            raise CannotRun(f"{lazy[0]} has no shape before the first call")
        return returned({name: array_out(self.numpy(item)) for name, item in held.items()}, self.stored(held))

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
                tensor = self.laid(content)
                if self._given is not None:
                    self._given[content["role"]] = tensor
                return tensor
            case "instance":
                return self.instance(content["target"], content["keyword"])
        raise ValueError(f"unknown value on the wire: {tag!r}")

    def instance(self, target: str, keyword: list[list[Any]]) -> Any:
        """An object that the framework makes from its own public callable."""
        return self.find(target)(**{name: self.value(item) for name, item in keyword})

    def laid(self, content: dict[str, Any]) -> Any:
        """A tensor in the layout that is asked for; CannotRun where the framework does not keep to it."""
        array, layout = array_in(content), content.get("layout")
        if layout in ORDINARY:
            return self.tensor(array)
        ops, wanted = self.ops(), plan(array, str(layout))
        found = wanted.view(ops, self.tensor(wanted.stored))
        if ops.is_contiguous(found) != wanted.is_contiguous():
            raise CannotRun(f"{self.name} copies what should lie {layout} in memory")
        return found

    def describe_target(self, target: Any) -> dict[str, Any]:
        """The signature that the framework itself reports, and the docstring."""
        return signatures.describe(target, self.is_module(target), self.dtype_name)
