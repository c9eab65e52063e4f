"""A search finds what is rare, shrinks it, survives what dies, and forgets neither the ledger nor what was pinned."""

import sys
import threading
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import pytest
from hypothesis.database import ExampleDatabase, InMemoryExampleDatabase

from cases.case import Case, from_canonical
from cases.catalogue import apis, select
from cases.known import Entry, Ledger
from conformance import corpus, fuzz_command, fuzz_workers
from conformance import probe as probing
from conformance.backends import Backend, Specification, Unavailable
from conformance.campaign import INTERRUPTED, NO_BACKEND, NOTHING_UNEXPECTED, UNEXPECTED_FOUND
from conformance.corpus import Pinned
from conformance.errors import UsageError
from conformance.fuzz import Bounds, Ordered, Search
from conformance.fuzz_command import Fuzzed, Order, fuzz, told
from conformance.fuzz_tally import Tally
from conformance.fuzz_workers import Deaths
from conformance.lanes import ROOT
from conformance.pool import WorkerPlan
from conformance.rarity import Rarity
from reports import reading

API = "torch.nn.ConvTranspose1d"
REFERENCE = "conformance.adapters.numpy:Adapter"
RARE = "tests.faulty.arguments:BiasIgnoredInARareCase"
Play = Callable[[str], Backend]


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Play:
    """A backend whose workers run this adapter, and a search that waits a second at most for each case."""
    monkeypatch.setattr(fuzz_workers, "LIMIT", 1.0)
    monkeypatch.setattr(fuzz_workers, "CONFIRMED", 1.0)
    monkeypatch.setattr(fuzz_workers, "HANG", 0.3)

    def played(adapter: str) -> Backend:
        def plan(backend: Backend) -> WorkerPlan:
            sources = ((ROOT, ("reference", "tests.faulty", "tests.engine")),)
            return WorkerPlan(Path(sys.executable), adapter, backend.specification.device, {}, sources)

        monkeypatch.setattr(probing, "plan_of", plan)
        return Backend(Specification("numpy"), Path(sys.executable))

    return played


def search(backend: Backend, *names: str, executions: int = 400, **more: object) -> Tally:
    """What a search of so many executions finds."""
    bounds = Bounds(300.0, executions=executions, seed=3)
    with Search(backend, [apis()[name] for name in names or (API,)], bounds) as found:
        return found.run(**more)  # type: ignore[arg-type]


def calls(tally: Tally) -> set[str]:
    return {record.call for record in tally.kinds.values()}


def test_nothing_is_found_on_the_reference_itself(play: Play) -> None:
    names = (API, "mindspore.ops.Conv2DTranspose", "oneflow.nn.functional.conv_transpose1d")
    found = search(play(REFERENCE), *names, executions=700)
    assert found.executions >= 700
    assert (found.kinds, found.kept, found.known, found.duplicates, found.lost) == ({}, {}, 0, 0, "")
    assert {record.api for record in found.passing} == set(names)
    assert {record.expected.what for record in found.passing} >= {"value", "error"}


def test_a_fault_that_needs_four_arguments_is_found_and_shrunk_to_its_minimum(play: Play) -> None:
    found = search(play(RARE))
    assert found.duplicates > 3
    smallest = f"{API}(2, 2, 1, stride=2, groups=2, dilation=2)(Tensor(1,2,1):float32)"
    assert smallest in calls(found)
    assert {record.verdict for record in found.kinds.values()} == {"differs"}


def test_a_crash_is_found_shrunk_and_survived(play: Play) -> None:
    found = search(play("tests.faulty.processes:Segfaults"), executions=1000)
    assert calls(found) == {f"{API}(3, 3, 3, groups=3)(Tensor(3,1):float32)"}
    assert {record.actual.error for record in found.kinds.values()} == {"SIGSEGV"}
    assert found.executions >= 1000
    assert found.duplicates > 3


def test_a_hang_is_found_shrunk_and_survived(play: Play) -> None:
    began = time.monotonic()
    found = search(play("tests.faulty.processes:Hangs"), executions=800)
    assert {record.verdict for record in found.kinds.values()} == {"timed-out"}
    (case,) = {record.case: from_canonical(record.arguments) for record in found.kinds.values()}.values()
    assert case.construct is not None
    assert dict(case.construct.keyword)["groups"] == 3
    assert set(case.construct.bind(apis()[API].names)) == {"in_channels", "out_channels", "kernel_size", "groups"}
    assert found.executions >= 800
    assert time.monotonic() - began < 120


def test_what_changes_from_run_to_run_is_called_unstable_and_not_shrunk(play: Play) -> None:
    found = search(play("tests.faulty.results:UninitialisedElement"), executions=20)
    assert {record.verdict for record in found.kinds.values()} == {"unstable"}
    assert all("a second run" in record.actual.detail for record in found.kinds.values())


def entry(rule: str) -> Entry:
    claims = tuple(claim.id.partition("/")[2] for claim in apis()[API].claims)
    return Entry(
        name="rare", apis=("torch.*",), verdict="differs", claims=claims, rule=rule, reason="a test", date=date.today()
    )


def test_what_the_ledger_knows_is_counted_and_not_reported(play: Play) -> None:
    found = search(play(RARE), entries=[entry("groups > 1 and stride > 1 and dilation > 1")])
    assert found.known > 5
    assert found.kinds == {}
    assert found.duplicates == 0


def test_what_the_ledger_knows_is_not_what_something_else_is_shrunk_to(play: Play) -> None:
    found = search(play(RARE), entries=[entry("groups == 2")])
    assert found.known > 0
    assert found.kinds
    assert all("groups=2" not in call for call in calls(found))


def test_the_same_seed_and_number_of_executions_find_the_same(play: Play) -> None:
    one, two = (search(play(RARE), executions=200) for _ in range(2))
    assert one.kept.keys() == two.kept.keys()
    assert [record.case for record in one.passing] == [record.case for record in two.passing]
    assert calls(one) == calls(two)


def test_what_was_interesting_is_kept_from_one_search_to_the_next(play: Play) -> None:
    kept: dict[str, InMemoryExampleDatabase] = {}
    fetched: list[bytes] = []

    class Watched(Ordered):
        def fetch(self, key: bytes) -> Iterable[bytes]:
            found = list(super().fetch(key))
            fetched.extend(found)
            return found

    def database(name: str) -> ExampleDatabase:
        return Watched(kept.setdefault(name, InMemoryExampleDatabase()))

    for had in (False, True):
        fetched.clear()
        with Search(play(REFERENCE), [apis()[API]], Bounds(300.0, executions=5), database=database) as found:
            found.run()
        assert bool(fetched) == had
    assert kept.keys() == {f"numpy {API}"}


def test_it_ends_when_it_is_told_to(play: Play) -> None:
    stop = threading.Event()
    threading.Timer(1.0, stop.set).start()
    began = time.monotonic()
    with Search(play(REFERENCE), [apis()[API]], Bounds(300.0), stop=stop) as found:
        found.run()
    assert time.monotonic() - began < 10


def test_pinned_cases_run_first_and_those_that_fail_no_more_are_named(play: Play) -> None:
    (smallest,) = {
        record.case: record for record in search(play(RARE)).kinds.values() if "(2, 2, 1," in record.call
    }.values()
    case = from_canonical(smallest.arguments)
    pinned = Pinned(case, "numpy==1:cpu", "differs", "values of the output")
    other = Pinned(case, "torch==1:cpu", "differs", "values of the output")
    found = search(play(RARE), executions=1, pinned=[pinned, other])
    assert list(found.kept) == [case.id]
    assert found.gone == []
    assert search(play(REFERENCE), executions=1, pinned=[pinned, other]).gone == [pinned]


def order(folder: Path, **more: object) -> Order:
    bounds = Bounds(300.0, executions=400, seed=3)
    return Order(tuple(select((API,))), **({"output": folder, "bounds": bounds, "explain": 0.0} | more))  # type: ignore[arg-type]


def run(folder: Path, backend: Backend, ledger: Ledger | None = None, **more: object) -> Fuzzed:
    done = fuzz(order(folder, **more), [(backend, True)], ledger or Ledger({}))
    assert done is not None
    return done


def test_a_second_session_begins_with_what_the_first_pinned(play: Play, tmp_path: Path) -> None:
    first = run(tmp_path, play(RARE))
    assert first.code == UNEXPECTED_FOUND
    pinned = corpus.read(tmp_path / corpus.FOLDER)
    assert pinned
    assert {tmp_path / corpus.FOLDER / item.name for item in pinned} == set(first.pinned)
    assert len(list((tmp_path / fuzz_command.EXAMPLES).rglob("*"))) > 3

    again = run(tmp_path, play(RARE), bounds=Bounds(300.0, executions=1))
    (tally,) = again.tallies.values()
    assert set(tally.kept) == {item.case.id for item in pinned}
    assert again.code == UNEXPECTED_FOUND

    mended = run(tmp_path, play(REFERENCE), bounds=Bounds(300.0, executions=1))
    assert mended.code == NOTHING_UNEXPECTED
    assert sum("fails no more" in line for line in told(mended)) == len(pinned)


def test_what_it_writes_is_a_run_file_whose_findings_have_rules(play: Play, tmp_path: Path) -> None:
    done = run(tmp_path, play(RARE))
    loaded = reading.load(tmp_path)
    assert loaded.end is not None
    assert loaded.end.exit_code == done.code == UNEXPECTED_FOUND
    assert loaded.end.new == len(done.new) == len(loaded.findings)
    assert loaded.end.records == len(loaded.records) == len({record.case for record in loaded.records})
    main = max(loaded.findings, key=lambda item: item.support)
    assert "groups" in main.rule
    assert loaded.finding(main.id) == main
    assert {"conforms", "differs"} <= {record.verdict for record in loaded.records}
    assert main.smallest in {record.case for record in loaded.records}
    (line,) = [line for line in told(done) if line.startswith("| numpy")] or [told(done)[0].splitlines()[-1]]
    assert str(len(done.new)) in line


def test_what_is_known_is_no_reason_to_fail(play: Play, tmp_path: Path) -> None:
    ledger = Ledger({"numpy": (entry("groups > 1 and stride > 1 and dilation > 1"),)})
    done = run(tmp_path, play(RARE), ledger)
    assert done.code == NOTHING_UNEXPECTED
    assert [item.known for item in done.findings] == ["rare"]
    assert not done.pinned
    assert not (tmp_path / corpus.FOLDER).exists()


def test_an_interrupt_leaves_what_was_found_until_then(
    play: Play, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(futures: object) -> None:
        if not stop.is_set():
            heard.wait(60)
            raise KeyboardInterrupt

    stop, heard = threading.Event(), threading.Event()
    monkeypatch.setattr(fuzz_command, "wait", interrupted)
    monkeypatch.setattr(Tally, "shrunk", lambda *_: heard.set())
    done = fuzz(order(tmp_path), [(play(RARE), True)], Ledger({}), stop=stop)
    assert done is not None
    assert done.code == INTERRUPTED
    end = reading.load(tmp_path).end
    assert end is not None
    assert end.interrupted
    assert corpus.read(tmp_path / corpus.FOLDER)


def test_a_backend_that_is_not_there_is_told_of_and_the_others_are_searched(play: Play, tmp_path: Path) -> None:
    absent = Unavailable(Specification("torch"), "it is not installed.", "Install it.")
    said: list[str] = []
    small = order(tmp_path, bounds=Bounds(300.0, executions=20))
    for named, code in ((True, NO_BACKEND), (False, NOTHING_UNEXPECTED)):
        done = fuzz(small, [(absent, named), (play(REFERENCE), True)], Ledger({}), say=said.append)
        assert done is not None
        assert done.code == code
        assert [line.unavailable for line in reading.load(tmp_path).run.backends] == [
            "it is not installed. Install it.",
            "",
        ]
    assert "torch:cpu: unavailable. it is not installed. Install it." in said
    assert fuzz(small, [(absent, True)], Ledger({})) is None


def test_a_backend_that_does_not_start_is_unavailable(play: Play, tmp_path: Path) -> None:
    said: list[str] = []
    assert (
        fuzz(order(tmp_path), [(play("tests.engine.miniature:CannotStart"), True)], Ledger({}), say=said.append) is None
    )
    assert "its worker does not start" in said[0]


def test_apis_of_no_backend_are_refused(play: Play, tmp_path: Path) -> None:
    backend = Unavailable(Specification("oneflow"), "", "")
    with pytest.raises(UsageError, match="no backend has any"):
        fuzz(order(tmp_path), [(backend, True)], Ledger({}))


def test_a_bad_pinned_case_is_named_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / corpus.FOLDER).mkdir()
    (tmp_path / corpus.FOLDER / "torch-1.json").write_text("{}")
    with pytest.raises(UsageError, match=r"torch-1\.json"):
        fuzz(order(tmp_path), [], Ledger({}))


def test_what_is_like_the_dead_is_expected_to_die(play: Play) -> None:
    def case(dtype: str) -> Case:
        record = next(item for item in search(play(REFERENCE), executions=20).passing if item.dtype == "float32")
        return from_canonical(_with_dtype(record.arguments, dtype))

    deaths, float16, float32 = Deaths(), case("float16"), case("float32")
    for _ in range(60):
        deaths.learn(float32, died=False)
    assert not deaths.expected(float16)
    for _ in range(2):
        deaths.learn(float16, died=True)
    assert deaths.expected(float16)
    assert not deaths.expected(float32)


def _with_dtype(data: object, dtype: str) -> object:
    if isinstance(data, dict):
        return {key: _with_dtype(value, dtype) for key, value in data.items()}
    if isinstance(data, list):
        return [_with_dtype(value, dtype) for value in data]
    return dtype if data == "float32" else data


def test_what_was_met_often_is_less_of_a_surprise_than_what_was_not() -> None:
    rarity = Rarity()
    common, rare = {"groups": (1.0,), "stride": (2.0, 2.0)}, {"groups": (3.0,), "stride": (2.0, 5.0)}
    for _ in range(20):
        rarity.add(common)
    assert rarity.add(rare) > rarity.add(common)
    assert rarity.add({"groups": (1.0,), "stride": (5.0, 2.0)}) < rarity.add({"groups": (2.0,), "stride": (1.0,)})
