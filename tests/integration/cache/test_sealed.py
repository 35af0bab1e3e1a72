"""Compressed and encrypted entries on a real Valkey: what it holds, and what somebody with access to it can do."""

import os
import subprocess
import sys

import pytest
import redis

from brightspot.cache import LocalLevel, TieredCache, shared_cache
from brightspot.cache.keyring import KeyRing
from brightspot.cache.seal import Seal
from brightspot.core.clock import SystemClock
from brightspot.core.errors import SettingsError
from brightspot.valkey import ValkeySettings, connect

VALUE = b'{"a": "secret"}' * 300
KEYS = {"b": b"b" * 32, "a": b"a" * 32}


@pytest.fixture
def sealing(valkey_url):
    """`sealing("b", "a")`: an instance with these keys, the first of them encrypting."""
    stores = []

    def make(*ids):
        stores.append(connect(ValkeySettings(url=valkey_url), SystemClock()))
        ring = KeyRing({each: KEYS[each] for each in ids}) if ids else None
        return TieredCache(stores[-1], SystemClock(), LocalLevel(), Seal(ring=ring))

    yield make
    for each in stores:
        each.close()


@pytest.fixture
def server(valkey_url):
    with redis.Redis.from_url(valkey_url) as client:
        yield client


def test_what_is_compressed_or_encrypted_is_found_by_others_as_it_was_kept(sealing, compute, found, server):
    for ids in ((), ("a",)):
        compute(sealing(*ids), value=VALUE, tags=["zip:55901"])
        assert found(sealing(*ids)) == (VALUE, "redis")
        kept = server.get("bs:{analysis}:k")
        assert len(kept) < len(VALUE) / 10
        assert b"secret" not in kept or not ids


def test_keys_are_rotated_without_losing_an_entry_until_the_old_one_goes(sealing, compute, found):
    compute(sealing("a"), value=VALUE)
    assert found(sealing("b", "a")) == (VALUE, "redis")
    assert found(sealing("b")) is None
    compute(sealing("b", "a"), value=VALUE)
    assert found(sealing("b")) == (VALUE, "redis")


def test_an_encrypted_entry_cannot_take_the_place_of_another_nor_live_longer(sealing, compute, found, server, caplog):
    cache = sealing("a")
    compute(cache, value=b"of another tenant", key="other")
    compute(cache, value=b"mine", key="mine", ttl=30.0)
    server.copy("bs:{analysis}:other", "bs:{analysis}:moved")
    longer = bytearray(server.get("bs:{analysis}:mine"))
    longer[18:26] = server.get("bs:{analysis}:other")[18:26]
    server.set("bs:{analysis}:mine", bytes(longer), ex=60)
    assert [found(sealing("a"), key) for key in ("moved", "mine")] == [None, None]
    told = [each for each in caplog.records if each.message == "cache_entry_tampered"]
    assert [each.namespace for each in told] == ["analysis", "analysis"]
    assert found(sealing("a"), "other") == (b"of another tenant", "redis")


def test_encrypted_entries_are_cleared_by_tag(sealing, compute, found):
    cache = sealing("a")
    compute(cache, value=VALUE, key="here", tags=["zip:55901"])
    compute(cache, value=VALUE, key="there", tags=["zip:10001"])
    assert cache.clear("analysis", "zip:55901") == 1
    assert [found(cache, key) is not None for key in ("here", "there")] == [False, True]


def test_the_cache_of_a_process_is_as_its_settings_say(valkey_url, server, monkeypatch):
    monkeypatch.setenv("REDIS_URL", valkey_url)
    monkeypatch.setenv("CACHE_ENCRYPTION_KEYS", "a:" + "YWFh" * 10 + "YWE=")
    monkeypatch.setenv("CACHE_COMPRESSION_THRESHOLD", "100000")
    _, since = shared_cache().get("analysis", "k")
    shared_cache().put("analysis", "k", VALUE, 60.0, since=since)
    kept = server.get("bs:{analysis}:k")
    assert len(kept) == 28 + 2 + 12 + len(VALUE) + 16
    assert kept[28:30] == b"\x01a"


@pytest.mark.parametrize(
    ("name", "value"),
    [("CACHE_ENCRYPTION_KEYS", "a:short"), ("CACHE_COMPRESSION_THRESHOLD", "-1"), ("CACHE_L3_ENABLED", "true")],
)
def test_a_setting_that_cannot_be_used_is_named_at_the_start(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        shared_cache()


_ANSWER = """
import json, sys
from pathlib import Path
from types import SimpleNamespace
sys.path.insert(0, sys.argv[1])
from analyze_handler import handler
event = json.loads(Path(sys.argv[2]).read_text())
del event["headers"]["accept-encoding"]  # which would have zstd loaded for the answer
context = SimpleNamespace(aws_request_id="12345678", get_remaining_time_in_millis=lambda: 20000)
answer = handler(event, context)
loaded = [name for name in ("backports.zstd", "cryptography", "pynamodb", "botocore") if name in sys.modules]
print(json.loads(answer["body"])["cached"], *loaded)
"""


def test_a_new_process_answers_from_the_store_without_loading_zstd_or_cryptography(valkey_url, request):
    root = request.config.rootpath
    command = [
        sys.executable,
        "-c",
        _ANSWER,
        str(root / "functions" / "analyze"),
        str(root / "events" / "analyze.json"),
    ]
    environment = {"REDIS_URL": valkey_url, "AUTH_REQUIRED": "false", "LOG_LEVEL": "ERROR", "PATH": os.defpath}
    told = [
        subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split()
        for _ in range(2)
    ]
    assert told[0][0] == "False"
    assert told[1] == ["True"]
