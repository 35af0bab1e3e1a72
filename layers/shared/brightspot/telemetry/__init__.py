"""What a running system tells about itself: one JSON line per event."""

from brightspot.telemetry.logs import configure_logs, request_context

__all__ = ["configure_logs", "request_context"]
