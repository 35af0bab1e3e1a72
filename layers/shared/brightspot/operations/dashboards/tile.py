"""One line of the table that a dashboard is: how a figure is read, and when it is good enough."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from brightspot.operations.dashboards.seen import Seen
from brightspot.operations.dashboards.shapes import DashboardPanel, PanelPoint, PanelStatus
from brightspot.store import TableUnavailable
from brightspot.valkey import StoreUnavailable

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read. Without a value, `reason` says why; a `status` of its own is not judged again."""

    value: float | None
    reason: str | None = None
    points: list[PanelPoint] | None = None
    status: PanelStatus | None = None


@dataclass(frozen=True, slots=True)
class Tile:
    """`warn` and `bad` are where it becomes a warning, and critical: from there up, or down if `bad` is less.

    `advice` is what to look at then.
    """

    title: str
    unit: str
    read: Callable[[Seen], Reading]
    warn: float | None = None
    bad: float | None = None
    advice: str = ""

    def panel(self, seen: Seen) -> DashboardPanel:
        """What it shows. What cannot be read is not known: the others of its dashboard are told all the same."""
        try:
            told = self.read(seen)
        except (StoreUnavailable, TableUnavailable) as error:
            _log.warning("panel_unknown", extra={"panel": self.title, "reason": str(error)})
            told = Reading(None, str(error))
        return DashboardPanel(
            title=self.title,
            unit=self.unit,
            value=None if told.value is None else round(told.value, 4),
            status=told.status or self._judged(told.value),
            reason=msgspec.UNSET if told.reason is None else told.reason,
            points=msgspec.UNSET if told.points is None else told.points,
        )

    def _judged(self, value: float | None) -> PanelStatus:
        if value is None:
            return "unknown"
        falling = self.warn is not None and self.bad is not None and self.bad < self.warn
        sign = -1 if falling else 1
        if self.bad is not None and sign * value >= sign * self.bad:
            return "critical"
        return "warning" if self.warn is not None and sign * value >= sign * self.warn else "ok"
