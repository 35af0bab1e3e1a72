"""Parallel jobs are isolated: each failing or hanging one costs only itself."""

import threading

from brightspot.core.clock import SystemClock
from brightspot.resilience import Deadline, run_all


def soon(seconds=5.0):
    return Deadline.after(SystemClock(), seconds)


def test_every_job_has_its_outcome_in_the_order_asked():
    outcomes = run_all({"b": lambda: 1, "a": lambda: 2}, soon())
    assert [(name, each.status, each.value) for name, each in outcomes.items()] == [("b", "ok", 1), ("a", "ok", 2)]


def test_a_job_that_raises_costs_only_itself():
    def fail():
        raise ValueError("broken")

    outcomes = run_all({"bad": fail, "good": lambda: 7}, soon())
    assert (outcomes["bad"].status, str(outcomes["bad"].error)) == ("failed", "broken")
    assert outcomes["good"].value == 7


def test_a_job_that_hangs_is_left_behind_at_the_deadline():
    release = threading.Event()
    outcomes = run_all({"hung": release.wait, "good": lambda: 7}, soon(0.2))
    release.set()
    assert outcomes["hung"].status == "timeout"
    assert outcomes["good"].value == 7


def test_jobs_run_at_the_same_time():
    meeting = threading.Barrier(4, timeout=5)
    outcomes = run_all({str(number): meeting.wait for number in range(4)}, soon())
    assert {each.status for each in outcomes.values()} == {"ok"}


def test_a_deadline_that_has_passed_still_reports_every_job():
    release = threading.Event()
    outcomes = run_all({"late": release.wait}, soon(0.0))
    release.set()
    assert outcomes["late"].status == "timeout"


def test_no_jobs_have_no_outcomes():
    assert run_all({}, soon()) == {}
