"""The pages of a trend: in both languages, safe whatever a run file says, and never too large."""

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from selenium.webdriver.common.by import By

from reports import trend_html, trend_markdown, trend_words
from reports.record import BackendLine
from reports.states import STATES
from reports.trend import KINDS, Trend, trend
from reports.trend_columns import columns
from reports.trend_words import CELLS, WORDS, when
from tests.reports import build, build_hostile
from tests.reports.test_browser import browser, remote, requests, visit  # noqa: F401 (browser is a fixture)
from tests.reports.test_markdown import OURS, tables, tokens
from tests.reports.test_trend import CASES, CLAIMS, FAILS, HOLDS, backend, held, record, run, versions


def some() -> Trend:
    """A claim that fails since a version, one that fails everywhere, one that stands alike; two runs."""
    lines = [backend("2.9.0"), backend("2.10.0")]
    records = [record(CASES[0], line, state) for line, state in zip(lines, (HOLDS, FAILS), strict=True)]
    records += [record(CASES[1], line, FAILS, "lengths") for line in lines]
    records += [record(CASES[1], line, HOLDS, "range") for line in lines]
    gone = BackendLine(name="mindspore==2.8.0:cpu", framework="mindspore", unavailable="not there")
    return held(run([*lines, gone], records), run([backend("2.10.0")], [], seed=7, started="2025-12-01"))


def hostile(bulk: int = 0) -> Trend:
    first = build_hostile.hostile(bulk)
    second = replace(first, path=Path(f"{build_hostile.HOSTILE[:100]}.jsonl"), records=(), comparisons=())
    return trend([columns(item, number) for number, item in enumerate((first, second), 1)])


def long(count: int) -> Trend:
    claims = [build.claim(build.MINDSPORE, f"claim-{n}", "A statement of some length. " * 8) for n in range(count)]
    lines = [backend(f"2.{n}.0") for n in range(6)]
    records = []
    for place, line in enumerate(lines):
        checks = [build.check(build.MINDSPORE, f"claim-{n}", place != n % 6) for n in range(count)]
        records.append(build.record(CASES[0], line.name, "differs", *checks))
    return held(run(lines, records, claims=claims))


def test_every_word_stands_in_both_languages_and_leaves_the_same_places_open() -> None:
    for name, (english, chinese) in WORDS.items():
        assert english, name
        assert chinese, name
        assert _places(english) == _places(chinese), name
        assert name in ("counts", "on") or re.search("[\u4e00-\u9fff]", chinese) or not re.search("[a-z]{3}", english)
    assert set(CELLS) == {*STATES, "not stated", "restated", "other cases"}
    assert all(all(cell) for cell in CELLS.values())


def _places(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name}


@pytest.mark.parametrize("lang", trend_words.LANGS)
def test_every_kind_of_development_is_said_in_words(lang: Any) -> None:
    said, kinds = set(), set()
    sequences = [(HOLDS, FAILS), (FAILS, HOLDS), (FAILS, FAILS), (FAILS, HOLDS, FAILS), (FAILS, None)]
    for states in sequences:
        (part,) = held(versions(*states)).parts
        (row,) = (*part.rows, *part.failing)
        kinds.add(row.since[0].kind)
        said.add(when(row.since, lang))
    assert len(said) == len(sequences)
    assert kinds == {*KINDS} - {"never"}
    assert not any("{" in words for words in said)


def test_markdown_tells_the_versions_in_both_languages() -> None:
    page = trend_markdown.render(some())
    for words in (
        "fails since 2.10.0; holds up to 2.9.0",
        "自 2.10.0 起不成立，2.9.0 及之前成立",
        "fails in every version that was run, from 2.9.0 on",
        "| 2.9.0 (cpu)<br>2025-11-21, Run 1 |",
        "✗ contradicted<br>1 of 1 cases fail",
        "✗ 与实际不符",
        "The runs have different seeds",
        "Not usable in run 1: mindspore==2.8.0:cpu.",
        CASES[0].show(),
        CASES[0].id,
        "2 more are not told of by every column",
    ):
        assert words in page, words
    assert page.index("Versions against claims") < page.index("版本与文档陈述的对照")
    for rows in tables(page):
        assert len({line.count("|") for line in rows}) == 1


def test_a_hostile_run_adds_no_markup_to_markdown() -> None:
    page = trend_markdown.render(hostile())
    found = tokens(page)
    assert {token.content for token in found if token.type == "html_inline"} <= OURS
    kinds = {token.type for token in found}
    assert not kinds & {"html_block", "link_open", "image", "fence", "code_block", "em_open", "s_open", "hr"}
    assert "https://evil" not in page
    assert "@you" not in page


def test_html_has_no_script_and_nothing_of_a_hostile_run_in_its_markup() -> None:
    page = trend_html.render(hostile())
    found: list[tuple[str, str]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.extend((tag, name) for name, _ in [("", ""), *attrs])

    Reader().feed(page)
    assert not {tag for tag, _ in found} & {"script", "img", "iframe", "object", "form", "svg", "base"}
    assert not [name for _, name in found if name.startswith("on") or name in ("src", "srcdoc", "style", "action")]
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "default-src 'none'" in unescape(page)


@pytest.mark.parametrize("make", [lambda: long(8000), lambda: hostile(1_000_000)], ids=["claims", "texts"])
def test_pages_stay_within_their_limits(make: Any) -> None:
    found = make()
    assert len(trend_html.render(found).encode()) <= trend_html.LARGEST
    assert len(trend_markdown.render(found).encode()) <= trend_markdown.LARGEST


def test_the_same_runs_give_the_same_bytes(tmp_path: Path) -> None:
    pages = [trend_html.write(tmp_path, some()), trend_markdown.write(tmp_path, some())]
    assert [page.name for page in pages] == ["trend.html", "trend.md"]
    assert [page.read_text() for page in pages] == [trend_html.render(some()), trend_markdown.render(some())]


@pytest.mark.browser
def test_the_page_opens_from_disk_asks_for_nothing_and_every_link_leads_somewhere(browser: Any, tmp_path: Path) -> None:  # noqa: F811
    page = visit(browser, trend_html.write(tmp_path, some()))
    assert requests(page) == [(tmp_path / "trend.html").as_uri()]
    assert page.get_log("browser") == []
    assert remote(page) == []
    links = page.execute_script(
        "return [...document.querySelectorAll('a')].map(a => decodeURIComponent(a.getAttribute('href').slice(1)))"
    )
    ids = page.execute_script("return [...document.querySelectorAll('[id]')].map(e => e.id)")
    assert f"claim={CLAIMS[0].id}" in links
    assert set(links) <= set(ids)
    assert len(ids) == len(set(ids))


@pytest.mark.browser
def test_the_language_is_chosen_without_a_script(browser: Any, tmp_path: Path) -> None:  # noqa: F811
    page = visit(browser, trend_html.write(tmp_path, some()))
    title = page.find_element(By.TAG_NAME, "h1")
    assert title.text == "Versions against claims"
    page.find_element(By.CSS_SELECTOR, "label[for=zh]").click()
    assert title.text == "版本与文档陈述的对照"
    shown = page.find_element(By.TAG_NAME, "main").text
    assert "fails since" not in shown
    assert "自 2.10.0 起不成立" in shown


@pytest.mark.browser
def test_a_hostile_run_file_is_inert_in_the_page(browser: Any, tmp_path: Path) -> None:  # noqa: F811
    page = visit(browser, trend_html.write(tmp_path, hostile()))
    assert page.execute_script("return typeof window.__pwned") == "undefined"
    assert requests(page) == [(tmp_path / "trend.html").as_uri()]
    assert page.execute_script("return document.querySelectorAll('img, iframe, object, script').length") == 0
