"""GET /api/v1/trends and /api/v1/trends/{address}, by the function's own entry."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import msgspec
import pytest

from brightspot import locations
from brightspot.core.ids import new_id
from brightspot.locations.gazetteer.locate import shared_gazetteer
from brightspot.locations.past import paging, trends
from brightspot_local.dev.events import decoded_path

TRENDS = "/api/v1/trends"
ADDRESS = "Rochester, MN 55901"


@pytest.fixture
def remember(an_analysis):
    """`remember(days_ago=3, overall=85.5)`: an analysis of then."""

    def add(*, days_ago, overall=80.0, safety=70.0, persona="business", address=ADDRESS):
        at = datetime.now(UTC) - timedelta(days=days_ago)
        categories = an_analysis.categories
        changed = msgspec.structs.replace(categories["safety"], score=safety)
        analysis = msgspec.structs.replace(
            an_analysis,
            id=new_id(at),
            address=address,
            persona=persona,
            created_at=at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            overall_score=overall,
            categories={**categories, "safety": changed},
        )
        locations.history().record(analysis, shared_gazetteer().locate(address).normal_form)
        return analysis

    return add


def ask(call, query=None, path=f"{TRENDS}/{ADDRESS}"):
    return call("history", "GET", decoded_path(path), query=urlencode(query or {}))


def scores(answer):
    return [each["score"] for each in answer.json["trends"]]


def test_the_scores_of_the_last_thirty_days_come_oldest_first(call, remember):
    written = [remember(days_ago=ago, overall=85.5 - ago) for ago in (1, 8, 15, 29, 31)]
    answer = ask(call)
    assert answer.status == 200
    body = answer.json
    assert (body["address"], body["metric"], body["days"], body["data_points"]) == (ADDRESS, "overall", 30, 4)
    assert body["trends"] == [
        {"date": each.created_at, "score": each.overall_score, "metric": "overall"} for each in reversed(written[:4])
    ]
    assert (body["persona"], body["left_out"], body["truncated"], body["retention_days"]) == (None, 0, False, 90)


def test_a_steady_rise_is_told_per_day_in_points_and_in_percent(call, remember):
    for ago in range(20, -1, -5):
        remember(days_ago=ago, overall=80 - ago / 2)
    body = ask(call).json
    assert body["slope"] == body["robust_slope"] == pytest.approx(0.5, abs=1e-4)
    assert body["change"] == pytest.approx(10, abs=1e-6)
    assert body["change_percent"] == pytest.approx(100 / 7, abs=1e-4)


def test_one_odd_analysis_moves_the_slope_and_not_the_robust_one(call, remember):
    for ago in range(10, 0, -1):
        remember(days_ago=ago, overall=80 - ago)
    remember(days_ago=0, overall=0)
    body = ask(call).json
    assert body["robust_slope"] == pytest.approx(1.0, abs=1e-3)
    assert body["slope"] < 0


@pytest.mark.parametrize("metric", locations.TREND_METRICS)
def test_each_score_has_its_trend(call, remember, metric):
    analysis = remember(days_ago=2)
    expected = analysis.overall_score if metric == "overall" else analysis.categories[metric].score
    answer = ask(call, {"metric": metric})
    assert answer.status == 200
    assert scores(answer) == ([] if expected is None else [expected])
    assert answer.json["left_out"] == (expected is None)


def test_null_scores_and_failed_analyses_are_left_out_and_counted(call, remember):
    remember(days_ago=3, safety=None)
    remember(days_ago=2, safety=60.0)
    place = shared_gazetteer().locate(ADDRESS)
    at = datetime.now(UTC)
    locations.history().record_failed(
        locations.FailedAnalysis(new_id(at), ADDRESS, place, "business", at, 0.1, "ValueError")
    )
    body = ask(call, {"metric": "safety"}).json
    assert (body["data_points"], body["left_out"]) == (1, 2)
    assert [body[name] for name in ("slope", "robust_slope", "change", "change_percent")] == [None] * 4


def test_a_place_without_analyses_has_an_empty_trend(call):
    body = ask(call).json
    assert (body["data_points"], body["trends"], body["slope"], body["left_out"]) == (0, [], None, 0)


def test_days_say_how_far_back(call, remember):
    for ago in (0.5, 1.5, 40, 80):
        remember(days_ago=ago, overall=ago)
    assert scores(ask(call, {"days": 1})) == [0.5]
    assert scores(ask(call, {"days": 60})) == [40, 1.5, 0.5]
    assert scores(ask(call, {"days": 3650})) == [80, 40, 1.5, 0.5]


def test_one_persona(call, remember):
    remember(days_ago=2, overall=10)
    remember(days_ago=1, overall=20, persona="custom")
    answer = ask(call, {"persona": "custom"})
    assert (scores(answer), answer.json["persona"]) == ([20], "custom")


@pytest.mark.parametrize(
    "spelling", ["rochester%2C%20mn%2055901", "ROCHESTER%20%20MN%20%2055901", "Rochester%2FMN%2055901"]
)
def test_the_address_may_be_spelled_in_any_way_and_stand_in_the_query(call, remember, spelling):
    remember(days_ago=1, overall=42)
    remember(days_ago=1, overall=7, address="Duluth, MN 55802")
    assert scores(ask(call, path=f"{TRENDS}/{spelling}")) == [42]
    asked = decoded_path(f"/{spelling}")[1:]
    answer = ask(call, {"address": asked}, path=TRENDS)
    assert (scores(answer), answer.json["address"]) == ([42], asked)


def test_the_newest_are_looked_at_when_there_are_too_many_and_that_is_told(call, remember, monkeypatch):
    for module in (paging, trends):
        monkeypatch.setattr(module, "MOST_READ", 5)
    for ago in range(8):
        remember(days_ago=ago, overall=ago)
    answer = ask(call)
    assert (scores(answer), answer.json["truncated"]) == ([4, 3, 2, 1, 0], True)
    assert ask(call, {"days": 4}).json["truncated"] is False


@pytest.mark.parametrize(
    ("query", "field", "told"),
    [
        ({"metric": "noise"}, "metric", "send one of overall, demographics"),
        ({"days": 0}, "days", "1"),
        ({"days": 3651}, "days", "3650"),
        ({"days": "many"}, "days", "integer"),
        ({"persona": "nobody"}, "persona", "send one of business"),
        ({"limit": 10}, "limit", "leave it out"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_to_send(call, query, field, told):
    for answer in (ask(call, query), ask(call, {"address": ADDRESS, **query}, path=TRENDS)):
        assert answer.status == 422
        assert answer.headers["content-type"] == "application/problem+json"
        (error,) = answer.json["errors"]
        assert error["field"] == field
        assert told in error["message"]


def test_without_an_address_it_is_asked_for(call):
    answer = ask(call, path=TRENDS)
    assert (answer.status, answer.json["errors"]) == (422, [{"field": "address", "message": "send it"}])


def test_an_address_that_names_no_place_is_refused(call):
    answer = ask(call, path=f"{TRENDS}/Atlantis,%20MN")
    assert (answer.status, answer.json["error"]) == (422, "Address not found")
