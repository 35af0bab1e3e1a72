"""Moments as text."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from brightspot.core.clock import rfc3339, rfc3339_ms

MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # st asks so


def test_a_moment_is_told_in_utc_to_the_second_or_the_millisecond():
    at = datetime(2026, 11, 28, 14, 28, 0, 250_999, timezone(timedelta(hours=2)))
    assert (rfc3339(at), rfc3339_ms(at)) == ("2026-11-28T12:28:00Z", "2026-11-28T12:28:00.250Z")


def test_unix_seconds_are_a_moment_too():
    assert (rfc3339(1_795_868_880), rfc3339_ms(1_795_868_880.5)) == ("2026-11-28T12:28:00Z", "2026-11-28T12:28:00.500Z")


@given(MOMENTS)
def test_what_is_told_reads_back_as_the_moment_within_its_precision(at):
    assert timedelta(0) <= at - datetime.fromisoformat(rfc3339(at)) < timedelta(seconds=1)
    assert timedelta(0) <= at - datetime.fromisoformat(rfc3339_ms(at)) < timedelta(milliseconds=1)
