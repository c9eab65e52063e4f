"""Grouping: failures with one cause are one group with the rule that was planted, and each failure is in just one."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.case import Case
from cases.rules import Rule, parse
from reports.failures import failures
from reports.findings import of_group
from reports.grouping import Group, groups
from reports.reading import RunFile
from reports.record import Comparison, Record, Side
from tests.reports.planted import BACKEND, LAYERS, broken, described, raised, record, run, valid

ONE = ("torch.nn.ConvTranspose2d",)
CASES, FOUND = valid(*ONE), described(*ONE)


def grouped(loaded: RunFile) -> tuple[Group, ...]:
    return groups(loaded, BACKEND, failures(loaded, BACKEND))


def same_cases(group: Group, text: str, names: Sequence[str] = ONE) -> bool:
    """The group's rule holds for the cases for which this one holds, and for no other."""
    rule = parse(text)
    return [group.rule.holds(item) for item in described(*names)] == [rule.holds(item) for item in described(*names)]


def by_cases(found: Sequence[Group]) -> set[tuple[object, ...]]:
    return {
        (
            group.verdict,
            group.symptoms,
            group.claims,
            str(group.rule),
            group.against,
            group.smallest.record.case,
            tuple(sorted((item.record.case, item.record.mode, item.symptom) for item in group.failures)),
        )
        for group in found
    }


def test_one_fault_is_one_group_with_its_rule() -> None:
    loaded = broken("groups > 1 and dilation > 2", names=LAYERS)
    (group,) = grouped(loaded)
    assert same_cases(group, "groups > 1 and dilation > 2", LAYERS)
    assert (group.backend, group.operator, group.verdict) == (BACKEND, "conv_transpose", "differs")
    assert group.symptoms == ("values of the output",)
    assert group.apis == LAYERS
    assert group.against == 0
    assert {item.record.case for item in group.failures} == {
        item.case for item in loaded.records if item.verdict == "differs"
    }


def test_two_faults_are_two_groups_though_both_show_in_the_values() -> None:
    found = grouped(broken("groups > 1 and dilation > 2", "stride > kernel_size", names=ONE))
    assert len(found) == 2
    rules = {"groups > 1 and dilation > 2", "stride > kernel_size"}
    assert {text for text in rules for group in found if same_cases(group, text)} == rules


def test_two_faults_with_other_symptoms_are_two_groups_where_one_rule_would_do_for_both() -> None:
    def make(case: Case, number: int) -> Record:
        return raised(case, f"no kernel {number}") if case.dtype == "float64" else record(case, "differs")

    found = grouped(broken("groups > 1", names=ONE, make=make))
    assert {group.verdict for group in found} == {"differs", "rejects-valid"}


def test_a_fault_that_shows_in_shapes_here_and_in_values_there_is_one_group() -> None:
    def make(case: Case, number: int) -> Record:
        other = Side(what="returned", array=record(case).actual.array)
        assert other.array is not None
        if int(case.id[:2], 16) % 2:
            return record(case, "differs")
        shape = {name: getattr(other.array, name) for name in ("dtype", "digest")} | {"shape": [1, 4, 9]}
        return record(case, "differs", actual=Side(what="returned", array=type(other.array)(**shape)))

    (group,) = grouped(broken("groups > 1 and stride > 1", names=ONE, make=make))
    assert set(group.symptoms) == {"shape of the output", "values of the output"}
    assert same_cases(group, "groups > 1 and stride > 1")


def test_messages_that_differ_only_in_their_numbers_are_one_group() -> None:
    def make(case: Case, number: int) -> Record:
        size = len(case.show())
        return raised(case, f"at 0x{case.id}: /usr/lib/{case.id}/x.cpp:{size}: size {size} of no use")

    (group,) = grouped(broken("dilation > 1", names=ONE, make=make))
    assert same_cases(group, "dilation > 1")


def test_no_rule_is_told_where_everything_fails() -> None:
    (group,) = grouped(broken("", names=ONE))
    assert group.rule == Rule()
    assert group.against == 0
    assert len(group.failures) == len(CASES)


def test_passing_cases_for_which_the_rule_holds_are_counted() -> None:
    chance = random.Random(1)
    loaded = broken("groups > 1", names=ONE)
    records = tuple(
        record(case) if item.verdict == "differs" and chance.random() < 0.1 else item
        for case, item in zip(CASES, loaded.records, strict=True)
    )
    first = grouped(run(records))[0]
    assert same_cases(first, "groups > 1")
    assert first.against == sum(item.verdict == "differs" for item in loaded.records) - len(first.failures) > 3


def test_what_changes_from_run_to_run_is_one_group_for_each_api() -> None:
    names = LAYERS[:2]
    made = [record(case, "unstable" if number % 9 == 0 else "conforms") for number, case in enumerate(valid(*names))]
    found = grouped(run(made))
    assert sorted(str(group.rule) for group in found) == [f"api == '{name}'" for name in names]


def test_a_crash_is_one_group_whatever_the_documents_say_of_the_call() -> None:
    refused = Side(what="error", argument="groups", detail="breaks the documented range")

    def make(case: Case, number: int) -> Record:
        expected = {"expected": refused} if int(case.id[0], 16) % 2 else {}
        return record(case, "crashed", actual=Side(what="crashed", error="SIGSEGV"), **expected)

    (group,) = grouped(broken("groups > 1", names=ONE, make=make))
    assert same_cases(group, "groups > 1")


def test_what_accepts_every_call_that_it_should_not_is_one_finding_with_one_id() -> None:
    invalid, unsupported = Side(what="error", argument="groups"), Side(what="unsupported")
    made = [
        record(case, "accepts-invalid", expected=invalid if number % 2 else unsupported)
        for number, case in enumerate(CASES[:30])
    ]
    found = grouped(run([*made, *map(record, CASES[30:])]))
    assert len({of_group(group).id for group in found}) == len(found) == 1
    assert len(found[0].failures) == 30


def test_calls_that_should_be_equal_and_are_not_are_grouped_by_their_statement() -> None:
    lines = [
        Comparison(
            left=case.id,
            left_backend=BACKEND,
            left_mode="eager",
            right=case.id,
            right_backend=BACKEND,
            right_mode="compiled",
            claim=f"{case.api}/{slug}",
            shapes="equal",
            values="different",
        )
        for case, item in zip(CASES, FOUND, strict=True)
        for slug in ("modes-agree", "another")
        if parse("groups > 1").holds(item)
    ]
    found = grouped(run(map(record, CASES), comparisons=tuple(lines)))
    assert {(group.verdict, group.symptoms) for group in found} == {("", ("modes-agree",)), ("", ("another",))}
    assert all(same_cases(group, "groups > 1") for group in found)


def test_the_smallest_case_and_the_most_telling_claim_come_first() -> None:
    made = [
        record(case, "differs", "rare" if number == 7 else "usual") if number < 20 else record(case)
        for number, case in enumerate(CASES)
    ]
    found = grouped(run(made))
    group = next(group for group in found if len(group.claims) > 1)
    assert group.claims == (f"{ONE[0]}/usual", f"{ONE[0]}/rare")
    assert group.smallest.order == min(item.order for item in group.failures)


def test_nothing_that_fails_is_no_group() -> None:
    assert grouped(run(map(record, CASES[:5]))) == ()


# Whatever fails

KINDS = ("conforms", "differs", "rejects-valid", "crashed", "unstable", "timed-out")


def chaotic(seed: int, count: int = 60) -> RunFile:
    """A run in which chance decides what happens to each case."""
    chance, made, lines = random.Random(seed), [], []
    for case in chance.sample(CASES, count):
        verdict = chance.choice(KINDS)
        if verdict == "rejects-valid":
            made.append(raised(case, chance.choice(["no kernel", "out of memory"])))
        else:
            made.append(record(case, verdict, chance.choice(["one", "two"])))
        if chance.random() < 0.2:
            lines.append(
                Comparison(
                    left=case.id,
                    left_backend=BACKEND,
                    left_mode="eager",
                    right="0" * 16,
                    right_backend="other",
                    claim=f"{case.api}/equal",
                    shapes="different",
                    values="missing",
                )
            )
    return run(made, comparisons=tuple(lines))


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 2**32))
def test_every_failure_is_in_one_group_whose_rule_holds_for_it(seed: int) -> None:
    loaded = chaotic(seed)
    failed = failures(loaded, BACKEND)
    found = groups(loaded, BACKEND, failed)
    assert Counter(id(item) for group in found for item in group.failures) == Counter(map(id, failed))
    for group in found:
        assert {item.verdict for item in group.failures} == {group.verdict}
        assert all(group.rule.holds(item.features) for item in group.failures)
        assert parse(str(group.rule)) == group.rule
    names = [(group.backend, of_group(group).id) for group in found]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("seed", [0, 1])
def test_the_order_of_the_lines_changes_nothing(seed: int) -> None:
    mixed = broken("groups > 1 and dilation > 2", "stride > kernel_size", "dtype == 'float16'", names=ONE)
    for loaded in [chaotic(seed)] if seed else [mixed]:
        chance = random.Random(seed)
        shuffled = replace(
            loaded,
            records=tuple(chance.sample(loaded.records, len(loaded.records))),
            comparisons=tuple(chance.sample(loaded.comparisons, len(loaded.comparisons))),
        )
        assert by_cases(grouped(shuffled)) == by_cases(grouped(loaded))
        assert [str(group.rule) for group in grouped(shuffled)] == [str(group.rule) for group in grouped(loaded)]
