"""Requests written by hand, and a worker that answers them: what the tests of the adapters share.

The layer is the same in all frameworks: four channels in, six out, two groups, a kernel of 3, a stride of 2, whole
numbers small enough that every algorithm gives the same result.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.lanes import plan_of
from conformance.outcome import Outcome, Raised, Returned, encode_array
from conformance.pool import Lane
from reference.conv_transpose import law
from tests.frameworks.conftest import backend

Ask = Callable[..., Any]
LAYERS = {
    "torch": ("torch.nn.ConvTranspose2d", {"stride": 2, "groups": 2}),
    "oneflow": ("oneflow.nn.ConvTranspose2d", {"stride": 2, "groups": 2}),
    "mindspore": ("mindspore.nn.Conv2dTranspose", {"stride": 2, "group": 2, "pad_mode": "valid", "has_bias": True}),
}
ORDINARY = {"torch": "eager", "oneflow": "eager", "mindspore": "pynative"}
GEOMETRY: Any = {"stride": 2, "groups": 2}


def numbers(*shape: int, seed: int = 0, dtype: str = "float32") -> NDArray[Any]:
    """Whole numbers from -4 to 4, none of them zero."""
    generator = np.random.default_rng([seed, *shape])
    return (generator.integers(1, 5, shape) * generator.choice([-1, 1], shape)).astype(dtype)


X, WEIGHT, BIAS = numbers(2, 4, 3, 5), numbers(4, 3, 3, 3), numbers(6)
UPSTREAM = numbers(2, 6, 7, 11)
OUTPUT = law.conv_transpose(X, WEIGHT, BIAS, **GEOMETRY)
GRADIENTS = law.gradients(X, WEIGHT, BIAS, UPSTREAM, **GEOMETRY)


def tensor(role: str, array: NDArray[Any], layout: str = "contiguous") -> dict[str, Any]:
    """A tensor argument."""
    return {"tensor": encode_array(array) | {"role": role, "layout": layout}}


def arguments(*positional: Any, **keyword: Any) -> dict[str, Any]:
    return {"positional": list(positional), "keyword": keyword}


def request(target: str, call: dict[str, Any], mode: str, **more: Any) -> dict[str, Any]:
    """A request; `parameters` and `upstream` as arrays."""
    parameters, upstream = more.pop("parameters", {}), more.pop("upstream", None)
    gradients = None if upstream is None else {"of": more.pop("of"), "upstream": encode_array(upstream)}
    return {
        "id": "0123456789abcdef",
        "action": "call",
        "target": target,
        "construct": None,
        "call": call,
        "parameters": {name: encode_array(array) for name, array in parameters.items()},
        "mode": mode,
        "seed": 0,
        "repeats": 1,
        "settings": {},
        "gradients": gradients,
    } | more


def layer(framework: str, x: Any = None, *, keyword: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A request for the layer, with weight and bias loaded unless `parameters` says otherwise."""
    target, options = LAYERS[framework]
    mode = more.pop("mode", ORDINARY[framework])
    more.setdefault("parameters", {"weight": WEIGHT, "bias": BIAS})
    construct = arguments(4, 6, 3, **options, **(keyword or {}))
    return request(target, arguments(tensor("input", X) if x is None else x), mode, construct=construct, **more)


@contextmanager
def asking(framework: str) -> Iterator[Ask]:
    """A worker of a framework; the function asks it one thing and returns the outcome."""
    with Lane(plan_of(backend(framework)), limit=200) as lane:

        def ask(asked: dict[str, Any]) -> Outcome:
            ((_, outcome),) = lane.run([asked])
            return outcome

        yield ask


def values(outcome: Outcome, name: str = "output") -> NDArray[Any]:
    """An array that came back."""
    assert isinstance(outcome, Returned), outcome
    return outcome.outputs[name]


def error(outcome: Outcome) -> Raised:
    """An error that came back."""
    assert isinstance(outcome, Raised), outcome
    return outcome
