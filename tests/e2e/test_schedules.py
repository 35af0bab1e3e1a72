"""Tasks and schedules over `make dev`: a time that is due goes through Scheduler, a queue and a worker, once."""

import re
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from brightspot.core.codec import loads
from brightspot.store import StoreSettings
from brightspot.store.scheduler import Scheduler, SchedulerSettings
from brightspot.tasks.firing import Firing, firing_text
from brightspot_local.dev.intrinsics import ACCOUNT, REGION, STACK
from brightspot_local.services.aws import ACCESS, client


@pytest.fixture
def endpoint(system):
    """Of the AWS that this system runs."""
    return next(found[1] for line in system.lines if (found := re.search(r"ministack .* on (http://\S+)", line)))


@pytest.fixture
def ask(system):
    headers = {"Authorization": f"Bearer {(system.data / 'admin-token').read_text().strip()}"}
    return lambda method, path, **more: httpx.request(method, system.url + path, headers=headers, timeout=60, **more)


@pytest.fixture
def brightspot(system):
    def run(*words):
        command = [sys.executable, "-m", "brightspot_local.cli", *words, "--url", system.url, "--data", system.data]
        return subprocess.run([str(each) for each in command], capture_output=True, text=True, check=True).stdout

    return run


def until(met, seconds=60):
    gives_up_at = time.monotonic() + seconds
    while not (told := met()):
        assert time.monotonic() < gives_up_at, "it did not happen in time"
        time.sleep(0.5)
    return told


def waiting(endpoint, queue):
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    told = client("sqs", endpoint).get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
    return sum(int(told[name]) for name in names)


def test_a_task_is_submitted_by_command_done_by_a_worker_and_shown(brightspot, ask):
    told = brightspot("tasks", "submit", "noop", "--with", 'counter="e2e"', "--priority", "high")
    task_id = told.split()[0]
    done = until(lambda: (now := ask("GET", f"/api/v1/tasks/{task_id}").json())["state"] == "done" and now)
    assert (done["priority"], done["attempt"], done["attempts"]) == ("high", 1, [])
    assert task_id in brightspot("tasks", "list", "--name", "noop", "--state", "done")
    assert "done" in brightspot("tasks", "show", task_id)


def test_a_schedule_is_made_paused_and_removed_by_command(brightspot, ask):
    brightspot("schedules", "add", "nightly", "0 2 * * *", "noop", "--priority", "low")
    assert "nightly  0 2 * * *  UTC" in brightspot("schedules", "list")
    assert brightspot("schedules", "pause", "nightly").endswith("paused\n")
    assert ask("GET", "/api/v1/schedules/nightly").json()["state"] == "paused"
    assert brightspot("schedules", "remove", "nightly") == "deleted nightly\n"
    assert ask("GET", "/api/v1/schedules").json()["schedules"] == []


def test_what_is_due_in_two_seconds_comes_by_a_real_queue_and_is_one_task(endpoint, ask, monkeypatch):
    for name, value in ACCESS.items():
        monkeypatch.setenv(name, value)
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{STACK}-tasks-dead-letters"
    settings = SchedulerSettings(f"{STACK}-tasks", f"arn:aws:iam::{ACCOUNT}:role/any", arn)
    scheduler = Scheduler(settings, StoreSettings(region=REGION, endpoint_url=endpoint))
    firing = Firing(schedule="soon", cron="0 2 * * *", time_zone="UTC", task="noop", tenant="e2e")
    queue = f"{endpoint}/{ACCOUNT}/{STACK}-tasks-normal"
    for number in range(2):  # as a cron of two expressions is, on a day that fits both
        scheduler.at(datetime.now(UTC) + timedelta(seconds=2), f"soon-{number}", queue, firing_text(firing))

    def done():
        told = loads(ask("GET", "/api/v1/tasks", params={"name": "noop", "state": "done"}).content)
        return [each for each in told["tasks"] if each["tenant"] == "e2e"]

    (task,) = until(done)
    assert (task["priority"], task["attempt"]) == ("normal", 1)
    until(lambda: scheduler.names("once.") == [])
    until(lambda: waiting(endpoint, queue) == 0)  # both were handled
    assert len(done()) == 1
