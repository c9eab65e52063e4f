"""`mint.nn.ConvTranspose2d`, `mint.nn.functional.conv_transpose2d` and `ops.conv_transpose2d` as documented."""

import numpy as np
import pytest

from reference.conv_transpose import law
from reference.documented import find
from reference.values import Dtype
from tests.cases.documented import called, is_the_law, numbers, refusal, undocumented

LAYER = "mindspore.mint.nn.ConvTranspose2d"
FUNCTIONS = ("mindspore.mint.nn.functional.conv_transpose2d", "mindspore.ops.conv_transpose2d")
EVERY_FUNCTION = pytest.mark.parametrize("name", FUNCTIONS)
X, W, B = numbers(2, 4, 5, 4), numbers(4, 3, 3, 2), numbers(6)
SIZES = ("stride", "padding", "output_padding", "dilation")


def layer(**keyword):
    return find(LAYER)(**{"in_channels": 4, "out_channels": 6, "kernel_size": 3} | keyword)


def test_every_argument_of_the_layer_means_what_the_law_means_by_it() -> None:
    keyword = {"stride": (2, 3), "padding": (1, 0), "output_padding": (1, 2), "dilation": (1, 2), "groups": 2}
    is_the_law(LAYER, X, 4, 6, (3, 2), law_keywords=keyword, **keyword)
    is_the_law(LAYER, X, 4, 6, 3, bias=False, law_keywords={})


def test_it_agrees_with_pytorch_wherever_both_are_documented() -> None:
    keyword = {"stride": 2, "padding": 1, "output_padding": 1, "dilation": 2, "groups": 2}
    for x in (X, X[0]):
        ours, theirs = (called(name, x, 4, 6, 3, **keyword) for name in (LAYER, "torch.nn.ConvTranspose2d"))
        np.testing.assert_array_equal(ours.value, theirs.value, strict=True)


def test_the_documents_examples() -> None:
    assert layer(in_channels=16, out_channels=33, kernel_size=(3, 5), stride=(2, 1), padding=(4, 2)).geometry.lengths(
        (50, 100)
    ) == (93, 100)
    x = numbers(1, 16, 6, 6)
    found = called(LAYER, x, 16, 16, 3, stride=2, padding=1, options={"output_size": (1, 16, 12, 12)})
    assert found.value.shape == (1, 16, 12, 12)
    for name in FUNCTIONS:
        found = find(name)(np.ones((1, 4, 5, 5)), np.ones((4, 8, 3, 3))).result(parameters={})
        assert found.value.shape == (1, 8, 7, 7)


@pytest.mark.parametrize("argument", ["kernel_size", *SIZES])
def test_the_layers_document_knows_ints_and_tuples_and_no_errors(argument: str) -> None:
    assert refusal(lambda: layer(**{argument: "1"})) == (argument, "type", None)
    assert refusal(lambda: layer(**{argument: (1, 1, 1)})) == (argument, "length", None)
    undocumented(lambda: layer(**{argument: [1, 1]}))


@pytest.mark.parametrize(
    "keyword",
    [
        {"in_channels": 0},
        {"groups": 0},
        {"groups": 3},
        {"stride": 0},
        {"padding": -1},
        {"output_padding": -1},
        {"dilation": 0},
        {"bias": 1},
        {"dtype": Dtype("int8")},
        {"dtype": Dtype("complex64")},
    ],
)
def test_what_the_layers_document_leaves_open(keyword) -> None:
    undocumented(lambda: layer(**keyword))


def test_what_the_layers_document_excludes() -> None:
    assert refusal(lambda: layer(output_padding=1)) == ("output_padding", "range", None)
    assert refusal(lambda: layer(output_padding=(0, 2), stride=2)) == ("output_padding", "range", None)
    assert layer(output_padding=2, dilation=3).geometry.longer == (2, 2)
    assert refusal(lambda: layer(padding_mode="reflect")) == ("padding_mode", "choice", None)
    assert refusal(lambda: layer(padding_mode=1)) == ("padding_mode", "type", None)
    assert refusal(lambda: layer(dtype="float32")) == ("dtype", "type", None)
    x = numbers(1, 3, 5, 5)
    assert refusal(lambda: called(LAYER, x, 4, 6, 3)) == ("input", "channels", None)
    assert refusal(lambda: called(LAYER, x[0, 0], 4, 6, 3)) == ("input", "rank", None)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_parameters_are_of_the_dtype_that_is_named_and_float32_otherwise(dtype: str) -> None:
    assert layer(dtype=Dtype(dtype)).stored == dtype
    assert layer().stored == layer(dtype=None).stored == "float32"


# Functions


@EVERY_FUNCTION
@pytest.mark.parametrize("kind", [tuple, list])
def test_sizes_of_the_functions_are_ints_tuples_or_lists(name: str, kind: type) -> None:
    keyword = {"stride": (2, 3), "padding": (1, 0), "output_padding": (1, 2), "dilation": (1, 2)}
    made = find(name)(X, W, B, groups=2, **{key: kind(value) for key, value in keyword.items()})
    wanted = law.conv_transpose(X, W, B, groups=2, **keyword)
    np.testing.assert_array_equal(made.result(parameters={}).value, wanted)


@EVERY_FUNCTION
def test_an_image_without_a_batch_gives_one(name: str) -> None:
    whole, alone = (find(name)(x, W, groups=2).result(parameters={}).value for x in (X, X[0]))
    np.testing.assert_array_equal(alone, whole[0], strict=True)


@EVERY_FUNCTION
@pytest.mark.parametrize("argument", SIZES)
def test_errors_of_sizes_have_documented_classes(name: str, argument: str) -> None:
    def do(value):
        return find(name)(X, W, **{argument: value})

    for value in ("1", 1.5, None):
        assert refusal(lambda v=value: do(v)) == (argument, "type", TypeError)
    for value in ((1,), [1, 1, 1]):
        assert refusal(lambda v=value: do(v)) == (argument, "length", ValueError)
    low = 0 if argument in ("stride", "dilation") else -1
    for value in (low, (1, low), [low, 1]):
        assert refusal(lambda v=value: do(v)) == (argument, "range", ValueError)
    undocumented(lambda: do(True))


@EVERY_FUNCTION
def test_the_other_errors(name: str) -> None:
    do = find(name)
    assert refusal(lambda: do(X, W, groups="2")) == ("groups", "type", TypeError)
    assert refusal(lambda: do(X, W, groups=3)) == ("groups", "divisible", None)
    undocumented(lambda: do(X, W, groups=0))
    for bias in (B[:2], B[:3, None]):
        assert refusal(lambda b=bias: do(X, W, b)) == ("bias", "length", ValueError)
    assert refusal(lambda: do(X, W, 1.0)) == ("bias", "type", None)
    assert refusal(lambda: do(X, W, output_padding=1)) == ("output_padding", "range", None)
    assert refusal(lambda: do(X[:, :3], W)) == ("input", "channels", None)
    assert refusal(lambda: do(X, W[0])) == ("weight", "rank", None)
    assert refusal(lambda: do(X[0, 0], W)) == ("input", "rank", None)
