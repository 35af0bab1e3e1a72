"""A worker, or whoever submits, may be killed at any call: nothing is lost, and nothing has its effect twice."""

from collections import Counter
from dataclasses import replace
from itertools import count

import pytest

from brightspot.store import QueueUnavailable, TableUnavailable
from brightspot.tasks import NewTask, TaskConfig
from tests.unit.tasks.world import Killed, World


def graph():
    """A fan-out, a fan-in, a failure with those that fail and are skipped for it, and one that runs all the same."""
    return (
        NewTask("world.node", label="root"),
        *(NewTask("world.node", config=TaskConfig(depends_on=["root"]), label=f"leaf{n}") for n in range(4)),
        NewTask("world.node", config=TaskConfig(depends_on=[f"leaf{n}" for n in range(4)]), label="gathered"),
        NewTask("world.broken", config=TaskConfig(depends_on=["root"]), label="broken"),
        NewTask("world.node", config=TaskConfig(depends_on=["broken", "leaf0"]), label="failed"),
        NewTask("world.node", config=TaskConfig(depends_on=["failed"], on_failed_dependency="skip"), label="skipped"),
        NewTask("world.node", config=TaskConfig(depends_on=["skipped", "gathered"], on_failed_dependency="run")),
        NewTask("world.flaky", [1]),  # one attempt is left for a worker that is killed
    )


ENDS = [*["done"] * 6, "failed", "failed", "skipped", "done", "done"]
SEED = 5


def worlds(error, *, after):
    """The graph with a worker that fails at its first, second, ... call to table or queue, until it has no more."""
    for at in count(1):
        world = World(SEED)
        ids = world.submit(*graph())
        world.faults.fail(at, error, after=after)
        if not world.run():
            assert at > 40
            return
        yield at, world, ids


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("error", [Killed, TableUnavailable, QueueUnavailable])
def test_a_worker_that_fails_at_any_call_loses_nothing_and_does_nothing_twice(error, after):
    letters = Counter()
    for at, world, ids in worlds(error, after=after):
        assert world.states(ids) == ENDS, f"failed at call {at}"
        done = {each for each, end in zip(ids, ENDS, strict=True) if end == "done"}
        assert world.effects() == dict.fromkeys(done, 1), f"failed at call {at}"
        assert {letter[0] for letter in world.queue.letters} == {ids[6]}
        letters[len(world.queue.letters)] += 1
    assert letters[1] > 40
    # Between a letter and its note there is no third way: then there are two of one run.
    assert set(letters) == {1, 2}
    assert letters[2] <= 2


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_submission_killed_at_any_call_and_made_again_by_its_keys_is_one_submission(after):
    keyed = [replace(each, config=replace(each.config, key=str(at))) for at, each in enumerate(graph())]
    for at in count(1):
        world = World(SEED)
        world.faults.fail(at, Killed, after=after)
        try:
            world.submit(*keyed)
        except Killed:
            ids = world.submit(*keyed)
        else:
            assert at > 15
            return
        world.run()
        world.clock.advance(seconds=1000)
        world.tasks.upkeep.resend(world.deadline(), dry_run=False)  # what died between its row and its message
        world.run()
        assert world.states(ids) == ENDS, f"killed at call {at}"
        assert set(world.effects().values()) == {1}
