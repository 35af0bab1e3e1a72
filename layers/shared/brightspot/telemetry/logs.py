"""JSON logs: library code logs stable event names with fields; a function's entry decides where they go."""

import logging
import sys
from dataclasses import dataclass
from functools import cached_property
from typing import TextIO

from brightspot.core.kinds import kind_of
from brightspot.core.masking import masked
from brightspot.core.settings import Alias, load, setting
from brightspot.telemetry.context import current_context
from brightspot.telemetry.levels import LEVELS, DebugShare, level_of, levels_in
from brightspot.telemetry.phrases import event_of
from brightspot.telemetry.redaction import Redaction, redaction_in

_ROOT = "brightspot"


@dataclass(frozen=True, slots=True)
class LogSettings:
    """Which events are written, and under which service name."""

    level: str = setting("LOG_LEVEL", "INFO", f"one of {', '.join(LEVELS)}")
    levels: str = setting(
        "LOG_LEVELS",
        "",
        "levels of single modules and what is below them: brightspot.cache=DEBUG,brightspot.http=WARNING",
    )
    debug_share: float = setting(
        "LOG_DEBUG_SAMPLE_RATE",
        0.0,
        "share of requests whose DEBUG lines are written whatever LOG_LEVEL says, in each function they go through",
        least=0,
        most=1,
        also=[Alias("POWERTOOLS_LOGGER_SAMPLE_RATE")],
    )
    redact: str = setting("LOG_REDACT", "", "what is left out of lines: addresses, or nothing; secrets always are")
    requests: bool = setting(
        "LOG_REQUESTS", False, "whether each request is a line too; on AWS the API's access log has one in any case"
    )
    service: str = setting("POWERTOOLS_SERVICE_NAME", "brightspot", "service name in every log line")


def configure_logs(stream: TextIO | None = None) -> None:
    """Send the library's events as JSON lines to `stream` (stdout, which CloudWatch reads, by default).

    Raises SettingsError for levels and modules that there are not. Calling it again replaces the destination.
    """
    settings = load(LogSettings)
    level, levels, redaction = (
        level_of("LOG_LEVEL", settings.level),
        levels_in(settings.levels),
        redaction_in(settings.redact),
    )
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(_JsonLines(settings.service, redaction))
    handler.addFilter(_with_context)
    if settings.debug_share:
        handler.addFilter(DebugShare(level, levels, settings.debug_share))
        level = logging.DEBUG
    logger = logging.getLogger(_ROOT)
    logger.handlers[:] = [handler]
    logger.setLevel(level)
    logger.propagate = False
    levels.apply()
    # Mangum tells every request at INFO: on Lambda the root logger prints that, and the access log has it already.
    logging.getLogger("mangum.http").setLevel(logging.WARNING)


class _JsonLines(logging.Formatter):
    """Powertools' formatter, loaded with the first line: it brings botocore along, which no cached answer needs.

    Nothing of ours logs a secret. What somebody sent in the wrong place, or an error repeats, is masked here.
    """

    def __init__(self, service: str, redaction: Redaction) -> None:
        super().__init__()
        self._service = service
        self._redaction = redaction

    def format(self, record: logging.LogRecord) -> str:
        return masked(self._powertools.format(self._redaction(record)))

    @cached_property
    def _powertools(self) -> logging.Formatter:
        from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter  # noqa: PLC0415

        return LambdaPowertoolsFormatter(service=self._service, utc=True, use_rfc3339=True)


def _with_context(record: logging.LogRecord) -> bool:
    """Say which event it is, of which request and trace, and of what kind an error is that is logged with it."""
    record.event = event_of(record.msg)
    context = current_context()
    if context.correlation_id is not None:
        record.correlation_id = context.correlation_id
    if context.trace_id is not None:
        record.trace_id = context.trace_id
    if record.exc_info and (error := record.exc_info[1]) is not None:
        kind = kind_of(error)
        record.error_class, record.severity = kind.name, kind.severity
    return True
