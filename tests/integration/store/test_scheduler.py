"""Schedules that hand a text to a queue: made once, found, paused, forgotten, and one error for all that fails."""

from datetime import UTC, datetime, timedelta, timezone

import botocore.session
import pytest
from moto import mock_aws

from brightspot.core.errors import Conflict
from brightspot.store import ScheduleUnavailable, StoreSettings
from brightspot.store.scheduler import Scheduler, SchedulerSettings

REGION = "eu-west-1"
ROLE = "arn:aws-us-gov:iam::123456789012:role/stack-schedules"
DEAD = "arn:aws-us-gov:sqs:eu-west-1:123456789012:stack-dead"
QUEUE = "https://sqs.eu-west-1.amazonaws.com/123456789012/stack-tasks-high"
SETTINGS = SchedulerSettings("stack-tasks", ROLE, DEAD)


@pytest.fixture
def client(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        made = botocore.session.get_session().create_client("scheduler", REGION)
        made.create_schedule_group(Name="stack-tasks")
        yield made


@pytest.fixture
def scheduler(client):
    return Scheduler(SETTINGS, StoreSettings(region=REGION))


def test_what_is_due_once_goes_to_its_queue_by_the_role_and_is_gone_then(scheduler, client):
    noon_in_berlin = datetime(2031, 5, 1, 12, 0, 0, 1, tzinfo=timezone(timedelta(hours=2)))
    scheduler.at(noon_in_berlin, "tsk_1", QUEUE, '{"task": 1}')
    made = client.get_schedule(GroupName="stack-tasks", Name="once.tsk_1")
    assert (made["ScheduleExpression"], made["ScheduleExpressionTimezone"]) == ("at(2031-05-01T10:00:01)", "UTC")
    assert made["ActionAfterCompletion"] == "DELETE"
    assert made["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert made["Target"] == {
        "Arn": "arn:aws-us-gov:sqs:eu-west-1:123456789012:stack-tasks-high",
        "RoleArn": ROLE,
        "Input": '{"task": 1}',
        "RetryPolicy": {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 20},
        "DeadLetterConfig": {"Arn": DEAD},
    }


def test_what_is_due_once_may_be_moved(scheduler, client):
    when = datetime(2031, 5, 1, tzinfo=UTC)
    scheduler.at(when, "tsk_1", QUEUE, "text")
    scheduler.at(when, "tsk_1", QUEUE, "text")
    scheduler.at(when + timedelta(hours=1), "tsk_1", f"{QUEUE}-2", "else")
    (only,) = client.list_schedules(GroupName="stack-tasks")["Schedules"]
    moved = client.get_schedule(GroupName="stack-tasks", Name=only["Name"])
    assert (moved["ScheduleExpression"], moved["Target"]["Input"]) == ("at(2031-05-01T01:00:00)", "else")
    assert moved["Target"]["Arn"].endswith(":stack-tasks-high-2")


def test_the_same_again_is_the_same_schedule_and_another_under_its_name_is_a_conflict(scheduler, client):
    made = ("cron.night", "cron(0 2 * * ? *)", "UTC", QUEUE, "night")
    scheduler.recur(*made)
    scheduler.recur(*made)
    for at, other in enumerate(["cron(0 3 * * ? *)", "Asia/Tokyo", f"{QUEUE}-2", "day"], 1):
        with pytest.raises(Conflict, match=r"cron\.night is there already"):
            scheduler.recur(*made[:at], other, *made[at + 1 :])
    assert len(client.list_schedules(GroupName="stack-tasks")["Schedules"]) == 1


def test_what_is_forgotten_is_not_due_and_forgetting_it_again_does_nothing(scheduler, client):
    scheduler.at(datetime(2031, 5, 1, tzinfo=UTC), "tsk_1", QUEUE, "text")
    scheduler.forget("tsk_1")
    scheduler.forget("tsk_1")
    assert client.list_schedules(GroupName="stack-tasks")["Schedules"] == []


def test_a_schedule_is_found_as_it_was_made_and_stays_so_while_it_is_paused(scheduler):
    scheduler.recur("cron.night", "cron(0 2 * * ? *)", "America/Chicago", QUEUE, "night")
    made = scheduler.find("cron.night")
    assert (made.expression, made.time_zone, made.text, made.enabled) == (
        "cron(0 2 * * ? *)",
        "America/Chicago",
        "night",
        True,
    )
    assert scheduler.enable("cron.night", enabled=False)
    paused = scheduler.find("cron.night")
    assert paused.enabled is False
    assert (paused.expression, paused.time_zone, paused.text) == (made.expression, made.time_zone, made.text)
    assert scheduler.enable("cron.night", enabled=True)
    assert scheduler.find("cron.night") == made


def test_names_are_listed_by_what_they_begin_with_through_all_pages(scheduler):
    scheduler.at(datetime(2031, 5, 1, tzinfo=UTC), "tsk_1", QUEUE, "text")
    for number in range(60):
        scheduler.recur(f"cron.{number:02}", "cron(0 2 * * ? *)", "UTC", QUEUE, "text")
    assert scheduler.names("cron.") == [f"cron.{number:02}" for number in range(60)]


def test_what_is_not_there_is_not_found_nor_changed_nor_deleted(scheduler):
    assert scheduler.find("none") is None
    assert scheduler.enable("none", enabled=True) is False
    assert scheduler.remove("none") is False


def test_every_failure_is_a_schedule_unavailable_with_the_code(client):
    elsewhere = Scheduler(SETTINGS, StoreSettings(endpoint_url="http://127.0.0.1:1"))
    with pytest.raises(ScheduleUnavailable, match=r"schedule once\.a: EndpointConnectionError"):
        elsewhere.at(datetime(2031, 5, 1, tzinfo=UTC), "a", QUEUE, "text")
    without_group = Scheduler(SchedulerSettings(), StoreSettings())
    with pytest.raises(ScheduleUnavailable, match="no group of schedules is set"):
        without_group.find("a")
