"""/api/v1/monitoring/alerts: readers see what fires, administrators silence and acknowledge it, on record."""

import pytest

from brightspot.operations.alerting.shelves import shared_shelf
from tests.unit.operations.alerting.board import World

ALERTS = "/api/v1/monitoring/alerts"


@pytest.fixture
def world():
    """A watch over the board that the function reads: this process's own."""
    return World(shelf=shared_shelf())


def test_nothing_is_known_before_somebody_evaluates_and_that_is_said(call):
    told = call("alerts", "GET", ALERTS)
    assert (told.status, told.headers["cache-control"]) == (200, "no-store")
    assert (told.json["evaluated_at"], told.json["alerts"], told.json["counts"]["firing"]) == (None, [], 0)
    assert "nobody has evaluated the rules yet" in told.json["recommendations"][0]
    states = {each["state"] for each in call("alerts", "GET", f"{ALERTS}/rules").json["rules"]}
    assert states == {"unknown"}


def test_alerts_are_listed_with_what_was_found_and_what_to_do(call, world):
    for _ in range(2):
        world.minute((0, 1), errors=3)
    told = call("alerts", "GET", ALERTS).json
    page, ticket = sorted(told["alerts"], key=lambda each: each["severity"])
    assert (page["rule"], page["state"], page["value"], page["bound"]) == ("not-healthy", "firing", 0.0, 1.0)
    assert page["reason"] == "0 is below 1"
    assert [each["channel"] for each in page["notified"]] == ["webhook"]
    assert (page["silenced_until"], page["acknowledged_at"], page["resolved_at"]) == (None, None, None)
    assert ticket["value"] == 3.0
    assert told["counts"] == {"firing": 2, "pending": 0, "resolved": 0, "silenced": 0, "unknown_rules": 0}
    assert told["channels"] == ["webhook", "escalation-webhook"]
    assert any(each.startswith("not-healthy: GET /api/v1/monitoring/health") for each in told["recommendations"])
    assert call("alerts", "GET", ALERTS, query="state=resolved").json["alerts"] == []
    assert call("alerts", "GET", ALERTS, query="state=inactive").status == 422
    rules = {each["name"]: each for each in call("alerts", "GET", f"{ALERTS}/rules").json["rules"]}
    assert rules["not-healthy"]["state"] == "firing"
    assert rules["breaker-open"]["condition"] == "`breaker_open_seconds` above 300 in a minute"


def test_administrators_silence_and_readers_see_it(call, world, admin):
    body = {"rule": "not-healthy", "minutes": 60, "reason": "a rebuild"}
    made = call("alerts", "POST", f"{ALERTS}/silences", body, headers=admin)
    assert (made.status, made.json["rule"], made.json["reason"]) == (201, "not-healthy", "a rebuild")
    assert made.json["by"]
    assert call("alerts", "GET", f"{ALERTS}/silences").json == {"count": 1, "silences": [made.json]}
    path = f"{ALERTS}/silences/{made.json['id']}"
    route = f"DELETE {ALERTS}/silences/{{id}}"
    assert call("alerts", "DELETE", path, headers=admin, route=route).json == {"ended": made.json["id"]}
    assert call("alerts", "DELETE", path, headers=admin, route=route).status == 404
    assert call("alerts", "GET", f"{ALERTS}/silences").json["count"] == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"rule": "nonsense", "minutes": 5, "reason": "a"}, "rule"),
        ({"minutes": 0, "reason": "a"}, "minutes"),
        ({"minutes": 43_201, "reason": "a"}, "minutes"),
        ({"minutes": 5, "reason": " "}, "reason"),
        ({"minutes": 5, "reason": "a\nb"}, "reason"),
        ({"minutes": 5, "reason": "a" * 201}, "reason"),
        ({"minutes": 5, "reason": "a", "until": "noon"}, "until"),
        ({"reason": "a"}, "minutes"),
    ],
)
def test_what_cannot_be_silenced_is_refused_by_the_field(call, admin, body, field):
    refused = call("alerts", "POST", f"{ALERTS}/silences", body, headers=admin)
    assert (refused.status, field in refused.json["errors"][0]["field"]) == (422, True)


def test_there_is_an_end_to_silences(call, admin):
    body = {"minutes": 5, "reason": "again and again"}
    answers = [call("alerts", "POST", f"{ALERTS}/silences", body, headers=admin).status for _ in range(51)]
    assert answers == [201] * 50 + [422]


def test_an_alert_is_acknowledged_once_and_only_while_it_is_there(call, world, admin):
    for _ in range(2):
        world.minute((0, 1))
    (alert,) = call("alerts", "GET", ALERTS).json["alerts"]
    path, route = f"{ALERTS}/{alert['id']}/acknowledge", f"POST {ALERTS}/{{id}}/acknowledge"
    known = call("alerts", "POST", path, headers=admin, route=route)
    assert (known.status, known.json["id"]) == (200, alert["id"])
    assert known.json["acknowledged_at"] is not None
    assert call("alerts", "POST", path, headers=admin, route=route).json == known.json
    gone = f"{ALERTS}/nobody/acknowledge"
    assert call("alerts", "POST", gone, headers=admin, route=route).status == 404
    assert call("alerts", "POST", path, route=route).status == 401


def test_what_administrators_do_is_in_the_audit_log(call, admin):
    made = call("alerts", "POST", f"{ALERTS}/silences", {"minutes": 5, "reason": "a rebuild"}, headers=admin).json
    call("alerts", "DELETE", f"{ALERTS}/silences/{made['id']}", headers=admin, route=f"DELETE {ALERTS}/silences/{{id}}")
    call("alerts", "POST", f"{ALERTS}/nobody/acknowledge", headers=admin, route=f"POST {ALERTS}/{{id}}/acknowledge")
    entries = call("audit", "GET", "/api/v1/audit", headers=admin).json["entries"]
    told = [(each["event"]["action"], each["event"]["target"], each["event"]["outcome"]) for each in reversed(entries)]
    assert told == [
        ("alert.silence", "all", "done"),
        ("alert.unsilence", made["id"], "done"),
        ("alert.acknowledge", "nobody", "refused"),
    ]


def test_the_index_of_monitoring_names_it(call):
    assert ALERTS in call("monitoring", "GET", "/api/v1/monitoring").json["paths"]
