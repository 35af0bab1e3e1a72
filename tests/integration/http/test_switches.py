"""Switches of whole parts: what is off is told at the start and is off, and what protects others stays on."""

import json
import logging

import pytest

from brightspot.core import settings as core_settings
from brightspot.resilience import CircuitOpenError, shared_breakers

ANALYZE = ("analyze", "POST", "/api/v1/analyze")
ATTACK = {"address": "<script>alert(1)</script>, Rochester, MN 55901"}
ASKED = {"address": "Rochester, MN 55901"}


@pytest.fixture
def said(capsys, monkeypatch):
    """Every event printed since the last time, by its name."""
    monkeypatch.setattr(core_settings, "_told_off", set())

    def read():
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
        return {each["message"]: each for each in lines if "message" in each}

    return read


def test_what_is_off_is_said_before_the_first_answer(call, monkeypatch, said):
    monkeypatch.setenv("ENTERPRISE_RESILIENCE_ENABLED", "false")
    call("health", "GET", "/health")
    assert said()["switched_off"]["setting"] == "ENTERPRISE_RESILIENCE_ENABLED=false"


def test_without_security_inputs_are_not_looked_at_and_all_else_holds(call, monkeypatch, said):
    monkeypatch.setenv("ENTERPRISE_SECURITY_ENABLED", "false")
    monkeypatch.setenv("INPUT_PROTECTION_BLOCK", "true")
    monkeypatch.setenv("AUTH_REQUIRED", "true")
    monkeypatch.setenv("RATE_LIMIT_ANALYZE", "2 per 1 minute")
    refused = call(*ANALYZE, ATTACK)
    assert (refused.status, refused.headers["x-frame-options"]) == (401, "DENY")
    assert "input_suspicious" not in said()
    assert call(*ANALYZE, {"address": "x" * 70_000}).status == 413
    assert call("cache", "POST", "/api/v1/cache/clear").status == 401
    assert [call(*ANALYZE, ASKED).status for _ in range(2)][-1] == 429


@pytest.mark.parametrize("store", [True, False])
def test_without_resilience_no_breaker_opens_by_itself_but_by_hand_one_does(monkeypatch, valkey_url, store):
    if store:
        monkeypatch.setenv("REDIS_URL", valkey_url)
    monkeypatch.setenv("ENTERPRISE_RESILIENCE_ENABLED", "false")
    monkeypatch.setenv("CIRCUIT_BREAKER_MIN_CALLS", "1")
    breakers = shared_breakers()
    breakers.configure("weather_api", failure_threshold=1)
    for _ in range(50):
        breakers.permit("weather_api")
        breakers.report(None, {"weather_api": "failed"})
    breakers.permit("weather_api")
    breakers.open("weather_api", 60)
    with pytest.raises(CircuitOpenError):
        breakers.permit("weather_api")


def test_without_monitoring_no_metrics_and_no_lines_of_requests_are_written(call, monkeypatch, said, capsys):
    monkeypatch.setenv("METRICS_STACK", "brightspot-test")
    monkeypatch.setenv("LOG_REQUESTS", "true")
    call(*ANALYZE, ASKED)
    assert "CloudWatchMetrics" in capsys.readouterr().out
    monkeypatch.setenv("ENTERPRISE_MONITORING_ENABLED", "false")
    call(*ANALYZE, ASKED, anew=True)
    out = capsys.readouterr().out
    assert ("CloudWatchMetrics" in out, "request_answered" in out, "switched_off" in out) == (False, False, True)


def test_without_monitoring_nothing_is_counted(call, monkeypatch, said, valkey_url):
    monkeypatch.setenv("REDIS_URL", valkey_url)
    monkeypatch.setenv("ENTERPRISE_MONITORING_ENABLED", "false")
    call(*ANALYZE, ASKED)
    assert "switched_off" in said()
    assert "http_requests_total{" not in call("monitoring", "GET", "/metrics").text
    monkeypatch.delenv("ENTERPRISE_MONITORING_ENABLED")
    call(*ANALYZE, ASKED, anew=True)
    assert "http_requests_total{" in call("monitoring", "GET", "/metrics").text


def test_without_warming_nothing_is_loaded_ahead(call, monkeypatch):
    monkeypatch.setenv("CACHE_WARMING_ENABLED", "false")
    refused = call("cached_values", "POST", "/api/v2/cache/warm", {"keys": ["best:MN"]})
    assert (refused.status, "CACHE_WARMING_ENABLED=false" in refused.json["detail"]) == (409, True)


def test_each_request_is_a_line_where_that_is_set(call, monkeypatch, said):
    call("health", "GET", "/health")
    assert "request_answered" not in said()
    monkeypatch.setenv("LOG_REQUESTS", "true")
    call("history", "GET", "/api/v1/history/nowhere", query="token=secret", anew=True)
    line = said()["request_answered"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/api/v1/history/nowhere", 422)
    assert line["ms"] >= 0
    assert "secret" not in json.dumps(line)
    assert logging.getLogger("brightspot").handlers


def test_two_names_of_the_limit_that_disagree_stop_the_start(call, monkeypatch):
    monkeypatch.setenv("MAX_REQUESTS_PER_MINUTE", "50")
    monkeypatch.setenv("RATE_LIMIT_MAX_REQUESTS", "20")
    with pytest.raises(core_settings.SettingsError, match=r"MAX_REQUESTS_PER_MINUTE=50 and RATE_LIMIT_MAX_REQUESTS=20"):
        call("docs", "GET", "/docs")
