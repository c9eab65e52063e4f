"""MindSpore."""

import os
import warnings
from typing import Any

from conformance.adapters.wire import FrameworkAdapter, installed, python_version

DEVICES = {"cpu": "CPU", "gpu": "GPU", "cuda": "GPU", "ascend": "Ascend", "npu": "Ascend"}


class MindSporeAdapter(FrameworkAdapter):
    """MindSpore in PyNative mode. Launching is blocking: dispatching small kernels to threads costs far more."""

    name = "mindspore"

    def __init__(self, device: str) -> None:
        os.environ.setdefault("GLOG_v", "3")
        warnings.simplefilter("ignore")
        import mindspore

        self.framework = self.mindspore = mindspore
        target = DEVICES.get(device.lower(), device)
        mindspore.set_context(mode=mindspore.PYNATIVE_MODE)
        mindspore.set_device(target)  # raises where the device is missing
        mindspore.runtime.launch_blocking()
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
            "modes": ["pynative"],
            "dtypes": self.dtypes(),
            "threads": 1,
        }

    def _count(self, target: str) -> int:
        try:
            return int(self.mindspore.hal.device_count(target))
        except Exception:  # a back end that is not built in is a device that is not there
            return 0

    def tensor(self, array: Any) -> Any:
        """A tensor of the framework with these data."""
        return self.mindspore.Tensor(array)

    def dtype(self, name: str) -> Any:
        """The dtype of this name."""
        return getattr(self.mindspore, name)

    def add_zeros(self, name: str) -> None:
        """Add two zeros of this dtype."""
        zero = self.mindspore.Tensor([0], self.dtype("bool_" if name == "bool" else name))
        (zero + zero).asnumpy()

    def dtype_name(self, value: Any) -> str | None:
        """The name of a mindspore dtype."""
        if not isinstance(value, self.mindspore._c_expression.typing.Type):
            return None
        return str(self.mindspore.dtype_to_nptype(value).__name__)

    def seed(self) -> None:
        """Start the random numbers anew."""
        self.mindspore.set_seed(0)

    def numpy(self, tensor: Any) -> Any:
        """The data of a tensor; waits for them."""
        return tensor.asnumpy()

    def parameters(self, module: Any) -> dict[str, Any]:
        """The parameters by name."""
        return dict(module.parameters_and_names())

    def put(self, parameter: Any, array: Any) -> None:
        """Replace the parameter's data."""
        parameter.set_data(self.tensor(array))


Adapter = MindSporeAdapter
