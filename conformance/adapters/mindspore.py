"""MindSpore."""

import contextlib
import os
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from conformance.adapters.framework import FrameworkAdapter
from conformance.adapters.layouts import Ops
from conformance.adapters.wire import BFLOAT16, CannotRun, capability, installed, instructions, python_version, widened

DEVICES = {"cpu": "CPU", "gpu": "GPU", "cuda": "GPU", "ascend": "Ascend", "npu": "Ascend"}
SWITCHES = {"deterministic": "mindspore.set_deterministic can be called only once in a process"}


class MindSporeAdapter(FrameworkAdapter):
    """MindSpore in PyNative or graph mode. Launching is blocking: giving small kernels to threads costs far more."""

    name = "mindspore"
    modes = ("pynative", "graph")

    def __init__(self, device: str) -> None:
        os.environ.setdefault("GLOG_v", "3")
        warnings.simplefilter("ignore")
        import mindspore

        self.framework = self.mindspore = mindspore
        target = DEVICES.get(device.lower(), device)
        mindspore.set_context(mode=mindspore.PYNATIVE_MODE)
        mindspore.set_device(target)  # raises where the device is missing
        mindspore.runtime.launch_blocking()
        mindspore.runtime.dispatch_threads_num(1)
        mindspore.device_context.cpu.op_tuning.threads_num(1)
        self.target = target

    def describe(self) -> dict[str, Any]:
        """Facts of this installation."""
        counts = {name: self._count(name) for name in ("GPU", "Ascend")}
        return {
            "framework": "mindspore",
            "version": self.mindspore.__version__,
            "build": self.mindspore.__version__,
            "python": python_version(),
            "packages": installed(),
            "devices": ["cpu", *(name.lower() for name, count in counts.items() if count)],
            "modes": list(self.modes),
            "dtypes": self.dtypes(),
            "threads": 1,
            "capability": capability(),
            "instructions": instructions(),
        }

    def _count(self, target: str) -> int:
        try:
            return int(self.mindspore.hal.device_count(target))
        except Exception:  # a back end that is not built in is a device that is not there
            return 0

    def tensor(self, array: Any) -> Any:
        """A tensor of the framework with these data."""
        if array.dtype == np.uint16:
            return self.mindspore.Tensor(widened(array), self.mindspore.bfloat16)
        return self.mindspore.Tensor(array)

    def dtype(self, name: str) -> Any:
        """The dtype of this name."""
        return getattr(self.mindspore, "bool_" if name == "bool" else name)

    def add_zeros(self, name: str) -> None:
        """Add two zeros of this dtype."""
        zero = self.mindspore.Tensor([0], self.dtype(name))
        (zero + zero).asnumpy()

    def dtype_name(self, value: Any) -> str | None:
        """The name of a mindspore dtype."""
        if not isinstance(value, self.mindspore._c_expression.typing.Type):
            return None
        return str(np.dtype(self.mindspore.dtype_to_nptype(value)).name)

    def seed(self, number: int) -> None:
        """Start the random numbers anew."""
        self.mindspore.set_seed(number)

    def numpy(self, tensor: Any) -> Any:
        """The data of a tensor; waits for them."""
        array = tensor.asnumpy()
        return array.view(np.uint16) if array.dtype.name == BFLOAT16 else array

    def pad(self, tensor: Any, widths: tuple[int, ...]) -> Any:
        """The tensor with zeros around it."""
        return self.mindspore.ops.pad(tensor, widths)

    def ops(self) -> Ops:
        """Views of tensors."""
        return Ops(
            lambda tensor, order: tensor.permute(*order),
            lambda tensor, shape: tensor.broadcast_to(shape),
            lambda tensor: bool(tensor.is_contiguous()),
        )

    def parameters(self, module: Any) -> dict[str, Any]:
        """The parameters by name; a primitive holds none."""
        return dict(module.parameters_and_names()) if isinstance(module, self.mindspore.nn.Cell) else {}

    def put(self, parameter: Any, array: Any) -> None:
        """Replace the parameter's data. Without `set_dtype` they would be cast to the dtype that was there."""
        tensor = self.tensor(array)
        if tensor.dtype != parameter.dtype:
            parameter.set_dtype(tensor.dtype)
        parameter.set_data(tensor)

    @contextlib.contextmanager
    def within(self, mode: str, settings: dict[str, Any]) -> Iterator[None]:
        """Switch to graph mode, and back to PyNative."""
        for name in sorted(settings):
            raise CannotRun(f"mindspore cannot switch {name} for one call: {SWITCHES.get(name, 'there is no switch')}")
        self.mindspore.set_context(mode=self.mindspore.GRAPH_MODE)
        try:
            yield
        finally:
            self.mindspore.set_context(mode=self.mindspore.PYNATIVE_MODE)

    def callable(self, target: Any, mode: str) -> Callable[..., Any]:
        """The target itself; in graph mode inside a cell, for only cells are compiled."""
        if mode != "graph":
            return target  # type: ignore[no-any-return]
        from conformance.adapters.mindspore_cell import Compiled

        return Compiled(target)

    def differentiate(
        self,
        call: Callable[..., Any],
        arguments: tuple[list[Any], dict[str, Any]],
        wanted: tuple[list[Any], list[Any]],
        output: Any,
        upstream: Any,
    ) -> list[Any]:
        """Differentiate the call as a function of its tensors; the framework calls it anew for that."""
        from conformance.adapters.mindspore_cell import gradients

        return gradients(call, arguments, wanted, upstream)


Adapter = MindSporeAdapter
