"""monitoring_routes: what the service counts and measures, for people, programs and Prometheus."""

from typing import Annotated, Any

from fastapi import Header, Query, Request
from fastapi.responses import Response

from brightspot import operations
from brightspot.http.policies import told_limits
from brightspot.http.routes import described, described_events, described_text, new_router

router = new_router("monitoring")

LastEventId = Annotated[
    str | None, Header(description="The id of the last event that came; what came after it follows.")
]

_TEXT = "text/plain"
_EVENTS = "text/event-stream"
_OPENMETRICS = "application/openmetrics-text"


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses=described_text(
        _TEXT, "Every metric that was told, of all instances, since the shared store began.", 401, 403, 429, 503
    ),
)
def metrics(request: Request) -> Any:
    """Text format 0.0.4; OpenMetrics 1.0.0 for whoever accepts `application/openmetrics-text`.

    Counters and histograms are those of all instances. They begin anew when the shared store loses its memory, as
    Prometheus expects of a restart. Without a shared store they are those of the process that answers.
    """
    openmetrics = _OPENMETRICS in request.headers.get("accept", "")
    return Response(
        operations.scraped(openmetrics=openmetrics),
        media_type=operations.OPENMETRICS if openmetrics else operations.PROMETHEUS_TEXT,
    )


@router.get(
    "/api/v1/metrics",
    summary="Figures of the whole service",
    responses=described(operations.Metrics, 401, 403, 429, 503),
)
def service_metrics() -> Any:
    """Cache, analyses, breakers, requests and live sources, over all instances since the shared store began."""
    return Response(operations.encode(operations.service_metrics()), media_type="application/json")


@router.get(
    "/api/v1/monitoring/performance/summary",
    summary="How long things take lately",
    responses=described(operations.PerformanceSummary, 401, 403, 422, 429, 503),
)
def performance_summary(
    minutes: Annotated[
        int,
        Query(ge=1, le=operations.MOST_SUMMARY_MINUTES, description="How far back to look; the running minute counts."),
    ] = operations.DEFAULT_SUMMARY_MINUTES,
) -> Any:
    """How each operation and route did, what is unusual of them, what the next day brings, and what to do about it."""
    return Response(operations.encode(operations.performance_summary(minutes)), media_type="application/json")


@router.get(
    "/api/v1/monitoring/performance/realtime",
    summary="How requests and operations do, as server-sent events",
    response_class=Response,
    responses=described_events(("minute", "now", "missed"), 401, 403, 422, 429, 503),
)
def performance_realtime(last_event_id: LastEventId = None) -> Any:
    """A `minute` for each one that is over, with its number as `id`; `now` for the running one, without.

    Their data is JSON: requests, error rate, quantiles by route and operation. The answer ends at once and says in
    `retry` when to ask again: an `EventSource` does, and gets what came after its last event, each event once.
    """
    return _stream(operations.live_performance(last_event_id))


@router.get(
    "/api/v2/analytics/metrics/stream",
    summary="What counters grow by, as server-sent events",
    response_class=Response,
    responses=described_events(("minute", "now", "missed"), 401, 403, 422, 429, 503),
)
def metrics_stream(last_event_id: LastEventId = None) -> Any:
    """As `performance/realtime`; the data has what each counter of `/metrics` grew by in a minute."""
    return _stream(operations.live_metrics(last_event_id))


@router.get(
    "/api/v1/monitoring",
    summary="What there is to look at",
    responses=described(operations.MonitoringIndex, 401, 403, 429),
)
def index() -> Any:
    """The paths of monitoring, and how health was a moment ago."""
    return Response(operations.encode(operations.monitoring_index()), media_type="application/json")


@router.get(
    "/api/v1/monitoring/database/performance",
    summary="How the tables are used, and what to do about it",
    responses=described(operations.DatabasePerformance, 401, 403, 422, 429, 503),
)
def database_performance(
    minutes: Annotated[
        int,
        Query(
            ge=1, le=operations.MOST_DATABASE_MINUTES, description="How far back to look; the running minute counts."
        ),
    ] = operations.DEFAULT_SUMMARY_MINUTES,
) -> Any:
    """Each access pattern's times, items and capacity; slow calls; scans, waste, N+1, hot keys, large items."""
    return Response(operations.encode(operations.database_performance(minutes)), media_type="application/json")


@router.get(
    "/api/v1/monitoring/tasks/monitoring",
    summary="How queues, workers and schedules do",
    responses=described(operations.TaskMonitoring, 401, 403, 422, 429, 503),
)
def task_monitoring(
    minutes: Annotated[
        int,
        Query(ge=1, le=operations.MOST_SUMMARY_MINUTES, description="How far back to look; the running minute counts."),
    ] = operations.DEFAULT_SUMMARY_MINUTES,
) -> Any:
    """What waits in each queue and was given up, as SQS counts it now; how often and how long each kind of task ran."""
    return Response(operations.encode(operations.task_monitoring(minutes)), media_type="application/json")


@router.get(
    "/api/v1/monitoring/cache/analytics",
    summary="How the caches do, and what to do about it",
    responses=described(operations.MonitoredCache, 401, 403, 429),
)
def cache_analytics() -> Any:
    """By level and namespace, over all instances since the shared store began."""
    return Response(operations.encode(operations.monitored_cache()), media_type="application/json")


@router.get("/info", summary="What this service is", responses=described(operations.ServiceInfo, 429))
def info() -> Any:
    """Version, dataset, which parts are on, and the rate limits."""
    return Response(operations.encode(operations.service_info(told_limits())), media_type="application/json")


def _stream(events: bytes) -> Response:
    return Response(events, media_type=_EVENTS)
