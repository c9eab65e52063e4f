"""Whole runs through real workers: exit codes, what is run, budget, and stopping at the first difference."""

import time
from pathlib import Path

import pytest

from cases.catalogue import apis
from cases.documentation import Equal
from conformance import canary
from conformance.backends import Specification, Unavailable
from conformance.campaign import Asked, run
from reports.reading import load
from reports.record import UNEXPECTED
from tests.engine.played import MINDSPORE, TORCH, Heard, alike, asked, options

# Exit codes


def test_a_run_in_which_all_conforms_ends_with_0(tmp_path: Path, played) -> None:
    heard = Heard()
    assert run(options(tmp_path), asked("numpy"), heard) == 0
    loaded = load(tmp_path)
    (name,) = heard.begun
    count = len(loaded.records)
    assert 30 < count <= 40  # cases of another device are left out
    assert heard.begun == heard.advanced == {name: count}
    assert heard.finished == [name]
    assert {record.verdict for record in loaded.records} <= {"conforms", "unavailable", "unsupported"}
    assert loaded.end is not None
    assert (loaded.end.records, loaded.end.executions, loaded.end.exit_code) == (count, count, 0)
    assert (loaded.end.interrupted, loaded.end.canary) == (False, "caught")


def test_the_first_line_says_what_was_run(tmp_path: Path, played) -> None:
    run(options(tmp_path, seed=4, command=("run", "-b", "numpy")), asked("numpy"), Heard())
    first = load(tmp_path).run
    assert (first.seed, first.strength, first.command) == (4, 2, ["run", "-b", "numpy"])
    assert {line.id for line in first.claims} == {claim.id for claim in apis()[TORCH].claims}
    assert [line.api for line in first.coverage] == [TORCH]
    assert first.coverage[0].tuples == first.coverage[0].covered
    assert {key for line in first.claims for key, _ in line.sources} <= {line.key for line in first.documents}
    assert {line.overruled for line in first.claims} - {""} <= {line.id for line in first.rulings}


def test_counterparts_run_on_the_other_framework_and_are_compared(tmp_path: Path, played) -> None:
    assert run(options(tmp_path, TORCH, MINDSPORE, max_cases=60), asked("torch", "mindspore"), Heard()) == 0
    loaded = load(tmp_path)
    ran = {(record.backend.partition("=")[0], record.case) for record in loaded.records}
    for line in loaded.counterparts:
        assert bool(line.counterpart) != bool(line.reason)
        assert not line.counterpart or (line.framework, line.counterpart) in ran
    assert sum(item.agrees for item in loaded.comparisons) > 20
    idle = {record.case for record in loaded.records if record.verdict == "unavailable"}
    for item in loaded.comparisons:
        assert item.agrees or {item.left, item.right} & idle, item


def test_a_faulty_backend_ends_a_run_with_1(tmp_path: Path, played) -> None:
    played["torch"] = "conformance.adapters.canary:Adapter"
    assert run(options(tmp_path), asked("torch"), Heard()) == 1
    loaded = load(tmp_path)
    assert loaded.end is not None
    assert loaded.end.exit_code == 1
    assert (
        {"differs", "accepts-invalid"}
        <= {record.verdict for record in loaded.records}
        <= {
            "differs",
            "accepts-invalid",
            "unavailable",
            "conforms",
        }
    )


def test_a_backend_that_never_answers_alike_is_unstable(tmp_path: Path, played) -> None:
    played["torch"] = "tests.cases.players:Unsteady"
    assert run(options(tmp_path), asked("torch"), Heard()) == 1
    records = load(tmp_path).records
    called = [record for record in records if record.arguments["action"] == "call" and record.expected.what == "value"]
    whole = ("float32", "integers")
    judged = [record for record in called if (record.dtype, record.arguments["data"]["kind"]) == whole]
    filled = [record for record in judged if record.actual.array and all(record.actual.array.shape)]
    assert filled
    assert {record.verdict for record in filled} == {"unstable"}


def test_a_backend_that_dies_loses_only_the_cases_that_kill_it(tmp_path: Path, played) -> None:
    played["torch"] = "tests.cases.players:Dies"
    heard = Heard()
    assert run(options(tmp_path, max_cases=25), asked("torch"), heard) == 1
    records = load(tmp_path).records
    assert [len(records)] == list(heard.begun.values())
    assert {record.expected.what for record in records if record.verdict == "crashed"} == {"error"}
    assert all(record.verdict in ("conforms", "unavailable") for record in records if record.expected.what == "value")


def test_a_difference_that_cannot_be_run_again_is_unstable_and_loses_nothing(
    tmp_path: Path, played, monkeypatch: pytest.MonkeyPatch
) -> None:
    played["torch"] = "tests.cases.players:StartsOnce"
    monkeypatch.setenv("STARTED_ONCE", str(tmp_path / "started"))
    assert run(options(tmp_path, TORCH), asked("torch"), Heard()) == 1
    loaded = load(tmp_path)
    wrong = [record for record in loaded.records if record.verdict in UNEXPECTED]
    assert wrong
    assert {record.verdict for record in wrong} == {"unstable"}
    assert all("no worker" in record.actual.detail for record in wrong)
    assert loaded.end is not None


def test_a_backend_that_is_lost_in_mid_run_ends_it_with_4_and_every_case_is_accounted_for(
    tmp_path: Path, played, monkeypatch: pytest.MonkeyPatch
) -> None:
    played["torch"] = "tests.cases.players:DiesForGood"
    monkeypatch.setenv("STARTED_ONCE", str(tmp_path / "started"))
    heard = Heard()
    assert run(options(tmp_path, TORCH), asked("torch"), heard) == 4
    loaded = load(tmp_path)
    verdicts = [record.verdict for record in loaded.records]
    assert verdicts.count("unstable") == 1  # the tenth, which could not be run again
    assert len([record for record in loaded.records if "no worker" in record.actual.message]) == len(verdicts) - 10
    assert [len({record.case for record in loaded.records})] == list(heard.begun.values())


def test_a_judge_that_accepts_the_planted_faults_ends_a_run_with_3(tmp_path: Path, played, monkeypatch) -> None:
    monkeypatch.setattr(canary, "UNEXPECTED", frozenset())
    assert run(options(tmp_path), asked("numpy"), Heard()) == 3
    end = load(tmp_path).end
    assert end is not None
    assert end.canary.startswith("accepted 6 of 6")
    assert end.exit_code == 3


MISSING = Unavailable(Specification("torch"), "no torch here.", "Install it.")


def test_no_backend_at_all_ends_with_4_and_leaves_no_file(tmp_path: Path) -> None:
    heard = Heard()
    assert run(options(tmp_path / "new"), [Asked(MISSING, named=False)], heard) == 4
    assert heard.said == ["torch:cpu: unavailable. no torch here. Install it."]
    assert not (tmp_path / "new").exists()


def test_a_missing_backend_that_was_named_ends_with_4_after_the_others_have_run(tmp_path: Path, played) -> None:
    heard = Heard()
    assert run(options(tmp_path), [Asked(MISSING, named=True), *asked("numpy")], heard) == 4
    loaded = load(tmp_path)
    assert [len(loaded.records)] == list(heard.begun.values())
    assert [bool(line.unavailable) for line in loaded.run.backends] == [True, False]
    assert (loaded.run.backends[0].name, loaded.run.backends[0].framework) == ("torch:cpu", "torch")


def test_a_missing_backend_that_nobody_named_is_no_failure(tmp_path: Path, played) -> None:
    assert run(options(tmp_path), [Asked(MISSING, named=False), *asked("numpy")], Heard()) == 0


def test_a_worker_that_does_not_start_is_an_unavailable_backend(tmp_path: Path, played) -> None:
    played["torch"] = "no.such.module:Adapter"
    heard = Heard()
    assert run(options(tmp_path), asked("torch"), heard) == 4
    assert "its worker does not start" in heard.said[0]


def test_nothing_selected_ends_with_5_and_leaves_no_file(tmp_path: Path, played) -> None:
    assert run(options(tmp_path / "new", only=("no such case",)), asked("numpy"), Heard()) == 5
    assert not (tmp_path / "new").exists()


def test_what_was_not_run_is_no_failure(tmp_path: Path, played) -> None:
    """A document's equal calls of which one side could not run are not unequal."""
    played["torch"] = "tests.cases.players:CannotRun"
    claims = (claim.detail for claim in apis()[MINDSPORE].claims if claim.id.endswith("-equals-torch"))
    sides = tuple(pair.left.id for detail in claims if isinstance(detail, Equal) for pair in detail.pairs)
    code = run(options(tmp_path, MINDSPORE, max_cases=None, only=sides), asked("mindspore", "torch"), Heard())
    loaded = load(tmp_path)
    assert not [record for record in loaded.records if record.verdict in UNEXPECTED]
    assert any(item.claim and item.values == "missing" for item in loaded.comparisons)
    assert code == 0


# What is run


def test_only_the_named_cases_run(tmp_path: Path, played) -> None:
    run(options(tmp_path / "all"), asked("numpy"), Heard())
    wanted = load(tmp_path / "all").records[7].case
    assert run(options(tmp_path / "one", only=(wanted[:10],), max_cases=None), asked("numpy"), Heard()) == 0
    assert [record.case for record in load(tmp_path / "one").records] == [wanted]


def test_fail_fast_stops_at_the_first_confirmed_difference(tmp_path: Path, played) -> None:
    played["torch"] = "conformance.adapters.canary:Adapter"
    assert run(options(tmp_path, fail_fast=True), asked("torch"), Heard()) == 1
    records = load(tmp_path).records
    assert [record.verdict in UNEXPECTED for record in records].count(True) == 1
    assert records[-1].verdict in UNEXPECTED
    assert len(records) < 40


def test_after_the_budget_no_case_is_begun_and_the_rest_can_be_resumed(tmp_path: Path, played) -> None:
    played["torch"] = "tests.cases.players:Slow"
    began = time.monotonic()
    assert run(options(tmp_path / "cut", max_cases=300, budget=4), asked("torch"), Heard()) == 0
    assert time.monotonic() - began < 12
    first = load(tmp_path / "cut")
    assert 0 < len(first.records) < 290
    played["torch"] = "conformance.adapters.numpy:Adapter"
    assert run(options(tmp_path / "cut", max_cases=300, resume=True), asked("torch"), Heard()) == 0
    assert run(options(tmp_path / "whole", max_cases=300), asked("torch"), Heard()) == 0
    resumed = load(tmp_path / "cut")
    assert alike(resumed, load(tmp_path / "whole"))
    assert resumed.records[: len(first.records)] == first.records
    assert resumed.end is not None
    assert resumed.end.executions == len(resumed.records) - len(first.records)
