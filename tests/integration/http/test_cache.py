"""GET /api/v1/cache/stats and POST /api/v1/cache/clear: real figures, and clears that are true at once everywhere."""

import pytest

from brightspot.cache import shared_cache

ANALYZE, STATS, CLEAR = "/api/v1/analyze", "/api/v1/cache/stats", "/api/v1/cache/clear"
MEMBERS = {
    "enabled", "backend", "cached_items", "keyspace_hits", "keyspace_misses", "hit_rate", "memory_usage",
}  # fmt: skip


@pytest.fixture
def analyze(call):
    def asked(*addresses):
        return [call("analyze", "POST", ANALYZE, {"address": each}).json["cached"] for each in addresses]

    return asked


@pytest.mark.usefixtures("shared")
def test_stats_are_those_of_all_instances(call, analyze, forgetful):
    assert analyze("55901", "55901", "10001") == [False, True, False]
    forgetful()
    assert analyze("10001") == [True]
    stats = call("cache", "GET", STATS, anew=True)
    assert stats.status == 200
    assert stats.json.keys() >= MEMBERS
    told = stats.json
    assert (told["enabled"], told["backend"], told["scope"]) == (True, "redis", "all instances")
    assert (told["cached_items"], told["keyspace_hits"], told["keyspace_misses"]) == (2, 2, 2)
    assert (told["hit_rate"], told["complete"]) == (50.0, True)
    assert told["memory_bytes"] > 20_000
    assert told["memory_usage"] == f"{told['memory_bytes'] / 1024:.1f}K"
    assert set(told["namespaces"]) == {"analysis", "search", "values"}
    assert told["namespaces"]["analysis"] == {name: told[name] for name in told["namespaces"]["analysis"]}


@pytest.mark.usefixtures("shared")
def test_before_anybody_asked_there_is_no_hit_rate(call):
    told = call("cache", "GET", STATS).json
    assert (told["cached_items"], told["hit_rate"], told["memory_usage"]) == (0, None, "0B")


@pytest.mark.usefixtures("shared")
def test_a_request_that_is_turned_away_is_neither_hit_nor_miss(call, analyze, monkeypatch):
    analyze("55901")
    monkeypatch.setenv("AUTH_REQUIRED", "true")
    assert call("analyze", "POST", ANALYZE, {"address": "55901"}, anew=True).status == 401
    assert call("analyze", "POST", ANALYZE, {"address": "55101"}).status == 401
    monkeypatch.setenv("AUTH_REQUIRED", "false")
    assert call("analyze", "POST", ANALYZE, {"address": "55901"}, anew=True).json["cached"] is True
    told = call("cache", "GET", STATS).json
    assert (told["keyspace_hits"], told["keyspace_misses"]) == (1, 1)


@pytest.mark.parametrize("url", ["", "redis://127.0.0.1:1/0"])
def test_without_the_store_the_figures_are_those_of_this_process_and_say_so(call, analyze, monkeypatch, url):
    monkeypatch.setenv("REDIS_URL", url)
    analyze("55901", "55901", "55901")
    told = call("cache", "GET", STATS).json
    assert (told["enabled"], told["backend"], told["scope"]) == (False, "in-memory", "this process")
    assert (told["cached_items"], told["keyspace_hits"], told["keyspace_misses"]) == (1, 2, 1)
    assert told["hit_rate"] == 66.67


@pytest.mark.usefixtures("shared")
def test_a_live_source_that_is_on_has_a_namespace_of_its_own(call, monkeypatch, admin):
    from brightspot.locations.model import live_sources

    monkeypatch.setenv("LIVE_OVERPASS_ENABLED", "true")
    live_sources.cache_clear()
    shared_cache().put("live-overpass", "k", b"told", 60.0, since=None)
    _, since = shared_cache().get("live-overpass", "absent")
    shared_cache().put("live-overpass", "k", b"told", 60.0, since=since)
    told = call("cache", "GET", STATS).json["namespaces"]
    assert {name: each["cached_items"] for name, each in told.items()} == {
        "analysis": 0,
        "search": 0,
        "values": 0,
        "live-overpass": 1,
    }
    assert call("cache", "POST", CLEAR, {"namespace": "live-overpass"}, headers=admin).json["count"] == 1
    live_sources.cache_clear()


@pytest.mark.usefixtures("shared")
def test_a_clear_by_tag_takes_the_analyses_of_a_place_and_leaves_the_others(call, analyze, admin):
    analyze("55901", "55101", "10001")
    cleared = call("cache", "POST", CLEAR, {"tag": "state:MN"}, headers=admin)
    assert (cleared.status, cleared.json) == (200, {"message": "Cleared 2 cache entries", "count": 2})
    assert call("cache", "POST", CLEAR, {"tag": "zip:10002", "namespace": "analysis"}, headers=admin).json["count"] == 0
    assert analyze("55901", "55101", "10001") == [False, False, True]
    assert call("cache", "POST", CLEAR, {"tag": "zip:55901"}, headers=admin).json["count"] == 1
    assert call("cache", "POST", CLEAR, headers=admin).json["count"] == 2


@pytest.mark.usefixtures("shared")
def test_what_the_command_line_and_batches_keep_has_tags_too(call, admin):
    from brightspot import locations

    locations.shared_answers().answer(locations.AnalyzeRequest("55901"))
    assert call("cache", "POST", CLEAR, {"tag": "zip:55901"}, headers=admin).json["count"] == 1


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize(
    ("body", "field", "advice"),
    [
        ({"namespace": "books"}, "namespace", "send one of analysis"),
        ({"tag": "MN"}, "tag", "state:MN or zip:55901"),
        ({"tag": "zip:5590 =x"}, "tag", "state:MN or zip:55901"),
        ({"tag": ""}, "tag", "state:MN or zip:55901"),
        ({"tags": ["state:MN"]}, "tags", "unknown field"),
        ({"tag": 55901}, "tag", "send a string"),
    ],
)
def test_what_cannot_be_cleared_is_refused_and_said(call, analyze, admin, body, field, advice):
    analyze("55901")
    refused = call("cache", "POST", CLEAR, body, headers=admin)
    assert (refused.status, refused.json["errors"][0]["field"]) == (422, field)
    assert advice in refused.json["errors"][0]["message"]
    assert analyze("55901") == [True]


@pytest.mark.usefixtures("shared")
def test_with_caching_switched_off_nothing_is_kept_anywhere(call, analyze, monkeypatch):
    monkeypatch.setenv("ENTERPRISE_CACHE_ENABLED", "false")
    assert analyze("55901", "55901") == [False, False]
    assert call("cache", "GET", STATS).json["cached_items"] == 0
    call("cached_values", "PUT", "/api/v2/cache/k", {"value": 1})
    assert call("cached_values", "GET", "/api/v2/cache/k").status == 404
