"""The panels that several boards have."""

from typing import Final

from brightspot.telemetry import declared as d
from brightspot_local.boards.aws import of_api, of_functions, of_queues
from brightspot_local.boards.panel import Ask, Panel

# How it is.
HEALTHY: Final = Panel(
    "Healthy", "1 when the last probe found the service healthy.", "short", (Ask(d.HEALTHY, "lowest"),)
)
HEALTH_SCORE: Final = Panel(
    "Health score", "Mean health of all components.", "percentunit", (Ask(d.HEALTH_SCORE, "lowest"),), 0.95, 0.8
)
SECURITY_SCORE: Final = Panel(
    "Security score", "0 to 100; see security.md.", "short", (Ask(d.SECURITY_SCORE, "lowest"),), 85, 70
)
CACHE_DEGRADED: Final = Panel(
    "Shared cache away", "1 while the shared cache is away.", "short", (Ask(d.CACHE_DEGRADED, "highest"),), bad=1
)
BREAKER_OPEN: Final = Panel(
    "Longest open breaker", "Since it was first opened.", "s", (Ask(d.BREAKER_OPEN_SECONDS, "highest"),), 60, 300
)
BREAKER_TRANSITIONS: Final = Panel(
    "Breakers opening and closing",
    "By breaker and the state it went into.",
    "ops",
    (Ask(d.BREAKER_TRANSITIONS, "rate", ("breaker", "state")),),
)
DATABASE_ERRORS: Final = Panel(
    "Database errors", "What DynamoDB or SQS did not do.", "ops", (Ask(d.DATABASE_ERRORS, "rate"),)
)
ALERTS: Final = Panel("Alerts that fire", "By severity.", "short", (Ask(d.ALERTS_FIRING, "highest", ("severity",)),))
NOTIFICATIONS: Final = Panel(
    "Messages of alerts",
    "By channel and what came of them.",
    "ops",
    (Ask(d.ALERT_NOTIFICATIONS, "rate", ("channel", "outcome")),),
)

# What is asked for.
HITS: Final = Panel(
    "Cache hits",
    "Share of the gate's questions that a cache answered; an alarm goes off below half.",
    "percentunit",
    (Ask(d.CACHE_HITS, "ratio", beside=d.CACHE_MISSES),),
    0.7,
    0.5,
)
HITS_AND_MISSES: Final = Panel(
    "Hits and misses",
    "Of the gate, by cache.",
    "ops",
    (Ask(d.CACHE_HITS, "rate", ("cache",)), Ask(d.CACHE_MISSES, "rate", ("cache",))),
)
TAMPERED: Final = Panel("Tampered entries", "Not made by our keys.", "ops", (Ask(d.CACHE_TAMPERED, "rate"),))
BYTES_SAVED: Final = Panel("Bytes saved", "By coding, or by 304.", "Bps", (Ask(d.BODY_BYTES_SAVED, "rate", ("by",)),))
BATCHES: Final = Panel("Batches", "By what became of them.", "ops", (Ask(d.BATCH_JOBS, "rate", ("outcome",)),))
BATCH_ITEMS: Final = Panel(
    "Addresses of batches",
    "Deliveries to workers, by what came of them.",
    "ops",
    (Ask(d.BATCH_ITEMS, "rate", ("outcome",)),),
)
DELETED: Final = Panel("Analyses deleted", "By the daily cleanup.", "ops", (Ask(d.ANALYSES_DELETED, "rate"),))
COLD_STARTS: Final = Panel(
    "Cold starts", "New instances, by function.", "ops", (Ask(d.COLD_STARTS, "rate", ("function",)),)
)

# Who is suspicious.
SIGNALS: Final = Panel("Signals of intrusion", "By kind.", "ops", (Ask(d.INTRUSION_SIGNALS, "rate", ("signal",)),))
INPUTS: Final = Panel(
    "Suspicious inputs",
    "By category, recorded or blocked.",
    "ops",
    (Ask(d.SUSPICIOUS_INPUTS, "rate", ("category", "outcome")),),
)
BLOCKS: Final = Panel("Clients blocked", "Blocks that began.", "ops", (Ask(d.CLIENTS_BLOCKED, "rate", ("kind",)),))
BLOCKED: Final = Panel(
    "Blocked requests", "Refused, as from a blocked client.", "ops", (Ask(d.BLOCKED_REQUESTS, "rate"),)
)
UNRECORDED: Final = Panel(
    "Unrecorded actions", "That the audit log did not take.", "ops", (Ask(d.AUDIT_UNRECORDED, "rate"),)
)

# What AWS tells.
API_REQUESTS: Final = Panel(
    "Requests", "At the API, and those refused.", "short", (of_api("Count", "Sum"), of_api("4xx", "Sum"))
)
API_ERRORS: Final = Panel(
    "Server errors",
    "Share of requests answered with 5xx.",
    "percentunit",
    (of_api("5xx", "Sum", over="Count"),),
    0.01,
    0.05,
)
API_LATENCY: Final = Panel(
    "Time to answer", "At the API.", "ms", tuple(of_api("Latency", stat) for stat in ("p50", "p95", "p99"))
)
FUNCTION_ERRORS: Final = Panel("Errors of functions", "Calls that raised.", "short", (of_functions("Errors", "Sum"),))
FUNCTION_TIMES: Final = Panel("Time in functions, p95", "By function.", "ms", (of_functions("Duration", "p95"),))
DEAD_LETTERS: Final = Panel(
    "Dead letters",
    "Messages that were given up.",
    "short",
    (of_queues("ApproximateNumberOfMessagesVisible", "Maximum", dead=True),),
    bad=1,
)
