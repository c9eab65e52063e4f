"""A run → its findings, explained and written into its file, and the pages; scripts are run by a stand-in."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace as with_fields

from cases.catalogue import apis
from cases.documentation import Consistent
from cases.known import Ledger
from cases.values import BadValue
from conformance import findings_command, proof
from conformance import probe as probing
from conformance.backends import Backend, Specification
from conformance.campaign import run
from conformance.explain import Effort, Explainer
from conformance.findings import explained, found
from conformance.findings_command import Order, findings
from conformance.known import Words, entry_of
from conformance.pool import WorkerFailed
from conformance.proof import prove
from conformance.reproduce import Printed
from reports.failures import failures
from reports.reading import RunFile, load
from reports.record import BackendLine, Finding
from tests.cases.planned import plan
from tests.engine.played import TORCH, Heard, asked, options
from tests.engine.small_runs import BIAS, REFERENCE, playing, save, small_run

THERE = Printed("exit code 1", "expected 3\nactual 4", there=True)
GONE = Printed("exit code 0", "equal", there=False)
LITTLE = Effort(fresh=6, fresh_slow=2, examples=20, seconds=3)
NOTHING = Ledger({})


class Ran:
    """Stands for the interpreters of backends: remembers the scripts, and says what they ended with."""

    def __init__(self, printed: Printed = THERE) -> None:
        self.printed, self.scripts = printed, list[str]()

    def __call__(self, script: str, backend: Backend, **_: object) -> Printed:
        self.scripts.append(script)
        return self.printed


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Ran:
    stand_in = Ran()
    monkeypatch.setattr(proof, "reproduce", stand_in)
    monkeypatch.setattr(findings_command, "_resolved", here)
    monkeypatch.setattr(probing, "plan_of", playing(BIAS))
    return stand_in


def here(line: BackendLine) -> Backend:
    """Every backend is on this machine, and runs in this interpreter."""
    return asked(line.framework)[0].backend  # type: ignore[return-value]


@pytest.fixture
def wrong(tmp_path: Path) -> RunFile:
    """A run of an adapter that adds no bias."""
    return load(save(small_run(BIAS), tmp_path))


def made(loaded: RunFile, folder: Path | None = None, said: list[str] | None = None) -> tuple[Finding, ...]:
    listen = (said if said is not None else []).append
    return findings(loaded, NOTHING, Order(LITTLE, 2, folder), say=listen)


# Found


def test_a_fault_is_a_finding_that_every_failure_is_in(wrong: RunFile) -> None:
    made_of = found(wrong, NOTHING)
    (backend,) = [line.name for line in wrong.run.backends]
    assert sum(item.support for item in made_of.findings) == len(failures(wrong, backend)) > 0
    assert made_of.new == made_of.findings
    assert "bias" in made_of.findings[0].rule
    assert [item.line.name for item in made_of.held] == [backend]


def test_what_the_ledger_knows_is_a_finding_with_its_name_and_is_not_new(wrong: RunFile) -> None:
    shallow = found(wrong, NOTHING)
    line = wrong.run.backends[0]
    entries = tuple(entry_of(item, line, Words("accepted")) for item in shallow.findings)
    known = found(wrong, Ledger({"torch": entries}))
    assert known.new == ()
    assert [item.id for item in known.findings] == [item.id for item in shallow.findings]
    assert [item.known for item in known.findings] == [entry.name for entry in entries]
    assert {item.reason for item in known.findings} == {"accepted"}
    assert [(item.new, item.absent) for item in known.held] == [((), ())]
    assert found(wrong, Ledger({"mindspore": entries})).new == shallow.new


def test_a_backend_that_was_not_there_has_no_findings(wrong: RunFile) -> None:
    absent = with_fields(wrong.run.backends[0], unavailable="no torch here")
    nobody = RunFile(**{**vars(wrong), "run": with_fields(wrong.run, backends=[absent])})
    assert found(nobody, NOTHING).held == ()
    assert findings_command.backends_of(nobody) == {}


def test_a_run_in_which_all_conforms_has_no_findings_and_pages_that_say_so(tmp_path: Path, ran: Ran) -> None:
    loaded = load(save(small_run(REFERENCE), tmp_path))
    assert made(loaded, tmp_path / "pages") == ()
    assert "## Differences from the documentation (0)" in (tmp_path / "pages" / "torch.md").read_text()
    assert load(loaded.path).findings == ()


# Explained, written and shown


def test_every_finding_is_explained_written_into_the_file_and_onto_the_page(
    tmp_path: Path, wrong: RunFile, ran: Ran
) -> None:
    said: list[str] = []
    done = made(wrong, tmp_path / "pages", said)
    (first, *_) = done
    assert first.minimal_call.startswith("torch.nn.ConvTranspose1d(")
    assert first.tried is not None
    assert first.tried.inside_failing + first.tried.inside_passing == LITTLE.fresh // 2
    assert first.shown is not None
    assert (first.shown.word, first.shown.ended) == ("reproduced", "exit code 1")
    assert first.script in ran.scripts
    compile(first.script, "script", "exec")
    assert load(wrong.path).findings == done
    text = (tmp_path / "pages" / "torch.md").read_text(encoding="utf-8")
    assert f"## Differences from the documentation ({len(done)})" in text
    assert text.count("Outside of the suite") == len(ran.scripts)
    assert first.id in text
    assert said[-1] == (
        f"{tmp_path / 'pages' / 'torch.md'}: {len(done)} findings, {len(done)} reproduced by their scripts, "
        "0 shown by theirs, 0 not reproduced"
    )


def test_what_is_explained_already_is_not_explained_again(tmp_path: Path, wrong: RunFile, ran: Ran) -> None:
    done = made(wrong)
    size, count = wrong.path.stat().st_size, len(ran.scripts)
    assert made(load(wrong.path)) == done
    assert (wrong.path.stat().st_size, len(ran.scripts)) == (size, count)


def test_a_finding_that_its_script_does_not_show_is_told_as_such(tmp_path: Path, wrong: RunFile, ran: Ran) -> None:
    ran.printed = GONE
    said: list[str] = []
    done = made(wrong, tmp_path / "pages", said)
    assert {item.shown.word for item in done if item.shown} == {"not reproduced"}
    assert said[-1].endswith(f"0 reproduced by their scripts, 0 shown by theirs, {len(done)} not reproduced")
    assert "**not** reproduced, exit code 0." in (tmp_path / "pages" / "torch.md").read_text()


def test_a_backend_that_is_not_on_this_machine_is_not_asked(
    tmp_path: Path, wrong: RunFile, ran: Ran, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(findings_command, "_resolved", lambda line: None)
    said: list[str] = []
    done = made(wrong, tmp_path / "pages", said)
    assert ran.scripts == []
    assert "not on this machine; its findings are not explained" in said[0]
    assert {(item.shown, item.minimal) for item in done} == {(None, None)}
    assert "Outside of the suite" not in (tmp_path / "pages" / "torch.md").read_text()


def test_each_framework_of_a_run_has_a_page(tmp_path: Path, played, ran: Ran) -> None:
    run(options(tmp_path / "run", max_cases=5), asked("torch", "numpy"), Heard())
    made(load(tmp_path / "run"), tmp_path / "pages")
    assert sorted(path.name for path in (tmp_path / "pages").iterdir()) == ["numpy.md", "torch.md"]


def test_what_documents_get_wrong_about_themselves_is_shown_beside_the_differences(
    tmp_path: Path, played, ran: Ran
) -> None:
    api = next(name for name, api in apis().items() if any(claim.overruled for claim in api.claims))
    run(options(tmp_path / "run", api, max_cases=None), asked(api.partition(".")[0]), Heard())
    ran.printed = GONE
    made(load(tmp_path / "run"), tmp_path / "pages")
    (path,) = (tmp_path / "pages").iterdir()
    assert "## Documents that are wrong about themselves (0)" not in path.read_text()
    assert ": run, exit code 0." in path.read_text()  # the backend is right, so nothing is reproduced


def test_findings_that_the_time_does_not_suffice_for_are_as_they_were(wrong: RunFile, ran: Ran) -> None:
    several = [with_fields(item, id=f"{number:08x}") for number, item in enumerate(found(wrong, NOTHING).findings * 3)]
    said: list[str] = []
    backends = findings_command.backends_of(wrong)
    done = explained(wrong, several, backends, effort=LITTLE, seconds=-1, say=said.append)
    assert done == several
    assert said == [f"{wrong.run.backends[0].name}: the time is over; 3 of 3 findings not explained"]


def test_a_backend_that_does_not_start_leaves_its_findings_as_they_were(
    wrong: RunFile, ran: Ran, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(self: Explainer, finding: Finding, others: object) -> Finding:
        raise WorkerFailed("it does not start")

    monkeypatch.setattr(Explainer, "explain", fails)
    said: list[str] = []
    shallow = found(wrong, NOTHING).findings
    done = explained(wrong, shallow, findings_command.backends_of(wrong), effort=LITTLE, say=said.append)
    assert tuple(done) == shallow
    assert f"finding {shallow[0].id} is not explained: it does not start" in said[0]


def test_an_error_in_one_backend_ends_the_others_at_once(wrong: RunFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Ctrl-C does, which else would wait until everything is explained."""
    first = found(wrong, NOTHING).findings[0]
    both = [with_fields(first, backend=name) for name in ("a", "b")]
    waited, began = threading.Event(), time.monotonic()

    def explain(self: Explainer, finding: Finding, others: object) -> Finding:
        if self.name == "a":
            assert waited.wait(20)
            raise KeyboardInterrupt
        waited.set()
        assert self.stop.wait(20)
        return finding

    monkeypatch.setattr(Explainer, "explain", explain)
    with pytest.raises(KeyboardInterrupt):
        explained(wrong, both, dict.fromkeys("ab", here(wrong.run.backends[0])), effort=LITTLE)
    assert time.monotonic() - began < 15


# Proofs


@pytest.fixture
def ended(tmp_path: Path, played) -> Callable[..., RunFile]:
    def run_of(adapter: str, **more) -> RunFile:
        played["torch"] = adapter
        run(options(tmp_path / "run", **more), asked("torch"), Heard())
        return load(tmp_path / "run")

    return run_of


BACKEND = Backend(Specification("torch"), Path("python"))


def test_modes_that_differ_are_shown_by_a_script_in_the_mode_that_is_wrong(ended, ran: Ran) -> None:
    loaded = ended("tests.cases.players:ModesDiffer", max_cases=None, only=tuple(plan(TORCH).slow))
    done = [prove(item, loaded, BACKEND) for item in found(loaded, NOTHING).findings]
    assert done
    assert all("torch.compile(" in item.script for item in done)


def test_calls_that_should_be_equal_are_shown_by_one_script_of_both(ended, ran: Ran) -> None:
    claim = next(claim for claim in apis()[TORCH].claims if claim.id.endswith("/independent-of-batch-size"))
    assert isinstance(claim.detail, Consistent)
    pairs = claim.detail.pairs[:4]
    # What is wrong by itself is not compared: here both calls are right by themselves.
    loaded = ended("conformance.adapters.numpy:Adapter", max_cases=None, only=tuple(pair.right.id for pair in pairs))
    lines = tuple(
        with_fields(line, values="different") if line.claim == claim.id else line for line in loaded.comparisons
    )
    loaded = RunFile(**{**vars(loaded), "comparisons": lines})
    items = found(loaded, NOTHING).findings
    assert {(item.verdict, *item.claims) for item in items} == {("", claim.id)}
    for item in items:
        done = prove(item, loaded, BACKEND)
        assert "def left():" in done.script
        assert "def right():" in done.script
        assert "first = first[" in done.script


def test_a_case_without_a_script_says_why(wrong: RunFile, ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object, **__: object) -> str:
        raise BadValue("an array of 999999 elements is too large for a script")

    monkeypatch.setattr(proof, "script", none)
    done = prove(found(wrong, NOTHING).findings[0], wrong, BACKEND)
    assert ran.scripts == []
    assert done.script == ""
    assert done.shown is not None
    assert done.shown.word == "not reproduced"
    assert done.shown.ended == "there is no script: an array of 999999 elements is too large for a script"


def test_a_script_that_cannot_tell_only_shows(wrong: RunFile, ran: Ran) -> None:
    item = found(wrong, NOTHING).findings[0]
    ran.printed = GONE
    assert prove(item, wrong, BACKEND, shows=True).shown.word == "run"  # type: ignore[union-attr]
    assert prove(item, wrong, BACKEND).shown.word == "not reproduced"  # type: ignore[union-attr]
