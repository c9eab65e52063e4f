"""What the tests of the pool share: lanes of miniature adapters, requests, and a look at the processes of a session."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from conformance.outcome import Outcome, Returned, encode_array
from conformance.pool import Lane, WorkerPlan

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = ((ROOT, ("tests.engine",)),)


def plan(adapter: str, **others: Any) -> WorkerPlan:
    return WorkerPlan(
        **{"python": Path(sys.executable), "adapter": f"tests.engine.miniature:{adapter}", "sources": SOURCES, **others}
    )


def lane(adapter: str, *, limit: float = 20.0, **others: Any) -> Lane:
    settings = {name: others.pop(name) for name in ("stop", "window", "confirming") if name in others}
    return Lane(plan(adapter, **others), limit=limit, **settings)


def request(number: int, target: str = "echo", **keyword: Any) -> dict[str, Any]:
    return {
        "id": f"{number:016x}",
        "action": "call",
        "target": target,
        "construct": None,
        "parameters": {},
        "call": {"positional": [encode_array(np.array([number, number + 1]))], "keyword": keyword},
        "mode": "eager",
    }


def with_fault_at(position: int, count: int, **keyword: Any) -> list[dict[str, Any]]:
    return [request(at, "fault", **keyword) if at == position else request(at) for at in range(count)]


def echoed(answered: dict[str, Any], outcome: Outcome) -> bool:
    """Whether the outcome is the right answer to this request and to no other."""
    number = int(answered["id"], 16)
    return isinstance(outcome, Returned) and outcome.outputs["output.0"].tolist() == [number, number + 1]


def the_one_fault(lane: Lane, requests: list[dict[str, Any]], position: int) -> Outcome:
    """Run all, see that each other request got its own right answer in its place, and return the faulty outcome."""
    answered = list(lane.run(requests))
    assert [done["id"] for done, _ in answered] == [asked["id"] for asked in requests]
    assert [at for at, pair in enumerate(answered) if not echoed(*pair)] == [position]
    return answered[position][1]


def processes_of(session: int) -> set[int]:
    """The living processes of a session."""
    return set(_members(session))


def _members(session: int) -> Iterator[int]:
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, its_session = path.read_text().rpartition(") ")[2].split()[:4]
        except OSError:
            continue
        if int(its_session) == session and state != "Z":
            yield int(path.parent.name)
