"""One attempt: what its function may ask, how it is stopped, and whose end counts."""

import asyncio
import threading
import time
from contextlib import nullcontext, suppress

import pytest

from brightspot.core.clock import SystemClock
from brightspot.resilience import Deadline
from brightspot.tasks import NewTask, TaskConfig
from brightspot.tasks.errors import TaskTimedOut
from brightspot.tasks.event import Delivery
from brightspot.tasks.registry import background_task
from brightspot.tasks.rows import Effect, When, head_in
from brightspot.tasks.running import RunningTask, called, current_task
from tests.unit.tasks.world import LEASE, World

DOES = {}


@background_task("world.does")
def does():
    return DOES["what"](current_task())


def doing(world, what, **config):
    DOES["what"] = what
    return world.submit(NewTask("world.does", config=TaskConfig(**config)))[0]


def running(seconds):
    deadline = Deadline.after(SystemClock(), seconds)
    return RunningTask("id", "name", 1, deadline, look=lambda: False, tell=lambda done, total: False)


def test_a_function_that_hangs_is_ended_in_its_time_even_if_it_catches_every_exception():
    def hangs():
        while True:
            with suppress(Exception):
                time.sleep(60)

    with pytest.raises(TaskTimedOut):
        called(running(0.05), hangs)


def test_an_async_function_that_hangs_is_ended_in_its_time():
    async def hangs():
        await asyncio.sleep(60)

    with pytest.raises(TaskTimedOut):
        called(running(0.05), hangs)


def test_an_async_function_is_run_where_a_loop_runs_already():
    async def answers():
        await asyncio.sleep(0)
        return current_task().id

    async def asks():
        return called(running(60), answers)

    assert asyncio.run(asks()) == "id"


def test_beside_the_main_thread_a_function_is_ended_when_it_looks():
    found = []

    def looks():
        while True:
            current_task().check()

    def on_a_thread():
        with pytest.raises(TaskTimedOut):
            called(running(0.05), looks)
        found.append(True)

    thread = threading.Thread(target=on_a_thread)
    thread.start()
    thread.join()
    assert found


def test_a_try_that_takes_too_long_is_tried_again():
    world = World()
    tries = []

    def slow_at_first(task):
        tries.append(task.attempt)
        if len(tries) == 1:
            world.clock.advance(seconds=11)
            task.check()

    task_id = doing(world, slow_at_first, timeout_seconds=10)
    world.run()
    status = world.tasks.statuses.one(task_id)
    assert (status.state, tries) == ("done", [1, 2])
    assert status.attempts[0].error == "TaskTimedOut: world.does did not end in its time"


def test_a_running_task_that_is_cancelled_stops_when_it_tells_its_progress():
    world = World()
    reached = []

    def works(task):
        for done in range(1, 10):
            if done == 3:
                assert world.tasks.orders.cancel(task.id).state == "running"
            task.progress(done, 10)
            reached.append(done)

    task_id = doing(world, works)
    (after,) = world.submit(NewTask("world.node", config=TaskConfig(depends_on=[task_id])))
    world.run()
    status = world.tasks.statuses.one(task_id)
    assert (status.state, reached, status.progress.done) == ("cancelled", [1, 2], 3)
    assert world.states([after]) == ["failed"]


def test_a_worker_that_lost_its_lease_neither_ends_the_task_nor_has_its_effect():
    world = World()
    seen = []

    def outlives_its_lease(task):
        seen.append(task.attempt)
        task.effect(Effect({"id": "counter#world", "part": task.id}, adds={"n": 1}))
        if task.attempt == 1:
            world.clock.advance(seconds=LEASE)
            again = world.tasks.worker.handle([Delivery("2", task.id, nullcontext)], world.deadline())
            assert again == {}, "the other one has ended it"
        return task.attempt

    task_id = doing(world, outlives_its_lease)
    world.run()
    status = world.tasks.statuses.one(task_id)
    assert (seen, status.state, status.result) == ([1, 2], "done", 2)
    assert status.attempts[0].error == "WorkerLost: its worker was silent"
    assert world.effects() == {task_id: 1}


def test_a_message_of_a_task_that_another_worker_has_comes_again_when_its_lease_ends():
    world = World()

    def is_looked_at(task):
        return world.tasks.worker.handle([Delivery("2", task.id, nullcontext)], world.deadline())

    task_id = doing(world, is_looked_at)
    world.run()
    assert world.tasks.statuses.one(task_id).result == {"2": 60.0}


def test_leases_are_extended_while_a_task_runs_and_by_nobody_after_the_answer():
    world = World()
    world.tasks.worker._claims.lease_seconds = 0.3
    leases = []

    def takes_its_time(task):
        ends = time.monotonic() + 5
        while len(set(leases)) < 3 and time.monotonic() < ends:
            world.clock.advance(seconds=0.01)
            leases.append(head_in(world.rows.read([(task.id, "head")])[task.id, "head"]).lease)
            time.sleep(0.01)

    before = threading.active_count()
    doing(world, takes_its_time)
    world.run()
    assert len(set(leases)) >= 3
    assert threading.active_count() == before


def test_an_effect_whose_condition_does_not_hold_fails_the_attempt_and_the_others_of_its_event_end():
    world = World()
    refused = doing(
        world,
        lambda task: task.effect(Effect({"id": "x", "part": "y"}, {"n": 1}, when=[When("id", "present")])),
        max_retries=0,
    )
    others = world.submit(*[NewTask("world.node")] * 5)
    world.run()
    assert world.tasks.statuses.one(refused).error.error == "EffectRefused"
    assert set(world.states(others)) == {"done"}


@pytest.mark.parametrize(
    ("returned", "reason"), [(object(), "its result is no JSON"), ("x" * 100_001, "100000 are the most")]
)
def test_a_result_that_cannot_be_kept_fails_the_task_with_the_reason(returned, reason):
    world = World()
    task_id = doing(world, lambda task: returned)
    world.run()
    status = world.tasks.statuses.one(task_id)
    assert (status.state, status.attempt) == ("failed", 1)
    assert reason in status.error.reason


def test_what_an_event_has_no_time_for_goes_back_unspent():
    world = World()
    ids = world.submit(*[NewTask("world.does", config=TaskConfig(timeout_seconds=100)) for _ in range(3)])
    DOES["what"] = lambda task: world.clock.advance(seconds=90)
    deliveries = [Delivery(each, each, nullcontext) for each in ids]
    again = world.tasks.worker.handle(deliveries, Deadline.after(world.clock, 150))
    assert world.states(ids) == ["done", "queued", "queued"]
    assert again == dict.fromkeys(ids[1:], 0.0)
    assert [world.tasks.statuses.one(each).attempt for each in ids] == [1, 0, 0]
