"""One worker process as the driver sees it: start, send, receive, diagnose a death, kill.

The process is the leader of a session of its own, so that Ctrl-C in the terminal passes it by and everything it
started can be killed with it. It starts in an empty folder, isolated (`-I`), its stderr in a file without a name. All
processes are started by one thread that lives as long as the driver: the kernel kills a worker when the *thread* that
started it ends. execnet brings the conversation into being; a thread per worker does all the sending, because a worker
that hangs in native code reads nothing, and the lane that waits for it must not hang too.
"""

import atexit
import fcntl
import os
import queue
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from weakref import WeakSet

from conformance.errors import UsageError
from conformance.messages import Garbled, bundle, decode, encode
from conformance.sources import Source, archive
from conformance.transport import Transport, converse
from conformance.zygote import GRACE, TAIL, ended, members

_SLICE = 0.1  # seconds between looks at the stop event and at the process itself
FORKING_GRACE = 10.0  # seconds that a worker which forks gets to say that its child was silent
_MOST_STDERR = 1 << 24  # bytes, after which the file is emptied: a framework may warn at every call
_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)
_STARTER = ThreadPoolExecutor(1, thread_name_prefix="worker-starter")


@dataclass(frozen=True, slots=True)
class WorkerPlan:
    """How to start a worker. `variables` are added to the environment: loader paths must be there before the start.

    With `forking` it is a zygote: each case runs in a child of its own, whose death is an answer. On an accelerator
    that is a UsageError.
    """

    python: Path
    adapter: str
    device: str = "cpu"
    variables: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    memory_limit: int | None = None
    start_limit: float = 120.0
    forking: bool = False

    def __post_init__(self) -> None:
        if self.forking and not can_fork(self.device):
            raise UsageError(
                f"A worker on {self.device} cannot be forked: a child loses the connection to the device.",
                "Run the cases there in ordinary workers, without forking.",
            )

    @property
    def grace(self) -> float:
        """The seconds that a worker may be silent beyond the limit of a case."""
        return FORKING_GRACE if self.forking else 0.0


def can_fork(device: str) -> bool:
    """Whether workers on this device can be forked."""
    return device.partition(":")[0] == "cpu"


class WorkerFailed(Exception):
    """A worker could not be started; `stderr` is the end of what it said."""

    def __init__(self, reason: str, stderr: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.stderr = stderr


class Stopped(Exception):
    """The stop event was set while a worker was waited for."""


class Silent(Exception):
    """Nothing came until the given time."""


class Died(Exception):
    """The worker is gone; `how` as in `Crashed`."""

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how


class Worker:
    """A process that was launched; `ready` waits until it can be asked."""

    def __init__(self, plan: WorkerPlan, folder: Path) -> None:
        self.plan = plan
        self._inbox: queue.SimpleQueue[tuple[float, bytes | None]] = queue.SimpleQueue()
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._launched = time.monotonic()
        self._code: int | None = None
        self._lock = threading.Lock()
        self._stderr = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - it lives as long as this object
        fcntl.fcntl(self._stderr, fcntl.F_SETFL, os.O_APPEND)
        try:
            self._process = _STARTER.submit(self._spawn, folder).result()
        except OSError as error:
            self._stderr.close()
            raise WorkerFailed(f"{plan.python} cannot be started: {error}") from error
        self._transport = Transport(self._process)
        _LIVING.add(self)
        orders = {
            "parent": os.getpid(),
            "adapter": plan.adapter,
            "device": plan.device,
            "memory_limit": plan.memory_limit,
            "forking": plan.forking,
        }
        opening = (archive(plan.sources), encode(orders))
        arguments = (self._transport, opening, self._outbox, self._inbox)
        threading.Thread(target=converse, args=arguments, daemon=True, name="worker-sender").start()

    @property
    def pid(self) -> int:
        """The process, and the session that it leads."""
        return self._process.pid

    def ready(self, stop: threading.Event) -> dict[str, Any]:
        """Wait for the greeting and return the adapter's facts; WorkerFailed, and the process killed, without one."""
        try:
            _, message = self.receive(self._launched + self.plan.start_limit, stop)
            greeting = decode(message)
            facts: dict[str, Any] = greeting["ready"]
        except Silent:
            reason = f"it was not ready after {self.plan.start_limit:g} seconds"
        except Died as death:
            reason = f"it died while it started ({death.how})"
        except Garbled as error:
            reason = f"its greeting cannot be read: {error}"
        except KeyError:
            reason = greeting["failed"]
        else:
            return facts
        self.kill()
        raise WorkerFailed(f"{self.plan.adapter} in {self.plan.python}: {reason}", self.stderr())

    def send(self, requests: Sequence[bytes]) -> None:
        """Send encoded requests as one batch; never blocks."""
        if os.fstat(self._stderr.fileno()).st_size > _MOST_STDERR:
            os.ftruncate(self._stderr.fileno(), 0)
        self._outbox.put(bundle(requests))

    def receive(self, until: float, stop: threading.Event) -> tuple[float, bytes]:
        """Return the next message and the time at which it came; Silent, Died or Stopped if there is none."""
        while True:
            try:
                arrival, message = self._inbox.get(timeout=max(0.0, min(_SLICE, until - time.monotonic())))
            except queue.Empty:
                if stop.is_set():
                    raise Stopped from None
                if self.has_exited() and self._inbox.empty():  # a child that it left may hold the connection open
                    time.sleep(_SLICE)
                    if self._inbox.empty():
                        raise Died(self._diagnose()) from None
                elif time.monotonic() >= until and self._inbox.empty():
                    raise Silent from None
                continue
            if message is None:
                raise Died(self._diagnose())
            return arrival, message

    @property
    def is_over(self) -> bool:
        """Whether it was killed, or died and was diagnosed."""
        return self._code is not None

    def has_exited(self) -> bool:
        """Look whether the process has ended, without reaping it: its number still names its session."""
        if self._code is not None:
            return True
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def usable(self) -> bool:
        """Tell whether it can be asked: not after a death, nor after an unasked message."""
        return self._code is None and self._inbox.empty() and not self.has_exited()

    def stderr(self) -> str:
        """Return the end of what it said, as valid text."""
        try:
            size = os.fstat(self._stderr.fileno()).st_size
            tail = os.pread(self._stderr.fileno(), TAIL, max(0, size - TAIL))
        except (OSError, ValueError):
            return ""
        return tail.decode("utf-8", "replace")

    def close(self, grace: float = 0.5) -> None:
        """Let the worker leave by itself for a moment, then kill it and what it started."""
        if self._code is None:
            self._outbox.put(b"")
            end = time.monotonic() + grace
            while time.monotonic() < end and not self.has_exited():
                time.sleep(0.005)
        self.kill()
        self._stderr.close()

    def kill(self) -> int:
        """Kill the whole session, reap the process and return its exit status; any number of times."""
        with self._lock:
            if self._code is None:
                _kill_session(self.pid)
                try:
                    self._code = self._process.wait(timeout=5)
                except subprocess.TimeoutExpired:  # in the kernel's hands: it ends when the kernel lets it
                    self._code = -signal.SIGKILL
                self._outbox.put(None)
                _LIVING.discard(self)
        return self._code

    def _spawn(self, folder: Path) -> "subprocess.Popen[bytes]":
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "EXECNET_"))}
        return subprocess.Popen(
            [self.plan.python, "-I", "-u", "-c", Transport.FIRST_LINE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            bufsize=1 << 16,
            cwd=folder,
            env={**inherited, **_ONE_THREAD, **self.plan.variables},
            start_new_session=True,
        )

    def _diagnose(self) -> str:
        """Say how it died; what closes or scribbles over its connection and lives is killed here."""
        end = time.monotonic() + GRACE
        while not self._transport.garbled and not self.has_exited() and time.monotonic() < end:
            time.sleep(0.002)
        spoke_garbage = self._transport.garbled or not self.has_exited()
        code = self.kill()
        return "garbage" if spoke_garbage else ended(code)


_LIVING: WeakSet[Worker] = WeakSet()


def _kill_session(leader: int) -> None:
    """Kill the leader's process group, and what else still belongs to its session."""
    for _ in range(3):  # a process may fork while we look
        found = members(leader)
        for kill, target in [(os.killpg, leader), *((os.kill, member) for member in found - {leader})]:
            try:
                kill(target, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                continue
        if found <= {leader}:
            return


@atexit.register
def _kill_the_living() -> None:
    for worker in list(_LIVING):
        worker.kill()
