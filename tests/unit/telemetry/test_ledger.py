"""What a process measured, by minute and in all, where there is no store to share it by."""

from datetime import UTC, datetime, timedelta

import pytest

from brightspot.telemetry import (
    HTTP_REQUESTS,
    METRICS,
    REQUEST_SECONDS,
    RESIDENT_MEMORY,
    Counter,
    Distribution,
    Gauge,
    Ledger,
)
from brightspot.telemetry.fields import Figures, figures_of, parts_of
from brightspot.telemetry.ledger import MINUTES_KEPT, SLOW_KEPT

SERVED = ("HttpRequests", "GET /health", "200")
START = datetime(2026, 11, 28, 9, 0, 30, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.time = START

    def now(self):
        return self.time

    def monotonic(self):
        return self.time.timestamp()

    def tick(self, seconds):
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def ledger(clock):
    return Ledger(None, clock)


def test_figures_stand_in_the_minute_that_they_were_told_in(ledger, clock):
    ledger.count(SERVED, 1)
    ledger.flush()
    clock.tick(60)
    ledger.count(SERVED, 2)
    last = ledger.minute()
    told = ledger.minutes(METRICS, last - 2, last)
    assert [each.counters for each in told.values()] == [{}, {SERVED: 1}, {SERVED: 2}]
    assert ledger.totals(METRICS).counters == {SERVED: 3}


def test_what_is_told_late_stands_in_the_minute_it_was_measured_in(ledger, clock):
    first = ledger.minute()
    for _ in range(3):
        ledger.count(SERVED, 1)
        clock.tick(60)
    told = ledger.minutes(METRICS, first, first + 3)
    assert [each.counters.get(SERVED) for each in told.values()] == [1, 1, 1, None]


def test_a_minute_is_forgotten_after_two_hours_and_the_total_is_not(ledger, clock):
    first = ledger.minute()
    for _ in range(MINUTES_KEPT + 1):
        ledger.count(SERVED, 1)
        ledger.flush()
        clock.tick(60)
    assert ledger.minutes(METRICS, first, first)[first].counters == {}
    assert ledger.minutes(METRICS, first + 1, first + 1)[first + 1].counters == {SERVED: 1}
    assert ledger.totals(METRICS).counters == {SERVED: MINUTES_KEPT + 1}


def test_a_distribution_is_told_whole(ledger):
    series = (REQUEST_SECONDS.name, "GET /health", "computed")
    for value in (0.1, 0.2, 0.4):
        ledger.observe(series, value)
    sketch = ledger.totals(METRICS).sketches[series]
    assert sketch.count == 3
    assert sketch.total == pytest.approx(0.7)
    assert sketch.quantile(0.5) == pytest.approx(0.2, rel=0.01)


def test_of_readings_the_last_one_stands(ledger):
    ledger.note(("Healthy",), 1)
    ledger.flush()
    ledger.note(("Healthy",), 0)
    assert ledger.totals(METRICS).gauges == {("Healthy",): 0}


def test_the_last_slow_operations_are_remembered_the_latest_first(ledger, clock):
    for number in range(SLOW_KEPT + 5):
        ledger.slow(f"o{number}", 2.5)
        clock.tick(1)
    told = ledger.slowest()
    assert [each.operation for each in told] == [f"o{number}" for number in reversed(range(5, SLOW_KEPT + 5))]
    assert told[0].milliseconds == 2500.0
    assert told[0].at == pytest.approx((START + timedelta(seconds=SLOW_KEPT + 4)).timestamp())


def test_fields_of_metrics_that_are_no_more_are_passed_over():
    known = (Counter("A", "Count", "a", ("x",)), Distribution("D", "Seconds", "d"), Gauge("G", "Count", "g"))
    fields = {"A\x1fv": 1, "A": 2, "Gone\x1fv": 3, "D\x1f4": 5, "D\x1fextra\x1f4": 6, "D\x1fsum": 1_500_000_000}
    told = figures_of(fields, known, {"G": 1.0, "A\x1fv": 2.0})
    assert told.counters == {("A", "v"): 1}
    assert (told.sketches[("D",)].buckets, told.sketches[("D",)].total) == ({4: 5}, 1.5)
    assert told.gauges == {("G",): 1.0}


def test_merging_adds_counters_and_replaces_readings():
    one = Figures(counters={SERVED: 1}, gauges={("Healthy",): 1.0})
    one.merge(Figures(counters={SERVED: 2}, gauges={("Healthy",): 0.0}))
    assert (one.counters, one.gauges) == ({SERVED: 3}, {("Healthy",): 0.0})
    assert HTTP_REQUESTS.name == SERVED[0]


def test_a_process_alone_knows_the_lowest_and_the_highest_reading_of_each_minute(clock):
    ledger = Ledger(None, clock)
    first = ledger.minute()
    for value in (0.5, 0.2, 0.9):
        ledger.note(("HealthScore",), value)
        ledger.flush()
    clock.tick(60)
    ledger.note(("HealthScore",), 1.0)
    told = ledger.readings(METRICS, first, first + 2)
    assert told == {first: {("HealthScore",): (0.2, 0.9)}, first + 1: {("HealthScore",): (1.0, 1.0)}, first + 2: {}}


@pytest.mark.parametrize("metric", [each for each in METRICS if isinstance(each, Distribution)], ids=lambda m: m.name)
def test_sums_stay_within_what_the_store_can_count_for_years(metric):
    usual = {"Seconds": 10.0, "Bytes": 400.0 * 2**20}.get(metric.unit, 1000.0)
    a_second_for_ten_years = 10 * 365 * 86_400
    assert usual * parts_of(metric) * a_second_for_ten_years < 2**63


def test_a_sum_of_bytes_comes_out_as_it_went_in(clock):
    ledger = Ledger(None, clock)
    for _ in range(1000):
        ledger.observe((RESIDENT_MEMORY.name, "analyze"), 3e8, parts_of(RESIDENT_MEMORY))
    assert ledger.totals(METRICS).sketches[RESIDENT_MEMORY.name, "analyze"].mean == 3e8
