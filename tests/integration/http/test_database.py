"""What the whole app asks of its tables is told over HTTP, of all instances, and there is nothing to mend."""

import pytest

from tests.integration.http.whole import Walker, signed_up

PERFORMANCE = "GET /api/v1/monitoring/database/performance"


@pytest.mark.usefixtures("world")
def test_what_every_function_asks_of_its_tables_is_told_and_nothing_is_blamed(call):
    walker = Walker(call)
    token, _, _ = signed_up(walker, "ada@queries.example")
    for number in range(12):
        body = {"address": "Rochester, MN 55901", "radius_miles": 1.0 + number}
        assert walker.ask("POST /api/v1/analyze", token, body=body).status == 200
    assert walker.ask("GET /api/v1/history", token, query="limit=10").json["count"] == 10
    told = walker.ask(PERFORMANCE, token, query="minutes=30").json
    assert (told["scope"], told["minutes"], told["findings"], told["recommendations"]) == ("all instances", 30, [], [])
    patterns = {(each["pattern"], each["table"], each["index"]): each for each in told["patterns"]}
    saved = patterns["history: save an analysis", "analyses", None]
    assert (saved["calls"], saved["calls_per_minute"], saved["timing"]["count"]) == (12, 0.4, 12)
    assert saved["item_sizes"]["largest_bytes"] > 1000
    listed = patterns["history: a page, newest first", "analyses", "recent"]
    assert listed["items_scanned"] == listed["items_returned"] >= 10
    assert ("accounts: add one", "accounts", None) in patterns
    assert "Rochester" not in str(told)
    assert "ada@queries.example" not in str(told)


def test_minutes_that_cannot_be_are_refused_and_whoever_may_not_read_is_told_nothing(call, monkeypatch):
    path = PERFORMANCE.partition(" ")[2]
    assert call("monitoring", "GET", path, query="minutes=121").json["errors"][0]["field"] == "minutes"
    told = call("monitoring", "GET", path).json
    assert (told["scope"], told["capacity_source"], told["capacity_missing"]) == (
        "this process",
        None,
        "there are no tables",
    )
    monkeypatch.setenv("AUTH_REQUIRED", "true")
    assert call("monitoring", "GET", path, anew=True).status == 401
