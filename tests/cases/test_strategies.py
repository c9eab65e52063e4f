"""Any documented call, and the relatives of a case: what they are about, how they shrink, and that they are cases."""

import random
from collections import Counter
from collections.abc import Callable

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st

from cases.case import Arguments, Case, from_canonical
from cases.catalogue import apis
from cases.conv_transpose.dialects import DIALECTS
from cases.conv_transpose.exactness import largest
from cases.conv_transpose.points import setup
from cases.conv_transpose.read_back import read_back
from cases.conv_transpose.standing import standing
from cases.documentation import Api
from cases.strategies import neighbours, simpler, strategy, vary
from cases.values import Tensor, Value
from conformance.expected import Expected, ExpectedError, ExpectedUnsupported, ExpectedValue, Undocumented, prepare
from tests.cases.planned import API_NAMES, is_small, plan, sample

each_api = pytest.mark.parametrize("name", API_NAMES)
few = hypothesis.settings(
    max_examples=40, deadline=None, database=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
MODULE, FUNCTION = "torch.nn.ConvTranspose2d", "torch.nn.functional.conv_transpose2d"


def row(expected: Expected) -> tuple[str, ...]:
    """What a case is about: the row of the table of verdicts, and of an error the argument that it is about."""
    match expected:
        case ExpectedError(argument=argument, rule=rule):
            return ("error", argument, rule)
        case Undocumented(valid=valid):
            return ("valid",) if valid else ("not documented",)
        case ExpectedValue():
            return ("valid",)
    return (type(expected).__name__,)


def found(searched: st.SearchStrategy[Case], condition: Callable[[Case], bool] = lambda case: True) -> Case:
    settings = hypothesis.settings(
        max_examples=500,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    return hypothesis.find(searched, condition, settings=settings, random=random.Random(0))


def shortest(case: Case) -> Case:
    return found(simpler(case))


def passed(case: Case) -> dict[str, Value]:
    assert case.construct is not None
    return case.construct.bind(DIALECTS[case.api].signature)


def module(*construct: object, x: Tensor, **keyword: object) -> Case:
    arguments = Arguments(construct, tuple(keyword.items()))  # type: ignore[arg-type]
    return Case(MODULE, arguments, Arguments((x,)))


@each_api
def test_every_planned_case_but_a_few_of_an_odd_size_is_read_back(name: str) -> None:
    cases = [case for case in plan(name).cases if case.action != "inspect"]
    unread = [case for case in cases if read_back(case) is None]
    assert [case.show() for case in unread if "output_size=" not in case.show()] == []
    assert len(unread) <= 2


@each_api
def test_relatives_of_planned_cases_are_about_the_same_thing(name: str) -> None:
    chance, kept = random.Random(name), Counter[bool]()
    for item in sample(name):
        own = row(item.expected)
        near = list(neighbours(item.case))
        relatives = [vary(item.case, chance), *chance.sample(near, min(2, len(near)))]
        for other in relatives:
            assert from_canonical(other.canonical).id == other.id
            assert other.api == item.case.api
            assert other.action == item.case.action
            kept[row(prepare(other).expected) == own] += 1
        assert item.case.id not in {other.id for other in near}
    assert kept[False] == 0
    assert kept[True] > 50


@each_api
def test_what_is_simpler_is_about_the_same_thing_and_no_larger(name: str) -> None:
    @few
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        item = data.draw(st.sampled_from(sample(name)))
        other = data.draw(simpler(item.case))
        assert from_canonical(other.canonical).id == other.id
        assert row(prepare(other).expected) == row(item.expected)
        assert len(other.call.keyword) <= len(item.case.call.keyword) + len(item.case.call.positional)

    holds()


def test_a_variation_changes_an_argument_and_leaves_the_plan() -> None:
    chance = random.Random(0)
    planned = {case.id for case in plan(MODULE).cases}
    base = next(case for case in plan(MODULE).cases if case.action == "call" and is_small(case))
    varied = [vary(base, chance) for _ in range(150)]
    assert base.id not in {case.id for case in varied}
    assert len({case.id for case in varied}) > 100
    assert sum(case.id not in planned for case in varied) > 100
    assert len({str(passed(case).get("stride")) for case in varied}) > 5


def test_a_variation_follows_its_chance() -> None:
    base = plan(MODULE).cases[40]
    assert vary(base, random.Random(3)) == vary(base, random.Random(3))


def test_a_variation_keeps_the_invalid_value() -> None:
    base = module(2, 2, 3, stride=-1, x=Tensor("input", (2, 2, 5, 4), "float32"))
    varied = [vary(base, random.Random(seed)) for seed in range(20)]
    assert all(passed(case)["stride"] == -1 for case in varied)
    assert len({case.id for case in varied}) > 10


def test_a_variation_with_gradients_has_an_upstream_of_the_output_s_shape() -> None:
    base = next(case for case in plan(MODULE).cases if case.differentiate)
    for seed in range(20):
        other = vary(base, random.Random(seed))
        assert other.differentiate == base.differentiate or not set(base.differentiate) <= set(other.differentiate)
        assert isinstance(prepare(other).expected, ExpectedValue)


@each_api
def test_any_valid_call_is_valid_and_exact(name: str) -> None:
    dialect = DIALECTS[name]

    @few
    @given(strategy(apis()[name]))
    def holds(case: Case) -> None:
        expected = prepare(case).expected
        assert isinstance(expected, ExpectedValue | ExpectedUnsupported) or standing(case).valid
        assert not isinstance(expected, ExpectedError)
        assert from_canonical(case.canonical).id == case.id
        assert sum(len(part.keyword) for part in (case.construct, case.call) if part) < 20
        if case.data == "integers":
            point = read_back(case)
            assert point is not None
            assert 1 <= case.amplitude <= largest(dialect, setup(dialect, point))
        if isinstance(expected, ExpectedValue):
            assert expected.output.array.size <= 100_000

    holds()


@each_api
def test_any_invalid_call_is_refused_or_not_documented(name: str) -> None:
    @few
    @given(strategy(apis()[name], invalid=True))
    def holds(case: Case) -> None:
        expected = prepare(case).expected
        assert isinstance(expected, ExpectedError | ExpectedUnsupported) or row(expected) == ("not documented",)
        assert from_canonical(case.canonical).id == case.id

    holds()


def test_the_simplest_call_is_the_one_with_nothing_but_ones() -> None:
    case = found(strategy(apis()[MODULE]))
    assert case.show() == f"{MODULE}(1, 1, 1)(Tensor(1,1,1,1):float32)"
    assert (case.data, case.differentiate, case.repeats) == ("ones", (), 1)


def test_the_simplest_function_call_has_two_tensors_of_one_element() -> None:
    case = found(strategy(apis()[FUNCTION]))
    assert case.show() == f"{FUNCTION}(Tensor(1,1,1,1):float32, Tensor(1,1,1,1):float32)"


def test_strategies_reach_the_documented_features() -> None:
    seen = Counter[str]()

    @hypothesis.settings(few, max_examples=200)
    @given(strategy(apis()[MODULE]))
    def gather(case: Case) -> None:
        assert case.construct is not None
        names = dict(case.construct.keyword)
        seen.update(name for name, value in names.items() if value is not None)
        seen.update([case.data, case.dtype, *(["gradients"] if case.differentiate else [])])
        seen.update(["unbatched"] if len(case.call.tensors()[0].shape) == 3 else [])
        seen.update(name for name, _ in case.call.keyword)

    gather()
    wanted = {"stride", "padding", "output_padding", "dilation", "groups", "bias", "output_size", "unbatched"}
    wanted |= {"gradients", "ones", "integers", "normal", "special", "float16", "bfloat16", "float64", "complex64"}
    assert wanted <= set(seen)


def test_a_case_shrinks_to_the_simplest_call_where_anything_goes() -> None:
    base = next(case for case in plan(MODULE).cases if case.differentiate and case.data == "normal")
    assert shortest(base).show() == f"{MODULE}(1, 1, 1)(Tensor(1,1,1,1):float32)"


def test_an_invalid_value_stays_and_gets_smaller() -> None:
    x = Tensor("input", (2, 4, 5, 4), "float32")
    assert (
        shortest(module(4, 2, 3, x=x, stride=(1, -2), bias=False))
        .show()
        .startswith(f"{MODULE}(1, 1, 1, stride=(1, 0))")
    )
    assert shortest(module(4, 2, 3, x=x, stride="1", bias=False)).show().startswith(f"{MODULE}(1, 1, 1, stride='1')")


def test_a_layer_that_is_initialised_stays_one() -> None:
    base = next(case for case in plan(MODULE).cases if case.action == "initialise")
    assert shortest(base).show() == f"parameters of {MODULE}(1, 1, 1)"


def test_an_inspection_is_the_only_case_of_its_kind() -> None:
    base = Case(MODULE, action="inspect")
    assert shortest(base) == base
    assert vary(base, random.Random(0)) == base
    assert list(neighbours(base)) == []


def test_a_case_of_a_partner_keeps_its_call_and_gets_simpler_data() -> None:
    construct, x = Arguments((2, 2, 3), (("stride", 2),)), Tensor("input", (2, 2, 9), "float32", "strided")
    base = Case("torch.nn.Conv1d", construct, Arguments((x,)), data="normal", repeats=2)
    least = found(simpler(base), lambda case: case.construct == construct)
    assert least.show() == "torch.nn.Conv1d(2, 2, 3, stride=2)(Tensor(2,2,9):float32)"
    assert least.data == "ones"
    assert base.id not in {case.id for case in neighbours(base)}
    assert vary(base, random.Random(0)) == base


def test_neighbours_begin_with_the_numbers_one_away() -> None:
    base = found(strategy(apis()[MODULE]), lambda case: "dilation=3" in case.show() and "groups=2" in case.show())
    shown = [case.show() for case in neighbours(base)]
    assert f"{MODULE}(2, 2, 1, dilation=3)(Tensor(1,2,1,1):float32)" in shown
    smaller = next(index for index, text in enumerate(shown) if "dilation=2" in text)
    left_out = next(index for index, text in enumerate(shown) if "dilation" not in text)
    assert smaller < left_out


def test_an_api_of_no_operator_has_no_documented_calls() -> None:
    with pytest.raises(LookupError, match=r"torch\.nn\.Conv1d belongs to no operator"):
        strategy(Api("torch.nn.Conv1d", "", (), (), ()))
