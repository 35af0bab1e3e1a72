"""How long messages and scheduled tasks take, and what comes of them."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from brightspot.telemetry import TASK_SECONDS, observe


@contextmanager
def timed(task: str) -> Iterator[None]:
    """Measure one run of a task; what it raises is raised."""
    started, outcome = time.perf_counter(), "failed"
    try:
        yield
        outcome = "done"
    finally:
        observe(TASK_SECONDS, time.perf_counter() - started, task=task, outcome=outcome)
