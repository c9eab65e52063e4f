"""What a module of PyTorch is, and the numbers of a tensor, as `torch_model_calls` asks for them."""

import hashlib
import operator
from typing import Any

import numpy as np

CONTAINERS = ("Sequential", "ModuleList", "ModuleDict", "ParameterList", "ParameterDict")


def find(torch: Any, name: str) -> Any:
    """What this PyTorch has by a dotted name, or None."""
    try:
        return operator.attrgetter(name.partition(".")[2])(torch)
    except AttributeError:
        return None


def is_lazy(module: Any) -> bool:
    """Whether a module waits for its first input."""
    return bool(getattr(module, "has_uninitialized_params", lambda: False)())


def is_leaf(module: Any) -> bool:
    """Whether a module is made of no others; a parametrisation is part of it, and an empty container is nothing."""
    inner = [name for name, _ in module.named_children() if name != "parametrizations"]
    return not inner and type(module).__name__ not in CONTAINERS


def class_name(module: Any) -> str:
    """The public name of a module's class; of one that a parametrisation made, that of the class behind it."""
    kind = type(module)
    if kind.__module__ == "torch.nn.utils.parametrize":
        kind = kind.__bases__[0]
    place = kind.__module__
    if place.startswith("torch.nn.modules"):
        place = "torch.nn"
    return f"{place}.{kind.__qualname__}"


def is_torch(module: Any) -> bool:
    """Whether the class of a module is PyTorch's own."""
    return class_name(module).startswith("torch.")


def alike(one: dict[str, Any], two: dict[str, Any]) -> bool:
    """Whether two values mean the same: a number stands for a tuple of it."""
    ours, theirs = one.get("value"), two.get("value")
    parts = [item if isinstance(item, tuple) else (item,) for item in (ours, theirs)]
    if len(parts[0]) != len(parts[1]) and 1 in map(len, parts):
        longest = max(map(len, parts))
        parts = [part * longest if len(part) == 1 else part for part in parts]
    return parts[0] == parts[1]


def numbers(tensor: Any, torch: Any) -> Any:
    """The data of a tensor; of bfloat16, the bits."""
    here = tensor.detach().cpu()
    if here.dtype == torch.bfloat16:
        return here.contiguous().view(torch.int16).numpy().view(np.uint16)
    if here.dtype.is_complex:
        here = here.resolve_conj().resolve_neg()
    return here.numpy()


def digest(tensor: Any, torch: Any) -> str:
    """What tells the numbers of a tensor from others."""
    array = np.ascontiguousarray(numbers(tensor, torch))
    return hashlib.blake2b(array.data if array.size else b"", digest_size=16).hexdigest()
