"""Valkey answers four environments and yet is of no use: full, demoted, restricted, or no Valkey at all.

What one request can lose is said in test_valkey.py. What is refused by a full server costs nothing: it has answered.
"""

import pytest

from tests.integration.conftest import RESTRICTED
from tests.integration.faults.servers import STRANGERS, Server, Stranger


@pytest.fixture
def replica(tmp_path, valkey):
    made = Server(tmp_path)
    made.start()
    made.copy(valkey.port)
    yield made
    made.kill()


def test_out_of_memory(valkey, serving, before, held_up):
    valkey.fill_up()
    held_up("out of memory", before, serving.phase(1.2))
    full = valkey.answers()
    valkey.make_room()
    held_up("room again", before, serving.phase(1.0))
    assert valkey.answers() > full


def test_failing_over(valkey, replica, address, serving, before, held_up):
    replica.ask("REPLICAOF", "NO", "ONE")
    address.turn(replica.port)
    valkey.copy(replica.port)  # which leaves its callers connected to what is only to be read now
    first = replica.answers()
    held_up("failed over, the old primary stays to be read", before, serving.phase(1.5))
    assert replica.answers() > first
    replica.kill()
    valkey.ask("REPLICAOF", "NO", "ONE")
    address.turn(valkey.port)
    second = valkey.answers()
    held_up("failed over, the old primary is gone", before, serving.phase(1.5))
    assert valkey.answers() > second


@pytest.mark.parametrize("name", STRANGERS)
def test_replaced_by_a_server_of_another_kind(valkey, address, serving, before, held_up, name):
    with Stranger(*STRANGERS[name]) as stranger:
        address.turn(stranger.port)
        address.cut()
        held_up(f"replaced by {name}", before, serving.phase(1.2))
        assert stranger.met
    address.turn(valkey.port)
    address.cut()


def test_an_acl_as_elasticache_restricts_it(valkey, address, serving, before, held_up):
    denied = [f"-{command}" for command in RESTRICTED]
    valkey.ask("ACL", "SETUSER", "default", "resetkeys", "~bs:*", *denied, "+info", "+acl|log", "+acl|setuser")
    address.cut()
    known = valkey.answers()
    held_up("restricted", before, serving.phase(1.2))
    assert valkey.answers() > known
    assert valkey.ask("ACL", "LOG") == []
    valkey.ask("ACL", "SETUSER", "default", "allkeys", "+@all")
