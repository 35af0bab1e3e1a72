"""The documents that Brightspot was asked for with, and the variables that they name, each with the document's unit."""

from typing import Final, NamedTuple


class Named(NamedTuple):
    """A document's short name, and in which unit it gives the variable ("" where it has none)."""

    document: str
    unit: str = ""


DOCUMENTS: Final = {
    "Guide": "Enterprise Features Guide (version 3.0)",
    "Scale": "Enterprise Scale Features - Quick Reference",
    "Enhanced": "Enhanced Features Implementation Guide",
    "RevCopy": "RevCopy Enterprise Features",
    "AUTO ANI": "AUTO ANI Enterprise Systems",
}
NAMED: Final = {
    "REDIS_HOST": Named("Scale"),
    "REDIS_PORT": Named("Scale"),
    "ANALYTICS_ENABLED": Named("Enhanced"),
    "ANALYTICS_BATCH_SIZE": Named("Enhanced", "events"),
    "ANALYTICS_FLUSH_INTERVAL": Named("Enhanced", "s"),
    "CACHE_L1_SIZE": Named("Enhanced", "entries"),
    "CACHE_L1_TTL": Named("Enhanced", "s"),
    "CACHE_WARMING_ENABLED": Named("Enhanced"),
    "HEALTH_CHECK_INTERVAL": Named("Enhanced", "s"),
    "HEALTH_ALERT_THRESHOLD": Named("Enhanced", "fraction"),
    "BATCH_MAX_WORKERS": Named("Enhanced", "workers"),
    "BATCH_QUEUE_SIZE": Named("Enhanced", "jobs"),
    "AB_TESTING_ENABLED": Named("Enhanced"),
    "PERFORMANCE_MONITORING_ENABLED": Named("Enhanced"),
    "MODEL_OPTIMIZATION_ENABLED": Named("Enhanced"),
    "PERFORMANCE_ALERT_THRESHOLD_MS": Named("RevCopy", "ms"),
    "PERFORMANCE_MAX_METRICS": Named("RevCopy", "figures"),
    "REDIS_URL": Named("RevCopy"),
    "CACHE_DEFAULT_TTL": Named("RevCopy", "s"),
    "CACHE_MAX_SIZE": Named("RevCopy", "entries"),
    "TASK_QUEUE_NAME": Named("RevCopy"),
    "TASK_WORKER_COUNT": Named("RevCopy", "workers"),
    "TASK_MAX_RETRIES": Named("RevCopy", "tries"),
    "TELEMETRY_ENABLED": Named("AUTO ANI"),
    "TELEMETRY_SAMPLE_RATE": Named("AUTO ANI", "fraction"),
    "PROMETHEUS_METRICS_ENABLED": Named("AUTO ANI"),
    "PROMETHEUS_METRICS_PORT": Named("AUTO ANI"),
    "METRICS_COLLECTION_INTERVAL": Named("AUTO ANI", "ms"),
    "JAEGER_ENDPOINT": Named("AUTO ANI"),
    "ENTERPRISE_CACHE_ENABLED": Named("AUTO ANI"),
    "L1_CACHE_MAX_SIZE": Named("AUTO ANI", "MB"),
    "L1_CACHE_MAX_AGE": Named("AUTO ANI", "ms"),
    "L1_CACHE_MAX_ITEMS": Named("AUTO ANI", "entries"),
    "L2_CACHE_DEFAULT_TTL": Named("AUTO ANI", "s"),
    "L2_CACHE_COMPRESSION": Named("AUTO ANI"),
    "L2_CACHE_COMPRESSION_THRESHOLD": Named("AUTO ANI", "bytes"),
    "ENTERPRISE_SECURITY_ENABLED": Named("AUTO ANI"),
    "JWT_SECRET": Named("AUTO ANI"),
    "JWT_EXPIRES_IN": Named("AUTO ANI", "as in 24h"),
    "BCRYPT_ROUNDS": Named("AUTO ANI", "rounds, log2"),
    "RATE_LIMIT_ENABLED": Named("AUTO ANI"),
    "MAX_REQUESTS_PER_MINUTE": Named("AUTO ANI", "requests/min"),
    "RATE_LIMIT_WINDOW_MS": Named("AUTO ANI", "ms"),
    "RATE_LIMIT_MAX_REQUESTS": Named("AUTO ANI", "requests"),
    "ENTERPRISE_RESILIENCE_ENABLED": Named("AUTO ANI"),
    "CIRCUIT_BREAKER_THRESHOLD": Named("AUTO ANI", "failures"),
    "CIRCUIT_BREAKER_TIMEOUT": Named("AUTO ANI", "ms"),
    "ENTERPRISE_MONITORING_ENABLED": Named("AUTO ANI"),
    "LOG_REQUESTS": Named("AUTO ANI"),
}
_ANALYTICS = "user analytics, which there are not yet"
_PROMETHEUS = "a server for Prometheus, which there is not: the API has `GET /metrics` ([metrics.md](metrics.md))"
# Read by nothing yet. What each belongs to, and what decides the matter until then.
NOT_READ: Final = {
    "ANALYTICS_ENABLED": _ANALYTICS,
    "ANALYTICS_BATCH_SIZE": _ANALYTICS,
    "ANALYTICS_FLUSH_INTERVAL": _ANALYTICS,
    "BATCH_MAX_WORKERS": "the queue of batches: how many functions work at a time is `MaximumConcurrency` in "
    "`template.yaml` (10, with 5 addresses each), since a function has no workers of its own",
    "BATCH_QUEUE_SIZE": "batch processing in one process, which there is not: SQS holds any number, and the limits of "
    "[rate-limits.md](rate-limits.md) bound what comes in",
    "AB_TESTING_ENABLED": "experiments, which there are not yet",
    "PERFORMANCE_MAX_METRICS": "a store of single measurements, which there is not: they are added up in buckets as "
    "they come ([metrics.md](metrics.md))",
    "MODEL_OPTIMIZATION_ENABLED": "optimisation of the model, which there is not yet",
    "TASK_QUEUE_NAME": "one queue of tasks, which are three: each is called by the stack and its priority "
    "(`<stack>-tasks-normal`), so that template, dashboards, alarms and policies agree ([tasks.md](tasks.md))",
    "PROMETHEUS_METRICS_ENABLED": _PROMETHEUS,
    "PROMETHEUS_METRICS_PORT": _PROMETHEUS,
    "METRICS_COLLECTION_INTERVAL": "collecting by the clock, which there is not: figures leave with requests, once a "
    "second at most ([metrics.md](metrics.md))",
}
# Read by no function: the template's parameters of these names say it when the stack is deployed.
DEPLOYED: Final = {
    "TASK_WORKER_COUNT": ("TaskWorkerCount", "how many workers do tasks of normal priority at once, at most"),
}
