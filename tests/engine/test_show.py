"""What a terminal shows of a case: every record with its checks and arrays, counterparts, comparisons, the script."""

from dataclasses import replace

import numpy as np
import pytest
from msgspec.structs import replace as with_fields

from cases.case import Arguments, Case
from cases.catalogue import apis
from cases.values import BadValue, Tensor
from conformance.expected import ExpectedError, ExpectedValue, Undocumented, prepare
from conformance.judge import judge
from conformance.outcome import Parameter, Raised, Returned
from conformance.script import script
from conformance.show import show_case, show_finding
from reports.reading import RunFile
from reports.record import Check, Comparison, Counterpart, Finding, Shown, Tried
from tests.cases.planned import sample
from tests.reports import build

TORCH = "torch.nn.ConvTranspose1d"
ABOUT = {"mode": "eager", "device": "cpu"}


@pytest.fixture
def shown() -> RunFile:
    item = next(item for item in sample(TORCH) if isinstance(item.expected, ExpectedValue) and item.case.parameters)
    refused = next(item for item in sample(TORCH) if isinstance(item.expected, ExpectedError))
    assert isinstance(item.expected, ExpectedValue)
    stored = {wanted.role: Parameter(wanted.shape, "float32") for wanted in item.case.parameters}
    wrong = item.expected.output.array.copy()
    wrong.reshape(-1)[-1] += 1
    api = apis()[TORCH]
    records = (
        judge(item, Returned({"output": wrong}, stored), api, backend="torch==2.13.0:cpu", **ABOUT),
        judge(item, Returned({"output": item.expected.output.array}, stored), api, backend="numpy==2:cpu", **ABOUT),
        judge(
            refused,
            Raised("call", ("KeyError",), "\x1b[31mred\x1b[0m\u202e"),
            api,
            backend="torch==2.13.0:cpu",
            **ABOUT,
        ),
    )
    others = (Counterpart(case=item.case.id, api=TORCH, framework="oneflow", reason="there is none"),)
    return build.runfile(records=records, counterparts=others, comparisons=())


def test_a_case_is_shown_with_every_record_check_and_its_script(shown: RunFile) -> None:
    record = shown.records[0]
    text = show_case(shown, record.case[:8])
    assert text.startswith(f"case {record.case}\n  {record.call}\n")
    assert "torch==2.13.0:cpu (eager): differs" in text
    assert "numpy==2:cpu (eager): conforms" in text
    assert f"contradicted {TORCH}/output-values" in text
    assert "first difference of output at" in text
    assert "in oneflow: none: there is none" in text
    assert text.endswith(script_of(shown, record.case))
    assert "red" not in text


def script_of(shown: RunFile, case: str) -> str:
    return show_case(shown, case, only_script=True)


def test_what_a_framework_said_reaches_the_terminal_without_its_control_sequences(shown: RunFile) -> None:
    text = show_case(shown, shown.records[2].case)
    assert "red" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_only_the_script_is_only_the_script(shown: RunFile) -> None:
    text = script_of(shown, shown.records[0].case)
    assert text == script(next(item.case for item in sample(TORCH) if item.case.id == shown.records[0].case))


def test_an_unknown_or_an_ambiguous_case_is_refused_by_name(shown: RunFile) -> None:
    with pytest.raises(LookupError, match="no case 'fffffffffffffffff'"):
        show_case(shown, "fffffffffffffffff")
    with pytest.raises(LookupError, match="beginning of 2 cases"):
        show_case(shown, "")


def test_a_record_whose_case_is_none_is_refused(shown: RunFile) -> None:
    broken = with_fields(shown.records[0], arguments={"api": "torch"})
    with pytest.raises(BadValue, match="is no case"):
        show_case(replace(shown, records=(broken,)), broken.case)


def test_a_case_whose_values_are_open_is_shown_too() -> None:
    item = next(item for item in sample(TORCH) if isinstance(item.expected, Undocumented))
    record = judge(item, Raised("call", ("E",), "no"), apis()[TORCH], backend="b", **ABOUT)
    shown = build.runfile(records=(record,), counterparts=(), comparisons=())
    assert "expected: not documented" in show_case(shown, record.case)


# Several results, modes, and what does not count

SLOPED = Case(
    TORCH,
    Arguments((2, 2, 3), (("bias", False),)),
    Arguments((Tensor("input", (1, 2, 5), "float32"),)),
    (Tensor("weight", (2, 2, 3), "float32"),),
    differentiate=("weight",),
    upstream=Tensor("upstream", (1, 2, 7), "float32"),
)


def sloped(mode: str, add: float) -> RunFile:
    item = prepare(SLOPED)
    assert isinstance(item.expected, ExpectedValue)
    arrays = {name: wanted.array for name, wanted in item.expected.outputs.items()}
    arrays["gradient of weight"] = arrays["gradient of weight"] + np.float32(add)
    outcome = Returned(arrays, {"weight": Parameter((2, 2, 3), "float32")})
    record = judge(item, outcome, apis()[TORCH], backend="torch==2.13.0:cpu", mode=mode, device="cpu")
    return build.runfile(records=(record,), counterparts=(), comparisons=())


def test_a_difference_says_in_which_result_it_is_and_shows_it() -> None:
    loaded = sloped("compiled", 1000)
    text = show_case(loaded, SLOPED.id)
    assert "torch==2.13.0:cpu (compiled): differs" in text
    (line,) = [line for line in text.splitlines() if "first difference" in line]
    assert "gradient of weight" in line
    difference = loaded.records[0].difference
    assert difference is not None
    shown = text.partition("\n\n# Case")[0]
    assert shown.count(f"{difference.actual}.") >= 1  # the array of the gradient, not of the output alone


def test_a_check_that_does_not_count_says_whether_it_is_overruled_or_advice(shown: RunFile) -> None:
    overruled = next(claim for api in apis().values() for claim in api.claims if claim.overruled)
    advice = next(claim for api in apis().values() for claim in api.claims if claim.advice)
    checks = [Check(claim=item.id, holds=False, detail="no", counts=False) for item in (overruled, advice)]
    record = with_fields(shown.records[0], checks=checks)
    text = show_case(replace(shown, records=(record,)), record.case)
    assert f"contradicted {overruled.id} (does not count): no" in text
    assert f"contradicted {advice.id} (does not count): no" in text


def test_the_comparisons_of_a_case_are_shown_on_either_side(shown: RunFile) -> None:
    record = shown.records[0]
    other = Comparison(
        left="0" * 16,
        left_backend="a",
        right=record.case,
        right_backend="b",
        claim="x/y",
        shapes="equal",
        values="different",
        detail="\x1b[31m1 against 2",
    )
    text = show_case(replace(shown, comparisons=(other,)), record.case)
    assert f"a {'0' * 16} against b {record.case}: shapes equal, values different (x/y): 1 against 2" in text


def test_a_case_that_is_too_large_for_a_script_is_shown_without_one() -> None:
    large = replace(
        SLOPED, call=Arguments((Tensor("input", (1, 2, 5000), "float32"),)), differentiate=(), upstream=None
    )
    item = prepare(large)
    record = judge(item, Raised("call", ("E",), "no"), apis()[TORCH], backend="b", **ABOUT)
    loaded = build.runfile(records=(record,), counterparts=(), comparisons=())
    text = show_case(loaded, record.case)
    assert "rejects-valid" in text
    assert "too large for a script" in text
    with pytest.raises(BadValue, match="too large"):
        show_case(loaded, record.case, only_script=True)


# Findings


def finding(**more: object) -> Finding:
    fields: dict[str, object] = {
        "id": "01234567",
        "backend": "torch==2.13.0:cpu",
        "verdict": "differs",
        "symptoms": ["values of the output"],
        "claims": [f"{TORCH}/output-values"],
        "apis": [TORCH],
        "modes": ["eager", "compiled"],
        "rule": "groups > 1",
        "support": 7,
        "against": 1,
        "cases": ["0" * 16],
        "smallest": "0" * 16,
        "mode": "eager",
        "title": "ConvTranspose1d: wrong values of the output, if groups > 1",
    }
    return Finding(**(fields | more))  # type: ignore[arg-type]


def test_a_finding_is_shown_with_all_that_is_known_of_it() -> None:
    told = finding(
        minimal_call="f(2)",
        passing_call="f(1)",
        expected="3",
        actual="4",
        tried=Tried(inside_failing=9, inside_passing=1, outside_passing=10),
        script="print(3)\n",
        shown=Shown(ended="exit code 1", printed="expected 3\nactual 4", word="reproduced"),
        known="grouped",
        reason="reported",
    )
    text = show_finding(build.runfile(findings=(told,)), told)
    assert text.splitlines() == [
        "finding 01234567",
        "  ConvTranspose1d: wrong values of the output, if groups > 1",
        "  backend: torch==2.13.0:cpu (eager, compiled)",
        f"  claims: {TORCH}/output-values",
        "  known as: grouped: reported",
        "  fails iff: groups > 1",
        "  executions: 7 failing, 1 passing ones for which the rule holds",
        "  fresh cases: 9 of 10 inside fail, 0 of 10 outside (precision 90%, recall 100%)",
        "  smallest: f(2)",
        "  passes: f(1)",
        "  expected: 3",
        "  actual: 4",
        f"  cases: {'0' * 16}",
        "  script: reproduced, exit code 1",
        "    expected 3",
        "    actual 4",
        "",
        "print(3)",
    ]
    assert show_finding(build.runfile(), told, only_script=True) == "print(3)\n"


def test_a_finding_that_was_not_explained_says_so() -> None:
    bare = finding(rule="", cases=[f"{number:016x}" for number in range(30)])
    text = show_finding(build.runfile(), bare)
    assert "  known as: not known\n" in text
    assert "  fails iff: always\n" in text
    assert "  fresh cases: not held against fresh cases\n" in text
    assert f"  smallest: case {'0' * 16}\n" in text
    assert "  script: not run\n" in text
    assert "  passes" not in text
    assert f"{19:016x} …\n" in text
    assert f"{20:016x}" not in text
    with pytest.raises(BadValue, match="01234567 has no script; `conformance findings"):
        show_finding(build.runfile(), bare, only_script=True)


def test_no_text_of_a_finding_reaches_the_terminal_with_its_control_sequences() -> None:
    hostile = "\x1b[31mred\u202e"
    names = ("backend", "title", "rule", "minimal_call", "passing_call", "expected", "actual", "known", "reason")
    shown = Shown(ended=hostile, printed=hostile, word="run")
    told = finding(**dict.fromkeys(names, hostile), claims=[hostile], modes=[hostile], cases=[hostile], shown=shown)
    text = show_finding(build.runfile(), told)
    assert text.count("red") >= 12
    assert "\x1b" not in text
    assert "\u202e" not in text
