"""cleanup_completed_tasks: finished tasks, lost ones, and runs of maintenance of over 90 days ago."""

from datetime import timedelta

import botocore.session
import pytest

from brightspot import tasks
from brightspot.core.clock import SystemClock
from brightspot.operations.upkeep.registry import TASKS
from brightspot.tasks.backend import shared_tasks
from tests.integration.operations.upkeep.conftest import REGION, counted

TASK = "cleanup_completed_tasks"


@pytest.fixture
def queues(world, monkeypatch):
    """The three queues of tasks."""
    sqs = botocore.session.get_session().create_client("sqs", REGION)
    for each in ("high", "normal", "low"):
        url = sqs.create_queue(QueueName=f"tests-tasks-{each}")["QueueUrl"]
        monkeypatch.setenv(f"TASKS_{each.upper()}_QUEUE_URL", url)
    shared_tasks.cache_clear()

    def waiting():
        told = sqs.get_queue_attributes(
            QueueUrl=sqs.get_queue_url(QueueName="tests-tasks-normal")["QueueUrl"],
            AttributeNames=["ApproximateNumberOfMessages"],
        )
        return int(told["Attributes"]["ApproximateNumberOfMessages"])

    return waiting


@pytest.fixture
def finished(queues, monkeypatch):
    """Three tasks that were cancelled at once, kept no longer than a moment, and one that waits for its worker."""
    ids = [tasks.submit_task("none-such", number) for number in range(4)]
    for each in ids[:3]:
        tasks.cancel_task(each)
    monkeypatch.setenv("TASK_RETENTION_DAYS", "0.01")
    shared_tasks.cache_clear()
    return ids


class Later(SystemClock):
    """Half an hour later."""

    def now(self):
        return super().now() + timedelta(minutes=30)


@pytest.fixture
def later(finished):
    """By the clock of the upkeep of tasks."""
    shared_tasks().upkeep._clock = Later()


def test_tasks_that_are_over_go_and_lost_ones_are_sent_again(world, finished, later, queues):
    before = queues()
    dry = world.run(TASK, dry_run=True)
    assert tasks.task_status(finished[0]) is not None
    world.clock.advance(seconds=60)
    done = world.run(TASK)
    assert counted(dry) == counted(done)
    assert counted(done)["finished_tasks"] == (3, 3, 0, 0)
    assert counted(done)["lost_tasks"] == (1, 1, 0, 0)
    assert [tasks.task_status(each) is None for each in finished] == [True, True, True, False]
    assert queues() == before + 1
    world.clock.advance(seconds=60)
    again = counted(world.run(TASK))
    assert (again["finished_tasks"][1], again["lost_tasks"][1]) == (0, 0)


def test_without_time_tasks_are_left_for_the_next_run(world, finished, later):
    first = world.run(TASK, looks=3)  # engine's own margin is two seconds
    assert (first.outcome, counted(first)["finished_tasks"]) == ("stopped", (0, 0, 0, None))
    assert counted(world.run(TASK))["finished_tasks"][1] == 3


@pytest.fixture
def long_ago(world):
    """Three runs of one task and two of another, 91 days ago."""
    for name in (*["cache_warming"] * 3, *["optimize_database"] * 2):
        world.run(name, dry_run=True)
        world.clock.advance(seconds=60)
    world.clock.advance(seconds=91 * 86_400)
    world.run("cache_warming", dry_run=True)


def starts(world):
    return [each for each in world.rows("maintenance-runs") if each["started_at"]["S"] != "hold"]


def test_runs_of_over_ninety_days_ago_go_and_what_is_remembered_of_tasks_stays(world, long_ago):
    dry = world.run(TASK, dry_run=True)
    assert len(starts(world)) == 7
    world.clock.advance(seconds=60)
    done = world.run(TASK)
    assert counted(dry)["maintenance_runs"] == counted(done)["maintenance_runs"] == (5, 5, 0, 0)
    assert len(starts(world)) == 3  # of now: two of this one, and one of warming
    assert len(world.rows("maintenance-runs")) - 3 == 3  # holds
    assert counted(world.run(TASK))["maintenance_runs"] == (0, 0, 0, 0)


def test_what_little_time_leaves_the_next_run_deletes(world, long_ago):
    changed, runs = 0, [world.run(TASK, looks=4)]
    while runs[-1].outcome == "stopped" and len(runs) < 100:
        runs.append(world.run(TASK, looks=4))
    for each in runs:
        changed += counted(each).get("maintenance_runs", (0, 0))[1]
    assert (changed, runs[-1].outcome) == (5, "done")
    assert len(runs) >= len(TASKS) // 3
