"""The commands on what was found, as a person calls them: what they print, what they write, and how they end."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace as with_fields

from cases import known as ledgers
from cases.known import Ledger, add, read
from conformance import campaign, findings_command, known, proof
from conformance import probe as probing
from conformance.cli import cli
from conformance.findings import found
from conformance.known import Words, entry_of
from conformance.reproduce import Printed
from conformance.runfile import put_findings
from reports.reading import load
from reports.record import Finding, Shown
from tests.engine.played import TORCH, asked
from tests.engine.small_runs import BIAS, playing, save, small_run

SCRIPT = "print('expected 3')\n"


def called(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(item) for item in arguments])


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder of the user's, with nothing shipped, and an adapter without bias that plays PyTorch."""
    (tmp_path / "work").mkdir()
    (tmp_path / "shipped").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    for module in (ledgers, known):
        monkeypatch.setattr(module, "SHIPPED", tmp_path / "shipped")
    for module in (campaign, probing):
        monkeypatch.setattr(module, "plan_of", playing(BIAS))
    backend = asked("torch")[0].backend
    monkeypatch.setattr(findings_command, "_resolved", lambda line: backend)
    monkeypatch.setattr(known, "resolve", lambda specification, install: backend)
    monkeypatch.setattr("conformance.cli.resolve", lambda specification, **_: backend)
    there = Printed("exit code 1", "expected 3\nactual 4", there=True)
    monkeypatch.setattr(proof, "reproduce", lambda script, backend: there)


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """A run file with its finding, as a run leaves it that did not explain it."""
    path = save(small_run(BIAS), tmp_path)
    put_findings(path, found(load(path), Ledger({})).findings)
    return path


def finding(path: Path) -> Finding:
    return load(path).findings[0]


def rewritten(path: Path, **more: object) -> Finding:
    """The finding of a run file, written again."""
    changed = with_fields(finding(path), **more)
    put_findings(path, [changed])
    return changed


# run


def test_a_run_prints_what_is_new_and_ends_with_1_and_with_0_once_that_is_accepted(tmp_path: Path) -> None:
    about = (TORCH, "-b", "torch", "--max-cases", 60, "-o", "report", "--explain", 0)
    done = called("run", *about)
    assert done.exit_code == 1, done.output
    item = finding(Path("report"))
    assert item.id in done.stdout
    assert "new; " in done.stdout
    accepted = called("known", "add", "report", item.id, "--reason", "reported")
    assert accepted.exit_code == 0, accepted.output
    done = called("run", *about)
    assert done.exit_code == 0, done.output
    assert item.id not in done.stdout
    assert finding(Path("report")).known == read(Path("conformance-known/torch.toml"))[0].name
    again = called("run", *about, "--no-known")
    assert again.exit_code == 1


def test_a_run_explains_what_is_new_as_long_as_it_may(tmp_path: Path) -> None:
    done = called("run", TORCH, "-b", "torch", "--max-cases", 60, "-o", "report", "--explain", 1)
    assert done.exit_code == 1, done.output
    assert "explaining them for at most 1 s" in done.stderr
    item = finding(Path("report"))
    assert item.minimal_call in done.stdout
    assert item.shown is not None


# findings


def test_findings_explains_writes_and_prints(tmp_path: Path, stored: Path) -> None:
    done = called("findings", stored, "--fresh", 4, "--seconds", 2, "--to", tmp_path / "pages")
    assert done.exit_code == 0, done.output
    item = finding(stored)
    assert item.minimal is not None
    assert item.id in done.stdout
    assert f"    {item.minimal_call}" in done.stdout.splitlines()
    assert "script: reproduced" in done.stdout
    assert "explained" in done.stderr
    assert (tmp_path / "pages" / "torch.md").read_text(encoding="utf-8").startswith("# Findings: torch")


# show


def test_a_finding_is_shown_by_its_id_and_by_the_beginning_of_it(stored: Path) -> None:
    item = rewritten(stored, id="zz34abcd", script=SCRIPT, shown=Shown(ended="exit code 1", printed="3", word="run"))
    for name in ("zz34abcd", "zz3"):
        done = called("show", stored, name)
        assert done.exit_code == 0, done.output
        assert done.stdout.startswith(f"finding {item.id}\n  {item.title}\n")
        assert f"  fails iff: {item.rule}\n" in done.stdout
        assert done.stdout.endswith(f"\n{SCRIPT}\n")
        assert called("show", stored, name, "--script").stdout == f"{SCRIPT}\n"


def test_a_case_is_shown_by_its_id_and_what_is_neither_is_refused(stored: Path) -> None:
    item = finding(stored)
    assert called("show", stored, item.smallest).stdout.startswith(f"case {item.smallest}\n")
    done = called("show", stored, "no such thing")
    assert (done.exit_code, "no such thing" in done.stderr) == (2, True)


def test_a_finding_without_a_script_says_how_to_get_one(stored: Path) -> None:
    done = called("show", stored, finding(stored).id, "--script")
    assert done.exit_code == 2
    assert "conformance findings" in done.stderr


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_finding_is_shown_as_an_issue(stored: Path, lang: str) -> None:
    item = rewritten(stored, script=SCRIPT)
    done = called("show", stored, item.id, "--issue", "torch", "--lang", lang)
    assert done.exit_code == 0, done.output
    assert SCRIPT in done.stdout
    assert called("show", stored, "no such finding", "--issue", "torch").exit_code == 2


# known


def test_known_add_writes_an_entry_and_known_list_shows_it(stored: Path) -> None:
    item = finding(stored)
    done = called(
        "known", "add", stored, item.id, "--reason", 'a "reason"', "--name", "mine", "--link", "https://a.b/1"
    )
    assert done.exit_code == 0, done.output
    assert done.stdout.strip() == "conformance-known/torch.toml: mine"
    (entry,) = read(Path("conformance-known/torch.toml"))
    assert (entry.reason, entry.link, entry.rule) == ('a "reason"', "https://a.b/1", item.rule)
    listed = called("known", "list").stdout
    assert listed.strip() == f'torch{entry.versions} mine: differs if {item.rule} (a "reason")'
    assert called("known", "list", "--known", "conformance-known").stdout == listed


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("no such finding", "--reason", "r"), "no such finding"),
        (("{id}", "--reason", " "), "needs a reason"),
        (("{id}",), "--reason"),
        (("{id}", "--reason", "r", "--versions", "new"), "versions"),
        (("{id}", "--reason", "r", "--name", " "), "name"),
        (("{id}", "--reason", "\udcff"), "no text that a file can hold"),
        (("{id}", "--reason", "r", "--to", "{file}"), "{file}"),
    ],
)
def test_a_mistake_in_known_add_ends_with_2_and_writes_nothing(
    stored: Path, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    (tmp_path / "file").write_text("")
    places = {"id": finding(stored).id, "file": tmp_path / "file"}
    done = called("known", "add", stored, *(item.format(**places) for item in arguments))
    assert done.exit_code == 2, done.output
    assert said.format(**places) in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr
    assert not Path("conformance-known").exists()


def test_a_script_that_does_not_reproduce_ends_known_add_with_2(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "reproduce", lambda *_: Printed("exit code 0", "equal", there=False))
    done = called("known", "add", stored, finding(stored).id, "--reason", "r")
    assert (done.exit_code, "is not reproduced" in done.stderr) == (2, True)
    assert not Path("conformance-known").exists()


def test_a_bad_ledger_ends_every_command_that_reads_it_with_2(stored: Path) -> None:
    path = Path("conformance-known/torch.toml")
    path.parent.mkdir()
    path.write_text("[[known]]\nname = 'mine'\n")
    for command in (("run", "-b", "torch", "-o", "new"), ("findings", stored), ("known", "list")):
        done = called(*command)
        assert done.exit_code == 2, done.output
        assert f"{path.name}, entry 1 (mine)" in done.stderr
    assert not Path("new").exists()
    done = called("known", "add", stored, finding(stored).id, "--reason", "r")
    assert (done.exit_code, path.read_text()) == (2, "[[known]]\nname = 'mine'\n")


def test_a_folder_of_known_differences_that_is_not_there_ends_with_2(stored: Path) -> None:
    for command in (("run", "-b", "torch"), ("findings", stored), ("known", "list")):
        done = called(*command, "--known", "missing")
        assert (done.exit_code, "no folder missing" in done.stderr) == (2, True)


# diff


def test_diff_ends_with_1_where_something_new_differs(stored: Path, tmp_path: Path) -> None:
    assert called("diff", stored, stored).exit_code == 0
    (tmp_path / "old").mkdir()
    old = save(small_run(), tmp_path / "old")
    done = called("diff", old, stored, "--json")
    assert done.exit_code == 1, done.output
    assert json.loads(done.stdout)


def test_an_entry_that_is_named_beside_the_work_is_used_by_findings(stored: Path) -> None:
    item = finding(stored)
    add(Path("conformance-known/torch.toml"), entry_of(item, load(stored).run.backends[0], Words("accepted")))
    done = called("findings", stored, "--fresh", 0, "--seconds", 1)
    assert done.exit_code == 0, done.output
    assert "known as " in done.stdout
    assert finding(stored).reason == "accepted"
    assert "; fresh cases: " in done.stdout
    assert len(load(stored).findings) == 1
