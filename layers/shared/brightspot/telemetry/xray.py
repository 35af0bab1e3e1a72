"""Spans as subsegments of AWS X-Ray, written to Lambda's daemon through Powertools Tracer.

The tracer patches nothing: patched libraries write through the SDK's thread-local segment, which the threads of
collectors do not have, and our own spans tell of the same calls. Source of the shape: AWS X-Ray Developer Guide,
"Segment documents".
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from brightspot.core.masking import masked
from brightspot.telemetry.declared import SPANS_DROPPED
from brightspot.telemetry.recorder import count
from brightspot.telemetry.spans import Span
from brightspot.telemetry.trace_context import xray_id

if TYPE_CHECKING:
    from aws_lambda_powertools import Tracer

_NOT_IN_NAMES: Final = re.compile(r"[^\w\s.:/%&#=+\\@-]")
_NOT_IN_KEYS: Final = re.compile(r"\W", re.ASCII)
_MOST_NAME: Final = 200
_REMOTE: Final = {"client": "remote", "producer": "remote"}


class XrayWriter:
    """One datagram per span, to the same machine: nobody is waited for. Outside of Lambda there is no daemon."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._tracer: Tracer | None = None

    def prepare(self) -> "Tracer":
        """Load Tracer and the SDK, 90 ms."""
        if self._tracer is None:
            from aws_lambda_powertools import Tracer  # noqa: PLC0415  # loaded with the first span to be written

            self._tracer = Tracer(service=self._service, auto_patch=False)
        return self._tracer

    def write(self, spans: Sequence[Span]) -> None:
        tracer = self.prepare()
        if tracer.disabled:
            count(SPANS_DROPPED, len(spans), reason="no_daemon")
            return
        for each in spans:
            _send(tracer, each)


def _send(tracer: "Tracer", span: Span) -> None:
    from aws_xray_sdk.core.models.facade_segment import FacadeSegment  # noqa: PLC0415  # Tracer has loaded them
    from aws_xray_sdk.core.models.subsegment import Subsegment  # noqa: PLC0415

    above = FacadeSegment("facade", span.parent_id, xray_id(span.trace_id), sampled=True)
    name = _NOT_IN_NAMES.sub("", span.name)[:_MOST_NAME]
    told = Subsegment(name, _REMOTE.get(span.kind, "local"), above)
    told.id, told.parent_id, told.start_time = span.span_id, span.parent_id, span.started_ns / 1e9
    for key, value in span.attributes.items():
        told.put_annotation(_NOT_IN_KEYS.sub("_", key), masked(value) if isinstance(value, str) else value)
    if span.error is not None:
        told.put_annotation("error_class", span.error)
        told.add_fault_flag()
    told.close(span.ended_ns / 1e9)
    tracer.provider.emitter.send_entity(told)  # type: ignore[attr-defined]  # the SDK's recorder, which Tracer wraps
