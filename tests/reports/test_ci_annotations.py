"""Annotations are commands, and no text of a run file is one: read back as GitHub's runner reads them."""

import re

from hypothesis import given
from hypothesis import strategies as st

from reports import text
from reports.ci_annotations import LINE, MOST, TITLE, active, annotations, harmless
from reports.summary import summarise
from tests.reports import build, build_hostile
from tests.reports.test_ci_findings import finding, summary_of

COMMAND = re.compile(r"::(?P<name>[a-z]+) title=(?P<title>[^:,\r\n]*)::(?P<message>[^\r\n]*)")
BACK = (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%"))
# What the runner takes for a command: of the present form at the start of a line, of the old one anywhere in it.
FORGED = re.compile(r"^\s*::|##\[")


def unescaped(value: str) -> str:
    for escaped, character in BACK:
        value = value.replace(escaped, character)
    return value


@given(st.text(max_size=300), st.text(max_size=60), st.sampled_from(["differs", "wrong-error"]))
def test_any_text_makes_exactly_one_command_and_comes_back_from_it(title: str, call: str, verdict: str) -> None:
    (line,) = annotations(summary_of(finding("a", verdict, title=title, minimal_call=call, rule=title)))
    command = COMMAND.fullmatch(line)
    assert command is not None
    assert command["name"] == ("error" if verdict == "differs" else "warning")
    label = summarise(build.runfile()).backends[1].label
    assert unescaped(command["title"]).startswith(text.one_line(text.fit(f"{label}: {title}", TITLE))[:TITLE])
    message = unescaped(command["message"]).split("\n")
    assert message[1] == text.one_line(f"Call: {text.fit(call or 'case 0000000000000000', LINE)}")
    assert message[-1] == "See all of it: conformance show run.jsonl a"


def test_the_ten_most_severe_findings_are_told_and_no_more() -> None:
    many = [finding(f"{n:02}", "wrong-error", support=100 - n) for n in range(20)]
    lines = list(annotations(summary_of(*many, finding("worst", "crashed"), finding("old", "crashed", known="k"))))
    assert len(lines) == MOST == 10
    assert "show run.jsonl worst" in lines[0]
    assert lines[0].startswith("::error ")
    assert all(line.startswith("::warning ") for line in lines[1:])


def test_known_findings_are_notices_that_name_their_entry() -> None:
    (line,) = annotations(summary_of(finding("a", "crashed", known="mindspore-crashed-1")))
    assert line.startswith("::notice ")
    assert "Known as mindspore-crashed-1" in line


def test_a_hostile_run_forges_no_command() -> None:
    lines = list(annotations(summarise(build_hostile.hostile(10_000))))
    assert len(lines) == 2
    for line in lines:
        assert COMMAND.fullmatch(line)
        assert len(line) < 10_000


@given(st.text(alphabet=st.one_of(st.sampled_from(":#[]\r\n\x0b\x85\u2028 \t\x1b"), st.characters()), max_size=80))
def test_other_output_is_never_read_as_a_command(line: str) -> None:
    shown = harmless(line)
    assert not FORGED.search(shown)
    assert len(shown.splitlines()) <= 1


def test_other_output_is_otherwise_left_as_it_is() -> None:
    assert harmless("    known; a::b, 5 executions") == "    known; a::b, 5 executions"
    assert harmless("title\n::error::forged") == "title ::error::forged"
    assert harmless("  ::error::forged") == "  : :error::forged"


def test_only_github_actions_gets_annotations() -> None:
    assert active({"GITHUB_ACTIONS": "true"})
    assert not any(map(active, ({}, {"GITHUB_ACTIONS": ""}, {"GITHUB_ACTIONS": "false"}, {"CI": "true"})))
