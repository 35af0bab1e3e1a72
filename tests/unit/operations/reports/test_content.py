"""What a report says of the figures of hours: sums, gaps, changes, forecasts, and what it cannot say."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.operations.reports.period import Period
from tests.unit.operations.reports.made import NOW, YESTERDAY, figures, hours_of, last_season, report


def whys(made):
    return {each.what: each.reason for each in made.unknown}


def test_totals_are_those_of_the_hours_together():
    made = report()
    told = made.figures
    assert made.id == "2026-11-27T00-024h"
    assert (told.performance.requests, told.performance.error_rate, told.availability) == (240, 0, 1)
    assert told.overall.count == 240
    assert told.overall.p95_ms == pytest.approx(200, rel=0.01)
    assert told.cache_hit_rate == 0.75
    assert (told.analyses.total_analyses, told.analyses.average_score) == (24, 61.5)
    assert (told.checks["cache"].checks, told.healthy_share) == (1440, pytest.approx(59 / 60, abs=1e-4))
    assert (told.security.score_when_made, told.security.suspicious_inputs) == (88, 48)
    assert told.security.signals == {"unknown_route": 96}
    assert told.upstream["geocoder"].calls == {"live": 120}
    assert told.cost_drivers["function_seconds"].amount == pytest.approx(48)
    assert told.cost_drivers["live_calls"].per_thousand_requests == 500
    assert made.unknown == []


def test_errors_are_answers_of_the_server_alone():
    made = report(hours=hours_of(YESTERDAY, requests=10, errors=1))
    assert made.figures.performance.error_rate == made.figures.performance.statuses["500"] / 240 == 0.1
    assert made.figures.availability == 0.9
    assert [each.errors for each in made.hours] == [1] * 24


@given(st.sets(st.integers(0, 23)))
def test_an_hour_without_figures_is_a_gap_and_never_a_zero(missing):
    gone = {YESTERDAY.first + each for each in missing}
    made = report(hours={hour: each for hour, each in hours_of(YESTERDAY).items() if hour not in gone})
    assert len(made.hours) == 24
    assert [number for number, each in enumerate(made.hours) if each.requests is None] == sorted(missing)
    assert made.period.known_hours == 24 - len(missing)
    if len(missing) == 24:
        assert made.figures is None
    else:
        assert made.figures.performance.requests == 10 * (24 - len(missing))
        assert made.comparisons["requests_per_hour"].now == 10
    assert (f"{len(missing)} of 24 hours" in whys(made)) == bool(missing)


def test_gaps_are_told_with_their_times():
    hours = hours_of(YESTERDAY)
    for each in (3, 4, 23):
        del hours[YESTERDAY.first + each]
    why = whys(report(hours=hours))["3 of 24 hours"]
    assert "2026-11-27 03:00 to 2026-11-27 05:00, 2026-11-27 23:00 to 2026-11-28 00:00" in why


def test_only_the_first_five_gaps_are_told_one_by_one():
    hours = {YESTERDAY.first + each: figures() for each in range(0, 24, 2)}
    assert whys(report(hours=hours))["12 of 24 hours"].count(" to ") == 5
    assert "and 7 more stretches" in whys(report(hours=hours))["12 of 24 hours"]


def test_an_hour_in_which_nobody_asked_is_known_and_a_zero():
    made = report(hours=hours_of(YESTERDAY, requests=0))
    assert [(each.requests, each.p95_ms) for each in made.hours] == [(0, None)] * 24
    assert made.figures.availability is None
    assert made.period.known_hours == 24
    assert whys(made)["latency and availability"] == "no request was answered in the known hours"


def test_a_change_is_the_share_of_what_was_before():
    hours = hours_of(YESTERDAY.before, requests=10) | hours_of(YESTERDAY, requests=15, seconds=0.1)
    compared = report(hours=hours).comparisons
    assert (compared["requests_per_hour"].now, compared["requests_per_hour"].before) == (15, 10)
    assert compared["requests_per_hour"].change == 0.5
    assert compared["p95_ms"].change == pytest.approx(-0.5, abs=0.02)
    assert compared["availability"].change == 0


@pytest.mark.parametrize(("known", "told"), [(24, True), (22, True), (21, False), (0, False)])
def test_a_change_is_told_only_when_nine_in_ten_hours_are_known_on_both_sides(known, told):
    before = {YESTERDAY.before.first + each: figures() for each in range(known)}
    made = report(hours=before | hours_of(YESTERDAY))
    assert (made.comparisons["requests_per_hour"].change is not None) == told
    assert made.comparisons["requests_per_hour"].before == (10 if known else None)
    assert ({"what changed", "some of what changed"} & whys(made).keys() == set()) == (known == 24)


def test_without_any_figures_everything_is_unknown_with_its_reason():
    made = report(hours={}, security=(None, "there is no shared store"))
    assert made.figures is None
    assert {each.now for each in made.comparisons.values()} == {None}
    assert [each.steps for each in made.forecasts] == [[], []]
    assert whys(made).keys() == {
        "24 of 24 hours",
        "what changed",
        "requests of the next hours",
        "requests of the next days",
    }


def test_why_there_is_no_security_score_is_told():
    made = report(security=(None, "there is no shared store"))
    assert made.figures.security.score_when_made is None
    assert whys(made)["security score"] == "there is no shared store"


def test_the_next_day_and_week_are_foretold_with_intervals_and_the_error_of_the_past():
    by_hour, by_day = report().forecasts
    assert (by_hour.unit, len(by_hour.steps), by_hour.history) == ("hour", 24, 15 * 24)
    assert by_hour.steps[0].at == YESTERDAY.end
    assert [by_hour.steps[0].low, by_hour.steps[0].expected, by_hour.steps[0].high] == [8, 10, 12]
    assert (by_day.unit, len(by_day.steps), by_day.history) == ("day", 7, 15)
    assert [each.at for each in by_day.steps] == [YESTERDAY.end + timedelta(days=each) for each in range(7)]
    assert by_day.steps[0].expected == 240
    assert (by_day.level, by_day.method) == (0.8, "seasonal naive")
    tested = by_day.backtest
    assert (tested.folds, tested.mae, tested.mape, tested.coverage) == (5, 1.25, 0.125, 0.75)


def test_a_forecast_knows_only_what_came_since_the_last_gap():
    told = []

    def forecaster(values, steps, *, season=None, level=0.8):
        told.append(list(values))
        return last_season(values, steps, season=season, level=level)

    hours = hours_of(YESTERDAY, back=14 * 24)
    del hours[YESTERDAY.last - 100]
    report(hours=hours, forecaster=forecaster)
    assert [len(each) for each in told] == [100, 4]
    assert told[1] == [240] * 4


def test_with_too_little_history_nothing_is_foretold_and_why_is_told():
    by_hour, by_day = report(hours=hours_of(Period(YESTERDAY.last - 9, 10))).forecasts
    assert (by_hour.steps, by_hour.history, by_hour.backtest) == ([], 10, None)
    assert "only 10 hours are known without a gap" in by_hour.reason
    assert "only 0 days" in by_day.reason


def test_requests_are_never_foretold_below_zero():
    def pessimist(values, steps, *, season=None, level=0.8):
        told = last_season(values, steps, season=season, level=level)
        for each in told.points:
            each.low = -5.0
        return told

    assert {each.low for made in report(forecaster=pessimist).forecasts for each in made.steps} == {0}


def test_it_is_about_its_period_whatever_the_moment():
    late = datetime(2026, 12, 24, tzinfo=UTC)
    assert report(now=late).hours == report(now=NOW).hours
    assert report(now=late).made_at == late
