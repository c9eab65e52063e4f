"""What holds of the difference of any two runs: none from itself, mirrored the other way."""

import random
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.difference import RunDifference, difference
from reports.difference_shown import terminal
from reports.difference_text import as_json
from reports.reading import RunFile
from reports.record import VERDICTS
from tests.reports.test_difference import CASES, did, finding, runfile, torch


@st.composite
def runs(draw: st.DrawFn) -> RunFile:
    """Runs of a few cases on two versions of one framework, with findings of a few ids and symptoms."""
    versions = draw(st.lists(st.sampled_from(["2.12.0", "2.13.0"]), min_size=1, max_size=2, unique=True))
    lines = [torch(version) for version in versions]
    records, findings = [], []
    for line in lines:
        for number in draw(st.sets(st.integers(0, 5))):
            for mode in draw(st.sets(st.sampled_from(["eager", "compiled"]), min_size=1)):
                margin = draw(st.none() | st.floats(0, 2))
                verdict = draw(st.sampled_from(VERDICTS))
                records.append(did(number, verdict, backend=line.name, mode=mode, margin=margin))
        for name in draw(st.sets(st.sampled_from("abcd"))):
            cases = draw(st.lists(st.sampled_from([item.id for item in CASES]), min_size=1, unique=True))
            symptom, known = draw(st.sampled_from("xy")), draw(st.sampled_from(["", "torch-1"]))
            rule = draw(st.sampled_from(["", "stride > 1"]))
            findings.append(
                finding(
                    name, backend=line.name, cases=cases, symptoms=[symptom], known=known, rule=rule, modes=["eager"]
                )
            )
    return runfile(*records, findings=tuple(findings), backends=lines, seed=draw(st.integers(0, 1)))


def mirror(found: RunDifference) -> tuple[Any, ...]:
    """What must be the same when old and new change places."""
    held = found.findings
    return (
        *([(item.finding, item.executed, item.failing, item.why) for item in part] for part in (held.gone, held.new)),
        (held.new_not_compared, held.old_not_compared),
        {(item.new.id, item.old.id, item.new.backend, item.old.backend) for item in held.changed},
        sorted((row.new_backend, row.old_backend, row.api, row.new, row.old, row.count) for row in found.verdicts),
        sorted((row.claim, row.new_backend, row.old_backend, row.new, row.old, row.compared) for row in found.claims),
        sorted((row.new_backend, row.old_backend, row.new_largest, row.old_largest) for row in found.margins),
        {(change.what, change.new, change.old) for change in found.versions},
        [(row.api, row.both, row.only_new, row.only_old) for row in found.cases],
    )


def straight(found: RunDifference) -> tuple[Any, ...]:
    """The same as they stand."""
    held = found.findings
    return (
        *([(item.finding, item.executed, item.failing, item.why) for item in part] for part in (held.new, held.gone)),
        (held.old_not_compared, held.new_not_compared),
        {(item.old.id, item.new.id, item.old.backend, item.new.backend) for item in held.changed},
        sorted((row.old_backend, row.new_backend, row.api, row.old, row.new, row.count) for row in found.verdicts),
        sorted((row.claim, row.old_backend, row.new_backend, row.old, row.new, row.compared) for row in found.claims),
        sorted((row.old_backend, row.new_backend, row.old_largest, row.new_largest) for row in found.margins),
        {(change.what, change.old, change.new) for change in found.versions},
        [(row.api, row.both, row.only_old, row.only_new) for row in found.cases],
    )


@given(runs())
def test_a_run_does_not_differ_from_itself(run: RunFile) -> None:
    found = difference(run, run)
    assert found.same
    assert found.exit_code == 0
    assert "Nothing differs" in terminal(found)
    assert found.findings.same == len(run.findings) or not found.by_findings


@given(runs(), runs())
def test_what_is_new_one_way_is_gone_the_other_way(one: RunFile, other: RunFile) -> None:
    assert mirror(difference(one, other)) == straight(difference(other, one))


@given(runs(), runs(), st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_the_order_of_the_lines_plays_no_part(one: RunFile, other: RunFile, chance: random.Random) -> None:
    def shuffled(run: RunFile) -> RunFile:
        records, findings = list(run.records), list(run.findings)
        chance.shuffle(records)
        chance.shuffle(findings)
        return replace(run, records=tuple(records), findings=tuple(findings))

    assert as_json(difference(shuffled(one), shuffled(other))) == as_json(difference(one, other))
