"""How many requests the next day brings, and how near that is to the limit."""

from datetime import UTC, datetime
from random import Random

import pytest

from brightspot.operations.capacity import capacity, capacity_advice
from tests.unit.operations.hours import HOUR, figures
from tests.unit.operations.series import DAY, poisson, wave


def days(number, mean=300, seconds=0.5):
    random = Random(3)
    draws = [poisson(wave(at, mean, mean / 2)) for at in range(DAY)]
    return {HOUR - number * DAY + at: figures(draws[at % DAY](random), seconds) for at in range(number * DAY)}


def test_the_next_day_is_told_by_hour_with_its_peak_and_how_wrong_that_was_before():
    told = capacity(days(7))
    assert [each.at for each in (told.hours[0], told.hours[-1])] == [
        datetime(2026, 11, 28, 12, tzinfo=UTC),
        datetime(2026, 11, 29, 11, tzinfo=UTC),
    ]
    assert told.peak.requests.high == max(each.requests.high for each in told.hours)
    assert told.peak.requests.expected == pytest.approx(450, rel=0.08)
    assert (told.level, told.history_hours) == (0.8, 7 * DAY)
    assert told.method.startswith("Holt-Winters")
    assert told.backtest.mae == pytest.approx(14, rel=0.4)  # of Poisson counts around 300
    assert told.backtest.mape < 10


def test_instances_at_a_time_are_requests_a_second_times_seconds(monkeypatch):
    monkeypatch.setenv("LAMBDA_CONCURRENCY_LIMIT", "40")
    told = capacity(days(7, seconds=20.0)).concurrency
    assert told.p95_seconds == pytest.approx(20, rel=0.011)
    assert told.expected == pytest.approx(450 / 3600 * 20, rel=0.1)
    assert (told.limit, told.share) == (40, pytest.approx(told.high / 40, abs=1e-4))


def test_near_the_limit_something_is_advised(monkeypatch):
    told = days(7, seconds=20.0)
    assert capacity_advice(capacity(told)) == []
    monkeypatch.setenv("LAMBDA_CONCURRENCY_LIMIT", "3")
    (advice,) = capacity_advice(capacity(told))
    assert advice.startswith("capacity: the hour from 2026-11-28 ")
    assert "may need 3 of 3 instances at a time; have the quota raised" in advice


def test_without_timed_requests_instances_are_unknown():
    told = days(7)
    for each in told.values():
        each.sketches.clear()
    assert capacity(told).concurrency is None


def test_only_what_came_after_a_gap_is_carried_on():
    told = days(7)
    del told[HOUR - 120]
    assert capacity(told).history_hours == 119


@pytest.mark.parametrize(("told", "has"), [({}, 0), (days(3), 72)])
def test_with_too_little_history_it_says_what_is_missing(told, has):
    assert capacity(told) == f"needs 96 h of hourly figures without a gap, has {has}"
