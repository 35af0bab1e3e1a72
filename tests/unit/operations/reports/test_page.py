"""The page of a report: well-formed, loads and runs nothing, and its charts say in words and tables what they show."""

import re
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.operations.reports.charts import Band, Chart, Line, drawn, runs
from brightspot.operations.reports.page import page_of
from brightspot.operations.reports.period import Period, time_of
from brightspot.pages import policy_of
from tests.unit.operations.reports.made import YESTERDAY, figures, hours_of, report

WEEK = Period(YESTERDAY.last - 167, 168)
MONTH = Period(YESTERDAY.last - 959, 960)
HOSTILE = """<script>alert("x")</script><img src=x onerror='y'> & </style></title>"""
VALUES = st.lists(st.none() | st.floats(0, 1e9), min_size=1, max_size=60)


def parsed(page):
    doctype, _, rest = page.decode().partition("\n")
    assert doctype == "<!doctype html>"
    return ET.fromstring(rest)


def words(root):
    return " ".join(" ".join(root.itertext()).split())


@pytest.fixture(scope="module")
def gappy():
    """Ten days, with gaps in the first two."""
    period = Period(YESTERDAY.last - 239, 240)
    hours = hours_of(period, back=240)
    for each in (3, 4, 30):
        del hours[period.first + each]
    return report(period, hours)


@pytest.mark.parametrize("period", [YESTERDAY, WEEK, MONTH, Period(YESTERDAY.first + 5, 1)])
@pytest.mark.parametrize("known", [True, False])
def test_it_is_well_formed_whatever_it_is_about_and_whatever_is_known(period, known):
    text = page_of(report(period, hours_of(period) if known else {})).decode()
    root = parsed(text.encode())
    assert len(text) < 400_000
    assert not re.search(r"\b(nan|inf|None|null)\b", text.partition("</style>")[2])
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    assert len(ids) == len(set(ids))


def test_it_loads_nothing_and_runs_nothing(gappy):
    page = page_of(gappy)
    root = parsed(page)
    assert {each.tag for each in root.iter()}.isdisjoint({"script", "img", "iframe", "object", "embed", "form", "base"})
    assert [each.get("href") for each in root.iter("link")] == ["data:,"]
    assert not [name for each in root.iter() for name in each.attrib if name == "style" or name.startswith("on")]
    assert b"@import" not in page
    assert not re.search(rb"url\((?!#)", page)
    assert not re.search(rb"https?://(?!www\.w3\.org/2000/svg)", page)


def test_the_policy_it_is_served_with_is_that_of_the_style_that_is_in_it(gappy):
    page = page_of(gappy)
    style = re.search(rb"<style>(.*?)</style>", page, re.DOTALL)[1]
    digest = b64encode(sha256(style).digest()).decode()
    assert policy_of(page).startswith(f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:;")
    assert policy_of(page).endswith("; frame-ancestors 'none'")
    assert "unsafe" not in policy_of(page)


def test_every_chart_is_named_and_described_in_words(gappy):
    root = parsed(page_of(gappy))
    charts = {each.get("id"): each for each in root.iter() if each.get("role") == "img"}
    assert list(charts) == ["traffic", "latency", "cache", "forecast-hour", "forecast-day"]
    for chart in charts.values():
        title, told = ("".join(each.itertext()) for each in list(chart)[:2])
        assert len(title) > 10
        assert re.search(r"\d", told)


def test_gaps_are_drawn_as_gaps_and_told_as_such(gappy):
    root = parsed(page_of(gappy))
    (traffic,) = [each for each in root.iter() if each.get("id") == "traffic"]
    gaps = [each for each in traffic.iter() if each.get("class") == "gap"]
    assert len(gaps) == 2 + 1  # two stretches, and the one that explains them
    pieces = [each.get("class") for each in traffic.iter() if each.get("d", "").count("M") == 3]
    assert pieces == ["line solid", "line dashed"]  # requests and errors
    assert "237 of 240 hours; the others are gaps, not zeros" in words(root)


def test_the_back_tested_error_stands_beside_each_forecast(gappy):
    told = words(parsed(page_of(gappy)))
    for unit in ("hour", "day"):
        assert f"off by 1.25 requests a {unit} in the mean (12.5 % of what came); 75 % of what came lay inside" in told
    assert "80 % interval" in told


def test_what_is_not_known_is_on_the_page_with_its_reason(gappy):
    told = words(parsed(page_of(gappy)))
    assert all(each.what in told and each.reason in told for each in gappy.unknown)
    assert "3 of 240 hours" in told


def test_figures_stand_in_tables_beside_the_charts():
    made = report()
    root = parsed(page_of(made))
    tables = {words(each.find("caption")): words(each) for each in root.iter("table")}
    (by_hour,) = [told for name, told in tables.items() if name.startswith("By hour")]
    assert "2026-11-27 13:00 1 of 1 10 0 199.9 ms 75.00 % 1" in by_hour
    assert "geocoder live 120" in tables["Live sources"]
    assert "/api/v1/analyze 240" in tables["Routes, most time first"]


def test_text_that_means_harm_is_only_text():
    hours = {YESTERDAY.first: figures(route=HOSTILE)}
    page = page_of(report(hours=hours, security=(None, HOSTILE)))
    plain = page_of(report(hours={YESTERDAY.first: figures(route="x")}, security=(None, "x")))
    assert [each.tag for each in parsed(page).iter()] == [each.tag for each in parsed(plain).iter()]
    assert page.count(b"</style>") == 1
    assert b"<script" not in page


@given(VALUES, st.booleans())
def test_any_chart_stays_inside_its_frame(values, with_band):
    times = [time_of(YESTERDAY.first + each) for each in range(len(values))]
    low = [None if each is None else each / 2 for each in values]
    band = Band("interval", low, values) if with_band else None
    gaps = [each is None for each in values]
    chart = Chart("x", "a title", "words", "", times, [Line("a", "solid", values)], gaps, band)
    root = ET.fromstring(drawn(chart))
    for each in root.iter():
        for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", each.get("d") or ""):
            assert 0 <= float(x) <= 680
            assert 0 <= float(y) <= 190


@given(st.lists(st.booleans()))
def test_runs_are_the_stretches_of_what_is_true(known):
    found = list(runs(known))
    assert sorted(slot for first, end in found for slot in range(first, end)) == [
        slot for slot, each in enumerate(known) if each
    ]
    assert all(left[1] < right[0] for left, right in pairwise(found))
