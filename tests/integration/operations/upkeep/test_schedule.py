"""The function as its schedules call it: what it returns, logs, counts and records."""

import importlib
import json
import sys
from datetime import timedelta
from types import SimpleNamespace

import pytest

from brightspot import locations
from brightspot.core.clock import SystemClock
from brightspot.core.ids import new_id
from brightspot.locations.past.dynamo import DynamoHistory
from brightspot.locations.past.shapes import record_of
from brightspot.locations.past.table import row_of
from brightspot.operations.upkeep.kept import shared_runs
from brightspot.operations.upkeep.registry import TASKS
from brightspot.telemetry import configure_metrics
from brightspot_local.dev.intrinsics import Intrinsics
from brightspot_local.dev.template import load, schedules
from brightspot_local.paths import EVENTS
from tests.emf_spec import documents, told
from tests.integration.operations.upkeep.conftest import SETTINGS

FUNCTION = "functions.maintenance.maintenance_handler"


@pytest.fixture
def handler(world, monkeypatch):
    """`handler("cache_warming", seconds=20)`: the function called by that task's schedule, with time left."""
    monkeypatch.setenv("METRICS_STACK", "brightspot-test")
    sys.modules.pop(FUNCTION, None)

    def call(task, seconds=20):
        context = SimpleNamespace(
            aws_request_id="one-of-the-tests", get_remaining_time_in_millis=lambda: int(seconds * 1000)
        )
        return importlib.import_module(FUNCTION).handler(tick(task), context)

    yield call
    monkeypatch.delenv("METRICS_STACK")
    configure_metrics()
    sys.modules.pop(FUNCTION, None)


def tick(task):
    return json.loads((EVENTS / f"{task}.json").read_text())


@pytest.fixture(scope="module")
def analysis():
    """One real analysis, made before there is a table that it would be saved to."""
    return locations.service().analyze(locations.AnalyzeRequest("Rochester, MN 55901"))


def put_old(analysis, number):
    """Rows of a hundred days ago."""
    history = DynamoHistory(SETTINGS, SystemClock(), retention_days=90, queue_url="")
    with history._table.batch_write() as batch:
        for each in range(number):
            at = SystemClock().now() - timedelta(days=100, minutes=each)
            made = {name: getattr(analysis, name) for name in analysis.__struct_fields__}
            record = record_of(type(analysis)(**{**made, "id": new_id(at)}), "ROCHESTER, MN 55901")
            batch.save(row_of(history._table, record))


def test_every_task_has_a_schedule_at_its_time_that_calls_this_function():
    known = {
        json.loads(each.input)["task"]: (each.function, each.expression)
        for each in schedules(Intrinsics(load(), {"Env": "local"}))
    }
    assert {name: known[name] for name in TASKS} == {
        name: ("MaintenanceFunction", each.cron) for name, each in TASKS.items()
    }


@pytest.mark.parametrize("task", TASKS)
def test_the_schedules_event_is_answered_with_what_came_of_the_run_which_is_recorded(task, handler):
    answer = handler(task)
    assert (answer["done"], answer["outcome"]) == (task, "done")
    (run,) = shared_runs().newest(task, 5)
    assert (run.outcome, run.started_by, run.who) == ("done", "schedule", None)


def test_old_analyses_go_with_a_figure_and_an_event(analysis, handler, world, capsys):
    put_old(analysis, 30)
    capsys.readouterr()
    answer = handler("cleanup_old_content")
    assert answer["counts"]["analyses"] == {"looked_at": 30, "changed": 30, "failed": 0, "left": 0}
    printed = capsys.readouterr().out.splitlines()
    lines = documents("".join(f"{line}\n" for line in printed if "CloudWatchMetrics" in line))
    assert told(lines)[("AnalysesDeleted", (("Stack", "brightspot-test"),))] == [30]
    (event,) = [json.loads(line) for line in printed if "maintenance_ran" in line]
    assert (event["task"], event["correlation_id"]) == (
        "cleanup_old_content",
        tick("cleanup_old_content")["execution_id"],
    )
    assert world.rows("analyses") == []


def test_an_execution_that_is_delivered_twice_is_one_run(analysis, handler):
    first = handler("cleanup_old_content")
    put_old(analysis, 3)
    assert handler("cleanup_old_content") == first
    assert len(shared_runs().newest("cleanup_old_content", 5)) == 1


def test_an_invocation_that_is_about_to_end_begins_nothing(analysis, handler, world):
    put_old(analysis, 1)
    answer = handler("cleanup_old_content", seconds=2)
    assert (answer["outcome"], answer["counts"]) == ("stopped", {})
    assert len(world.rows("analyses")) == 1


def test_a_task_that_fails_fails_the_invocation_and_is_recorded(handler, world):
    world.s3.delete_bucket(Bucket="tests-jobs")
    with pytest.raises(Exception, match="tests-jobs"):
        handler("cleanup_old_content")
    assert shared_runs().newest("cleanup_old_content", 1)[0].outcome == "failed"


def test_a_task_that_there_is_not_fails_the_invocation(handler):
    handler("cache_warming")
    with pytest.raises(ValueError, match="not sweep"):
        sys.modules[FUNCTION].handler({"task": "sweep"}, None)
