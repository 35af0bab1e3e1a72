"""W3C Trace Context as text, and AWS X-Ray's form of the same ids.

Sources: w3.org/TR/trace-context (`traceparent`, `tracestate`); AWS X-Ray Developer Guide, "Tracing header":
`Root=1-<8 hex digits>-<24 hex digits>;Parent=<16 hex digits>;Sampled=<0 or 1>`, whose two parts of the root are one id.
"""

import re
import secrets
from typing import Final, NamedTuple

_PARENT: Final = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-[\x20-\x7e]{0,256})?")
_STATE: Final = re.compile(r"[\x20-\x7e]{1,512}")
_ROOT: Final = re.compile(r"1-([0-9a-f]{8})-([0-9a-f]{24})")
_SPAN: Final = re.compile(r"[0-9a-f]{16}")
_SAMPLED: Final = 1


class Parent(NamedTuple):
    """Where in which trace something happens; `trace_id` has 32 hex digits, `span_id` 16."""

    trace_id: str
    span_id: str
    sampled: bool

    @property
    def text(self) -> str:
        """As a `traceparent`."""
        return f"00-{self.trace_id}-{self.span_id}-{'01' if self.sampled else '00'}"


def parent_in(traceparent: str | None) -> Parent | None:
    """What a `traceparent` says; None for one that the standard has a receiver ignore.

    Of a later version than 00 the parts that are known today count.
    """
    found = _PARENT.fullmatch(traceparent or "")
    if found is None:
        return None
    version, trace_id, span_id, flags, more = found.groups()
    if version == "ff" or (version == "00" and more is not None) or not _are_ids(trace_id, span_id):
        return None
    return Parent(trace_id, span_id, bool(int(flags, 16) & _SAMPLED))


def state_in(tracestate: str | None) -> str | None:
    """A `tracestate` that may be passed on as it came: at most 512 printable characters."""
    return tracestate if _STATE.fullmatch(tracestate or "") else None


def xray_parent_in(header: str) -> Parent | None:
    """What X-Ray's header says, as Lambda has it in `_X_AMZN_TRACE_ID`; None when it names no parent."""
    parts = dict(each.partition("=")[::2] for each in header.split(";"))
    root, span_id = _ROOT.fullmatch(parts.get("Root", "")), parts.get("Parent", "")
    if root is None or not _SPAN.fullmatch(span_id) or not _are_ids("".join(root.groups()), span_id):
        return None
    return Parent("".join(root.groups()), span_id, parts.get("Sampled") == "1")


def xray_id(trace_id: str) -> str:
    """A trace's id as X-Ray writes it."""
    return f"1-{trace_id[:8]}-{trace_id[8:]}"


def share_of(trace_id: str) -> float:
    """Where in 0 to 1 a trace falls: the same in every process, evenly spread, by the id's random end."""
    return int(trace_id[-14:], 16) / (1 << 56)


def new_trace_id() -> str:
    return secrets.token_hex(16)


def new_span_id() -> str:
    return secrets.token_hex(8)


def _are_ids(trace_id: str, span_id: str) -> bool:
    return bool(trace_id.strip("0") and span_id.strip("0"))
