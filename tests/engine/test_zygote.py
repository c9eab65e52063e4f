"""In a worker that forks, a crash or a hang costs its own case, and the worker lives on."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conformance.errors import UsageError
from conformance.outcome import CouldNotRun, Crashed, Outcome, Returned, TimedOut
from conformance.pool import Lane, WorkerFailed
from conformance.zygote import ended
from tests.engine import lanes
from tests.engine.lanes import ROOT, echoed, plan, processes_of, request, the_one_fault, with_fault_at

DRIVER = """
import sys
from tests.engine.lanes import lane, request
with lane("HangsInNativeCode", limit=1000.0, forking=True) as hanging:
    hanging.start()
    print(hanging._worker.pid, flush=True)
    list(hanging.run([request(0, "fault")]))
"""


def lane(adapter: str, **others: Any) -> Lane:
    return lanes.lane(adapter, forking=True, **others)


def own(adapter: str, *, limit: float = 20.0, **others: Any) -> Lane:
    """A lane of an adapter of `forked.py`."""
    made = replace(plan("Echo", forking=True, **others), adapter=f"tests.engine.forked:{adapter}")
    return Lane(made, limit=limit)


def reasons(lane: Lane, count: int) -> list[list[int]]:
    """What `Tells` says: process, parent, requests seen."""
    told = [outcome for _, outcome in lane.run(request(number) for number in range(count))]
    return [[int(word) for word in outcome.reason.split()] for outcome in told]  # type: ignore[union-attr]


def wait_until(processes: set[int], session: int) -> bool:
    end = time.monotonic() + 5
    while processes_of(session) != processes and time.monotonic() < end:
        time.sleep(0.01)
    return processes_of(session) == processes


def worker_of(lane: Lane) -> int:
    assert lane._worker is not None
    return lane._worker.pid


def test_requests_are_answered_in_their_order() -> None:
    with lane("Echo") as echo:
        answered = list(echo.run(request(number) for number in range(200)))
    assert [int(asked["id"], 16) for asked, _ in answered] == list(range(200))
    assert all(echoed(*pair) for pair in answered)


def test_each_request_has_a_process_of_its_own_in_which_nothing_was_asked_before() -> None:
    with own("Tells") as telling:
        telling.start()
        told = reasons(telling, 20)
        zygote = worker_of(telling)
    assert len({process for process, _, _ in told}) == 20
    assert {(parent, seen) for _, parent, seen in told} == {(zygote, 1)}


def test_the_facts_are_asked_in_a_child_so_that_the_zygote_calls_nothing() -> None:
    with own("CallsWhenAsked", limit=3.0) as calling:
        assert calling.start()["pid"] != worker_of(calling)
        assert [echoed(*pair) for pair in calling.run([request(0)])] == [True]


@pytest.mark.parametrize(
    ("adapter", "how"),
    [
        ("Segfault", "SIGSEGV"),
        ("Abort", "SIGABRT"),
        ("KillsItself", "SIGKILL"),
        ("LeavesSilently", "exit code 0"),
        ("WritesGarbage", "garbage"),
        ("ClosesItsConnection", "exit code 74"),
        ("StaysSilentWithAChild", "SIGABRT"),
    ],
)
def test_a_crash_costs_its_own_case_and_not_the_worker(adapter: str, how: str) -> None:
    with lane(adapter) as faulty:
        faulty.start()
        before = worker_of(faulty)
        outcome = the_one_fault(faulty, with_fault_at(20, 40), 20)
        assert worker_of(faulty) == before
        assert wait_until({before}, before)
    assert isinstance(outcome, Crashed)
    assert (outcome.how, outcome.reproduced, outcome.sequence) == (how, "untried", ())


def test_a_crash_brings_what_its_own_child_said_and_nothing_that_was_said_before() -> None:
    with own("SpeaksThenDies") as faulty:
        outcome = the_one_fault(faulty, with_fault_at(5, 8), 5)
    assert isinstance(outcome, Crashed)
    assert outcome.stderr.startswith("request 5\na check failed in native code\nFatal Python error: Aborted")
    assert "in fault" in outcome.stderr


def test_a_hang_in_native_code_costs_its_own_limit_and_no_more() -> None:
    with lane("HangsInNativeCode", limit=0.3) as faulty:
        faulty.start()
        before = worker_of(faulty)
        began = time.monotonic()
        outcome = the_one_fault(faulty, with_fault_at(3, 20), 3)
        assert time.monotonic() - began < 3
        assert worker_of(faulty) == before
    assert outcome == TimedOut(0.3)


def test_a_request_may_bring_its_own_limit() -> None:
    requests = [request(0), {**request(1, "fault"), "seconds": 0.2}, request(2)]
    with lane("HangsInNativeCode", limit=1000.0) as faulty:
        assert the_one_fault(faulty, requests, 1) == TimedOut(0.2)


def test_what_a_child_that_hangs_has_started_is_killed_with_it() -> None:
    with lane("StartsAChild", limit=0.5) as faulty:
        faulty.start()
        assert the_one_fault(faulty, with_fault_at(1, 3), 1) == TimedOut(0.5)
        assert wait_until({worker_of(faulty)}, worker_of(faulty))


def test_what_a_case_spoils_ends_with_its_child() -> None:
    spoiling = [request(0, "corrupt"), request(1, "fault"), request(2)]
    with lane("DiesAfterCorruption") as faulty:
        assert [echoed(*pair) for pair in faulty.run(spoiling)] == [True, True, True]


@pytest.mark.parametrize("adapter", ["Chatters", "ClosesStdout"])
def test_what_is_printed_never_harms_the_conversation(adapter: str) -> None:
    with lane(adapter) as chatty:
        assert all(echoed(*pair) for pair in chatty.run(with_fault_at(5, 10)))


def test_an_exception_that_leaves_the_adapter_is_no_crash() -> None:
    with lane("LeavesPython") as faulty:
        outcome = the_one_fault(faulty, with_fault_at(1, 3), 1)
    assert isinstance(outcome, CouldNotRun)
    assert outcome.reason.startswith("SystemExit: the framework gave up\n")


def test_memory_is_limited_in_the_children_too() -> None:
    with lane("Hog", memory_limit=1 << 30) as faulty:
        outcome = the_one_fault(faulty, with_fault_at(1, 3), 1)
    assert isinstance(outcome, CouldNotRun)
    assert outcome.reason.startswith("MemoryError")


def test_an_answer_larger_than_any_pipe_arrives_whole() -> None:
    with own("Large") as large:
        outcomes: list[Outcome] = [outcome for _, outcome in large.run([request(0), request(1)])]
    assert [item.outputs["output"].size for item in outcomes if isinstance(item, Returned)] == [1 << 23] * 2


def test_a_zygote_that_is_killed_is_replaced_and_the_case_that_did_it_is_blamed() -> None:
    with own("KillsItsParent") as faulty:
        faulty.start()
        before = worker_of(faulty)
        outcome = the_one_fault(faulty, with_fault_at(2, 6), 2)
        assert worker_of(faulty) != before
        assert wait_until(set(), before)
    assert isinstance(outcome, Crashed)
    assert outcome.how == "SIGKILL"


@pytest.mark.parametrize("device", ["cuda", "cuda:1", "ascend"])
def test_a_worker_on_an_accelerator_does_not_fork(device: str) -> None:
    with pytest.raises(UsageError, match=f"on {device} cannot be forked"):
        plan("Echo", device=device, forking=True)
    assert plan("Echo", device=device).device == device


@pytest.mark.parametrize(
    ("adapter", "expected"),
    [
        ("CannotBeForked", r"it cannot be forked: a child that was asked for the facts died (SIGABRT)"),
        ("CannotDescribe", "RuntimeError: the table of devices is empty"),
    ],
)
def test_a_worker_that_cannot_fork_says_so_at_its_start(adapter: str, expected: str) -> None:
    with own(adapter) as faulty, pytest.raises(WorkerFailed) as caught:
        faulty.start()
    assert expected in caught.value.reason


def test_the_stop_event_ends_a_run_at_once_and_leaves_no_process() -> None:
    stop = threading.Event()
    with lane("StartsAChild", limit=1000.0, stop=stop) as hanging:
        hanging.start()
        session = worker_of(hanging)
        threading.Timer(0.5, stop.set).start()
        began = time.monotonic()
        assert [echoed(*pair) for pair in hanging.run([request(0), request(1, "fault"), request(2)])] == [True]
        assert time.monotonic() - began < 2
        assert processes_of(session) == set()


def test_no_child_outlives_a_driver_that_is_killed(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    driver = subprocess.Popen([sys.executable, "-c", DRIVER], stdout=subprocess.PIPE, text=True, env=environment)
    assert driver.stdout is not None
    with driver.stdout:
        session = int(driver.stdout.readline())
        end = time.monotonic() + 5
        while len(processes_of(session)) < 2 and time.monotonic() < end:
            time.sleep(0.01)
        assert len(processes_of(session)) == 2
        driver.kill()
        driver.wait()
    assert wait_until(set(), session)


def test_hundreds_of_crashes_leave_no_file_and_no_process_behind() -> None:
    with lane("Abort") as faulty:
        faulty.start()
        zygote = worker_of(faulty)

        def held() -> int:
            return len(list(Path(f"/proc/{zygote}/fd").iterdir()))

        list(faulty.run([request(0)]))
        before = held()
        outcomes = [outcome for _, outcome in faulty.run(request(at, "fault") for at in range(300))]
        assert {type(outcome) for outcome in outcomes} == {Crashed}
        assert worker_of(faulty) == zygote
        assert held() == before
        assert wait_until({zygote}, zygote)


def test_an_end_is_told_in_the_words_of_a_crash() -> None:
    codes = (0, 74, -signal.SIGSEGV, -60)
    assert [ended(code) for code in codes] == ["exit code 0", "exit code 74", "SIGSEGV", "signal 60"]
