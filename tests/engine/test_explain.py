"""Explaining a finding: its case is shrunk, its rule held against fresh cases, its script run; on real workers."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace as with_fields

from cases.case import from_canonical
from cases.features import features
from cases.known import Ledger
from cases.rules import parse
from conformance import campaign, proof
from conformance import explain as explaining
from conformance import probe as probing
from conformance.backends import Backend, Specification
from conformance.explain import Effort, Explainer
from conformance.findings import found
from conformance.probe import Probe
from conformance.process import Stopped
from conformance.reproduce import Printed
from reports.reading import RunFile, load
from reports.record import Finding, Side
from reports.symptoms import facts, symptom
from tests.cases.planned import plan
from tests.engine.played import TORCH, Heard, asked, options
from tests.engine.small_runs import BIAS, playing, small_run

BACKEND = Backend(Specification("torch"), Path(sys.executable))
LITTLE = Effort(fresh=20, fresh_slow=4, examples=60, seconds=20)
DEADLY = "tests.faulty.processes:Segfaults"


@pytest.fixture(autouse=True)
def _printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "reproduce", lambda script, backend: Printed("exit code 1", "3 against 4", there=True))


def explainer(
    adapter: str, monkeypatch: pytest.MonkeyPatch, loaded: RunFile | None = None
) -> tuple[Explainer, Finding]:
    """An explainer of a run of this adapter, and the first finding."""
    monkeypatch.setattr(probing, "plan_of", playing(adapter))
    loaded = loaded or small_run(adapter)
    return Explainer(loaded, BACKEND, loaded.run.backends[0].name, LITTLE), found(loaded, Ledger({})).findings[0]


@pytest.fixture
def bias(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Explainer, Finding]]:
    made, finding = explainer(BIAS, monkeypatch)
    with made:
        yield made, finding


def test_the_minimal_case_fails_as_the_finding_says_and_is_not_larger(bias: tuple[Explainer, Finding]) -> None:
    explain, finding = bias
    done = explain.explain(finding)
    assert done.minimal is not None
    case = from_canonical(done.minimal)
    assert done.minimal_call == case.show()
    assert len(done.minimal_call) <= min(len(record.call) for record in records_of(explain.loaded, finding))
    with Probe(BACKEND) as probe:
        record = probe.ask(case)
        assert (record.verdict, symptom(record)) == (finding.verdict, finding.symptoms[0])
        assert parse(finding.rule).holds(facts(record))
        if done.passing is not None:
            assert probe.ask(from_canonical(done.passing)).verdict == "conforms"
    assert done.expected
    assert done.actual


def records_of(loaded: RunFile, finding: Finding) -> list:
    return [record for record in loaded.records if record.case in finding.cases]


def test_what_was_learned_in_the_run_stays_as_it_was(bias: tuple[Explainer, Finding]) -> None:
    explain, finding = bias
    done = explain.explain(finding)
    kept = ("id", "backend", "verdict", "symptoms", "claims", "apis", "rule", "support", "against", "cases", "smallest")
    assert [getattr(done, name) for name in kept] == [getattr(finding, name) for name in kept]
    assert explain.explain(finding) == done


def test_a_true_rule_is_borne_out_by_fresh_cases_half_of_them_inside(bias: tuple[Explainer, Finding]) -> None:
    explain, finding = bias
    tried = explain.explain(with_fields(finding, rule="bias == True")).tried
    assert tried is not None
    assert tried.inside_failing + tried.inside_passing == tried.outside_failing + tried.outside_passing == 10
    assert tried.inside_passing <= 1  # a bias that is nothing but zeros is not missed
    assert tried.outside_failing == 0


def test_a_rule_that_is_not_true_is_refuted(bias: tuple[Explainer, Finding]) -> None:
    explain, finding = bias
    narrow = explain.explain(with_fields(finding, rule="bias == True and stride == 1")).tried
    assert narrow is not None
    assert narrow.outside_failing > 0
    broad = explain.explain(with_fields(finding, rule="")).tried
    assert broad is not None
    assert broad.inside_passing > 0
    assert broad.outside_failing + broad.outside_passing == 0


def test_what_another_finding_explains_does_not_refute_a_rule(bias: tuple[Explainer, Finding]) -> None:
    explain, finding = bias
    narrow = with_fields(finding, rule="bias == True and stride == 1")
    rest = with_fields(finding, id="another", rule="bias == True and stride > 1")
    tried = explain.explain(narrow, [narrow, rest]).tried
    assert tried is not None
    assert tried.outside_failing == 0
    unlike = with_fields(rest, symptoms=["another symptom"])
    tried = explain.explain(narrow, [narrow, unlike]).tried
    assert tried is not None
    assert tried.outside_failing > 0


def test_no_fresh_case_is_one_of_the_run_and_none_comes_twice(
    bias: tuple[Explainer, Finding], monkeypatch: pytest.MonkeyPatch
) -> None:
    explain, finding = bias
    asked: list[str] = []
    batches = explaining._batches

    def noted(cases, length):
        for batch in batches(cases, length):
            asked.extend(case.id for case in batch)
            yield batch

    monkeypatch.setattr(explaining, "_batches", noted)
    explain.explain(finding)
    assert len(asked) >= LITTLE.fresh
    assert len(asked) == len(set(asked))
    assert not set(asked) & {record.case for record in explain.loaded.records}


def test_a_crash_is_shrunk_and_checked_in_a_worker_that_forks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [case for case in plan(TORCH).cases if case.action == "call" and case.data == "integers"]
    deadly = [case.id for case in cases if (item := features(case)).get("groups") == (3,) and item["batch"] == (0,)]
    monkeypatch.setattr(campaign, "plan_of", playing(DEADLY))
    only = (*deadly, *(case.id for case in cases[:30]))
    campaign.run(options(tmp_path, max_cases=None, only=only), asked("torch"), Heard())
    made, finding = explainer(DEADLY, monkeypatch, load(tmp_path))
    assert finding.verdict == "crashed"
    with made:
        done = made.explain(finding)
        (probe,) = made._probes.values()
        assert probe.forks
    assert done.minimal is not None
    assert features(from_canonical(done.minimal))["groups"] == (3,)
    assert done.tried is not None
    assert done.tried.inside_failing > 0


def test_what_changes_from_run_to_run_keeps_the_smallest_case_of_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    made, finding = explainer("tests.cases.players:Unsteady", monkeypatch)
    assert finding.verdict == "unstable"
    with made:
        done = made.explain(finding)
        assert made._probes == {}
    assert (done.minimal, done.tried) == (None, None)
    assert done.script
    assert done.shown is not None


def test_a_hang_or_a_mode_that_compiles_has_fewer_fresh_cases(bias: tuple[Explainer, Finding]) -> None:
    explain, finding = bias
    assert not explain._is_slow(finding)
    assert explain._is_slow(with_fields(finding, verdict="timed-out"))
    assert explain._is_slow(with_fields(finding, mode="compiled"))


def test_no_fresh_cases_are_asked_where_none_are_wanted(bias: tuple[Explainer, Finding]) -> None:
    explain, finding = bias
    explain.effort = Effort(fresh=0, fresh_slow=1, examples=5, seconds=5)
    tried = explain.explain(finding).tried
    assert tried is not None
    assert (tried.inside_failing, tried.outside_passing) == (0, 0)


def test_nothing_is_asked_any_more_once_it_is_stopped(bias: tuple[Explainer, Finding]) -> None:
    explain, finding = bias
    explain._probe(finding)
    explain.stop.set()
    with pytest.raises(Stopped):
        explain.explain(finding)


def test_the_same_seed_draws_the_same_cases(bias: tuple[Explainer, Finding]) -> None:
    explain, finding = bias
    records = records_of(explain.loaded, finding)

    def drawn(seed: str) -> list[str]:
        return [case.id for case in explaining._drawn(records, [], set(), seed, 12)]

    assert drawn("a") == drawn("a") != drawn("b")
    had = set(drawn("a"))
    assert had.isdisjoint(case.id for case in explaining._drawn(records, [], had, "a", 12))


def test_a_record_of_another_symptom_or_verdict_does_not_fail_as_the_finding_says(
    bias: tuple[Explainer, Finding],
) -> None:
    explain, finding = bias
    record = records_of(explain.loaded, finding)[0]
    assert explaining._fails(record, finding)
    crashed = with_fields(record, verdict="crashed", actual=Side(what="crashed", error="SIGSEGV"))
    assert not explaining._fails(crashed, finding)
    assert not explaining._fails(record, with_fields(finding, symptoms=["shape of the output"]))
