"""`torch.nn.ConvTranspose1d/2d/3d` as documented, against the law and the documents' own examples."""

import numpy as np
import pytest

from reference.conv_transpose.torch import ConvTranspose1d, ConvTranspose2d, ConvTranspose3d
from reference.values import Dtype
from tests.cases.documented import called, is_the_law, numbers, parameters, refusal, undocumented

MODULES = {1: ConvTranspose1d, 2: ConvTranspose2d, 3: ConvTranspose3d}
EVERY_AXES = pytest.mark.parametrize("axes", [1, 2, 3])


def name(axes: int) -> str:
    return f"torch.nn.ConvTranspose{axes}d"


def image(axes: int, channels: int = 4, batch: int = 2):
    return numbers(batch, channels, *(5, 4, 3)[:axes])


@EVERY_AXES
def test_with_defaults_it_is_the_plain_law_with_a_bias(axes: int) -> None:
    found = is_the_law(name(axes), image(axes), 4, 3, 2, law_keywords={})
    assert found.addend is not None
    assert found.value.shape == (2, 3, *(6, 5, 4)[:axes])


@EVERY_AXES
def test_every_argument_means_what_the_law_means_by_it(axes: int) -> None:
    sizes = {
        "stride": (2, 3, 1)[:axes],
        "padding": (1, 0, 2)[:axes],
        "output_padding": (1, 2, 0)[:axes],
        "dilation": (1, 2, 3)[:axes],
    }
    kernel = (3, 2, 3)[:axes]
    keywords = sizes | {"groups": 2}
    found = is_the_law(name(axes), image(axes), 4, 6, kernel, bias=False, law_keywords=keywords, **keywords)
    assert found.addend is None
    lengths = [
        (n - 1) * s - 2 * p + d * (k - 1) + o + 1
        for n, s, p, o, d, k in zip((5, 4, 3), *sizes.values(), kernel, strict=False)
    ]
    assert found.value.shape == (2, 6, *lengths)


def test_arguments_are_positional_in_the_documented_order() -> None:
    x = image(1)
    one = called(name(1), x, 4, 6, 3, 2, 1, 1, 2, False, 1, "zeros", None, None)
    two = called(name(1), x, 4, 6, 3, stride=2, padding=1, output_padding=1, groups=2, bias=False)
    np.testing.assert_array_equal(one.value, two.value, strict=True)


@EVERY_AXES
def test_an_int_is_that_int_on_every_axis(axes: int) -> None:
    x = image(axes)
    one = called(name(axes), x, 4, 3, 3, stride=2, padding=1, dilation=2)
    two = called(name(axes), x, 4, 3, (3,) * axes, stride=(2,) * axes, padding=(1,) * axes, dilation=(2,) * axes)
    np.testing.assert_array_equal(one.value, two.value, strict=True)


@EVERY_AXES
def test_an_input_without_a_batch_gives_the_one_image_of_a_batch(axes: int) -> None:
    batch = image(axes, batch=1)
    whole, alone = called(name(axes), batch, 4, 3, 2), called(name(axes), batch[0], 4, 3, 2)
    np.testing.assert_array_equal(alone.value, whole.value[0], strict=True)
    np.testing.assert_array_equal(alone.magnitude, whole.magnitude[0], strict=True)
    assert np.broadcast_shapes(alone.value.shape, alone.terms.shape, alone.addend.shape) == alone.value.shape


@pytest.mark.parametrize(
    ("kernel", "stride", "padding", "output_padding", "printed"),
    [(4, 1, 0, 0, 53), (5, 3, 2, 2, 150), (5, 3, 0, 0, 152)],
)
def test_the_examples_of_the_comparison_page_have_their_printed_lengths(
    kernel, stride, padding, output_padding, printed
) -> None:
    x = np.ones((1, 3, 50), np.float32)
    arguments = {"stride": stride, "padding": padding, "output_padding": output_padding, "bias": False}
    assert called(name(1), x, 3, 64, kernel, **arguments).value.shape == (1, 64, printed)


def test_the_example_of_the_article_has_the_length_of_its_formula_and_not_the_printed_one() -> None:
    x = np.ones((1, 16, 10), np.float32)
    assert called(name(1), x, 16, 8, 3, stride=2, padding=1, output_padding=1).value.shape == (1, 8, 20)


@pytest.mark.parametrize("axes", [1, 2])
def test_output_size_asks_for_an_exact_size_as_in_the_docstring(axes: int) -> None:
    x, size = numbers(1, 16, *(6,) * axes), (12,) * axes
    plain = called(name(axes), x, 16, 16, 3, stride=2, padding=1)
    assert plain.value.shape == (1, 16, *(11,) * axes)
    longer = called(name(axes), x, 16, 16, 3, stride=2, padding=1, output_padding=1)
    for asked in (size, (1, 16, *size), list(size)):
        found = called(name(axes), x, 16, 16, 3, stride=2, padding=1, options={"output_size": asked})
        np.testing.assert_array_equal(found.value, longer.value, strict=True)
        np.testing.assert_array_equal(found.terms, longer.terms)
    same = called(name(axes), x, 16, 16, 3, stride=2, padding=1, options={"output_size": None})
    np.testing.assert_array_equal(same.value, plain.value, strict=True)


@pytest.mark.parametrize("size", [(10,), (13,), (0,), "12", 12])
def test_which_other_sizes_may_be_asked_for_is_not_documented(size) -> None:
    x = numbers(1, 16, 6)
    undocumented(lambda: called(name(1), x, 16, 16, 3, stride=2, padding=1, options={"output_size": size}))


@pytest.mark.parametrize("size", [(12,), (), (None, 12), (1.5, 12), ("12", "12")])
def test_an_output_size_of_other_lengths_or_types_is_not_documented(size) -> None:
    x = numbers(1, 16, 6, 6)
    undocumented(lambda: called(name(2), x, 16, 16, 3, stride=2, padding=1, options={"output_size": size}))


def test_no_other_option_of_the_call_is_documented() -> None:
    undocumented(lambda: called(name(1), numbers(1, 4, 5), 4, 3, 2, options={"output_shape": (6,)}))


@EVERY_AXES
@pytest.mark.parametrize("argument", ["kernel_size", "stride", "padding", "output_padding", "dilation"])
def test_sizes_are_refused_by_type_and_by_length_with_no_documented_class(axes: int, argument: str) -> None:
    for value in (1.5, "1", None, 1j):
        assert refusal(
            lambda value=value: MODULES[axes](
                **{"in_channels": 4, "out_channels": 4, "kernel_size": 3} | {argument: value}
            )
        ) == (
            argument,
            "type",
            None,
        )
    for value in ((1,) * (axes + 1), (1,) * (axes - 1)):
        assert refusal(
            lambda value=value: MODULES[axes](
                **{"in_channels": 4, "out_channels": 4, "kernel_size": 3} | {argument: value}
            )
        ) == (
            argument,
            "length",
            None,
        )


@EVERY_AXES
def test_groups_must_divide_the_channels(axes: int) -> None:
    for incoming, outgoing, groups in ((4, 3, 2), (3, 4, 2), (4, 4, 3)):
        assert refusal(lambda c=(incoming, outgoing), g=groups: MODULES[axes](*c, 3, groups=g)) == (
            "groups",
            "divisible",
            None,
        )


@EVERY_AXES
@pytest.mark.parametrize(
    "keyword",
    [
        {"in_channels": 0},
        {"out_channels": -1},
        {"groups": 0},
        {"kernel_size": 0},
        {"stride": 0},
        {"padding": -1},
        {"output_padding": -1},
        {"output_padding": 1},
        {"dilation": 0},
        {"dilation": True},
        {"bias": 1},
        {"device": "nowhere"},
        {"device": 0},
        {"dtype": Dtype("int32")},
        {"dtype": "float32"},
        {"kernel_size": np.int64(3)},
    ],
)
def test_outside_of_what_the_document_says_nothing_is_documented(axes: int, keyword) -> None:
    undocumented(lambda: MODULES[axes](**{"in_channels": 4, "out_channels": 4, "kernel_size": 3} | keyword))


@pytest.mark.parametrize(
    ("stride", "dilation", "longer", "is_said"),
    [(2, 1, 1, True), (1, 2, 1, True), (2, 3, 2, True), (2, 2, 2, False), (1, 1, 1, False)],
)
def test_output_padding_is_documented_below_stride_or_dilation(stride, dilation, longer, is_said) -> None:
    def do():
        return called(name(1), numbers(1, 4, 5), 4, 4, 3, stride=stride, dilation=dilation, output_padding=longer)

    if is_said:
        assert do().value.shape[-1] == 4 * stride + dilation * 2 + 1 + longer
    else:
        undocumented(do)


def test_only_the_page_on_the_one_dimensional_class_says_what_padding_mode_may_be() -> None:
    assert refusal(lambda: ConvTranspose1d(4, 4, 3, padding_mode="reflect")) == ("padding_mode", "choice", None)
    assert refusal(lambda: ConvTranspose1d(4, 4, 3, padding_mode=1)) == ("padding_mode", "type", None)
    for module in (ConvTranspose2d, ConvTranspose3d):
        undocumented(lambda module=module: module(4, 4, 3, padding_mode="reflect"), valid=True)
        undocumented(lambda module=module: module(4, 4, 3, padding_mode="bogus"))
    assert ConvTranspose1d(4, 4, 3, padding_mode="zeros").geometry == ConvTranspose1d(4, 4, 3).geometry


def test_the_input_may_be_passed_by_its_documented_name() -> None:
    module, x = ConvTranspose1d(4, 4, 3), image(1)
    named = module.result(input=x, parameters=parameters(module))
    assert (named.value == module.result(x, parameters=parameters(module)).value).all()
    undocumented(lambda: module.result(signal=x, parameters=parameters(module)))


@EVERY_AXES
def test_inputs_of_another_rank_or_channel_count_are_refused(axes: int) -> None:
    for x, rule in (
        (numbers(4), "rank"),
        (numbers(2, 2, 4, *(5,) * axes), "rank"),
        (image(axes, channels=3), "channels"),
    ):
        if x.ndim in (axes + 1, axes + 2) and rule == "rank":
            continue
        assert refusal(lambda x=x: called(name(axes), x, 4, 3, 2)) == ("input", rule, None)
    assert refusal(lambda: called(name(axes), [1.0], 4, 3, 2)) == ("input", "type", None)


@EVERY_AXES
def test_empty_inputs_and_empty_outputs_are_not_documented(axes: int) -> None:
    undocumented(lambda: called(name(axes), numbers(0, 4, *(5,) * axes), 4, 3, 2))
    undocumented(lambda: called(name(axes), numbers(1, 4, *(0,) * axes), 4, 3, 2))
    undocumented(lambda: called(name(axes), numbers(1, 4, *(1,) * axes), 4, 3, 2, padding=1))
    assert called(name(axes), numbers(1, 4, *(1,) * axes), 4, 3, 3, padding=1).value.shape == (1, 3, *(1,) * axes)


@EVERY_AXES
def test_parameters_have_the_documented_shapes_and_random_values(axes: int) -> None:
    module = MODULES[axes](4, 6, 3, groups=2)
    assert list(module.parameter_shapes().items()) == [("weight", (4, 3, *(3,) * axes)), ("bias", (6,))]
    assert "bias" not in MODULES[axes](4, 6, 3, bias=False).parameter_shapes()
    held = parameters(module)
    del held["bias"]
    assert "bias" in undocumented(lambda: module.result(image(axes), parameters=held), valid=True)


def test_an_output_size_beside_an_output_padding_is_not_documented() -> None:
    x = np.ones((1, 16, 5))
    undocumented(lambda: called(name(1), x, 16, 16, 3, stride=2, output_padding=1, options={"output_size": (12,)}))
