"""What is found out about a death: whether the case dies alone, only after others, or never again."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from conformance.blame import History, limited, shortest
from conformance.exchange import Question
from conformance.outcome import Crashed, TimedOut
from tests.engine.lanes import lane, request, the_one_fault, with_fault_at


def corrupted_at(*positions: int, fault: int, count: int) -> list[dict[str, object]]:
    targets = {**dict.fromkeys(positions, "corrupt"), fault: "fault"}
    return [request(at, targets.get(at, "echo")) for at in range(count)]


def test_a_crash_that_needs_one_earlier_case_names_it() -> None:
    with lane("DiesAfterCorruption") as faulty:
        outcome = the_one_fault(faulty, corrupted_at(13, fault=90, count=120), 90)
    assert isinstance(outcome, Crashed)
    assert (outcome.reproduced, outcome.sequence) == ("after", (request(13)["id"],))


def test_a_crash_that_needs_two_earlier_cases_names_both_in_their_order() -> None:
    with lane("DiesAfterTwoCorruptions") as faulty:
        outcome = the_one_fault(faulty, corrupted_at(5, 17, fault=30, count=40), 30)
    assert isinstance(outcome, Crashed)
    assert (outcome.reproduced, outcome.sequence) == ("after", (request(5)["id"], request(17)["id"]))


def test_a_hang_that_needs_an_earlier_case_names_it() -> None:
    with lane("HangsAfterCorruption", limit=0.3) as faulty:
        outcome = the_one_fault(faulty, corrupted_at(2, fault=4, count=8), 4)
    assert outcome == TimedOut(0.3, reproduced="after", sequence=(request(2)["id"],))


@pytest.mark.parametrize("position", [0, 10])
def test_a_crash_that_never_comes_again_says_so(position: int, tmp_path: Path) -> None:
    with lane("DiesOnce") as faulty:
        requests = with_fault_at(position, 20, memory=str(tmp_path / "memory"))
        outcome = the_one_fault(faulty, requests, position)
    assert isinstance(outcome, Crashed)
    assert (outcome.reproduced, outcome.sequence) == ("not", ())


def test_without_confirming_a_death_is_reported_as_it_was_seen() -> None:
    with lane("Abort", confirming=False) as faulty:
        outcome = the_one_fault(faulty, with_fault_at(3, 6), 3)
    assert isinstance(outcome, Crashed)
    assert outcome.reproduced == "untried"


def test_what_happened_before_the_last_restart_is_no_part_of_the_history() -> None:
    requests = [request(0, "corrupt"), request(1, "fault"), request(2, "fault"), request(3)]
    with lane("DiesAfterCorruption") as faulty:
        outcomes = [outcome for _, outcome in faulty.run(requests)]
    assert [type(outcome) is Crashed for outcome in outcomes] == [False, True, False, False]


def questions(count: int) -> list[Question]:
    return [Question(str(number), b"x" * 10, 1.0) for number in range(count)]


@pytest.mark.parametrize("needed", [{0}, {99}, {50}, {3, 4}, {0, 99}, {7, 20, 21, 80}])
def test_the_shortest_sequence_is_exactly_what_is_needed(needed: set[int]) -> None:
    trials = []

    def dies(tried: Sequence[Question]) -> bool:
        trials.append(tried)
        return needed <= {int(question.id) for question in tried}

    assert {int(question.id) for question in shortest(questions(100), dies)} == needed
    assert len(trials) < 50


def test_when_the_trials_are_spent_what_was_seen_to_suffice_stands() -> None:
    seen: list[Sequence[Question]] = []

    def dies(tried: Sequence[Question]) -> bool:
        suffices = {"3", "60"} <= {question.id for question in tried}
        if suffices:
            seen.append(list(tried))
        return suffices

    kept = shortest(questions(100), limited(dies, trials=9))
    assert list(kept) == seen[-1]
    assert 2 < len(kept) < 97


def test_no_trial_is_made_once_the_time_is_spent() -> None:
    assert not limited(lambda tried: True, seconds=0.0)(questions(1))


def test_the_oldest_are_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conformance.blame.MOST_QUESTIONS", 50)
    monkeypatch.setattr("conformance.blame.MOST_BYTES", 105)
    history = History()
    for question in questions(100):
        history.append(question)
    assert [question.id for question in history] == [str(number) for number in range(90, 100)]
