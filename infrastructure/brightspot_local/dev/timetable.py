"""When a schedule is due: EventBridge Scheduler's `rate(...)` and `cron(...)`, in UTC.

Source: docs.aws.amazon.com, "Schedule types in EventBridge Scheduler".
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from brightspot_local.dev.intrinsics import TemplateError

type Timetable = Callable[[datetime], datetime]
"""The next time a schedule is due after a moment that it was due at, or began at. Both are aware UTC."""

_MONTHS: Final = {
    "JAN": 1,
    "FEB": 2,
    "MAR": 3,
    "APR": 4,
    "MAY": 5,
    "JUN": 6,
    "JUL": 7,
    "AUG": 8,
    "SEP": 9,
    "OCT": 10,
    "NOV": 11,
    "DEC": 12,
}
_DAYS: Final = {"SUN": 1, "MON": 2, "TUE": 3, "WED": 4, "THU": 5, "FRI": 6, "SAT": 7}
_UNITS: Final = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
_RATE: Final = re.compile(r"rate\(([1-9]\d*) (minute|hour|day)s?\)")
_CRON: Final = re.compile(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)")
_PART: Final = re.compile(r"(?:(\*)|([0-9A-Z]+)(?:-([0-9A-Z]+))?)(?:/([1-9]\d*))?")
_LAST_YEAR: Final = 2199


def timetable(expression: str) -> Timetable:
    """Read an expression.

    Raises TemplateError for what cannot be run here: `at(...)`, and cron's L, W and #.
    """
    if found := _RATE.fullmatch(expression):
        period = int(found[1]) * _UNITS[found[2]]
        return lambda last: last + period
    if found := _CRON.fullmatch(expression):
        try:
            return _cron(*found.groups()).after
        except ValueError as error:
            raise TemplateError(f"{expression}: {error}") from error
    raise TemplateError(f"{expression} is neither rate(...) nor cron(...) as they are run on this machine")


@dataclass(frozen=True, slots=True)
class _Cron:
    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int] | None
    months: frozenset[int]
    weekdays: frozenset[int] | None
    years: frozenset[int]

    def after(self, last: datetime) -> datetime:
        moment = last.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
        while moment.year <= _LAST_YEAR:
            if not self._falls_on(moment):
                moment = moment.replace(hour=0, minute=0) + timedelta(days=1)
            elif moment.hour not in self.hours:
                moment = moment.replace(minute=0) + timedelta(hours=1)
            elif moment.minute not in self.minutes:
                moment += timedelta(minutes=1)
            else:
                return moment
        return datetime.max.replace(tzinfo=UTC)

    def _falls_on(self, day: datetime) -> bool:
        weekday = day.isoweekday() % 7 + 1  # Sunday is 1
        return (
            day.year in self.years
            and day.month in self.months
            and (self.days is None or day.day in self.days)
            and (self.weekdays is None or weekday in self.weekdays)
        )


def _cron(*fields: str) -> _Cron:
    minutes, hours, days, months, weekdays, years = fields
    if (days == "?") == (weekdays == "?"):
        raise ValueError("one of day of month and day of week is ?, and only one")
    return _Cron(
        minutes=_values(minutes, 0, 59),
        hours=_values(hours, 0, 23),
        days=None if days == "?" else _values(days, 1, 31),
        months=_values(months, 1, 12, _MONTHS),
        weekdays=None if weekdays == "?" else _values(weekdays, 1, 7, _DAYS),
        years=_values(years, 1970, _LAST_YEAR),
    )


def _values(field: str, least: int, most: int, names: Mapping[str, int] | None = None) -> frozenset[int]:
    """The numbers that `*`, `1,5`, `MON-FRI`, `0/15` or a mixture of them stand for."""
    found: set[int] = set()
    for part in field.upper().split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(f"{part} cannot be run on this machine")
        every, first, last, step = match.groups()
        low = least if every else _number(first, names)
        high = most if every or (step and not last) else _number(last or first, names)
        if not least <= low <= high <= most:
            raise ValueError(f"{part} is not within {least} and {most}")
        found.update(range(low, high + 1, int(step or 1)))
    return frozenset(found)


def _number(text: str, names: Mapping[str, int] | None) -> int:
    return names[text] if names and text in names else int(text)
