"""What a dashboard tells."""

from datetime import datetime
from typing import Literal

import msgspec

from brightspot.operations.sla import SlaReport

PanelStatus = Literal["ok", "warning", "critical", "unknown"]
Omitted = msgspec.UnsetType


class PanelPoint(msgspec.Struct, frozen=True):
    """The value of one minute, or of one hour, that began `at`; null when there was nothing to tell it by."""

    at: datetime
    value: float | None


class DashboardPanel(msgspec.Struct, frozen=True):
    """One figure. `value` is null, and `status` unknown, while nobody knows it; `reason` says why, or of what it is.

    `unit` is count, share (0 to 1), ms, bytes, points (0 to 100), ratio or USD. `points` are there where the figure has
    a course: by minute for up to 120 minutes, else by hour; hours of which nothing is known are left out.
    """

    title: str
    unit: str
    value: float | None
    status: PanelStatus
    reason: str | Omitted = msgspec.UNSET
    points: list[PanelPoint] | Omitted = msgspec.UNSET


class Dashboard(msgspec.Struct, frozen=True):
    """One dashboard over the last `minutes`, of all instances, or of the one that answers without a shared store.

    What is known only as it is now, as health is, or only since the shared store began, as the caches' own figures are,
    is told so. `recommendations` name what to look at, and why; none when there is nothing. `sla` has every promise
    over all its windows, on the dashboard of that name, where it can be read.
    """

    name: str
    title: str
    generated_at: datetime
    minutes: int
    scope: Literal["all instances", "this process"]
    panels: list[DashboardPanel]
    recommendations: list[str]
    sla: SlaReport | Omitted = msgspec.UNSET


class DashboardEntry(msgspec.Struct, frozen=True):
    """One dashboard that there is, and the permission that it needs."""

    name: str
    title: str
    tells: str
    path: str
    needs: Literal["read", "admin"]


class DashboardList(msgspec.Struct, frozen=True):
    """Every dashboard that there is."""

    dashboards: list[DashboardEntry]
