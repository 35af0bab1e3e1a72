"""A table that does not answer rests: one request per rest finds out, the others go to the queue at once."""

import io
from contextlib import contextmanager

import botocore.client
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from brightspot.telemetry import configure_metrics, flush_metrics
from tests.emf_spec import documents, told
from tests.integration.history.conftest import PLACE


class Asked(list):
    """The services that were asked while some of them failed."""

    @property
    def table(self):
        return self.count("dynamodb")


@pytest.fixture
def failing(monkeypatch):
    """`failing(dynamodb=error)`: calls of a service end in this error until the context ends."""
    real = botocore.client.BaseClient._make_api_call

    @contextmanager
    def fail(**errors):
        asked = Asked()

        def call(self, operation, request):
            service = self.meta.service_model.service_name
            asked.append(service)
            if service in errors:
                raise errors[service]
            return real(self, operation, request)

        with monkeypatch.context() as patched:
            patched.setattr(botocore.client.BaseClient, "_make_api_call", call)
            yield asked

    return fail


SILENCE = ReadTimeoutError(endpoint_url="https://dynamodb.us-east-1.amazonaws.com")
THROTTLED = ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, "PutItem")


def record(history, made, count):
    for minute in range(count):
        history.record(made(minutes=minute), PLACE)


def test_one_request_asks_a_silent_table_and_the_next_ones_go_to_the_queue(history, made, aws, failing):
    with failing(dynamodb=SILENCE) as asked:
        record(history, made, 8)
    assert asked == ["dynamodb", *["sqs"] * 8]
    assert len(aws.messages()) == 8
    assert aws.rows() == []


def test_one_request_after_each_rest_asks_again(history, made, clock, failing):
    with failing(dynamodb=SILENCE) as asked:
        for rest in (0.5, 1, 2, 5, 5):
            record(history, made, 3)
            clock.advance(seconds=rest - 0.01)
            record(history, made, 3)
            clock.advance(seconds=0.02)
    assert (asked.table, len(asked)) == (5, 5 + 30)


def test_a_table_that_answers_again_takes_every_row(history, made, clock, aws, failing):
    with failing(dynamodb=SILENCE):
        record(history, made, 2)
    clock.advance(seconds=0.5)
    record(history, made, 4)
    assert len(aws.rows()) == 4


def test_what_the_queue_does_not_take_meanwhile_is_offered_to_the_table_after_all(history, made, aws, failing, events):
    with failing(dynamodb=SILENCE):
        record(history, made, 1)
    with failing(sqs=SILENCE) as asked:
        history.record(made(), PLACE)
    assert asked == ["sqs", "dynamodb"]
    assert len(aws.rows()) == 1
    assert "analysis_lost" not in [message for _, message, _ in events]


def test_a_table_that_refuses_does_so_at_once_and_is_asked_each_time(history, made, failing):
    with failing(dynamodb=THROTTLED) as asked:
        record(history, made, 4)
    assert asked.table == 4


def test_reads_are_tried_in_any_case(history, made, failing):
    analysis = made()
    history.record(analysis, PLACE)
    with failing(dynamodb=SILENCE):
        record(history, made, 1)
    assert history.get(analysis.id) == analysis
    assert history.of_place(PLACE, 10).count == 1


@pytest.fixture
def figures(monkeypatch):
    """`figures()`: what was counted so far."""
    stream = io.StringIO()
    monkeypatch.setenv("METRICS_STACK", "tests")
    configure_metrics(stream)

    def read():
        flush_metrics()
        return told(documents(stream.getvalue()))

    yield read
    monkeypatch.delenv("METRICS_STACK")
    configure_metrics()


def test_every_request_that_could_not_use_the_table_is_a_database_error(history, made, failing, figures, events):
    with failing(dynamodb=SILENCE):
        record(history, made, 8)
    assert figures() == {("DatabaseErrors", (("Stack", "tests"),)): [8]}
    failed = [fields["error"] for _, message, fields in events if message == "Database save failed"]
    assert failed == ["tests-analyses: ReadTimeoutError", *["analyses: rests after a failure"] * 7]
