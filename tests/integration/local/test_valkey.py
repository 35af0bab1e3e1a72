"""The embedded Valkey: private, kept from start to start, one per data folder, never left over."""

import os
import signal
import socket
import stat
from contextlib import ExitStack
from pathlib import Path

import pytest
import redis

from brightspot_local.services import ServiceUnavailable, process, valkey
from tests.processes import alive, listening


def mode(file):
    return stat.S_IMODE(file.stat().st_mode)


def asked(url, *command):
    with redis.Redis.from_url(url) as client:
        return client.execute_command(*command)


def test_what_it_holds_outlives_it(tmp_path):
    with valkey.running(tmp_path) as first:
        asked(first.url, "SET", "answer", "42", "EX", "100")
    assert not alive(first.pid)
    with valkey.running(tmp_path) as second:
        assert asked(second.url, "GET", "answer") == b"42"
        assert 0 < asked(second.url, "TTL", "answer") <= 100
    assert second.replaced is None


def test_it_listens_on_loopback_only_and_asks_for_a_password_that_only_its_owner_reads(tmp_path):
    with valkey.running(tmp_path) as running:
        assert listening(running.pid) == ["0100007F"]
        host, port = running.address.split(":")
        with socket.create_connection((host, int(port))) as stranger:
            stranger.sendall(b"GET answer\r\n")
            assert stranger.recv(100).startswith(b"-NOAUTH")
        password = tmp_path / "valkey" / "password"
        assert (mode(password), mode(password.parent)) == (0o600, 0o700)
        assert password.read_text().strip().encode() not in Path(f"/proc/{running.pid}/cmdline").read_bytes()


def test_what_never_expires_is_never_evicted(tmp_path):
    with valkey.running(tmp_path) as running, redis.Redis.from_url(running.url) as client:
        assert client.config_get("maxmemory*") == {
            "maxmemory": str(128 * 1024 * 1024),
            "maxmemory-policy": "volatile-lru",
            "maxmemory-samples": "5",
            "maxmemory-eviction-tenacity": "10",
            "maxmemory-clients": "0",
        }


def test_a_second_command_uses_the_running_one_and_leaves_it_running(tmp_path):
    with valkey.running(tmp_path) as running:
        with valkey.at_hand(tmp_path) as url:
            assert url == running.url
        assert asked(running.url, "PING")
        with pytest.raises(ServiceUnavailable, match="another command"), valkey.running(tmp_path, wait_seconds=0.05):
            pass


def test_one_that_a_killed_command_left_behind_is_ended_and_its_content_kept(tmp_path, left_behind):
    leftover = left_behind("valkey", tmp_path)
    assert alive(leftover)
    with valkey.running(tmp_path) as running:
        assert running.replaced == leftover
        assert not alive(leftover)
        assert asked(running.url, "PING")


def test_a_leftover_that_does_not_heed_term_is_killed(tmp_path, left_behind, monkeypatch):
    leftover = left_behind("valkey", tmp_path)
    os.kill(leftover, signal.SIGSTOP)
    monkeypatch.setattr(process, "_END_SECONDS", 0.3)
    with valkey.running(tmp_path) as running:
        assert (running.replaced, alive(leftover)) == (leftover, False)


def test_files_that_it_cannot_read_are_told_with_what_to_do(tmp_path):
    with valkey.running(tmp_path):
        pass
    (tmp_path / "valkey" / "appendonlydir" / "appendonly.aof.manifest").write_text("rubbish\n")
    with pytest.raises(ServiceUnavailable, match=r"delete .*valkey"), valkey.running(tmp_path):
        pass


def test_a_machine_without_any_valkey_is_told_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(valkey, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ServiceUnavailable, match="install valkey-server"), valkey.running(tmp_path):
        pass


def test_many_data_folders_have_one_each(tmp_path):
    with ExitStack() as running:
        urls = {running.enter_context(valkey.running(tmp_path / name)).url for name in "abc"}
    assert len(urls) == 3
