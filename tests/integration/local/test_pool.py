"""A function's workers: bounded while they work, and never kept out by requests that wait for others."""

import threading
import time

import pytest

from brightspot_local.dev import pool as pools
from brightspot_local.dev.pool import Pool, WorkerFailed
from brightspot_local.dev.template import Function

HANDLER = """
import os, time
from pathlib import Path

def handler(event, context):
    if event.get("fail"):
        raise RuntimeError("as the test asks")
    for name in event.get("touch", []):
        Path(name).touch()
    while not all(Path(name).exists() for name in event.get("await", [])):
        time.sleep(0.01)
    return os.getpid()
"""


@pytest.fixture
def pool(tmp_path):
    """A pool for one request at a time, of a function that waits until files are there."""
    (tmp_path / "some_handler.py").write_text(HANDLER)
    function = Function("Some", tmp_path, "some_handler.handler", 20.0, {})
    made = Pool(function, {}, 1, tmp_path / "log", lambda line: None)
    made.invoke({})
    yield made
    made.close()


def in_background(pool, event):
    done = []
    thread = threading.Thread(target=lambda: done.append(pool.invoke(event)), daemon=True)
    thread.start()
    return thread, done


def test_a_request_that_waits_for_another_of_its_function_does_not_keep_it_out(pool, tmp_path, monkeypatch):
    monkeypatch.setattr(pools, "_PATIENCE_SECONDS", 0.1)
    first, answers = in_background(pool, {"touch": [str(tmp_path / "began")], "await": [str(tmp_path / "there")]})
    while not (tmp_path / "began").exists():
        time.sleep(0.01)
    other = pool.invoke({"touch": [str(tmp_path / "there")]})
    first.join(20)
    assert len(answers) == 1
    assert answers[0] != other


def test_requests_that_do_not_wait_take_turns(pool, monkeypatch):
    monkeypatch.setattr(pools, "_PATIENCE_SECONDS", 60.0)
    assert len({pool.invoke({}) for _ in range(3)}) == 1
    threads = [in_background(pool, {}) for _ in range(4)]
    for thread, _ in threads:
        thread.join(20)
    assert len({done[0] for _, done in threads}) == 1


def test_a_failure_gives_its_place_back_too(pool):
    for _ in range(3):
        with pytest.raises(WorkerFailed, match="as the test asks"):
            pool.invoke({"fail": True})
    assert pool.invoke({})
