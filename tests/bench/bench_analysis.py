"""`make bench`: how fast one analysis is, each figure beside the target it is held against.

Times are wall-clock milliseconds of this machine, now; compare runs only on one quiet machine.
"""

import json
import statistics
import subprocess
import sys
import time
from random import Random

from brightspot import locations
from brightspot.core.clock import SystemClock
from brightspot.locations.analysis_service import AnalysisService, AnalysisSettings
from brightspot.locations.collectors.embedded import embedded_collectors
from brightspot.locations.dataset.file import Dataset
from brightspot.locations.gazetteer.locate import Gazetteer
from brightspot.locations.past.seam import MemoryHistory
from brightspot.resilience import Breakers, BreakerSettings

ROUNDS = 200
_FIRST = """
import json, time
from brightspot import locations
import brightspot.locations.analysis_service
started = time.perf_counter()
locations.service().analyze(locations.AnalyzeRequest("Rochester, MN 55901"))
print(json.dumps((time.perf_counter() - started) * 1000))
"""


def uncached(address: str, radius_miles: float) -> list[float]:
    """Milliseconds of each of `ROUNDS` analyses, catchments computed anew each time."""
    dataset, clock = Dataset(), SystemClock()
    times = []
    for _ in range(ROUNDS):
        service = AnalysisService(
            dataset=dataset,
            gazetteer=Gazetteer(dataset),
            collectors=embedded_collectors(dataset),
            history=MemoryHistory(),
            breakers=Breakers(None, clock, BreakerSettings(), Random(1)),  # jitter, not secrets
            clock=clock,
            settings=AnalysisSettings(),
        )
        service.analyze(locations.AnalyzeRequest("98101", 0.5))  # reads the ranks; what is timed comes after
        started = time.perf_counter()
        service.analyze(locations.AnalyzeRequest(address, radius_miles))
        times.append((time.perf_counter() - started) * 1000)
    return times


def first_answers(count: int = 15) -> list[float]:
    """Milliseconds from opening the dataset to the first answer, each in a process of its own, imports not counted."""
    return [
        float(json.loads(subprocess.run([sys.executable, "-c", _FIRST], capture_output=True, check=True).stdout))
        for _ in range(count)
    ]


def main() -> int:
    """Print the table; 1 when a target is missed."""
    figures = [
        ("uncached analysis, Rochester, 3 miles", uncached("Rochester, MN 55901", 3.0), 15.0),
        ("uncached analysis, New York, 25 miles", uncached("New York, NY 10001", 25.0), 60.0),
        ("dataset opened and first answer", first_answers(), 40.0),
    ]
    print(f"{'what':40} {'p50 ms':>8} {'p95 ms':>8} {'target':>8}")
    for name, times, target in figures:
        middle, high = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        print(f"{name:40} {middle:8.1f} {high:8.1f} {target:8.0f}  {'met' if middle <= target else 'MISSED'}")
    return 0 if all(statistics.median(times) <= target for _, times, target in figures) else 1


if __name__ == "__main__":
    raise SystemExit(main())
