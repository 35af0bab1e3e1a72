"""What administrators do is in the audit log with who, what, from where and what came of it; only they may read it."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from brightspot.audit import AuditQuery, shared_trail
from brightspot.audit.signing import KeySigner
from brightspot.audit.trail import ADMIN
from brightspot.audit.verification import verify
from brightspot.core.clock import SystemClock
from brightspot.operations.audited import audit_page
from brightspot.valkey import StoreUnavailable
from tests.conftest import HandClock
from tests.integration.http.test_limits import OURS, bearer
from tests.unit.security.signing import key_set

AUDIT = ("audit", "GET", "/api/v1/audit")
BREAKERS = "/api/v1/circuit-breakers"


@pytest.fixture(autouse=True)
def _keys(monkeypatch):
    monkeypatch.setenv("JWT_PUBLIC_KEYS", key_set(OURS))


@pytest.fixture
def ada():
    return bearer("ada", scope="admin")


@pytest.fixture
def act(call, ada):
    def send(function, method, path, body=None, **more):
        headers = {**ada, "x-request-id": "request-0001"}
        return call(function, method, path, body, headers=headers, client="203.0.113.7", **more)

    return send


@pytest.fixture
def listed(call, ada):
    return lambda query="": call(*AUDIT, headers=ada, query=query).json


def test_every_action_of_administrators_is_recorded_with_its_outcome(act, listed):
    act("cache", "POST", "/api/v1/cache/clear", {"namespace": "analysis", "tag": "state:MN"})
    act("cache", "POST", "/api/v1/cache/clear")
    act("cache", "POST", "/api/v1/cache/clear", {"namespace": "nonsense"})
    act("circuit_breakers", "POST", f"{BREAKERS}/open", {"name": "economy", "seconds": 30})
    act("circuit_breakers", "POST", f"{BREAKERS}/close", {"name": "economy"})
    act("circuit_breakers", "POST", f"{BREAKERS}/reset", {"name": "economy"})
    act("circuit_breakers", "POST", f"{BREAKERS}/reset")
    act("circuit_breakers", "PUT", "/api/v1/maintenance", {"on": False, "reason": "a test"})
    act("circuit_breakers", "DELETE", "/api/v1/maintenance")
    entries = listed("limit=200")["entries"]
    told = [(each["event"]["action"], each["event"]["target"], each["event"]["outcome"]) for each in reversed(entries)]
    assert told[1:] == [
        ("cache.clear", "all", "done"),
        ("cache.clear", "nonsense", "refused"),
        ("breaker.open", "economy", "done"),
        ("breaker.close", "economy", "done"),
        ("breaker.reset", "economy", "done"),
        ("breaker.reset", "all", "done"),
        ("maintenance.switch", "service", "done"),
        ("maintenance.forget", "service", "done"),
    ]
    for each in entries:
        event = each["event"]
        assert (event["actor"], event["client"], event["request_id"]) == ("ada", "203.0.113.7", "request-0001")
    assert entries[-4]["event"]["detail"] == {"seconds": "30.0"}
    assert entries[1]["event"]["detail"]["reason"] == "a test"
    assert verify(ADMIN, [*shared_trail().ledger.entries(ADMIN)], [], {}) == []


def test_what_failed_is_recorded_as_failed(act, listed, monkeypatch):
    def away(*_asked, **_more):
        raise StoreUnavailable("valkey")

    monkeypatch.setattr("brightspot.operations.breakers.Breakers.reset", away)
    assert act("circuit_breakers", "POST", f"{BREAKERS}/reset").status == 503
    (entry,) = listed()["entries"]
    assert entry["event"]["outcome"] == "failed"


def test_who_was_turned_away_did_nothing_that_would_be_recorded(call, listed):
    reader = bearer("eve", scope="read")
    assert call("cache", "POST", "/api/v1/cache/clear", headers=reader).status == 403
    assert call(*AUDIT, headers=reader).status == 403
    assert listed()["count"] == 0


def test_pages_and_filters(act, listed):
    for _ in range(5):
        act("cache", "POST", "/api/v1/cache/clear")
    act("circuit_breakers", "POST", f"{BREAKERS}/reset")
    assert listed("action=breaker.reset")["count"] == 1
    assert listed("actor=eve")["entries"] == []
    assert listed("from=2001-01-01&to=2001-12-31")["entries"] == []
    first = listed("limit=4")
    second = listed(f"limit=4&cursor={first['next_cursor']}")
    numbers = [each["number"] for page in (first, second) for each in page["entries"]]
    assert (numbers, second["next_cursor"]) == ([6, 5, 4, 3, 2, 1], None)


@pytest.mark.parametrize("query", ["from=noon", "cursor=x", "limit=0", "stream=checkpoints%23admin", "other=1"])
def test_what_cannot_be_meant_is_refused(call, ada, query):
    assert call(*AUDIT, headers=ada, query=query).status == 422


def test_the_page_says_how_far_the_log_is_signed_and_whether_that_is_late(act, listed, monkeypatch):
    act("cache", "POST", "/api/v1/cache/clear")
    page = listed()
    assert (page["last_checkpoint"], page["checkpoint_overdue"]) == (None, False)
    signer = KeySigner(Ed25519PrivateKey.generate())
    made = shared_trail().checkpoint(signer)
    page = listed()
    assert page["last_checkpoint"] == {"number": 1, "at": made.statement.at, "covers": 1}
    act("cache", "POST", "/api/v1/cache/clear")
    later = HandClock()
    later.advance(seconds=(SystemClock().now() - later.now()).total_seconds() + 25 * 3600)
    assert audit_page(AuditQuery(), clock=later).checkpoint_overdue
    monkeypatch.setenv("AUDIT_CHECKPOINT_HOURS", "48")
    assert not audit_page(AuditQuery(), clock=later).checkpoint_overdue
    shared_trail().checkpoint(signer)
    monkeypatch.delenv("AUDIT_CHECKPOINT_HOURS")
    assert not audit_page(AuditQuery(), clock=later).checkpoint_overdue
