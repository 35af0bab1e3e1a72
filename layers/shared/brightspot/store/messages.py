"""The envelope of every message between functions."""

from typing import Literal

import msgspec

from brightspot.telemetry import current_context


class Message[T](msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One message: its `key` makes handling it twice the same as once; `attempt` counts deliveries from 1.

    `correlation_id`, `traceparent` and `tracestate` are of the request that sent it; `deadline` (RFC 3339) is when
    nobody waits for it any more, absent when it must be done in any case.
    """

    schema_version: Literal[1]
    key: str
    correlation_id: str | None = None
    traceparent: str | None = None
    tracestate: str | None = None
    deadline: str | None = None
    attempt: int = 1
    body: T


def new_message[T](key: str, body: T, deadline: str | None = None) -> Message[T]:
    """A message from the request at hand."""
    context = current_context()
    return Message(
        schema_version=1,
        key=key,
        correlation_id=context.correlation_id,
        traceparent=context.traceparent,
        tracestate=context.tracestate,
        deadline=deadline,
        body=body,
    )
