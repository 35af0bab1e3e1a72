"""What counts for an objective: users' requests, in whatever way they were answered, and nothing that watches."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.core.errors import SettingsError
from brightspot.core.settings import load
from brightspot.operations.burn import Tally, burn_rate, burning
from brightspot.operations.objectives import (
    ANALYSING,
    ANALYSIS_LATENCY,
    AVAILABILITY,
    ERRORS,
    LATENCY,
    SPEEDS,
    UNROUTED,
    WATCHING,
    Match,
    SlaSettings,
    objectives_of,
)
from brightspot.telemetry import Figures
from brightspot_local.dev.template import load as load_template
from brightspot_local.dev.template import routes
from tests.unit.operations.traffic import ANALYZE, FAST, ROUTE, SLOW, analyses, durations, requests, together

OBJECTIVES = objectives_of(SlaSettings())


def tally(objective: str, *figures: Figures) -> Tally:
    return OBJECTIVES[objective].tally(together(*figures))


def test_the_promises_are_those_that_were_asked_for():
    assert {name: each.target for name, each in OBJECTIVES.items()} == {
        AVAILABILITY: 0.999,
        LATENCY: 0.95,
        ANALYSIS_LATENCY: 0.95,
        ERRORS: 0.99,
    }
    assert (OBJECTIVES[LATENCY].good, OBJECTIVES[ANALYSIS_LATENCY].good) == (1.0, 10.0)


def test_mistakes_of_callers_are_answers_and_what_a_limit_refused_does_not_count():
    told = requests({"200": 50, "404": 7, "422": 3, "429": 1000, "500": 2, "503": 1, "0": 1})
    assert tally(AVAILABILITY, told) == Tally(60, 64)


@pytest.mark.parametrize(
    "route",
    [
        "GET /health",
        "GET /api/health/db",
        "GET /api/enterprise/health",
        "GET /api/v2/health/component/{name}",
        "GET /metrics",
        "GET /api/v1/metrics",
        "GET /api/v1/monitoring/performance/summary",
        "GET /api/v1/dashboards/{name}",
        "GET /api/v2/analytics/metrics/stream",
        "GET /info",
        "GET /{path+}",
        "POST /{path+}",
        "none",
    ],
)
def test_who_watches_the_service_or_asks_for_what_there_is_not_is_no_user_of_it(route: str):
    assert tally(AVAILABILITY, requests({"200": 9, "500": 9}, route)) == Tally(0, 0)
    assert tally(LATENCY, durations(FAST, SLOW, route=route)) == Tally(0, 0)


def test_of_the_routes_that_there_are_only_those_that_watch_are_left_out():
    left_out = {each.key for each in routes(load_template()) if re.fullmatch(f"{WATCHING}|{UNROUTED}", each.key)}
    words = ("health", "metrics", "monitoring", "dashboards", "/info", "{path+}")
    assert left_out == {each.key for each in routes(load_template()) if any(word in each.key for word in words)}
    assert {each.key for each in routes(load_template()) if re.fullmatch(ANALYSING, each.key)} == {
        "POST /api/v1/analyze",
        "POST /api/v1/compare",
    }


def test_an_analysis_that_is_not_cached_has_a_promise_of_its_own():
    figures = (
        durations(FAST, SLOW),
        durations(FAST, FAST, route=ANALYZE, served="cached"),
        durations(SLOW, SLOW, 12.0, route=ANALYZE),
    )
    assert tally(LATENCY, *figures) == Tally(3, 4)
    assert tally(ANALYSIS_LATENCY, *figures) == Tally(2, 3)


def test_analyses_of_batches_count_where_no_request_does():
    assert tally(ERRORS, analyses(98, 2)) == Tally(98, 100)
    assert tally(AVAILABILITY, analyses(98, 2)) == Tally(0, 0)


def test_each_route_has_its_part():
    told = together(requests({"200": 5, "500": 1}), requests({"200": 2}, ANALYZE))
    assert OBJECTIVES[AVAILABILITY].by_first_label(told) == {ROUTE: Tally(5, 6), ANALYZE: Tally(2, 2)}


@given(st.floats(0.94, 0.99999), st.integers(1, 500), st.sampled_from(list(SPEEDS.values())))
def test_a_single_bad_event_never_fires_a_rule(target: float, floor: int, rule):
    objective = objectives_of(SlaSettings(availability=target, least_events=floor))[AVAILABILITY]
    least = objective.least_events(rule)
    told = {rule.long: Tally(least - 1, least), rule.short: Tally(0, 1)}
    assert not burning(rule, told, target, least)
    assert least <= max(floor, 2) or burn_rate(Tally(least - 3, least - 2), target) > rule.factor


@given(st.floats(0.94, 0.99999), st.sampled_from(list(SPEEDS.values())))
def test_every_rule_can_fire_whatever_is_promised(target: float, rule):
    assert burn_rate(Tally(0, 1), target) > rule.factor


@pytest.mark.parametrize(("variable", "value"), [("SLA_AVAILABILITY", "0.9"), ("SLA_ERRORS", "0.07")])
def test_a_promise_that_could_not_be_watched_is_refused(variable: str, value: str):
    with pytest.raises(SettingsError, match=variable):
        load(SlaSettings, {variable: value})


@given(st.text(max_size=12))
def test_a_match_and_its_contrary_part_all_values(value: str):
    pattern = "5..|0"
    assert Match("status", "=~", pattern)(value) != Match("status", "!~", pattern)(value)
