"""The claims of MindSpore's comparison page: what it says is claimed, nothing else is, and each can be contradicted."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from cases.case import Case
from cases.catalogue import apis, described
from cases.conv_transpose.comparison_examples import LENGTHS, MINDSPORE_CASES, TORCH_CASES
from cases.conv_transpose.comparison_initial import WORDS
from cases.conv_transpose.comparison_pairs import VALUES
from cases.conv_transpose.comparison_sources import ALSO
from cases.conv_transpose.documents import COMPARISON, COMPARISON_CHANNELS
from cases.documentation import Accepts, Claim, Distributed, Equal, Kind, Printed, Shape, Unchecked, Values
from cases.values import Tensor
from conformance.comparisons import compare
from conformance.expected import ExpectedValue, prepare
from conformance.judge import judge
from conformance.outcome import Outcome, Parameter, Raised, Returned
from reference.initializers import Constant, SymmetricUniform
from reports.record import Record
from tests.cases.planned import is_small, plan

TORCH, MINDSPORE = "torch.nn.ConvTranspose1d", "mindspore.nn.Conv1dTranspose"
# What the page's two class lines give a default, and the defaults that its table repeats.
CLASS_LINES: dict[str, dict[str, Any]] = {
    TORCH: {
        "stride": 1,
        "padding": 0,
        "output_padding": 0,
        "groups": 1,
        "bias": True,
        "dilation": 1,
        "padding_mode": "zeros",
    },
    MINDSPORE: {
        "stride": 1,
        "pad_mode": "same",
        "padding": 0,
        "dilation": 1,
        "group": 1,
        "has_bias": False,
        "weight_init": None,
        "bias_init": None,
    },
}
REPEATED = {TORCH: {"bias"}, MINDSPORE: {"pad_mode", "has_bias", "weight_init", "bias_init"}}
PAGE = [
    claim
    for name in CLASS_LINES
    for claim in apis()[name].claims
    if any(source.document is COMPARISON for source in claim.sources)
]
ONLY_THERE = [claim for claim in PAGE if all(source.document is COMPARISON for source in claim.sources)]
REFUSED = ("ValueError", "Exception", "BaseException")
NUMBERS = {"in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation"}


def places(claim: Claim) -> set[str]:
    return {source.place for source in claim.sources if source.document is COMPARISON}


def slug(claim: Claim) -> str:
    return claim.id.partition("/")[2]


def named(api: str, name: str) -> Claim:
    (found,) = [claim for claim in PAGE if claim.id == f"{api}/{name}"]
    return found


def of_kind(*kinds: type) -> pytest.MarkDecorator:
    found = [claim for claim in PAGE if isinstance(claim.detail, kinds)]
    return pytest.mark.parametrize("claim", found, ids=lambda claim: claim.id)


# What the page says, and what it does not.


@pytest.mark.parametrize("api", CLASS_LINES)
def test_the_defaults_of_the_page_are_those_of_its_class_lines_and_the_table_repeats_some(api: str) -> None:
    defaults = {claim.parameters[0]: claim for claim in PAGE if claim.api == api and claim.kind is Kind.DEFAULT}
    assert {name: claim.detail.value for name, claim in defaults.items()} == CLASS_LINES[api]  # type: ignore[union-attr]
    assert all("class line" in places(claim) for claim in defaults.values())
    assert {name for name, claim in defaults.items() if "parameter table" in places(claim)} == REPEATED[api]


def test_no_claim_of_the_page_is_about_a_parameter_that_its_class_lines_lack() -> None:
    for api, line in CLASS_LINES.items():
        there = {*line, "in_channels", "out_channels", "kernel_size", "input"}
        for claim in PAGE:
            missing = slug(claim).startswith("no-")
            assert claim.api != api or missing or set(claim.parameters) <= there, claim.id


def test_every_claim_that_the_page_shares_with_another_document_is_one_that_there_is() -> None:
    for api, slugs in ALSO.items():
        for name in slugs:
            shared = named(api, name)
            assert slug(shared).startswith("input-name") or shared not in ONLY_THERE, shared.id


@pytest.mark.parametrize("name", sorted(NUMBERS))
def test_every_row_without_a_remark_is_held_with_one_number_on_both_sides(name: str) -> None:
    detail = named(MINDSPORE, f"{name.replace('_', '-')}-as-torch").detail
    assert isinstance(detail, Equal)
    assert detail.values
    seen = set()
    for pair in detail.pairs:
        ours, theirs = (apis()[case.api].bound(case).arguments for case in (pair.left, pair.right))
        assert ours[name] == theirs[name]
        assert type(ours[name]) is int
        assert ours["pad_mode"] == "pad"
        seen.add(ours[name])
    assert seen == set(VALUES[name])
    assert len(seen) > 2


@pytest.mark.parametrize("parameter", ["weight", "bias"])
def test_the_words_of_the_page_are_accepted_as_it_spells_them_and_in_no_other_way(parameter: str) -> None:
    case = next(case for case in plan(MINDSPORE).cases if case.action == "initialise" and case.construct)
    bound = apis()[MINDSPORE].bound(case)
    for word in (*WORDS, "ones", "xavier_uniform", "he_uniform", "zeros"):
        for spelled in {word, word.lower(), word.upper()}:
            other = replace(bound, arguments={**bound.arguments, f"{parameter}_init": spelled})
            found = [
                slug(claim)
                for claim in ONLY_THERE
                if isinstance(claim.detail, Accepts) and slug(claim).startswith(parameter) and claim.detail.when(other)
            ]
            wanted = [f"{parameter}-init-accepts-{word.lower()}-comparison"] if spelled in WORDS else []
            assert found == wanted


def test_a_word_of_the_page_names_a_law_and_so_does_whatever_configures_the_start() -> None:
    case = next(case for case in plan(MINDSPORE).cases if case.action == "initialise" and case.construct)
    bound = apis()[MINDSPORE].bound(case)

    def laws(value: object) -> list[object]:
        other = replace(bound, arguments={**bound.arguments, "weight_init": value})
        names = ("weight-words-distribution-comparison", "weight-init-configures-comparison", "weight-ones-comparison")
        return [named(MINDSPORE, name).detail.law(other) for name in names]  # type: ignore[union-attr]

    assert laws("One") == [Constant(1.0), Constant(1.0), None]
    assert laws("HeUniform") == [SymmetricUniform(), SymmetricUniform(), None]
    assert laws("ones") == [None, Constant(1.0), Constant(1.0)]
    assert laws("ONES") == [None, Constant(1.0), None]
    assert laws(3) == [None, Constant(3.0), None]
    assert laws(None) == laws("bogus") == laws(Tensor("weight_init", (2,), "float32")) == [None] * 3


def test_the_examples_of_both_sides_print_the_same_lengths() -> None:
    for left, right, length in zip(MINDSPORE_CASES, TORCH_CASES, LENGTHS, strict=True):
        for case in (left, right):
            (claim,) = [item for item in PAGE if isinstance(item.detail, Printed) and item.detail.case.id == case.id]
            assert claim.detail.shape == (1, 64, length)  # type: ignore[union-attr]


def test_the_word_for_c_is_overruled_and_the_pages_own_examples_are_against_it() -> None:
    claim = named(TORCH, "channels-spatial-comparison")
    assert claim.overruled is COMPARISON_CHANNELS
    assert isinstance(claim.detail, Shape)
    for case in TORCH_CASES:
        assert claim.detail.formula(apis()[TORCH].bound(case)) == (1, 1, None)
        assert returned(case).outputs["output"].shape[1] == 64


def test_what_is_left_unchecked_says_only_what_is_rough_usual_possible_or_seen_in_every_call() -> None:
    unchecked = {slug(claim) for claim in PAGE if isinstance(claim.detail, Unchecked)}
    assert unchecked == {
        "no-true-inverse",
        "instantiated-first-comparison",
        "output-padding-usual-comparison",
        "roughly-as-torch-comparison",
        "unpadded-discards-comparison",
        "valid-discards-comparison",
    }


# Every claim can be contradicted: a wrong outcome of a case of the default plan, or of a pair of its own, is seen.


@cache
def cases(api: str) -> tuple[Case, ...]:
    examples = [case for case in apis()[api].examples if not case.device]
    return (*examples, *(case for case in plan(api).cases if is_small(case, 30_000)))


def record(case: Case, outcome: Outcome | None = None) -> Record:
    prepared = prepare(case)
    if outcome is None:
        outcome = returned(case)
    return judge(
        prepared,
        outcome,
        described(case.api),
        backend=case.api.partition(".")[0],
        mode="eager",
        device="cpu",
        keep=True,
    )


def returned(case: Case) -> Returned:
    expected = prepare(case).expected
    assert isinstance(expected, ExpectedValue)
    stored = {tensor.role: Parameter(tensor.shape, tensor.dtype) for tensor in case.parameters}
    return Returned({name: item.array for name, item in expected.outputs.items()}, stored)


def answers(claim: Claim, case: Case, outcome: Outcome) -> list[bool]:
    """What a check of this claim says of an outcome: nothing, or whether it holds."""
    return [check.holds for check in record(case, outcome).checks if check.claim == claim.id]


def valued(claim: Claim) -> Iterator[Case]:
    """Small calls of the default plan that have a documented value of numbers, and of which the claim speaks."""
    detail = claim.detail
    assert isinstance(detail, Shape | Values | Printed)
    if isinstance(detail, Printed):
        yield detail.case
        return
    for case in cases(claim.api):
        bound = apis()[claim.api].bound(case) if case.action == "call" and not case.differentiate else None
        if bound is None or case.data not in ("integers", "ones") or case.dtype != "float32":
            continue
        if bool(detail.when(bound)) if isinstance(detail, Values) else _says(detail, bound):
            yield case


def _says(detail: Shape, bound: Any) -> bool:
    try:
        return detail.formula(bound) is not None
    except (TypeError, ValueError, IndexError, ZeroDivisionError):  # a call that is not valid
        return False


@of_kind(Shape, Values, Printed)
def test_a_claim_on_results_holds_for_the_documented_one_and_is_contradicted_by_another(claim: Claim) -> None:
    for case in valued(claim):
        if not isinstance(prepare(case).expected, ExpectedValue):
            continue
        right = returned(case)
        held = answers(claim, case, right)
        if not held or held == [False]:
            assert held == [] or claim.overruled is not None
            continue
        array = right.outputs["output"]
        doubled = [np.concatenate([array, array], axis=axis) for axis in (-1, -2)]  # in its length, in its channels
        wrong = [array + 1] if isinstance(claim.detail, Values) else doubled
        assert [False] in [answers(claim, case, replace(right, outputs={"output": item})) for item in wrong]
        return
    raise AssertionError(f"no case of the default plan tells whether {claim.id} holds")


@of_kind(Equal)
def test_each_pair_is_equal_as_documented_and_unequal_if_one_side_does_something_else(claim: Claim) -> None:
    if slug(claim) == "gradient-of-conv":
        return  # which PyTorch's docstring says too
    assert isinstance(claim.detail, Equal)
    for pair in claim.detail.pairs:
        left, right = record(pair.left), record(pair.right)
        found = compare(left, right, claim, pair)
        assert found.agrees, found.detail
        array = returned(pair.left).outputs["output"]
        wrong = array + 1 if claim.detail.values else array[..., 1:]
        other = record(pair.left, replace(returned(pair.left), outputs={"output": wrong}))
        assert compare(other, right, claim, pair).contradicts


@pytest.mark.parametrize("name", sorted(NUMBERS - {"in_channels", "out_channels"}))
def test_a_side_that_takes_another_number_for_a_parameter_gives_another_result(name: str) -> None:
    """So that a framework which ignores the parameter, or counts it in another way, is found out."""
    claim = named(MINDSPORE, f"{name.replace('_', '-')}-as-torch")
    assert isinstance(claim.detail, Equal)
    arrays = {}
    for pair in claim.detail.pairs:
        given = dict(apis()[MINDSPORE].bound(pair.left).arguments)
        value = given.pop(name)
        arrays[value, str(sorted(given.items(), key=str))] = returned(pair.left).outputs["output"]
    for (value, beside), array in arrays.items():
        for (other, same), changed in arrays.items():
            if other != value and same == beside:
                assert changed.shape != array.shape or not np.array_equal(changed, array)


@of_kind(Accepts)
def test_a_word_or_type_that_is_refused_contradicts_its_claim(claim: Claim) -> None:
    (name,) = claim.parameters
    refusal = Raised("construct", REFUSED, f"{name} must be something else")
    seen = [answers(claim, case, refusal) for case in _giving(claim)]
    assert [False] in seen
    assert [True] not in seen


def _giving(claim: Claim) -> Iterator[Case]:
    """Up to five cases of the default plan that give what the claim says is accepted."""
    assert isinstance(claim.detail, Accepts)
    left = 5
    for case in cases(claim.api):
        given = (case.construct or case.call).bind(apis()[claim.api].names)
        if left and claim.parameters[0] in given and claim.detail.when(apis()[claim.api].bound(case)):
            left -= 1
            yield case


@of_kind(Distributed)
def test_parameters_that_start_in_another_way_contradict_the_laws_of_the_page(claim: Claim) -> None:
    assert isinstance(claim.detail, Distributed)
    told = 0
    for case in cases(claim.api):
        if case.action != "initialise" or claim.detail.law(apis()[claim.api].bound(case)) is None:
            continue
        wrong = Returned({name: np.linspace(5.0, 9.0, 500, dtype=np.float32) for name in ("weight", "bias")})
        assert answers(claim, case, wrong) == [False]
        told += 1
    assert told
