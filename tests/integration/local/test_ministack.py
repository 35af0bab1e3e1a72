"""MiniStack: loopback only, tables and queues as template.yaml has them, kept when ended in order."""

import os
import signal
import time
from contextlib import contextmanager

import pytest

from brightspot_local.dev.intrinsics import ACCOUNT, Intrinsics
from brightspot_local.dev.pool import WorkerFailed
from brightspot_local.dev.queues import QueuePoller
from brightspot_local.dev.template import QueueSource
from brightspot_local.services import ServiceUnavailable, ministack
from brightspot_local.services.aws import client
from brightspot_local.services.resources import create
from tests.processes import alive, listening

KEPT = {
    "TableName": {"Fn::Sub": "${Name}-kept"},
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
}
TEMPLATE = {
    "Resources": {
        "Nested": {
            "Type": "AWS::CloudFormation::Stack",
            "Properties": {"Parameters": {"Name": {"Ref": "AWS::StackName"}}},
            "Template": {"Resources": {"Kept": {"Type": "AWS::DynamoDB::Table", "Properties": KEPT}}},
        },
        # The queue stands before the one that it names.
        "Work": {
            "Type": "AWS::SQS::Queue",
            "Properties": {
                "QueueName": {"Fn::Sub": "${AWS::StackName}-work"},
                "VisibilityTimeout": 0,  # what failed comes again at once
                "RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": "Dead.Arn"}, "maxReceiveCount": 2},
            },
        },
        "Dead": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "dead"}},
        "Rows": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "TableName": {"Fn::Sub": "${AWS::StackName}-rows"},
                "BillingMode": "PAY_PER_REQUEST",
                "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
                "TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True},
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            },
        },
    }
}
MADE = ["table brightspot-local-rows", "table brightspot-local-kept", "queue brightspot-local-work", "queue dead"]


@contextmanager
def aws(data, template=None):
    """A MiniStack with the template's resources: itself, what was made, and clients."""
    with ministack.running(data) as running:
        made = create(Intrinsics(template or TEMPLATE, {}, running.endpoint), running.endpoint)
        yield running, made, client("dynamodb", running.endpoint), client("sqs", running.endpoint)


def url(running, queue):
    return f"{running.endpoint}/{ACCOUNT}/{queue}"


def waiting(sqs, running, queue):
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = sqs.get_queue_attributes(QueueUrl=url(running, queue), AttributeNames=names)["Attributes"]
    return sum(int(found[name]) for name in names)


def until(met, seconds=5):
    gives_up_at = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < gives_up_at, "it did not happen in time"
        time.sleep(0.02)


def test_rows_and_messages_outlive_it_and_nothing_is_made_twice(tmp_path):
    with aws(tmp_path) as (first, made, dynamodb, sqs):
        assert made == MADE
        assert listening(first.pid) == ["0100007F"]
        ttl = dynamodb.describe_time_to_live(TableName="brightspot-local-rows")["TimeToLiveDescription"]
        assert (ttl["AttributeName"], ttl["TimeToLiveStatus"]) == ("expires_at", "ENABLED")
        dynamodb.put_item(TableName="brightspot-local-rows", Item={"id": {"S": "a"}, "body": {"B": b"\x00\xff"}})
        sqs.send_message(QueueUrl=url(first, "brightspot-local-work"), MessageBody="waits")
    assert not alive(first.pid)
    with aws(tmp_path) as (second, made, dynamodb, sqs):
        assert made == []
        assert (second.replaced, second.lost) == (None, False)
        assert dynamodb.scan(TableName="brightspot-local-rows")["Items"] == [
            {"id": {"S": "a"}, "body": {"B": b"\x00\xff"}}
        ]
        assert waiting(sqs, second, "brightspot-local-work") == 1
        policy = sqs.get_queue_attributes(QueueUrl=url(second, "brightspot-local-work"), AttributeNames=["All"])
        assert f"{ACCOUNT}:dead" in policy["Attributes"]["RedrivePolicy"]


def test_a_table_whose_keys_changed_is_told(tmp_path):
    with aws(tmp_path):
        pass
    table = TEMPLATE["Resources"]["Rows"]["Properties"]
    changed = {
        **table,
        "AttributeDefinitions": [{"AttributeName": "other", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "other", "KeyType": "HASH"}],
    }
    template = {"Resources": {"Rows": {"Type": "AWS::DynamoDB::Table", "Properties": changed}}}
    with pytest.raises(ServiceUnavailable, match="other keys"), aws(tmp_path, template):
        pass


def test_one_that_a_killed_command_left_behind_is_ended_and_has_saved(tmp_path, left_behind):
    leftover = left_behind("ministack", tmp_path)
    with ministack.running(tmp_path) as running:
        assert (running.replaced, running.lost, alive(leftover)) == (leftover, False, False)


def test_one_that_was_killed_itself_is_told_as_a_loss(tmp_path):
    with ministack.running(tmp_path) as running:
        os.kill(running.pid, signal.SIGKILL)
    with ministack.running(tmp_path) as running:
        assert running.lost


def test_it_says_so_when_it_is_not_installed(tmp_path, monkeypatch):
    monkeypatch.setattr(ministack, "_READY", tmp_path / "not-there")
    with pytest.raises(ServiceUnavailable, match="not installed"), ministack.running(tmp_path):
        pass


class Worker:
    """Stands where a pool stands; fails bodies that begin with `bad`, breaks on `worst`."""

    def __init__(self):
        self.seen = []

    def invoke(self, event):
        records = event["Records"]
        self.seen += [(each["body"], each["attributes"]["ApproximateReceiveCount"]) for each in records]
        if any(each["body"] == "worst" for each in records):
            raise WorkerFailed("broke")
        bad = [each for each in records if each["body"].startswith("bad")]
        return {"batchItemFailures": [{"itemIdentifier": each["messageId"]} for each in bad]}


def test_messages_that_fail_come_again_and_end_in_the_dead_letters_and_only_those(tmp_path):
    with aws(tmp_path) as (running, _, _, sqs):
        worker, told = Worker(), []
        source = QueueSource("brightspot-local-work", "Writer", batch=1, partial=True)
        poller = QueuePoller(source, sqs, running.endpoint, worker, told.append)
        for body in ("good", "bad", "worst"):
            sqs.send_message(QueueUrl=url(running, source.queue), MessageBody=body)
        poller.start()
        until(lambda: waiting(sqs, running, "dead") == 2)
        poller.end()
        poller.join(3)
        assert not poller.is_alive()
        assert waiting(sqs, running, source.queue) == 0
    assert sorted(worker.seen) == [("bad", "1"), ("bad", "2"), ("good", "1"), ("worst", "1"), ("worst", "2")]
    assert "failed   Writer: broke" in told
