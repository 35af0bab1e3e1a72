"""The stretch of time that a report is about: whole hours, and the name that it is kept under."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal, Self

from brightspot.core.errors import InputRefused, NotFound

DAY: Final = 24
WEEK: Final = 7 * DAY
MOST_HOURS: Final = 40 * DAY  # as long as figures are kept
_HOUR: Final = timedelta(hours=1)
_SETTLED: Final = timedelta(minutes=6)  # after an hour, its figures are kept (operations/rollups.py)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ID: Final = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2})-(\d{3})h")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_ZONED: Final = re.compile(r"(?:Z|[+-]\d{2}:\d{2})$")
Kind = Literal["day", "week", "custom"]


@dataclass(frozen=True, slots=True)
class Period:
    """So many whole hours from `first` on, which is counted since 1970 (UTC)."""

    first: int
    hours: int

    @classmethod
    def of_id(cls, text: str) -> Self:
        """The period of a report's id. Raises NotFound for what is no id: nothing is kept under it."""
        found = _ID.fullmatch(text)
        try:
            if found is not None and 1 <= int(found[2]) <= MOST_HOURS:
                return cls(hour_of(datetime.strptime(f"{found[1]}+0000", "%Y-%m-%dT%H%z")), int(found[2]))
        except ValueError as error:
            raise no_report() from error
        raise no_report()

    @property
    def last(self) -> int:
        """The last hour that it holds."""
        return self.first + self.hours - 1

    @property
    def start(self) -> datetime:
        return time_of(self.first)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return time_of(self.first + self.hours)

    @property
    def before(self) -> "Period":
        """As many hours, just before it."""
        return Period(self.first - self.hours, self.hours)

    @property
    def kind(self) -> Kind:
        """A day or week is one of whole days (UTC), whatever it was asked as."""
        lengths: dict[int, Kind] = {DAY: "day", WEEK: "week"}
        return lengths.get(self.hours, "custom") if self.first % DAY == 0 else "custom"

    @property
    def id(self) -> str:
        """Names that sort by time, one for each period: `2026-11-27T00-024h`."""
        return f"{self.start:%Y-%m-%dT%H}-{self.hours:03}h"


def hour_of(at: datetime) -> int:
    """The hour that a moment lies in, counted since 1970."""
    return (at - _EPOCH) // _HOUR


def time_of(hour: int) -> datetime:
    """The first moment of an hour that is counted since 1970."""
    return _EPOCH + hour * _HOUR


def period_of(kind: str | None, since: str | None, until: str | None, now: datetime) -> Period:
    """What is asked for: the last whole day (also when nothing is said) or seven of them, or a stretch of one's own.

    Dates are whole days, times whole hours (UTC); the running hour is left out, and until six minutes past it the one
    before it, whose figures are not kept yet. Raises InputRefused for anything else, for more than 40 days and for what
    is older: figures are kept for so long.
    """
    running = hour_of(now - _SETTLED)
    if since is None and until is None:
        lengths = {None: DAY, "day": DAY, "week": WEEK}
        if kind not in lengths:
            raise InputRefused("period", "send day or week, or `from` and `to` instead")
        today = running // DAY * DAY
        return Period(today - lengths[kind], lengths[kind])
    if kind is not None:
        raise InputRefused("period", "send a period or `from` and `to`, not both")
    return _custom(since, until, running)


def _custom(since: str | None, until: str | None, running: int) -> Period:
    first = hour_of(_moment(since, "from"))
    end = min(running, hour_of(_moment(until, "to", ends=True) + _HOUR - timedelta(microseconds=1)))
    if end <= first:
        raise InputRefused("to", "send a `to` that is at least a whole hour after `from`; the running hour is left out")
    if end - first > MOST_HOURS:
        raise InputRefused("from", "a report is about 40 days at most; send a later `from` or an earlier `to`")
    if first < running - MOST_HOURS:
        raise InputRefused("from", "figures are kept for 40 days; send a later `from`")
    return Period(first, end - first)


def _moment(text: str | None, field: str, *, ends: bool = False) -> datetime:
    """A date stands for its first moment, or for the moment after it when it ends something."""
    try:
        if text is not None and _DATE.fullmatch(text):
            return datetime.combine(date.fromisoformat(text), time(), UTC) + timedelta(days=1 if ends else 0)
        if text is not None and _ZONED.search(text):
            moment = datetime.fromisoformat(text).astimezone(UTC)
            return moment + timedelta()  # so that the last years of the calendar are refused here
    except (ValueError, OverflowError) as error:
        raise _no_moment(field) from error
    raise _no_moment(field)


def _no_moment(field: str) -> InputRefused:
    return InputRefused(field, "send a date such as 2026-11-20, or an RFC 3339 time")


def no_report() -> NotFound:
    """What to say of a report that is not kept."""
    return NotFound(
        "there is no such report: it was never made, or is deleted by now; GET /api/v1/monitoring/reports lists those "
        "that are kept, POST makes one"
    )
