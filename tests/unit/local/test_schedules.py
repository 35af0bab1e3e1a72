"""Functions that are called on a schedule, with the input that EventBridge Scheduler gives them."""

import re
import threading
from datetime import UTC, datetime, timedelta

import pytest

from brightspot_local.dev import schedules
from brightspot_local.dev.intrinsics import Intrinsics, TemplateError
from brightspot_local.dev.pool import WorkerFailed
from brightspot_local.dev.schedules import event, scheduling
from brightspot_local.dev.template import Schedule, load
from brightspot_local.dev.template import schedules as read

INPUT = '{"task": "sweep", "execution_id": "<aws.scheduler.execution-id>", "due": "<aws.scheduler.scheduled-time>"}'
OFTEN = "rate(1 minute)"


class CalledPool:
    """Counts calls, and fails the first `failing` of them."""

    def __init__(self, failing=0):
        self.events = []
        self.twice = threading.Event()
        self._failing = failing

    def invoke(self, given):
        self.events.append(given)
        if len(self.events) == 2:
            self.twice.set()
        if len(self.events) <= self._failing:
            raise WorkerFailed("no answer within 1 s")


def template(*events):
    named = {f"E{at}": {"Type": "ScheduleV2", "Properties": each} for at, each in enumerate(events)}
    return {"Resources": {"F": {"Type": "AWS::Serverless::Function", "Properties": {"Events": named}}}}


def every(monkeypatch, **period):
    monkeypatch.setattr(schedules, "timetable", lambda expression: lambda last: last + timedelta(**period))


def test_a_schedule_is_read_with_its_name_and_one_that_is_off_is_not():
    on = {"ScheduleExpression": OFTEN, "Input": "{}", "RoleArn": {"Fn::GetAtt": "Role.Arn"}}
    known = Intrinsics(
        template(on, {**on, "State": "DISABLED"}, {**on, "Name": {"Fn::Sub": "${AWS::StackName}-x"}}), {}
    )
    assert read(known) == [Schedule("FE0", "F", OFTEN, "{}"), Schedule("brightspot-local-x", "F", OFTEN, "{}")]


@pytest.mark.parametrize("given", [{}, {"Input": "[]"}, {"Input": "sweep"}])
def test_a_schedule_must_name_its_task(given):
    with pytest.raises(TemplateError, match=r"^F\.E0: Input"):
        read(Intrinsics(template({"ScheduleExpression": OFTEN, **given}), {}))


def test_the_health_probe_of_the_real_template_is_called_each_minute():
    found = {each.function: each for each in read(Intrinsics(load(), {"Env": "local"}))}
    assert found["HealthProbeFunction"].expression == OFTEN
    assert event(found["HealthProbeFunction"], datetime.now(UTC))["task"] == "health_probe"


def test_an_event_is_the_input_with_what_scheduler_knows():
    made = event(Schedule("s", "F", OFTEN, INPUT), datetime(2026, 11, 23, 10, 0, 7, tzinfo=UTC))
    assert (made["task"], made["due"]) == ("sweep", "2026-11-23T10:00:07Z")
    assert re.fullmatch(r"[0-9a-f]{16}", made["execution_id"])


def test_a_function_is_called_again_and_again_until_the_end(monkeypatch):
    every(monkeypatch, milliseconds=20)
    told, pool = [], CalledPool()
    known = Intrinsics(template({"ScheduleExpression": OFTEN, "Input": INPUT}), {})
    with scheduling(known, {"F": pool}, told.append):
        assert pool.twice.wait(5)
    called = len(pool.events)
    assert not [each for each in threading.enumerate() if each.name.startswith("schedule-")]
    assert told.count("schedule FE0 -> F: done") == called == len(pool.events)
    assert len({each["execution_id"] for each in pool.events}) == called


def test_a_call_that_fails_is_told_and_the_next_one_comes(monkeypatch):
    every(monkeypatch, milliseconds=20)
    told, pool = [], CalledPool(failing=1)
    known = Intrinsics(template({"ScheduleExpression": OFTEN, "Input": INPUT}), {})
    with scheduling(known, {"F": pool}, told.append):
        assert pool.twice.wait(5)
    assert "failed   FE0 -> F: no answer within 1 s" in told
    assert "schedule FE0 -> F: done" in told


def test_nothing_is_called_before_it_is_due(monkeypatch):
    every(monkeypatch, hours=1)
    pool = CalledPool()
    known = Intrinsics(template({"ScheduleExpression": OFTEN, "Input": INPUT}), {})
    with scheduling(known, {"F": pool}, print):
        assert not pool.twice.wait(0.1)
    assert pool.events == []


def test_a_schedule_that_cannot_be_run_here_is_told():
    told = []
    known = Intrinsics(template({"ScheduleExpression": "cron(0 2 L * ? *)", "Input": INPUT}), {})
    with scheduling(known, {"F": CalledPool()}, told.append):
        pass
    assert len(told) == 1
    assert told[0].startswith("without  schedule FE0: cron(0 2 L * ? *)")
