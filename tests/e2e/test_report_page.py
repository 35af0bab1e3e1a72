"""A report in a real browser: it asks for nothing, complains of nothing, keeps its style, and prints."""

import json
from base64 import b64decode

import httpx
import pytest
from selenium.webdriver.common.by import By


@pytest.fixture(scope="module")
def report(system):
    """The URL of a report that the running system has made."""
    asked = {"address": "Rochester, MN 55901", "radius_miles": 3.0}
    answer = httpx.post(f"{system.url}/api/v1/analyze", json=asked, timeout=30)
    return f"{system.url}/api/v1/analyses/{answer.json()['id']}/report"


@pytest.fixture
def page(browser, report):
    browser.get_log("browser"), browser.get_log("performance")
    browser.get(report)
    return browser


def test_it_asks_for_nothing_but_itself_and_complains_of_nothing(page, report):
    events = [json.loads(entry["message"])["message"] for entry in page.get_log("performance")]
    asked = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
    assert [url for url in asked if not url.startswith("data:")] == [report]
    complaints = [entry["message"] for entry in page.get_log("browser")]
    # OWASP's list of features is longer than what this Chromium knows.
    assert [each for each in complaints if "Permissions-Policy header: Unrecognized feature" not in each] == []


def test_the_policy_lets_its_own_style_through_and_no_script(page):
    bar = page.find_element(By.CSS_SELECTOR, "#score .bar")
    assert bar.value_of_css_property("fill") == "rgb(31, 78, 121)"
    page.execute_script(
        "const script = document.createElement('script'); script.textContent = 'window.ran = true';"
        "document.head.append(script)"
    )
    assert page.execute_script("return window.ran === undefined")
    assert any("Content Security Policy" in entry["message"] for entry in page.get_log("browser"))


def test_every_chart_has_a_name_and_a_description_for_screen_readers(page):
    figures = page.find_elements(By.CSS_SELECTOR, "svg[role=img]")
    assert [each.get_attribute("id") for each in figures] == ["score", "map", "categories", "lifts", "strips"]
    assert all(len(each.accessible_name) > 20 for each in figures)


@pytest.mark.parametrize("width", [1200, 800, 500])
def test_nothing_is_wider_than_the_page(page, width):
    page.set_window_size(width, 900)
    assert page.execute_script("return document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_text_of_charts_stays_inside_them(page):
    outside = page.execute_script("""
        return [...document.querySelectorAll('svg[role=img]')].flatMap(svg => {
            const box = svg.getBoundingClientRect();
            return [...svg.querySelectorAll(':scope > text')].filter(text => {
                const own = text.getBoundingClientRect();
                return own.left < box.left - 1 || own.right > box.right + 1 || own.bottom > box.bottom + 1;
            }).map(text => text.textContent);
        })""")
    assert outside == []


def test_it_prints_on_a_few_pages(page):
    printed = page.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": False})
    pdf = b64decode(printed["data"])
    assert pdf.startswith(b"%PDF-")
    assert 4 <= pdf.count(b"/Type /Page\n") <= 9
