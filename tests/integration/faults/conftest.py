"""Four environments of the analyze function under load, and what became of their requests."""

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from brightspot_local.paths import FUNCTIONS
from tests.integration.faults.servers import Address, Server

CLIENTS = 4
MOST_LOST_MS = 1200.0  # of 600 in theory (test_valkey.py), for two cores serve four environments


class Load:
    """Four environments in processes of their own; `phase` tells what became of the requests of a while."""

    def __init__(self, environment, kind):
        whole = {**os.environ, "AUTH_REQUIRED": "false", "LOG_LEVEL": "CRITICAL", **environment}
        command = [sys.executable, str(Path(__file__).with_name("client.py")), str(FUNCTIONS / "analyze"), kind]
        self._processes = [
            subprocess.Popen(
                [*command, str(number)],
                env=whole,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
            for number in range(CLIENTS)
        ]
        self.lines = []
        self._readers = [threading.Thread(target=self._read, args=(each,), daemon=True) for each in self._processes]
        for reader in self._readers:
            reader.start()

    def _read(self, process):
        self.lines.extend(json.loads(line) for line in process.stderr)

    def phase(self, seconds):
        started = time.time()
        time.sleep(seconds)
        return [line for line in list(self.lines) if started <= line["at"] <= started + seconds]

    def wait_until_all_serve(self):
        for _ in range(600):
            if len({line["number"] for line in list(self.lines)}) == CLIENTS:
                return
            time.sleep(0.05)
        raise AssertionError(f"the environments did not start: {self.lines[:3]}")

    def stop(self):
        for process in self._processes:
            process.stdin.close()
        for process, reader in zip(self._processes, self._readers, strict=True):
            process.wait(timeout=20)
            reader.join(timeout=20)
            process.stderr.close()


@pytest.fixture(scope="module")
def valkey(tmp_path_factory):
    """One for all tests of a module: who harms it makes it whole again."""
    made = Server(tmp_path_factory.mktemp("valkey"))
    made.start()
    yield made
    made.kill()


@pytest.fixture(scope="module")
def address(valkey):
    """Where the environments of `serving` seek the store."""
    with Address(valkey.port) as made:
        yield made


@pytest.fixture(scope="module")
def usually(address):
    """Four environments that ask never the same again, and what became of their requests while nothing failed."""
    load = Load({"REDIS_URL": address.url}, "uncached")
    load.wait_until_all_serve()
    yield load, load.phase(1.0)
    load.stop()


@pytest.fixture
def recovered(usually, valkey):
    """`recovered()`: the phase in which every answer is kept in the store again."""
    load, _ = usually

    def wait():
        for _ in range(40):
            kept = valkey.answers()
            phase = load.phase(0.3)
            if len({line["number"] for line in phase}) == CLIENTS <= len(phase) <= valkey.answers() - kept + CLIENTS:
                return phase
        raise AssertionError("answers are still not kept")

    return wait


@pytest.fixture
def serving(usually, recovered):
    """Them, once all use the store again."""
    recovered()
    return usually[0]


@pytest.fixture
def before(usually):
    return usually[1]


@pytest.fixture
def load():
    """`load(environment, kind)`: kind is `cached` (few questions) or `uncached` (never the same one again)."""
    running = []

    def start(environment, kind="cached"):
        running.append(Load(environment, kind))
        running[-1].wait_until_all_serve()
        return running[-1]

    yield start
    for each in running:
        each.stop()


@pytest.fixture
def held_up():
    """Asserts that no request of a phase failed, and tells what the fault cost."""

    def check(name, before, during, most_ms=MOST_LOST_MS):
        assert len(during) >= CLIENTS
        assert {line["status"] for line in during} == {200}
        typical, most = (statistics.median(line["ms"] for line in during), max(line["ms"] for line in during))
        usual = statistics.median(line["ms"] for line in before)
        print(f"\n{name}: {len(during)} requests, 0 failed, median {typical:.1f} ms ({usual:.1f}), most {most:.0f} ms")
        assert most - usual < most_ms

    return check
