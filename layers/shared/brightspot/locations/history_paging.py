"""Pages of the history: a stretch of time, and a place in it that rows added later do not move."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from brightspot.core.errors import InputRefused
from brightspot.core.ids import earliest_id, is_id
from brightspot.locations.history_shapes import HistoryPage, Listed
from brightspot.store import decode_cursor, encode_cursor

_LISTING: Final = "history"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Ids from `first` (inclusive) to `end` (exclusive); None where there is no bound.

    Ids sort by time, so a stretch of time is a stretch of ids, and one id is a position in every list and shard.
    """

    first: str | None
    end: str | None

    def holds(self, each: str) -> bool:
        """Whether an id lies inside."""
        return (self.first is None or each >= self.first) and (self.end is None or each < self.end)


def stretch(since: datetime | None, until: datetime | None, cursor: str | None) -> Stretch:
    """From `since` (inclusive) to `until` (exclusive), behind a cursor. Raises InputRefused for a bad cursor."""
    ends = [] if until is None else [earliest_id(until)]
    if cursor is not None:
        after = decode_cursor(_LISTING, cursor)
        if not is_id(after):
            raise InputRefused("cursor", "send the next_cursor of the page before, or leave it out")
        ends.append(after)
    return Stretch(None if since is None else earliest_id(since), min(ends, default=None))


def page(newest_first: Iterable[Listed], limit: int, within: Stretch, now: datetime) -> HistoryPage:
    """The first `limit` rows of a stretch that have not expired; one more is read, to know of another page."""
    alive = (each.past for each in newest_first if within.holds(each.past.id) and each.expires_at > now.timestamp())
    found = list(islice(alive, limit + 1))
    shown = found[:limit]
    return HistoryPage(len(shown), shown, encode_cursor(_LISTING, shown[-1].id) if len(found) > limit else None)
