"""docs/metrics.md, and the alarms over what it lists."""

import pytest

from brightspot.telemetry import METRICS, Counter
from brightspot_local.dev.intrinsics import Intrinsics
from brightspot_local.dev.template import load
from brightspot_local.metrics import PAGE, alarms, filled

DECLARED = {each.name: each for each in METRICS}
WATCHED = [(alarm.name, watched) for alarm in alarms() for watched in alarm.watched]


def test_the_page_is_what_make_metrics_writes():
    text = PAGE.read_text()
    assert filled(text) == text


def test_a_page_without_a_place_for_a_table_is_refused():
    with pytest.raises(ValueError, match="no place for the table of alarms"):
        filled(PAGE.read_text().replace("<!-- /alarms -->", ""))


def test_the_alarms_of_the_guide_are_there():
    assert {alarm.name for alarm in alarms()} >= {
        "not-healthy", "cache-degraded", "breaker-open", "cache-hit-rate", "database-errors", "cache-tampered",
    }  # fmt: skip


@pytest.mark.parametrize(("name", "watched"), WATCHED)
def test_an_alarm_looks_at_a_declared_metric_as_it_is_written(name, watched):
    metric = DECLARED[watched.metric]
    assert watched.dimensions == ("Stack", *metric.dimensions), name
    assert watched.statistic in ({"Sum"} if isinstance(metric, Counter) else {"Minimum", "Maximum"}), name


@pytest.mark.parametrize("level", ["DEBUG", "INFO", "ERROR"])
def test_lambda_leaves_out_no_metric_whatever_the_log_level(level):
    """A line without a level counts as INFO there (docs.aws.amazon.com, Lambda: "Log-level filtering")."""
    template = load()
    assert level in template["Parameters"]["LogLevel"]["AllowedValues"]
    logging = template["Globals"]["Function"]["LoggingConfig"]
    known = Intrinsics(template, {"Env": "local", "LogLevel": level})
    assert known.resolve(logging["ApplicationLogLevel"], "LoggingConfig") in {"TRACE", "DEBUG", "INFO"}
