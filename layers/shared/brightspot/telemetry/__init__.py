"""What a running system tells about itself: one JSON line per event, and the figures of each invocation."""

from brightspot.telemetry.declared import (
    ANALYSES_DELETED,
    AUDIT_UNRECORDED,
    BODY_BYTES_SAVED,
    BREAKER_OPEN_SECONDS,
    BREAKER_TRANSITIONS,
    CACHE_DEGRADED,
    CACHE_HITS,
    CACHE_MISSES,
    CACHE_TAMPERED,
    DATABASE_ERRORS,
    HEALTHY,
    METRICS,
    NAMESPACE,
    SUSPICIOUS_INPUTS,
)
from brightspot.telemetry.logs import LogSettings, RequestContext, configure_logs, current_context, request_context
from brightspot.telemetry.metric import Counter, Gauge, Metric, Unit
from brightspot.telemetry.recorder import configure_metrics, count, flush_metrics, gauge

__all__ = [
    "ANALYSES_DELETED",
    "AUDIT_UNRECORDED",
    "BODY_BYTES_SAVED",
    "BREAKER_OPEN_SECONDS",
    "BREAKER_TRANSITIONS",
    "CACHE_DEGRADED",
    "CACHE_HITS",
    "CACHE_MISSES",
    "CACHE_TAMPERED",
    "DATABASE_ERRORS",
    "HEALTHY",
    "METRICS",
    "NAMESPACE",
    "SUSPICIOUS_INPUTS",
    "Counter",
    "Gauge",
    "LogSettings",
    "Metric",
    "RequestContext",
    "Unit",
    "configure_logs",
    "configure_metrics",
    "count",
    "current_context",
    "flush_metrics",
    "gauge",
    "request_context",
]
