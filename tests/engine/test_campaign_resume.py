"""Runs that end early and go on later: nothing is lost, nothing runs twice, and no line stands in the file twice."""

import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from conformance.campaign import run
from conformance.errors import UsageError
from conformance.lanes import ROOT
from reports.reading import load, read_lines, to_line
from reports.record import UNEXPECTED, Drift, End, Property, Record, Run
from tests.cases.planned import plan
from tests.engine.played import MINDSPORE, TORCH, Heard, alike, asked, options, task


def test_a_run_that_is_complete_has_nothing_left_to_resume(tmp_path: Path, played) -> None:
    run(options(tmp_path, TORCH, MINDSPORE), asked("torch", "mindspore"), Heard())
    before = load(tmp_path)
    heard = Heard()
    assert run(options(tmp_path, TORCH, MINDSPORE, resume=True), asked("torch", "mindspore"), heard) == 0
    assert set(heard.begun.values()) == {0}
    assert alike(load(tmp_path), before)


def test_a_run_cut_anywhere_is_resumed_to_the_same_records(tmp_path: Path, played) -> None:
    played["torch"] = "conformance.adapters.canary:Adapter"
    run(options(tmp_path / "whole", TORCH, MINDSPORE, max_cases=10), asked("torch", "mindspore"), Heard())
    whole = load(tmp_path / "whole")
    data = whole.path.read_bytes()
    first = data.index(b"\n") + 1
    for share in (0.0, 0.4, 0.95):
        cut = tmp_path / f"cut {share}"
        cut.mkdir()
        (cut / "run.jsonl").write_bytes(data[: first + int(share * (len(data) - first))])
        code = run(options(cut, TORCH, MINDSPORE, max_cases=10, resume=True), asked("torch", "mindspore"), Heard())
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
    command = [
        sys.executable,
        "-m",
        "conformance",
        "run",
        "torch.nn.ConvTranspose1d",
        "-b",
        "numpy",
        "--max-cases",
        "500",
    ]
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
    assert 20 <= len(first.records) == first.end.records < 450
    deadline = time.monotonic() + 5
    while any(map(alive, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [pid for pid in workers if alive(pid)]
    for more in (["-o", str(cut), "--resume"], ["-o", str(whole)]):
        done = subprocess.run([*command, *more], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
    assert alike(load(cut), load(whole))
    assert (cut / "report.html").stat().st_size > 10_000


# Modes

SLOW = tuple(sorted(plan(TORCH).slow))
# The inspection, which may drift, and some cases from which properties are read.
WITNESSES = tuple(
    case.id for case in plan(TORCH).cases if case.action == "inspect" or (case.data == "accumulate" and not case.device)
)


def test_a_backend_runs_the_slow_cases_in_each_of_its_modes_and_all_others_in_the_first(tmp_path: Path, played) -> None:
    played["torch"] = "tests.cases.players:TwoModes"
    heard = Heard()
    assert run(options(tmp_path, max_cases=None), asked("torch"), heard) == 0
    loaded = load(tmp_path)
    assert loaded.run.backends[0].modes == ["eager", "compiled"]
    by_mode = {mode: [item.case for item in loaded.records if item.mode == mode] for mode in ("eager", "compiled")}
    assert sorted(by_mode["compiled"]) == list(SLOW)
    assert set(SLOW) < set(by_mode["eager"])
    assert heard.begun == heard.advanced == {loaded.run.backends[0].name: len(loaded.records)}
    assert len(loaded.records) == len(set(map(task, loaded.records)))
    agreed = [item for item in loaded.comparisons if item.claim == f"{TORCH}/modes-agree"]
    assert {(item.left_mode, item.right_mode) for item in agreed} == {("eager", "compiled")}
    assert {item.left for item in agreed} <= set(SLOW)
    assert agreed
    assert all(item.agrees for item in agreed)


def test_a_mode_that_is_wrong_differs_and_contradicts_that_modes_agree(tmp_path: Path, played) -> None:
    played["torch"] = "tests.cases.players:ModesDiffer"
    assert run(options(tmp_path, max_cases=None, only=SLOW), asked("torch"), Heard()) == 1
    loaded = load(tmp_path)
    wrong = [record for record in loaded.records if record.verdict in UNEXPECTED]
    assert wrong
    assert {record.mode for record in wrong} == {"compiled"}
    contradicted = [item for item in loaded.comparisons if item.contradicts]
    assert {item.claim for item in contradicted} == {f"{TORCH}/modes-agree"}


def test_a_mode_that_is_not_to_be_had_here_is_unavailable_and_no_failure(tmp_path: Path, played) -> None:
    played["torch"] = "tests.cases.players:RefusesWhenCompiled"
    assert run(options(tmp_path, max_cases=None, only=SLOW), asked("torch"), Heard()) == 0
    loaded = load(tmp_path)
    assert {record.verdict for record in loaded.records if record.mode == "compiled"} == {"unavailable"}
    assert not [item for item in loaded.comparisons if item.claim.endswith("/modes-agree")]


def lines(path: Path) -> Counter[bytes]:
    """Every whole line of a run file but the records and the end, which hold times."""
    told = [to_line(line) for line in read_lines(path) if not isinstance(line, Run | Record | End)]
    return Counter(told)


def test_a_run_in_several_modes_is_resumed_anywhere_and_nothing_runs_or_stands_twice(tmp_path: Path, played) -> None:
    played["torch"] = "tests.cases.players:ModesDiffer"
    about = {"max_cases": None, "only": (*SLOW, *WITNESSES)}
    run(options(tmp_path / "whole", **about), asked("torch"), Heard())
    whole = load(tmp_path / "whole")
    assert whole.drifts
    assert whole.comparisons
    data = whole.path.read_bytes()
    starts = [0, *(at + 1 for at, byte in enumerate(data) if byte == 10)]
    assert whole.properties
    kinds = [b'"type":"drift"', b'"mode":"compiled"', b'"type":"comparison"', b'"type":"property"', b'"type":"end"']
    cuts = set()
    for number, kind in enumerate(kinds):  # in the middle of the first line of each kind, before it, and behind it
        at = next(index for index, start in enumerate(starts) if kind in data[start : starts[index + 1]])
        cuts.add((starts[at] + 9, starts[at], starts[at + 1])[number % 3])
    for cut in sorted(cuts):
        folder = tmp_path / f"cut {cut}"
        folder.mkdir()
        (folder / "run.jsonl").write_bytes(data[:cut])
        had = set(map(task, load(folder).records))
        heard = Heard()
        assert run(options(folder, **about, resume=True), asked("torch"), heard) == 1
        resumed = load(folder)
        assert alike(resumed, whole), cut
        assert sum(heard.begun.values()) == len(whole.records) - len(had)
        assert resumed.end is not None
        assert resumed.end.executions == len(whole.records) - len(had)
        doubled = {line for line, count in lines(resumed.path).items() if count > 1}
        assert not doubled or b'"type":"drift"' in data[:cut], cut
        assert set(lines(resumed.path)) == set(lines(whole.path)), cut


# What stands beside the records


def test_what_is_documented_otherwise_is_written_once_before_the_record_of_the_inspection(
    tmp_path: Path, played
) -> None:
    """The reference plays torch: its own words are not those of the framework."""
    assert run(options(tmp_path, max_cases=3), asked("torch"), Heard()) == 0
    loaded = load(tmp_path)
    (name,) = [line.name for line in loaded.run.backends]
    assert {(item.api, item.backend) for item in loaded.drifts} == {(TORCH, name)}
    assert len(loaded.drifts) == len(set(loaded.drifts))
    found = list(read_lines(loaded.path))
    inspected = next(
        at for at, line in enumerate(found) if isinstance(line, Record) and line.actual.what == "described"
    )
    assert {at for at, line in enumerate(found) if isinstance(line, Drift)} == set(
        range(inspected - len(loaded.drifts), inspected)
    )
    assert run(options(tmp_path, max_cases=3, resume=True), asked("torch"), Heard()) == 0
    assert [line for line in read_lines(loaded.path) if isinstance(line, Drift)] == list(loaded.drifts)


def test_the_reference_documents_no_framework(tmp_path: Path, played) -> None:
    assert run(options(tmp_path, max_cases=3), asked("numpy"), Heard()) == 0
    assert load(tmp_path).drifts == ()


def test_what_was_measured_is_told_anew_from_all_records_of_a_resumed_run(tmp_path: Path, played) -> None:
    about = {"max_cases": 200}
    run(options(tmp_path, **about), asked("numpy"), Heard())
    whole = load(tmp_path)
    assert {"accumulation", "margin"} <= {item.name for item in whole.properties}
    kept = whole.path.read_bytes().splitlines(keepends=True)
    records = [at for at, line in enumerate(kept) if line.startswith(b'{"type":"record"')]
    # Half of the records, then properties that only these bear out, as a run that was interrupted leaves them.
    half = kept[: records[len(records) // 2]]
    wrong = to_line(msgspec.structs.replace(whole.properties[0], value="something else"))
    whole.path.write_bytes(b"".join([*half, wrong]))
    assert run(options(tmp_path, **about, resume=True), asked("numpy"), Heard()) == 0
    again = load(tmp_path)
    assert alike(again, whole)
    written = [line for line in read_lines(again.path) if isinstance(line, Property)]
    assert written == list(whole.properties)


def test_what_is_compared_or_measured_afterwards_keeps_its_arrays(tmp_path: Path, played) -> None:
    played["torch"] = "tests.cases.players:ModesDiffer"
    run(options(tmp_path, max_cases=None), asked("torch"), Heard())
    seen = set()
    for record in load(tmp_path).records:
        array, kind = record.actual.array, record.arguments["data"]["kind"]
        if array is None or not all(array.shape):
            continue
        wanted = kind in ("accumulate", "special") or record.verdict == "differs"
        if wanted or record.verdict == "conforms":
            seen.add((wanted, kind, record.verdict))
            assert bool(array.data) is wanted, record.call
            assert all(bool(other.data) is wanted for other in record.actual.others.values() if all(other.shape))
    assert len(seen) >= 4
