"""The user that infrastructure/cache.yaml makes: its rights are what the system needs, each of them, and no more."""

import re
import time
from contextlib import suppress
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import pytest
import redis

import brightspot
from brightspot.cache import Options, shared_cache, shared_computed
from brightspot.cache.computing.popularity import Popularity
from brightspot.cache.names import names_of
from brightspot.core.clock import SystemClock
from brightspot.core.errors import NotFound
from brightspot.intrusion import Seen, lift, scene, shared_watch
from brightspot.ratelimit import Limit, Limiter
from brightspot.resilience import get_circuit_breaker, shared_breakers
from brightspot.telemetry import METRICS, Ledger
from brightspot.valkey import Script, StoreUnavailable, shared_valkey
from brightspot_local.dev.template import load
from brightspot_local.keys import local_keys
from brightspot_local.paths import ROOT

NAME, PASSWORD = "brightspot", "secret"
RIGHTS = load(ROOT / "infrastructure" / "cache.yaml")["Resources"]["User"]["Properties"]["AccessString"].split()
COMMANDS = [right.removeprefix("+") for right in RIGHTS if right.startswith("+")]
LIBRARY = Path(brightspot.__file__).parent
WINDOW_SECONDS = 0.1


class User:
    """Our user on the test server. `refused` is what it was refused: the library does without, and would not tell."""

    def __init__(self, admin):
        self._admin = admin

    def grant(self, rights):
        self._admin.execute_command("ACL", "DELUSER", NAME)
        self._admin.execute_command("ACL", "SETUSER", NAME, f">{PASSWORD}", *rights)
        self._admin.execute_command("ACL", "LOG", "RESET")
        self._admin.script_flush()

    def refused(self):
        return {entry["object"] for entry in self._admin.acl_log()}


@pytest.fixture
def user(monkeypatch, valkey_server, valkey_url):
    at = urlsplit(valkey_url)
    monkeypatch.setenv("REDIS_URL", f"redis://{NAME}:{PASSWORD}@{at.hostname}:{at.port}/0")
    for wait in ("REDIS_CONNECT_TIMEOUT_MS", "REDIS_READ_TIMEOUT_MS"):
        monkeypatch.setenv(wait, "5000")  # a busy test machine is no outage
    with redis.Redis.from_url(valkey_server.connection_url, decode_responses=True) as admin:
        made = User(admin)
        made.grant(RIGHTS)
        yield made
        admin.execute_command("ACL", "DELUSER", NAME)


@pytest.fixture
def client(user, valkey_url):
    at = urlsplit(valkey_url)
    with redis.Redis(at.hostname, at.port, username=NAME, password=PASSWORD) as connected:
        yield connected


def test_every_function_that_uses_the_store_works_under_it(user, call, forgetful, monkeypatch, tmp_path):
    made = local_keys(tmp_path, SystemClock())
    monkeypatch.setenv("JWT_PUBLIC_KEYS_FILE", str(made.jwks_file))
    token = {"authorization": f"Bearer {made.admin_token}"}
    question = ("analyze", "POST", "/api/v1/analyze", {"address": "Rochester, MN 55901"})
    first = call(*question)
    forgetful()
    second = call(*question, anew=True)
    assert [first.json["cached"], second.json["cached"], second.headers["x-ratelimit-remaining"]] == [False, True, "98"]
    assert call("health", "GET", "/health").json["cache"]["backend"] == "redis"
    assert call("circuit_breakers", "GET", "/api/v1/circuit-breakers").json["economy"]["success_count"] == 1
    reset = call("circuit_breakers", "POST", "/api/v1/circuit-breakers/reset", {}, headers=token)
    assert call("cache", "GET", "/api/v1/cache/stats").json["cached_items"] == 1
    cleared = call("cache", "POST", "/api/v1/cache/clear", {}, headers=token)
    assert (reset.status, cleared.json["count"]) == (200, 1)
    assert {call(*question).status for _ in range(98)} == {200}
    assert call(*question).status == 429
    assert user.refused() == set()


def test_cache_limits_and_breakers_are_refused_nothing(user):
    use_everything()
    assert user.refused() == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_without_any_one_of_its_commands_something_is_refused(user, command):
    user.grant([right for right in RIGHTS if right != f"+{command}"])
    use_everything()
    assert command in user.refused()


def test_its_commands_are_those_that_the_library_sends_and_its_scripts_call():
    sent = {
        command
        for file in LIBRARY.rglob("*.py")
        for command in re.findall(r"\.(?:add|call)\(\s*\"([A-Z]+)\"", file.read_text())
    }
    called = {
        command
        for file in LIBRARY.rglob("*.lua")
        for command in re.findall(r"redis\.call\('([A-Z]+)'", file.read_text())
    }
    assert {command.lower() for command in sent | called} | {"evalsha", "script|load"} == set(COMMANDS)


def test_its_keys_are_ours_alone():
    assert [right for right in RIGHTS if right[0] in "~%&"] == ["~bs:*"]
    assert set(RIGHTS) - {f"+{command}" for command in COMMANDS} == {"on", "~bs:*", "-@all"}


@pytest.mark.parametrize(
    "command",
    [
        "KEYS bs:*", "FLUSHALL", "FLUSHDB", "SWAPDB 0 1", "CONFIG GET maxmemory", "REPLICAOF NO ONE",
        "ACL LIST", "CLIENT LIST", "INFO", "DBSIZE", "RANDOMKEY", "SCRIPT FLUSH", "FUNCTION LIST", "PUBLISH bs:a b",
        "GET other", "SET other 1", "DEL other", "SET bsx:other 1", "RENAME bs:a bs:b",
        "EVAL return(1) 0", "EVAL return(1) 1 bs:a",
    ],
)  # fmt: skip
def test_what_it_does_not_need_is_refused(client, command):
    with pytest.raises(redis.exceptions.NoPermissionError):
        client.execute_command(*command.split())


def test_a_script_reaches_no_key_of_others_either(client):
    reader = Script("return redis.call('GET', KEYS[1])")
    client.script_load(reader.source)
    assert client.evalsha(reader.digest, 1, "bs:mine") is None
    with pytest.raises(redis.exceptions.NoPermissionError):
        client.evalsha(reader.digest, 1, "other")
    stealthy = Script("return redis.call('GET', 'other')")
    client.script_load(stealthy.source)
    with pytest.raises(redis.exceptions.ResponseError, match="No permissions to access a key"):
        client.evalsha(stealthy.digest, 1, "bs:mine")


def use_the_ledger():
    ledger = Ledger(shared_valkey(), SystemClock())
    ledger.slow("o", 2.0)
    ledger.slow("o", 2.0, "queries")
    with suppress(StoreUnavailable):
        ledger.totals(METRICS)
    with suppress(StoreUnavailable):
        ledger.slowest()


def use_everything():
    """Each command of the library, in any order; what the store refuses is told by the store."""
    for use in (use_the_cache, use_computed_values, use_breakers, use_limits, use_the_ledger, use_the_watch):
        use()


def use_the_cache():
    cache = shared_cache()
    _, since = cache.get("analysis", "key")
    cache.put("analysis", "key", b"value", 60, since=since, tags=["state:MN"])
    uses = (
        cache.state,
        lambda: cache.figures(["analysis"]),
        lambda: cache.clear("analysis", "state:MN"),
        lambda: cache.clear("analysis"),
    )
    for ask in uses:
        with suppress(StoreUnavailable):
            ask()


def use_computed_values():
    """Kept, failed and forgotten, and counted on a trip whose turn it is to forget what few ask for."""
    computed, options = shared_computed(), Options(ttl=60, l1_seconds=0, stale_if_error=60)
    computed.get("computed", "key", lambda: 1, options)
    with suppress(StoreUnavailable):
        computed.expire("computed")
    with suppress(ZeroDivisionError):
        computed.get("computed", "key", lambda: 1 / 0, options)
    trip = shared_valkey().trip()
    Popularity(names_of("computed"), Always()).count(trip, "key", 1)
    trip.run()
    for ask in (lambda: computed.most_popular("computed", 1), lambda: computed.forget("computed", "key", options)):
        with suppress(StoreUnavailable):
            ask()


class Always(Random):
    """Draws whatever is least."""

    def random(self):
        return 0.0


def use_the_watch():
    watch = shared_watch()
    watch.record("192.0.2.1", [Seen("unknown_route")])
    for ask in (lambda: scene(watch, watch.valkey), lambda: lift(watch.valkey, "192.0.2.1")):
        with suppress(StoreUnavailable, NotFound):
            ask()


def use_breakers():
    for _ in range(5):
        with suppress(OSError), get_circuit_breaker("economy"):
            raise OSError("down")
    breakers = shared_breakers()
    for ask in (breakers.status, lambda: breakers.reset("economy")):
        with suppress(StoreUnavailable):
            ask()


def use_limits():
    """A subject over its limit gives back what another counted; a log in steady use forgets what is past its window."""
    for algorithm in ("log", "gcra"):
        for subjects in (["full"], ["full"], ["full", "other"]):
            take(Limit(2, 60, algorithm), subjects)
    over = time.monotonic() + 3 * WINDOW_SECONDS
    while time.monotonic() < over:
        take(Limit(1000, WINDOW_SECONDS), ["steady"])
        time.sleep(WINDOW_SECONDS / 20)


def take(limit, subjects):
    valkey = shared_valkey()
    trip = valkey.trip()
    pending = Limiter(valkey, SystemClock()).ask(trip, "analyze", limit, subjects)
    with suppress(StoreUnavailable):
        trip.run()
        pending.decide()
