"""The compiled mode of PyTorch: `torch.compile` with its own back end, one compilation per case.

The back end calls a C++ compiler. Whether there is one is looked up at the start (`why_not`), which costs nothing;
whether it works is tried once, when a case first asks for the mode, because that costs ten seconds. What is compiled
lies in a folder `inductor` of the working directory: a worker starts in one that the driver makes and removes, and
that all workers of a lane share, so that the next one need not call g++ for equal sources. Whole graphs are not kept.

A function that torch.compile cannot translate it leaves to eager in silence. Errors of the framework then have the
class that its users see; a value, however, must not pass for a compiled one, so `check` looks at the counters.
"""

import importlib
import importlib.util
import os
import shutil
import sysconfig
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from conformance.adapters.wire import CannotRun

# One process, so that nothing outlives the worker; and nothing of an earlier case but what g++ made of equal sources.
# Modules of PyTorch and their switches; a switch that a version does not have has nothing to switch.
_SWITCHES = (
    ("torch._inductor.config", "compile_threads", 1),
    ("torch._inductor.config", "fx_graph_cache", False),
    ("torch._functorch.config", "enable_autograd_cache", False),
    # Precompiled headers halve a later compilation, but cost the first one ten seconds more, and 150 megabytes.
    ("torch._inductor.config", "cpp_cache_precompile_headers", False),
)


def why_not(device: str) -> str:
    """Why this machine cannot compile for this kind of device, as far as looking tells; empty where it may."""
    compiler = os.environ.get("CXX") or "g++"
    if shutil.which(compiler.split()[0]) is None:
        return f"there is no C++ compiler {compiler}"
    if not Path(sysconfig.get_paths()["include"], "Python.h").is_file():
        return "the headers of this Python are not installed"
    if device == "cuda" and importlib.util.find_spec("triton") is None:
        return "Triton is not installed, without which nothing is compiled for CUDA"
    return ""


def stay_here() -> None:
    """Keep what is compiled in the working directory. It must be said before PyTorch is imported."""
    folder = Path.cwd() / "inductor"
    folder.mkdir(exist_ok=True)
    os.environ |= {"TORCHINDUCTOR_CACHE_DIR": str(folder), "TRITON_CACHE_DIR": str(folder / "triton")}
    # What does not go there goes to the system's temporary folder, and stays behind.
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)


class Compiler:
    """torch.compile, tried before it is used."""

    def __init__(self, torch: Any) -> None:
        self._torch = torch
        self._failure: str | None = None  # empty once it worked

    def ready(self, device: Any) -> None:
        """Try it, once; CannotRun with the reason where a function of two operations cannot be compiled."""
        if self._failure is None:
            try:
                importlib.import_module("torch._dynamo")
                for module, name, value in _SWITCHES:
                    if hasattr(held := importlib.import_module(module), name):
                        setattr(held, name, value)
                values = self._torch.arange(3, dtype=self._torch.float32, device=device)
                found = self._torch.compile(lambda x: x.sin() + 1, dynamic=False, fullgraph=True)(values)
                self._failure = "" if found.shape == values.shape else "a compiled function has a wrong result"
            except Exception as error:
                self._failure = f"torch.compile does not work on this machine: {type(error).__name__}: {error}"[:2000]
        if self._failure:
            raise CannotRun(self._failure)

    def compile(self, target: Any) -> Callable[..., Any]:
        """The target compiled for the shapes that it will be called with; what was compiled before is forgotten."""
        self.forget()
        return self._torch.compile(target, dynamic=False)  # type: ignore[no-any-return]

    def check(self) -> None:
        """CannotRun unless everything since `compile` was compiled."""
        counters = self._torch._dynamo.utils.counters
        breaks = [str(reason).splitlines()[0] for reason in counters["graph_break"]]
        if breaks or not counters["stats"]["unique_graphs"]:
            reason = breaks[0] if breaks else "no graph was found"
            raise CannotRun(f"torch.compile leaves this to eager: {reason[:300]}")

    def forget(self) -> None:
        """Drop what was compiled, with its guards and its limit of recompilations."""
        self._torch._dynamo.reset()
        self._torch._dynamo.utils.counters.clear()
