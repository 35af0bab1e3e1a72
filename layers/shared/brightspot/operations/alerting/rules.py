"""Every alert rule there is: CloudWatch's alarms of the whole stack and Prometheus' rules are made of these, too."""

from collections.abc import Iterator
from typing import Final

from brightspot.operations.alerting.rule import Burn, DeadLetters, Rule, Share, Threshold
from brightspot.operations.burn import BUDGET_PERIOD
from brightspot.operations.objectives import ANALYSIS_LATENCY, AVAILABILITY, ERRORS, LATENCY, SPEEDS
from brightspot.telemetry import (
    AUDIT_UNRECORDED,
    BREAKER_OPEN_SECONDS,
    CACHE_DEGRADED,
    CACHE_HITS,
    CACHE_MISSES,
    CACHE_TAMPERED,
    DATABASE_ERRORS,
    HEALTH_SCORE,
    HEALTHY,
    SECURITY_SCORE,
)

_PROMISES: Final = {
    AVAILABILITY: "requests answered by 5xx",
    LATENCY: "slow answers",
    ANALYSIS_LATENCY: "slow analyses that are not cached",
    ERRORS: "analyses that fail",
}


def _burns() -> Iterator[Rule]:
    """Of each objective one rule for each speed at which its budget may go."""
    for objective, bad in _PROMISES.items():
        for speed, rule in SPEEDS.items():
            spent = 100 * rule.factor * (rule.long / BUDGET_PERIOD)
            hours = rule.long.total_seconds() / 3600
            took = f"took {spent:g} % of 30 days' error budget in {hours:g} h, and still do"
            yield Rule(f"{objective}-burn-{speed}", rule.severity, f"{bad.capitalize()} {took}.", Burn(objective, rule))


RULES: Final = (
    # How it is: what the health probe tells each minute
    Rule(
        "not-healthy",
        "page",
        "The health report is not healthy, or nobody probes it.",
        Threshold(HEALTHY, "below", 1),
        looks=3,
        bad=2,
        unseen="fault",
    ),
    Rule(
        "health-score",
        "ticket",
        "More than a fifth of the components are not well.",
        Threshold(HEALTH_SCORE, "below", 0.8),
        looks=3,
        bad=2,
    ),
    Rule(
        "cache-degraded",
        "page",
        "Functions do without the shared cache.",
        Threshold(CACHE_DEGRADED, "above", 0),
        looks=3,
        bad=2,
    ),
    Rule(
        "breaker-open",
        "ticket",
        "A circuit breaker has been open for more than five minutes.",
        Threshold(BREAKER_OPEN_SECONDS, "above", 300),
    ),
    Rule(
        "security-score",
        "page",
        "The security score is below 70; GET /api/v1/monitoring/security/monitoring says why.",
        Threshold(SECURITY_SCORE, "below", 70),
        looks=3,
        bad=2,
    ),
    # How well it works: the requests' own figures
    Rule(
        "database-errors", "page", "DynamoDB failed requests of Brightspot's.", Threshold(DATABASE_ERRORS, "above", 0)
    ),
    Rule("cache-tampered", "page", "Somebody else writes to the shared cache.", Threshold(CACHE_TAMPERED, "above", 0)),
    Rule(
        "audit-unrecorded",
        "page",
        "The audit log did not take what an administrator did; the event audit_unrecorded has it whole.",
        Threshold(AUDIT_UNRECORDED, "above", 0),
    ),
    Rule(
        "cache-hit-rate",
        "ticket",
        "For a quarter of an hour fewer than half of the analyses asked for were in the cache.",
        Share(CACHE_HITS, CACHE_MISSES, "below", 0.5, minutes=5, least=20),
        looks=3,
        bad=3,
    ),
    # How fast error budgets burn (operations/objectives.py)
    *_burns(),
    # Dead letters
    Rule(
        "batch-dead-letters",
        "ticket",
        "Addresses of batches wait in the dead letters that the batch-worker could not analyse.",
        DeadLetters("batch"),
    ),
    Rule(
        "tasks-dead-letters",
        "ticket",
        "Background tasks failed for good; each has a dead letter that says why.",
        DeadLetters("tasks"),
    ),
    Rule(
        "history-dead-letters",
        "ticket",
        "Analyses wait in the dead letters that the history-writer could not save.",
        DeadLetters("history"),
    ),
    Rule(
        "health-probe-dead-letters",
        "ticket",
        "The health-probe was not started, or failed.",
        DeadLetters("health-probe"),
    ),
    Rule(
        "maintenance-dead-letters",
        "ticket",
        "A maintenance task was not started, or failed.",
        DeadLetters("maintenance"),
    ),
    Rule(
        "alert-watch-dead-letters",
        "ticket",
        "The alert-watch was not started, or failed.",
        DeadLetters("alert-watch"),
    ),
)
