"""JSON logs: library code logs stable event names with fields; a function's entry decides where they go."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TextIO

from brightspot.core.errors import SettingsError
from brightspot.core.settings import load, setting

_ROOT = "brightspot"
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_correlation: ContextVar[str | None] = ContextVar("correlation_id", default=None)


@dataclass(frozen=True, slots=True)
class LogSettings:
    """Which events are written, and under which service name."""

    level: str = setting("LOG_LEVEL", "INFO", f"one of {', '.join(_LEVELS)}")
    service: str = setting("POWERTOOLS_SERVICE_NAME", "brightspot", "service name in every log line")


def configure_logs(stream: TextIO | None = None) -> None:
    """Send the library's events as JSON lines to `stream` (stdout, which CloudWatch reads, by default).

    Raises SettingsError for an unknown LOG_LEVEL. Calling it again replaces the destination.
    """
    from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter  # noqa: PLC0415  # only entries pay

    settings = load(LogSettings)
    if settings.level.upper() not in _LEVELS:
        raise SettingsError(f"LOG_LEVEL={settings.level!r}: send one of {', '.join(_LEVELS)}")
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(LambdaPowertoolsFormatter(service=settings.service, utc=True, use_rfc3339=True))
    handler.addFilter(_with_correlation)
    logger = logging.getLogger(_ROOT)
    logger.handlers[:] = [handler]
    logger.setLevel(settings.level.upper())
    logger.propagate = False


@contextmanager
def request_context(correlation_id: str) -> Iterator[None]:
    """Every event logged inside, on threads started inside too, carries this correlation id."""
    token = _correlation.set(correlation_id)
    try:
        yield
    finally:
        _correlation.reset(token)


def _with_correlation(record: logging.LogRecord) -> bool:
    if (correlation_id := _correlation.get()) is not None:
        record.correlation_id = correlation_id
    return True
