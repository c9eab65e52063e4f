"""The suite finds every planted fault, in the verdict and in the claims that speak of it, and nothing beside it."""

from collections import Counter

import pytest

from cases.catalogue import apis
from conformance.expected import ExpectedValue
from reports.record import UNEXPECTED, Record, Side
from tests.engine.fault import TORCH_2D, Fault, adapters
from tests.engine.faults import ADVISED, FAULTS
from tests.engine.faulty_run import (
    Run,
    chosen,
    elsewhere,
    faulted,
    main,
    missing,
    oracle,
    reference,
    run,
    unfaulted,
)

each_fault = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)


def named(name: str) -> Fault:
    return next(fault for fault in FAULTS if fault.name == name)


def happened(record: Record) -> tuple[Side, list[tuple[object, ...]]]:
    """What a record says of the outcome, arrays by their digest: one that conforms keeps no more."""
    side = record.actual
    arrays = [*([] if side.array is None else [side.array]), *side.others.values()]
    seen = [(array.dtype, tuple(array.shape), array.digest) for array in arrays]
    return Side(what=side.what, error=side.error, stage=side.stage, detail=side.detail), seen


def is_changed(record: Record) -> bool:
    return happened(record) != happened(reference()[record.case])


def test_every_faulty_adapter_is_listed_once_with_how_it_has_to_be_found_out():
    listed = [fault.adapter for fault in (*FAULTS, *ADVISED)]
    assert Counter(listed) == Counter(adapters())
    assert Counter(adapter.__name__ for adapter in listed).most_common(1)[0][1] == 1


def test_every_fault_is_stated_in_a_sentence_of_its_own():
    statements = [fault.statement for fault in (*FAULTS, *ADVISED)]
    assert all(statement.endswith(".") for statement in statements)
    assert len(set(statements)) == len(statements) >= 70


def test_nothing_is_unexpected_about_the_reference_itself():
    found, names = unfaulted(), {name for fault in FAULTS for name in fault.apis}
    assert not found.fails
    assert set(reference()) == {case.id for case in chosen(names).cases("numpy") if not case.device}
    assert Counter(comparison.shapes for comparison in found.comparisons).keys() == {"equal"}
    for name in names:
        verdicts = Counter(record.verdict for record in found.records if record.api == name)
        assert verdicts["conforms"] > verdicts["unavailable"], name


def test_nothing_is_unexpected_about_the_reference_of_the_other_apis():
    found = elsewhere()
    assert not found.fails
    assert {record.api for record in found.records} > set(apis()) - {name for fault in FAULTS for name in fault.apis}


def test_a_run_without_a_fault_is_not_taken_for_a_caught_one():
    assert missing(FAULTS[0], unfaulted()) == "nothing is unexpected"


def test_two_modes_without_a_fault_are_not_taken_for_different_ones():
    found = run("tests.faulty.modes:TwoModes", chosen((TORCH_2D,), ("slow",)))
    agreeing = [comparison for comparison in found.comparisons if comparison.claim.endswith("/modes-agree")]
    assert not found.fails
    assert {record.mode for record in found.records} == {"eager", "graph"}
    assert {(item.left_mode, item.right_mode, item.agrees) for item in agreeing} == {("eager", "graph", True)}
    assert len(agreeing) == len(found.records) / 2


def test_a_fault_with_another_verdict_or_other_claims_than_its_own_is_not_taken_for_caught():
    stride, refused = named("StrideIgnored"), named("StrideWithDilationRefused")
    assert "differs" in missing(refused, faulted(stride))
    assert "bias-added" in missing(named("BiasIgnored"), faulted(stride))


def test_what_only_advice_speaks_of_is_seen_and_makes_no_run_fail():
    (fault,) = ADVISED
    found = faulted(fault)
    assert not found.fails
    assert {claim.partition("/")[2] for claim in found.advised()} >= set(fault.claims)


def test_a_run_fails_by_what_its_comparisons_contradict_alone():
    found = faulted(named("GroupsReversed"))
    alone = Run((), found.comparisons, 0.0)
    assert alone.fails
    assert {claim.partition("/")[2] for claim in alone.contradicted()} == {"groups-apart"}


@each_fault
def test_a_fault_is_caught_by_its_verdict_and_by_the_claims_that_speak_of_it(fault: Fault):
    assert missing(fault, faulted(fault)) == ""


@each_fault
def test_what_a_fault_leaves_alone_is_judged_as_on_the_reference(fault: Fault):
    untouched = [record for record in faulted(fault).records if not is_changed(record)]
    other = [r for r in untouched if r.verdict != reference()[r.case].verdict]
    assert fault.whole or any(record.verdict == "conforms" for record in untouched)
    assert fault.hidden or other == []


@each_fault
def test_whatever_a_fault_changes_is_unexpected_where_the_documents_speak(fault: Fault):
    """Besides: what could not run at all, an error whose class is open, and what rounding, overflow or chance does."""
    accepted = [
        record.call
        for record in faulted(fault).records
        if is_changed(record)
        and record.verdict not in UNEXPECTED
        and reference()[record.case].verdict == "conforms"
        and record.actual.what != "could not run"
        and not (record.expected.what == "error" and record.expected.error == "" and record.actual.what == "raised")
        and fault.loose not in (record.arguments["data"]["kind"], record.arguments["action"])
    ]
    assert accepted == []


@pytest.mark.parametrize(
    ("name", "argument", "plain"),
    [
        ("StrideIgnored", "stride", 1),
        ("DilationIgnored", "dilation", 1),
        ("DilationIgnoredWithGroups", "groups", 1),
        ("DilationIgnoredWithGroups", "dilation", 1),
        ("PaddingIgnored", "padding", 0),
        ("OutputPaddingIgnored", "output_padding", 0),
        ("GroupsIgnored", "groups", 1),
        ("GroupChannelsInterleaved", "groups", 1),
        ("BiasIgnored", "bias", False),
        ("BiasMissingAtTheBorder", "bias", False),
    ],
)
def test_a_fault_of_one_argument_leaves_every_value_without_that_argument_conforming(
    name: str, argument: str, plain: object
):
    fault, api = named(name), apis()[TORCH_2D]
    found = {record.case: record for record in faulted(fault).records}
    ran = [case for case in chosen((api.name,), fault.shown).cases("numpy") if case.id in found]
    values = [case for case in ran if isinstance(oracle(case).expected, ExpectedValue)]
    without = [case for case in values if set(flat(api.bound(case).arguments[argument])) == {plain}]
    assert 20 < len(without) < len(values)
    assert {found[case.id].verdict for case in without} == {"conforms"}


def flat(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("Segfaults", "SIGSEGV"),
        ("Aborts", "SIGABRT"),
        ("LeavesSilently", "exit code 0"),
        ("WritesIntoTheProtocol", "garbage"),
        ("GraphDies", "SIGABRT"),
    ],
)
def test_a_crash_is_named_and_confirmed_by_running_its_case_alone(name: str, how: str):
    found = faulted(named(name)).unexpected
    assert {record.actual.error for record in found} == {how}
    assert {record.actual.detail for record in found} == {"again when run alone in a fresh worker"}


def test_data_of_one_kind_find_what_data_of_the_other_kind_cannot():
    def kinds(name: str) -> set[str]:
        return {record.arguments["data"]["kind"] for record in faulted(named(name)).unexpected}

    assert kinds("OperandsRounded") == {"normal"}
    assert "normal" not in kinds("LastBitWrong")


def test_a_fault_of_one_mode_is_found_in_that_mode_alone():
    for name in ("StrideIgnoredInGraph", "DtypeWidenedInGraph", "GroupsRefusedInGraph", "GraphDies"):
        assert {record.mode for record in faulted(named(name)).unexpected} == {"graph"}


def test_a_fault_of_gradients_leaves_every_result_conforming():
    for fault in FAULTS:
        if fault.adapter.__module__.endswith(".gradients"):
            wrong = {record.difference.output for record in faulted(fault).unexpected if record.difference is not None}
            assert wrong, fault.name
            assert all(name.startswith("gradient of ") for name in wrong), fault.name


def test_the_table_ends_with_how_many_were_caught(capsys):
    assert main() == 0
    *rows, last = capsys.readouterr().out.splitlines()
    assert last == f"caught {len(FAULTS)} of {len(FAULTS)}"
    assert {row.split()[0] for row in rows} >= {fault.name for fault in FAULTS}


def test_the_table_of_named_adapters_holds_these_only(capsys):
    assert main(["KernelFlipped"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "caught 1 of 1"
    assert main(["Unheard"]) == 2
    assert "Unheard" in capsys.readouterr().err
