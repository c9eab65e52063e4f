"""Taps: the equation of an axis against the law of transposed convolution, and against a convolution and a pooling."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.case import Arguments, Case
from cases.conv_transpose.understood import understood
from cases.steps import Around, Crop
from cases.taps import Axis, Taps, taps
from cases.values import Tensor
from reference.conv_transpose import law
from tests.cases.planned import API_NAMES, plan

LAYER = "torch.nn.ConvTranspose1d"


def layer(length: int = 5, **keyword: int) -> Case:
    tensor, weight = (1, 4, length), (4, 6 // keyword.get("groups", 1), 3)
    held = (Tensor("weight", weight, "float32"), Tensor("bias", (6,), "float32"))
    construct = Arguments((4, 6, 3), tuple(keyword.items()))
    return Case(LAYER, construct, Arguments((Tensor("input", tensor, "float32"),)), held)


def along(found: Taps, place: int) -> np.ndarray:
    """How many inputs reach each output of an axis."""
    axis = found.axes[place]
    return np.array([len(axis.reaching(output)) for output in range(axis.outputs)])


@pytest.mark.parametrize("api", API_NAMES)
def test_the_taps_of_every_planned_case_are_the_products_that_the_law_counts(api: str) -> None:
    told = 0
    for case in plan(api).cases[::7]:
        found = taps(case)
        if found is None:
            continue
        told += 1
        operands = understood(case)
        counted = law.terms(
            operands.x.shape, operands.geometry.weight, False, **operands.geometry.keywords(operands.longer)
        )
        expected = np.array(found.group[0])
        for place in range(len(found.axes)):
            expected = expected[..., None] * along(found, place)
        assert counted.shape[2:] == expected.shape
        assert (counted == expected).all()
    assert told > 3


@given(st.integers(1, 5), st.integers(1, 4), st.integers(1, 3), st.integers(1, 3), st.integers(0, 2), st.integers(0, 2))
def test_which_input_meets_which_tap_is_what_the_law_multiplies(
    length: int, kernel: int, stride: int, dilation: int, begin: int, end: int
) -> None:
    outputs = (length - 1) * stride + (kernel - 1) * dilation + 1 - begin - end
    if outputs < 0:
        return
    axis = Axis(length, kernel, outputs, stride, dilation, 1, -begin, (begin, end))
    x, weight = 10.0 ** np.arange(length), 1.0 + np.arange(kernel)
    got = law.conv_transpose(
        x[None, None], weight[None, None], stride=stride, dilation=dilation, padding=[(begin, end)]
    )
    mine = [sum(x[i] * weight[k] for i, k in axis.reaching(output)) for output in range(outputs)]
    assert mine == got[0, 0].tolist()


@given(st.integers(1, 8), st.integers(1, 3), st.integers(1, 3), st.integers(1, 2), st.integers(0, 2))
def test_a_convolution_fits_the_same_equation(length: int, kernel: int, stride: int, dilation: int, pad: int) -> None:
    outputs = (length + 2 * pad - (kernel - 1) * dilation - 1) // stride + 1
    if outputs < 1:
        return
    axis = Axis(length, kernel, outputs, 1, -dilation, stride, pad, padded=(pad, pad))
    for output in range(outputs):
        places = [(output * stride + k * dilation - pad, k) for k in range(kernel)]
        assert axis.reaching(output) == tuple((i, k) for i, k in places if 0 <= i < length)
        assert all(axis.column(i) == axis.tap_column(k, output) for i, k in axis.reaching(output))
    assert len(list(axis.joins())) == sum(len(axis.reaching(output)) for output in range(outputs))


def test_a_group_of_channels_makes_its_own_output_channels() -> None:
    found = taps(layer(groups=2))
    assert found is not None
    assert [list(found.channels(output)) for output in range(6)] == [[0, 1]] * 3 + [[2, 3]] * 3


def test_what_is_added_at_the_end_takes_back_what_is_cropped_there() -> None:
    found = taps(layer(stride=3, padding=2, output_padding=1))
    assert found is not None
    assert (found.axes[0].cropped, found.axes[0].added, found.axes[0].outputs) == ((2, 1), 1, 12)


def test_calls_without_a_documented_value_have_no_taps() -> None:
    assert taps(layer(stride=0)) is None
    assert taps(Case("nobody.knows")) is None
    call = layer()
    assert taps(Case(call.api, call.construct, call.call, around=Around((), (Crop(2, 1, 0),)))) is None


def test_an_axis_with_too_many_taps_is_not_told() -> None:
    call = layer()
    assert call.construct is not None
    held = (Tensor("weight", (4, 6, 4097), "float32"), Tensor("bias", (6,), "float32"))
    assert taps(Case(call.api, Arguments((4, 6, 4097)), call.call, held)) is None
    assert taps(layer(length=10**9)) is not None
