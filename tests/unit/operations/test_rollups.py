"""Figures by hour and by day: what is kept is what was measured, whoever keeps it and how often."""

import math
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brightspot.operations.rollups import MOST_MINUTES, MemoryShelf, Rollups, greater
from brightspot.telemetry import add_fields
from brightspot.telemetry.fields import field_of, fields_of

SERVED = ("HttpRequests", "GET /health", "200")
TOOK = ("RequestDuration", "GET /health", "computed")
DAY = 24 * 60
START = datetime(2026, 11, 1, tzinfo=UTC).timestamp() // 60  # a midnight, in minutes since 1970
FIELDS = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 9))


class Measured:
    """A ledger that remembers two hours, whose clock goes by minutes; and its own clock."""

    def __init__(self, *, shared=True):
        self.shared = shared
        self.now_minute = int(START)
        self.told = {}

    def minute(self):
        return self.now_minute

    def fields(self, first, last):
        oldest = self.now_minute - 120
        return {each: dict(self.told.get(each, {})) if each > oldest else {} for each in range(first, last + 1)}

    def count(self, number=1):
        add_fields(self.told.setdefault(self.now_minute, {}), {field_of(SERVED): number})


def run(ledger, rollups, minutes, work=lambda minute: None):
    """Let minutes pass, with the probe of each."""
    for _ in range(minutes):
        work(ledger.now_minute - int(START))
        if ledger.now_minute % 60 in {4, 5, 50}:  # those that decide
            rollups.keep()
        ledger.now_minute += 1


def served(figures):
    return figures.counters.get(SERVED, 0)


@pytest.fixture
def ledger():
    return Measured()


@pytest.fixture
def rollups(ledger):
    return Rollups(MemoryShelf(), ledger, clock=None)


def test_each_hour_has_what_was_measured_in_it(ledger, rollups):
    run(ledger, rollups, 4 * 60 + 10, lambda minute: ledger.count(minute // 60 + 1))
    first = int(START) // 60
    assert {hour - first: served(each) for hour, each in rollups.hours(first - 9, first + 9).items()} == {
        0: 60, 1: 120, 2: 180, 3: 240
    }  # fmt: skip


def test_an_hour_in_which_nobody_measured_is_a_gap(ledger, rollups):
    run(ledger, rollups, 4 * 60, lambda minute: ledger.count() if minute // 60 != 1 else None)
    first = int(START) // 60
    assert [hour - first for hour in rollups.hours(first, first + 3)] == [0, 2]


def test_what_is_told_late_is_kept_with_the_second_time(ledger, rollups):
    run(ledger, rollups, 60, lambda minute: ledger.count())
    run(ledger, rollups, 10)
    hour = int(START) // 60
    assert served(rollups.hours(hour, hour)[hour]) == 60
    ledger.told[int(START) + 59][field_of(SERVED)] += 40
    run(ledger, rollups, 50)
    assert served(rollups.hours(hour, hour)[hour]) == 100


def test_a_ledger_that_forgot_does_not_make_an_hour_smaller(ledger, rollups):
    run(ledger, rollups, 60, lambda minute: ledger.count())
    run(ledger, rollups, 10)
    ledger.told = {int(START) + 59: {field_of(SERVED): 1}}
    run(ledger, rollups, 50)
    hour = int(START) // 60
    assert served(rollups.hours(hour, hour)[hour]) == 60


def test_figures_of_one_process_alone_are_not_kept():
    ledger = Measured(shared=False)
    rollups = Rollups(MemoryShelf(), ledger, clock=None)
    run(ledger, rollups, 180, lambda minute: ledger.count())
    assert rollups.hours(int(START) // 60, int(START) // 60 + 3) == {}


@settings(max_examples=60, deadline=None)
@given(
    events=st.dictionaries(st.integers(0, 4 * DAY), st.integers(1, 9), max_size=60),
    passed=st.integers(1, 4 * DAY),
    minutes=st.integers(1, 5 * DAY),
)
def test_a_window_has_all_that_was_measured_in_it_and_nothing_from_before_its_first_hour(events, passed, minutes):
    ledger = Measured()
    rollups = Rollups(MemoryShelf(), ledger, clock=None)
    run(ledger, rollups, passed, lambda minute: ledger.count(events[minute]) if minute in events else None)
    last = passed  # the running minute
    first = last - minutes + 1
    if first < (last // 60 - 1) * 60:  # beyond what the ledger knows: whole hours
        first = first // 60 * 60
    wanted = sum(number for minute, number in events.items() if first <= minute < passed)
    assert served(rollups.window(minutes)) == wanted


def test_quantiles_of_a_month_are_within_one_percent_of_the_exact_ones(ledger, rollups):
    random, exact = Random(7), []

    def measure(_):
        value = random.lognormvariate(-2, 1.2)
        exact.append(value)
        add_fields(ledger.told.setdefault(ledger.now_minute, {}), fields_of(TOOK, value))

    run(ledger, rollups, 30 * DAY, measure)
    sketch = rollups.window(30 * DAY).sketches[TOOK]
    assert sketch.count == len(exact) == 30 * DAY
    exact.sort()
    for share in (0.5, 0.9, 0.95, 0.99, 0.999):
        assert sketch.quantile(share) == pytest.approx(exact[math.ceil(share * len(exact)) - 1], rel=0.0101)


@pytest.mark.parametrize("minutes", [0, MOST_MINUTES + 1])
def test_a_window_that_nobody_can_tell_is_refused(rollups, minutes):
    with pytest.raises(ValueError, match="minutes are not within 1 and"):
        rollups.window(minutes)


@given(FIELDS, FIELDS, FIELDS)
def test_the_greater_of_two_comes_out_the_same_in_any_order_and_however_often(one, two, three):
    assert greater(one, two) == greater(two, one)
    assert greater(greater(one, two), three) == greater(one, greater(two, three))
    assert greater(greater(one, two), two) == greater(one, two)
