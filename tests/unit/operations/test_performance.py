"""The summary of performance: what is unusual, what is coming and what memory it takes, with reasons where unknown."""

from datetime import timedelta

import pytest

from brightspot.operations.performance import performance_summary
from brightspot.store import TableUnavailable
from brightspot.telemetry import HTTP_REQUESTS, MEMORY_LIMIT, REQUEST_SECONDS, RESIDENT_MEMORY, Ledger
from tests.unit.operations.hours import HOUR, NOW, ROUTE, Clock, Kept, figures

MEBIBYTE = 2**20


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def ledger(clock):
    return Ledger(None, clock)


def called(ledger, clock, minutes, calls=20, seconds=0.1):
    """So many minutes of calls, up to the one that runs."""
    for ago in range(minutes, 0, -1):
        clock.time = NOW - timedelta(minutes=ago)
        for _ in range(calls):
            ledger.count((HTTP_REQUESTS.name, ROUTE, "200"), 1)
            ledger.observe((REQUEST_SECONDS.name, ROUTE, "computed"), seconds(ago) if callable(seconds) else seconds)
        ledger.minutes((), 0, 0)  # a reader has a process tell what it owes
    clock.time = NOW


def test_a_young_process_says_what_it_cannot_judge(ledger, clock):
    called(ledger, clock, 10)
    told = performance_summary(15, ledger)
    assert (told.anomalies, told.capacity) == ([], None)
    assert told.capacity_unknown == "needs 96 h of hourly figures without a gap, has 0"
    assert (told.anomalies_judged.values, told.anomalies_judged.by_chance) == (0, 0)
    assert told.anomalies_judged.not_judged == [
        "needs 30 minutes of figures, has 9",  # without the one whose figures may still come
        "needs 96 hours of figures, has 0",
    ]


def test_a_slow_minute_is_unusual_and_the_running_one_is_not_judged(ledger, clock):
    called(ledger, clock, 60, seconds=lambda ago: 0.9 if ago == 5 else 0.1)
    told = performance_summary(15, ledger)
    (found,) = told.anomalies
    assert (found.subject, found.measure, found.first) == (f"route {ROUTE}", "p95_ms", "2026-11-28T12:25Z")
    assert told.anomalies_judged.values == 15 * 3
    assert told.anomalies_judged.by_chance == pytest.approx(0.0045, abs=0.0006)


def test_when_calls_cease_that_is_seen(ledger, clock):
    called(ledger, clock, 60)
    clock.time = NOW + timedelta(minutes=6)
    (found,) = performance_summary(15, ledger).anomalies
    assert (found.measure, found.direction, found.first, found.last) == (
        "calls", "low", "2026-11-28T12:30Z", "2026-11-28T12:34Z",
    )  # fmt: skip


def test_a_history_of_hours_is_judged_and_carried_on(ledger):
    history = Kept({HOUR - ago: figures(300 + ago % 24, 0.9 if ago == 3 else 0.1) for ago in range(1, 14 * 24 + 1)})
    told = performance_summary(15, ledger, history)
    assert history.asked == (HOUR - 14 * 24, HOUR - 1)
    assert {each.subject for each in told.anomalies} == {f"route {ROUTE}", "operation analyze"}
    assert {(each.unit, each.first) for each in told.anomalies} == {("hour", "2026-11-28T09:00Z")}
    assert told.anomalies_judged.not_judged == ["needs 30 minutes of figures, has 0"]
    assert (told.capacity.history_hours, told.capacity_unknown) == (14 * 24, None)


def test_a_table_that_is_away_is_the_reason_for_what_is_unknown(ledger, caplog):
    class Away:
        def hours(self, first, last):
            raise TableUnavailable("figures")

    told = performance_summary(15, ledger, Away())
    assert told.capacity_unknown == "the table of hourly figures is away"
    assert "the table of hourly figures is away" in told.anomalies_judged.not_judged
    assert [each.message for each in caplog.records] == ["figures_unavailable"]


def test_memory_is_told_by_function_and_advised_about_when_it_is_near_the_limit(ledger):
    for function, held in (("analyze", (300, 480)), ("local", (90,))):
        for each in held:
            ledger.observe((RESIDENT_MEMORY.name, function), each * MEBIBYTE, parts=1)
    ledger.note((MEMORY_LIMIT.name, "analyze"), 512 * MEBIBYTE)
    told = performance_summary(15, ledger)
    near, free = told.memory["analyze"], told.memory["local"]
    assert (near.most_mb, near.p50_mb, near.limit_mb) == (
        pytest.approx(480, rel=0.011),
        pytest.approx(300, rel=0.011),
        512,
    )
    assert near.share == pytest.approx(480 / 512, rel=0.011)
    assert (free.limit_mb, free.share) == (None, None)
    assert [each.partition(":")[0] for each in told.recommendations] == ["function analyze"]
