"""Schedules of EventBridge Scheduler that hand a text to an SQS queue; every failure is a ScheduleUnavailable."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Final

from brightspot.core.errors import Conflict
from brightspot.core.settings import setting
from brightspot.core.snapshots import before_snapshot
from brightspot.store.aws import StoreSettings, aws_client
from brightspot.store.errors import ScheduleUnavailable

_READ_SECONDS: Final = 3.0  # what makes a schedule asks IAM about its role
_TRIES: Final = 2  # all of these calls may be made again: what is made has a name, and botocore sends a token with it
_ONCE: Final = "once."  # what the names of those begin with that are due once
_ON_TIME: Final = {"Mode": "OFF"}
# A queue that cannot be reached for an hour is an outage that dead letters should tell of.
_RETRIES: Final = {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 20}
_OF_TARGET: Final = ("Arn", "Input")
_KEPT: Final = ("ScheduleExpression", "ScheduleExpressionTimezone", "Target", "Description", "FlexibleTimeWindow")


@dataclass(frozen=True, slots=True)
class SchedulerSettings:
    """Where schedules are made. Without a group there is no Scheduler: long delays are waited out in steps."""

    group: str = setting("SCHEDULE_GROUP", "", "group of EventBridge Scheduler that schedules are made in")
    role_arn: str = setting("SCHEDULE_ROLE_ARN", "", "ARN of the role by which schedules send to queues")
    dead_letters_arn: str = setting("SCHEDULE_DEAD_LETTERS_ARN", "", "ARN of the queue of what no queue took")


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A schedule as it stands: `text` is what it hands over whenever it is due."""

    name: str
    expression: str
    time_zone: str
    text: str
    enabled: bool
    created_at: datetime


class Scheduler:
    """The schedules of one group. The client is made when the first is asked for."""

    def __init__(self, settings: SchedulerSettings, store: StoreSettings) -> None:
        self._settings = settings
        self._store = store

    def at(self, when: datetime, task_id: str, queue_url: str, message_text: str) -> None:
        """Hand a text to a queue once, within the minute that begins at `when`; the schedule is gone then.

        Another time or text for the same task takes the place of the one before.
        """
        whole = when.astimezone(UTC) + timedelta(seconds=1 if when.microsecond else 0)  # never too early
        asked: dict[str, Any] = {
            "Name": f"{_ONCE}{task_id}",
            "ScheduleExpression": f"at({whole:%Y-%m-%dT%H:%M:%S})",
            "ScheduleExpressionTimezone": "UTC",
            "ActionAfterCompletion": "DELETE",
            "Target": self._target(queue_url, message_text),
        }
        if not self._created(asked):
            with self._reaching(asked["Name"]):
                self._client.update_schedule(GroupName=self._settings.group, FlexibleTimeWindow=_ON_TIME, **asked)

    def forget(self, task_id: str) -> None:
        """Let what was to be handed over once not be; without such a schedule nothing is done."""
        self.remove(f"{_ONCE}{task_id}")

    def recur(self, name: str, expression: str, time_zone: str, queue_url: str, text: str) -> None:
        """Hand a text to a queue whenever an expression is due. `<aws.scheduler.…>` in it is filled in each time.

        Raises Conflict when there is a schedule of this name that does anything else.
        """
        wanted = {"ScheduleExpression": expression, "ScheduleExpressionTimezone": time_zone}
        target = self._target(queue_url, text)
        if not self._created({"Name": name, "Target": target, **wanted}):
            with self._reaching(name):
                known = self._client.get_schedule(GroupName=self._settings.group, Name=name)
            there = {key: known.get(key) for key in wanted} | {key: known["Target"].get(key) for key in _OF_TARGET}
            if there != wanted | {key: target[key] for key in _OF_TARGET}:
                raise Conflict(f"schedule {name} is there already and does something else; delete it first")

    def find(self, name: str) -> Scheduled | None:
        """The schedule of this name; None when there is none."""
        with self._reaching(name):
            try:
                return _scheduled(self._client.get_schedule(GroupName=self._settings.group, Name=name))
            except self._client.exceptions.ResourceNotFoundException:
                return None

    def names(self, prefix: str) -> list[str]:
        """The names that begin so, in order."""
        with self._reaching(prefix):
            pages = self._client.get_paginator("list_schedules").paginate(
                GroupName=self._settings.group, NamePrefix=prefix
            )
            return sorted(each["Name"] for page in pages for each in page["Schedules"])

    def enable(self, name: str, *, enabled: bool) -> bool:
        """Let a schedule be due, or not until it is enabled again; whether it is there."""
        group = self._settings.group
        with self._reaching(name):
            try:
                known = self._client.get_schedule(GroupName=group, Name=name)
                kept = {key: known[key] for key in _KEPT if key in known}  # an update replaces all of it
                state = "ENABLED" if enabled else "DISABLED"
                self._client.update_schedule(GroupName=group, Name=name, State=state, **kept)
            except self._client.exceptions.ResourceNotFoundException:
                return False
        return True

    def remove(self, name: str) -> bool:
        """Delete a schedule; whether it was there."""
        with self._reaching(name):
            try:
                self._client.delete_schedule(GroupName=self._settings.group, Name=name)
            except self._client.exceptions.ResourceNotFoundException:
                return False
        return True

    def _created(self, asked: dict[str, Any]) -> bool:
        """Whether it was made; False when there is one of its name."""
        with self._reaching(asked["Name"]):
            try:
                self._client.create_schedule(GroupName=self._settings.group, FlexibleTimeWindow=_ON_TIME, **asked)
            except self._client.exceptions.ConflictException:
                return False
        return True

    def _target(self, queue_url: str, text: str) -> dict[str, Any]:
        return {
            "Arn": self._queue_arn(queue_url),
            "RoleArn": self._settings.role_arn,
            "Input": text,
            "RetryPolicy": _RETRIES,
            "DeadLetterConfig": {"Arn": self._settings.dead_letters_arn},
        }

    def _queue_arn(self, queue_url: str) -> str:
        """A queue's URL ends with its account and name; the partition is that of the role."""
        account, name = queue_url.rstrip("/").rsplit("/", 2)[1:]
        partition = self._settings.role_arn.split(":")[1]
        return f"arn:{partition}:sqs:{self._store.region}:{account}:{name}"

    @contextmanager
    def _reaching(self, name: str) -> Iterator[None]:
        if not self._settings.group:
            raise ScheduleUnavailable("no group of schedules is set")
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  # 300 ms that only who asks pays

        try:
            yield
        except (BotoCoreError, ClientError) as error:
            raise ScheduleUnavailable.because(f"schedule {name}", error) from error

    @cached_property
    def _client(self) -> Any:
        client = aws_client("scheduler", self._store, read_seconds=_READ_SECONDS, tries=_TRIES)
        before_snapshot(client.close)
        return client


def _scheduled(told: dict[str, Any]) -> Scheduled:
    return Scheduled(
        name=told["Name"],
        expression=told["ScheduleExpression"],
        time_zone=told["ScheduleExpressionTimezone"],
        text=told["Target"]["Input"],
        enabled=told["State"] == "ENABLED",
        created_at=told["CreationDate"],
    )
