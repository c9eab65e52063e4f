"""Element types and devices: what the documents promise, exclude, or leave open, for every API."""

import numpy as np
import pytest

from reference.documented import find
from reference.values import Dtype
from tests.cases.documented import numbers, refusal, undocumented
from tests.reference.calls import NAMES, Sizes, axes_of, call

EVERY_API = pytest.mark.parametrize("name", NAMES)
PRIMITIVE, FUNCTION = "mindspore.ops.Conv3DTranspose", "mindspore.ops.conv3d_transpose"
LISTED = ("mindspore.nn.Conv3dTranspose", PRIMITIVE, FUNCTION)
ASCEND_ONLY = (
    "mindspore.mint.nn.ConvTranspose2d",
    "mindspore.mint.nn.functional.conv_transpose2d",
    "mindspore.ops.conv_transpose2d",
)
TYPES = ("float16", "bfloat16", "float32", "float64", "complex64", "int32")


def api(name: str, groups: int = 1):
    axes = axes_of(name)
    ones = (1,) * axes
    given = Sizes(1, groups, 1, 1, (3,) * axes, (2,) * axes, ones, ones, (0,) * axes, (0,) * axes, False, False, 0)
    return call(name, given).api


def alike(dtype: str) -> dict[str, str]:
    return {"input": dtype, "weight": dtype, "upstream": dtype}


@EVERY_API
def test_float32_is_promised_everywhere(name: str) -> None:
    assert api(name).check_dtypes(alike("float32")) is True


@EVERY_API
@pytest.mark.parametrize("dtype", [item for item in TYPES if item != "float32"])
def test_another_type_is_promised_or_excluded_where_a_document_lists_types_and_open_elsewhere(name, dtype) -> None:
    if name not in LISTED:
        assert api(name).check_dtypes(alike(dtype)) is False
    elif dtype != "float16":
        assert refusal(lambda: api(name).check_dtypes(alike(dtype))) == ("input", "type", TypeError)
    elif name.startswith("mindspore.nn"):
        half = find(name)(2, 2, 2, dtype=Dtype("float16"))
        assert half.check_dtypes({"input": "float16"}) is True
        assert half.check_dtypes(alike("float16")) is True
        assert refusal(lambda: api(name).check_dtypes(alike("float16"))) == ("dtype", "needs", None)
    else:
        assert api(name).check_dtypes(alike("float16")) is True


@EVERY_API
def test_where_types_meet_only_the_documents_that_ask_for_one_type_say_what_happens(name: str) -> None:
    mixed = {"input": "float32", "weight": "float16"}
    if name not in LISTED:
        assert "float16 and float32" in undocumented(lambda: api(name).check_dtypes(mixed))
        return
    argument, rule = ("dtype", "needs") if name.startswith("mindspore.nn") else ("weight", "type")
    assert refusal(lambda: api(name).check_dtypes(mixed)) == (argument, rule, None)


@EVERY_API
def test_the_type_of_the_upstream_gradient_is_no_documents_business(name: str) -> None:
    assert api(name).check_dtypes(alike("float32") | {"upstream": "float16"}) is True


def test_the_weight_of_the_primitives_is_named_where_it_alone_is_of_a_wrong_type() -> None:
    for name in (PRIMITIVE, FUNCTION):
        given = {"input": "float32", "weight": "int32"}
        assert refusal(lambda name=name, given=given: api(name).check_dtypes(given)) == ("weight", "type", TypeError)


@pytest.mark.parametrize("name", ["torch.nn.ConvTranspose2d", "mindspore.mint.nn.ConvTranspose2d"])
def test_parameters_that_are_not_loaded_have_the_type_in_which_they_were_made(name: str) -> None:
    half = find(name)(2, 2, 2, dtype=Dtype("float16"))
    assert half.check_dtypes({"input": "float16"}) is False
    assert half.check_dtypes({"input": "float16", "weight": "float16", "bias": "float16"}) is False
    undocumented(lambda: half.check_dtypes({"input": "float32"}))
    undocumented(lambda: half.check_dtypes({"input": "float16", "weight": "float16", "bias": "float32"}))


def test_a_tensor_that_initialises_and_a_bias_that_is_not_there_do_not_count() -> None:
    layer = find("mindspore.nn.Conv2dTranspose")(2, 2, 2, weight_init=numbers(2, 2, 2, 2))
    given = {"input": "float32", "weight_init": "float64", "bias": "float16"}
    assert layer.check_dtypes(given) is True


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_parameters_of_mindspore_are_of_the_named_type(dtype: str) -> None:
    for axes in (1, 2, 3):
        assert find(f"mindspore.nn.Conv{axes}dTranspose")(2, 2, 2, dtype=Dtype(dtype)).stored == dtype


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64", "complex64", "complex128"])
def test_parameters_of_pytorch_are_of_the_named_type(dtype: str) -> None:
    for axes in (1, 2, 3):
        assert find(f"torch.nn.ConvTranspose{axes}d")(2, 2, 2, dtype=Dtype(dtype), device="cpu").stored == dtype
        assert find(f"torch.nn.LazyConvTranspose{axes}d")(2, 2, dtype=Dtype(dtype)).stored == dtype
    assert find("torch.nn.ConvTranspose1d")(2, 2, 2).stored == "float32"


# Devices


@EVERY_API
@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_only_the_documents_that_list_ascend_alone_exclude_a_device(name: str, device: str) -> None:
    assert bool(api(name).unsupported_on(device)) == (name in ASCEND_ONLY)


@EVERY_API
def test_ascend_is_excluded_for_groups_by_two_documents(name: str) -> None:
    assert api(name).unsupported_on("ascend") == ""
    if name == FUNCTION:
        return  # takes one group, on whatever device
    excluded = name in ("mindspore.nn.Conv1dTranspose", PRIMITIVE)
    assert bool(api(name, groups=2).unsupported_on("ascend")) == excluded
    assert bool(api(name, groups=2).unsupported_on("cpu")) == (name in ASCEND_ONLY)


def test_complex_numbers_give_complex_results() -> None:
    x, weight = numbers(1, 2, 4) * (1 + 2j), numbers(2, 3, 2) * (2 - 1j)
    found = find("torch.nn.functional.conv_transpose1d")(x, weight).result(parameters={})
    plain = find("torch.nn.functional.conv_transpose1d")(numbers(1, 2, 4), numbers(2, 3, 2)).result(parameters={})
    np.testing.assert_array_equal(found.value, plain.value * (1 + 2j) * (2 - 1j))
    assert found.magnitude.dtype == np.float64
    np.testing.assert_allclose(found.magnitude, plain.magnitude * 5)
