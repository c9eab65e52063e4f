"""Adapters for workers that fork, shipped to them: what can happen to a child, to its parent, and to the first child.

Like `miniature.py`, and beside it: nothing but the standard library is imported here.
"""

import os
import signal
import sys
import time
from typing import Any

from tests.engine.miniature import Abort, Echo

FACTS = {"framework": "miniature", "version": "1", "python": "3", "devices": ["cpu"], "dtypes": [], "threads": 1}


class Plays(Echo):
    """States facts as a framework does, a mode that compiles among them; answers with the mode and its seconds."""

    def describe(self) -> dict[str, Any]:
        missing = {"graph": "no compiler is here"}
        return FACTS | {"modes": ["eager", "compiled"], "missing_modes": missing, "pid": os.getpid()}

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        return {"status": "could-not-run", "reason": f"{request['mode']} for {request['seconds']:g} s"}


class Tells(Echo):
    """Answers with its process, that process's parent, and how many requests it has seen."""

    seen = 0

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        self.seen += 1
        return {"status": "could-not-run", "reason": f"{os.getpid()} {os.getppid()} {self.seen}"}


class CallsWhenAsked(Echo):
    """Its framework is called when the facts are asked for, and never answers in a child forked after that."""

    def describe(self) -> dict[str, Any]:
        self.called = os.getpid()
        return super().describe()

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        if hasattr(self, "called"):
            time.sleep(1000)  # the process was forked after a call
        return super().run(request)


class CannotBeForked(Plays):
    """Dies in every process but the one that made it."""

    def __init__(self, device: str) -> None:
        super().__init__(device)
        self.home = os.getpid()

    def describe(self) -> dict[str, Any]:
        if os.getpid() != self.home:
            os.abort()
        return super().describe()


class CannotDescribe(Echo):
    def describe(self) -> dict[str, Any]:
        raise RuntimeError("the table of devices is empty")


class KillsItsParent(Echo):
    def fault(self, request: dict[str, Any]) -> None:
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(1000)


class SpeaksThenDies(Abort):
    """Every answer leaves a line on stderr; what it dies of is one more."""

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        print(f"request {int(request['id'], 16)}", file=sys.stderr, flush=True)
        return super().run(request)


class Large(Echo):
    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        data = bytes(1 << 23)
        return {
            "status": "returned",
            "outputs": {"output": {"dtype": "uint8", "shape": [len(data)], "data": data}},
        }
