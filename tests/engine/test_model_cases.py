"""A call that a model made as a case: nothing of it is lost, and the numbers are the model's own."""

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.catalogue import apis, operators
from cases.values import Dtype, Tensor
from conformance.expected import ExpectedValue, prepare
from conformance.model_cases import carried, carries, written
from conformance.model_collect import Array, Call
from reference.conv_transpose import law


@st.composite
def calls(draw: st.DrawFn) -> Call:
    """Layers of PyTorch as a model holds them, and what they were called with, in one to three axes."""
    axes = draw(st.integers(1, 3))

    def per_axis(low: int, high: int) -> tuple[int, ...]:
        return draw(st.tuples(*[st.integers(low, high)] * axes))

    groups, stride, dilation = draw(st.integers(1, 2)), per_axis(1, 3), per_axis(1, 2)
    incoming, outgoing = (groups * draw(st.integers(1, 2)) for _ in range(2))
    longer = tuple(draw(st.integers(0, max(s, d) - 1)) for s, d in zip(stride, dilation, strict=True))
    kernel, bias, dtype = per_axis(2, 3), draw(st.booleans()), draw(st.sampled_from(["float32", "float64"]))
    held: dict[str, Any] = {
        "in_channels": incoming,
        "out_channels": outgoing,
        "kernel_size": kernel,
        "stride": stride,
        "padding": per_axis(0, 1),
        "output_padding": longer,
        "groups": groups,
        "bias": bias,
        "dilation": dilation,
        "padding_mode": "zeros",
    }
    shapes = {"input": (2, incoming, *per_axis(2, 3)), "weight": (incoming, outgoing // groups, *kernel)}
    shapes |= {"bias": (outgoing,)} if bias else {}
    generator = np.random.default_rng(draw(st.integers(0, 2**32)))
    tensors = {
        role: Array(shape, dtype, generator.standard_normal(shape).astype(dtype)) for role, shape in shapes.items()
    }
    return Call(
        "up",
        f"torch.nn.ConvTranspose{axes}d",
        "layer",
        {name: {"value": value} for name, value in held.items()},
        {},
        tensors,
        Array((), dtype, None),
    )


@settings(deadline=None)
@given(calls())
def test_the_case_of_a_layer_has_the_arguments_that_the_layer_holds(call: Call) -> None:
    api, case = apis()[call.api], written(call).case
    assert case.construct is not None
    assert call.construct is not None
    axes = len(call.tensors["input"].shape) - 2
    bound = {parameter.name: parameter.default for parameter in api.signature} | case.construct.bind(api.names)
    for name, held in call.construct.items():
        value = held["value"]
        assert bound[name] == value or (bound[name],) * axes == value, name
    expected = Dtype("float64") if call.tensors["weight"].dtype == "float64" else None
    assert bound["dtype"] == expected


@settings(deadline=None)
@given(calls())
def test_the_documented_result_is_that_of_the_models_own_numbers(call: Call) -> None:
    ours = written(call)
    expected = prepare(ours.case, data=ours.numbers).expected
    assert isinstance(expected, ExpectedValue)
    assert call.construct is not None
    names = ("stride", "padding", "output_padding", "dilation", "groups")
    held = {name: call.construct[name]["value"] for name in names}
    numbers = [call.tensors[role].numbers for role in call.tensors]
    assert np.allclose(expected.output.result.value, law.conv_transpose(*numbers, **held))


@settings(deadline=None)
@given(calls(), st.sampled_from(["mindspore", "oneflow"]))
def test_a_counterpart_of_the_models_numbers_has_the_same_documented_result(call: Call, framework: str) -> None:
    ours = written(call)
    found = operators()["conv_transpose"].counterparts(ours.case, framework)
    if isinstance(found, str):
        return
    wanted = prepare(ours.case, data=ours.numbers).expected
    other = prepare(found[0], data=carried(ours.numbers, found[0])).expected
    assert isinstance(wanted, ExpectedValue)
    assert isinstance(other, ExpectedValue)
    assert np.allclose(wanted.output.result.value, other.output.result.value)


def layer(**tensors: Array) -> Call:
    shapes = {"input": (1, 2, 4), "weight": (2, 3, 5)}
    plain = {role: Array(shape, "float32", np.ones(shape, "float32")) for role, shape in shapes.items()}
    held = {"in_channels": 2, "out_channels": 3, "kernel_size": (5,), "bias": False}
    construct = {name: {"value": value} for name, value in held.items()}
    output = Array((1, 3, 8), "float32", None)
    return Call("up", "torch.nn.ConvTranspose1d", "layer", construct, {}, plain | tensors, output)


def test_a_weight_is_carried_into_the_shape_in_which_the_other_side_holds_it() -> None:
    ours = written(layer())
    found = operators()["conv_transpose"].counterparts(ours.case, "mindspore")
    assert not isinstance(found, str)
    assert carries(ours.case, found[0]) == {"weight": ((2, 3, 5), (2, 3, 1, 5))}
    numbers = carried(ours.numbers, found[0])
    assert {role: array.shape for role, array in numbers.items()} == {"input": (1, 2, 4), "weight": (2, 3, 1, 5)}


def test_numbers_that_are_not_there_are_generated_in_their_shape_and_the_others_stay() -> None:
    made = written(layer(weight=Array((2, 3, 5), "float32", None)))
    assert made.generated == ("weight",)
    assert made.numbers["weight"].shape == (2, 3, 5)
    assert len(np.unique(made.numbers["weight"])) == 30
    assert np.all(made.numbers["input"] == 1)


def test_a_size_that_a_call_asks_for_stays_a_tuple() -> None:
    case = written(replace(layer(), call={"output_size": {"value": (8,)}})).case
    assert case.call.keyword == (("output_size", (8,)),)


def test_the_arguments_of_a_function_are_those_that_are_not_their_defaults() -> None:
    tensors = layer().tensors
    call = {"stride": {"value": (2,)}, "padding": {"value": (0,)}, "groups": {"value": 1}}
    function = Call(
        "", "torch.nn.functional.conv_transpose1d", "function", None, call, tensors, Array((), "float32", None)
    )
    case = written(function).case
    assert case.construct is None
    assert [item.role for item in case.call.positional if isinstance(item, Tensor)] == ["input", "weight"]
    assert case.call.keyword == (("stride", 2),)
