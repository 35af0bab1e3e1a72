"""Calls are tried again with full jitter, within a budget and a deadline, and only where that is safe."""

import asyncio
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.resilience import Deadline
from brightspot.resilience.retry import Retry, RetryBudget, RetrySettings


class Failing:
    """Fails so many times, then returns its count of calls."""

    def __init__(self, times):
        self.times = times
        self.calls = 0

    def __call__(self):
        self.calls += 1
        if self.calls <= self.times:
            raise OSError(f"failure {self.calls}")
        return self.calls


class Run:
    """A retry whose sleeps move the clock by hand, all written down."""

    def __init__(self, clock, seconds=1000.0, **settings):
        self.waits = []
        self.clock = clock
        self.retry = Retry("callee", RetrySettings(**settings), Random(7), self.sleep)
        self.deadline = Deadline.after(clock, seconds)

    def sleep(self, seconds):
        self.waits.append(seconds)
        self.clock.advance(seconds=seconds)

    def call(self, job, *, idempotent=True, again=lambda _: 0.0):
        return self.retry.call(job, deadline=self.deadline, idempotent=idempotent, again=again)


def test_a_call_is_tried_three_times_more_by_default(clock):
    run, job = Run(clock), Failing(3)
    assert run.call(job) == 4
    assert len(run.waits) == 3


def test_the_last_failure_is_what_the_caller_gets(clock):
    run, job = Run(clock), Failing(99)
    with pytest.raises(OSError, match="failure 4"):
        run.call(job)
    assert job.calls == 4


def test_what_is_not_idempotent_runs_once(clock):
    run, job = Run(clock), Failing(1)
    with pytest.raises(OSError, match="failure 1"):
        run.call(job, idempotent=False)
    assert (job.calls, run.waits) == (1, [])


def test_a_failure_that_is_final_is_not_tried_again(clock):
    run, job = Run(clock), Failing(1)
    with pytest.raises(OSError, match="failure 1"):
        run.call(job, again=lambda _: None)
    assert job.calls == 1


def test_what_the_callee_asked_to_wait_is_waited(clock):
    run = Run(clock)
    run.call(Failing(1), again=lambda _: 30.0)
    assert run.waits == [30.0]


def test_no_wait_begins_that_the_deadline_would_cut_off(clock):
    run, job = Run(clock, seconds=30.0), Failing(1)
    with pytest.raises(OSError, match="failure 1"):
        run.call(job, again=lambda _: 30.0)
    assert (job.calls, run.waits) == (1, [])


def test_the_budget_stops_a_storm_of_retries_and_first_tries_earn_it_back(clock):
    run = Run(clock, seconds=1e9, saved=2, percent=10)
    calls = []
    for _ in range(40):
        job = Failing(99)
        with pytest.raises(OSError, match="failure"):
            run.call(job)
        calls.append(job.calls)
    assert calls[0] == 3  # both saved retries, by the first call
    assert sum(calls) - len(calls) == 2 + 3  # then a tenth of the calls: the tokens that 39 tries earned, in whole ones


def test_a_full_budget_saves_no_more():
    budget = RetryBudget(RetrySettings(saved=1, percent=100))
    for _ in range(10):
        budget.earn()
    assert [budget.spend(), budget.spend()] == [True, False]


@given(attempt=st.integers(0, 12), seed=st.integers(0, 1000))
def test_a_wait_of_ours_lies_between_nothing_and_the_back_off(attempt, seed):
    retry = Retry("callee", RetrySettings(), Random(seed))
    assert 0 <= retry.jittered(attempt) <= min(20.0, 2**attempt)


def test_the_jitter_is_full_and_not_a_part_of_the_wait():
    retry = Retry("callee", RetrySettings(), Random(1))
    waits = [retry.jittered(2) for _ in range(2000)]
    assert min(waits) < 0.05
    assert max(waits) > 3.95
    assert sum(waits) / len(waits) == pytest.approx(2.0, abs=0.1)


def test_async_calls_are_tried_again_by_the_same_rules(clock):
    waits, tries = [], []

    async def asleep(seconds):
        waits.append(seconds)

    async def job():
        tries.append(True)
        if len(tries) < 3:
            raise OSError("down")
        return "well"

    retry = Retry("callee", RetrySettings(), Random(7), asleep=asleep)
    rules = {"deadline": Deadline.after(clock, 60), "again": lambda _: 0.5}
    assert asyncio.run(retry.acall(job, idempotent=True, **rules)) == "well"
    assert len(waits) == 2
    assert all(0.5 <= each <= 2 for each in waits)
    tries.clear()
    with pytest.raises(OSError, match="down"):
        asyncio.run(retry.acall(job, idempotent=False, **rules))
    assert len(tries) == 1


def test_a_marked_function_is_tried_again_within_its_seconds(clock):
    slept, tries = [], []
    retry = Retry("callee", RetrySettings(), Random(7), slept.append, no_wait)

    @retry.marked(clock, seconds=5, again=lambda _: 6.0)
    def impatient():
        tries.append("impatient")
        raise OSError("down")

    @retry.marked(clock, seconds=60, again=lambda _: 0)
    async def patient(word):
        tries.append(word)
        if tries.count(word) < 2:
            raise OSError("down")
        return word

    with pytest.raises(OSError, match="down"):
        impatient()
    assert (impatient.__name__, slept, tries) == ("impatient", [], ["impatient"])
    assert asyncio.run(patient("again")) == "again"


async def no_wait(_):
    pass
