"""Checks by name: what they find, what a slow or failing one does to the whole, and how often they are asked."""

import asyncio
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.core.clock import SystemClock
from brightspot.resilience.health_monitor import HealthMonitor

STATUSES = ("healthy", "degraded", "unhealthy")


class Clock(SystemClock):
    def __init__(self):
        self.passed = 0.0

    def monotonic(self):
        return self.passed


def monitored(checks, **options):
    """`checks` by name: a function, or (function, critical)."""
    monitor = HealthMonitor(check_interval=0, **options)
    for name, each in checks.items():
        function, critical = each if isinstance(each, tuple) else (each, False)
        monitor.register(name, function, critical=critical)
    return monitor.report()


def fails():
    raise ConnectionError("refused")


@pytest.mark.parametrize(
    ("told", "status", "reason"),
    [
        (None, "healthy", None),
        (True, "healthy", None),
        (False, "unhealthy", "it returned False"),
        ({"rows": 3}, "healthy", None),
        ({"status": "healthy", "latency_ms": 5}, "healthy", None),
        ({"status": "degraded", "reason": "half of it"}, "degraded", "half of it"),
        ({"status": "unhealthy", "error": "gone"}, "unhealthy", "gone"),
        ({"status": "unhealthy"}, "unhealthy", "it says so itself"),
        ({"status": "fine"}, "healthy", None),
    ],
)
def test_a_check_may_say_how_it_is(told, status, reason):
    component = monitored({"part": lambda: told}).components["part"]
    assert (component.status, component.reason, component.outcome) == (status, reason, "ok")


def test_what_it_tells_besides_is_kept():
    component = monitored({"part": lambda: {"status": "degraded", "error": "slow", "rows": 3}}).components["part"]
    assert component.details == {"rows": 3}


def test_one_that_raises_is_unhealthy_and_costs_only_itself():
    report = monitored({"broken": fails, "well": lambda: None})
    assert (report.components["broken"].status, report.components["broken"].reason) == ("unhealthy", "refused")
    assert report.components["broken"].outcome == "failed"
    assert (report.components["well"].status, report.status, report.score) == ("healthy", "degraded", 0.5)


def test_one_that_hangs_is_unhealthy_when_its_time_is_over():
    release = threading.Event()
    try:
        report = monitored({"hung": release.wait, "well": lambda: None}, dependency_timeout=0.05)
    finally:
        release.set()
    hung = report.components["hung"]
    assert (hung.status, hung.outcome, hung.reason) == ("unhealthy", "timeout", "no answer within 0.05 s")
    assert report.components["well"].status == "healthy"


def test_all_run_at_once():
    together = threading.Barrier(4)
    report = monitored({f"c{number}": lambda: together.wait(10) is None or None for number in range(4)})
    assert {each.outcome for each in report.components.values()} == {"ok"}


@pytest.mark.parametrize(("critical", "status"), [(True, "unhealthy"), (False, "degraded")])
def test_a_critical_one_takes_the_whole_along(critical, status):
    assert monitored({"part": (fails, critical), "other": lambda: None}).status == status


@given(st.lists(st.tuples(st.sampled_from(STATUSES), st.booleans()), max_size=6), st.floats(0, 1))
def test_the_whole_follows_from_the_parts(parts, threshold):
    checks = {
        f"c{number}": (lambda status=status: {"status": status}, critical)
        for number, (status, critical) in enumerate(parts)
    }
    report = monitored(checks, alert_threshold=threshold)
    worth = {"healthy": 1.0, "degraded": 0.5, "unhealthy": 0.0}
    score = sum(worth[status] for status, _ in parts) / len(parts) if parts else 1.0
    assert report.score == pytest.approx(score, abs=1e-4)
    assert report.alert == (score < threshold)
    assert (report.status == "unhealthy") == (("unhealthy", True) in parts)
    assert (report.status == "healthy") == all(status == "healthy" for status, _ in parts)


def test_a_report_is_given_again_until_its_interval_is_over():
    clock, asked = Clock(), []
    monitor = HealthMonitor(check_interval=30, clock=clock)
    monitor.register("part", lambda: asked.append(1))
    first = monitor.report()
    clock.passed = 29.9
    assert monitor.report() is first
    assert monitor.report(anew=True) is not first
    clock.passed = 60.0
    monitor.report()
    assert len(asked) == 3


def test_a_new_check_is_asked_at_once():
    monitor = HealthMonitor()
    monitor.report()
    monitor.register("part", lambda: None)
    assert set(monitor.report().components) == {"part"}


def test_checks_may_be_decorated_functions_and_coroutines():
    monitor = HealthMonitor()

    @monitor.check("plain", critical=True)
    def plain() -> bool:
        return True

    @monitor.check("async")
    async def awaited() -> dict[str, str]:
        await asyncio.sleep(0)
        return {"status": "degraded"}

    assert plain() is True
    components = monitor.report().components
    assert (components["plain"].status, components["plain"].critical) == ("healthy", True)
    assert components["async"].status == "degraded"


def test_the_documented_calls_can_be_awaited():
    async def asked():
        monitor = HealthMonitor(check_interval=30, alert_threshold=0.8, dependency_timeout=10.0)

        async def database_health_check():
            return {"status": "healthy", "latency_ms": 5}

        await monitor.register_component(name="database", check_func=database_health_check, critical=True)
        return await monitor.get_health_status()

    report = asyncio.run(asked())
    assert (report.status, report.components["database"].details) == ("healthy", {"latency_ms": 5})


def test_the_event_loop_goes_on_while_checks_run():
    async def asked():
        monitor, ticks = HealthMonitor(), []
        monitor.register("slow", lambda: time.sleep(0.05))
        report = asyncio.create_task(monitor.get_health_status())
        while not report.done():
            ticks.append(1)
            await asyncio.sleep(0.005)
        return len(ticks)

    assert asyncio.run(asked()) > 1
