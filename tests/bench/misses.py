"""How often a function runs that 1,000 callers in four processes miss at once."""

import json
import subprocess
import sys
from pathlib import Path

import redis

PROGRAM = Path(__file__).parents[1] / "integration" / "cache" / "computing.py"
PROCESSES, THREADS = 4, 250
TAKES_SECONDS = "0.5"


def runs_of_a_thousand_misses(url: str) -> int:
    """On an empty store. AssertionError when a caller did not get the value."""
    command = [sys.executable, str(PROGRAM), url, str(THREADS), TAKES_SECONDS, json.dumps({"ttl": 60})]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)
    ]
    for each in running:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in running:  # all are ready: they begin together
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    for each in running:
        told, _ = each.communicate(timeout=60)
        assert json.loads(told.splitlines()[-1]) == ["value"] * THREADS
    with redis.Redis.from_url(url) as client:
        return int(client.get("calls") or 0)
