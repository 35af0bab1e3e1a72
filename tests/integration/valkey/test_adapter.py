"""Many questions in one round trip, and an outage that costs little."""

import pytest
import redis

from brightspot.core.clock import SystemClock
from brightspot.core.errors import SettingsError
from brightspot.valkey import Script, StoreUnavailable, ValkeySettings, connect

ADD = Script("return redis.call('INCRBY', KEYS[1], ARGV[1])")


def test_questions_of_a_trip_are_answered_in_their_places(valkey):
    trip = valkey.trip()
    asked = [trip.add("SET", "k", "v"), trip.add("GET", "k"), trip.script(ADD, ["n"], [7])]
    trip.run()
    assert [each.value for each in asked] == [b"OK", b"v", 7]


def test_a_script_the_server_does_not_know_is_loaded_and_runs_once(valkey):
    valkey.call("SCRIPT", "FLUSH")
    assert [valkey.run(ADD, ["n"], [1]) for _ in range(2)] == [1, 2]


def test_one_question_that_is_refused_spoils_no_other_and_rests_nothing(valkey):
    trip = valkey.trip()
    refused, fine = trip.add("INCRBY", "n", "much"), trip.add("PING")
    trip.run()
    assert fine.value == b"PONG"
    with pytest.raises(StoreUnavailable, match="not an integer"):
        _ = refused.value
    assert valkey.healthy


def test_a_trip_without_questions_travels_nowhere(clock):
    connect(ValkeySettings(url="redis://127.0.0.1:1/0"), clock).trip().run()


def test_a_dead_port_is_tried_once_per_rest_and_again_after_it(clock):
    store = connect(ValkeySettings(url="redis://127.0.0.1:1/0"), clock)
    with pytest.raises(StoreUnavailable, match="failed"):
        store.call("PING")
    with pytest.raises(StoreUnavailable, match="rests"):
        store.call("PING")
    clock.advance(seconds=0.5)
    with pytest.raises(StoreUnavailable, match="failed"):
        store.call("PING")
    clock.advance(seconds=0.9)
    with pytest.raises(StoreUnavailable, match="rests"):
        store.call("PING")


def test_a_connection_that_the_server_closed_is_replaced_at_once(valkey, valkey_server):
    valkey.call("PING")
    with redis.Redis.from_url(valkey_server.connection_url) as admin:
        admin.client_kill_filter(_type="normal", skipme=True)
    assert valkey.call("PING") == b"PONG"
    assert valkey.healthy


def test_a_wrong_password_is_an_outage_not_a_crash(valkey_url):
    store = connect(ValkeySettings(url=valkey_url.replace("secret", "wrong")), SystemClock())
    with pytest.raises(StoreUnavailable, match="LoginRefused"):
        store.call("PING")
    assert not store.healthy


def test_what_elasticache_restricts_is_refused_here_too(valkey):
    with pytest.raises(StoreUnavailable, match="keys"):
        valkey.call("KEYS", "*")


def test_without_a_server_configured_there_is_no_store(clock):
    assert connect(ValkeySettings(), clock) is None


@pytest.mark.parametrize(("host", "port"), [("other", 6379), ("127.0.0.1", 6380)])
def test_a_url_and_a_host_that_disagree_stop_the_start(clock, host, port):
    with pytest.raises(SettingsError, match="REDIS_URL and REDIS_HOST"):
        connect(ValkeySettings(url="redis://127.0.0.1:6379/0", host=host, port=port), clock)


def test_the_password_is_not_shown():
    assert "hunter2" not in repr(ValkeySettings(host="h", password="hunter2"))  # that is what is tested
