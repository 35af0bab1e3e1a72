"""Spans as the X-Ray daemon of Lambda receives them: over UDP, in Lambda's own trace."""

import json
import socket
import subprocess
import sys

import pytest
from aws_xray_sdk.core import xray_recorder

from tests.integration.batches.conftest import ZIPS

LAMBDAS = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1;Lineage=1:a87bd80c:0"
TRACE, PARENT = "1-5759e988-bd862e3fe1be46a994272793", "53995c3f42cd8ad8"


@pytest.fixture
def daemon(monkeypatch):
    """`daemon()`: the documents that arrived."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(0.5)
        address = f"127.0.0.1:{listening.getsockname()[1]}"
        for name, value in {
            "TRACING": "xray", "LAMBDA_TASK_ROOT": "/var/task", "_X_AMZN_TRACE_ID": LAMBDAS,
            "AWS_XRAY_DAEMON_ADDRESS": address,
        }.items():  # fmt: skip
            monkeypatch.setenv(name, value)
        xray_recorder.emitter.set_daemon_address(address)  # as in a process that began with this environment

        def received():
            found = []
            while True:
                try:
                    header, _, document = listening.recv(65_536).partition(b"\n")
                except TimeoutError:
                    return found
                assert json.loads(header) == {"format": "json", "version": 1}
                found.append(json.loads(document))

        yield received


def test_a_request_is_subsegments_below_lambdas_own_segment(daemon, call):
    assert call("analyze", "POST", "/api/v1/analyze", {"address": "55901"}).status == 200
    told = daemon()
    request = next(each for each in told if each["name"] == "POST /api/v1/analyze")
    assert (request["type"], request["trace_id"], request["parent_id"]) == ("subsegment", TRACE, PARENT)
    assert request["annotations"] == {"served": "computed", "http_response_status_code": 200}
    below = next(each for each in told if each["name"] == "analyze")
    collectors = [each for each in told if each["name"].startswith("collector ")]
    assert below["parent_id"] == request["id"]
    assert {each["parent_id"] for each in collectors} == {below["id"]}
    assert {each["trace_id"] for each in told} == {TRACE}
    assert all(each["start_time"] <= each["end_time"] for each in told)


def test_a_worker_goes_on_with_the_trace_of_its_message_and_not_with_its_own(daemon, submit, work, monkeypatch):
    submit(ZIPS[:1], traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    monkeypatch.setenv("_X_AMZN_TRACE_ID", LAMBDAS.replace("5759e988", "5759e999"))
    assert work() == set()
    told = daemon()
    sending = next(each for each in told if each["name"] == "send brightspot-local-batch")
    handled = next(each for each in told if each["name"] == "process queue")
    assert (handled["trace_id"], handled["parent_id"]) == (TRACE, sending["id"])
    assert sending["namespace"] == "remote"


def test_what_lambda_does_not_record_is_not_recorded_here(daemon, call, monkeypatch):
    monkeypatch.setenv("_X_AMZN_TRACE_ID", LAMBDAS.replace("Sampled=1", "Sampled=0"))
    call("analyze", "POST", "/api/v1/analyze", {"address": "55901"})
    assert daemon() == []


def test_an_error_is_a_fault_with_its_class(daemon, call, monkeypatch):
    from brightspot.locations import service

    def compute(*_):
        raise RuntimeError("of 1216 2nd St SW")

    monkeypatch.setattr(service(), "_compute", compute)
    assert call("analyze", "POST", "/api/v1/analyze", {"address": "55901"}).status == 500
    told = {each["name"]: each for each in daemon()}
    assert told["analyze"]["fault"] is True
    assert told["analyze"]["annotations"]["error_class"] == "internal"
    assert "2nd St" not in json.dumps(told)


CODE = """
import sys
from brightspot.telemetry import configure_tracing, entry_span, flush_spans, request_context
configure_tracing()
heavy = {"aws_lambda_powertools", "aws_xray_sdk", "urllib3", "botocore", "brightspot.telemetry.otlp"}
before = sorted(heavy & set(sys.modules))
with request_context("a"), entry_span("work", "server"):
    pass
flush_spans()
print(before, sorted({"aws_xray_sdk", "urllib3"} & set(sys.modules)))
"""


@pytest.mark.parametrize(
    ("environment", "loaded"),
    [
        ({}, "[] []"),
        ({"TRACING": "off", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}, "[] []"),
        ({"TELEMETRY_ENABLED": "false", "JAEGER_ENDPOINT": "http://127.0.0.1:9"}, "[] []"),
        ({"TRACING": "xray", "_X_AMZN_TRACE_ID": LAMBDAS.replace("Sampled=1", "Sampled=0")}, "[] []"),
        ({"TRACING": "xray", "_X_AMZN_TRACE_ID": LAMBDAS}, "[] ['aws_xray_sdk', 'urllib3']"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}, "['brightspot.telemetry.otlp'] ['urllib3']"),
    ],
    ids=["unset", "off", "switched off", "not sampled", "xray", "otel"],
)
def test_what_spans_are_written_with_is_loaded_by_the_first_one(environment, loaded):
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        env={"PATH": "", **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == loaded
