"""The pages of what was found: every contradicted claim with a script, what it printed, and no text that is markup."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from msgspec.structs import replace as with_fields

from cases.catalogue import apis
from cases.documentation import Consistent
from cases.values import BadValue
from conformance import findings
from conformance.backends import Backend, Specification, Unavailable
from conformance.campaign import run
from conformance.reproduce import Printed
from reports.reading import RunFile, load
from reports.summary import summarise
from tests.cases.planned import plan
from tests.engine.played import TORCH, Heard, asked, options

HOSTILE = "```\n# heading\n<script>alert(1)</script> [link](http://example.org) \x1b[31mred\x1b[0m"
THERE = Printed("exit code 1", "expected 3\nactual 4", there=True)
GONE = Printed("exit code 0", "equal", there=False)


class Ran:
    """Stands for the interpreters of backends: remembers the scripts, and says what they ended with."""

    def __init__(self, printed: Printed = THERE) -> None:
        self.printed, self.scripts = printed, list[tuple[str, str]]()

    def __call__(self, script: str, backend: Backend, **_: object) -> Printed:
        self.scripts.append((str(backend.specification), script))
        return self.printed


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Ran:
    stand_in = Ran()
    monkeypatch.setattr(findings, "reproduce", stand_in)
    monkeypatch.setattr(findings, "_resolved", lambda name: Backend(Specification.parse(name), Path("python")))
    return stand_in


@pytest.fixture
def found(tmp_path: Path, played) -> Callable[..., RunFile]:
    def run_of(adapter: str, **more) -> RunFile:
        played["torch"] = adapter
        run(options(tmp_path / "run", **more), asked("torch"), Heard())
        return load(tmp_path / "run")

    return run_of


def page(loaded: RunFile, folder: Path, said: list[str] | None = None) -> str:
    (path,) = findings.write(loaded, folder / "pages", jobs=2, say=(said if said is not None else []).append)
    assert path == folder / "pages" / "torch.md"
    return path.read_text(encoding="utf-8")


def test_a_page_names_every_contradicted_claim_and_every_group_of_differences(tmp_path: Path, found, ran: Ran) -> None:
    loaded = found("conformance.adapters.canary:Adapter", max_cases=60)
    said: list[str] = []
    text = page(loaded, tmp_path, said)
    summary = summarise(loaded)
    claims = {item.claim.id: item for item in summary.of("contradicted")}
    groups = {(group.api, group.verdict, group.claims) for group in summary.groups}
    assert claims
    assert groups
    sections = {line.rpartition("(")[0].strip("# "): line for line in text.splitlines() if line.startswith("## ")}
    assert sections["Contradicted claims"].endswith(f"({len(claims)})")
    assert sections["Differing executions"].endswith(f"({len(groups)})")
    for name, standing in claims.items():
        assert f"- Claim: `{name}`" in text
        assert standing.claim.zh.partition("`")[0] in text
        assert f"{standing.failed} checks failed, {standing.held} held" in text.replace("&#", "")
    assert text.count("### ") == sum(int(re.findall(r"\d+", line)[-1]) for line in sections.values())
    count = text.count("### ")
    path = tmp_path / "pages" / "torch.md"
    assert said == [f"{path}: {count} findings, 0 of {len(ran.scripts)} scripts did not reproduce theirs"]


def test_each_finding_is_shown_with_its_smallest_case_its_script_and_what_that_printed(
    tmp_path: Path, found, ran: Ran
) -> None:
    loaded = found("conformance.adapters.canary:Adapter", max_cases=60)
    text = page(loaded, tmp_path)
    (name,) = [line.name for line in loaded.run.backends]
    assert len(ran.scripts) >= text.count("### ")
    assert {backend for backend, _ in ran.scripts} == {str(Specification.parse(name))}
    for _, script in ran.scripts:
        compile(script, "script", "exec")
        assert f"import {TORCH.partition('.')[0]}\n" in script
    for standing in summarise(loaded).of("contradicted"):
        assert standing.smallest is not None
        assert f"`{standing.smallest.case}`" in text
    assert text.count(": reproduced, exit code 1.") == len(ran.scripts)
    assert text.count("```text\nexpected 3\nactual 4\n```") == len(ran.scripts)
    assert text.count("<summary>Script</summary>") + text.count("print it with `conformance show") == text.count("### ")


def test_a_finding_that_a_script_does_not_show_is_told_as_such(tmp_path: Path, found, ran: Ran) -> None:
    loaded = found("conformance.adapters.canary:Adapter", max_cases=20)
    ran.printed, said = GONE, list[str]()
    text = page(loaded, tmp_path, said)
    missed = text.count(": **not** reproduced, exit code 0.")
    # What a document is wrong about itself, a script can only show: the backend does as the reference.
    shown = text.count(": run, exit code 0.")
    assert missed
    silent = text.count(": **not** reproduced, there is no script")
    assert missed + shown == len(ran.scripts)
    assert missed + shown + silent == text.count("### ")
    assert f"{missed + silent} of {len(ran.scripts) + silent} scripts did not reproduce" in said[0]
    assert ": reproduced" not in text


def test_a_backend_that_is_not_on_this_machine_is_not_tried(
    tmp_path: Path, found, ran: Ran, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = found("conformance.adapters.canary:Adapter", max_cases=20)
    absent = Unavailable(Specification("torch"), "no torch here.", "Install it.")
    monkeypatch.setattr(findings, "_resolved", lambda name: absent)
    text = page(loaded, tmp_path)
    assert ran.scripts == []
    assert "not tried: this backend is not on this machine" in text
    assert text.count("**not** reproduced") == text.count("### ")


def test_modes_that_differ_are_shown_by_a_script_of_each(tmp_path: Path, found, ran: Ran) -> None:
    loaded = found("tests.cases.players:ModesDiffer", max_cases=None, only=tuple(plan(TORCH).slow))
    text = page(loaded, tmp_path)
    assert f"`{TORCH}/modes-agree`" in text
    assert {"torch.compile(" in script for _, script in ran.scripts} == {True, False}
    of_modes = text.partition(f"`{TORCH}/modes-agree`")[2].partition("### ")[0]
    assert of_modes.count("Outside of the suite") == 2


def test_calls_that_should_be_equal_are_shown_by_one_script_of_both(tmp_path: Path, found, ran: Ran) -> None:
    claim = next(claim for claim in apis()[TORCH].claims if claim.id.endswith("/independent-of-batch-size"))
    assert isinstance(claim.detail, Consistent)
    sides = tuple(pair.right.id for pair in claim.detail.pairs[:4])
    loaded = found("tests.cases.players:AloneIsOther", max_cases=None, only=sides)
    assert any(item.contradicts and item.claim == claim.id for item in loaded.comparisons)
    text = page(loaded, tmp_path)
    assert f"`{claim.id}`" in text
    both = [script for _, script in ran.scripts if "def left():" in script and "def right():" in script]
    assert both
    assert all("first = first[" in script for script in both)


def test_what_a_script_printed_cannot_end_its_block_or_become_markup(tmp_path: Path, found, ran: Ran) -> None:
    loaded = found("conformance.adapters.canary:Adapter", max_cases=20)
    hostile = [
        with_fields(item, actual=with_fields(item.actual, message=HOSTILE, error=HOSTILE, detail=HOSTILE))
        for item in loaded.records
    ]
    loaded = type(loaded)(**{**vars(loaded), "records": tuple(hostile)})
    ran.printed = Printed(HOSTILE, HOSTILE, there=True)
    text = page(loaded, tmp_path)
    assert "alert(1)" in text
    assert "\x1b" not in text
    tokens = MarkdownIt("commonmark").parse(text)
    inside = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in inside} <= {"text", "code_inline", "softbreak", "strong_open", "strong_close"} | {
        "html_inline"
    }
    raw = {token.content.strip() for token in [*tokens, *inside] if token.type in ("html_block", "html_inline")}
    assert raw <= {"<details><summary>Script</summary>", "</details>"} | {item for item in raw if item in CODE}
    titles = [token for token in tokens if token.type == "heading_open"]
    assert len(titles) == 1 + text.count("\n## ") + text.count("\n### ")


CODE = ("<code>", "</code>")


def test_a_case_without_a_script_is_listed_with_the_reason(
    tmp_path: Path, found, ran: Ran, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object) -> str:
        raise BadValue("an array of 999999 elements is too large for a script")

    monkeypatch.setattr(findings, "script", none)
    loaded = found("conformance.adapters.canary:Adapter", max_cases=20)
    text = page(loaded, tmp_path)
    assert ran.scripts == []
    assert text.count("there is no script: an array of 999999 elements is too large for a script") == text.count("### ")


def test_a_run_in_which_all_conforms_has_a_page_that_says_so(tmp_path: Path, found, ran: Ran) -> None:
    """The reference plays the framework; what its documents say of themselves wrongly is not its fault."""
    text = page(found("conformance.adapters.numpy:Adapter", max_cases=20), tmp_path)
    assert "## Contradicted claims (0)" in text
    assert "## Differing executions (0)" in text


def test_each_framework_of_a_run_has_a_page(tmp_path: Path, played, ran: Ran) -> None:
    run(options(tmp_path / "run", max_cases=5), asked("torch", "numpy"), Heard())
    paths = findings.write(load(tmp_path / "run"), tmp_path / "pages", jobs=1, say=lambda text: None)
    assert [path.name for path in paths] == ["torch.md", "numpy.md"]
