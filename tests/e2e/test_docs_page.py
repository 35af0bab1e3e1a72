"""The docs page in a real browser."""

import json

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait


def test_the_page_shows_every_route_and_asks_only_its_own_host(system, browser):
    browser.get(system.url + "/docs")
    headings = [each.text for each in browser.find_elements(By.CSS_SELECTOR, "section.route h2")]
    assert any("POST /api/v1/analyze" in text for text in headings)
    assert any("GET /health" in text for text in headings)
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
    pages = [url for url in asked if url.startswith("http")]
    assert f"{system.url}/docs/docs.js" in pages
    assert all(url.startswith(system.url) for url in pages)
    severe = [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
    assert [entry for entry in severe if "favicon" not in entry["message"]] == []


def test_trying_a_route_shows_its_answer(system, browser):
    browser.get(system.url + "/docs")
    form = browser.find_element(By.CSS_SELECTOR, 'form[data-path="/api/v1/analyze"]')
    form.find_element(By.TAG_NAME, "button").click()
    output = form.find_element(By.TAG_NAME, "output")
    WebDriverWait(browser, 30).until(lambda _: output.text.startswith("200"))
    assert '"overall_score"' in output.text


def test_a_body_that_is_refused_shows_the_problem(system, browser):
    browser.get(system.url + "/docs")
    form = browser.find_element(By.CSS_SELECTOR, 'form[data-path="/api/v1/analyze"]')
    area = form.find_element(By.TAG_NAME, "textarea")
    area.clear()
    area.send_keys('{"address": "Atlantis, MN"}')
    form.find_element(By.TAG_NAME, "button").click()
    output = form.find_element(By.TAG_NAME, "output")
    WebDriverWait(browser, 30).until(lambda _: output.text.startswith("422"))
    assert "Atlantis" in output.text
