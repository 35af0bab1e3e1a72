"""Periods are whole hours; their ids sort by time and say nothing else; what cannot be meant is refused."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.core.errors import InputRefused, NotFound
from brightspot.operations.reports.period import MOST_HOURS, Period, hour_of, period_of, time_of

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
HOURS = st.integers(hour_of(datetime(1990, 1, 1, tzinfo=UTC)), hour_of(datetime(2200, 1, 1, tzinfo=UTC)))
SETTLED = timedelta(minutes=6)
PERIODS = st.builds(Period, HOURS, st.integers(1, MOST_HOURS))
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(PERIODS)
def test_an_id_names_its_period_and_no_other(period):
    assert Period.of_id(period.id) == period
    assert period.end - period.start == timedelta(hours=period.hours)


@given(PERIODS, PERIODS)
def test_ids_sort_by_when_periods_begin(one, other):
    if one.first != other.first:
        assert (one.id < other.id) == (one.first < other.first)


@given(PERIODS)
def test_the_period_before_ends_where_it_begins_and_is_as_long(period):
    assert period.before.end == period.start
    assert period.before.hours == period.hours


@given(MOMENTS)
def test_the_last_day_and_week_are_whole_and_over(now):
    day, week = period_of("day", None, None, now), period_of("week", None, None, now)
    assert (day.kind, week.kind) == ("day", "week")
    assert day.end == week.end <= now - SETTLED < day.end + timedelta(days=1)
    assert (day.start.hour, week.start.hour) == (0, 0)


@given(MOMENTS, st.integers(1, MOST_HOURS - 1), st.integers(0, 3599))
def test_a_stretch_of_ones_own_holds_every_hour_it_touches_that_is_over(now, hours, seconds):
    since = now - timedelta(hours=hours, seconds=-seconds)
    running = hour_of(now - SETTLED)
    if hour_of(since) < running - MOST_HOURS:
        with pytest.raises(InputRefused, match="kept for 40 days"):
            period_of(None, since.isoformat(), now.isoformat(), now)
    elif hour_of(since) < running:
        made = period_of(None, since.isoformat(), now.isoformat(), now)
        assert made.first == hour_of(since)
        assert made.last == running - 1
    else:
        with pytest.raises(InputRefused, match="at least a whole hour"):
            period_of(None, since.isoformat(), now.isoformat(), now)


@pytest.mark.parametrize(
    ("since", "until", "period"),
    [
        ("2026-11-20", "2026-11-20", "2026-11-20T00-024h"),
        ("2026-11-20", "2026-11-22", "2026-11-20T00-072h"),
        ("2026-11-28", "2026-11-28", "2026-11-28T00-009h"),  # until the running hour
        ("2026-11-20T10:15:00Z", "2026-11-20T12:00:00Z", "2026-11-20T10-002h"),
        ("2026-11-20T10:15:00-05:00", "2026-11-20T16:00:01Z", "2026-11-20T15-002h"),
        ("2026-10-19T09:00:00Z", "2026-11-28T09:00:00Z", "2026-10-19T09-960h"),
    ],
)
def test_dates_are_whole_days_and_times_whole_hours(since, until, period):
    assert period_of(None, since, until, NOW).id == period


@pytest.mark.parametrize(
    ("asked", "field", "says"),
    [
        (("month", None, None), "period", "send day or week"),
        (("day", "2026-11-20", "2026-11-21"), "period", "not both"),
        ((None, "2026-11-20", None), "to", "send a date"),
        ((None, None, "2026-11-20"), "from", "send a date"),
        ((None, "noon", "2026-11-20"), "from", "send a date"),
        ((None, "2026-11-20T10:00:00", "2026-11-20"), "from", "RFC 3339"),
        ((None, "2026-13-01", "2026-11-20"), "from", "send a date"),
        ((None, "2026-11-22", "2026-11-20"), "to", "at least a whole hour"),
        ((None, "2026-11-29", "2026-11-30"), "to", "the running hour is left out"),
        ((None, "2026-10-01", "2026-11-28"), "from", "40 days at most"),
        ((None, "2026-10-01", "2026-10-02"), "from", "figures are kept for 40 days"),
        ((None, "2026-11-20", "9999-12-31"), "to", "send a date"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_to_send(asked, field, says):
    with pytest.raises(InputRefused, match=says) as refused:
        period_of(*asked, NOW)
    assert refused.value.field == field


@given(st.text(max_size=30))
def test_what_is_no_id_is_not_found(text):
    with pytest.raises(NotFound, match="there is no such report"):
        Period.of_id(text)


@pytest.mark.parametrize("hour", ["2026-11-27T24-024", "2026-02-30T00-024", "2026-11-27T00-000", "2026-11-27T00-961"])
def test_neither_is_one_of_a_time_that_is_not_or_too_long(hour):
    with pytest.raises(NotFound):
        Period.of_id(f"{hour}h")


@given(HOURS)
def test_hours_and_moments_are_the_same_thing(hour):
    assert hour_of(time_of(hour)) == hour_of(time_of(hour) + timedelta(minutes=59)) == hour
