"""Health over time: each probe for a day, each hour for a month."""

from datetime import UTC, datetime, timedelta

import pytest

from brightspot.operations.health_history import HealthLog, HealthPoint, MemoryShelves
from brightspot.resilience.health_monitor import ComponentHealth, HealthReport

START = datetime(2026, 11, 27, 0, 0, 5, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.time = START

    def now(self):
        return self.time

    def monotonic(self):
        return self.time.timestamp()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def log(clock):
    return HealthLog(MemoryShelves(), clock)


def report(at, broken=(), latency=5.0):
    components = {
        name: ComponentHealth("unhealthy" if name in broken else "healthy", name == "dataset", latency, "ok", None, {})
        for name in ("dataset", "cache")
    }
    status = "unhealthy" if "dataset" in broken else "degraded" if broken else "healthy"
    return HealthReport(status, 1 - len(broken) / 2, bool(broken), at, components)


def probed(log, clock, minutes, broken=lambda minute: ()):
    for minute in range(minutes):
        clock.time = START + timedelta(minutes=minute)
        log.record(report(clock.time, broken(minute), latency=float(minute % 60)))


def test_a_day_is_told_by_minute(log, clock):
    probed(log, clock, 180, lambda minute: ("cache",) if minute in {100, 101} else ())
    told = log.history(2)
    assert (told.resolution, len(told.points)) == ("minute", 121)
    assert told.points[0].at == clock.time - timedelta(hours=2)
    assert [each.at.minute for each in told.points if each.status == "degraded"] == [40, 41]
    assert told.availability == 1.0
    assert told.components == {"cache": round(1 - 2 / 121, 6), "dataset": 1.0}


def test_a_month_is_told_by_hour_of_what_was_worst_and_the_means(log, clock):
    probed(log, clock, 181, lambda minute: ("dataset",) if minute == 70 else ("cache",) if minute == 71 else ())
    told = log.history(48)
    assert told.resolution == "hour"
    assert [(each.at, each.status, each.checks) for each in told.points] == [
        (datetime(2026, 11, 27, 0, tzinfo=UTC), "healthy", 60),
        (datetime(2026, 11, 27, 1, tzinfo=UTC), "unhealthy", 60),
        (datetime(2026, 11, 27, 2, tzinfo=UTC), "healthy", 60),
    ]
    second = told.points[1]
    assert second.score == pytest.approx(1 - 1 / 60, abs=1e-4)
    assert second.unhealthy == ["cache", "dataset"]
    assert second.latency_ms == {"cache": 29.5, "dataset": 29.5}
    assert [each.down for each in told.points] == [0, 1, 0]
    assert told.availability == round(1 - 1 / 180, 6)  # a minute, and not the hour


def test_probes_at_which_it_was_unhealthy_count_against_its_availability(log, clock):
    probed(log, clock, 10, lambda minute: ("dataset",) if minute < 3 else ())
    assert log.history(1).availability == 0.7


def test_of_an_hour_that_was_summed_up_without_its_minutes_all_of_it_counts(clock):
    shelves = MemoryShelves()
    clock.time = START + timedelta(hours=1)
    for hour, status in enumerate(("healthy", "unhealthy")):
        point = HealthPoint(START.replace(hour=hour, second=0), status, 1.0, 60, [], {})
        shelves.append("hours#2026-11-27", point, START + timedelta(days=31))
    assert HealthLog(shelves, clock).history(48).availability == 0.5


def test_an_hour_is_summed_up_once_however_late_the_next_probe_comes(log, clock):
    probed(log, clock, 60)
    for minutes in (61, 62, 200):  # and none in the hours between
        clock.time = START + timedelta(minutes=minutes)
        log.record(report(clock.time))
    assert [(each.at.hour, each.checks) for each in log.history(72).points] == [(0, 60), (1, 2)]


def test_what_is_older_than_its_shelf_is_kept_is_gone(clock):
    shelves = MemoryShelves()
    log = HealthLog(shelves, clock)
    probed(log, clock, 61)
    clock.time = START + timedelta(hours=30)
    log.record(report(clock.time))
    assert [each.at.hour for each in shelves.read(["minutes#2026-11-27T00"])] == []
    assert len(log.history(48).points) == 1


def test_without_any_probe_nothing_is_claimed(log):
    told = log.history(24)
    assert (told.points, told.availability, told.components) == ([], None, {})
