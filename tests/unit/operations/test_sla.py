"""The report of a month says how each promise is kept; an outage pages at once, and a single failure never."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.operations import encode
from brightspot.operations.burn import BurnRule, Tally, burning
from brightspot.operations.health_history import HealthHistory, HealthPoint
from brightspot.operations.objectives import AVAILABILITY, ERRORS, LATENCY, SPEEDS
from brightspot.operations.sla import WINDOWS, Promises, SlaReport, sla_report
from brightspot.telemetry import Figures
from tests.conftest import HandClock
from tests.unit.operations.traffic import FAST, ROUTE, SLOW, Traffic, analyses, durations, requests, together

HOUR, DAY, MONTH = 60, 24 * 60, 30 * 24 * 60


def probed(hours: int, points: int = 0, availability: float | None = None) -> HealthHistory:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return HealthHistory(hours, "hour", [HealthPoint(at, "healthy", 1.0, points, [], {})], availability, {})


def report(measured, history=None) -> SlaReport:
    return sla_report(measured, lambda hours: history or probed(hours), HandClock())


def busy(minutes: int = MONTH, per_minute: int = 100) -> list[int]:
    return [per_minute] * minutes


def is_burning(objective: str, rule: BurnRule, traffic: Traffic) -> bool | None:
    promises = Promises(traffic)
    told = promises.tallies(objective, (rule.long, rule.short))
    return burning(rule, told, promises.target(objective), promises.least_events(objective, rule))


def first_fired(traffic: Traffic, speed: str, start: int, end: int, step: int = 1) -> int | None:
    """After how many minutes from `start` on a rule fires."""
    for traffic.now in range(start + step, end + 1, step):
        if is_burning(AVAILABILITY, SPEEDS[speed], traffic):
            return traffic.now - start
    return None


# --- A month of traffic ---------------------------------------------------------------------------------------


def outage(share: float, start: int, minutes: int) -> Traffic:
    failing = [round(100 * share) if start <= each < start + minutes else 0 for each in range(MONTH)]
    return Traffic([100 - each for each in failing], failing)


# 14.4 times the budget of 0.1 % over an hour is 1.44 %: so many minutes of the hour must have failed so badly.
@pytest.mark.parametrize(
    ("share", "speed", "expected"),
    [
        (1.0, "fast", 1),
        (0.5, "fast", 2),
        (0.1, "fast", 9),
        (0.02, "fast", 44),
        (1.0, "medium", 3),
        (0.1, "medium", 22),
        (1.0, "slow", 5),
        (0.1, "slow", 44),
    ],
)
def test_an_outage_is_told_within_the_minutes_that_its_share_takes(share: float, speed: str, expected: int):
    start = 20 * DAY
    assert first_fired(outage(share, start, 60), speed, start, start + 60) == expected


def test_a_page_ends_soon_after_the_outage_does():
    start = 20 * DAY
    traffic = outage(1.0, start, 30)
    traffic.now = start + 30
    assert is_burning(AVAILABILITY, SPEEDS["fast"], traffic)
    traffic.now = start + 30 + 5  # nothing failed within the short window
    assert not is_burning(AVAILABILITY, SPEEDS["fast"], traffic)


def test_a_slow_leak_is_a_ticket_and_wakes_nobody():
    leak = [each % 5 == 0 for each in range(MONTH)]  # one of 500 requests: twice the budget
    traffic = Traffic(busy(), [int(each) for each in leak])
    assert first_fired(traffic, "slow", 3 * DAY, 4 * DAY, HOUR) == HOUR
    assert first_fired(traffic, "fast", 3 * DAY, 4 * DAY, 7) is None
    assert first_fired(traffic, "medium", 3 * DAY, 4 * DAY, 7) is None


def test_a_leak_that_begins_is_a_ticket_when_a_tenth_of_the_budget_is_gone():
    start = 10 * DAY
    leak = [int(each >= start and each % 5 == 0) for each in range(MONTH)]
    assert first_fired(Traffic(busy(), leak), "slow", start, start + 3 * DAY, HOUR) == 37 * HOUR  # just over half of 72


@pytest.mark.parametrize("speed", SPEEDS)
def test_a_single_failure_at_night_fires_nothing(speed: str):
    start = 5 * DAY
    good = [1 if each % 10 == 0 else 0 for each in range(MONTH)]  # six requests in an hour
    bad = [int(each == start + 3) for each in range(MONTH)]
    assert first_fired(Traffic(good, bad), speed, start, start + 3 * DAY, 5) is None


def test_a_month_without_a_failure_is_met_with_all_of_its_budget():
    told = report(Traffic(busy(), [0] * MONTH)).objectives[AVAILABILITY]
    assert (told.status, told.budget_left, told.burning, told.budget_lasts_hours) == ("met", 1.0, [], None)
    assert told.promise == "99.9 % of requests are not answered by 5xx"
    assert {name: each.events for name, each in told.windows.items()} == {
        name: 100 * int(window.total_seconds()) // 60 for name, window in WINDOWS.items()
    }


def test_an_outage_of_three_quarters_of_an_hour_misses_three_nines():
    start = 20 * DAY
    told = report(outage(1.0, start, 44))  # 43.2 minutes of 30 days may fail
    kept = told.objectives[AVAILABILITY]
    assert kept.status == "missed"
    assert kept.budget_left == pytest.approx(1 - 44 / 43.2, abs=1e-4)
    assert kept.budget_lasts_hours == 0.0
    assert told.recommendations == [
        "availability: 4,400 of 4,320,000 events of 30 days were bad",
        f"availability: look at route {ROUTE}: 4,400 of the 4,400 bad events of the last 30d",
    ]


def test_while_it_burns_the_report_says_how_long_the_budget_lasts():
    leak = [int(each >= MONTH - 6 * HOUR and each % 2) for each in range(MONTH)]  # one of 200 for six hours
    told = report(Traffic(busy(), leak)).objectives[AVAILABILITY]
    rate, left = told.windows["6h"].burn_rate, told.budget_left
    assert rate == pytest.approx(0.5 / 100.5 / 0.001, abs=1e-3)
    assert told.budget_lasts_hours == pytest.approx(left * 720 / rate, abs=0.1)
    assert told.status == "met"  # slower than any rule, and nearly all of the budget is left


def test_a_burning_budget_is_at_risk_and_advice_names_the_route():
    told = report(outage(1.0, MONTH - 10, 10))
    kept = told.objectives[AVAILABILITY]
    assert (kept.status, kept.burning) == ("at_risk", ["fast", "medium", "slow"])
    assert kept.reason == "the error budget burns too fast (fast, medium, slow)"
    assert (
        told.recommendations[1] == f"availability: look at route {ROUTE}: 1,000 of the 1,000 bad events of the last 6h"
    )


# --- The report -----------------------------------------------------------------------------------------------


def test_what_nobody_asked_for_is_unknown_and_no_number_is_made_up():
    told = report(lambda _: Figures())
    for each in told.objectives.values():
        assert each.status == "unknown"
        assert each.reason == "0 events in 30 days; their share is judged from 100 on"
        assert (each.budget_left, each.budget_lasts_hours) == (None, None)
        assert {(window.sli, window.burn_rate) for window in each.windows.values()} == {(None, None)}
    assert told.recommendations == []


def test_each_objective_goes_by_its_own_events():
    figures = together(requests({"200": 1000}), durations(*[FAST] * 900, *[SLOW] * 100), analyses(980, 20))
    told = report(lambda _: figures).objectives
    assert (told[AVAILABILITY].status, told[LATENCY].status, told[ERRORS].status) == ("met", "missed", "missed")
    assert told[LATENCY].windows["30d"].sli == 0.9
    assert told[ERRORS].budget_left == pytest.approx(-1.0)
    assert report(lambda _: figures).recommendations == [
        "latency: 100 of 1,000 events of 30 days were bad",
        f"latency: look at route {ROUTE}: 100 of the 100 bad events of the last 6h",
        "errors: 20 of 1,000 events of 30 days were bad",
    ]


def test_uptime_is_that_of_the_probes_and_says_how_many_there_were():
    told = report(lambda _: Figures(), probed(720, 21_600, 0.9995)).uptime
    assert (told.share, told.probes, told.probed) == (0.9995, 21_600, 0.5)
    assert report(lambda _: Figures()).uptime.share is None


@given(st.integers(100, 10**6), st.integers(0, 10**4))
def test_what_is_left_of_the_budget_is_the_bad_events_that_may_still_come(good: int, bad: int):
    kept = report(lambda _: requests({"200": good, "500": bad})).objectives[AVAILABILITY]
    allowed = (good + bad) / 1000
    assert kept.budget_left == pytest.approx((allowed - bad) / allowed, abs=1e-4)
    assert (kept.status == "missed") == (bad > allowed + 1e-6)


def test_the_report_is_plain_json():
    told = json.loads(encode(report(Traffic(busy(), [0] * MONTH), probed(720, 100, 1.0))))
    assert told["scope"] == "this process"
    assert told["objectives"][AVAILABILITY]["windows"]["1h"] == {"sli": 1.0, "events": 6000, "bad": 0, "burn_rate": 0.0}
    assert told["objectives"][LATENCY]["windows"]["1h"] == {"sli": None, "events": 0, "bad": 0, "burn_rate": None}


def test_the_engine_is_told_the_windows_that_it_asks_for():
    windows = [timedelta(minutes=5), timedelta(hours=1)]
    promises = Promises(Traffic(busy(), [0] * MONTH))
    told = promises.tallies(AVAILABILITY, windows)
    assert told == {windows[0]: Tally(500, 500), windows[1]: Tally(6000, 6000)}
    with pytest.raises(KeyError):
        promises.tallies("luck", windows)
