"""No process outlives its use, and nothing of the driver reaches a worker."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from conformance.outcome import Crashed, TimedOut
from conformance.pool import WorkerFailed
from tests.engine.lanes import ROOT, echoed, lane, processes_of, request

DRIVER = """
import sys
from tests.engine.lanes import lane, request
with lane("HangsInNativeCode", limit=1000.0) as hanging:
    print(hanging.start()["pid"], flush=True)
    list(hanging.run([request(0, "fault")]))
"""


def wait_until_gone(session: int) -> bool:
    end = time.monotonic() + 5
    while processes_of(session) and time.monotonic() < end:
        time.sleep(0.01)
    return not processes_of(session)


def test_the_stop_event_ends_a_run_at_once_and_leaves_no_process() -> None:
    stop = threading.Event()
    with lane("StartsAChild", limit=1000.0, stop=stop) as hanging:
        session = hanging.start()["pid"]
        threading.Timer(0.5, stop.set).start()
        answered = []
        began = time.monotonic()
        for pair in hanging.run([request(0), request(1), request(2, "fault"), request(3)]):
            answered.append(pair)
            assert processes_of(session)
        assert time.monotonic() - began < 1.5
        assert [echoed(*pair) for pair in answered] == [True, True]
        assert processes_of(session) == set()


def test_the_stop_event_ends_a_start_at_once() -> None:
    stop = threading.Event()
    with lane("HangsAtStart", stop=stop) as hanging:
        threading.Timer(0.3, stop.set).start()
        began = time.monotonic()
        with pytest.raises(WorkerFailed, match="stopped"):
            hanging.start()
        assert time.monotonic() - began < 1.3


def test_the_stop_event_ends_a_confirmation_at_once() -> None:
    stop = threading.Event()
    with lane("HangsInNativeCode", limit=1.0, stop=stop) as hanging:
        hanging.start()
        threading.Timer(1.5, stop.set).start()
        began = time.monotonic()
        outcomes = [outcome for _, outcome in hanging.run([request(0, "fault"), request(1)])]
        assert time.monotonic() - began < 2.5
    assert [outcome.reproduced for outcome in outcomes] == ["untried"]  # type: ignore[union-attr]


def test_the_children_of_a_worker_that_hangs_are_killed_with_it() -> None:
    with lane("StartsAChild", limit=1.0, confirming=False) as hanging:
        session = hanging.start()["pid"]
        most = [0]

        def watch() -> None:
            while (now := len(processes_of(session))) > 0:
                most[0] = max(now, most[0])

        watcher = threading.Thread(target=watch)
        watcher.start()
        assert [type(outcome) for _, outcome in hanging.run([request(0, "fault")])] == [TimedOut]
        assert processes_of(session) == set()
        watcher.join()
        assert most == [2]


def test_a_worker_dies_with_a_driver_that_is_killed(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    driver = subprocess.Popen([sys.executable, "-c", DRIVER], stdout=subprocess.PIPE, text=True, env=environment)
    assert driver.stdout is not None
    with driver.stdout:
        session = int(driver.stdout.readline())
        time.sleep(0.2)
        assert processes_of(session) == {session}
        driver.kill()
        driver.wait()
    assert wait_until_gone(session)


def test_ctrl_c_in_the_terminal_ends_the_driver_and_no_worker_stays() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    driver = subprocess.Popen(
        [sys.executable, "-c", DRIVER],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        process_group=0,
    )
    assert driver.stdout is not None
    session = int(driver.stdout.readline())
    time.sleep(0.2)
    os.killpg(driver.pid, signal.SIGINT)
    _, errors = driver.communicate(timeout=10)
    assert errors.rstrip().endswith("KeyboardInterrupt")
    assert wait_until_gone(session)


def test_a_worker_outlives_the_thread_that_asked_for_it() -> None:
    with lane("Echo") as echo:
        starter = threading.Thread(target=echo.start)
        starter.start()
        starter.join()
        time.sleep(0.1)
        assert [echoed(*pair) for pair in echo.run([request(0)])] == [True]


def test_many_deaths_leave_no_file_thread_or_process_behind() -> None:
    def held() -> tuple[int, int]:
        return len(list(Path("/proc/self/fd").iterdir())), len(list(Path("/proc/self/task").iterdir()))

    with lane("Abort") as faulty:
        list(faulty.run([request(0)]))
        before = held()
        outcomes = [outcome for _, outcome in faulty.run([request(at, "fault") for at in range(12)])]
        assert [type(outcome) for outcome in outcomes] == 12 * [Crashed]
        list(faulty.run([request(0)]))
        end = time.monotonic() + 5
        while held() > before and time.monotonic() < end:  # threads end a moment after their worker
            time.sleep(0.01)
        assert held() <= before


def test_lanes_run_side_by_side_in_threads() -> None:
    right: list[int] = []

    def work(first: int) -> None:
        with lane("Abort") as mine:
            requests = [request(at, "fault" if at == first + 20 else "echo") for at in range(first, first + 100)]
            right.append(sum(echoed(*pair) for pair in mine.run(requests)))

    threads = [threading.Thread(target=work, args=(1000 * number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert right == [99, 99, 99, 99]


def test_nothing_of_the_driver_reaches_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/of/the/driver")
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    with lane("Echo", device="npu:3", variables={"LD_LIBRARY_PATH": "/of the/backend"}) as echo:
        facts = echo.start()
    assert facts["device"] == "npu:3"
    # Where the suite is installed editable, this interpreter has the checkout on its path by itself.
    alone = subprocess.run(
        [sys.executable, "-I", "-c", "import sys; print(*sys.path, sep='\\n')"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(ROOT) not in set(facts["path"]) - set(alone.stdout.splitlines())
    assert "/of/the/driver" not in facts["path"]
    assert "" not in facts["path"]
    assert "PYTHONPATH" not in facts["environment"]
    assert facts["environment"]["LD_LIBRARY_PATH"] == "/of the/backend"
    assert facts["environment"]["OMP_NUM_THREADS"] == "1"
    assert facts["session"] == facts["pid"] != os.getsid(0)
    assert facts["folder"] != str(Path.cwd())
    assert not Path(facts["folder"]).exists()


def test_a_python_whose_path_has_a_blank_is_started(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", "--symlinks", tmp_path / "an environment"], check=True
    )
    with lane("Echo", python=tmp_path / "an environment" / "bin" / "python") as echo:
        assert [echoed(*pair) for pair in echo.run([request(0)])] == [True]
