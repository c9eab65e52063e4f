"""The reference in a framework's clothes, so that a stand-alone script can be run where no framework is installed.

`fake(framework, add)` is a module with the framework's public names, as far as scripts call them: its APIs, tensors
with the view operations of the idioms, gradients, and switches of modes. `add` is what is wrong with its results. What
the real frameworks do with the same scripts is seen in `tests/frameworks`.
"""

import contextlib
import io
import os
import sys
from functools import partial
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from cases.data import storage
from cases.values import DTYPES
from reference.documented import find
from reference.values import Dtype, Made
from tests.cases.planned import API_NAMES

NARROW = {"bfloat16": "float32"}  # what holds the numbers of a type that NumPy has not
ROLES = ("input", "weight", "bias")
LAZY = {"weight": (), "bias": ()}
INITIALIZERS = ("Normal", "Uniform", "Constant")


class FakeTensor:
    """An array, and how it was made where a gradient may be asked for."""

    def __init__(self, array: Any, dtype: Any = None, made: Any = None) -> None:
        self.array, self.made = np.asarray(array), made
        name = dtype.name if dtype is not None else self.array.dtype.name
        if self.array.dtype.name != NARROW.get(name, name) or (name in NARROW and made is None):
            self.array = self.array.astype(storage(name)).astype(NARROW.get(name, name))
        self.dtype = Dtype(name)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.array.shape

    def detach(self) -> "FakeTensor":
        return self

    cpu = detach

    def requires_grad_(self) -> "FakeTensor":
        return self

    def numpy(self) -> Any:
        return self.array

    asnumpy = numpy

    def float(self) -> "FakeTensor":
        return FakeTensor(self.array.astype(np.float32))

    def to(self, dtype: Any) -> "FakeTensor":
        return FakeTensor(self.array, dtype)

    def contiguous(self) -> "FakeTensor":
        return FakeTensor(np.ascontiguousarray(self.array), self.dtype)

    def unsqueeze(self, axis: int) -> "FakeTensor":
        return FakeTensor(np.expand_dims(self.array, axis), self.dtype)

    def transpose(self, first: int, second: int) -> "FakeTensor":
        return FakeTensor(np.swapaxes(self.array, first, second), self.dtype)

    def permute(self, *axes: Any) -> "FakeTensor":
        order = axes[0] if len(axes) == 1 and isinstance(axes[0], tuple | list) else axes
        return FakeTensor(np.transpose(self.array, order), self.dtype)

    def expand(self, *shape: Any) -> "FakeTensor":
        wanted = shape[0] if len(shape) == 1 and isinstance(shape[0], tuple) else shape
        return FakeTensor(np.broadcast_to(self.array, wanted), self.dtype)

    def squeeze(self, axis: int) -> "FakeTensor":
        return FakeTensor(np.squeeze(self.array, axis), self.dtype)

    def reshape(self, *shape: int) -> "FakeTensor":
        return FakeTensor(self.array.reshape(shape), self.dtype)

    def __getitem__(self, key: Any) -> "FakeTensor":
        return FakeTensor(self.array[key], self.dtype)

    def __mul__(self, other: "FakeTensor") -> "FakeTensor":
        return FakeTensor(self.array * other.array, made=(*self.made, other))

    def __add__(self, other: "FakeTensor") -> "FakeTensor":
        return FakeTensor(self.array + other.array, self.dtype)

    def sum(self) -> "FakeTensor":
        return FakeTensor(self.array.sum(), made=self.made)


class Held(FakeTensor):
    """A parameter: a tensor that can be filled with another's numbers, and read once it has a shape."""

    def __init__(self) -> None:
        super().__init__(np.zeros((), np.float32))
        self.is_lazy = True

    def make(self, shape: tuple[int, ...]) -> None:
        if self.is_lazy:
            self.array, self.is_lazy = np.zeros(shape, np.float32), False

    def set_data(self, value: FakeTensor) -> None:
        self.array, self.dtype, self.is_lazy = value.array, value.dtype, False

    def detach(self) -> FakeTensor:
        if self.is_lazy:
            raise ValueError("a parameter has no numbers before the first call")
        return self

    data = property(fset=set_data)


def _plain(value: Any) -> Any:
    """What the reference takes for a value of the framework: wide numbers for a tensor."""
    if not isinstance(value, FakeTensor):
        return value
    array = value.array
    return array.astype(np.float64) if array.dtype.kind == "f" else array


class Call:
    """The reference of one call, and everything that it was given, by role."""

    def __init__(self, api: Any, inputs: list[Any], options: dict[str, Any], tensors: dict[str, FakeTensor]) -> None:
        self.api, self.inputs, self.options, self.tensors = api, inputs, options, tensors

    def result(self, add: float) -> FakeTensor:
        self.api.check_dtypes({role: tensor.dtype.name for role, tensor in self.tensors.items()})
        found = self.api.result(*self.inputs, parameters=self.parameters, **self.options)
        dtype = next(iter(self.tensors.values())).dtype
        with np.errstate(all="ignore"):
            rounded = (found.value + add).astype(storage(dtype.name))
        return FakeTensor(rounded.astype(NARROW.get(dtype.name, dtype.name)), dtype, made=(self,))

    @property
    def parameters(self) -> dict[str, Any]:
        return {name: _plain(value) for name, value in self.tensors.items() if isinstance(value, Held)}

    def slopes(self, wanted: list[FakeTensor], upstream: FakeTensor, add: float) -> list[FakeTensor]:
        found = self.api.gradients(*self.inputs, parameters=self.parameters, upstream=_plain(upstream), **self.options)
        roles = [next(role for role, held in self.tensors.items() if held is item) for item in wanted]
        return [
            FakeTensor((found[role].value + add).astype(item.array.dtype))
            for role, item in zip(roles, wanted, strict=True)
        ]


def _roles(given: tuple[Any, ...]) -> dict[str, FakeTensor]:
    """The tensors of a call by their roles; every API takes them in this order."""
    return dict(zip(ROLES, [item for item in given if isinstance(item, FakeTensor)], strict=False))


def _layer(name: str, add: float) -> Any:
    class Layer:
        def __init__(self, *positional: Any, **keyword: Any) -> None:
            given = [_plain(value) for value in positional]
            self.api = find(name)(*given, **{key: _plain(value) for key, value in keyword.items()})
            is_lazy = name.rpartition(".")[2].startswith("Lazy")
            shapes = LAZY if is_lazy else self.api.parameter_shapes()
            self.held = {key: Held() for key in shapes}
            for key, held in self.held.items():
                setattr(self, key, held)
            if not is_lazy:
                self.make(shapes)

        def make(self, shapes: Any) -> None:
            for key, shape in shapes.items():
                self.held[key].make(tuple(shape))

        def __call__(self, *inputs: Any, **options: Any) -> FakeTensor:
            tensors = _roles((*inputs, *options.values())) | self.held
            if any(held.is_lazy for held in self.held.values()):
                self.make(self.api.parameter_shapes_for(tensors["input"].shape))
            plain = {key: _plain(value) for key, value in options.items()}
            return Call(self.api, [*map(_plain, inputs)], plain, tensors).result(add)

        def to(self, dtype: Any) -> Any:
            for held in self.held.values():
                held.dtype = dtype
            return self

        def named_parameters(self) -> Any:
            return self.held.items()

        def parameters_and_names(self) -> Any:
            return self.held.items()

    return Layer


def _function(name: str, add: float) -> Any:
    def call(*positional: Any, **keyword: Any) -> FakeTensor:
        api = find(name)(*map(_plain, positional), **{key: _plain(value) for key, value in keyword.items()})
        tensors = _roles(positional) | {key: item for key, item in keyword.items() if isinstance(item, FakeTensor)}
        return Call(api, [], {}, tensors).result(add)

    return call


def _made(target: str, **keyword: Any) -> Made:
    return Made(target, tuple(keyword.items()))


def _stack(items: Any, axis: int = -1, dim: int = -1) -> FakeTensor:
    return FakeTensor(np.stack([item.array for item in items], -1), items[0].dtype)


def _pad(item: FakeTensor, ends: tuple[int, ...]) -> FakeTensor:
    """As the frameworks pad: pairs from the last axis on, with zeros."""
    pairs = [(ends[at], ends[at + 1]) for at in range(0, len(ends), 2)]
    widths = [*[(0, 0)] * (item.array.ndim - len(pairs)), *reversed(pairs)]
    return FakeTensor(np.pad(item.array, widths), item.dtype)


def fake(framework: str, add: float = 0) -> ModuleType:
    """A module that a script can import under the framework's name; `did` lists the modes it was switched to."""
    module: Any = ModuleType(framework)
    module.did = []
    for name in (name for name in API_NAMES if name.startswith(f"{framework}.")):
        parent, parts = module, name.split(".")[1:]
        for part in parts[:-1]:
            if not hasattr(parent, part):
                setattr(parent, part, SimpleNamespace())
            parent = getattr(parent, part)
        setattr(parent, parts[-1], (_layer if parts[-1][0].isupper() else _function)(name, add))
    module.from_numpy = module.tensor = module.Tensor = FakeTensor
    for dtype in DTYPES:
        setattr(module, dtype, Dtype(dtype))
    module.stack = _stack
    module.mint = getattr(module, "mint", SimpleNamespace())
    for holder in ("nn", "ops"):
        setattr(module, holder, getattr(module, holder, SimpleNamespace()))
    module.nn.functional = getattr(module.nn, "functional", SimpleNamespace())
    module.nn.functional.pad = module.ops.pad = _pad
    module.mint.stack = module.stack
    module.mint.transpose = lambda item, first, second: item.transpose(first, second)
    module.mint.concat = lambda items, axis: FakeTensor(np.concatenate([i.array for i in items], axis), items[0].dtype)
    module.mint.permute = lambda item, axes: item.permute(axes)

    def differentiate(result: FakeTensor, tensors: list[FakeTensor], upstream: FakeTensor) -> list[FakeTensor]:
        return result.made[0].slopes(tensors, upstream, add)

    module.autograd = SimpleNamespace(grad=differentiate)
    module.compile = lambda target, **options: module.did.append("compiled") or target
    module.set_context = lambda mode: module.did.append(mode)
    module.PYNATIVE_MODE, module.GRAPH_MODE = "pynative", "graph"
    module.grad = lambda function, where, weights: _grad(function, where, weights, add)
    named = {name: partial(_made, f"mindspore.common.initializer.{name}") for name in INITIALIZERS}
    module.common = SimpleNamespace(initializer=SimpleNamespace(**named))
    return module  # type: ignore[no-any-return]


def _grad(function: Any, where: Any, weights: Any, add: float) -> Any:
    """As MindSpore's: one gradient for one position, else a tuple; those of parameters in a tuple of their own."""

    def made(*inputs: FakeTensor) -> Any:
        call, upstream = function(*inputs).made
        chosen = [inputs[at] for at in where] if where else []
        first = call.slopes(chosen, upstream, add)
        of_inputs = tuple(first) if len(first) > 1 else (first[0] if first else None)
        if weights is None:
            return of_inputs
        of_weights = tuple(call.slopes(list(weights), upstream, add))
        return (of_inputs, of_weights) if where else of_weights

    return made


def executed(
    text: str, framework: str, monkeypatch: pytest.MonkeyPatch, add: float = 0, module: ModuleType | None = None
) -> tuple[int, str]:
    """Run a script on a framework that is the reference; its exit code and what it printed."""
    monkeypatch.setitem(sys.modules, framework, module or fake(framework, add))
    monkeypatch.setattr(os, "_exit", sys.exit)  # a script leaves for good, and would take pytest along
    printed, code = io.StringIO(), 0
    with contextlib.redirect_stdout(printed):
        try:
            exec(compile(text, "script", "exec"), {"__name__": "__main__"})
        except SystemExit as left:
            code = int(left.code or 0)
    return code, printed.getvalue()


def allowed(text: str) -> Any:
    """How far each element may lie from what a script expects of the result itself."""
    (line,) = [line for line in text.splitlines() if line.startswith("allowed['output']")]
    return eval(line.partition(" = ")[2], {"np": np})
