"""Live figures: whoever comes back with the last event's id gets each minute once, in order, and none is left out."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brightspot.core.errors import InputRefused
from brightspot.operations.live import live_metrics, live_performance
from brightspot.telemetry import Ledger

SERVED = ("HttpRequests", "GET /health", "200")
FAILED = ("HttpRequests", "GET /health", "503")
TOOK = ("RequestDuration", "GET /health", "computed")
START = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
FIRST = int(START.timestamp()) // 60


class Clock:
    def __init__(self):
        self.time = START

    def now(self):
        return self.time

    def monotonic(self):
        return self.time.timestamp()

    def pass_by(self, **span):
        self.time += timedelta(**span)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def ledger(clock):
    return Ledger(None, clock)


def events(told):
    """As a browser reads them: (type, id or None, data)."""
    found = []
    for block in told.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines())
        if "data" in fields:
            number = int(fields["id"]) if "id" in fields else None
            found.append((fields["event"], number, json.loads(fields["data"])))
    return found


def numbers(told):
    return [number - FIRST for kind, number, _ in events(told) if kind == "minute"]


def test_it_says_when_to_come_back_before_all_else(ledger, clock):
    assert live_performance(None, ledger, clock).startswith(b"retry: 5000\n\n")


def test_a_minute_comes_when_it_is_over_and_had_time_to_be_told(ledger, clock):
    assert numbers(live_performance(None, ledger, clock)) == [-2]
    clock.pass_by(seconds=9)
    assert numbers(live_performance(None, ledger, clock)) == [-2]
    clock.pass_by(seconds=1)
    assert numbers(live_performance(None, ledger, clock)) == [-1]


def test_a_minute_tells_how_requests_and_operations_did_in_it(ledger, clock):
    ledger.count(SERVED, 3)
    ledger.count(FAILED, 1)
    ledger.observe(TOOK, 0.2)
    ledger.observe(("OperationDuration", "analyze"), 0.5)
    ledger.count(("OperationErrors", "analyze", "internal"), 2)
    clock.pass_by(seconds=75)
    ((kind, number, told), _) = events(live_performance(None, ledger, clock))
    assert (kind, number, told["at"]) == ("minute", FIRST, "2026-11-27T09:30:00Z")
    assert (told["scope"], told["requests"], told["error_rate"]) == ("this process", 4, 0.25)
    assert told["computed"]["p95_ms"] == pytest.approx(200, rel=0.01)
    assert told["cached"] == {"count": 0, "mean_ms": None, "p50_ms": None, "p95_ms": None, "p99_ms": None}
    assert list(told["routes"]) == ["GET /health"]
    assert (told["operations"]["analyze"]["count"], told["operation_errors"]) == (1, 2)


def test_the_running_minute_is_told_without_an_id_until_it_is_one_of_those(ledger, clock):
    ledger.count(SERVED, 5)
    clock.pass_by(seconds=65)
    ledger.count(SERVED, 2)
    (*_, (kind, number, told)) = events(live_performance(None, ledger, clock))
    assert (kind, number, told["at"], told["requests"]) == ("now", None, "2026-11-27T09:30:00Z", 7)


def test_counters_are_told_by_what_they_grew_by(ledger, clock):
    ledger.count(SERVED, 3)
    ledger.count(("AuditUnrecorded",), 1)
    clock.pass_by(seconds=75)
    ledger.count(SERVED, 4)
    ((_, _, minute), (_, _, now)) = events(live_metrics(None, ledger, clock))
    served = {"labels": {"route": "GET /health", "status": "200"}}
    assert minute["counters"] == {
        "audit_unrecorded_total": [{"labels": {}, "grew": 1}],
        "http_requests_total": [{**served, "grew": 3}],
    }
    assert now["counters"] == {"http_requests_total": [{**served, "grew": 4}]}


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 400), min_size=1, max_size=40))
def test_whoever_comes_back_again_and_again_gets_every_minute_once(pauses):
    clock = Clock()
    ledger, last, seen = Ledger(None, clock), None, []
    for seconds in pauses:
        told = live_performance(last, ledger, clock)
        seen += numbers(told)
        last = str(FIRST + seen[-1])
        clock.pass_by(seconds=seconds)
    assert seen == list(range(seen[0], seen[-1] + 1))


def test_what_is_too_long_ago_is_told_as_missed_and_the_rest_follows(ledger, clock):
    clock.pass_by(seconds=30)
    missed, *rest = events(live_performance(str(FIRST - 500), ledger, clock))
    assert (missed[0], missed[1]) == ("missed", None)
    assert missed[2] == {"first": "2026-11-27T01:11:00Z", "last": "2026-11-27T07:31:00Z"}
    assert [number - FIRST for kind, number, _ in rest if kind == "minute"] == list(range(-118, 0))


def test_an_event_that_another_instance_told_a_moment_before_us_is_not_told_again(ledger, clock):
    assert numbers(live_performance(str(FIRST + 3), ledger, clock)) == []


@pytest.mark.parametrize("sent", ["newest", "-3", "1.5", "٣", "9" * 12])
def test_an_id_that_is_none_of_ours_is_refused(ledger, clock, sent):
    with pytest.raises(InputRefused) as refused:
        live_performance(sent, ledger, clock)
    assert refused.value.field == "Last-Event-ID"
