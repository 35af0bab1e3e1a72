"""What to do first when an alert fires: a line for each rule, in messages, in recommendations and in docs/alerts.md."""

from typing import Final

from brightspot.operations.alerting.rule import Burn, DeadLetters, Rule

_LINES: Final = {
    "not-healthy": "GET /api/v1/monitoring/health says which component is ill; without readings look at the logs of "
    "health-probe, which should run each minute.",
    "health-score": "GET /api/v1/monitoring/health lists the components that are not well, each with its reason.",
    "cache-degraded": "GET /api/health/redis asks the shared store; then look at its memory, its connections and the "
    "security group of the functions.",
    "breaker-open": "GET /api/v1/circuit-breakers names the breaker; look at what it guards, and close it by "
    "POST /api/v1/circuit-breakers/close once that works again.",
    "security-score": "GET /api/v1/monitoring/security/monitoring names suspicious clients, and what was done.",
    "database-errors": "GET /api/health/db asks the tables; the warnings of the minute name the table and the code: "
    "throttled, denied, or not there.",
    "cache-tampered": "Find who else may write to the shared store, change its password (CachePasswordTurn), then "
    "clear the cache; the event cache_entry_tampered names it.",
    "audit-unrecorded": "Look for the event audit_unrecorded, which has the action whole, and at the table of the "
    "audit log.",
    "cache-hit-rate": "GET /api/v1/monitoring/cache/analytics says what is missed and why; after a deployment or a "
    "cleared cache it recovers by itself.",
}
_BURNT: Final = (
    "See which routes failed or were slow: GET /api/v1/monitoring/performance/summary; undo what was changed."
)
_LETTERS: Final = "Read the letters and the worker's log of that time, mend the cause, then redrive the queue."
_OTHER: Final = "GET /api/v1/monitoring lists where to look."


def advice(rule: Rule) -> str:
    """The line of a rule; for burnt budgets and dead letters one of their kind."""
    if isinstance(rule.condition, DeadLetters):
        return _LETTERS
    if isinstance(rule.condition, Burn):
        return _BURNT
    return _LINES.get(rule.name, _OTHER)
