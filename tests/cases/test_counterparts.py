"""Counterparts: the same numbers by the reference of the other framework, or a reason why there are none."""

from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest

from cases.case import Arguments, Case
from cases.catalogue import apis
from cases.conv_transpose.counterparts import counterpart
from cases.values import Tensor
from conformance.expected import ExpectedValue, Prepared, prepare
from tests.cases.planned import API_NAMES, FRAMEWORKS, prepared

PAIRS = [(api, framework) for api in API_NAMES for framework in FRAMEWORKS if not api.startswith(framework)]
EVERY_PAIR = pytest.mark.parametrize(("api", "framework"), PAIRS)


@cache
def found(api: str, framework: str) -> tuple[tuple[Prepared, Prepared | str], ...]:
    """Every call of an API with its counterpart in the framework, or the reason."""
    answers = ((item, counterpart(item.case, framework)) for item in prepared(api) if item.case.action == "call")
    return tuple((item, answer if isinstance(answer, str) else prepare(answer)) for item, answer in answers)


def matched(api: str, framework: str) -> Iterator[tuple[Prepared, Prepared]]:
    return ((ours, theirs) for ours, theirs in found(api, framework) if not isinstance(theirs, str))


@EVERY_PAIR
def test_a_counterpart_is_documented_and_gives_the_very_same_numbers(api: str, framework: str) -> None:
    pairs = list(matched(api, framework))
    assert len(pairs) >= 100
    for ours, theirs in pairs:
        assert isinstance(ours.expected, ExpectedValue), ours.case.show()
        assert isinstance(theirs.expected, ExpectedValue), theirs.case.show()
        assert theirs.case.api.startswith(f"{framework}.")
        for one, other in (
            (ours.expected.array, theirs.expected.array),
            (ours.expected.result.value, theirs.expected.result.value),
            (ours.expected.result.magnitude, theirs.expected.result.magnitude),
        ):
            assert np.array_equal(one, other), f"{ours.case.show()} and {theirs.case.show()}"


@EVERY_PAIR
def test_what_has_no_counterpart_says_why_in_words(api: str, framework: str) -> None:
    reasons = [theirs for _, theirs in found(api, framework) if isinstance(theirs, str)]
    assert reasons
    assert all(len(reason.split()) >= 4 for reason in reasons)


@EVERY_PAIR
def test_translated_there_and_back_the_numbers_are_the_same(api: str, framework: str) -> None:
    for ours, theirs in matched(api, framework):
        back = counterpart(theirs.case, apis()[api].framework)
        assert isinstance(back, Case), f"{theirs.case.show()}: {back}"
        assert back.origin == (ours.case.origin or ours.case.id)
        returned = prepare(back).expected
        assert isinstance(returned, ExpectedValue)
        assert isinstance(ours.expected, ExpectedValue)
        assert np.array_equal(returned.array, ours.expected.array), ours.case.show()


@EVERY_PAIR
def test_only_calls_whose_values_are_documented_have_counterparts(api: str, framework: str) -> None:
    for ours, theirs in found(api, framework):
        if not isinstance(ours.expected, ExpectedValue):
            assert isinstance(theirs, str), ours.case.show()


def test_an_inspection_has_no_counterpart() -> None:
    assert counterpart(Case("torch.nn.ConvTranspose1d", action="inspect"), "oneflow") == "only calls have counterparts"


def mindspore(axes: int, size: int, kernel: int, **keyword) -> Case:
    x = Tensor("input", (1, 2, *(size,) * axes), "float32")
    stored = (2, 3, *((1,) if axes == 1 else ()), *(kernel,) * axes)
    construct = Arguments((2, 3, kernel), tuple(keyword.items()))
    return Case(
        f"mindspore.nn.Conv{axes}dTranspose", construct, Arguments((x,)), (Tensor("weight", stored, "float32"),)
    )


@pytest.mark.parametrize("axes", [1, 2])
def test_an_odd_excess_of_same_becomes_output_padding(axes: int) -> None:
    """Kernel 4 at stride 1 crops one more at the end than at the begin, which only a longer result can undo."""
    assert "more is cropped at the end" in str(counterpart(mindspore(axes, 5, 4, pad_mode="same"), "torch"))
    theirs = counterpart(mindspore(axes, 5, 3, pad_mode="same", stride=2), "torch")
    assert "more is cropped at the end" in str(theirs)
    even = counterpart(mindspore(axes, 5, 4, pad_mode="same", stride=2), "torch")
    assert isinstance(even, Case)
    assert even.construct is not None
    assert dict(even.construct.keyword)["padding"] == 1


def test_torch_with_output_padding_becomes_same_where_that_is_the_crop_or_says_that_it_cannot() -> None:
    x, weight = Tensor("input", (1, 2, 5), "float32"), Tensor("weight", (2, 3, 3), "float32")
    keyword = (("stride", 2), ("padding", 1), ("output_padding", 1), ("bias", False))
    theirs = counterpart(
        Case("torch.nn.ConvTranspose1d", Arguments((2, 3, 3), keyword), Arguments((x,)), (weight,)), "mindspore"
    )
    assert theirs == "the crop is not symmetric, and there is no output_padding"


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (mindspore(1, 5, 3, weight_init=Tensor("weight_init", (2, 3, 3), "float32")), "initialised from a tensor"),
        (mindspore(1, 5, 3, padding=-1), "not a documented call"),
        (mindspore(2, 5, 1, stride=3, pad_mode="same"), "values are not documented"),
        (
            Case(
                "mindspore.nn.Conv1dTranspose",
                Arguments((2, 3, 3)),
                Arguments((Tensor("input", (1, 2, 5), "float32"),)),
            ),
            "at random",
        ),
    ],
)
def test_the_reason_names_what_stands_in_the_way(case: Case, reason: str) -> None:
    assert reason in str(counterpart(case, "torch"))


def test_an_unbatched_input_and_an_output_size_have_no_counterpart() -> None:
    weight, bias = Tensor("weight", (2, 3, 3), "float32"), Tensor("bias", (3,), "float32")
    unbatched = Arguments((Tensor("input", (2, 5), "float32"),))
    sized = Arguments((Tensor("input", (1, 2, 5), "float32"),), (("output_size", (1, 3, 7)),))
    for call, reason in ((unbatched, "no batch axis"), (sized, "has no counterpart")):
        case = Case("torch.nn.ConvTranspose1d", Arguments((2, 3, 3)), call, (weight, bias))
        assert isinstance(prepare(case).expected, ExpectedValue)
        assert reason in str(counterpart(case, "oneflow"))
