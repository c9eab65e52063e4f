"""Pairs with the convolution: the two sides share their numbers, and say of each other what the documents say."""

import itertools
from typing import Any

import numpy as np
import pytest

from cases.case import Case, from_canonical
from cases.conv_transpose.partners import convolution, gradient_pairs, inverse_pairs, many_to_one_pairs
from cases.conv_transpose.setting import FORMS
from cases.data import tensor
from cases.documentation import Pair
from reference.documented import NotDocumented, Unsupported, find

APIS = tuple(FORMS)
MODULES = tuple(name for name, form in FORMS.items() if form.kind == "module" and ".mint." not in name)
NAMES = {"group": "groups", "has_bias": "bias"}


def arguments(case: Case) -> dict[str, Any]:
    """A convolution's arguments by common names, with the plain value where one is left out."""
    assert case.construct is not None
    given = {NAMES.get(name, name): value for name, value in case.construct.keyword}
    head = dict(zip(("in_channels", "out_channels", "kernel_size"), case.construct.positional, strict=True))
    return {"pad_mode": "pad", "stride": 1, "padding": 0, "dilation": 1, "groups": 1} | given | head


def each(value: Any, axes: int) -> tuple[int, ...]:
    return value if isinstance(value, tuple) else (value,) * axes


def geometry(case: Case) -> list[tuple[int, int, int, int, int, int]]:
    """(length, kernel, stride, dilation, begin, output length) per axis, from a convolution's definition."""
    given, (x,) = arguments(case), case.call.tensors()
    axes, found = len(x.shape) - 2, []
    pads = each(given["padding"], axes)
    sides = list(zip(pads[::2], pads[1::2], strict=True)) if len(pads) == 2 * axes else [(pad, pad) for pad in pads]
    columns = (each(given[name], axes) for name in ("kernel_size", "stride", "dilation"))
    for length, kernel, stride, dilation, (begin, end) in zip(x.shape[2:], *columns, sides, strict=True):
        reach = dilation * (kernel - 1) + 1
        if given["pad_mode"] == "same":
            result = -(-length // stride)
            begin = max(0, (result - 1) * stride + reach - length) // 2
        else:
            result = (length + begin + end - reach) // stride + 1
        found.append((length, kernel, stride, dilation, begin, result))
    return found


def output_shape(case: Case) -> tuple[int, ...]:
    (x,) = case.call.tensors()
    return (x.shape[0], arguments(case)["out_channels"], *(axis[-1] for axis in geometry(case)))


def gradient(case: Case) -> Any:
    """The gradient of a convolution with respect to its input, by visiting every product of its definition."""
    assert case.upstream is not None
    (x,), given = case.call.tensors(), arguments(case)
    upstream, axes = tensor(case, case.upstream).astype(int), geometry(case)
    groups, (outgoing, incoming) = given["groups"], (given["out_channels"], given["in_channels"])
    weight = tensor(case, case.parameters[0]).astype(int)
    weight = weight.reshape(groups, outgoing // groups, incoming // groups, *(axis[1] for axis in axes))
    upstream = upstream.reshape(x.shape[0], groups, outgoing // groups, *(axis[-1] for axis in axes))
    found = np.zeros((x.shape[0], groups, incoming // groups, *x.shape[2:]), int)
    for at in itertools.product(*(range(axis[-1]) for axis in axes)):
        for tap in itertools.product(*(range(axis[1]) for axis in axes)):
            place = tuple(o * s + k * d - p for o, k, (_, _, s, d, p, _) in zip(at, tap, axes, strict=True))
            if all(0 <= position < length for position, length in zip(place, x.shape[2:], strict=True)):
                terms = np.einsum("ngo,goi->ngi", upstream[(..., *at)], weight[(..., *tap)])
                found[(..., *place)] += terms
    return found.reshape(x.shape)


def documented(case: Case) -> Any:
    """The reference's value of a module's case; None where no document gives one."""
    assert case.construct is not None
    (x,) = (tensor(case, wanted).astype(int) for wanted in case.call.tensors())
    loaded = {wanted.role: tensor(case, wanted).astype(int) for wanted in case.parameters}
    try:
        module: Any = find(case.api)(*case.construct.positional, **dict(case.construct.keyword))
        return module.result(x, parameters=loaded).value
    except (NotDocumented, Unsupported):
        return None


@pytest.mark.parametrize("api", APIS)
def test_both_sides_of_a_gradient_pair_hold_the_same_numbers(api: str) -> None:
    for pair in gradient_pairs(api, FORMS[api].axes):
        assert pair.right.upstream is not None
        left = {wanted.role: tensor(pair.left, wanted) for wanted in pair.left.tensors()}
        assert np.array_equal(tensor(pair.right, pair.right.upstream), left["input"])
        (weight,) = pair.right.parameters
        assert np.array_equal(tensor(pair.right, weight).ravel(), left["weight"].ravel())


@pytest.mark.parametrize("api", MODULES)
def test_the_gradient_of_the_convolution_is_what_the_documents_give_for_the_transposed_one(api: str) -> None:
    compared = 0
    for pair in gradient_pairs(api, FORMS[api].axes):
        expected = documented(pair.left)
        if expected is not None:
            assert np.array_equal(gradient(pair.right), expected), pair.left.show()
            compared += 1
    assert compared >= 12


@pytest.mark.parametrize("api", APIS)
def test_a_convolution_returns_the_shape_that_its_upstream_gradient_has(api: str) -> None:
    for pair in gradient_pairs(api, FORMS[api].axes):
        assert pair.right.upstream is not None
        assert output_shape(pair.right) == pair.right.upstream.shape, pair.right.show()
        assert pair.output == f"gradient of {pair.right.differentiate[0]}"


@pytest.mark.parametrize("api", APIS)
def test_an_inverse_pair_comes_back_to_the_shape_that_it_started_from(api: str) -> None:
    pairs = inverse_pairs(api, FORMS[api].axes)
    assert len(pairs) >= 9
    for pair in pairs:
        assert output_shape(pair.right) == pair.left.call.tensors()[0].shape, pair.right.show()


@pytest.mark.parametrize("api", APIS)
def test_inputs_of_several_lengths_have_one_output_shape_with_a_stride_above_1(api: str) -> None:
    pairs = many_to_one_pairs(api, FORMS[api].axes)
    assert len(pairs) >= 4
    for pair in pairs:
        shapes = [case.call.tensors()[0].shape for case in (pair.left, pair.right)]
        assert arguments(pair.left)["stride"] > 1
        assert all(shorter < longer for shorter, longer in zip(shapes[0][2:], shapes[1][2:], strict=True))
        assert output_shape(pair.left) == output_shape(pair.right)


@pytest.mark.parametrize("api", APIS)
def test_gradient_pairs_cover_every_feature(api: str) -> None:
    pairs, axes = gradient_pairs(api, FORMS[api].axes), FORMS[api].axes
    assert len(pairs) >= 12
    given = [arguments(pair.right) for pair in pairs]
    for name, plain in (("stride", 1), ("padding", 0), ("dilation", 1)):
        assert any(set(each(item[name], axes)) != {plain} for item in given), name
        assert any(set(each(item[name], axes)) == {plain} for item in given), name
    assert len({each(item["kernel_size"], axes) for item in given}) >= 3
    assert any(item["groups"] > 1 for item in given) is bool(FORMS[api].group)
    if api.startswith("mindspore.nn."):
        excess = [
            item["dilation"] * (item["kernel_size"] - 1) + 1 - item["stride"]
            for item in given
            if item["pad_mode"] == "same"
        ]
        assert any(more > 0 and more % 2 for more in excess)
        assert any(more > 0 and not more % 2 for more in excess)
        assert min(excess) < 0
        assert {"same", "valid", "pad"} == {item["pad_mode"] for item in given}


@pytest.mark.parametrize("api", APIS)
def test_pairs_survive_being_written_down_and_no_two_are_alike(api: str) -> None:
    axes = FORMS[api].axes
    for pairs in (gradient_pairs(api, axes), inverse_pairs(api, axes), many_to_one_pairs(api, axes)):
        assert len({(pair.left.id, pair.right.id) for pair in pairs}) == len(pairs)
        for pair in pairs:
            for case in (pair.left, pair.right):
                assert from_canonical(case.canonical).id == case.id


def test_the_partner_is_the_class_of_the_same_framework() -> None:
    assert convolution("torch.nn.functional.conv_transpose3d") == "torch.nn.Conv3d"
    assert convolution("mindspore.ops.Conv2DTranspose") == "mindspore.nn.Conv2d"
    assert convolution("mindspore.ops.conv_transpose2d") == "mindspore.mint.nn.Conv2d"
    assert all(isinstance(pair, Pair) for pair in gradient_pairs("oneflow.nn.ConvTranspose1d", 1))
