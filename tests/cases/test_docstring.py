"""A docstring comes apart into sections and parameters, any text at all is read, and digests are of words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.docstring import DESCRIPTION, digest, normal, parse

GOOGLE = """Does a thing to a tensor.

    It does so twice.

    Args:
        size (int or tuple): how large.
            Default: 1
        *rest, **options: whatever else
          there is
        mode (str, optional): one of

            - ``"near"``: the nearest one
            - far: (any other)

    Shape:
        - Input: :math:`(N, C)`

    Note:
        First note.

    Note:
        Second note.

    Examples::

        >>> thing(3)

    .. _`here`:
        an address
"""
MINDSPORE = """
    Makes a thing.

    .. math::
        y = x

    .. warning::
        It will change.

    Args:
        size (Union[int, tuple[int]]): Its size.
        kind (:class:`some.dtype`): Its kind.

    Inputs:
        - **x** (Tensor) - What goes in.

          - CPU: float16.
        - **weight** (Tensor) - The other.

    Supported Platforms:
        ``CPU``
    """
BUILTIN = """
thing(input, size=1) -> Tensor

Does a thing.

Args:
    input: what goes in
    size: how large it is. Can be a number or
      a tuple. Default: 1

For examples:

.. code-block:: python

    >>> thing(x)
"""


def words(text: str) -> list[str]:
    return text.split()


def test_the_google_style_comes_apart() -> None:
    parsed = parse(GOOGLE)
    assert list(parsed.sections) == [DESCRIPTION, "Shape", "Note", "Note (2)", "Examples"]
    assert list(parsed.parameters) == ["size", "rest", "options", "mode"]
    assert parsed.parameters["rest"] == parsed.parameters["options"]
    assert words(parsed.parameters["rest"])[-2:] == ["there", "is"]
    assert words(parsed.parameters["mode"])[-3:] == ["far:", "(any", "other)"]
    assert words(parsed.sections["Note (2)"]) == ["Second", "note."]
    assert words(parsed.sections[DESCRIPTION])[-2:] == ["an", "address"]


def test_the_mindspore_style_comes_apart() -> None:
    parsed = parse(MINDSPORE)
    assert list(parsed.sections) == [DESCRIPTION, "Warning", "Supported Platforms"]
    assert list(parsed.parameters) == ["size", "kind", "x", "weight"]
    assert "y = x" in parsed.sections[DESCRIPTION]
    assert words(parsed.parameters["x"])[-2:] == ["CPU:", "float16."]


def test_the_docstring_of_a_built_in_function_comes_apart() -> None:
    parsed = parse(BUILTIN)
    assert list(parsed.sections) == [DESCRIPTION, "For examples"]
    assert list(parsed.parameters) == ["input", "size"]
    assert ">>> thing(x)" in parsed.sections["For examples"]


def test_a_known_title_may_have_words_behind_it_and_a_sentence_is_no_title() -> None:
    parsed = parse("Makes it.\n\nReturns: a tensor\n\nPlease note: nothing.\nThis is what it does to any tensor:\n")
    assert list(parsed.sections) == [DESCRIPTION, "Returns"]
    assert "Please note" in parsed.sections[DESCRIPTION]
    assert "to any tensor:" in parsed.sections[DESCRIPTION]


def test_a_parameter_that_is_listed_twice_has_both_texts() -> None:
    parsed = parse("\nArgs:\n    x: the first\n\nInputs:\n    - **x** (Tensor) - the second\n")
    assert words(parsed.parameters["x"]) == words("x: the first - **x** (Tensor) - the second")


def test_what_stands_before_the_first_entry_stays_in_the_section() -> None:
    parsed = parse("\nArgs:\n    All of these are numbers\n    x: one\n")
    assert words(parsed.sections["Args"]) == words("All of these are numbers")
    assert parse("\nArgs:\n    x: one\n").sections == {}


def test_a_docstring_without_a_word_has_no_parts() -> None:
    for nothing in ("", "   ", "\n\n\t\n"):
        assert parse(nothing).sections == parse(nothing).parameters == {}


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    parsed = parse(text)
    assert all(part.strip() for part in parsed.sections.values())
    assert re.fullmatch("[0-9a-f]{16}", digest(text))


PIECES = st.sampled_from(
    [
        "Args:",
        "Args: x",
        "Inputs:",
        "Note:",
        ".. note::",
        ".. math::",
        "Returns: x",
        "x (int): y",
        "- **x** (Tensor)",
        "a",
    ]
)


@given(st.lists(st.tuples(st.integers(0, 3), PIECES)).map(lambda lines: "\n".join(" " * 4 * n + t for n, t in lines)))
def test_no_word_is_lost_but_titles(text: str) -> None:
    parsed = parse(text)
    kept = {word for part in (*parsed.sections.values(), *parsed.parameters.values()) for word in part.split()}
    titles = {"Args:", "Inputs:", "Note:", ".. note::", "..", "note::", "Returns:"}
    assert set(text.split()) - titles <= kept


NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True)
PROSE = st.lists(st.sampled_from(["how", "many", "(of", "them)", "Default:", "``1``", "-", "or", "a:b"]), min_size=1)
TYPES = st.sampled_from(["", " (int)", " (Union[int, tuple[int]], optional)", " (:class:`some.dtype`)", "(str)"])


@st.composite
def documented(draw: st.DrawFn) -> tuple[str, dict[str, str]]:
    """A docstring with an `Args` section, and its words on each parameter."""
    margin, deeper = draw(st.integers(0, 8)) * " ", draw(st.integers(1, 8)) * " "
    title = draw(st.sampled_from(["Args:", "Args:  ", "Args::", "Arguments:", "Parameters:", "Keyword args:"]))
    texts: dict[str, str] = {}
    lines = ["Makes a thing.", "", margin + title]
    for name in draw(st.lists(NAMES, unique=True)):
        entry = [f"{name}{draw(TYPES)}: {' '.join(draw(PROSE))}"]
        for more in draw(st.lists(PROSE, max_size=3)):
            entry.append(deeper + " ".join(more))
        lines += [margin + deeper + line for line in entry] + [""] * draw(st.integers(0, 1))
        texts[name] = " ".join(" ".join(entry).split())
    lines += [margin + "Raises:", margin + deeper + "ValueError: never"]
    return "\n".join(lines), texts


@given(documented())
def test_every_parameter_listed_under_args_is_found_with_all_its_words(made: tuple[str, dict[str, str]]) -> None:
    docstring, texts = made
    parsed = parse(docstring)
    assert {name: normal(text) for name, text in parsed.parameters.items()} == texts
    assert set(parsed.sections) == {DESCRIPTION, "Raises"}


@given(documented(), st.data())
def test_a_change_to_one_parameter_is_seen_there_and_nowhere_else(
    made: tuple[str, dict[str, str]], data: st.DataObject
) -> None:
    docstring, texts = made
    if not texts:
        return
    name = data.draw(st.sampled_from(sorted(texts)))
    changed = re.sub(rf"^( *{name}(?: ?\(.*\))?:)", r"\1 indeed", docstring, count=1, flags=re.MULTILINE)
    before, after = parse(docstring), parse(changed)
    assert before.sections == after.sections
    assert {one for one in texts if digest(before.parameters[one]) != digest(after.parameters[one])} == {name}


WORDS = st.lists(st.text(st.characters(exclude_categories=("Z", "C")), min_size=1), min_size=1)
SPACES = st.text(" \t\n\r\f\u00a0\u3000", min_size=1)


@given(WORDS, st.data())
def test_a_digest_ignores_white_space(found: list[str], data: st.DataObject) -> None:
    gaps = [data.draw(SPACES) for _ in found]
    spaced = "".join(gap + word for gap, word in zip(gaps, found, strict=True)) + data.draw(SPACES)
    assert digest(spaced) == digest(" ".join(found))


@given(WORDS, WORDS)
def test_a_digest_ignores_nothing_but_white_space(one: list[str], other: list[str]) -> None:
    same = normal(" ".join(one)) == normal(" ".join(other))
    assert (digest(" ".join(one)) == digest(" ".join(other))) == same
    assert digest(" ".join(one)) != digest(" ".join([*one, "more"]))
    assert digest("a b") != digest("ab")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<function f at 0x7f98686cea40>", "<function f at 0x10>"),
        ("see /home/a/lib/python3.11/site-packages/toy/x.py", "see /opt/python3.10/site-packages/toy/x.py"),
        (r"see C:\Python\Lib\site-packages\toy\x.py", r"see D:\site-packages\toy\x.py"),
    ],
)
def test_a_digest_is_the_same_on_every_machine(one: str, other: str) -> None:
    assert one != other
    assert digest(one) == digest(other)
    assert digest(one + "y") != digest(other)
