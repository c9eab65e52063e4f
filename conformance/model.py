"""`conformance check-model`: a PyTorch model → layer by layer, what stands for it in another framework.

In go the model (see `model_collect.asked`), the two backends and the ledger; out comes a `Report`, which the files
`model_text` and `model_markdown` show. The exit code is that of the whole.
"""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from cases.catalogue import apis
from cases.known import Ledger
from conformance.backends import Backend, Specification
from conformance.campaign import NOTHING_SELECTED, NOTHING_UNEXPECTED, UNEXPECTED_FOUND
from conformance.errors import UsageError
from conformance.model_cases import Numbers, carried
from conformance.model_check import SECONDS, Bench, Layer, check
from conformance.model_collect import Asked, Collected, collect
from reports.record import BackendLine

SOURCE = "torch"
GOOD = ("equal", "recipe")


@dataclass(frozen=True)
class Report:
    """What became of a model. `weights` are the arrays that the target takes, by name; `keys` their names by layer."""

    asked: Asked
    collected: Collected
    source: BackendLine
    target: BackendLine
    layers: tuple[Layer, ...]
    weights: Numbers = field(default_factory=dict)
    keys: tuple[dict[str, str], ...] = ()

    @property
    def counts(self) -> Counter[str]:
        """How many calls came to which end."""
        return Counter[str](layer.status for layer in self.layers)

    @property
    def code(self) -> int:
        """The exit code: 0 where everything known is equal, 1 where something is not, 5 where nothing is known."""
        if not self.layers:
            return NOTHING_SELECTED
        return NOTHING_UNEXPECTED if all(item.status in GOOD for item in self.layers) else UNEXPECTED_FOUND


def specifications(source: str, target: str) -> tuple[Specification, Specification]:
    """The two backends that are meant; UsageError where the model cannot come from the one or go to the other."""
    ours, theirs = Specification.parse(source), Specification.parse(target)
    if ours.framework != SOURCE:
        raise UsageError(f"--from {source}: a model is run on PyTorch", f"write {SOURCE}, or {SOURCE}@/path/to/python")
    others = sorted({api.framework for api in apis().values()} - {SOURCE})
    if theirs.framework not in others:
        there = "it is a PyTorch model already" if theirs.framework == SOURCE else "no API of it is known"
        raise UsageError(f"--to {target}: {there}", f"write one of {', '.join(others)}")
    return ours, theirs


def report(
    asked: Asked,
    source: Backend,
    target: Backend,
    ledger: Ledger,
    *,
    seconds: float = SECONDS,
    say: Callable[[str], None] = lambda text: None,
) -> Report:
    """Run the model, then each of its known calls on both sides, which start meanwhile."""
    with ExitStack() as stack:
        with ThreadPoolExecutor(2) as pool:
            benches = [Bench(backend, ledger, seconds) for backend in (source, target)]
            starting = [pool.submit(stack.enter_context, bench) for bench in benches]
            collected = collect(asked, source)
        ours, theirs = (item.result() for item in starting)
        layers = tuple(check(collected.calls, ours, theirs, say=say))
        keys, weights = _weights(layers)
        return Report(asked, collected, ours.line, theirs.line, layers, weights, keys)


def save(weights: Numbers, path: Path) -> None:
    """Write the arrays as one `.npz` file; bfloat16, which NumPy lacks, as float32, which holds the same numbers."""
    plain = {key: item.astype(np.float32) if item.dtype.name == "bfloat16" else item for key, item in weights.items()}
    try:
        with path.open("wb") as file:
            np.savez(file, **plain)  # type: ignore[arg-type]
    except OSError as error:
        raise UsageError(f"the weights cannot be written to {path}: {error.strerror}", "name another file") from None


def _weights(layers: tuple[Layer, ...]) -> tuple[tuple[dict[str, str], ...], Numbers]:
    """The arrays of every layer that has a counterpart, under names that say whose they are; the names of each."""
    found, names = Numbers(), []
    for layer in layers:
        held: dict[str, str] = {}
        if (chosen := layer.counterpart) is not None:
            first = layer.written.case.call.tensors()[0].role
            for role, array in carried(layer.written.numbers, chosen.case).items():
                if role == first or role in layer.written.generated:
                    continue
                key = base = f"{layer.call.name}.{role}"
                number = 1
                while key in found and not np.array_equal(found[key], array):
                    number += 1
                    key = f"{base}.{number}"
                found[key] = array
                held[role] = key
        names.append(held)
    return tuple(names), found
