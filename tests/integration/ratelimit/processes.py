"""Several instances that ask at the same moment."""

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

INSTANCE = Path(__file__).with_name("instance.py")


def passed_of(url, algorithm, count, *, processes, calls, cluster=False):
    """How many calls pass of `calls` threads in each of so many processes, all told to start at once."""
    words = [url, algorithm, "cluster" if cluster else "alone", str(count), str(calls)]
    with ExitStack() as running:
        started = [
            running.enter_context(
                subprocess.Popen(
                    [sys.executable, str(INSTANCE), *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
                )
            )
            for _ in range(processes)
        ]
        assert [each.stdout.readline() for each in started] == ["ready\n"] * processes
        for each in started:
            each.stdin.write("go\n")
            each.stdin.flush()
        return sum(int(each.stdout.readline()) for each in started)
