"""The figures that a request leaves on stdout, through the functions' own Lambda entries."""

import json
import logging
import subprocess
import sys

import botocore.session
import pytest
from moto import mock_aws

from brightspot.core.clock import SystemClock
from brightspot.locations.past import backend
from brightspot_local.keys import local_keys
from brightspot_local.paths import FUNCTIONS
from tests.emf_spec import documents, told

PATH = "/api/v1/analyze"
ASKED = {"address": "Rochester, MN 55901"}
STACK = "brightspot-test"
OF_STACK, OF_CACHE = (("Stack", STACK),), (("Cache", "analysis"), ("Stack", STACK))


@pytest.fixture
def _measured(monkeypatch):
    monkeypatch.setenv("METRICS_STACK", STACK)


@pytest.fixture
def figures(capsys):
    """Every metric line printed since the last time; all of them keep to the specification."""

    def read():
        lines = [line for line in capsys.readouterr().out.splitlines() if "CloudWatchMetrics" in line]
        return documents("".join(f"{line}\n" for line in lines))

    return read


def asked_of_cache(*, found):
    return {("CacheHits", OF_CACHE): [int(found)], ("CacheMisses", OF_CACHE): [int(not found)]}


@pytest.mark.usefixtures("_measured")
@pytest.mark.parametrize("store", [True, False])
def test_a_request_is_one_line_a_miss_first_and_then_a_hit(call, figures, monkeypatch, valkey_url, store):
    if store:
        monkeypatch.setenv("REDIS_URL", valkey_url)
    for cached in (False, True, True):
        assert call("analyze", "POST", PATH, ASKED).json["cached"] is cached
        (line,) = figures()
        assert told([line]) == asked_of_cache(found=cached)


@pytest.mark.usefixtures("_measured")
def test_a_hit_in_the_shared_store_counts_as_one_held_here(call, figures, monkeypatch, valkey_url, forgetful):
    monkeypatch.setenv("REDIS_URL", valkey_url)
    call("analyze", "POST", PATH, ASKED)
    forgetful()
    figures()
    call("analyze", "POST", PATH, ASKED, anew=True)
    assert told(figures()) == asked_of_cache(found=True)


@pytest.mark.usefixtures("_measured")
@pytest.mark.parametrize("body", [{"address": ""}, {**ASKED, "radius_miles": "far"}, "no json"])
def test_a_question_without_an_answer_to_look_for_is_neither_hit_nor_miss(call, figures, body):
    assert call("analyze", "POST", PATH, body).status in {400, 422}
    assert figures() == []


@pytest.mark.usefixtures("_measured")
def test_what_is_refused_before_the_cache_is_looked_at_is_neither(call, figures, monkeypatch):
    call("analyze", "POST", PATH, ASKED)
    figures()
    assert call("analyze", "PUT", PATH, ASKED).status == 405
    assert call("analyze", "POST", PATH, ASKED, headers={"content-type": "text/plain"}).status == 415
    monkeypatch.setenv("AUTH_REQUIRED", "true")
    assert call("analyze", "POST", PATH, ASKED, anew=True).status == 401
    assert figures() == []


@pytest.mark.usefixtures("_measured")
def test_one_too_many_is_neither(call, figures):
    statuses = [call("analyze", "POST", PATH, ASKED).status for _ in range(101)]
    assert statuses[-1] == 429
    assert len([each for each in figures() if "CacheHits" in each]) == 100


@pytest.mark.usefixtures("_measured")
def test_clearing_the_cache_is_no_question_to_it(call, figures, monkeypatch, tmp_path):
    keys = local_keys(tmp_path, SystemClock())
    monkeypatch.setenv("JWT_PUBLIC_KEYS_FILE", str(keys.jwks_file))
    token = {"authorization": f"Bearer {keys.admin_token}"}
    assert call("cache", "POST", "/api/v1/cache/clear", {}, headers=token).status == 200
    assert figures() == []


def test_without_the_setting_no_line_is_written(call, figures):
    for _ in range(2):
        call("analyze", "POST", PATH, ASKED)
    assert figures() == []


@pytest.fixture
def _no_table(monkeypatch):
    """A queue, and a table name that no table has."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("TABLE_PREFIX", "absent")
    with mock_aws():
        sqs = botocore.session.get_session().create_client("sqs", "us-east-1")
        monkeypatch.setenv("HISTORY_QUEUE_URL", sqs.create_queue(QueueName="history")["QueueUrl"])
        backend._table.cache_clear()
        yield
    backend._table.cache_clear()


@pytest.mark.usefixtures("_measured", "_no_table")
def test_an_error_of_the_database_that_the_queue_makes_good_is_told(call, figures):
    assert call("analyze", "POST", PATH, ASKED).status == 200
    (line,) = figures()
    assert told([line]) == {**asked_of_cache(found=False), ("DatabaseErrors", OF_STACK): [1]}
    assert call("analyze", "POST", PATH, ASKED).json["cached"] is True
    assert told(figures()) == asked_of_cache(found=True)


@pytest.mark.usefixtures("_measured", "_no_table")
def test_where_the_queue_fails_too_there_are_two(call, figures, monkeypatch):
    monkeypatch.setenv("HISTORY_QUEUE_URL", "https://sqs.us-east-1.amazonaws.com/123456789012/absent")
    assert call("analyze", "POST", PATH, ASKED).status == 200
    assert told(figures())["DatabaseErrors", OF_STACK] == [2]


@pytest.mark.usefixtures("_measured", "_no_table")
def test_a_list_that_cannot_be_read_is_one_error_though_all_its_shards_failed(call, figures):
    assert call("history", "GET", "/api/v1/history").status == 503
    assert told(figures()) == {("DatabaseErrors", OF_STACK): [1]}


@pytest.mark.usefixtures("_measured", "_no_table")
def test_health_tells_of_a_database_that_it_could_not_reach(call, figures):
    assert call("health", "GET", "/health").json["database"]["status"] == "failed"
    assert told(figures()) == {("DatabaseErrors", OF_STACK): [1]}


@pytest.mark.usefixtures("_measured")
def test_a_request_that_fails_on_our_side_tells_its_figures_too(call, figures, monkeypatch):
    from brightspot.locations.analysis_service import AnalysisService

    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(AnalysisService, "_compute", broken)
    assert call("analyze", "POST", PATH, ASKED).status == 500
    assert told(figures()) == asked_of_cache(found=False)


HEAVY = ("fastapi", "starlette", "pydantic", "botocore", "jmespath", "aws_lambda_powertools", "cryptography.hazmat")


@pytest.mark.usefixtures("_measured")
def test_a_cached_answer_tells_its_figures_without_framework_aws_or_token_library(call, monkeypatch, valkey_url):
    monkeypatch.setenv("REDIS_URL", valkey_url)
    event = call("analyze", "POST", PATH, ASKED).event
    code = f"""
import json, sys
sys.path.insert(0, {str(FUNCTIONS / "analyze")!r})
import analyze_handler
answer = analyze_handler.handler(json.loads(sys.argv[1]), None)
print(json.dumps([json.loads(answer["body"])["cached"], [name for name in {HEAVY} if name in sys.modules]]))
"""
    command = [sys.executable, "-c", code, json.dumps(event)]
    line, seen = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert told(documents(f"{line}\n")) == asked_of_cache(found=True)
    assert json.loads(seen) == [True, []]


def test_mangum_tells_no_request_where_the_root_logger_prints(call, caplog):
    caplog.set_level(logging.INFO)
    call("analyze", "POST", PATH, ASKED)
    assert [record.getMessage() for record in caplog.records if record.name.startswith("mangum")] == []


def test_every_line_on_stdout_is_json(call, capsys, monkeypatch):
    monkeypatch.setenv("METRICS_STACK", STACK)
    call("analyze", "POST", PATH, ASKED)
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len([each for each in printed if "_aws" in each]) == 1
    assert "_aws" in printed[-1]
