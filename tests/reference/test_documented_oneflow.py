"""`oneflow.nn.ConvTranspose1d/2d/3d` as documented, against the law and the document's own example."""

import numpy as np
import pytest

from reference.conv_transpose import law
from reference.conv_transpose.oneflow import ConvTranspose1d, ConvTranspose2d, ConvTranspose3d
from reference.documented import find
from tests.cases.documented import called, is_the_law, numbers, refusal, undocumented

MODULES = {1: ConvTranspose1d, 2: ConvTranspose2d, 3: ConvTranspose3d}
EVERY_AXES = pytest.mark.parametrize("axes", [1, 2, 3])


def name(axes: int) -> str:
    return f"oneflow.nn.ConvTranspose{axes}d"


@EVERY_AXES
def test_every_argument_means_what_the_law_means_by_it(axes: int) -> None:
    sizes = {
        "stride": (2, 3, 1)[:axes],
        "padding": (1, 0, 2)[:axes],
        "output_padding": (1, 2, 0)[:axes],
        "dilation": (1, 2, 3)[:axes],
        "groups": 2,
    }
    x = numbers(2, 4, *(5, 4, 3)[:axes])
    is_the_law(name(axes), x, 4, 6, (3, 2, 3)[:axes], law_keywords=sizes, **sizes)
    is_the_law(name(axes), x, 4, 3, 2, law_keywords={})


def test_the_documents_example_has_its_printed_size() -> None:
    module = find(name(2))(16, 33, (3, 5), stride=(2, 1), padding=(4, 2))
    assert module.parameter_shapes() == {"weight": (16, 33, 3, 5), "bias": (33,)}
    assert module.geometry.lengths((50, 100)) == (93, 100)
    x = numbers(1, 16, 50, 100)
    assert called(name(2), x, 16, 33, (3, 5), stride=(2, 1), padding=(4, 2)).value.shape == (1, 33, 93, 100)
    assert law.output_shape((20, 16, 50, 100), (16, 33, 3, 5), stride=(2, 1), padding=(4, 2)) == (20, 33, 93, 100)


@EVERY_AXES
def test_only_a_batch_is_documented(axes: int) -> None:
    assert refusal(lambda: called(name(axes), numbers(4, *(5,) * axes), 4, 3, 2)) == ("input", "rank", None)
    assert refusal(lambda: called(name(axes), numbers(2, 3, *(5,) * axes), 4, 3, 2)) == ("input", "channels", None)


@EVERY_AXES
@pytest.mark.parametrize("argument", ["kernel_size", "stride", "padding", "output_padding", "dilation"])
def test_sizes_are_refused_by_type_and_by_length_with_no_documented_class(axes: int, argument: str) -> None:
    plain = {"in_channels": 4, "out_channels": 4, "kernel_size": 3}
    assert refusal(lambda: MODULES[axes](**plain | {argument: "1"})) == (argument, "type", None)
    assert refusal(lambda: MODULES[axes](**plain | {argument: (1,) * (axes + 1)})) == (argument, "length", None)


@EVERY_AXES
def test_nothing_is_said_of_groups_that_do_not_divide_the_channels(axes: int) -> None:
    undocumented(lambda: MODULES[axes](4, 3, 2, groups=2))
    undocumented(lambda: MODULES[axes](4, 4, 2, groups=0))


@EVERY_AXES
def test_nothing_is_said_of_other_padding_modes_than_zeros_but_that_they_are_words(axes: int) -> None:
    undocumented(lambda: MODULES[axes](4, 4, 2, padding_mode="reflect"))
    assert refusal(lambda: MODULES[axes](4, 4, 2, padding_mode=1)) == ("padding_mode", "type", None)


def test_the_list_of_arguments_decides_that_dilation_may_be_a_tuple_in_two_dimensions() -> None:
    is_the_law(name(2), numbers(1, 4, 5, 4), 4, 3, 3, dilation=(2, 1), law_keywords={"dilation": (2, 1)})


@EVERY_AXES
@pytest.mark.parametrize(
    "keyword",
    [{"stride": 0}, {"padding": -1}, {"output_padding": 1}, {"dilation": 0}, {"in_channels": 0}, {"bias": None}],
)
def test_the_document_gives_no_ranges(axes: int, keyword) -> None:
    undocumented(lambda: MODULES[axes](**{"in_channels": 4, "out_channels": 4, "kernel_size": 3} | keyword))


@EVERY_AXES
def test_there_is_no_device_no_dtype_and_no_option_of_the_call(axes: int) -> None:
    with pytest.raises(TypeError, match="unexpected keyword"):
        MODULES[axes](4, 4, 3, device="cpu")  # type: ignore[call-arg]
    undocumented(lambda: called(name(axes), numbers(1, 4, *(5,) * axes), 4, 4, 3, options={"output_size": (1,)}))


@EVERY_AXES
def test_it_agrees_with_pytorch_wherever_both_are_documented(axes: int) -> None:
    x = numbers(2, 4, *(5, 4, 3)[:axes])
    keyword = {"stride": 2, "padding": 1, "output_padding": 1, "dilation": 2, "groups": 2}
    ours, theirs = (called(api, x, 4, 6, 3, **keyword) for api in (name(axes), f"torch.nn.ConvTranspose{axes}d"))
    np.testing.assert_array_equal(ours.value, theirs.value, strict=True)
