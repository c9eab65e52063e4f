"""The commands: data on stdout, progress on stderr, exit codes, and mistakes of the user told without a traceback."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy
import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from cases.catalogue import apis
from conformance import __version__, campaign, corpus
from conformance.cli import cli
from conformance.lanes import ROOT
from reports.reading import load

TORCH = "torch.nn.ConvTranspose1d"
CASES = 30 + sum(item.case.api == TORCH for item in corpus.shipped())  # pinned ones run whatever --max-cases is
BADGE = f"badge-numpy-{numpy.__version__}-cpu"
FILES = [f"{BADGE}.json", f"{BADGE}.svg", "report.html", "report.md", "run.jsonl", "summary.md"]


def called(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(item) for item in arguments])


def process(*arguments: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "conformance", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small run of the reference, made once by the real command."""
    folder = tmp_path_factory.mktemp("cli") / "report"
    done = process("run", TORCH, "-b", "numpy", "--max-cases", 30, "-o", folder)
    assert done.returncode == 0, done.stderr
    assert f"{CASES} cases" in done.stderr
    assert "NumPy reference" in done.stdout
    assert done.stdout.splitlines()[-1] == "differences: 0 executions are known, 0 are new"
    return folder


def test_a_run_leaves_a_run_file_and_both_reports(report: Path) -> None:
    assert sorted(path.name for path in report.iterdir()) == FILES
    loaded = load(report)
    assert len(loaded.records) == CASES
    assert loaded.run.command[:2] == ["run", TORCH]
    assert loaded.end is not None


def test_a_copied_run_file_is_reported_again_without_a_framework(report: Path, tmp_path: Path) -> None:
    copy = tmp_path / "run.jsonl"
    shutil.copy(report / "run.jsonl", copy)
    done = called("report", copy)
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in tmp_path.iterdir()) == FILES
    assert (tmp_path / "report.md").read_text() == (report / "report.md").read_text()
    assert "NumPy reference" in done.stdout


def test_show_prints_a_case_and_its_script(report: Path) -> None:
    record = next(item for item in load(report).records if item.verdict == "conforms" and item.expected.array)
    done = called("show", report, record.case[:10])
    assert done.exit_code == 0, done.output
    assert record.call in done.stdout
    assert "import torch" in done.stdout
    only = called("show", report / "run.jsonl", record.case, "--script")
    compile(only.stdout, "script", "exec")
    assert only.stdout.rstrip() in done.stdout


def test_claims_are_listed_in_both_languages_and_as_json(report: Path) -> None:
    count = len(apis()[TORCH].claims)
    rows = [json.loads(line) for line in called("claims", TORCH, "--json").stdout.splitlines()]
    assert [row["claim"] for row in rows] == [claim.id for claim in apis()[TORCH].claims]
    assert set(rows[0]) == {"claim", "kind", "statement", "sources", "overruled", "unchecked"}
    chinese = [json.loads(line) for line in called("claims", TORCH, "--json", "--lang", "zh").stdout.splitlines()]
    assert [row["statement"] for row in chinese] == [claim.text.zh for claim in apis()[TORCH].claims]
    plain = called("claims", TORCH).stdout.splitlines()
    assert plain[-1].startswith(f"{count} claims stated, ")
    with_run = [json.loads(line) for line in called("claims", TORCH, "--json", "--run", report).stdout.splitlines()]
    (backend,) = [line.name for line in load(report).run.backends]
    assert {"holds"} <= {row[backend].split()[0] for row in with_run if row[backend]}


def test_the_schema_is_a_json_schema_that_every_line_fits(report: Path) -> None:
    done = called("schema")
    assert done.exit_code == 0
    schema = json.loads(done.stdout)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    lines = [json.loads(line) for line in (report / "run.jsonl").read_text().splitlines()]
    assert {line["type"] for line in lines} == {"run", "record", "property", "end"}
    for line in lines:
        validator.validate(line)


def test_backends_says_what_the_reference_can_do() -> None:
    done = called("backends", "numpy")
    assert done.exit_code == 0, done.output
    assert "numpy" in done.stdout
    assert "float32" in done.stdout


def test_a_bare_command_and_each_command_explain_themselves() -> None:
    for command in ("run", "report", "findings", "known", "show", "diff", "claims", "backends", "schema"):
        assert command in called("--help").stdout
        done = called(command, "-h")
        assert (done.exit_code, "Usage" in done.stdout) == (0, True)
    assert __version__ in called("--version").stdout


BAD = [
    (("run", "-b", "no such backend"), "no such backend"),
    (("run", "-b", "torch=2"), "torch=2"),
    (("run", "-b", "tensorflow"), "tensorflow"),
    (("run", "-b", "torch@/no/such/python"), "/no/such/python"),
    (("run", "-b", "torch==not.a.version"), "not.a.version"),
    (("run", "--strength", "9"), "9"),
    (("run", "--max-cases", "0"), "0"),
    (("run", "--budget", "0"), "--budget"),
    (("run", "--frobnicate"), "--frobnicate"),
    (("frobnicate",), "frobnicate"),
    (("claims", "no.such.Api"), "no.such.Api"),
    (("claims", "--lang", "fr"), "fr"),
    (("show", "{report}", "ffffffffffffffff"), "ffffffffffffffff"),
    (("show", "{report}", ""), "beginning of"),
    (("show", "{bad}", "5be0"), "{bad}"),
    (("show", "/no/such/file", "5be0"), "/no/such/file"),
    (("report", "{bad}"), "{bad}"),
    (("report", "{empty}"), "{empty}"),
    (("claims", "--run", "{bad}"), "{bad}"),
    (("run", TORCH, "-b", "numpy", "-o", "{bad}", "--resume"), "{bad}"),
    (("run", TORCH, "-b", "numpy", "-o", "{report}", "--resume", "--seed", "7"), "seed 0"),
]


@pytest.mark.parametrize(("arguments", "named"), BAD, ids=[" ".join(arguments) for arguments, _ in BAD])
def test_a_mistake_of_the_user_ends_with_2_and_names_it(report: Path, tmp_path: Path, arguments, named) -> None:
    (tmp_path / "bad.jsonl").write_text('{"type":"other"}\n')
    (tmp_path / "empty.jsonl").write_text("")
    places = {"report": report, "bad": tmp_path / "bad.jsonl", "empty": tmp_path / "empty.jsonl"}
    done = called(*(item.format(**places) for item in arguments))
    assert done.exit_code == 2, done.output
    assert named.format(**places) in " ".join(done.stderr.replace("\n", " ").split())
    assert "Traceback" not in done.output
    assert done.stdout == ""


def test_a_mistake_ends_a_real_process_with_2_and_no_traceback(tmp_path: Path) -> None:
    for arguments in (("run", "-b", "no such backend"), ("show", tmp_path / "none.jsonl", "5be0")):
        done = process(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert str(arguments[-1] if arguments[0] == "run" else arguments[1]) in done.stderr
        assert "Traceback" not in done.stderr


def test_nothing_that_matches_ends_with_5_and_says_so(tmp_path: Path) -> None:
    done = called("run", "no.such.Api", "-b", "numpy", "-o", tmp_path)
    assert (done.exit_code, "no.such.Api" in done.stderr) == (5, True)
    done = called("run", TORCH, "-b", "numpy", "--only", "ffffffffffffffff", "-o", tmp_path)
    assert (done.exit_code, "no case is left" in done.stderr) == (5, True)
    assert list(tmp_path.iterdir()) == []


def test_a_backend_that_is_not_there_ends_with_4_and_says_how_to_get_it(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("CONFORMANCE_CACHE", str(tmp_path / "cache"))
    done = called("run", TORCH, "-b", "numpy==0.0.1", "--no-install", "-o", tmp_path / "new")
    assert (done.exit_code, "unavailable" in done.stderr) == (4, True)
    assert not (tmp_path / "new").exists()


def test_a_run_that_did_not_happen_reports_nothing_of_an_earlier_one(report: Path, tmp_path: Path) -> None:
    shutil.copytree(report, tmp_path / "report")
    for arguments, code in ((("-b", "numpy", "--only", "ffffffffffffffff"), 5), (("-b", "numpy==0.0.1"), 4)):
        done = called("run", TORCH, *arguments, "-o", tmp_path / "report")
        assert done.exit_code == code
        assert done.stdout == ""


def test_a_mistake_of_ours_ends_with_3_and_asks_for_a_report(report: Path, monkeypatch) -> None:
    def broken(*_: object, **__: object) -> int:
        raise AssertionError("a bug")

    monkeypatch.setattr(campaign, "run", broken)
    done = called("run", TORCH, "-b", "numpy", "-o", report.parent / "other")
    assert done.exit_code == 3
    assert "a bug" in done.stderr
    assert "mistake of the suite itself" in done.stderr


def test_an_interrupt_ends_with_130(report: Path, monkeypatch) -> None:
    def interrupted(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(campaign, "run", interrupted)
    done = called("run", TORCH, "-b", "numpy", "-o", report.parent / "other")
    assert (done.exit_code, done.stderr.splitlines()[-1]) == (130, "conformance: interrupted")


@pytest.mark.parametrize(
    "harm",
    [
        lambda record: record["actual"].update(array={"shape": [2], "dtype": "no dtype", "data": "AAAAAAAAAAA="}),
        lambda record: record["actual"].update(array={"shape": [2], "dtype": "object", "data": "AAAAAAAAAAA="}),
        lambda record: record["actual"].update(array={"shape": [2], "dtype": "float32", "data": "not base64!"}),
        lambda record: record["actual"].update(array={"shape": [-1, -2], "dtype": "float32", "data": "AAAAAAAAAAA="}),
        lambda record: record["arguments"].update(api="law.x"),
        lambda record: record["arguments"]["data"].update(amplitude=0),
        lambda record: record["arguments"].update(construct=None),
        lambda record: record["arguments"]["call"]["positional"][0]["tensor"].update(dtype="no dtype"),
        lambda record: record["arguments"]["construct"]["keyword"].append(["no_such_argument", 1]),
        lambda record: record.update(arguments={}),
    ],
    ids=["dtype", "object", "base64", "shape", "api", "amplitude", "construct", "tensor", "argument", "nothing"],
)
def test_a_run_file_with_a_harmful_record_is_refused_not_blamed_on_us(report: Path, tmp_path: Path, harm) -> None:
    lines = [json.loads(line) for line in (report / "run.jsonl").read_text().splitlines()]
    record = next(line for line in lines if line["type"] == "record" and line["actual"]["what"] == "returned")
    harm(record)
    path = tmp_path / "harmed.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert len(load(path).records) == CASES
    done = called("show", path, record["case"])
    assert "Traceback" not in done.output
    assert done.exit_code in (0, 2)


def test_a_reader_who_has_enough_ends_a_command_without_a_word() -> None:
    command = [sys.executable, "-m", "conformance", "claims", "*"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        said = running.stderr.read()
    assert (running.returncode, said) == (141, b"")
