"""PyTorch."""

import warnings
from typing import Any

from conformance.adapters.wire import FrameworkAdapter, installed, python_version


class TorchAdapter(FrameworkAdapter):
    """Eager PyTorch on one device, one thread, deterministic algorithms where it has them."""

    name = "torch"

    def __init__(self, device: str) -> None:
        import torch

        warnings.simplefilter("ignore")
        torch.set_num_threads(1)
        torch.use_deterministic_algorithms(True, warn_only=True)
        self.framework = self.torch = torch
        self.device = torch.device(device)
        torch.zeros(1, device=self.device)  # a device that is not there shows itself now, not in the first case

    def describe(self) -> dict[str, Any]:
        """Facts of this installation."""
        cuda = (
            [f"cuda:{index}" for index in range(self.torch.cuda.device_count())]
            if self.torch.cuda.is_available()
            else []
        )
        return {
            "framework": "torch",
            "version": str(self.torch.__version__).partition("+")[0],
            "build": str(self.torch.__version__),
            "python": python_version(),
            "packages": installed(),
            "devices": ["cpu", *cuda],
            "modes": ["eager"],
            "dtypes": self.dtypes(),
            "threads": self.torch.get_num_threads(),
            "capability": self.torch.backends.cpu.get_cpu_capability(),
        }

    def tensor(self, array: Any) -> Any:
        """A tensor of the framework with these data."""
        return self.torch.from_numpy(array).to(self.device)

    def dtype(self, name: str) -> Any:
        """The dtype of this name."""
        return getattr(self.torch, name)

    def add_zeros(self, name: str) -> None:
        """Add two zeros of this dtype."""
        zero = self.torch.zeros(1, dtype=self.dtype(name), device=self.device)
        (zero + zero).cpu()

    def dtype_name(self, value: Any) -> str | None:
        """The name of a torch.dtype."""
        return str(value).partition(".")[2] if isinstance(value, self.torch.dtype) else None

    def seed(self) -> None:
        """Start the random numbers anew."""
        # torch.manual_seed also queues the seeding of every back end that is not there, at twice the cost of a case.
        self.torch.default_generator.manual_seed(0)
        if self.device.type == "cuda":
            self.torch.cuda.manual_seed_all(0)

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
        return module.to(self.device)


Adapter = TorchAdapter
