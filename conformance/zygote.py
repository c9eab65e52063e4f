"""A process that forks one child per piece of work, so that a crash or a hang costs milliseconds and not a new worker.

In goes a function that makes one message (see `messages.py`), with the seconds that it may take; out comes the message,
or how its child was lost. The zygote has imported its framework and calls nothing of it: what a call leaves behind
(threads, locks, memory that it spoiled) ends with the child. A framework on an accelerator cannot be forked: its
connection to the device does not survive that.

It runs in the backend's own interpreter: Python 3.10 and the standard library. The driver uses from here the words for
an end and the look at a session, so that they mean the same on both sides.
"""

import contextlib
import gc
import os
import select
import signal
import stat
import struct
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from conformance.messages import Garbled, decode

TAIL = 4096  # bytes of stderr kept with a crash
GRACE = 1.0  # seconds that a process may take to die after it closed its connection
_HEADER = struct.Struct("!4sQ")  # the mark, and how many bytes follow
_MARK = b"\xc0\xfe\x0fK"
_SLICE = 0.05  # seconds between looks at the child itself: one that it forked may hold the connection open
_CHUNK = 1 << 20
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Lost:
    """A child that made no message. `how`: a signal's name, `exit code 3`, `garbage`, or empty where it was silent."""

    how: str
    stderr: str


class Zygote:
    """Forks the children of this process; made before the framework is imported, asked after it."""

    def __init__(self) -> None:
        self._connection = [number for number in range(3, 256) if _is_pipe(number)]  # to the driver, and no child's
        self._leaving: list[int] = []
        # Only the thread that receives is left out of a child, and nothing that a child does needs it.
        warnings.filterwarnings("ignore", ".*fork", DeprecationWarning)

    def ready(self) -> None:
        """Keep the collector of garbage off what is there now, for a child would get a copy of all that it touches."""
        gc.collect()
        gc.freeze()

    def run(self, work: Callable[[], bytes], seconds: float) -> bytes | Lost:
        """Let a child do the work, and return its message; OSError where no child can be forked."""
        self._reap()
        said = os.fstat(2).st_size
        reading, writing = os.pipe()
        try:
            child = self._fork(work, reading, writing)
        except BaseException:
            os.close(reading)
            raise
        finally:
            os.close(writing)
        try:
            message = _receive(reading, child, time.monotonic() + seconds)
            decode(message)
        except TimeoutError:
            how = ""
        except Garbled:
            how = "garbage"
        except EOFError:
            how = _died(child)
        else:
            _kill(child)
            self._leaving.append(child)  # a large process takes a while to go, and the next need not wait for it
            return message
        finally:
            os.close(reading)
        _kill(child)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(child, 0)
        _kill_others()
        return Lost(how, _tail(said))

    def _fork(self, work: Callable[[], bytes], reading: int, writing: int) -> int:
        parent = os.getpid()
        child = os.fork()
        if child == 0:
            try:
                os.setpgid(0, 0)
                die_with(parent)
                self._separate(reading)
                _send(writing, work())
                os._exit(0)
            except OSError as error:
                print(f"the connection to the zygote is broken: {error}", file=sys.stderr)
                os._exit(os.EX_IOERR)
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(os.EX_SOFTWARE)
        with contextlib.suppress(OSError):  # both do it: whoever comes first, the group is there
            os.setpgid(child, child)
        return child

    def _separate(self, reading: int) -> None:
        """Nothing that the child writes may reach the driver but through the zygote."""
        nowhere = os.open(os.devnull, os.O_RDWR)
        for number in (*self._connection, reading):
            os.dup2(nowhere, number)
        os.close(nowhere)

    def _reap(self) -> None:
        self._leaving = [child for child in self._leaving if os.waitpid(child, os.WNOHANG) == (0, 0)]


def die_with(parent: int) -> None:
    """Ask the kernel to kill this process when its parent ends; leave if it has already."""
    with contextlib.suppress(AttributeError, ImportError, OSError):  # not Linux: the end of the connection must do
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the kernel was asked
        os._exit(1)


def ended(code: int) -> str:
    """How a process ended, in the words of a crash: by a signal where the code is negative."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def members(session: int) -> set[int]:
    """The living processes of a session, as far as this system shows them."""
    return {int(path.name) for path in Path("/proc").glob("[0-9]*") if _session(path) == session}


def _session(path: Path) -> int:
    try:
        state, _, _, session = (path / "stat").read_bytes().rpartition(b") ")[2].split()[:4]
    except (OSError, ValueError):
        return -1
    return int(session) if state != b"Z" else -1


def _is_pipe(number: int) -> bool:
    try:
        return stat.S_ISFIFO(os.fstat(number).st_mode)
    except OSError:
        return False


def _send(writing: int, message: bytes) -> None:
    rest = memoryview(_HEADER.pack(_MARK, len(message)) + message)
    while rest:
        rest = rest[os.write(writing, rest) :]


def _receive(reading: int, child: int, until: float) -> bytes:
    """Read one message. EOFError: none came, or half of one; Garbled: something else; TimeoutError: nothing in time."""
    poller = select.poll()
    poller.register(reading, select.POLLIN)
    found, size = bytearray(), _HEADER.size
    while len(found) < size:
        if poller.poll(1000 * max(0.0, min(_SLICE, until - time.monotonic()))):
            part = os.read(reading, _CHUNK)
            if not part:
                raise EOFError
            is_head = len(found) < _HEADER.size
            found += part
            if is_head and len(found) >= _HEADER.size:
                mark, length = _HEADER.unpack_from(found)
                if mark != _MARK:
                    raise Garbled("this is no message")
                size += length
        elif _has_exited(child) and not poller.poll(0):
            raise EOFError
        elif time.monotonic() >= until:
            raise TimeoutError
    return bytes(memoryview(found)[_HEADER.size : size])


def _has_exited(child: int) -> bool:
    """Whether it has ended; it is not reaped, so that its number still names its group."""
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _died(child: int) -> str:
    """How a child ended whose connection did; one that lives on has closed it."""
    end = time.monotonic() + GRACE
    while not _has_exited(child):
        if time.monotonic() >= end:
            return "garbage"
        time.sleep(0.001)
    found = os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    assert found is not None
    return ended(found.si_status if found.si_code == os.CLD_EXITED else -found.si_status)


def _kill(child: int) -> None:
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(child, signal.SIGKILL)


def _kill_others() -> None:
    """Kill what a lost child started in groups of its own: all of the session but its leader, which is this process."""
    if os.getsid(0) != os.getpid():
        return
    for _ in range(3):  # a process may fork while we look
        others = members(os.getpid()) - {os.getpid()}
        for other in others:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(other, signal.SIGKILL)
        if not others:
            return


def _tail(start: int) -> str:
    """The end of what was said on stderr since its file was so long; the driver empties it now and then."""
    try:
        size = os.fstat(2).st_size
        start = start if start <= size else 0
        said = os.pread(2, TAIL, max(start, size - TAIL))
    except OSError:
        return ""
    return said.decode("utf-8", "replace")
