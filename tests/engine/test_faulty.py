"""The suite finds every planted fault, in the verdict and in the claims that speak of it, and nothing beside it."""

import sys
from collections import Counter

import pytest

from cases.catalogue import apis
from conformance.expected import ExpectedValue
from reports.record import UNEXPECTED, Record, Side
from tests.engine.faulty_run import FAULTS, Fault, adapters, cases, faulted, main, missing, oracle, unfaulted

each_fault = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)


def named(name: str) -> Fault:
    return next(fault for fault in FAULTS if fault.name == name)


def happened(record: Record) -> tuple[Side, tuple[object, ...]]:
    """What a record says of the outcome, arrays by their digest: one that conforms keeps no more."""
    side, array = record.actual, record.actual.array
    seen = () if array is None else (array.dtype, tuple(array.shape), array.digest)
    return Side(what=side.what, error=side.error, stage=side.stage, detail=side.detail), seen


def is_changed(record: Record) -> bool:
    return happened(record) != happened(unfaulted().records[record.case])


def test_every_faulty_adapter_is_listed_once_with_how_it_has_to_be_found_out():
    assert Counter(fault.name for fault in FAULTS) == Counter(adapters())


def test_every_fault_is_stated_in_a_sentence_of_its_own():
    statements = [fault.statement for fault in FAULTS]
    assert all(statement.endswith(".") for statement in statements)
    assert len(set(statements)) == len(statements) >= 20


def test_nothing_is_unexpected_about_the_reference_itself():
    found = unfaulted()
    assert found.unexpected == ()
    assert set(found.records) == {case.id for several in cases().values() for case in several}
    verdicts = {name: Counter(r.verdict for r in found.records.values() if r.api == name) for name in apis()}
    assert {verdict for counted in verdicts.values() for verdict in counted} == {"conforms", "unavailable"}
    assert all(counted["conforms"] > counted["unavailable"] for counted in verdicts.values())


def test_a_run_without_a_fault_is_not_taken_for_a_caught_one():
    assert missing(FAULTS[0], unfaulted()) == "no record is unexpected"


def test_a_fault_with_another_verdict_or_other_claims_than_its_own_is_not_taken_for_caught():
    stride, refused = named("StrideIgnored"), named("StrideWithDilationRefused")
    assert "differs" in missing(refused, faulted(stride))
    assert "bias-added" in missing(named("BiasIgnored"), faulted(stride))


@each_fault
def test_a_fault_is_caught_by_its_verdict_and_by_the_claims_that_speak_of_it(fault: Fault):
    assert missing(fault, faulted(fault)) == ""


@each_fault
def test_what_a_fault_leaves_alone_is_judged_as_on_the_reference(fault: Fault):
    untouched = [record for record in faulted(fault).records.values() if not is_changed(record)]
    other = [r for r in untouched if r.verdict != unfaulted().records[r.case].verdict]
    assert any(record.verdict == "conforms" for record in untouched)
    assert fault.hidden or other == []


@each_fault
def test_whatever_a_fault_changes_is_unexpected_where_the_documents_speak(fault: Fault):
    """Besides: what could not run at all, an error whose class is open, and what rounding may change."""
    accepted = [
        record.call
        for record in faulted(fault).records.values()
        if is_changed(record)
        and record.verdict not in UNEXPECTED
        and unfaulted().records[record.case].verdict == "conforms"
        and record.actual.what != "could not run"
        and not (record.expected.what == "error" and record.expected.error == "" and record.actual.what == "raised")
        and not (fault.rounding and record.arguments["data"]["kind"] == "normal")
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
    found, api = faulted(named(name)).records, apis()["torch.nn.ConvTranspose2d"]
    values = [case for case in cases()[api.name] if isinstance(oracle(case).expected, ExpectedValue)]
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


def test_the_table_ends_with_how_many_were_caught(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["faulty"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 0
    *rows, last = capsys.readouterr().out.splitlines()
    assert last == f"caught {len(FAULTS)} of {len(FAULTS)}"
    assert {row.split()[0] for row in rows} >= adapters()
