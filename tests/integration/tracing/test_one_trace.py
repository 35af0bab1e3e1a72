"""One trace through the API, the queue, its worker and the collectors, as the collector of spans receives it."""

import json

import pytest

from brightspot.locations import service
from tests.integration.batches.conftest import ZIPS

TRACE_ID, CALLER = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
SENT = f"00-{TRACE_ID}-{CALLER}-01"
SERVER, CLIENT, PRODUCER, CONSUMER = 2, 3, 4, 5


@pytest.fixture
def live(monkeypatch, provider):
    """The collectors ask one live source."""
    for name, value in {"ENABLED": "true", "URL": f"{provider.url}/usgs", "TIMEOUT_SECONDS": "10"}.items():
        monkeypatch.setenv(f"LIVE_USGS_{name}", value)
    monkeypatch.setenv("LIVE_CONTACT", "ops@example.org")
    service.cache_clear()
    return provider


def test_one_trace_leads_from_the_caller_through_queue_and_worker_to_a_provider(
    traced, live, submit, work, receiver, environment
):
    told = submit(ZIPS[:2], traceparent=SENT, tracestate="vendor=1")
    assert told.status == 202
    (message, _) = environment.received()
    assert work() == set()
    assert {each.trace_id for each in receiver.spans} == {TRACE_ID}
    assert {each.state for each in receiver.spans} == {"vendor=1"}

    request = receiver.one("POST /api/v1/analyze/batch")
    assert (request.parent_id, request.kind) == (CALLER, SERVER)
    assert request.attributes == {"served": "computed", "http.response.status_code": "202"}
    sending = receiver.one("send brightspot-local-batch")
    assert (receiver.path(sending), sending.kind) == ([sending.name, request.name], PRODUCER)
    assert json.loads(message["Body"])["traceparent"] == f"00-{TRACE_ID}-{sending.span_id}-01"
    assert json.loads(message["Body"])["tracestate"] == "vendor=1"

    first, second = receiver.named("process queue")
    assert {first.parent_id, second.parent_id} == {sending.span_id}
    assert {first.kind, second.kind} == {CONSUMER}
    calls = receiver.named("GET 127.0.0.1")
    assert {asked.headers["traceparent"] for asked in live.of("usgs")} == {
        f"00-{TRACE_ID}-{each.span_id}-01" for each in calls
    }
    for each in calls:
        assert each.kind == CLIENT
        assert receiver.path(each) == [
            each.name, "live source usgs", "analyze", "process queue", sending.name, request.name,
        ]  # fmt: skip
    collectors = receiver.named("collector safety")
    assert [receiver.path(each)[1:4] for each in collectors] == [["analyze", "process queue", sending.name]] * 2
    assert {each.attributes["table"] for each in receiver.named("DynamoDB.PutItem")} == {
        "brightspot-local-analyses", "brightspot-local-batches",
    }  # fmt: skip
    assert all(each.started <= each.ended for each in receiver.spans)
    assert {each.service for each in receiver.spans} == {"brightspot"}


def test_a_trace_that_its_caller_does_not_record_is_recorded_nowhere(traced, submit, work, receiver, environment):
    submit(ZIPS[:1], traceparent=SENT.removesuffix("01") + "00")
    (message,) = environment.received()
    assert json.loads(message["Body"])["traceparent"] == SENT.removesuffix("01") + "00"
    work()
    assert receiver.requests == []


@pytest.mark.parametrize(("ratio", "traces"), [("1", 1), ("0", 0)])
def test_a_trace_that_begins_here_is_recorded_by_the_ratio_and_its_first_span_has_no_parent(
    traced, submit, work, receiver, ratio, traces
):
    traced.setenv("TELEMETRY_SAMPLE_RATE", ratio)
    submit(ZIPS[:1])
    work()
    assert len({each.trace_id for each in receiver.spans}) == traces
    assert [each.parent_id for each in receiver.named("POST /api/v1/analyze/batch")] == [None] * traces
    assert [len(receiver.path(each)) for each in receiver.named("process queue")] == [3] * traces


@pytest.mark.parametrize(
    "sent",
    [f"00-{'0' * 32}-{CALLER}-01", f"00-{TRACE_ID}-{'0' * 16}-01", f"ff-{TRACE_ID}-{CALLER}-01", SENT.upper(), "00"],
)
def test_a_trace_context_that_is_none_begins_a_new_trace(traced, call, receiver, sent):
    call("analyze", "POST", "/api/v1/analyze", {"address": "55901"}, headers={"traceparent": sent})
    request = receiver.one("POST /api/v1/analyze")
    assert request.trace_id not in {TRACE_ID, "0" * 32}
    assert request.parent_id is None


def test_a_cached_answer_is_one_request_to_the_collector_with_what_the_gate_did(traced, shared, call, receiver):
    for _ in range(2):
        call("analyze", "POST", "/api/v1/analyze", {"address": "55901"}, headers={"traceparent": SENT})
    assert len(receiver.requests) == 2
    (found,) = [each for each in receiver.named("cache lookup") if each.attributes.get("hit") is True]
    request = receiver.named("POST /api/v1/analyze")[1]
    assert request.attributes["served"] == "cached"
    assert [each.name for each in receiver.spans if each.parent_id == request.span_id] == ["gate trip", "cache lookup"]
    assert receiver.path(found) == ["cache lookup", "POST /api/v1/analyze"]


def test_no_span_tells_an_address_a_path_or_a_secret(traced, call, receiver):
    secret = "bs_01JCZ3N8Q4R7Y2K5H8N0CXXXXX" + "a" * 50
    call("analyze", "POST", "/api/v1/analyze", {"address": "1216 2nd St SW, Rochester, MN 55902"})
    call("history", "GET", "/api/v1/history/Rochester, MN 55901", route="GET /api/v1/history/{address+}")
    call(
        "search", "POST", "/api/v1/search", {"state": "MN"}, headers={"traceparent": SENT, "tracestate": f"a={secret}"}
    )
    sent = b"".join(body for _, _, body in receiver.requests)
    assert b"GET /api/v1/history/{address+}" in sent
    for told in (b"Rochester", b"2nd St", b"55901", b"55902", secret.encode()):
        assert told not in sent


def test_what_fails_tells_its_class_and_not_its_text(traced, submit, work, receiver, monkeypatch):
    def compute(*_):
        raise RuntimeError("of 1216 2nd St SW")

    monkeypatch.setattr(service(), "_compute", compute)
    submit(ZIPS[:1], traceparent=SENT)
    assert len(work()) == 1
    failed = {each.name: each.attributes["error.type"] for each in receiver.spans if each.failed}
    assert failed == {"process queue": "internal", "analyze": "internal"}
    assert not any(b"2nd St" in body for _, _, body in receiver.requests)


def test_a_run_of_a_schedule_begins_a_trace(traced, receiver):
    from brightspot.store import schedule_entry

    schedule_entry("sweep", lambda _: {"swept": 1})({"task": "sweep"}, None)
    assert receiver.one("schedule sweep").parent_id is None
