"""DynamoDB throttles, hangs or is gone: no request fails, nothing is lost, nothing is written twice."""

import socket
import time
from contextlib import contextmanager
from dataclasses import replace
from threading import Thread

import botocore.client
import pytest
from botocore.exceptions import ClientError

from brightspot.core.codec import dumps, loads
from brightspot.locations.past.dynamo import DynamoHistory
from brightspot.store import TableUnavailable
from brightspot.telemetry import request_context
from tests.integration.history.conftest import PLACE

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def throttled(monkeypatch):
    """DynamoDB refuses every call until the context ends."""
    real = botocore.client.BaseClient._make_api_call

    @contextmanager
    def throttle():
        def refuse(self, operation, request):
            if self.meta.service_model.service_name == "dynamodb":
                raise ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, operation)
            return real(self, operation, request)

        with monkeypatch.context() as patched:
            patched.setattr(botocore.client.BaseClient, "_make_api_call", refuse)
            yield

    return throttle


@contextmanager
def listening(*, answers):
    """A port that takes connections and closes them at once, or holds them without a word; and how many it took."""
    taken = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def take():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                taken.append(connection)
                if answers == "closed":
                    connection.recv(65536)
                    connection.close()

        thread = Thread(target=take, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", taken
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)
        for connection in taken:
            connection.close()


def at(aws, clock, url, queue_url=None):
    settings = replace(aws.settings, dynamodb_url=url)
    return DynamoHistory(
        settings, clock, retention_days=90, queue_url=aws.queue_url if queue_url is None else queue_url
    )


def closed_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def test_a_throttled_write_becomes_a_message_and_the_worker_writes_it_once(
    history, aws, made, throttled, worker, events
):
    analysis = made()
    with throttled():
        history.record(analysis, PLACE)
    assert aws.rows() == []
    (message,) = aws.messages()
    assert worker(message["Body"]) == {"batchItemFailures": []}
    assert worker(message["Body"], attempt=2) == {"batchItemFailures": []}
    assert [row["id"]["S"] for row in aws.rows()] == [analysis.id]
    assert history.get(analysis.id) == analysis
    assert [each.id for each in history.of_place(PLACE, 10).results] == [analysis.id]
    told = [(level, message) for level, message, _ in events]
    assert told[:2] == [("WARNING", "Database save failed"), ("INFO", "analysis_deferred")]
    assert told.count(("INFO", "Saved analysis")) == 2


def test_a_message_carries_the_requests_ids_and_the_worker_goes_on_with_them(
    history, aws, made, throttled, worker, events
):
    analysis = made()
    with throttled(), request_context("request-0001", TRACE):
        history.record(analysis, PLACE)
    (message,) = aws.messages()
    body = loads(message["Body"])
    assert (body["schema_version"], body["key"]) == (1, analysis.id)
    assert (body["correlation_id"], body["traceparent"]) == ("request-0001", TRACE)


def test_a_table_that_is_gone_costs_a_request_little_and_loses_nothing(aws, clock, made, worker):
    history = at(aws, clock, closed_port())
    history.record(made(minutes=1), PLACE)
    started = time.perf_counter()
    history.record(made(minutes=2), PLACE)
    assert time.perf_counter() - started < 0.9  # one that is asked takes 1 s
    assert worker(*(each["Body"] for each in aws.messages())) == {"batchItemFailures": []}
    assert len(aws.rows()) == 2


def test_a_table_that_hangs_costs_a_request_a_second_at_most(aws, clock, made):
    with listening(answers="nothing") as (url, _):
        history = at(aws, clock, url)
        _ = history._table
        started = time.perf_counter()
        history.record(made(), PLACE)
        # The settings allow 1 s; the rest is room for a busy machine. Without them a client waits 60 s and tries again.
        assert time.perf_counter() - started < 8
    assert len(aws.messages()) == 1


def test_a_connection_that_was_closed_is_opened_once_more(aws, clock, made):
    with listening(answers="closed") as (url, taken):
        at(aws, clock, url).record(made(), PLACE)
        assert len(taken) == 2
    assert len(aws.messages()) == 1


def test_without_table_and_queue_the_request_still_succeeds_and_the_loss_is_an_error_event(aws, clock, made, events):
    analysis = made()
    at(aws, clock, closed_port(), queue_url="https://sqs.us-east-1.amazonaws.com/123456789012/absent").record(
        analysis, PLACE
    )
    at(aws, clock, closed_port(), queue_url="").record(analysis, PLACE)
    lost = [fields for level, message, fields in events if (level, message) == ("ERROR", "analysis_lost")]
    assert [fields["analysis_id"] for fields in lost] == [analysis.id] * 2
    assert "QueueDoesNotExist" in lost[0]["error"] or "NonExistentQueue" in lost[0]["error"]


def test_reading_from_a_table_that_is_gone_says_so(aws, clock, made):
    history = at(aws, clock, closed_port())
    for ask in (lambda: history.recent(10), lambda: history.get(made().id), history.count):
        with pytest.raises(TableUnavailable, match="tests-analyses: EndpointConnectionError"):
            ask()


def test_a_worker_that_cannot_write_reports_that_message_and_only_that(aws, made, worker, throttled, history):
    with throttled():
        history.record(made(), PLACE)
        (message,) = aws.messages()
        assert worker(message["Body"]) == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
    assert worker(message["Body"]) == {"batchItemFailures": []}


@pytest.mark.parametrize(
    "unreadable",
    ["", "no json", "{}", '{"schema_version":2,"key":"x","body":{}}', '{"schema_version":1,"key":"x","body":{"id":1}}'],
)
def test_an_unreadable_message_is_reported_and_the_others_are_written(
    unreadable, aws, made, worker, throttled, history, events
):
    with throttled():
        history.record(made(), PLACE)
    (message,) = aws.messages()
    assert worker(unreadable, message["Body"]) == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
    assert len(aws.rows()) == 1
    assert "message_unreadable" in [message for _, message, _ in events]


def test_the_worker_imports_no_web_framework():
    import subprocess
    import sys

    code = (
        "import sys; import functions.history_writer.history_writer_handler; "
        "print([name for name in ('fastapi', 'starlette', 'pydantic', 'mangum') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_message_stays_small(history, aws, made, throttled):
    analysis = made()
    with throttled():
        history.record(analysis, PLACE)
    (message,) = aws.messages()
    assert len(message["Body"]) < len(dumps(analysis)) < 262_144
