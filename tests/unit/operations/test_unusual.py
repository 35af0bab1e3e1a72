"""What is unusual of operations and routes, in minutes and in hours."""

from random import Random

import pytest

from brightspot.operations.unusual import unusual
from brightspot.telemetry import Figures
from tests.unit.operations.hours import HOUR, MINUTE, ROUTE, figures
from tests.unit.operations.series import DAY, poisson, wave


def minutes(make=lambda at, random: figures(poisson(40)(random), 0.1 * random.lognormvariate(0, 0.1))):
    random = Random(7)
    return {MINUTE - 120 + at: make(at, random) for at in range(120)}


def days(number, make=lambda at, random: figures(poisson(wave(at, 300, 200))(random))):
    random = Random(7)
    return {HOUR - number * DAY + at: make(at, random) for at in range(number * DAY)}


def test_of_steady_minutes_nothing_is_unusual():
    told = unusual(minutes(), "minute", 15)
    assert (told.found, told.lack) == ([], None)
    assert told.values == 15 * 2 * 3  # minutes; the route and the operation; how long, how many, how many failed


def test_slow_minutes_in_a_row_are_told_once_with_the_worst():
    told = minutes()
    for ago, seconds in ((5, 0.4), (4, 0.9), (3, 0.5)):
        told[MINUTE - ago] = figures(40, seconds)
    found = {each.subject: each for each in unusual(told, "minute", 15).found}
    assert set(found) == {f"route {ROUTE}", "operation analyze"}
    each = found[f"route {ROUTE}"]
    assert (each.measure, each.unit, each.direction) == ("p95_ms", "minute", "high")
    assert (each.first, each.last) == ("2026-11-28T12:25Z", "2026-11-28T12:27Z")
    assert each.value == pytest.approx(900, rel=0.011)
    assert each.expected == pytest.approx(100, rel=0.05)
    assert each.sentence.startswith(f"route {ROUTE}: one in twenty took 896 ms or more ")
    assert "from 2026-11-28T12:25Z to 2026-11-28T12:27Z" in each.sentence


def test_calls_that_stay_away_are_unusual():
    told = minutes()
    told[MINUTE - 3] = Figures()
    found = {(each.subject, each.measure): each for each in unusual(told, "minute", 15).found}
    assert set(found) == {(f"route {ROUTE}", "calls"), ("operation analyze", "calls")}
    each = found["operation analyze", "calls"]
    assert (each.direction, each.value, each.first, each.last) == ("low", 0, each.last, "2026-11-28T12:27Z")
    assert each.sentence.startswith("operation analyze: 0 calls in the minute at 2026-11-28T12:27Z, where ")


def test_failures_are_unusual_and_more_of_them_among_as_many_more_calls_are_not():
    told = minutes(lambda _at, random: figures(40, failed=poisson(4)(random)))
    told[MINUTE - 2] = figures(40, failed=30)
    assert {each.measure for each in unusual(told, "minute", 15).found} == {"errors"}
    told[MINUTE - 2] = figures(400, failed=36)
    assert {each.measure for each in unusual(told, "minute", 15).found} == {"calls"}


def test_bursts_of_what_is_hardly_called_are_not():
    told = minutes(lambda _at, random: figures(poisson(1)(random)))
    told[MINUTE - 2] = figures(30)
    assert unusual(told, "minute", 15).found == []


def test_what_was_before_the_last_minutes_is_not_told():
    told = minutes()
    told[MINUTE - 40] = figures(40, 0.9)
    assert unusual(told, "minute", 15).found == []
    assert unusual(told, "minute", 60).found != []


def test_a_daily_peak_is_usual_and_as_much_at_night_is_not():
    told = days(7)
    assert unusual(told, "hour", DAY).found == []
    night = min(range(DAY), key=lambda ago: told[HOUR - 1 - ago].sketches["OperationDuration", "analyze"].count)
    told[HOUR - 1 - night] = figures(500)
    found = unusual(told, "hour", DAY).found
    assert {(each.measure, each.unit, each.value) for each in found} == {("calls", "hour", 500)}


def test_an_hour_that_nobody_kept_is_not_one_without_calls():
    told = days(7)
    del told[HOUR - 2], told[HOUR - 50]
    look = unusual(told, "hour", DAY)
    assert (look.found, look.values) == ([], 23 * 2 * 3)


@pytest.mark.parametrize(
    ("told", "unit", "lack"),
    [
        ({}, "minute", "needs 30 minutes of figures, has 0"),
        ({MINUTE - at: figures(40) for at in range(29)}, "minute", "needs 30 minutes of figures, has 29"),
        (days(3), "hour", "needs 96 hours of figures, has 72"),
    ],
)
def test_without_figures_enough_nothing_is_judged(told, unit, lack):
    look = unusual(told, unit, 15)
    assert (look.found, look.values, look.lack) == ([], 0, lack)
