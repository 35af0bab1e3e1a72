"""What a line of the log says, and which lines are written."""

import json
import logging
from io import StringIO

import pytest

from brightspot.core.errors import SettingsError
from brightspot.telemetry import configure_logs, request_context
from brightspot.telemetry.phrases import EVENTS

SENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
PLACE = "1216 2nd St SW"
SETTINGS = ("LOG_LEVEL", "LOG_LEVELS", "LOG_REDACT", "LOG_DEBUG_SAMPLE_RATE", "POWERTOOLS_LOGGER_SAMPLE_RATE")


@pytest.fixture
def lines(monkeypatch):
    """`lines(LOG_LEVEL="DEBUG")` begins to log; what it returns gives the lines so far."""

    def begin(**environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        stream = StringIO()
        configure_logs(stream)
        return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]

    yield begin
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    configure_logs()
    logging.getLogger("brightspot").handlers.clear()
    logging.getLogger("brightspot").propagate = True


def log(module="brightspot.cache.tiered"):
    return logging.getLogger(module)


def test_a_line_says_of_which_request_and_trace_it_is(lines):
    told = lines()
    with request_context("request-1", SENT):
        log().info("cache_cleared", extra={"count": 3})
    (line,) = told()
    assert (line["correlation_id"], line["trace_id"]) == ("request-1", SENT[3:35])
    assert (line["event"], line["message"], line["count"]) == ("cache_cleared", "cache_cleared", 3)


def test_a_phrase_is_the_message_and_its_event_has_a_stable_name(lines):
    told = lines()
    log().warning("%s: Failure %d/%d", "weather_api", 3, 5)
    log().warning("%s: %s → %s (%s)", "weather_api", "CLOSED", "OPEN", "threshold reached")
    assert [(line["event"], line["message"]) for line in told()] == [
        ("breaker_failure", "weather_api: Failure 3/5"),
        ("breaker_transition", "weather_api: CLOSED → OPEN (threshold reached)"),
    ]
    assert len(set(EVENTS.values())) == len(EVENTS)


def test_modules_have_levels_of_their_own_and_what_is_below_them_too(lines):
    told = lines(LOG_LEVELS="brightspot.cache=DEBUG, brightspot.http=ERROR")
    for module in ("brightspot.cache.tiered", "brightspot.http.gate", "brightspot.store.worker"):
        log(module).debug("d")
        log(module).info("i")
    log("brightspot.http.gate").error("e")
    assert [line["message"] for line in told()] == ["d", "i", "i", "e"]
    again = lines(LOG_LEVELS="")
    log().debug("d")
    log("brightspot.http.gate").info("i")
    assert [line["message"] for line in again()] == ["i"]


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL='LOUD': send one of DEBUG, INFO"),
        ({"LOG_LEVELS": "brightspot.cache=LOUD"}, "LOG_LEVELS: brightspot.cache='LOUD': send one of DEBUG, INFO"),
        ({"LOG_LEVELS": "brightspot.cahce=DEBUG"}, "LOG_LEVELS='brightspot.cahce=DEBUG': send modules of brightspot"),
        ({"LOG_LEVELS": "brightspot.no.where=DEBUG"}, "send modules of brightspot and their levels"),
        ({"LOG_LEVELS": "botocore=DEBUG"}, "send modules of brightspot and their levels"),
        ({"LOG_LEVELS": "brightspot..=DEBUG"}, "send modules of brightspot and their levels"),
        ({"LOG_LEVELS": "DEBUG"}, "as in brightspot.cache=DEBUG"),
        ({"LOG_REDACT": "names"}, "LOG_REDACT='names': send addresses"),
        ({"LOG_DEBUG_SAMPLE_RATE": "2"}, "send 0 to 1"),
        ({"LOG_DEBUG_SAMPLE_RATE": "0.1", "POWERTOOLS_LOGGER_SAMPLE_RATE": "0.2"}, "disagree"),
    ],
)
def test_settings_that_cannot_be_used_stop_the_start(lines, environment, said):
    with pytest.raises(SettingsError) as refused:
        lines(**environment)
    assert said in str(refused.value)


def test_of_a_share_of_requests_every_line_is_written_and_of_the_others_none_below_the_level(lines):
    told = lines(LOG_DEBUG_SAMPLE_RATE="0.5", LOG_LEVELS="brightspot.http=INFO")
    for number in range(400):
        with request_context(f"request-{number}"):
            log().debug("first")
            log("brightspot.store.worker").debug("second")
            log("brightspot.http.gate").debug("never")
            log().info("always")
    log().debug("of no request")
    by_request = {}
    for line in told():
        by_request.setdefault(line["correlation_id"], []).append(line["message"])
    assert len(by_request) == 400
    whole = [each for each in by_request.values() if each == ["first", "second", "always"]]
    assert all(each == ["always"] for each in by_request.values() if each not in whole)
    assert 130 < len(whole) < 270  # seven standard errors


@pytest.mark.parametrize(("share", "count"), [("1", 2), ("0", 1)])
def test_the_share_goes_from_none_to_all(lines, share, count):
    told = lines(POWERTOOLS_LOGGER_SAMPLE_RATE=share)
    with request_context("request-1"):
        log().debug("d")
        log().info("i")
    assert len(told()) == count


def raises(place):
    try:
        {}[place]
    except KeyError as error:
        raise TimeoutError(f"no answer about {place}") from error


def test_redacted_an_error_keeps_its_kind_and_place_and_loses_its_text(lines):
    told = lines(LOG_REDACT="addresses")
    try:
        raises(PLACE)
    except TimeoutError:
        log().exception("job_failed", extra={"place": PLACE, "job": 7, "query": {"q": ["55901", 3, None]}})
    (line,) = told()
    assert PLACE not in json.dumps(line)
    assert (line["place"], line["job"], line["query"]) == ("[address]", 7, {"q": ["[address]", 3, None]})
    assert (line["exception_name"], line["error_class"]) == ("TimeoutError", "timeout")
    assert "KeyError: [address]" in line["exception"]
    assert "TimeoutError: [address]" in line["exception"]
    assert "in raises" in line["exception"]


def test_redaction_touches_no_other_field(lines):
    told = lines(LOG_REDACT="addresses")
    log().warning("cache_unanswered", extra={"namespace": "analysis", "reason": "the shared store rests"})
    log().info("retried", extra={"callee": "usgs", "reason": "nobody knows 1216 2nd St SW"})
    first, second = told()
    assert (first["namespace"], first["reason"]) == ("analysis", "the shared store rests")
    assert (second["callee"], second["reason"]) == ("usgs", "[address]")
