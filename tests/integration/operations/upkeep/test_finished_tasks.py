"""cleanup_completed_tasks: runs of maintenance are forgotten after 90 days."""

import pytest

from brightspot.operations.upkeep.registry import TASKS
from tests.integration.operations.upkeep.conftest import counted

TASK = "cleanup_completed_tasks"


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
    while runs[-1].outcome == "stopped":
        runs.append(world.run(TASK, looks=4))
    for each in runs:
        changed += counted(each)["maintenance_runs"][1]
    assert changed == 5
    assert len(runs) >= len(TASKS) // 3
