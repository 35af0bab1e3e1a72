"""Makes a dashboard of its sheet."""

import logging
from collections.abc import Callable
from typing import Final

from msgspec import UNSET

from brightspot.core.clock import Clock, SystemClock
from brightspot.core.errors import NotFound
from brightspot.operations.dashboards.readers import unknown
from brightspot.operations.dashboards.seen import Seen
from brightspot.operations.dashboards.shapes import Dashboard, DashboardEntry, DashboardList, DashboardPanel
from brightspot.operations.dashboards.sheets import SHEETS, Sheet
from brightspot.operations.dashboards.tile import Tile
from brightspot.store import TableUnavailable
from brightspot.valkey import StoreUnavailable

DEFAULT_DASHBOARD_MINUTES: Final = 60
MOST_DASHBOARD_MINUTES: Final = 7 * 24 * 60
_PATH: Final = "/api/v1/dashboards"
_log = logging.getLogger(__name__)


def dashboard_list() -> DashboardList:
    """What there is to look at."""
    return DashboardList(
        [DashboardEntry(each.name, each.title, each.tells, f"{_PATH}/{each.name}", each.needs) for each in SHEETS]
    )


def dashboard(name: str, minutes: int = DEFAULT_DASHBOARD_MINUTES, *, by_admin: bool = False) -> Dashboard:
    """One dashboard. Raises NotFound for a name that none has, also of what administrators alone may see."""
    known = {each.name: each for each in SHEETS if by_admin or each.needs == "read"}
    if name not in known:
        raise NotFound(f"no dashboard is called {name[:40]!r}; there are {', '.join(each.name for each in SHEETS)}")
    return made(known[name], Seen(minutes))


def made(sheet: Sheet, seen: Seen, clock: Clock | None = None) -> Dashboard:
    """A dashboard of what was seen."""
    tiles = [
        *sheet.tiles,
        *_tried(sheet, lambda: sheet.found(seen), lambda why: [Tile(sheet.title, "share", unknown(why))]),
    ]
    panels = [each.panel(seen) for each in tiles]
    advice = [line for tile, panel in zip(tiles, panels, strict=True) if (line := _advised(tile, panel))]
    return Dashboard(
        name=sheet.name,
        title=sheet.title,
        generated_at=(clock or SystemClock()).now(),
        minutes=seen.minutes,
        scope="all instances" if seen.shared else "this process",
        panels=panels,
        recommendations=[*advice, *_tried(sheet, lambda: sheet.advice(seen), lambda _: [])],
        sla=_tried(sheet, lambda: seen.service_levels, lambda _: UNSET) if sheet.sla else UNSET,
    )


def _advised(tile: Tile, panel: DashboardPanel) -> str | None:
    if not tile.advice or panel.status not in {"warning", "critical"}:
        return None
    return f"{panel.title} {panel.value:g} ({panel.unit}): {tile.advice}"


def _tried[T, U](sheet: Sheet, read: Callable[[], T], otherwise: Callable[[str], U]) -> T | U:
    """What is read, or what stands for it while it cannot be: the other panels are told all the same."""
    try:
        return read()
    except (StoreUnavailable, TableUnavailable) as error:
        _log.warning("dashboard_incomplete", extra={"dashboard": sheet.name, "reason": str(error)})
        return otherwise(str(error))
