"""`make bench`: how fast a search over all ZIPs and a comparison are, each figure beside the target it is held against.

Times are wall-clock milliseconds of this machine, now; compare runs only on one quiet machine.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from brightspot import locations
from brightspot.core.clock import SystemClock
from brightspot.locations import CompareRequest, Near, SearchRequest, ValueRange
from brightspot.resilience import Deadline

ROUNDS = 30
TARGET = 300.0
_ALL = "all of the US"
# A process that has imported what a search needs: its first answer, and by how much its memory grew.
_FIRST = """
import json, resource, sys, time
from brightspot.locations import SearchRequest, search_zips
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
started = time.perf_counter()
search_zips(SearchRequest(**json.loads(sys.argv[1])))
took = (time.perf_counter() - started) * 1000
print(json.dumps([took, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024]))
"""
_FILTERS = {
    "population": ValueRange(least=10_000),
    "median_household_income": ValueRange(60_000, 150_000),
    "county_jobs_growth": ValueRange(least=0),
    "childcare_workers": ValueRange(most=5_000),
    "safety": ValueRange(least=50),
}
SITES = ("55901", "55101", "55802", "10001", "60629", "94027", "38751", "58844", "84097", "79255")


def timed(ask: Callable[[], object]) -> list[float]:
    """Milliseconds of each of `ROUNDS` answers after a first one."""
    ask()
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        ask()
        times.append((time.perf_counter() - started) * 1000)
    return times


def searched(**asked: object) -> list[float]:
    return timed(lambda: locations.search_zips(SearchRequest(**asked)))  # type: ignore[arg-type]


def first_answers(asked: dict[str, object], count: int = 9) -> tuple[list[float], list[float]]:
    """Milliseconds and megabytes of the first search of processes, imports not counted."""
    command = [sys.executable, "-c", _FIRST, json.dumps(asked)]
    runs = [json.loads(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(count)]
    return [took for took, _ in runs], [grown for _, grown in runs]


def compared() -> list[float]:
    """Ten sites by weights that no round before had, so that none comes from the cache."""
    numbers = iter(range(1, 1000))

    def ask() -> object:
        asked = CompareRequest(SITES, weights={"safety": next(numbers), "demographics": 500, "economic": 300})
        return locations.compare_sites(asked, Deadline.after(SystemClock(), 60))

    return timed(ask)


def main() -> int:
    """Print the tables; 1 when a target is missed."""
    cold, grown = first_answers({"state": "MN"})
    cold_all, grown_all = first_answers({})
    figures = [
        ("ten best of Minnesota", searched(state="MN"), TARGET),
        (f"ten best of {_ALL}", searched(), TARGET),
        (f"a hundred best of {_ALL}", searched(limit=100), TARGET),
        (f"ten best of {_ALL}, five filters", searched(filters=_FILTERS), TARGET),
        ("ten best within 250 miles of New York", searched(near=Near("10001", 250)), TARGET),
        ("ten best of Minnesota, first answer", cold, TARGET),
        (f"ten best of {_ALL}, first answer", cold_all, TARGET),
        ("ten sites compared, none from the cache", compared(), TARGET),
    ]
    print(f"{'what':46} {'p50 ms':>8} {'p95 ms':>8} {'target':>8}")
    for name, times, target in figures:
        middle, high = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        print(f"{name:46} {middle:8.1f} {high:8.1f} {target:8.0f}  {'met' if middle <= target else 'MISSED'}")
    print(f"memory that a first search takes: Minnesota {max(grown):.1f} MB, {_ALL} {max(grown_all):.1f} MB")
    return 0 if all(statistics.median(times) <= target for _, times, target in figures) else 1


if __name__ == "__main__":
    raise SystemExit(main())
