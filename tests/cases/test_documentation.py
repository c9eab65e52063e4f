"""Claims are well-formed data: stated in both languages, with documents that exist, about parameters that exist."""

import re
from collections import Counter

import pytest

from cases.case import Arguments, Case
from cases.catalogue import apis, operators, select
from cases.documentation import (
    REQUIRED,
    Absent,
    Accepts,
    Bound,
    Breaks,
    Consistent,
    DefaultValue,
    Distributed,
    Equal,
    Gradient,
    Inverse,
    Kind,
    ModesAgree,
    Names,
    Printed,
    Refused,
    Rejects,
    Runs,
    Says,
    Shape,
    Stored,
    StoredDtype,
    Text,
    Unchecked,
    Values,
)
from cases.statements import Statements, joined
from cases.values import Tensor
from reference.documented import find

CLAIMS = [claim for api in apis().values() for claim in api.claims]
CHECKED_BY: dict[Kind, tuple[type, ...]] = {
    Kind.SIGNATURE: (Names, Absent, Values),
    Kind.DEFAULT: (DefaultValue, Values),
    Kind.TYPE: (Accepts, Rejects, Breaks, Values),
    Kind.RANGE: (Accepts, Rejects, Breaks, Values),
    Kind.REQUIREMENT: (Accepts, Rejects, Breaks),
    Kind.RAISES: (Breaks, Says, Refused),
    Kind.SHAPE: (Shape, Equal),
    Kind.VALUES: (Values, Consistent, ModesAgree, Equal, Shape),
    Kind.DTYPE: (StoredDtype, Values, Accepts, Breaks, Rejects),
    Kind.PARAMETERS: (Stored,),
    Kind.DISTRIBUTION: (Distributed, Equal),
    Kind.EQUIVALENCE: (Equal, Inverse, Consistent, ModesAgree),
    Kind.GRADIENT: (Equal, Gradient),
    Kind.EXAMPLE: (Printed,),
    Kind.PLATFORM: (Runs, Rejects),
    Kind.PRECISION: (Values, Consistent),
}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_no_two_claims_share_an_id() -> None:
    assert not [name for name, count in Counter(claim.id for claim in CLAIMS).items() if count > 1]


def test_every_id_is_the_api_and_an_ascii_slug() -> None:
    for api in apis().values():
        for claim in api.claims:
            assert claim.api == api.name
            assert re.fullmatch(re.escape(api.name) + "/[a-z0-9]+(-[a-z0-9]+)*", claim.id, re.ASCII), claim.id


def test_every_claim_is_stated_in_english_and_in_chinese() -> None:
    for claim in CLAIMS:
        assert claim.text.en.endswith("."), claim.id
        assert not CHINESE.search(claim.text.en), claim.id
        assert claim.text.zh.endswith("。"), claim.id
        assert CHINESE.search(claim.text.zh), claim.id


def test_no_statement_of_an_api_is_made_twice_from_the_same_place() -> None:
    counted = Counter((claim.api, claim.text.en, claim.sources) for claim in CLAIMS)
    assert not [key for key, count in counted.items() if count > 1]


def test_every_claim_stands_somewhere_in_a_listed_document_and_every_document_makes_one() -> None:
    for operator in operators().values():
        claims = [claim for api in operator.APIS for claim in api.claims]
        assert all(claim.sources and all(source.place for source in claim.sources) for claim in claims)
        assert {source.document for claim in claims for source in claim.sources} == set(operator.DOCUMENTS)
        assert len({document.key for document in operator.DOCUMENTS}) == len(operator.DOCUMENTS)


def test_every_parameter_that_a_claim_names_is_in_the_signature_unless_the_claim_says_that_it_is_not() -> None:
    for api in apis().values():
        for claim in api.claims:
            if isinstance(claim.detail, Absent):
                assert claim.parameters == claim.detail.names
                assert not set(claim.parameters) & set(api.names), claim.id
            else:
                assert set(claim.parameters) <= {*api.names, *api.inputs, "input"}, claim.id


def test_every_claim_has_what_the_checkers_of_its_kind_need() -> None:
    assert set(CHECKED_BY) == set(Kind)
    wrong = [
        (claim.id, claim.kind.value, type(claim.detail).__name__)
        for claim in CLAIMS
        if not isinstance(claim.detail, (*CHECKED_BY[claim.kind], Unchecked))
    ]
    assert not wrong


def test_claims_whose_checker_needs_one_parameter_name_one() -> None:
    for claim in CLAIMS:
        if isinstance(claim.detail, Accepts | DefaultValue | Breaks):
            assert len(claim.parameters) == 1, claim.id


def test_the_documented_defaults_are_those_of_the_signature() -> None:
    for api in apis().values():
        defaults = {item.name: item.default for item in api.signature}
        for claim in api.claims:
            if isinstance(claim.detail, DefaultValue):
                assert claim.detail.value == defaults[claim.parameters[0]], claim.id
        # A default of the call itself, such as output_size, is in no signature and names no parameter.
        stated = {claim.parameters[0] for claim in api.claims if claim.kind is Kind.DEFAULT and claim.parameters}
        assert stated == {name for name, value in defaults.items() if value is not REQUIRED}, api.name


def test_every_overruling_is_a_listed_ruling_with_an_id_of_its_own() -> None:
    for operator in operators().values():
        overruled = [claim for api in operator.APIS for claim in api.claims if claim.overruled]
        assert overruled
        assert {claim.overruled for claim in overruled} <= set(operator.RULINGS)
        assert len({ruling.id for ruling in operator.RULINGS}) == len(operator.RULINGS)
        for ruling in operator.RULINGS:
            assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", ruling.id)
            assert not CHINESE.search(ruling.text.en)
            assert CHINESE.search(ruling.text.zh)


def test_what_is_not_checked_says_why() -> None:
    unchecked = [claim for claim in CLAIMS if isinstance(claim.detail, Unchecked)]
    assert unchecked
    assert all(len(claim.detail.reason.split()) >= 3 for claim in unchecked if isinstance(claim.detail, Unchecked))


def test_printed_examples_are_cases_of_their_apis() -> None:
    for api in apis().values():
        for claim in api.claims:
            if isinstance(claim.detail, Printed):
                assert claim.kind is Kind.EXAMPLE
                assert claim.detail.case in api.examples, claim.id


def test_pairs_are_of_the_claims_api_and_of_another_call() -> None:
    for api in apis().values():
        for claim in api.claims:
            if not isinstance(claim.detail, Equal | Consistent | Inverse):
                continue
            assert claim.detail.pairs, claim.id
            assert all(pair.left != pair.right for pair in claim.detail.pairs), claim.id
            if claim.id.endswith("/conv-maps-several-shapes-to-one"):
                # The one sentence that is about the convolution alone.
                calls = {case.api for pair in claim.detail.pairs for case in (pair.left, pair.right)}
                assert len(calls) == 1
                assert not calls & apis().keys()
            else:
                assert {pair.left.api for pair in claim.detail.pairs} == {api.name}, claim.id


def test_claims_that_wait_for_a_device_say_which() -> None:
    assert {claim.device for claim in CLAIMS} <= {"", "cpu", "cuda", "ascend"}


def test_every_api_has_a_reference_of_the_same_name_with_the_same_parameters() -> None:
    for api in apis().values():
        variables = find(api.name).__init__.__code__
        assert variables.co_varnames[1 : variables.co_argcount] == api.names, api.name


def test_a_pattern_selects_by_full_name_by_last_name_and_by_operator() -> None:
    assert [api.name for api in select(("ConvTranspose1d",))] == [
        "torch.nn.ConvTranspose1d",
        "oneflow.nn.ConvTranspose1d",
    ]
    assert {"mindspore.nn.Conv2dTranspose"} < {api.name for api in select(("mindspore.*2d*",))}
    assert tuple(select(("conv_transpose",))) == tuple(select(())) == tuple(apis().values())
    assert not list(select(("nothing",)))


def test_a_bound_call_has_the_documented_defaults_and_the_shape_of_the_input() -> None:
    api = apis()["torch.nn.ConvTranspose1d"]
    x = Tensor("input", (1, 3, 5), "float32")
    bound = api.bound(Case(api.name, Arguments((3, 4), (("kernel_size", 2), ("stride", 3))), Arguments((x,))))
    assert isinstance(bound, Bound)
    assert bound.input_shape == (1, 3, 5)
    assert {name: bound.arguments[name] for name in ("in_channels", "kernel_size", "stride", "padding", "bias")} == {
        "in_channels": 3,
        "kernel_size": 2,
        "stride": 3,
        "padding": 0,
        "bias": True,
    }
    assert set(bound.arguments) == set(api.names)


def test_statements_of_one_kind_share_their_words() -> None:
    say = Statements("torch.nn.Thing")
    claim = say.raises("out_size", "ValueError", "range", "negative", Text("`out_size` is negative", "`out_size` 为负"))
    assert (claim.id, claim.kind) == ("torch.nn.Thing/out-size-negative", Kind.RAISES)
    assert claim.text == Text("ValueError is raised if `out_size` is negative.", "`out_size` 为负时抛出 ValueError。")
    assert claim.detail == Breaks("range", "ValueError")


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (("不是 int", "时抛出 TypeError。"), "不是 int 时抛出 TypeError。"),
        (("`padding` 不为 0", "时"), "`padding` 不为 0 时"),
        (("可以是", "'same'", "。"), "可以是 'same'。"),
        (("取自", "[−2, 2] 内的分布", "。"), "取自 [−2, 2] 内的分布。"),
        (("不是 (out,)", "时"), "不是 (out,) 时"),
        (("可以是", "整数", "。"), "可以是整数。"),
        (("`stride` ", "大于 0", "；"), "`stride` 大于 0；"),
        (("张量（", "int", "）"), "张量（int）"),
        (("", "int", "", "时"), "int 时"),
    ],
)
def test_a_space_stands_where_chinese_meets_other_letters_and_nowhere_else(parts: tuple[str, ...], text: str) -> None:
    assert joined(*parts) == text


def test_the_chinese_of_every_claim_has_a_space_before_and_after_latin_words() -> None:
    """A bracket may open right behind Chinese text, and formulas write lengths in Chinese."""
    glued = re.compile(r"[\u4e00-\u9fff][A-Za-z0-9`'\[]|[A-Za-z0-9`'\]²][\u4e00-\u9fff]|[\u4e00-\u9fff],")
    found = {claim.text.zh for api in apis().values() for claim in api.claims if glued.search(claim.text.zh)}
    assert found == set()
