"""What the shared store has of measurements that are over, counted and removed."""

from datetime import datetime
from typing import Final, NamedTuple

from brightspot.telemetry.ledger import MINUTES_KEPT, MOST_OWED, slow_key
from brightspot.valkey import Valkey

FIRST_PAGE: Final = "0"
_MINUTES: Final = "bs:{metrics}:*:*"
_SCAN_COUNT: Final = 500


class Page(NamedTuple):
    """How many keys were looked at, how many of them were old, and where to go on; None after the last page."""

    looked_at: int
    old: int
    cursor: str | None


def forget_slow(valkey: Valkey, kind: str, before: datetime, *, dry_run: bool) -> tuple[int, int]:
    """Forget slow operations of a kind from before a moment: how many there were, and how many of them were old.

    A dry run forgets none. Raises StoreUnavailable.
    """
    key, bound = slow_key(kind), f"({before.timestamp():.6f}"
    trip = valkey.trip()
    every, old = trip.add("ZRANGE", key, 0, -1), trip.add("ZRANGE", key, "-inf", bound, "BYSCORE")
    if not dry_run:
        trip.add("ZREMRANGEBYSCORE", key, "-inf", bound)
    trip.run()
    return len(every.value), len(old.value)


def forget_minutes(valkey: Valkey, minute: int, cursor: str, *, dry_run: bool) -> Page:
    """Remove minutes of figures that should have expired by the minute `minute` (since 1970), a page of keys at a time.

    All are written with an expiry, so that none should be found. Raises StoreUnavailable.
    """
    told, found = valkey.call("SCAN", cursor, "MATCH", _MINUTES, "COUNT", _SCAN_COUNT)
    last = minute - MINUTES_KEPT - MOST_OWED
    old = [each for each in found if (number := each.rpartition(b":")[2]).isdigit() and int(number) < last]
    if old and not dry_run:
        valkey.call("UNLINK", *old)
    return Page(len(found), len(old), None if told == b"0" else told.decode())
