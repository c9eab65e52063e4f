"""What each backend runs: its own cases, and the counterparts of everybody else's."""

import pytest

from cases.case import Case
from cases.catalogue import apis
from cases.conv_transpose.counterparts import counterpart
from cases.documentation import Equal
from conformance.schedule import schedule
from tests.cases.planned import plan

TORCH, MINDSPORE = apis()["torch.nn.ConvTranspose1d"], apis()["mindspore.nn.Conv1dTranspose"]


def planned(selected, frameworks, **more):
    return schedule(selected, frameworks, seed=0, strength=2, **more)


def ids(cases) -> list[str]:
    return [case.id for case in cases]


def test_a_framework_runs_the_plan_of_its_own_apis() -> None:
    found = planned([TORCH], ("torch",))
    assert ids(found.cases("torch")) == ids(plan(TORCH.name).cases)
    assert (found.counterparts, found.claimed, found.apis) == ((), (), (TORCH,))
    assert [item.api for item in found.plans] == [TORCH.name]
    assert found.cases("mindspore") == ()


def test_the_reference_runs_everybodys_cases_and_has_no_counterparts() -> None:
    found = planned([TORCH, MINDSPORE], ("numpy",))
    assert ids(found.cases("numpy")) == ids([*plan(TORCH.name).cases, *plan(MINDSPORE.name).cases])
    assert found.counterparts == ()


def test_counterparts_are_made_among_the_running_frameworks_only() -> None:
    found = planned([TORCH], ("torch", "mindspore", "numpy"))
    assert {line.framework for line in found.counterparts} == {"mindspore"}
    assert {case.api for case in found.cases("mindspore")} == {MINDSPORE.name}
    assert set(found.work) == {"torch", "mindspore", "numpy"}
    assert found.apis == (TORCH, MINDSPORE)


def test_every_case_has_a_counterpart_that_is_scheduled_or_a_reason() -> None:
    found = planned([TORCH], ("torch", "mindspore"))
    scheduled = set(ids(found.cases("mindspore")))
    by_case = {line.case: line for line in found.counterparts}
    assert list(by_case) == ids(plan(TORCH.name).cases)
    for case in plan(TORCH.name).cases:
        line, answer = by_case[case.id], counterpart(case, "mindspore")
        assert (line.api, line.framework) == (TORCH.name, "mindspore")
        if isinstance(answer, Case):
            assert (line.counterpart, line.reason) == (answer.id, "")
            assert answer.id in scheduled
        else:
            assert (line.counterpart, line.reason) == ("", answer)
            assert answer


def test_apis_of_a_framework_that_does_not_run_are_left_out_unless_the_reference_runs_them() -> None:
    assert not any(planned([MINDSPORE], ("torch",)).work.values())
    with_reference = planned([MINDSPORE], ("torch", "numpy"))
    assert ids(with_reference.cases("numpy")) == ids(plan(MINDSPORE.name).cases)
    assert with_reference.cases("torch") == ()
    assert with_reference.counterparts == ()


@pytest.mark.parametrize("most", [1, 2, 7, 100])
def test_a_bound_on_cases_takes_them_evenly(most: int) -> None:
    found = ids(planned([TORCH], ("torch",), max_cases=most).cases("torch"))
    every = ids(plan(TORCH.name).cases)
    places = [every.index(case) for case in found]
    assert len(found) == len(set(found)) == most
    assert places == sorted(places)
    gaps = [after - before for before, after in zip(places, [*places[1:], len(every)], strict=True)]
    assert max(gaps) - min(gaps) <= 1


def test_a_bound_above_the_number_of_cases_keeps_all() -> None:
    assert len(planned([TORCH], ("torch",), max_cases=10**6).cases("torch")) == len(plan(TORCH.name).cases)


def test_the_bound_holds_for_each_api_and_not_for_counterparts() -> None:
    found = planned([TORCH, MINDSPORE], ("torch", "mindspore"), max_cases=30)
    own = [case for case in found.cases("torch") if case.origin is None]
    assert len(own) == 30
    assert len(found.cases("torch")) > 30


def test_only_keeps_the_cases_that_begin_so_with_their_counterparts() -> None:
    wanted = next(case for case in plan(TORCH.name).cases if isinstance(counterpart(case, "mindspore"), Case))
    found = planned([TORCH, MINDSPORE], ("torch", "mindspore"), only=(wanted.id[:12],))
    assert ids(found.cases("torch")) == [wanted.id]
    assert [case.origin for case in found.cases("mindspore")] == [wanted.id]
    two = planned([TORCH], ("torch",), only=(wanted.id, plan(TORCH.name).cases[0].id))
    assert len(two.cases("torch")) == 2
    assert not any(planned([TORCH], ("torch",), only=("no such id",)).work.values())


def test_what_a_document_calls_equal_is_scheduled_on_both_sides() -> None:
    found = planned([MINDSPORE], ("mindspore", "torch"))
    pairs = [pair for claim in MINDSPORE.claims if isinstance(claim.detail, Equal) for pair in claim.detail.pairs]
    assert [pair for _, pair in found.claimed] == pairs
    assert {pair.left.id for pair in pairs} <= set(ids(found.cases("mindspore")))
    assert {pair.right.id for pair in pairs} <= set(ids(found.cases("torch")))
    assert planned([MINDSPORE], ("mindspore",)).claimed == ()


def test_each_case_is_scheduled_once() -> None:
    found = planned(list(apis().values()), ("torch", "mindspore", "oneflow", "numpy"), max_cases=60)
    for framework, cases in found.work.items():
        assert len(set(ids(cases))) == len(cases)
        assert framework == "numpy" or {case.api.partition(".")[0] for case in cases} == {framework}


def test_nobody_to_run_is_nothing_to_do() -> None:
    found = planned([TORCH], ())
    assert (found.plans, dict(found.work), found.counterparts) == ((), {}, ())
