"""Requests minute by minute, and what was measured of them when a month has gone so far."""

from collections.abc import Sequence
from itertools import accumulate

from brightspot.telemetry import ANALYSES, HTTP_REQUESTS, REQUEST_SECONDS, Figures, Sketch

ROUTE = "POST /api/v1/search"
ANALYZE = "POST /api/v1/analyze"
FAST, SLOW = 0.02, 3.0


class Traffic:
    """`good` and `bad` requests by minute; those of the minutes before `now` were measured."""

    def __init__(self, good: Sequence[int], bad: Sequence[int]) -> None:
        self._good = [0, *accumulate(good)]
        self._bad = [0, *accumulate(bad)]
        self.now = len(good)

    def __call__(self, minutes: int) -> Figures:
        first = max(0, self.now - minutes)
        good, bad = (told[self.now] - told[first] for told in (self._good, self._bad))
        return requests({"200": good, "500": bad})


def requests(statuses: dict[str, int], route: str = ROUTE) -> Figures:
    return Figures(counters={(HTTP_REQUESTS.name, route, status): n for status, n in statuses.items() if n})


def durations(*seconds: float, route: str = ROUTE, served: str = "computed") -> Figures:
    sketch = Sketch()
    for each in seconds:
        sketch.add(each)
    return Figures(sketches={(REQUEST_SECONDS.name, route, served): sketch})


def analyses(completed: int, failed: int) -> Figures:
    outcomes = {"completed": completed, "failed": failed}
    return Figures(counters={(ANALYSES.name, outcome): n for outcome, n in outcomes.items()})


def together(*several: Figures) -> Figures:
    added = Figures()
    for each in several:
        added.merge(each)
    return added
