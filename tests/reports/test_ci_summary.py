"""The short report for pull requests and job summaries: what decides comes first, and it always fits."""

from dataclasses import replace
from pathlib import Path

import pytest

from reports import ci_summary
from reports.ci_summary import COMMENT, LEAST, ROOM, Whole, append, artefacts, render, write
from reports.difference import difference
from reports.record import BackendLine
from reports.summary import summarise
from tests.reports import build, build_hostile
from tests.reports.test_ci_findings import finding, summary_of
from tests.reports.test_markdown import OURS, tables, tokens

ACTIONS = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "some/one", "GITHUB_RUN_ID": "12"}


def test_what_decides_comes_first() -> None:
    summary = summary_of(
        finding("aaaa", "wrong-error", rule="stride > 1"),
        finding("bbbb", "crashed"),
        finding("cccc", "differs", known="k"),
    )
    page = render(summary)
    order = ["# Conformance: 2 new findings, 1 known", "- NumPy reference", "## New findings", "`bbbb`", "`aaaa`"]
    order += ["## Known findings", "<details><summary>1 finding that the ledger knows</summary>", "`cccc`"]
    places = [page.index(part) for part in order]
    assert places == sorted(places)
    for backend in summary.backends:
        assert f"- {backend.headline}" in page
    assert "| `stride > 1` |" in page
    assert "conformance show run.jsonl FINDING" in page


def test_a_run_without_differences_says_so_and_has_no_table() -> None:
    page = render(summary_of(records=(), comparisons=()))
    assert page.startswith("# Conformance: no differences\n")
    assert tables(page) == []


def test_a_run_that_was_cut_short_is_not_called_known_or_new() -> None:
    page = render(summary_of(end=None))
    assert page.startswith("# Conformance: incomplete, ")
    assert "> **Note.** This run file has no end line" in page
    assert "## Differing executions, not told apart into known and new" in page
    assert "New findings" not in page


def test_what_changed_since_a_base_run_is_told() -> None:
    old = build.runfile(findings=(finding("gone", "differs", cases=[build.ACCEPTED.id], modes=["eager"]),))
    fresh = finding("new1", "crashed", cases=[build.ACCEPTED.id], modes=["eager"], apis=["a"], symptoms=["other"])
    new = build.runfile(findings=(fresh,))
    page = render(summarise(new), base=difference(old, new))
    assert "## Since the base run" in page
    assert "1 new finding that is not known." in page
    assert "| **new** | `new1` |" in page
    assert "| gone | `gone` |" in page
    same = render(summarise(new), base=difference(new, new))
    assert "Nothing changed." in same
    assert "Since the base run" not in render(summarise(new))


def test_the_report_is_named_and_the_artefacts_are_linked_where_there_are_some() -> None:
    summary = summary_of()
    assert "Full report: `out/report.html`." in render(summary, whole=Whole("out/report.html"))
    link = artefacts(ACTIONS)
    assert link == "https://github.com/some/one/actions/runs/12#artifacts"
    assert f"[the artefacts of this run]({link})" in render(summary, whole=Whole("r.html", link))


@pytest.mark.parametrize(
    "harm",
    [
        {"GITHUB_SERVER_URL": "javascript:alert(1)"},
        {"GITHUB_SERVER_URL": "http://github.com"},
        {"GITHUB_REPOSITORY": "some/one) [x](https://evil.example"},
        {"GITHUB_RUN_ID": "12\n# heading"},
        {"GITHUB_RUN_ID": ""},
        {"GITHUB_REPOSITORY": ""},
    ],
)
def test_an_environment_that_is_none_of_github_gives_no_link(harm: dict[str, str]) -> None:
    assert artefacts(ACTIONS | harm) == ""
    assert artefacts({}) == ""


def test_a_hostile_run_adds_no_markup() -> None:
    run = build_hostile.hostile()
    page = render(summarise(run), base=difference(run, replace(run, findings=())))
    found = tokens(page)
    assert {token.content for token in found if token.type == "html_inline"} <= OURS
    blocks = {token.content.strip() for token in found if token.type == "html_block"}
    assert blocks == {"<details><summary>1 finding that the ledger knows</summary>", "</details>"}
    kinds = {token.type for token in found}
    assert not kinds & {"link_open", "image", "fence", "code_block", "em_open", "s_open", "hr"}
    for table in tables(page):
        assert len({line.count("|") for line in table}) == 1, table[0]
    assert "@you" not in page
    assert "https://evil" not in page


@pytest.mark.parametrize("count", [10, 1000, 20_000])
def test_it_fits_however_much_a_run_found(count: int, tmp_path: Path) -> None:
    rule = "stride > 1 and " * 40
    many = [finding(f"{n:08x}", "differs", rule=rule, known="" if n % 2 else "entry") for n in range(count)]
    summary = summary_of(*many)
    page = render(summary)
    assert len(page.encode()) <= ROOM
    assert page.startswith(f"# Conformance: {count // 2:,} new findings, {count // 2:,} known\n")
    assert count < 1000 or "more are left out here" in page
    assert "`00000001`" in page
    comment = write(tmp_path, summary)
    assert comment.name == "summary.md"
    assert comment.stat().st_size <= COMMENT
    assert "`00000001`" in comment.read_text()


def test_texts_of_megabytes_and_hundreds_of_backends_fit_too() -> None:
    lines = [BackendLine(name=f"b{n}", framework="x", unavailable="why " * 500) for n in range(500)]
    run = build.runfile(run=build.run(backends=lines), records=(), comparisons=())
    for room in (COMMENT, ROOM):
        assert len(render(summarise(run), room=room).encode()) <= room
    assert len(render(summarise(build_hostile.hostile(1_000_000)), room=COMMENT).encode()) <= COMMENT


def test_it_is_added_to_what_the_file_has_within_its_room(tmp_path: Path) -> None:
    summary = summary_of(finding("aaaa", "crashed"))
    path = tmp_path / "steps"

    def made(room: int) -> str:
        return render(summary, room=room)

    append(path, made)
    assert path.read_text() == render(summary)
    path.write_text("before\n")
    append(path, made)
    assert path.read_text() == f"before\n{render(summary)}"
    path.write_bytes(b"x" * (ROOM - LEAST - 10))
    append(path, made)
    assert path.stat().st_size <= ROOM
    path.write_bytes(b"x" * (ROOM - LEAST + 1))
    with pytest.raises(OSError, match="it has 1,044,481 bytes already"):
        append(path, made)
    assert path.stat().st_size == ROOM - LEAST + 1
    with pytest.raises(OSError, match="directory"):
        append(tmp_path, made)


def test_the_same_run_gives_the_same_bytes() -> None:
    assert render(summary_of(end=None)) == render(summary_of(end=None))
    assert ci_summary.NAME == "summary.md"
