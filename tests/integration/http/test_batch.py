"""Batches without AWS, through the function's Lambda entry: worked off in the process, and what is refused."""

import json
from dataclasses import dataclass, field

import msgspec
import pytest

from brightspot.locations import BatchAnswer, batch_service, service

BATCH = "/api/v1/analyze/batch"
NAMES = ["Rochester, MN 55901", "Atlantis, MN", " rochester  mn 55901", "", "Duluth, MN 55802"]


@dataclass
class Analyses:
    """The addresses that were really analysed; those in `failing` fail."""

    seen: list = field(default_factory=list)
    failing: set = field(default_factory=set)


@pytest.fixture
def analyses(monkeypatch):
    watched, real = Analyses(), service().analyze

    def analyze(request, deadline=None, **options):
        watched.seen.append(request.address)
        if request.address in watched.failing:
            raise RuntimeError("as the test asks")
        return real(request, deadline, **options)

    monkeypatch.setattr(service(), "analyze", analyze)
    return watched


def submit(call, addresses, **more):
    headers = more.pop("headers", None)
    return call("batch", "POST", BATCH, {"addresses": addresses, **more}, headers=headers)


def test_each_place_is_analysed_once_and_each_address_answered_in_order(call, analyses):
    answer = submit(call, NAMES, radius=2.5, persona="parent")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    body = msgspec.json.decode(answer.text, type=BatchAnswer)
    assert (body.total, body.done, body.successful, body.failed, body.status) == (5, 5, 3, 2, "completed")
    assert [each.index for each in body.results] == [0, 2, 4]
    assert [each.location.zip for each in body.results] == ["55901", "55901", "55802"]
    assert {each.radius_miles for each in body.results} == {2.5}
    assert body.results[0].id == body.results[1].id
    assert analyses.seen == ["Rochester, MN 55901", "Duluth, MN 55802"]
    assert [(each.index, each.address, each.field) for each in body.errors] == [
        (1, "Atlantis, MN", "address"), (3, "", "address"),
    ]  # fmt: skip
    assert body.errors[0].error == "Address not found"
    assert body.errors[0].understood == {"city": "Atlantis", "state": "Minnesota (MN)"}
    assert "Send the ZIP" in body.errors[0].reason


def test_what_is_cached_is_analysed_no_more(call, analyses):
    call("analyze", "POST", "/api/v1/analyze", {"address": "55802"})
    submit(call, ["55901"])
    again = submit(call, ["55802", "55901"], headers={"prefer": "respond-async"})
    assert analyses.seen == ["55802", "55901"]
    assert (again.status, [each["cached"] for each in again.json["results"]]) == (200, [True, True])
    assert ("id" in again.json, "preference-applied" in again.headers) == (False, False)
    assert [each["cache_age_seconds"] < 30 for each in again.json["results"]] == [True, True]


def test_a_batch_is_there_to_be_looked_at_again(call):
    batch = submit(call, ["55901", "55802"]).json
    told = call("batch", "GET", f"{BATCH}/{batch['id']}")
    assert (told.status, told.json["results"], told.json["status"]) == (200, batch["results"], "completed")
    assert "retry-after" not in told.headers


@pytest.mark.parametrize("name", ["01M834A9KFZZ1434Y8FPGZG2TE", "nothing", "key%23a"])
def test_a_batch_that_is_not_there_is_404(call, name):
    answer = call("batch", "GET", f"{BATCH}/{name}")
    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")
    assert "kept for 7 days" in answer.json["detail"]


def test_an_analysis_that_fails_is_an_error_and_the_others_are_answered(call, analyses):
    analyses.failing.add("55802")
    body = submit(call, ["55901", "55802", "10001"]).json
    assert [each["index"] for each in body["results"]] == [0, 2]
    (error,) = body["errors"]
    assert (error["index"], error["error"], "RuntimeError" in error["reason"]) == (1, "Analysis failed", True)
    analyses.failing.clear()
    assert submit(call, ["55802"]).json["successful"] == 1


def test_what_there_is_no_time_for_is_an_error(call, monkeypatch):
    answer = call("batch", "POST", BATCH, {"addresses": ["55901"]}, remaining=0.5)
    assert (answer.status, answer.json["errors"][0]["error"]) == (200, "Not answered in time")


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({"addresses": ["55901"] * 51}, "addresses", "send at most 50"),
        ({"addresses": []}, "addresses", "send at least 1"),
        ({}, "addresses", "send it"),
        ({"addresses": ["55901", 55901]}, "addresses.1", "send a string"),
        ({"addresses": "55901"}, "addresses", "Input should be a valid list"),
        ({"addresses": ["55901"], "radius": 99}, "radius", "Input should be less than or equal to 25"),
        ({"addresses": ["55901"], "persona": "nobody"}, "persona", "send one of"),
        ({"addresses": ["55901"], "more": 1}, "more", "unknown field"),
    ],
)
def test_a_request_that_cannot_be_used_is_refused_as_a_whole(call, body, field, message):
    answer = call("batch", "POST", BATCH, body)
    assert (answer.status, answer.headers["content-type"]) == (422, "application/problem+json")
    (error,) = answer.json["errors"]
    assert (error["field"], message in error["message"]) == (field, True)


def test_one_key_is_one_batch_and_only_of_one_request(call, analyses):
    key = {"idempotency-key": "first"}
    first = submit(call, ["55901", "nowhere at all"], headers=key)
    again = submit(call, ["55901", "nowhere at all"], headers=key)
    assert first.json["id"] == again.json["id"]
    assert first.json["results"] == again.json["results"]
    assert analyses.seen == ["55901"]
    other = submit(call, ["55902"], headers=key)
    assert (other.status, other.json["errors"][0]["field"]) == (422, "Idempotency-Key")
    assert submit(call, ["55901"], headers={"idempotency-key": "second"}).json["id"] != first.json["id"]
    refused = submit(call, ["55901"], headers={"idempotency-key": "x" * 256})
    assert (refused.status, "255" in refused.json["detail"]) == (422, True)


def test_a_key_stands_for_a_batch_also_where_all_was_cached(call):
    submit(call, ["55901"])
    key = {"idempotency-key": "cached"}
    assert submit(call, ["55901"], headers=key).json["id"] == submit(call, ["55901"], headers=key).json["id"]


def test_a_large_answer_comes_in_pages(call, monkeypatch):
    monkeypatch.setenv("BATCH_PAGE_BYTES", "60000")
    zips = ["55901", "10001", "55901", "60601", "94103"]
    first = submit(call, zips).json
    assert (first["status"], first["successful"], [each["index"] for each in first["results"]]) == (
        "completed",
        5,
        [0, 1],
    )
    told, cursor = [*first["results"]], first["next_cursor"]
    while cursor is not None:
        page = call("batch", "GET", f"{BATCH}/{first['id']}", query=f"cursor={cursor}")
        told, cursor = [*told, *page.json["results"]], page.json["next_cursor"]
        assert len(page.text) < 70_000
    assert [(each["index"], each["location"]["zip"]) for each in told] == list(enumerate(zips))
    assert call("batch", "GET", f"{BATCH}/{first['id']}", query="cursor=nonsense").status == 422
    batch_service.cache_clear()


def test_asking_how_it_is_takes_nothing_from_the_limit_of_new_batches(call):
    posted = submit(call, ["55901"])
    assert posted.headers["ratelimit-policy"] == '"batch";q=30;w=60'
    looked = call("batch", "GET", f"{BATCH}/nothing")
    assert looked.headers["ratelimit-policy"] == '"batch-reads";q=100;w=60'
    assert submit(call, ["55901"]).headers["x-ratelimit-remaining"] == "28"


def test_the_31st_batch_in_a_minute_is_refused(call):
    answers = [submit(call, ["nowhere"]) for _ in range(31)]
    assert [each.status for each in answers] == [200] * 30 + [429]
    assert answers[-1].json["detail"] == "30 per 1 minute"
    assert json.loads(answers[0].text)["failed"] == 1
