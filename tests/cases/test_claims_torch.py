"""What the claims on PyTorch's and OneFlow's APIs rest on: formulas, conditions, and calls that can fail them."""

import itertools
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cases.case import Arguments, Case
from cases.catalogue import apis
from cases.conv_transpose import formulas as f
from cases.conv_transpose.calls import NAMES, features, function, plain, telling
from cases.conv_transpose.setting import Setting, call
from cases.data import tensor
from cases.documentation import (
    REQUIRED,
    Accepts,
    Api,
    Bound,
    Breaks,
    Consistent,
    Distributed,
    Equal,
    Inverse,
    Kind,
    Printed,
    Shape,
    Stored,
    Unchecked,
    Values,
)
from cases.values import Tensor
from reference.documented import NotDocumented, Refusal, find
from reference.initializers import Uniform

AXES = (1, 2, 3)
LAYERS = [f"{name}.nn.ConvTranspose{axes}d" for name in ("torch", "oneflow") for axes in AXES]
LAZY = [f"torch.nn.LazyConvTranspose{axes}d" for axes in AXES]
FUNCTIONS = [f"{name}.nn.functional.conv_transpose{axes}d" for name in ("torch", "oneflow") for axes in AXES]
OURS = [*LAYERS, *LAZY, *FUNCTIONS]


def bound(case: Case) -> Bound:
    return apis()[case.api].bound(case)


def detail(api: str, slug: str) -> Any:
    (claim,) = [claim for claim in apis()[api].claims if claim.id == f"{api}/{slug}"]
    return claim.detail


def computed(case: Case) -> Any:
    """The documented result of a call of a function, or the reason why there is none."""
    given = {
        name: tensor(case, value).astype(np.int64) if isinstance(value, Tensor) else value
        for name, value in case.call.bind(NAMES).items()
    }
    try:
        return find(case.api)(**given).result(parameters={}).value
    except (Refusal, NotDocumented) as reason:
        return reason


def differ(one: Any, other: Any) -> bool:
    """Whether two results are told apart by values or shape; what has no result is told from everything."""
    if isinstance(one, Exception) or isinstance(other, Exception):
        return True
    return one.shape != other.shape or not np.array_equal(one, other)


@pytest.mark.parametrize("name", OURS)
def test_every_api_has_claims_of_the_kinds_that_its_document_speaks_of(name: str) -> None:
    kinds = {claim.kind for claim in apis()[name].claims}
    wanted = {Kind.SIGNATURE, Kind.DEFAULT, Kind.TYPE, Kind.REQUIREMENT, Kind.SHAPE, Kind.VALUES, Kind.EQUIVALENCE}
    if name == "oneflow.nn.ConvTranspose2d":
        wanted -= {Kind.EQUIVALENCE}  # the only document without the note on inverses
    assert wanted | {Kind.GRADIENT} <= kinds
    assert ({Kind.PARAMETERS, Kind.DISTRIBUTION} <= kinds) == (name not in FUNCTIONS)


@pytest.mark.parametrize("name", OURS)
def test_what_is_left_unchecked_is_what_no_run_can_see(name: str) -> None:
    unchecked = {claim.id.partition("/")[2] for claim in apis()[name].claims if isinstance(claim.detail, Unchecked)}
    assert unchecked <= {
        "no-true-inverse",
        "rocm-float16",
        "cudnn-deterministic",
        "parameters-device",
        "in-channels-inferred-unbatched",
        "weight-lazily-initialised",
        "bias-lazily-initialised",
        "class-after-first-call",
        "unbatched",
        "enlarges-article",
        "unpadded-discards-comparison",
        "output-padding-usual-comparison",
        "instantiated-first-comparison",
        *(f"padding-mode-accepts-{mode}" for mode in ("reflect", "replicate", "circular") if name[-2] == "1"),
    }


@pytest.mark.parametrize("name", OURS)
def test_every_parameter_has_a_claim_on_its_type_or_is_not_explained_by_any_document(name: str) -> None:
    claims = apis()[name].claims
    typed = {claim.parameters[0] for claim in claims if isinstance(claim.detail, Breaks | Accepts)}
    silent = set() if "torch.nn.ConvTranspose" in name else {"device", "dtype"}
    assert set(apis()[name].names) - typed <= silent


# The calls by which names, order and defaults of functions are told.


@pytest.mark.parametrize("name", FUNCTIONS)
def test_exchanging_any_two_positions_is_refused_or_gives_another_result(name: str) -> None:
    case = function(name, telling(int(name[-2])), positional=len(NAMES))
    assert case in apis()[name].examples
    assert detail(name, "parameters").when(bound(case))
    right, given = computed(case), case.call.positional
    assert not isinstance(right, Exception)
    for one, other in itertools.combinations(range(3, len(NAMES)), 2):
        exchanged = list(given)
        exchanged[one], exchanged[other] = given[other], given[one]
        wrong = Case(name, None, Arguments(tuple(exchanged)), origin=case.id)
        assert differ(computed(wrong), right), (NAMES[one], NAMES[other])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_parameter_has_a_call_that_gives_it_by_name_and_none_after_it(name: str) -> None:
    for index, parameter in enumerate(NAMES):
        when = detail(name, f"{parameter.replace('_', '-')}-by-name").when
        (case,) = [case for case in apis()[name].examples if when(bound(case)) and case.construct is None][:1]
        given = [*dict(case.call.keyword)]
        assert given == [parameter] or (index == 0 and given == ["input", "weight"])
        assert len(case.call.positional) == index
        assert not isinstance(computed(case), Exception)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("parameter", NAMES[2:])
def test_each_default_has_one_call_that_rests_on_it_and_shows_another_default(name: str, parameter: str) -> None:
    when = detail(name, f"default-{parameter.replace('_', '-')}").when
    found = [case for case in apis()[name].examples if when(bound(case))]
    assert found
    default: Any = {item.name: item.default for item in apis()[name].signature}[parameter]
    for case in found:
        left_out = computed(case)
        stated = replace(case, call=Arguments(case.call.positional, (*case.call.keyword, (parameter, default))))
        assert not differ(computed(replace(stated, origin=case.id)), left_out)
        others: list[Any] = [Tensor("bias", (4,), "float32")] if parameter == "bias" else [2, 3]
        if parameter == "output_padding":
            others = []  # with a stride and a dilation of 1 any other number is out of the ordinary
        for value in others:
            changed = replace(case, call=Arguments(case.call.positional, (*case.call.keyword, (parameter, value))))
            assert differ(computed(replace(changed, origin=case.id)), left_out), value


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("parameter", ["stride", "padding", "output_padding", "dilation"])
def test_the_order_of_a_tuple_shows_in_the_result(name: str, parameter: str) -> None:
    if name[-2] == "1":
        return
    when = detail(name, f"{parameter.replace('_', '-')}-tuple-in-order").when
    found = [case for case in apis()[name].examples if when(bound(case))]
    assert found
    for case in found:
        turned = dict(case.call.keyword)
        turned[parameter] = turned[parameter][::-1]  # type: ignore[index]
        other = replace(case, call=Arguments(case.call.positional, tuple(turned.items())), origin=case.id)
        assert differ(computed(other), computed(case))


# Formulas.


@pytest.mark.parametrize("name", OURS)
def test_the_claimed_shape_is_that_of_the_reference(name: str) -> None:
    formula = detail(name, "output-shape").formula
    for setting in (*features(int(name[-2])), telling(int(name[-2]))):
        assert formula(bound(call(name, setting))) == setting.output_shape


@pytest.mark.parametrize("name", OURS)
def test_the_examples_that_run_have_the_shape_of_the_documented_formula(name: str) -> None:
    printed = [claim for claim in apis()[name].claims if isinstance(claim.detail, Printed)]
    assert printed or name == "oneflow.nn.ConvTranspose1d" or name in LAZY
    formula = detail(name, "output-shape").formula
    for claim in printed:
        assert isinstance(claim.detail, Printed)
        asked = dict(claim.detail.case.call.keyword).get("output_size")
        if asked is None and claim.overruled is None:
            assert formula(bound(claim.detail.case)) == claim.detail.shape


@pytest.mark.parametrize("name", [*LAYERS, *LAZY])
def test_the_claimed_weight_shape_knows_channels_in_groups_and_kernel(name: str) -> None:
    axes = int(name[-2])
    setting = replace(telling(axes), kernel_size=(3, 2, 1)[:axes])
    stored = detail(name, "weight-shape")
    assert isinstance(stored, Stored)
    assert stored.shape(bound(call(name, setting))) == (4, 3, *(3, 2, 1)[:axes])
    bias = detail(name, "bias-shape")
    assert bias.shape(bound(call(name, setting))) == (6,)
    assert bias.shape(bound(call(name, plain(axes)))) is None


@pytest.mark.parametrize("name", [*LAYERS, *LAZY])
def test_the_law_of_initial_numbers_divides_groups_by_channels_out_times_kernel(name: str) -> None:
    axes = int(name[-2])
    setting = replace(telling(axes), kernel_size=(3, 2, 1)[:axes])
    edge = math.sqrt(2 / (6 * math.prod((3, 2, 1)[:axes])))
    for parameter in ("weight", "bias"):
        distributed = detail(name, f"{parameter}-distribution")
        assert isinstance(distributed, Distributed)
        assert distributed.law(bound(call(name, setting))) == Uniform(-edge, edge)
    assert detail(name, "weight-distribution").law(bound(call(name, plain(axes)))) is not None
    assert detail(name, "bias-distribution").law(bound(call(name, plain(axes)))) is None


def test_a_function_has_the_sizes_of_a_layer_read_off_its_weight() -> None:
    case = function(FUNCTIONS[1], telling(2), positional=3)
    sizes = f.sizes(bound(case))
    assert (sizes["in_channels"], sizes["out_channels"], sizes["kernel_size"]) == (4, 6, (2, 2))
    assert f.sizes(bound(call(LAZY[0], plain(1))))["in_channels"] == 2


def test_the_ratio_of_input_to_output_is_the_inverse_of_the_one_in_the_example() -> None:
    quotient, multiple = (detail(LAYERS[0], slug).formula for slug in ("whole-quotient", "whole-multiple"))
    case = call(LAYERS[0], Setting((6,), stride=3, kernel_size=5, padding=2, output_padding=2))
    assert (quotient(bound(case)), multiple(bound(case))) == ((2, 4, 2), (2, 4, 18))
    assert quotient(bound(call(LAYERS[0], plain(1)))) is None


# Conditions on how a call is written.


def _function(**keyword: Any) -> Bound:
    case = function(FUNCTIONS[0], plain(1), ("input", "weight"))
    return bound(replace(case, call=replace(case.call, keyword=tuple(keyword.items()))))


def test_conditions_see_how_a_call_is_written() -> None:
    by_name = bound(function(FUNCTIONS[0], telling(1), NAMES[:2], positional=1))
    by_position = bound(function(FUNCTIONS[0], telling(1), positional=len(NAMES)))
    assert f.by_name("weight", NAMES)(by_name)
    assert not f.by_name("input", NAMES)(by_name)
    assert not f.by_name("weight", NAMES)(by_position)
    assert f.by_name("input", NAMES)(bound(function(FUNCTIONS[0], plain(1), NAMES[:2], positional=0)))
    assert f.by_position(NAMES)(by_position)
    assert not f.by_position(NAMES)(by_name)
    assert not f.only_left_out("stride", NAMES)(_function())
    assert f.only_left_out("stride", ("input", "weight", "stride"))(_function())
    assert not f.only_left_out("stride", ("input", "weight", "stride"))(_function(stride=1))


def test_conditions_see_tuples_switches_repeats_and_options() -> None:
    case = call(LAYERS[0], plain(1))
    assert f.unequal("stride")(_function(stride=(1, 2)))
    assert not f.unequal("stride")(_function(stride=(2, 2)))
    assert not f.unequal("stride")(_function(stride=2))
    assert f.repeated(bound(replace(case, repeats=2)))
    assert not f.repeated(bound(case))
    switched = bound(replace(case, settings=(("tf32", True),)))
    assert f.setting("tf32", True)(switched)
    assert not f.setting("tf32", False)(switched)
    assert not f.setting("tf32", True)(bound(case))
    sized = replace(case, call=replace(case.call, keyword=(("output_size", [5]),)))
    assert f.option("output_size", list)(bound(sized))
    assert not f.option("output_size", tuple)(bound(sized))
    assert not f.option("output_size")(bound(case))
    assert not f.option("stride")(_function(stride=1))
    assert f.unbatched(2)(_function())
    assert not f.unbatched(1)(_function())


# Claims that wait for a device, and claims on pairs.


def test_claims_on_accelerators_hold_there_only_and_have_calls_there_only() -> None:
    waiting = [claim for name in OURS for claim in apis()[name].claims if claim.device]
    assert {claim.id.partition("/")[2] for claim in waiting} == {"tf32", "float32-without-tf32", "cudnn-deterministic"}
    for claim in waiting:
        assert claim.device == "cuda"
        if isinstance(claim.detail, Values):
            when = claim.detail.when
            found = [case for case in apis()[claim.api].examples if when(apis()[claim.api].bound(case))]
            assert found
            assert all(case.device == "cuda" for case in found)
        else:
            assert isinstance(claim.detail, Consistent)
            for pair in claim.detail.pairs:
                assert (pair.left.device, pair.right.device) == ("cuda", "cuda")
                assert pair.right == replace(pair.left, repeats=pair.right.repeats, origin=pair.left.id)
                assert pair.right.repeats > 1
                assert pair.left.settings == (("deterministic", True),)


@pytest.mark.parametrize("name", [*LAZY, *FUNCTIONS])
def test_what_is_held_against_the_class_has_the_same_numbers_there(name: str) -> None:
    same = detail(name, "same-as-class")
    assert isinstance(same, Equal)
    assert same.values
    for pair in same.pairs:
        assert pair.left.api == name
        assert pair.right.api == f"{name.partition('.')[0]}.nn.ConvTranspose{name[-2]}d"
        ours = {wanted.role: tensor(pair.left, wanted) for wanted in pair.left.tensors()}
        theirs = {wanted.role: tensor(pair.right, wanted) for wanted in pair.right.tensors()}
        assert ours.keys() == theirs.keys()
        for role, array in ours.items():
            np.testing.assert_array_equal(array, theirs[role])


@pytest.mark.parametrize("name", OURS)
def test_pairs_of_convolutions_stand_behind_the_sentences_on_both(name: str) -> None:
    gradient = detail(name, "gradient-of-conv")
    assert isinstance(gradient, Equal)
    assert gradient.values
    inverse = [claim.detail for claim in apis()[name].claims if isinstance(claim.detail, Inverse)]
    assert bool(inverse) == (name not in LAZY and name not in (LAYERS[4], FUNCTIONS[4]))


def test_every_claim_on_values_or_shapes_meets_a_call() -> None:
    """Without the generated cases; the few that are left to these are named."""
    for name in OURS:
        api: Api = apis()[name]
        bounds = [api.bound(case) for case in api.examples if case.action == "call"]
        for claim in api.claims:
            if claim.sources[0].document.key == "suite":
                continue
            if isinstance(claim.detail, Values):
                assert any(claim.detail.when(item) for item in bounds), claim.id
            if isinstance(claim.detail, Shape):
                assert any(claim.detail.formula(item) is not None for item in bounds), claim.id


def test_the_signatures_of_functions_have_the_defaults_of_the_reference() -> None:
    for name in FUNCTIONS:
        stated = [item.default for item in apis()[name].signature if item.default is not REQUIRED]
        assert tuple(stated) == find(name).__init__.__defaults__
