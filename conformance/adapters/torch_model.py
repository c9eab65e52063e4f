"""A PyTorch model of the user's, run once inside the backend's own interpreter: what it calls, and with what.

In goes where the model is (a file and a factory in it), the shapes of its inputs, and which layers and functions are
known, by name, with the names of their arguments; out come the known calls as `torch_model_calls` sees them, and what
else was called. The user's code is arbitrary: whatever it raises, SystemExit included, is an answer; that it dies or
hangs is the driver's to notice. This is an adapter as `base` has it, except that its answers are not outcomes:

    {"status": "collected", "model": class, "calls": [...], "others": [...], "output": [shape, ...]}
    {"status": "failed", "stage": "file", "factory", "module" or "call", "message": "...", "traceback": [...]}
"""

import contextlib
import importlib.util
import operator
import os
import random
import sys
import traceback
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from conformance.adapters.torch_model_calls import Calls
from conformance.adapters.wire import installed, python_version

LINES = 12  # of a traceback
INTEGERS = 10  # whole numbers of an input are below this
_OWN = (f"{Path(__file__).parent.parent}{os.sep}", "<frozen ")  # files whose frames say nothing to the user
_PASSING = f"torch{os.sep}nn{os.sep}modules{os.sep}module.py"  # between the call of a module and its forward


class Failed(Exception):
    """The model cannot be had or cannot be called; `stage` says how far it came."""

    def __init__(self, stage: str, message: str, error: BaseException | None = None) -> None:
        super().__init__(message)
        self.stage, self.message, self.error = stage, message, error


class ModelAdapter:
    """PyTorch on one device, asked for the calls of a model."""

    def __init__(self, device: str) -> None:
        import torch

        warnings.simplefilter("ignore")
        torch.set_num_threads(1)
        self.torch = torch
        self.device = torch.device(device)
        torch.zeros(1, device=self.device)

    def describe(self) -> dict[str, Any]:
        """Facts of this installation, as the ordinary adapter gives them."""
        capability = str(self.torch.backends.cpu.get_cpu_capability()) if self.device.type == "cpu" else ""
        return {
            "framework": "torch",
            "version": str(self.torch.__version__).partition("+")[0],
            "python": python_version(),
            "packages": installed(),
            "devices": [str(self.device)],
            "modes": ["eager"],
            "dtypes": [],
            "threads": self.torch.get_num_threads(),
            "capability": capability,
        }

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        """Make the model, call it once, and say what it called."""
        try:
            model = self._made(request)
            calls = Calls(self.torch, request["layers"], request["functions"], request["most"], request["total"])
            output = self._called(model, request, calls)
            return {
                "status": "collected",
                "model": type(model).__qualname__,
                "calls": list(calls.found.values()),
                "others": calls.others(model),
                "output": [list(item.shape) for item in _tensors(output, self.torch)],
            }
        except Failed as failed:
            lines = [] if failed.error is None else _last_lines(failed.error)
            return {"status": "failed", "stage": failed.stage, "message": failed.message, "traceback": lines}

    def _made(self, request: dict[str, Any]) -> Any:
        """The module that the factory returns, ready to be called."""
        path, name = Path(request["file"]), request["factory"]
        os.chdir(request["folder"])  # where the command was given, so that relative paths mean what the user thinks
        sys.path.insert(0, str(path.parent))
        self._seed(request["seed"])
        try:
            module = _imported(path)
        except BaseException as error:
            raise Failed("file", f"{path.name} cannot be imported: {_said(error)}", error) from None
        try:
            factory = operator.attrgetter(name)(module)
        except AttributeError:
            public = [item for item, held in vars(module).items() if callable(held) and _is_own(held, module)]
            there = f"; it has {', '.join(sorted(public)[:12])}" if public else ""
            raise Failed("factory", f"{path.name} has no {name!r}{there}") from None
        kind = self.torch.nn.Module
        if isinstance(factory, kind):
            raise Failed("factory", f"{name} is a module itself, and a function that makes one is needed")
        if not callable(factory):
            raise Failed("factory", f"{name} is a {type(factory).__name__}, which cannot be called")
        try:
            made = factory()
        except BaseException as error:
            raise Failed("factory", f"{name}() fails: {_said(error)}", error) from None
        if not isinstance(made, kind):
            raise Failed("module", f"{name}() returned a {type(made).__name__}, and a torch.nn.Module is needed")
        dtypes = [item["dtype"] for item in request["inputs"]]
        wanted = next((item for item in dtypes if item in ("float16", "bfloat16", "float64")), None)
        try:
            made.eval()
            return made.to(self.device) if wanted is None else made.to(self.device, getattr(self.torch, wanted))
        except BaseException as error:
            raise Failed("module", f"what {name}() returned cannot be made ready: {_said(error)}", error) from None

    def _called(self, model: Any, request: dict[str, Any], calls: Calls) -> Any:
        torch = self.torch
        inputs = [self._input(item, request["seed"] + number) for number, item in enumerate(request["inputs"])]
        shapes = ", ".join(str(tuple(item["shape"])) for item in request["inputs"])
        with contextlib.ExitStack() as stack:
            with contextlib.suppress(Exception):  # what is compiled is not seen: let compiled models run as written
                stance = torch.compiler.set_stance("force_eager")
                stack.enter_context(stance)
            stack.enter_context(torch.no_grad())
            stack.enter_context(calls.watching(model))
            try:
                return model(*inputs)
            except BaseException as error:
                said = f"the model cannot be called with inputs of shape {shapes}: {_said(error)}"
                raise Failed("call", said, error) from None

    def _input(self, wanted: dict[str, Any], seed: int) -> Any:
        torch, shape = self.torch, tuple(wanted["shape"])
        dtype = getattr(torch, wanted["dtype"])
        generator = torch.Generator().manual_seed(seed)
        if dtype.is_floating_point or dtype.is_complex:
            made = torch.randn(shape, generator=generator, dtype=torch.float64)
        else:
            made = torch.randint(0, 2 if dtype == torch.bool else INTEGERS, shape, generator=generator)
        return made.to(self.device, dtype)

    def _seed(self, number: int) -> None:
        """What a factory draws at random is the same in every run."""
        random.seed(number)
        np.random.seed(number)
        self.torch.manual_seed(number)


def _imported(path: Path) -> Any:
    """The user's file as a module of its own name, unless something has that name already."""
    name = path.stem if path.stem not in sys.modules else f"model_{path.stem}"
    specification = importlib.util.spec_from_file_location(name, path)
    if specification is None or specification.loader is None:
        raise ImportError("this is no Python file")
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    specification.loader.exec_module(module)
    return module


def _is_own(held: Any, module: Any) -> bool:
    """Whether a callable was written in the user's file, and is meant for others."""
    return getattr(held, "__module__", "") == module.__name__ and not getattr(held, "__name__", "_").startswith("_")


def _tensors(value: Any, torch: Any) -> list[Any]:
    """The tensors of a result, however they are wrapped."""
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [found for item in value for found in _tensors(item, torch)] if isinstance(value, tuple | list) else []


def _said(error: BaseException) -> str:
    """Class and message in one line."""
    try:
        lines = str(error).strip().splitlines()
    except Exception:
        lines = ["(its message cannot be shown)"]
    return f"{type(error).__name__}: {lines[0][:500]}" if lines else type(error).__name__


def _last_lines(error: BaseException) -> list[str]:
    """The end of the traceback, without our own frames and without those of the import system."""
    try:
        told = traceback.TracebackException.from_exception(error)
    except Exception:
        return []
    kept = [item for item in told.stack if not item.filename.startswith(_OWN) and not item.filename.endswith(_PASSING)]
    told.stack = traceback.StackSummary.from_list(kept)
    lines = "".join(told.format(chain=False)).splitlines()
    return [line[:500] for line in lines if line.strip(" ^~")][-LINES:]


Adapter = ModelAdapter
