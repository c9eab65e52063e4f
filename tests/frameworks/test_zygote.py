"""On the real frameworks a forked child finds what an ordinary worker finds, and a real crash costs one child."""

import pytest

from cases.case import Arguments, Case
from cases.catalogue import apis
from cases.conv_transpose.generate import cases as generated
from cases.values import Tensor
from conformance.probe import Probe
from reports.record import Record
from tests.frameworks.conftest import backend

APIS = {
    "torch": "torch.nn.ConvTranspose2d",
    "mindspore": "mindspore.nn.Conv2dTranspose",
    "oneflow": "oneflow.nn.ConvTranspose2d",
}
FRAMEWORKS = [pytest.param(name, marks=getattr(pytest.mark, name)) for name in APIS]
CRASHING = Case(  # OneFlow's kernel checks that input and weight have one type, and ends the process where not
    "oneflow.nn.ConvTranspose2d",
    Arguments((2, 2, 3), (("bias", False),)),
    Arguments((Tensor("input", (2, 2, 4, 3), "float64"),)),
    (Tensor("weight", (2, 2, 3, 3), "float32"),),
)


def a_few(api: str) -> list[Case]:
    """Some of every category, errors, gradients and inspections among them; of OneFlow some abort."""
    found = generated(apis()[api], seed=0, strength=2).categories
    return [case for category in sorted(found) if category != "slow" for case in found[category][:6]]


def told(record: Record) -> tuple[object, ...]:
    """What a record says, without the counters and addresses in the texts of errors."""
    actual = record.actual
    return (
        record.case,
        record.verdict,
        record.checks,
        actual.what,
        actual.error,
        actual.stage,
        actual.array,
        actual.others,
    )


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_child_finds_what_an_ordinary_worker_finds(framework: str) -> None:
    found, cases = backend(framework), a_few(APIS[framework])
    answers = []
    for forking in (False, True):
        with Probe(found, forking=forking) as probe:
            assert probe.forks == forking
            answers.append([told(record) for record in probe.ask_all(cases)])
    assert len(answers[0]) == len(cases) >= 30
    assert answers[1] == answers[0]


@pytest.mark.mindspore
def test_graphs_are_compiled_in_children() -> None:
    case = a_few(APIS["mindspore"])[0]
    with Probe(backend("mindspore"), "graph", forking=True) as probe:
        assert probe.forks
        assert {record.verdict for record in probe.ask_all([case, case])} == {probe.ask(case).verdict}


@pytest.mark.oneflow
def test_a_real_abort_costs_one_child() -> None:
    with Probe(backend("oneflow"), forking=True) as probe:
        probe.ask(CRASHING)
        assert probe._lane._worker is not None
        before = probe._lane._worker.pid
        found = list(probe.ask_all([CRASHING] * 20))
        assert probe._lane._worker.pid == before
    assert {(record.verdict, record.actual.error) for record in found} == {("crashed", "SIGABRT")}
    assert all("Check failure stack trace" in record.actual.message for record in found)
