"""The envelope of messages, and the worker that opens it."""

import logging

import msgspec
import pytest

from brightspot.core.codec import dumps
from brightspot.store import Message, new_message, sqs_entry
from brightspot.telemetry import current_context, request_context

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Body(msgspec.Struct):
    number: int


@pytest.fixture
def deliver():
    """`deliver(handle, *texts)`: the ids of the messages that a worker reports as failed."""

    def run(handle, *texts, attempt=1, put_off=None):
        records = [
            {
                "messageId": str(number),
                "receiptHandle": f"receipt {number}",
                "body": text,
                "attributes": {"ApproximateReceiveCount": str(attempt)},
            }
            for number, text in enumerate(texts)
        ]
        answer = sqs_entry("some", Body, handle, put_off=put_off)({"Records": records}, None)
        return [each["itemIdentifier"] for each in answer["batchItemFailures"]]

    yield run
    logging.getLogger("brightspot").handlers.clear()
    logging.getLogger("brightspot").propagate = True


def text(number, key="k"):
    return dumps(new_message(key, Body(number))).decode()


def test_a_message_comes_back_with_what_its_request_was():
    with request_context("request-1", TRACE):
        sent = new_message("key", Body(7), deadline="2026-11-20T12:30:00Z")
    assert msgspec.json.decode(dumps(sent), type=Message[Body]) == sent
    assert (sent.correlation_id, sent.traceparent, sent.attempt) == ("request-1", TRACE, 1)


def test_a_message_outside_of_a_request_has_no_context():
    assert (new_message("key", 1).correlation_id, new_message("key", 1).traceparent) == (None, None)


def test_a_worker_handles_each_message_in_the_context_of_its_request(deliver):
    seen = []

    def handle(message):
        seen.append((message.body.number, message.attempt, current_context().correlation_id))

    with request_context("request-1"):
        first = text(1)
    assert deliver(handle, first, text(2), attempt=3) == []
    assert seen == [(1, 3, "request-1"), (2, 3, "1")]


def test_a_worker_reports_the_messages_that_failed_and_only_those(deliver, capsys):
    def handle(message):
        if message.body.number == 2:
            raise RuntimeError("two")

    assert deliver(handle, text(1), text(2), "nonsense", text(4), '"\ud800"') == ["1", "2", "4"]
    logged = capsys.readouterr().out
    assert '"message":"message_failed"' in logged
    assert '"message":"message_unreadable"' in logged


def test_a_worker_puts_off_what_its_handling_failed_on_and_nothing_else(deliver):
    def handle(message):
        if message.body.number == 2:
            raise RuntimeError("two")

    told = []
    failed = deliver(handle, text(1), text(2), "nonsense", attempt=3, put_off=lambda *each: told.append(each))
    assert (failed, told) == (["1", "2"], [("receipt 1", 3)])
