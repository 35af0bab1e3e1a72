"""Maintenance: reads, cached answers and administration are served, all else is told when to come back."""

import pytest

from brightspot.resilience.maintenance import KEY
from brightspot.valkey.adapter import Valkey

ANALYZE, SWITCH = "/api/v1/analyze", "/api/v1/maintenance"
KNOWN, NEW = {"address": "Rochester, MN 55901"}, {"address": "Duluth, MN 55802"}


@pytest.fixture
def turn(call, admin):
    def switch(**body):
        return call("circuit_breakers", "PUT", SWITCH, body, headers=admin)

    return switch


def is_closed(answer, seconds="300"):
    told = (answer.status, answer.headers.get("retry-after"), answer.headers["content-type"])
    return told == (503, seconds, "application/problem+json")


@pytest.mark.usefixtures("shared")
def test_the_switch_closes_every_instance_at_once_but_for_reads_and_cached_answers(call, turn, forgetful):
    call("analyze", "POST", ANALYZE, KNOWN)
    assert turn(on=True, retry_after_seconds=120, reason="tables moved").json["set_by"] == "switch"
    forgetful()
    assert call("analyze", "POST", ANALYZE, KNOWN, anew=True).json["cached"] is True
    refused = call("analyze", "POST", ANALYZE, NEW)
    assert is_closed(refused, "120")
    assert refused.json["error"] == "Under maintenance"
    assert refused.json["detail"].startswith("closed for maintenance (tables moved); reads and cached answers")
    assert is_closed(call("batch", "POST", "/api/v1/analyze/batch", {"addresses": ["55901"]}), "120")
    assert is_closed(call("compare", "POST", "/api/v1/compare", {"addresses": ["55901", "55802"]}), "120")
    assert is_closed(call("search", "POST", "/api/v1/search", {"state": "MN"}), "120")
    assert call("history", "GET", "/api/v1/history").status == 200
    assert call("circuit_breakers", "GET", "/api/v1/circuit-breakers").status == 200


@pytest.mark.usefixtures("shared")
def test_administration_is_served_and_opens_the_service_again(call, turn, admin):
    turn(on=True)
    assert call("cache", "POST", "/api/v1/cache/clear", {}, headers=admin).status == 200
    assert is_closed(call("analyze", "POST", ANALYZE, NEW))
    assert turn(on=False).json["on"] is False
    assert call("analyze", "POST", ANALYZE, NEW).status == 200


@pytest.mark.usefixtures("shared")
def test_health_says_so_and_stays_200(call, turn):
    turn(on=True, reason="tables moved")
    health = call("health", "GET", "/health")
    assert (health.status, health.json["status"]) == (200, "maintenance")
    assert (health.json["maintenance"]["on"], health.json["maintenance"]["reason"]) == (True, "tables moved")


@pytest.mark.usefixtures("shared")
def test_with_names_only_those_functions_are_closed_and_the_service_is_degraded(call, turn):
    turn(on=True, functions=["batch"])
    assert is_closed(call("batch", "POST", "/api/v1/analyze/batch", {"addresses": ["55901"]}))
    assert call("analyze", "POST", ANALYZE, NEW).status == 200
    assert call("health", "GET", "/health").json["status"] == "degraded"


@pytest.mark.usefixtures("shared")
def test_it_costs_no_round_trip_of_its_own(call, turn, monkeypatch):
    call("analyze", "POST", ANALYZE, KNOWN)
    turn(on=True)
    trips, exchange = [], Valkey.exchange
    monkeypatch.setattr(Valkey, "exchange", lambda self, sent: trips.append(len(sent)) or exchange(self, sent))
    assert call("analyze", "POST", ANALYZE, KNOWN).status == 200
    assert is_closed(call("analyze", "POST", ANALYZE, NEW))
    assert len(trips) == 2


def test_the_setting_closes_without_a_store_and_the_switch_of_this_process_opens(call, turn, admin, monkeypatch):
    monkeypatch.setenv("MAINTENANCE_MODE", "true")
    monkeypatch.setenv("MAINTENANCE_RETRY_AFTER_SECONDS", "60")
    assert is_closed(call("analyze", "POST", ANALYZE, NEW), "60")
    turn(on=False)
    assert call("analyze", "POST", ANALYZE, NEW).status == 200
    assert call("circuit_breakers", "DELETE", SWITCH, headers=admin).json["set_by"] == "setting"
    assert is_closed(call("analyze", "POST", ANALYZE, {"address": "55101"}), "60")


@pytest.mark.parametrize("setting", [True, False])
def test_with_the_store_away_the_setting_holds_and_the_switch_says_that_it_cannot_be_used(
    call, turn, monkeypatch, setting
):
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("MAINTENANCE_MODE", str(setting))
    assert turn(on=True).status == 503
    assert is_closed(call("analyze", "POST", ANALYZE, NEW)) is setting
    assert call("circuit_breakers", "GET", SWITCH).json["on"] is setting


@pytest.mark.usefixtures("shared")
def test_a_switch_that_cannot_be_read_is_as_none(call, valkey, caplog):
    valkey.call("SET", KEY, b'{"on": 1}')
    assert call("analyze", "POST", ANALYZE, NEW).status == 200
    assert call("circuit_breakers", "GET", SWITCH).json["set_by"] == "setting"


def test_only_an_administrator_uses_the_switch(call):
    assert call("circuit_breakers", "PUT", SWITCH, {"on": True}).status == 401
    assert call("circuit_breakers", "DELETE", SWITCH).status == 401


def test_what_cannot_be_meant_is_a_422(turn):
    for body, field in (({}, "on"), ({"on": 1}, "on"), ({"on": True, "functions": ["B!"]}, "functions")):
        answer = turn(**body)
        assert (answer.status, answer.json["errors"][0]["field"]) == (422, field)
