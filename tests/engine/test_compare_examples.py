"""The runner of examples, with this interpreter in the place of a framework's: what fails takes nothing with it."""

import sys
from pathlib import Path

from conformance.backends import Backend, Specification
from conformance.compare_examples import LONGEST, run

HERE = Backend(Specification("torch"), Path(sys.executable))


def outcome(*programs: str) -> list[tuple[str, str]]:
    named = {str(number): program for number, program in enumerate(programs)}
    found = run({"torch": named}, {"torch": HERE})
    assert set(found) == set(named)
    return [(found[name].ended, found[name].text) for name in named]


def test_what_each_program_prints_is_its_own() -> None:
    assert outcome("print('one')", "x = 2\nprint(x)") == [("exit code 0", "one"), ("exit code 0", "2")]


def test_a_program_that_raises_says_so_in_one_line_and_the_next_one_runs() -> None:
    found = outcome("raise ValueError('no\\nmore')", "print('on')")
    assert found == [("exit code 1", "ValueError: no"), ("exit code 0", "on")]


def test_a_program_that_ends_the_process_is_blamed_and_the_rest_runs_in_another() -> None:
    found = outcome("print('before')", "import os; os.abort()", "print('after')")
    assert [text for _, text in (found[0], found[2])] == ["before", "after"]
    assert found[1][0] == "killed by SIGABRT"


def test_no_variable_of_one_program_reaches_another() -> None:
    assert outcome("secret = 1", "print('secret' in globals())")[1] == ("exit code 0", "False")


def test_what_a_program_prints_is_capped_and_cleaned() -> None:
    ((_, text),) = outcome(f"print('\\x1b[31m' + 'a' * {2 * LONGEST})")
    assert "\x1b" not in text
    assert len(text) < LONGEST + 60


def test_a_framework_that_is_not_here_runs_nothing() -> None:
    assert run({"oneflow": {"0": "print(1)"}}, {"torch": HERE}) == {}
