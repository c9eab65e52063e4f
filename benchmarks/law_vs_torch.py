"""Wall time of the NumPy law against PyTorch's transposed convolution, forward, on layers of well-known models.

Run in an interpreter that has torch: `python -m benchmarks.law_vs_torch`. One thread, the median of repeats, after one
call to warm up. PyTorch computes in float32, as its users do, and in float64, as the law does. The integer column is
the law on small integers, exact.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from reference.conv_transpose.law import conv_transpose

if TYPE_CHECKING:
    from collections.abc import Callable

REPEATS = 15


@dataclass(frozen=True)
class Layer:
    """One layer: its input and weight shapes, and its keywords."""

    name: str
    x_shape: tuple[int, ...]
    weight_shape: tuple[int, ...]
    keywords: dict[str, int]


LAYERS = (
    Layer("HiFi-GAN V1 upsampler, 1-D", (1, 512, 100), (512, 256, 16), {"stride": 8, "padding": 4}),
    Layer("U-Net up-convolution, 2-D", (1, 128, 64, 64), (128, 64, 2, 2), {"stride": 2}),
    Layer("V-Net up-convolution, 3-D", (1, 64, 8, 16, 16), (64, 32, 2, 2, 2), {"stride": 2}),
)


def milliseconds(call: Callable[[], object]) -> float:
    """Return the median wall time of one call."""
    call()
    times = []
    for _ in range(REPEATS):
        start = perf_counter()
        call()
        times.append((perf_counter() - start) * 1e3)
    return median(times)


def measure(layer: Layer, torch: Any) -> tuple[float, float, float, float]:
    """Return the milliseconds of torch in float32, torch in float64, the law in float64 and the law on integers."""
    rng = np.random.default_rng(0)
    x, weight, bias = (rng.integers(-4, 5, s) for s in (layer.x_shape, layer.weight_shape, layer.weight_shape[1:2]))
    theirs = getattr(torch.nn.functional, f"conv_transpose{x.ndim - 2}d")
    single, double = ([torch.tensor(a, dtype=t) for a in (x, weight, bias)] for t in (torch.float32, torch.float64))
    floats = [a.astype(np.float64) for a in (x, weight, bias)]
    actual, expected = theirs(*double, **layer.keywords).numpy(), conv_transpose(x, weight, bias, **layer.keywords)
    if not np.array_equal(actual, expected):
        raise SystemExit(f"{layer.name}: torch and the law differ, so their times mean nothing")
    return (
        milliseconds(lambda: theirs(*single, **layer.keywords)),
        milliseconds(lambda: theirs(*double, **layer.keywords)),
        milliseconds(lambda: conv_transpose(*floats, **layer.keywords)),
        milliseconds(lambda: conv_transpose(x, weight, bias, **layer.keywords)),
    )


def main() -> None:
    """Print one row per layer."""
    try:
        import torch
    except ImportError:
        sys.exit("benchmarks.law_vs_torch needs an interpreter with torch")
    torch.set_num_threads(1)
    print(f"torch {torch.__version__}, NumPy {np.__version__}, one thread, median of {REPEATS}, milliseconds")
    head = ("torch f32", "torch f64", "law f64", "law int64", "law f64 / torch f64")
    print(f"{'layer':<28}" + "".join(f"{title:>{len(title) + 3}}" for title in head))
    with torch.no_grad():
        for layer in LAYERS:
            times = measure(layer, torch)
            cells = [f"{t:.2f}" for t in times] + [f"{times[2] / times[1]:.2f}"]
            print(f"{layer.name:<28}" + "".join(f"{c:>{len(t) + 3}}" for c, t in zip(cells, head, strict=True)))


if __name__ == "__main__":
    main()
