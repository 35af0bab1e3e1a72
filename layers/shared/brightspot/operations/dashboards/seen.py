"""What one dashboard looks at: each thing is asked for once, and only where a panel needs it."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from typing import Final

from brightspot.operations.analytics import CacheAnalytics, cache_analytics
from brightspot.operations.components import component_report
from brightspot.operations.dashboards.shapes import PanelPoint
from brightspot.operations.health_history import HealthHistory, shared_health_log
from brightspot.operations.intrusion_shapes import SecurityMonitoring
from brightspot.operations.intrusions import security_monitoring
from brightspot.operations.performance import MOST_SUMMARY_MINUTES, PerformanceSummary, performance_summary
from brightspot.operations.rollups import Rollups, shared_rollups
from brightspot.operations.sla import SlaReport, sla_report
from brightspot.operations.tasks import QueueState, queue_states
from brightspot.resilience.health_monitor import HealthReport
from brightspot.telemetry import METRICS, Figures, Ledger, shared_ledger

FINE_MINUTES: Final = 120  # beyond, figures are told by hour
_HEALTH_HOURS: Final = 24


class Seen:
    """Of the last `minutes`. Raises StoreUnavailable and TableUnavailable where it is asked for what cannot be read."""

    def __init__(self, minutes: int, ledger: Ledger | None = None, rollups: Rollups | None = None) -> None:
        self.minutes = minutes
        self._ledger = ledger or shared_ledger()
        self._rollups = rollups or shared_rollups()

    @property
    def shared(self) -> bool:
        """Whether the figures are those of all instances."""
        return self._ledger.shared

    @cached_property
    def figures(self) -> Figures:
        """What was counted and measured; of more than two hours in all hours that they touch."""
        return Figures.together(self._steps.values())

    def points(self, read: Callable[[Figures], float | None]) -> list[PanelPoint]:
        """What is read of each step, in order."""
        return [PanelPoint(at, read(figures)) for at, figures in sorted(self._steps.items())]

    @cached_property
    def health(self) -> HealthReport:
        """Every component as it is."""
        return component_report()

    @cached_property
    def health_history(self) -> HealthHistory:
        """The probes of the last day."""
        return shared_health_log().history(_HEALTH_HOURS)

    @cached_property
    def performance(self) -> PerformanceSummary:
        """Operations and routes, of the last hour at most."""
        return performance_summary(min(self.minutes, MOST_SUMMARY_MINUTES), self._ledger)

    @cached_property
    def cache(self) -> CacheAnalytics:
        """The caches since the shared store began."""
        return cache_analytics()

    @cached_property
    def queues(self) -> dict[str, QueueState]:
        """Every queue as it is."""
        return queue_states()

    @cached_property
    def security(self) -> SecurityMonitoring:
        """Who is suspicious."""
        return security_monitoring()

    @cached_property
    def service_levels(self) -> SlaReport:
        """How promises are kept."""
        return sla_report()

    @cached_property
    def _steps(self) -> dict[datetime, Figures]:
        last = self._ledger.minute()
        first = last - self.minutes + 1
        if self.minutes <= FINE_MINUTES:
            return {_at(minute): each for minute, each in self._ledger.minutes(METRICS, first, last).items()}
        fresh = last // 60 - 1  # the hours that the ledger still has whole
        hours = dict(self._rollups.hours(first // 60, fresh - 1))
        for minute, each in self._ledger.minutes(METRICS, fresh * 60, last).items():
            hours.setdefault(minute // 60, Figures()).merge(each)
        return {_at(hour * 60): each for hour, each in hours.items()}


def _at(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC)
