"""Pictures of what differs: what is drawn, marked and said, that it is safe, and that it is the same each time."""

import math
import re
from collections.abc import Callable
from xml.etree import ElementTree

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from reports.arrays import pack
from reports.comparison_language import LANGS, Lang
from reports.pictures import Drawing, name, short
from reports.pictures_arrays import pair
from reports.pictures_shift import shift
from reports.pictures_signal import signal
from reports.pictures_taps import taps
from reports.pictures_words import WORDS
from reports.record import Difference, Record, Side
from tests.reports import drawn
from tests.reports.build_hostile import HOSTILE

SCENES: dict[str, Callable[[], drawn.Drawn]] = {
    "line": drawn.line,
    "moved on one axis": lambda: drawn.moved(1),
    "moved on the last of two": lambda: drawn.moved(2),
    "not finite": drawn.odd,
    "longer": lambda: drawn.longer(1),
    "shorter": lambda: drawn.longer(1, -2),
    "wider": lambda: drawn.longer(2),
    "solid": drawn.solid,
    "large": drawn.large,
}


def parsed(picture: Markup | None) -> ElementTree.Element:
    assert picture is not None
    return ElementTree.fromstring(str(picture))


def said(picture: Markup | None) -> str:
    """Everything that a picture shows or tells as text."""
    return " ".join(text for text in parsed(picture).itertext())


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("draw", [signal, taps])
def test_a_picture_has_a_title_and_a_description_and_nothing_that_acts_or_loads(
    draw: Callable[[Record, Lang], Markup | None], scene: str, lang: Lang
) -> None:
    picture = draw(SCENES[scene]().record, lang)
    svg = parsed(picture).find("svg")
    assert svg is not None
    assert svg.get("role") == "img"
    told = [svg.find("title"), svg.find("desc")]
    assert svg.get("aria-labelledby") == " ".join(item.get("id", "") for item in told if item is not None)
    assert all(item is not None and (item.text or "").strip() for item in told)
    assert {node.tag for node in svg.iter()} <= {"svg", "title", "desc", "path", "text", "tspan"}
    assert not re.search(r"https?:|style=|href|url\(|<script|\bon\w+=", str(picture))
    assert "nan" not in re.sub(r">[^<]*<", "><", str(picture))
    assert len(str(picture).encode()) < 20_000


@pytest.mark.parametrize("scene", ["line", "moved on one axis", "longer"])
def test_a_picture_of_a_small_case_is_small_and_the_same_each_time(scene: str) -> None:
    first = signal(SCENES[scene]().record)
    assert len(str(first)) < 4000
    assert first == signal(SCENES[scene]().record)


def test_two_languages_and_two_places_give_pictures_with_ids_of_their_own() -> None:
    record = drawn.line().record
    pictures = [draw(record, lang, place) for draw in (signal, taps) for lang in LANGS for place in ("", "a", "b")]
    ids = [node.get("id") for item in pictures for node in parsed(item).iter() if node.get("id")]
    assert len(ids) == len(set(ids)) == 24
    assert all(record.case in (ident or "") for ident in ids)


def test_the_first_difference_is_marked_by_a_shape_and_in_words() -> None:
    picture = signal(drawn.line().record)
    classes = [node.get("class") for node in parsed(picture).iter("path")]
    assert {"first", "k"} <= set(classes)
    assert "first difference at [0, 0, 5]: expected 1.0, actual 5.0" in said(picture)
    assert "1 of 9 elements differ" in said(picture)


def test_batch_and_channel_are_those_of_the_first_difference() -> None:
    found = pair(drawn.large().record)
    assert found is not None
    assert "batch 1, channel 0" in said(signal(drawn.large().record))


def test_a_large_array_is_cut_to_a_window_around_the_first_difference_and_says_so() -> None:
    scene = drawn.large()
    found = pair(scene.record)
    assert found is not None
    (span,) = found.spans([40])
    assert 30_000 in span.places
    (expected, kept), (actual, _) = found.windows((span,))
    assert (kept == 1).all()
    assert (expected == scene.expected[1, 0, span.first : span.stop]).all()
    assert (actual == scene.actual[1, 0, span.first : span.stop]).all()
    assert "29980 to 30019" in said(signal(scene.record))


def test_what_the_run_file_did_not_keep_is_said() -> None:
    scene = drawn.large()
    far = drawn.record(drawn.layer(1, size=59_999), scene.expected, scene.actual, around=90_001 - 8_180)
    assert "not kept in the run file" in said(signal(far))
    assert "not kept in the run file" not in said(signal(scene.record))


@given(st.integers(0, 2), st.integers(0, 3), st.integers(0, 4), st.integers(1, 9), st.integers(1, 9))
def test_a_window_holds_what_the_array_holds_there(lead: int, row: int, column: int, high: int, wide: int) -> None:
    expected = drawn.counted(3, 1, 4, 5)
    actual = expected.copy()
    actual[lead, 0, row, column] += 1
    found = pair(drawn.record(drawn.layer(2), expected, actual))
    assert found is not None
    spans = found.spans([high, wide])
    (values, kept), _ = found.windows(spans)
    rows, columns = (slice(span.first, span.stop) for span in spans)
    assert (kept == 1).all()
    assert (values == expected[lead, 0, rows, columns]).all()
    assert all(place in span.places for place, span in zip((row, column), spans, strict=True))
    assert values.shape == (min(high, 4), min(wide, 5))


def test_nan_and_infinity_are_words_of_their_own() -> None:
    words = said(signal(drawn.odd().record))
    assert words.count("nan") >= 3
    assert "∞" in words


@pytest.mark.parametrize(("more", "words"), [(2, "extra: only actual has it"), (-2, "missing: only expected has it")])
@pytest.mark.parametrize("axes", [1, 2])
def test_shapes_that_differ_are_both_drawn_and_what_one_lacks_is_striped(axes: int, more: int, words: str) -> None:
    picture = signal(drawn.longer(axes, more).record)
    assert words in said(picture)
    assert "shapes: expected" in said(picture)


def test_ranks_that_differ_are_drawn_as_far_as_both_have_axes() -> None:
    expected = drawn.counted(1, 1, 9)
    assert "shapes: expected (1, 1, 9), actual (9,)" in said(
        signal(drawn.record(drawn.layer(1), expected, expected[0, 0]))
    )


def test_an_empty_result_is_drawn_as_missing_and_two_empty_ones_as_empty() -> None:
    some, none = drawn.counted(1, 1, 4), drawn.counted(1, 1, 0)
    assert "missing: only expected has it" in said(signal(drawn.record(drawn.layer(1), some, none)))
    assert "no element" in said(signal(drawn.record(drawn.layer(1), none, drawn.counted(1, 2, 0))))


def test_complex_numbers_are_drawn_by_the_part_that_differs() -> None:
    expected = drawn.counted(1, 1, 5).astype(np.complex64)
    actual = expected + np.array([0, 0, 2j, 0, 0], np.complex64)
    found = pair(drawn.record(drawn.layer(1), expected, actual))
    assert found is not None
    assert (found.part, found.actual.flat[2]) == ("imaginary", 2)
    assert "imaginary part" in said(signal(drawn.record(drawn.layer(1), expected, actual)))


def test_a_gradient_that_differs_is_drawn_and_named_but_has_no_taps() -> None:
    scene = drawn.line()
    arrays = {"gradient of weight": pack(scene.expected)}, {"gradient of weight": pack(scene.actual)}
    whole = pack(scene.expected)
    record = msgspec.structs.replace(
        scene.record,
        expected=Side(what="value", array=whole, others=arrays[0]),
        actual=Side(what="returned", array=whole, others=arrays[1]),
        difference=msgspec.structs.replace(scene.record.difference, output="gradient of weight"),
    )
    assert "Gradient of weight at index [0, 0, :]" in said(signal(record))
    assert taps(record) is None


def test_what_has_no_arrays_or_differs_in_type_alone_has_no_picture() -> None:
    scene = drawn.line()
    raised = msgspec.structs.replace(scene.record, actual=Side(what="raised", error="ValueError"), difference=None)
    typed = drawn.record(drawn.layer(1), scene.expected, scene.expected.astype(np.float64))
    assert [draw(record) for draw in (signal, taps) for record in (raised, typed)] == [None] * 4


def test_the_taps_name_every_input_and_tap_of_the_first_differing_element() -> None:
    words = said(taps(drawn.odd().record))
    assert "output 2 is made of input 1 × tap 0, input 0 × tap 2" in words
    assert "stride 2, dilation 1, cropped 0 at the beginning and 0 at the end" in words


@pytest.mark.parametrize("axes", [1, 2])
@pytest.mark.parametrize("by", [-1, 1, 2])
def test_a_shifted_crop_is_found_and_said(axes: int, by: int) -> None:
    scene = drawn.moved(axes, abs(by))
    expected, actual = (scene.expected, scene.actual) if by > 0 else (scene.actual, scene.expected)
    record = drawn.record(drawn.layer(axes, stride=2, padding=1), expected, actual)
    found = pair(record)
    assert found is not None
    moved = shift(found)
    assert moved is not None
    assert moved.by == (*(0,) * (axes - 1), by)
    assert f"actual element 0 is expected element {by} on axis {axes + 1}" in said(taps(record))


@given(st.integers(0, 8))
def test_one_wrong_element_is_no_shift(place: int) -> None:
    actual = drawn.counted(1, 1, 9)
    actual[0, 0, place] += 1
    found = pair(drawn.record(drawn.layer(1, stride=2), drawn.counted(1, 1, 9), actual))
    assert found is not None
    assert shift(found) is None


def test_a_result_that_is_only_longer_is_no_shift_but_said_to_agree() -> None:
    full = drawn.counted(1, 1, 11)
    record = drawn.record(drawn.layer(1, stride=2), full[..., :9], full)
    assert "The values that both have agree; only the length differs" in said(taps(record))
    assert "output 9 is not there by the documentation" in said(taps(record))


@pytest.mark.parametrize("draw", [signal, taps])
def test_hostile_numbers_and_texts_are_inert(draw: Callable[[Record], Markup | None]) -> None:
    scene = drawn.line()
    told = Difference(index=[0, 0, 5], expected=HOSTILE, actual=HOSTILE * 9, differing=10**30, of=1, largest=HOSTILE)
    bad = {"case": HOSTILE, "backend": HOSTILE, "mode": HOSTILE, "difference": told}
    record = msgspec.structs.replace(scene.record, **bad)
    found = parsed(draw(record))  # still well-formed
    assert {node.tag for node in found.iter()} <= {
        *("figure", "figcaption", "small", "svg", "title", "desc", "path", "text", "tspan")
    }
    assert "\u202e" not in "".join(found.itertext())
    assert "\x1b" not in "".join(found.itertext())
    assert len(str(draw(record))) < 20_000


@pytest.mark.parametrize(
    "change",
    [
        {"shape": [-1, 3]},
        {"shape": [2**62, 2**62]},
        {"shape": [1] * 40},
        {"start": -5},
        {"start": 10**30},
        {"data": "%%"},
        {"dtype": "object"},
        {"count": 3},
        {"shape": []},
    ],
)
def test_arrays_that_are_none_are_not_drawn_or_drawn_empty(change: dict[str, object]) -> None:
    scene = drawn.line()
    array = scene.record.actual.array
    assert array is not None
    if isinstance(change.get("start"), int) and abs(int(str(change["start"]))) > 2**62:
        change = {"start": 2**62}
    broken = Side(what="returned", array=msgspec.structs.replace(array, **change))
    record = msgspec.structs.replace(scene.record, actual=broken)
    for draw in (signal, taps):
        picture = draw(record)
        assert picture is None or parsed(picture) is not None


@pytest.mark.parametrize("index", [[], [0], [9, 9, 9], [0, 0, -1], [0, 0, 0, 0]])
def test_an_index_that_is_none_of_the_array_is_not_believed(index: list[int]) -> None:
    scene = drawn.line()
    told = msgspec.structs.replace(scene.record.difference, index=index)
    assert signal(msgspec.structs.replace(scene.record, difference=told)) is None


@given(st.one_of(st.floats(-1e307, 1e307), st.sampled_from([math.nan, math.inf, -math.inf])), st.integers(1, 7))
def test_a_short_number_is_short_and_means_what_it_stands_for(value: float, letters: int) -> None:
    found = short(value, letters)
    assert len(found) <= max(3, letters)
    if found and math.isfinite(value):
        near = float(found.replace("−", "-"))
        assert near == 0 or math.copysign(1, near) == math.copysign(1, value)
        assert abs(near - value) <= 0.5 * abs(value) + 1e-300


def test_stripes_stay_within_their_rectangle() -> None:
    for falling in (False, True):
        drawing = Drawing()
        drawing.stripes("h", 10, 20, 30, 14, falling)
        lines = re.findall(r"M([\d.]+) ([\d.]+)l([\d.-]+) ([\d.-]+)", "".join(drawing._paths["h"]))
        assert len(lines) > 3
        for x, y, dx, dy in (map(float, item) for item in lines):
            assert 10 <= x <= x + dx <= 40.1
            assert 20 <= min(y, y + dy) <= max(y, y + dy) <= 34.1
            assert abs(abs(dx) - abs(dy)) < 0.2


def test_names_are_safe_in_an_attribute_and_differ_where_anything_differs() -> None:
    names = {name("signal", *parts) for parts in (("a", "b"), ("ab", ""), ("a", "c"), (HOSTILE, "b"), (HOSTILE, "c"))}
    assert len(names) == 5
    assert all(re.fullmatch(r"[\w-]+", item) for item in names)


def test_every_word_is_there_in_both_languages_with_the_same_places() -> None:
    for key, (en, zh) in WORDS.items():
        assert en.strip(), key
        assert zh.strip(), key
        assert set(re.findall(r"{\w*}", en)) == set(re.findall(r"{\w*}", zh)), key


def test_a_record_and_its_twin_in_another_mode_have_pictures_of_their_own() -> None:
    record = drawn.line().record
    other = msgspec.structs.replace(record, mode="compiled")
    assert str(signal(record)) != str(signal(other))
