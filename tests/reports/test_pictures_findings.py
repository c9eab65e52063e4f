"""Pictures of a backend's margins and of where a finding fails: what is counted, chosen, and shown in the report."""

import re
from typing import Any
from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.features import Feature
from reports import html
from reports.comparison_language import LANGS
from reports.pictures_axes import rule_of, scales
from reports.pictures_margins import margins
from reports.pictures_page import Album
from reports.pictures_samples import Sample, Samples
from reports.pictures_space import space
from reports.reading import RunFile
from reports.record import Finding, Record
from reports.summary import summarise
from tests.reports import build, build_hostile, drawn
from tests.reports.build_hostile import HOSTILE

BACKEND = "torch"


def executions() -> list[Record]:
    """Thirty-two calls: those fail whose stride is above 2 and whose padding is above 0."""
    scene, found = drawn.line(), []
    for stride in (1, 2, 3, 4):
        for padding in (0, 1, 2, 3):
            for size in (4, 5):
                case = drawn.layer(1, size=size, stride=stride, padding=padding)
                record = drawn.record(case, scene.expected, scene.actual)
                fails = stride > 2 and padding > 0
                found.append(record if fails else msgspec.structs.replace(record, verdict="conforms", difference=None))
    return found


def finding(records: list[Record], rule: str = "stride > 2 and padding > 0", **more: Any) -> Finding:
    failing = [record.case for record in records if record.verdict == "differs"]
    fields: dict[str, Any] = {
        "id": "0123abcd",
        "backend": BACKEND,
        "verdict": "differs",
        "symptoms": ["values of the output"],
        "claims": [],
        "apis": ["torch.nn.ConvTranspose1d"],
        "modes": ["eager"],
        "rule": rule,
        "support": len(failing),
        "against": 0,
        "cases": failing,
        "smallest": failing[0],
        "mode": "eager",
    }
    return Finding(**(fields | more))


def runfile(records: list[Record], *findings: Finding) -> RunFile:
    made = build.runfile()
    return RunFile(made.path, made.run, tuple(records), (), (), made.end, findings=findings)


def said(picture: object) -> str:
    assert picture is not None
    return " ".join(ElementTree.fromstring(str(picture)).itertext())


def test_failing_and_passing_executions_are_counted_in_each_field_of_the_rule_s_features() -> None:
    records = executions()
    words = said(space(finding(records), runfile(records)))
    assert "Failing and passing executions by stride and padding" in words
    assert "12 failing and 20 passing executions" in words
    assert "stride = 3, padding = 1: 2 failing, 0 passing" in words
    assert "the rule holds here" in words


def test_failing_and_passing_have_marks_of_their_own_and_numbers() -> None:
    records = executions()
    picture = str(space(finding(records), runfile(records)))
    assert 'class="no"' in picture
    assert 'class="ok"' in picture
    assert re.findall(r">(\d+)</text>", picture).count("2") >= 16


@pytest.mark.parametrize("rule", ["", "stride > 2", "no rule at all"])
def test_what_a_rule_leaves_open_is_filled_with_the_feature_that_tells_most(rule: str) -> None:
    records = executions()
    words = said(space(finding(records, rule), runfile(records)))
    assert "stride" in words
    assert "padding" in words


def test_a_rule_that_tells_all_by_one_feature_gives_one_row() -> None:
    records = [record for record in executions() if "padding=1" in record.call]
    words = said(space(finding(records, "stride > 2"), runfile(records)))
    assert "Failing and passing executions by stride" in words
    assert "stride = 4: 2 failing, 0 passing" in words


def test_of_many_features_of_a_rule_the_two_that_tell_most_are_drawn() -> None:
    records = executions()
    rule = "axes < 2 and length > 3 and stride > 2 and padding > 0"
    assert "by stride and padding" in said(space(finding(records, rule), runfile(records)))


def test_without_passing_or_without_failing_executions_there_is_no_picture() -> None:
    records = executions()
    found, failing = finding(records), [record for record in records if record.verdict == "differs"]
    assert space(found, runfile(failing)) is None
    assert space(found, runfile([record for record in records if record.verdict != "differs"])) is None


def test_other_backends_and_other_kinds_of_calls_are_left_out() -> None:
    records = executions()
    foreign = [msgspec.structs.replace(record, backend="oneflow") for record in records]
    refused = msgspec.structs.replace(
        records[0], case="f" * 16, expected=msgspec.structs.replace(records[0].expected, what="error")
    )
    sample = Samples(runfile([*records, *foreign, refused])).of(finding(records))
    assert (sample.all_failing, sample.all_passing) == (12, 20)


def rows(values: list[Feature], name: str = "x") -> tuple[dict[str, Feature], ...]:
    return tuple({name: value} for value in values)


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=60), st.lists(st.integers(-50, 50), min_size=1, max_size=60))
def test_classes_are_few_in_order_and_do_not_straddle_the_rule_s_bound(ours: list[int], theirs: list[int]) -> None:
    failing, passing = rows([(float(value),) for value in ours]), rows([(float(value),) for value in theirs])
    sample = Sample(failing, passing, len(failing), len(passing))
    (scale, *_) = scales(rule_of("x > 3"), sample)
    assert len(scale.classes) <= 10
    by_class: dict[int, set[bool]] = {}
    for value, place in zip([*ours, *theirs], [*scale.failing, *scale.passing], strict=True):
        by_class.setdefault(place, set()).add(value > 3)
    assert all(len(sides) == 1 for sides in by_class.values())
    ordered = sorted(zip([*ours, *theirs], [*scale.failing, *scale.passing], strict=True))
    assert [place for _, place in ordered] == sorted(place for _, place in ordered)


@given(st.lists(st.one_of(st.none(), st.booleans(), st.text(max_size=3)), min_size=1, max_size=40))
def test_words_are_never_more_than_a_few_classes_and_all_are_in_one(words: list[Feature]) -> None:
    sample = Sample(rows(words), rows(["a", "b"]), len(words), 2)
    (scale,) = scales(rule_of("x == 'a'"), sample)
    assert len(scale.classes) <= 7
    assert set(scale.failing) | set(scale.passing) == set(range(len(scale.classes)))


def test_a_value_per_axis_is_taken_where_the_rule_holds() -> None:
    failing = ({"stride": (1.0, 5.0), "extent": (4.0, 2.0)},)
    passing = ({"stride": (2.0, 2.0), "extent": (4.0, 3.0)},)
    across, down = scales(rule_of("stride > extent"), Sample(failing, passing, 1, 1))
    assert across.classes[across.failing[0]] == "5"
    assert down.classes[down.failing[0]] == "2"


def measured(values: list[float], dtype: str = "float32") -> list[Record]:
    record = msgspec.structs.replace(drawn.line().record, dtype=dtype)
    return [msgspec.structs.replace(record, margin=value) for value in values]


def test_margins_are_told_by_element_type_with_the_largest_and_what_is_above_the_bound() -> None:
    records = [*measured([0, 0.1, 0.25]), *measured([0.5, 1.5, 2e7], "float16")]
    words = said(margins(records, BACKEND, label="PyTorch 2.13.0 on cpu"))
    assert "Margins of PyTorch 2.13.0 on cpu" in words
    assert "float32: 3 executions, 1 exactly 0, 0 above the bound, largest 0.25" in words
    assert "float16: 3 executions, 0 exactly 0, 2 above the bound, largest 2e+07" in words


def test_a_backend_without_margins_has_no_picture_of_them() -> None:
    assert margins(executions(), BACKEND) is None
    assert margins(measured([0.1]), "another") is None


@given(st.lists(st.floats(0, 1e300), min_size=1, max_size=50))
def test_every_margin_is_counted_once(values: list[float]) -> None:
    words = said(margins(measured(values), BACKEND))
    found = re.search(r"float32: ([\d,]+) executions, ([\d,]+) exactly 0, ([\d,]+) above", words)
    assert found is not None
    total, exact, over = (int(item.replace(",", "")) for item in found.groups())
    assert (total, exact, over) == (len(values), values.count(0), sum(value > 1 for value in values))


@pytest.mark.parametrize("lang", LANGS)
def test_hostile_findings_and_backends_are_inert(lang: Any) -> None:
    records = [msgspec.structs.replace(record, backend=HOSTILE, dtype=HOSTILE, margin=0.5) for record in executions()]
    bad = finding(records, backend=HOSTILE, id=HOSTILE, smallest=HOSTILE, symptoms=[HOSTILE], rule="stride > 2")
    for picture in (space(bad, runfile(records), lang), margins(records, HOSTILE, lang, label=HOSTILE)):
        found = ElementTree.fromstring(str(picture))
        assert {node.tag for node in found.iter()} <= {
            *("figure", "figcaption", "small", "svg", "title", "desc", "path", "text", "tspan")
        }
        assert "\u202e" not in "".join(found.itertext())


def test_cases_that_cannot_be_read_are_left_out() -> None:
    records = executions()
    broken = msgspec.structs.replace(records[0], arguments={"action": "call"})
    sample = Samples(runfile([broken, *records[1:]])).of(finding(records))
    assert len(sample.passing) == sample.all_passing - 1


def test_the_report_has_the_pictures_of_a_finding_and_the_margins_of_a_backend() -> None:
    records = executions()
    page = html.render(runfile([*records, *measured([0.2])], finding(records)))
    assert page.count('<svg class="pic"') == 3
    assert page.index("Pictures of 0123abcd") < page.index('<section id="support">')
    assert page.index("Margins of PyTorch") > page.index('<section id="verdicts">')
    assert ".pic path" in page
    assert "Pictures are drawn for" not in page


def test_findings_beyond_the_limit_have_no_pictures_and_the_report_says_so() -> None:
    records = executions()
    first = finding(records)
    findings = [msgspec.structs.replace(first, id=f"{number:08x}", verdict="crashed") for number in range(3)]
    album = Album(summarise(runfile(records, *findings, first)))
    assert [bool(album.of(item, most=1)) for item in (*findings, first)] == [False, False, False, True]
    assert album.left_out(1) == (
        "Pictures are drawn for 1 of the 4 findings: those whose values differ, then the first ones."
    )
    assert album.left_out(4) == ""


def test_the_album_of_a_hostile_run_can_be_drawn() -> None:
    album = Album(summarise(build_hostile.hostile()))
    for item in album.summary.findings:
        album.of(item)
    for backend in album.summary.runfile.run.backends:
        album.margins(backend.name, backend.name)
