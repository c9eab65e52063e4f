"""The claims on MindSpore's APIs: none left out, and formulas that say what the documents print."""

from collections import Counter
from typing import Any

import pytest

from cases.case import Arguments, Case
from cases.catalogue import apis
from cases.conv_transpose import mindspore
from cases.conv_transpose.documents import DOCUMENTS, RULINGS
from cases.conv_transpose.mindspore_sources import layered
from cases.documentation import (
    Api,
    Breaks,
    Claim,
    Equal,
    Kind,
    Printed,
    Rejects,
    Runs,
    Shape,
    Unchecked,
    Values,
)
from cases.values import Tensor
from conformance.expected import ExpectedError, ExpectedUnsupported, Undocumented, prepare

NAMES = (
    "mindspore.nn.Conv1dTranspose",
    "mindspore.nn.Conv2dTranspose",
    "mindspore.nn.Conv3dTranspose",
    "mindspore.ops.Conv2DTranspose",
    "mindspore.ops.Conv3DTranspose",
    "mindspore.ops.conv3d_transpose",
    "mindspore.ops.conv_transpose2d",
    "mindspore.mint.nn.ConvTranspose2d",
    "mindspore.mint.nn.functional.conv_transpose2d",
)
ASCEND_ONLY = NAMES[6:]
APIS = {api.name: api for api in mindspore.APIS}
CLAIMS = [claim for api in mindspore.APIS for claim in api.claims]
BY_ID = {claim.id: claim for claim in CLAIMS}


def _formula(slug: str) -> Any:
    detail = BY_ID[slug].detail
    assert isinstance(detail, Shape)
    return detail.formula


def _layer(axes: int, x: tuple[int, ...], *positional: Any, **keyword: Any) -> Any:
    name = f"mindspore.nn.Conv{axes}dTranspose"
    case = Case(name, Arguments(positional, tuple(keyword.items())), Arguments((Tensor("input", x, "float32"),)))
    return APIS[name].bound(case)


def test_every_documented_api_is_there_once_and_the_operator_offers_it() -> None:
    assert tuple(api.name for api in mindspore.APIS) == NAMES
    assert set(NAMES) <= set(apis())


@pytest.mark.parametrize("name", NAMES)
def test_no_claim_of_an_api_is_stated_twice(name: str) -> None:
    claims = APIS[name].claims
    assert [slug for slug, count in Counter(claim.id for claim in claims).items() if count > 1] == []
    assert all(claim.id.startswith(f"{name}/") and claim.api == name for claim in claims)


def test_every_claim_stands_in_a_listed_document_and_every_ruling_against_one_is_listed() -> None:
    assert {source.document for claim in CLAIMS for source in claim.sources} <= set(DOCUMENTS)
    assert {claim.overruled for claim in CLAIMS if claim.overruled} <= set(RULINGS)


@pytest.mark.parametrize("name", NAMES)
def test_every_kind_of_statement_that_the_documents_make_is_claimed(name: str) -> None:
    kinds = {claim.kind for claim in APIS[name].claims}
    asked = {Kind.SIGNATURE, Kind.DEFAULT, Kind.TYPE, Kind.RANGE, Kind.REQUIREMENT, Kind.SHAPE, Kind.VALUES}
    assert asked | {Kind.EXAMPLE, Kind.PLATFORM} <= kinds


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_is_the_subject_of_a_claim_that_is_no_default(name: str) -> None:
    spoken_of = {
        parameter
        for claim in APIS[name].claims
        if claim.kind not in (Kind.DEFAULT, Kind.SIGNATURE)
        for parameter in claim.parameters
    }
    tensors = {"input", "inputs"}
    assert set(APIS[name].names) - tensors - spoken_of == set()


def test_each_platform_is_listed_or_said_not_to_be() -> None:
    for name in NAMES:
        listed = {claim.detail.device for claim in APIS[name].claims if isinstance(claim.detail, Runs)}
        excluded = {
            claim.device
            for claim in APIS[name].claims
            if claim.kind is Kind.PLATFORM and isinstance(claim.detail, Rejects)
        }
        assert listed | excluded == {"ascend", "cuda", "cpu"}
        assert listed & excluded == set()
        assert (listed == {"ascend"}) == (name in ASCEND_ONLY)


def test_what_only_ascend_can_show_is_held_there_only() -> None:
    for name in ASCEND_ONLY:
        for claim in APIS[name].claims:
            if isinstance(claim.detail, Printed | Equal):
                assert claim.device == "ascend", claim.id


def test_few_claims_are_left_unchecked_and_none_for_a_lack_of_this_suite() -> None:
    reasons = {claim.id: claim.detail.reason for claim in CLAIMS if isinstance(claim.detail, Unchecked)}
    assert all("version of the suite" not in reason for reason in reasons.values())
    assert len(reasons) < len(CLAIMS) // 20


@pytest.mark.parametrize("claim", [claim for claim in CLAIMS if isinstance(claim.detail, Printed)], ids=lambda c: c.id)
def test_printed_examples_are_of_the_size_that_is_printed_by_the_documented_formulas(claim: Claim) -> None:
    assert isinstance(claim.detail, Printed)
    case, size = claim.detail.case, claim.detail.shape
    assert f"{size}" in claim.text.en
    api: Api = APIS[claim.api]
    assert case in api.examples
    given = layered(api.bound(case)).arguments
    batch, channels, *lengths = size
    x = case.call.tensors()[0].shape
    assert (batch, channels) == (x[0], given.get("out_channels", given.get("out_channel")))
    assert len(lengths) == len(x) - 2


def test_the_three_formulas_of_same_disagree_as_the_documents_do() -> None:
    x = {1: (2, 3, 7), 2: (2, 3, 7, 8), 3: (2, 3, 7, 8, 9)}
    found = {
        axes: _formula(f"mindspore.nn.Conv{axes}dTranspose/output-length-same")(
            _layer(axes, x[axes], 3, 4, 3, 2, "same")
        )
        for axes in (1, 2, 3)
    }
    assert found == {1: (2, 4, 4), 2: (2, 4, 14, 16), 3: (2, 4, 4, 5, 5)}


def test_a_padding_that_is_added_to_the_input_lengthens_the_output_and_is_overruled() -> None:
    claim = BY_ID["mindspore.nn.Conv2dTranspose/padding-added-to-input"]
    assert claim.overruled is not None
    formula = _formula(claim.id)
    call = {"pad_mode": "pad", "padding": (1, 0, 2, 1)}
    assert formula(_layer(2, (1, 2, 5, 5), 2, 2, 3, **call)) == (1, 2, 8, 10)
    assert formula(_layer(2, (1, 2, 5, 5), 2, 2, 3, pad_mode="pad")) is None
    assert formula(_layer(2, (1, 2, 5, 5), 2, 2, 3, pad_mode="same")) is None


def test_the_quotient_of_the_comparison_page_is_not_its_own_example() -> None:
    claim = BY_ID["mindspore.nn.Conv1dTranspose/output-length-quotient-comparison"]
    assert claim.overruled is not None
    bound = _layer(1, (1, 3, 50), 3, 64, 5, 3, "same")
    assert _formula(claim.id)(bound) == (1, 64, 16)
    assert _formula("mindspore.nn.Conv1dTranspose/output-length-same-comparison")(bound) == (1, 64, 150)


# Calls of the primitives and functions, on the documented examples and beside them.


def _three(slug: str, **keyword: Any) -> Any:
    name = f"mindspore.ops.{slug.partition('/')[0]}"
    tensors = (Tensor("input", (2, 4, 5, 6, 7), "float32"), Tensor("weight", (4, 3, 3, 2, 1), "float32"))
    group = keyword.get("group", 1)
    if name.endswith("conv3d_transpose"):
        case = Case(name, None, Arguments(tensors, tuple(keyword.items())))
    else:
        construct = {"in_channel": 4, "out_channel": 3 * group, "kernel_size": (3, 2, 1)} | keyword
        case = Case(name, Arguments((), tuple(construct.items())), Arguments(tensors))
    return _formula(f"mindspore.ops.{slug}")(APIS[name].bound(case))


def test_the_formula_of_the_3d_primitive_serves_an_int_and_goes_wrong_for_six_paddings() -> None:
    assert _three("Conv3DTranspose/output-length-pad", pad_mode="pad", pad=1, stride=2) == (2, 3, 9, 10, 11)
    six = {"pad_mode": "pad", "pad": (1, 0, 0, 2, 1, 1)}
    assert _three("Conv3DTranspose/output-length-pad", **six) is None
    assert _three("Conv3DTranspose/output-length-pad-tuple", **six) == (2, 3, 5, 7, 7)
    assert _three("Conv3DTranspose/output-length-pad") is None


def test_the_channels_of_the_3d_output_are_divided_by_group_as_printed() -> None:
    assert _three("Conv3DTranspose/output-channels", group=2) == (2, 3, None, None, None)
    assert BY_ID["mindspore.ops.Conv3DTranspose/output-channels"].overruled is not None
    assert _three("conv3d_transpose/output-channels") == (2, 3, None, None, None)
    assert BY_ID["mindspore.ops.conv3d_transpose/output-channels"].overruled is None


def test_the_function_says_that_same_divides_the_lengths() -> None:
    assert _three("conv3d_transpose/output-length-same", pad_mode="same", stride=(1, 2, 3)) == (2, 3, 5, 3, 2)
    assert _three("conv3d_transpose/output-length-same", stride=2) is None


def _discards(size: tuple[int, ...], mode: str = "valid") -> bool:
    name = "mindspore.ops.Conv2DTranspose"
    detail = BY_ID[f"{name}/valid-discards"].detail
    assert isinstance(detail, Values)
    tensors = (Tensor("input", (1, 2, 4, 4), "float32"), Tensor("weight", (2, 3, 3, 3), "float32"))
    keyword = (("out_channel", 2), ("kernel_size", 3), ("pad_mode", mode), ("stride", 2))
    return detail.when(APIS[name].bound(Case(name, Arguments((), keyword), Arguments((*tensors, size)))))


def test_an_element_is_discarded_where_the_size_that_is_asked_for_is_longer_than_what_is_reached() -> None:
    assert not _discards((1, 3, 9, 9))
    assert _discards((1, 3, 10, 9))
    assert _discards((1, 3, 9, 10))
    assert not _discards((1, 3, 10, 10), "pad")


def test_the_result_of_the_2d_primitive_has_the_size_that_is_asked_for() -> None:
    name = "mindspore.ops.Conv2DTranspose"
    example = BY_ID[f"{name}/example"].detail
    assert isinstance(example, Printed)
    assert _formula(f"{name}/output-shape")(APIS[name].bound(example.case)) == example.shape


# What the reference must share with the claims.


def _expected(name: str, wanted: type, **keyword: Any) -> list[Any]:
    found = [prepare(case, keyword.get("device", "cpu")).expected for case in APIS[name].examples[1:]]
    return [item for item in found if isinstance(item, wanted)]


def test_a_bias_given_to_the_3d_primitive_is_the_documented_error() -> None:
    detail = BY_ID["mindspore.ops.Conv3DTranspose/bias-only-none"].detail
    assert isinstance(detail, Breaks)
    (error,) = _expected("mindspore.ops.Conv3DTranspose", ExpectedError)
    assert (error.argument, error.rule, error.error) == ("bias", detail.rule, detail.error)


def test_a_second_group_of_the_3d_function_is_unsupported_and_an_empty_input_is_refused() -> None:
    name = "mindspore.ops.conv3d_transpose"
    assert len(_expected(name, ExpectedUnsupported)) == 1
    (error,) = _expected(name, ExpectedError)
    assert (error.argument, error.rule, error.error) == ("input", "range", "ValueError")


def test_the_platform_lists_of_mint_exclude_the_cpu_and_not_ascend() -> None:
    for name in ASCEND_ONLY:
        case = APIS[name].examples[0]
        assert isinstance(prepare(case, "cpu").expected, ExpectedUnsupported)
        assert not isinstance(prepare(case, "ascend").expected, ExpectedUnsupported | Undocumented)


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_the_input_may_be_named_x(axes: int) -> None:
    name = f"mindspore.nn.Conv{axes}dTranspose"
    detail = BY_ID[f"{name}/input-name"].detail
    assert isinstance(detail, Values)
    named = [case for case in APIS[name].examples if case.call.keyword]
    assert [detail.when(APIS[name].bound(case)) for case in named] == [True]
    assert not any(detail.when(APIS[name].bound(case)) for case in APIS[name].examples if case not in named)
