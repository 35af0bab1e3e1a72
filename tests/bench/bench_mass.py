"""`make bench`: what one address of a mass run takes, over a random thousand of all ZIPs; docs/bulk.md counts with it.

CPU time of this process, with which a function of one vCPU pays when nothing is waited for; S3 is left out.
"""

import logging
import statistics
import time
from itertools import batched
from random import Random

from brightspot.core.clock import SystemClock
from brightspot.locations.analysis_service import service
from brightspot.locations.dataset.file import shared_dataset
from brightspot.locations.mass.batch import BatchScorer
from brightspot.locations.mass.shapes import Batch, Detail, Question, Row, Run
from brightspot.resilience import Deadline

BATCH = 100
BATCHES = 10
TARGET_MS = 15.0


class Nowhere:
    """A bucket that counts what is put into it."""

    size = 0

    def put(self, _: str, body: bytes, __: str) -> None:
        self.size += len(body)


def addresses(count: int) -> list[str]:
    """Cities with their ZIPs, each once, the same in every run; those that cannot be located stay among them."""
    zips = shared_dataset().rows("SELECT city, state, zip FROM zips ORDER BY zip")
    return [f"{city}, {state} {code:05}" for city, state, code in Random(7).sample(zips, count)]


def measured(detail: Detail) -> tuple[list[float], float]:
    """Milliseconds of CPU per address of each batch but the first, which warms up; and bytes per address."""
    bucket, run = Nowhere(), Run("bench", "2026-11-28T12:00:00Z", Question(3.0, "business", None, detail, False))
    scorer = BatchScorer(service(), bucket)  # type: ignore[arg-type]  # put() is all that it calls
    rows = [Row(number, address) for number, address in enumerate(addresses(BATCH * (BATCHES + 1)))]
    times = []
    for batch in batched(rows, BATCH, strict=True):
        started = time.process_time()
        scorer.score(Batch([*batch], run), Deadline.after(SystemClock(), 60))
        times.append((time.process_time() - started) * 1000 / BATCH)
    return times[1:], bucket.size / len(rows)


def main() -> int:
    """Print the table; 1 when the target is missed."""
    logging.disable(logging.INFO)
    missed = False
    print(f"{'a mass run, each address':40} {'p50 ms':>8} {'max ms':>8} {'target':>8} {'bytes':>8}")
    for detail in ("scores", "whole"):
        times, size = measured(detail)
        middle = statistics.median(times)
        missed |= middle > TARGET_MS
        verdict = "met" if middle <= TARGET_MS else "MISSED"
        print(f"{detail:40} {middle:8.2f} {max(times):8.2f} {TARGET_MS:8.0f} {size:8.0f}  {verdict}")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
