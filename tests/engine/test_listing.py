"""What `conformance claims` prints: the claims, their states, the totals, and why some were not checked."""

import json
from pathlib import Path

import pytest

from cases.catalogue import apis
from cases.documentation import Unchecked
from conformance.listing import claim_rows, finding_rows
from reports.reading import RunFile
from reports.record import FORMAT, BackendLine, Check, ClaimLine, Finding, Record, Run, Shown, Side, Tried

API = "torch.nn.ConvTranspose1d"
BACKEND = "torch==2.13.0:cpu"
CLAIMS = apis()[API].claims
UNCHECKED = [claim for claim in CLAIMS if isinstance(claim.detail, Unchecked)]


@pytest.fixture
def loaded() -> RunFile:
    """A run in which the first claim held, the second did not, and nothing else was met."""
    lines = [
        ClaimLine(
            id=claim.id,
            api=claim.api,
            kind=claim.kind.value,
            en=claim.text.en,
            zh=claim.text.zh,
            sources=[],
            parameters=[],
            unchecked=claim.detail.reason if isinstance(claim.detail, Unchecked) else "",
            device=claim.device,
            advice=claim.advice,
        )
        for claim in CLAIMS
    ]
    run = Run(
        format=FORMAT,
        suite="0",
        commit="",
        command=[],
        seed=0,
        strength=2,
        started="",
        machine={},
        backends=[BackendLine(name=BACKEND, framework="torch", version="2.13.0")],
        documents=[],
        rulings=[],
        claims=lines,
        coverage=[],
    )
    record = Record(
        case="0" * 16,
        api=API,
        call="f()",
        arguments={},
        backend=BACKEND,
        mode="eager",
        dtype="float32",
        verdict="differs",
        checks=[Check(claim=CLAIMS[0].id, holds=True), Check(claim=CLAIMS[1].id, holds=False)],
        expected=Side(what="value"),
        actual=Side(what="returned"),
    )
    return RunFile(Path("run.jsonl"), run, (record,), (), (), None)


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_without_a_run_every_unchecked_claim_says_why() -> None:
    rows = list(claim_rows([apis()[API]], "en", None, as_json=False))
    checked = len(CLAIMS) - len(UNCHECKED)
    assert rows[-1] == f"{len(CLAIMS)} claims stated, {checked} of them checked by this suite"
    table = next(row for row in rows if row.startswith("| API")).splitlines()
    assert cells(table[-1]) == [API, str(len(CLAIMS)), str(checked)]
    tail = "\n".join(rows[rows.index("") :])
    assert UNCHECKED
    for claim in UNCHECKED:
        assert isinstance(claim.detail, Unchecked)
        assert f"not checked by the suite: {claim.detail.reason}" in tail
        assert claim.id.removeprefix(f"{API}/") in tail


def test_a_run_adds_states_totals_and_reasons(loaded: RunFile) -> None:
    rows = list(claim_rows([apis()[API]], "en", loaded, as_json=False))
    assert f"    {BACKEND}: holds" in rows
    assert f"    {BACKEND}: contradicted" in rows
    gpu = sum(claim.device == "cuda" for claim in CLAIMS)
    assert gpu
    assert rows.count(f"    {BACKEND}: unavailable (needs cuda)") == gpu
    _, table = (row.splitlines() for row in rows if row.startswith("| API"))
    found = dict(zip(cells(table[0]), cells(table[-1]), strict=True))
    assert found == {
        "API": API,
        "backend": BACKEND,
        "stated": str(len(CLAIMS)),
        "checked": "2",
        "held": "1",
        "contradicted": "1",
        "document overruled": "0",
        "advice not followed": "0",
        "not checked by the suite": str(len(UNCHECKED)),
        "unavailable": str(gpu),
        "not exercised": str(len(CLAIMS) - 2 - len(UNCHECKED) - gpu),
    }
    assert f"{gpu} unavailable: needs cuda; PyTorch 2.13.0 on cpu is on another device" in rows
    idle = int(found["not exercised"])
    assert f"{idle} not exercised: no case that ran on PyTorch 2.13.0 on cpu lets it be held" in rows


def test_json_is_one_claim_a_line_and_nothing_else(loaded: RunFile) -> None:
    rows = [json.loads(row) for row in claim_rows([apis()[API]], "zh", loaded, as_json=True)]
    assert [row["claim"] for row in rows] == [claim.id for claim in CLAIMS]
    assert [row["statement"] for row in rows] == [claim.text.zh for claim in CLAIMS]
    assert rows[1][BACKEND] == "contradicted"


# Findings


def finding(**more: object) -> Finding:
    fields: dict[str, object] = {
        "id": "01234567",
        "backend": BACKEND,
        "verdict": "differs",
        "symptoms": ["values of the output"],
        "claims": [CLAIMS[0].id],
        "apis": [API],
        "modes": ["eager"],
        "rule": "groups > 1",
        "support": 7,
        "against": 1,
        "cases": ["0" * 16],
        "smallest": "0" * 16,
        "mode": "eager",
        "title": "ConvTranspose1d: wrong values of the output",
    }
    return Finding(**(fields | more))  # type: ignore[arg-type]


def test_a_finding_is_listed_with_what_is_known_of_it() -> None:
    head = f"01234567  {BACKEND}  ConvTranspose1d: wrong values of the output"
    assert list(finding_rows([finding()])) == [head, "    new; 7 executions, 1 passing ones against"]
    explained = finding(
        known="grouped",
        tried=Tried(inside_failing=2, outside_passing=2),
        shown=Shown(ended="exit code 1", printed="", word="reproduced"),
        minimal_call="f(2)",
    )
    told = "2 of 2 inside fail, 0 of 2 outside (precision 100%, recall 100%)"
    assert list(finding_rows([explained])) == [
        head,
        f"    known as grouped; 7 executions, 1 passing ones against; fresh cases: {told}; script: reproduced",
        "    f(2)",
    ]


def test_no_text_of_a_finding_is_listed_with_its_control_sequences() -> None:
    names = ("id", "backend", "title", "known", "minimal_call")
    rows = "\n".join(finding_rows([finding(**dict.fromkeys(names, "\x1b[31mred\u202e"))]))
    assert rows.count("red") == len(names)
    assert "\x1b" not in rows
    assert "\u202e" not in rows
