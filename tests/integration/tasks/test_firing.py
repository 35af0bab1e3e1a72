"""Each time that a schedule is due is one task, however often and in whichever order Scheduler and SQS deliver it."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.store import TableUnavailable
from brightspot.tasks import task_entry, tasks_listed
from brightspot.tasks.firing import Firing, firing_in, firing_text
from tests.wiring import forget_wiring

CONTEXT = SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000)
MINUTE = 1_795_177_800_000  # 2026-11-20T12:30:00Z


@pytest.fixture(autouse=True)
def own_tasks(monkeypatch):
    """This process does its tasks itself, and has none to begin with."""
    monkeypatch.delenv("TABLE_PREFIX", raising=False)
    forget_wiring()
    yield
    forget_wiring()


def firing(schedule="nightly", **more):
    return Firing(schedule=schedule, cron="0 2 * * *", time_zone="UTC", **{"task": "noop", **more})


def filled(text, due, execution):
    """What Scheduler makes of the text of a schedule."""
    return text.replace("<aws.scheduler.scheduled-time>", due).replace("<aws.scheduler.execution-id>", execution)


def record(body, message_id="m1", sent=MINUTE, receives="1"):
    return {
        "messageId": message_id,
        "receiptHandle": f"receipt of {message_id}",
        "body": body,
        "attributes": {"ApproximateReceiveCount": receives, "SentTimestamp": str(sent)},
        "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:stack-tasks-normal",
    }


def deliver(*records):
    """The ids of the messages that are to come again."""
    answer = task_entry("brightspot.tasks.own")({"Records": [*records]}, CONTEXT)
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


def done():
    return [each.name for each in tasks_listed(state="done").tasks]


def test_a_time_that_is_due_is_one_task_and_delivered_again_it_is_the_same():
    text = firing_text(firing())
    first = record(filled(text, "2026-11-20T02:00:00Z", "a1"))
    again = record(filled(text, "2026-11-20T02:00:00Z", "b2"), "m2", MINUTE + 90_000)
    assert deliver(first) == []
    assert deliver(first, again) == []
    assert done() == ["noop"]
    assert deliver(record(filled(text, "2026-11-21T02:00:00Z", "c3"), "m3")) == []
    assert done() == ["noop"] * 2


def test_two_schedules_and_two_tasks_that_are_due_at_one_time_are_two_each():
    bodies = [filled(firing_text(firing(name)), "2026-11-20T02:00:00Z", "a1") for name in ("nightly", "early")]
    assert deliver(*(record(body, f"m{at}") for at, body in enumerate(bodies))) == []
    assert done() == ["noop"] * 2


def test_what_an_emulator_does_not_fill_in_is_known_by_the_minute_in_which_it_was_sent():
    text = firing_text(firing())
    within = [record(text, f"m{at}", MINUTE + seconds * 1000) for at, seconds in enumerate((0, 5, 59))]
    assert deliver(*within) == []
    assert done() == ["noop"]
    assert deliver(record(text, "m4", MINUTE + 60_000)) == []
    assert done() == ["noop"] * 2


def test_a_schedule_gives_its_task_what_it_was_made_with():
    known = firing(kwargs={"counter": "nights"}, priority="low", max_retries=0, tenant="t1")
    deliver(record(filled(firing_text(known), "2026-11-20T02:00:00Z", "a1")))
    (task,) = tasks_listed().tasks
    assert (task.state, task.priority, task.max_attempts, task.tenant) == ("done", "low", 1, "t1")


def test_what_cannot_be_read_or_submitted_is_to_come_again_and_the_others_are_done(monkeypatch, capsys):
    text = filled(firing_text(firing()), "2026-11-20T02:00:00Z", "a1")
    misfit = filled(firing_text(firing("early", args=[1, 2, 3])), "2026-11-20T02:00:00Z", "a1")
    broken = text.replace('"task":', '"tusk":')
    assert deliver(record(broken, "m1"), record(misfit, "m2"), record(text, "m3")) == ["m1", "m2"]
    assert done() == ["noop"]
    assert "schedule_failed" in capsys.readouterr().out


def test_while_the_table_is_away_the_time_is_not_lost(monkeypatch):
    body = record(filled(firing_text(firing()), "2026-11-20T02:00:00Z", "a1"))

    def away(tasks):
        raise TableUnavailable("away")

    with monkeypatch.context() as failing:
        failing.setattr("brightspot.tasks.firing.submit_all", away)
        assert deliver(body) == ["m1"]
    assert deliver(body) == []
    assert done() == ["noop"]


@given(st.text(max_size=30), st.lists(st.text(max_size=20)), st.dictionaries(st.text(max_size=5), st.integers()))
def test_what_a_schedule_says_is_read_as_it_was_written(name, args, kwargs):
    known = firing(name, args=args, kwargs=kwargs)
    assert firing_in(firing_text(known)) == known
