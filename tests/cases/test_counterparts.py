"""Counterparts: the same numbers by the reference of the other framework, or a reason why there are none."""

from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.case import Arguments, Case
from cases.catalogue import apis
from cases.conv_transpose.counterparts import counterpart, counterparts
from cases.conv_transpose.dialects import DIALECTS
from cases.steps import Add, Around, Crop, Expand, Pad, Squeeze
from cases.strategies import strategy
from cases.values import Dtype, Part, Tensor
from conformance.expected import ExpectedValue, Prepared, prepare
from tests.cases.generated import FEW, documented, made
from tests.cases.planned import API_NAMES, FRAMEWORKS

MOST = 2**18  # numbers that go in: some documents' examples are much larger, and cost seconds each
EVERYWHERE = [(api, framework) for api in API_NAMES for framework in FRAMEWORKS if not api.startswith(framework)]
ALONE = [(api, framework) for api, framework in EVERYWHERE if DIALECTS[api].kind == "lazy"]
PAIRS = [pair for pair in EVERYWHERE if pair not in ALONE]
BACK = [pair for pair in PAIRS if DIALECTS[pair[0]].loads]
EVERY_PAIR = pytest.mark.parametrize(("api", "framework"), PAIRS)
MANY_PAIRS = pytest.mark.parametrize(("api", "framework"), [pair for pair in PAIRS if pair[0] not in FEW])


def sample(api: str) -> Iterator[Prepared]:
    """Of the many configurations every tenth, of most other calls every second; all of a small plan."""
    steps = {"configurations": 10, "layouts": 1, "invalid": 5}
    for name in made(api).categories:
        step = 1 if api in FEW else steps.get(name, 2)
        for item in documented(api, name)[::step]:
            if item.case.action == "call" and sum(array.size for array in item.data.values()) < MOST:
                yield item


@cache
def found(api: str, framework: str) -> tuple[tuple[Prepared, Prepared | str], ...]:
    """Calls of an API with their counterparts in the framework, or the reasons."""
    answers = ((item, counterpart(item.case, framework)) for item in sample(api))
    return tuple((item, answer if isinstance(answer, str) else prepare(answer)) for item, answer in answers)


def matched(api: str, framework: str) -> Iterator[tuple[Prepared, Prepared]]:
    return ((ours, theirs) for ours, theirs in found(api, framework) if not isinstance(theirs, str))


def equal(ours: Prepared, theirs: Prepared) -> bool:
    """Whether the same is expected of both, the axes apart that only one framework's storage has.

    Around a recipe's call are more zeros, which change nothing but the order in which float64 numbers are added.
    """
    close = 1e-12 if theirs.case.around or ours.case.around else 0.0
    one, other = ours.expected, theirs.expected
    assert isinstance(one, ExpectedValue), ours.case.show()
    assert isinstance(other, ExpectedValue), theirs.case.show()
    return one.outputs.keys() == other.outputs.keys() and all(
        a.size == b.size and np.allclose(np.ravel(a), np.ravel(b), close, close, equal_nan=True)
        for left, right in ((one.outputs[name], other.outputs[name]) for name in one.outputs)
        for a, b in (
            (left.result.value, right.result.value),
            (left.result.magnitude, right.result.magnitude),
        )
    )


@EVERY_PAIR
def test_a_counterpart_is_documented_and_gives_the_very_same_numbers(api: str, framework: str) -> None:
    pairs = list(matched(api, framework))
    assert len(pairs) >= (20 if api in FEW else 50)
    for ours, theirs in pairs:
        assert theirs.case.api.startswith(f"{framework}.")
        assert equal(ours, theirs), f"{ours.case.show()} and {theirs.case.show()}"


@MANY_PAIRS
def test_gradients_element_types_special_values_and_layouts_have_counterparts_too(api: str, framework: str) -> None:
    cases = [(ours.case, theirs.case) for ours, theirs in matched(api, framework)]
    for ours, theirs in cases:
        assert theirs.differentiate == ours.differentiate
        assert theirs.upstream == ours.upstream
        assert (theirs.data, theirs.amplitude) == (ours.data, ours.amplitude)
        assert theirs.dtype == ours.dtype
        assert {item.layout for item in theirs.call.tensors()} <= {item.layout for item in ours.call.tensors()}
    assert sum(bool(ours.differentiate) for ours, _ in cases) >= 10
    assert {"float32", "float16"} <= {ours.dtype for ours, _ in cases}
    assert {"integers", "normal", "special"} <= {ours.data for ours, _ in cases}
    assert {"strided", "expanded"} <= {ours.call.tensors()[0].layout for ours, _ in cases}


@EVERY_PAIR
def test_layers_have_layers_and_functions_have_functions_or_primitives(api: str, framework: str) -> None:
    kinds = {DIALECTS[theirs.case.api].kind for _, theirs in matched(api, framework)}
    if DIALECTS[api].loads:
        assert kinds == {"module"}
    elif framework == "mindspore":
        assert "primitive" in kinds
        assert kinds <= {"primitive", "module"}
    else:
        assert kinds == {"function"}


@pytest.mark.parametrize(("api", "framework"), ALONE)
def test_lazy_layers_have_none_of_their_own(api: str, framework: str) -> None:
    answers = [theirs for _, theirs in found(api, framework)]
    assert all(isinstance(answer, str) and "these counterparts" in answer for answer in answers)


@EVERY_PAIR
def test_what_has_no_counterpart_says_why_in_words(api: str, framework: str) -> None:
    reasons = [theirs for _, theirs in found(api, framework) if isinstance(theirs, str)]
    assert reasons
    assert all(len(reason.split()) >= 4 for reason in reasons)


@pytest.mark.parametrize(("api", "framework"), BACK)
def test_translated_there_and_back_the_numbers_are_the_same(api: str, framework: str) -> None:
    """The way back ends at PyTorch's class where it began at another, which may ask for more."""
    returned = 0
    for ours, theirs in list(matched(api, framework))[::3]:
        back = counterpart(theirs.case, apis()[api].framework)
        if theirs.case.around:
            assert back == "it is the counterpart of another call itself"
            continue
        if isinstance(back, str):
            assert DIALECTS[api].kind != "module" or api in FEW, f"{theirs.case.show()}: {back}"
            assert back.startswith("the counterpart is not documented") or "no batch axis" in back
            continue
        assert back.origin == (ours.case.origin or ours.case.id)
        assert equal(ours, prepare(back)), ours.case.show()
        returned += 1
    assert returned >= (5 if api in FEW else 15)


@EVERY_PAIR
def test_only_calls_whose_values_are_documented_have_counterparts(api: str, framework: str) -> None:
    for ours, theirs in found(api, framework):
        if not isinstance(ours.expected, ExpectedValue):
            assert isinstance(theirs, str), ours.case.show()


def test_an_inspection_has_no_counterpart() -> None:
    assert counterpart(Case("torch.nn.ConvTranspose1d", action="inspect"), "oneflow") == "only calls have counterparts"


def torch(*, call: Arguments | None = None, bias: bool = False, dtype: str = "float32", **more: object) -> Case:
    x, weight = Tensor("input", (1, 2, 5), dtype), Tensor("weight", (2, 3, 3), dtype)
    parameters = (weight, Tensor("bias", (3,), dtype)) if bias else (weight,)
    keyword = (("bias", bias), *((("dtype", Dtype(dtype)),) if dtype != "float32" else ()))
    construct = Arguments((2, 3, 3), keyword)
    return Case("torch.nn.ConvTranspose1d", construct, call or Arguments((x,)), parameters, **more)  # type: ignore[arg-type]


def mindspore(axes: int, size: int, kernel: int, **keyword: object) -> Case:
    x = Tensor("input", (1, 2, *(size,) * axes), "float32")
    stored = (2, 3, *((1,) if axes == 1 else ()), *(kernel,) * axes)
    construct = Arguments((2, 3, kernel), tuple(keyword.items()))  # type: ignore[arg-type]
    return Case(
        f"mindspore.nn.Conv{axes}dTranspose", construct, Arguments((x,)), (Tensor("weight", stored, "float32"),)
    )


def only(case: Case, framework: str) -> tuple[dict[str, object], Around]:
    """The arguments of the simplest counterpart, and what is around it."""
    answer = counterpart(case, framework)
    assert isinstance(answer, Case), answer
    assert answer.construct is not None
    return dict(answer.construct.keyword), answer.around


@pytest.mark.parametrize("axes", [1, 2])
def test_an_odd_excess_of_same_is_sliced_off_at_the_end(axes: int) -> None:
    """Kernel 4 at stride 1 crops one more at the end than at the begin, which no arguments of PyTorch's do."""
    for kernel, stride, padding in ((4, 1, 1), (3, 2, 0)):
        given, around = only(mindspore(axes, 5, kernel, pad_mode="same", stride=stride), "torch")
        assert given["padding"] == padding
        assert around == Around((), tuple(Crop(2 + axis, 0, 1) for axis in range(axes)))
    given, around = only(mindspore(axes, 5, 4, pad_mode="same", stride=2), "torch")
    assert given["padding"] == 1
    assert not around


def test_output_padding_becomes_a_slice_of_what_mindspore_crops_too_little() -> None:
    x, weight = Tensor("input", (1, 2, 5), "float32"), Tensor("weight", (2, 3, 3), "float32")
    keyword = (("stride", 2), ("padding", 1), ("output_padding", 1), ("bias", False))
    case = Case("torch.nn.ConvTranspose1d", Arguments((2, 3, 3), keyword), Arguments((x,)), (weight,))
    given, around = only(case, "mindspore")
    assert given["padding"] == 0
    assert around == Around((), (Crop(2, 1, 0),))


@pytest.mark.parametrize("bias", [False, True])
def test_a_result_longer_than_the_full_one_is_padded_by_zeros_or_comes_from_a_longer_input(bias: bool) -> None:
    """What is appended holds the bias, which the layer adds by itself where the input is padded instead."""
    tensors = (Tensor("weight", (2, 3, 3), "float32"), Tensor("bias", (3,), "float32"))
    keyword = (("stride", 2), ("output_padding", 1), ("bias", bias))
    x = Tensor("input", (1, 2, 5), "float32")
    case = Case("torch.nn.ConvTranspose1d", Arguments((2, 3, 3), keyword), Arguments((x,)), tensors[: 1 + bias])
    _, around = only(case, "mindspore")
    assert around == (Around((Pad(2, 0, 1),), (Crop(2, 0, 1),)) if bias else Around((), (Pad(2, 0, 1),)))


def test_among_the_candidates_is_one_without_output_padding_where_there_is_one() -> None:
    tensors = (Tensor("weight", (2, 2, 3, 3), "float32"), Tensor("bias", (2,), "float32"))
    construct = Arguments((2, 2, 3), (("stride", 3), ("padding", 1), ("output_padding", 2)))
    x = Tensor("input", (1, 2, 5, 5), "float32")
    found = counterparts(Case("torch.nn.ConvTranspose2d", construct, Arguments((x,)), tensors), "mindspore")
    assert not isinstance(found, str)
    longer = [dict(item.construct.keyword)["output_padding"] for item in found if item.construct]
    assert longer[0] == 1
    assert 0 in longer


def test_a_function_becomes_a_primitive_with_an_axis_more_and_the_bias_after_it_or_a_layer() -> None:
    tensors = (
        Tensor("input", (1, 2, 5), "float32"),
        Tensor("weight", (2, 3, 3), "float32"),
        Tensor("bias", (3,), "float32"),
    )
    found = counterparts(Case("torch.nn.functional.conv_transpose1d", None, Arguments(tensors)), "mindspore")
    assert not isinstance(found, str)
    assert [case.api for case in found] == ["mindspore.ops.Conv2DTranspose", "mindspore.nn.Conv1dTranspose"]
    assert found[0].around == Around((Expand(2),), (Add("bias"), Squeeze(2)), tensors[2:])
    assert not found[1].around


@pytest.mark.parametrize(("kernel", "steps"), [(3, 2), (1, 0)])
def test_an_input_shorter_than_the_dilation_is_lengthened_where_the_document_asks_for_that(
    kernel: int, steps: int
) -> None:
    weight = Tensor("weight", (2, 3, kernel), "float32")
    construct = Arguments((2, 3, kernel), (("stride", 2), ("dilation", 3), ("bias", False)))
    case = Case("torch.nn.ConvTranspose1d", construct, Arguments((Tensor("input", (1, 2, 1), "float32"),)), (weight,))
    arguments, around = only(case, "mindspore")
    assert arguments["dilation"] == (3 if steps else 1)
    assert around == (Around((Pad(2, 0, 2),), (Crop(2, 0, 4),)) if steps else Around())


@given(st.data())
@settings(max_examples=200, suppress_health_check=list(HealthCheck))
def test_every_candidate_gives_the_documented_result_and_the_simplest_comes_first(data: st.DataObject) -> None:
    api = data.draw(st.sampled_from([name for name in API_NAMES if name not in FEW]))
    case = data.draw(strategy(apis()[api]))
    ours = prepare(case)
    for framework in FRAMEWORKS:
        if api.startswith(framework):
            continue
        answer = counterparts(case, framework)
        if isinstance(answer, str):
            assert len(answer.split()) >= 4
            continue
        assert isinstance(ours.expected, ExpectedValue)
        for other in answer:
            assert equal(ours, prepare(other)), f"{case.show()} and {other.show()}"
        by_api = [[item for item in answer if item.api == name] for name in dict.fromkeys(item.api for item in answer)]
        for group in by_api:
            counts = [len(item.around.before) + len(item.around.after) for item in group]
            assert counts == sorted(counts)
        assert len({item.id for item in answer}) == len(answer)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (mindspore(1, 5, 3, weight_init=Tensor("weight_init", (2, 3, 3), "float32")), "initialised from a tensor"),
        (mindspore(1, 5, 3, padding=-1), "not a documented call"),
        (mindspore(2, 5, 1, stride=3, pad_mode="same"), "values are not documented"),
        (torch(device="cuda"), "about a device, a switch or a repetition"),
        (torch(settings=(("tf32", True),)), "about a device, a switch or a repetition"),
        (torch(repeats=2), "about a device, a switch or a repetition"),
        (torch(data="accumulate"), "measures how its own framework adds"),
        (torch(dtype="int32"), "not a documented call"),
        (
            torch(call=Arguments((Tensor("input", (1, 2, 5), "float32", parts=(Part(0, 0, (3, 2, 5)),)),))),
            "cut out of those of another case",
        ),
        (
            Case(
                "mindspore.nn.Conv1dTranspose",
                Arguments((2, 3, 3)),
                Arguments((Tensor("input", (1, 2, 5), "float32"),)),
            ),
            "initial values of weight are random",
        ),
        (
            Case(
                "mindspore.nn.Conv1dTranspose",
                Arguments((2, 3, 3), (("weight_init", "ones"),)),
                Arguments((Tensor("input", (1, 2, 5), "float32"),)),
            ),
            "stay as the layer initialised them",
        ),
    ],
)
def test_the_reason_names_what_stands_in_the_way(case: Case, reason: str) -> None:
    other = "oneflow" if case.api.startswith("torch") else "torch"
    assert reason in str(counterpart(case, other))


def test_an_unbatched_input_gets_a_batch_of_one_where_none_is_documented() -> None:
    unbatched = Arguments((Tensor("input", (2, 5), "float32"),))
    case = torch(call=unbatched, bias=True)
    assert isinstance(prepare(case).expected, ExpectedValue)
    _, around = only(case, "oneflow")
    assert around == Around((Expand(0),), (Squeeze(0),))
    x = Tensor("input", (2, 5, 4), "float32")
    mint = Case(
        "mindspore.mint.nn.ConvTranspose2d",
        Arguments((2, 3, 3), (("bias", False),)),
        Arguments((x,)),
        (Tensor("weight", (2, 3, 3, 3), "float32"),),
    )
    theirs = counterpart(mint, "torch")
    assert isinstance(theirs, Case)
    assert theirs.call.tensors() == (x,)


def test_an_output_size_that_is_asked_for_becomes_output_padding() -> None:
    x = Tensor("input", (1, 2, 5), "float32")
    weight = Tensor("weight", (2, 3, 3), "float32")
    construct = Arguments((2, 3, 3), (("stride", 2), ("bias", False)))
    case = Case("torch.nn.ConvTranspose1d", construct, Arguments((x,), (("output_size", (12,)),)), (weight,))
    theirs = counterpart(case, "oneflow")
    assert isinstance(theirs, Case)
    assert theirs.construct is not None
    assert theirs.construct.bind(DIALECTS[theirs.api].signature)["output_padding"] == 1
    assert not theirs.call.keyword


def test_a_primitive_that_is_told_its_size_has_a_function_for_counterpart() -> None:
    tensors = (Tensor("input", (1, 2, 4, 4), "float32"), Tensor("weight", (2, 3, 3, 3), "float32"))
    case = Case(
        "mindspore.ops.Conv2DTranspose",
        Arguments((2, 3), (("stride", 2),)),
        Arguments((*tensors, (1, 3, 10, 9))),
    )
    theirs = counterpart(case, "torch")
    assert isinstance(theirs, Case)
    assert theirs.api == "torch.nn.functional.conv_transpose2d"
    assert theirs.call.tensors() == tensors
    assert dict(theirs.call.keyword)["output_padding"] == (1, 0)
