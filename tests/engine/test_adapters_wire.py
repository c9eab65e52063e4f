"""What the adapters share, without a framework: arrays on the wire, layouts, signatures, the reference's answers."""

from typing import Any

import ml_dtypes
import numpy as np
import pytest

from conformance.adapters.layouts import NUMPY, plan
from conformance.adapters.numpy import NumpyAdapter
from conformance.adapters.signatures import describe
from conformance.adapters.wire import DTYPES, array_in, array_out, narrowed, widened
from conformance.outcome import CouldNotRun, Described, Raised, decode, encode_array
from reference.conv_transpose import law
from reference.documented import UnknownApi, find
from reference.initializers import Constant, Normal, SymmetricUniform, Uniform, contradiction

MODULE, FUNCTION = "torch.nn.ConvTranspose1d", "torch.nn.functional.conv_transpose1d"
X = np.arange(1, 9, dtype="float32").reshape(1, 2, 4)
WEIGHT = np.arange(-6, 6, dtype="float32").reshape(2, 2, 3)
BIAS = np.array([5, 7], "float32")
UPSTREAM = np.arange(1, 13, dtype="float32").reshape(1, 2, 6) - 6


def storage(name: str) -> Any:
    return ml_dtypes.bfloat16 if name == "bfloat16" else np.dtype(name)


# Arrays on the wire.


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(), (0, 3), (2, 3)])
def test_an_array_comes_back_as_it_went(dtype: str, shape: tuple[int, ...]) -> None:
    array = np.arange(int(np.prod(shape))).reshape(shape).astype(storage(dtype))
    held = array_in(encode_array(array))
    assert held.flags.writeable
    assert held.shape == shape
    assert array_out(held) == encode_array(array)


def test_bfloat16_is_held_as_its_bits() -> None:
    held = array_in(encode_array(np.array([1.5, -2.0], ml_dtypes.bfloat16)))
    assert held.dtype == np.uint16
    assert widened(held).tolist() == [1.5, -2.0]


def test_what_holds_no_numbers_is_refused() -> None:
    with pytest.raises(TypeError, match="no numbers"):
        array_out(np.array(["a"]))


def test_numbers_are_rounded_to_bfloat16_as_by_another_implementation() -> None:
    every = np.arange(1 << 16, dtype=np.uint32).astype(np.uint16)
    numbers = widened(every)
    back = narrowed(numbers)
    assert np.array_equal(back[~np.isnan(numbers)], every[~np.isnan(numbers)])
    assert np.all(np.isnan(widened(back[np.isnan(numbers)])))
    between = np.random.default_rng(0).integers(0, 1 << 32, 100_000, dtype=np.uint64).astype(np.uint32).view(np.float32)
    between = between[~np.isnan(between)]
    with np.errstate(over="ignore"):
        expected = between.astype(ml_dtypes.bfloat16)
    assert np.array_equal(narrowed(between), expected.view(np.uint16))


def test_a_number_is_rounded_to_bfloat16_once_and_not_by_way_of_float32() -> None:
    """Just above the middle between two neighbours: float32 would take it for the middle, and the even one is below."""
    least = 2.0**-40
    assert widened(narrowed(np.array(1 + 2**-8 + least))) == 1 + 2**-7
    assert widened(narrowed(np.array(-1 - 2**-8 - least))) == -1 - 2**-7
    assert widened(narrowed(np.array(1 + 2**-8))) == 1
    assert widened(narrowed(np.array(1 + 3 * 2**-8 - least))) == 1 + 2**-7
    assert widened(narrowed(np.array([3.4e38, -1e300, 2.0**-150]))).tolist() == [np.inf, -np.inf, 0.0]


# Layouts.


@pytest.mark.parametrize("layout", ["strided", "transposed", "channels-last", "expanded"])
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 3, 4), (2, 3, 4, 5), (2, 3, 2, 2, 3), (0, 3, 4), (1, 1, 1)])
def test_the_view_of_what_is_stored_is_the_array(layout: str, shape: tuple[int, ...]) -> None:
    array = np.random.default_rng(0).standard_normal(shape)
    if layout == "expanded" and shape:
        array = np.ascontiguousarray(np.broadcast_to(array[:1], shape))
    wanted = plan(array, layout)
    found = wanted.view(NUMPY, wanted.stored)
    assert np.array_equal(found, array)
    assert wanted.stored.flags.c_contiguous
    assert wanted.is_contiguous() == found.flags.c_contiguous


def test_each_layout_lies_as_it_says() -> None:
    array = np.zeros((2, 3, 4, 5), "float32")

    def strides(layout: str, of: Any = array) -> tuple[int, ...]:
        wanted = plan(of, layout)
        return tuple(stride // of.itemsize for stride in wanted.view(NUMPY, wanted.stored).strides)

    assert strides("strided") == (120, 40, 10, 2)
    assert strides("transposed") == (60, 20, 1, 4)
    assert strides("channels-last") == (60, 1, 15, 3)
    assert strides("channels-last", array[0]) == (20, 1, 4)
    assert strides("expanded") == (0, 20, 5, 1)
    assert strides("transposed", array[0, 0, 0]) == (2,)


def test_what_lies_between_the_elements_cannot_be_added_unseen() -> None:
    assert np.isnan(plan(np.ones(2, "float16"), "strided").stored[1])
    assert np.isnan(widened(plan(narrowed(np.ones(2)), "strided").stored[1:2]))[0]
    assert plan(np.ones(2, "int8"), "strided").stored[1] == 77


def test_samples_that_differ_cannot_be_expanded_and_unknown_layouts_are_errors() -> None:
    with pytest.raises(ValueError, match="differ"):
        plan(np.arange(2.0), "expanded")
    with pytest.raises(ValueError, match="sideways"):
        plan(np.arange(2.0), "sideways")


# Signatures.


def nothing(value: Any) -> None:
    return None


def test_a_signature_is_given_with_defaults_and_annotations() -> None:
    def target(x, size: int = 3, *, mode: "str" = "a", way: tuple[int, None] = (1, None), other=np.float32):
        """Its words."""

    reply = describe(target, False, nothing)
    assert reply["names"] == ["x", "size", "mode", "way", "other"]
    assert reply["defaults"] == {
        "size": 3,
        "mode": "a",
        "way": {"tuple": [1, None]},
        "other": {"other": "<class 'numpy.float32'>"},
    }
    assert reply["annotations"] == {"size": "int", "mode": "str", "way": "tuple[int, None]"}
    assert (reply["docstring"], reply["signature"]) == ("Its words.", "inspect")
    assert isinstance(decode(reply), Described)


class Builtin:
    """What Python cannot see the signature of."""

    def __init__(self, docstring: str) -> None:
        self.__doc__ = docstring
        self.__name__ = "hidden"
        self.__signature__ = "no signature"

    def __call__(self) -> None:
        """Do nothing."""


DOCSTRINGS = {
    "\nconv(input, weight, bias=None, stride=1, pad=-1, name='x', size=(2, 3.5)) -> Tensor\n\nWords (in brackets).\n": (
        ["input", "weight", "bias", "stride", "pad", "name", "size"],
        {"bias": None, "stride": 1, "pad": -1, "name": "x", "size": {"tuple": [2, 3.5]}},
    ),
    "\n    oneflow.conv(input,\n        *, dtype=oneflow.float32)\n": (
        ["input", "dtype"],
        {"dtype": {"other": "oneflow.float32"}},
    ),
    "Words first.\n\nhidden(x: int = 1, *more, key, **rest)\n": (["x", "more", "key", "rest"], {"x": 1}),
    "f(x=__import__('os').abort())": (["x"], {"x": {"other": "__import__('os').abort()"}}),
}


@pytest.mark.parametrize("docstring", DOCSTRINGS)
def test_a_docstring_gives_the_signature_that_python_cannot_see(docstring: str) -> None:
    names, defaults = DOCSTRINGS[docstring]
    reply = describe(Builtin(docstring), False, nothing)
    assert (reply["names"], reply["defaults"], reply["signature"]) == (names, defaults, "docstring")
    assert reply["docstring"] == docstring


@pytest.mark.parametrize("docstring", ["", "Words.", "conv(Tensor input, int dim) -> Tensor", "conv(x", "Words (x)."])
def test_without_a_signature_in_the_docstring_there_is_none(docstring: str) -> None:
    reply = describe(Builtin(docstring), False, nothing)
    assert reply["status"] == "could-not-run"


# The reference as a backend.


def tensor(role: str, array: Any, layout: str = "contiguous") -> dict[str, Any]:
    return {"tensor": encode_array(array) | {"role": role, "layout": layout}}


def arguments(*positional: Any, **keyword: Any) -> dict[str, Any]:
    return {"positional": list(positional), "keyword": keyword}


def run(target: str = MODULE, **more: Any) -> Any:
    """What the reference answers; a module with the weight and the bias above unless something else is asked."""
    made = {"construct": arguments(2, 2, 3), "parameters": {"weight": WEIGHT, "bias": BIAS}} | more
    upstream, of = made.pop("upstream", None), made.pop("of", [])
    asked = {
        "id": "0",
        "action": "call",
        "target": target,
        "call": arguments(tensor("input", X)),
        "mode": "eager",
        "gradients": None if upstream is None else {"of": of, "upstream": encode_array(upstream)},
    }
    asked |= made | {"parameters": {name: encode_array(array) for name, array in made["parameters"].items()}}
    return decode(NumpyAdapter("cpu").run(asked))


def test_the_reference_answers_for_modules_and_functions_alike() -> None:
    module = run(upstream=UPSTREAM, of=["weight", "input", "bias"])
    call = arguments(tensor("input", X), tensor("weight", WEIGHT), bias=tensor("bias", BIAS))
    function = run(
        FUNCTION, construct=None, parameters={}, call=call, upstream=UPSTREAM, of=["weight", "input", "bias"]
    )
    gradients = law.gradients(X, WEIGHT, BIAS, UPSTREAM)
    for outcome in (module, function):
        assert outcome.outputs["output"].dtype == np.float32
        assert np.array_equal(outcome.outputs["output"], law.conv_transpose(X, WEIGHT, BIAS))
        assert np.array_equal(outcome.outputs["gradient of input"], gradients.x)
        assert np.array_equal(outcome.outputs["gradient of weight"], gradients.weight)
        assert np.array_equal(outcome.outputs["gradient of bias"], gradients.bias)
    assert module.parameters["weight"].shape == WEIGHT.shape
    assert function.parameters == {}


def test_an_upstream_of_another_shape_gives_the_output_alone() -> None:
    assert set(run(upstream=UPSTREAM[..., 1:], of=["input"]).outputs) == {"output"}


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
def test_results_have_the_type_of_what_went_in(dtype: str) -> None:
    loaded = {"weight": (WEIGHT / 3).astype(storage(dtype)), "bias": BIAS.astype(storage(dtype))}
    made = arguments(2, 2, 3, dtype={"dtype": dtype})
    x = (X / 7).astype(storage(dtype))
    call, upstream = arguments(tensor("input", x)), UPSTREAM.astype(x.dtype)
    outcome = run(construct=made, parameters=loaded, call=call, upstream=upstream, of=["weight"])
    exact = law.conv_transpose(*(array.astype("float64") for array in (x, loaded["weight"], loaded["bias"])))
    assert outcome.outputs["output"].dtype.name == dtype
    assert np.array_equal(outcome.outputs["output"], exact.astype(x.dtype))
    assert outcome.outputs["gradient of weight"].dtype.name == dtype


def test_a_layout_makes_no_difference() -> None:
    plain, other = run(), run(call=arguments(tensor("input", X, "strided")))
    assert np.array_equal(plain.outputs["output"], other.outputs["output"])


def test_the_call_is_made_as_often_as_asked() -> None:
    class Counting(NumpyAdapter):
        calls = 0

        def compute(self, *given: Any) -> Any:
            self.calls += 1
            return super().compute(*given)

    counting = Counting("cpu")
    counting.run(
        {
            "action": "call",
            "target": MODULE,
            "construct": arguments(2, 2, 3, bias=False),
            "parameters": {"weight": encode_array(WEIGHT)},
            "call": arguments(tensor("input", X)),
            "repeats": 5,
        }
    )
    assert counting.calls == 5


def test_parameters_are_drawn_from_their_documented_law_by_the_seed() -> None:
    def drawn(seed: int) -> Any:
        return run(action="initialise", construct=arguments(64, 64, 5), parameters={}, call=arguments(), seed=seed)

    first = drawn(1)
    law_of_weight = find(MODULE)(64, 64, 5).initial_law("weight")
    assert first.outputs["weight"].shape == (64, 64, 5)
    assert contradiction(first.outputs["weight"], law_of_weight) == ""
    assert np.array_equal(first.outputs["weight"], drawn(1).outputs["weight"])
    assert not np.array_equal(first.outputs["weight"], drawn(2).outputs["weight"])


LAWS = [Constant(2.0), Uniform(-1.0, 3.0), Normal(1.0, 2.0), Normal(0.0, 1.0, -2.0, 2.0), SymmetricUniform()]


@pytest.mark.parametrize("distribution", LAWS)
def test_a_draw_follows_its_law(distribution: Any) -> None:
    sample = NumpyAdapter("cpu").draw(distribution, (30, 40), np.random.default_rng(0))
    assert sample.shape == (30, 40)
    assert contradiction(sample, distribution) == ""


def test_what_documents_exclude_or_leave_open_is_answered_so() -> None:
    mixed = run(call=arguments(tensor("input", X.astype("float64"))))
    assert isinstance(mixed, CouldNotRun)
    assert "takes no side" in mixed.reason
    refused = run(call=arguments(tensor("input", X[:, :1])))
    assert isinstance(refused, Raised)
    assert "Refusal" in refused.classes
    assert isinstance(run("torch.nn.Nothing"), CouldNotRun)
    with pytest.raises(UnknownApi):
        find("torch.nn.Nothing")


def test_an_object_of_a_framework_is_named() -> None:
    made = {"instance": {"target": "mindspore.common.initializer.One", "keyword": []}}
    target = "mindspore.nn.Conv1dTranspose"
    construct = arguments(2, 2, 3, weight_init=made, pad_mode="valid")
    outcome = run(target, construct=construct, parameters={})
    assert np.array_equal(outcome.outputs["output"], law.conv_transpose(X, np.ones_like(WEIGHT)))
