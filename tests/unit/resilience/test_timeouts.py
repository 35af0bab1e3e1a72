"""Timeouts by operation, never beyond the deadline."""

import asyncio
import threading

import pytest

from brightspot.core.clock import SystemClock
from brightspot.core.errors import SettingsError
from brightspot.core.kinds import TIMEOUT, kind_of
from brightspot.core.settings import load
from brightspot.resilience import Deadline
from brightspot.resilience.timeouts import OperationTimeout, Timeouts, TimeoutSettings

TIMES = Timeouts(
    load(TimeoutSettings, {"OPERATION_TIMEOUT_MS": "30000", "OPERATION_TIMEOUTS_MS": "quick=20, slow = 60000"})
)


@pytest.fixture
def deadline():
    return Deadline.after(SystemClock(), 30)


def test_each_operation_has_the_time_set_for_its_name_or_the_usual_one():
    assert [TIMES.seconds(each) for each in ("quick", "slow", "other")] == [0.02, 60, 30]


@pytest.mark.parametrize("text", ["quick", "quick=", "quick=0", "quick=-1", "=5", "quick=1.5", "a=1,b"])
def test_times_that_cannot_be_read_are_named(text):
    with pytest.raises(SettingsError, match="OPERATION_TIMEOUTS_MS"):
        Timeouts(TimeoutSettings(named=text))


def test_a_job_in_time_gives_its_value_or_its_own_error(deadline):
    assert TIMES.run("other", lambda: "done", deadline) == "done"
    assert TIMES.run("other", lambda: None, deadline) is None
    for error in (OSError("down"), TimeoutError("its own")):
        with pytest.raises(type(error), match=str(error)) as caught:
            TIMES.run("other", failing(error), deadline)
        assert not isinstance(caught.value, OperationTimeout)


def failing(error):
    def job():
        raise error

    return job


def test_a_job_that_runs_on_is_left_behind(deadline):
    release = threading.Event()
    with pytest.raises(OperationTimeout, match=r"quick did not end within 0\.02 s") as caught:
        TIMES.run("quick", lambda: release.wait(30), deadline)
    release.set()
    assert isinstance(caught.value, TimeoutError)
    assert kind_of(caught.value) is TIMEOUT


def test_the_deadline_wins_over_a_longer_timeout_and_a_job_past_it_is_not_begun(clock):
    release, ran = threading.Event(), []
    with pytest.raises(OperationTimeout):
        TIMES.run("slow", lambda: release.wait(30), Deadline.after(SystemClock(), 0.02))
    release.set()
    over = Deadline.after(clock, 1)
    clock.advance(seconds=1)
    with pytest.raises(OperationTimeout):
        TIMES.run("slow", lambda: ran.append(True), over)
    assert ran == []


def test_an_awaited_job_is_cancelled_when_its_time_is_over(deadline):
    ended = []

    async def hang():
        try:
            await asyncio.sleep(30)
        finally:
            ended.append(True)

    async def own():
        raise TimeoutError("its own")

    async def well():
        return "done"

    assert asyncio.run(TIMES.arun("other", well, deadline)) == "done"
    with pytest.raises(OperationTimeout):
        asyncio.run(TIMES.arun("quick", hang, deadline))
    assert ended == [True]
    with pytest.raises(TimeoutError, match="its own"):
        asyncio.run(TIMES.arun("other", own, deadline))
