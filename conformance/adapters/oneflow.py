"""OneFlow."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from conformance.adapters.framework import FrameworkAdapter
from conformance.adapters.layouts import Ops
from conformance.adapters.wire import capability, installed, instructions, narrowed, python_version, widened


class OneFlowAdapter(FrameworkAdapter):
    """Eager OneFlow on one device. Its kernels run asynchronously: errors may come only as results are read."""

    name = "oneflow"

    def __init__(self, device: str) -> None:
        warnings.simplefilter("ignore")
        import oneflow

        self.framework = self.oneflow = oneflow
        self.device = oneflow.device(device)
        oneflow.zeros(1, device=self.device).numpy()

    def describe(self) -> dict[str, Any]:
        """Facts of this installation."""
        cuda = (
            [f"cuda:{index}" for index in range(self.oneflow.cuda.device_count())]
            if self.oneflow.cuda.is_available()
            else []
        )
        return {
            "framework": "oneflow",
            "version": self.oneflow.__version__.partition("+")[0],
            "build": str(self.oneflow.__version__),
            "python": python_version(),
            "packages": installed(),
            "devices": ["cpu", *cuda],
            "modes": list(self.modes),
            "dtypes": self.dtypes(),
            "threads": 1,
            "capability": capability(),
            "instructions": instructions(),
        }

    def tensor(self, array: Any) -> Any:
        """A tensor of the framework with these data."""
        if array.dtype == np.uint16:
            wide = self.oneflow.tensor(widened(array), device=self.device)
            return wide.to(self.oneflow.bfloat16)
        return self.oneflow.tensor(array, device=self.device)

    def dtype(self, name: str) -> Any:
        """The dtype of this name."""
        return getattr(self.oneflow, name)

    def add_zeros(self, name: str) -> None:
        """Add two zeros of this dtype."""
        zero = self.oneflow.zeros(1, dtype=self.dtype(name), device=self.device)
        # Kernels run later: only reading the sum shows whether there is one.
        self.numpy(zero + zero)

    def dtype_name(self, value: Any) -> str | None:
        """The name of a oneflow dtype."""
        return str(value).partition(".")[2] if isinstance(value, self.oneflow.dtype) else None

    def seed(self, number: int) -> None:
        """Start the random numbers anew."""
        self.oneflow.manual_seed(number)

    def numpy(self, tensor: Any) -> Any:
        """The data of a tensor."""
        here = tensor.detach().cpu()
        if here.dtype == self.oneflow.bfloat16:
            return narrowed(here.to(self.oneflow.float32).numpy())
        return here.numpy()

    def pad(self, tensor: Any, widths: tuple[int, ...]) -> Any:
        """The tensor with zeros around it."""
        return self.oneflow.nn.functional.pad(tensor, widths)

    def ops(self) -> Ops:
        """Views of tensors."""
        return Ops(
            lambda tensor, order: tensor.permute(*order),
            lambda tensor, shape: tensor.expand(*shape),
            lambda tensor: bool(tensor.is_contiguous()),
        )

    def parameters(self, module: Any) -> dict[str, Any]:
        """The parameters by name."""
        return dict(module.named_parameters())

    def put(self, parameter: Any, array: Any) -> None:
        """Replace the parameter's data."""
        parameter.data = self.tensor(array)

    def constructed(self, module: Any) -> Any:
        """Move the module to the device."""
        return module if self.device.type == "cpu" else module.to(self.device)

    def differentiable(self, tensor: Any) -> None:
        """Make the tensor a leaf of the graph."""
        tensor.requires_grad_()

    def differentiate(
        self,
        call: Callable[..., Any],
        arguments: tuple[list[Any], dict[str, Any]],
        wanted: tuple[list[Any], list[Any]],
        output: Any,
        upstream: Any,
    ) -> list[Any]:
        """Backward from the output that the call gave."""
        return list(self.oneflow.autograd.grad(output, [*wanted[0], *wanted[1]], upstream))


Adapter = OneFlowAdapter
