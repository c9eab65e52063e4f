"""A run file in which every text is hostile: markup, terminal sequences, links, characters that nobody sees."""

from pathlib import Path

from reports.reading import RunFile
from reports.record import (
    Array,
    BackendLine,
    Check,
    Comparison,
    Counterpart,
    CoverageLine,
    Difference,
    DocumentLine,
    Drift,
    End,
    Finding,
    Property,
    Record,
    RulingLine,
    Shown,
    Side,
    Tried,
)
from tests.reports.build import claim, run

HOSTILE = (
    "<script>window.__pwned = 1; alert(1)</script>\"'><img src=x onerror=window.__pwned=2> </style></title>--> "
    "{{ 7*7 }} | a \\| b ` c `` d \x1b[31mred\x1b[0m \x1b]8;;https://evil.example\x07link\x1b]8;;\x07 "
    "\u202eesrever \x00 \u200b"
    "\n\n# heading\n<!-- [x](javascript:alert(1)) "
    "![y](https://evil.example/y.png) https://evil.example www.evil.example @you #1"
)


def hostile(bulk: int = 0) -> RunFile:
    """A run of which every text is hostile; `bulk` lengthens each."""
    bad = HOSTILE + "<b>" * (bulk // 3)
    ours = [
        claim(bad, bad, bad, zh=bad, kind=bad, sources=[(bad, bad)]),
        claim(bad, bad + "2", bad, zh=bad, overruled=bad, sources=[(bad, bad)]),
        claim(bad, "unchecked", bad, unchecked=bad),
        claim(bad, bad + "3", bad, advice=True, device=""),
        claim(bad, bad + "4", bad, device=bad + "!"),
    ]
    backends = [
        BackendLine(
            name=bad,
            framework=bad.partition(".")[0],
            version=bad,
            device=bad,
            mode=bad,
            modes=[bad],
            packages={bad: bad},
            capability=bad,
            missing_modes={bad: bad},
        ),
        BackendLine(name="gone", framework=bad.partition(".")[0], unavailable=bad),
    ]
    tensor = Array(shape=[1], dtype=bad)
    side = Side(what=bad, array=tensor, others={bad: tensor}, message=bad, detail=bad)
    raised = Side(what="raised", error=bad, message=bad, argument=bad, stage=bad, detail=bad)
    failing = [Check(claim=line.id, holds=False, detail=bad) for line in (*ours[:2], ours[3])]
    one = Record(
        case=bad,
        api=bad,
        call=bad,
        arguments={},
        backend=bad,
        mode=bad,
        dtype=bad,
        verdict="differs",
        checks=failing,
        expected=side,
        actual=raised,
        difference=Difference(index=[0], expected=bad, actual=bad, differing=1, of=1, largest=bad, output=bad),
    )
    sides = {"left": bad, "left_backend": bad, "right": bad, "left_call": bad, "right_call": bad, "right_mode": bad}
    elsewhere = {**sides, "right_backend": bad + "?"}
    return RunFile(
        Path("run.jsonl"),
        run(
            suite=bad,
            commit=bad,
            command=[bad],
            started=bad,
            machine={bad: bad},
            backends=backends,
            documents=[DocumentLine(key=bad, title=bad, language=bad, version="9" + bad)],
            rulings=[RulingLine(id=bad, en=bad, zh=bad)],
            claims=ours,
            coverage=[CoverageLine(api=bad, valid=1, invalid=1, strength=2, tuples=1, covered=1, infeasible=0)],
        ),
        (one,),
        (Counterpart(case=bad, api=bad, framework=bad, reason=bad),),
        (
            Comparison(**elsewhere, shapes="different", values="different", detail=bad),
            Comparison(**elsewhere, claim=ours[0].id, shapes="different", values="different", detail=bad),
            Comparison(**sides, right_backend=bad, claim=ours[0].id, shapes="different", values="different"),
        ),
        End(records=1, executions=1, seconds=1.0, interrupted=True, exit_code=1, canary=bad),
        (Drift(api=bad, backend=bad, kind=bad, parameter=bad, was=bad[:100], now=bad[:100], documented=bad),),
        (Property(backend=bad, mode=bad, api=bad, dtype=bad, name=bad, value=bad, detail=bad),),
        (finding(bad), finding(bad, known=bad, id=bad + "2")),
    )


def finding(bad: str, **more: str) -> Finding:
    """A finding of which every text is hostile."""
    fields = {
        "id": bad,
        "backend": bad,
        "verdict": bad,
        "symptoms": [bad],
        "claims": [bad],
        "apis": [bad],
        "modes": [bad],
        "rule": bad,
        "support": 1,
        "against": 1,
        "cases": [bad],
        "smallest": bad,
        "mode": bad,
        "title": bad,
        "minimal_call": bad,
        "passing_call": bad,
        "expected": bad,
        "actual": bad,
        "tried": Tried(inside_failing=1, outside_passing=1),
        "script": bad,
        "shown": Shown(ended=bad, printed=bad, word="reproduced"),
        "reason": bad,
    }
    return Finding(**(fields | more))
