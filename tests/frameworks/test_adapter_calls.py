"""What the adapters send into their frameworks and read back, in the ordinary mode: one worker per framework."""

from collections.abc import Iterator
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from conformance.adapters.wire import DTYPES
from conformance.outcome import CouldNotRun, Returned
from reference.conv_transpose import law
from tests.frameworks.adapter_requests import (
    BIAS,
    GEOMETRY,
    GRADIENTS,
    ORDINARY,
    OUTPUT,
    UPSTREAM,
    WEIGHT,
    Ask,
    X,
    arguments,
    asking,
    error,
    layer,
    numbers,
    request,
    tensor,
    values,
)

FRAMEWORKS = [pytest.param(name, marks=getattr(pytest.mark, name)) for name in ("torch", "mindspore", "oneflow")]
FUNCTIONS = {"torch": "torch.nn.functional.conv_transpose2d", "oneflow": "oneflow.nn.functional.conv_transpose2d"}
PLAIN = {"input": GRADIENTS.x, "weight": GRADIENTS.weight, "bias": GRADIENTS.bias}
LOADED = {"weight": WEIGHT, "bias": BIAS}


@pytest.fixture(scope="module", params=FRAMEWORKS)
def framework(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def ask(framework: str) -> Iterator[Ask]:
    with asking(framework) as found:
        yield found


def test_a_layer_gives_its_output_and_its_gradients(framework: str, ask: Ask) -> None:
    outcome = ask(layer(framework, upstream=UPSTREAM, of=["bias", "input", "weight"]))
    assert np.array_equal(values(outcome), OUTPUT)
    assert set(outcome.outputs) == {"output", *(f"gradient of {role}" for role in PLAIN)}
    for role, expected in PLAIN.items():
        assert np.array_equal(values(outcome, f"gradient of {role}"), expected), role


def test_only_the_gradients_that_are_asked_for_come(framework: str, ask: Ask) -> None:
    for of in (["weight"], ["input"], ["bias", "weight"]):
        outcome = ask(layer(framework, upstream=UPSTREAM, of=of))
        assert set(outcome.outputs) == {"output", *(f"gradient of {role}" for role in of)}
        for role in of:
            assert np.array_equal(values(outcome, f"gradient of {role}"), PLAIN[role])


def test_where_the_output_has_another_shape_than_the_upstream_it_comes_alone(framework: str, ask: Ask) -> None:
    outcome = ask(layer(framework, upstream=UPSTREAM[:, :, 1:], of=["input"]))
    assert set(outcome.outputs) == {"output"}


def test_a_gradient_that_nothing_has_the_role_of_could_not_run(framework: str, ask: Ask) -> None:
    assert "'nose'" in ask(layer(framework, upstream=UPSTREAM, of=["nose"])).reason


def test_an_upstream_of_whole_numbers_is_an_answer_of_the_gradient_stage(framework: str, ask: Ask) -> None:
    outcome = ask(layer(framework, upstream=UPSTREAM.astype("bool"), of=["input"]))
    if isinstance(outcome, Returned):  # it is taken for numbers
        assert np.all(np.isfinite(values(outcome, "gradient of input")))
    else:
        assert error(outcome).stage == "gradient"


@pytest.mark.parametrize("name", [pytest.param(name, marks=getattr(pytest.mark, name)) for name in FUNCTIONS])
def test_a_function_takes_its_tensors_from_the_call(name: str) -> None:
    given = [tensor("input", X), tensor("weight", WEIGHT)]
    calls = [
        arguments(*given, tensor("bias", BIAS), **GEOMETRY),
        arguments(*given, bias=tensor("bias", BIAS), **GEOMETRY),
    ]
    with asking(name) as ask:
        for call in calls:
            outcome = ask(request(FUNCTIONS[name], call, "eager", upstream=UPSTREAM, of=list(PLAIN)))
            assert np.array_equal(values(outcome), OUTPUT)
            assert outcome.parameters == {}
            for role, expected in PLAIN.items():
                assert np.array_equal(values(outcome, f"gradient of {role}"), expected), role


@pytest.mark.mindspore
@pytest.mark.parametrize("mode", ["pynative", "graph"])
def test_functions_and_primitives_of_mindspore_are_called_and_differentiated(mode: str) -> None:
    x, weight, upstream = numbers(1, 4, 3, 3, 3), numbers(4, 3, 2, 2, 2), numbers(1, 3, 6, 6, 6)
    expected, gradients = law.conv_transpose(x, weight, stride=2), law.gradients(x, weight, None, upstream, stride=2)
    asked: dict[str, Any] = {"upstream": upstream, "of": ["weight", "input"]}
    given = tensor("input", x), tensor("weight", weight)
    function, primitive = "mindspore.ops.conv3d_transpose", "mindspore.ops.Conv3DTranspose"
    asked_for = [
        request(function, arguments(*given, stride=2), mode, **asked),
        request(function, arguments(given[0], stride=2, weight=given[1]), mode, **asked),
        request(primitive, arguments(*given), mode, construct=arguments(4, 3, 2, stride=2), **asked),
    ]
    with asking("mindspore") as ask:
        for outcome in map(ask, asked_for):
            assert np.array_equal(values(outcome), expected)
            assert np.array_equal(values(outcome, "gradient of input"), gradients.x)
            assert np.array_equal(values(outcome, "gradient of weight"), gradients.weight)
        flat, kernel, up = numbers(2, 4, 3, 5), numbers(4, 3, 3, 3), numbers(2, 3, 5, 7)
        call = arguments(tensor("input", flat), tensor("weight", kernel), {"tuple": [2, 3, 5, 7]})
        made = arguments(4, 3)
        outcome = ask(
            request("mindspore.ops.Conv2DTranspose", call, mode, construct=made, upstream=up, of=["input", "weight"])
        )
        assert np.array_equal(values(outcome), law.conv_transpose(flat, kernel))
        assert np.array_equal(values(outcome, "gradient of weight"), law.gradients(flat, kernel, None, up).weight)


@pytest.mark.parametrize("layout", ["strided", "transposed", "channels-last", "expanded"])
def test_no_layout_changes_a_result(framework: str, ask: Ask, layout: str) -> None:
    x = np.ascontiguousarray(np.broadcast_to(X[:1], X.shape)) if layout == "expanded" else X
    outcome = ask(layer(framework, tensor("input", x, layout), upstream=UPSTREAM, of=["input", "weight"]))
    gradients = law.gradients(x, WEIGHT, BIAS, UPSTREAM, **GEOMETRY)
    assert np.array_equal(values(outcome), law.conv_transpose(x, WEIGHT, BIAS, **GEOMETRY))
    assert np.array_equal(values(outcome, "gradient of input"), gradients.x)
    assert np.array_equal(values(outcome, "gradient of weight"), gradients.weight)


def test_what_is_to_be_expanded_must_be_the_same_in_each_sample(framework: str, ask: Ask) -> None:
    assert "differ" in error(ask(layer(framework, tensor("input", X, "expanded")))).message


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64", "complex64", "complex128"])
def test_element_types_go_in_and_come_out(framework: str, ask: Ask, dtype: str) -> None:
    """Torch takes them all. What another framework refuses it refuses itself, by an error of the call or the load."""
    held = ml_dtypes.bfloat16 if dtype == "bfloat16" else np.dtype(dtype)
    loaded = {name: array.astype(held) for name, array in LOADED.items()}
    keyword = {} if framework == "oneflow" else {"dtype": {"dtype": dtype}}
    outcome = ask(layer(framework, tensor("input", X.astype(held)), parameters=loaded, keyword=keyword))
    works = framework == "torch" or dtype == {"mindspore": "float16", "oneflow": "float64"}[framework]
    if not works:
        assert error(outcome).stage in ("construct", "load", "call")
        return
    assert values(outcome).dtype.name == dtype
    assert np.array_equal(values(outcome).astype(OUTPUT.dtype if "complex" not in dtype else dtype), OUTPUT)
    if keyword:
        assert outcome.parameters["weight"].dtype == dtype


@pytest.mark.torch
def test_gradients_of_complex_numbers_come_back_resolved() -> None:
    x, weight, upstream = (array + 1j * array[..., ::-1] for array in (X, WEIGHT, UPSTREAM))
    call = arguments(tensor("input", x), tensor("weight", weight), **GEOMETRY)
    with asking("torch") as ask:
        outcome = ask(request(FUNCTIONS["torch"], call, "eager", upstream=upstream, of=["input", "weight"]))
    # PyTorch's gradient of a function of complex numbers is that of the conjugate operands.
    expected = law.gradients(x.conj(), weight.conj(), None, upstream, **GEOMETRY)
    assert np.array_equal(values(outcome, "gradient of input"), expected.x)
    assert np.array_equal(values(outcome, "gradient of weight"), expected.weight)


def test_a_parameter_takes_the_type_that_is_loaded(framework: str, ask: Ask) -> None:
    dtype = {"torch": "float64", "mindspore": "float16", "oneflow": "float64"}[framework]
    loaded = {name: array.astype(dtype) for name, array in LOADED.items()}
    outcome = ask(layer(framework, tensor("input", X.astype(dtype)), parameters=loaded))
    assert values(outcome).dtype.name == dtype
    assert np.array_equal(values(outcome), OUTPUT)
    assert outcome.parameters["weight"].dtype == "float32"


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_bit_of_every_element_type_goes_in_and_comes_out(framework: str, ask: Ask, dtype: str) -> None:
    """Through the framework's own `reshape`, which must not touch a number; nan and infinities are among them."""
    array = numbers(2, 3).astype(ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype)
    if array.dtype.kind in "fcV":
        array[0] = [np.nan, np.inf, -0.0]
    target = {"mindspore": "mindspore.ops.reshape"}.get(framework, f"{framework}.reshape")
    call = arguments(tensor("input", array), {"tuple": [3, 2]})
    outcome = ask(request(target, call, ORDINARY[framework]))
    if framework == "oneflow" and dtype in ("int16", "bfloat16", "complex64", "complex128"):
        assert error(outcome).stage == "call"
        return
    assert values(outcome).dtype == array.dtype
    assert values(outcome).tobytes() == array.tobytes()


def test_the_seed_decides_the_first_parameters(framework: str, ask: Ask) -> None:
    def weight(seed: int) -> Any:
        return values(ask(layer(framework, action="initialise", parameters={}, seed=seed)), "weight")

    first = weight(3)
    assert first.shape == WEIGHT.shape
    assert np.array_equal(first, weight(3))
    assert not np.array_equal(first, weight(4))


@pytest.mark.mindspore
def test_an_object_that_the_framework_makes_is_an_argument() -> None:
    made = {"instance": {"target": "mindspore.common.initializer.Normal", "keyword": [["sigma", 5.0], ["mean", 90.0]]}}
    with asking("mindspore") as ask:
        asked = layer("mindspore", action="initialise", parameters={}, keyword={"weight_init": made})
        assert 80 < values(ask(asked), "weight").mean() < 100


@pytest.mark.torch
def test_a_lazy_module_takes_its_shapes_from_what_is_loaded_or_from_the_first_call() -> None:
    made = arguments(6, 3, **GEOMETRY)
    call = arguments(tensor("input", X))
    with asking("torch") as ask:
        asked = request("torch.nn.LazyConvTranspose2d", call, "eager", construct=made, parameters=LOADED)
        outcome = ask(asked)
        assert np.array_equal(values(outcome), OUTPUT)
        assert outcome.parameters["weight"].shape == WEIGHT.shape
        inferred = ask(asked | {"parameters": {}})
        assert inferred.parameters["weight"].shape == WEIGHT.shape
        fresh = ask(asked | {"parameters": {}, "action": "initialise"})
        assert values(fresh, "weight").shape == WEIGHT.shape
        shapeless = ask(asked | {"parameters": {}, "action": "initialise", "call": arguments()})
        assert isinstance(shapeless, CouldNotRun)
        assert "no shape" in shapeless.reason


def test_the_last_of_several_calls_counts(framework: str, ask: Ask) -> None:
    outcome = ask(layer(framework, repeats=3, upstream=UPSTREAM, of=["weight"]))
    assert np.array_equal(values(outcome), OUTPUT)
    assert np.array_equal(values(outcome, "gradient of weight"), GRADIENTS.weight)


@pytest.mark.parametrize("name", ["tf32", "deterministic"])
def test_a_setting_holds_or_is_named_as_missing(framework: str, ask: Ask, name: str) -> None:
    for value in (True, False):
        outcome = ask(layer(framework, settings={name: value}))
        if framework == "torch":
            assert np.array_equal(values(outcome), OUTPUT)
        else:
            assert name in outcome.reason


@pytest.mark.torch
def test_a_setting_is_in_force_during_the_request_and_gone_after_it() -> None:
    """PyTorch has no deterministic algorithm for `put_`: where it must be deterministic there is an error."""
    indices, source = np.array([1], "int64"), np.ones(1, "float32")
    call = arguments(tensor("input", X.reshape(-1)), tensor("weight", indices), tensor("bias", source))
    with asking("torch") as ask:
        asked = request("torch.Tensor.put_", call, "eager")
        assert isinstance(ask(asked), Returned)
        assert "deterministic" in error(ask(asked | {"settings": {"deterministic": True}})).message
        assert isinstance(ask(asked | {"settings": {"deterministic": False}}), Returned)
        assert isinstance(ask(asked), Returned)
        assert "no switch for volume" in ask(asked | {"settings": {"volume": 11}}).reason


def test_an_unknown_mode_could_not_run(framework: str, ask: Ask) -> None:
    assert "no mode 'nose'" in ask(layer(framework, mode="nose")).reason


def test_what_a_framework_does_not_have_could_not_run(framework: str, ask: Ask) -> None:
    assert "has no" in ask(request(f"{framework}.nn.Nothing", arguments(), ORDINARY[framework])).reason
