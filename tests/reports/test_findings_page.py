"""The page of what was found: every finding with its facts, and nothing that a framework or a script said as markup."""

from typing import Any

from markdown_it import MarkdownIt

from reports.findings_page import BESIDE, MOST_CLAIMS, SCRIPT, Section, beside, checked, contradicted, page
from reports.record import Finding, Shown, Tried
from tests.reports import build
from tests.reports.build_hostile import HOSTILE

CODE = "import mindspore\n\nprint('expected: ValueError')\n"
LOADED = build.runfile()


def finding(**more: Any) -> Finding:
    fields: dict[str, Any] = {
        "id": "01234567",
        "backend": "mindspore",
        "verdict": "accepts-invalid",
        "symptoms": ["returned"],
        "claims": [f"{build.MINDSPORE}/padding-not-negative"],
        "apis": [build.MINDSPORE],
        "modes": ["eager", "graph"],
        "rule": "padding < 0",
        "support": 12,
        "against": 3,
        "cases": [build.ACCEPTED.id, build.LARGER.id],
        "smallest": build.ACCEPTED.id,
        "mode": "eager",
        "title": "Conv1dTranspose: accepts an invalid call, if padding < 0",
        "minimal_call": "mindspore.nn.Conv1dTranspose(1, 1, 1, padding=-1)",
        "passing_call": "mindspore.nn.Conv1dTranspose(1, 1, 1, padding=0)",
        "expected": "ValueError, which names padding",
        "actual": "returned a float32 tensor of shape (1, 4, 8)",
        "tried": Tried(inside_failing=99, inside_passing=1, outside_failing=33, outside_passing=67),
        "script": CODE,
        "shown": Shown(ended="exit code 1", printed="expected 3\nactual 4", word="reproduced"),
    }
    return Finding(**(fields | more))


def shown(*items: Finding) -> str:
    return page("Findings: mindspore 2.10.0", ["headline"], [contradicted(items, LOADED)])


def plain(text: str) -> str:
    """What a reader sees of it, without the escapes."""
    tokens = MarkdownIt("commonmark").parse(text)
    return "\n".join(child.content for token in tokens for child in token.children or () if child.content) + "".join(
        token.content for token in tokens if token.type == "fence"
    )


def test_a_finding_stands_on_the_page_with_everything_that_is_known_of_it() -> None:
    text = shown(finding())
    read = plain(text)
    for said in (
        "accepts an invalid call, if padding < 0",
        "01234567",
        ", new",
        "mindspore, eager, graph: 12 failing executions follow the rule, 3 passing ones do",
        "fails iff padding < 0",
        "99 of 100 inside fail, 33 of 100 outside (precision 99%, recall 75%)",
        "mindspore.nn.Conv1dTranspose(1, 1, 1, padding=-1)",
        "mindspore.nn.Conv1dTranspose(1, 1, 1, padding=0)",
        "ValueError, which names padding",
        "returned a float32 tensor of shape (1, 4, 8)",
        f"{build.MINDSPORE}/padding-not-negative",
        "mindspore.nn.Conv1dTranspose, Parameters",
        "Outside of the suite, mindspore: reproduced, exit code 1.",
        "expected 3\nactual 4",
        CODE,
    ):
        assert said in read, said
    assert "必须是非负整数" in text


def test_a_known_finding_is_told_with_its_name_and_reason() -> None:
    read = plain(shown(finding(known="negative-padding", reason="reported to the maintainers")))
    assert "known as " in read
    assert "negative-padding" in read
    assert "reported to the maintainers" in read
    assert ", new" not in read


def test_what_was_not_learned_is_said_or_left_out() -> None:
    bare = finding(rule="", tried=None, minimal_call="", passing_call="", script="", shown=None)
    read = plain(shown(bare))
    assert "no rule tells these cases from others" in read
    for word in ("fails iff", "Fresh cases", "Smallest case", "Nearest case", "Outside of the suite", "Script"):
        assert word not in read


def test_a_script_that_does_not_reproduce_is_told_loudly() -> None:
    text = shown(finding(shown=Shown(ended="exit code 0", printed="", word="not reproduced")))
    assert "Outside of the suite, mindspore: **not** reproduced, exit code 0." in text
    assert ": run, exit code 0." in shown(finding(shown=Shown(ended="exit code 0", printed="", word="run")))


def test_a_long_script_is_named_by_its_command() -> None:
    text = shown(finding(script="x = 1\n" * SCRIPT))
    assert "conformance show RUN 01234567 --script" in text
    assert "<details>" not in text


def test_one_difference_on_several_backends_is_one_entry() -> None:
    other = finding(backend="mindspore==2.9.0:cpu", shown=Shown(ended="exit code 0", printed="", word="not reproduced"))
    text = shown(finding(), other, finding(id="89abcdef"))
    assert "## Differences from the documentation (2)" in text
    assert text.count("\n### ") == 2
    assert "**not** reproduced" in text
    assert plain(text).count("Seen on") == 3


def test_more_claims_than_a_reader_would_read_are_counted() -> None:
    names = [f"{build.MINDSPORE}/claim-{number}" for number in range(MOST_CLAIMS + 3)]
    read = plain(shown(finding(claims=names)))
    assert names[MOST_CLAIMS - 1] in read
    assert names[MOST_CLAIMS] not in read
    assert "and 3 more" in read


def test_what_fails_no_run_has_sections_of_its_own() -> None:
    spoken = finding(id="", title="`stride` is 1 by default.", claims=[f"{build.MINDSPORE}/default-stride"], rule="")
    sections = [beside(title, words, [spoken], LOADED) for _, title, words in BESIDE]
    text = page("Findings", [], [contradicted([], LOADED), *sections])
    assert "## Differences from the documentation (0)" in text
    assert "## Documents that are wrong about themselves (1)" in text
    assert "## Advice not followed (1)" in text
    assert "12 checks failed, 3 held" in plain(text)
    assert "fails iff" not in text
    assert "no rule" not in text


def test_entries_are_numbered_in_their_section() -> None:
    made = page("T", ["a", "b"], [Section("S", "w", (("one", "x"), ("two",)))])
    assert [line for line in made.splitlines() if line.startswith("#")] == [
        "# T",
        "## S (2)",
        "### 1. one",
        "### 2. two",
    ]
    assert "- a\n- b" in made


def test_nothing_that_a_framework_or_a_script_said_ends_its_block_or_becomes_markup() -> None:
    names = ("title", "rule", "minimal_call", "passing_call", "expected", "actual", "known", "reason")
    hostile = finding(
        **dict.fromkeys(names, HOSTILE),
        shown=Shown(ended=HOSTILE, printed=HOSTILE, word="reproduced"),
        script=HOSTILE,
        modes=[HOSTILE],
        claims=[HOSTILE],
    )
    text = shown(hostile, finding(id="", title=HOSTILE, claims=[HOSTILE]))
    assert "\x1b" not in text
    tokens = MarkdownIt("commonmark").parse(text)
    inside = [child for token in tokens for child in token.children or ()]
    allowed = {"text", "code_inline", "softbreak", "strong_open", "strong_close", "html_inline"}
    assert {child.type for child in inside} <= allowed
    raw = {token.content.strip() for token in [*tokens, *inside] if token.type in ("html_block", "html_inline")}
    assert raw <= {"<details><summary>Script</summary>", "</details>", "<code>", "</code>"}
    assert [token.tag for token in tokens if token.type == "heading_open"] == ["h1", "h2", "h3", "h3"]


def test_a_rule_on_fresh_cases_is_told_with_counts_and_rates() -> None:
    assert checked(finding(tried=None)) == "not held against fresh cases"
    assert checked(finding(tried=Tried())) == "0 of 0 inside fail, 0 of 0 outside"
    assert checked(finding(tried=Tried(outside_passing=9))) == "0 of 0 inside fail, 0 of 9 outside"
    none = Tried(inside_passing=4, outside_passing=9)
    assert checked(finding(tried=none)) == "0 of 4 inside fail, 0 of 9 outside (precision 0%)"
    some = Tried(inside_failing=1, inside_passing=3, outside_failing=1)
    assert checked(finding(tried=some)) == "1 of 4 inside fail, 1 of 1 outside (precision 25%, recall 50%)"
