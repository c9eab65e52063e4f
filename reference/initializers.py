"""Documented distributions of initial parameters, and how far a sample may lie from its law.

The distance is that of Kolmogorov and Smirnov: the largest gap between the sample's distribution function and the
law's. Its bound holds for every sample size, not only in the limit (P. Massart, "The tight constant in the
Dvoretzky-Kiefer-Wolfowitz inequality", Annals of Probability 18(3), 1990):

    P(distance > e) <= 2 exp(-2 n e^2)        for n independent numbers, whatever the law

so that a test at level `a` refuses where distance > sqrt(ln(2 / a) / (2 n)).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# One test in ten million may raise a false alarm. A run makes fewer than 10,000 such tests (a test of the suite counts
# them), so by the union bound fewer than one run in a thousand raises any.
LEVEL = 1e-7
MOST_TESTS = 10_000
# The gap above 1 of each floating type; NumPy does not know all of them.
EPS = {"float16": 2.0**-10, "bfloat16": 2.0**-7, "float32": 2.0**-23, "float64": 2.0**-52}


@dataclass(frozen=True)
class Uniform:
    """Uniform on [low, high]."""

    low: float
    high: float

    def cdf(self, x: NDArray[Any]) -> NDArray[Any]:
        """The share of the law at or below each number."""
        return np.clip((x - self.low) / (self.high - self.low), 0.0, 1.0)

    @property
    def support(self) -> tuple[float, float]:
        """Between which numbers every draw lies."""
        return self.low, self.high

    def __str__(self) -> str:
        return f"U({self.low:.6g}, {self.high:.6g})"


@dataclass(frozen=True)
class Normal:
    """Normal with this mean and standard deviation, cut off outside of [low, high] where these are finite."""

    mean: float
    sigma: float
    low: float = -math.inf
    high: float = math.inf

    def cdf(self, x: NDArray[Any]) -> NDArray[Any]:
        """The share of the law at or below each number."""
        below, above = self._plain(self.low), self._plain(self.high)
        whole = np.array([self._plain(float(item)) for item in x])
        return np.clip((whole - below) / (above - below), 0.0, 1.0)

    def _plain(self, x: float) -> float:
        return 0.5 * (1 + math.erf((x - self.mean) / (self.sigma * math.sqrt(2))))

    @property
    def support(self) -> tuple[float, float]:
        """Between which numbers every draw lies."""
        return self.low, self.high

    def __str__(self) -> str:
        cut = "" if math.isinf(self.low) else f" within [{self.low:.6g}, {self.high:.6g}]"
        return f"N({self.mean:.6g}, {self.sigma:.6g}²){cut}"


@dataclass(frozen=True)
class Constant:
    """One number everywhere."""

    value: float

    def __str__(self) -> str:
        return f"{self.value:.6g} everywhere"


@dataclass(frozen=True)
class SymmetricUniform:
    """Uniform on [-b, b] for some b that no document gives.

    Given its largest absolute value, the other numbers of a sample are uniform below it: so the law is tested exactly
    on these, with that value for b.
    """

    def __str__(self) -> str:
        return "U(-b, b) for some b"


Distribution = Uniform | Normal | Constant | SymmetricUniform


def distance(sample: NDArray[Any], law: Uniform | Normal) -> float:
    """The largest gap between the sample's distribution function and the law's."""
    ordered = np.sort(sample.astype(np.float64).reshape(-1))
    n, expected = ordered.size, law.cdf(ordered)
    steps = np.arange(n + 1) / n
    return float(max(np.max(steps[1:] - expected), np.max(expected - steps[:-1])))


def allowed(n: int) -> float:
    """The largest distance that a sample of n numbers of the right law has, but for a share of LEVEL of all samples."""
    return math.sqrt(math.log(2 / LEVEL) / (2 * n))


def contradiction(sample: NDArray[Any], law: Distribution) -> str:
    """What speaks against a sample being drawn from the law; empty where nothing does."""
    numbers = sample.astype(np.float64).reshape(-1)
    if numbers.size == 0:
        return "there are no numbers"
    if not np.all(np.isfinite(numbers)):
        return "there are numbers that are not finite"
    if isinstance(law, Constant):
        other = numbers[numbers != np.float64(sample.dtype.type(law.value))]
        return f"there is {other[0]:.6g}" if other.size else ""
    if isinstance(law, SymmetricUniform):
        sizes = np.abs(numbers)
        edge = float(sizes.max())
        if numbers.size < 2 or edge == 0:
            return "there are too few different numbers"
        rest = np.delete(numbers, int(sizes.argmax()))
        return contradiction(rest, Uniform(-edge, edge))
    low, high = law.support
    # A bound is rounded to the stored type, up or down.
    slack = EPS.get(sample.dtype.name, 0.0)
    outside = numbers[(numbers < low - slack * abs(low)) | (numbers > high + slack * abs(high))]
    if outside.size:
        return f"{outside.size} of {numbers.size} numbers lie outside, such as {outside[0]:.6g}"
    found, most = distance(numbers, law), allowed(numbers.size)
    return f"distance {found:.4f} over {numbers.size} numbers, at most {most:.4f}" if found > most else ""
