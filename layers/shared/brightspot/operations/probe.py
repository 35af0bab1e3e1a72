"""The probe of each minute: how the service is, as figures and one event."""

import logging
from collections.abc import Callable
from typing import Final

from brightspot.operations.components import component_report
from brightspot.operations.health import Health, health
from brightspot.operations.health_history import shared_health_log
from brightspot.operations.intrusions import probe_security
from brightspot.operations.rollups import shared_rollups
from brightspot.resilience import Breakers, shared_breakers
from brightspot.store import TableUnavailable
from brightspot.telemetry import BREAKER_OPEN_SECONDS, CACHE_DEGRADED, HEALTH_SCORE, HEALTHY, gauge
from brightspot.valkey import StoreUnavailable

_TIMES: Final = 2
_WELL: Final = {"healthy", "maintenance"}  # nobody need wake up for what was closed on purpose
_log = logging.getLogger(__name__)


def probe_health(ask: Callable[[], Health] = health, breakers: Breakers | None = None) -> None:
    """Ask for the report of GET /health twice and tell what it says, and the security score.

    Raises what keeps a report from being made at all, once that is told as not healthy.
    """
    try:
        reports = [_told(ask(), breakers or shared_breakers()) for _ in range(_TIMES)]
    except Exception:
        gauge(HEALTHY, 0)
        _log.exception("health_probe_failed")
        raise
    _remember()
    _keep_figures()
    statuses = [each.status for each in reports]
    well = set(statuses) <= _WELL
    seen = reports[-1]
    parts = {"dataset": seen.dataset, "cache": seen.cache, "database": seen.database, "breakers": seen.circuit_breakers}
    probe_security()
    _log.log(logging.INFO if well else logging.WARNING, "health_probed", extra={"statuses": statuses, **parts})


def _remember() -> None:
    """Keep how each component is. A table that is away loses this minute; that it is away is in the figures."""
    report = component_report(anew=True)
    gauge(HEALTH_SCORE, report.score)
    if report.alert:
        found = {name: each.reason for name, each in report.components.items() if each.status != "healthy"}
        _log.warning("health_alert", extra={"score": report.score, "components": found})
    try:
        shared_health_log().record(report)
    except TableUnavailable as error:
        _log.warning("health_not_remembered", extra={"reason": str(error)})


def _keep_figures() -> None:
    """Keep the last hour's figures. What cannot be kept now is tried again next minute, until the hour is over."""
    try:
        shared_rollups().keep()
    except (TableUnavailable, StoreUnavailable) as error:
        _log.warning("figures_not_kept", extra={"reason": str(error)})


def _told(report: Health, breakers: Breakers) -> Health:
    gauge(HEALTHY, int(report.status in _WELL))
    gauge(CACHE_DEGRADED, int(report.cache["status"] != "ok"))
    gauge(BREAKER_OPEN_SECONDS, breakers.longest_open_seconds())
    return report
