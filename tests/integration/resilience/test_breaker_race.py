"""Processes that race for the trial calls of half-open breakers on one real server."""

import json
import subprocess
import sys
import time
from random import Random

from brightspot.core.clock import SystemClock
from brightspot.resilience import Breakers, BreakerSettings
from tests.integration.resilience.steps import report

RACER = """
import json, sys, time
from random import SystemRandom
from brightspot.core.clock import SystemClock
from brightspot.resilience import Breakers, BreakerSettings, CircuitOpenError
from brightspot.valkey import ValkeySettings, connect
url, trials, names, tries = sys.argv[1], int(sys.argv[2]), sys.argv[3].split(), int(sys.argv[4])
store = connect(ValkeySettings(url=url, connect_ms=10000, read_ms=10000), SystemClock())
rules = BreakerSettings(timeout_ms=1, trial_calls=trials, lease_ms=600000)
breakers = Breakers(store, SystemClock(), rules, SystemRandom())
store.call("PING")
print("ready", flush=True)
sys.stdin.readline()
won = dict.fromkeys(names, 0)
for _ in range(tries):
    for name in names:
        try:
            breakers.admit(name)
            won[name] += 1
        except CircuitOpenError:
            pass
print(json.dumps(won))
"""
TRIALS, PROCESSES = 3, 4


def test_of_many_processes_exactly_as_many_calls_pass_half_open_as_are_set(valkey, valkey_url):
    names = [f"race{number}" for number in range(10)]
    breakers = Breakers(valkey, SystemClock(), BreakerSettings(timeout_ms=1, trial_calls=TRIALS), Random(7))
    for name in names:
        report(breakers, "failed", 5, name)
    time.sleep(0.01)  # by the server's clock they are half open from here on
    command = [sys.executable, "-c", RACER, valkey_url, str(TRIALS), " ".join(names), "20"]
    racers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)
    ]
    assert [racer.stdout.readline() for racer in racers] == ["ready\n"] * PROCESSES
    for racer in racers:
        racer.stdin.write("go\n")
        racer.stdin.flush()
    won = [json.loads(racer.communicate(timeout=60)[0]) for racer in racers]
    assert {name: sum(each[name] for each in won) for name in names} == dict.fromkeys(names, TRIALS)
