"""Pages of an audit log: newest first, filtered, with a bound on what one page reads."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import msgspec

from brightspot.audit.entry import Entry
from brightspot.audit.ledger import Ledger
from brightspot.core.errors import InputRefused
from brightspot.store import decode_cursor, encode_cursor

DEFAULT_LISTED: Final = 50
MOST_LISTED: Final = 200
MOST_READ: Final = 1000
_STREAM: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
_ZONED: Final = re.compile(r"(?:Z|[+-]\d{2}:\d{2})$")
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,15}")


class AuditQuery(msgspec.Struct, frozen=True):
    """Which entries: of one stream, and where given of one actor, one action, and a stretch of time (UTC)."""

    stream: str = "admin"
    actor: str | None = None
    action: str | None = None
    since: str | None = None
    until: str | None = None
    limit: int = DEFAULT_LISTED
    cursor: str | None = None


class LastCheckpoint(msgspec.Struct, frozen=True):
    """The newest checkpoint: its number, when it was signed, and the last entry that it covers."""

    number: int
    at: str
    covers: int


class AuditPage(msgspec.Struct, frozen=True):
    """Entries of the audit log, newest first. `next_cursor` is null on the last page.

    A page may hold fewer than asked for, even none, and still have a next one: it reads at most 1,000 entries.
    `last_checkpoint` is null when nothing was ever signed; `checkpoint_overdue` says that an entry has waited for one
    for longer than it should (AUDIT_CHECKPOINT_HOURS).
    """

    stream: str
    count: int
    entries: list[Entry]
    next_cursor: str | None
    last_checkpoint: LastCheckpoint | None = None
    checkpoint_overdue: bool = False


def overdue(ledger: Ledger, stream: str, now: datetime, hours: float) -> bool:
    """Whether an entry is older than so many hours and under no checkpoint."""
    last = ledger.last_checkpoint(stream)
    first = next(ledger.entries(stream, after=0 if last is None else last.statement.last), None)
    return first is not None and datetime.fromisoformat(first.event.at) < now - timedelta(hours=hours)


def last_checkpoint(ledger: Ledger, stream: str) -> LastCheckpoint | None:
    """The newest checkpoint as it is told; None when there is none."""
    found = ledger.last_checkpoint(stream)
    if found is None:
        return None
    return LastCheckpoint(found.statement.number, found.statement.at, found.statement.last)


def page(ledger: Ledger, asked: AuditQuery) -> AuditPage:
    """One page. Raises InputRefused for what cannot be meant, TableUnavailable."""
    if not _STREAM.fullmatch(asked.stream):
        raise InputRefused("stream", "send the name of a stream: admin")
    since, until = _moment(asked.since, "from", end=False), _moment(asked.until, "to", end=True)
    listing = f"audit-{asked.stream}"
    shown: list[Entry] = []
    read = last = 0
    for read, entry in enumerate(_newest(ledger, asked, listing), 1):
        wanted = _is_wanted(entry, asked, since, until)
        if wanted and len(shown) == asked.limit:
            return _page(asked, shown, encode_cursor(listing, str(shown[-1].number)))
        if read > MOST_READ:
            return _page(asked, shown, encode_cursor(listing, str(last)))
        if wanted:
            shown.append(entry)
        last = entry.number
    return _page(asked, shown, None)


def _page(asked: AuditQuery, shown: list[Entry], cursor: str | None) -> AuditPage:
    return AuditPage(asked.stream, len(shown), shown, cursor)


def _newest(ledger: Ledger, asked: AuditQuery, listing: str) -> Iterator[Entry]:
    if asked.cursor is None:
        return ledger.newest(asked.stream)
    after = decode_cursor(listing, asked.cursor)
    if not _NUMBER.fullmatch(after):
        raise InputRefused("cursor", "send the next_cursor of the page before, or leave it out")
    return ledger.newest(asked.stream, below=int(after))


def _is_wanted(entry: Entry, asked: AuditQuery, since: datetime | None, until: datetime | None) -> bool:
    event = entry.event
    if asked.actor not in {None, event.actor} or asked.action not in {None, event.action}:
        return False
    at = datetime.fromisoformat(event.at)
    return (since is None or at >= since) and (until is None or at < until)


def _moment(text: str | None, field: str, *, end: bool) -> datetime | None:
    """A date stands for its whole day. A time that `to` names counts, too: it is precise to the millisecond."""
    if text is None:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            day = datetime.combine(date.fromisoformat(text), time(), UTC)
            return day + timedelta(days=1) if end else day
        moment = datetime.fromisoformat(text if _ZONED.search(text) else "")
        return moment.astimezone(UTC) + (timedelta(milliseconds=1) if end else timedelta())
    except (ValueError, OverflowError) as error:
        raise InputRefused(field, "send a date such as 2026-11-20, or an RFC 3339 time") from error
