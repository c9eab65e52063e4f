"""Asking a worker: one question, one outcome, and what the absence of an answer means."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.messages import Garbled, decode
from conformance.outcome import CouldNotRun, Crashed, GarbledReply, Outcome, TimedOut
from conformance.outcome import decode as decode_outcome
from conformance.process import Died, Silent, Worker

if TYPE_CHECKING:
    import threading

Launch = Callable[[], Worker]
Death = Crashed | TimedOut


@dataclass(frozen=True, slots=True)
class Question:
    """A request as it travels, with the seconds that its answer may take.

    `grace` is how much longer to wait for the answer, where the worker itself says that the case took too long.
    """

    id: str
    data: bytes
    seconds: float
    grace: float = 0.0


def answer(worker: Worker, question: Question, began: float, stop: threading.Event) -> tuple[float, Outcome]:
    """Wait for the outcome of the oldest question that the worker has not answered; also return when it came.

    `began` is when the worker could begin with it: when it was sent, or when the answer before it came. After Crashed
    or TimedOut the worker is dead, unless it forks and answered that a child of it was lost: see `Worker.is_over`.
    """
    try:
        arrival, message = worker.receive(began + question.seconds + question.grace, stop)
        reply = decode(message)
        if reply["id"] != question.id:
            raise Garbled(f"an answer to {reply['id']!r} instead of {question.id!r}")
    except Silent:
        worker.kill()
        return time.monotonic(), TimedOut(question.seconds)
    except Died as death:
        return time.monotonic(), Crashed(death.how, worker.stderr())
    except (Garbled, LookupError, TypeError):
        worker.kill()
        return time.monotonic(), Crashed("garbage", worker.stderr())
    try:
        return arrival, decode_outcome(reply)
    except GarbledReply as error:  # well-formed, but no outcome: the adapter's defect, and the worker is sound
        return arrival, CouldNotRun(str(error))


def replay(launch: Launch, questions: Sequence[Question], stop: threading.Event) -> Outcome | None:
    """Ask a fresh worker these questions and return the outcome of the last; None if it died before that one."""
    worker = launch()
    try:
        worker.ready(stop)
        worker.send([question.data for question in questions])
        at = time.monotonic()
        for question in questions:
            at, outcome = answer(worker, question, at, stop)
            if worker.is_over:
                return outcome if question is questions[-1] else None
        return outcome
    finally:
        worker.close(grace=0.0)
