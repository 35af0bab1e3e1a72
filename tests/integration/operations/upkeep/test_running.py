"""Runs of maintenance tasks: recorded from begin to end, one at a time, gone on with, told a page at a time."""

from datetime import timedelta

import pytest

from brightspot.core.errors import Conflict, InputRefused, NotFound
from brightspot.operations.upkeep.service import Started, Upkeep
from tests.unit.operations.upkeep.items import items, seconds

SCHEDULED = Started("schedule", None, "execution-1")


@pytest.fixture
def shelves():
    return {"a": {101, 102, 103}, "b": {104}}


@pytest.fixture
def upkeep(runs, clock, shelves):
    return over(runs, clock, shelves)


def over(runs, clock, shelves, fault=None):
    return Upkeep(runs, clock, {"tidy": items(shelves, clock, fault)})


def test_a_run_is_told_with_what_it_counted_and_who_began_it(upkeep, clock, shelves):
    done = upkeep.run("tidy", seconds(clock, 60), started=Started("hand", "ada"))
    assert shelves == {"a": set(), "b": set()}
    assert (done.outcome, done.started_by, done.who, done.seconds, done.attempt) == ("done", "hand", "ada", 4.0, 1)
    assert {name: (each.looked_at, each.changed, each.left) for name, each in done.counts.items()} == {
        "a": (3, 3, 0),
        "b": (1, 1, 0),
    }
    assert upkeep.history("tidy").runs == [done]
    assert upkeep.last_run("tidy") == done


def test_a_second_run_finds_nothing_left(upkeep, clock):
    upkeep.run("tidy", seconds(clock, 60))
    again = upkeep.run("tidy", seconds(clock, 60))
    assert (again.outcome, sum(each.changed for each in again.counts.values())) == ("done", 0)


def test_what_the_deadline_leaves_the_next_run_goes_on_with(upkeep, clock, shelves):
    first = upkeep.run("tidy", seconds(clock, 2))
    assert (first.outcome, first.position, first.counts["a"].left) == ("stopped", "a:102", None)
    assert shelves == {"a": {103}, "b": {104}}
    second = upkeep.run("tidy", seconds(clock, 60))
    assert (second.outcome, second.position, second.counts["a"].changed) == ("done", None, 1)


def test_a_dry_run_changes_nothing_and_moves_no_position(upkeep, clock, shelves):
    upkeep.run("tidy", seconds(clock, 1))
    dry = upkeep.run("tidy", seconds(clock, 60), dry_run=True)
    assert shelves == {"a": {102, 103}, "b": {104}}
    done = upkeep.run("tidy", seconds(clock, 60))
    assert (dry.dry_run, dry.counts) == (True, done.counts)


def test_while_a_run_is_under_way_another_is_refused(runs, clock, upkeep, shelves):
    class Meanwhile(dict):
        def __iter__(self):
            with pytest.raises(Conflict, match="is under way"):
                upkeep.run("tidy", seconds(clock, 60))
            assert upkeep.last_run("tidy").outcome == "running"
            return super().__iter__()

    assert over(runs, clock, Meanwhile(shelves)).run("tidy", seconds(clock, 60)).outcome == "done"


def test_one_of_two_that_begin_at_the_same_moment_is_refused(runs, clock, upkeep):
    late, version = runs.hold("tidy")
    upkeep.run("tidy", seconds(clock, 60))
    assert not runs.keep_hold("tidy", late, version)


def killed(runs, clock, shelves, started=None):
    """A run that never tells its end, as of a process that was killed."""
    with pytest.raises(KeyboardInterrupt):
        over(runs, clock, shelves, KeyboardInterrupt()).run("tidy", seconds(clock, 60), started=started)


def test_a_run_that_was_killed_shows_as_unfinished_and_holds_the_task_no_longer_than_it_had_time(
    runs, clock, upkeep, shelves
):
    killed(runs, clock, shelves)
    assert upkeep.last_run("tidy").outcome == "running"
    with pytest.raises(Conflict):
        upkeep.run("tidy", seconds(clock, 60))
    clock.advance(seconds=76)
    assert [each.outcome for each in upkeep.history("tidy").runs] == ["unfinished"]
    assert upkeep.run("tidy", seconds(clock, 60)).outcome == "done"
    assert [each.outcome for each in upkeep.history("tidy").runs] == ["done", "unfinished"]


def test_a_run_that_fails_is_recorded_with_its_error_and_begins_again_where_it_began(runs, clock, upkeep, shelves):
    upkeep.run("tidy", seconds(clock, 2))
    with pytest.raises(OSError, match="down"):
        over(runs, clock, shelves, OSError("down")).run("tidy", seconds(clock, 60))
    assert (upkeep.last_run("tidy").outcome, upkeep.last_run("tidy").error) == ("failed", "OSError: down")
    assert upkeep.run("tidy", seconds(clock, 60)).counts["a"].changed == 1


def test_an_execution_of_a_schedule_that_is_tried_again_is_the_same_run(runs, clock, upkeep, shelves):
    with pytest.raises(OSError, match="down"):
        over(runs, clock, shelves, OSError("down")).run("tidy", seconds(clock, 60), started=SCHEDULED)
    clock.advance(seconds=60)
    done = upkeep.run("tidy", seconds(clock, 60), started=SCHEDULED)
    assert (done.outcome, done.attempt) == ("done", 2)
    shelves["a"].add(105)
    assert upkeep.run("tidy", seconds(clock, 60), started=SCHEDULED) == done  # delivered once more
    assert shelves["a"] == {105}
    assert upkeep.history("tidy").count == 1
    assert upkeep.run("tidy", seconds(clock, 60), started=Started("schedule", None, "execution-2")).attempt == 1
    assert shelves["a"] == set()


def test_an_execution_that_was_killed_is_gone_on_with_once_its_time_is_over(runs, clock, upkeep, shelves):
    killed(runs, clock, shelves, SCHEDULED)
    with pytest.raises(Conflict):
        upkeep.run("tidy", seconds(clock, 60), started=SCHEDULED)
    clock.advance(seconds=76)
    assert upkeep.run("tidy", seconds(clock, 60), started=SCHEDULED).attempt == 2
    assert upkeep.history("tidy").count == 1


def test_the_history_pages_from_the_latest_run_back(upkeep, clock):
    made = []
    for _ in range(7):
        made.append(upkeep.run("tidy", seconds(clock, 60)).started_at)
        clock.advance(seconds=3600)
    told, cursor = [], None
    while True:
        page = upkeep.history("tidy", 3, cursor)
        told += [each.started_at for each in page.runs]
        if (cursor := page.next_cursor) is None:
            break
    assert told == made[::-1]
    with pytest.raises(InputRefused, match="next_cursor"):
        upkeep.history("tidy", 3, "WzEsImF1ZGl0LWFkbWluIiwiNCJd")


def test_tasks_are_told_with_their_last_run(upkeep, clock):
    (told,) = upkeep.tasks().tasks
    assert (told.name, told.cron, told.last_run) == ("tidy", "cron(0 1 * * ? *)", None)
    done = upkeep.run("tidy", seconds(clock, 60))
    assert [each.last_run for each in upkeep.tasks().tasks] == [done]


def test_a_name_that_no_task_has_is_not_found(upkeep, clock):
    for ask in (lambda: upkeep.run("sweep", seconds(clock, 1)), lambda: upkeep.history("sweep")):
        with pytest.raises(NotFound, match="there are tidy"):
            ask()


def test_runs_are_forgotten_after_ninety_days_and_not_before(runs, upkeep, clock):
    for _ in range(3):
        upkeep.run("tidy", seconds(clock, 60))
        clock.advance(seconds=24 * 3600)
    now = clock.now() + timedelta(days=88)
    assert runs.forget("tidy", now, 100, dry_run=True) == 2
    assert upkeep.history("tidy").count == 3
    assert runs.forget("tidy", now, 1, dry_run=False) == 1
    assert runs.forget("tidy", now, 100, dry_run=False) == 1
    assert runs.forget("tidy", now, 100, dry_run=False) == 0
    assert upkeep.history("tidy").count == 1
    assert upkeep.run("tidy", seconds(clock, 60)).outcome == "done"  # what is remembered of the task stays
