"""Commands that are killed, and what they leave behind."""

import subprocess
import sys

import pytest

SLEEPER = """
import sys, time
from pathlib import Path
from brightspot_local.services import ministack, valkey
with {"valkey": valkey, "ministack": ministack}[sys.argv[1]].running(Path(sys.argv[2])) as service:
    print(service.pid, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def left_behind():
    """`left_behind("valkey", data)`: the process id of a service whose command was killed."""

    def leave(service, data):
        command = [sys.executable, "-c", SLEEPER, service, str(data)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as killed:
            process_id = int(killed.stdout.readline())
            killed.kill()
        return process_id

    return leave
