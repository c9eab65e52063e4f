"""Documented distributions: what a sample may look like, and how often a right one is refused."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.initializers import (
    LEVEL,
    MOST_TESTS,
    Constant,
    Normal,
    SymmetricUniform,
    Uniform,
    allowed,
    contradiction,
    distance,
)

N = 20_000
LAWS = [Uniform(-0.07, 0.07), Uniform(1.0, 3.0), Normal(0.0, 0.01), Normal(5.0, 2.0), Normal(1.0, 2.0, -1.0, 0.5)]


def draw(law, n: int = N, seed: int = 0, dtype: str = "float64"):
    """A sample of the law, made by NumPy alone."""
    generator = np.random.default_rng(seed)
    if isinstance(law, Uniform):
        return generator.uniform(law.low, law.high, n).astype(dtype)
    found = generator.normal(law.mean, law.sigma, 8 * n)
    return found[(found >= law.low) & (found <= law.high)][:n].astype(dtype)


@pytest.mark.parametrize("law", LAWS, ids=str)
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_a_sample_of_the_law_is_not_contradicted(law, dtype: str) -> None:
    for seed in range(5):
        assert contradiction(draw(law, seed=seed, dtype=dtype), law) == ""


@pytest.mark.parametrize("law", LAWS, ids=str)
def test_a_shifted_sample_is(law) -> None:
    sample = draw(law)
    assert "lie outside" in contradiction(sample + 10 * np.ptp(sample), law) or math.isinf(law.support[1])
    assert contradiction(sample + 0.2 * sample.std(), law)


@pytest.mark.parametrize("law", LAWS, ids=str)
def test_a_sample_of_another_width_is(law) -> None:
    sample = draw(law)
    middle = sample.mean()
    assert "distance" in contradiction((sample - middle) * 0.8 + middle, law)
    assert contradiction((sample - middle) * 1.25 + middle, law)


def test_a_normal_sample_is_not_uniform_and_a_uniform_one_not_normal() -> None:
    edge = 0.01 * math.sqrt(3)  # the same standard deviation
    assert contradiction(draw(Normal(0.0, 0.01)), Uniform(-edge, edge))
    assert "distance" in contradiction(draw(Uniform(-edge, edge)), Normal(0.0, 0.01))


def test_where_the_law_is_cut_off_nothing_may_lie_outside() -> None:
    cut = Normal(0.0, 1.0, -2.0, 2.0)
    assert contradiction(draw(cut), cut) == ""
    assert "lie outside" in contradiction(draw(Normal(0.0, 1.0)), cut)
    assert "distance" in contradiction(draw(cut), Normal(0.0, 1.0))


@pytest.mark.parametrize("edge", [1e-3, 1.0, 40.0])
def test_some_symmetric_uniform_law_is_any_width_but_no_other_form(edge: float) -> None:
    law = SymmetricUniform()
    for seed in range(5):
        assert contradiction(draw(Uniform(-edge, edge), seed=seed), law) == ""
    assert contradiction(draw(Uniform(-edge, 0.9 * edge)), law)
    assert contradiction(draw(Uniform(0.0, edge)), law)
    assert contradiction(draw(Normal(0.0, edge)), law)
    assert contradiction(np.zeros(100), law)
    assert contradiction(np.ones(1), law)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_a_constant_is_itself_in_the_stored_type_and_nothing_else(dtype: str) -> None:
    assert contradiction(np.full(9, 0.1, dtype), Constant(0.1)) == ""
    other = np.full(9, 0.1, dtype)
    other[4] = np.nextafter(other[4], np.dtype(dtype).type(1))
    assert "there is" in contradiction(other, Constant(0.1))


@pytest.mark.parametrize("law", [*LAWS, Constant(1.0), SymmetricUniform()], ids=str)
def test_numbers_that_are_missing_or_not_finite_contradict_every_law(law) -> None:
    assert contradiction(np.zeros(0), law)
    for value in (np.nan, np.inf):
        assert "not finite" in contradiction(np.array([0.0, value]), law)


def test_a_bound_of_the_law_may_be_rounded_to_the_stored_type_and_no_further() -> None:
    law = Uniform(-0.1, 0.1)
    sample = draw(law, dtype="float16")
    sample[0] = np.float16(0.1)
    assert contradiction(sample, law) == ""
    sample[0] = np.float16(0.1) + 4 * np.spacing(np.float16(0.1))
    assert "lie outside" in contradiction(sample, law)


# The bound


@pytest.mark.parametrize("n", [1, 10, 1000, 10**6])
def test_the_allowed_distance_is_where_massarts_bound_equals_the_level(n: int) -> None:
    assert math.isclose(2 * math.exp(-2 * n * allowed(n) ** 2), LEVEL)
    assert allowed(4 * n) == pytest.approx(allowed(n) / 2)


def test_a_whole_run_raises_a_false_alarm_in_fewer_than_one_in_a_thousand() -> None:
    assert LEVEL * MOST_TESTS <= 1e-3


def test_distances_of_right_samples_exceed_each_bound_no_more_often_than_massart_says() -> None:
    """At levels that can be observed: 4,000 samples of 50 numbers, with room for four standard deviations."""
    samples, n, law = 4000, 50, Uniform(0.0, 1.0)
    generator = np.random.default_rng(5)
    found = np.array([distance(generator.uniform(size=n), law) for _ in range(samples)])
    for level in (0.5, 0.1, 0.01):
        share = (found > math.sqrt(math.log(2 / level) / (2 * n))).mean()
        assert share <= level + 4 * math.sqrt(level * (1 - level) / samples)
        assert share >= level / 4  # nor is the bound so wide that it could not fail


@given(st.lists(st.floats(-2, 2), min_size=1, max_size=30), st.floats(-1, 0.5), st.floats(0.1, 2))
def test_the_distance_is_the_largest_gap_at_and_just_before_every_number(numbers, low: float, width: float) -> None:
    law = Uniform(low, low + width)
    sample = np.array(numbers)
    gaps = []
    for x in sample:
        share = float(law.cdf(np.array([x]))[0])
        gaps += [np.mean(sample <= x) - share, share - np.mean(sample < x)]
    assert distance(sample, law) == pytest.approx(max(gaps))


@given(st.floats(-5, 5), st.floats(0.05, 3), st.lists(st.floats(-20, 20), min_size=2, max_size=9))
def test_distribution_functions_rise_from_zero_to_one(middle: float, width: float, points) -> None:
    at = np.sort(np.array(points))
    for law in (Uniform(middle, middle + width), Normal(middle, width), Normal(middle, width, middle, middle + width)):
        values = law.cdf(at)
        assert (np.diff(values) >= 0).all()
        assert ((values >= 0) & (values <= 1)).all()
        low, high = law.support
        ends = np.array([max(low, middle - 60 * width), min(high, middle + 60 * width)])
        assert law.cdf(ends).tolist() == pytest.approx([0.0, 1.0], abs=1e-12)


def test_laws_are_written_so_that_a_reader_sees_their_numbers() -> None:
    assert str(Uniform(-0.07, 0.07)) == "U(-0.07, 0.07)"
    assert str(Normal(0.0, 0.01)) == "N(0, 0.01²)"
    assert str(Normal(0.0, 0.01, -2.0, 2.0)) == "N(0, 0.01²) within [-2, 2]"
    assert str(Constant(1.0)) == "1 everywhere"
    assert str(SymmetricUniform()) == "U(-b, b) for some b"
