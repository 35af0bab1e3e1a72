"""A function behind a schedule."""

import json
import logging
from types import SimpleNamespace

import msgspec
import pytest

from brightspot.store import schedule_entry
from brightspot.telemetry import DATABASE_ERRORS, count
from tests.emf_spec import documents

CONTEXT = SimpleNamespace(aws_request_id="c6af9ac6-7b61-11e6-9a41-93e8deadbeef")


pytestmark = pytest.mark.usefixtures("_told")


def metrics(text):
    return documents("".join(f"{line}\n" for line in text.splitlines() if "_aws" in line))


def test_it_runs_the_task_that_is_due_and_writes_its_figures_once(capsys):
    ran = []

    def run(_):
        ran.append("now")
        logging.getLogger("brightspot.tests").info("task_ran")
        count(DATABASE_ERRORS)

    handler = schedule_entry("tidy", run)
    assert handler({"task": "tidy"}, CONTEXT) == {"done": "tidy"}
    printed = capsys.readouterr().out
    assert ran == ["now"]
    assert [root["DatabaseErrors"] for root in metrics(printed)] == [[1]]
    (event,) = [json.loads(line) for line in printed.splitlines() if "task_ran" in line]
    assert event["correlation_id"] == CONTEXT.aws_request_id


def test_a_task_that_fails_fails_the_invocation_and_its_figures_are_told(capsys):
    def run(_):
        count(DATABASE_ERRORS)
        raise OSError("down")

    handler = schedule_entry("tidy", run)
    with pytest.raises(OSError, match="down"):
        handler({"task": "tidy"}, CONTEXT)
    assert len(metrics(capsys.readouterr().out)) == 1


def test_what_is_logged_carries_the_id_of_the_schedules_execution_where_it_says_one(capsys):
    handler = schedule_entry("tidy", lambda _: logging.getLogger("brightspot.tests").info("task_ran"))
    handler({"task": "tidy", "execution_id": "d32c5kddcf5bb8c3"}, CONTEXT)
    assert json.loads(capsys.readouterr().out)["correlation_id"] == "d32c5kddcf5bb8c3"


@pytest.mark.parametrize("event", [{}, {"task": None}, {"source": "aws.scheduler"}, {"task": "sweep"}])
def test_an_event_that_names_no_task_of_this_function_runs_nothing(event):
    handler = schedule_entry("tidy", lambda _: pytest.fail("ran"))
    with pytest.raises((msgspec.ValidationError, ValueError), match="task"):
        handler(event, None)


def test_a_task_knows_how_long_it_may_work_and_tells_what_it_did():
    context = SimpleNamespace(aws_request_id="1", get_remaining_time_in_millis=lambda: 20_000)
    handler = schedule_entry("tidy", lambda deadline: {"seconds": round(deadline.remaining())})
    assert handler({"task": "tidy"}, context) == {"done": "tidy", "seconds": 17}
    assert handler({"task": "tidy"}, None)["seconds"] == 60


def test_a_task_that_is_started_too_late_has_no_time_at_all():
    context = SimpleNamespace(aws_request_id="1", get_remaining_time_in_millis=lambda: 100)
    handler = schedule_entry("tidy", lambda deadline: {"seconds": deadline.remaining()})
    assert handler({"task": "tidy"}, context)["seconds"] == 0
