"""Where monitoring is to be had, and how the caches do, with what to do about it."""

from typing import Final

import msgspec

from brightspot.operations.analytics import CacheAnalytics, NamespaceAnalytics, cache_analytics
from brightspot.operations.components import component_report

_ENOUGH: Final = 100  # questions, before a rate is judged
_LOW_PERCENT: Final = 50.0
_MUCH: Final = 0.2  # of all misses
_PATHS: Final = {
    "/api/v1/monitoring/health": "every component, asked now",
    "/api/v1/monitoring/performance/summary": "operations and routes lately, what is unusual and what comes next",
    "/api/v1/monitoring/performance/realtime": "the same minute by minute, as server-sent events",
    "/api/v2/analytics/metrics/stream": "what each counter grew by, minute by minute, as server-sent events",
    "/api/v1/monitoring/database/performance": "access patterns of the tables, slow calls, what to mend",
    "/api/v1/monitoring/tasks/monitoring": "what waits in queues, what was given up, how long tasks take",
    "/api/v1/monitoring/reports": "reports of days and weeks, as JSON and as pages",
    "/api/v1/monitoring/cache/analytics": "hits by level and namespace, evictions, compression",
    "/api/v1/monitoring/alerts": "what fires, what fired lately, and what to do about it",
    "/api/v1/monitoring/alerts/rules": "every alert rule with its state",
    "/api/v1/monitoring/alerts/silences": "which alerts are told to nobody, until when and why",
    "/api/v1/monitoring/security/monitoring": "failed logins, suspicious clients, blocks, the security score (admin)",
    "/api/v1/dashboards": "how it goes, a subject at a time: each dashboard, its figures and what to look at",
    "/api/v1/metrics": "all figures since the shared store began",
    "/metrics": "the same for Prometheus",
}


class MonitoringIndex(msgspec.Struct, frozen=True):
    """The health score (0 to 1) of a moment ago, and what each path tells."""

    status: str
    score: float
    paths: dict[str, str]
    recommendations: list[str]


class MonitoredCache(msgspec.Struct, frozen=True):
    """As `GET /api/v2/cache/analytics`, with what to look at and why; nothing is recommended on few questions."""

    analytics: CacheAnalytics
    recommendations: list[str]


def monitoring_index() -> MonitoringIndex:
    """What there is to look at."""
    report = component_report()
    advice = [f"{name}: {each.reason}" for name, each in report.components.items() if each.reason is not None]
    return MonitoringIndex(report.status, report.score, dict(_PATHS), advice)


def monitored_cache(analytics: CacheAnalytics | None = None) -> MonitoredCache:
    """How the caches do."""
    told = analytics or cache_analytics()
    return MonitoredCache(told, [line for name, each in told.namespaces.items() for line in _advice(name, each)])


def _advice(name: str, told: NamespaceAnalytics) -> list[str]:
    asked, found = told.hits + told.misses, []
    if asked >= _ENOUGH and told.hit_rate is not None and told.hit_rate < _LOW_PERCENT:
        found.append(f"{name}: {told.hit_rate:g} % of {asked:,} questions were hits; keep entries longer, or warm them")
    if asked >= _ENOUGH and told.misses and told.stale / told.misses > _MUCH:
        found.append(f"{name}: {told.stale:,} of {told.misses:,} misses found an entry that was too old or cleared")
    if told.evictions > told.hits + told.misses:
        found.append(f"{name}: processes let go of {told.evictions:,} entries for want of room; see L1_CACHE_MAX_ITEMS")
    return found
