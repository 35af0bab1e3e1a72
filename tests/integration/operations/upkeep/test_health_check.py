"""system_health_check: each part has a verdict, and a maintenance task that did not run when it was due is found."""

import botocore.session
import msgspec
import pytest

from brightspot.operations.upkeep.kept import shared_runs
from brightspot.operations.upkeep.registry import TASKS
from brightspot.resilience import shared_breakers
from tests.integration.operations.upkeep.conftest import REGION, counted

TASK = "system_health_check"


def verdicts(run, what):
    return {name: each["status"] for name, each in run.facts[what].items()}


def test_every_part_has_a_verdict_and_the_worst_is_that_of_all(world):
    done = world.run(TASK)
    assert done.outcome == "done"
    assert verdicts(done, "components") == {
        "cache": "healthy",
        "circuit_breakers": "healthy",
        "database": "healthy",
        "dataset": "healthy",
    }
    assert set(verdicts(done, "breakers").values()) == {"healthy"}
    assert set(verdicts(done, "maintenance")) == set(TASKS)
    assert done.facts["verdict"] == "unknown"  # nothing has been due yet
    assert counted(done)["components"] == (4, 0, 0, 0)


def test_what_was_given_up_is_a_finding(world, monkeypatch):
    sqs = botocore.session.get_session().create_client("sqs", REGION)
    urls = [sqs.create_queue(QueueName=f"tests-{name}")["QueueUrl"] for name in ("batch", "batch-dead-letters")]
    monkeypatch.setenv("TASK_QUEUE_URLS", ",".join(urls))
    sqs.send_message(QueueUrl=urls[1], MessageBody="x")
    done = world.run(TASK)
    assert verdicts(done, "queues") == {"batch": "healthy", "batch-dead-letters": "degraded"}
    assert (done.facts["verdict"], counted(done)["queues"]) == ("degraded", (2, 0, 1, 0))


def test_a_queue_that_does_not_answer_is_unknown_not_well(world, monkeypatch):
    monkeypatch.setenv("TASK_QUEUE_URLS", f"https://sqs.{REGION}.amazonaws.com/123456789012/tests-none")
    assert verdicts(world.run(TASK), "queues") == {"none": "unknown"}


def test_a_breaker_that_is_open_is_a_finding(world):
    shared_breakers().open("demographics", 60)
    done = world.run(TASK)
    assert done.facts["breakers"]["demographics"] == {"status": "degraded", "reason": "open"}


def test_a_task_that_did_not_run_when_it_was_due_is_a_finding(world):
    world.run("optimize_database")
    world.run("cleanup_old_content", dry_run=True)  # which is none
    world.run(TASK)
    world.clock.advance(seconds=24 * 3600)
    world.run("cleanup_performance_metrics")
    world.run(TASK)
    world.clock.advance(seconds=2 * 3600)
    told = world.run(TASK).facts["maintenance"]
    assert told["cleanup_performance_metrics"]["status"] == "healthy"
    assert told["optimize_database"] == {
        "status": "degraded",
        "reason": "it last ran 2026-01-01 00:00 UTC, and is due every 24 h",
    }
    assert told["cleanup_old_content"]["reason"] == "it never ran, and is due every 24 h"


@pytest.mark.parametrize(("outcome", "told"), [("failed", "failed: OSError"), ("running", "was killed")])
def test_a_last_run_that_came_to_nothing_is_a_finding(world, outcome, told):
    done = world.run("cleanup_performance_metrics")
    shared_runs().keep(
        msgspec.structs.replace(done, outcome=outcome, error="OSError: down" if outcome == "failed" else None)
    )
    world.clock.advance(seconds=2000)
    found = world.run(TASK).facts["maintenance"]["cleanup_performance_metrics"]
    assert (found["status"], told in found["reason"]) == ("degraded", True)
