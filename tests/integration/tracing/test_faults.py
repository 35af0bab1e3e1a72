"""A collector that is away, slow or wrong costs no answer, and a bounded time once in 30 s."""

import json
import logging
import time
from io import StringIO

import pytest

from brightspot.telemetry import (
    SPANS_DROPPED,
    configure_logs,
    configure_tracing,
    entry_span,
    flush_spans,
    otlp,
    request_context,
    shared_ledger,
    span,
    spans,
)
from brightspot_local.services.process import free_port
from tests.conftest import HandClock
from tests.integration.tracing.receiver import dripping, dropped, hung, status

WAIT_MS = 100
MOST_SECONDS = 1.5  # what a busy machine may add to it


@pytest.fixture
def clock(traced, monkeypatch):
    """The clock that the exporter rests by."""
    made = HandClock()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", str(WAIT_MS))
    monkeypatch.setattr("brightspot.telemetry.tracing.SystemClock", lambda: made)
    return made


@pytest.fixture
def logs():
    stream = StringIO()
    configure_logs(stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def invoke(parts=1):
    """An invocation with so many spans besides its own; the seconds that flushing them took."""
    with request_context("request-1"), entry_span("work", "server"):
        for _ in range(parts):
            with span("part"):
                pass
    started = time.perf_counter()
    flush_spans()
    return time.perf_counter() - started


def dropped_by():
    """Spans that were dropped, by why, in this process."""
    totals = shared_ledger().totals([SPANS_DROPPED])
    return {series[1]: int(total) for series, total in totals.counters.items()}


FAULTS = {
    "refuses": (status(500), "refused"),
    "has too much to do": (status(429), "refused"),
    "redirects": (status(302), "refused"),
    "hangs": (hung, "timeout"),
    "drips": (dripping, "timeout"),
    "hangs up": (dropped, "unreachable"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_collector_that_fails_is_left_alone_for_30_seconds(clock, receiver, logs, fault):
    receiver.fault, reason = FAULTS[fault]
    configure_tracing()
    assert invoke() < WAIT_MS / 1000 + MOST_SECONDS
    assert len(receiver.requests) == 1
    clock.advance(seconds=29.9)
    assert invoke(parts=2) < MOST_SECONDS
    assert len(receiver.requests) == 1
    assert dropped_by() == {reason: 2, "resting": 3}
    (line,) = logs()
    assert (line["message"], line["reason"], line["spans"]) == ("spans_dropped", reason, 2)
    receiver.fault = None
    clock.advance(seconds=0.2)
    invoke()
    assert [each.name for each in receiver.spans] == ["part", "work"]
    assert dropped_by() == {reason: 2, "resting": 3}


def test_nobody_listening_costs_neither_answer_nor_status(clock, traced, call):
    traced.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{free_port()}")
    for _ in range(2):
        assert call("analyze", "POST", "/api/v1/analyze", {"address": "55901"}).status == 200
    assert set(dropped_by()) == {"unreachable", "resting"}


@pytest.mark.parametrize(
    "answer", [b"", b"{}", b"[1]", b"<html>", b"\xff", b'{"partialSuccess":{"rejectedSpans":"x"}}']
)
def test_an_answer_that_says_nothing_of_rejected_spans_is_a_success(clock, receiver, answer):
    receiver.fault = status(200, answer)
    configure_tracing()
    invoke()
    invoke()
    assert (len(receiver.requests), dropped_by()) == (2, {})


def test_spans_that_the_collector_rejects_are_counted_and_it_is_asked_again(clock, receiver):
    receiver.fault = status(200, b'{"partialSuccess":{"rejectedSpans":"1","errorMessage":"too old"}}')
    configure_tracing()
    invoke()
    invoke()
    assert (len(receiver.requests), dropped_by()) == (2, {"rejected": 2})


def test_one_invocation_holds_a_thousand_spans_and_counts_the_others(clock, receiver, monkeypatch):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "5000")
    configure_tracing()
    invoke(parts=spans._MOST_WAITING + 5)
    assert (len(receiver.spans), dropped_by()) == (spans._MOST_WAITING, {"too_many": 6})


def test_the_collectors_headers_are_sent_and_never_logged(clock, traced, receiver, caplog):
    traced.setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-team=ours, authorization=Bearer sesame")
    caplog.set_level(logging.DEBUG)
    configure_tracing()
    receiver.fault = status(403)
    invoke()
    ((path, headers, _),) = receiver.requests
    assert (path, headers["x-team"], headers["authorization"]) == ("/v1/traces", "ours", "Bearer sesame")
    assert "sesame" not in caplog.text + repr(otlp.Collector("http://x", {"a": "sesame"}, 1))
