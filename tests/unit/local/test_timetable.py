"""When `rate(...)` and `cron(...)` are due."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from brightspot_local.dev.intrinsics import TemplateError
from brightspot_local.dev.timetable import timetable


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "last", "due"),
    [
        ("rate(1 minute)", "2026-11-23T10:00:07", "2026-11-23T10:01:07"),
        ("rate(12 hours)", "2026-11-23T10:00:00", "2026-11-23T22:00:00"),
        ("rate(7 days)", "2026-11-23T10:00:00", "2026-11-30T10:00:00"),
        ("cron(0 2 * * ? *)", "2026-11-23T01:59:59", "2026-11-23T02:00:00"),
        ("cron(0 2 * * ? *)", "2026-11-23T02:00:00", "2026-11-24T02:00:00"),
        ("cron(0/15 * * * ? *)", "2026-11-23T10:15:00", "2026-11-23T10:30:00"),
        ("cron(5,50 8-9 * * ? *)", "2026-11-23T09:50:30", "2026-11-24T08:05:00"),
        ("cron(10 20/2 * * ? *)", "2026-11-23T20:10:00", "2026-11-23T22:10:00"),
        ("cron(0 12 ? * MON-FRI *)", "2026-11-20T12:00:00", "2026-11-23T12:00:00"),
        ("cron(0 12 ? * 1 *)", "2026-11-23T00:00:00", "2026-11-29T12:00:00"),  # Sunday is 1
        ("cron(30 4 31 * ? *)", "2026-11-01T00:00:00", "2026-12-31T04:30:00"),
        ("cron(0 0 29 FEB ? *)", "2026-11-23T00:00:00", "2028-02-29T00:00:00"),
        ("cron(0 0 1 jan ? 2030)", "2026-11-23T00:00:00", "2030-01-01T00:00:00"),
    ],
)
def test_the_next_time_after_a_moment(expression, last, due):
    assert timetable(expression)(at(last)) == at(due)


def test_a_moment_of_another_zone_is_read_as_utc():
    noon_in_berlin = datetime(2026, 11, 23, 12, 0, tzinfo=timezone(timedelta(hours=1)))
    assert timetable("cron(30 11 * * ? *)")(noon_in_berlin) == at("2026-11-23T11:30:00")


def test_a_year_that_is_over_never_comes():
    assert timetable("cron(0 0 1 1 ? 2020)")(at("2026-11-23T00:00:00")).year == 9999


@pytest.mark.parametrize(
    "expression",
    [
        "at(2026-11-23T10:00:00)",
        "rate(0 minutes)",
        "rate(1 week)",
        "cron(0 2 * * *)",
        "cron(0 2 * * * *)",
        "cron(0 2 ? * ? *)",
        "cron(60 2 * * ? *)",
        "cron(0 24 * * ? *)",
        "cron(0 2 L * ? *)",
        "cron(0 2 ? * FRI#2 *)",
        "cron(0 2 15W * ? *)",
        "cron(0 2 ? * FRI-MON *)",
        "every minute",
    ],
)
def test_what_cannot_be_run_here_is_named(expression):
    with pytest.raises(TemplateError) as refused:
        timetable(expression)
    assert str(refused.value).startswith(expression)
