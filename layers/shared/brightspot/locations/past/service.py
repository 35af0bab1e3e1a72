"""What one may ask of the history, checked the same way for HTTP and CLI."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Final

import msgspec

from brightspot.locations.gazetteer.locate import shared_gazetteer
from brightspot.locations.past.backend import history
from brightspot.locations.past.shapes import HistoryPage
from brightspot.locations.personas import PERSONAS
from brightspot.locations.request import RequestRefused
from brightspot.security import SHARED_TENANT

MOST_LISTED: Final = 100
DEFAULT_LISTED: Final = 10
_CUSTOM: Final = "custom"
_AwareTime = Annotated[datetime, msgspec.Meta(tz=True)]
_ONE_DAY: Final = timedelta(days=1)
_ONE_MILLISECOND: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class HistoryRequest:
    """The analyses of all places or of one `address`, of all personas or of one, in a stretch of time.

    `since` and `until` are dates (UTC) or RFC 3339 times, both inclusive. Raises RequestRefused on creation for what
    cannot be used.
    """

    limit: int = DEFAULT_LISTED
    persona: str | None = None
    since: str | None = None
    until: str | None = None
    cursor: str | None = None
    address: str | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MOST_LISTED:
            raise RequestRefused("limit", f"send 1 to {MOST_LISTED}")
        refuse_unknown_persona(self.persona)
        first, end = self.stretch()
        if first is not None and end is not None and first >= end:
            raise RequestRefused("from", "send a `from` that is not after `to`")

    def stretch(self) -> tuple[datetime | None, datetime | None]:
        """The first moment asked for and the one after the last, to the millisecond."""
        first = None if self.since is None else _moments("from", self.since)[0]
        return first, None if self.until is None else _moments("to", self.until)[1]


def past_analyses(request: HistoryRequest, tenant: str = SHARED_TENANT) -> HistoryPage:
    """One page of a tenant's history.

    Raises AddressError for an address that names no place, InputRefused for a cursor that is none of ours, and
    TableUnavailable when the history cannot be read.
    """
    since, until = request.stretch()
    if request.address is None:
        return history().recent(request.limit, request.persona, since, until, request.cursor, tenant=tenant)
    place = shared_gazetteer().locate(request.address).normal_form
    return history().of_place(
        place, request.limit, request.cursor, persona=request.persona, since=since, until=until, tenant=tenant
    )


def refuse_unknown_persona(persona: str | None) -> None:
    """Raises RequestRefused for what no analysis was made for; None means all of them."""
    if persona not in {None, _CUSTOM, *PERSONAS}:
        raise RequestRefused("persona", f"send one of {', '.join([*PERSONAS, _CUSTOM])}, or leave it out")


def _moments(field: str, text: str) -> tuple[datetime, datetime]:
    """The first moment of a date or time, and the first one after it."""
    try:
        try:
            first, length = datetime.combine(date.fromisoformat(text), time(), UTC), _ONE_DAY
        except ValueError:
            # Not encoded in a query, the + of an offset arrives as a space.
            first, length = msgspec.convert(text.replace(" ", "+"), _AwareTime), _ONE_MILLISECOND
        return first, first + length
    except (msgspec.ValidationError, ValueError, OverflowError) as error:
        advice = "send a date such as 2026-11-20 or a time such as 2026-11-20T12:30:00Z"
        raise RequestRefused(field, advice) from error
