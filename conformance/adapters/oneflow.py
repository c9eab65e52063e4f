"""OneFlow."""

import warnings
from typing import Any

from conformance.adapters.wire import FrameworkAdapter, installed, python_version


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
            "modes": ["eager"],
            "dtypes": self.dtypes(),
            "threads": 1,
        }

    def tensor(self, array: Any) -> Any:
        """A tensor of the framework with these data."""
        return self.oneflow.tensor(array, device=self.device)

    def dtype(self, name: str) -> Any:
        """The dtype of this name."""
        return getattr(self.oneflow, name)

    def add_zeros(self, name: str) -> None:
        """Add two zeros of this dtype."""
        zero = self.oneflow.zeros(1, dtype=self.dtype(name), device=self.device)
        # Kernels run later: only reading the sum shows whether there is one.
        (zero + zero).cpu().numpy()

    def dtype_name(self, value: Any) -> str | None:
        """The name of a oneflow dtype."""
        return str(value).partition(".")[2] if isinstance(value, self.oneflow.dtype) else None

    def seed(self) -> None:
        """Start the random numbers anew."""
        self.oneflow.manual_seed(0)

    def numpy(self, tensor: Any) -> Any:
        """The data of a tensor."""
        return tensor.detach().cpu().numpy()

    def parameters(self, module: Any) -> dict[str, Any]:
        """The parameters by name."""
        return dict(module.named_parameters())

    def put(self, parameter: Any, array: Any) -> None:
        """Replace the parameter's data."""
        parameter.data = self.tensor(array)

    def constructed(self, module: Any) -> Any:
        """Move the module to the device."""
        return module if self.device.type == "cpu" else module.to(self.device)


Adapter = OneFlowAdapter
