"""The log events of circuit breakers; their messages are stable, the facts are in fields."""

import logging

from brightspot.resilience.breaker_events import Event, Transition, Verdict
from brightspot.resilience.breaker_settings import BreakerSettings

_log = logging.getLogger(__name__)


def tell_event(name: str, event: Event, verdict: Verdict, rules: BreakerSettings) -> Transition | None:
    """Log a failure and a transition; the transition, if it was one."""
    if verdict.before == "closed" and event in {"failed", "timeout"}:
        fields = {"breaker": name, "failures": verdict.failures, "threshold": rules.threshold, "outcome": event}
        _log.warning("%s: Failure %d/%d", name, verdict.failures, rules.threshold, extra=fields)
    if verdict.before == verdict.after:
        return None
    transition = Transition(name, verdict.before, verdict.after, verdict.reason)
    tell_transition(transition)
    return transition


def tell_transition(transition: Transition) -> None:
    """Log `weather_api: CLOSED → OPEN (threshold reached)`."""
    level = logging.WARNING if transition.after == "open" else logging.INFO
    before, after = transition.before.upper(), transition.after.upper()
    fields = {
        "breaker": transition.name,
        "state_before": transition.before,
        "state_after": transition.after,
        "reason": transition.reason,
    }
    _log.log(level, "%s: %s → %s (%s)", transition.name, before, after, transition.reason, extra=fields)
