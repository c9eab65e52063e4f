"""`conformance compare`: what it takes, what it refuses, and that the committed evidence is of today's cases."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cases.case import Arguments, Case
from cases.catalogue import apis
from cases.values import Tensor
from conformance import compare as engine
from conformance.cli_compare import compare
from conformance.compare_code import example_code, numbers
from conformance.compare_examples import Sides, codes, documented, example, sides
from conformance.reproduce import Printed
from reports.comparison_evidence import Evidence, Program, read

COMMITTED = Path(__file__).parents[2] / "docs" / "compare"
PAIR = ("torch.nn.ConvTranspose1d", "mindspore.nn.Conv1dTranspose")


def told(*arguments: str) -> Result:
    return CliRunner().invoke(compare, arguments)


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return read(COMMITTED)


def test_the_committed_evidence_is_of_today_s_cases_counterparts_and_documents(evidence: Evidence) -> None:
    stale = engine.stale(evidence)
    assert not stale, (
        f"{', '.join(stale)}: planned or answered otherwise than when docs/compare was made; run "
        "`conformance run -o RUN`, then `conformance compare --all --run RUN --to docs/compare`"
    )


def test_another_plan_or_counterpart_or_document_makes_evidence_stale(
    evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "digest", lambda name: "0" if name == PAIR[0] else evidence.plans[name])
    monkeypatch.setattr(engine, "documents", lambda names: evidence.documents | {"torch-article": "0"})
    assert engine.stale(evidence) == [PAIR[0], "torch-article"]


def test_the_digest_of_an_api_changes_with_the_answers_of_the_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    before = engine.digest.__wrapped__(PAIR[0])
    operator = engine.operators()["conv_transpose"]
    monkeypatch.setattr(operator, "counterpart", lambda case, framework: "nowhere")
    assert engine.digest.__wrapped__(PAIR[0]) != before


def test_the_programs_of_the_evidence_are_those_of_today_s_solver(evidence: Evidence) -> None:
    for page in evidence.pages:
        held = codes(sides(page.left, page.right))
        today = {name for programs in held.values() for name in programs}
        kept = {name for item in page.examples for name in (item.left, item.right) if name}
        assert kept == today, f"the examples of {page.left} and {page.right} are other ones; make docs/compare anew"


def test_a_pair_is_written_in_both_languages_and_both_forms(tmp_path: Path) -> None:
    done = told(*PAIR, "--from", str(COMMITTED), "--to", str(tmp_path))
    assert done.exit_code == 0, done.output
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [f"{PAIR[0]}--{PAIR[1]}.{lang}.{form}" for lang in ("en", "zh") for form in ("html", "md")]
    assert all((tmp_path / name).read_bytes() == (COMMITTED / name).read_bytes() for name in names)


def test_one_language_is_written_where_it_is_asked_for(tmp_path: Path) -> None:
    assert told(*PAIR, "--from", str(COMMITTED), "--lang", "zh", "--to", str(tmp_path)).exit_code == 0
    assert {path.name.split(".")[-2] for path in tmp_path.iterdir()} == {"zh"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("torch.nn.ConvTranspose1d",), "1 APIs were named"),
        ((), "0 APIs were named"),
        ((*PAIR, "--all"), "beside --all"),
        (("torch.nn.ConvTranspose9d", PAIR[1]), "'torch.nn.ConvTranspose9d' is no API"),
        (("torch.nn.ConvTranspose1d", "torch.nn.ConvTranspose2d"), "of one framework"),
        ((*PAIR, "--run", "a", "--from", "b"), "--run and --from"),
        ((*PAIR, "--run", "no-such-run.jsonl"), "no-such-run.jsonl cannot be read"),
        ((*PAIR, "--from", "no-such-evidence.json"), "no-such-evidence.json cannot be read"),
        (("--all", "--lang", "zh"), "--all writes both languages"),
    ],
)
def test_bad_input_ends_with_its_name_a_way_out_and_code_2(arguments: tuple[str, ...], said: str) -> None:
    done = told(*arguments)
    assert done.exit_code == 2
    assert said in done.output
    assert "Traceback" not in done.output


def test_without_a_run_it_says_how_to_name_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = told(*PAIR)
    assert done.exit_code == 2
    assert "--run" in done.output


def test_evidence_without_the_pair_says_which_is_missing(tmp_path: Path) -> None:
    done = told("torch.nn.ConvTranspose1d", "mindspore.nn.Conv3dTranspose", "--from", str(COMMITTED))
    assert done.exit_code == 2
    assert "holds nothing of torch.nn.ConvTranspose1d and mindspore.nn.Conv3dTranspose" in done.output


def layer(*shape: int, dtype: str = "float32") -> Case:
    construct = Arguments((1, 1, 3), (("bias", False),))
    given = Arguments((Tensor("input", shape, dtype),))
    return Case("torch.nn.ConvTranspose1d", construct, given, (Tensor("weight", (1, 1, 3), dtype),))


def test_a_program_holds_the_numbers_that_the_reference_is_given() -> None:
    code = example_code(layer(1, 1, 2))
    assert "np.arange(1, 3, dtype=np.float32).reshape(1, 1, 2)" in code
    assert numbers(Tensor("input", (1, 1, 2), "float32")).tolist() == [[[1.0, 2.0]]]
    compile(code, "example.py", "exec")


def test_what_the_documents_make_a_program_print_is_what_the_reference_computes() -> None:
    assert documented(layer(1, 1, 2)) == "(1, 1, 4)\n[[[1. 4. 7. 6.]]]"


@pytest.mark.parametrize(("text", "departs"), [("(1, 1, 4)\n[[[1. 4. 7. 6.]]]", False), ("(1, 1, 3)\n[]", True)])
def test_a_program_departs_where_it_prints_something_else(text: str, departs: bool) -> None:
    item = Sides("key", layer(1, 1, 2), "there is none", counterpart=True)
    (name,) = codes([item])["torch"]
    programs: dict[str, Program] = {}
    made = example(item, programs, {name: Printed("exit code 0", text, there=False)})
    assert (made.left, made.right, made.reason) == (name, "", "there is none")
    assert programs[name].departs is departs


def test_a_program_that_was_not_run_says_that_its_framework_is_not_here() -> None:
    programs: dict[str, Program] = {}
    example(Sides("key", layer(1, 1, 2), "", counterpart=True), programs, {})
    (program,) = programs.values()
    assert (program.reason, program.departs) == ("torch is not here", False)


def test_every_pair_has_known_apis() -> None:
    assert {name for pair in engine.every_pair() for name in pair} <= set(apis())
