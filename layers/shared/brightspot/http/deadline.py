"""When a request's answer must be ready."""

from collections.abc import Mapping
from typing import Any

from brightspot.core.clock import SystemClock
from brightspot.resilience import Deadline

_ANSWER_SECONDS = 28.0  # an HTTP API waits 30 s at most; the answer must still be encoded and sent
_MARGIN_SECONDS = 1.0


def deadline_of(scope: Mapping[str, Any]) -> Deadline:
    """The Lambda context's remaining time, less a margin; outside of Lambda what the gateway would allow."""
    remaining = getattr(scope.get("aws.context"), "get_remaining_time_in_millis", None)
    seconds = remaining() / 1000 - _MARGIN_SECONDS if remaining is not None else _ANSWER_SECONDS
    return Deadline.after(SystemClock(), max(0.0, min(seconds, _ANSWER_SECONDS)))
