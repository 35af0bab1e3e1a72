"""The seam of tracing: `with span("score"):` measures a part of a request; off, it costs nothing that counts.

A span tells a name, times, attributes and the class of an error: never the error's text, a secret or a place's address.
"""

import threading
import time
from collections.abc import Sequence
from contextvars import ContextVar, Token
from types import TracebackType
from typing import Final, Literal, Protocol, Self

from brightspot.core.kinds import kind_of
from brightspot.telemetry.declared import SPANS_DROPPED
from brightspot.telemetry.recorder import count
from brightspot.telemetry.trace_context import Parent, new_span_id, share_of

Kind = Literal["internal", "server", "client", "producer", "consumer"]
Value = str | int | float | bool
_MOST_WAITING: Final = 1000  # spans that one invocation may leave to be written


class Span:
    """One part of one trace, from `with` to its end. `tracestate` is what came with the trace."""

    __slots__ = (
        "_token",
        "_tracer",
        "attributes",
        "ended_ns",
        "error",
        "kind",
        "name",
        "parent_id",
        "span_id",
        "started_ns",
        "trace_id",
        "tracestate",
    )

    def __init__(
        self,
        tracer: "Tracer",
        name: str,
        kind: Kind,
        attributes: dict[str, Value],
        parent: Parent,
        *,
        tracestate: str | None = None,
        begins: bool = False,
    ) -> None:
        """With `begins` it is the trace's first, and has the id that `parent` names."""
        self._tracer = tracer
        self._token: Token[Span | None] | None = None
        self.name = name
        self.kind = kind
        self.attributes = attributes
        self.trace_id = parent.trace_id
        self.parent_id = None if begins else parent.span_id
        self.span_id = parent.span_id if begins else new_span_id()
        self.tracestate = tracestate
        self.error: str | None = None
        self.started_ns = time.time_ns()  # nosemgrep: time-without-clock  # it decides nothing
        self.ended_ns = 0

    def tell(self, **attributes: Value) -> None:
        """Add what is only known later."""
        self.attributes.update(attributes)

    def fail(self, kind: str) -> None:
        """It failed, with an error of this class (`core.kinds`, or a status); what failed first is why."""
        self.error = self.error or kind

    @property
    def traceparent(self) -> str:
        """What a call out of it carries, so that what is done there becomes its child."""
        return Parent(self.trace_id, self.span_id, sampled=True).text

    def end(self) -> None:
        self.ended_ns = time.time_ns()  # nosemgrep: time-without-clock  # as above
        self._tracer.take(self)

    def __enter__(self) -> Self:
        self._token = _active.set(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self.fail(kind_of(error).name)
        if self._token is not None:
            _active.reset(self._token)
        self.end()


class NoSpan:
    """Stands for a span that nobody records."""

    __slots__ = ()

    def tell(self, **attributes: Value) -> None: ...

    def fail(self, kind: str) -> None: ...

    def end(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Writer(Protocol):
    """Where spans go. Never raises, and takes a bounded time."""

    def write(self, spans: Sequence[Span]) -> None: ...


class Tracer:
    """Holds ended spans until they are written. Safe to share between threads.

    What a thread left behind ends is written with the next invocation's.
    """

    def __init__(self, writer: Writer, ratio: float) -> None:
        """`ratio`: how many of the traces that begin here are recorded, 0 to 1."""
        self._writer = writer
        self._ratio = ratio
        self._lock = threading.Lock()
        self._ended: list[Span] = []

    def samples(self, trace_id: str) -> bool:
        """Whether a trace that begins here is recorded: by its id, so that any process decides alike."""
        return share_of(trace_id) < self._ratio

    def take(self, span: Span) -> None:
        with self._lock:
            if len(self._ended) < _MOST_WAITING:
                self._ended.append(span)
                return
        count(SPANS_DROPPED, reason="too_many")

    def flush(self) -> None:
        with self._lock:
            ended, self._ended = self._ended, []
        if ended:
            self._writer.write(ended)


NO_SPAN: Final = NoSpan()
_tracer: Tracer | None = None
_active: ContextVar[Span | None] = ContextVar("active_span", default=None)


def span(name: str, kind: Kind = "internal", /, **attributes: Value) -> Span | NoSpan:
    """A part of what is recorded at the moment; nothing outside of a trace that is. Take names from a fixed set."""
    if _tracer is None:
        return NO_SPAN
    parent = _active.get()
    if parent is None:
        return NO_SPAN
    above = Parent(parent.trace_id, parent.span_id, sampled=True)
    return Span(_tracer, name, kind, attributes, above, tracestate=parent.tracestate)


def first_span(
    name: str, kind: Kind, parent: Parent, *, tracestate: str | None, begins: bool, attributes: dict[str, Value]
) -> Span | NoSpan:
    """The span of a whole invocation or message, if its trace is recorded."""
    if _tracer is None or not parent.sampled:
        return NO_SPAN
    return Span(_tracer, name, kind, attributes, parent, tracestate=tracestate, begins=begins)


def active_span() -> Span | None:
    """The span that this code runs in."""
    return None if _tracer is None else _active.get()


def tracer() -> Tracer | None:
    """What records here; None when tracing is off."""
    return _tracer


def use_tracer(made: Tracer | None) -> None:
    """Record by this one from here on."""
    global _tracer  # noqa: PLW0603  # one per process, and one look at it is all that tracing costs when it is off
    _tracer = made


def flush_spans() -> None:
    """Write what has ended: before an answer leaves, since nothing runs after it."""
    if _tracer is not None:
        _tracer.flush()
