"""JSON logs: library code logs stable event names with fields; a function's entry decides where they go."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TextIO

from brightspot.core.errors import SettingsError
from brightspot.core.kinds import kind_of
from brightspot.core.masking import masked
from brightspot.core.settings import load, setting

_ROOT = "brightspot"
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class RequestContext(NamedTuple):
    """What ties events, messages and calls of one request together; `traceparent` as W3C Trace Context has it."""

    correlation_id: str | None = None
    traceparent: str | None = None


_NONE = RequestContext()
_current: ContextVar[RequestContext] = ContextVar("request_context", default=_NONE)


@dataclass(frozen=True, slots=True)
class LogSettings:
    """Which events are written, and under which service name."""

    level: str = setting("LOG_LEVEL", "INFO", f"one of {', '.join(_LEVELS)}")
    requests: bool = setting(
        "LOG_REQUESTS", False, "whether each request is a line too; on AWS the API's access log has one in any case"
    )
    service: str = setting("POWERTOOLS_SERVICE_NAME", "brightspot", "service name in every log line")


def configure_logs(stream: TextIO | None = None) -> None:
    """Send the library's events as JSON lines to `stream` (stdout, which CloudWatch reads, by default).

    Raises SettingsError for an unknown LOG_LEVEL. Calling it again replaces the destination.
    """
    settings = load(LogSettings)
    if settings.level.upper() not in _LEVELS:
        raise SettingsError(f"LOG_LEVEL={settings.level!r}: send one of {', '.join(_LEVELS)}")
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(_JsonLines(settings.service))
    handler.addFilter(_with_correlation)
    logger = logging.getLogger(_ROOT)
    logger.handlers[:] = [handler]
    logger.setLevel(settings.level.upper())
    logger.propagate = False
    # Mangum tells every request at INFO: on Lambda the root logger prints that, and the access log has it already.
    logging.getLogger("mangum.http").setLevel(logging.WARNING)


class _JsonLines(logging.Formatter):
    """Powertools' formatter, loaded with the first line: it brings botocore along, which no cached answer needs.

    Nothing of ours logs a secret. What somebody sent in the wrong place, or an error repeats, is masked here.
    """

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        return masked(self._powertools.format(record))

    @cached_property
    def _powertools(self) -> logging.Formatter:
        from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter  # noqa: PLC0415

        return LambdaPowertoolsFormatter(service=self._service, utc=True, use_rfc3339=True)


@contextmanager
def request_context(correlation_id: str | None, traceparent: str | None = None) -> Iterator[None]:
    """Every event logged inside, on threads started inside too, carries this correlation id."""
    token = _current.set(RequestContext(correlation_id, traceparent))
    try:
        yield
    finally:
        _current.reset(token)


def current_context() -> RequestContext:
    """The context that this code runs in; empty outside of any request."""
    return _current.get()


def _with_correlation(record: logging.LogRecord) -> bool:
    """Say which request an event belongs to, and of what kind an error is that is logged with it."""
    if (correlation_id := _current.get().correlation_id) is not None:
        record.correlation_id = correlation_id
    if record.exc_info and (error := record.exc_info[1]) is not None:
        kind = kind_of(error)
        record.error_class, record.severity = kind.name, kind.severity
    return True
