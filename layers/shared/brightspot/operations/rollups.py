"""What was measured, hour by hour for 40 days and day by day for 400: kept when the ledger is about to forget it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, Protocol

from brightspot.core.clock import Clock, SystemClock
from brightspot.core.settings import load
from brightspot.core.snapshots import before_snapshot
from brightspot.store import StoreSettings
from brightspot.telemetry import METRICS, Figures, Ledger, add_fields, figures_of, shared_ledger

HOURS_KEPT: Final = 40 * 24
MOST_MINUTES: Final = HOURS_KEPT * 60
_DAYS_KEPT: Final = 400
_FIRST_MINUTE: Final = 5  # past the hour: by then most processes have told what they measured in it
_LAST_MINUTE: Final = 50  # what is told later than that, the ledger has only

Fields = Mapping[str, int]


class Shelf(Protocol):
    """Fields by key. Raises TableUnavailable."""

    def join(self, key: str, fields: Fields, expires_at: datetime) -> None:
        """Keep of each field the greater of what is there and what is given."""

    def read(self, keys: Sequence[str]) -> dict[str, Fields]:
        """Those of these keys that there are."""


class MemoryShelf:
    """Of one process, without a table."""

    def __init__(self) -> None:
        self._kept: dict[str, Fields] = {}

    def join(self, key: str, fields: Fields, expires_at: datetime) -> None:  # noqa: ARG002  # the process ends earlier
        self._kept[key] = greater(self._kept.get(key, {}), fields)

    def read(self, keys: Sequence[str]) -> dict[str, Fields]:
        return {key: self._kept[key] for key in keys if key in self._kept}


class Rollups:
    """Safe to share between threads. Raises TableUnavailable, or StoreUnavailable when the ledger cannot be read.

    An hour is kept twice, early and when the ledger is about to forget it. Counts only grow: of two that are kept for
    the same hour each field's greater one is right, whoever writes first and how often. An hour in which nobody kept
    the one before it is a gap, not zeros.
    """

    def __init__(self, shelf: Shelf, ledger: Ledger, clock: Clock) -> None:
        self._shelf = shelf
        self._ledger = ledger
        self._clock = clock
        self._done: tuple[int, bool] | None = None

    def keep(self) -> int:
        """Keep the hour before this one, and the day before when it is whole; how many were written.

        To be called each minute. Nothing is kept of one process's figures alone.
        """
        minute = self._ledger.minute()
        hour, past = minute // 60 - 1, minute % 60
        task = hour, past >= _LAST_MINUTE
        if not self._ledger.shared or past < _FIRST_MINUTE or task == self._done:
            return 0
        written = self._keep_hour(hour)
        if past >= _LAST_MINUTE:
            written += self._keep_day((hour + 1) // 24 - 1)
        self._done = task
        return written

    def hours(self, first: int, last: int) -> dict[int, Figures]:
        """The hours from `first` to `last`, counted since 1970, of which there are figures."""
        keys = {_hour_key(each): each for each in range(first, last + 1)}
        read = self._shelf.read(list(keys))
        return {hour: figures_of(read[key], METRICS, {}) for key, hour in keys.items() if key in read}

    def window(self, minutes: int) -> Figures:
        """The last minutes, the running one included; beyond one or two hours, the whole hours that they touch."""
        if not 1 <= minutes <= MOST_MINUTES:
            raise ValueError(f"{minutes} minutes are not within 1 and {MOST_MINUTES}")
        last = self._ledger.minute()
        first, fresh = last - minutes + 1, (last // 60 - 1) * 60
        fields = _sum(self._ledger.fields(max(first, fresh), last).values())
        if first < fresh:
            add_fields(fields, self._older(first // 60, fresh // 60 - 1))
        return figures_of(fields, METRICS, {})

    def _older(self, first: int, last: int) -> Fields:
        """Whole days by their sums, where these are kept; all else by hour."""
        days = {_day_key(day): day for day in range(-(-first // 24), (last + 1) // 24)}
        read = self._shelf.read(list(days)) if days else {}
        summed = {days[key] for key in read}
        hours = [_hour_key(hour) for hour in range(first, last + 1) if hour // 24 not in summed]
        return _sum([*read.values(), *(self._shelf.read(hours) if hours else {}).values()])

    def _keep_hour(self, hour: int) -> int:
        fields = _sum(self._ledger.fields(hour * 60, hour * 60 + 59).values())
        if not fields:
            return 0
        self._shelf.join(_hour_key(hour), fields, _at(hour) + timedelta(hours=HOURS_KEPT))
        return 1

    def _keep_day(self, day: int) -> int:
        if self._shelf.read([_day_key(day)]):
            return 0
        fields = _sum(self._shelf.read([_hour_key(day * 24 + hour) for hour in range(24)]).values())
        if not fields:
            return 0
        self._shelf.join(_day_key(day), fields, _at(day * 24) + timedelta(days=_DAYS_KEPT))
        return 1


def greater(these: Fields, those: Fields) -> Fields:
    """Of each field the greater number: twice the same, or two in either order, give the same."""
    return {field: max(these.get(field, 0), those.get(field, 0)) for field in {**these, **those}}


def old_spans(since: datetime, until: datetime) -> list[str]:
    """The keys of hours and days whose time to be kept was over between two moments, the oldest first."""
    over = (int((each - timedelta(hours=HOURS_KEPT)).timestamp()) // 3600 for each in (since, until))
    hours = [_hour_key(each) for each in range(next(over), next(over) + 1)]
    ended = (int((each - timedelta(days=_DAYS_KEPT)).timestamp()) // 86_400 for each in (since, until))
    return [*hours, *(_day_key(each) for each in range(next(ended), next(ended) + 1))]


def measured(minutes: int) -> Figures:
    """What all instances measured in the last minutes, 40 days at most; as `Rollups.window`."""
    return shared_rollups().window(minutes)


def _sum(several: Iterable[Fields]) -> dict[str, int]:
    added: dict[str, int] = {}
    for each in several:
        add_fields(added, each)
    return added


def _at(hour: int) -> datetime:
    return datetime.fromtimestamp(hour * 3600, UTC)


def _hour_key(hour: int) -> str:
    return f"hour#{_at(hour):%Y-%m-%dT%H}"


def _day_key(day: int) -> str:
    return f"day#{_at(day * 24):%Y-%m-%d}"


@before_snapshot
@lru_cache(maxsize=1)
def shared_rollups() -> Rollups:
    """Those in the table that the environment names; without one, this process's own."""
    store = load(StoreSettings)
    if not store.table_prefix:
        return Rollups(MemoryShelf(), shared_ledger(), SystemClock())
    from brightspot.operations.figures_table import TableShelf  # noqa: PLC0415  # pynamodb, only where there is a table

    return Rollups(TableShelf(store), shared_ledger(), SystemClock())
