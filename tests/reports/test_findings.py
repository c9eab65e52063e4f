"""Findings: what a reader is told of a group or of a known difference, and an id that stays the same."""

import re
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace as with_fields

from cases.known import Entry
from reports.failures import compared, failures
from reports.findings import identity, identity_of, of_entry, of_group, short, title
from reports.grouping import groups
from reports.ledger import Met
from reports.reading import load
from reports.record import Comparison, Finding
from tests.reports import build
from tests.reports.planted import BACKEND, broken, raised, record, run, valid

ONE = ("torch.nn.ConvTranspose2d",)
LOADED = broken("groups > 1 and dilation > 2", names=ONE)
FAILED = failures(LOADED, BACKEND)
(GROUP,) = groups(LOADED, BACKEND, FAILED)
ENTRY = Entry(
    name="grouped",
    apis=ONE,
    verdict="differs",
    claims=("output-values",),
    symptoms=("values of the output",),
    rule=str(GROUP.rule),
    reason="reported",
    date=date(2026, 11, 1),
)


def test_a_group_is_told_with_its_rule_counts_and_cases_the_smallest_first() -> None:
    found = of_group(GROUP)
    assert (found.backend, found.verdict, found.rule) == (BACKEND, "differs", str(GROUP.rule))
    assert (found.support, found.against) == (len(FAILED), 0)
    assert (found.apis, found.modes, found.claims) == ([*ONE], ["eager"], [f"{ONE[0]}/output-values"])
    assert found.cases[0] == found.smallest == min(FAILED, key=lambda item: item.order).record.case
    assert set(found.cases) == {item.record.case for item in FAILED}
    assert found.title == f"ConvTranspose2d: wrong values of the output, if {found.rule}"
    assert (found.known, found.reason, found.script, found.tried, found.shown) == ("", "", "", None, None)
    assert found.expected
    assert found.actual


def test_an_entry_is_told_with_its_name_and_reason_and_has_the_id_of_what_it_was_made_of() -> None:
    found = of_entry(Met(ENTRY, FAILED, ()), BACKEND)
    assert (found.known, found.reason, found.rule) == ("grouped", "reported", ENTRY.rule)
    assert found.id == of_group(GROUP).id == identity_of(ENTRY, "torch")
    assert found.cases == of_group(GROUP).cases
    broad = of_entry(Met(ENTRY, FAILED, (record(valid(*ONE)[0]),)), BACKEND)
    assert broad.against == 1


def test_the_claims_of_an_entry_come_in_its_order() -> None:
    made = [record(case, "differs", slug) for case, slug in zip(valid(*ONE), ("rare", "usual", "usual"), strict=False)]
    failed = failures(run(made), BACKEND)
    entry = Entry(name="n", apis=ONE, verdict="differs", claims=("usual",), rule="", reason="r", date=date(2026, 11, 1))
    assert of_entry(Met(entry, failed, ()), BACKEND).claims == [f"{ONE[0]}/usual", f"{ONE[0]}/rare"]


def test_two_calls_that_should_be_equal_name_the_other_one() -> None:
    left, right = valid(*ONE)[:2]
    line = Comparison(
        left=left.id,
        left_backend=BACKEND,
        left_mode="eager",
        right=right.id,
        right_backend=BACKEND,
        claim=f"{ONE[0]}/equal",
        shapes="equal",
        values="different",
        detail="\x1b[31m3 against 4",
    )
    (group,) = groups(run([]), BACKEND, [compared(record(left), line)])
    found = of_group(group)
    assert (found.verdict, found.smallest, found.other) == ("", left.id, right.id)
    assert (found.expected, found.actual) == ("equal results", "3 against 4")
    assert found.title == "ConvTranspose2d: contradicts equal"


# The id

BASE: dict[str, Any] = {
    "framework": "torch",
    "verdict": "differs",
    "symptoms": ("values of the output", "shape of the output"),
    "rule": "groups > 1",
    "apis": ("torch.nn.ConvTranspose1d", "torch.nn.ConvTranspose2d"),
}


def test_an_id_is_8_digits_and_hangs_on_what_is_found_alone() -> None:
    assert re.fullmatch("[0-9a-f]{8}", identity(**BASE))
    reordered = BASE | {"apis": BASE["apis"][::-1], "symptoms": BASE["symptoms"][::-1]}
    assert identity(**reordered) == identity(**BASE)


@pytest.mark.parametrize(
    "more",
    [
        {"framework": "oneflow"},
        {"verdict": "crashed"},
        {"symptoms": ("values of a gradient",)},
        {"rule": ""},
        {"apis": ("torch.nn.ConvTranspose1d",)},
    ],
)
def test_what_is_found_elsewhere_has_another_id(more: dict[str, Any]) -> None:
    assert identity(**(BASE | more)) != identity(**BASE)


def test_the_version_of_the_framework_does_not_change_the_id() -> None:
    name = "torch==9.9:cpu"
    later = run([with_fields(item, backend=name) for item in LOADED.records])
    (group,) = groups(later, name, failures(later, name))
    assert of_group(group).id == of_group(GROUP).id


# Titles


@pytest.mark.parametrize(
    ("verdict", "symptom", "said"),
    [
        ("differs", "shape of the output", "wrong shape of the output"),
        ("rejects-valid", "E at call: <type> of <argument>", "refuses a valid call (E at call: … of …)"),
        ("accepts-invalid", "returned", "accepts an invalid call"),
        ("wrong-error", "E at call", "raises another error than documented (E at call)"),
        ("crashed", "SIGABRT: no", "dies (SIGABRT: no)"),
        ("timed-out", "no answer", "does not answer"),
        ("unstable", "two runs of one case differ", "gives two outcomes for one call"),
        ("", "equals-torch", "contradicts equals-torch"),
    ],
)
def test_a_title_says_what_happens_and_when(verdict: str, symptom: str, said: str) -> None:
    assert title(["a.b.F"], verdict, [symptom], "groups > 1") == f"F: {said}, if groups > 1"
    assert title(["a.b.F", "c.F", "G"], verdict, [symptom], "") == f"F, G: {said}"


def test_what_a_framework_wrote_stands_in_a_title_as_plain_text() -> None:
    made = title(["F"], "crashed", ["SIGABRT: \x1b[31m{rule} {0} %s\u202e"], "")
    assert "{rule} {0} %s" in made
    assert "\x1b" not in made
    assert "\u202e" not in made


def test_a_name_is_short_without_its_packages() -> None:
    assert short("torch.nn.functional.conv_transpose1d") == "conv_transpose1d"
    assert short("plain") == "plain"


# In the run file


def finding(**more: Any) -> Finding:
    fields = {name: getattr(of_group(GROUP), name) for name in Finding.__struct_fields__}
    return Finding(**(fields | more))


def test_a_finding_that_is_written_twice_counts_as_it_was_written_last(tmp_path) -> None:
    first, second = finding(), finding(id="0" * 8)
    explained = finding(minimal_call="f(1)", script="pass")
    path = build.stored(build.runfile(findings=(first, second, explained)), tmp_path)
    assert load(path).findings == (explained, second)


def test_findings_of_two_backends_are_two_though_their_id_is_one(tmp_path) -> None:
    here, there = finding(), finding(backend="torch==2.12.0:cpu")
    loaded = load(build.stored(build.runfile(findings=(here, there)), tmp_path))
    assert loaded.findings == (here, there)
    assert loaded.finding(here.id[:3]) == here


def test_a_finding_is_named_by_the_beginning_of_its_id_if_it_is_the_only_one() -> None:
    loaded = build.runfile(findings=(finding(id="abc1"), finding(id="abd2")))
    assert loaded.finding("abc").id == "abc1"
    for prefix, said in (("ab", "2 findings"), ("x", "no finding 'x'"), ("", "2 findings")):
        with pytest.raises(LookupError, match=said):
            loaded.finding(prefix)
    with pytest.raises(LookupError, match="none"):
        build.runfile().finding("abc")


def test_a_symptom_of_a_message_stands_in_the_title() -> None:
    failed = failures(run([raised(valid(*ONE)[0], "no kernel for stride 3")]), BACKEND)
    (group,) = groups(run([]), BACKEND, failed)
    assert of_group(group).title == ("ConvTranspose2d: refuses a valid call (RuntimeError at call: no kernel for … …)")
