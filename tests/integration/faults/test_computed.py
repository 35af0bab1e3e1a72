"""A function behind `@cached` while Valkey fails: it never raises because of the store, and meanwhile each process
computes a value once.
"""

import contextlib
import threading
import time
from collections import Counter
from random import Random

import pytest

from brightspot.cache import ComputedCache, LocalLevel, TieredCache, cached
from brightspot.core.clock import SystemClock
from brightspot.valkey import ValkeySettings, connect
from tests.integration.faults.servers import STRANGERS, Address, Server, Stranger

THREADS, CALLS = 8, 25


@pytest.fixture
def valkey(tmp_path):
    made = Server(tmp_path)
    made.start()
    yield made
    made.kill()


@pytest.fixture
def address(valkey):
    with Address(valkey.port) as made:
        yield made


class Process:
    """What stands for a process: a function behind a cache and a connection of its own, and how often it ran."""

    def __init__(self, url):
        self.store = connect(ValkeySettings(url=url), SystemClock())
        cache = ComputedCache(
            TieredCache(self.store, SystemClock(), LocalLevel()), self.store, SystemClock(), Random(1)
        )
        self.runs = Counter()
        self.score = cached("n", 60, cache=cache, window=0.0)(self._score)

    def _score(self, key: str) -> str:
        self.runs[key] += 1
        time.sleep(0.02)  # so that all threads miss it at once
        return key.upper()


@pytest.fixture
def processes(address):
    made = [Process(address.url) for _ in range(2)]
    yield made
    for each in made:
        each.store.close()


@contextlib.contextmanager
def killed(valkey, address, folder):
    valkey.kill()
    yield
    valkey.start()


@contextlib.contextmanager
def out_of_memory(valkey, address, folder):
    valkey.fill_up()
    yield
    valkey.make_room()


@contextlib.contextmanager
def demoted(valkey, address, folder):
    """The address does not know yet who is the primary now."""
    with promoted(valkey, folder) as other:
        valkey.copy(other.port)
        yield
        valkey.ask("REPLICAOF", "NO", "ONE")


@contextlib.contextmanager
def failed_over(valkey, address, folder):
    with promoted(valkey, folder) as other:
        valkey.copy(other.port)
        address.turn(other.port)
        yield
        valkey.ask("REPLICAOF", "NO", "ONE")
        address.turn(valkey.port)


@contextlib.contextmanager
def promoted(valkey, folder):
    folder.mkdir()
    other = Server(folder)
    other.start()
    other.copy(valkey.port)
    other.ask("REPLICAOF", "NO", "ONE")
    yield other
    other.kill()


def replaced(name):
    @contextlib.contextmanager
    def by(valkey, address, folder):
        with Stranger(*STRANGERS[name]) as stranger:
            address.turn(stranger.port)
            address.cut()
            yield
        address.turn(valkey.port)
        address.cut()

    return by


FAULTS = {each.__name__: each for each in (killed, out_of_memory, demoted, failed_over)} | {
    f"replaced by {name}": replaced(name) for name in STRANGERS
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_process_computes_once_and_never_raises(name, valkey, address, processes, tmp_path):
    first, second = processes
    assert [first.score("before"), second.score("before")] == ["BEFORE"] * 2
    with FAULTS[name](valkey, address, tmp_path / "other"):
        assert told_at_once(processes, "meanwhile") == Counter({"MEANWHILE": 2 * THREADS * CALLS})
        assert [first.score("before"), second.score("before")] == ["BEFORE"] * 2
    assert all(each.runs["meanwhile"] <= 1 for each in processes)
    assert first.runs["meanwhile"] + second.runs["meanwhile"] >= 1
    assert first.runs["before"] + second.runs["before"] == 1
    assert shared_again(first, second)


def told_at_once(processes, key):
    told, lock = Counter(), threading.Lock()

    def ask(process):
        for _ in range(CALLS):
            answer = process.score(key)
            with lock:
                told[answer] += 1

    threads = [threading.Thread(target=ask, args=(each,)) for each in processes for _ in range(THREADS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return told


def shared_again(first, second):
    """Whether, once the rests are over, one process finds what the other has computed."""
    for number in range(100):
        key = f"after {number}"
        first.score(key), second.score(key)
        if second.runs[key] == 0:
            return True
        time.sleep(0.1)
    return False
