"""Every dashboard there is: four for Grafana over /metrics, the others for CloudWatch over what it is told."""

from typing import Final

from brightspot.telemetry import declared as d
from brightspot_local.boards import panels as p
from brightspot_local.boards.aws import of_api, of_functions, of_queues, of_tables
from brightspot_local.boards.panel import Ask, Board, Panel

_REQUESTS = Panel("Requests", "Answered, by status.", "reqps", (Ask(d.HTTP_REQUESTS, "rate", ("status",)),))
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
_ANALYSES = Panel("Analyses", "New ones, by what came of them.", "ops", (Ask(d.ANALYSES, "rate", ("outcome",)),))
_SCORES = Panel(
    "Overall scores",
    "Median and 95th percentile of new scores.",
    "short",
    tuple(Ask(d.OVERALL_SCORES, "quantile", quantile=each) for each in (0.5, 0.95)),
)
_ROUTES = Panel("Routes", "Requests by route.", "reqps", (Ask(d.HTTP_REQUESTS, "rate", ("route",)),))
_COLLECTORS = Panel(
    "Collectors, p95", "Time by collector.", "s", (Ask(d.COLLECTOR_SECONDS, "quantile", ("collector",)),)
)
_COLLECTIONS = Panel(
    "Collections", "By what came of them.", "ops", (Ask(d.COLLECTIONS, "rate", ("collector", "status")),)
)
_UPSTREAM = Panel("Upstream", "By where the answer came from.", "ops", (Ask(d.UPSTREAM_CALLS, "rate", ("way",)),))
_UPSTREAM_TIMES = Panel("Upstream, p95", "Copies included.", "s", (Ask(d.UPSTREAM_SECONDS, "quantile", ("source",)),))
_OPERATIONS = Panel(
    "Operations, p95", "Time by operation.", "s", (Ask(d.OPERATION_SECONDS, "quantile", ("operation",)),)
)
_PROCESSOR = Panel("Processor time, p95", "By operation.", "s", (Ask(d.OPERATION_CPU, "quantile", ("operation",)),))
_RAISED = Panel(
    "Operations that raised",
    "By the class of the error.",
    "ops",
    (Ask(d.OPERATION_ERRORS, "rate", ("operation", "error")),),
)
_QUESTIONS = Panel(
    "Questions", "To the caches, by level and result.", "ops", (Ask(d.CACHE_OPERATIONS, "rate", ("level", "result")),)
)
_ENTRIES = Panel("Entries", "Held by the shared cache.", "short", (Ask(d.CACHE_ENTRIES, "highest", ("namespace",)),))
_CHECKS = Panel("Checks", "By what they found.", "ops", (Ask(d.HEALTH_CHECKS, "rate", ("check", "status")),))
_STATES = Panel(
    "Breaker states", "1 for the state it is in.", "short", (Ask(d.BREAKER_STATE, "highest", ("breaker", "state")),)
)
_MEMORY = Panel(
    "Memory, p95",
    "The most that processes held, and what their functions have.",
    "bytes",
    (Ask(d.RESIDENT_MEMORY, "quantile", ("function",)), Ask(d.MEMORY_LIMIT, "highest", ("function",))),
)
_TASKS = Panel("Tasks, p95", "Time by task.", "s", (Ask(d.TASK_SECONDS, "quantile", ("task",)),))
_BACKGROUND = (
    Panel("Background tasks submitted", "By priority.", "ops", (Ask(d.TASKS_SUBMITTED, "rate", ("priority",)),)),
    Panel(
        "Background tasks, ends", "By task and outcome.", "ops", (Ask(d.TASKS_FINISHED, "rate", ("task", "outcome")),)
    ),
    Panel("Background tasks, wait, p95", "By priority.", "s", (Ask(d.TASK_WAIT_SECONDS, "quantile", ("priority",)),)),
)
_DROPPED = Panel("Spans dropped", "Not written, by why.", "ops", (Ask(d.SPANS_DROPPED, "rate", ("reason",)),))
_TABLES = (
    Panel("Calls to tables, p95", "By pattern.", "s", (Ask(d.DATABASE_CALL_SECONDS, "quantile", ("pattern",)),)),
    Panel("Capacity of a call, p95", "Units.", "short", (Ask(d.DATABASE_CAPACITY, "quantile", ("pattern",)),)),
    Panel("Largest items, p95", "By pattern.", "bytes", (Ask(d.DATABASE_ITEM_BYTES, "quantile", ("pattern",)),)),
    Panel(
        "Items of tables",
        "Read, and brought back.",
        "ops",
        (Ask(d.DATABASE_SCANNED, "rate"), Ask(d.DATABASE_RETURNED, "rate")),
    ),
    Panel("Refused calls to tables", "By code.", "ops", (Ask(d.DATABASE_REFUSALS, "rate", ("code",)),)),
    Panel("Filters", "By attribute.", "ops", (Ask(d.DATABASE_FILTERS, "rate", ("table", "attribute")),)),
    Panel("Signs of bad use", "See database.md.", "ops", (Ask(d.DATABASE_SIGNS, "rate", ("pattern", "sign")),)),
)

GRAFANA: Final = (
    Board(
        "enhanced_features_overview",
        "Brightspot: overview",
        "How it is, at one look.",
        (
            p.HEALTHY, p.HEALTH_SCORE, p.SECURITY_SCORE, p.ALERTS, _REQUESTS, _ERRORS, _LATENCY, p.HITS, _ANALYSES,
            p.BATCHES,
        ),
    ),
    Board(
        "analytics_dashboard",
        "Brightspot: analyses",
        "What is asked, what comes of it, and where it is learnt.",
        (
            _ROUTES, _ANALYSES, _SCORES, _COLLECTORS, _COLLECTIONS, _UPSTREAM, _UPSTREAM_TIMES, p.BATCHES,
            p.BATCH_ITEMS, _TASKS, *_BACKGROUND, _OPERATIONS, _PROCESSOR, _MEMORY, _RAISED, p.DELETED, *_TABLES,
        ),
    ),
    Board(
        "cache_performance",
        "Brightspot: caches",
        "What caches answer and save.",
        (p.HITS, p.HITS_AND_MISSES, _QUESTIONS, _ENTRIES, p.CACHE_DEGRADED, p.TAMPERED, p.BYTES_SAVED),
    ),
    Board(
        "health_monitoring",
        "Brightspot: health",
        "What is well, what is not, and since when.",
        (
            p.HEALTHY, p.HEALTH_SCORE, _CHECKS, _STATES, p.BREAKER_OPEN, p.BREAKER_TRANSITIONS, p.DATABASE_ERRORS,
            p.ALERTS, p.NOTIFICATIONS, p.SECURITY_SCORE, p.SIGNALS, p.INPUTS, p.BLOCKS, p.BLOCKED, p.UNRECORDED,
            _DROPPED,
        ),
    ),
)  # fmt: skip

CLOUDWATCH: Final = (
    Board(
        "executive",
        "Executive",
        "How it is, and how much it is used.",
        (p.HEALTHY, p.HEALTH_SCORE, p.SECURITY_SCORE, p.API_REQUESTS, p.API_ERRORS, p.API_LATENCY, p.HITS, p.BATCHES),
    ),
    Board(
        "technical",
        "Technical",
        "The API, functions, tables and breakers.",
        (
            p.API_REQUESTS,
            p.API_ERRORS,
            p.FUNCTION_ERRORS,
            p.FUNCTION_TIMES,
            Panel("Throttled calls", "By function.", "short", (of_functions("Throttles", "Sum"),)),
            Panel("At once", "By function.", "short", (of_functions("ConcurrentExecutions", "Maximum"),)),
            Panel("Reads", "Capacity units, by table.", "short", (of_tables("ConsumedReadCapacityUnits", "Sum"),)),
            Panel("Writes", "Capacity units, by table.", "short", (of_tables("ConsumedWriteCapacityUnits", "Sum"),)),
            Panel(
                "Throttled tables",
                "Reads, then writes.",
                "short",
                (of_tables("ReadThrottleEvents", "Sum"), of_tables("WriteThrottleEvents", "Sum")),
            ),
            p.DATABASE_ERRORS,
            p.BREAKER_TRANSITIONS,
        ),
    ),
    Board(
        "sla",
        "Service levels",
        "Errors and times at the API, and what the probes found.",
        (p.API_ERRORS, p.API_LATENCY, p.HEALTHY, p.HEALTH_SCORE),
    ),
    Board(
        "system-health",
        "System health",
        "What is well, what is not, and since when.",
        (
            p.HEALTHY, p.HEALTH_SCORE, p.ALERTS, p.NOTIFICATIONS, p.CACHE_DEGRADED, p.BREAKER_OPEN,
            p.BREAKER_TRANSITIONS, p.DATABASE_ERRORS, p.FUNCTION_ERRORS, p.DEAD_LETTERS,
        ),
    ),
    Board(
        "performance",
        "Performance",
        "How long things take, and what caches and codings save.",
        (
            p.API_LATENCY,
            Panel("Time in functions", "As the API sees it.", "ms", (of_api("IntegrationLatency", "p95"),)),
            p.FUNCTION_TIMES,
            p.API_REQUESTS,
            p.HITS,
            p.BYTES_SAVED,
        ),
    ),
    Board(
        "security",
        "Security",
        "Who is suspicious, and what is held back.",
        (p.SECURITY_SCORE, p.SIGNALS, p.INPUTS, p.BLOCKS, p.BLOCKED, p.UNRECORDED, p.TAMPERED, p.API_REQUESTS),
    ),
    Board(
        "tasks",
        "Tasks",
        "Work behind queues and schedules.",
        (
            p.BATCHES,
            p.BATCH_ITEMS,
            Panel(
                "Waiting",
                "Messages in queues.",
                "short",
                (of_queues("ApproximateNumberOfMessagesVisible", "Maximum", dead=False),),
            ),
            Panel(
                "Waiting longest",
                "Age of the oldest message.",
                "s",
                (of_queues("ApproximateAgeOfOldestMessage", "Maximum", dead=False),),
            ),
            p.DEAD_LETTERS,
            p.DELETED,
        ),
    ),
    Board(
        "cache",
        "Caches",
        "What the caches answer and save.",
        (p.HITS, p.HITS_AND_MISSES, p.CACHE_DEGRADED, p.TAMPERED, p.BYTES_SAVED),
    ),
)  # fmt: skip
