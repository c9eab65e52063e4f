"""A model in a file of the user's → the known calls that it makes, asked of a worker in PyTorch's own interpreter.

The user's code never runs in the driver. In go the file, the factory and the inputs; out come the calls and what else
was called, as frozen values. What goes wrong in the user's code is a `UsageError` with the last lines of its traceback.
"""

import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from cases.catalogue import apis
from cases.values import DTYPES
from conformance.backends import Backend
from conformance.errors import UsageError
from conformance.lanes import plan_of
from conformance.messages import Garbled, decode, encode
from conformance.outcome import decode_array
from conformance.process import Died, Silent, Worker, WorkerPlan
from reports.text import clean

ADAPTER = "conformance.adapters.torch_model:Adapter"
MOST = 1 << 26  # bytes of one tensor whose numbers are taken from the model
TOTAL = 1 << 30  # bytes of all of them
LAST_LINES = 8  # of what a process said that died


@dataclass(frozen=True)
class Input:
    """A tensor that the model is called with; its numbers are drawn."""

    shape: tuple[int, ...]
    dtype: str = "float32"


@dataclass(frozen=True)
class Asked:
    """A model: its file, the factory in it, what it is called with, and the seed of everything that is drawn."""

    file: Path
    factory: str
    inputs: tuple[Input, ...]
    seed: int = 0
    seconds: float = 120.0
    most: int = MOST
    total: int = TOTAL


@dataclass(frozen=True)
class Array:
    """A tensor of the model; `numbers` is None where it is too large to be taken along."""

    shape: tuple[int, ...]
    dtype: str
    numbers: NDArray[Any] | None


@dataclass(frozen=True)
class Call:
    """A known call of the model, made `count` times with arguments and shapes like these.

    `name` is the layer's qualified name, of a function that of the module which called it. `construct` are the
    arguments by their documented names as the layer holds them, None for a function; `call` those of the call that are
    no tensors. `tensors` go in, by role, the input first; `output` came out, inside the model. `notes`: `lazy`,
    `computed` (a weight is computed from other parameters), `changed` (a hook changes what the layer returns).
    """

    name: str
    api: str
    kind: str
    construct: dict[str, Any] | None
    call: dict[str, Any]
    tensors: dict[str, Array]
    output: Array
    notes: tuple[str, ...] = ()
    count: int = 1


@dataclass(frozen=True)
class Other:
    """What was called and is not covered: a layer's class or a function, how often, and why not.

    `names` are the first of the `places` where it is called.
    """

    kind: str
    what: str
    why: str
    count: int
    names: tuple[str, ...]
    places: int = 1


@dataclass(frozen=True)
class Collected:
    """A model that was called once. `output` are the shapes of what it returned."""

    model: str
    calls: tuple[Call, ...]
    others: tuple[Other, ...]
    output: tuple[tuple[int, ...], ...]
    facts: dict[str, Any]


def asked(target: str, inputs: tuple[str, ...], dtypes: tuple[str, ...], **more: Any) -> Asked:
    """Read `FILE.py:factory` and the inputs as they are written on the command line; UsageError names what is wrong."""
    name, _, factory = target.rpartition(":")
    if not name or not all(part.isidentifier() for part in factory.split(".")):
        raise UsageError(
            f"{target!r} names no factory of a model.",
            "Write the file and the function in it that returns the model: model.py:build",
        )
    path = Path(name)
    if not path.is_file():
        raise UsageError(f"there is no file {name}", "write the path of the Python file that has the factory")
    if path.suffix != ".py":
        raise UsageError(f"{name} is no Python file", "write the path of a file that ends in .py")
    if not inputs:
        raise UsageError("the model needs an input", "give its shape, as in --input 1,80,100; once per input")
    if len(dtypes) not in (0, 1, len(inputs)):
        raise UsageError(
            f"{len(dtypes)} dtypes are given for {len(inputs)} inputs", "give --dtype once, or once for each --input"
        )
    for dtype in dtypes:
        if dtype not in DTYPES:
            raise UsageError(f"--dtype {dtype} is no element type", f"write one of {', '.join(sorted(DTYPES))}")
    types = dtypes * (1 if len(dtypes) == len(inputs) else len(inputs)) or ("float32",) * len(inputs)
    pairs = zip(inputs, types, strict=True)
    return Asked(path.resolve(), factory, tuple(Input(_shape(text), dtype) for text, dtype in pairs), **more)


def _shape(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.strip().strip("()[]").rstrip(",").split(",")]
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise UsageError(f"--input {text!r} is no shape", "write its numbers with commas between them: 1,80,100")
    return tuple(map(int, parts))


def collect(wanted: Asked, backend: Backend, *, plan: WorkerPlan | None = None) -> Collected:
    """Run the model once in a worker; UsageError where it cannot be run, WorkerFailed where the worker cannot start."""
    plan = plan or plan_of(backend)
    plan = WorkerPlan(plan.python, ADAPTER, plan.device, plan.variables, plan.sources, plan.memory_limit)
    return _collect(wanted, plan)


def _collect(wanted: Asked, plan: WorkerPlan) -> Collected:
    stop = threading.Event()
    with tempfile.TemporaryDirectory(prefix="conformance-", ignore_cleanup_errors=True) as folder:
        worker = Worker(plan, Path(folder))
        try:
            facts = worker.ready(stop)
            worker.send([encode(_request(wanted))])
            _, message = worker.receive(time.monotonic() + wanted.seconds, stop)
            reply = decode(message)
        except Silent:
            raise UsageError(
                f"{_name(wanted)} did not return within {wanted.seconds:g} seconds{_stderr(worker)}",
                "give it more time with --time-limit, or a smaller --input",
            ) from None
        except Died as death:
            raise UsageError(
                f"the process of {_name(wanted)} ended while it ran ({death.how}){_stderr(worker)}",
                "make sure that the model runs by itself, in an interpreter of its own",
            ) from None
        except Garbled as error:
            raise UsageError(
                f"{_name(wanted)} harmed the connection to its process: {error}",
                "let the model leave the files alone that it did not open",
            ) from None
        finally:
            worker.close(grace=0.0)
    return _read(reply, facts, wanted)


def _name(wanted: Asked) -> str:
    return f"{wanted.file.name}:{wanted.factory}"


def _stderr(worker: Worker) -> str:
    lines = [line for line in clean(worker.stderr()).splitlines() if line.strip()][-LAST_LINES:]
    return "".join(f"\n    {line}" for line in lines)


def _request(wanted: Asked) -> dict[str, Any]:
    ours = [api for api in apis().values() if api.framework == "torch"]
    layers = [api for api in ours if api.name.rpartition(".")[2][:1].isupper()]
    return {
        "id": "model",
        "action": "collect",
        "file": str(wanted.file),
        "factory": wanted.factory,
        "folder": str(Path.cwd()),
        "inputs": [{"shape": item.shape, "dtype": item.dtype} for item in wanted.inputs],
        "seed": wanted.seed,
        "layers": {api.name: list(api.names) for api in layers},
        "functions": {api.name: list(api.names) for api in ours if api not in layers},
        "most": wanted.most,
        "total": wanted.total,
    }


def _read(reply: dict[str, Any], facts: dict[str, Any], wanted: Asked) -> Collected:
    match reply.get("status"):
        case "collected":
            calls = tuple(_call(item) for item in reply["calls"])
            others = tuple(Other(**(item | {"names": tuple(item["names"])})) for item in reply["others"])
            return Collected(reply["model"], calls, others, tuple(map(tuple, reply["output"])), facts)
        case "failed":
            lines = "".join(f"\n    {clean(line)}" for line in reply["traceback"])
            raise UsageError(f"{clean(reply['message'])}{lines}", _WAYS_OUT[reply["stage"]])
    raise UsageError(
        f"{_name(wanted)} could not be run: {clean(str(reply.get('reason', reply)))[:2000]}",
        "make sure that the model runs by itself, in an interpreter of its own",
    )


_WAYS_OUT = {
    "file": "what lies beside the file can be imported, and what is installed beside PyTorch: "
    "name the interpreter that has the rest with --from torch@/path/to/python",
    "factory": "name a function of the file that takes no arguments and returns the model",
    "module": "name a function that returns a torch.nn.Module",
    "call": "give the shape of every input in the order of forward, and --dtype where they are not float32",
}


def _call(item: dict[str, Any]) -> Call:
    tensors = {name: _array(value) for name, value in item["tensors"].items()}
    return Call(
        item["name"],
        item["api"],
        item["kind"],
        item["construct"],
        item["call"],
        tensors,
        _array(item["output"]),
        tuple(item["notes"]),
        item["count"],
    )


def _array(data: dict[str, Any]) -> Array:
    numbers = None if data["data"] is None else decode_array(data)
    return Array(tuple(data["shape"]), data["dtype"], numbers)
