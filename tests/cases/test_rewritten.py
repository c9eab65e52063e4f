"""What changed between a call and its counterpart is told whole and true, for every pair of frameworks."""

import math
from dataclasses import replace
from itertools import chain

import pytest

from cases.case import Arguments, Case
from cases.catalogue import apis
from cases.conv_transpose.counterparts import counterparts
from cases.conv_transpose.dialects import DIALECTS
from cases.conv_transpose.rewritten import input_shapes, rewritten, with_operands, work
from cases.conv_transpose.understood import understood
from cases.rewriting import Explicit, Held, Renamed, Rewriting, rewritable
from cases.values import BadValue, Tensor
from conformance.call_text import parse_call
from conformance.expected import ExpectedValue
from tests.cases.planned import API_NAMES, FRAMEWORKS, sample

MANY = 2**40  # multiplications: no shape is left out


def told(text: str, framework: str) -> Rewriting:
    ours = parse_call(text)
    found = counterparts(ours, framework)
    assert not isinstance(found, str)
    return rewritten(ours, found[0])


def test_the_issues_own_example() -> None:
    found = told("mindspore.nn.Conv1dTranspose(3, 64, 5, stride=3, pad_mode='same')", "torch")
    assert found.renamed == (Renamed("has_bias", "bias"),)
    assert [(item.name, item.value, item.theirs) for item in found.explicit] == [("bias", False, True)]
    assert [(item.ours, item.theirs) for item in found.became] == [("pad_mode='same'", "padding=1")]
    assert "1 element is left out at each end" in found.became[0].reason.en
    assert found.held == (Held("weight", (3, 64, 1, 5), (3, 64, 5)),)


def test_a_pad_mode_that_nobody_wrote_is_told_where_the_other_side_has_none() -> None:
    found = told("mindspore.nn.Conv1dTranspose(3, 64, 5, stride=3)", "torch")
    assert [(item.ours, item.theirs) for item in found.became] == [("pad_mode='same'", "padding=1")]
    back = told("torch.nn.ConvTranspose1d(3, 4, 5)", "mindspore")
    assert {(item.name, item.value, item.theirs) for item in back.explicit} == {
        ("pad_mode", "pad", "same"),
        ("has_bias", True, False),
    }


def test_arguments_that_both_write_alike_are_not_told() -> None:
    assert told("torch.nn.ConvTranspose2d(4, 4, 3, stride=2, padding=1, groups=2)", "oneflow") == Rewriting()


def test_steps_and_initial_values_are_told() -> None:
    found = told("mindspore.nn.Conv1dTranspose(3, 4, 4, stride=1, pad_mode='same', weight_init='ones')", "torch")
    became = [(item.ours, item.theirs) for item in found.became]
    assert ("weight_init='ones'", "-") in became
    assert any("crop(" in theirs for _, theirs in became)


@pytest.mark.parametrize("api", API_NAMES)
def test_what_is_told_of_any_valid_call_is_true_of_both(api: str) -> None:
    """Names and values are those of the two calls, defaults those of the documents, and no number is lost."""
    seen = 0
    for item in sample(api, 20):
        if not isinstance(item.expected, ExpectedValue):
            continue
        for framework in FRAMEWORKS:
            found = () if framework == apis()[api].framework else counterparts(item.case, framework)
            for theirs in () if isinstance(found, str) else found[:2]:
                seen += 1
                _check(item.case, theirs, rewritten(item.case, theirs))
    # The documents give those that only one device runs no result here.
    assert seen or DIALECTS[api].few or DIALECTS[api].kind == "function"


def _check(ours: Case, theirs: Case, found: Rewriting) -> None:
    here, there = apis()[ours.api], apis()[theirs.api]
    given = (theirs.construct or theirs.call).bind(there.names)
    for renamed in found.renamed:
        assert renamed.ours in here.names
        assert renamed.theirs in there.names
        assert renamed.ours != renamed.theirs
    for explicit in found.explicit:
        assert isinstance(explicit, Explicit)
        assert given[explicit.name] == explicit.value
        default = next(item.default for item in there.signature if item.name == explicit.name)
        assert explicit.theirs == default != explicit.value
        assert explicit.reason.en
        assert explicit.reason.zh
    for held in found.held:
        assert math.prod(held.ours) == math.prod(held.theirs)
    same = {item.role: item.shape for item in chain(theirs.tensors())}
    told = {item.role for item in found.held}
    for tensor in (*ours.parameters, *ours.call.tensors()):
        if tensor.role in same and tensor.role != "input" and tensor.role not in told:
            assert same[tensor.role] == tensor.shape


@pytest.mark.parametrize("api", API_NAMES)
def test_a_call_without_its_input_gets_one_that_the_documents_take(api: str) -> None:
    """Of what the plan calls valid, the input and the parameters are taken away, and put back as they must be."""
    seen = 0
    for item in sample(api, 20):
        case = item.case
        if not isinstance(item.expected, ExpectedValue) or case.action != "call" or not case.parameters:
            continue
        if case.call.keyword or case.construct is None or case.construct.tensors():
            continue
        bare = Case(case.api, case.construct)
        for shape in (case.call.tensors()[0].shape, None):
            made = with_operands(bare, input_shape=shape, weight_shape=None, dtype=case.dtype)
            understood(made)
            lazy = "Lazy" in api and shape is None
            if not lazy:
                assert [(item.role, item.shape) for item in made.parameters] == [
                    (item.role, item.shape) for item in case.parameters
                ]
        seen += 1
    assert seen or not DIALECTS[api].loads or DIALECTS[api].few


def test_a_shape_that_cannot_be_known_is_asked_for() -> None:
    named = Arguments((Tensor("input", (), "float32"), Tensor("weight", (), "float32")))
    case = Case("torch.nn.functional.conv_transpose1d", None, named)
    with pytest.raises(BadValue, match="--weight"):
        with_operands(case, input_shape=None, weight_shape=None, dtype="float32")


def test_other_inputs_of_a_call_have_other_batches_and_lengths() -> None:
    case = parse_call("torch.nn.ConvTranspose1d(3, 4, 5)(Tensor(2, 3, 9))")
    shapes = input_shapes(case, MANY)
    assert shapes[0] == (2, 3, 9)
    assert {shape[0] for shape in shapes} == {1, 2, 3}
    assert {1, 2, 8, 9, 10} <= {shape[2] for shape in shapes}
    assert {shape[1] for shape in shapes} == {3}
    unbatched = input_shapes(parse_call("torch.nn.ConvTranspose1d(3, 4, 5)(Tensor(3, 9))"), MANY)
    assert {len(shape) for shape in unbatched} == {2}
    asked = parse_call("torch.nn.ConvTranspose1d(3, 4, 5, stride=2)(Tensor(2, 3, 9), output_size=(22,))")
    assert {shape[2] for shape in input_shapes(asked, MANY)} == {9}


def test_an_input_that_takes_too_long_is_replaced_by_ones_that_do_not() -> None:
    case = parse_call("torch.nn.ConvTranspose2d(512, 256, 4, 2, 1)", input_shape=(1, 512, 64, 64))
    needed = work(case)
    assert needed is not None
    assert needed.result == (1, 256, 128, 128)
    assert needed.elements == 256 * 130 * 130  # of the full result
    assert needed.multiplications == 512 * 64 * 64 * 256 * 16
    shapes = input_shapes(case, 2**27)
    assert len(shapes) > 3
    assert case.call.tensors()[0].shape not in shapes
    for shape in shapes:
        other = work(with_shape(case, shape))
        assert other is not None
        assert other.multiplications <= 2**27
    # A call that asks for its size takes no other lengths.
    asked = parse_call("torch.nn.ConvTranspose1d(512, 512, 64)(Tensor(1, 512, 900), output_size=(963,))")
    assert input_shapes(asked, 2**27) == ()
    assert work(parse_call("torch.nn.ConvTranspose1d(3, 4, 5, padding=-1)")) is None


def with_shape(case: Case, shape: tuple[int, ...]) -> Case:
    tensor = case.call.tensors()[0]
    return replace(case, call=replace(case.call, positional=(replace(tensor, shape=shape),)))


@pytest.mark.parametrize(
    ("text", "framework", "words"),
    [
        (
            "torch.nn.ConvTranspose1d(3, 4, 5, stride=2, padding=1, output_padding=1)",
            "mindspore",
            "1 element is left out at the begin",
        ),
        (
            "torch.nn.ConvTranspose1d(3, 4, 5, stride=3, output_padding=2)",
            "mindspore",
            "2 elements are added at the end",
        ),
        (
            "mindspore.nn.Conv1dTranspose(3, 4, 4, stride=1)",
            "torch",
            "1 element is left out at the begin and 2 elements are left out at the end",
        ),
        (
            "mindspore.nn.Conv2dTranspose(3, 4, 3, pad_mode='valid')",
            "torch",
            "nothing is left out, on each spatial axis",
        ),
        (
            "torch.nn.ConvTranspose1d(3, 4, 5, dilation=9)(Tensor(1, 3, 4))",
            "mindspore",
            "no input shorter than the dilation",
        ),
    ],
)
def test_what_is_cropped_is_said_in_words(text: str, framework: str, words: str) -> None:
    assert any(words in item.reason.en for item in told(text, framework).became)


def test_a_default_that_differs_is_kept_and_one_that_is_alike_is_not() -> None:
    assert told("torch.nn.ConvTranspose1d(3, 4, 5, bias=False)", "mindspore").kept == ("has_bias",)
    assert told("torch.nn.ConvTranspose1d(3, 4, 5, bias=False)", "oneflow").kept == ()
    assert told("mindspore.nn.Conv1dTranspose(3, 4, 5, has_bias=True)", "torch").kept == ("bias",)


def test_the_operator_is_found_by_the_name_of_its_api() -> None:
    assert rewritable("torch.nn.ConvTranspose1d").rewritten is rewritten
    with pytest.raises(LookupError, match="no operator"):
        rewritable("torch.nn.Linear")
