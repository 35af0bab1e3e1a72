"""Five fields of cron, as crontab(5) reads them, written as EventBridge Scheduler's `cron(...)`.

Scheduler counts Sunday as 1 where cron has 0 and 7, has a sixth field for the year, and lets only one of the two day
fields say anything: the other is `?`. Where both are restricted, cron means days that fit either, which takes two
expressions; and days that fit both where one of them begins with `*`, which Scheduler cannot say.

Sources: crontab(5) of Vixie cron; docs.aws.amazon.com, "Schedule types in EventBridge Scheduler".
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final
from zoneinfo import available_timezones

from brightspot.core.errors import InputRefused

_MACROS: Final = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_PART: Final = re.compile(r"(?:(\*)|([0-9A-Z]{1,3})(?:-([0-9A-Z]{1,3}))?)(?:/([0-9]{1,2}))?")
_SUNDAY_LAST: Final = 7  # FRI-SUN: its number at the end of a range


@dataclass(frozen=True, slots=True)
class _Field:
    """What a field may say: numbers from `least` to `most`, or names of them."""

    name: str
    least: int
    most: int
    names: Mapping[str, int] = field(default_factory=dict)

    @property
    def all(self) -> range:
        return range(self.least, self.most + 1)


_MONTHS: Final = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"
_WEEKDAYS: Final = "SUN MON TUE WED THU FRI SAT"
_MINUTE: Final = _Field("minute", 0, 59)
_HOUR: Final = _Field("hour", 0, 23)
_DAY: Final = _Field("day of month", 1, 31)
_MONTH: Final = _Field("month", 1, 12, {name: at for at, name in enumerate(_MONTHS.split(), 1)})
_WEEKDAY: Final = _Field("day of week", 0, 7, {name: at for at, name in enumerate(_WEEKDAYS.split())})
_FIELDS: Final = (_MINUTE, _HOUR, _DAY, _MONTH, _WEEKDAY)


def scheduler_expressions(cron: str) -> tuple[str, ...]:
    """One expression, or two: at a time that fits both, both are due.

    Takes numbers, names (JAN, MON), lists, ranges, steps, `?` for `*` in one of the day fields, and @daily with its
    like. Raises InputRefused, which names the field and says what to send.
    """
    texts = _texts(cron)
    minutes, hours, _, months, _ = (_values(of, text) for of, text in zip(_FIELDS, texts, strict=True))
    at, when = f"{_written(minutes, _MINUTE.all)} {_written(hours, _HOUR.all)}", _written(months, _MONTH.all)
    return tuple(f"cron({at} {day} {when} {weekday} *)" for day, weekday in _days(texts[2], texts[4]))


def known_time_zone(name: str) -> str:
    """The name, if it is one of the IANA time zones. Raises InputRefused.

    Where the machine has no list of them, Scheduler is left to judge.
    """
    known = available_timezones()
    if known and name not in known:
        raise InputRefused("timezone", f"{name!r} is no time zone; send an IANA name such as UTC or America/Chicago")
    return name


def _texts(cron: str) -> list[str]:
    text = cron.strip()
    if text.startswith("@") and text.lower() not in _MACROS:
        raise InputRefused("cron", f"{text!r} is no time of a clock; send five fields or one of {', '.join(_MACROS)}")
    texts = _MACROS.get(text.lower(), text).upper().split()
    if len(texts) != len(_FIELDS):
        names = ", ".join(each.name for each in _FIELDS)
        raise InputRefused("cron", f"has {len(texts)} fields; send five: {names}, as in 0 2 * * * (daily at 02:00)")
    if texts[2] == texts[4] == "?":
        raise InputRefused("cron", "day of month and day of week are both ?; send * for one of them")
    return ["*" if text == "?" and of in (_DAY, _WEEKDAY) else text for of, text in zip(_FIELDS, texts, strict=True)]


def _days(date: str, weekday: str) -> Sequence[tuple[str, str]]:
    """What the day fields of Scheduler say, of each expression that it takes."""
    dates, weekdays = _values(_DAY, date), {each % 7 + 1 for each in _values(_WEEKDAY, weekday)}
    every_date, every_weekday = dates == {*_DAY.all}, weekdays == {*range(1, 8)}
    by_date, by_weekday = (_written(dates, _DAY.all), "?"), ("?", _written(weekdays, range(1, 8)))
    if not date.startswith("*") and not weekday.startswith("*"):
        return (("*", "?"),) if every_date or every_weekday else (by_date, by_weekday)
    if every_weekday:
        return (by_date,)
    if every_date:
        return (by_weekday,)
    raise InputRefused(
        "cron",
        f"day of month {date} and day of week {weekday} together mean days that fit both, which Scheduler cannot say; "
        "send * for one of them, or both without *, which means days that fit one",
    )


def _values(of: _Field, text: str) -> set[int]:
    """The numbers that a field stands for."""
    return {value for part in text.split(",") for value in _part(of, part)}


def _part(of: _Field, part: str) -> range:
    match = _PART.fullmatch(part)
    if match is None:
        raise _refused(of, part, "cannot be read")
    every, first, last, step = match.groups()
    low = of.least if every else _number(of, part, first)
    high = of.most if every or (step and not last) else _number(of, part, last or first)
    if last == "SUN" and low > 0:
        high = _SUNDAY_LAST
    if low > high:
        raise _refused(of, part, f"goes backwards (send {low}-{of.most},{of.least}-{high})")
    if step and not int(step):
        raise _refused(of, part, "has steps of nothing")
    return range(low, high + 1, int(step or 1))


def _number(of: _Field, part: str, text: str) -> int:
    number = of.names.get(text, int(text) if text.isdigit() else -1)
    if number not in of.all:
        raise _refused(of, part, "is not among them")
    return number


def _refused(of: _Field, part: str, why: str) -> InputRefused:
    names = f" or {', '.join(of.names)}" if of.names else ""
    return InputRefused(
        "cron",
        f"{of.name}: {part!r} {why}; send {of.least} to {of.most}{names}, as a number, a list (1,5), a range (1-5), "
        "with steps (*/5), or * for all",
    )


def _written(values: set[int], every: range) -> str:
    """As Scheduler takes it: `*`, or numbers and ranges in a list."""
    if values == {*every}:
        return "*"
    runs = [[each for _, each in run] for _, run in groupby(enumerate(sorted(values)), lambda pair: pair[1] - pair[0])]
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
