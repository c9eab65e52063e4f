"""What a run says of the ledger: which entries occur, which do not, and which cover passing cases, too."""

from datetime import date
from typing import Any

import pytest

from cases.known import Entry
from cases.values import Tensor, encode
from reports.ledger import Held, held, notes
from reports.reading import RunFile
from reports.record import Difference, Side
from tests.reports.planted import BACKEND, LINE, broken, described, record, run, valid

ONE = ("torch.nn.ConvTranspose2d",)
RULE = "groups > 1 and dilation > 2"
CASES, FOUND = valid(*ONE), described(*ONE)
LOADED = broken(RULE, names=ONE)
FAILING = sum(item.verdict == "differs" for item in LOADED.records)


def entry(name: str = "n", **more: Any) -> Entry:
    fields: dict[str, Any] = {
        "name": name,
        "apis": ("torch.nn.ConvTranspose*",),
        "verdict": "differs",
        "claims": ("output-values",),
        "rule": RULE,
        "reason": "r",
        "date": date(2026, 11, 1),
    }
    return Entry(**(fields | more))


def hold(*entries: Entry, loaded: RunFile = LOADED) -> Held:
    return held(loaded, LINE, {"torch": entries})


def test_an_entry_that_says_what_happens_takes_it_all() -> None:
    found = hold(entry())
    assert [len(met.failures) for met in found.met] == [FAILING]
    assert (found.new, found.absent, found.broad) == ((), (), ())
    assert notes([found]) == []


def test_what_no_entry_covers_is_new() -> None:
    found = hold(entry(rule=f"{RULE} and stride > 1"))
    assert 0 < len(found.new) < FAILING
    assert len(found.new) + len(found.met[0].failures) == FAILING
    assert len(hold().new) == FAILING
    assert hold().met == ()


def test_an_entry_of_which_nothing_occurs_is_absent() -> None:
    found = hold(entry(), entry("gone", verdict="crashed"))
    assert [item.name for item in found.absent] == ["gone"]
    assert notes([found]) == [f"{BACKEND}: the known difference 'gone' does not occur in this run"]


def test_an_entry_that_another_one_leaves_nothing_for_is_absent_too() -> None:
    found = hold(entry("first"), entry("second"))
    assert [item.name for item in found.absent] == ["second"]


@pytest.mark.parametrize("more", [{"apis": ("torch.nn.functional.*",)}, {"versions": "<2.13"}, {"device": "cuda"}])
def test_an_entry_about_what_was_not_run_is_not_absent(more: dict[str, Any]) -> None:
    found = hold(entry(), entry("elsewhere", verdict="crashed", **more))
    assert found.absent == ()
    assert notes([found]) == []


def test_an_entry_that_holds_for_passing_cases_is_too_broad_and_says_for_which() -> None:
    found = hold(entry(rule="groups > 1"))
    (met,) = found.broad
    passing = {
        item.case
        for item, row in zip(LOADED.records, FOUND, strict=True)
        if row["groups"] > (1,)  # type: ignore[operator]
    } - {item.record.case for item in met.failures}
    assert {item.case for item in met.passing} == passing
    (note,) = notes([found])
    assert note.startswith(f"{BACKEND}: the known difference 'n' is too broad: it also covers {len(passing)} passing ")
    assert note.endswith(f"such as {met.passing[0].case}")


def test_one_passing_case_is_told_in_the_singular() -> None:
    mended = next(item.case for item in LOADED.records if item.verdict == "differs")
    records = [record(case) if case.id == mended else item for case, item in zip(CASES, LOADED.records, strict=True)]
    (note,) = notes([hold(entry(), loaded=run(records))])
    assert note.endswith(f"also covers 1 passing case, such as {mended}")


def test_only_passing_cases_that_the_entry_would_cover_if_they_failed_make_it_too_broad() -> None:
    """Of another API, of another row of the documents, of other claims, or what hangs on the calls before it."""
    anything = {"rule": "", "apis": ("torch.nn.ConvTranspose2d",)}
    assert hold(entry(**anything)).broad
    assert not hold(entry(**(anything | {"apis": ("torch.nn.ConvTranspose1d",)}))).broad
    assert not hold(entry(**anything, verdict="accepts-invalid")).broad
    assert not hold(entry(**(anything | {"claims": ("another",)}))).broad
    assert not hold(entry(**anything, verdict="unstable")).broad
    assert not hold(entry(**anything, verdict="")).broad
    assert hold(entry(**anything, verdict="crashed")).broad


def test_a_refused_call_makes_an_entry_about_wrong_errors_too_broad() -> None:
    refused = [record(case, expected=Side(what="error", argument="groups")) for case in CASES[:3]]
    found = hold(entry(rule="", verdict="wrong-error"), loaded=run(refused))
    assert [len(met.passing) for met in found.broad] == [3]
    assert not hold(entry(rule=""), loaded=run(refused)).broad


def test_a_case_that_is_run_in_another_way_than_all_that_fails_does_not_make_an_entry_too_broad() -> None:
    made = list(LOADED.records)
    place = next(number for number, item in enumerate(made) if item.verdict == "differs")
    made[place] = record(CASES[place], arguments=CASES[place].canonical | {"action": "initialise"})
    assert hold(entry(), loaded=run(made)).broad == ()


def test_a_case_without_gradients_does_not_make_an_entry_about_gradients_too_broad() -> None:
    slope = Difference(index=[0], expected="3", actual="4", differing=1, of=2, output="gradient of weight")
    asked = {"gradients": {"of": ["weight"], "upstream": encode(Tensor("upstream", (1,), "float32"))}}
    sloped = {"arguments": CASES[0].canonical | asked}
    failed = record(CASES[0], "differs", difference=slope, **sloped)
    assert [len(met.failures) for met in hold(entry(rule=""), loaded=run([failed, record(CASES[1])])).met] == [1]
    assert hold(entry(rule=""), loaded=run([failed, record(CASES[1])])).broad == ()
    assert hold(entry(rule=""), loaded=run([failed, record(CASES[1], **sloped)])).broad != ()


def test_an_entry_about_another_framework_says_nothing() -> None:
    found = held(LOADED, LINE, {"mindspore": (entry(),)})
    assert (found.met, len(found.new)) == ((), FAILING)


def test_the_apis_that_ran_are_those_of_this_backend() -> None:
    assert hold().ran == set(ONE)
    other = run([record(CASES[0], backend="another==1:cpu")])
    assert hold(entry(), loaded=other).ran == frozenset()
    assert hold(entry(), loaded=other).absent == ()
