"""GET /api/v1/circuit-breakers and its reset, over what an analysis reported."""

import json

import pytest

from brightspot import operations
from brightspot.core.errors import BrightspotError
from brightspot.core.kinds import kind_of
from brightspot.locations.collectors.embedded import EconomyCollector
from brightspot.locations.dataset.points import COLLECTORS
from brightspot.resilience import CircuitOpenError
from brightspot.resilience.timeouts import OperationTimeout

ANALYZE, STATES, RESET = "/api/v1/analyze", "/api/v1/circuit-breakers", "/api/v1/circuit-breakers/reset"
ZIPS = ("55901", "55101", "55802", "10001", "60601", "94103")


@pytest.fixture(autouse=True)
def _shared(monkeypatch, valkey_url):
    monkeypatch.setenv("REDIS_URL", valkey_url)


@pytest.fixture
def broken_economy(monkeypatch):
    def fail(self, site, deadline):
        raise OSError("down")

    monkeypatch.setattr(EconomyCollector, "collect", fail)


def test_there_is_a_breaker_per_collector_before_anything_was_asked(call):
    states = call("circuit_breakers", "GET", STATES).json
    assert set(states) == set(COLLECTORS)
    assert {state["state"] for state in states.values()} == {"closed"}


def test_an_analysis_counts_as_one_success_of_each_collector(call):
    call("analyze", "POST", ANALYZE, {"address": "55901"})
    states = call("circuit_breakers", "GET", STATES).json
    assert {name: state["success_count"] for name, state in states.items()} == dict.fromkeys(COLLECTORS, 1)
    assert set(states["economy"]) == {"name", "state", "failure_count", "success_count", "seconds_in_state"}


@pytest.mark.usefixtures("broken_economy")
def test_a_collector_that_fails_five_times_is_left_alone_and_the_admin_lets_it_try_again(call, admin):
    for code in ZIPS:
        answer = call("analyze", "POST", ANALYZE, {"address": code})
        assert answer.status == 200
    reasons = {each["point"]: each["reason"] for each in answer.json["missing"]}
    assert reasons["median_household_income"].startswith("economy circuit is OPEN. Retry in ")
    assert call("circuit_breakers", "GET", STATES).json["economy"]["state"] == "open"
    assert call("circuit_breakers", "POST", RESET, {"name": "economy"}).status == 401
    done = call("circuit_breakers", "POST", RESET, {"name": "economy"}, headers=admin)
    assert (done.status, done.json["reset"]) == (200, ["economy"])
    assert call("circuit_breakers", "GET", STATES).json["economy"]["state"] == "closed"


@pytest.mark.usefixtures("broken_economy")
def test_without_a_name_all_that_were_used_are_closed_and_nothing_is_remembered(call, admin):
    for code in ZIPS:
        call("analyze", "POST", ANALYZE, {"address": code})
    done = call("circuit_breakers", "POST", RESET, headers=admin)
    assert (done.status, done.json) == (
        200,
        {"message": f"Reset {len(COLLECTORS)} circuit breakers", "reset": sorted(COLLECTORS)},
    )
    states = call("circuit_breakers", "GET", STATES).json
    assert {(each["state"], each["failure_count"], each["success_count"]) for each in states.values()} == {
        ("closed", 0, 0)
    }


@pytest.mark.usefixtures("broken_economy")
def test_a_transition_is_told_in_the_log_and_as_a_figure(call, capsys, monkeypatch):
    monkeypatch.setenv("METRICS_STACK", "brightspot-test")
    for code in ZIPS:
        call("analyze", "POST", ANALYZE, {"address": code}, anew=code == ZIPS[0])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    (logged,) = [each for each in lines if each.get("state_after") == "open"]
    assert (logged["message"], logged["level"]) == ("economy: CLOSED → OPEN (threshold reached)", "WARNING")
    (figure,) = [each for each in lines if "BreakerTransitions" in each]
    assert (figure["BreakerTransitions"], figure["Breaker"], figure["State"]) == ([1], "economy", "open")


def test_a_name_that_no_breaker_has_is_a_422(call, admin):
    answer = call("circuit_breakers", "POST", RESET, {"name": "weather"}, headers=admin)
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "name")
    assert call("circuit_breakers", "POST", RESET, {"name": "a b{}"}, headers=admin).status == 422


def test_the_admin_holds_one_open_for_a_while_and_closes_it_again(call, admin):
    held = call("circuit_breakers", "POST", f"{STATES}/open", {"name": "economy", "seconds": 90}, headers=admin)
    assert (held.status, held.json["name"], held.json["state"]) == (200, "economy", "open")
    told = call("analyze", "POST", ANALYZE, {"address": "55901"}).json
    reasons = {each["point"]: each["reason"] for each in told["missing"]}
    assert reasons["median_household_income"].startswith("economy circuit is OPEN. Retry in ")
    closed = call("circuit_breakers", "POST", f"{STATES}/close", {"name": "economy"}, headers=admin)
    assert (closed.status, closed.json["state"], closed.json["failure_count"]) == (200, "closed", 0)


@pytest.mark.parametrize(
    ("body", "field"), [({"name": "weather"}, "name"), ({"name": "economy", "seconds": 43_201}, "seconds")]
)
def test_what_cannot_be_held_open_is_a_422(call, admin, body, field):
    answer = call("circuit_breakers", "POST", f"{STATES}/open", body, headers=admin)
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, field)
    assert call("circuit_breakers", "POST", f"{STATES}/open", body).status == 401


@pytest.mark.parametrize(
    ("error", "status", "seconds"),
    [(CircuitOpenError("economy", "open", 45.2), 503, "46"), (OperationTimeout("geocode", 0.8), 504, "5")],
)
def test_a_call_that_was_not_made_or_not_answered_says_when_to_come_back(call, monkeypatch, error, status, seconds):
    answer = failing(call, monkeypatch, error)
    assert (answer.status, answer.headers["retry-after"], answer.json["detail"]) == (status, seconds, str(error))
    assert answer.json["error_class"] == kind_of(error).name


def test_an_error_that_time_does_not_heal_is_ours_and_tells_nothing_of_the_inside(call, monkeypatch):
    answer = failing(call, monkeypatch, BrightspotError("inside"))
    assert (answer.status, answer.json["error_class"]) == (500, "internal")
    assert "inside" not in answer.text


def failing(call, monkeypatch, error):
    def fail():
        raise error

    monkeypatch.setattr(operations, "breaker_states", fail)
    return call("circuit_breakers", "GET", STATES)
