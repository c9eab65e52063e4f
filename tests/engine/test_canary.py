"""A run proves that it can fail: a sound judge catches the canary, and a judge that accepts it ends the run with 3."""

import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from cases.catalogue import apis
from conformance import campaign, canary
from conformance.adapters.canary import CanaryAdapter
from conformance.agreement import Agreement
from conformance.backends import Backend, Specification
from conformance.canary import ERRORS, VALUES, watch
from conformance.judge import judge
from conformance.options import Options
from conformance.pool import Lane, WorkerPlan
from conformance.schedule import Schedule, schedule
from reports.reading import load

API = "mindspore.nn.Conv1dTranspose"  # its documents name both values and errors


class Quiet:
    def say(self, text: str) -> None: ...
    def begin(self, backend: str, total: int) -> None: ...
    def advance(self, backend: str, unexpected: bool) -> None: ...
    def finish(self, backend: str) -> None: ...


def whole(*names: str, max_cases: int | None = 60) -> Schedule:
    return schedule([apis()[name] for name in names], ("numpy",), seed=0, strength=2, max_cases=max_cases)


def accepting(*words: str):
    """A judge that calls these verdicts conforming."""

    def broken(*arguments, **named):
        record = judge(*arguments, **named)
        return replace(record, verdict="conforms") if record.verdict in words else record

    return broken


def run(tmp_path: Path) -> tuple[int, Path]:
    options = Options(apis=(apis()[API],), output=tmp_path / "run", max_cases=60)
    backend = Backend(Specification("numpy"), Path(sys.executable))
    return campaign.run(options, [campaign.Asked(backend, named=True)], Quiet()), tmp_path / "run"


@pytest.mark.parametrize("name", apis())
def test_the_canary_is_caught_in_a_run_of_any_api(name: str):
    assert watch(whole(name), limit=30.0) == "caught"


def test_a_judge_that_accepts_everything_is_found_out(monkeypatch):
    monkeypatch.setattr(canary, "judge", accepting("differs", "accepts-invalid"))
    said = watch(whole(API), limit=30.0)
    assert said.startswith(f"accepted {VALUES + ERRORS} of {VALUES + ERRORS}: ")
    assert len(set(said.partition(": ")[2].split(", "))) == VALUES + ERRORS


def test_a_judge_that_accepts_wrong_values_only_is_found_out(monkeypatch):
    monkeypatch.setattr(canary, "judge", accepting("differs"))
    assert watch(whole(API), limit=30.0).startswith(f"accepted {VALUES} of {VALUES + ERRORS}: ")


def test_a_judge_that_lets_invalid_arguments_pass_is_found_out(monkeypatch):
    monkeypatch.setattr(canary, "judge", accepting("accepts-invalid"))
    assert watch(whole(API), limit=30.0).startswith(f"accepted {ERRORS} of {VALUES + ERRORS}: ")


def test_a_comparison_of_values_that_sees_no_difference_is_found_out(monkeypatch):
    monkeypatch.setattr("conformance.judge.agreement", lambda *_, **__: Agreement(True, True, True, 1))
    monkeypatch.setattr("conformance.judge.check", lambda *_: None)
    assert watch(whole(API), limit=30.0).startswith(f"accepted {VALUES} of {VALUES + ERRORS}: ")


def test_a_canary_without_faults_is_not_taken_for_caught(monkeypatch):
    def sound(python: Path, adapter: str, **more: object) -> WorkerPlan:
        return WorkerPlan(python, adapter.replace("canary:", "numpy:"), **more)  # type: ignore[arg-type]

    monkeypatch.setattr(canary, "WorkerPlan", sound)
    assert watch(whole(API), limit=30.0).startswith(f"accepted {VALUES + ERRORS} of {VALUES + ERRORS}: ")


def test_a_canary_that_cannot_run_is_not_taken_for_caught(monkeypatch):
    def broken(python: Path, adapter: str, **more: object) -> WorkerPlan:
        return WorkerPlan(python, "conformance.adapters.canary:NoSuchClass", **more)  # type: ignore[arg-type]

    monkeypatch.setattr(canary, "WorkerPlan", broken)
    said = watch(whole(API), limit=30.0)
    assert said.startswith("could not run: no worker")
    assert "NoSuchClass" in said


def test_a_canary_that_answers_too_few_cases_is_not_taken_for_caught(monkeypatch):
    class Short(Lane):
        def run(self, requests):
            yield from list(super().run(requests))[:-1]

    monkeypatch.setattr(canary, "Lane", Short)
    all_of_them = VALUES + ERRORS
    assert watch(whole(API), limit=30.0) == f"only {all_of_them - 1} of {all_of_them} canary cases were answered"


def test_a_run_with_a_sound_judge_says_that_the_canary_was_caught_and_ends_with_0(tmp_path):
    code, folder = run(tmp_path)
    end = load(folder).end
    assert (code, end.exit_code, end.canary) == (0, 0, "caught")


def test_a_run_with_a_judge_that_accepts_everything_ends_with_3(monkeypatch, tmp_path):
    monkeypatch.setattr(canary, "judge", accepting("differs", "accepts-invalid"))
    code, folder = run(tmp_path)
    end = load(folder).end
    assert (code, end.exit_code) == (3, 3) == (campaign.INTERNAL, campaign.INTERNAL)
    assert end.canary.startswith(f"accepted {VALUES + ERRORS} of ")
    assert end.records == len(load(folder).records) > 0


def test_the_canary_has_no_part_in_what_is_recorded(tmp_path):
    _, folder = run(tmp_path)
    assert {record.backend for record in load(folder).records} == {load(folder).run.backends[0].name}
    assert CanaryAdapter.__name__ not in (folder / "run.jsonl").read_text()
