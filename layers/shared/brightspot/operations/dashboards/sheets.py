"""Every dashboard there is: its panels, and what they are read of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from brightspot.operations.dashboards import states
from brightspot.operations.dashboards.readers import counted, labelled, quantile_ms, route, share, unknown
from brightspot.operations.dashboards.seen import Seen
from brightspot.operations.dashboards.tile import Tile
from brightspot.operations.monitored import monitored_cache
from brightspot.telemetry import (
    ANALYSES,
    ANALYSES_DELETED,
    BATCH_ITEMS,
    BATCH_JOBS,
    BLOCKED_REQUESTS,
    BODY_BYTES_SAVED,
    CACHE_HITS,
    CACHE_MISSES,
    CACHE_TAMPERED,
    COLLECTIONS,
    COLLECTOR_SECONDS,
    DATABASE_ERRORS,
    HTTP_REQUESTS,
    OPERATION_CPU,
    OPERATION_ERRORS,
    OPERATION_SECONDS,
    REQUEST_SECONDS,
    UPSTREAM_CALLS,
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One dashboard: `tiles` always, and those `found` by looking; `advice` beside what its tiles advise."""

    name: str
    title: str
    tells: str
    tiles: tuple[Tile, ...] = ()
    found: Callable[[Seen], list[Tile]] = lambda _: []
    advice: Callable[[Seen], list[str]] = lambda _: []
    needs: Literal["read", "admin"] = "read"
    sla: bool = False  # whether the whole report on promises is told beside the tiles


_FAILED = labelled("5*", at=1)
_NO_EVENTS: Final = unknown("engagement events are not recorded yet")

_HEALTH = Tile("Health score", "share", states.health_score, 0.95, 0.8, "see the dashboard system-health")
_AVAILABILITY = Tile("Availability", "share", states.availability, 0.999, 0.99, "see GET /api/v2/health/history")
_REQUESTS = Tile("Requests", "count", counted(HTTP_REQUESTS))
_ERRORS = Tile(
    "Server errors",
    "share",
    share((HTTP_REQUESTS, _FAILED), (HTTP_REQUESTS, None)),
    0.01,
    0.05,
    "the log has each with its request_id",
)
_P95 = Tile(
    "Time to answer, p95", "ms", quantile_ms(REQUEST_SECONDS, 0.95), 1000, advice="see the dashboard performance"
)
_HITS = Tile(
    "Answered by caches",
    "share",
    share((CACHE_HITS, None), (CACHE_HITS, None), (CACHE_MISSES, None)),
    0.7,
    0.5,
    "see GET /api/v1/monitoring/cache/analytics",
)
_ANALYSES = Tile("New analyses", "count", counted(ANALYSES, labelled("completed")))
_FAILED_ANALYSES = Tile("Failed analyses", "share", share((ANALYSES, labelled("failed")), (ANALYSES, None)), 0.01, 0.05)
_DATABASE = Tile("Database errors", "count", counted(DATABASE_ERRORS), 1, advice="the log has each as an event")
_TAMPERED = Tile(
    "Tampered entries", "count", counted(CACHE_TAMPERED), bad=1, advice="somebody else writes to the shared cache"
)
_BREAKERS = Tile(
    "Breakers not closed", "count", states.breakers_not_closed, 1, advice="see GET /api/v1/circuit-breakers"
)
_LEADS, _CONVERSION, _REVENUE = (
    Tile("Leads", "count", _NO_EVENTS),
    Tile("Conversion", "share", _NO_EVENTS),
    Tile("Revenue", "USD", _NO_EVENTS),
)

SHEETS: Final = (
    Sheet(
        "executive",
        "Executive",
        "how it is, and how much it is used",
        (_HEALTH, _AVAILABILITY, _REQUESTS, _ERRORS, _P95, _HITS, _ANALYSES, _LEADS, _CONVERSION, _REVENUE),
    ),
    Sheet(
        "business",
        "Business",
        "what it is used for; leads, conversion and revenue once events are recorded",
        (
            _ANALYSES,
            _FAILED_ANALYSES,
            Tile("Batches", "count", counted(BATCH_JOBS, labelled("answered", "taken_in"))),
            Tile("Searches", "count", counted(HTTP_REQUESTS, route("POST /api/v1/search"))),
            Tile("Comparisons", "count", counted(HTTP_REQUESTS, route("POST /api/v1/compare"))),
            Tile("Reports", "count", counted(HTTP_REQUESTS, route("GET /api/v1/analyses/*"))),
            Tile("Sign-ups", "count", counted(HTTP_REQUESTS, route("POST /api/auth/signup", "201"))),
            _LEADS,
            _CONVERSION,
            Tile("Views", "count", _NO_EVENTS),
            Tile("Inquiries", "count", _NO_EVENTS),
            _REVENUE,
            Tile("Engagement", "share", _NO_EVENTS),
        ),
    ),
    Sheet(
        "technical",
        "Technical",
        "requests, collectors, live sources, database and breakers",
        (
            _REQUESTS,
            _ERRORS,
            Tile("Refused by limits", "share", share((HTTP_REQUESTS, labelled("429", at=1)), (HTTP_REQUESTS, None))),
            _P95,
            Tile("Collectors, p95", "ms", quantile_ms(COLLECTOR_SECONDS, 0.95)),
            Tile("Collections", "count", counted(COLLECTIONS)),
            Tile(
                "Sources that were silent",
                "share",
                share((UPSTREAM_CALLS, labelled("silent", at=1)), (UPSTREAM_CALLS, None)),
            ),
            Tile("Operations that raised", "count", counted(OPERATION_ERRORS)),
            _DATABASE,
            _BREAKERS,
        ),
    ),
    Sheet(
        "sla",
        "Service levels",
        "how promises are kept, and what is left of their error budgets",
        (_AVAILABILITY, _ERRORS, _P95),
        found=states.promises,
        advice=states.promise_advice,
        sla=True,
    ),
    Sheet(
        "system-health",
        "System health",
        "every component, as it is now",
        (
            _HEALTH,
            _AVAILABILITY,
            *(Tile(name, "share", states.component(name)) for name in ("dataset", "cache", "database")),
            Tile("circuit breakers", "share", states.component("circuit_breakers")),
            _BREAKERS,
            _DATABASE,
        ),
        advice=states.unhealthy_advice,
    ),
    Sheet(
        "performance",
        "Performance",
        "how long things take",
        (
            *(Tile(f"Time to answer, p{at}", "ms", quantile_ms(REQUEST_SECONDS, at / 100)) for at in (50, 99)),
            _P95,
            Tile("Cached, p95", "ms", quantile_ms(REQUEST_SECONDS, 0.95, labelled("cached", at=1))),
            Tile("Computed, p95", "ms", quantile_ms(REQUEST_SECONDS, 0.95, labelled("computed", at=1))),
            Tile("Operations, p95", "ms", quantile_ms(OPERATION_SECONDS, 0.95)),
            Tile("Processor time, p95", "ms", quantile_ms(OPERATION_CPU, 0.95)),
            Tile("Slow calls", "count", states.slow_calls),
            _REQUESTS,
            _ERRORS,
        ),
        advice=lambda seen: seen.performance.recommendations,
    ),
    Sheet(
        "security",
        "Security",
        "who is suspicious, and what is held back",
        (
            Tile("Security score", "points", states.of_security(lambda told: told.security_score), 85, 70),
            Tile(
                "Signals",
                "count",
                states.of_security(lambda told: None if told.signals is None else sum(told.signals.values())),
            ),
            Tile(
                "Failed logins",
                "count",
                states.of_security(lambda told: None if told.failed_logins is None else told.failed_logins.count),
            ),
            Tile(
                "Blocks", "count", states.of_security(lambda told: None if told.blocks is None else told.blocks.count)
            ),
            Tile("Blocked requests", "count", counted(BLOCKED_REQUESTS)),
            _TAMPERED,
        ),
        advice=lambda seen: seen.security.recommendations,
        needs="admin",
    ),
    Sheet(
        "tasks",
        "Tasks",
        "work behind queues and schedules",
        (
            Tile("Batches taken in", "count", counted(BATCH_JOBS, labelled("taken_in"))),
            Tile("Addresses done", "count", counted(BATCH_ITEMS, labelled("done"))),
            Tile(
                "Addresses that failed",
                "share",
                share((BATCH_ITEMS, labelled("failed", "late")), (BATCH_ITEMS, None)),
                0.01,
                0.05,
                "the log of batch-worker has each as an event",
            ),
            Tile("Analyses deleted", "count", counted(ANALYSES_DELETED)),
            Tile("Waiting", "count", states.waiting(dead=False)),
            Tile("Dead letters", "count", states.waiting(dead=True), bad=1, advice="see tasks/monitoring"),
            Tile("Background tasks", "count", unknown("there is no queue of background tasks yet")),
        ),
    ),
    Sheet(
        "cache",
        "Caches",
        "what the caches answer, hold and save",
        (
            _HITS,
            Tile(
                "Hits of all levels",
                "share",
                states.of_cache(lambda told: None if told.hit_rate is None else told.hit_rate / 100),
            ),
            Tile("Entries", "count", states.of_cache(lambda told: told.cached_items)),
            Tile("Memory", "bytes", states.of_cache(lambda told: told.memory_bytes)),
            Tile("Evictions", "count", states.of_cache(lambda told: told.evictions)),
            Tile("Compression", "ratio", states.of_cache(lambda told: told.compression_ratio)),
            Tile("Bytes not sent", "bytes", counted(BODY_BYTES_SAVED)),
            _TAMPERED,
        ),
        advice=lambda seen: monitored_cache(seen.cache).recommendations,
    ),
)
