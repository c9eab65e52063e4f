"""The default run on the real PyTorch, MindSpore and OneFlow: what it must reach, and what it must say."""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from reports.reading import RunFile
from reports.record import UNEXPECTED, Comparison, Record
from reports.summary import summarise
from reports.write import write_reports

ALL = ("torch", "mindspore", "oneflow")
pytestmark = [pytest.mark.torch, pytest.mark.mindspore, pytest.mark.oneflow]
RunOn = Callable[..., tuple[int, RunFile]]


@pytest.fixture(scope="module")
def whole(run_on: RunOn) -> tuple[int, RunFile]:
    return run_on(*ALL)


def of(run: RunFile, framework: str) -> Iterator[Record]:
    return (record for record in run.records if record.backend.startswith(framework))


def claimed(run: RunFile, claim: str) -> list[Comparison]:
    return [line for line in run.comparisons if line.claim == claim]


def test_every_framework_runs_at_least_a_thousand_cases_and_all_end_with_an_outcome(
    whole: tuple[int, RunFile],
) -> None:
    _, run = whole
    counts = Counter(record.backend.partition("=")[0] for record in run.records)
    assert set(counts) == set(ALL)
    assert min(counts.values()) >= 1000
    assert not [record.case for record in run.records if record.verdict in ("unavailable", "unstable", "timed-out")]
    assert run.end is not None
    assert run.end.canary == "caught"
    assert run.end.records == len(run.records)


def test_the_known_contradictions_make_the_run_end_with_exit_code_1(whole: tuple[int, RunFile]) -> None:
    code, run = whole
    assert code == 1
    assert any(record.verdict in UNEXPECTED for record in run.records)


@pytest.mark.parametrize("framework", ["torch", "oneflow"])
def test_every_valid_call_conforms_on_pytorch_and_oneflow(whole: tuple[int, RunFile], framework: str) -> None:
    _, run = whole
    valid = [record for record in of(run, framework) if record.expected.what == "value"]
    assert len(valid) > 1000
    assert [record.call for record in valid if record.verdict != "conforms"] == []
    margins = [record.margin for record in valid if record.margin is not None]
    assert len(margins) > 300
    assert max(margins) < 1


def test_mindspore_agrees_with_the_reference_wherever_no_contradicted_claim_is_touched(
    whole: tuple[int, RunFile],
) -> None:
    _, run = whole
    flat = [record for record in of(run, "mindspore") if record.api.endswith("Conv1dTranspose")]
    odd = [record for record in flat if record.verdict == "differs"]
    # All that differs in one dimension is pad_mode valid with a stride longer than the kernel.
    assert odd
    assert {
        check.claim.partition("/")[2] for record in odd for check in record.checks if check.counts and not check.holds
    } == {
        "output-values",
        "output-length-valid",
        "output-length-valid-comparison",
        "valid-no-padding",
    }


def test_the_comparison_page_is_right_on_shapes_and_wrong_on_values_of_its_second_example(
    whole: tuple[int, RunFile],
) -> None:
    _, run = whole
    said = {}
    for number in (1, 2, 3):
        (line,) = claimed(run, f"mindspore.nn.Conv1dTranspose/example-{number}-equals-torch")
        said[number] = (line.shapes, line.values)
    assert said == {1: ("equal", "equal"), 2: ("equal", "different"), 3: ("equal", "equal")}
    lines = claimed(run, "mindspore.nn.Conv1dTranspose/pad-equals-torch")
    assert len(lines) >= 100
    assert all(line.agrees for line in lines)


def test_an_abort_of_oneflow_costs_its_case_only_and_is_confirmed(whole: tuple[int, RunFile]) -> None:
    _, run = whole
    crashed = [record for record in of(run, "oneflow") if record.verdict == "crashed"]
    assert crashed
    assert {record.actual.error for record in crashed} == {"SIGABRT"}
    assert all("alone" in record.actual.detail for record in crashed)
    assert all("kernel_size" in record.expected.argument for record in crashed)


def test_the_articles_example_prints_what_its_formula_says_and_not_what_it_prints(
    whole: tuple[int, RunFile],
) -> None:
    _, run = whole
    (standing,) = [
        item for item in summarise(run).standings if item.claim.id == "torch.nn.ConvTranspose1d/example-article"
    ]
    assert standing.state == "document"
    assert standing.smallest is not None
    assert "(1, 8, 20)" in standing.smallest.detail


def test_both_reports_of_a_real_run_are_written_and_name_every_backend(whole: tuple[int, RunFile]) -> None:
    _, run = whole
    write_reports(run, run.path.parent)
    for name in ("report.html", "report.md"):
        text = (run.path.parent / name).read_text(encoding="utf-8")
        for backend in ("PyTorch", "MindSpore", "OneFlow"):
            assert backend in text
