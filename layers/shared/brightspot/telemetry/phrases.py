"""The log phrases of the documents that Brightspot was asked for with, and the stable names of their events.

A line has both: `message` is the phrase, and `event` the name, by which to count and to search. Every other event has
its name as its message, too. docs/logs.md tells when each happens.
"""

from typing import Final

# By what the log call says, before its arguments are put in.
EVENTS: Final = {
    "Cache HIT": "cache_hit",
    "Saved analysis": "analysis_saved",
    "Database save failed": "analysis_not_saved",
    "Redis connected": "store_connected",
    "Redis unavailable. Falling back to in-memory cache": "store_unavailable",
    "%s: Failure %d/%d": "breaker_failure",
    "%s: %s → %s (%s)": "breaker_transition",
}


def event_of(message: object) -> str:
    """The stable name of an event by its log call's message."""
    return EVENTS.get(str(message), str(message))
