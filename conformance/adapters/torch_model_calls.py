"""Which operators a PyTorch model calls while it runs: layers by hooks, functions by a mode that sees every function.

A layer of a known class whose forward is the class's own calls one known function. The tensors of that call count,
since hooks, weight norm and other parametrisations have done their work by then; its arguments are what the layer
holds. A known function that is called outside of such a layer is a call of its own. Everything else that has a result
is counted by its name, so that nothing is passed over in silence: layers of other classes, and functions outside of
PyTorch's own layers. Standard library, NumPy and PyTorch only; the numbers travel as bytes, as `wire` has them.
"""

import contextlib
import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from conformance.adapters.torch_model_parts import (
    alike,
    class_name,
    digest,
    find,
    is_lazy,
    is_leaf,
    is_torch,
    numbers,
)
from conformance.adapters.wire import array_out

NAMES = 4  # of the layers that are counted under one heading


class Unreadable(Exception):
    """Something of a call that cannot be told to the driver."""


@dataclass
class Frame:
    """A module that is at work: its name, and the known functions that it has called so far."""

    module: Any
    name: str
    quiet: bool = False  # a parametrisation: what it computes shows in the weight
    calls: list[dict[str, Any]] = field(default_factory=list)


class Calls:
    """What a model calls. `found` holds the known calls by their signature, in the order of their first call.

    `layers` and `functions` give the names of the arguments by the name of the API. `most` and `total` are the bytes
    that one tensor, and all of them together, may take; a tensor beyond that is told by its shape alone.
    """

    def __init__(
        self, torch: Any, layers: dict[str, list[str]], functions: dict[str, list[str]], most: int, total: int
    ) -> None:
        self.torch = torch
        self.found: dict[tuple[Any, ...], dict[str, Any]] = {}
        self._layers = {find(torch, name): (name, names) for name, names in layers.items()}
        self._functions = {find(torch, name): (name, names) for name, names in functions.items()}
        self._layers.pop(None, None)
        self._functions.pop(None, None)
        self._most, self._left = most, total
        self._stack: list[Frame] = []
        self._counts: dict[tuple[str, str, str], dict[str, Any]] = {}
        self._called: set[int] = set()
        self._lazy: set[int] = set()

    @contextlib.contextmanager
    def watching(self, model: Any) -> Iterator[None]:
        """See what is called while this holds."""
        calls = self

        class Seen(self.torch.overrides.TorchFunctionMode):  # type: ignore[name-defined,misc]
            def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
                result = func(*args, **(kwargs or {}))
                calls.function(func, args, kwargs or {}, result)
                return result

        handles = list(self._hooked(model))
        try:
            with Seen():
                yield
        finally:
            for handle in handles:
                handle.remove()

    def _hooked(self, model: Any) -> Iterator[Any]:
        quiet, hidden = set[int](), set[int]()
        for module in model.modules():
            if self.torch.nn.utils.parametrize.is_parametrized(module):
                quiet |= {id(item) for item in module.parametrizations.modules()}
            if isinstance(module, self.torch.jit.ScriptModule):
                hidden |= {id(item) for item in module.modules()} - {id(module)}
        for name, module in model.named_modules():
            if id(module) in hidden:
                continue
            if isinstance(module, self.torch.jit.ScriptModule):  # which takes no hooks
                self._count(f"torch.jit.ScriptModule of {module.original_name}", "layer", "scripted", name)
                continue
            if is_lazy(module):
                self._lazy.add(id(module))
            frame = Frame(module, name or "(the model)", id(module) in quiet)
            # First of all hooks before the call and last of those after it: weight norm and lazy layers have their
            # own, and what these compute belongs to the layer.
            yield module.register_forward_pre_hook(self._entering(frame), prepend=True)
            yield module.register_forward_hook(self._leaving, with_kwargs=True, always_call=True)

    def _entering(self, about: Frame) -> Any:
        def enter(module: Any, args: Any) -> None:
            self._stack.append(Frame(about.module, about.name, about.quiet))

        return enter

    def _leaving(self, module: Any, args: Any, kwargs: Any, result: Any) -> None:
        # Where a call failed and the model went on, frames above this one were left without a word.
        while self._stack and self._stack[-1].module is not module:
            self._stack.pop()
        if not self._stack:
            return
        frame = self._stack[-1]
        try:
            self._left_layer(frame, args, kwargs, result)
        finally:
            self._stack.pop()

    # What a module was.

    def _left_layer(self, frame: Frame, args: Any, kwargs: Any, result: Any) -> None:
        module = frame.module
        self._called.add(id(module))
        if frame.quiet:
            return
        known = self._known(module)
        if known is None:
            if is_leaf(module):
                self._count(class_name(module), "layer", self._why(module), frame.name)
            return
        if not self._documented(module, known):
            self._count(class_name(module), "layer", "own-forward", frame.name)
            return
        if result is None and not frame.calls:
            self._count(class_name(module), "layer", "failed", frame.name)
            return
        try:
            if len(frame.calls) != 1:
                raise Unreadable(f"it made {len(frame.calls)} calls of known functions")
            self._keep(self._layer(frame, known, args, kwargs, result))
        except Unreadable as error:
            self._count(class_name(module), "layer", f"unreadable: {error}", frame.name)

    def _known(self, module: Any) -> Any:
        """The known class that this module is of, or derives from."""
        return next((kind for kind in type(module).__mro__ if kind in self._layers), None)

    def _documented(self, module: Any, known: Any) -> bool:
        """Whether what is called is what the known class documents: neither its forward nor its call is another's."""
        kind, base = type(module), self.torch.nn.Module
        patched = {"forward", "__call__"} & set(vars(module))
        return not patched and kind.forward is known.forward and kind.__call__ is base.__call__

    def _why(self, module: Any) -> str:
        if "quantized" in type(module).__module__:
            return "quantised"
        return "unknown" if is_torch(module) else "own-code"

    def _layer(self, frame: Frame, known: Any, args: Any, kwargs: Any, result: Any) -> dict[str, Any]:
        """The call of a layer: what it holds and was called with, and the tensors of the function that it called."""
        module, (api, names), made = frame.module, self._layers[known], frame.calls[0]
        held = {name: self._held(module, name) for name in names if hasattr(module, name)}
        bound = inspect.signature(known.forward).bind(module, *args, **kwargs).arguments
        given = list(bound.items())[2:]  # behind the module and its input
        call = {name: self._plain(value) for name, value in given if value is not None}
        if not call:  # an argument of the call may change any of them
            for name, value in made["arguments"].items():
                if name in held and "tensor" not in value and not alike(held[name], value):
                    raise Unreadable(f"it holds {name} = {held[name]['value']!r}, and called with {value['value']!r}")
        roles = [name for name, value in made["arguments"].items() if "tensor" in value]
        computed = [name for name in roles[1:] if name not in module._parameters]
        notes = [*(["lazy"] if id(module) in self._lazy else []), *(["computed"] if computed else [])]
        notes += ["changed"] if result is not made["result"] else []
        return {
            "name": frame.name,
            "kind": "layer",
            "api": api,
            "class": class_name(module),
            "construct": held,
            "call": call,
            "tensors": {name: made["arguments"][name]["tensor"] for name in roles},
            "result": made["result"],
            "notes": notes,
        }

    def _held(self, module: Any, name: str) -> dict[str, Any]:
        """An argument of the constructor as the module holds it; of a parameter, whether there is one."""
        value = getattr(module, name)
        if isinstance(value, self.torch.Tensor):
            return {"value": True}
        if value is None and (name in module._parameters or hasattr(module, "parametrizations")):
            return {"value": False}
        return self._plain(value)

    # What a function was.

    def function(self, func: Any, args: Any, kwargs: Any, result: Any) -> None:
        """A function of PyTorch was called."""
        frame = self._stack[-1] if self._stack else None
        if frame is not None and frame.quiet:
            return
        name = frame.name if frame else "(the model)"
        known = self._known(frame.module) if frame else None
        inside = known is not None and frame is not None and self._documented(frame.module, known)
        try:
            about = self._functions.get(func)
        except TypeError:  # not hashable
            about = None
        if about is None:
            # What a layer of PyTorch's own calls belongs to that layer.
            if not inside and not (frame and is_leaf(frame.module) and is_torch(frame.module)):
                self._other(func, (args, kwargs), result, name)
            return
        try:
            arguments = self._arguments(about[1], args, kwargs)
        except Unreadable as error:
            self._count(about[0], "function", f"unreadable: {error}", name)
            return
        made: dict[str, Any] = {
            "name": name,
            "kind": "function",
            "api": about[0],
            "class": about[0],
            "arguments": arguments,
        }
        if inside and frame is not None:
            frame.calls.append(made | {"result": result})
            return
        tensors = {item: value["tensor"] for item, value in arguments.items() if "tensor" in value}
        call = {item: value for item, value in arguments.items() if "tensor" not in value}
        del made["arguments"]
        try:
            self._keep(made | {"construct": None, "call": call, "tensors": tensors, "result": result, "notes": []})
        except Unreadable as error:
            self._count(about[0], "function", f"unreadable: {error}", name)

    def _arguments(self, names: list[str], args: Any, kwargs: Any) -> dict[str, Any]:
        """The arguments of a function by their documented names."""
        given = {**dict(zip(names, args, strict=False)), **kwargs}
        if len(args) > len(names) or set(given) - set(names):
            raise Unreadable("it was called with arguments that no document names")
        tensor = self.torch.Tensor
        return {
            name: {"tensor": value} if isinstance(value, tensor) else self._plain(value)
            for name, value in given.items()
            if value is not None
        }

    def _other(self, func: Any, given: Any, result: Any, where: str) -> None:
        """Count a function that makes tensors of tensors; attributes, sizes and constants compute nothing."""
        if getattr(func, "__name__", "") == "__get__" or not self._has_tensor(result) or not self._has_tensor(given):
            return
        name = self.torch.overrides.resolve_name(func) or getattr(func, "__qualname__", repr(func))
        self._count(name, "function", "unknown", where)

    def _has_tensor(self, value: Any) -> bool:
        if isinstance(value, dict):
            value = tuple(value.values())
        if isinstance(value, tuple | list):
            return any(self._has_tensor(item) for item in value)
        return isinstance(value, self.torch.Tensor)

    # What is told of it.

    def _keep(self, call: dict[str, Any]) -> None:
        """Keep a call, or count it once more where the same was called before."""
        result = call.pop("result")
        tensors = call.pop("tensors")
        first = next(iter(tensors), None)
        shapes = tuple((name, tuple(item.shape), str(item.dtype)) for name, item in tensors.items())
        try:
            weights = tuple(digest(item, self.torch) for name, item in tensors.items() if name != first)
            key = (call["name"], call["api"], repr(call["construct"]), repr(call["call"]), shapes, weights)
            if key in self.found:
                self.found[key]["count"] += 1
                return
            call["tensors"] = {name: self._array(item) for name, item in tensors.items()}
            call["output"] = self._array(result)
        except (RuntimeError, TypeError, NotImplementedError) as error:
            raise Unreadable(f"its numbers cannot be read: {str(error).splitlines()[0][:200]}") from None
        self.found[key] = call | {"count": 1}

    def _array(self, tensor: Any) -> dict[str, Any]:
        """The array for the wire, without its data where they would be too many."""
        size = tensor.numel() * tensor.element_size()
        if size > min(self._most, self._left):
            return {"dtype": str(tensor.dtype).partition(".")[2], "shape": list(tensor.shape), "data": None}
        self._left -= size
        return array_out(numbers(tensor, self.torch))

    def _plain(self, value: Any) -> dict[str, Any]:
        """A value of the closed set that may travel, as `{"value": ...}` or `{"dtype": name}`."""
        if isinstance(value, self.torch.dtype):
            return {"dtype": str(value).partition(".")[2]}
        if isinstance(value, tuple | list):
            if all(type(item) is int for item in value):
                return {"value": tuple(int(item) for item in value)}
        elif value is None or type(value) in (bool, int, float, str):
            return {"value": value}
        raise Unreadable(f"an argument is a {type(value).__name__}")

    def _count(self, what: str, kind: str, why: str, name: str) -> None:
        found = self._counts.setdefault((kind, what, why), {"count": 0, "names": []})
        found["count"] += 1
        if name not in found["names"]:
            found["names"].append(name)

    def others(self, model: Any) -> list[dict[str, Any]]:
        """What was called and is not known, and known layers that were not called, with how often and where."""
        for name, module in model.named_modules():
            if self._known(module) is not None and id(module) not in self._called:
                self._count(class_name(module), "layer", "not-called", name)
        return [
            {
                "kind": kind,
                "what": what,
                "why": why,
                "count": item["count"],
                "names": item["names"][:NAMES],
                "places": len(item["names"]),
            }
            for (kind, what, why), item in self._counts.items()
        ]
