"""What a deadline interrupts is gone on with: however often it comes, everything is done once, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from brightspot.operations.upkeep.work import START, Work, perform
from tests.conftest import HandClock
from tests.unit.operations.upkeep.items import items, seconds

SHELVES = st.dictionaries(st.sampled_from("abcd"), st.sets(st.integers(100, 130), max_size=8), max_size=4)


@given(SHELVES, st.lists(st.integers(0, 6), min_size=1, max_size=40))
def test_runs_with_little_time_together_do_each_thing_once(shelves, times):
    clock, position, done = HandClock(), START, {}
    kept = {name: set(each) for name, each in shelves.items()}
    task = items(kept, clock)
    for number in [*times, 1000]:
        work = Work(seconds(clock, number), clock, dry_run=False)
        position = perform(task.steps(), work, position)
        for name, tally in work.counts.items():
            done[name] = done.get(name, 0) + tally.changed
        if position is None:
            break
    assert position is None
    assert kept == {name: set() for name in shelves}
    assert {name: number for name, number in done.items() if number} == {
        name: len(each) for name, each in shelves.items() if each
    }


@given(SHELVES, st.integers(0, 40))
def test_a_dry_run_counts_what_the_run_after_it_does_and_changes_nothing(shelves, number):
    clock = HandClock()
    kept = {name: set(each) for name, each in shelves.items()}
    runs = [Work(seconds(clock, number), clock, dry_run=dry) for dry in (True,)]
    stopped = [perform(items(kept, clock).steps(), runs[0], START)]
    assert kept == shelves
    runs.append(Work(seconds(clock, number), clock, dry_run=False))
    stopped.append(perform(items(kept, clock).steps(), runs[1], START))
    assert runs[0].counts == runs[1].counts
    assert stopped[0] == stopped[1]


def test_a_position_in_a_step_that_there_is_no_more_begins_anew(clock):
    kept = {"a": {101}, "b": {102}}
    assert perform(items(kept, clock).steps(), Work(seconds(clock, 9), clock, dry_run=False), "gone:5") is None
    assert kept == {"a": set(), "b": set()}


def test_without_any_time_nothing_is_begun_and_the_position_stays(clock):
    kept = {"a": {101}, "b": {102}}
    work = Work(seconds(clock, 0), clock, dry_run=False)
    assert perform(items(kept, clock).steps(), work, "b:101") == "b:101"
    assert kept == {"a": {101}, "b": {102}}
