"""Received messages as Lambda's event, and which of them a function's answer leaves in the queue."""

import pytest

from brightspot_local.dev.queues import event, failures

MESSAGES = [
    {
        "MessageId": name,
        "ReceiptHandle": f"r-{name}",
        "Body": "{}",
        "MD5OfBody": "m",
        "Attributes": {"ApproximateReceiveCount": "2"},
        "MessageAttributes": {"trace": {"StringValue": "t", "DataType": "String"}},
    }
    for name in ("a", "b")
]


def test_a_record_has_the_members_that_lambda_gives_it():
    record = event("work", MESSAGES)["Records"][1]
    assert record == {
        "messageId": "b",
        "receiptHandle": "r-b",
        "body": "{}",
        "attributes": {"ApproximateReceiveCount": "2"},
        "messageAttributes": {"trace": {"stringValue": "t", "dataType": "String"}},
        "md5OfBody": "m",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:work",
        "awsRegion": "us-east-1",
    }


@pytest.mark.parametrize(
    ("returned", "stay"),
    [
        (None, set()),
        ({}, set()),
        ({"batchItemFailures": []}, set()),
        ({"batchItemFailures": None}, set()),
        ({"batchItemFailures": [{"itemIdentifier": "b"}]}, {"b"}),
        ({"batchItemFailures": [{"itemIdentifier": "unknown"}]}, {"a", "b"}),
        ({"batchItemFailures": [{"itemIdentifier": ""}]}, {"a", "b"}),
        ({"batchItemFailures": [{}]}, {"a", "b"}),
        ("done", {"a", "b"}),
    ],
)
def test_a_partial_report_leaves_what_it_names_and_a_bad_one_leaves_all(returned, stay):
    assert failures(returned, MESSAGES, partial=True) == stay


def test_without_partial_reports_an_answer_of_any_kind_is_success():
    assert failures({"batchItemFailures": [{"itemIdentifier": "b"}]}, MESSAGES, partial=False) == set()
