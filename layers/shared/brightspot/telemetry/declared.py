"""Every metric there is."""

from typing import Final

from brightspot.telemetry.metric import Counter, Gauge, Metric

NAMESPACE: Final = "Brightspot"

CACHE_HITS: Final = Counter(
    "CacheHits", "Count", "requests that the gate answered from a cache; 0 with every miss", ("cache",)
)
CACHE_MISSES: Final = Counter(
    "CacheMisses", "Count", "requests whose answer the gate sought in a cache in vain; 0 with every hit", ("cache",)
)
CACHE_TAMPERED: Final = Counter(
    "CacheTampered", "Count", "encrypted cache entries that were not as one of our keys had made them"
)
BODY_BYTES_SAVED: Final = Counter(
    "BodyBytesSaved",
    "Bytes",
    "bytes of answers that did not have to be sent, by the content coding (zstd, br, gzip) or by 304 (not_modified)",
    ("by",),
)
DATABASE_ERRORS: Final = Counter(
    "DatabaseErrors",
    "Count",
    "times that a table or queue did not do what a request or worker asked of it, also where nothing was lost by it",
)
ANALYSES_DELETED: Final = Counter(
    "AnalysesDeleted",
    "Count",
    "analyses that the daily cleanup deleted, older than they are kept; 0 when there were none",
)
SUSPICIOUS_INPUTS: Final = Counter(
    "SuspiciousInputs",
    "Count",
    "requests with something in them that looks like an attack of a category, and whether that was recorded or blocked",
    ("category", "outcome"),
)
INTRUSION_SIGNALS: Final = Counter(
    "IntrusionSignals",
    "Count",
    "suspicious things that requests did, by kind; of inputs, the points that input protection gave them",
    ("signal",),
)
CLIENTS_BLOCKED: Final = Counter(
    "ClientsBlocked",
    "Count",
    "blocks that began: of an address, or of an address at one account (pair)",
    ("kind",),
)
BLOCKED_REQUESTS: Final = Counter("BlockedRequests", "Count", "requests refused, since their client is blocked")
SECURITY_SCORE: Final = Gauge(
    "SecurityScore", "Count", "0 to 100, told by each health probe and each look at it; not told while nobody can say"
)
AUDIT_UNRECORDED: Final = Counter(
    "AuditUnrecorded", "Count", "actions of administrators that the audit log did not take; the logs have them whole"
)
HEALTHY: Final = Gauge(
    "Healthy", "Count", "1 when a probe found the service healthy or under maintenance, 0 when degraded or worse"
)
CACHE_DEGRADED: Final = Gauge("CacheDegraded", "Count", "1 when a probe could not reach the shared cache, else 0")
BREAKER_OPEN_SECONDS: Final = Gauge(
    "BreakerOpenSeconds",
    "Seconds",
    "time since the circuit breaker that recovers slowest was first opened, half open and reopened included; "
    "0 when all are closed",
)
BREAKER_TRANSITIONS: Final = Counter(
    "BreakerTransitions",
    "Count",
    "times that a circuit breaker went into a state (open, half_open, closed), told by the instance that caused it",
    ("breaker", "state"),
)

METRICS: Final[tuple[Metric, ...]] = (
    CACHE_HITS,
    CACHE_MISSES,
    CACHE_TAMPERED,
    BODY_BYTES_SAVED,
    DATABASE_ERRORS,
    ANALYSES_DELETED,
    SUSPICIOUS_INPUTS,
    INTRUSION_SIGNALS,
    CLIENTS_BLOCKED,
    BLOCKED_REQUESTS,
    SECURITY_SCORE,
    AUDIT_UNRECORDED,
    HEALTHY,
    CACHE_DEGRADED,
    BREAKER_OPEN_SECONDS,
    BREAKER_TRANSITIONS,
)
