"""Streams of events under `make dev`: one connection goes on, and the system ends although somebody listens."""

import json

import httpx
import pytest

STREAMS = ["/api/v1/monitoring/performance/realtime", "/api/v2/analytics/metrics/stream"]


def events(answer):
    """(type, id or None, data), as they come."""
    fields = {}
    for line in answer.iter_lines():
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "data" in fields:
            yield fields["event"], fields.get("id"), json.loads(fields["data"])
            fields = {}


@pytest.mark.parametrize("path", STREAMS)
def test_a_stream_goes_on_and_tells_no_minute_twice(system, path):
    with httpx.stream("GET", system.url + path, timeout=30) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        seen = events(answer)
        told = [next(seen) for _ in range(4)]  # the answers of three calls at least
    minutes = [int(number) for kind, number, _ in told if kind == "minute"]
    assert minutes == sorted(set(minutes))
    assert len(minutes) >= 1
    assert [kind for kind, *_ in told].count("now") >= 2


def test_requests_are_seen_in_the_running_minute(system):
    with httpx.stream("GET", system.url + STREAMS[0], timeout=30) as answer:
        seen = events(answer)
        httpx.post(system.url + "/api/v1/analyze", json={"address": "Winona, MN 55987"}, timeout=30)
        asked = (told for kind, _, told in seen if "POST /api/v1/analyze" in told["routes"])
        assert next(asked)["requests"] > 0


def test_whoever_comes_back_gets_what_came_after_its_last_event(system):
    with httpx.stream("GET", system.url + STREAMS[0], timeout=30) as answer:
        newest = next(int(number) for kind, number, _ in events(answer) if kind == "minute")
    with httpx.stream("GET", system.url + STREAMS[0], headers={"last-event-id": str(newest - 3)}, timeout=30) as answer:
        seen = events(answer)
        assert [int(next(seen)[1]) for _ in range(3)] == [newest - 2, newest - 1, newest]


def test_it_ends_although_somebody_listens(own_system):
    with httpx.stream("GET", own_system.url + STREAMS[0], timeout=30) as answer:
        seen = events(answer)
        next(seen)
        assert own_system.stop() == 0
