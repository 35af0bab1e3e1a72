"""What ties events, messages, spans and calls of one request together, wherever they happen."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, NamedTuple

from brightspot.core.settings import read
from brightspot.telemetry.spans import NO_SPAN, Kind, NoSpan, Span, Value, active_span, first_span, tracer
from brightspot.telemetry.trace_context import (
    Parent,
    new_span_id,
    new_trace_id,
    parent_in,
    state_in,
    xray_parent_in,
)
from brightspot.telemetry.tracing import traced_by

_LAMBDAS: Final = "_X_AMZN_TRACE_ID"


class RequestContext(NamedTuple):
    """`traceparent` and `tracestate` as W3C Trace Context has them; `begins` says that the trace began here."""

    correlation_id: str | None = None
    traceparent: str | None = None
    tracestate: str | None = None
    begins: bool = False

    @property
    def trace_id(self) -> str | None:
        """32 hex digits; None outside of any request."""
        return None if self.traceparent is None else self.traceparent[3:35]


_OUTSIDE: Final = RequestContext()
_current: ContextVar[RequestContext] = ContextVar("request_context", default=_OUTSIDE)


@contextmanager
def request_context(
    correlation_id: str | None,
    traceparent: str | None = None,
    tracestate: str | None = None,
    *,
    of_message: bool = False,
) -> Iterator[None]:
    """Everything inside, on threads started inside too, belongs to this request and to a trace.

    The trace is the one that was sent, else Lambda's own, else a new one; whether it is recorded is said by whoever
    began it. With X-Ray Lambda's own comes first, since it holds what AWS tells of the function: unless it is a
    `message`, whose sender's trace goes on.
    """
    token = _current.set(_context(correlation_id, traceparent, tracestate, of_message=of_message))
    try:
        yield
    finally:
        _current.reset(token)


def current_context() -> RequestContext:
    """The context that this code runs in, its parent being the span at hand; empty outside of any request."""
    context, span = _current.get(), active_span()
    return context if span is None else context._replace(traceparent=span.traceparent)


def request_at_hand() -> RequestContext:
    """The context as this request has it: one object for all that it does, whatever span is at hand."""
    return _current.get()


def entry_span(name: str, kind: Kind, /, **attributes: Value) -> Span | NoSpan:
    """The span of all that is done in the request context at hand."""
    if tracer() is None:
        return NO_SPAN
    context = _current.get()
    parent = parent_in(context.traceparent)
    if parent is None:
        return NO_SPAN
    return first_span(
        name, kind, parent, tracestate=context.tracestate, begins=context.begins, attributes=dict(attributes)
    )


def _context(
    correlation_id: str | None, traceparent: str | None, tracestate: str | None, *, of_message: bool
) -> RequestContext:
    backend = traced_by()
    if backend == "xray" and not of_message and (lambdas := _lambdas()) is not None:
        return RequestContext(correlation_id, lambdas.text)
    if traceparent is not None and parent_in(traceparent) is not None:
        return RequestContext(correlation_id, traceparent, state_in(tracestate))
    if backend != "otel" and (lambdas := _lambdas()) is not None:
        return RequestContext(correlation_id, lambdas.text)
    trace_id, recorder = new_trace_id(), tracer()
    sampled = recorder is not None and recorder.samples(trace_id)
    return RequestContext(correlation_id, Parent(trace_id, new_span_id(), sampled).text, begins=True)


def _lambdas() -> Parent | None:
    """Lambda's own trace, which changes with each invocation."""
    return xray_parent_in(header) if (header := read(str, _LAMBDAS, "", "X-Ray's header")) else None
