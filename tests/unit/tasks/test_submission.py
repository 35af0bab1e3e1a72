"""The forms of the documents, and what is refused."""

import asyncio
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.core import codec
from brightspot.core.errors import InputRefused
from brightspot.tasks import (
    NewTask,
    TaskConfig,
    TaskPriority,
    backend,
    background_task,
    submit_all,
    submit_task,
    task_status,
)
from brightspot.tasks.backoff import Backoff
from brightspot.tasks.dispatch import QueueDispatch
from brightspot.tasks.settings import TaskSettings
from brightspot.tasks.submission import TaskId
from tests.unit.tasks.world import World

CALLED = []


@background_task("send_welcome_email")
def send_welcome_email(address):
    CALLED.append(address)


@background_task("process_analytics", priority=TaskPriority.LOW)
async def process_user_analytics(user_id):
    CALLED.append(user_id)
    return await submit_task("send_welcome_email", f"{user_id}@example.com")


@pytest.fixture(autouse=True)
def _own():
    CALLED.clear()
    backend.shared_tasks.cache_clear()
    yield
    backend.shared_tasks.cache_clear()


def test_a_process_without_queues_does_its_tasks_itself_also_those_that_tasks_submit():
    async def asks():
        return await submit_task("process_analytics", f"{__name__}.process_user_analytics", user_id=123)

    task_id = asyncio.run(asks())
    status = task_status(task_id)
    assert isinstance(task_id, TaskId)
    assert (status.state, status.priority, CALLED) == ("done", "low", [123, "123@example.com"])
    assert task_status(status.result).state == "done"


def test_a_name_of_ones_own_with_the_path_of_a_task_is_that_task():
    config = TaskConfig(priority=TaskPriority.HIGH, max_retries=5)
    status = task_status(submit_task("welcome", f"{__name__}.send_welcome_email", "ann", config=config))
    assert (status.name, status.state, status.max_attempts, CALLED) == ("welcome", "done", 6, ["ann"])


def test_text_with_dots_is_an_argument_unless_a_module_of_tasks_is_meant():
    submit_task("send_welcome_email", "ann.lee@example.com")
    submit_task("send_welcome_email", "os.path.join")
    assert CALLED == ["ann.lee@example.com", "os.path.join"]
    with pytest.raises(InputRefused, match="is no background task"):
        submit_task("send_welcome_email", f"{__name__}.CALLED")


def test_functions_stay_what_they_are():
    send_welcome_email("bob")
    assert CALLED == ["bob"]
    assert asyncio.iscoroutinefunction(process_user_analytics)


def test_an_id_travels_as_text():
    assert codec.dumps({"id": TaskId("01")}) == b'{"id":"01"}'


@pytest.mark.parametrize(
    ("config", "field"),
    [
        (TaskConfig(delay_seconds=-1), "delay_seconds"),
        (TaskConfig(delay_seconds=float("nan")), "delay_seconds"),
        (TaskConfig(max_retries=21), "max_retries"),
        (TaskConfig(timeout_seconds=901), "timeout_seconds"),
        (TaskConfig(key=""), "key"),
        (TaskConfig(depends_on=["never submitted"]), "depends_on"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(config, field):
    with pytest.raises(InputRefused) as refused:
        submit_all([NewTask("send_welcome_email", ["ann"], config=config)])
    assert refused.value.field == field
    assert CALLED == []


def test_of_many_tasks_none_is_kept_when_one_is_refused():
    world = World()
    with pytest.raises(InputRefused):
        world.submit(NewTask("world.node"), NewTask("world.node", ["too much"]))
    assert world.rows.shelved("queued#0", "", 9, newest_first=True) == []
    assert not world.queue.messages


@given(attempt=st.integers(1, 30), seed=st.integers())
def test_the_wait_before_a_next_try_is_anything_up_to_the_back_off(attempt, seed):
    wait = Backoff(random.Random(seed))(attempt)
    assert 0 <= wait <= min(600, 2**attempt)


def test_waits_spread_over_the_whole_back_off():
    backoff = Backoff(random.Random(1))
    waits = [backoff(5) for _ in range(1000)]
    assert min(waits) < 1
    assert max(waits) > 31
    assert 14 < sum(waits) / 1000 < 18


class Sent:
    """An outbox and an adapter for long delays that keep what they are given."""

    def __init__(self):
        self.sent, self.planned = [], []

    def send_all(self, url, messages, *, delay_seconds=0):
        self.sent += [(url, each.body.id, delay_seconds) for each in messages]
        return []

    def at(self, when, task_id, queue_url, message_text):
        self.planned.append((when, task_id, queue_url, codec.loads(message_text)["body"]["id"]))


def test_long_delays_go_through_the_adapter_and_short_ones_through_the_queue(clock):
    sent, settings = Sent(), TaskSettings(high_url="high", normal_url="normal", low_url="low")
    world = World(clock=clock)
    ids = world.submit(*[NewTask("world.node", config=TaskConfig(delay_seconds=each)) for each in (0.5, 900, 901)])
    heads = [world.tasks.orders.look(each) for each in ids]
    QueueDispatch(sent, settings, clock, sent).send(heads)
    assert sent.sent == [("normal", ids[0], 1), ("normal", ids[1], 900)]
    assert [each[1:] for each in sent.planned] == [(ids[2], "normal", ids[2])]
    assert (sent.planned[0][0] - clock.now()).total_seconds() == 901
    QueueDispatch(sent, settings, clock, None).send(heads[2:])
    assert sent.sent[-1] == ("normal", ids[2], 900), "without an adapter: the first step of the way"


def test_a_task_is_not_done_before_its_time_however_many_steps_that_takes():
    world = World()
    begun = world.clock.now()
    (task_id,) = world.submit(NewTask("world.node", config=TaskConfig(delay_seconds=3600)))
    assert world.states([task_id]) == ["scheduled"]
    world.run()
    assert world.states([task_id]) == ["done"]
    assert 3599 <= (world.clock.now() - begun).total_seconds() < 3610
    assert world.queue.sent == 4
