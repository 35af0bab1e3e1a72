"""With the geocoder on, a street address is its own point; whatever fails leaves the middle of its ZIP, and says so."""

import json

import pytest

from tests.integration.live import stub

WHITE_HOUSE = "1600 Pennsylvania Avenue NW, Washington, DC 20500"
NOWHERE = "Street positions are not in the embedded data"


def match(street, city, state, zip_code, lat, lon):
    return {
        "matchedAddress": f"{street}, {city}, {state}, {zip_code}",
        "coordinates": {"x": lon, "y": lat},
        "addressComponents": {"state": state, "zip": zip_code, "city": city},
    }


@pytest.fixture
def found(provider):
    """`found(match, ...)`: what the geocoder answers."""

    def answer(*matches):
        provider.replaced["census_geocoder"] = json.dumps({"result": {"addressMatches": list(matches)}}).encode()

    return answer


def located(answer):
    place = answer["location"]
    return place["precision"], place["lat"], place["lon"], place["zip"]


def test_a_street_is_its_own_point(provider, switch_on, analyze):
    before = analyze(WHITE_HOUSE)[1]
    switch_on("census_geocoder")
    answer = analyze(WHITE_HOUSE)[1]
    place = answer["location"]
    assert located(answer) == ("street", 38.898754, -77.03535, "20500")
    assert place["uncertainty_miles"] == 0.1 < before["location"]["uncertainty_miles"]
    assert any("1600 PENNSYLVANIA AVE NW, WASHINGTON, DC, 20502" in note for note in place["notes"])
    assert not any(note.startswith(NOWHERE) for note in place["notes"])
    assert any(note.startswith(NOWHERE) for note in before["location"]["notes"])
    assert answer["confidence"] > before["confidence"]
    assert answer["performance"]["live"]["census_geocoder"]["way"] == "live"
    (asked,) = provider.of("census_geocoder")
    assert asked.query == {
        "street": ["1600 Pennsylvania Avenue NW"],
        "city": ["Washington"],
        "state": ["DC"],
        "zip": ["20500"],
        "benchmark": ["Public_AR_Current"],
        "format": ["json"],
    }


def test_the_catchment_is_round_the_street(found, switch_on, analyze, points):
    before = analyze("10 Main St, Rochester, MN 55901")[1]
    found(match("10 MAIN ST", "ROCHESTER", "MN", "55901", 44.13, -92.55))
    switch_on("census_geocoder")
    after = analyze("10 Main St, Rochester, MN 55901")[1]
    name = "catchment_children_under_5"
    assert points(after)[name]["value"] < points(before)[name]["value"]
    assert points(after)["population"] == points(before)["population"]


def test_live_sources_are_asked_about_the_street(found, provider, switch_on, analyze):
    found(match("10 MAIN ST", "ROCHESTER", "MN", "55901", 44.13, -92.55))
    switch_on("census_geocoder", "overpass")
    analyze("10 Main St, Rochester, MN 55901")
    assert b"44.13%2C-92.55" in provider.of("overpass")[0].body


def test_a_street_that_it_does_not_find_is_the_middle_of_the_zip_and_says_so(provider, switch_on, analyze):
    before = analyze(WHITE_HOUSE)[1]
    provider.answer("census_geocoder", "census_geocoder_none.json")
    switch_on("census_geocoder")
    answer = analyze(WHITE_HOUSE)[1]
    assert located(answer) == located(before)
    assert answer["location"]["notes"][-1] == "The Census geocoder does not find this street."


@pytest.mark.parametrize("fault", [stub.status(500), stub.hung, stub.html, stub.wrong_type, stub.cut])
def test_when_it_fails_the_middle_of_the_zip_stands_and_the_reason_is_told(provider, switch_on, analyze, fault):
    before = analyze(WHITE_HOUSE)[1]
    provider.faults["census_geocoder"] = fault
    switch_on("census_geocoder", timeout=1)
    status, answer = analyze(WHITE_HOUSE)
    assert status == 200
    assert located(answer) == located(before)
    assert answer["categories"] == before["categories"]
    assert answer["location"]["notes"][-1].startswith("The Census geocoder was asked for the street in vain: it")
    assert answer["performance"]["live"]["census_geocoder"]["way"] == "embedded"
    assert analyze(WHITE_HOUSE)[1]["cached"] is False


@pytest.mark.parametrize(
    ("matches", "note"),
    [
        ([("WI", "54601", 43.8, -91.2)], "does not find this street"),
        ([("MN", "55802", 46.78, -92.1)], "finds the street 188 miles away, in 55802: check the ZIP"),
        ([("MN", "55901", 44.05, -92.5), ("MN", "55901", 44.08, -92.5)], "finds 2 such streets, so none is taken"),
    ],
)
def test_what_may_be_another_street_is_not_taken(found, switch_on, analyze, matches, note):
    found(*(match("10 MAIN ST", "SOMEWHERE", *each) for each in matches))
    switch_on("census_geocoder")
    answer = analyze("10 Main St, Rochester, MN 55901")[1]
    assert answer["location"]["precision"] == "zip_centroid"
    assert note in answer["location"]["notes"][-1]


def test_one_street_found_twice_at_one_spot_is_taken(found, switch_on, analyze):
    found(*(match("10 MAIN ST", "ROCHESTER", "MN", "55901", 44.08, lon) for lon in (-92.5, -92.501)))
    switch_on("census_geocoder")
    assert located(analyze("10 Main St, Rochester, MN 55901")[1]) == ("street", 44.08, -92.5, "55901")


def test_without_a_zip_the_street_brings_its_own(found, provider, switch_on, analyze, points):
    found(match("100 1ST AVE SW", "ROCHESTER", "MN", "55902", 44.01, -92.48))
    before = analyze("100 1st Ave SW, Rochester, MN")[1]
    switch_on("census_geocoder")
    answer = analyze("100 1st Ave SW, Rochester, MN")[1]
    assert before["location"]["precision"] == "city_centroid"
    assert before["location"]["zip"] != "55902"
    assert located(answer) == ("street", 44.01, -92.48, "55902")
    assert answer["location"]["alternatives"] == []
    assert points(answer)["population"] == points(analyze("55902")[1])["population"]
    assert "zip" not in provider.of("census_geocoder")[0].query


@pytest.mark.parametrize("address", ["55901", "Rochester, MN 55901", "PO Box 12, Rochester, MN 55903"])
def test_an_address_without_a_street_is_not_asked_for(provider, switch_on, analyze, address):
    switch_on("census_geocoder")
    answer = analyze(address)[1]
    assert provider.asked == []
    assert answer["location"]["precision"] != "street"
    assert "live" not in answer["performance"]
