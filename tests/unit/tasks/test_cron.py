"""Cron as EventBridge Scheduler takes it, against a matcher that reads crontab(5) minute by minute."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from brightspot.core.errors import InputRefused
from brightspot.tasks.cron import known_time_zone, scheduler_expressions
from brightspot_local.dev.timetable import timetable

LIMITS = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)]
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]


def fits(field, text, value):
    """Whether a value fits a field, part by part; nothing is shared with the code under test."""
    least, most = LIMITS[field]
    words = {3: MONTHS, 4: DAYS}.get(field, [])

    def number(word):
        return words.index(word.lower()) + least if word.lower() in words else int(word)

    for part in text.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        low = least if span == "*" else number(first)
        high = most if span == "*" or (step and not last) else number(last or first)
        if any(
            (candidate - value) % (7 if field == 4 else 1000) == 0 for candidate in range(low, high + 1, int(step or 1))
        ):
            return True
    return False


def enumerated(cron, begin, days):
    """Every minute at which cron is due: on days that fit both fields if one begins with *, else either."""
    texts = cron.split()
    values = [{each for each in range(60) if fits(index, text, each)} for index, text in enumerate(texts)]
    every = texts[2][0] == "*" or texts[4][0] == "*"

    def due(moment):
        of_day = (moment.day in values[2], moment.isoweekday() % 7 in values[4])
        in_time = moment.minute in values[0] and moment.hour in values[1] and moment.month in values[3]
        return in_time and (all(of_day) if every else any(of_day))

    minutes = (begin + timedelta(minutes=at) for at in range(days * 24 * 60))
    return {each for each in minutes if due(each)}


def translated(expressions, begin, days):
    """The same by Scheduler's expressions, as `make dev` reads them."""
    end, found = begin + timedelta(days=days), set()
    for expression in expressions:
        after = timetable(expression)
        moment = after(begin - timedelta(minutes=1))
        while moment < end:
            found.add(moment)
            moment = after(moment)
    return found


def field(index):
    least, most = LIMITS[index]
    numbers = st.integers(least, most)
    words = {3: MONTHS, 4: DAYS}.get(index)
    single = numbers.map(str) | (st.sampled_from(words) if words else st.nothing())
    spans = st.tuples(numbers, numbers).map(sorted).map(lambda ends: f"{ends[0]}-{ends[1]}")
    stepped = st.tuples(spans | st.just("*"), st.integers(1, 40)).map(lambda both: f"{both[0]}/{both[1]}")
    return st.just("*") | st.lists(single | spans | stepped, min_size=1, max_size=3).map(",".join)


CRONS = st.tuples(*(field(index) for index in range(5))).map(" ".join)
BEGINS = st.integers(0, 2600).map(lambda day: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=day))


@settings(max_examples=60)
@given(CRONS, BEGINS)
@example("0 12 13 * FRI", datetime(2026, 11, 10, tzinfo=UTC))
@example("*/7 0 1-31 * MON", datetime(2026, 11, 10, tzinfo=UTC))
@example("0 0 29 feb *", datetime(2028, 2, 27, tzinfo=UTC))
@example("0 3 * * 5-7", datetime(2026, 11, 10, tzinfo=UTC))
def test_what_scheduler_is_told_is_due_at_the_minutes_at_which_cron_is(cron, begin):
    try:
        expressions = scheduler_expressions(cron)
    except InputRefused as refused:
        assume("fit both" not in refused.detail)
        raise
    days = 9
    assert translated(expressions, begin, days) == enumerated(cron, begin, days)


@pytest.mark.parametrize(
    ("cron", "expressions"),
    [
        ("0 2 * * *", ["cron(0 2 * * ? *)"]),
        ("*/15 9-17 * * MON-FRI", ["cron(0,15,30,45 9-17 ? * 2-6 *)"]),
        ("0 0 1 JAN *", ["cron(0 0 1 1 ? *)"]),
        ("5 4 * * 0", ["cron(5 4 ? * 1 *)"]),
        ("5 4 * * 7", ["cron(5 4 ? * 1 *)"]),
        ("5 4 * * fri-sun", ["cron(5 4 ? * 1,6-7 *)"]),
        ("5 4 * * 0-7", ["cron(5 4 * * ? *)"]),
        ("30 4 1,15 * 5", ["cron(30 4 1,15 * ? *)", "cron(30 4 ? * 6 *)"]),
        ("0 2 ? * MON", ["cron(0 2 ? * 2 *)"]),
        ("0 2 1 * ?", ["cron(0 2 1 * ? *)"]),
        ("5/20 * * * *", ["cron(5,25,45 * * * ? *)"]),
        ("@hourly", ["cron(0 * * * ? *)"]),
        ("@Daily", ["cron(0 0 * * ? *)"]),
        ("@weekly", ["cron(0 0 ? * 1 *)"]),
        ("@monthly", ["cron(0 0 1 * ? *)"]),
        ("@yearly", ["cron(0 0 1 1 ? *)"]),
    ],
)
def test_the_expressions_for(cron, expressions):
    assert [*scheduler_expressions(cron)] == expressions


def test_days_that_fit_one_of_two_fields_take_two_expressions_and_a_friday_the_13th_is_named_by_both():
    by_date, by_weekday = scheduler_expressions("0 12 13 * FRI")
    friday = datetime(2026, 11, 13, 12, 0, tzinfo=UTC)
    assert {timetable(each)(friday - timedelta(days=1)) for each in (by_date, by_weekday)} == {friday}


@pytest.mark.parametrize(
    ("cron", "names"),
    [
        ("60 2 * * *", "minute: '60'"),
        ("0 24 * * *", "hour: '24'"),
        ("0 2 0 * *", "day of month: '0'"),
        ("0 2 * 13 *", "month: '13'"),
        ("0 2 * * 8", "day of week: '8'"),
        ("0 2 * MON *", "month: 'MON'"),
        ("0 2 L * *", "day of month: 'L'"),
        ("0 2 * * FRI#2", "day of week: 'FRI#2'"),
        ("0 22-2 * * *", "hour: '22-2' goes backwards (send 22-23,0-2)"),
        ("*/0 2 * * *", "minute: '*/0'"),
        ("1,,2 2 * * *", "minute: ''"),
        ("? 2 * * *", "minute: '?'"),
        ("0 2 ? * ?", "day of month and day of week are both ?"),
        ("0 2 * *", "has 4 fields; send five: minute, hour, day of month, month, day of week"),
        ("0 0 2 * * ? *", "has 7 fields"),
        ("", "has 0 fields"),
        ("@reboot", "'@reboot' is no time of a clock"),
        ("0 2 */2 * MON", "days that fit both"),
    ],
)
def test_what_cannot_be_scheduled_is_refused_with_the_field_and_what_to_send(cron, names):
    with pytest.raises(InputRefused) as refused:
        scheduler_expressions(cron)
    assert refused.value.field == "cron"
    assert names in refused.value.detail
    assert "send" in refused.value.detail or "is no time" in refused.value.detail


@given(
    st.text(max_size=40)
    | st.lists(st.text("0123456789*/,-?LWJANMO#", max_size=6), min_size=5, max_size=5).map(" ".join)
)
def test_whatever_is_sent_is_translated_or_refused_as_input(text):
    try:
        expressions = scheduler_expressions(text)
    except InputRefused:
        return
    assert all(timetable(each) for each in expressions)
    assert all(len(each) <= 256 for each in expressions)


def test_the_longest_lists_there_can_be_are_taken_by_scheduler():
    pairs = [",".join(f"{each}-{each + 1}" for each in range(least, most, 3)) for least, most in LIMITS[:4]]
    (expression,) = scheduler_expressions(" ".join([*pairs, "*"]))
    assert 200 < len(expression) <= 256


def test_time_zones_are_iana_names():
    assert known_time_zone("America/Chicago") == "America/Chicago"
    with pytest.raises(InputRefused, match="send an IANA name"):
        known_time_zone("Chicago")
