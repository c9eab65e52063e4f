"""Two faults at once are two findings, and a planted crash and a planted hang shrink to their smallest case."""

import sys
from functools import cache
from pathlib import Path

import pytest

from cases.case import from_canonical
from cases.catalogue import apis
from cases.known import Ledger
from cases.rules import parse
from conformance import probe as probing
from conformance.backends import Backend, Specification
from conformance.comparisons import comparisons
from conformance.explain import HANG
from conformance.findings import found
from conformance.header import header
from conformance.lanes import ROOT, line_of, records
from conformance.minimise import minimise
from conformance.options import Options
from conformance.pool import Lane, WorkerPlan
from conformance.probe import Probe
from conformance.schedule import schedule
from reports.failures import failures
from reports.reading import RunFile
from tests.engine.faulty_run import oracle

SHORT, MODULE, LAYER = "torch.nn.ConvTranspose1d", "torch.nn.ConvTranspose2d", "mindspore.nn.Conv2dTranspose"
BACKEND = Backend(Specification("numpy"), Path(sys.executable))


def plan(adapter: str) -> WorkerPlan:
    sources = ((ROOT, ("reference", "tests.faulty", "tests.engine")),)
    return WorkerPlan(Path(sys.executable), adapter, sources=sources)


@cache
def whole(adapter: str, *names: str, limit: float = 30.0) -> RunFile:
    """A default run of these APIs with an adapter."""
    made = schedule([apis()[name] for name in names], ["numpy"], seed=0, strength=2)
    with Lane(plan(adapter), limit=limit) as lane:
        line = line_of(BACKEND, lane.start())
        ran = [
            record
            for mode, cases in made.tasks(line).items()
            for record in records(lane, line, cases, mode, kept=made.kept, oracle=oracle)
        ]
    first = header(Options(made.apis, Path("none")), [line], made)
    return RunFile(Path("none"), first, tuple(ran), (), tuple(comparisons(made, ran)), None)


def asked(rule: str) -> set[str]:
    """The features on which a rule's comparisons stand."""
    return {atom.left for atom in parse(rule).atoms}


@pytest.mark.parametrize("names", [(MODULE,), (MODULE, LAYER)], ids=["one API", "APIs of two frameworks"])
def test_two_faults_of_one_adapter_are_two_findings_with_the_rule_of_each(names: tuple[str, ...]) -> None:
    loaded = whole("tests.engine.two_faults:TwoFaults", *names)
    (line,) = loaded.run.backends
    assert len(failures(loaded, line.name)) > 300
    made = found(loaded, Ledger({})).findings
    assert len(made) == 2, [(item.rule, item.symptoms, item.support) for item in made]
    by_symptom = {item.symptoms[0]: item for item in made}
    dilation, bias = by_symptom["shape of the output"], by_symptom["values of the output"]
    assert {"groups", "extent"} <= asked(dilation.rule) or {"groups", "dilation"} <= asked(dilation.rule)
    assert "bias" in asked(bias.rule)
    assert dilation.support + bias.support == len(failures(loaded, line.name))
    assert max(dilation.against, bias.against) < 10
    for item in made:
        assert set(item.apis) == set(names)


@pytest.mark.parametrize(("adapter", "verdict"), [("Segfaults", "crashed"), ("Hangs", "timed-out")])
def test_a_planted_death_shrinks_to_its_smallest_case(
    adapter: str, verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"tests.faulty.processes:{adapter}"
    monkeypatch.setattr(probing, "plan_of", lambda backend: plan(path))
    dead = [item for item in whole(path, SHORT, limit=1.0).records if item.verdict == verdict]
    assert dead
    before = from_canonical(max(dead, key=lambda item: len(item.call)).arguments)
    with Probe(BACKEND, limit=HANG, forking=True) as probe:
        assert probe.forks
        smallest = minimise(before, lambda case: probe.ask(case).verdict == verdict, examples=40, seconds=60.0)
    assert smallest.case.show() == f"{SHORT}(3, 3, 3, groups=3)(Tensor(3,1):float32)" != before.show()
    assert smallest.seconds < 60
    assert smallest.passing is not None
