"""A plain search is answered without the web framework, and the same as with it; the second time from the cache."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brightspot.http.gate import Gate
from brightspot.locations import CATEGORIES, KeptSearches
from brightspot.locations.search.service import SearchService

PATH = "/api/v1/search"
EVENT = Path(__file__).parents[3] / "events" / "search.json"
FUNCTION = Path(__file__).parents[3] / "functions" / "search"

odd = st.one_of(st.none(), st.booleans(), st.integers(-30, 300), st.floats(-1, 30), st.text(max_size=5), st.just([]))
ranges = st.one_of(st.fixed_dictionaries({}, optional={"min": odd, "max": odd, "least": odd}), odd)
near = st.fixed_dictionaries({"address": st.one_of(st.sampled_from(["55901", "Duluth, MN", "Atlantis, MN"]), odd)})
bodies = st.fixed_dictionaries(
    {},
    optional={
        "state": st.one_of(st.sampled_from(["DE", "rhode island", "AE", "Ontario"]), odd),
        "county": st.one_of(st.sampled_from(["27109", "Olmsted, MN", "Olmstead, MN"]), odd),
        "near": st.one_of(st.builds(lambda place, miles: {**place, "miles": miles}, near, odd), near, odd),
        "radius_miles": st.one_of(st.sampled_from([3, 3.0, 5]), odd),
        "persona": st.one_of(st.sampled_from(["business", "parent", "tourist"]), odd),
        "weights": st.one_of(st.dictionaries(st.sampled_from(["safety", "parking"]), odd, max_size=2), odd),
        "limit": st.one_of(st.sampled_from([1, 3, 100]), odd),
        "filters": st.one_of(st.dictionaries(st.sampled_from(["safety", "population", "x"]), ranges, max_size=2), odd),
        "cursor": odd,
        "color": odd,
    },
)


@pytest.fixture
def call(call, monkeypatch):
    """Handlers without limits."""
    monkeypatch.setenv("RATE_LIMIT_ENABLED", "false")
    return call


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=bodies)
def test_with_and_without_the_app_every_body_is_answered_the_same(call, monkeypatch, forgetful, body):
    forgetful()
    told = call("search", "POST", PATH, body, anew=True)
    forgetful()
    with monkeypatch.context() as patched:
        patched.setattr(Gate, "made", lambda *_: None)
        full = call("search", "POST", PATH, body, anew=True)
    assert told.status == full.status
    assert told.json == full.json


@pytest.mark.parametrize(
    "body",
    [
        "", "{", "[]", '{"limit": 0}', '{"limit": 101}', '{"limit": 2.5}', '{"limit": "3"}', '{"color": 1}',
        '{"radius_miles": 5}', '{"radius_miles": null}', '{"persona": "tourist"}', '{"filters": null}',
        '{"filters": {"population": {}}}', '{"filters": {"population": {"min": 2, "max": 1}}}',
        '{"near": {"address": "55901", "miles": 251}}', '{"state": "MN", "county": "27109"}',
    ],
)  # fmt: skip
def test_a_body_that_the_app_refuses_has_no_key(body):
    assert KeptSearches().key_of(body.encode(), "shared") is None


def test_what_asks_the_same_has_one_key_and_anything_else_another():
    def key(tenant="shared", **asked):
        return KeptSearches().key_of(json.dumps(asked).encode(), tenant)

    assert key(state="MN") == key(state="MN", persona="business", limit=10, filters={}, radius_miles=3)
    assert key(weights={"safety": 1}) == key(weights={"safety": 2}, persona="parent")
    business = dict(zip(CATEGORIES, (0.25, 0.1, 0.2, 0.15, 0.2, 0.1), strict=True))
    every = [
        key(), key(state="MN"), key(state="WI"), key(county="27109"), key(persona="parent"), key(limit=11),
        key(near={"address": "55901", "miles": 5}), key(near={"address": "55901", "miles": 6}), key(weights=business),
        key(filters={"safety": {"min": 1}}), key(filters={"safety": {"max": 1}}), key(filters={"economic": {"min": 1}}),
        key(cursor="x"), key("other"),
    ]  # fmt: skip
    assert len(set(every)) == len(every)


def test_the_second_time_nothing_is_searched(call, monkeypatch):
    first = call("search", "POST", PATH, {"state": "MN"})
    searched = []
    monkeypatch.setattr(SearchService, "search", lambda *asked: searched.append(asked))
    assert call("search", "POST", PATH, {"persona": "business", "state": "MN"}).text == first.text
    assert searched == []


def test_a_search_loads_no_web_framework_and_a_refusal_does():
    code = f"""
import json, sys
from pathlib import Path
from types import SimpleNamespace
sys.path.insert(0, {str(FUNCTION)!r})
from search_handler import handler
event = json.loads(Path({str(EVENT)!r}).read_text())
context = SimpleNamespace(aws_request_id="12345678", get_remaining_time_in_millis=lambda: 20000)
for body in (event["body"], '{{"limit": 0}}'):
    answer = handler({{**event, "body": body}}, context)
    print(answer["statusCode"], "fastapi" in sys.modules, "brightspot.locations.analysis_service" in sys.modules)
"""
    environment = {"PATH": "", "AUTH_REQUIRED": "false"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.split("\n")[:2] == ["200 False False", "422 True False"]
