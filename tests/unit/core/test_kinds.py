"""Every error has a kind, and problems and logs go by it."""

import io
import json
import logging
import re
from pathlib import Path

import pytest

import brightspot
from brightspot.core import kinds
from brightspot.core.errors import BrightspotError, InputRefused, NotFound, SettingsError
from brightspot.core.kinds import KINDS, kind_of
from brightspot.resilience import CircuitOpenError
from brightspot.resilience.fallbacks import NoWayLeft
from brightspot.security import AuthenticationRequired, Forbidden
from brightspot.store import AwsUnavailable
from brightspot.telemetry import configure_logs
from brightspot.valkey import StoreUnavailable


def test_there_are_the_seven_of_the_documents():
    assert list(KINDS) == [
        "validation", "authentication", "rate_limit", "external_service", "database", "timeout", "internal",
    ]  # fmt: skip
    assert [each.name for each in KINDS.values() if each.retryable] == [
        "rate_limit", "external_service", "database", "timeout",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("error", "name", "status"),
    [
        (InputRefused("zip", "send five digits"), "validation", 422),
        (NotFound("no such batch"), "validation", 404),
        (AuthenticationRequired(), "authentication", 401),
        (Forbidden("admin"), "authentication", 403),
        (CircuitOpenError("economy", "open", 1.0), "external_service", 503),
        (NoWayLeft({}), "external_service", 503),
        (StoreUnavailable("away"), "external_service", 503),
        (AwsUnavailable("analyses: throttled"), "database", 503),
        (SettingsError("X=1"), "internal", 500),
        (BrightspotError("?"), "internal", 500),
        (TimeoutError(), "timeout", 504),
        (ConnectionResetError(), "external_service", 503),
        (FileNotFoundError(), "internal", 500),
        (KeyError("x"), "internal", 500),
    ],
)
def test_an_error_says_its_class_and_status(error, name, status):
    assert (kind_of(error).name, kind_of(error).status) == (name, status)


def test_problems_name_no_other_class():
    sources = "".join(file.read_text() for file in (Path(brightspot.__file__).parent / "http").glob("*.py"))
    named = set(re.findall(r'error_class="(\w+)"', sources)) | set(re.findall(r"\b([A-Z_]+)\.name\b", sources))
    assert {each.lower() for each in named} <= set(KINDS)
    assert {"rate_limit", "authentication"} <= named


def test_an_event_that_is_logged_with_an_error_says_its_class_and_severity():
    stream = io.StringIO()
    configure_logs(stream)
    try:
        logging.getLogger("brightspot.test").warning("collector_failed", exc_info=StoreUnavailable("away"))
        logging.getLogger("brightspot.test").warning("plain")
    finally:
        configure_logs()
    failed, plain = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (failed["error_class"], failed["severity"]) == ("external_service", kinds.EXTERNAL_SERVICE.severity)
    assert "severity" not in plain
