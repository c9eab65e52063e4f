"""A lane answers every request in its order, and a fault costs the case that caused it and no other."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conformance.outcome import CouldNotRun, Crashed, TimedOut
from conformance.pool import WorkerFailed
from tests.engine.lanes import echoed, lane, processes_of, request, the_one_fault, with_fault_at


def test_a_thousand_requests_are_answered_in_their_order() -> None:
    with lane("Echo") as echo:
        answered = list(echo.run(request(number) for number in range(1000)))
    assert [int(asked["id"], 16) for asked, _ in answered] == list(range(1000))
    assert all(echoed(*pair) for pair in answered)


def test_requests_are_pulled_a_window_ahead_and_no_further() -> None:
    pulled: list[int] = []

    def source() -> Iterator[dict[str, Any]]:
        for number in range(100):
            pulled.append(number)
            yield request(number)

    with lane("Echo", window=8) as echo:
        for done, _ in enumerate(echo.run(source())):
            assert len(pulled) <= done + 1 + 8
    assert done == 99


def test_a_lane_runs_again_on_the_same_worker_and_its_process_is_gone_after_closing() -> None:
    with lane("Echo") as echo:
        session = echo.start()["pid"]
        for number in range(3):
            assert [echoed(*pair) for pair in echo.run([request(number)])] == [True]
        assert processes_of(session) == {session}
    assert processes_of(session) == set()


def test_an_abandoned_run_leaves_nothing_for_the_next() -> None:
    with lane("Echo") as echo:
        for _ in echo.run(request(number) for number in range(100)):
            break
        answered = list(echo.run(request(number) for number in range(200, 220)))
    assert [int(asked["id"], 16) for asked, _ in answered] == list(range(200, 220))
    assert all(echoed(*pair) for pair in answered)


def test_a_taken_first_answer_keeps_the_worker_alive() -> None:
    with lane("Echo") as echo:
        session = echo.start()["pid"]
        assert echoed(*next(iter(echo.run([request(1)]))))
        assert processes_of(session) == {session}


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
def test_a_crash_costs_its_own_case_and_is_confirmed_alone(adapter: str, how: str) -> None:
    with lane(adapter) as faulty:
        outcome = the_one_fault(faulty, with_fault_at(100, 200), 100)
    assert isinstance(outcome, Crashed)
    assert (outcome.how, outcome.reproduced, outcome.sequence) == (how, "alone", ())


def test_a_crash_keeps_what_the_worker_said_last() -> None:
    with lane("Abort") as faulty:
        outcome = the_one_fault(faulty, with_fault_at(1, 3), 1)
    assert isinstance(outcome, Crashed)
    assert outcome.stderr.startswith("a check failed in native code\nFatal Python error: Aborted")
    assert "in fault" in outcome.stderr


def test_the_first_the_last_and_every_case_may_crash() -> None:
    with lane("Abort") as faulty:
        for faults in ({0}, {9}, {3, 4}, set(range(5))):
            requests = [request(at, "fault" if at in faults else "echo") for at in range(max(faults) + 1)]
            outcomes = [outcome for _, outcome in faulty.run(requests)]
            assert {at for at, outcome in enumerate(outcomes) if isinstance(outcome, Crashed)} == faults


@pytest.mark.parametrize("large", [False, True], ids=["small requests", "requests that fill the pipe"])
def test_a_hang_in_native_code_costs_its_own_case(large: bool) -> None:
    requests = with_fault_at(3, 80, filling=b"x" * 100_000 if large else b"")
    requests = [{**asked, "call": {**asked["call"], "keyword": requests[3]["call"]["keyword"]}} for asked in requests]
    with lane("HangsInNativeCode", limit=0.4) as faulty:
        began = time.monotonic()
        outcome = the_one_fault(faulty, requests, 3)
    assert outcome == TimedOut(0.4, reproduced="alone")
    assert time.monotonic() - began < 4


def test_a_request_may_bring_its_own_limit() -> None:
    requests = [request(0), {**request(1, "fault"), "seconds": 0.3}, request(2)]
    with lane("HangsInNativeCode", limit=1000.0) as faulty:
        assert the_one_fault(faulty, requests, 1) == TimedOut(0.3, reproduced="alone")


def test_the_time_that_the_consumer_takes_is_not_the_workers() -> None:
    with lane("Echo", limit=0.2) as echo:
        for number, pair in enumerate(echo.run(request(number) for number in range(40))):
            assert echoed(*pair)
            if number in (1, 35):
                time.sleep(0.5)


def test_memory_is_limited_where_the_plan_says_so() -> None:
    with lane("Hog", memory_limit=1 << 30) as faulty:
        outcome = the_one_fault(faulty, with_fault_at(5, 10), 5)
    assert isinstance(outcome, CouldNotRun)
    assert outcome.reason.startswith("MemoryError")


@pytest.mark.parametrize("adapter", ["Chatters", "ClosesStdout"])
def test_what_is_printed_never_harms_the_conversation(adapter: str) -> None:
    with lane(adapter) as chatty:
        assert all(echoed(*pair) for pair in chatty.run(with_fault_at(5, 10)))


def test_an_exception_that_leaves_the_adapter_is_reported_with_its_traceback() -> None:
    with lane("LeavesPython") as faulty:
        session = faulty.start()["pid"]
        outcome = the_one_fault(faulty, with_fault_at(5, 10), 5)
        assert processes_of(session) == {session}
    assert isinstance(outcome, CouldNotRun)
    assert outcome.reason.startswith("SystemExit: the framework gave up\n")
    assert 'raise SystemExit("the framework gave up")' in outcome.reason


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("huge", "RuntimeError: yyyy"),
        ("undecodable", "RuntimeError: before \\udcff\\ud800 after"),
        ("unshowable", "Unshowable: (its message cannot be shown)"),
        ("generator-exit", "GeneratorExit: "),
    ],
)
def test_strange_exceptions_become_short_and_valid_text(what: str, expected: str) -> None:
    with lane("RaisesStrangely") as faulty:
        outcome = the_one_fault(faulty, with_fault_at(1, 3, what=what), 1)
    assert isinstance(outcome, CouldNotRun)
    assert outcome.reason.startswith(expected)
    assert len(outcome.reason.encode()) < 5000


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("none", "the adapter answered with None"),
        ("not builtin", "PosixPath cannot travel"),
        ("unknown status", "status 'excellent'"),
        ("no outputs", "'outputs'"),
    ],
)
def test_an_answer_that_is_none_is_the_adapters_defect(what: str, expected: str) -> None:
    with lane("AnswersStrangely") as faulty:
        outcome = the_one_fault(faulty, with_fault_at(1, 3, what=what), 1)
    assert isinstance(outcome, CouldNotRun)
    assert expected in outcome.reason


def test_two_processes_that_answer_as_one_worker_are_garbage() -> None:
    with lane("AnswersTwice", window=8) as faulty:
        answered = list(faulty.run(with_fault_at(2, 60)))
    wrong = [outcome for asked, outcome in answered if not echoed(asked, outcome)]
    assert [type(outcome) for outcome in wrong] == [Crashed]
    assert isinstance(wrong[0], Crashed)
    assert wrong[0].how == "garbage"


def test_a_worker_that_died_when_nothing_was_asked_is_replaced_without_blame() -> None:
    with lane("DiesWhenIdle") as faulty:
        assert [echoed(*pair) for pair in faulty.run([request(0, "fault")])] == [True]
        time.sleep(0.3)
        assert [echoed(*pair) for pair in faulty.run([request(1)])] == [True]


@pytest.mark.parametrize("value", [-(2**80), float("-inf"), "\udcff", (1, [2]), b"\0", None])
def test_any_builtin_value_reaches_the_worker(value: Any) -> None:
    with lane("Echo") as echo:
        assert [echoed(*pair) for pair in echo.run([request(0, value=value)])] == [True]


def test_a_request_that_cannot_be_sent_costs_itself_only() -> None:
    with lane("Echo") as echo:
        outcome = the_one_fault(echo, with_fault_at(1, 3, value=Path("/")), 1)
    assert isinstance(outcome, CouldNotRun)
    assert "PosixPath cannot travel" in outcome.reason


def test_a_backend_that_is_lost_on_the_way_leaves_the_rest_not_run(tmp_path: Path) -> None:
    with lane("StartsOnce", device=str(tmp_path / "device")) as faulty:
        outcomes = [outcome for _, outcome in faulty.run(with_fault_at(2, 100))]
    assert [type(outcome) for outcome in outcomes[2:]] == [Crashed] + 97 * [CouldNotRun]
    assert isinstance(outcomes[2], Crashed)
    assert outcomes[2].reproduced == "untried"
    assert "ImportError: the device is gone" in str(outcomes[99])


def test_a_lane_that_broke_can_be_started_again(tmp_path: Path) -> None:
    device = tmp_path / "device"
    device.touch()
    with lane("StartsOnce", device=str(device)) as faulty:
        assert [type(outcome) for _, outcome in faulty.run([request(0)])] == [CouldNotRun]
        device.unlink()
        with pytest.raises(StopIteration):
            next(faulty.run([]))
        faulty.start()
        assert [echoed(*pair) for pair in faulty.run([request(0)])] == [True]


def test_a_source_that_fails_takes_its_exception_to_the_consumer() -> None:
    def source() -> Any:
        yield request(0)
        raise LookupError("no more cases")

    with lane("Echo", window=1) as echo:
        answers = echo.run(source())
        assert echoed(*next(answers))
        with pytest.raises(LookupError, match="no more cases"):
            next(answers)
        assert [echoed(*pair) for pair in echo.run([request(7)])] == [True]


@pytest.mark.parametrize(
    ("adapter", "expected"),
    [
        ("CannotStart", "ImportError: libdevice_npu.so.1: cannot open shared object file"),
        ("DiesAtStart", "died while it started (SIGILL)"),
        ("HangsAtStart", "not ready after 0.5 seconds"),
        ("NoSuchAdapter", "AttributeError: module 'tests.engine.miniature' has no attribute 'NoSuchAdapter'"),
    ],
)
def test_a_worker_that_cannot_start_says_why(adapter: str, expected: str) -> None:
    with lane(adapter, device="npu", start_limit=0.5) as faulty, pytest.raises(WorkerFailed) as caught:
        faulty.start()
    assert expected in caught.value.reason
    assert ("no such instruction" in caught.value.stderr) == (adapter == "DiesAtStart")


@pytest.mark.parametrize("python", ["/nonexistent/python", "/", "/bin/true", "/bin/echo"])
def test_what_is_no_python_cannot_start(python: str) -> None:
    with lane("Echo", python=Path(python)) as faulty, pytest.raises(WorkerFailed, match=r"cannot be started|it died"):
        faulty.start()
