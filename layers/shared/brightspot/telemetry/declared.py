"""Every metric there is."""

from typing import Final

from brightspot.telemetry.metric import Counter, Distribution, Gauge, Metric

NAMESPACE: Final = "Brightspot"
MEMORY: Final = tuple(float(megabytes * 2**20) for megabytes in (64, 128, 256, 512, 1024, 2048, 4096, 8192))
SCORES: Final = (10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 100.0)

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
BATCH_JOBS: Final = Counter(
    "BatchJobs",
    "Count",
    "batches that were sent, by what became of them: answered at once, taken_in for workers, or repeated under a key "
    "that stands for an earlier one",
    ("outcome",),
)
BATCH_ITEMS: Final = Counter(
    "BatchItems",
    "Count",
    "deliveries of an address of a batch to a worker, by what came of them: done, refused, failed (its "
    "analysis raised; it may come again), "
    "late, or repeated when another one had written its answer",
    ("outcome",),
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
HEALTH_SCORE: Final = Gauge(
    "HealthScore", "Count", "mean health of all components that a probe found, 0 to 1; a degraded one counts half"
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
HTTP_REQUESTS: Final = Counter(
    "HttpRequests", "Count", "requests that functions answered, by route and status", ("route", "status"), emf=False
)
REQUEST_SECONDS: Final = Distribution(
    "RequestDuration",
    "Seconds",
    "time that a function took to answer a request it did not refuse, by route and whether the answer was cached",
    ("route", "served"),
    emf=False,
    exposed="http_request_duration_seconds",
)
OPERATION_SECONDS: Final = Distribution(
    "OperationDuration", "Seconds", "time that a monitored operation took", ("operation",), emf=False
)
OPERATION_CPU: Final = Distribution(
    "OperationCpu",
    "Seconds",
    "processor time that its process took in an operation",
    ("operation",),
    emf=False,
)
OPERATION_ERRORS: Final = Counter(
    "OperationErrors",
    "Count",
    "monitored operations that raised, by the class of the error",
    ("operation", "error"),
    emf=False,
)
RESIDENT_MEMORY: Final = Distribution(
    "ResidentMemory",
    "Bytes",
    "the most memory that a function's process ever held, told when it tells its figures",
    ("function",),
    emf=False,
    bounds=MEMORY,
)
MEMORY_LIMIT: Final = Gauge(
    "MemoryLimit",
    "Bytes",
    "memory that a function has; told on Lambda alone",
    ("function",),
    emf=False,
)
ANALYSES: Final = Counter(
    "Analyses",
    "Count",
    "new analyses, by what came of them (completed, failed)",
    ("outcome",),
    emf=False,
)
OVERALL_SCORES: Final = Distribution("OverallScore", "None", "overall scores of new analyses", emf=False, bounds=SCORES)
COLLECTOR_SECONDS: Final = Distribution(
    "CollectorDuration", "Seconds", "time that a collector took", ("collector",), emf=False
)
COLLECTIONS: Final = Counter(
    "Collections", "Count", "calls of collectors, by what came of them", ("collector", "status"), emf=False
)
UPSTREAM_CALLS: Final = Counter(
    "UpstreamCalls",
    "Count",
    "questions to live sources, by where the answer came from (live, copy, stale_copy, embedded, silent)",
    ("source", "way"),
    emf=False,
)
UPSTREAM_SECONDS: Final = Distribution(
    "UpstreamDuration", "Seconds", "time that a question to a live source took, copies included", ("source",), emf=False
)
CACHE_OPERATIONS: Final = Counter(
    "CacheOperations",
    "Count",
    "questions to the caches, by namespace, level (memory, redis, dynamodb, none) and result (hit, miss)",
    ("namespace", "level", "result"),
    emf=False,
)
CACHE_ENTRIES: Final = Gauge("CacheEntries", "Count", "entries that the shared cache holds", ("namespace",), emf=False)
BREAKER_STATE: Final = Gauge(
    "CircuitBreakerState", "Count", "1 for the state that a circuit breaker is in", ("breaker", "state"), emf=False
)
HEALTH_CHECKS: Final = Counter(
    "HealthChecks", "Count", "health checks, by what they found", ("check", "status"), emf=False
)
_OF_CALLS: Final = ("table", "index", "operation", "pattern")
DATABASE_CALL_SECONDS: Final = Distribution(
    "DatabaseCallDuration", "Seconds", "time that a call to a table took, refused ones too", _OF_CALLS, emf=False
)
DATABASE_CAPACITY: Final = Distribution(
    "DatabaseCapacity",
    "None",
    "capacity units that a call to a table consumed, indexes included; not told by emulators",
    _OF_CALLS,
    emf=False,
    bounds=(0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0),
)
DATABASE_ITEM_BYTES: Final = Distribution(
    "DatabaseItemBytes",
    "Bytes",
    "the largest item that a call to a table read or wrote whole, of its first ten",
    _OF_CALLS,
    emf=False,
    bounds=(1024.0, 4096.0, 16_384.0, 65_536.0, 131_072.0, 262_144.0, 409_600.0),
)
DATABASE_SCANNED: Final = Counter(
    "DatabaseItemsScanned",
    "Count",
    "items that calls to tables read, those that a filter left out too",
    _OF_CALLS,
    emf=False,
)
DATABASE_RETURNED: Final = Counter(
    "DatabaseItemsReturned", "Count", "items that calls to tables brought back", _OF_CALLS, emf=False
)
DATABASE_REFUSALS: Final = Counter(
    "DatabaseRefusals",
    "Count",
    "calls to tables that failed, conditions that were not met included, by DynamoDB's code (NoAnswer where none came)",
    (*_OF_CALLS, "code"),
    emf=False,
)
DATABASE_FILTERS: Final = Counter(
    "DatabaseFilters",
    "Count",
    "calls to tables that filter by an attribute, by the index that has it as partition key (none)",
    (*_OF_CALLS, "attribute", "indexed"),
    emf=False,
)
DATABASE_SIGNS: Final = Counter(
    "DatabaseSigns",
    "Count",
    "calls to tables with a sign of bad use: repeated_calls (in as many repeating_requests), hot_key, oversized",
    (*_OF_CALLS, "sign"),
    emf=False,
)
SPANS_DROPPED: Final = Counter(
    "SpansDropped",
    "Count",
    "spans not written, by why (timeout, unreachable, refused, rejected, resting, too_many, no_daemon)",
    ("reason",),
    emf=False,
)
TASK_SECONDS: Final = Distribution(
    "TaskDuration",
    "Seconds",
    "time that a message of a queue, or a task of a schedule, took, by what came of it (done, failed)",
    ("task", "outcome"),
    emf=False,
)
TASKS_SUBMITTED: Final = Counter(
    "TasksSubmitted", "Count", "background tasks that were submitted, by priority", ("priority",), emf=False
)
TASKS_FINISHED: Final = Counter(
    "TasksFinished",
    "Count",
    "attempts of background tasks that ended, by what came of them: done, failed for good, retried, cancelled, or lost "
    "to another worker",
    ("task", "outcome"),
    emf=False,
)
TASK_WAIT_SECONDS: Final = Distribution(
    "TaskWait",
    "Seconds",
    "time from when a background task could run to when a worker took it, by priority",
    ("priority",),
    emf=False,
)
ALERTS_FIRING: Final = Gauge("AlertsFiring", "Count", "alerts that fire, by severity (page, ticket)", ("severity",))
ALERT_NOTIFICATIONS: Final = Counter(
    "AlertNotifications",
    "Count",
    "messages of alerts, by channel and what came of them (sent, failed: tried again, dropped: no more)",
    ("channel", "outcome"),
)

METRICS: Final[tuple[Metric, ...]] = (
    CACHE_HITS,
    CACHE_MISSES,
    CACHE_TAMPERED,
    BODY_BYTES_SAVED,
    DATABASE_ERRORS,
    ANALYSES_DELETED,
    BATCH_JOBS,
    BATCH_ITEMS,
    SUSPICIOUS_INPUTS,
    INTRUSION_SIGNALS,
    CLIENTS_BLOCKED,
    BLOCKED_REQUESTS,
    SECURITY_SCORE,
    AUDIT_UNRECORDED,
    HEALTHY,
    HEALTH_SCORE,
    CACHE_DEGRADED,
    BREAKER_OPEN_SECONDS,
    BREAKER_TRANSITIONS,
    HTTP_REQUESTS,
    REQUEST_SECONDS,
    OPERATION_SECONDS,
    OPERATION_CPU,
    OPERATION_ERRORS,
    RESIDENT_MEMORY,
    MEMORY_LIMIT,
    ANALYSES,
    OVERALL_SCORES,
    COLLECTOR_SECONDS,
    COLLECTIONS,
    UPSTREAM_CALLS,
    UPSTREAM_SECONDS,
    CACHE_OPERATIONS,
    CACHE_ENTRIES,
    BREAKER_STATE,
    HEALTH_CHECKS,
    DATABASE_CALL_SECONDS,
    DATABASE_CAPACITY,
    DATABASE_ITEM_BYTES,
    DATABASE_SCANNED,
    DATABASE_RETURNED,
    DATABASE_REFUSALS,
    DATABASE_FILTERS,
    DATABASE_SIGNS,
    SPANS_DROPPED,
    TASK_SECONDS,
    TASKS_SUBMITTED,
    TASKS_FINISHED,
    TASK_WAIT_SECONDS,
    ALERTS_FIRING,
    ALERT_NOTIFICATIONS,
)
