"""What a running system tells about itself: one JSON line per event."""

from brightspot.telemetry.logs import RequestContext, configure_logs, current_context, request_context

__all__ = ["RequestContext", "configure_logs", "current_context", "request_context"]
