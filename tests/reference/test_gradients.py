"""Result and gradients of every documented API, against roads that do not pass through the law's gradients.

The result of a transposed convolution is linear in each operand, and whole numbers are exact: so a difference quotient
is the derivative itself, and every comparison here is one of equality.
"""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reference.conv_transpose import law
from reference.documented import NotDocumented, find
from tests.reference.calls import NAMES, Call, Sizes, axes_of, call, numbers, sizes
from tests.reference.zero_insertion import by_zero_insertion, gradients_by_definition

EVERY_API = pytest.mark.parametrize("name", NAMES)
QUICK = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def upstream(made: Call, drawn: Sizes) -> Any:
    return numbers(drawn, made.result().value.shape, 3)


def held(made: Call) -> dict[str, Any]:
    """The tensors by role, each in the shape in which the API holds it."""
    weight = made.parameters.get("weight", made.weight)
    found = {"input": made.x, "weight": weight}
    return found if made.bias is None else found | {"bias": made.bias}


@EVERY_API
@QUICK
@given(data=st.data())
def test_the_result_is_that_of_zero_insertion(name: str, data) -> None:
    made = call(name, data.draw(sizes(axes_of(name))))
    found = made.result()
    wanted = by_zero_insertion(made.x, made.weight, **made.where)
    if made.bias is not None:
        wanted = wanted + made.bias.reshape(-1, *(1,) * axes_of(name))
    np.testing.assert_array_equal(found.value, wanted)
    assert (found.addend is None) == (made.bias is None)


@EVERY_API
@QUICK
@given(data=st.data())
def test_gradients_are_those_of_the_definition_in_the_shapes_of_their_tensors(name: str, data) -> None:
    drawn = data.draw(sizes(axes_of(name)))
    made = call(name, drawn)
    up = upstream(made, drawn)
    found = made.gradients(up)
    assert {role: result.value.shape for role, result in found.items()} == {
        role: tensor.shape for role, tensor in held(made).items()
    }
    for_x, for_weight = gradients_by_definition(made.x, made.weight, up, **made.where)
    np.testing.assert_array_equal(found["input"].value, for_x.astype(int))
    np.testing.assert_array_equal(found["weight"].value.reshape(for_weight.shape), for_weight.astype(int))
    if made.bias is not None:
        np.testing.assert_array_equal(found["bias"].value, up.swapaxes(0, 1).reshape(up.shape[1], -1).sum(1))


@EVERY_API
@QUICK
@given(data=st.data())
def test_magnitudes_are_sums_of_absolute_values_and_terms_their_number(name: str, data) -> None:
    drawn = data.draw(sizes(axes_of(name)))
    made = call(name, drawn)
    up = upstream(made, drawn)
    found = made.gradients(up)
    sums = gradients_by_definition(abs(made.x), abs(made.weight), abs(up), **made.where)
    counts = gradients_by_definition(*map(np.ones_like, (made.x, made.weight, up)), **made.where)
    for role, size, count in zip(("input", "weight"), sums, counts, strict=True):
        np.testing.assert_array_equal(found[role].magnitude.reshape(size.shape), size.astype(float))
        np.testing.assert_array_equal(found[role].terms.reshape(size.shape), count.astype(int))
        assert found[role].addend is None
        assert (np.abs(found[role].value) <= found[role].magnitude).all()
    if made.bias is not None:
        assert set(found["bias"].terms.tolist()) == {up.size // up.shape[1]}
        np.testing.assert_array_equal(found["bias"].magnitude, abs(up).swapaxes(0, 1).reshape(up.shape[1], -1).sum(1))


@EVERY_API
@QUICK
@given(data=st.data())
def test_each_gradient_pairs_with_its_operand_as_the_result_does_with_upstream(name: str, data) -> None:
    """The adjoint identity: without its bias, the result is linear in the input and in the weight."""
    drawn = data.draw(sizes(axes_of(name)))
    made = call(name, drawn)
    up = upstream(made, drawn)
    found = made.gradients(up)
    whole = made.result().value
    bare = whole if made.bias is None else whole - made.bias.reshape(-1, *(1,) * axes_of(name))
    product = int((up * bare).sum())
    for role in ("input", "weight"):
        assert int((found[role].value * held(made)[role]).sum()) == product
    if made.bias is not None:
        assert int((up * whole).sum()) == product + int((found["bias"].value * made.bias).sum())


@EVERY_API
@QUICK
@given(data=st.data())
def test_a_step_in_one_element_changes_the_sum_by_its_gradient(name: str, data) -> None:
    """Finite differences; of complex numbers the steps along both axes, by the convention that PyTorch documents."""
    drawn = data.draw(sizes(axes_of(name), imaginary=data.draw(st.booleans())))
    made = call(name, drawn)
    up = upstream(made, drawn)
    found, before = made.gradients(up), made.result().value
    for tensor, role in ((made.x, "input"), (made.weight, "weight"), (made.bias, "bias")):
        if tensor is None:
            continue
        place = tuple(data.draw(st.integers(0, extent - 1)) for extent in tensor.shape)
        for step in (1, 1j) if drawn.imaginary else (1,):
            tensor[place] += step  # what the API was given or holds is this array, or a view of it
            after = made.result().value
            tensor[place] -= step
            change = np.real(np.sum(np.conj(up) * (after - before)))
            gradient = found[role].value.reshape(tensor.shape)[place]
            assert change == np.real(np.conj(gradient) * step), (role, place, step)


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_without_a_batch_gradients_have_none_either(axes: int) -> None:
    api = find(f"torch.nn.ConvTranspose{axes}d")(4, 6, 3, stride=2, groups=2)
    generator = np.random.default_rng(axes)
    parameters = {name: generator.integers(-5, 6, shape) for name, shape in api.parameter_shapes().items()}
    x = generator.integers(-5, 6, (1, 4, *(3,) * axes))
    up = generator.integers(-5, 6, api.result(x, parameters=parameters).value.shape)
    whole = api.gradients(x, parameters=parameters, upstream=up)
    alone = api.gradients(x[0], parameters=parameters, upstream=up[0])
    assert alone["input"].value.shape == x.shape[1:]
    for role in ("input", "weight", "bias"):
        for part in ("value", "magnitude", "terms"):
            one, two = getattr(whole[role], part), getattr(alone[role], part)
            np.testing.assert_array_equal(one[0] if role == "input" else one, two, strict=True)


@pytest.mark.parametrize("mode", ["same", "valid"])
def test_gradients_of_pad_modes_are_the_laws_for_what_the_mode_removes(mode: str) -> None:
    api = find("mindspore.nn.Conv2dTranspose")(2, 4, (4, 3), stride=(1, 2), pad_mode=mode)
    generator = np.random.default_rng(7)
    x, weight = generator.integers(-5, 6, (2, 2, 3, 4)), generator.integers(-5, 6, (2, 4, 4, 3))
    pairs = ((1, 2), (0, 1)) if mode == "same" else ((0, 0), (0, 0))
    result = api.result(x, parameters={"weight": weight})
    up = generator.integers(-5, 6, result.value.shape)
    wanted = law.gradients(x, weight, None, up, stride=(1, 2), padding=pairs)
    found = api.gradients(x, parameters={"weight": weight}, upstream=up)
    np.testing.assert_array_equal(found["input"].value, wanted.x)
    np.testing.assert_array_equal(found["weight"].value, wanted.weight)
    assert "bias" not in found


def test_gradients_of_an_exact_size_are_those_of_the_longer_output() -> None:
    generator = np.random.default_rng(3)
    x = generator.integers(-5, 6, (1, 2, 6))
    plain = find("torch.nn.ConvTranspose1d")(2, 3, 3, stride=2, padding=1)
    longer = find("torch.nn.ConvTranspose1d")(2, 3, 3, stride=2, padding=1, output_padding=1)
    parameters = {name: generator.integers(-5, 6, shape) for name, shape in plain.parameter_shapes().items()}
    up = generator.integers(-5, 6, (1, 3, 12))
    one = plain.gradients(x, parameters=parameters, upstream=up, output_size=(12,))
    two = longer.gradients(x, parameters=parameters, upstream=up)
    for role in ("input", "weight", "bias"):
        np.testing.assert_array_equal(one[role].value, two[role].value, strict=True)


def test_where_no_document_gives_values_none_gives_gradients() -> None:
    api = find("mindspore.nn.Conv1dTranspose")(2, 2, 2, stride=3)
    with pytest.raises(NotDocumented, match="negative"):
        api.gradients(np.ones((1, 2, 4)), parameters={"weight": np.ones((2, 2, 1, 2))}, upstream=np.ones((1, 2, 12)))


def test_an_upstream_of_another_shape_is_an_error_of_the_caller() -> None:
    api = find("torch.nn.ConvTranspose1d")(2, 2, 2, bias=False)
    with pytest.raises(ValueError, match="upstream"):
        api.gradients(np.ones((1, 2, 4)), parameters={"weight": np.ones((2, 2, 2))}, upstream=np.ones((1, 2, 4)))
