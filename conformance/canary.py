"""Each run's own proof that it can fail: a few cases go to a backend with planted faults, and none may be accepted."""

import sys
from pathlib import Path

from cases.catalogue import apis
from conformance.expected import ExpectedError, ExpectedValue, prepare
from conformance.judge import judge
from conformance.lanes import ROOT
from conformance.outcome import CouldNotRun
from conformance.pool import Lane, WorkerPlan
from conformance.request import request
from conformance.schedule import Schedule
from reports.record import UNEXPECTED

VALUES, ERRORS = 4, 2
PLAIN = ("integers", "normal")


def watch(whole: Schedule, *, limit: float) -> str:
    """`caught` if every canary case was judged unexpected; else what went wrong."""
    chosen = []
    wanted: dict[type, int] = {ExpectedValue: VALUES, ExpectedError: ERRORS}
    for case in (case for cases in whole.work.values() for case in cases):
        if not any(wanted.values()):
            break
        if case.data not in PLAIN or case.dtype != "float32" or case.device:
            continue  # a small fault is no contradiction where the bound is wide
        prepared = prepare(case)
        kind = type(prepared.expected)
        if isinstance(prepared.expected, ExpectedValue) and prepared.expected.output.array.size > 10_000:
            continue
        if wanted.get(kind, 0) > 0:
            wanted[kind] -= 1
            chosen.append(prepared)
    if not chosen:
        return "caught"  # inspections only: there is nothing that the planted faults could spoil
    plan = WorkerPlan(Path(sys.executable), "conformance.adapters.canary:Adapter", sources=((ROOT, ("reference",)),))
    by_id = {prepared.case.id: prepared for prepared in chosen}
    missed, judged = [], 0
    with Lane(plan, limit=limit) as lane:
        for asked, outcome in lane.run(request(item.case, item.data, "eager") for item in chosen):
            if isinstance(outcome, CouldNotRun):
                return f"could not run: {outcome.reason}"
            prepared = by_id[asked["id"]]
            record = judge(prepared, outcome, apis()[prepared.case.api], backend="canary", mode="eager", device="cpu")
            judged += 1
            if record.verdict not in UNEXPECTED:
                missed.append(record.case)
    if judged < len(chosen):
        return f"only {judged} of {len(chosen)} canary cases were answered"
    return f"accepted {len(missed)} of {judged}: {', '.join(missed)}" if missed else "caught"
