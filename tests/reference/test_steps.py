"""The steps around a call: each moves elements as its name says, and gradients go back through its adjoint."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.documented import Result
from reference.steps import Add, Crop, Expand, Pad, Squeeze, Step, adjoint, after, applied, back, shaped
from reference.steps import gradients_of_added as added


@st.composite
def chains(draw: st.DrawFn) -> tuple[tuple[int, ...], tuple[Step, ...]]:
    """A shape, and steps that fit it."""
    shape = tuple(draw(st.lists(st.integers(1, 4), min_size=3, max_size=4)))
    rank, found, now = len(shape), list[Step](), shape
    for _ in range(draw(st.integers(0, 4))):
        axis = draw(st.integers(0, rank - 1))
        begin, end = draw(st.integers(0, 2)), draw(st.integers(0, 2))
        options: list[Step] = [Pad(axis, begin, end)]
        if begin + end < now[axis]:
            options.append(Crop(axis, begin, end))
        if rank < 6:
            options.append(Expand(axis))
        if now[axis] == 1 and rank > 3:
            options.append(Squeeze(axis))
        step = draw(st.sampled_from(options))
        found.append(step)
        now = shaped((step,), now)
        rank = len(now)
    return shape, tuple(found)


def numbers(shape: Sequence[int], seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(-9, 9, tuple(shape)).astype(np.int64)


@given(chains(), st.integers(0, 2**16))
def test_the_adjoint_is_the_adjoint(chain: tuple[tuple[int, ...], tuple[Step, ...]], seed: int) -> None:
    shape, steps = chain
    x, y = numbers(shape, seed), numbers(shaped(steps, shape), seed + 1)
    assert (applied(steps, x) * y).sum() == (x * adjoint(steps, y)).sum()


@given(chains(), st.integers(0, 2**16))
def test_a_gradient_goes_back_with_all_that_it_says(chain: tuple[tuple[int, ...], tuple[Step, ...]], seed: int) -> None:
    shape, steps = chain
    y = numbers(shaped(steps, shape), seed)
    found = back(steps, Result(y, np.abs(y), np.ones_like(y), None))
    assert np.array_equal(found.value, adjoint(steps, y))
    assert np.array_equal(found.magnitude, np.abs(found.value))
    assert found.terms.shape == shape


def test_a_tensor_is_added_along_the_channels_and_counts_as_one_term_more() -> None:
    y, bias = numbers((2, 3, 4), 0), np.array([10, -20, 30])
    plain = Result(y[:1], np.abs(y[:1]), np.full((1, 3, 4), 5), None)
    made = after((Crop(2, 0, 1), Add("bias"), Squeeze(0)), plain, {"bias": bias})
    assert np.array_equal(made.value, (y[:1, :, :3] + bias[:, None])[0])
    assert np.array_equal(made.magnitude, (np.abs(y[:1, :, :3]) + np.abs(bias)[:, None])[0])
    assert (made.terms == 6).all()
    assert made.addend is not None
    assert np.array_equal(np.broadcast_to(made.addend, (3, 3)), np.broadcast_to(bias[:, None], (3, 3)))


@given(st.integers(0, 2**16))
def test_the_gradient_of_what_is_added_sums_what_comes_back_through_the_later_steps(seed: int) -> None:
    steps = (Pad(2, 1, 0), Add("bias"), Crop(2, 0, 2), Squeeze(0))
    upstream = numbers((3, 4), seed)
    (found,) = added(steps, upstream).items()
    role, made = found
    assert role == "bias"
    assert np.array_equal(made.value, upstream.sum(axis=1))
    assert np.array_equal(made.magnitude, np.abs(upstream).sum(axis=1))
    assert (made.terms >= 4).all()


def test_complex_tensors_are_added_in_the_width_of_the_law() -> None:
    bias = np.array([1 + 1j, 2 - 1j], np.complex64)
    value = np.ones((1, 2, 3), np.complex128)
    made = after((Add("bias"),), Result(value, np.abs(value), np.ones((1, 2, 3)), None), {"bias": bias})
    assert made.magnitude[0, 0, 0] == 1 + np.abs(np.complex128(1 + 1j))


def test_more_than_there_is_cannot_be_cut_off() -> None:
    with pytest.raises(ValueError, match="cannot be cut off an axis of 3"):
        applied((Crop(0, 2, 2),), np.zeros(3))
