"""The default run on the real PyTorch, MindSpore and OneFlow: what it must reach, and what it must say."""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from cases.catalogue import apis
from conformance.corpus import shipped
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
    """What a backend did with the planned cases: pinned ones are there because they fail."""
    pinned = {item.case.id for item in shipped()}
    return (item for item in run.records if item.backend.startswith(framework) and item.case not in pinned)


def claimed(run: RunFile, claim: str) -> list[Comparison]:
    return [line for line in run.comparisons if line.claim == claim]


def test_every_framework_runs_at_least_a_thousand_cases_and_all_end_with_an_outcome(
    whole: tuple[int, RunFile],
) -> None:
    _, run = whole
    counts = Counter(record.backend.partition("=")[0] for record in run.records)
    assert set(counts) == set(ALL)
    assert min(counts.values()) >= 1000
    assert not [record.call for record in run.records if record.verdict in ("unavailable", "timed-out")]
    assert run.end is not None
    assert run.end.canary == "caught"
    assert run.end.records == len(run.records)
    assert len(run.records) == len({(record.backend, record.mode, record.case) for record in run.records})


def test_only_refusals_of_wrong_types_hang_on_what_ran_before(whole: tuple[int, RunFile]) -> None:
    """MindSpore's functions refuse a text for a number, or do not, depending on the calls before."""
    _, run = whole
    unstable = [record for record in run.records if record.verdict == "unstable"]
    assert {record.backend.partition("=")[0] for record in unstable} <= {"mindspore"}
    assert {record.expected.what for record in unstable} <= {"error"}


def test_slow_modes_run_fewer_cases_but_never_none(whole: tuple[int, RunFile]) -> None:
    _, run = whole
    apis_of = {(mode, record.api) for record in run.records for mode in (record.mode,)}
    for mode, framework in (("compiled", "torch"), ("graph", "mindspore")):
        ours = {record.api for record in of(run, framework) if record.arguments["action"] == "call"} & set(apis())
        assert {api for used, api in apis_of if used == mode} == ours
        assert sum(record.mode == mode for record in run.records) < 1000


def test_everything_that_differs_is_known_on_the_pinned_versions(whole: tuple[int, RunFile]) -> None:
    code, run = whole
    assert [item.title for item in run.findings if not item.known] == []
    assert run.end is not None
    assert (run.end.new, code) == (0, 0)
    assert run.end.known >= sum(record.verdict in UNEXPECTED and record.api in apis() for record in run.records) > 1000


def test_almost_every_entry_of_the_ledger_occurs_and_covers_failing_cases_alone(whole: tuple[int, RunFile]) -> None:
    _, run = whole
    assert run.end is not None
    # What hangs on the order of calls, or on the machine, may be missing; and no rule of four comparisons is perfect.
    assert len([note for note in run.end.ledger if "does not occur" in note]) <= 3
    assert len([note for note in run.end.ledger if "too broad" in note]) <= 10


@pytest.mark.parametrize(("framework", "known"), [("torch", set()), ("oneflow", {"input"})])
def test_every_valid_call_conforms_on_pytorch_and_oneflow(
    whole: tuple[int, RunFile], framework: str, known: set[str]
) -> None:
    """Forward values and gradients, of every kind of data, but for a documented name that OneFlow's functions lack."""
    _, run = whole
    promised = [item for item in of(run, framework) if item.expected.what == "value" and not item.expected.detail]
    assert len(promised) > 1000
    odd = [record for record in promised if record.verdict != "conforms"]
    assert [record.call for record in odd if not any(f"({name}=" in record.call for name in known)] == []
    margins = [record.margin for record in promised if record.margin is not None]
    assert len(margins) > 300
    assert max(margins) < 1
    assert sum(bool(record.actual.others) for record in promised) > 100


def test_what_no_document_promises_is_refused_or_right_on_pytorch_and_oneflow(whole: tuple[int, RunFile]) -> None:
    _, run = whole
    for framework in ("torch", "oneflow"):
        found = [item for item in of(run, framework) if item.expected.what == "value" and item.expected.detail]
        verdicts = Counter(record.verdict for record in found if record.arguments["action"] == "call")
        assert set(verdicts) <= {"conforms", "undocumented"}, verdicts


def test_mindspore_agrees_with_the_reference_wherever_no_contradicted_claim_is_touched(
    whole: tuple[int, RunFile],
) -> None:
    _, run = whole
    flat = [record for record in of(run, "mindspore") if record.api == "mindspore.nn.Conv1dTranspose"]
    odd = [item for item in flat if item.verdict == "differs" and item.arguments["data"]["kind"] != "special"]
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
    crashed = [record for record in run.records if record.verdict == "crashed"]
    assert crashed
    assert {record.backend.partition("=")[0] for record in crashed} == {"oneflow"}
    assert {record.actual.error for record in crashed} == {"SIGABRT"}
    assert all(record.actual.detail.startswith("again") for record in crashed)
    # What documents call an error, or do not speak of: never a valid call.
    planned = {record.expected.what for record in of(run, "oneflow") if record.verdict == "crashed"}
    assert planned == {"error", "not documented"}
    assert "kernel_size" in {record.expected.argument for record in crashed}


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


def test_no_backend_contradicts_itself_in_what_it_returns(whole: tuple[int, RunFile]) -> None:
    """Batches, layouts, differentiation, repetition, groups and modes."""
    _, run = whole
    own = [
        item for item in run.comparisons if item.claim.partition("/")[2].startswith(("independent", "modes", "groups"))
    ]
    seen = Counter((item.claim.partition("/")[2], item.left_backend.partition("=")[0]) for item in own)
    assert len({slug for slug, _ in seen}) == 7
    assert {framework for _, framework in seen} == set(ALL)
    assert [item for item in own if item.contradicts and item.counts] == []


def test_each_backend_is_documented_as_the_claims_were_written(whole: tuple[int, RunFile]) -> None:
    """The managed environments hold the versions that the claims were written from."""
    _, run = whole
    inspected = [record for record in run.records if record.actual.what == "described"]
    assert {record.api for record in inspected} == set(apis())
    assert run.drifts == ()


def test_the_precision_of_sums_is_measured_on_every_backend(whole: tuple[int, RunFile]) -> None:
    _, run = whole
    measured = {(item.backend.partition("=")[0], item.name) for item in run.properties}
    for framework in ALL:
        assert {name for backend, name in measured if backend == framework} == {
            "accumulation",
            "margin",
            "sign of zero",
            "subnormal numbers",
        }
