"""The ledger of known differences: what an entry covers, how files are read and written, and how bad ones are told."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cases import known
from cases.features import Feature
from cases.known import TABLE, VERDICTS, BadLedger, Entry, add, ledger, read, text

FOUND: dict[str, Feature] = {"groups": (2,), "dilation": (3,)}
ENTRY = Entry(
    name="grouped-and-dilated",
    apis=("torch.nn.ConvTranspose*", "torch.nn.functional.conv_transpose1d"),
    verdict="differs",
    claims=("output-values", "output-shape"),
    symptoms=("values of the output",),
    rule="groups > 1 and dilation > 2",
    reason="reported",
    date=date(2026, 11, 1),
    versions=">=2.9,<2.14",
)
CASE: dict[str, Any] = {
    "api": "torch.nn.ConvTranspose2d",
    "verdict": "differs",
    "claims": {"output-shape", "another"},
    "symptom": "values of the output",
    "found": FOUND,
}


@pytest.fixture(autouse=True)
def _nothing_shipped(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the repository itself ships is looked at by name only."""
    monkeypatch.setattr(known, "SHIPPED", tmp_path_factory.mktemp("shipped"))


def covers(entry: Entry = ENTRY, **more: Any) -> bool:
    return entry.covers(**(CASE | more))


def test_a_case_that_fits_in_everything_is_covered() -> None:
    assert covers()


@pytest.mark.parametrize(
    "more",
    [
        {"api": "torch.nn.functional.conv_transpose2d"},
        {"api": "torch.nn.convTranspose2d"},
        {"api": "mindspore.torch.nn.ConvTranspose2d"},
        {"verdict": "wrong-error"},
        {"verdict": ""},
        {"claims": {"another"}},
        {"claims": set()},
        {"symptom": "shape of the output"},
        {"symptom": ""},
        {"found": FOUND | {"groups": (1,)}},
        {"found": {}},
    ],
)
def test_a_case_that_does_not_fit_in_one_thing_is_not_covered(more: dict[str, Any]) -> None:
    assert not covers(**more)


def test_an_entry_without_symptoms_or_rule_covers_all_of_them() -> None:
    wide = replace(ENTRY, symptoms=(), rule="")
    assert covers(wide, symptom="anything", found={})
    assert not covers(wide, verdict="crashed")


def test_an_entry_without_claims_is_about_cases_that_contradict_none() -> None:
    bare = replace(ENTRY, claims=())
    assert covers(bare, claims=set())
    assert not covers(bare)


@pytest.mark.parametrize(
    ("versions", "version", "speaks"),
    [
        ("", "no version at all", True),
        ("", "", True),
        ("==2.13.0", "2.13.0", True),
        ("==2.13.0", "2.13.0+cpu", True),
        ("==2.13.0+cpu", "2.13.0+cpu", True),
        ("==2.13.0+cpu", "2.13.0+cu126", False),
        ("<=2.13.0", "2.13.0+cpu", True),
        (">2.13.0", "2.13.0+cpu", False),
        ("==2.13.*", "2.13.1", True),
        ("==2.13.0", "2.13.1", False),
        (">=2.9,<2.14", "2.9", True),
        (">=2.9,<2.14", "2.14.0", False),
        (">=2.9,<2.14", "2.13.0rc1", True),
        (">=2.14.0rc1", "2.14.0rc2", True),
        ("<2.14", "2.14.0a0+git0123abc", False),
        ("==0.8.0", "0.8.0+cu112.git.57869e9e39", True),
        ("==2.13.0", "no version at all", False),
        ("==2.13.0", "", False),
    ],
)
def test_an_entry_speaks_of_the_versions_that_pep_440_says(versions: str, version: str, speaks: bool) -> None:
    assert replace(ENTRY, versions=versions).speaks_of(version, "cpu", "AVX2") is speaks


@pytest.mark.parametrize(
    ("device", "other", "speaks"),
    [
        ("", "cpu", True),
        ("", "cuda:1", True),
        ("cpu", "cpu", True),
        ("cpu", "cuda", False),
        ("cuda", "cuda:1", True),
        ("cuda:1", "cuda:1", True),
        ("cuda:1", "cuda:10", False),
        ("cuda:1", "cuda", False),
        ("c", "cpu", False),
    ],
)
def test_an_entry_speaks_of_its_device(device: str, other: str, speaks: bool) -> None:
    assert replace(ENTRY, device=device).speaks_of("2.13.0", other, "") is speaks


def test_an_entry_speaks_of_its_cpu_capability() -> None:
    ours = replace(ENTRY, capability="AVX2")
    assert ours.speaks_of("2.13.0", "cpu", "AVX2")
    assert not ours.speaks_of("2.13.0", "cpu", "AVX512")
    assert not ours.speaks_of("2.13.0", "cpu", "")
    assert ENTRY.speaks_of("2.13.0", "cpu", "AVX512")


# Files

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
ENTRIES = st.builds(
    Entry,
    name=TEXTS.filter(str.strip),
    apis=st.lists(TEXTS, min_size=1, max_size=3).map(tuple),
    verdict=st.sampled_from(VERDICTS),
    claims=st.lists(TEXTS, max_size=3).map(tuple),
    rule=st.sampled_from(["", "groups > 1", "pad_mode == 'a\"b\\\\c\\n\\x00'", "x in ('\u00e9', None)"]),
    reason=TEXTS.filter(str.strip),
    date=st.dates(),
    symptoms=st.lists(TEXTS, max_size=3).map(tuple),
    versions=st.sampled_from(["", ">=2.9,<2.11", "==2.13.0", "!=1.*"]),
    device=TEXTS,
    capability=TEXTS,
    link=TEXTS,
)


@given(entries=st.lists(ENTRIES, min_size=1, max_size=3, unique_by=lambda entry: entry.name))
def test_what_is_written_is_read_back_equal(tmp_path_factory: pytest.TempPathFactory, entries: list[Entry]) -> None:
    folder = tmp_path_factory.mktemp("written")
    for entry in entries:
        add(folder / "torch.toml", entry)
    assert read(folder / "torch.toml") == tuple(entries)
    assert ledger(folder).entries == {"torch": tuple(entries)}


HARD = 'a "quote", \\ a back\\slash\nand\r\nlines\ttab \x00\x07\x1b\x7f\x85\u2028 \U0001f600 \'\'\' """ ]] # = é 文'


def test_any_character_can_stand_in_an_entry(tmp_path: Path) -> None:
    hard = replace(ENTRY, reason=HARD, symptoms=(HARD,), claims=(HARD, HARD), link=HARD, device=HARD)
    add(tmp_path / "new" / "torch.toml", hard)
    assert read(tmp_path / "new" / "torch.toml") == (hard,)


def test_half_a_character_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(BadLedger, match=r"udcff' is no text"):
        add(tmp_path / "torch.toml", replace(ENTRY, reason="\udcff"))
    assert not (tmp_path / "torch.toml").exists()


def test_an_entry_is_written_behind_what_stands_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "torch.toml"
    path.write_text("# our own words\n" + text(ENTRY).rstrip("\n"), encoding="utf-8")
    add(path, replace(ENTRY, name="second"))
    assert [entry.name for entry in read(path)] == [ENTRY.name, "second"]
    assert path.read_text(encoding="utf-8").startswith("# our own words\n")
    before = path.read_bytes()
    with pytest.raises(BadLedger, match="has an entry 'second' already"):
        add(path, replace(ENTRY, name="second"))
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("wrong", "key"),
    [({"rule": "groups >"}, "rule"), ({"versions": "2 to 3"}, "versions"), ({"verdict": "conforms"}, "verdict")],
)
def test_what_could_not_be_read_back_is_not_written(tmp_path: Path, wrong: dict[str, Any], key: str) -> None:
    with pytest.raises(BadLedger, match=f": {key}: "):
        add(tmp_path / "torch.toml", replace(ENTRY, **wrong))
    assert list(tmp_path.iterdir()) == []


def test_an_entry_leaves_out_what_it_does_not_limit() -> None:
    written = text(replace(ENTRY, symptoms=(), versions=""))
    assert not {"symptoms", "versions", "device", "capability", "link"} & {
        line.partition(" =")[0] for line in written.splitlines()
    }
    assert "rule = " in text(replace(ENTRY, rule=""))
    assert "claims = []" in text(replace(ENTRY, claims=()))


def toml(**more: Any) -> str:
    fields = {
        "name": '"n"',
        "apis": '["torch.nn.A"]',
        "verdict": '"differs"',
        "claims": "[]",
        "rule": '""',
        "reason": '"r"',
        "date": "2026-11-01",
    } | more
    return f"[[{TABLE}]]\n" + "".join(f"{name} = {value}\n" for name, value in fields.items() if value)


BAD = [
    ("not TOML at all", "cannot be read"),
    ("\x00", "cannot be read"),
    ("[other]\n", "only tables"),
    ("known = 1\n", "only tables"),
    ("known = [1]\n", "entry 1"),
    ("[known]\nname = 'n'\n", "only tables"),
    (toml(name=""), "name"),
    (toml(name='""'), "name: an entry needs one"),
    (toml(name="1"), r"\$.name"),
    (toml(apis=""), "apis"),
    (toml(apis="[]"), "apis: an entry needs one"),
    (toml(apis='"torch.nn.A"'), r"\$.apis"),
    (toml(apis="[1]"), r"\$.apis"),
    (toml(verdict='"conforms"'), "verdict: 'conforms'"),
    (toml(claims=""), "claims"),
    (toml(rule=""), "rule"),
    (toml(rule='"groups >"'), "rule: 'groups >' is no rule"),
    (toml(reason='"  "'), "reason: an entry needs one"),
    (toml(date="'yesterday'"), r"\$.date"),
    (toml(date=""), "date"),
    (toml(versions="'new'"), "versions: .*new.*PEP 440"),
    (toml(device="1"), r"\$.device"),
    (toml(unknown="1"), "unknown"),
]


@pytest.mark.parametrize(("content", "named"), BAD, ids=[named for _, named in BAD])
def test_what_is_wrong_with_a_file_is_named_with_file_and_entry(tmp_path: Path, content: str, named: str) -> None:
    path = tmp_path / "torch.toml"
    path.write_text(content)
    with pytest.raises(BadLedger, match=named) as caught:
        ledger(tmp_path)
    assert str(path) in str(caught.value)
    if content.startswith(f"[[{TABLE}]]"):
        assert "entry 1" in str(caught.value)


def test_the_entry_that_is_wrong_is_named(tmp_path: Path) -> None:
    path = tmp_path / "torch.toml"
    path.write_text(text(ENTRY) + toml(name='"the bad one"', rule='"x y"'))
    with pytest.raises(BadLedger, match=r"entry 2 \(the bad one\): rule"):
        read(path)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "torch.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(BadLedger, match="cannot be read"):
        ledger(tmp_path)


def test_the_entries_of_a_user_come_before_the_shipped_ones(tmp_path: Path) -> None:
    add(known.SHIPPED / "torch.toml", replace(ENTRY, name="shipped"))
    add(tmp_path / "torch.toml", ENTRY)
    add(tmp_path / "oneflow.toml", ENTRY)
    found = ledger(tmp_path)
    assert [entry.name for entry in found.entries["torch"]] == [ENTRY.name, "shipped"]
    assert [entry.name for entry in found.entries["oneflow"]] == [ENTRY.name]
    assert [entry.name for entry in found.of("torch", "2.13.0", "cpu", "")] == [ENTRY.name, "shipped"]
    assert found.of("torch", "3.0", "cpu", "") == ()
    assert found.of("mindspore", "2.10.0", "cpu", "") == ()


def test_a_name_stands_for_one_entry_of_a_framework(tmp_path: Path) -> None:
    add(known.SHIPPED / "torch.toml", ENTRY)
    add(tmp_path / "torch.toml", ENTRY)
    with pytest.raises(BadLedger, match=f"of torch are named '{ENTRY.name}'"):
        ledger(tmp_path)


def test_a_folder_that_is_named_twice_counts_once(tmp_path: Path) -> None:
    add(known.SHIPPED / "torch.toml", ENTRY)
    assert ledger(known.SHIPPED, known.SHIPPED / ".." / known.SHIPPED.name).entries == {"torch": (ENTRY,)}


def test_other_files_and_missing_folders_are_no_ledger(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("not TOML")
    (tmp_path / "file").write_text("")
    assert ledger(tmp_path, tmp_path / "missing", tmp_path / "file").entries == {}
