"""The HTML report in a real Chromium: opened from disk it asks for nothing, says what matters, runs nothing else."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from reports import html
from tests.reports import build, build_hostile

pytestmark = pytest.mark.browser
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
SWITCHES = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync --disable-dev-shm-usage --window-size=1280,900"
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if CHROMIUM is None or DRIVER is None:
        reason = "no Chromium with its chromedriver on PATH"
        if os.environ.get("CI"):
            pytest.fail(f"{reason}: in CI a browser test may not be skipped")
        pytest.skip(reason)
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for switch in SWITCHES.split():
        options.add_argument(switch)
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('chromium')}")
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    driver.set_page_load_timeout(60)
    yield driver
    driver.quit()


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Any:
    return visit(browser, html.write(tmp_path, build.runfile()))


def visit(browser: Any, path: Path) -> Any:
    browser.get("about:blank")
    for log in ("performance", "browser"):
        browser.get_log(log)
    browser.get(path.as_uri())
    return browser


def requests(browser: Any) -> list[str]:
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    return [item["params"]["request"]["url"] for item in messages if item["method"] == "Network.requestWillBeSent"]


def emulate(browser: Any, scheme: str) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def remote(browser: Any) -> list[str]:
    """Addresses of every element that has one, but those within the page."""
    return browser.execute_script(
        "return [...document.querySelectorAll('*')].flatMap(e => [...e.attributes])"
        ".filter(a => ['href', 'src', 'srcset', 'action', 'data', 'poster', 'xlink:href'].includes(a.name))"
        ".map(a => a.value).filter(v => !v.startsWith('#'))"
    )


def rows(browser: Any) -> list[Any]:
    return [row for row in browser.find_elements(By.CSS_SELECTOR, "#ledger tr[data-states]") if row.is_displayed()]


def test_the_report_opens_from_disk_and_asks_for_nothing_but_itself(opened: Any, tmp_path: Path) -> None:
    assert requests(opened) == [(tmp_path / "report.html").as_uri()]
    assert opened.get_log("browser") == []
    assert remote(opened) == []


def test_every_link_leads_to_something_in_the_page(opened: Any) -> None:
    links = opened.execute_script(
        "return [...document.querySelectorAll('a')].map(a => decodeURIComponent(a.getAttribute('href').slice(1)))"
    )
    missing = opened.execute_script("return arguments[0].filter(id => !document.getElementById(id))", links)
    assert len(links) > 20
    assert missing == []


def test_ids_are_unique(opened: Any) -> None:
    ids = opened.execute_script("return [...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))


def test_the_headline_of_each_backend_is_in_the_first_screen(opened: Any) -> None:
    headlines = opened.find_elements(By.CSS_SELECTOR, ".headline")
    assert [item.text.partition(":")[0].partition(" is ")[0] for item in headlines] == [
        "NumPy reference 1.26.4 on cpu",
        "MindSpore 2.10.0 on cpu",
        "PyTorch 2.13.0+cpu on cpu",
        "OneFlow on cpu",
    ]
    assert all(item.rect["y"] + item.rect["height"] < 900 for item in headlines)


def test_the_filter_leaves_the_claims_that_fit_text_and_state(opened: Any) -> None:
    assert len(rows(opened)) == len(build.CLAIMS)
    opened.find_element(By.CSS_SELECTOR, "#filter-state option[value=contradicted]").click()
    assert len(rows(opened)) == 4
    opened.find_element(By.ID, "filter-text").send_keys("negative ValueError")
    assert [row.get_attribute("id") for row in rows(opened)] == [f"claim={build.MINDSPORE}/padding-not-negative"]
    assert opened.find_element(By.ID, "filter-shown").text == "1 claim shown"


def test_the_filter_finds_claims_by_the_name_of_their_api_and_by_advice(opened: Any) -> None:
    opened.find_element(By.ID, "filter-text").send_keys(build.ONEFLOW)
    assert len(rows(opened)) == sum(claim.api == build.ONEFLOW for claim in build.CLAIMS)
    opened.find_element(By.ID, "filter-text").clear()
    opened.find_element(By.CSS_SELECTOR, "#filter-state option[value=advice]").click()
    assert [row.get_attribute("id") for row in rows(opened)] == [f"claim={build.MINDSPORE}/refused-early"]


def test_a_link_to_a_case_opens_the_details_around_it(opened: Any) -> None:
    target = opened.find_element(By.ID, f"case={build.ACCEPTED.id}")
    assert not target.is_displayed()
    opened.execute_script("location.hash = arguments[0]", f"#case={build.ACCEPTED.id}")
    opened.execute_async_script("setTimeout(arguments[0], 50)")
    assert target.is_displayed()


@pytest.mark.parametrize("run", [build.runfile, build_hostile.hostile])
@pytest.mark.parametrize("width", [1280, 400])
def test_the_page_never_scrolls_sideways(browser: Any, tmp_path: Path, run: Any, width: int) -> None:
    opened = visit(browser, html.write(tmp_path, run()))
    opened.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    )
    opened.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    over = opened.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
    opened.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert over <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground_in_both_schemes(opened: Any, scheme: str) -> None:
    emulate(opened, scheme)
    ink, ground = opened.execute_script(
        "const card = getComputedStyle(document.querySelector('.card')); return [card.color, card.backgroundColor]"
    )
    assert (luminance(ink) > luminance(ground)) == (scheme == "dark")
    pale = {}
    for selector in (".card", ".soft", ".state.good", ".state.bad", ".state.warn", ".state.quiet", "nav a", "thead th"):
        pale[selector] = opened.execute_script(
            "const e = document.querySelector(arguments[0]); let g = e;"
            "while (getComputedStyle(g).backgroundColor === 'rgba(0, 0, 0, 0)') g = g.parentElement;"
            "return [getComputedStyle(e).color, getComputedStyle(g).backgroundColor]",
            selector,
        )
    contrasts = {selector: contrast(*pair) for selector, pair in pale.items()}
    assert min(contrasts.values()) >= 4.5, contrasts


def luminance(colour: str) -> float:
    channels = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_a_hostile_run_is_inert(browser: Any, tmp_path: Path) -> None:
    visit(browser, html.write(tmp_path, build_hostile.hostile()))
    assert browser.execute_script("return typeof window.__pwned") == "undefined"
    assert browser.execute_script("return document.querySelectorAll('img, iframe, object, embed, base').length") == 0
    assert browser.execute_script("return document.querySelectorAll('script').length") == 1
    assert remote(browser) == []
    assert requests(browser) == [(tmp_path / "report.html").as_uri()]
    assert browser.get_log("browser") == []


def test_the_policy_stops_a_script_that_escaping_let_through(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "broken.html"
    page = html.render(build.runfile())
    path.write_text(page.replace("<h1>", "<script>window.__pwned = 1</script><h1>"), encoding="utf-8")
    visit(browser, path)
    assert browser.execute_script("return typeof window.__pwned") == "undefined"
    assert browser.find_element(By.ID, "filter").is_displayed()
