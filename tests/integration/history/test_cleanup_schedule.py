"""The cleanup as its schedule calls it: what the function returns, logs and counts."""

import importlib
import json
import sys
from types import SimpleNamespace

import pytest

from brightspot import locations
from brightspot.locations.past import backend
from brightspot.telemetry import configure_metrics
from brightspot_local.paths import EVENTS
from tests.emf_spec import documents, told
from tests.integration.history.conftest import PLACE, PREFIX, REGION, put_all

CLEANUP = "functions.history_cleanup.history_cleanup_handler"
TICK = json.loads((EVENTS / "history_cleanup.json").read_text())
YEAR = 365 * 24 * 60


@pytest.fixture
def handler(aws, monkeypatch):
    """The function as its schedule calls it, over the table in moto."""
    environment = {"TABLE_PREFIX": PREFIX, "AWS_REGION": REGION, "METRICS_STACK": "brightspot-test"}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    forget()
    yield lambda event, context: importlib.import_module(CLEANUP).handler(event, context)
    monkeypatch.delenv("METRICS_STACK")
    configure_metrics()
    forget()


def forget():
    for factory in (backend._table, locations.history):
        factory.cache_clear()
    sys.modules.pop(CLEANUP, None)


def test_the_schedules_event_is_answered_with_what_was_deleted_and_a_figure_of_it(handler, history, aws, made, capsys):
    put_all(history, [made(minutes=minute - 2 * YEAR) for minute in range(30)])
    context = SimpleNamespace(aws_request_id="one-of-the-tests", get_remaining_time_in_millis=lambda: 20_000)
    capsys.readouterr()
    assert handler(TICK, context) == {"done": "history_cleanup", "deleted": 30, "finished": True}
    printed = capsys.readouterr().out.splitlines()
    lines = documents("".join(f"{line}\n" for line in printed if "CloudWatchMetrics" in line))
    assert told(lines) == {("AnalysesDeleted", (("Stack", "brightspot-test"),)): [30]}
    (event,) = [json.loads(line) for line in printed if "history_cleaned" in line]
    assert (event["deleted"], event["correlation_id"]) == (30, TICK["execution_id"])
    assert aws.rows() == []


def test_an_invocation_that_is_about_to_end_begins_nothing(handler, history, aws, made):
    history.record(made(minutes=-2 * YEAR), PLACE)
    context = SimpleNamespace(aws_request_id="one-of-the-tests", get_remaining_time_in_millis=lambda: 2_000)
    assert handler(TICK, context) == {"done": "history_cleanup", "deleted": 0, "finished": False}
    assert len(aws.rows()) == 1
