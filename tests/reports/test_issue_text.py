"""The issue text of a finding: complete, in the shape of each project's template, and proof against hostile texts."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec import structs

from reports.issue_text import block, issue
from reports.issue_words import FACTS, LANGUAGES, OWN_FACTS, PLAIN, TEMPLATES, WORDS
from reports.reading import RunFile
from reports.record import BackendLine, Finding, Shown, Tried
from tests.reports import build
from tests.reports.build_hostile import HOSTILE

SCRIPT = "import numpy as np\nimport mindspore\n\nprint('expected: ValueError')\n"


def finding(**more: Any) -> Finding:
    fields: dict[str, Any] = {
        "id": "0123456789abcdef",
        "backend": "mindspore",
        "verdict": "accepts-invalid",
        "symptoms": ["returned a value"],
        "claims": [f"{build.MINDSPORE}/padding-not-negative"],
        "apis": [build.MINDSPORE],
        "modes": ["eager", "graph"],
        "rule": "padding < 0",
        "support": 12,
        "against": 0,
        "cases": [build.ACCEPTED.id, build.LARGER.id],
        "smallest": build.ACCEPTED.id,
        "mode": "eager",
        "title": "`Conv1dTranspose` accepts a negative `padding`",
        "minimal_call": "mindspore.nn.Conv1dTranspose(1, 1, 1, padding=-1)",
        "passing_call": "mindspore.nn.Conv1dTranspose(1, 1, 1, padding=0)",
        "expected": "ValueError, which names padding",
        "actual": "returned a float32 tensor of shape (1, 4, 8)",
        "tried": Tried(inside_failing=100, outside_passing=100),
        "script": SCRIPT,
        "shown": Shown(ended="exit 1", printed="expected: ValueError\nactual: output (1, 1, 1)", word="reproduced"),
    }
    return Finding(**(fields | more))


def text_of(held: Finding, lang: str = "en", run: RunFile | None = None, framework: str = "mindspore") -> str:
    run = run or build.runfile(findings=(held,))
    return issue(run, held, framework=framework, lang=lang)


def on(framework: str, held: Finding) -> tuple[RunFile, Finding]:
    """The same finding as one of another framework's."""
    line = BackendLine(name=framework, framework=framework, version="1.2.3", python="3.11.9", capability="AVX2")
    moved = structs.replace(held, backend=framework)
    return build.runfile(run=build.run(backends=[line]), findings=(moved,)), moved


def test_everything_that_a_maintainer_needs_is_in_it() -> None:
    shown = text_of(finding())
    for wanted in (
        "# `Conv1dTranspose` accepts a negative `padding`\n",
        "MindSpore version: 2.10.0",
        "Python version: 3.11.9",
        "Linux 6.8",
        "AMD EPYC 9554",
        "avx2 avx512f",
        "`/device cpu`",
        "mindspore 2.10.0, numpy 1.26.4",
        "ValueError is raised if `padding` is negative.",
        "mindspore.nn.Conv1dTranspose 2.10.0, Parameters",
        f"```python\n{SCRIPT.strip()}\n```",
        "```text\nexpected: ValueError\nactual: output (1, 1, 1)\n```",
        "(reproduced, exit 1)",
        "```text\nValueError, which names padding\n```",
        "```text\nreturned a float32 tensor of shape (1, 4, 8)\n```",
        "It fails if and only if `padding < 0`.",
        "12 executions that failed agree with this",
        "100 of 100 (100%) fail (precision)",
        "`mindspore.nn.Conv1dTranspose(1, 1, 1, padding=-1)`",
        "`mindspore.nn.Conv1dTranspose(1, 1, 1, padding=0)`",
        "eager, graph",
    ):
        assert wanted in shown


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("framework", ["torch", "mindspore", "oneflow", "other"])
def test_the_headings_are_those_of_the_projects_template(framework: str, lang: str) -> None:
    run, held = on(framework, finding())
    shown = text_of(held, lang, run, framework)
    headings = [line for line in shown.splitlines() if line.startswith("##")]
    assert headings == [getattr(item, lang) for item in TEMPLATES.get(framework, PLAIN)]
    assert "1.2.3" in shown
    assert SCRIPT.strip() in shown


def test_english_headings_are_word_for_word_what_the_projects_ask_for() -> None:
    assert [item.en for item in TEMPLATES["torch"]] == ["### 🐛 Describe the bug", "### Versions"]
    mindspore = [item.en.removeprefix("## ") for item in TEMPLATES["mindspore"] if item.en.startswith("## ")]
    assert mindspore == [
        *("Environment", "Describe the current behavior", "Describe the expected behavior"),
        *("Steps to reproduce the issue", "Related log / screenshot", "Special notes for this issue"),
    ]
    oneflow = [item.en for item in TEMPLATES["oneflow"]]
    assert oneflow == ["## Summary", "## Code to reproduce bug", "## System Information"]


def test_a_chinese_text_has_the_chinese_statement_and_no_english_sentence_of_ours() -> None:
    shown = text_of(finding(), "zh")
    assert "`padding` 必须是非负整数" in shown
    assert "当且仅当 `padding < 0` 时失败。" in shown
    assert "12 次失败的执行与此相符" in shown
    outside = re.sub(r"```.*?```", "", shown, flags=re.DOTALL)
    for english, chinese in (
        *WORDS.values(),
        *FACTS.values(),
        *(pair for own in OWN_FACTS.values() for pair in own.values()),
    ):
        assert re.search("[\u4e00-\u9fff]", chinese) or english == chinese
        for words in re.split(r"\{\w*\}", english):
            assert len(words.strip()) < 6 or words.strip() not in outside or english == chinese


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"against": 1}, "As far as was seen, it fails where `padding < 0`."),
        ({"tried": None}, "As far as was seen, it fails where `padding < 0`."),
        ({"tried": None}, "The rule was not tried on fresh calls."),
        ({"tried": Tried(inside_failing=99, inside_passing=1)}, "As far as was seen"),
        ({"tried": Tried(inside_failing=199, inside_passing=1, outside_failing=1)}, "199 of 200 (99%) fail"),
        ({"tried": Tried(inside_failing=9, outside_failing=1)}, "9 of 10 (90%) are inside"),
        ({"rule": "", "tried": None}, "No argument was found on which it depends."),
    ],
)
def test_a_rule_is_said_no_stronger_than_it_is(more: dict[str, Any], words: str) -> None:
    shown = text_of(finding(**more))
    assert words in shown
    assert "if and only if" not in shown


def test_a_finding_that_was_not_minimised_shows_its_smallest_case_of_the_run() -> None:
    shown = text_of(finding(minimal_call="", passing_call="", expected="", actual="", title="", script="", shown=None))
    assert f"# `{build.MINDSPORE}`: accepts a call that the documentation calls an error" in shown
    assert build.ACCEPTED.show() in shown
    assert "```text\nValueError about padding\n```" in shown
    assert "returned a float32 tensor of shape (1, 4, 8)" in shown
    assert "There is no script of this call." in shown
    assert "Nearest call" not in shown


def test_versions_with_and_without_the_finding_are_told_apart() -> None:
    lines = [
        BackendLine(name=f"mindspore=={version}", framework="mindspore", version=version, python="3.11.9")
        for version in ("2.9.0", "2.10.0", "2.8.0", "2.7.0")
    ]
    held = finding(backend=lines[0].name)
    second = structs.replace(held, backend=lines[1].name)
    records = (build.record(build.ACCEPTED, lines[2].name), build.record(build.ACCEPTED, lines[3].name, "differs"))
    run = build.runfile(run=build.run(backends=lines), records=records, findings=(held, second))
    shown = text_of(held, run=run)
    assert "Seen on: MindSpore 2.9.0 (cpu, Python 3.11.9), MindSpore 2.10.0 (cpu, Python 3.11.9)." in shown
    assert "The same calls conform on: MindSpore 2.8.0 (cpu, Python 3.11.9)." in shown
    assert "2.7.0" not in shown


def test_a_script_that_is_too_long_for_a_tracker_is_named_by_its_command() -> None:
    shown = text_of(finding(script="x = 1\n" * 10_000))
    assert f"`conformance show RUN {build.ACCEPTED.id} --script`" in shown
    assert len(shown) < 65_536


def test_an_issue_for_another_framework_is_refused_with_the_way_out() -> None:
    with pytest.raises(LookupError, match="is of mindspore, not of torch; ask for --issue mindspore"):
        text_of(finding(), framework="torch")
    with pytest.raises(LookupError, match="which is no backend"):
        text_of(finding(backend="gone"))
    with pytest.raises(LookupError, match="en, zh"):
        text_of(finding(), lang="fr")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("framework", ["torch", "mindspore", "oneflow", "other"])
def test_hostile_texts_stay_text(framework: str, lang: str) -> None:
    bad = HOSTILE + "\n````\n```\n# out\n~~~\n" + "`\x1b[0m``\n<b>"
    held = finding(
        **dict.fromkeys(("title", "rule", "minimal_call", "passing_call", "expected", "actual", "other"), bad),
        id=bad,
        apis=[bad],
        modes=[bad],
        claims=[f"{bad}/{bad}", f"{bad}/b"],
        script=bad,
        shown=Shown(ended=bad, printed=bad, word="reproduced"),
    )
    run, held = on(framework, held)
    hostile = build.run(
        backends=[
            structs.replace(run.run.backends[0], version=bad, python=bad, capability=bad, packages={"numpy": bad})
        ],
        claims=[build.claim(bad, slug, bad, zh=bad, sources=[(bad, bad)], overruled="r") for slug in (bad, "b")],
        machine={"system": bad, "cpu": bad},
    )
    shown = text_of(held, lang, build.runfile(run=hostile, findings=(held,)), framework)
    assert all(character.isprintable() or character in "\n\t" for character in shown)
    tokens = MarkdownIt("commonmark").parse(shown)
    headings = [token.map for token in tokens if token.type == "heading_open"]
    assert len(headings) == 1 + len(TEMPLATES.get(framework, PLAIN))
    inline = [child.type for token in tokens for child in token.children or []]
    assert not {"link_open", "image"} & set(inline)
    html = "".join(child.content for token in tokens for child in token.children or [] if child.type == "html_inline")
    assert set(re.findall(r"</?(\w+)", html)) <= {"code"}
    assert not [token for token in tokens if token.type == "html_block"]


@given(st.text(st.sampled_from("`~\n x\x1b[0m\u202e\x00"), max_size=60))
def test_nothing_gets_out_of_a_block(content: str) -> None:
    shown = block(content)
    (token,) = MarkdownIt("commonmark").parse(shown)
    assert token.type == "fence"
    assert all(character.isprintable() or character == "\n" for character in token.content)
