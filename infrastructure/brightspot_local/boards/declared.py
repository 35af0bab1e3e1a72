"""Every dashboard there is."""

from typing import Final

from brightspot.telemetry import declared as d
from brightspot_local.boards.panel import Ask, Board, Panel

_REQUESTS = Panel("Requests", "Requests answered, by status.", "reqps", (Ask(d.HTTP_REQUESTS, "rate", ("status",)),))
_ERRORS = Panel(
    "Server errors",
    "Share of requests answered with 5xx.",
    "percentunit",
    (Ask(d.HTTP_REQUESTS, "ratio", where=("status", "5..")),),
    0.01,
    0.05,
)
_LATENCY = Panel(
    "Time to answer, p95",
    "In the function's own code, by whether the answer was cached.",
    "s",
    (Ask(d.REQUEST_SECONDS, "quantile", ("served",)),),
)
_HITS = Panel(
    "Cache hits",
    "Share of the gate's questions that a cache answered; below half an alarm goes off.",
    "percentunit",
    (Ask(d.CACHE_HITS, "ratio", ("cache",), beside=d.CACHE_MISSES),),
    0.7,
    0.5,
)
_HEALTHY = Panel("Healthy", "1 when the last probe found the service healthy.", "short", (Ask(d.HEALTHY, "last"),))
_SCORE = Panel(
    "Health score", "Mean health of all components.", "percentunit", (Ask(d.HEALTH_SCORE, "last"),), 0.95, 0.8
)
_SECURITY = Panel("Security score", "0 to 100; see security.md.", "short", (Ask(d.SECURITY_SCORE, "last"),), 85, 70)
_ANALYSES = Panel("Analyses", "New analyses, by what came of them.", "ops", (Ask(d.ANALYSES, "rate", ("outcome",)),))

BOARDS: Final = (
    Board(
        "enhanced_features_overview",
        "Brightspot: overview",
        "How it is, at one look.",
        (_HEALTHY, _SCORE, _SECURITY, _REQUESTS, _ERRORS, _LATENCY, _HITS, _ANALYSES),
    ),
    Board(
        "analytics_dashboard",
        "Brightspot: analyses",
        "What is asked, what comes of it, and where it is learnt.",
        (
            Panel("Routes", "Requests by route.", "reqps", (Ask(d.HTTP_REQUESTS, "rate", ("route",)),)),
            _ANALYSES,
            Panel(
                "Overall scores",
                "Median and 95th percentile of new scores.",
                "short",
                tuple(Ask(d.OVERALL_SCORES, "quantile", quantile=each) for each in (0.5, 0.95)),
            ),
            Panel(
                "Collectors, p95", "Time by collector.", "s", (Ask(d.COLLECTOR_SECONDS, "quantile", ("collector",)),)
            ),
            Panel(
                "Collections", "By what came of them.", "ops", (Ask(d.COLLECTIONS, "rate", ("collector", "status")),)
            ),
            Panel("Upstream", "By where the answer came from.", "ops", (Ask(d.UPSTREAM_CALLS, "rate", ("way",)),)),
            Panel("Upstream, p95", "Copies included.", "s", (Ask(d.UPSTREAM_SECONDS, "quantile", ("source",)),)),
        ),
    ),
    Board(
        "cache_performance",
        "Brightspot: caches",
        "What caches answer and save.",
        (
            _HITS,
            Panel("Questions", "By level and result.", "ops", (Ask(d.CACHE_OPERATIONS, "rate", ("level", "result")),)),
            Panel("Entries", "Held by the shared cache.", "short", (Ask(d.CACHE_ENTRIES, "last"),)),
            Panel("Degraded", "1 without the shared cache.", "short", (Ask(d.CACHE_DEGRADED, "last"),), bad=1),
            Panel("Tampered", "Entries not made by our keys.", "ops", (Ask(d.CACHE_TAMPERED, "rate"),)),
            Panel("Bytes saved", "By coding or 304.", "Bps", (Ask(d.BODY_BYTES_SAVED, "rate", ("by",)),)),
        ),
    ),
    Board(
        "health_monitoring",
        "Brightspot: health",
        "What is well, what is not, and since when.",
        (
            _HEALTHY,
            _SCORE,
            Panel("Checks", "By what they found.", "ops", (Ask(d.HEALTH_CHECKS, "rate", ("check", "status")),)),
            Panel("Breaker states", "1 for the state it is in.", "short", (Ask(d.BREAKER_STATE, "last"),)),
            Panel("Longest open breaker", "Since first opened.", "s", (Ask(d.BREAKER_OPEN_SECONDS, "last"),), 60, 300),
            Panel("Database errors", "DynamoDB and SQS.", "ops", (Ask(d.DATABASE_ERRORS, "rate"),)),
            _SECURITY,
            Panel("Signals of intrusion", "By kind.", "ops", (Ask(d.INTRUSION_SIGNALS, "rate", ("signal",)),)),
        ),
    ),
)
