"""Versions against claims: since when a claim fails, and that only what can be compared is compared."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.case import Case
from reports.reading import RunFile
from reports.record import BackendLine, ClaimLine, Record
from reports.states import standings
from reports.tables import sizes
from reports.trend import Kind, Part, Row, Trend, trend
from reports.trend_columns import columns, version
from tests.reports import build

API = build.MINDSPORE
CLAIMS = [build.claim(API, slug) for slug in ("values", "lengths", "range")]
CASES = [build.case(API, n) for n in range(4, 8)]
FAILS, HOLDS = False, True


def backend(number: str, device: str = "cpu", name: str = "") -> BackendLine:
    called = name or f"mindspore=={number}:{device}"
    return BackendLine(name=called, framework="mindspore", version=number, device=device)


def record(case: Case, line: BackendLine, holds: bool, slug: str = "values") -> Record:
    verdict = "conforms" if holds else "differs"
    return build.record(case, line.name, verdict, build.check(API, slug, holds, "values differ"))


def run(lines: list[BackendLine], records: list[Record], claims: list[ClaimLine] = CLAIMS, **more: Any) -> RunFile:
    header = build.run(backends=lines, claims=claims, rulings=[], coverage=[], **more)
    return RunFile(Path("run.jsonl"), header, tuple(records), (), (), build.END)


def held(*runs: RunFile) -> Trend:
    return trend([columns(item, number) for number, item in enumerate(runs, 1)])


def only(found: Trend) -> Part:
    (part,) = found.parts
    return part


def versions(*fails: bool | None, numbers: tuple[str, ...] = ("2.9.0", "2.10.0", "2.11.0")) -> RunFile:
    """A run of several versions; each says of one case whether the claim held, or did not run it."""
    lines = [backend(number) for number in numbers]
    records = [record(CASES[0], line, state) for line, state in zip(lines, fails, strict=False) if state is not None]
    return run(lines, records)


@pytest.mark.parametrize(
    ("states", "kind", "failing", "holding"),
    [
        ((HOLDS, FAILS, FAILS), "since", ("2.10.0", "2.11.0"), ("2.9.0",)),
        ((HOLDS, HOLDS, FAILS), "since", ("2.11.0",), ("2.9.0", "2.10.0")),
        ((FAILS, HOLDS, HOLDS), "until", ("2.9.0",), ("2.10.0", "2.11.0")),
        ((FAILS, HOLDS, FAILS), "mixed", ("2.9.0", "2.11.0"), ("2.10.0",)),
        ((HOLDS, None, FAILS), "since", ("2.11.0",), ("2.9.0",)),
    ],
)
def test_it_is_told_since_which_version_a_claim_fails(
    states: tuple[bool | None, ...], kind: Kind, failing: tuple[str, ...], holding: tuple[str, ...]
) -> None:
    part = only(held(versions(*states)))
    (row,) = part.rows
    (since,) = row.since
    assert (since.kind, since.failing, since.holding) == (kind, failing, holding)
    assert row.claim.id == f"{API}/values"
    assert (row.case, row.call) == (CASES[0].id, CASES[0].show())
    assert part.columns[row.at].version == failing[0]


def test_versions_are_in_the_order_of_pep_440_and_not_of_the_alphabet() -> None:
    numbers = ("2.10.0", "2.9.0", "2.10.0rc1", "nightly", "2.9.0.post1", "2.10.0.dev3")
    part = only(held(versions(*[HOLDS] * 6, numbers=numbers)))
    order = ["nightly", "2.9.0", "2.9.0.post1", "2.10.0.dev3", "2.10.0rc1", "2.10.0"]
    assert [column.version for column in part.columns] == order
    assert version("nightly") < version("0.1.dev0") < version("2.10.0") < version("2.10.0+cpu")


def test_a_claim_that_stands_alike_everywhere_is_counted_and_gets_no_row() -> None:
    part = only(held(versions(HOLDS, HOLDS, HOLDS)))
    assert part.rows == part.failing == ()
    assert (part.same, part.apart) == ({"holds": 1, "not exercised": 2}, 0)


def test_a_claim_that_fails_everywhere_is_told_since_the_first_version_that_was_run() -> None:
    part = only(held(versions(FAILS, FAILS, FAILS)))
    assert part.rows == ()
    (row,) = part.failing
    assert (row.since[0].kind, row.since[0].failing[0]) == ("always", "2.9.0")
    assert part.same == {"contradicted": 1, "not exercised": 2}


def test_a_version_that_did_not_run_the_claim_is_no_difference() -> None:
    part = only(held(versions(HOLDS, None, HOLDS)))
    assert (part.rows, part.apart) == ((), 1)
    assert sum(part.same.values()) + part.apart == len(CLAIMS)


def test_runs_one_version_each_are_held_against_one_another() -> None:
    old, new = backend("2.9.0"), backend("2.10.0")
    found = held(
        run([new], [record(CASES[0], new, FAILS)], started="2025-02-02T00:00:00"),
        run([old], [record(CASES[0], old, HOLDS)], started="2025-01-01T00:00:00"),
    )
    (row,) = only(found).rows
    assert row.since[0].kind == "since"
    assert [(item.version, item.date, item.source.number) for item in only(found).columns] == [
        ("2.9.0", "2025-01-01", 2),
        ("2.10.0", "2025-02-02", 1),
    ]


def test_devices_are_told_apart() -> None:
    lines = [backend(number, device) for number in ("2.9.0", "2.10.0") for device in ("cpu", "cuda:0")]
    states = dict(zip((line.name for line in lines), (HOLDS, FAILS, HOLDS, HOLDS), strict=True))
    (row,) = only(held(run(lines, [record(CASES[0], line, states[line.name]) for line in lines]))).rows
    assert {(item.device, item.kind) for item in row.since} == {("cpu", "never"), ("cuda:0", "until")}


def test_a_version_that_fails_in_one_run_and_holds_in_another_is_told_as_both() -> None:
    line = backend("2.9.0")
    found = held(run([line], [record(CASES[0], line, FAILS)]), run([line], [record(CASES[0], line, HOLDS)]))
    (row,) = only(found).rows
    assert (row.since[0].kind, row.since[0].both) == ("mixed", ("2.9.0",))


def test_what_holds_by_other_cases_only_is_not_taken_for_a_repair() -> None:
    old, new = backend("2.9.0"), backend("2.10.0")
    failing = run([old], [record(CASES[0], old, FAILS)])
    elsewhere = run([new], [record(CASES[1], new, HOLDS)], seed=7)
    found = held(failing, elsewhere)
    part = only(found)
    assert part.rows == ()
    (row,) = part.failing
    assert [cell.word for cell in row.cells] == ["contradicted", "other cases"]
    assert found.differ == ("seed",)
    same = run([new], [record(CASES[1], new, HOLDS), record(CASES[0], new, HOLDS)], seed=7)
    (row,) = only(held(failing, same)).rows
    assert [cell.word for cell in row.cells] == ["contradicted", "holds"]


def test_claims_that_a_run_lacks_or_words_otherwise_are_said_and_not_compared() -> None:
    old, new = backend("2.9.0"), backend("2.10.0")
    other = [build.claim(API, "values", "Said otherwise."), build.claim(API, "new-one"), CLAIMS[2]]
    found = held(
        run([old], [record(CASES[0], old, FAILS)], started="2025-01-01"),
        run([new], [record(CASES[0], new, HOLDS)], claims=other, started="2025-02-01"),
    )
    part = only(found)
    assert part.rows == part.failing == ()
    assert found.unequal_claims == 3
    assert (part.apart, part.same) == (3, {"not exercised": 1})


def test_a_better_translation_is_still_the_same_claim() -> None:
    old, new = backend("2.9.0"), backend("2.10.0")
    better = [build.claim(API, "values", zh="更好的译文")]
    found = held(
        run([old], [record(CASES[0], old, FAILS)], claims=CLAIMS[:1]),
        run([new], [record(CASES[0], new, HOLDS)], claims=better, started="2099-01-01"),
    )
    (row,) = only(found).rows
    assert row.claim.zh == "更好的译文"


def test_runs_that_were_not_made_alike_are_called_so() -> None:
    line = backend("2.9.0")
    same = run([line], [])
    assert held(same, same).differ == ()
    assert held(same, run([line], [], commit="other", strength=3)).differ == ("suite", "strength")
    cut = RunFile(Path("cut.jsonl"), same.run, (), (), (), None)
    assert held(same, cut).differ == ("whole",)


def test_a_backend_that_could_not_be_used_is_no_column() -> None:
    line = backend("2.9.0")
    gone = BackendLine(name="mindspore==2.8.0", framework="mindspore", unavailable="not there")
    found = held(run([line, gone], []))
    assert [column.version for column in only(found).columns] == ["2.9.0"]
    assert found.sources[0].unavailable == ("mindspore==2.8.0",)


def test_documented_comparisons_count_like_records() -> None:
    old, new = backend("2.9.0"), backend("2.10.0")
    claim = build.claim(API, "modes-agree")
    pairs = [
        build.in_modes(build.SAME, left_backend=line.name, right_backend=line.name, values=values)
        for line, values in ((old, "equal"), (new, "different"))
    ]
    header = build.run(backends=[old, new], claims=[claim], rulings=[], coverage=[])
    (row,) = only(held(RunFile(Path("run.jsonl"), header, (), (), tuple(pairs), build.END))).rows
    assert row.since[0].kind == "since"


def test_frameworks_are_parts_of_their_own_and_a_lone_backend_has_nothing_to_compare() -> None:
    found = held(build.runfile())
    assert [part.framework for part in found.parts] == ["mindspore", "numpy", "torch"]
    assert all(len(part.columns) == 1 and not part.rows for part in found.parts)


STATES = st.lists(st.lists(st.sampled_from([HOLDS, FAILS, None]), min_size=2, max_size=2), min_size=1, max_size=5)


@given(STATES, st.randoms(use_true_random=False))
def test_the_order_of_the_run_files_changes_nothing_and_every_claim_is_counted_once(states: Any, random: Any) -> None:
    runs = []
    for place, pair in enumerate(states):
        line = backend(f"2.{place}.0")
        records = [record(CASES[n], line, held) for n, held in enumerate(pair) if held is not None]
        runs.append(run([line], records, started=f"2025-01-{place + 1:02}"))
    part = only(held(*runs))
    shuffled = list(runs)
    random.shuffle(shuffled)
    other = only(held(*shuffled))
    assert _told(part.rows) == _told(other.rows)
    assert _told(part.failing) == _told(other.failing)
    assert (part.same, part.apart) == (other.same, other.apart)
    assert len(part.rows) + sum(part.same.values()) + part.apart == len(CLAIMS)
    for row in part.rows:
        assert len({cell.word for cell in row.cells if cell.compared}) > 1


def _told(rows: tuple[Row, ...]) -> list[Any]:
    return [(row.claim.id, row.cells, row.since, row.case) for row in rows]


def test_a_column_has_the_states_of_the_run_that_it_is_of() -> None:
    whole = build.runfile()
    _, found = columns(whole, 1)
    states = {(column.backend, name): claim.state for column in found for name, claim in column.claims.items()}
    wanted = {(item.backend, item.claim.id): item.state for item in standings(whole, sizes(whole))}
    gone = {line.name for line in whole.run.backends if line.unavailable}
    assert states == {key: state for key, state in wanted.items() if key[0] not in gone}
    for column in found:
        for item in column.claims.values():
            assert bool(item.failing) == bool(item.case) == (item.state in ("contradicted", "document", "advice"))
