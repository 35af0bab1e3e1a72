"""Pages of the history: a stretch of time, and a place in it that rows added later do not move."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from brightspot.core.errors import InputRefused
from brightspot.core.ids import earliest_id, is_id
from brightspot.locations.past.shapes import HistoryPage, Listed, PastAnalysis
from brightspot.store import decode_cursor, encode_cursor

MOST_READ: Final = 1000
_LISTING: Final = "history"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Ids from `first` (inclusive) to `end` (exclusive); None where there is no bound.

    Ids sort by time, so a stretch of time is a stretch of ids, and one id is a position in every list and shard.
    """

    first: str | None
    end: str | None

    @property
    def empty(self) -> bool:
        """Whether no id can lie inside."""
        return self.first is not None and self.end is not None and self.first >= self.end

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


def page(
    newest_first: Iterable[Listed], limit: int, within: Stretch, now: datetime, persona: str | None = None
) -> HistoryPage:
    """The next `limit` rows of a stretch that have not expired, of one persona where one is given.

    It ends early, perhaps empty and still with a cursor, when 1,000 rows were read: what a page costs has a bound
    however rare the wanted rows are. One row more is read, to know of another page.
    """
    shown: list[PastAnalysis] = []
    last = ""
    for read, each in enumerate(each for each in newest_first if within.holds(each.past.id)):
        wanted = each.expires_at > now.timestamp() and persona in {None, each.past.persona}
        if wanted and len(shown) == limit:
            return HistoryPage(limit, shown, encode_cursor(_LISTING, shown[-1].id))
        if read == MOST_READ:
            return HistoryPage(len(shown), shown, encode_cursor(_LISTING, last))
        if wanted:
            shown.append(each.past)
        last = each.past.id
    return HistoryPage(len(shown), shown, None)
