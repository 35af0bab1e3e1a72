"""Made-up figures of minutes and hours, and who keeps them."""

from datetime import UTC, datetime

from brightspot.telemetry import HTTP_REQUESTS, OPERATION_SECONDS, REQUEST_SECONDS, Figures, Sketch
from brightspot.telemetry.sketch import bucket_of

ROUTE = "POST /api/v1/analyze"
NOW = datetime(2026, 11, 28, 12, 30, 20, tzinfo=UTC)
MINUTE, HOUR = int(NOW.timestamp()) // 60, int(NOW.timestamp()) // 3600


class Clock:
    def __init__(self):
        self.time = NOW

    def now(self):
        return self.time

    def monotonic(self):
        return self.time.timestamp()


def timed(calls, seconds):
    """So many calls that each took so long."""
    return Sketch({bucket_of(seconds): calls}, calls * seconds) if calls else Sketch()


def figures(calls, seconds=0.1, failed=0):
    """One route and one operation, called and failed alike."""
    told = Figures()
    told.counters[HTTP_REQUESTS.name, ROUTE, "200"] = calls - failed
    told.counters[HTTP_REQUESTS.name, ROUTE, "500"] = failed
    told.counters["OperationErrors", "analyze", "ValueError"] = failed
    for series in ((REQUEST_SECONDS.name, ROUTE, "computed"), (OPERATION_SECONDS.name, "analyze")):
        told.sketches[series] = timed(calls, seconds)
    return told


class Kept:
    """The hours that a table would keep."""

    def __init__(self, hours):
        self.kept = hours
        self.asked = None

    def hours(self, first, last):
        self.asked = (first, last)
        return {at: each for at, each in self.kept.items() if first <= at <= last}
