"""`torch.nn.functional` and `oneflow.nn.functional` as documented: everything goes in at once, nothing is held."""

import numpy as np
import pytest

from reference.documented import find
from tests.cases.documented import called, numbers, parameters, refusal, undocumented

EVERY_AXES = pytest.mark.parametrize("axes", [1, 2, 3])
EVERY_FRAMEWORK = pytest.mark.parametrize("framework", ["torch", "oneflow"])


def function(framework: str, axes: int):
    return find(f"{framework}.nn.functional.conv_transpose{axes}d")


def tensors(axes: int, groups: int = 1):
    return numbers(2, 4, *(5, 4, 3)[:axes]), numbers(4, 6 // groups, *(3, 2, 3)[:axes]), numbers(6)


@EVERY_FRAMEWORK
@EVERY_AXES
def test_a_function_is_its_class_with_the_same_tensors(framework: str, axes: int) -> None:
    x, weight, bias = tensors(axes, groups=2)
    keyword = {"stride": 2, "padding": 1, "output_padding": 1, "dilation": 2, "groups": 2}
    made = function(framework, axes)(x, weight, bias, **keyword)
    found = made.result(parameters={})
    layer = find(f"{framework}.nn.ConvTranspose{axes}d")(4, 6, weight.shape[2:], **keyword)
    wanted = layer.result(x, parameters={"weight": weight, "bias": bias})
    for part in ("value", "magnitude", "terms", "addend"):
        np.testing.assert_array_equal(getattr(found, part), getattr(wanted, part), strict=True)
    assert made.parameter_shapes() == made.parameter_shapes_for(x.shape) == {}
    assert parameters(made) == {}


@EVERY_FRAMEWORK
@EVERY_AXES
def test_arguments_are_positional_in_the_documented_order_and_only_two_are_needed(framework: str, axes: int) -> None:
    x, weight, bias = tensors(axes, groups=2)
    one = function(framework, axes)(x, weight, bias, 2, 1, 0, 2, 3)
    two = function(framework, axes)(
        weight=weight, bias=bias, dilation=3, groups=2, output_padding=0, padding=1, stride=2, input=x
    )
    assert one.geometry == two.geometry
    plain = function(framework, axes)(x, weight).geometry
    assert (plain.groups, plain.bias, set(plain.stride + plain.dilation), set(plain.longer)) == (1, False, {1}, {0})


@pytest.mark.parametrize(
    ("x", "weight", "padding", "shape"),
    [
        ((20, 16, 50), (16, 33, 5), 0, (20, 33, 54)),
        ((1, 4, 5, 5), (4, 8, 3, 3), 1, (1, 8, 5, 5)),
        ((20, 16, 5, 10, 20), (16, 33, 3, 3, 3), 0, (20, 33, 7, 12, 22)),
    ],
)
@EVERY_FRAMEWORK
def test_the_documents_examples_have_the_lengths_of_the_class_formula(
    framework: str, x, weight, padding: int, shape
) -> None:
    made = function(framework, len(x) - 2)(np.ones(x), np.ones(weight), padding=padding)
    assert (x[0], made.geometry.out_channels, *made.geometry.lengths(x[2:])) == shape


@EVERY_FRAMEWORK
@EVERY_AXES
@pytest.mark.parametrize("argument", ["stride", "padding", "output_padding", "dilation"])
def test_sizes_are_refused_by_type_and_by_length(framework: str, axes: int, argument: str) -> None:
    x, weight, _ = tensors(axes)
    for value, rule in (("1", "type"), (1.5, "type"), (None, "type"), ((1,) * (axes + 1), "length")):
        assert refusal(lambda v=value: function(framework, axes)(x, weight, **{argument: v})) == (argument, rule, None)
    undocumented(lambda: function(framework, axes)(x, weight, **{argument: [1] * axes}))


@EVERY_FRAMEWORK
@EVERY_AXES
def test_tensors_are_refused_by_what_they_are(framework: str, axes: int) -> None:
    x, weight, bias = tensors(axes)
    made = function(framework, axes)
    assert refusal(lambda: made(None, weight)) == ("input", "type", None)
    assert refusal(lambda: made(x, [1.0])) == ("weight", "type", None)
    assert refusal(lambda: made(x, weight, 1.0)) == ("bias", "type", None)
    assert refusal(lambda: made(x[..., None], weight)) == ("input", "rank", None)
    assert refusal(lambda: made(x, weight[..., None])) == ("weight", "rank", None)
    assert refusal(lambda: made(x[:, :3], weight)) == ("input", "channels", None)
    for other in (bias[:5], bias[:, None], numbers(12)):
        assert refusal(lambda b=other: made(x, weight, b)) == ("bias", "length", None)
    assert refusal(lambda: made(x, weight, groups=3)) == ("groups", "divisible", None)
    assert refusal(lambda: made(x, weight, groups="1")) == ("groups", "type", None)


@EVERY_FRAMEWORK
@EVERY_AXES
@pytest.mark.parametrize(
    "keyword", [{"stride": 0}, {"padding": -1}, {"output_padding": 1}, {"dilation": 0}, {"groups": 0}, {"groups": True}]
)
def test_the_document_gives_no_ranges(framework: str, axes: int, keyword) -> None:
    x, weight, _ = tensors(axes)
    undocumented(lambda: function(framework, axes)(x, weight, **keyword))


@EVERY_FRAMEWORK
@EVERY_AXES
def test_empty_tensors_and_empty_outputs_are_not_documented(framework: str, axes: int) -> None:
    x, weight, _ = tensors(axes)
    for made in (
        function(framework, axes)(x[:0], weight),
        function(framework, axes)(x[..., :0], weight),
        function(framework, axes)(x, weight[:, :0]),
        function(framework, axes)(x[..., :1], weight, padding=4),
    ):
        undocumented(lambda m=made: m.result(parameters={}))


@EVERY_AXES
def test_whether_a_batch_may_be_missing_is_open_in_one_framework_and_excluded_in_the_other(axes: int) -> None:
    x, weight, _ = tensors(axes)
    assert "batch" in undocumented(lambda: function("torch", axes)(x[0], weight))
    assert refusal(lambda: function("oneflow", axes)(x[0], weight)) == ("input", "rank", None)
    assert refusal(lambda: function("torch", axes)(x[0, 0], weight)) == ("input", "rank", None)


@EVERY_FRAMEWORK
def test_a_function_is_called_with_nothing_more(framework: str) -> None:
    x, weight, _ = tensors(1)
    with pytest.raises(TypeError, match="when it is made"):
        function(framework, 1)(x, weight).result(x, parameters={})
    with pytest.raises(TypeError, match="when it is made"):
        function(framework, 1)(x, weight).result(parameters={"weight": weight})
    with pytest.raises(TypeError, match="unexpected keyword"):
        function(framework, 1)(x, weight, padding_mode="zeros")


# Lazy layers


def lazy(axes: int, *arguments, **keyword):
    return find(f"torch.nn.LazyConvTranspose{axes}d")(*arguments, **keyword)


@EVERY_AXES
def test_a_lazy_layer_is_its_class_with_the_channels_of_the_input(axes: int) -> None:
    x = numbers(2, 4, *(5, 4, 3)[:axes])
    keyword = {"stride": 2, "padding": 1, "output_padding": 1, "groups": 2, "dilation": 2}
    wanted = called(f"torch.nn.ConvTranspose{axes}d", x, 4, 6, 3, **keyword)
    layer = find(f"torch.nn.ConvTranspose{axes}d")(4, 6, 3, **keyword)
    made = lazy(axes, 6, 3, **keyword)
    assert made.parameter_shapes_for(x.shape) == layer.parameter_shapes()
    found = made.result(x, parameters=parameters(layer))
    np.testing.assert_array_equal(found.value, wanted.value, strict=True)


@EVERY_AXES
def test_before_its_first_input_a_lazy_layer_has_no_shapes_but_its_law(axes: int) -> None:
    made = lazy(axes, 6, 3, groups=2)
    undocumented(made.parameter_shapes, valid=True)
    eager = find(f"torch.nn.ConvTranspose{axes}d")(4, 6, 3, groups=2)
    for name in ("weight", "bias"):
        assert made.initial_law(name) == eager.initial_law(name)
    assert list(made.parameter_shapes_for((1, 2, *(5,) * axes))) == ["weight", "bias"]


@EVERY_AXES
def test_only_when_the_channels_are_known_can_groups_fail_to_divide_them(axes: int) -> None:
    made = lazy(axes, 6, 3, groups=2)
    assert refusal(lambda: made.result(numbers(1, 3, *(5,) * axes), parameters={})) == ("groups", "divisible", None)
    assert refusal(lambda: lazy(axes, 5, 3, groups=2)) == ("groups", "divisible", None)
    assert refusal(lambda: lazy(axes, 5, 3, groups="2")) == ("groups", "type", None)
    undocumented(lambda: lazy(axes, 5, 3, groups=0))


@EVERY_AXES
def test_without_a_batch_there_is_no_axis_of_channels_where_the_document_looks(axes: int) -> None:
    made = lazy(axes, 6, 3)
    assert "size(1)" in undocumented(lambda: made.result(numbers(4, *(5,) * axes), parameters={}))
    assert refusal(lambda: made.result(numbers(4), parameters={})) == ("input", "rank", None)
    assert refusal(lambda: made.result(numbers(1, 1, 4, *(5,) * axes), parameters={})) == ("input", "rank", None)
    undocumented(lambda: made.result(numbers(1, 0, *(5,) * axes), parameters={}))


def test_the_other_arguments_are_those_of_the_class() -> None:
    assert refusal(lambda: lazy(2, 6, (3, 3, 3))) == ("kernel_size", "length", None)
    assert refusal(lambda: lazy(1, 6, 3, padding_mode="reflect")) == ("padding_mode", "choice", None)
    assert lazy(2, 6, 3, dilation=(2, 1)).geometry.dilation == (2, 1)
    assert "bias" not in lazy(2, 6, 3, bias=False).parameter_shapes_for((1, 2, 5, 5))
    x = numbers(1, 4, 6)
    held = {"weight": numbers(4, 2, 3), "bias": numbers(2)}
    made = lazy(1, 2, 3, stride=2, padding=1)
    assert made.result(x, parameters=held, output_size=(12,)).value.shape == (1, 2, 12)
