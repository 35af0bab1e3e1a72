"""The report on promises over a real store: it goes back further than the store remembers."""

import pytest

from brightspot.operations.health_history import HealthLog, MemoryShelves
from brightspot.operations.objectives import AVAILABILITY, LATENCY
from brightspot.operations.rollups import MemoryShelf, Rollups
from brightspot.operations.sla import sla_report
from brightspot.telemetry import HTTP_REQUESTS, REQUEST_SECONDS, Ledger

ROUTE = "POST /api/v1/search"
HOURS = 50


@pytest.fixture
def figures(valkey, clock):
    """Fifty hours of a hundred requests each, of which five failed and ten were slow in the third hour."""
    ledger = Ledger(valkey, clock)
    rollups = Rollups(MemoryShelf(), ledger, clock)
    for hour in range(HOURS):
        ledger.count((HTTP_REQUESTS.name, ROUTE, "200"), 95 if hour == 3 else 100)
        ledger.count((HTTP_REQUESTS.name, ROUTE, "500"), 5 if hour == 3 else 0)
        for number in range(100):
            slow = hour == 3 and number < 10
            ledger.observe((REQUEST_SECONDS.name, ROUTE, "computed"), 2.0 if slow else 0.05)
        clock.advance(seconds=300)
        ledger.flush()
        rollups.keep()
        clock.advance(seconds=3300)
    ledger.count((HTTP_REQUESTS.name, ROUTE, "200"), 100)
    ledger.flush()
    return rollups


def test_it_adds_up_days_and_hours_and_the_last_minutes(figures, clock):
    told = sla_report(figures.window, HealthLog(MemoryShelves(), clock).history, clock)
    kept = told.objectives[AVAILABILITY].windows
    assert {name: (each.events, each.bad) for name, each in kept.items()} == {
        "5m": (100, 0),
        "30m": (100, 0),
        "1h": (100, 0),
        "6h": (700, 0),
        "3d": (5100, 5),
        "30d": (5100, 5),
    }
    slow = told.objectives[LATENCY].windows["30d"]
    assert (slow.events, slow.bad) == (5000, 10)
    assert (told.at, told.uptime.share) == (clock.now(), None)
