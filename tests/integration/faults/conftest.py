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
from tests.integration.faults.servers import Server

CLIENTS = 4
MOST_LOST_MS = 5000.0  # generous: two cores serve four environments; the medians say what a fault really costs


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


@pytest.fixture
def server(tmp_path):
    made = Server(tmp_path)
    made.start()
    yield made
    made.kill()


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

    def check(name, before, during):
        assert len(during) >= CLIENTS
        assert {line["status"] for line in during} == {200}
        typical, most = (statistics.median(line["ms"] for line in during), max(line["ms"] for line in during))
        usual = statistics.median(line["ms"] for line in before)
        print(f"\n{name}: {len(during)} requests, 0 failed, median {typical:.1f} ms ({usual:.1f}), most {most:.0f} ms")
        assert most < MOST_LOST_MS

    return check
