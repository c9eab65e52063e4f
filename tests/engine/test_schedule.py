"""What each backend runs: its own cases, the counterparts of everybody else's, and both sides of claimed pairs."""

import pytest

from cases.case import Case
from cases.catalogue import apis
from cases.conv_transpose.counterparts import counterpart
from cases.documentation import Consistent, Equal, Inverse, Pair
from conformance.schedule import schedule
from reports.record import BackendLine
from tests.cases.planned import plan

TORCH, MINDSPORE = apis()["torch.nn.ConvTranspose1d"], apis()["mindspore.nn.Conv1dTranspose"]


def planned(selected, frameworks, **more):
    return schedule(selected, frameworks, seed=0, strength=2, **more)


def ids(cases) -> list[str]:
    return [case.id for case in cases]


def pairs(api) -> list[Pair]:
    """Every pair of calls that a claim of the API is about."""
    details = [claim.detail for claim in api.claims]
    return [pair for detail in details if isinstance(detail, Equal | Consistent | Inverse) for pair in detail.pairs]


def within(api) -> list[Pair]:
    """Its pairs that stay within its framework."""
    return [item for item in pairs(api) if item.left.api.split(".")[0] == item.right.api.split(".")[0]]


def sides(found: list[Pair]) -> list[str]:
    return [case.id for pair in found for case in (pair.left, pair.right)]


def test_a_framework_runs_the_plan_of_its_own_apis() -> None:
    found = planned([TORCH], ("torch",))
    own = ids(plan(TORCH.name).cases)
    assert ids(found.cases("torch"))[: len(own)] == own
    assert set(ids(found.cases("torch"))[len(own) :]) <= set(sides(pairs(TORCH)))
    assert (found.counterparts, found.apis) == ((), (TORCH,))
    assert [item.api for item in found.plans] == [TORCH.name]
    assert found.cases("mindspore") == ()


def test_the_reference_runs_everybodys_cases_and_has_no_counterparts() -> None:
    found = planned([TORCH, MINDSPORE], ("numpy",))
    own = ids([*plan(TORCH.name).cases, *plan(MINDSPORE.name).cases])
    ran = ids(found.cases("numpy"))
    assert [case for case in ran if case in set(own)] == own
    assert set(ran) - set(own) <= set(sides([*pairs(TORCH), *pairs(MINDSPORE)]))
    assert {case.api for case in found.cases("numpy")} == {TORCH.name, MINDSPORE.name}
    assert found.counterparts == ()


def test_counterparts_are_made_among_the_running_frameworks_only() -> None:
    found = planned([TORCH], ("torch", "mindspore", "numpy"))
    assert {line.framework for line in found.counterparts} == {"mindspore"}
    assert {case.api for case in found.cases("mindspore")} == {MINDSPORE.name}
    assert "only calls have counterparts" in {line.reason for line in found.counterparts}
    assert set(found.work) == {"torch", "mindspore", "numpy"}
    assert found.apis == (TORCH, MINDSPORE)


def test_every_case_has_a_counterpart_that_is_scheduled_or_a_reason() -> None:
    found = planned([TORCH], ("torch", "mindspore"))
    scheduled = set(ids(found.cases("mindspore")))
    by_case = {line.case: line for line in found.counterparts}
    assert list(by_case) == ids(plan(TORCH.name).cases)
    for case in plan(TORCH.name).cases:
        line = by_case[case.id]
        answer = counterpart(case, "mindspore") if case.action == "call" else "only calls have counterparts"
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
    own = ids(plan(MINDSPORE.name).cases)
    assert ids(with_reference.cases("numpy"))[: len(own)] == own
    assert {pair.left.api.partition(".")[0] for _, pair in with_reference.claimed} == {"mindspore"}
    assert set(ids(with_reference.cases("torch"))) <= set(sides(pairs(MINDSPORE)))
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
    found = ids(planned([TORCH], ("torch",), max_cases=10**6).cases("torch"))
    assert set(ids(plan(TORCH.name).cases)) <= set(found)


def test_the_bound_holds_for_each_api_and_not_for_counterparts() -> None:
    alone = ids(planned([TORCH], ("torch",), max_cases=30).cases("torch"))
    found = planned([TORCH, MINDSPORE], ("torch", "mindspore"), max_cases=30)
    assert len(set(alone) & set(ids(plan(TORCH.name).cases))) == 30
    assert set(alone) <= set(ids(found.cases("torch")))
    translated = {case.id for case in found.cases("torch") if case.id not in alone}
    assert translated
    assert translated <= {line.counterpart for line in found.counterparts}


def test_only_keeps_the_cases_that_begin_so_with_their_counterparts() -> None:
    wanted = next(case for case in plan(TORCH.name).cases if isinstance(counterpart(case, "mindspore"), Case))
    found = planned([TORCH, MINDSPORE], ("torch", "mindspore"), only=(wanted.id[:12],))
    assert ids(found.cases("torch")) == [wanted.id]
    assert [case.origin for case in found.cases("mindspore")] == [wanted.id]
    two = planned([TORCH], ("torch",), only=(wanted.id, plan(TORCH.name).cases[0].id))
    assert len(two.cases("torch")) == 2
    assert not any(planned([TORCH], ("torch",), only=("no such id",)).work.values())


@pytest.mark.parametrize("kind", [Equal, Consistent, Inverse])
def test_both_sides_of_a_claimed_pair_are_scheduled_whatever_the_claim_says_of_them(kind) -> None:
    found = planned([MINDSPORE], ("mindspore", "torch"))
    wanted = [pair for claim in MINDSPORE.claims if isinstance(claim.detail, kind) for pair in claim.detail.pairs]
    assert wanted
    assert [pair for claim, pair in found.claimed if isinstance(claim.detail, kind)] == wanted
    ran = set(ids([*found.cases("mindspore"), *found.cases("torch")]))
    assert set(sides(wanted)) <= ran
    assert {"mindspore"} == {case.api.partition(".")[0] for case in found.cases("mindspore")}


def test_a_pair_of_two_frameworks_needs_both_and_one_of_the_frameworks_own_needs_the_other_not() -> None:
    alone = planned([MINDSPORE], ("mindspore",))
    assert [pair for _, pair in alone.claimed] == within(MINDSPORE)
    assert len(alone.claimed) < len(planned([MINDSPORE], ("mindspore", "torch")).claimed)


def test_the_reference_runs_the_pairs_of_which_it_knows_both_sides() -> None:
    found = planned([TORCH], ("numpy",)).claimed
    assert found
    assert {case.api for _, pair in found for case in (pair.left, pair.right)} == {TORCH.name}
    known = [pair for pair in pairs(TORCH) if pair.left.api == pair.right.api == TORCH.name]
    assert [pair for _, pair in found] == known


def test_a_bound_on_cases_brings_no_cases_in_through_pairs_of_others() -> None:
    """Else a quick run of few cases would be mostly the sides of pairs."""
    found = planned([TORCH, MINDSPORE], ("torch", "mindspore"), max_cases=20)
    own = {name: set(ids(plan(name).cases)) for name in (TORCH.name, MINDSPORE.name)}
    for _, pair in found.claimed:
        assert pair.left.id in own[pair.left.api]
    for framework, api in (("torch", TORCH.name), ("mindspore", MINDSPORE.name)):
        foreign = [case for case in found.cases(framework) if case.id not in own[api] and case.origin is None]
        assert {case.id for case in foreign} <= set(sides([pair for _, pair in found.claimed]))


def test_only_brings_the_other_side_of_a_pair_along() -> None:
    pair = next(pair for pair in within(TORCH) if pair.right.api == TORCH.name)
    for side in (pair.left, pair.right):
        found = planned([TORCH], ("torch",), only=(side.id,))
        assert {pair.left.id, pair.right.id} <= set(ids(found.cases("torch")))
        assert found.claimed


# Modes and devices


def line(framework: str, *modes: str, device: str = "cpu") -> BackendLine:
    return BackendLine(name=framework, framework=framework, device=device, mode=modes[0], modes=list(modes))


def test_the_first_mode_runs_everything_and_each_other_the_cases_for_slow_modes_only() -> None:
    found = planned([TORCH], ("torch",))
    tasks = found.tasks(line("torch", "eager", "compiled", "other"))
    assert list(tasks) == ["eager", "compiled", "other"]
    assert ids(tasks["eager"]) == [case.id for case in found.cases("torch") if not case.device]
    slow = plan(TORCH.name).slow
    assert slow
    assert set(ids(tasks["compiled"])) == set(slow) == set(ids(tasks["other"]))
    assert len(ids(tasks["compiled"])) == len(slow)


def test_a_backend_of_one_mode_runs_each_case_once() -> None:
    found = planned([TORCH], ("torch",))
    assert list(found.tasks(line("torch", "eager"))) == ["eager"]
    silent = BackendLine(name="torch", framework="torch", mode="eager")
    assert found.tasks(silent) == found.tasks(line("torch", "eager"))
    assert found.tasks(line("oneflow", "eager")) == {"eager": ()}


def test_a_bound_on_cases_bounds_the_slow_modes_too() -> None:
    whole, bounded = planned([TORCH], ("torch",)), planned([TORCH], ("torch",), max_cases=30)
    assert bounded.slow == whole.slow
    tasks = bounded.tasks(line("torch", "eager", "compiled"))
    assert set(ids(tasks["compiled"])) == whole.slow & set(ids(tasks["eager"]))


@pytest.mark.parametrize("device", ["cuda", "cuda:1"])
def test_cases_of_another_device_are_left_out(device: str) -> None:
    found = planned([TORCH], ("torch",))
    bound = {case.id for case in found.cases("torch") if case.device}
    assert bound
    assert {case.device for case in found.cases("torch")} == {"", "cuda"}
    here = set(ids(found.tasks(line("torch", "eager", device=device))["eager"]))
    there = set(ids(found.tasks(line("torch", "eager", device="cpu"))["eager"]))
    assert here - there == bound
    assert there <= here


# What a record keeps


def test_the_arrays_of_what_is_compared_afterwards_are_kept_and_no_others() -> None:
    found = planned([TORCH], ("torch",))
    claimed = set(sides([pair for _, pair in found.claimed]))
    assert claimed
    assert found.kept == claimed | plan(TORCH.name).slow
    plain = [case for case in found.cases("torch") if case.id not in found.kept]
    assert len(plain) > len(found.cases("torch")) / 2


def test_each_case_is_scheduled_once() -> None:
    chosen = [TORCH, MINDSPORE, apis()["oneflow.nn.functional.conv_transpose1d"]]
    found = planned(chosen, ("torch", "mindspore", "oneflow", "numpy"), max_cases=60)
    assert all(found.work.values())
    for framework, cases in found.work.items():
        assert len(set(ids(cases))) == len(cases)
        assert framework == "numpy" or {case.api.partition(".")[0] for case in cases} == {framework}


def test_nobody_to_run_is_nothing_to_do() -> None:
    found = planned([TORCH], ())
    assert (found.plans, dict(found.work), found.counterparts) == ((), {}, ())
