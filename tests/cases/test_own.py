"""The suite's own claims: well formed, on calls of one feature, and with pairs that a wrong backend cannot pass."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cases.case import Case, from_canonical
from cases.catalogue import apis
from cases.conv_transpose.consistency import BATCH, KINDS
from cases.conv_transpose.documents import DOCUMENTS, SUITE
from cases.conv_transpose.own import WORDS, own
from cases.conv_transpose.setting import FORMS, Setting, call, inexpressible, plainer
from cases.data import tensor
from cases.documentation import Api, Consistent, Gradient, ModesAgree, Pair, Refused, Says, Values
from cases.values import Tensor
from reference.conv_transpose import law

APIS = {name: api for name, api in apis().items() if api.operator == "conv_transpose"}
GRADIENTS = tuple(name for name in FORMS if name in APIS)
SIZE = (6, 5, 4)
Law = Callable[[Any, Any, Any], Any]


def test_every_api_of_the_operator_has_a_form_to_be_called_in() -> None:
    assert set(APIS) <= set(FORMS)


@pytest.mark.parametrize("name", APIS)
def test_the_claims_are_well_formed(name: str) -> None:
    claims = own(APIS[name])
    assert len({claim.id for claim in claims}) == len(claims)
    assert SUITE in DOCUMENTS
    for claim in claims:
        assert re.fullmatch(re.escape(name) + "/[a-z0-9]+(-[a-z0-9]+)*", claim.id, re.ASCII)
        assert [source.document for source in claim.sources] == [SUITE]
        assert claim.text.en.endswith(".")
        assert claim.text.zh.endswith("。")
        assert not re.search(r"[一-鿿][,;:]", claim.text.zh), claim.text.zh
        assert set(claim.parameters) <= set(APIS[name].names)


@pytest.mark.parametrize("name", APIS)
def test_only_the_moment_of_a_refusal_is_advice_and_only_where_something_is_constructed(name: str) -> None:
    advice = [claim for claim in own(APIS[name]) if claim.advice]
    assert [type(claim.detail) for claim in advice] == [Refused] * (FORMS[name].kind != "function")


@pytest.mark.parametrize("name", APIS)
def test_every_group_of_claims_is_there(name: str) -> None:
    details = [claim.detail for claim in own(APIS[name])]
    of = {detail.of for detail in details if isinstance(detail, Gradient)}
    assert of == {"input", "weight"} | ({"bias"} if FORMS[name].bias else set())
    assert sum(isinstance(detail, Consistent) for detail in details) == 6 - (not FORMS[name].group)
    assert sum(isinstance(detail, Says) for detail in details) == 1
    assert any(isinstance(detail, ModesAgree) for detail in details) is not name.startswith("oneflow")


def applying(api: Api, case: Case) -> set[str]:
    """The claims on derivatives and values that speak of a case, by their slugs."""
    bound = api.bound(case)
    return {
        claim.id.partition("/")[2]
        for claim in own(api)
        if isinstance(claim.detail, Gradient | Values) and claim.detail.when(bound)
    }


def feature(setting: Setting) -> dict[str, Setting]:
    """Settings that use one feature each, by the name of the claim on it."""
    return {
        "stride": replace(setting, stride=2),
        "padding": replace(setting, padding=1),
        "dilation": replace(setting, dilation=2),
        "groups": replace(setting, groups=2),
        "output-padding": replace(setting, stride=2, output_padding=1),
    }


@pytest.mark.parametrize("name", APIS)
def test_a_claim_on_one_feature_speaks_of_calls_with_that_feature_alone(name: str) -> None:
    api, plain = APIS[name], Setting(SIZE[: FORMS[name].axes])
    for slug, setting in feature(plain).items():
        wide = name == "mindspore.ops.Conv2DTranspose" and slug == "output-padding"
        if inexpressible(name, setting) or wide:
            continue  # the primitive has no such argument: it is told the output's shape
        spelled = {"groups": FORMS[name].group, "padding": FORMS[name].pad}.get(slug, slug)
        found = {item for item in applying(api, call(name, setting)) if item.startswith("gradient-input-")}
        assert found == {f"gradient-input-{spelled}"}
        both = replace(setting, padding=1, stride=3, dilation=2)
        mixed = {item for item in applying(api, call(name, both)) if item.startswith("gradient-weight-")}
        assert mixed == ({"gradient-weight-output-padding"} if slug == "output-padding" else set())
    assert not {item for item in applying(api, call(name, plain)) if item.startswith("gradient-input-")}


@pytest.mark.parametrize("name", [name for name in APIS if FORMS[name].modes])
@pytest.mark.parametrize("mode", ["same", "valid"])
def test_a_pad_mode_has_its_claim(name: str, mode: Any) -> None:
    setting = Setting(SIZE[: FORMS[name].axes], stride=2, pad_mode=mode)
    assert f"gradient-weight-pad-mode-{mode}" in applying(APIS[name], call(name, setting))
    assert f"gradient-weight-pad-mode-{mode}" not in applying(APIS[name], call(name, replace(setting, dilation=2)))


def test_types_layouts_and_special_values_are_told_apart_and_out_of_the_claims_on_features() -> None:
    name = "torch.nn.functional.conv_transpose2d"
    api, setting = APIS[name], Setting(SIZE[:2], stride=2)
    case = call(name, setting)
    x = replace(setting.input, layout="channels-last")
    found = {
        "type-float16": call(name, replace(setting, dtype="float16")),
        "type-integers": Case(name, None, replace(case.call, positional=_retyped(case, "int32"))),
        "layout-channels-last": call(name, setting, given=x),
        "special-values": replace(case, data="special"),
    }
    everything = {slug for other in found.values() for slug in applying(api, other)}
    assert set(found) <= everything
    for slug, other in found.items():
        one = {item for item in applying(api, other) if item.startswith(("type-", "layout-", "special-", "gradient-i"))}
        assert one == {slug, "gradient-input"}
    assert "gradient-input-stride" in applying(api, case)


def _retyped(case: Case, dtype: str) -> tuple[Any, ...]:
    return tuple(replace(item, dtype=dtype) if isinstance(item, Tensor) else item for item in case.call.positional)


def test_the_words_that_count_for_an_argument_are_lower_case_and_lead_to_it_alone() -> None:
    for name, words in WORDS.items():
        assert words, name
        assert all(word == word.lower() for word in words), name
    assert any(word in "the number of channels must be positive" for word in WORDS["in_channels"])
    assert not any(word in "expected a tuple of two ints" for word in WORDS["kernel_size"])


# The pairs, run on the law as if it were a backend.


def right_law(case: Case) -> Law:
    """A call of the law with the geometry of a case."""
    made = dict((case.construct or case.call).keyword)
    padding = made.get("padding", made.get("pad", 0))
    where: dict[str, Any] = {
        "stride": made.get("stride", 1),
        "padding": padding,
        "dilation": made.get("dilation", 1),
        "groups": made.get("groups", made.get("group", 1)),
    }

    def run(x: Any, weight: Any, bias: Any) -> Any:
        shortest = law.output_shape(x.shape, weight.shape, **where)
        asked = [value for value in case.call.positional if isinstance(value, tuple)]
        longer = made.get("output_padding", 0)
        if asked:  # the primitive is told the output's shape
            longer = tuple(want - length for want, length in zip(asked[0][2:], shortest[2:], strict=True))
        return law.conv_transpose(x, weight, bias, output_padding=longer, **where)

    return run


def outcome(case: Case, spoil: Callable[[Case, Any], Any] = lambda case, value: value) -> Any:
    """What the law gives for a case, as a backend with a fault would change it."""
    data = {wanted.role: tensor(case, wanted).astype(np.int64) for wanted in case.tensors()}
    axes = FORMS[case.api].axes
    weight = data["weight"].reshape(*data["weight"].shape[:2], *data["weight"].shape[-axes:])
    return spoil(case, right_law(case)(data["input"], weight, data.get("bias")))


def holds(pair: Pair, spoil: Callable[[Case, Any], Any] = lambda case, value: value) -> bool:
    left, right = outcome(pair.left, spoil), outcome(pair.right, spoil)
    for part in pair.parts:
        assert left.shape == part.whole
        stretch = slice(part.start, part.start + right.shape[part.axis])
        left = left[(*(slice(None),) * part.axis, stretch)]
    return bool(np.array_equal(left, right))


def by_batch(case: Case, value: Any) -> Any:
    return value + value.shape[0]


def by_place(case: Case, value: Any) -> Any:
    return value + np.arange(len(value)).reshape(-1, *(1,) * (value.ndim - 1))


def by_layout(case: Case, value: Any) -> Any:
    return value + any(item.layout != "contiguous" for item in case.tensors())


def by_gradients(case: Case, value: Any) -> Any:
    return value + bool(case.differentiate)


def by_repeats(case: Case, value: Any) -> Any:
    return value + case.repeats


def by_groups(case: Case, value: Any) -> Any:
    grouped = dict((case.construct or case.call).keyword)
    return value[:, ::-1] if grouped.get("groups", grouped.get("group", 1)) > 1 else value


FAULTS = {
    "independent-of-batch-size": by_batch,
    "independent-of-position-in-batch": by_place,
    "independent-of-layout": by_layout,
    "independent-of-differentiation": by_gradients,
    "independent-of-repetition": by_repeats,
    "groups-apart": by_groups,
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", FORMS)
def test_pairs_agree_on_a_right_backend_and_differ_on_a_wrong_one(name: str, kind: str) -> None:
    pairs = KINDS[kind](name)
    assert bool(pairs) is (kind != "groups-apart" or bool(FORMS[name].group))
    for pair in pairs:
        assert holds(pair), f"{pair.left.show()} and {pair.right.show()}"
        assert not holds(pair, FAULTS[kind]) or kind == "groups-apart"
    if pairs:
        assert any(not holds(pair, FAULTS[kind]) for pair in pairs)


@pytest.mark.parametrize("name", FORMS)
def test_a_pair_is_of_one_api_on_shared_numbers_and_survives_being_written_down(name: str) -> None:
    for kind, make in KINDS.items():
        pairs = make(name)
        assert len({(pair.left.id, pair.right.id, pair.parts) for pair in pairs}) == len(pairs), kind
        for pair in pairs:
            assert pair.left.api == pair.right.api == name
            assert pair.right.origin == pair.left.id
            assert pair.left.id != pair.right.id
            assert from_canonical(pair.right.canonical).id == pair.right.id


def test_a_sample_is_called_from_both_ends_of_its_batch() -> None:
    name = "torch.nn.ConvTranspose1d"
    starts = {kind: {pair.parts[0].start for pair in KINDS[kind](name)} for kind in tuple(KINDS)[:2]}
    assert starts == {"independent-of-batch-size": {0}, "independent-of-position-in-batch": {1, BATCH - 1}}


@pytest.mark.parametrize("name", GRADIENTS)
def test_a_setting_is_called_as_the_documents_have_it(name: str) -> None:
    setting = plainer(name, Setting(SIZE[: FORMS[name].axes], in_channels=4, stride=2, groups=2, bias=True))
    case, api = call(name, setting), APIS[name]
    arguments = (case.construct or case.call).bind(api.names)
    assert set(arguments) <= set(api.names), set(arguments) - set(api.names)
    with pytest.raises(ValueError, match="cannot be called so"):
        call(name, replace(setting, size=(2,) * 4))
