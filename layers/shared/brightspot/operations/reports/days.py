"""Hours of a report put together as rows and slots: by hour for two days, by day beyond."""

from collections.abc import Sequence
from datetime import datetime
from itertools import batched
from typing import Final, NamedTuple

from brightspot.operations.reports.shapes import HourFigures

MOST_HOURS_SHOWN: Final = 48
_DAY: Final = 24


class Slot(NamedTuple):
    """Requests of an hour or day; None when any of its hours is not known."""

    at: datetime
    requests: float | None


def slots_of(hours: Sequence[HourFigures], width: int) -> list[Slot]:
    """Stretches of `width` hours that end with the last one; hours at the beginning that fill none are left out."""
    whole = len(hours) // width * width
    return [_slot(each) for each in batched(hours[len(hours) - whole :], width, strict=True)]


def shown(hours: Sequence[HourFigures]) -> tuple[str, list[tuple[datetime, int, list[HourFigures]]]]:
    """The rows of a table: "hour" or "day", and for each its beginning, how many hours it is, and those that are known.

    Days are those of the calendar (UTC), so that the first and the last may be shorter.
    """
    if len(hours) <= MOST_HOURS_SHOWN:
        return "hour", [(each.at, 1, _known([each])) for each in hours]
    days: dict[str, list[HourFigures]] = {}
    for each in hours:
        days.setdefault(f"{each.at:%Y-%m-%d}", []).append(each)
    return "day", [(several[0].at, len(several), _known(several)) for several in days.values()]


def _known(hours: Sequence[HourFigures]) -> list[HourFigures]:
    return [each for each in hours if each.requests is not None]


def _slot(hours: Sequence[HourFigures]) -> Slot:
    known = [each.requests for each in hours if each.requests is not None]
    return Slot(hours[0].at, sum(known) if len(known) == len(hours) else None)
