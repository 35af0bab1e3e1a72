"""Answers are kept under the meaning of the question, and replayed as the same analysis."""

import json

import pytest

from brightspot import locations
from brightspot.cache import LocalLevel, TieredCache
from brightspot.core.clock import SystemClock
from brightspot.locations import AnalyzeRequest, KeptAnalyses
from brightspot.locations.analysis_service import service
from brightspot.locations.answers import Answers, key_for


@pytest.fixture
def cache(valkey):
    return TieredCache(valkey, SystemClock(), LocalLevel())


@pytest.fixture
def answers(cache):
    return Answers(service(), cache)


def test_the_same_question_in_another_spelling_is_answered_from_the_cache(answers):
    first = json.loads(answers.answer(AnalyzeRequest("Rochester, MN 55901")))
    second = json.loads(answers.answer(AnalyzeRequest(" rochester  mn 55901")))
    assert (first["cached"], first["cache_hit"], "cache_age_seconds" in first) == (False, False, False)
    assert (second["cached"], second["cache_hit"]) == (True, True)
    assert 0 <= second["cache_age_seconds"] < 30
    changed = ("cached", "cache_hit", "cache_age_seconds")
    assert {k: v for k, v in second.items() if k not in changed} == {k: v for k, v in first.items() if k not in changed}


@pytest.mark.parametrize(
    "other", [{"radius_miles": 5}, {"persona": "parent"}, {"weights": {"safety": 1}}, {"address": "55902"}]
)
def test_another_question_has_another_key(other):
    assert key_for(AnalyzeRequest("55901")) != key_for(AnalyzeRequest(**{"address": "55901", **other}))


def test_another_tenant_has_another_key():
    assert key_for(AnalyzeRequest("55901"), "a") != key_for(AnalyzeRequest("55901"), "b")


def test_weights_in_another_order_or_scale_are_the_same_question():
    one = AnalyzeRequest("55901", weights={"safety": 1, "economic": 3})
    other = AnalyzeRequest("55901", weights={"economic": 6, "safety": 2})
    assert key_for(one) == key_for(other)


def test_an_answer_that_lacks_a_collector_is_not_kept(cache):
    body = service().analyze(AnalyzeRequest("55901"))
    whole = locations.encode(body)
    timings = dict(body.performance.collectors)
    kept = KeptAnalyses()
    assert kept.is_whole(whole)
    for status in (b"failed", b"timeout"):
        assert not kept.is_whole(whole.replace(b'"status":"ok","source"', b'"status":"%s","source"' % status, 1))
    assert len(timings) == 8


@pytest.mark.parametrize(
    "body",
    [
        "{", "[]", "{}", '{"address": 55901}', '{"address": "00000"}', '{"address": "55901", "color": 1}',
        '{"address": "55901", "radius": 3, "radius_miles": 3}', '{"address": "55901", "radius_miles": null}',
        '{"address": "55901", "radius_miles": "3"}', '{"address": "55901", "radius_miles": true}',
        '{"address": "55901", "persona": "tourist"}', '{"address": "55901", "radius": 26}',
    ],
)  # fmt: skip
def test_a_body_that_the_app_refuses_has_no_key(body):
    assert KeptAnalyses().key_of(body.encode(), "shared") is None


def test_bytes_that_are_no_text_have_no_key():
    assert KeptAnalyses().key_of(b'{"address": "\xff\xfe"}', "shared") is None


@pytest.mark.parametrize(
    "body",
    [
        '{"address": "55901"}', '{"address": "55901", "radius": 3}', '{"address": "55901", "radius_miles": 3.0}',
        '{"persona": "business", "address": "Rochester, MN 55901", "weights": null}',
    ],
)  # fmt: skip
def test_bodies_that_ask_the_same_have_one_key(body):
    kept = KeptAnalyses()
    keys = {kept.key_of(each.encode(), "shared") for each in (body, body.replace("Rochester, MN 55901", "55901"))}
    assert None not in keys
    assert kept.key_of(b'{"address": "55901"}', "shared") in keys
