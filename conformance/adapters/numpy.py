"""The reference itself as a backend: every documented API of every framework, in NumPy.

It raises what the documents say should be raised. Where no document says what happens it does not run: the reference
takes no side. Its arrays are of the types that travel, except that bfloat16 numbers are held as float32 ones; the
reference is asked in wide types, and what it answers is rounded once.
"""

import inspect
from collections.abc import Mapping
from typing import Any

import numpy

from conformance.adapters.framework import FrameworkAdapter
from conformance.adapters.wire import (
    BFLOAT16,
    CannotRun,
    array_in,
    array_out,
    could_not_run,
    installed,
    instructions,
    narrowed,
    python_version,
    raised,
    returned,
    widened,
)
from reference import steps
from reference.documented import NotDocumented, ReferenceApi, UnknownApi, Unsupported, find
from reference.initializers import Constant, Distribution, Normal, SymmetricUniform, Uniform
from reference.values import Dtype, Made

STEPS: dict[str, Any] = {
    "expand": steps.Expand,
    "squeeze": steps.Squeeze,
    "pad": steps.Pad,
    "crop": steps.Crop,
    "add": steps.Add,
}


class NumpyAdapter(FrameworkAdapter):
    """The reference behind the adapters' interface.

    `types` are the element types of the tensors of the request at hand, by role; `storage` is that of its result.
    """

    name = "numpy"
    types: Mapping[str, str] = {}
    storage: str = "float32"

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
            "modes": list(self.modes),
            "dtypes": self.dtypes(),
            "threads": 1,
            "instructions": instructions(),
        }

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        """Construct the documented API and call it."""
        try:
            target = find(request["target"])
        except UnknownApi as error:
            return could_not_run(str(error))
        if request["action"] == "inspect":
            return self.describe_target(target)
        self.types, self.storage = _types(request)
        is_function = request["construct"] is None
        stage = "call" if is_function else "construct"
        try:
            api = self.construct(target, request)
            documented = isinstance(api, ReferenceApi)
            stored = {} if documented else self.stored_of(api, api.parameter_shapes())
            stage = "call"
            inputs = [] if is_function else self.positional(request["call"])
            options = {} if is_function else self.keyword(request["call"])
            if request["action"] == "initialise":
                return self.initialise(api, inputs, int(request.get("seed", 0)))
            if documented and (reason := api.unsupported_on("cpu")):
                raise Unsupported(reason)
            given = {name: self.tensor(array_in(data)) for name, data in request["parameters"].items()}
            if documented:
                api.check_dtypes(self.types)
            before, after, added = self.around(request)
            inputs = [steps.applied(before, item) if place == 0 else item for place, item in enumerate(inputs)]
            for _ in range(request.get("repeats", 1)):
                output = self.finished(self.compute(api, inputs, given, options), after, added)
            read = {"output": self.out(output, self.storage)}
            gradients = request.get("gradients")
            if gradients and list(output.shape) == list(gradients["upstream"]["shape"]):
                stage = "gradient"
                upstream = self.tensor(array_in(gradients["upstream"]))
                found = self.derive(api, inputs, given, options, steps.adjoint(after, upstream))
                found |= {
                    role: self.rounded(made.value, self.types.get(role, self.storage))
                    for role, made in steps.gradients_of_added(after, wide(upstream)).items()
                }
                if "input" in found:
                    found["input"] = steps.adjoint(before, found["input"])
                for role in gradients["of"]:
                    read[f"gradient of {role}"] = self.out(found[role], self.types.get(role, self.storage))
            if documented:
                went_in = [item for item in (*inputs, *options.values()) if isinstance(item, numpy.ndarray)]
                shapes = api.parameter_shapes_for(went_in[0].shape) if went_in else api.parameter_shapes()
                stored = self.stored_of(api, shapes)
        except NotDocumented as error:
            return could_not_run(f"the reference takes no side: {error}")
        except CannotRun as error:
            return could_not_run(str(error))
        except BaseException as error:  # a refusal is an outcome like any other
            return raised(error, stage)
        return returned(read, stored)

    def around(self, request: dict[str, Any]) -> tuple[list[steps.Step], list[steps.Step], dict[str, Any]]:
        """The steps before and after the call, and the tensors that these add."""
        around = request.get("around") or {"before": [], "after": [], "tensors": []}
        added = {item["tensor"]["role"]: self.value(item) for item in around["tensors"]}
        before, after = ([STEPS[name](*numbers) for name, *numbers in around[part]] for part in ("before", "after"))
        return before, after, added

    def finished(self, output: Any, after: list[steps.Step], added: dict[str, Any]) -> Any:
        """What comes out of the steps after the call, each rounded."""
        for step in after:
            if isinstance(step, steps.Add):
                along = wide(added[step.role]).reshape(-1, *(1,) * (output.ndim - 2))
                output = self.rounded(wide(output) + along, self.storage)
            else:
                output = steps.applied([step], output)
        return output

    # Faulty adapters of the tests start at the following methods.

    def construct(self, target: type[ReferenceApi], request: dict[str, Any]) -> ReferenceApi:
        """The API object of a request; a function gets all of its arguments now, tensors included, in wide types."""
        arguments = request["call"] if request["construct"] is None else request["construct"]
        positional, keyword = self.positional(arguments), self.keyword(arguments)
        if request["construct"] is None and positional:
            before, _, _ = self.around(request)
            positional[0] = steps.applied(before, positional[0])
        return target(*map(wide, positional), **{name: wide(item) for name, item in keyword.items()})

    def compute(self, api: ReferenceApi, inputs: list[Any], parameters: dict[str, Any], options: dict[str, Any]) -> Any:
        """The output, rounded to the type of the first tensor of the call."""
        held = {name: wide(array) for name, array in parameters.items()}
        return self.rounded(api.result(*map(wide, inputs), parameters=held, **options).value, self.storage)

    def derive(
        self,
        api: ReferenceApi,
        inputs: list[Any],
        parameters: dict[str, Any],
        options: dict[str, Any],
        upstream: Any,
    ) -> dict[str, Any]:
        """The gradients by role, each rounded to the type of its tensor."""
        held = {name: wide(array) for name, array in parameters.items()}
        found = api.gradients(*map(wide, inputs), parameters=held, upstream=wide(upstream), **options)
        return {role: self.rounded(result.value, self.types.get(role, self.storage)) for role, result in found.items()}

    def draw(self, law: Distribution, shape: tuple[int, ...], generator: numpy.random.Generator) -> Any:
        """Initial values of a parameter, in float64."""
        match law:
            case Constant(value):
                return numpy.full(shape, value)
            case Uniform(low, high):
                return generator.uniform(low, high, shape)
            case SymmetricUniform():
                return generator.uniform(-1, 1, shape)
            case Normal(mean, sigma, low, high):
                found = generator.normal(mean, sigma, shape)
                while numpy.any(outside := (found < low) | (found > high)):
                    found[outside] = generator.normal(mean, sigma, int(outside.sum()))
                return found

    # What a request is made of, in NumPy.

    def initialise(self, api: ReferenceApi, inputs: list[Any], seed: int) -> dict[str, Any]:
        """The parameters of a fresh API, drawn from their documented laws, each from numbers of its own."""
        shapes = api.parameter_shapes_for(inputs[0].shape) if inputs else api.parameter_shapes()
        read = {}
        for index, (name, shape) in enumerate(shapes.items()):
            found = self.draw(api.initial_law(name), tuple(shape), numpy.random.default_rng([seed, index]))
            read[name] = self.out(self.rounded(found, api.stored), api.stored)
        if not read:
            raise CannotRun("it has no parameters")
        return returned(read, self.stored_of(api, shapes))

    def stored_of(self, api: ReferenceApi, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Any]:
        """Shape and dtype of each parameter, for the wire."""
        dtype = getattr(api, "stored", "float32")
        return {name: {"shape": list(shape), "dtype": dtype} for name, shape in shapes.items()}

    def rounded(self, numbers: Any, dtype: str) -> Any:
        """Numbers rounded to an element type; those of bfloat16 as float32 numbers."""
        if dtype == BFLOAT16:
            return widened(narrowed(numbers))
        with numpy.errstate(over="ignore", invalid="ignore"):
            return numpy.asarray(numbers).astype(dtype)

    def out(self, array: Any, dtype: str) -> dict[str, Any]:
        """An array for the wire; float32 numbers that stand for bfloat16 ones as such."""
        return array_out(narrowed(array) if dtype == BFLOAT16 and array.dtype == numpy.float32 else array)

    def is_module(self, target: Any) -> bool:
        """Every documented API of the reference is a class."""
        return inspect.isclass(target)

    def laid(self, content: dict[str, Any]) -> Any:
        """An array: how it lies in memory is nothing that a document speaks of."""
        return self.tensor(array_in(content))

    def tensor(self, array: Any) -> Any:
        """An array is a tensor."""
        return widened(array) if array.dtype == numpy.uint16 else array

    def instance(self, target: str, keyword: list[list[Any]]) -> Any:
        """What a framework would make, by name."""
        return Made(target, tuple((name, self.value(item)) for name, item in keyword))

    def dtype(self, name: str) -> Any:
        """The reference names dtypes."""
        return Dtype(name)

    def add_zeros(self, name: str) -> None:
        """Add two zeros of this dtype."""
        zero = numpy.zeros(1, "float32" if name == BFLOAT16 else name)
        self.rounded(numpy.add(zero, zero), name)

    def dtype_name(self, value: Any) -> str | None:
        """The name of a dtype."""
        return value.name if isinstance(value, Dtype) else None


def wide(value: Any) -> Any:
    """The same numbers in float64, in which the reference computes; what is no array of floats as it is."""
    if isinstance(value, numpy.ndarray) and value.dtype.kind == "f":
        return value.astype(numpy.float64)
    return value


def _types(request: dict[str, Any]) -> tuple[dict[str, str], str]:
    """The element types of all tensors but the upstream, by role, and that of the first one that goes in."""
    made, called = ([*_tensors(request[part])] for part in ("construct", "call"))
    loaded = [{"role": name, "dtype": data["dtype"]} for name, data in request["parameters"].items()]
    first = [*called, *loaded]
    around = request.get("around")
    added = [item["tensor"] for item in around["tensors"]] if around else []
    types = {item["role"]: item["dtype"] for item in [*made, *called, *loaded, *added]}
    return types, first[0]["dtype"] if first else "float32"


def _tensors(arguments: dict[str, Any] | None) -> list[dict[str, Any]]:
    values = [*arguments["positional"], *arguments["keyword"].values()] if arguments else []
    return [item["tensor"] for item in values if isinstance(item, dict) and "tensor" in item]


Adapter = NumpyAdapter
