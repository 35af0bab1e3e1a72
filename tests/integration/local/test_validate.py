"""`brightspot validate`: each backend's verdict is what that backend really does."""

import json
from pathlib import Path

import botocore.session
import pytest
from moto import mock_aws

from brightspot import locations
from brightspot.core.clock import SystemClock
from brightspot.locations.model import live_sources
from brightspot.resilience import shared_breakers
from brightspot_local.cli import main
from brightspot_local.keys import local_keys
from brightspot_local.validation import here
from tests.integration.local.servers import serving

OVERPASS = Path(__file__).parents[1] / "live" / "recorded" / "overpass.json"
HEALTH = {
    "status": "healthy",
    "version": "0.1.0",
    "dataset": {"status": "ok", "zips": 41994},
    "cache": {"status": "ok", "backend": "redis"},
    "database": {"status": "ok", "backend": "dynamodb"},
    "circuit_breakers": {"status": "ok", "economy": "closed"},
}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch):
    for name in ("REDIS_URL", "REDIS_HOST", "TABLE_PREFIX", "JWT_PUBLIC_KEYS", "JWT_PUBLIC_KEYS_FILE"):
        monkeypatch.delenv(name, raising=False)
    _anew()
    yield
    _anew()


def _anew():
    """As a new process reads its environment."""
    for each in (live_sources, locations.service, locations.history, shared_breakers):
        each.cache_clear()


@pytest.fixture
def verdicts(tmp_path, capsys):
    """`verdicts("--url", ...)`: exit status, and (status, what it says) by part."""

    def of(*arguments):
        status = main(["validate", "--json", "--data", str(tmp_path), *arguments])
        told = json.loads(capsys.readouterr().out)
        assert told["valid"] == (status == 0)
        return status, {each["part"]: (each["status"], each["says"]) for each in told["verdicts"]}

    return of


def statuses(found):
    return {part: status for part, (status, _) in found.items()}


def test_with_nothing_set_up_the_embedded_data_are_enough_and_the_rest_is_off(verdicts):
    status, found = verdicts()
    assert status == 0
    assert statuses(found) == {
        "dataset": "ok",
        "analysis": "ok",
        "live sources": "off",
        "valkey": "off",
        "keys": "off",
        "admin token": "off",
        "tables and queues": "off",
    }
    assert "41,994 ZIPs" in found["dataset"][1]


def test_each_verdict_is_a_line_to_read(tmp_path, capsys):
    assert main(["validate", "--data", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("ok      dataset: version ")
    assert lines[-1] == "2 ok, 5 off, 0 failed"


def test_a_dataset_with_other_content_fails(verdicts, monkeypatch):
    monkeypatch.setattr(here, "recorded_digest", lambda: "0" * 64)
    status, found = verdicts()
    assert (status, found["dataset"][0]) == (1, "failed")
    assert "make dataset" in found["dataset"][1]


def test_an_analysis_in_which_a_collector_fails_fails(verdicts, monkeypatch):
    from brightspot.locations.collectors.embedded import EconomyCollector

    def fail(self, site, deadline):
        raise OSError("down")

    monkeypatch.setattr(EconomyCollector, "collect", fail)
    status, found = verdicts()
    assert (status, found["analysis"][0]) == (1, "failed")
    assert "economy failed" in found["analysis"][1]


def test_a_valkey_is_written_to_and_read_from(verdicts, monkeypatch, valkey_url):
    monkeypatch.setenv("REDIS_URL", valkey_url)
    status, found = verdicts()
    assert (status, found["valkey"]) == (0, ("ok", "writes and reads back"))


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "http://nowhere"])
def test_a_valkey_that_cannot_be_used_fails(verdicts, monkeypatch, url):
    monkeypatch.setenv("REDIS_URL", url)
    status, found = verdicts()
    assert (status, found["valkey"][0]) == (1, "failed")


def test_the_keys_and_the_token_of_the_data_folder_are_checked(verdicts, monkeypatch, tmp_path):
    made = local_keys(tmp_path, SystemClock())
    monkeypatch.setenv("JWT_PUBLIC_KEYS_FILE", str(made.jwks_file))
    _, found = verdicts()
    assert (found["keys"][0], found["admin token"][0]) == ("ok", "ok")
    made.admin_token_file.write_text(made.admin_token[:-10] + "AAAAAAAAAA")
    status, found = verdicts()
    assert (status, found["admin token"][0]) == (1, "failed")
    monkeypatch.setenv("JWT_PUBLIC_KEYS_FILE", str(tmp_path / "nowhere"))
    assert verdicts()[1]["keys"][0] == "failed"


@pytest.fixture
def aws(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("TABLE_PREFIX", "shop")
    with mock_aws():
        session = botocore.session.get_session()
        yield {name: session.create_client(name, region_name="us-east-1") for name in ("dynamodb", "sqs")}


def test_tables_and_queues_that_are_not_there_fail_by_name(verdicts, aws):
    status, found = verdicts()
    assert (status, found["table shop-analyses"][0]) == (1, "failed")
    assert "ResourceNotFoundException" in found["table shop-analyses"][1]
    assert found["queue shop-history"][0] == "failed"


def test_tables_and_queues_of_the_template_are_asked_under_their_prefix(verdicts, aws):
    for name in ("analyses", "batches"):
        aws["dynamodb"].create_table(
            TableName=f"shop-{name}",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
    _, found = verdicts()
    queues = [part.removeprefix("queue ") for part in found if part.startswith("queue ")]
    assert "shop-history-dead-letters" in queues
    urls = {name: aws["sqs"].create_queue(QueueName=name)["QueueUrl"] for name in queues}
    _, found = verdicts()
    assert {found[part][0] for part in found if part.startswith(("table shop-analyses", "queue "))} == {"ok"}
    for name in ("shop-history", "shop-history-dead-letters"):
        aws["sqs"].send_message(QueueUrl=urls[name], MessageBody="{}")
    status, found = verdicts()
    assert found["queue shop-history"] == ("ok", "1 messages wait, 0 are under way")
    assert (status, found["queue shop-history-dead-letters"][0]) == (1, "failed")


def test_nothing_of_the_test_analysis_is_remembered(verdicts, aws):
    verdicts()
    assert aws["dynamodb"].list_tables()["TableNames"] == []
    assert locations.history().backend == "in-memory"


def test_a_live_source_that_is_on_is_asked(verdicts, monkeypatch):
    with serving(lambda *_: (200, {}, OVERPASS.read_bytes())) as url:
        monkeypatch.setenv("LIVE_OVERPASS_ENABLED", "true")
        monkeypatch.setenv("LIVE_OVERPASS_URL", url)
        status, found = verdicts()
    assert found["live source overpass"][0] == "ok", found
    assert (status, found["analysis"][0]) == (0, "ok")
    assert found["live source overpass"][1].startswith("live, ")


def test_a_live_source_that_fails_is_told_though_the_analysis_does_without(verdicts, monkeypatch):
    monkeypatch.setenv("LIVE_OVERPASS_ENABLED", "true")
    with serving(lambda *_: (200, {"Content-Type": "text/html"}, b"<html>")) as url:
        monkeypatch.setenv("LIVE_OVERPASS_URL", url)
        status, found = verdicts()
    assert (status, found["live source overpass"][0], found["analysis"][0]) == (1, "failed", "ok")
    assert found["live source overpass"][1].endswith("the embedded data stood in")


@pytest.mark.parametrize("cached", [False, True])
def test_a_server_is_asked_how_it_is_and_for_an_analysis(verdicts, cached):
    def answer(_method, path, _headers, asked):
        if path == "/health":
            return 200, {}, json.dumps(HEALTH).encode()
        assert asked == {"address": "201 4th Street SE, Rochester, MN 55904"}
        return 200, {}, json.dumps({"overall_score": 53.9, "cached": cached}).encode()

    with serving(answer) as url:
        status, found = verdicts("--url", url)
    asked = {part: verdict for part, verdict in found.items() if part.startswith("server")}
    assert (status, {verdict for verdict, _ in asked.values()}, len(asked)) == (0, {"ok"}, 6)
    assert asked["server cache"][1] == "backend redis"
    assert asked["server analysis"][1].endswith(", from the cache") == cached


def test_a_server_that_is_degraded_fails_and_its_parts_say_which(verdicts):
    sick = {**HEALTH, "status": "degraded", "cache": {"status": "failed", "reason": "the shared store rests"}}

    def answer(_method, path, *_):
        if path == "/health":
            return 200, {}, json.dumps(sick).encode()
        return 401, {}, b'{"detail": "send a token"}'

    with serving(answer) as url:
        status, found = verdicts("--url", url)
    assert status == 1
    assert found["server health"] == ("failed", f"{url} is degraded")
    assert found["server cache"] == ("failed", "reason the shared store rests")
    assert found["server database"][0] == "ok"
    assert found["server analysis"] == ("failed", "HTTP 401: send a token")


def test_a_server_that_is_not_there_fails(verdicts):
    status, found = verdicts("--url", "http://127.0.0.1:1")
    assert status == 1
    assert "cannot be reached" in found["server health"][1]


def test_what_is_no_url_is_refused(capsys):
    assert main(["validate", "--url", "localhost"]) == 2
    assert "no URL" in capsys.readouterr().err
