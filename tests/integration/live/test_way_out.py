"""What leaves for a provider, how often, and what is made of it."""

import json
import time

import pytest

from brightspot import VERSION, operations
from brightspot.locations.collectors.live.registry import source_of
from tests.integration.live import stub
from tests.integration.live.told import way

NEAR = {"childcare_centers", "nearest_childcare_miles", "schools", "parks", "transit_stops"}


def test_a_live_value_stands_with_its_own_provenance(provider, switch_on, analyze, points):
    switch_on("overpass")
    answer = analyze("55901")[1]
    seen = points(answer)["childcare_centers"]
    assert seen == {
        "value": 4,
        "unit": "providers",
        "percentile": None,
        "direction": "context",
        "contribution": 0.0,
        "source": "OpenStreetMap, by the Overpass API",
        "vintage": "2026-11-20T12:58:02Z",
        "level": "site",
        "kind": "observed",
    }
    (credit,) = [each for each in answer["sources"] if each["name"] == seen["source"]]
    assert credit["licence"] == "ODbL 1.0"
    assert "OpenStreetMap contributors" in credit["credit"]
    assert set(points(answer)) >= NEAR
    assert NEAR.isdisjoint({each["point"] for each in answer["missing"]})
    assert answer["performance"]["collectors"]["competition"]["source"] == "embedded, overpass (live)"
    assert answer["performance"]["collectors"]["regulatory"]["source"] == "embedded"


def test_what_has_no_distribution_does_not_move_the_score(provider, switch_on, analyze):
    embedded = analyze("55901")[1]
    switch_on("overpass")
    answer = analyze("55901")[1]
    assert answer["overall_score"] == embedded["overall_score"]
    assert {name: each["status"] for name, each in answer["categories"].items()} == {
        name: each["status"] for name, each in embedded["categories"].items()
    }
    assert answer["data_points_collected"] == embedded["data_points_collected"] + 6


def test_a_live_value_takes_the_place_of_the_embedded_one_and_is_ranked_by_its_distribution(
    provider, switch_on, analyze, points
):
    embedded = points(analyze("55901")[1])
    switch_on("census_acs")
    live = points(analyze("55901")[1])
    assert (embedded["children_under_5"]["kind"], live["children_under_5"]["kind"]) == ("estimated", "observed")
    assert live["children_under_5"]["value"] == 1981 + 1914
    assert live["children_under_5"]["vintage"] == "2019-2023"
    assert live["children_under_5"]["percentile"] < embedded["children_under_5"]["percentile"]
    assert live["median_household_income"]["percentile"] > embedded["median_household_income"]["percentile"]
    assert live["children_under_6_parents_working"]["value"] == 2610 + 171 + 598
    assert live["share_bachelors"] == embedded["share_bachelors"]


def test_what_a_source_does_not_know_leaves_the_embedded_value(provider, switch_on, analyze, points):
    names, values = json.loads((stub.RECORDED / "census_acs.json").read_bytes())
    values[names.index("B19013_001E")] = "-666666666"
    provider.replaced["census_acs"] = json.dumps([names, values]).encode()
    embedded = points(analyze("55901")[1])
    switch_on("census_acs")
    live = points(analyze("55901")[1])
    assert live["median_household_income"]["value"] == embedded["median_household_income"]["value"]
    assert live["median_household_income"]["vintage"] == "2018-2022"
    assert live["median_home_value"]["vintage"] == "2019-2023"


def test_providers_learn_who_asks_and_get_the_key_where_they_want_one(provider, switch_on, analyze):
    switch_on("overpass", "census_acs")
    answer = analyze("55901")[1]
    (acs,), (overpass,) = provider.of("census_acs"), provider.of("overpass")
    for each in (acs, overpass):
        assert each.headers["User-Agent"] == f"Brightspot/{VERSION} (ops@example.org)"
    assert acs.query["key"] == ["secret-key"]
    assert "key" not in overpass.query
    assert "secret-key" not in json.dumps(answer)
    assert acs.query["for"] == ["zip code tabulation area:55901"]
    assert (overpass.method, overpass.body[:5]) == ("POST", b"data=")


def test_one_request_serves_all_collectors_of_a_source(provider, switch_on, analyze):
    switch_on("census_acs")
    ways = [each["source"] for each in analyze("55901")[1]["performance"]["collectors"].values()]
    assert ways.count("embedded, census_acs (live)") == 5
    assert len(provider.of("census_acs")) == 1


def test_without_its_key_a_source_is_not_asked(provider, switch_on, analyze):
    switch_on("census_acs", LIVE_CENSUS_ACS_KEY="")
    answer = analyze("55901")[1]
    told = answer["performance"]["live"]["census_acs"]
    assert (told["way"], told["reason"]) == ("silent", "LIVE_CENSUS_ACS_KEY is not set")
    missing = {each["point"]: each["reason"] for each in answer["missing"]}
    assert missing["children_under_6_parents_working"].endswith("LIVE_CENSUS_ACS_KEY is not set")
    assert provider.asked == []


def test_a_status_that_means_nothing_known_here_is_no_failure(provider, switch_on, analyze):
    provider.faults["census_acs"] = stub.status(204)
    switch_on("census_acs", CIRCUIT_BREAKER_THRESHOLD="1")
    answer = analyze("55901")[1]
    told = answer["performance"]["live"]["census_acs"]
    assert (told["way"], told["reason"]) == ("silent", "the survey knows no such ZIP")
    assert operations.breaker_states()["census_acs"].state == "closed"
    assert analyze("55901")[1]["cached"] is True


def test_retry_after_is_obeyed(provider, switch_on, analyze):
    provider.faults["census_acs"] = stub.status(429, {"Retry-After": "1"}, times=1)
    switch_on("census_acs", timeout=10)
    started = time.monotonic()
    assert way(analyze("55901")[1], "census_acs") == "live"
    assert 1.0 <= time.monotonic() - started < 8
    assert len(provider.of("census_acs")) == 2


@pytest.mark.usefixtures("anew")
def test_a_fresh_copy_is_served_without_asking(provider, switch_on, analyze, points):
    switch_on("overpass")
    first, second = (analyze("55901")[1] for _ in range(2))
    assert [way(first), way(second)] == ["live", "copy"]
    assert points(first) == points(second)
    assert len(provider.of("overpass")) == 1


@pytest.mark.usefixtures("anew")
def test_another_question_is_no_copy(provider, switch_on, analyze):
    switch_on("overpass", timeout=10)
    ways = [
        way(analyze(address, radius_miles=radius)[1]) for address, radius in (("55901", 3), ("55901", 5), ("55802", 3))
    ]
    assert ways == ["live"] * 3


@pytest.mark.usefixtures("anew")
def test_an_old_copy_stands_in_for_a_source_that_fails_and_says_its_age(provider, switch_on, analyze, points):
    switch_on("overpass", LIVE_OVERPASS_TTL_HOURS="0.00001")
    first = points(analyze("55901")[1])
    time.sleep(0.1)
    provider.faults["overpass"] = stub.status(400)
    answer = analyze("55901")[1]
    second = points(answer)
    assert way(answer) == "stale_copy"
    assert answer["performance"]["live"]["overpass"]["reason"] == "it answered HTTP 400"
    assert answer["performance"]["collectors"]["competition"]["source"] == "embedded, overpass (stale copy)"
    assert second["childcare_centers"]["value"] == first["childcare_centers"]["value"]
    assert 0.1 <= second["childcare_centers"]["age_seconds"] < 60
    assert "age_seconds" not in first["childcare_centers"]
    assert "age_seconds" not in second["population"]


def test_answers_with_and_without_live_sources_are_not_taken_for_each_other(provider, switch_on, analyze, valkey_url):
    switch_on("overpass", REDIS_URL=valkey_url)
    with_it = analyze("55901")[1]
    switch_on(LIVE_OVERPASS_ENABLED="false")
    without = analyze("55901")[1]
    assert (with_it["cached"], without["cached"]) == (False, False)
    assert with_it["model"]["version"] == f"{without['model']['version']}+overpass"


def test_a_redirect_within_the_host_is_followed(provider, switch_on, analyze):
    def moved(handler, body):
        if handler.path.endswith("&again"):
            stub.plain(handler, body)
        else:
            handler.send(301, b"", {"Location": f"{handler.path}&again", "Content-Type": stub.JSON})

    provider.faults["census_acs"] = moved
    switch_on("census_acs")
    assert way(analyze("55901")[1], "census_acs") == "live"


def test_every_source_of_the_stub_is_a_source():
    assert all(source_of(name).facts.id == name for name in stub.ANSWERS)
