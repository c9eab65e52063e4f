"""Symptoms: failures with one cause say the same, whatever the counters, sizes, paths and names in their messages."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cases.case import Case
from reports.record import Array, Check, Difference, Record, Side
from reports.symptoms import LONGEST, claim_slug, facts, failed, normalised, row, symptom
from tests.reports import build
from tests.reports.planted import raised, record, valid

CASE = valid("torch.nn.ConvTranspose1d")[0]
FAILED = build.check(CASE.api, "output-values", False)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("expected 3 but got -12", "expected 40 but got 7"),
        ("stride [2, 1] must be positive", "stride [12, 0, -3] must be positive"),
        ("at 0x7f00dead: no kernel", "at 0x55aa: no kernel"),
        ("/usr/lib/torch/conv.cpp:120: no kernel", "/home/other/src/conv.cpp:7: no kernel"),
        ("aten/native/conv.cpp:120: no kernel", "ops/conv.h:9: no kernel"),
        ("For torch.nn.ConvTranspose1d: refused", "For torch.nn.functional.conv_transpose2d: refused"),
        ("For 'Conv1dTranspose', refused", "For 'Conv3dTranspose', refused"),
        ("scale 1.5e-07 is small", "scale 2.25 is small"),
        ("must be <class 'int'>, at once", "must be <class 'tuple'>, at once"),
        ("'stride' must be of type int", "'dilation' must be of type float"),
        ("\x1b[31mstride\x1b[0m is wrong", "stride is wrong"),
        ("the  size\n is wrong", "the size is wrong"),
        ("wrong\n\nC++ trace: 0x12", "wrong\n\nanother trace"),
        ("sizes differ, got (1, 2) and more", "sizes differ, got nothing"),
    ],
)
def test_messages_that_differ_in_what_goes_with_the_case_are_alike(one: str, other: str) -> None:
    names = ("stride", "dilation")
    assert normalised(one, names) == normalised(other, names)


def test_messages_about_different_things_stay_different() -> None:
    said = ["no kernel for this", "stride must be positive", "groups must divide channels", "out of memory", ""]
    assert len({normalised(text) for text in said}) == len(said)


@given(st.text(), st.lists(st.text(min_size=1), max_size=3).map(tuple))
def test_any_message_is_normalised_to_one_short_line(message: str, names: tuple[str, ...]) -> None:
    text = normalised(message, names)
    assert len(text) <= LONGEST
    assert text == text.strip()
    assert "\n" not in text
    assert not re.search(r"0x[0-9a-f]", text)


@pytest.mark.parametrize("part", ["a", "a-", "a/", "conv", "(1,", "1 ", "/a", "got ", "''", "numpy."])
def test_a_huge_message_is_normalised_in_a_moment(part: str) -> None:
    """The time limit of the whole suite would stop a pattern that takes the square of the length."""
    assert len(normalised(part * 4000)) <= LONGEST


def test_what_conforms_has_no_symptom() -> None:
    for verdict in ("conforms", "undocumented", "unsupported", "unavailable"):
        assert symptom(record(CASE, verdict)) == ""


def shaped(*shape: int, dtype: str = "float32") -> Side:
    return Side(what="returned", array=Array(shape=list(shape), dtype=dtype))


ELSEWHERE = Difference(index=[0], expected="3", actual="4", differing=1, of=2, output="gradient of weight")
SLOPE, WIDE = Array(shape=[2], dtype="float32"), Array(shape=[2], dtype="float64")
WITH = replace(build.value(1, 4, 8), others={"weight": SLOPE})


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "values of the output"),
        ({"actual": shaped(1, 4, 9)}, "shape of the output"),
        ({"actual": shaped(1, 4, 8, dtype="float64")}, "element type of the output"),
        ({"actual": shaped(1, 4, 9, dtype="float64")}, "shape of the output"),
        ({"difference": ELSEWHERE}, "values of a gradient"),
        ({"expected": WITH, "difference": None}, "a gradient is missing"),
        (
            {"expected": WITH, "actual": replace(shaped(1, 4, 8), others={"weight": WIDE}), "difference": ELSEWHERE},
            "element type of a gradient",
        ),
        ({"difference": None}, "statements: output-values"),
        ({"actual": Side(what="described")}, "statements: output-values"),
    ],
)
def test_a_wrong_result_says_what_of_it_is_wrong(more: dict, said: str) -> None:
    assert symptom(record(CASE, "differs", **more)) == said


def test_what_an_inspection_contradicts_is_named_by_its_statements_in_one_order() -> None:
    checks = [build.check(CASE.api, slug, False) for slug in ("b", "a")]
    one = replace(record(CASE, "differs"), arguments=CASE.canonical | {"action": "inspect"}, checks=checks)
    assert symptom(one) == symptom(replace(one, checks=checks[::-1])) == "statements: a, b"


def test_an_error_is_told_with_its_class_and_stage() -> None:
    one = raised(CASE, "stride 3 is wrong")
    assert symptom(one) == "RuntimeError at call: <argument> <number> is wrong"
    assert symptom(replace(one, verdict="accepts-invalid")) == "returned"
    wrong = replace(one, verdict="wrong-error", checks=[FAILED, build.check(CASE.api, "advice", False, counts=False)])
    assert symptom(wrong) == "RuntimeError at call (output-values): <argument> <number> is wrong"


def test_a_death_is_told_by_its_last_words() -> None:
    def dying(stderr: str) -> Record:
        return record(CASE, "crashed", actual=Side(what="crashed", error="SIGABRT", message=stderr))

    assert symptom(dying("loading\nF0101 12:00 conv.cpp:12] Check failed: 3 == 4\nlast line")).startswith("SIGABRT: F")
    assert "Check failed" in symptom(dying("loading\nCheck failed: 3 == 4\nlast line"))
    assert symptom(dying("one\nthe last\n\n")) == "SIGABRT: the last"
    assert symptom(dying("")).strip() == "SIGABRT:"
    assert symptom(record(CASE, "timed-out")) == "no answer"
    assert symptom(record(CASE, "unstable")) == "two runs of one case differ"


def test_only_checks_that_count_and_failed_are_failed() -> None:
    checks = [FAILED, build.check(CASE.api, "held"), build.check(CASE.api, "advice", False, counts=False)]
    assert failed(replace(record(CASE), checks=checks)) == (FAILED,)
    assert claim_slug(Check(claim="a.b/c/d", holds=True)) == "c/d"


# What rules may speak of beside the case


def test_what_an_invalid_case_breaks_is_a_fact_of_it() -> None:
    refuses = Side(what="error", argument="padding", detail="breaks the documented range")
    found = facts(record(CASE, "accepts-invalid", expected=refuses), CASE)
    assert (found["about"], found["breaks"]) == ("padding", "range")
    assert facts(record(CASE, expected=Side(what="unsupported")))["breaks"] == "support"
    assert not {"about", "breaks"} & set(facts(record(CASE)))


def test_a_record_knows_its_mode_and_is_read_back_to_its_case() -> None:
    made = record(CASE, mode="compiled")
    assert facts(made) == facts(made, CASE)
    assert facts(made)["execution"] == "compiled"


def test_the_row_says_what_the_documents_say_of_the_case() -> None:
    def of(what: str, case: Case = CASE) -> str:
        return row(record(case, expected=Side(what=what)))

    assert [of(what) for what in ("value", "not documented", "error", "unsupported")] == [
        "valid",
        "valid",
        "invalid",
        "unsupported",
    ]
