"""Valkey answers four environments and yet is of no use: full, demoted, restricted, or no Valkey at all.

What one request can lose is said in test_valkey.py. What is refused by a full server costs nothing: it has answered.
"""

import pytest

from tests.integration.conftest import RESTRICTED
from tests.integration.faults.servers import PASSWORD, STRANGERS, Address, Server, Stranger


@pytest.fixture
def replica(tmp_path, server):
    folder = tmp_path / "replica"
    folder.mkdir()
    made = Server(folder)
    made.start()
    made.copy(server.port)
    yield made
    made.kill()


def kept(server):
    """How many answers it holds."""
    return sum(1 for each in server.ask("KEYS", "bs:{analysis}:*") if b"@" not in each)


def test_out_of_memory(server, load, held_up):
    serving = load({"REDIS_URL": server.url}, "uncached")
    before = serving.phase(1.0)
    server.fill_up()
    held_up("out of memory", before, serving.phase(2.0))
    full = kept(server)
    server.make_room()
    held_up("room again", before, serving.phase(1.0))
    assert kept(server) > full


def test_failing_over(server, replica, load, held_up):
    with Address(server.port) as address:
        serving = load({"REDIS_URL": address.url}, "uncached")
        before = serving.phase(1.0)
        replica.ask("REPLICAOF", "NO", "ONE")
        address.turn(replica.port)
        server.copy(replica.port)  # which leaves its callers connected to what is only to be read now
        first = kept(replica)
        held_up("failed over, the old primary stays to be read", before, serving.phase(2.0))
        assert kept(replica) > first
        replica.kill()
        server.ask("REPLICAOF", "NO", "ONE")
        address.turn(server.port)
        address.cut()
        second = kept(server)
        held_up("failed over, the old primary is gone", before, serving.phase(2.0))
        assert kept(server) > second


def test_replaced_by_a_server_of_another_kind(server, load, held_up):
    with Address(server.port) as address:
        serving = load({"REDIS_URL": address.url}, "uncached")
        before = serving.phase(1.0)
        for name, (greeting, answer) in STRANGERS.items():
            with Stranger(greeting, answer) as stranger:
                address.turn(stranger.port)
                address.cut()
                held_up(f"replaced by {name}", before, serving.phase(1.0))
                assert stranger.met
            address.turn(server.port)
            address.cut()
            known = kept(server)
            serving.phase(1.2)
            assert kept(server) > known


def test_an_acl_as_elasticache_restricts_it(server, load, held_up):
    before = load({"REDIS_URL": server.url}).phase(1.0)
    denied = [f"-{command}" for command in RESTRICTED]
    server.ask("ACL", "SETUSER", "app", "on", f">{PASSWORD}", "~bs:*", "&*", "+@all", *denied)
    held_up(
        "restricted", before, load({"REDIS_URL": server.url.replace(":secret", "app:secret")}, "uncached").phase(2.0)
    )
    assert kept(server)
    assert server.ask("ACL", "LOG") == []
