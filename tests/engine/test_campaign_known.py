"""Whole runs with a ledger of known differences: what fails a run, what is said of entries, and what is written."""

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace as with_fields

from cases.known import Entry, Ledger
from conformance import campaign
from conformance.campaign import run
from conformance.findings import found
from conformance.known import Words, entry_of
from reports.reading import RunFile, load
from reports.record import UNEXPECTED, Finding, Record
from reports.symptoms import facts
from tests.engine.played import Heard, asked, options
from tests.engine.small_runs import BIAS, playing, small_run

NOTHING = Ledger({})
# A part of the cases that fails and a part that does not; a run of all of them would take its time.
CASES = tuple(record.case for record in small_run(BIAS).records)


@pytest.fixture(autouse=True)
def _played(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign, "plan_of", playing(BIAS))


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """These cases are all that a run has, so that it is a whole one."""
    whole = campaign.schedule

    def schedule(*arguments, only=(), **more):
        return whole(*arguments, only=only or CASES, **more)

    monkeypatch.setattr(campaign, "schedule", schedule)


def known(*, extra: Sequence[Entry] = ()) -> Ledger:
    """The ledger that knows everything that fails, and further entries."""
    line = small_run(BIAS).run.backends[0]
    entries = [entry_of(item, line, Words("accepted")) for item in shallow()]
    return Ledger({"torch": (*entries, *extra)})


def shallow() -> tuple[Finding, ...]:
    return found(small_run(BIAS), NOTHING).findings


def gone() -> Entry:
    return with_fields(known().entries["torch"][0], name="gone", rule="stride > 99")


def ran(folder: Path, ledger: Ledger | None, heard: Heard | None = None, **more) -> tuple[int, RunFile]:
    code = run(options(folder, **({"max_cases": None} | more)), asked("torch"), heard or Heard(), known=ledger)
    return code, load(folder)


def test_a_run_in_which_everything_that_fails_is_known_ends_with_0(tmp_path: Path) -> None:
    code, loaded = ran(tmp_path, known())
    assert code == 0
    assert loaded.end is not None
    failed = sum(record.verdict in UNEXPECTED for record in loaded.records)
    assert failed > 0
    assert (loaded.end.known, loaded.end.new, loaded.end.ledger, loaded.end.exit_code) == (failed, 0, [], 0)
    assert loaded.findings
    assert all(item.known and item.reason == "accepted" for item in loaded.findings)


def test_without_a_ledger_everything_is_new(tmp_path: Path) -> None:
    for number, ledger in enumerate((None, NOTHING)):
        code, loaded = ran(tmp_path / str(number), ledger)
        assert code == 1
        assert loaded.end is not None
        assert (loaded.end.known, loaded.end.new) == (0, sum(r.verdict in UNEXPECTED for r in loaded.records))
        assert [item.id for item in loaded.findings] == [item.id for item in shallow()]


def test_one_new_failure_ends_a_run_with_1(tmp_path: Path) -> None:
    failing = next(record for record in small_run(BIAS).records if record.verdict in UNEXPECTED)
    entries = known().entries["torch"]
    less = tuple(with_fields(entry, rule=f"{entry.rule} and {unlike(failing)}") for entry in entries)
    code, loaded = ran(tmp_path, Ledger({"torch": less}))
    assert code == 1
    assert loaded.end is not None
    assert loaded.end.new >= 1
    new = [item for item in loaded.findings if not item.known]
    assert failing.case in {case for item in new for case in item.cases}
    assert sum(item.support for item in new) == loaded.end.new


def unlike(record: Record) -> str:
    """A rule that does not hold for a case, and for few others."""
    length = facts(record)["length"]
    assert isinstance(length, tuple)
    return f"all(length != {int(length[0])})"


def test_an_entry_of_another_version_knows_nothing_here(tmp_path: Path) -> None:
    older = tuple(with_fields(entry, versions="<0.0.1") for entry in known().entries["torch"])
    code, loaded = ran(tmp_path, Ledger({"torch": older}))
    assert code == 1
    assert loaded.end is not None
    assert (loaded.end.known, loaded.end.ledger) == (0, [])


# Entries that do not occur, and that are too broad


def test_an_entry_that_does_not_occur_is_told_and_fails_only_where_that_is_asked_for(tmp_path: Path) -> None:
    heard = Heard()
    code, loaded = ran(tmp_path / "usual", known(extra=[gone()]), heard)
    assert loaded.end is not None
    (note,) = loaded.end.ledger
    assert "known difference 'gone' does not occur" in note
    assert note in heard.said
    assert code == 0
    code, loaded = ran(tmp_path / "strict", known(extra=[gone()]), strict_known=True)
    assert code == 1
    assert loaded.end is not None
    assert (loaded.end.new, loaded.end.exit_code) == (0, 1)
    assert ran(tmp_path / "all", known(), strict_known=True)[0] == 0


def test_an_entry_that_also_covers_passing_cases_is_told_and_fails_only_where_that_is_asked_for(tmp_path: Path) -> None:
    broad = Ledger({"torch": tuple(with_fields(entry, rule="") for entry in known().entries["torch"])})
    code, loaded = ran(tmp_path / "usual", broad)
    assert loaded.end is not None
    assert code == 0
    assert any("is too broad" in note for note in loaded.end.ledger)
    assert ran(tmp_path / "strict", broad, strict_known=True)[0] == 1


@pytest.mark.parametrize("more", [{"max_cases": 30}, {"only": CASES[:20]}, {"budget": 600.0}, {"fail_fast": True}])
def test_a_run_of_a_part_says_nothing_of_entries(tmp_path: Path, more: dict) -> None:
    code, loaded = ran(tmp_path, known(extra=[gone()]), strict_known=True, **more)
    assert loaded.end is not None
    assert (code, loaded.end.ledger) == (0, [])


# Stopping at the first new one


def test_fail_fast_runs_past_what_is_known(tmp_path: Path) -> None:
    code, loaded = ran(tmp_path, known(), fail_fast=True)
    assert code == 0
    assert {record.case for record in loaded.records} == {record.case for record in small_run(BIAS).records}
    assert loaded.end is not None
    assert loaded.end.known == sum(record.verdict in UNEXPECTED for record in loaded.records) > 1


def test_fail_fast_stops_at_the_first_that_is_new(tmp_path: Path) -> None:
    failed = [record for record in small_run(BIAS).records if record.verdict in UNEXPECTED]
    entries = tuple(
        with_fields(entry, rule=f"{entry.rule} and {unlike(failed[0])}") for entry in known().entries["torch"]
    )
    code, loaded = ran(tmp_path, Ledger({"torch": entries}), fail_fast=True)
    assert code == 1
    assert loaded.end is not None
    assert loaded.end.new == 1
    assert len(loaded.records) < len(CASES)


def test_fail_fast_goes_on_behind_what_turns_out_to_be_known_when_it_is_confirmed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen once it differs, seen twice it is unstable, and that is known."""
    monkeypatch.setattr(campaign, "plan_of", playing("tests.cases.players:Unsteady"))
    entry = with_fields(
        known().entries["torch"][0], name="unsteady", verdict="unstable", symptoms=(), rule="", versions=""
    )
    entries = (entry, with_fields(entry, name="without claims", claims=()))
    code, loaded = ran(tmp_path, Ledger({"torch": entries}), fail_fast=True, only=CASES[:12])
    verdicts = [record.verdict for record in loaded.records]
    assert verdicts.count("unstable") > 2
    ran_once = [record.case for record in loaded.records]
    assert set(CASES[:12]) <= set(ran_once)
    assert len(ran_once) == len(set(ran_once))
    assert code == 0


# What is told and written


def test_known_failures_are_not_told_as_unexpected_while_a_run_goes_on(tmp_path: Path) -> None:
    class Counts(Heard):
        unexpected = 0

        def advance(self, backend: str, unexpected: bool) -> None:
            super().advance(backend, unexpected)
            self.unexpected += unexpected

    heard = Counts()
    ran(tmp_path / "known", known(), heard)
    assert heard.unexpected == 0
    heard = Counts()
    _, loaded = ran(tmp_path / "new", None, heard)
    assert heard.unexpected == sum(record.verdict in UNEXPECTED for record in loaded.records)


def test_new_findings_are_explained_and_written_as_they_were_explained(tmp_path: Path) -> None:
    given: list[Finding] = []

    def explain(loaded: RunFile, new: Sequence[Finding]) -> Sequence[Finding]:
        assert loaded.path == tmp_path / "run.jsonl"
        given.extend(new)
        return [with_fields(item, minimal_call="f(1)") for item in new]

    run(options(tmp_path, max_cases=None), asked("torch"), Heard(), explain=explain)
    assert [item.id for item in given] == [item.id for item in shallow()]
    assert {item.minimal_call for item in load(tmp_path).findings} == {"f(1)"}


def test_nothing_is_explained_where_nothing_is_new(tmp_path: Path) -> None:
    def explain(loaded: RunFile, new: Sequence[Finding]) -> Sequence[Finding]:
        raise AssertionError("there is nothing to explain")

    assert run(options(tmp_path, max_cases=None), asked("torch"), Heard(), known=known(), explain=explain) == 0


def test_an_interrupt_while_findings_are_explained_ends_the_run_in_order(tmp_path: Path) -> None:
    def explain(loaded: RunFile, new: Sequence[Finding]) -> Sequence[Finding]:
        raise KeyboardInterrupt

    written: list[Path] = []
    about = options(tmp_path, max_cases=None)
    assert run(about, asked("torch"), Heard(), explain=explain, written=written.append) == 130
    loaded = load(tmp_path)
    assert loaded.end is not None
    assert (loaded.end.interrupted, loaded.end.exit_code) == (True, 130)
    assert written == [loaded.path]
    assert len(loaded.records) == loaded.end.records
    resumed = options(tmp_path, max_cases=None, resume=True)
    assert run(resumed, asked("torch"), Heard()) == 1
    assert load(tmp_path).findings


def test_an_interrupted_run_ends_with_130_whatever_is_known(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    about = options(tmp_path, max_cases=None, strict_known=True)
    ended = run(about, asked("torch"), Heard(), known=known(extra=[gone()]), stop=stop)
    loaded = load(tmp_path) if (tmp_path / "run.jsonl").exists() else None
    assert ended in (4, 130)  # a worker that is stopped while it starts is not there
    assert loaded is None or (loaded.end is not None and loaded.end.ledger == [])


def test_a_resumed_run_has_the_findings_of_the_whole_run_once(tmp_path: Path) -> None:
    code, loaded = ran(tmp_path, None)
    before = loaded.path.read_bytes()
    again = options(tmp_path, max_cases=None, resume=True)
    assert run(again, asked("torch"), Heard(), known=known()) == 0
    resumed = load(tmp_path)
    assert code == 1
    assert [item.id for item in resumed.findings] == [item.id for item in loaded.findings]
    assert all(item.known for item in resumed.findings)
    assert before.count(b'"type":"finding"') == resumed.path.read_bytes().count(b'"type":"finding"')


def test_a_crash_of_a_partner_without_claims_stops_nothing_and_fails_nothing() -> None:
    """As in the exit code, so in `fail_fast`: such an API is only called to be compared with."""
    running = campaign._Running(Heard(), threading.Event(), options(Path("none")), None, 0.0, NOTHING, {}, None)  # type: ignore[arg-type]
    record = next(item for item in small_run(BIAS).records if item.verdict in UNEXPECTED)
    assert running.is_new(record)
    assert not running.is_new(with_fields(record, api="torch.nn.Conv1d"))
