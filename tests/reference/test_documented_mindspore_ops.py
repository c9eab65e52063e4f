"""`mindspore.ops.Conv2DTranspose`, `Conv3DTranspose` and `conv3d_transpose` as documented."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.conv_transpose import law
from reference.conv_transpose.mindspore_ops import Conv2DTranspose, Conv3DTranspose, Conv3dTransposeFunction
from reference.documented import Unsupported
from tests.cases.documented import called, numbers, refusal, undocumented
from tests.reference.zero_insertion import convolve

X2, W2 = numbers(2, 4, 5, 6), numbers(4, 3, 3, 2)
X3, W3 = numbers(2, 4, 3, 4, 5), numbers(4, 3, 3, 2, 1)


def plane(x=X2, weight=W2, size=None, **keyword):
    """The 2-D primitive, for an input of the convolution of the smallest size unless `size` is given."""
    made = Conv2DTranspose(**{"out_channel": 4, "kernel_size": (3, 2)} | keyword)
    if size is None:
        size = (x.shape[0], weight.shape[1] * made.geometry.groups, *made.geometry.lengths(x.shape[2:]))
    return made.result(x, weight, size, parameters={})


def volume(x=X3, weight=W3, *more, **keyword):
    plain = {"in_channel": 4, "out_channel": 3, "kernel_size": (3, 2, 1)}
    return Conv3DTranspose(**plain | keyword).result(x, weight, *more, parameters={})


def function(x=X3, weight=W3, **keyword):
    return Conv3dTransposeFunction(x, weight, **keyword).result(parameters={})


# Examples


def test_the_documents_examples_have_their_printed_shapes() -> None:
    made = Conv2DTranspose(out_channel=32, kernel_size=3)
    found = made.result(np.ones((1, 32, 30, 30)), np.ones((32, 32, 3, 3)), (1, 32, 32, 32), parameters={})
    assert found.value.shape == (1, 32, 32, 32)
    x, weight = np.ones((1, 16, 10, 32, 32)), np.ones((16, 3, 4, 6, 2))
    for found in (volume(x, weight, in_channel=16, kernel_size=(4, 6, 2)), function(x, weight)):
        assert found.value.shape == (1, 3, 13, 37, 33)


# Values


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_the_plane_is_the_adjoint_of_the_convolution_that_goes_from_input_size_to_dout(data) -> None:
    """Every size that a convolution takes to dout is documented, with what that convolution discards."""
    pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))
    stride, dilation, kernel = data.draw(pairs), data.draw(pairs), data.draw(pairs)
    group = data.draw(st.integers(1, 2))
    pads = data.draw(st.tuples(*[st.integers(0, 2)] * 4))
    extent = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
    size = tuple(
        max(1, e - sum(p)) + data.draw(st.integers(0, 5)) for e, p in zip(extent, (pads[:2], pads[2:]), strict=True)
    )
    out = [(n + sum(p) - e) // s + 1 for n, e, s, p in zip(size, extent, stride, (pads[:2], pads[2:]), strict=True)]
    dout, weight = numbers(2, 2 * group, *out), numbers(2 * group, 2, *kernel)
    found = plane(
        dout,
        weight,
        (2, 2 * group, *size),
        out_channel=2 * group,
        kernel_size=kernel,
        pad_mode="pad",
        pad=pads,
        stride=stride,
        dilation=dilation,
        group=group,
    )
    y = numbers(2, 2 * group, *size, seed=1)
    where = {"stride": stride, "padding": (pads[:2], pads[2:]), "dilation": dilation, "groups": group}
    forward = convolve(y, weight, out, output_padding=(0, 0), **where)
    assert int((found.value * y).sum()) == int((dout * forward).sum())


def test_sizes_that_no_convolution_takes_to_dout_are_not_documented() -> None:
    fits = (2, 3, 11, 12)
    assert plane(size=fits, stride=2).value.shape == fits
    assert plane(size=(2, 3, 12, 13), stride=2).value.shape == (2, 3, 12, 13)
    for other in ((2, 3, 10, 12), (2, 3, 13, 12), (2, 3, 11, 14)):
        undocumented(lambda s=other: plane(size=s, stride=2))


def test_same_has_one_size_and_an_odd_excess_at_the_end() -> None:
    found = plane(kernel_size=(3, 2), pad_mode="same", size=(2, 3, 5, 6))
    np.testing.assert_array_equal(found.value, law.conv_transpose(X2, W2, padding=((1, 1), (0, 1))))
    undocumented(lambda: plane(pad_mode="same", size=(2, 3, 9, 12), stride=2))
    assert plane(pad_mode="same", size=(2, 3, 10, 12), stride=2).value.shape == (2, 3, 10, 12)
    assert "negative" in undocumented(lambda: plane(pad_mode="same", size=(2, 3, 15, 18), stride=3), valid=True)


def test_valid_is_the_default_and_its_values_are_documented_whatever_the_stride() -> None:
    np.testing.assert_array_equal(plane(stride=4).value, law.conv_transpose(X2, W2, stride=4))
    np.testing.assert_array_equal(plane(stride=4).value, plane(stride=4, pad_mode="valid").value)


def test_the_weight_of_groups_is_divided_by_them() -> None:
    found = plane(weight=numbers(4, 2, 3, 2), group=2)
    np.testing.assert_array_equal(found.value, law.conv_transpose(X2, numbers(4, 2, 3, 2), groups=2))
    assert found.value.shape[1] == 4


@pytest.mark.parametrize("keyword", [{"mode": 0}, {"mode": 7}])
def test_mode_is_any_int_and_changes_nothing(keyword) -> None:
    np.testing.assert_array_equal(plane(**keyword).value, plane().value)
    np.testing.assert_array_equal(volume(**keyword).value, volume().value)


def test_the_volume_is_its_layer_with_the_same_tensors() -> None:
    keyword = {"pad_mode": "pad", "stride": (2, 1, 2), "dilation": (1, 2, 1), "output_padding": (1, 0, 1), "group": 2}
    pads, weight = (1, 0, 0, 1, 1, 1), numbers(4, 3, 3, 3, 3, seed=6)
    layer = called("mindspore.nn.Conv3dTranspose", X3, 4, 6, 3, padding=pads, **keyword)
    found = volume(weight=weight, out_channel=6, kernel_size=3, pad=pads, **keyword)
    np.testing.assert_array_equal(found.value, layer.value, strict=True)
    assert found.value.shape[1] == 6


@pytest.mark.parametrize("mode", ["pad", "valid", "same"])
def test_the_function_is_the_primitive_but_for_where_an_odd_excess_in_depth_goes(mode: str) -> None:
    keyword = {"pad_mode": mode, "dilation": (1, 1, 2)}
    weight = W3[:, :, :2]
    primitive = {"kernel_size": (2, 2, 1)}
    found = function(weight=weight, **keyword)
    if mode == "same":
        assert "depth" in undocumented(lambda: volume(weight=weight, **keyword, **primitive), valid=True)
        crop = ((0, 1), (0, 1), (0, 0))
        np.testing.assert_array_equal(found.value, law.conv_transpose(X3, weight, dilation=(1, 1, 2), padding=crop))
    else:
        np.testing.assert_array_equal(found.value, volume(weight=weight, **keyword, **primitive).value, strict=True)


def test_valid_with_a_stride_beyond_the_kernel_stays_open_in_three_dimensions() -> None:
    for do in (volume, function):
        assert "compete" in undocumented(lambda do=do: do(stride=2), valid=True)


# Errors of construction


@pytest.mark.parametrize("argument", ["kernel_size", "stride", "pad", "dilation"])
def test_sizes_of_a_primitive_are_ints_or_tuples(argument: str) -> None:
    for value in ("1", 1.5, None, [1, 1]):
        assert refusal(lambda v=value: plane(**{argument: v})) == (argument, "type", TypeError)
        assert refusal(lambda v=value: volume(**{argument: v})) == (argument, "type", TypeError)
    if argument != "pad":
        assert refusal(lambda: plane(**{argument: (1, 0)})) == (argument, "range", ValueError)
        assert refusal(lambda: volume(**{argument: (1, 0, 1)})) == (argument, "range", ValueError)
        undocumented(lambda: plane(**{argument: (1, 1, 1, 1)}))


def test_lengths_of_tuples_are_refused_where_the_documents_say_how_many_there_are() -> None:
    assert refusal(lambda: plane(pad=(0, 0))) == ("pad", "length", ValueError)
    assert refusal(lambda: volume(pad=(0, 0, 0))) == ("pad", "length", ValueError)
    assert refusal(lambda: function(padding=(0, 0, 0))) == ("padding", "length", ValueError)
    assert refusal(lambda: volume(kernel_size=(1, 1))) == ("kernel_size", "length", None)
    assert refusal(lambda: volume(stride=(1, 1))) == ("stride", "length", None)
    assert refusal(lambda: function(stride=(1, 1))) == ("stride", "length", None)
    for argument in ("dilation", "output_padding"):
        undocumented(lambda a=argument: volume(**{a: (1, 1)}))
        undocumented(lambda a=argument: function(**{a: (1, 1)}))


@pytest.mark.parametrize("argument", ["stride", "padding", "dilation", "output_padding"])
def test_sizes_of_the_function_are_ints_or_tuples(argument: str) -> None:
    for value in ("1", 1.5, None, [1, 1, 1]):
        assert refusal(lambda v=value: function(**{argument: v})) == (argument, "type", TypeError)


def test_channels_and_groups_are_ints_of_at_least_one_where_the_documents_say_so() -> None:
    for do, names in (
        (plane, ("out_channel", "group")),
        (volume, ("in_channel", "out_channel", "group")),
        (function, ("group",)),
    ):
        for name in names:
            assert refusal(lambda do=do, name=name: do(**{name: 1.5})) == (name, "type", TypeError)
            undocumented(lambda do=do, name=name: do(**{name: True}))
    assert refusal(lambda: volume(in_channel=0)) == ("in_channel", "range", ValueError)
    assert refusal(lambda: volume(out_channel=-1)) == ("out_channel", "range", ValueError)
    undocumented(lambda: plane(out_channel=0))
    for do in (plane, volume, function):
        undocumented(lambda do=do: do(group=0))
        assert refusal(lambda do=do: do(stride=0)) == ("stride", "range", ValueError)
        assert refusal(lambda do=do: do(dilation=-1)) == ("dilation", "range", ValueError)
    assert refusal(lambda: volume(group=3)) == ("group", "divisible", None)
    undocumented(lambda: plane(group=3))
    for do in (plane, volume):
        assert refusal(lambda do=do: do(mode="1")) == ("mode", "type", None)


def test_the_function_supports_one_group_only() -> None:
    with pytest.raises(Unsupported, match="group 1"):
        function(group=2)


def test_pad_modes_and_what_they_need() -> None:
    for do, name in ((plane, "pad"), (volume, "pad"), (function, "padding")):
        assert refusal(lambda do=do: do(pad_mode="bogus")) == ("pad_mode", "choice", ValueError)
        assert refusal(lambda do=do: do(pad_mode=1)) == ("pad_mode", "type", None)
        for mode in ("same", "valid"):
            keyword = {"pad_mode": mode, name: 1}
            assert refusal(lambda do=do, keyword=keyword: do(**keyword)) == (name, "needs", ValueError)
        error = None if do is plane else ValueError
        assert refusal(lambda do=do, name=name: do(pad_mode="pad", **{name: -1})) == (name, "range", error)


def test_data_formats() -> None:
    assert refusal(lambda: plane(data_format="NDHWC")) == ("data_format", "choice", ValueError)
    assert "weight" in undocumented(lambda: plane(data_format="NHWC"))
    assert refusal(lambda: volume(data_format="NDHWC")) == ("data_format", "choice", ValueError)
    undocumented(lambda: plane(pad_list=(0, 0, 0, 0)))


def test_output_padding_is_documented_for_pad_mode_pad() -> None:
    assert refusal(lambda: function(pad_mode="valid", output_padding=1)) == ("output_padding", "needs", None)
    undocumented(lambda: function(pad_mode="same", output_padding=1))
    undocumented(lambda: volume(pad_mode="valid", output_padding=1))
    for do in (volume, function):
        assert do(pad_mode="pad", stride=2, output_padding=1).value.shape == (2, 3, 8, 9, 10)
        for value in (-1, 2):
            undocumented(lambda do=do, value=value: do(pad_mode="pad", stride=2, output_padding=value))


# Errors of the call


def test_tensors_are_refused_by_what_they_are() -> None:
    assert refusal(lambda: plane(X2[0], size=(1, 3, 7, 7))) == ("input", "rank", None)
    assert refusal(lambda: plane(weight=W2[0], size=(2, 3, 7, 7))) == ("weight", "rank", None)
    assert refusal(lambda: volume(X3[0])) == ("input", "rank", ValueError)
    assert refusal(lambda: volume(weight=W3[0])) == ("weight", "rank", ValueError)
    assert refusal(lambda: function(X3[0])) == ("input", "rank", ValueError)
    assert refusal(lambda: function(weight=W3[0])) == ("weight", "rank", ValueError)
    assert refusal(lambda: plane(X2[:, :3])) == ("input", "channels", None)
    assert refusal(lambda: plane(weight=W2[:3])) == ("weight", "channels", None)
    assert refusal(lambda: plane(weight=W2[:, :, :2])) == ("weight", "length", None)
    assert refusal(lambda: volume(X3[:, :3])) == ("input", "channels", None)
    assert refusal(lambda: volume(weight=W3[:, :2])) == ("weight", "channels", None)
    assert refusal(lambda: volume(weight=W3[:, :, :2])) == ("weight", "length", None)
    assert refusal(lambda: function(X3[:, :3])) == ("input", "channels", None)
    for do in (volume, function):
        assert refusal(lambda do=do: do([1.0])) == ("input", "type", None)
        assert refusal(lambda do=do: do(weight=None)) == ("weight", "type", None)
        undocumented(lambda do=do: do(X3[:0]))
    assert refusal(lambda: function(X3[:, :0], W3[:0])) == ("input", "range", ValueError)
    assert refusal(lambda: function(weight=W3[:, :0])) == ("weight", "range", ValueError)


def test_the_size_of_the_convolutions_input_is_a_tuple_of_its_four_lengths() -> None:
    assert refusal(lambda: plane(size="1")) == ("input_size", "type", None)
    assert refusal(lambda: plane(size=(2, 3, 7))) == ("input_size", "length", None)
    assert refusal(lambda: plane(size=(1, 3, 7, 7))) == ("input_size", "channels", None)
    assert refusal(lambda: plane(size=(2, 4, 7, 7))) == ("input_size", "channels", None)
    for value in ([2, 3, 7, 7], np.array([2, 3, 7, 7]), (2, 3, 0, 7)):
        undocumented(lambda v=value: plane(size=v))
    made = Conv2DTranspose(4, (3, 2))
    named = made.result(X2, weight=W2, input_size=(2, 3, 7, 7), parameters={})
    np.testing.assert_array_equal(named.value, plane().value)
    undocumented(lambda: made.result(X2, W2, (2, 3, 7, 7), 1, parameters={}))
    undocumented(lambda: made.result(X2, W2, (2, 3, 7, 7), dout=X2, parameters={}))


def test_a_bias_must_be_none() -> None:
    np.testing.assert_array_equal(volume(X3, W3, None).value, volume().value)
    assert refusal(lambda: volume(X3, W3, numbers(3))) == ("bias", "choice", ValueError)


def test_primitives_and_functions_hold_no_parameters() -> None:
    assert Conv2DTranspose(4, 3).parameter_shapes() == Conv3DTranspose(4, 3, 3).parameter_shapes() == {}
    assert Conv3dTransposeFunction(X3, W3).parameter_shapes() == {}
