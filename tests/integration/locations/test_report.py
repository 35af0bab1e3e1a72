"""The whole page over real analyses: every state, every precision, what is missing, and text that means harm."""

import re
from base64 import b64encode
from hashlib import sha256
from xml.etree import ElementTree as ET

import msgspec
import pytest

from brightspot import locations
from brightspot.core.errors import NotFound
from brightspot.locations.analysis import Missing
from brightspot.locations.report.shapes import state_shape
from dataset.catalogue import states

MOST_BYTES = 200_000
HOSTILE = """<script>alert("x")</script><img src=x onerror='y'> & "quotes" </style></title>"""
STATES = [each.code for each in states().values() if each.kind in {"state", "district", "territory"}]


@pytest.fixture(scope="module")
def rochester():
    return locations.service().analyze(locations.AnalyzeRequest("Rochester, MN 55901"))


def page(analysis):
    made = locations.report_of(locations.encode(analysis), "html")
    assert made.filename == f"brightspot-{analysis.id}.html"
    assert len(made.body) < MOST_BYTES
    return made.body.decode()


def parsed(text):
    doctype, _, rest = text.partition("\n")
    assert doctype == "<!doctype html>"
    return ET.fromstring(rest)


def words(root):
    return " ".join(" ".join(root.itertext()).split())


@pytest.mark.parametrize("code", STATES)
def test_a_site_in_any_state_has_a_map_that_shades_a_county(code):
    rows = locations.shared_dataset().rows(
        "SELECT zip FROM zips WHERE state = ? AND lat IS NOT NULL AND county_fips IS NOT NULL "
        "ORDER BY population DESC LIMIT 1",
        (code,),
    )
    analysis = locations.service().analyze(locations.AnalyzeRequest(f"{rows[0][0]:05}"))
    text = page(analysis)
    root = parsed(text)
    assert not re.search(r"\b(nan|inf|None)\b", text.partition("</style>")[2])
    (figure,) = [each for each in root.iter() if each.get("id") == "map"]
    assert state_shape(code).name in words(figure)
    shaded = [each for each in figure.iter() if each.get("class") == "home"]
    assert shaded[0].get("d").startswith("M"), "nothing is shaded"
    assert shaded[-1].get("d").startswith("M"), "the site is not in the county that is shaded"


@pytest.mark.parametrize(
    ("address", "precision"),
    [("Rochester, MN", "city_centroid"), ("Denver, CO 80201", "po_box_zip"), ("Adak, AK 99546", "zip_centroid")],
)
def test_the_page_says_what_the_point_is_and_how_far_off_it_may_be(address, precision):
    analysis = locations.service().analyze(locations.AnalyzeRequest(address))
    assert analysis.location.precision == precision
    told = words(parsed(page(analysis)))
    assert f"{locations.PRECISIONS[precision]}, within about {analysis.location.uncertainty_miles:.1f} miles" in told
    assert all(note in told for note in analysis.location.notes)


def test_connecticut_says_that_its_county_lines_are_of_2017():
    analysis = locations.service().analyze(locations.AnalyzeRequest("Hartford, CT 06103"))
    told = words(parsed(page(analysis)))
    assert "shaded: Hartford, the county of then that holds the point" in told
    assert "The figures are of Hartford County (Capitol), which has no line in 2017." in told


def test_a_site_without_an_overall_score_is_reported_with_what_is_missing():
    analysis = locations.service().analyze(locations.AnalyzeRequest("St Thomas, VI 00802"))
    assert analysis.overall_score is None
    told = words(parsed(page(analysis)))
    assert "No overall score: too little is known of this site." in told
    assert all(each.reason in told for each in analysis.missing)


def test_every_point_source_and_gap_is_on_the_page(rochester):
    root = parsed(page(rochester))
    rows = list(root.iter("tr"))
    points = [each for category in rochester.categories.values() for each in category.points]
    assert len([each for each in rows if each.find("th[@scope='row']") is not None]) == len(points)
    told = words(root)
    for source in rochester.sources:
        assert source.name in told
        assert source.credit in told
        assert source.licence in told
    assert all(each.reason in told for each in rochester.missing)
    for each in (rochester.id, rochester.model.version, rochester.created_at, "persona business, radius 3 miles"):
        assert each in told
    links = {each.get("href") for each in root.iter("a")}
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    assert {link.removeprefix("#") for link in links} <= set(ids)
    assert len(ids) == len(set(ids))


def test_the_page_loads_nothing_and_runs_nothing(rochester):
    text = page(rochester)
    root = parsed(text)
    assert {each.tag for each in root.iter()}.isdisjoint({"script", "img", "iframe", "object", "embed", "form", "base"})
    assert [each.get("href") for each in root.iter("link")] == ["data:,"]
    assert not [name for each in root.iter() for name in each.attrib if name == "style" or name.startswith("on")]
    assert "@import" not in text
    assert not re.search(r"url\((?!#)", text)


def test_the_policy_names_the_hash_of_the_style_that_is_on_the_page(rochester):
    style = re.search(r"<style>(.*?)</style>", page(rochester), re.DOTALL)[1]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = locations.security_policy()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:;")
    assert "unsafe" not in policy


def test_text_that_means_harm_is_only_text(rochester):
    place = msgspec.structs.replace(
        rochester.location, city=HOSTILE, county=HOSTILE, notes=[HOSTILE], zip=HOSTILE, state=HOSTILE
    )
    missing = [Missing("safety", HOSTILE, HOSTILE)]
    harmful = msgspec.structs.replace(
        rochester, address=HOSTILE, persona=HOSTILE, location=place, missing=missing, created_at=HOSTILE
    )
    plain = [each.tag for each in parsed(page(msgspec.structs.replace(harmful, address="x", persona="x"))).iter()]
    text = page(harmful)
    assert [each.tag for each in parsed(text).iter()] == plain
    assert "<script" not in text
    assert "<img" not in text
    assert text.count("</style>") == 1


def test_a_place_that_the_atlas_does_not_have_is_drawn_without_lines(rochester):
    away = msgspec.structs.replace(rochester.location, state="MH", county=None, lat=7.1, lon=171.4)
    told = words(parsed(page(msgspec.structs.replace(rochester, location=away))))
    assert "the atlas has none of MH" in told


def test_json_is_what_was_stored_and_csv_has_a_row_for_each_point(rochester):
    body = locations.encode(rochester)
    assert locations.report_of(body, "json").body == body
    rows = locations.report_of(body, "csv").body.decode().split("\r\n")
    found = {each for category in rochester.categories.values() for each in category.points}
    missing = {each.point for each in rochester.missing}
    assert len(rows) == 1 + len(found | missing) + 1


def test_an_analysis_that_is_not_remembered_is_not_found_and_what_is_no_id_is_refused():
    with pytest.raises(NotFound, match="no such analysis"):
        locations.stored_report("01M7WEYZ4S3T9Q4R7Y2K5H8N0C", "html")
    with pytest.raises(locations.RequestRefused, match="26 digits and capitals"):
        locations.stored_report("../../etc/passwd", "html")
