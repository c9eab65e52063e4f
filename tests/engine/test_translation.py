"""A translation is verified by what both sides did, and says which side is at fault; with the reference as both."""

import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cases.case import Case
from cases.documentation import Text
from cases.known import Entry, Ledger
from conformance.backends import Backend, Specification
from conformance.call_text import parse_call
from conformance.expected import ExpectedValue, prepare
from conformance.probe import Probe
from conformance.translated_text import Answer, lines
from conformance.translation import (
    INPUTS,
    Invalid,
    by_running,
    by_the_documents,
    candidates,
    counterpart_of,
    inputs,
    invalid,
    verify,
)
from conformance.translation_known import Known, offline
from reports.record import BackendLine, Record

EXAMPLE = "mindspore.nn.Conv1dTranspose(3, 8, 5, stride=3, pad_mode='same')"
CROPPED = "torch.nn.ConvTranspose1d(2, 3, 3, stride=2, padding=1, output_padding=1)"
NUMPY = Backend(Specification("numpy"), Path(sys.executable))
NOTHING = Known(Ledger({}), {})


class Faulty:
    """A probe that spoils the verdict of the cases of some calls."""

    def __init__(self, probe: Probe, *spoiled: str, verdict: str = "differs") -> None:
        self.probe, self.spoiled, self.verdict = probe, spoiled, verdict

    def ask_all(self, cases: Iterable[Case]) -> Iterator[Record]:
        for record in self.probe.ask_all(cases):
            bad = any(word in record.call for word in self.spoiled)
            yield msgspec.structs.replace(record, verdict=self.verdict) if bad else record


@pytest.fixture(scope="module")
def probes() -> Iterator[tuple[Probe, Probe]]:
    with Probe(NUMPY) as first, Probe(NUMPY) as second:
        yield first, second


def sides(probes: tuple[Probe, Probe], *, source: str = "", target: str = "") -> Any:
    return tuple(Faulty(probe, word) if word else probe for probe, word in zip(probes, (source, target), strict=True))


def test_the_first_candidate_is_equal_on_many_inputs(probes: tuple[Probe, Probe]) -> None:
    found = by_running(parse_call(EXAMPLE), "torch", probes, NOTHING)
    assert found.chosen is not None
    done = found.chosen.verified
    assert done is not None
    assert done.equal
    assert done.inputs == done.forward >= INPUTS
    assert done.gradients == 2
    assert done.margin == 0  # the reference is what it is held against
    assert not found.left_out


@pytest.mark.parametrize("text", [EXAMPLE, CROPPED, "torch.nn.ConvTranspose1d(2, 3, 3)(Tensor(2, 7))"])
def test_inputs_are_all_documented_and_of_several_kinds(text: str) -> None:
    found = inputs(parse_call(text))
    assert len({case.id for case in found}) == len(found) >= INPUTS
    assert {case.data for case in found} == {"integers", "normal"}
    assert any(case.differentiate for case in found)
    assert all(isinstance(prepare(case).expected, ExpectedValue) for case in found)
    assert len({case.call.tensors()[0].shape for case in found}) > 3


def test_a_call_that_asks_for_its_size_is_tried_on_other_numbers() -> None:
    case = parse_call("torch.nn.ConvTranspose1d(2, 3, 3, stride=2)(Tensor(1, 2, 7), output_size=(1, 3, 16))")
    found = inputs(case)
    assert len(found) >= INPUTS
    assert {item.call.tensors()[0].shape for item in found} == {(1, 2, 7)}
    assert len({item.id for item in found}) == len(found)


def test_a_counterpart_shares_the_numbers_of_every_input() -> None:
    ours = parse_call(CROPPED)
    theirs = candidates(ours, "mindspore")[0]
    assert isinstance(theirs, Case)
    for case in inputs(ours):
        other = counterpart_of(case, theirs, "mindspore")
        assert other is not None
        left, right = prepare(case), prepare(other)
        for tensor in other.tensors():
            assert (left.data[tensor.role].reshape(-1) == right.data[tensor.role].reshape(-1)).all()


def test_one_that_is_told_the_size_of_its_result_is_told_another_one_for_another_input(
    probes: tuple[Probe, Probe],
) -> None:
    text = "torch.nn.functional.conv_transpose2d(Tensor(2, 2, 4, 5), Tensor(2, 3, 3, 3), stride=2)"
    found = by_running(parse_call(text), "mindspore", probes, NOTHING)
    assert found.chosen is not None
    assert found.chosen.case.api == "mindspore.ops.Conv2DTranspose"
    assert found.chosen.verified is not None
    assert found.chosen.verified.equal
    assert found.chosen.verified.inputs >= INPUTS


def test_a_candidate_that_fails_is_left_out_and_the_next_one_is_the_answer(probes: tuple[Probe, Probe]) -> None:
    ours = parse_call("torch.nn.ConvTranspose2d(2, 3, 3, stride=2, padding=1, output_padding=1)")
    first, second, *_ = candidates(ours, "mindspore")
    assert isinstance(first, Case)
    assert isinstance(second, Case)
    word = first.show().partition(" with ")[0].partition(")(")[0]
    assert word not in second.show()
    found = by_running(ours, "mindspore", sides(probes, target=word), NOTHING)
    assert found.chosen is not None
    assert found.chosen.case == second
    assert found.chosen.verified is not None
    assert found.chosen.verified.equal
    (left_out,) = found.left_out
    assert left_out.case == first
    assert left_out.verified is not None
    assert {item.where for item in left_out.verified.departures} == {"target"}


def test_a_source_that_departs_from_its_document_is_named(probes: tuple[Probe, Probe]) -> None:
    found = by_running(parse_call(EXAMPLE), "torch", sides(probes, source="Conv1dTranspose"), NOTHING)
    assert found.chosen is not None
    assert found.chosen.verified is not None
    assert not found.chosen.verified.equal
    assert {item.where for item in found.chosen.verified.departures} == {"source"}


@pytest.mark.parametrize(("verdict", "promised"), [("undocumented", False), ("rejects-valid", True), ("crashed", True)])
def test_what_is_refused_is_not_tried_on_every_input(verdict: str, promised: bool, probes: tuple[Probe, Probe]) -> None:
    """A crash costs a new worker each time; and a refusal of what nobody promised is no departure from a document."""
    ours = parse_call(EXAMPLE)
    theirs = candidates(ours, "torch")[0]
    assert isinstance(theirs, Case)
    refusing: Any = (probes[0], Faulty(probes[1], "torch", verdict=verdict))
    done = verify(ours, theirs, refusing)
    assert (done.inputs, done.forward) == (2, 0)
    assert {(item.where, item.promised) for item in done.departures} == {("target", promised)}


def test_whole_numbers_have_no_gradients() -> None:
    case = parse_call("torch.nn.functional.conv_transpose1d(Tensor(1,2,7), Tensor(2,3,3))", dtype="int32")
    assert {item.dtype for item in case.tensors()} == {"int32"}
    assert not any(item.differentiate for item in inputs(case))


def test_a_counterpart_of_another_meaning_is_never_called_equal(probes: tuple[Probe, Probe]) -> None:
    """Both sides do what their documents say, and these say different things: what the operator solved is wrong."""
    ours = parse_call("torch.nn.ConvTranspose1d(2, 3, 3, padding=1, bias=False)")
    for wrong in ("padding=1, dilation=2", "padding=0", "padding=1, groups=1, stride=2"):
        theirs = parse_call(f"oneflow.nn.ConvTranspose1d(2, 3, 3, {wrong}, bias=False)")
        done = verify(ours, theirs, probes)
        assert not done.equal
        assert "documents" in {item.where for item in done.departures}


def entry(apis: str, rule: str = "") -> Entry:
    return Entry(
        name="planted",
        apis=(apis,),
        verdict="differs",
        claims=("*",),
        rule=rule,
        reason="planted here",
        date=date.today(),
    )


def planted(framework: str, found: Entry) -> Known:
    line = BackendLine(name=framework, framework=framework, version="1.0")
    return Known(Ledger({framework: (found,)}), {framework: line})


def test_a_candidate_that_is_known_not_to_work_is_passed_over(probes: tuple[Probe, Probe]) -> None:
    ours = parse_call("torch.nn.ConvTranspose2d(2, 3, 3, stride=2, output_padding=1)")
    first = candidates(ours, "mindspore")[0]
    known = planted("mindspore", entry("mindspore.nn.Conv2dTranspose", "output_padding > 0"))
    for found in (by_the_documents(ours, "mindspore", known), by_running(ours, "mindspore", probes, known)):
        assert found.chosen is not None
        assert found.chosen.known is None
        if known(first) if isinstance(first, Case) else None:
            assert found.chosen.case != first
            assert found.left_out[0].known is not None


def test_where_all_are_known_not_to_work_the_simplest_is_tried_all_the_same(probes: tuple[Probe, Probe]) -> None:
    known = planted("torch", entry("torch.*", "axes > 0"))
    found = by_running(parse_call(EXAMPLE), "torch", probes, known)
    assert found.chosen is not None
    assert found.chosen.known is not None
    assert found.chosen.verified is not None
    assert found.chosen.verified.equal


def test_an_invalid_call_has_the_documented_reason() -> None:
    found = invalid(parse_call("mindspore.nn.Conv1dTranspose(3, 8, 5, padding=-1)"))
    assert isinstance(found, Invalid)
    assert (found.argument, found.rule, found.error) == ("padding", "range", "ValueError")
    assert any("padding" in claim.parameters for claim in found.claims)
    assert invalid(parse_call(EXAMPLE)) is None
    short = invalid(parse_call("torch.nn.ConvTranspose1d(3, 8, 5, output_padding=1)"))
    assert short is not None
    assert "output_padding" in short.reason


def test_a_target_that_refuses_is_not_called_unequal(
    probes: tuple[Probe, Probe], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = parse_call(EXAMPLE)
    theirs = candidates(ours, "torch")[0]
    assert isinstance(theirs, Case)

    class Refusing(Faulty):
        def ask_all(self, cases: Iterable[Case]) -> Iterator[Record]:
            for record in super().ask_all(cases):
                actual = msgspec.structs.replace(
                    record.actual, what="raised", error="TypeError", message="-----\n- Kernel failed:\n-----\nno kernel"
                )
                yield msgspec.structs.replace(record, actual=actual)

    refusing: Any = (probes[0], Refusing(probes[1], "torch", verdict="undocumented"))
    made = by_running(ours, "torch", refusing, NOTHING)
    assert made.chosen is not None
    assert made.chosen.verified is not None
    assert {(item.refused, item.where) for item in made.chosen.verified.departures} == {(True, "target")}
    text = "\n".join(lines(Answer(made, backends=("mindspore 1", "torch 1")), "en"))
    assert "not verified: refused on 2 of 2 inputs on torch 1 and mindspore 1" in text
    assert "not equal" not in text
    assert "raised TypeError: Kernel failed: no kernel" in text


def test_a_source_that_departs_is_not_what_the_code_computes(probes: tuple[Probe, Probe]) -> None:
    made = by_running(parse_call(EXAMPLE), "torch", sides(probes, source="Conv1dTranspose"), NOTHING)
    text = "\n".join(lines(Answer(made, backends=("mindspore 1", "torch 1")), "en"))
    assert "The code gives what the documents say, not what mindspore 1 computes." in text


def test_ways_that_fail_for_one_reason_are_told_once() -> None:
    ours = parse_call("torch.nn.ConvTranspose2d(2, 3, 3, stride=2, output_padding=1)")
    known = planted("mindspore", entry("mindspore.nn.Conv2dTranspose", "output_padding > 0"))
    made = by_the_documents(ours, "mindspore", known)
    assert len(made.left_out) > 1
    text = "\n".join(lines(Answer(made, unverified=Text("x", "x")), "en"))
    assert text.count("planted here (planted)") == 1
    assert f"(and {len(made.left_out) - 1} more)" in text


def test_offline_the_newest_pinned_versions_are_asked_for() -> None:
    known = offline(Ledger({}), ("torch", "mindspore", "nothing"))
    assert {name: line.version for name, line in known.lines.items()} == {"torch": "2.13.0", "mindspore": "2.10.0"}
