"""The committed comparison pages: they are what today's claims and the evidence give, complete, and safe to show."""

import re
import sys
import tempfile
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from cases.catalogue import apis
from cases.compared import comparer
from reports import comparison_html, comparison_markdown
from reports.comparison import page
from reports.comparison_blocks import Block, Heading, Page, Paragraph, Programs, Table, code, line, state, table
from reports.comparison_blocks import Program as Shown
from reports.comparison_claims import stated
from reports.comparison_context import Context
from reports.comparison_evidence import Evidence, PageEvidence, read, to_json
from reports.comparison_files import folder
from reports.comparison_language import LANGS, Lang, Words
from reports.comparison_words import WORDS
from reports.text import statement

COMMITTED = Path(__file__).parents[2] / "docs" / "compare"
ANEW = "conformance compare --all --from docs/compare/evidence.json --to docs/compare"
SEED = ("torch.nn.ConvTranspose1d", "mindspore.nn.Conv1dTranspose")


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return read(COMMITTED)


@pytest.fixture(scope="module")
def made(evidence: Evidence) -> dict[str, str]:
    return dict(folder(evidence))


def test_the_committed_pages_are_what_evidence_and_claims_give_today(made: dict[str, str]) -> None:
    there = {path.name for path in COMMITTED.iterdir()}
    assert there == set(made), f"other files than today's; run `{ANEW}`"
    stale = [name for name, text in made.items() if (COMMITTED / name).read_bytes() != text.encode()]
    assert not stale, f"{len(stale)} pages are stale, {stale[0]} the first; run `{ANEW}`"


def test_the_evidence_is_small_and_names_no_machine_and_no_time(made: dict[str, str]) -> None:
    text = made["evidence.json"]
    assert len(text.encode()) < 400_000
    assert not re.search(r"\d\d:\d\d:\d\d", text)
    here = (Path.cwd(), Path.home(), Path(tempfile.gettempdir()), Path(sys.prefix))
    assert [str(path) for path in here if f"{path}/" in text] == []


def test_evidence_reads_back_to_itself(evidence: Evidence, tmp_path: Path) -> None:
    (tmp_path / "evidence.json").write_bytes(to_json(evidence))
    assert read(tmp_path) == evidence


def test_every_pair_has_its_pages_and_the_index_leads_to_them(made: dict[str, str]) -> None:
    knows = comparer("conv_transpose")
    assert knows is not None
    for left, right in knows.pairs():
        for lang in LANGS:
            name = f"{left}--{right}.{lang}"
            assert f"]({name}.md)" in made["README.md"]
            assert f'href="{name}.html"' in made["index.html"]
            assert {f"{name}.md", f"{name}.html"} <= set(made)


def test_every_link_between_the_pages_leads_to_a_file(made: dict[str, str]) -> None:
    for name, text in made.items():
        if name.endswith(".html"):
            for target in re.findall(r'href="([^"#]+)"', text):
                assert target in made, (name, target)
            anchors = set(re.findall(r'id="([^"]+)"', text))
            assert set(re.findall(r'href="#([^"]+)"', text)) <= anchors, name
        elif name.endswith(".md"):
            for target in re.findall(r"\]\(([^)]+)\)", text):
                assert target in made, (name, target)


@pytest.mark.parametrize("lang", LANGS)
def test_the_sections_stand_in_the_order_of_the_issue(evidence: Evidence, lang: Lang) -> None:
    anchors = [item.anchor for item in page(evidence, evidence.pages[0], lang).contents]
    fixed = ["summary", "parameters", "shapes", "map", "initial", "dtypes", "devices", "errors", "gradients"]
    assert anchors == [*fixed, "examples", "statements"]


@pytest.mark.parametrize("lang", LANGS)
def test_every_statement_of_the_seed_s_page_has_a_verdict(evidence: Evidence, lang: Lang) -> None:
    pair = next(item for item in evidence.pages if (item.left, item.right) == SEED)
    knows, (left, right) = comparer("conv_transpose"), SEED
    assert knows is not None
    (document,) = knows.comparing(apis()[left], apis()[right])
    context = Context(evidence, pair, Words(lang))
    found = list(stated(context, document))
    wanted = {
        claim.id
        for name in SEED
        for claim in apis()[name].claims
        if any(source.document.key == document.key for source in claim.sources)
    }
    assert {claim.id for claim, _ in found} == wanted
    shown = last_table(page(evidence, pair, lang))
    assert len(shown.rows) == len(wanted)
    assert all(any(span.kind == "state" for span in row[3]) for row in shown.rows)


def last_table(of: Page) -> Table:
    return [block for block in of.blocks if isinstance(block, Table)][-1]


def test_what_the_seed_s_page_gets_wrong_is_called_so_with_its_counterexample(made: dict[str, str]) -> None:
    text = made[f"{SEED[0]}--{SEED[1]}.zh.md"]
    rows = [row for row in text.split("## 现有对比页的逐条核对")[1].splitlines() if "**与实际不符**" in row]
    assert rows
    assert all("反例" in row and "实际" in row for row in rows)
    overruled = [row for row in text.splitlines() if "**被裁定推翻**" in row and "裁定：" in row]
    assert overruled


def test_other_pairs_say_that_no_document_compares_them(evidence: Evidence, made: dict[str, str]) -> None:
    for item in evidence.pages:
        if (item.left, item.right) != SEED:
            assert "No document among those of this suite compares" in made[f"{item.left}--{item.right}.en.md"]


def test_the_parts_of_every_direction_sum_up(evidence: Evidence) -> None:
    for item in evidence.pages:
        for found in item.directions:
            assert found.calls == found.undocumented + found.own + found.valid
            assert found.valid == found.direct + found.recipe + found.none
            assert found.direct + found.recipe == sum(region.cases for region in found.regions)
            assert found.none == sum(lack.cases for lack in found.lacks)
            assert all(region.equal + region.differ + region.missing <= region.cases for region in found.regions)
            assert found.differ <= sum(found.departs)


def test_where_pairs_differ_one_side_departs_from_its_own_documents(evidence: Evidence) -> None:
    """A pair that differs although both do as documented would be a counterpart that is none."""
    assert [item.left for item in evidence.pages for found in item.directions if found.departs[2]] == []


def test_examples_that_are_counterparts_print_the_same_unless_a_framework_departs(evidence: Evidence) -> None:
    compared = 0
    for item in evidence.pages:
        for example in item.examples:
            if example.counterpart and example.right:
                both = [evidence.programs[name] for name in (example.left, example.right)]
                assert all(program.ended for program in both), "a program was not run"
                same = len({program.printed for program in both}) == 1
                assert same or any(program.departs for program in both), (item.left, example.key)
                compared += 1
    assert compared > 40


def test_the_two_languages_have_the_same_words_and_the_same_places() -> None:
    for key, (en, zh) in WORDS.items():
        places = [sorted(re.findall(r"\{\w+\}", text)) for text in (en, zh)]
        assert places[0] == places[1], key


def test_every_word_is_used() -> None:
    """Words that are made of a prefix and a value, and states of claims, are asked for in other ways."""
    reports = Path(comparison_html.__file__).parent
    files = [path for path in reports.glob("comparison*.py") if path.name != "comparison_words.py"]
    text = "".join(path.read_text("utf-8") for path in (*files, reports / "templates" / "comparison.html.j2"))
    made = ("meaning-", "step-", "know-", *MET)
    assert [
        key for key in WORDS if not key.startswith(made) and f'"{key}"' not in text and f"'{key}'" not in text
    ] == []


MET = ("contradicted", "document", "advice", "unchecked", "not exercised", "holds", "unavailable")


def test_the_chinese_pages_hold_no_english_sentence_of_ours(made: dict[str, str]) -> None:
    long = [en for en, zh in WORDS.values() if en != zh and len(en) > 24 and "{" not in en]
    for name, text in made.items():
        if name.endswith(".zh.md"):
            assert [sentence for sentence in long if sentence in text] == [], name


HOSTILE = "<script>alert(1)</script> | `x` [a](javascript:1) \x1b[31m\u202e&amp;"


def hostile() -> Page:
    blocks: tuple[Block, ...] = (
        Heading(HOSTILE, "safe"),
        Paragraph(line(HOSTILE, code(HOSTILE), state(HOSTILE, "bad")), lead=True),
        table((HOSTILE, "b"), [(HOSTILE, code(HOSTILE))], HOSTILE),
        Programs((Shown(HOSTILE, f"```\n{HOSTILE}", HOSTILE, f"~~~~\n```{HOSTILE}"),)),
    )
    return Page("", HOSTILE, "en", blocks)


class Tags(HTMLParser):
    """Every tag and every link of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


@pytest.mark.parametrize("render", [comparison_html.render, lambda made: markdown(comparison_markdown.render(made))])
def test_no_text_becomes_markup(render) -> None:  # type: ignore[no-untyped-def]
    text = render(hostile())
    found = Tags(text)
    assert "script" not in found.tags
    assert found.links == []
    assert "\x1b" not in text
    assert "\u202e" not in text


def markdown(text: str) -> str:
    return MarkdownIt("gfm-like", {"linkify": False}).render(text)


def test_html_asks_for_nothing_and_has_no_script(made: dict[str, str]) -> None:
    for name, text in made.items():
        if name.endswith(".html"):
            assert "default-src 'none'; style-src 'sha256-" in unescape(text)
            found = Tags(text)
            assert not {"script", "img", "link", "iframe"} & set(found.tags), name
            assert not [link for link in found.links if "//" in link], name


def test_markdown_tables_are_tables(made: dict[str, str]) -> None:
    for name, text in made.items():
        if name.endswith(".md"):
            shown = markdown(text)
            assert shown.count("<table>") == len(re.findall(r"^\|[-:| ]+\|$", text, re.MULTILINE)), name
            for found in re.findall(r"<table>.*?</table>", shown, re.DOTALL):
                heads = len(re.findall(r"<th[ >]", found))
                assert all(
                    len(re.findall(r"<td[ >]", row)) == heads
                    for row in re.findall(r"<tr>(.*?)</tr>", found, re.DOTALL)[1:]
                )


def test_a_claim_that_the_evidence_does_not_know_is_not_exercised(evidence: Evidence) -> None:
    assert evidence.state("torch.nn.ConvTranspose1d/no-such-claim").state == "not exercised"


def test_a_page_without_a_run_of_a_framework_says_so(evidence: Evidence) -> None:
    pair = evidence.pages[0]
    bare = PageEvidence(left=pair.left, right=pair.right, directions=[], examples=[])
    fields = {name: getattr(evidence, name) for name in evidence.__struct_fields__}
    made = page(Evidence(**(fields | {"backends": [], "pages": [bare]})), bare, "en")
    text = comparison_markdown.render(made)
    assert "**verified**" not in text
    assert "**not exercised**" in text


def test_claims_of_both_sides_on_one_rule_of_a_parameter_share_a_row(made: dict[str, str]) -> None:
    text = made[f"{SEED[0]}--{SEED[1]}.en.md"]
    rows = [row for row in text.splitlines() if row.startswith("| `groups` is an int")]
    assert len(rows) == 1
    assert "`group` is an int" in rows[0]
    (kernel,) = [row for row in text.splitlines() if row.startswith("| `kernel_size` is an int or a tuple")]
    assert "TypeError is raised if `kernel_size`" in kernel
    assert "— |" not in kernel


def test_no_claim_of_the_shown_kinds_is_left_out(made: dict[str, str]) -> None:
    for name in SEED:
        for claim in apis()[name].claims:
            if claim.kind in ("raises", "gradient of", "initial distribution", "platform"):
                assert statement(claim.text.zh) in made[f"{SEED[0]}--{SEED[1]}.zh.md"], claim.id
