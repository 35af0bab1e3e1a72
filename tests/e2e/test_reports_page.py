"""A report of the service in a real browser, out of the bucket of the running system."""

import json

import httpx
import pytest
from selenium.webdriver.common.by import By

PATH = "/api/v1/monitoring/reports"


@pytest.fixture(scope="module")
def report(system):
    """The URL of a page that the running system has made, kept in S3 and listed."""
    made = httpx.post(f"{system.url}{PATH}", json={"period": "week"}, timeout=60)
    assert made.status_code == 201, made.text
    listed = httpx.get(f"{system.url}{PATH}", timeout=30).json()
    assert [each["id"] for each in listed["reports"]] == [made.json()["id"]]
    assert any("created  bucket brightspot-local-reports-" in line for line in system.lines)
    return f"{system.url}{PATH}/{made.json()['id']}.html"


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
    assert [each for each in complaints if "Permissions-Policy header: Unrecognized feature" not in each] == []


@pytest.mark.parametrize(("scheme", "ground"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(20, 24, 28)")])
def test_its_own_style_passes_the_policy_and_follows_the_readers_scheme(page, scheme, ground):
    page.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )
    shown = page.find_element(By.TAG_NAME, "html").value_of_css_property("background-color")
    assert shown.replace("rgba", "rgb").replace(", 1)", ")") == ground


@pytest.mark.parametrize("width", [1200, 500])
def test_nothing_is_wider_than_the_page(page, width):
    page.set_window_size(width, 900)
    assert page.execute_script("return document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_new_system_says_that_nothing_is_known_yet_instead_of_zeros(page):
    assert page.find_element(By.CSS_SELECTOR, "p.none").text == "No figures are kept of this period."
    assert "168 of 168 hours" in page.find_element(By.TAG_NAME, "body").text
