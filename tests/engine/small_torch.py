"""A PyTorch in miniature, with as much of it as `conformance.adapters.torch_model` looks at, and the adapter on it.

Tensors are NumPy arrays. There are two layers, of which the suite knows one, and two functions. Hooks and the mode that
sees functions work as PyTorch documents them.
"""

import sys
from contextlib import nullcontext, suppress
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from conformance.adapters.torch_model import ModelAdapter
from reference.conv_transpose import law

MODES: list[Any] = []


class Dtype:
    def __init__(self, name: str) -> None:
        self.name = name
        self.is_floating_point, self.is_complex = "float" in name, "complex" in name

    def __str__(self) -> str:
        return f"torch.{self.name}"


DTYPES = {name: Dtype(name) for name in ("float32", "float64", "int64", "bool", "bfloat16")}


class Tensor:
    def __init__(self, array: Any) -> None:
        self.array = np.asarray(array)
        self.shape = self.array.shape
        self.dtype = DTYPES[self.array.dtype.name]

    def detach(self) -> "Tensor":
        return self

    def cpu(self) -> "Tensor":
        return self

    def numpy(self) -> Any:
        return self.array

    def numel(self) -> int:
        return self.array.size

    def element_size(self) -> int:
        return self.array.itemsize

    def to(self, device: Any, dtype: Dtype) -> "Tensor":
        return Tensor(self.array.astype(dtype.name))


class Parameter(Tensor):
    pass


class TorchFunctionMode:
    def __enter__(self) -> None:
        MODES.append(self)

    def __exit__(self, *about: object) -> None:
        MODES.remove(self)


def overridable(function: Any) -> Any:
    """What a mode sees; while it looks it is not in force."""

    def called(*args: Any, **kwargs: Any) -> Any:
        if not MODES:
            return function(*args, **kwargs)
        mode = MODES.pop()
        try:
            return mode.__torch_function__(called, (), args, kwargs)
        finally:
            MODES.append(mode)

    called.__name__ = function.__name__
    return called


@overridable
def conv_transpose1d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):  # noqa: A002
    geometry = {"stride": stride, "output_padding": output_padding, "groups": groups, "dilation": dilation}
    numbers = None if bias is None else bias.array
    padding = padding[0] if isinstance(padding, tuple) else padding
    made = law.conv_transpose(input.array, weight.array, numbers, padding=padding, **geometry)
    return Tensor(made.astype(input.array.dtype))


@overridable
def relu(input):  # noqa: A002
    return Tensor(np.maximum(input.array, 0))


class Module:
    def __init__(self) -> None:
        vars(self).update(_parameters={}, _modules={}, hooks={"before": [], "after": []})

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, Parameter):
            self._parameters[name] = value
        elif isinstance(value, Module):
            self._modules[name] = value
        super().__setattr__(name, value)

    def named_children(self) -> Any:
        return self._modules.items()

    def named_modules(self, prefix: str = "", seen: Any = None) -> Any:
        seen = set() if seen is None else seen
        if self not in seen:
            seen.add(self)
            yield prefix, self
            for name, module in self._modules.items():
                yield from module.named_modules(f"{prefix}.{name}".lstrip("."), seen)

    def modules(self) -> Any:
        return (module for _, module in self.named_modules())

    def register_forward_pre_hook(self, hook: Any, prepend: bool = False) -> Any:
        self.hooks["before"].insert(0 if prepend else len(self.hooks["before"]), hook)
        return SimpleNamespace(remove=lambda: self.hooks["before"].remove(hook))

    def register_forward_hook(self, hook: Any, with_kwargs: bool, always_call: bool) -> Any:
        self.hooks["after"].append(hook)
        return SimpleNamespace(remove=lambda: self.hooks["after"].remove(hook))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        for hook in self.hooks["before"]:
            hook(self, args)
        result = None
        try:
            result = self.forward(*args, **kwargs)
        finally:
            for hook in self.hooks["after"]:
                hook(self, args, kwargs, result)
        return result

    def eval(self) -> "Module":
        return self

    def to(self, *where: Any) -> "Module":
        return self


class Sequential(Module):
    def __init__(self, *modules: Module) -> None:
        super().__init__()
        for number, module in enumerate(modules):
            setattr(self, str(number), module)

    def forward(self, x: Tensor) -> Tensor:
        for module in self._modules.values():
            x = module(x)
        return x


class Conv1d(Module):
    def forward(self, x: Tensor) -> Tensor:
        return relu(x)


class ConvTranspose1d(Module):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, bias=True):
        super().__init__()
        vars(self).update(in_channels=in_channels, out_channels=out_channels, groups=1, padding_mode="zeros")
        lists = {"kernel_size": kernel_size, "stride": stride, "padding": padding, "output_padding": output_padding}
        vars(self).update({name: (value,) for name, value in lists.items()}, dilation=(1,))
        self.weight = Parameter(np.random.standard_normal((in_channels, out_channels, kernel_size)).astype("float32"))
        self.bias = Parameter(np.random.standard_normal(out_channels).astype("float32")) if bias else None
        self._parameters.setdefault("bias", None)

    def forward(self, x: Tensor, output_size: Any = None) -> Tensor:
        more = self.output_padding
        if output_size is not None:
            plain = (x.shape[-1] - 1) * self.stride[0] - 2 * self.padding[0] + self.kernel_size[0]
            more = (output_size[-1] - plain,)
        return conv_transpose1d(x, self.weight, self.bias, self.stride, self.padding, more, self.groups, self.dilation)


for kind in (Sequential, Conv1d, ConvTranspose1d):
    kind.__module__ = "torch.nn.modules.small"


class Generator:
    def manual_seed(self, seed: int) -> Any:
        return np.random.default_rng(seed)


def installed() -> ModuleType:
    """The miniature, as `import torch` finds it from now on in this process."""
    torch, nn, functional = ModuleType("torch"), ModuleType("torch.nn"), ModuleType("torch.nn.functional")
    vars(functional).update(conv_transpose1d=conv_transpose1d, relu=relu)
    parametrize = SimpleNamespace(is_parametrized=lambda module: False)
    vars(nn).update(Module=Module, Sequential=Sequential, Conv1d=Conv1d, ConvTranspose1d=ConvTranspose1d)
    vars(nn).update(Parameter=Parameter, functional=functional, utils=SimpleNamespace(parametrize=parametrize))
    names = {conv_transpose1d: "torch.conv_transpose1d", relu: "torch.relu"}
    overrides = SimpleNamespace(TorchFunctionMode=TorchFunctionMode, resolve_name=names.get)
    cpu = SimpleNamespace(get_cpu_capability=lambda: "SMALL")
    vars(torch).update(DTYPES, dtype=Dtype, Tensor=Tensor, nn=nn, overrides=overrides, __version__="2.13.0+small")
    vars(torch).update(
        backends=SimpleNamespace(cpu=cpu),
        device=lambda name: SimpleNamespace(type=name),
        get_num_threads=lambda: 1,
        set_num_threads=lambda number: None,
        jit=SimpleNamespace(ScriptModule=type("ScriptModule", (), {})),
        manual_seed=np.random.seed,
        no_grad=nullcontext,
        zeros=lambda *shape, device: None,
        Generator=Generator,
        randn=lambda shape, generator, dtype: Tensor(generator.standard_normal(shape)),
        randint=lambda low, high, shape, generator: Tensor(generator.integers(low, high, shape)),
        ones=lambda *shape: Tensor(np.ones(shape, "float32")),
        relu=relu,
    )
    sys.modules.update({"torch": torch, "torch.nn": nn, "torch.nn.functional": functional})
    return torch


class SmallAdapter(ModelAdapter):
    """The adapter as it is, on the miniature."""

    def __init__(self, device: str) -> None:
        with suppress(KeyError):
            del sys.modules["torch"]
        installed()
        super().__init__(device)
