"""A plain question is answered without the web framework, and the same as with it."""

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brightspot.http.gate import Gate
from brightspot.locations.answers import _settings

PATH = "/api/v1/analyze"
EVENT = Path(__file__).parents[3] / "events" / "analyze.json"
FUNCTION = Path(__file__).parents[3] / "functions" / "analyze"

odd = st.one_of(st.none(), st.booleans(), st.integers(-30, 30), st.floats(-1, 30), st.text(max_size=5), st.just([]))
bodies = st.fixed_dictionaries(
    {"address": st.one_of(st.sampled_from(["55901", "Duluth, MN 55802", "Rochester, WI 55901", "55901 "]), odd)},
    optional={
        "radius_miles": odd,
        "radius": odd,
        "persona": st.one_of(st.sampled_from(["business", "parent", "tourist"]), odd),
        "weights": st.one_of(st.dictionaries(st.sampled_from(["safety", "economic", "parking"]), odd, max_size=2), odd),
        "color": odd,
    },
)


@pytest.fixture
def call(call, monkeypatch):
    """A handler without limits that keeps no answer."""
    monkeypatch.setenv("RATE_LIMIT_ENABLED", "false")
    monkeypatch.setenv("ANALYSIS_CACHE_TTL_HOURS", "0")
    _settings.cache_clear()
    yield partial(call, anew=True)
    _settings.cache_clear()


@pytest.fixture
def with_app(call, monkeypatch):
    """The same question, answered by the app."""

    def ask(body):
        with monkeypatch.context() as patched:
            patched.setattr(Gate, "made", lambda *_: None)
            return call("analyze", "POST", PATH, body)

    return ask


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=bodies)
def test_with_and_without_the_app_every_body_is_answered_the_same(call, with_app, body):
    told = call("analyze", "POST", PATH, body)
    full = with_app(body)
    assert told.status == full.status
    assert comparable(told.json) == comparable(full.json)


def comparable(answer):
    """Without what differs from one analysis to the next."""
    changing = {"id", "created_at", "execution_time_seconds", "performance", "request_id"}
    return {name: value for name, value in answer.items() if name not in changing}


def test_a_new_analysis_loads_no_web_framework_and_a_refusal_does():
    code = f"""
import json, sys
from pathlib import Path
from types import SimpleNamespace
sys.path.insert(0, {str(FUNCTION)!r})
from analyze_handler import handler
event = json.loads(Path({str(EVENT)!r}).read_text())
context = SimpleNamespace(aws_request_id="12345678", get_remaining_time_in_millis=lambda: 20000)
for body in (event["body"], '{{"address": 5}}'):
    answer = handler({{**event, "body": body}}, context)
    print(answer["statusCode"], *[name for name in ("fastapi", "pydantic", "starlette") if name in sys.modules])
"""
    environment = {"AUTH_REQUIRED": "false", "LOG_LEVEL": "ERROR"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["200", "422 fastapi pydantic starlette"]
    assert json.loads(EVENT.read_text())["rawPath"] == PATH
