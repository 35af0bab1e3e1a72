"""`schedule_periodic` as the documents write it, and delays longer than SQS bears."""

import asyncio
from datetime import UTC, datetime, timedelta

import botocore.session
import pytest
from moto import mock_aws

from brightspot.core import codec
from brightspot.core.errors import Conflict, InputRefused
from brightspot.tasks import TaskConfig, TaskPriority, schedule_periodic
from brightspot.tasks.backend import shared_tasks
from brightspot.tasks.dispatch import QueueDispatch
from brightspot.tasks.schedules import shared_schedules
from tests.wiring import forget_wiring

REGION = "us-east-1"
PATH = "app.tasks.maintenance.optimize_database"


@pytest.fixture
def scheduler(monkeypatch):
    told = {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_REGION": REGION,
        "SCHEDULE_GROUP": "s-tasks",
        "SCHEDULE_ROLE_ARN": "arn:aws:iam::123456789012:role/s",
        "SCHEDULE_DEAD_LETTERS_ARN": f"arn:aws:sqs:{REGION}:123456789012:s-dead",
    }
    for name in ("high", "normal", "low"):
        told[f"TASKS_{name.upper()}_QUEUE_URL"] = f"https://sqs.{REGION}.amazonaws.com/123456789012/s-tasks-{name}"
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    forget_wiring()
    with mock_aws():
        client = botocore.session.get_session().create_client("scheduler", REGION)
        client.create_schedule_group(Name="s-tasks")
        yield client
    forget_wiring()


def body_of(client, name):
    target = client.get_schedule(GroupName="s-tasks", Name=name)["Target"]
    return target["Arn"].rpartition(":")[2], codec.loads(target["Input"])["body"]


def test_a_task_is_scheduled_as_it_is_submitted_awaited_or_not(scheduler):
    async def as_the_document_has_it():
        return await schedule_periodic("0 2 * * *", "database_optimization", PATH, deep=True)

    assert asyncio.run(as_the_document_has_it()) == "database_optimization"
    assert schedule_periodic("0 2 * * *", "database_optimization", PATH, deep=True) == "database_optimization"
    queue, body = body_of(scheduler, "cron.database_optimization")
    assert queue == "s-tasks-normal"
    assert (body["task"], body["args"], body["kwargs"]) == ("database_optimization", [PATH], {"deep": True})


def test_a_schedule_has_a_name_of_its_own_a_zone_and_what_the_task_is_to_be_done_with(scheduler):
    config = TaskConfig(priority=TaskPriority.HIGH, max_retries=5, tenant="t1")
    named = schedule_periodic(
        "@daily", "generate_report", 7, schedule="reports", timezone="Asia/Tokyo", config=config, deep=True
    )
    assert named == "reports"
    queue, body = body_of(scheduler, "cron.reports")
    assert (queue, body["priority"], body["max_retries"], body["tenant"]) == ("s-tasks-high", "high", 5, "t1")
    assert (
        scheduler.get_schedule(GroupName="s-tasks", Name="cron.reports")["ScheduleExpressionTimezone"] == "Asia/Tokyo"
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(["x" * 70_000], "more than 65536 bytes"), ([object()], "no JSON"), ([{1, object()}], "JSON")],
)
@pytest.mark.usefixtures("scheduler")
def test_arguments_that_cannot_be_kept_are_refused(arguments, says):
    with pytest.raises(InputRefused, match=says) as refused:
        schedule_periodic("@daily", "noop", *arguments)
    assert refused.value.field == "args"
    assert shared_schedules().listed().schedules == []


def test_without_a_scheduler_there_are_no_schedules_and_that_is_said(monkeypatch):
    monkeypatch.delenv("SCHEDULE_GROUP", raising=False)
    forget_wiring()
    with pytest.raises(Conflict, match="SCHEDULE_GROUP"):
        schedule_periodic("@daily", "noop")


def test_where_there_is_a_scheduler_long_delays_go_by_it(scheduler, monkeypatch):
    monkeypatch.setenv("TABLE_PREFIX", "s")
    forget_wiring()
    dispatch = shared_tasks().submitter._dispatch
    assert isinstance(dispatch, QueueDispatch)
    when = datetime.now(UTC) + timedelta(days=3)
    dispatch._delays.at(when, "tsk_1", dispatch.url(TaskPriority.LOW), "text")
    (only,) = scheduler.list_schedules(GroupName="s-tasks")["Schedules"]
    assert (only["Name"], only["Target"]["Arn"].rpartition(":")[2]) == ("once.tsk_1", "s-tasks-low")
