"""Messages of schedules over table and queues as the templates have them, repeated, and those that no queue took."""

import pytest

from brightspot.tasks import TaskPriority, redrive_dead_letters, submit_task, tasks_listed
from brightspot.tasks.firing import Firing, firing_text


def text(due, **more):
    firing = Firing(schedule="nightly", cron="0 2 * * *", time_zone="UTC", task="noop", kwargs={"counter": "n"}, **more)
    return firing_text(firing).replace("<aws.scheduler.scheduled-time>", due)


def send(aws, queue, body):
    aws.sqs.send_message(QueueUrl=aws.url(queue), MessageBody=body)


def test_three_times_that_are_due_are_three_tasks_each_done_once_however_often_they_are_delivered(
    environment, work, counted
):
    days = [f"2026-11-{day}T02:00:00Z" for day in (20, 21, 22)]
    for due in (*days, *days[::-1], days[1]):
        send(environment, "tasks-normal", text(due))
    work(lambda records: [*records, *records[::-1]])
    assert [*counted("n").values()] == [1, 1, 1]
    assert [each.state for each in tasks_listed("noop").tasks] == ["done"] * 3


def test_schedules_and_tasks_come_by_one_queue(environment, work, counted):
    send(environment, "tasks-normal", text("2026-11-20T02:00:00Z"))
    submit_task("noop", counter="n")
    work()
    assert [*counted("n").values()] == [1, 1]


@pytest.mark.parametrize(("priority", "redriven", "left"), [(None, 1, 0), (TaskPriority.LOW, 1, 0), ("high", 0, 1)])
@pytest.mark.usefixtures("handler")
def test_what_no_queue_took_is_a_dead_letter_and_its_task_is_submitted_when_it_is_redriven(
    environment, work, counted, priority, redriven, left
):
    send(environment, "tasks-dead-letters", text("2026-11-20T02:00:00Z", priority=TaskPriority.LOW))
    told = redrive_dead_letters(priority)
    assert (told.redriven, told.left) == (redriven, left)
    work()
    assert len(counted("n")) == redriven
