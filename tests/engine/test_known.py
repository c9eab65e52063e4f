"""`conformance known`: a finding is accepted once its script reproduces it, and never into an installed ledger."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace as with_fields

from cases import known as ledgers
from cases.known import BadLedger, Entry, Ledger, add, ledger, read
from conformance import known, proof
from conformance.backends import Specification, Unavailable
from conformance.errors import UsageError
from conformance.findings import found
from conformance.known import FOLDER, Words, accept, entries, entry_of, listed
from conformance.reproduce import Printed
from reports.failures import failures
from reports.reading import RunFile
from reports.record import BackendLine, Finding, Shown
from tests.engine.played import asked
from tests.engine.small_runs import BIAS, small_run

THERE, GONE = Printed("exit code 1", "3 against 4", there=True), Printed("exit code 0", "equal", there=False)
WORDS = Words("reported to the maintainers")


@pytest.fixture(autouse=True)
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped ledger, empty and in a checkout."""
    folder = tmp_path / "checkout" / "cases" / "known"
    folder.mkdir(parents=True)
    (tmp_path / "checkout" / "pyproject.toml").write_text("")
    monkeypatch.setattr(ledgers, "SHIPPED", folder)
    monkeypatch.setattr(known, "SHIPPED", folder)
    return folder


@pytest.fixture(autouse=True)
def printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every script reproduces what it is about; the scripts that were run."""
    scripts: list[str] = []

    def reproduce(script: str, *_: object) -> Printed:
        scripts.append(script)
        return THERE

    monkeypatch.setattr(proof, "reproduce", reproduce)
    monkeypatch.setattr(known, "resolve", lambda specification, install: asked("torch")[0].backend)
    return scripts


def a_run(**more: Any) -> tuple[RunFile, Finding]:
    """A run of an adapter that adds no bias, and its finding."""
    loaded = small_run(BIAS)
    finding = with_fields(found(loaded, Ledger({})).findings[0], **more)
    return RunFile(**{**vars(loaded), "findings": (finding,)}), finding


def test_an_accepted_finding_is_an_entry_that_covers_all_of_it(tmp_path: Path, printed: list[str]) -> None:
    loaded, finding = a_run()
    path, entry = accept(loaded, finding.id[:5], WORDS, tmp_path / "new" / "ours")
    assert path == tmp_path / "new" / "ours" / "torch.toml"
    assert read(path) == (entry,)
    assert len(printed) == 1
    line = loaded.run.backends[0]
    assert (entry.verdict, entry.rule, entry.apis) == ("differs", finding.rule, tuple(finding.apis))
    assert (entry.reason, entry.link, entry.date) == (WORDS.reason, "", datetime.now(UTC).date())
    assert (entry.versions, entry.device, entry.capability) == (f"=={line.version}", "cpu", "")
    assert all(item.is_of(entry) for item in failures(loaded, line.name))
    assert entry.speaks_of(line.version, "cpu", line.capability)
    again = found(loaded, ledger(path.parent))
    assert again.new == ()
    assert [(item.id, item.known) for item in again.findings] == [(finding.id, entry.name)]
    assert again.held[0].absent == again.held[0].broad == ()


def test_what_a_person_says_of_an_entry_stands_in_it(tmp_path: Path) -> None:
    loaded, finding = a_run()
    capable = with_fields(loaded.run, backends=[with_fields(loaded.run.backends[0], capability="AVX2")])
    loaded = RunFile(**{**vars(loaded), "run": capable})
    words = Words(" why ", "own-name", ">=2,<3", "https://example.org/1", capability=True)
    _, entry = accept(loaded, finding.id, words, tmp_path)
    assert (entry.name, entry.reason, entry.versions) == ("own-name", "why", ">=2,<3")
    assert (entry.link, entry.capability) == ("https://example.org/1", "AVX2")


def test_the_local_part_of_a_version_and_the_number_of_a_device_are_left_out() -> None:
    _, finding = a_run()
    line = BackendLine(name="torch==2.13.0+cu126:cuda:1", framework="torch", version="2.13.0+cu126", device="cuda:1")
    entry = entry_of(finding, line, WORDS)
    assert (entry.versions, entry.device) == ("==2.13.0", "cuda")
    assert entry.speaks_of("2.13.0+cu126", "cuda:0", "")
    assert entry.speaks_of("2.13.0", "cuda", "")


def test_a_name_is_made_of_what_is_found_and_tells_two_findings_apart() -> None:
    _, finding = a_run()
    line = BackendLine(name="torch", framework="torch", version="2.13.0")
    names = {entry_of(item, line, WORDS).name for item in (finding, with_fields(finding, id="0" * 8))}
    assert len(names) == 2
    assert all(name.startswith("convtranspose1d-differs-") for name in names)
    long = with_fields(finding, rule=" and ".join(["stride > 1"] * 20), apis=["torch.nn.A", "torch.nn.B"])
    assert len(entry_of(long, line, WORDS).name) < 70


def test_a_finding_whose_script_does_not_reproduce_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "reproduce", lambda *_: GONE)
    loaded, finding = a_run(shown=Shown(ended="exit code 1", printed="", word="reproduced"))  # it did, earlier
    with pytest.raises(UsageError, match=r"is not reproduced by its script \(exit code 0\)"):
        accept(loaded, finding.id, WORDS, tmp_path / "ours")
    assert not (tmp_path / "ours").exists()


def test_what_changes_from_run_to_run_needs_no_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "reproduce", lambda *_: GONE)
    loaded, finding = a_run(verdict="unstable")
    assert accept(loaded, finding.id, WORDS, tmp_path / "ours")[1].verdict == "unstable"


def test_a_backend_that_is_not_here_cannot_reproduce_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    absent = Unavailable(Specification("torch"), "no torch here.", "Install it.")
    monkeypatch.setattr(known, "resolve", lambda specification, install: absent)
    loaded, finding = a_run()
    with pytest.raises(UsageError, match="is not on this machine: no torch here"):
        accept(loaded, finding.id, WORDS, tmp_path / "ours")
    assert not (tmp_path / "ours").exists()


def test_what_is_known_already_is_refused(tmp_path: Path, printed: list[str]) -> None:
    loaded, finding = a_run(known="some-entry")
    with pytest.raises(UsageError, match="known already, as 'some-entry'"):
        accept(loaded, finding.id, WORDS, tmp_path / "ours")
    assert printed == []


@pytest.mark.parametrize("reason", ["", "   "])
def test_an_entry_without_a_reason_is_refused(tmp_path: Path, reason: str, printed: list[str]) -> None:
    loaded, finding = a_run()
    with pytest.raises(UsageError, match="needs a reason"):
        accept(loaded, finding.id, Words(reason), tmp_path / "ours")
    assert printed == []


def test_no_finding_and_several_findings_are_refused_by_name(tmp_path: Path) -> None:
    loaded, _ = a_run()
    with pytest.raises(LookupError, match="no finding 'zz'"):
        accept(loaded, "zz", WORDS, tmp_path / "ours")


@pytest.mark.parametrize("where", ["ours", "shipped"])
def test_a_name_that_is_taken_is_refused_before_anything_is_run(
    tmp_path: Path, shipped: Path, where: str, printed: list[str]
) -> None:
    """In the shipped ledger, too: else no later command could read the two."""
    loaded, finding = a_run()
    words = Words("r", name="taken")
    taken = entry_of(finding, loaded.run.backends[0], words)
    add((tmp_path / "ours" if where == "ours" else shipped) / "torch.toml", taken)
    with pytest.raises(UsageError, match="'taken'"):
        accept(loaded, finding.id, words, tmp_path / "ours")
    assert printed == []
    assert ledger(tmp_path / "ours").entries["torch"] == (taken,)


@pytest.mark.parametrize(("words", "key"), [(Words("r", versions="new"), "versions"), (Words("r", "  "), "name")])
def test_what_could_not_be_read_back_is_not_written(tmp_path: Path, words: Words, key: str) -> None:
    loaded, finding = a_run()
    with pytest.raises(BadLedger, match=f"{key}: "):
        accept(loaded, finding.id, words, tmp_path / "ours")
    assert not (tmp_path / "ours").exists()


def test_the_rule_of_a_harmful_run_file_is_not_written(tmp_path: Path) -> None:
    loaded, finding = a_run(rule="__import__('os')")
    with pytest.raises((BadLedger, ValueError), match="is no rule"):
        accept(loaded, finding.id, WORDS, tmp_path / "ours")
    assert not (tmp_path / "ours").exists()


@pytest.mark.parametrize("inside", ["", "deeper"])
def test_an_installed_ledger_is_never_written(
    tmp_path: Path, shipped: Path, inside: str, monkeypatch: pytest.MonkeyPatch, printed: list[str]
) -> None:
    (tmp_path / "checkout" / "pyproject.toml").unlink()  # as in site-packages
    loaded, finding = a_run()
    monkeypatch.chdir(shipped.parent)
    link = tmp_path / "link"
    link.symlink_to(shipped)
    for folder in (shipped / inside, Path("known") / inside, link / inside):
        with pytest.raises(UsageError, match="read-only once installed"):
            accept(loaded, finding.id, WORDS, folder)
    assert list(shipped.iterdir()) == []
    assert printed == []


def test_the_ledger_of_a_checkout_can_be_written(shipped: Path) -> None:
    loaded, finding = a_run()
    path, entry = accept(loaded, finding.id, WORDS, shipped)
    assert path == shipped / "torch.toml"
    assert ledger(shipped).entries == {"torch": (entry,)}


# The ledger that a command means


def test_a_folder_that_was_named_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="there is no folder"):
        entries(tmp_path / "missing")
    assert entries(FOLDER).entries == {}


def test_the_folder_beside_the_work_and_the_shipped_one_count_together(
    tmp_path: Path, shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _, finding = a_run()
    line = BackendLine(name="torch", framework="torch", version="2.13.0")
    ours, theirs = (entry_of(finding, line, Words("why", name=name)) for name in ("ours", "theirs"))
    add(FOLDER / "torch.toml", ours)
    add(shipped / "torch.toml", theirs)
    assert entries(FOLDER).entries["torch"] == (ours, theirs)
    assert entries(shipped).entries["torch"] == (theirs,)


def test_every_entry_is_a_line() -> None:
    _, finding = a_run()
    line = BackendLine(name="torch", framework="torch", version="2.13.0")
    entry = entry_of(finding, line, Words("why", name="ours"))
    bare: Entry = with_fields(entry, name="bare", rule="", verdict="", versions="")
    assert list(listed(Ledger({"torch": (entry, bare)}))) == [
        f"torch==2.13.0 ours: differs if {entry.rule} (why)",
        "torch bare: compared (why)",
    ]
