"""Badges: a picture that needs nothing, and the JSON that badge services read."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reports import badge
from reports.badge import COLORS, DARK, INK, Badge, badges, endpoint, svg, width, write
from reports.record import BackendLine
from reports.summary import summarise
from tests.reports import build, build_hostile
from tests.reports.test_ci_findings import finding, summary_of

SVG = "{http://www.w3.org/2000/svg}"
NAMES = ("svg", "title", "clipPath", "rect", "g", "text")


def luminance(color: str) -> float:
    parts = [int(color[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_badge_says_how_many_claims_hold_and_how_much_is_new() -> None:
    summary = summary_of(finding("a", "crashed"), finding("b", "differs"), finding("c", "differs", known="k"))
    said = {item.backend: item for item in badges(summary)}
    states = dict(summary.backends[1].states)
    assert said["mindspore"] == Badge(
        "mindspore", "MindSpore 2.10.0 on cpu", f"{states['holds']} of 9 claims hold, 2 new", "bad"
    )
    assert said["torch"].message == "1 of 3 claims hold, 0 new"
    assert said["oneflow"] == Badge("oneflow", "OneFlow on cpu", "unavailable", "quiet")


def test_the_colour_follows_the_words() -> None:
    known = {item.backend: item.kind for item in badges(summary_of(finding("c", "differs", known="k")))}
    assert known["mindspore"] == "known"
    clean = build.run(claims=[line for line in build.CLAIMS if line.api == build.TORCH])
    kinds = {item.backend: item.kind for item in badges(summary_of(run=clean, records=()))}
    assert kinds["torch"] == "quiet"


def test_a_run_that_was_cut_short_says_so_and_calls_nothing_new() -> None:
    said = {item.backend: item.message for item in badges(summary_of(end=None))}
    assert said["mindspore"].endswith(" differing, incomplete")
    assert "new" not in said["mindspore"]


@pytest.mark.parametrize("run", [build.runfile, build_hostile.hostile])
def test_a_picture_is_one_svg_with_a_text_alternative_that_refers_to_nothing(run: object) -> None:
    for item in badges(summarise(run())):  # type: ignore[operator]
        tree = ElementTree.fromstring(svg(item))
        assert tree.tag == f"{SVG}svg"
        assert tree.get("role") == "img"
        assert tree.get("aria-label") == tree.findtext(f"{SVG}title") == f"{item.label}: {item.message}"
        assert [text.text for text in tree.iter(f"{SVG}text")] == [item.label, item.message]
        assert {part.tag for part in tree.iter()} <= {f"{SVG}{name}" for name in NAMES}
        attributes = {name for part in tree.iter() for name in part.attrib}
        assert not {name for name in attributes if "href" in name or name.startswith("on") or name in ("style", "src")}


def test_no_text_is_wider_than_its_field_and_both_fields_fill_the_picture() -> None:
    item = Badge("b", "MindSpore 2.10.0 on cpu", "857 of 958 claims hold, 0 new", "known")
    tree = ElementTree.fromstring(svg(item))
    left, right = (float(part.get("width", "")) for part in tree.iter(f"{SVG}rect") if part.get("fill"))
    assert left + right == float(tree.get("width", ""))
    for field, text in zip((left, right), tree.iter(f"{SVG}text"), strict=True):
        assert float(text.get("textLength", "")) == field - 2 * badge.PAD == round(width(text.text or ""))


@pytest.mark.parametrize(
    ("text", "pixels"),  # as the DejaVu Sans font has them at 11 pixels, which is as wide as Verdana
    [
        ("MindSpore 2.10.0 on cpu", 137.7),
        ("PyTorch 2.13.0+cpu on cuda:0", 170.0),
        ("857 of 958 claims hold, 0 new", 165.9),
        ("unavailable", 63.6),
        ("Wm@%MG", 61.1),
        ("ilj.,:;", 23.6),
    ],
)
def test_the_estimated_width_is_that_of_the_font_within_two_in_a_hundred(text: str, pixels: float) -> None:
    assert width(text) == pytest.approx(pixels, rel=0.02)


def test_wide_and_combining_characters_are_counted_as_they_are_drawn() -> None:
    assert width("中文") == 2 * badge.SIZE
    assert width("e\u0301") == width("e")
    assert width("") == 0


@pytest.mark.parametrize("color", [*COLORS.values(), DARK])
def test_every_colour_has_the_contrast_of_wcag_aa(color: str) -> None:
    assert (luminance(INK) + 0.05) / (luminance(color) + 0.05) >= 4.5


def test_an_endpoint_has_the_four_fields_of_version_1() -> None:
    item = Badge("b", "PyTorch 2.13.0 on cpu", '1 of 2 claims hold, "0" new', "good")
    assert json.loads(endpoint(item)) == {
        "schemaVersion": 1,
        "label": "PyTorch 2.13.0 on cpu",
        "message": '1 of 2 claims hold, "0" new',
        "color": COLORS["good"],
    }


def test_every_backend_gets_two_files_with_plain_names(tmp_path: Path) -> None:
    names = [
        "mindspore==2.10.0:cpu",
        "torch@/opt/../python",
        "../../x",
        "torch:cpu@a",
        "torch::cpu a",
        "TORCH:cpu:a",
        "::",
    ]
    lines = [BackendLine(name=name, framework="torch") for name in names]
    made = write(tmp_path, summarise(build.runfile(run=build.run(backends=lines), records=(), comparisons=())))
    assert [path.stem for path in made] == [
        "badge-mindspore-2.10.0-cpu",
        "badge-torch-opt-..-python",
        "badge-x",
        "badge-torch-cpu-a",
        "badge-torch-cpu-a-2",
        "badge-TORCH-cpu-a-3",
        "badge-backend",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        name for path in made for name in (path.name, path.with_suffix(".json").name)
    )


def test_hostile_texts_are_short_and_on_one_line(tmp_path: Path) -> None:
    for item in badges(summarise(build_hostile.hostile(1_000_000))):
        assert len(item.label) <= badge.LIMIT
        assert item.label.isprintable()
    assert len(write(tmp_path, summarise(build_hostile.hostile(1_000_000)))) == 2
