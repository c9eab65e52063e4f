"""PyTorch."""

import contextlib
import os
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from conformance.adapters.framework import FrameworkAdapter
from conformance.adapters.layouts import Ops
from conformance.adapters.torch_compile import Compiler, stay_here, why_not
from conformance.adapters.wire import CannotRun, installed, instructions, python_version


class TorchAdapter(FrameworkAdapter):
    """PyTorch on one device, one thread, deterministic algorithms where it has them: eager, or compiled."""

    name = "torch"

    def __init__(self, device: str) -> None:
        # cuBLAS reads this when it is first used; without it some of its algorithms are refused as nondeterministic.
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
        stay_here()
        import torch

        warnings.simplefilter("ignore")
        torch.set_num_threads(1)
        torch.use_deterministic_algorithms(True, warn_only=True)
        self.framework = self.torch = torch
        self.device = torch.device(device)
        self._on_cpu = self.device.type == "cpu"
        torch.zeros(1, device=self.device)  # a device that is not there shows itself now, not in the first case
        self.uncompiled = why_not(self.device.type)
        self.modes = ("eager",) if self.uncompiled else ("eager", "compiled")
        self._compiler = Compiler(torch)
        self._lazy = torch.nn.parameter.is_lazy

    def describe(self) -> dict[str, Any]:
        """Facts of this installation."""
        torch = self.torch
        cuda = [f"cuda:{index}" for index in range(torch.cuda.device_count())] if torch.cuda.is_available() else []
        return {
            "framework": "torch",
            "version": str(torch.__version__).partition("+")[0],
            "build": str(torch.__version__),
            "python": python_version(),
            "packages": installed(),
            "devices": ["cpu", *cuda],
            "modes": list(self.modes),
            "missing_modes": {"compiled": self.uncompiled} if self.uncompiled else {},
            "dtypes": self.dtypes(),
            "threads": torch.get_num_threads(),
            "capability": self._capability(),
            "instructions": instructions(),
        }

    def _capability(self) -> str:
        if self.device.type != "cuda":
            return str(self.torch.backends.cpu.get_cpu_capability())
        major, minor = self.torch.cuda.get_device_capability(self.device)
        return f"sm_{major}{minor}"

    def tensor(self, array: Any) -> Any:
        """A tensor of the framework with these data."""
        if array.dtype == np.uint16:
            return self.torch.from_numpy(array.view(np.int16)).view(self.torch.bfloat16).to(self.device)
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

    def seed(self, number: int) -> None:
        """Start the random numbers anew."""
        # torch.manual_seed also queues the seeding of every back end that is not there, at twice the cost of a case.
        self.torch.default_generator.manual_seed(number)
        if self.device.type == "cuda":
            self.torch.cuda.manual_seed_all(number)

    def numpy(self, tensor: Any) -> Any:
        """The data of a tensor."""
        here = tensor.detach().cpu()
        if here.dtype == self.torch.bfloat16:
            return here.contiguous().view(self.torch.int16).numpy().view(np.uint16)
        if here.dtype.is_complex:  # a conjugate may be a promise only
            here = here.resolve_conj().resolve_neg()
        return here.numpy()

    def pad(self, tensor: Any, widths: tuple[int, ...]) -> Any:
        """The tensor with zeros around it."""
        return self.torch.nn.functional.pad(tensor, widths)

    def ops(self) -> Ops:
        """Views of tensors."""
        return Ops(
            lambda tensor, order: tensor.permute(order),
            lambda tensor, shape: tensor.expand(shape),
            lambda tensor: bool(tensor.is_contiguous()),
        )

    def parameters(self, module: Any) -> dict[str, Any]:
        """The parameters by name."""
        return dict(module.named_parameters())

    def is_lazy(self, parameter: Any) -> bool:
        """Whether this is an uninitialised parameter of a lazy module."""
        return bool(self._lazy(parameter))

    def load(self, parameter: Any, array: Any) -> None:
        """Put data into a parameter; one that has no shape yet takes that of the data, as in load_state_dict."""
        if self._lazy(parameter):
            parameter.materialize(array.shape)
        super().load(parameter, array)

    def put(self, parameter: Any, array: Any) -> None:
        """Replace the parameter's data."""
        parameter.data = self.tensor(array)

    def constructed(self, module: Any) -> Any:
        """Move the module to the device."""
        return module if self._on_cpu else module.to(self.device)

    def callable(self, target: Any, mode: str) -> Callable[..., Any]:
        """The target itself, or compiled anew."""
        return self._compiler.compile(target) if mode == "compiled" else target

    def called(self, mode: str) -> None:
        """What torch.compile silently left to eager is no result of the compiled mode."""
        if mode == "compiled":
            self._compiler.check()

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
        return list(self.torch.autograd.grad(output, [*wanted[0], *wanted[1]], upstream))

    @contextlib.contextmanager
    def within(self, mode: str, settings: dict[str, Any]) -> Iterator[None]:
        """Switch, and back."""
        if unknown := sorted(set(settings) - {"tf32", "deterministic"}):
            raise CannotRun(f"this adapter of torch has no switch for {', '.join(unknown)}")
        if mode == "compiled":
            self._compiler.ready(self.device)
        with contextlib.ExitStack() as back:
            if "tf32" in settings:
                for switches in (self.torch.backends.cuda.matmul, self.torch.backends.cudnn):
                    back.callback(setattr, switches, "allow_tf32", switches.allow_tf32)
                    switches.allow_tf32 = bool(settings["tf32"])
            if "deterministic" in settings:
                self._deterministic(bool(settings["deterministic"]), back)
            if mode == "compiled":
                back.callback(self._compiler.forget)
            yield

    def _deterministic(self, wanted: bool, back: contextlib.ExitStack) -> None:
        """Insist on deterministic algorithms, so that there is an error where there is none, or ask for nothing."""
        cudnn = self.torch.backends.cudnn
        for name, value in (("deterministic", wanted), ("benchmark", False)):
            back.callback(setattr, cudnn, name, getattr(cudnn, name))
            setattr(cudnn, name, value)
        back.callback(self.torch.use_deterministic_algorithms, True, warn_only=True)
        self.torch.use_deterministic_algorithms(wanted)


Adapter = TorchAdapter
