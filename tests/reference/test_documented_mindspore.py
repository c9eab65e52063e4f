"""`mindspore.nn.Conv1dTranspose/…` as documented: rulings, errors, initial values, and the documents' own examples."""

import numpy as np
import pytest

from reference.conv_transpose.mindspore_nn import Conv1dTranspose, Conv2dTranspose, Conv3dTranspose
from reference.values import Dtype, Scalar
from tests.cases.documented import called, is_the_law, numbers, parameters, refusal, undocumented

MODULES = {1: Conv1dTranspose, 2: Conv2dTranspose, 3: Conv3dTranspose}
EVERY_AXES = pytest.mark.parametrize("axes", [1, 2, 3])
PLAIN = {"in_channels": 4, "out_channels": 6, "kernel_size": 3}


def name(axes: int) -> str:
    return f"mindspore.nn.Conv{axes}dTranspose"


def image(axes: int, channels: int = 4, size: tuple[int, ...] = (5, 4, 6)):
    return numbers(2, channels, *size[:axes])


def made(axes: int, **keyword):
    return MODULES[axes](**PLAIN | keyword)


# Examples that the documents print


def test_the_examples_of_the_docstrings_have_their_printed_shapes() -> None:
    keyword = {"has_bias": False, "weight_init": "normal", "pad_mode": "pad"}
    assert called(name(1), np.ones((1, 3, 50)), 3, 64, 4, **keyword).value.shape == (1, 64, 53)
    assert called(name(2), np.ones((1, 3, 16, 50)), 3, 64, 4, **keyword).value.shape == (1, 64, 19, 53)


@pytest.mark.parametrize(
    ("kernel", "stride", "mode", "printed"), [(4, 1, "pad", 53), (5, 3, "same", 150), (5, 3, "valid", 152)]
)
def test_the_examples_of_the_comparison_page_have_their_printed_lengths(kernel, stride, mode, printed) -> None:
    keyword = {"stride": stride, "weight_init": "ones", "pad_mode": mode}
    assert called(name(1), np.ones((1, 3, 50)), 3, 64, kernel, **keyword).value.shape == (1, 64, printed)


# pad


@EVERY_AXES
def test_pad_crops_what_padding_names(axes: int) -> None:
    crop = ((1, 2), (0, 1), (2, 0))[:axes] if axes > 1 else ((1, 1),)
    padding = tuple(item for pair in crop for item in pair) if axes > 1 else 1
    sizes = {"stride": (2, 3, 2)[:axes], "dilation": (1, 2, 1)[:axes]}
    kernel = (3, 2, 4)[:axes]
    given = sizes if axes > 1 else {key: value[0] for key, value in sizes.items()}
    keyword = {"pad_mode": "pad", "padding": padding, "group": 2, "has_bias": True, **given}
    law = {"padding": crop, "groups": 2, **sizes}
    is_the_law(name(axes), image(axes), 4, 6, kernel if axes > 1 else 3, law_keywords=law, **keyword)


def test_two_dimensional_padding_is_top_bottom_left_right() -> None:
    x = np.ones((1, 4, 5, 4))
    for place, length in enumerate(((6, 6), (6, 6), (7, 5), (7, 5))):
        padding = tuple(int(index == place) for index in range(4))
        assert called(name(2), x, 4, 6, 3, pad_mode="pad", padding=padding).value.shape[2:] == length


@pytest.mark.parametrize("axes", [2, 3])
def test_output_padding_lengthens_the_end_and_keeps_what_falls_there(axes: int) -> None:
    sizes = {"stride": (3, 2, 2)[:axes], "output_padding": (2, 1, 1)[:axes]}
    law = sizes | {"padding": ((1, 1),) * axes}
    found = is_the_law(name(axes), image(axes), 4, 6, 3, pad_mode="pad", padding=1, law_keywords=law, **sizes)
    assert found.value[..., -1].any()


# Ruling: same-length, same-crop


@pytest.mark.parametrize(("kernel", "stride"), [(2, 1), (3, 1), (4, 1), (4, 2), (5, 2), (5, 3), (3, 3)])
@pytest.mark.parametrize("axes", [1, 2])
def test_same_gives_length_times_stride_and_crops_an_odd_excess_at_the_end(axes: int, kernel: int, stride: int) -> None:
    excess = kernel - stride
    crop = (excess // 2, excess - excess // 2)
    law = {"stride": stride, "padding": (crop,) * axes}
    found = is_the_law(name(axes), image(axes), 4, 6, kernel, stride=stride, law_keywords=law)
    assert found.value.shape[2:] == tuple(size * stride for size in (5, 4)[:axes])


def test_same_counts_the_dilated_kernel() -> None:
    law = {"dilation": 2, "padding": ((2, 2),)}
    is_the_law(name(1), image(1), 4, 6, 3, dilation=2, law_keywords=law)


def test_same_is_the_default() -> None:
    x = image(2)
    np.testing.assert_array_equal(called(name(2), x, 4, 6, 3).value, called(name(2), x, 4, 6, 3, pad_mode="same").value)


def test_an_odd_excess_in_depth_is_not_documented_and_on_the_other_axes_it_is() -> None:
    x = image(3)
    assert "depth" in undocumented(lambda: called(name(3), x, 4, 6, (4, 3, 3)), valid=True)
    is_the_law(name(3), x, 4, 6, (3, 4, 2), law_keywords={"padding": ((1, 1), (1, 2), (0, 1))})


@EVERY_AXES
def test_same_with_a_stride_beyond_the_kernel_has_a_length_but_no_documented_values(axes: int) -> None:
    module = made(axes, kernel_size=2, stride=3)
    x = image(axes)
    assert module.geometry.lengths(x.shape[2:]) == tuple(3 * size for size in x.shape[2:])
    assert "negative" in undocumented(lambda: module.result(x, parameters=parameters(module)), valid=True)


# Ruling: valid-length


@EVERY_AXES
@pytest.mark.parametrize(("kernel", "stride", "dilation"), [(3, 1, 1), (3, 3, 1), (3, 2, 2)])
def test_valid_crops_nothing(axes: int, kernel: int, stride: int, dilation: int) -> None:
    keyword = {"stride": stride, "dilation": dilation}
    is_the_law(name(axes), image(axes), 4, 6, kernel, pad_mode="valid", law_keywords=keyword, **keyword)


def test_valid_with_a_stride_beyond_the_kernel_is_decided_in_one_dimension_only() -> None:
    is_the_law(name(1), image(1), 4, 6, 2, pad_mode="valid", stride=3, law_keywords={"stride": 3})
    for axes in (2, 3):
        module = made(axes, kernel_size=2, stride=3, pad_mode="valid")
        assert "compete" in undocumented(
            lambda m=module, n=axes: m.result(image(n), parameters=parameters(m)), valid=True
        )
        one_axis = made(axes, kernel_size=2, stride=(1, 3, 1)[:axes], pad_mode="valid")
        undocumented(lambda m=one_axis, n=axes: m.result(image(n), parameters=parameters(m)), valid=True)


# Ruling: padding-length


def test_the_length_of_a_tuple_has_the_class_that_its_document_names() -> None:
    for value in ((1,), (1, 1), (1, 1, 1), (1,) * 5):
        assert refusal(lambda value=value: made(2, pad_mode="pad", padding=value)) == ("padding", "length", ValueError)
    for value in ((1,), (1, 1, 1), (1,) * 7):
        assert refusal(lambda value=value: made(3, pad_mode="pad", padding=value)) == ("padding", "length", ValueError)
    for argument in ("kernel_size", "stride", "dilation", "output_padding"):
        assert refusal(lambda argument=argument: made(2, **{argument: (1,)})) == (argument, "length", None)
        assert refusal(lambda argument=argument: made(3, **{argument: (1, 1)})) == (argument, "length", TypeError)


# Errors


@EVERY_AXES
@pytest.mark.parametrize("argument", ["in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation"])
def test_another_type_is_a_type_error(axes: int, argument: str) -> None:
    for value in (1.5, "1", None, [1] * axes):
        assert refusal(lambda value=value: made(axes, **{argument: value})) == (argument, "type", TypeError)


def test_one_dimension_knows_no_tuples() -> None:
    for argument in ("kernel_size", "stride", "padding", "dilation"):
        assert refusal(lambda argument=argument: made(1, **{argument: (1,)})) == (argument, "type", TypeError)


def test_the_type_of_group_is_a_documented_error_in_two_and_three_dimensions_only() -> None:
    assert refusal(lambda: made(1, group=1.5)) == ("group", "type", None)
    assert refusal(lambda: made(2, group=1.5)) == ("group", "type", TypeError)
    assert refusal(lambda: made(3, group=1.5)) == ("group", "type", TypeError)


@EVERY_AXES
@pytest.mark.parametrize("argument", ["in_channels", "out_channels", "kernel_size", "stride", "dilation"])
def test_less_than_one_is_a_value_error(axes: int, argument: str) -> None:
    for value in (0, -1):
        assert refusal(lambda value=value: made(axes, **{argument: value})) == (argument, "range", ValueError)


@EVERY_AXES
def test_a_negative_padding_is_a_value_error(axes: int) -> None:
    for mode in ("pad", "same"):
        assert refusal(lambda mode=mode: made(axes, pad_mode=mode, padding=-1)) == ("padding", "range", ValueError)


@pytest.mark.parametrize("mode", ["bogus", "SAME", ""])
@EVERY_AXES
def test_another_word_for_pad_mode_is_a_value_error_and_another_type_has_no_class(axes: int, mode: str) -> None:
    assert refusal(lambda: made(axes, pad_mode=mode)) == ("pad_mode", "choice", ValueError)
    assert refusal(lambda: made(axes, pad_mode=1)) == ("pad_mode", "type", None)


@pytest.mark.parametrize("mode", ["same", "valid"])
def test_padding_needs_the_mode_pad(mode: str) -> None:
    assert refusal(lambda: made(1, pad_mode=mode, padding=1)) == ("padding", "needs", None)
    assert refusal(lambda: made(2, pad_mode=mode, padding=(0, 0, 0, 1))) == ("padding", "needs", ValueError)
    assert refusal(lambda: made(3, pad_mode=mode, padding=1)) == ("padding", "needs", ValueError)
    assert made(2, pad_mode=mode, padding=(0, 0, 0, 0)).geometry == made(2, pad_mode=mode).geometry


def test_output_padding_is_bounded_and_needs_the_mode_pad_in_two_dimensions() -> None:
    assert refusal(lambda: made(2, pad_mode="pad", output_padding=1)) == ("output_padding", "range", None)
    assert refusal(lambda: made(2, pad_mode="pad", output_padding=-1)) == ("output_padding", "range", None)
    assert refusal(lambda: made(2, pad_mode="same", stride=2, output_padding=1)) == ("output_padding", "needs", None)
    assert refusal(lambda: made(2, output_padding=1.5)) == ("output_padding", "type", None)
    assert made(2, pad_mode="pad", dilation=3, output_padding=2).geometry.longer == (2, 2)


def test_of_output_padding_in_three_dimensions_less_is_said() -> None:
    undocumented(lambda: made(3, pad_mode="pad", output_padding=1))
    undocumented(lambda: made(3, pad_mode="same", stride=2, output_padding=1))
    assert refusal(lambda: made(3, output_padding=-1)) == ("output_padding", "range", None)
    assert refusal(lambda: made(3, output_padding=1.5)) == ("output_padding", "type", TypeError)


@EVERY_AXES
def test_group_must_divide_the_channels(axes: int) -> None:
    assert refusal(lambda: made(axes, group=3)) == ("group", "divisible", None)
    assert refusal(lambda: made(axes, group=4)) == ("group", "divisible", None)
    undocumented(lambda: made(axes, group=0))


def test_data_format_is_ncdhw() -> None:
    assert refusal(lambda: made(3, data_format="NDHWC")) == ("data_format", "choice", ValueError)
    assert refusal(lambda: made(3, data_format=1)) == ("data_format", "type", None)
    assert made(3, data_format="NCDHW").geometry == made(3).geometry


@EVERY_AXES
def test_dilation_is_at_most_the_length_on_its_axis(axes: int) -> None:
    x = numbers(1, 4, *(3, 5, 5)[:axes])
    assert called(name(axes), x, 4, 6, 2, dilation=3, pad_mode="valid").value.shape[2] == 6
    assert refusal(lambda: called(name(axes), x, 4, 6, 2, dilation=4, pad_mode="valid")) == ("dilation", "range", None)
    if axes > 1:
        assert called(name(axes), x, 4, 6, 2, dilation=(3, 5, 5)[:axes], pad_mode="valid").value.shape[3] == 10


@EVERY_AXES
def test_only_batches_of_the_right_channels_are_accepted(axes: int) -> None:
    assert refusal(lambda: called(name(axes), image(axes)[0], 4, 6, 3)) == ("input", "rank", None)
    assert refusal(lambda: called(name(axes), image(axes, 3), 4, 6, 3)) == ("input", "channels", None)


@EVERY_AXES
@pytest.mark.parametrize(
    "keyword", [{"has_bias": 1}, {"has_bias": None}, {"group": True}, {"stride": True}, {"dtype": Dtype("int32")}]
)
def test_what_only_python_decides_is_not_documented(axes: int, keyword) -> None:
    undocumented(lambda: made(axes, **keyword))


@EVERY_AXES
def test_a_dtype_is_no_string(axes: int) -> None:
    for value in ("float32", 32, None):
        assert refusal(lambda value=value: made(axes, dtype=value)) == ("dtype", "type", None)


# Parameters


def test_the_weight_of_one_dimension_is_stored_with_a_height_of_one() -> None:
    assert made(1, group=2, has_bias=True).parameter_shapes() == {"weight": (4, 3, 1, 3), "bias": (6,)}
    assert made(2, group=2).parameter_shapes() == {"weight": (4, 3, 3, 3)}
    assert made(3, group=2).parameter_shapes() == {"weight": (4, 3, 3, 3, 3)}


@pytest.mark.parametrize(("init", "value"), [("ones", 1), ("One", 1), ("ZEROS", 0), ("zero", 0), (0.25, 0.25), (3, 3)])
@EVERY_AXES
def test_constant_initial_values_are_documented(axes: int, init, value) -> None:
    module = made(axes, weight_init=init, bias_init=init, has_bias=True)
    for parameter, shape in module.parameter_shapes().items():
        assert np.array_equal(module.initial(parameter), np.full(shape, value))


@pytest.mark.parametrize("init", [None, "normal", "HeUniform", "XAVIER_UNIFORM", "he_uniform", "TruncatedNormal"])
def test_random_initial_values_are_valid_and_not_documented(init) -> None:
    module = made(1, weight_init=init)
    undocumented(lambda: module.initial("weight"), valid=True)
    undocumented(lambda: module.result(image(1), parameters={}), valid=True)


@EVERY_AXES
def test_a_tensor_is_its_own_initial_value(axes: int) -> None:
    tensor = numbers(4, 6, *(3,) * axes)
    module = made(axes, weight_init=tensor)
    assert np.array_equal(module.initial("weight").reshape(tensor.shape), tensor)


@pytest.mark.parametrize(
    ("value", "rule"), [("no_such_initializer", "choice"), ((1,), "type"), ([1.0], "type"), (Scalar("int8", 1), "type")]
)
@EVERY_AXES
def test_what_initialises_nothing_is_refused(axes: int, value, rule: str) -> None:
    assert refusal(lambda: made(axes, weight_init=value)) == ("weight_init", rule, None)
    assert refusal(lambda: made(axes, bias_init=value, has_bias=True)) == ("bias_init", rule, None)
    undocumented(lambda: made(axes, bias_init=value))


@pytest.mark.parametrize("value", [True, np.float32(1)])
def test_whether_a_bool_or_a_numpy_scalar_is_a_number_is_not_documented(value) -> None:
    undocumented(lambda: made(1, weight_init=value))


def test_defaults_are_those_of_the_signature() -> None:
    geometry = made(2).geometry
    assert (geometry.stride, geometry.dilation, geometry.groups, geometry.bias) == ((1, 1), (1, 1), 1, False)
    assert geometry.crop == ((1, 1), (1, 1))
