"""Pictures in a real Chromium: seen in both schemes, quiet, and inert, within the report and its policy."""

from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.by import By

from reports import html
from reports.reading import RunFile
from tests.reports import drawn
from tests.reports.test_browser import browser, contrast, emulate, remote, requests, visit
from tests.reports.test_pictures_findings import executions, finding, measured, runfile

__all__ = ["browser"]
pytestmark = pytest.mark.browser


def pictured() -> RunFile:
    """A run with findings of every kind of signal, and margins."""
    scenes = [drawn.line(), drawn.moved(2), drawn.odd(), drawn.longer(1), drawn.solid()]
    records = [*executions(), *measured([0, 0.3, 4.0])]
    findings = [finding(records)]
    for number, scene in enumerate(scenes):
        case = scene.record.case
        findings.append(finding([scene.record], id=f"{number:08x}", cases=[case], smallest=case))
    return runfile([*records, *(scene.record for scene in scenes)], *findings)


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Any:
    visit(browser, html.write(tmp_path, pictured()))
    browser.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    return browser


def test_every_picture_is_seen_and_nothing_is_said_or_asked_for(opened: Any, tmp_path: Path) -> None:
    pictures = opened.find_elements(By.CSS_SELECTOR, "svg.pic")
    assert len(pictures) >= 12
    assert all(item.is_displayed() and min(item.rect["width"], item.rect["height"]) > 20 for item in pictures)
    assert opened.get_log("browser") == []
    assert requests(opened) == [(tmp_path / "report.html").as_uri()]
    assert remote(opened) == []


def test_a_picture_has_its_title_as_name_and_ids_are_unique(opened: Any) -> None:
    names = [item.accessible_name for item in opened.find_elements(By.CSS_SELECTOR, "svg.pic")]
    assert any(name.startswith("Output at batch 0, channel 0") for name in names)
    assert all(names)
    ids = opened.execute_script("return [...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))


def test_everything_drawn_lies_within_its_picture(opened: Any) -> None:
    out = opened.execute_script(
        "return [...document.querySelectorAll('svg.pic')].flatMap(svg => [...svg.querySelectorAll('path, text')]"
        ".filter(e => { const b = e.getBBox(), v = svg.viewBox.baseVal; return b.x < v.x - 2 || b.y < v.y - 2 ||"
        " b.x + b.width > v.x + v.width + 2 || b.y + b.height > v.y + v.height + 2; })"
        ".map(e => e.outerHTML.slice(0, 200)))"
    )
    assert out == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_and_marks_stand_out_in_both_schemes(opened: Any, scheme: str) -> None:
    emulate(opened, scheme)
    ground = opened.execute_script("return getComputedStyle(document.querySelector('.card')).backgroundColor")
    for selector, least in ((".pic text", 4.5), (".pic .s", 4.5)):
        colour = opened.execute_script("return getComputedStyle(document.querySelector(arguments[0])).fill", selector)
        assert contrast(colour, ground) >= least, selector
    for selector in (".pic path.e", ".pic path.ok", ".pic path.no", ".pic path.use", ".pic path.first"):
        colour = opened.execute_script("return getComputedStyle(document.querySelector(arguments[0])).stroke", selector)
        assert contrast(colour, ground) >= 3, selector
    strange = opened.execute_script(
        "return [...document.querySelectorAll('.pic path, .pic text')].filter(e => { const s = getComputedStyle(e);"
        " return s.fill === 'none' && s.stroke === 'none'; }).map(e => e.getAttribute('class'))"
    )
    assert strange == []
