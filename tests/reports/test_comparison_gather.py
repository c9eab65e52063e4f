"""A small run file of known numbers → what a page needs of it: regions, counts, blame, refusals."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cases.case import Arguments, Case
from cases.steps import Around, Crop
from cases.values import Tensor
from reports.comparison_evidence import VALID, BadEvidence, Refusal, Typed, read
from reports.comparison_gather import Found, direction, find, states, types
from reports.comparison_refusals import refusals
from reports.reading import RunFile
from reports.record import Array, BackendLine, Check, Comparison, Counterpart, Record, Side
from tests.reports.build import MINDSPORE, TORCH, claim, run

BACKENDS = {"torch": "torch==2.13.0:cpu", "mindspore": "mindspore==2.10.0:cpu"}


def torch(length: int = 5, **keyword: Any) -> Case:
    given = Arguments((Tensor("input", (1, 2, length), "float32"),))
    construct = Arguments((2, 2, 3), (*keyword.items(), ("bias", False)))
    return Case(TORCH, construct, given, (Tensor("weight", (2, 2, 3), "float32"),))


def mindspore(origin: Case, *around: Crop, **keyword: Any) -> Case:
    construct = Arguments((2, 2, 3), (("pad_mode", "pad"), *keyword.items()))
    weight = Tensor("weight", (2, 2, 1, 3), "float32")
    made = Case(MINDSPORE, construct, origin.call, (weight,), origin=origin.id)
    return replace(made, around=Around((), around))


def record(case: Case, verdict: str = "conforms", expected: Side | None = None, actual: Side | None = None) -> Record:
    value = Side(what="value", array=Array(shape=[1, 2, 5], dtype="float32"))
    returned = Side(what="returned", array=Array(shape=[1, 2, 5], dtype="float32"))
    return Record(
        case=case.id,
        api=case.api,
        call=case.show(),
        arguments=case.canonical,
        backend=BACKENDS[case.api.partition(".")[0]],
        mode="eager",
        dtype="float32",
        verdict=verdict,  # type: ignore[arg-type]
        checks=[Check(claim=f"{case.api}/output-values", holds=verdict == "conforms", detail="3, but should be 4")],
        expected=expected or value,
        actual=actual or returned,
    )


def compared(left: Case, right: Case, values: str) -> Comparison:
    both = {"left_backend": BACKENDS["torch"], "right_backend": BACKENDS["mindspore"]}
    word: Any = values
    return Comparison(left=left.id, right=right.id, shapes=word, values=word, detail=f"seen {values}", **both)


PLAIN, WIDE, LONGER = torch(), torch(7, stride=2), torch(stride=2, padding=1, output_padding=1)
COMPLEX, WRONG = torch(padding=1), torch(stride=0)
OTHERS = {
    PLAIN.id: mindspore(PLAIN),
    WIDE.id: mindspore(WIDE, stride=2),
    LONGER.id: mindspore(LONGER, Crop(2, 1, 0), stride=2),
}
REFUSED = Side(what="raised", error="ValueError", message="no")
ERROR = Side(what="error", error="", argument="stride", detail="stride breaks the documented range")


def found(*, shuffled: bool = False) -> Found:
    records = [record(PLAIN), record(WIDE), record(LONGER), record(COMPLEX)]
    records += [record(OTHERS[PLAIN.id]), record(OTHERS[WIDE.id], "differs"), record(OTHERS[LONGER.id])]
    records += [record(WRONG, expected=ERROR, actual=REFUSED)]
    lines = [
        Counterpart(case=item.id, api=TORCH, framework="mindspore", counterpart=OTHERS[item.id].id)
        for item in (PLAIN, WIDE, LONGER)
    ]
    lines += [Counterpart(case=LONGER.id, api=TORCH, framework="mindspore", counterpart=OTHERS[PLAIN.id].id)]
    lines += [Counterpart(case=COMPLEX.id, api=TORCH, framework="mindspore", reason="mindspore has no such API")]
    lines += [
        Counterpart(case=WRONG.id, api=TORCH, framework="mindspore", reason="not a documented call: stride is 0"),
    ]
    pairs = [(PLAIN, "equal"), (WIDE, "different"), (LONGER, "equal")]
    comparisons = [compared(left, OTHERS[left.id], word) for left, word in pairs]
    head = run(
        backends=[BackendLine(name=name, framework=key, version="1") for key, name in BACKENDS.items()],
        claims=[claim(TORCH, "output-values"), claim(MINDSPORE, "output-values")],
    )
    if shuffled:
        records, comparisons = records[::-1], comparisons[::-1]
    return find(RunFile(Path("run.jsonl"), head, tuple(records), tuple(lines), tuple(comparisons), None))


def test_calls_are_counted_by_what_they_are_and_how_they_are_written() -> None:
    made = direction(found(), TORCH, MINDSPORE)
    assert (made.calls, made.undocumented, made.own, made.valid) == (5, 1, 0, 4)
    assert (made.direct, made.recipe, made.none) == (2, 1, 1)
    assert (made.equal, made.differ, made.missing) == (2, 1, 0)
    assert [(item.region, item.arguments, item.steps, item.cases) for item in made.regions] == [
        ("whole", "pad_mode='pad'", [], 2),
        ("less", "pad_mode='pad'", ["after crop begin"], 1),
    ]
    assert [(item.reason, item.cases) for item in made.lacks] == [("mindspore has no such API", 1)]


def test_a_counterpart_that_is_a_call_of_a_third_api_is_none_of_the_named_one() -> None:
    made = direction(found(), TORCH, "mindspore.nn.Conv2dTranspose")
    assert (made.direct, made.recipe, made.none) == (0, 0, 4)
    assert {item.reason for item in made.lacks} == {
        f"its counterpart is a call of {MINDSPORE}",
        "mindspore has no such API",
    }


def test_the_smallest_pair_that_differs_is_shown_with_who_departs() -> None:
    made = direction(found(), TORCH, MINDSPORE)
    assert made.departs == [0, 1, 0]
    shown = made.regions[0].differing
    assert shown is not None
    assert (shown.left, shown.detail) == (WIDE.show(), "seen different")
    assert shown.verdicts == ["conforms", "differs"]


def test_the_order_of_the_lines_of_a_run_changes_nothing() -> None:
    assert direction(found(), TORCH, MINDSPORE) == direction(found(shuffled=True), TORCH, MINDSPORE)


def test_a_direction_that_the_run_knows_nothing_of_is_empty() -> None:
    made = direction(found(), MINDSPORE, TORCH)
    assert (made.calls, made.valid, made.regions, made.lacks) == (0, 0, [], [])


def test_the_states_of_the_asked_claims_come_with_their_counterexample() -> None:
    name = f"{MINDSPORE}/output-values"
    made = states(found(), [TORCH, MINDSPORE], {name})
    assert made[TORCH] == {}
    state = made[MINDSPORE]["output-values"]
    assert (state.state, state.held, state.failed) == ("contradicted", 2, 1)
    assert (state.call, state.seen) == (OTHERS[WIDE.id].show(), "3, but should be 4")


def test_invalid_values_are_told_with_what_became_of_them() -> None:
    assert refusals(found(), [TORCH])[TORCH] == [Refusal("stride", ["0"], "error", True, False, "ValueError")]


def test_a_value_that_only_another_api_refuses_is_said_to_be_valid() -> None:
    here = found()
    other = replace_api(WRONG)
    records = {**here.records, other.id: record(other)}
    made = refusals(Found(here.runfile, here.backends, records, {}, {}), [TORCH, MINDSPORE])
    assert Refusal("stride", ["0"], VALID, False, True, "") in made[MINDSPORE]


def replace_api(case: Case) -> Case:
    return replace(case, api=MINDSPORE, construct=Arguments((2, 2, 3), (("stride", 0),)))


def test_element_types_are_counted_by_how_their_calls_ended() -> None:
    assert types(found(), TORCH) == [Typed("float32", 4, 4, 0)]
    assert types(found(), MINDSPORE) == [Typed("float32", 3, 2, 0)]


@pytest.mark.parametrize("text", ["", "[]", '{"format": 1}', "\x00"])
def test_a_file_that_is_no_evidence_is_refused_with_its_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "evidence.json").write_text(text)
    with pytest.raises(BadEvidence, match=r"evidence\.json"):
        read(tmp_path)


def test_a_file_that_is_not_there_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(BadEvidence, match="cannot be read"):
        read(tmp_path / "nothing.json")
