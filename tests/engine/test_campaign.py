"""Whole runs through real workers: exit codes, budget, stopping early, resuming, and what is left behind."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from cases.catalogue import apis
from conformance import campaign, canary
from conformance.backends import Backend, Specification, Unavailable
from conformance.campaign import Asked, run
from conformance.errors import UsageError
from conformance.lanes import ROOT
from conformance.options import Options
from conformance.pool import WorkerPlan
from reports.reading import RunFile, load
from reports.record import UNEXPECTED, Record

TORCH, MINDSPORE = "torch.nn.ConvTranspose1d", "mindspore.nn.Conv1dTranspose"
SOURCES = ((ROOT, ("reference", "tests.cases")),)


class Heard:
    def __init__(self) -> None:
        self.said: list[str] = []
        self.begun: dict[str, int] = {}
        self.advanced: dict[str, int] = {}
        self.finished: list[str] = []

    def say(self, text: str) -> None:
        self.said.append(text)

    def begin(self, backend: str, total: int) -> None:
        self.begun[backend] = total

    def advance(self, backend: str, unexpected: bool) -> None:
        self.advanced[backend] = self.advanced.get(backend, 0) + 1

    def finish(self, backend: str) -> None:
        self.finished.append(backend)


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch):
    """Let adapters play frameworks: a dict of framework → adapter, to be filled by the test."""
    adapters: dict[str, str] = {}

    def plan(backend: Backend, memory_limit: int | None = None) -> WorkerPlan:
        adapter = adapters.get(backend.specification.framework, "conformance.adapters.numpy:Adapter")
        return WorkerPlan(Path(sys.executable), adapter, "cpu", {}, SOURCES, memory_limit)

    monkeypatch.setattr(campaign, "plan_of", plan)
    return adapters


def asked(*frameworks: str) -> list[Asked]:
    return [Asked(Backend(Specification(name), Path(sys.executable)), named=True) for name in frameworks]


def options(output: Path, *names: str, **more) -> Options:
    return Options(tuple(apis()[name] for name in names or (TORCH,)), output, **({"max_cases": 40} | more))


def stable(record: Record) -> tuple:
    """What two runs of the same case must agree in."""
    return (
        record.case,
        record.backend,
        record.verdict,
        tuple(record.checks),
        record.expected,
        record.actual,
        record.margin,
    )


def alike(one: RunFile, other: RunFile) -> bool:
    return (
        sorted(map(repr, map(stable, one.records))) == sorted(map(repr, map(stable, other.records)))
        and set(one.counterparts) == set(other.counterparts)
        and set(map(repr, one.comparisons)) == set(map(repr, other.comparisons))
        and len(one.records) == len({(record.backend, record.case) for record in one.records})
    )


# Exit codes


def test_a_run_in_which_all_conforms_ends_with_0(tmp_path: Path, played) -> None:
    heard = Heard()
    assert run(options(tmp_path), asked("numpy"), heard) == 0
    loaded = load(tmp_path)
    (name,) = heard.begun
    assert heard.begun == heard.advanced == {name: 40}
    assert heard.finished == [name]
    assert len(loaded.records) == 40
    assert {record.verdict for record in loaded.records} == {"conforms", "unavailable"}
    assert loaded.end is not None
    assert (loaded.end.records, loaded.end.executions, loaded.end.exit_code) == (40, 40, 0)
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
    assert loaded.comparisons
    assert all(item.agrees for item in loaded.comparisons)


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
    records = [record for record in load(tmp_path).records if record.expected.what == "value" and record.actual.array]
    assert records
    assert {record.verdict for record in records} == {"unstable"}


def test_a_backend_that_dies_loses_only_the_cases_that_kill_it(tmp_path: Path, played) -> None:
    played["torch"] = "tests.cases.players:Dies"
    assert run(options(tmp_path, max_cases=25), asked("torch"), Heard()) == 1
    records = load(tmp_path).records
    assert len(records) == 25
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
    assert run(options(tmp_path, TORCH), asked("torch"), Heard()) == 4
    loaded = load(tmp_path)
    verdicts = [record.verdict for record in loaded.records]
    assert verdicts.count("unstable") == 1  # the tenth, which could not be run again
    assert verdicts.count("unavailable") == len(verdicts) - 10
    assert len({record.case for record in loaded.records}) == 40


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
    assert run(options(tmp_path), [Asked(MISSING, named=True), *asked("numpy")], Heard()) == 4
    loaded = load(tmp_path)
    assert len(loaded.records) == 40
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
    code = run(options(tmp_path, MINDSPORE, max_cases=None), asked("mindspore", "torch"), Heard())
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
    assert run(options(tmp_path / "cut", max_cases=None, budget=3), asked("torch"), Heard()) == 0
    assert time.monotonic() - began < 12
    first = load(tmp_path / "cut")
    assert 0 < len(first.records) < 500
    played["torch"] = "conformance.adapters.numpy:Adapter"
    assert run(options(tmp_path / "cut", max_cases=None, resume=True), asked("torch"), Heard()) == 0
    assert run(options(tmp_path / "whole", max_cases=None), asked("torch"), Heard()) == 0
    resumed = load(tmp_path / "cut")
    assert alike(resumed, load(tmp_path / "whole"))
    assert resumed.records[: len(first.records)] == first.records
    assert resumed.end is not None
    assert resumed.end.executions == len(resumed.records) - len(first.records)


# Interrupts and resuming


def test_a_run_that_is_complete_has_nothing_left_to_resume(tmp_path: Path, played) -> None:
    run(options(tmp_path, TORCH, MINDSPORE), asked("torch", "mindspore"), Heard())
    before = load(tmp_path)
    heard = Heard()
    assert run(options(tmp_path, TORCH, MINDSPORE, resume=True), asked("torch", "mindspore"), heard) == 0
    assert set(heard.begun.values()) == {0}
    assert alike(load(tmp_path), before)


def test_a_run_cut_anywhere_is_resumed_to_the_same_records(tmp_path: Path, played) -> None:
    played["torch"] = "conformance.adapters.canary:Adapter"
    run(options(tmp_path / "whole", TORCH, MINDSPORE, max_cases=15), asked("torch", "mindspore"), Heard())
    whole = load(tmp_path / "whole")
    data = whole.path.read_bytes()
    first = data.index(b"\n") + 1
    for share in (0.0, 0.3, 0.6, 0.95):
        cut = tmp_path / f"cut {share}"
        cut.mkdir()
        (cut / "run.jsonl").write_bytes(data[: first + int(share * (len(data) - first))])
        code = run(options(cut, TORCH, MINDSPORE, max_cases=15, resume=True), asked("torch", "mindspore"), Heard())
        assert code == 1
        assert alike(load(cut), whole), share


def test_another_run_is_not_resumed(tmp_path: Path, played) -> None:
    run(options(tmp_path), asked("numpy"), Heard())
    before = (tmp_path / "run.jsonl").read_bytes()
    with pytest.raises(UsageError, match="it was made with seed 0"):
        run(options(tmp_path, seed=1, resume=True), asked("numpy"), Heard())
    assert (tmp_path / "run.jsonl").read_bytes() == before


def test_a_stop_from_outside_ends_every_lane_with_a_valid_file(tmp_path: Path, played) -> None:
    played["torch"] = "tests.cases.players:Slow"
    stop = threading.Event()

    class Stops(Heard):
        def advance(self, backend: str, unexpected: bool) -> None:
            super().advance(backend, unexpected)
            stop.set()

    run(options(tmp_path, max_cases=None), asked("torch"), Stops(), stop=stop)
    loaded = load(tmp_path)
    assert 1 <= len(loaded.records) < 100
    assert loaded.end is not None
    assert loaded.end.records == len(loaded.records)


def children(pid: int) -> set[int]:
    """Every living descendant of a process, through whatever sessions."""
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text().rpartition(") ")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            parents[int(path.parent.name)] = int(parent)
    found: set[int] = set()
    while more := {child for child, parent in parents.items() if parent in found | {pid}} - found:
        found |= more
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()[0] != "Z"
    except OSError:
        return False


def test_ctrl_c_ends_a_run_in_order_and_resume_completes_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "conformance", "run", "torch.nn.*", "-b", "numpy"]
    cut, whole = tmp_path / "cut", tmp_path / "whole"
    process = subprocess.Popen(
        [*command, "-o", str(cut)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + 60
        while not (cut / "run.jsonl").exists() or (cut / "run.jsonl").read_bytes().count(b'{"type":"record"') < 20:
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.01)
        workers = children(process.pid)
        assert workers
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130, err
    assert "Traceback" not in err
    first = load(cut)
    assert first.end is not None
    assert (first.end.interrupted, first.end.exit_code) == (True, 130)
    assert 20 <= len(first.records) == first.end.records < 1500
    deadline = time.monotonic() + 5
    while any(map(alive, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [pid for pid in workers if alive(pid)]
    for more in (["-o", str(cut), "--resume"], ["-o", str(whole)]):
        done = subprocess.run([*command, *more], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
    assert alike(load(cut), load(whole))
    assert (cut / "report.html").stat().st_size > 10_000
