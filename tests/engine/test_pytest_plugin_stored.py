"""A stored run in the pytest plugin: judged again without any framework, and what of it is told."""

from dataclasses import replace
from pathlib import Path

import pytest
from msgspec.structs import replace as altered

import conformance.pytest_session  # imported once: each session inside of a test would import it anew
from cases.catalogue import apis
from reports.arrays import unpack
from reports.record import BackendLine
from tests.engine.played import TORCH
from tests.engine.small_runs import BIAS, conforming, contradicted, doctored, save, small_run

pytest_plugins = "pytester"


@pytest.fixture(autouse=True)
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker may start, and no backend be looked for."""

    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("a stored run needs no framework")

    for name in ("resolve", "Probe"):
        monkeypatch.setattr(conformance.pytest_live, name, forbidden)
    monkeypatch.setattr(conformance.campaign, "run", forbidden)


def failed(result: pytest.RunResult) -> set[str]:
    lines = [line.split()[1] for line in result.outlines if line.startswith("FAILED ")]
    return {name.rpartition("::")[2] for name in lines}


def test_a_stored_run_fails_the_tests_that_its_own_session_did(pytester: pytest.Pytester) -> None:
    loaded = small_run(BIAS)
    result = pytester.runpytest_inprocess(f"--conformance-run={save(loaded, pytester.path)}", "-rf")
    assert failed(result) == contradicted(loaded) != set()
    result.stdout.fnmatch_lines(
        [f"{len(loaded.records)} records of *run.jsonl judged again, 0 could not be", "0 verdicts changed since"]
    )


def test_one_doctored_array_fails_just_what_is_claimed_of_it(pytester: pytest.Pytester) -> None:
    faulty, sound = small_run(BIAS), small_run()
    wrong = next(item for item in faulty.records if [check.claim for check in _failed(item)] == [VALUES])
    loaded, was = doctored(sound, lambda item: item.case == wrong.case, actual=wrong.actual)
    assert was.verdict == "conforms"
    result = pytester.runpytest_inprocess(f"--conformance-run={save(loaded, pytester.path)}", "-rf")
    assert failed(result) == {VALUES}
    found = wrong.difference
    assert found is not None
    result.stdout.fnmatch_lines(
        [
            f"{found.actual} at {tuple(found.index)}, but should be {found.expected} [[]*[]] (case {was.case})",
            "1 verdict changed since",
            f"  case {was.case} on torch==*:cpu (eager): conforms, now differs",
        ]
    )


VALUES = f"{TORCH}/output-values"


def _failed(record):
    return [check for check in record.checks if check.counts and not check.holds]


def test_what_could_not_be_judged_again_is_counted_with_its_reason(pytester: pytest.Pytester) -> None:
    loaded = small_run()
    was = next(filter(conforming, loaded.records))
    loaded, _ = doctored(loaded, conforming, arguments={"api": TORCH})
    result = pytester.runpytest_inprocess(f"--conformance-run={save(loaded, pytester.path)}", "-q")
    result.stdout.fnmatch_lines(
        [
            f"{len(loaded.records) - 1} records of *run.jsonl judged again, 1 could not be",
            "  1 keep their verdict: this version cannot prepare its case: *",
            "  * checks are taken over in what was judged again: of these the records do not hold enough",
        ]
    )
    assert was.verdict == "conforms"


def test_no_more_than_twenty_changed_verdicts_are_listed(pytester: pytest.Pytester) -> None:
    loaded = small_run()
    records = tuple(altered(item, verdict="unsupported") for item in loaded.records)
    result = pytester.runpytest_inprocess(
        f"--conformance-run={save(replace(loaded, records=records), pytester.path)}", "-q"
    )
    lines = result.outlines
    count = sum(item.verdict != "unsupported" for item in loaded.records)
    assert f"{count} verdicts changed since" in lines
    assert sum("unsupported, now" in line for line in lines) == 20
    assert f"  and {count - 20} more" in lines


def test_only_the_records_of_what_is_chosen_are_judged_again(pytester: pytest.Pytester) -> None:
    loaded = small_run()
    (line,) = loaded.run.backends
    other = altered(line, name="torch==0.1:cpu", version="0.1")
    missing = BackendLine(name="oneflow:cpu", framework="oneflow", unavailable="There is none.")
    twice = replace(
        loaded,
        run=altered(loaded.run, backends=[line, other, missing]),
        records=(*loaded.records, *(altered(item, backend=other.name) for item in loaded.records)),
    )
    path = save(twice, pytester.path)
    whole = pytester.runpytest_inprocess(f"--conformance-run={path}", "-rs", "-k", "verdicts or unavailable")
    whole.assert_outcomes(passed=2, skipped=1, deselected=2 * len(apis()[TORCH].claims))
    whole.stdout.fnmatch_lines(["SKIPPED *: There is none."])
    one = pytester.runpytest_inprocess(f"--conformance-run={path}", "-b", "torch==0.1", "-k", "verdicts")
    one.assert_outcomes(passed=1, deselected=len(apis()[TORCH].claims))
    one.stdout.fnmatch_lines([f"{len(loaded.records)} records of *"])


def test_a_folder_is_a_run_file_and_an_unfinished_one_can_be_judged(pytester: pytest.Pytester) -> None:
    loaded = replace(small_run(), end=None, comparisons=())
    path = save(loaded, pytester.path)
    with path.open("ab") as stream:
        stream.write(b'{"type":"record","case":"cut sho')
    result = pytester.runpytest_inprocess(f"--conformance-run={Path(path.parent)}", "-k", "output-values")
    result.assert_outcomes(passed=1, deselected=len(apis()[TORCH].claims))


def test_the_arrays_that_show_a_difference_are_kept() -> None:
    """What the tests above stand on: without its array a difference could not be judged again."""
    wrong = [item for item in small_run(BIAS).records if item.verdict == "differs"]
    assert wrong
    assert all(item.actual.array is not None and unpack(item.actual.array) is not None for item in wrong)
