"""Spans as OTLP over HTTP, in its JSON form: written before the answer leaves, within a bounded time, or dropped.

Sources: opentelemetry.io/docs/specs/otlp (OTLP/HTTP, JSON Protobuf encoding, partial success); opentelemetry-proto,
trace.proto. Why not the SDK: docs/tracing.md.
"""

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import msgspec

from brightspot import VERSION
from brightspot.core import codec
from brightspot.core.clock import Clock
from brightspot.core.masking import masked
from brightspot.telemetry.declared import SPANS_DROPPED
from brightspot.telemetry.recorder import count
from brightspot.telemetry.spans import Span, Value

if TYPE_CHECKING:
    from urllib3 import PoolManager  # nosemgrep: vendor-past-its-adapter  # this is the adapter

_REST_SECONDS: Final = 30.0
_MOST_ANSWER_BYTES: Final = 65_536
_OK: Final = 200
_KINDS: Final = {"internal": 1, "server": 2, "client": 3, "producer": 4, "consumer": 5}
_FAILED: Final = 2
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Collector:
    """Who takes spans; `seconds` is how long it is waited for."""

    url: str
    headers: Mapping[str, str] = field(repr=False)
    seconds: float


class OtlpWriter:
    """One request per invocation. After one that failed, what comes in the next 30 s is dropped and counted.

    So a collector that is away costs one request in 30 s its timeout, and all others nothing.
    """

    def __init__(self, collector: Collector, resource: Mapping[str, str], clock: Clock) -> None:
        self._collector = collector
        told = {**resource, "service.version": VERSION, "telemetry.sdk.language": "python"}
        self._resource = {"attributes": _attributes({name: text for name, text in told.items() if text})}
        self._clock = clock
        self._rests_until = 0.0
        self._pools: PoolManager | None = None

    def prepare(self) -> "PoolManager":
        """Load what sends, 20 ms where botocore is not there yet; opens no connection."""
        if self._pools is None:
            from urllib3 import PoolManager  # noqa: PLC0415  # nosemgrep: vendor-past-its-adapter  # paid by who sends

            self._pools = PoolManager(num_pools=1, maxsize=2)
        return self._pools

    def write(self, spans: Sequence[Span]) -> None:
        if self._clock.monotonic() < self._rests_until:
            count(SPANS_DROPPED, len(spans), reason="resting")
            return
        sending = _Sending(self.prepare(), self._collector, self._body(spans))
        if (reason := sending.outcome()) is None:
            if sending.rejected:
                self._dropped(sending.rejected, "rejected")
            return
        self._rests_until = self._clock.monotonic() + _REST_SECONDS
        self._dropped(len(spans), reason)

    def _dropped(self, spans: int, reason: str) -> None:
        count(SPANS_DROPPED, spans, reason=reason)
        _log.warning("spans_dropped", extra={"spans": spans, "reason": reason, "rest_seconds": _REST_SECONDS})

    def _body(self, spans: Sequence[Span]) -> bytes:
        told = [_told(each) for each in spans]
        scope = {"scope": {"name": "brightspot", "version": VERSION}, "spans": told}
        return masked(
            codec.dumps({"resourceSpans": [{"resource": self._resource, "scopeSpans": [scope]}]}).decode()
        ).encode()


class _Sending:
    """One request on a thread of its own: no timeout of a socket bounds the look-up of a name or a slow drip."""

    def __init__(self, pools: "PoolManager", collector: Collector, body: bytes) -> None:
        self._pools = pools
        self._collector = collector
        self._body = body
        self._failed: str | None = "timeout"
        self.rejected = 0

    def outcome(self) -> str | None:
        """Why it failed; None when the collector has the spans."""
        thread = threading.Thread(target=self._send, name="otlp", daemon=True)
        thread.start()
        thread.join(self._collector.seconds)
        return self._failed

    def _send(self) -> None:
        from urllib3 import Timeout, exceptions  # noqa: PLC0415  # nosemgrep: vendor-past-its-adapter  # as above

        try:
            response = self._pools.request(
                "POST",
                self._collector.url,
                body=self._body,
                headers={"Content-Type": "application/json", **self._collector.headers},
                timeout=Timeout(total=self._collector.seconds),
                redirect=False,
                retries=False,
                preload_content=False,
            )
            answer = response.read(_MOST_ANSWER_BYTES)
            response.release_conn()
        except (exceptions.HTTPError, OSError) as error:
            refused = isinstance(error, exceptions.NewConnectionError)  # which urllib3 has for a timeout, too
            if refused or not isinstance(error, exceptions.TimeoutError | TimeoutError):
                self._failed = "unreachable"
            return
        if response.status != _OK:
            self._failed = "refused"
            return
        self.rejected = _rejected(answer)
        self._failed = None


def _rejected(answer: bytes) -> int:
    """How many spans it did not take; an answer that is no JSON says of none."""
    try:
        return int(codec.loads(answer)["partialSuccess"]["rejectedSpans"])
    except (msgspec.DecodeError, ValueError, KeyError, TypeError):
        return 0


def _told(span: Span) -> dict[str, Any]:
    told: dict[str, Any] = {
        "traceId": span.trace_id,
        "spanId": span.span_id,
        "name": span.name,
        "kind": _KINDS[span.kind],
        "startTimeUnixNano": str(span.started_ns),
        "endTimeUnixNano": str(span.ended_ns),
        "attributes": _attributes(span.attributes),
    }
    if span.parent_id is not None:
        told["parentSpanId"] = span.parent_id
    if span.tracestate is not None:
        told["traceState"] = span.tracestate
    if span.error is not None:
        told["attributes"] += _attributes({"error.type": span.error})
        told["status"] = {"code": _FAILED}
    return told


def _attributes(values: Mapping[str, Value]) -> list[dict[str, Any]]:
    return [{"key": name, "value": _value(value)} for name, value in values.items()]


def _value(value: Value) -> dict[str, Any]:
    match value:
        case bool():
            return {"boolValue": value}
        case int():
            return {"intValue": str(value)}
        case float():
            return {"doubleValue": value}
        case _:
            return {"stringValue": value}
