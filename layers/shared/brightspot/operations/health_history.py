"""How health was: minute by minute for a day, hour by hour for a month."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from statistics import fmean
from typing import Final, Literal, Protocol

import msgspec

from brightspot.core.clock import Clock, SystemClock
from brightspot.core.settings import load
from brightspot.core.snapshots import before_snapshot
from brightspot.resilience.health_monitor import HealthReport, Status
from brightspot.store import StoreSettings

FINE_HOURS: Final = 24
MOST_HOURS: Final = 30 * 24
_FINE_KEPT: Final = timedelta(hours=FINE_HOURS + 2)
_COARSE_KEPT: Final = timedelta(hours=MOST_HOURS + 24)
_WORSE: Final[dict[Status, int]] = {"healthy": 0, "degraded": 1, "unhealthy": 2}


class HealthPoint(msgspec.Struct, frozen=True):
    """One probe, or the probes of one hour: then the worst status, the mean score, and means of latencies in ms.

    `checks` is how many probes there were, `down` how many of them found the service unhealthy: null where that was not
    noted yet. `unhealthy` names the components that were not healthy in any of them.
    """

    at: datetime
    status: Status
    score: float
    checks: int
    unhealthy: list[str]
    latency_ms: dict[str, float]
    down: int | None = None


class HealthHistory(msgspec.Struct, frozen=True):
    """The points of the last `hours`, the oldest first. `availability` is the share (0 to 1) of probes not unhealthy.

    Null without any probe. Each component has its own: the share of points in which it was healthy.
    """

    hours: int
    resolution: Literal["minute", "hour"]
    points: list[HealthPoint]
    availability: float | None
    components: dict[str, float]


class Shelves(Protocol):
    """Keeps points by name of a shelf, each with all that was put there before."""

    def append(self, shelf: str, point: HealthPoint, expires_at: datetime) -> None: ...

    def read(self, shelves: Sequence[str]) -> list[HealthPoint]: ...


class MemoryShelves:
    """Of one process, without a table."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[datetime, list[HealthPoint]]] = {}

    def append(self, shelf: str, point: HealthPoint, expires_at: datetime) -> None:
        points = [*self._kept.get(shelf, (expires_at, []))[1], point]
        self._kept[shelf] = (expires_at, points)
        self._kept = {name: each for name, each in self._kept.items() if each[0] > point.at}

    def read(self, shelves: Sequence[str]) -> list[HealthPoint]:
        return [point for each in shelves if each in self._kept for point in self._kept[each][1]]


class HealthLog:
    """Safe to share between threads. Raises TableUnavailable when its table cannot be used."""

    def __init__(self, shelves: Shelves, clock: Clock) -> None:
        self._shelves = shelves
        self._clock = clock

    def record(self, report: HealthReport) -> None:
        """Keep one probe for a day; the first of an hour sums up the hours before it, for a month."""
        at = report.checked_at.astimezone(UTC)
        hour = at.replace(minute=0, second=0, microsecond=0)
        if not self._shelves.read([_fine(hour)]):
            self._sum_up(hour)
        unhealthy = [name for name, each in report.components.items() if each.status != "healthy"]
        latency = {name: each.latency_ms for name, each in report.components.items()}
        down = int(report.status == "unhealthy")
        point = HealthPoint(at, report.status, report.score, 1, unhealthy, latency, down)
        self._shelves.append(_fine(hour), point, hour + _FINE_KEPT)

    def history(self, hours: int) -> HealthHistory:
        """By minute up to 24 hours back, by hour beyond; the running hour is told by minute in neither."""
        now = self._clock.now().astimezone(UTC)
        start, this_hour = now - timedelta(hours=hours), now.replace(minute=0, second=0, microsecond=0)
        fine = hours <= FINE_HOURS
        if fine:
            shelves = [_fine(this_hour - timedelta(hours=back)) for back in reversed(range(hours + 1))]
        else:
            days = math.ceil(hours / 24) + 1
            shelves = [_coarse(this_hour - timedelta(days=back)) for back in reversed(range(days))]
        points = sorted((each for each in self._shelves.read(shelves) if each.at >= start), key=lambda each: each.at)
        checks = sum(each.checks for each in points)
        well = checks - sum(map(_down, points))
        names = sorted({name for each in points for name in each.latency_ms})
        return HealthHistory(
            hours=hours,
            resolution="minute" if fine else "hour",
            points=points,
            availability=round(well / checks, 6) if checks else None,
            components={name: _share(points, name) for name in names},
        )

    def _sum_up(self, now: datetime) -> None:
        """Every hour of the last day that was probed and is not summed up yet."""
        hours = [now - timedelta(hours=back) for back in range(FINE_HOURS, 0, -1)]
        known = {each.at for each in self._shelves.read(sorted({_coarse(hour) for hour in hours}))}
        probed: dict[datetime, list[HealthPoint]] = {}
        for point in self._shelves.read([_fine(hour) for hour in hours if hour not in known]):
            probed.setdefault(point.at.replace(minute=0, second=0, microsecond=0), []).append(point)
        for hour in sorted(probed):
            self._shelves.append(_coarse(hour), _summary(hour, probed[hour]), hour + _COARSE_KEPT)


def _summary(hour: datetime, points: Sequence[HealthPoint]) -> HealthPoint:
    names = sorted({name for each in points for name in each.latency_ms})
    return HealthPoint(
        at=hour,
        status=max((each.status for each in points), key=lambda status: _WORSE[status]),
        score=round(sum(each.score for each in points) / len(points), 4),
        checks=len(points),
        unhealthy=sorted({name for each in points for name in each.unhealthy}),
        latency_ms={name: round(fmean(each.latency_ms.get(name, 0.0) for each in points), 3) for name in names},
        down=sum(map(_down, points)),
    )


def _down(point: HealthPoint) -> int:
    if point.down is not None:
        return point.down
    return point.checks if point.status == "unhealthy" else 0


def _share(points: Sequence[HealthPoint], name: str) -> float:
    asked = [each for each in points if name in each.latency_ms]
    return round(sum(name not in each.unhealthy for each in asked) / len(asked), 6)


def old_shelves(since: datetime, until: datetime) -> list[str]:
    """The names of shelves whose time to be kept was over between two moments, the oldest first."""
    fine, coarse = since.astimezone(UTC) - _FINE_KEPT, since.astimezone(UTC) - _COARSE_KEPT - timedelta(days=1)
    hours = [
        _fine(fine + timedelta(hours=number)) for number in range(math.ceil((until - since) / timedelta(hours=1)) + 1)
    ]
    days = [
        _coarse(coarse + timedelta(days=number)) for number in range(math.ceil((until - since) / timedelta(days=1)) + 2)
    ]
    return [*hours, *days]


def _fine(hour: datetime) -> str:
    return f"minutes#{hour:%Y-%m-%dT%H}"


def _coarse(hour: datetime) -> str:
    return f"hours#{hour:%Y-%m-%d}"


@before_snapshot
@lru_cache(maxsize=1)
def shared_health_log() -> HealthLog:
    """The log in the table that the environment names; without one, this process's own."""
    store = load(StoreSettings)
    if not store.table_prefix:
        return HealthLog(MemoryShelves(), SystemClock())
    from brightspot.operations.health_table import TableShelves  # noqa: PLC0415  # pynamodb, only where there is a table

    return HealthLog(TableShelves(store), SystemClock())
