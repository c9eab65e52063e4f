"""The reference, cut where a fault can be put in.

`Faulty` is for layers with one input: what is fed, weighed, understood and answered can be changed. `Reworked` is for
every API, and for gradients: what goes into the law can be changed, in the call and in the derivation apart.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from conformance.adapters.numpy import NumpyAdapter, wide
from reference.conv_transpose.geometry import Geometry, Operands


class Faulty(NumpyAdapter):
    """Gradients stay right: they are derived from what the layer should have done."""

    def feed(self, x: Any, api: Any) -> Any:
        """The input as the layer reads it, `(N, C_in, *S)` or `(C_in, *S)`."""
        return x

    def weigh(self, weight: Any, api: Any) -> Any:
        """The loaded weight as the layer reads it, `(C_in, C_out / groups, *K)`."""
        return weight

    def understand(self, api: Any) -> Geometry:
        """What the layer takes its arguments to mean."""
        return api.geometry

    def answer(self, output: Any, result: Any, api: Any) -> Any:
        """What the layer makes of its `output`; `result` is what the law says of it."""
        return output

    def compute(self, api: Any, inputs: list[Any], parameters: dict[str, Any], options: dict[str, Any]) -> Any:
        x, options = passed(api, inputs, options)
        x = wide(self.feed(x, api))
        held = {name: wide(self.weigh(array, api) if name == "weight" else array) for name, array in parameters.items()}
        geometry, api.geometry = api.geometry, self.understand(api)
        try:
            result = api.result(x, parameters=held, **options)
            return self.answer(self.rounded(result.value, self.storage), result, api)
        finally:
            api.geometry = geometry


def passed(api: Any, inputs: list[Any], options: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The input of a layer, passed by position or by name, and the other options of the call."""
    if inputs:
        return inputs[0], options
    return options[api.input_name], {name: item for name, item in options.items() if name != api.input_name}


class Reworked(NumpyAdapter):
    """What goes into the law is changed: in the call, in the derivation of gradients, or in both.

    `request` is the request at hand.
    """

    request: dict[str, Any]

    def call_with(self, operands: Operands) -> Operands:
        """What the call works on."""
        return operands

    def derive_with(self, operands: Operands) -> Operands:
        """What the gradients are derived from."""
        return operands

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        self.request = request
        return super().run(request)

    def compute(self, api: Any, inputs: list[Any], parameters: dict[str, Any], options: dict[str, Any]) -> Any:
        with reworked(api, self.call_with):
            return super().compute(api, inputs, parameters, options)

    def derive(
        self, api: Any, inputs: list[Any], parameters: dict[str, Any], options: dict[str, Any], upstream: Any
    ) -> dict[str, Any]:
        with reworked(api, self.derive_with):
            return super().derive(api, inputs, parameters, options, upstream)


@contextmanager
def reworked(api: Any, change: Callable[[Operands], Operands]) -> Iterator[None]:
    """Let a documented API work on other operands than it was given."""
    given = api.operands
    api.operands = lambda *inputs, **options: change(given(*inputs, **options))
    try:
        yield
    finally:
        del api.operands
