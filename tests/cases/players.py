"""Adapters that play a framework: the reference under another name, slow, or with a fault of its own.

They are shipped to a worker, so that they import nothing of the driver.
"""

import os
import time
from typing import Any

from conformance.adapters.canary import CanaryAdapter
from conformance.adapters.numpy import NumpyAdapter


class Slow(NumpyAdapter):
    """Takes a moment for every call."""

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        time.sleep(0.02)
        return super().run(request)


class Unsteady(NumpyAdapter):
    """Never returns the same values twice."""

    def compute(self, *arguments: Any) -> Any:
        output = super().compute(*arguments)
        output.reshape(-1)[:1] += 1 + int.from_bytes(os.urandom(2), "little")
        return output


class Dies(NumpyAdapter):
    """Dies on every refused call."""

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        reply = super().run(request)
        if reply["status"] == "raised":
            os.abort()
        return reply


class CannotRun(NumpyAdapter):
    """Has none of the APIs."""

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        return {"status": "could-not-run", "reason": f"there is no {request['target']} here"}


def start_once() -> None:
    """Fail from the second start on."""
    with open(os.environ["STARTED_ONCE"], "x"):  # noqa: PTH123 - fails where the file is there
        pass


class StartsOnce(CanaryAdapter):
    """Is wrong, and cannot be started a second time."""

    def __init__(self, device: str) -> None:
        super().__init__(device)
        start_once()


class DiesForGood(NumpyAdapter):
    """Dies on its tenth call, and cannot be started a second time."""

    def __init__(self, device: str) -> None:
        super().__init__(device)
        start_once()
        self.calls = 0

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        self.calls += 1
        if self.calls == 10:
            os.abort()
        return super().run(request)


class TwoModes(NumpyAdapter):
    """Executes in two ways, which give the same."""

    modes = ("eager", "compiled")


class ModesDiffer(TwoModes):
    """Is wrong in its second mode only."""

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        self.mode = request["mode"]
        return super().run(request)

    def compute(self, *arguments: Any) -> Any:
        output = super().compute(*arguments)
        output.reshape(-1)[-1:] += self.mode == "compiled"
        return output


class RefusesWhenCompiled(TwoModes):
    """Cannot be called in its second mode."""

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        if request["mode"] == "compiled":
            return {"status": "could-not-run", "reason": "there is no compiler here"}
        return super().run(request)


class AloneIsOther(NumpyAdapter):
    """Is wrong for a sample that is alone in its batch."""

    def compute(self, *arguments: Any) -> Any:
        output = super().compute(*arguments)
        if output.shape[:1] == (1,):
            output.reshape(-1)[:1] += 1
        return output
