"""Adapters without a framework, each with one fault, to prove that the pool survives it.

They are shipped to a worker, so that nothing but the standard library is imported here. An adapter answers every
request like Echo, except those whose target asks for its fault.
"""

import contextlib
import ctypes
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any


class Echo:
    """Answers each request with the arrays that it brought; the base of the others."""

    def __init__(self, device: str) -> None:
        self.device = device

    def describe(self) -> dict[str, Any]:
        return {
            "framework": "miniature",
            "device": self.device,
            "pid": os.getpid(),
            "session": os.getsid(0),
            "path": list(sys.path),
            "folder": str(Path.cwd()),
            "environment": dict(os.environ),
        }

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        if request["target"] == "fault":
            self.fault(request)
        arrays = request["call"]["positional"]
        return {"status": "returned", "outputs": {f"output.{index}": array for index, array in enumerate(arrays)}}

    def fault(self, request: dict[str, Any]) -> None:
        raise NotImplementedError


class Segfault(Echo):
    def fault(self, request: dict[str, Any]) -> None:
        ctypes.string_at(0)


class Abort(Echo):
    def fault(self, request: dict[str, Any]) -> None:
        print("a check failed in native code", file=sys.stderr, flush=True)
        os.abort()


class KillsItself(Echo):
    def fault(self, request: dict[str, Any]) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


class LeavesSilently(Echo):
    def fault(self, request: dict[str, Any]) -> None:
        os._exit(0)


class HangsInNativeCode(Echo):
    """Holds the interpreter's lock meanwhile: not even the thread that receives gets on."""

    def fault(self, request: dict[str, Any]) -> None:
        ctypes.PyDLL(None).sleep(1000)


class StaysSilentWithAChild(Echo):
    """Dies, while a child of its own keeps the connection open."""

    def fault(self, request: dict[str, Any]) -> None:
        if os.fork() == 0:
            time.sleep(1000)
        os.abort()


class StartsAChild(Echo):
    """Leaves a process in its session, in a process group of its own."""

    def fault(self, request: dict[str, Any]) -> None:
        subprocess.Popen(["sleep", "1000"], preexec_fn=os.setpgrp)
        time.sleep(1000)


class Hog(Echo):
    def fault(self, request: dict[str, Any]) -> None:
        self.hoard = [bytes(1 << 26) for _ in range(1 << 10)]


class Chatters(Echo):
    def fault(self, request: dict[str, Any]) -> None:
        line = "x" * 1023 + "\n"
        for stream in (sys.stdout, sys.stderr):
            for _ in range(4096):
                stream.write(line)
        os.write(1, b"written past Python\n")


class ClosesStdout(Echo):
    def fault(self, request: dict[str, Any]) -> None:
        sys.stdout.close()
        os.close(1)


class WritesGarbage(Echo):
    """Writes into every pipe above stderr: one of them is the connection to the driver."""

    def fault(self, request: dict[str, Any]) -> None:
        for number in range(3, 64):
            with contextlib.suppress(OSError):
                if stat.S_ISFIFO(os.fstat(number).st_mode):
                    os.write(number, b"[WARNING] a log line of a framework\n" * 4)


class ClosesItsConnection(Echo):
    def fault(self, request: dict[str, Any]) -> None:
        os.closerange(3, 64)


class AnswersTwice(Echo):
    """Forks, and both processes go on as the worker: the child at once, the parent when the child is through."""

    def fault(self, request: dict[str, Any]) -> None:
        if os.fork():
            time.sleep(0.5)


class LeavesPython(Echo):
    def fault(self, request: dict[str, Any]) -> None:
        raise SystemExit("the framework gave up")


class Unshowable(Exception):
    def __str__(self) -> str:
        raise KeyboardInterrupt


class RaisesStrangely(Echo):
    """What it raises is asked for by the call's keyword `what`."""

    def fault(self, request: dict[str, Any]) -> None:
        raise {
            "huge": RuntimeError("y" * 50_000_000),
            "undecodable": RuntimeError("before \udcff\ud800 after"),
            "unshowable": Unshowable(),
            "generator-exit": GeneratorExit(),
        }[request["call"]["keyword"]["what"]]


class AnswersStrangely(Echo):
    """What it answers is asked for by the call's keyword `what`."""

    def run(self, request: dict[str, Any]) -> Any:
        what = request["call"]["keyword"].get("what")
        if what is None:
            return super().run(request)
        return {
            "none": None,
            "not builtin": {"status": "returned", "outputs": {"path": Path("/")}},
            "unknown status": {"status": "excellent"},
            "no outputs": {"status": "returned"},
        }[what]


class DiesAfterCorruption(Echo):
    """A case `corrupt` is answered well; the next `fault` dies of what it left behind."""

    corrupted = 0
    needed = 1

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        self.corrupted += request["target"] == "corrupt"
        return super().run(request)

    def fault(self, request: dict[str, Any]) -> None:
        if self.corrupted >= self.needed:
            os.abort()


class DiesAfterTwoCorruptions(DiesAfterCorruption):
    needed = 2


class HangsAfterCorruption(DiesAfterCorruption):
    def fault(self, request: dict[str, Any]) -> None:
        if self.corrupted >= self.needed:
            time.sleep(1000)


class DiesOnce(Echo):
    """Dies unless the file that the call's keyword `memory` names says that it did before."""

    def fault(self, request: dict[str, Any]) -> None:
        memory = Path(request["call"]["keyword"]["memory"])
        if not memory.exists():
            memory.write_text("died")
            os.abort()


class DiesWhenIdle(Echo):
    """Answers, and dies a moment later, when nothing is asked any more."""

    def fault(self, request: dict[str, Any]) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0.05)


class CannotStart(Echo):
    def __init__(self, device: str) -> None:
        raise ImportError(f"libdevice_{device}.so.1: cannot open shared object file")


class DiesAtStart(Echo):
    def __init__(self, device: str) -> None:
        print("no such instruction", file=sys.stderr, flush=True)
        os.kill(os.getpid(), signal.SIGILL)


class HangsAtStart(Echo):
    def __init__(self, device: str) -> None:
        ctypes.PyDLL(None).sleep(1000)


class StartsOnce(Echo):
    """Starts while the file that the device names does not exist yet, and never again; dies at a fault."""

    def __init__(self, device: str) -> None:
        super().__init__(device)
        if Path(device).exists():
            raise ImportError("the device is gone")
        Path(device).write_text("started")

    def fault(self, request: dict[str, Any]) -> None:
        os.abort()
