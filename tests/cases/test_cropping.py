"""The crop of one axis: every way to write it leaves just the wanted elements, for inputs of every length."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.conv_transpose.cropping import Axis, Form, Way, ways
from reference.conv_transpose import law

FORMS: tuple[Form, ...] = ("symmetric", "padding only", "sides")
BIAS = 1000


def wanted(axis: Axis, length: int) -> np.ndarray:
    """The full result of distinct numbers, cropped; what is appended holds the bias alone."""
    x = np.arange(1, length + 1, dtype=np.int64).reshape(1, 1, -1)
    weight = (10 ** np.arange(axis.kernel, dtype=np.int64)).reshape(1, 1, -1)
    full = law.conv_transpose(x, weight, None, stride=axis.stride, dilation=axis.dilation)[0, 0]
    full = full[axis.begin : len(full) - max(0, axis.end)]
    return np.pad(full, (0, max(0, -axis.end))) + (BIAS if axis.bias else 0)


def written(axis: Axis, way: Way, length: int) -> np.ndarray:
    """The same by a way: the law with its arguments, and the steps around it."""
    x = np.pad(np.arange(1, length + 1, dtype=np.int64), (0, way.more)).reshape(1, 1, -1)
    weight = (10 ** np.arange(axis.kernel, dtype=np.int64)).reshape(1, 1, -1)
    bias = np.array([BIAS]) if axis.bias else None
    made = law.conv_transpose(
        x,
        weight,
        bias,
        stride=axis.stride,
        dilation=way.dilation,
        padding=(way.pads,),
        output_padding=way.longer,
    )[0, 0]
    return np.pad(made[way.cut[0] : len(made) - way.cut[1]], (0, way.zeros))


AXES = st.builds(
    Axis,
    begin=st.integers(0, 6),
    end=st.integers(-7, 6),
    stride=st.integers(1, 5),
    dilation=st.integers(1, 4),
    kernel=st.integers(1, 4),
    bias=st.booleans(),
    short=st.sampled_from((0, 0, 1, 3)),
)


@given(AXES, st.sampled_from(FORMS), st.integers(14, 18))
def test_every_way_leaves_the_wanted_elements(axis: Axis, form: Form, length: int) -> None:
    found = ways(axis, form)
    assert found
    for way in found:
        assert np.array_equal(written(axis, way, length), wanted(axis, length)), way


@given(AXES, st.sampled_from(FORMS))
def test_every_way_keeps_to_what_its_form_can_say(axis: Axis, form: Form) -> None:
    for way in ways(axis, form):
        assert min(*way.pads, way.longer, way.more, *way.cut, way.zeros) >= 0
        assert form == "sides" or way.pads[0] == way.pads[1]
        assert form != "padding only" or way.longer == 0
        assert way.longer < max(axis.stride, way.dilation)
        assert way.dilation == axis.dilation or axis.kernel == 1
        assert way.more >= axis.short or axis.kernel == 1


def direct(axis: Axis, form: Form) -> bool:
    """Whether any arguments within bounds crop just this, tried one by one for several lengths."""
    same = range(12) if form != "sides" else None
    pads = [(p, p) for p in same] if same else list(itertools.product(range(12), repeat=2))
    dilations = range(1, 14) if axis.kernel == 1 and form == "symmetric" else (axis.dilation,)
    for pair, dilation in itertools.product(pads, dilations):
        for longer in range(1 if form == "padding only" else max(axis.stride, dilation)):
            if (pair[0], pair[1] - longer) == (axis.begin, axis.end):
                return True
    return False


@given(AXES, st.sampled_from(FORMS))
def test_arguments_alone_are_found_wherever_a_search_of_all_of_them_finds_some(axis: Axis, form: Form) -> None:
    plain = replace(axis, short=0)
    assert (ways(plain, form)[0].steps == 0) == direct(plain, form)


@pytest.mark.parametrize("form", FORMS)
def test_the_simplest_way_comes_first(form: Form) -> None:
    for begin, end, bias in itertools.product(range(3), range(-3, 3), (False, True)):
        steps = [way.steps for way in ways(Axis(begin, end, 2, 1, 3, bias), form)]
        assert steps == sorted(steps)
