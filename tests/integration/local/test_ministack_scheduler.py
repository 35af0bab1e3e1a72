"""Schedules of the local AWS: one that is due in two seconds brings its text to a real queue, once."""

from datetime import UTC, datetime, timedelta

import pytest

from brightspot.store import StoreSettings
from brightspot.store.scheduler import Scheduler, SchedulerSettings
from brightspot_local.dev.intrinsics import ACCOUNT, REGION, Intrinsics
from brightspot_local.services import ministack
from brightspot_local.services.aws import ACCESS, client
from brightspot_local.services.resources import create

TEMPLATE = {
    "Resources": {
        "Tasks": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "tasks"}},
        "Group": {"Type": "AWS::Scheduler::ScheduleGroup", "Properties": {"Name": "tasks"}},
    }
}


@pytest.fixture
def aws(tmp_path, monkeypatch):
    for name, value in ACCESS.items():
        monkeypatch.setenv(name, value)
    with ministack.running(tmp_path) as running:
        made = create(Intrinsics(TEMPLATE, {}, running.endpoint), running.endpoint)
        yield running, made


def test_a_text_that_is_due_in_two_seconds_comes_to_its_queue_once_and_its_schedule_is_gone(aws):
    running, made = aws
    assert made == ["queue tasks", "group of schedules tasks"]
    role = f"arn:aws:iam::{ACCOUNT}:role/tasks"
    settings = SchedulerSettings("tasks", role, f"arn:aws:sqs:{REGION}:{ACCOUNT}:tasks")
    scheduler = Scheduler(settings, StoreSettings(region=REGION, endpoint_url=running.endpoint))
    url = f"{running.endpoint}/{ACCOUNT}/tasks"
    scheduler.at(datetime.now(UTC) + timedelta(seconds=2), "tsk_1", url, '{"a": "<aws.scheduler.scheduled-time>"}')
    assert scheduler.names("once.") == ["once.tsk_1"]
    sqs = client("sqs", running.endpoint)
    found = [
        each
        for _ in range(2)  # MiniStack looks every ten seconds what is due
        for each in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=14, MaxNumberOfMessages=10).get("Messages", [])
    ]
    assert [each["Body"] for each in found] == ['{"a": "<aws.scheduler.scheduled-time>"}']  # MiniStack fills nothing in
    assert scheduler.names("once.") == []


def test_a_group_is_made_once_and_is_there_again_when_the_local_aws_is_started_again(aws, tmp_path):
    running, _ = aws
    assert create(Intrinsics(TEMPLATE, {}, running.endpoint), running.endpoint) == []
