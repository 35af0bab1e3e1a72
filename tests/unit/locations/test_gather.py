"""One collector that raises or hangs costs only its own points."""

import threading

from brightspot.core.clock import SystemClock
from brightspot.locations.collectors.gather import gather
from brightspot.locations.collectors.seam import Observation, Site
from brightspot.resilience import Deadline


class Fake:
    source = "fake"

    def __init__(self, name, collect):
        self.name = name
        self._collect = collect

    def collect(self, site, deadline):
        return self._collect()


def seen(point):
    return Observation(point, 1.0, 50.0, "unit", "source", "2022", "zip", "observed")


def run(*collectors, seconds=5.0):
    return gather(collectors, Site(None, 3.0), Deadline.after(SystemClock(), seconds))


def test_what_all_collectors_found_is_kept_by_point():
    found = run(Fake("one", lambda: [seen("a")]), Fake("two", lambda: [seen("b"), seen("c")]))
    assert set(found.observations) == {"a", "b", "c"}
    assert found.failures == {}


def test_one_that_raises_loses_its_points_and_says_why(caplog):
    def fail():
        raise OSError("no route to host")

    found = run(Fake("one", fail), Fake("two", lambda: [seen("b")]))
    assert set(found.observations) == {"b"}
    assert found.failures == {"one": "the one collector failed (OSError)"}
    assert [record.message for record in caplog.records] == ["collector_failed"]


def test_one_that_hangs_loses_its_points_when_time_is_up():
    release = threading.Event()
    found = run(Fake("one", release.wait), Fake("two", lambda: [seen("b")]), seconds=0.2)
    release.set()
    assert set(found.observations) == {"b"}
    assert found.failures == {"one": "the one collector did not answer in time"}
    assert found.outcomes["one"].status == "timeout"
