"""Texts of frameworks, made fit to print."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import text
from reports.record import Array, Difference, Side
from tests.reports.build_hostile import HOSTILE

ANYTHING = st.text(st.characters(codec=None), max_size=60) | st.text(
    "\x1b[]\x9b\x9d\x07;0m\\|`<&_*~:/w.@# \n\rab", max_size=60
)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain, 中文", "plain, 中文"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\tb", "a\tb"),
        ("a\x00b\x08", "a‹U+0000›b‹U+0008›"),
        ("\u202eesrever\u2066", "‹U+202E›esrever‹U+2066›"),
        ("zero\u200bwidth\ufeff", "zero‹U+200B›width‹U+FEFF›"),
        ("no\u00a0break", "no break"),
        ("half \ud800", "half ‹U+D800›"),
    ],
)
def test_what_a_terminal_would_act_on_is_removed_or_made_visible(raw: str, shown: str) -> None:
    assert text.clean(raw) == shown


@given(ANYTHING)
def test_a_clean_text_is_printable_and_stays_as_it_is(raw: str) -> None:
    shown = text.clean(raw)
    assert shown.replace("\n", "").replace("\t", "").isprintable()
    assert text.clean(shown) == shown
    shown.encode("utf-8")


@given(st.text("\x1bab\n", max_size=200), st.integers(1, 60))
def test_a_capped_text_is_as_long_as_allowed_and_its_note(raw: str, limit: int) -> None:
    body, note, _ = text.fit(raw, limit).partition(" … (")
    assert len(body) <= limit
    assert bool(note) or text.fit(raw, limit) == text.clean(raw)


def test_the_note_says_how_much_is_left_out() -> None:
    assert text.cap("abcdef", 4) == "abcd … (2 more characters)"
    assert text.fit("x" * 5_000_000).endswith("x … (4,998,000 more characters)")


def test_megabytes_take_no_time() -> None:
    started = time.perf_counter()
    for raw in ("\x1b]" * 5_000_000, "\x1b[" * 5_000_000, "\u202e" * 5_000_000, "`" * 5_000_000):
        text.prose(raw)
        text.code(raw)
        text.statement(raw)
    assert time.perf_counter() - started < 2


@given(ANYTHING)
def test_prose_and_code_are_one_line_without_a_bare_pipe(raw: str) -> None:
    for shown in (text.prose(raw), text.code(raw), text.statement(raw)):
        assert "\n" not in shown
        assert "|" not in shown


@given(ANYTHING)
def test_prose_has_no_character_that_starts_markup(raw: str) -> None:
    shown = text.prose(raw)
    assert not set(shown) & set("\\`*[]<>|~$")
    assert "://" not in shown
    assert "www." not in shown


@given(ANYTHING)
def test_a_statement_opens_no_tag_but_code(raw: str) -> None:
    shown = text.statement(raw).replace("<code>", "").replace("</code>", "")
    outside = "".join(part for ticked, part in text.pieces(shown) if not ticked)
    assert "<" not in outside


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Conv1d(3, stride=2)", "`Conv1d(3, stride=2)`"),
        ("", ""),
        ("a|b", "<code>a&#124;b</code>"),
        ("a`b``c", "<code>a&#96;b&#96;&#96;c</code>"),
        ("<b>|", "<code>&#60;b&#62;&#124;</code>"),
        ("a\nb", "`a b`"),
    ],
)
def test_code_stands_between_backticks_unless_that_is_not_safe(raw: str, shown: str) -> None:
    assert text.code(raw) == shown


def test_names_keep_their_underscores_in_prose() -> None:
    assert text.prose("out_channels of __init__") == "out_channels of &#95;&#95;init&#95;&#95;"


def test_a_statement_keeps_its_code_and_its_spaces() -> None:
    assert text.statement("If `pad_mode` is *same*, `a|b` holds.") == (
        "If `pad_mode` is &#42;same&#42;, <code>a&#124;b</code> holds."
    )


def test_hostile_prose_is_inert() -> None:
    shown = text.prose(HOSTILE)
    assert "<script" not in shown
    assert "](" not in shown
    assert "@you" not in shown


@pytest.mark.parametrize(
    ("side", "words"),
    [
        (Side(what="value", array=Array(shape=[2, 3], dtype="float32")), "a float32 tensor of shape (2, 3)"),
        (Side(what="returned", array=Array(shape=[1], dtype="int64")), "returned an int64 tensor of shape (1,)"),
        (Side(what="error", error="ValueError", argument="stride"), "ValueError about stride"),
        (Side(what="error"), "an error"),
        (Side(what="raised", error="TypeError", stage="construction"), "raised TypeError at construction"),
        (Side(what="not documented"), "not documented"),
        (Side(what="timed out"), "timed out"),
        (Side(what="unsupported"), "unsupported, as documented"),
    ],
)
def test_a_side_in_words(side: Side, words: str) -> None:
    assert text.side(side) == words


def test_a_difference_in_words() -> None:
    found = Difference(index=[0, 2], expected="1", actual="nan", differing=1, of=1, largest="")
    assert text.difference(found) == "first difference at index (0, 2): expected 1, got nan; 1 of 1 element differs"
    assert text.difference(None) == ""
