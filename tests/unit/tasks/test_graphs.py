"""Graphs of tasks, delivered twice and in any order: each task ends as its dependencies say, and once."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.core.errors import InputRefused
from brightspot.tasks import NewTask, TaskConfig
from brightspot.tasks.plan import in_order, labels_of
from tests.unit.tasks.world import World


@st.composite
def graphs(draw):
    """Tasks, each of which depends on some of those before it, now and then in more than one call."""
    tasks = []
    for at in range(draw(st.integers(1, 25))):
        name = draw(st.sampled_from(["world.node", "world.node", "world.node", "world.broken"]))
        needs = draw(st.lists(st.integers(0, at - 1), max_size=4, unique=True)) if at else []
        policy = draw(st.sampled_from(["fail", "skip", "run"]))
        config = TaskConfig(depends_on=[str(each) for each in needs], on_failed_dependency=policy)
        tasks.append(NewTask(name, config=config, label=str(at)))
    return tasks


def ends(tasks):
    """How each must end: what its dependencies' ends and its own choice say, straight from the words of the docs."""
    found = {}
    for task in tasks:
        bad = any(found[each] != "done" for each in task.config.depends_on)
        if bad and task.config.on_failed_dependency != "run":
            found[task.label] = "failed" if task.config.on_failed_dependency == "fail" else "skipped"
        else:
            found[task.label] = "failed" if task.name == "world.broken" else "done"
    return list(found.values())


@given(tasks=graphs(), seed=st.integers(0, 999), repeats=st.sampled_from([0.0, 0.5]))
def test_a_graph_ends_as_its_dependencies_say_whatever_the_queue_does(tasks, seed, repeats):
    world = World(seed)
    ids = world.submit(*tasks)
    world.run(repeats=repeats)
    assert world.states(ids) == ends(tasks)
    assert set(world.effects().values()) <= {1}
    assert set(world.effects()) == {each for each, end in zip(ids, ends(tasks), strict=True) if end == "done"}


@given(tasks=graphs(), seed=st.integers(0, 999), data=st.data())
def test_a_task_that_is_submitted_while_its_dependencies_run_misses_none_of_their_ends(tasks, seed, data):
    world = World(seed)
    ids = {}
    for task in tasks:
        config = TaskConfig(
            depends_on=[ids[each] for each in task.config.depends_on],
            on_failed_dependency=task.config.on_failed_dependency,
        )
        (ids[task.label],) = world.submit(NewTask(task.name, config=config))
        for _ in range(data.draw(st.integers(0, 2))):
            if world.queue.messages:
                world.deliver(repeats=0.3)
    world.run()
    assert world.states(ids.values()) == ends(tasks)
    assert set(world.effects().values()) <= {1}


@given(edges=st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=14))
def test_a_circle_is_refused_and_named_and_nothing_else_is(edges):
    tasks = [
        NewTask("world.node", label=str(at), config=TaskConfig(depends_on=[str(b) for a, b in edges if a == at]))
        for at in range(8)
    ]
    try:
        order = in_order(tasks, labels_of(tasks))
    except InputRefused as refused:
        circle = [int(each) for each in str(refused).partition(": ")[2].split(" -> ")]
        assert circle[0] == circle[-1]
        assert all(pair in edges for pair in pairwise(circle))
    else:
        assert sorted(order) == list(range(8))
        assert all(order.index(b) < order.index(a) for a, b in edges)
        assert not reaches_itself(edges)


def reaches_itself(edges):
    """Warshall's closure, as the reference."""
    reach = set(edges)
    for k in range(8):
        reach |= {(i, j) for i in range(8) for j in range(8) if (i, k) in reach and (k, j) in reach}
    return any((each, each) in reach for each in range(8))


def test_a_long_chain_fails_to_its_end_without_recursion():
    world = World()
    chain = [
        NewTask("world.node" if at else "world.broken", label=str(at), config=TaskConfig(depends_on=[str(at - 1)][:at]))
        for at in range(1500)
    ]
    ids = world.submit(*chain)
    world.run()
    assert set(world.states(ids)) == {"failed"}
    assert world.tasks.statuses.one(ids[-1]).error.reason == f"it depends on {ids[-2]}, which did not end as done"
    assert [letter[0] for letter in world.queue.letters] == [ids[0]], "what failed for others is no dead letter"


def test_a_redriven_task_takes_with_it_what_failed_because_of_it():
    world = World()
    attempts = []
    world.mend = False
    ids = world.submit(
        NewTask("world.mended", label="first"),
        NewTask("world.node", label="second", config=TaskConfig(depends_on=["first"])),
        NewTask("world.node", label="third", config=TaskConfig(depends_on=["second"], on_failed_dependency="skip")),
        NewTask("world.node", label="any", config=TaskConfig(depends_on=["first"], on_failed_dependency="run")),
    )
    from brightspot.tasks.errors import PermanentTaskError
    from brightspot.tasks.registry import background_task

    @background_task("world.mended")
    def mended():
        attempts.append(1)
        if len(attempts) == 1:
            raise PermanentTaskError("not yet")

    world.run()
    assert world.states(ids) == ["failed", "failed", "skipped", "done"]
    world.tasks.orders.redrive(ids[0])
    assert world.states(ids) == ["queued", "waiting", "waiting", "done"]
    world.run()
    assert world.states(ids) == ["done", "done", "done", "done"]
    assert world.effects() == dict.fromkeys(ids[1:], 1), "what had ended is not done again"


@pytest.mark.parametrize("named", ["01ARZ3NDEKTSV4RRFFQ69G5FAV", "never.submitted"])
def test_a_dependency_that_there_is_not_is_refused(named):
    world = World()
    with pytest.raises(InputRefused, match=f"there is no task.*{named}"):
        world.submit(NewTask("world.node", config=TaskConfig(depends_on=[named])))
    assert not world.queue.messages


def test_a_name_means_the_newest_run_of_it():
    world = World()
    old, new = world.submit(NewTask("world.broken"))[0], None
    world.run()
    world.clock.advance(seconds=1)
    (new,) = world.submit(NewTask("world.broken"))
    (after,) = world.submit(NewTask("world.node", config=TaskConfig(depends_on=["world.broken"])))
    assert world.tasks.statuses.one(after).depends_on == [new] != [old]
