"""The Markdown report, read by a Markdown parser: whole tables, and nothing that a run file could smuggle in."""

from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from reports import markdown
from reports.reading import load
from reports.summary import summarise
from tests.reports import build, build_hostile

OURS = {"<code>", "</code>", "<br>"}


def tokens(page: str) -> list[Token]:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    found = []
    for token in parser.parse(page):
        found += [token, *(token.children or [])]
    return found


def tables(page: str) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for line in page.splitlines():
        if line.startswith("|"):
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [table for table in found if table]


@pytest.fixture(scope="module")
def page() -> str:
    return markdown.render(build.runfile())


def test_everything_that_a_reader_asks_for_is_there(page: str) -> None:
    for backend in summarise(build.runfile()).backends:
        assert f"- {backend.headline}" in page
    for claim in build.CLAIMS:
        assert claim.en in page
        assert claim.zh in page
    for found in (build.ACCEPTED, build.SAME, build.WRONG_ERROR, build.CRASHING, build.EXAMPLE):
        assert f"`{found.show()}`" in page
        assert f"`conformance show run.jsonl {found.id}`" in page
    assert "| `mindspore.nn.Conv1dTranspose` | works (1/1)" in page
    assert "contradicted (document overruled by ruling stride-default)" in page
    assert "(document of version 2.9.0)" in page
    for words in (
        "unavailable (needs cuda)",
        "not followed (advice; no document promises it)",
        "**1 claim unavailable**: needs cuda; PyTorch 2.13.0+cpu on cpu is on another device",
        "| MindSpore 2.10.0 on cpu | default changed | `pad_mode` | `'same'` | `(0, 1)` | 2.9.0 |",
        "| accumulation | float32 | eager | `mindspore.nn.A`, `mindspore.nn.B` | float32 (24 bits) |",
        "Expected: the same as in graph mode",
        "8 of 9 (88%)",
        "no compiled mode: no C++ compiler is found",
        "avx2 avx512f",
    ):
        assert words in page, words


def test_a_stored_run_renders_like_the_one_in_memory(page: str, tmp_path: Path) -> None:
    path = markdown.write(tmp_path, load(build.stored(build.runfile(), tmp_path)))
    assert path == tmp_path / "report.md"
    assert path.read_bytes() == page.encode("utf-8")


@pytest.mark.parametrize("run", [build.runfile, build_hostile.hostile])
def test_every_row_of_a_table_has_the_cells_of_its_head(run: object) -> None:
    page = markdown.render(run())  # type: ignore[operator]
    for table in tables(page):
        assert len({line.count("|") for line in table}) == 1, table[0]
        assert set(table[1]) <= set("|-: ")
    kinds = [token.type for token in tokens(page)]
    assert kinds.count("table_open") == len(tables(page)) >= 13
    assert kinds.count("tr_open") == sum(len(table) - 1 for table in tables(page))


def test_a_hostile_run_adds_no_markup() -> None:
    page = markdown.render(build_hostile.hostile())
    found = tokens(page)
    assert {token.content for token in found if token.type == "html_inline"} <= OURS
    kinds = {token.type for token in found}
    assert not kinds & {"html_block", "link_open", "image", "fence", "code_block", "em_open", "s_open", "hr"}
    headings = [token for token in found if token.type == "heading_open" and token.tag in ("h1", "h2")]
    assert len(headings) == len([line for line in page.splitlines() if line.startswith(("# ", "## "))]) == 16


def test_a_hostile_run_starts_no_link_and_no_mention_on_github() -> None:
    outside = "".join(
        token.content for token in tokens(markdown.render(build_hostile.hostile())) if token.type == "html_inline"
    )
    assert "://" not in outside
    page = markdown.render(build_hostile.hostile())
    assert "@you" not in page
    assert "https://evil" not in page
    assert "www.evil" not in page
    assert page.replace("\n", "").isprintable()


def test_texts_of_megabytes_are_capped_with_a_note() -> None:
    page = markdown.render(build_hostile.hostile(1_000_000))
    assert len(page.encode()) <= markdown.LARGEST
    assert "more characters)" in page


def test_a_table_without_rows_is_left_out() -> None:
    assert markdown.table(["a"], []) == ""
    assert markdown.table(["a", "b"], [["1,234", "1e5"]], aligned=False).splitlines()[-1] == "| 1,234 | 1e5 |"


def test_an_interrupted_run_says_so_at_the_top() -> None:
    page = markdown.render(build.runfile(end=None))
    assert page.splitlines()[2].startswith("> **Note.** This run file has no end line")
