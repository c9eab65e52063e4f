"""A probe answers case by case what a run would record, and survives whatever a case does."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from cases.case import Arguments, Case
from cases.catalogue import apis
from cases.conv_transpose.generate import cases as generated
from cases.values import Tensor
from conformance import probe as probing
from conformance.backends import Backend, Specification
from conformance.errors import UsageError
from conformance.lanes import ROOT, line_of, records
from conformance.pool import Lane, WorkerFailed, WorkerPlan
from conformance.probe import Probe
from conformance.process import Stopped
from reports.record import Record

API = "torch.nn.ConvTranspose1d"
REFERENCE = "conformance.adapters.numpy:Adapter"
FORKING = [pytest.param(False, id="ordinary worker"), pytest.param(True, id="forking")]


def layer(groups: int, length: int = 5) -> Case:
    """The adapters of `tests.faulty.processes` die of it where it has three groups."""
    return Case(
        API,
        Arguments((groups, groups, 3), (("groups", groups),)),
        Arguments((Tensor("input", (groups, length), "float32"),)),
        (Tensor("weight", (groups, 1, 3), "float32"), Tensor("bias", (groups,), "float32")),
    )


DEADLY = layer(3)
Play = Callable[[str], Backend]


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Play:
    """A backend whose workers run this adapter."""

    def played(adapter: str) -> Backend:
        def plan(backend: Backend) -> WorkerPlan:
            sources = ((ROOT, ("reference", "tests.faulty", "tests.engine")),)
            return WorkerPlan(Path(sys.executable), adapter, backend.specification.device, {}, sources)

        monkeypatch.setattr(probing, "plan_of", plan)
        return Backend(Specification("numpy"), Path(sys.executable))

    return played


def some() -> list[Case]:
    return list(generated(apis()[API], seed=0, strength=2).categories["configurations"][:20])


def timeless(record: Record) -> Record:
    """All of a record but the time that it took."""
    return structs.replace(record, milliseconds=0.0)


@pytest.mark.parametrize("forking", FORKING)
def test_what_it_answers_is_what_a_run_records(play: Play, forking: bool) -> None:
    backend = play(REFERENCE)
    with Lane(probing.plan_of(backend), limit=30) as lane:
        line = line_of(backend, lane.start())
        recorded = list(records(lane, line, some(), line.mode))
    with Probe(backend, forking=forking) as probe:
        assert probe.forks == forking
        assert probe.line == line
        answered = list(probe.ask_all(some()))
        alone = probe.ask(some()[3])
    assert [record.verdict for record in answered] == ["conforms"] * 20
    assert [*map(timeless, answered), timeless(alone)] == [*map(timeless, recorded), timeless(recorded[3])]


@pytest.mark.parametrize("forking", FORKING)
def test_a_case_may_be_asked_twice_at_once(play: Play, forking: bool) -> None:
    with Probe(play(REFERENCE), forking=forking) as probe:
        asked = [layer(1), layer(2), layer(1), layer(1)]
        assert [record.case for record in probe.ask_all(asked)] == [case.id for case in asked]


@pytest.mark.parametrize("forking", FORKING)
@pytest.mark.parametrize(
    ("adapter", "verdict", "how"),
    [
        ("Segfaults", "crashed", "SIGSEGV"),
        ("Aborts", "crashed", "SIGABRT"),
        ("LeavesSilently", "crashed", "exit code 0"),
        ("WritesIntoTheProtocol", "crashed", "garbage"),
        ("Hangs", "timed-out", ""),
    ],
)
def test_it_survives_a_case_that_dies(play: Play, adapter: str, verdict: str, how: str, forking: bool) -> None:
    with Probe(play(f"tests.faulty.processes:{adapter}"), limit=0.5, forking=forking) as probe:
        asked = [layer(1), DEADLY, layer(2), DEADLY, layer(4)]
        found = list(probe.ask_all(asked))
        assert [record.verdict for record in found] == ["conforms", verdict] * 2 + ["conforms"]
        assert {record.actual.error for record in found if record.verdict == verdict} == {how}
        assert probe.ask(DEADLY).verdict == verdict
        assert probe.ask(layer(1)).verdict == "conforms"


def test_a_crash_in_a_child_costs_no_new_worker(play: Play) -> None:
    with Probe(play("tests.faulty.processes:Segfaults"), forking=True) as probe:
        probe.ask(DEADLY)
        assert probe._lane._worker is not None
        before = probe._lane._worker.pid
        assert {record.verdict for record in probe.ask_all([DEADLY] * 40)} == {"crashed"}
        assert probe._lane._worker.pid == before


def test_a_framework_that_cannot_be_forked_is_asked_in_ordinary_workers(play: Play) -> None:
    with Probe(play("tests.engine.forked:CannotBeForked"), forking=True) as probe:
        assert not probe.forks
        assert probe.ask(layer(1)).actual.message == "eager for 30 s"


def test_an_accelerator_is_asked_in_ordinary_workers(play: Play) -> None:
    backend = replace(play("tests.engine.forked:Plays"), specification=Specification("numpy", device="cuda"))
    with Probe(backend, forking=True) as probe:
        assert not probe.forks
        assert probe.line.device == "cuda"
        assert probe.ask(layer(1)).verdict == "unavailable"


def test_a_backend_that_does_not_start_says_so_whether_it_should_fork_or_not(play: Play) -> None:
    for forking in (False, True):
        with (
            pytest.raises(WorkerFailed, match="libdevice_cpu"),
            Probe(play("tests.engine.miniature:CannotStart"), forking=forking),
        ):
            pass


@pytest.mark.parametrize(
    ("mode", "limit", "expected"),
    [
        ("", None, "eager for 30 s"),
        ("eager", 1.5, "eager for 1.5 s"),
        ("compiled", None, "compiled for 300 s"),
        ("compiled", 2.0, "compiled for 2 s"),
    ],
)
def test_a_case_gets_the_time_that_it_gets_in_a_run_unless_another_is_given(
    play: Play, mode: str, limit: float | None, expected: str
) -> None:
    with Probe(play("tests.engine.forked:Plays"), mode, limit=limit) as probe:
        record = probe.ask(layer(1))
        assert record.mode == probe.mode == (mode or "eager")
    assert record.actual.message == expected


@pytest.mark.parametrize(
    ("mode", "said"),
    [("graph", "has no mode 'graph' here: no compiler is here"), ("fast", "has no mode 'fast' here.")],
)
def test_a_mode_that_is_not_there_is_named_with_those_that_are(play: Play, mode: str, said: str) -> None:
    with pytest.raises(UsageError, match="Its modes are eager, compiled") as caught:
        Probe(play("tests.engine.forked:Plays"), mode).__enter__()
    assert said in caught.value.message


@pytest.mark.parametrize("limit", [0.0, -1.0, float("nan")])
def test_a_limit_that_no_case_can_keep_is_refused(play: Play, limit: float) -> None:
    with pytest.raises(UsageError, match="seconds"):
        Probe(play(REFERENCE), limit=limit).__enter__()


def test_cases_are_pulled_as_they_are_needed(play: Play) -> None:
    pulled: list[int] = []

    def source() -> Iterator[Case]:
        for number in range(1, 300):
            pulled.append(number)
            yield layer(1, number)

    with Probe(play(REFERENCE)) as probe:
        next(found := probe.ask_all(source()))
        assert len(pulled) < 100
        found.close()  # type: ignore[attr-defined]
        assert probe.ask(layer(2)).verdict == "conforms"


def test_nothing_can_be_asked_in_the_middle_of_other_cases(play: Play) -> None:
    with Probe(play(REFERENCE)) as probe:
        found = probe.ask_all([layer(1), layer(2)])
        next(found)
        with pytest.raises(RuntimeError, match="in the middle"):
            probe.ask(layer(4))
        assert [record.verdict for record in found] == ["conforms"]
        assert probe.ask(layer(4)).verdict == "conforms"


@pytest.mark.parametrize("forking", FORKING)
def test_the_stop_event_ends_it_at_once(play: Play, forking: bool) -> None:
    stop = threading.Event()
    with Probe(play("tests.faulty.processes:Hangs"), limit=1000.0, forking=forking, stop=stop) as probe:
        threading.Timer(0.5, stop.set).start()
        began = time.monotonic()
        with pytest.raises(Stopped):
            probe.ask(DEADLY)
        assert list(probe.ask_all([layer(1)])) == []
        assert time.monotonic() - began < 3
