"""The HTML report as text: complete, self-contained, the same every time, and deaf to what a run file holds."""

import base64
import hashlib
import os
import re
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markupsafe import escape

from reports import html, markdown
from reports.reading import load
from reports.record import Side
from reports.summary import summarise
from tests.reports import build, build_hostile

VOID = {"meta", "br", "input"}


class Page(HTMLParser):
    """Tags, attributes and texts of a page; `broken` lists tags that are not closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.broken: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.broken.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        self.texts.setdefault(self.open[-1] if self.open else "", []).append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def page() -> str:
    return html.render(build.runfile())


def test_a_summary_renders_like_its_run_file(page: str) -> None:
    assert html.render(summarise(build.runfile())) == page


def test_a_stored_run_renders_like_the_one_in_memory(page: str, tmp_path: Path) -> None:
    runfile = load(build.stored(build.runfile(), tmp_path))
    path = html.write(tmp_path, runfile)
    assert path == tmp_path / "report.html"
    assert path.read_bytes() == page.encode("utf-8")


def test_the_same_file_gives_the_same_bytes_in_every_process() -> None:
    source = (
        "import hashlib; from reports import html, markdown; from tests.reports import build; r = build.runfile();"
        "print(hashlib.sha256((html.render(r) + markdown.render(r)).encode()).hexdigest())"
    )
    ours = html.render(build.runfile()) + markdown.render(build.runfile())
    digests = {hashlib.sha256(ours.encode()).hexdigest()}
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        found = subprocess.run(
            [sys.executable, "-c", source], env=environment, capture_output=True, text=True, check=True
        )
        digests.add(found.stdout.strip())
    assert len(digests) == 1


@pytest.mark.parametrize("run", [build.runfile, build_hostile.hostile])
def test_every_tag_is_closed_and_every_id_is_given_once(run: object) -> None:
    parsed = Page(html.render(run()))  # type: ignore[operator]
    ids = [attributes["id"] for _, attributes in parsed.tags if "id" in attributes]
    assert parsed.broken == []
    assert parsed.open == []
    assert len(ids) == len(set(ids))


def test_everything_that_a_reader_asks_for_is_there(page: str) -> None:
    text = re.sub(r"<[^>]+>", "", page)
    apart = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    for backend in summarise(build.runfile()).backends:
        assert str(escape(backend.headline)) in text
    for claim in build.CLAIMS:
        assert f'id="claim={claim.id}"' in page
        assert str(escape(claim.en.replace("`", ""))) in text
    assert 'lang="zh"' in page
    for found in (build.ACCEPTED, build.SAME, build.WRONG_ERROR, build.CRASHING, build.EXAMPLE):
        assert str(escape(found.show())) in text
        assert f"conformance show run.jsonl {found.id}" in text
        assert f'id="case={found.id}"' in page
    for words in (
        "first difference at index (0, 1, 2): expected 3, got 4; 12 of 32 elements differ, largest error 1.5",
        "contradicted (document overruled by ruling stride-default)",
        "document of version 2.9.0",
        "SIGSEGV",
        "torch has no pad_mode",
        "412 of 412",
        "AMD EPYC 9554",
        "commit 0123abcd",
        "no Ascend device can be reached",
    ):
        assert words in text, words
    for words in (
        "unavailable (needs cuda)",
        "not followed (advice; no document promises it)",
        "1 claim unavailable needs cuda; PyTorch 2.13.0+cpu on cpu is on another device",
        "1 time an API is documented otherwise here",
        "default changed pad_mode &#39;same&#39; (0, 1) version 2.9.0",
        "accumulation float32 eager mindspore.nn.A, mindspore.nn.B float32 (24 bits)",
        "the same as in graph mode",
        "8 of 9 (88%)",
        "7 of 9 (77%)",
        "avx2 avx512f",
        "no compiled mode: no C++ compiler is found",
    ):
        assert words in apart, words
    assert build.PARTNER not in page[page.index('<section id="support">') : page.index('<section id="contradicted">')]
    assert build.PARTNER not in page[page.index('<section id="coverage">') : page.index('<section id="rulings">')]


def test_every_section_is_in_the_contents(page: str) -> None:
    parsed = Page(page)
    sections = [attributes["id"] for attributes in parsed.all("section") if "id" in attributes]
    contents = page[page.index("<nav") : page.index("</nav>")]
    assert re.findall(r'href="#(.*?)"', contents) == sections


def test_a_run_without_drift_or_properties_says_so() -> None:
    looked = build.record(build.case(build.MINDSPORE, 3), "mindspore", actual=Side(what="described"))
    page = html.render(build.runfile(drifts=(), properties=(), records=(looked,)))
    assert "1 signature and docstring looked at: none differs from what the claims were written from." in page
    assert "Nothing was measured in this run" in page
    assert "No signature or docstring was looked at" in html.render(build.runfile(drifts=()))


def test_every_table_has_a_caption_and_every_column_a_scope(page: str) -> None:
    parsed = Page(page)
    assert len(parsed.all("table")) == len(parsed.all("caption")) >= 14
    assert all(attributes.get("scope") in ("col", "row", "rowgroup") for attributes in parsed.all("th"))


def test_every_state_is_a_word_and_a_shape_beside_its_colour(page: str) -> None:
    states = re.findall(r'<span class="state[^"]*"><b aria-hidden="true">(.*?)</b>\s*(.*?)</span>', page)
    assert len(states) == page.count('<span class="state')
    assert all(shape.strip() and words.strip() for shape, words in states)


def test_nothing_in_the_file_is_remote(page: str) -> None:
    assert "http:" not in page
    assert "https:" not in page
    for tag, attributes in Page(page).tags:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base"}
        assert attributes.get("href", "#").startswith("#")
        assert not attributes.keys() & {"src", "srcset", "action", "data", "poster"}


def test_the_policy_allows_the_one_style_and_the_one_script_by_digest(page: str) -> None:
    parsed = Page(page)
    (policy,) = (item["content"] for item in parsed.all("meta") if item.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        (content,) = parsed.texts[tag]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_a_hostile_run_adds_no_tag_and_no_attribute() -> None:
    parsed = Page(html.render(build_hostile.hostile()))
    plain = Page(html.render(build.runfile()))
    assert {tag for tag, _ in parsed.tags} <= {tag for tag, _ in plain.tags}
    assert {name for _, attributes in parsed.tags for name in attributes} <= {
        name for _, attributes in plain.tags for name in attributes
    }
    assert parsed.texts["script"] == plain.texts["script"]
    assert parsed.texts["style"] == plain.texts["style"]
    assert all(attributes.get("href", "#").startswith("#") for _, attributes in parsed.tags)


def test_a_hostile_run_leaves_no_invisible_character_and_is_not_evaluated() -> None:
    page = html.render(build_hostile.hostile())
    assert page.replace("\n", "").isprintable()
    assert "{{ 7*7 }}" in page
    assert "‹U+202E›" in page


def test_texts_of_megabytes_are_capped_with_a_note() -> None:
    page = html.render(build_hostile.hostile(1_000_000))
    assert len(page.encode()) <= html.LARGEST
    assert re.search(r"… \(\d,?\d+,\d{3} more characters\)", page)


@pytest.mark.parametrize("count", [1_000, 30_000])
def test_a_long_run_stays_small_and_is_reported_in_seconds(count: int) -> None:
    run = build.long(count)
    began = time.process_time()
    summary = summarise(run)
    pages = html.render(summary), markdown.render(summary)
    assert time.process_time() - began < 6
    assert len(pages[0].encode()) < html.LARGEST
    assert len(pages[1].encode()) < markdown.LARGEST


def test_a_run_with_long_texts_everywhere_is_capped_until_it_fits() -> None:
    claims = [build.claim(build.MINDSPORE, f"claim-{n}", "<" * 1900, zh="<" * 1900) for n in range(400)]
    run = build.runfile(run=build.run(claims=claims))
    assert len(html.render(run).encode()) <= html.LARGEST
    assert len(markdown.render(run).encode()) <= markdown.LARGEST
    assert html.render(run).count('id="claim=') == 400


def test_more_groups_than_shown_are_counted() -> None:
    records = [
        build.record(
            build.case(build.MINDSPORE, n + 1), "mindspore", "differs", build.check(build.MINDSPORE, f"c{n}", False)
        )
        for n in range(230)
    ]
    page = html.render(build.runfile(records=tuple(records)))
    assert "30 more are left out here; the run file has them all." in page


def test_an_interrupted_run_says_so_at_the_top() -> None:
    page = html.render(build.runfile(end=None))
    assert page.index("This run file has no end line") < page.index('class="cards"')
