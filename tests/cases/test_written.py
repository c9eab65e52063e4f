"""What the claims were written from is stored as it is made, without a sentence of any document."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.catalogue import apis, operators
from cases.written import ROOT, BadOutlines, Outline, Parameter, as_json, decode, file_of, outline, plain, text, written

FILES = sorted(ROOT.glob("*/written/*.json"))
DIGEST = re.compile("[0-9a-f]{16}")

# Values as they travel on the wire, defaults of signatures among them.
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.builds(lambda t: {"dtype": t}, st.text()),
    lambda inner: st.builds(lambda items: {"tuple": items}, st.lists(inner, max_size=3)),
    max_leaves=4,
)
TEXTS = st.text(st.characters(exclude_categories=("Cs",)))
DIGESTS = st.from_regex(DIGEST, fullmatch=True)
# Few names, so that two signatures share many.
PARAMETERS = st.lists(
    st.builds(Parameter, st.sampled_from("abcdefghijklm") | TEXTS, TEXTS, st.just("") | VALUES.map(as_json)),
    max_size=13,
    unique_by=lambda item: item.name,
).map(tuple)


def outlines(api: str = "toy.f", version: str = "1.0") -> st.SearchStrategy[Outline]:
    parts = st.dictionaries(TEXTS, DIGESTS, max_size=3)
    return st.builds(Outline, st.just(api), st.just(version), PARAMETERS, DIGESTS, parts, parts)


@given(outlines(), outlines("toy.g"))
def test_what_is_written_is_read_back(one: Outline, other: Outline) -> None:
    assert decode(text([other, one])) == [one, other]


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_the_files_are_what_the_code_writes(path: Path) -> None:
    content = path.read_text(encoding="utf-8")
    assert text(decode(content)) == content
    assert path == file_of(path.parent.parent.name, path.stem)
    assert {item.api.partition(".")[0] for item in decode(content)} == {path.stem}


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_the_files_hold_names_and_digests_and_no_sentence(path: Path) -> None:
    for item in decode(path.read_bytes()):
        digests = [item.docstring, *item.sections.values(), *item.texts.values()]
        assert all(DIGEST.fullmatch(digest) for digest in digests)
        assert all(re.fullmatch(r"[\w.]+", name) for name in (*item.texts, *(one.name for one in item.parameters)))
        assert all(re.fullmatch(r"[A-Za-z]+( [A-Za-z]+){0,3}( \(\d+\))?", title) for title in item.sections)
        # An annotation is a Python expression, and a default no longer than a word or two.
        assert all(compile(one.annotation or "None", item.api, "eval") for one in item.parameters)
        assert all(len(one.default) < 40 for one in item.parameters)


def test_every_api_with_claims_and_no_other_says_what_they_were_written_from() -> None:
    assert set(apis()) == set(written())


def test_the_version_is_one_that_a_document_of_the_framework_speaks_of() -> None:
    for api in apis().values():
        documents = operators()[api.operator].DOCUMENTS
        versions = {item.version for item in documents if item.key.startswith(api.framework)}
        assert written()[api.name].version in versions - {""}


def test_the_documented_parameters_begin_the_signature_that_was_seen() -> None:
    for api in apis().values():
        names = tuple(one.name for one in written()[api.name].parameters)
        assert [name for name in names if name in api.names] == [name for name in api.names if name in names]


def test_an_outline_is_of_names_defaults_annotations_and_digests() -> None:
    docstring = "Makes it.\n\n    Args:\n        size (int): how large\n\n    Returns:\n        it\n"
    made = outline(
        "toy.f", "1.0", ["size", "mode"], {"mode": {"dtype": "float32"}}, {"size": "typing.List[int]"}, docstring
    )
    assert made.parameters == (Parameter("size", "list[int]"), Parameter("mode", default='{"dtype": "float32"}'))
    assert list(made.sections) == ["Description", "Returns"]
    assert list(made.texts) == ["size"]
    respaced = docstring.replace("how large", "how\n            large")
    assert outline("toy.f", "1.0", [], {}, {}, respaced).texts == made.texts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("typing.Union[int, typing.Tuple[int, int]]", "int | tuple[int, int]"),
        ("Union[int, Tuple[int]]", "int | tuple[int]"),
        ("typing.Optional[torch.Tensor]", "torch.Tensor | None"),
        ("Optional[Union[int, List[str]]]", "int | list[str] | None"),
        ("Literal['zeros', 'List']", 'Literal["zeros",  "List"]'),
        ("typing.Literal['zeros']", "Literal['zeros']"),
        ("Callable[[List[int]], NoneType]", "Callable[[list[int]], None]"),
        ("<f at 0x7f00>", "<f at 0x8>"),
        ("  no python (", "  no python ("),
    ],
)
def test_an_annotation_does_not_hang_on_the_python_that_prints_it(one: str, other: str) -> None:
    assert plain(one) == plain(other)


def test_annotations_of_other_types_stay_different() -> None:
    kinds = [
        "int",
        "int | None",
        "tuple[int]",
        "tuple[int, int]",
        "Literal['int']",
        "List",
        "Literal['List']",
        "a.List",
    ]
    assert len({plain(kind) for kind in kinds}) == len(kinds)
    assert plain("") == ""


@given(TEXTS)
def test_any_annotation_is_made_plain_once_and_for_all(annotation: str) -> None:
    assert plain(plain(annotation)) == plain(annotation)


def test_equal_numbers_of_different_types_are_different_defaults() -> None:
    assert len({as_json(value) for value in (1, 1.0, True, "1", {"tuple": [1]}, None)}) == 6
    assert as_json({"other": "<f at 0x10>"}) == as_json({"other": "<f at 0x20>"}) != as_json({"other": "<g>"})


@given(VALUES)
def test_every_default_is_json(value: object) -> None:
    json.loads(as_json(value), parse_constant=lambda constant: pytest.fail(constant))


@pytest.mark.parametrize("content", ["", "[]", '{"toy.f": {}}', '{"toy.f": {"version": "1"', b"\xff", "[" * 100_000])
def test_a_file_that_cannot_be_read_is_named(content: str | bytes, tmp_path: Path) -> None:
    path = tmp_path / "toy" / "written" / "toy.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(BadOutlines, match=re.escape(str(path))):
        written(tmp_path)


def test_no_api_may_stand_in_two_files(tmp_path: Path) -> None:
    for operator in ("one", "two"):
        path = file_of(operator, "toy", tmp_path)
        path.parent.mkdir(parents=True)
        path.write_text(text([Outline("toy.f", "1", (), "0" * 16, {}, {})]))
    with pytest.raises(BadOutlines, match=r"toy\.f stands in another file"):
        written(tmp_path)
