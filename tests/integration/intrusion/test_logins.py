"""Guessing is slow, and nobody locks another out."""

import pytest

from brightspot.intrusion import LoginDelayed, Logins, Seen, scene
from brightspot.intrusion.names import account, pair

ADA, HOME = "01HXADA", "192.0.2.1"


@pytest.fixture
def watch(instance):
    return instance(pair_failures=3, account_failures=12, account_wait=30)


@pytest.fixture
def logins(watch):
    return Logins(watch)


@pytest.fixture
def fail(watch):
    return lambda client, times=1, name=ADA: [
        watch.record(client, [Seen("failed_login", account=name)]) for _ in range(times)
    ]


def attack(fail, times=12):
    """From so many addresses that none of them is blocked for it."""
    for number in range(times):
        fail(f"198.51.100.{number}")


def welcome(logins, client):
    logins.welcome(client, ADA, logins.check(client, ADA))


def test_an_address_that_fails_too_often_is_kept_off_that_account_only(logins, fail):
    fail(HOME, 3)
    with pytest.raises(LoginDelayed) as told:
        logins.check(HOME, ADA)
    assert 0 < told.value.retry_after_seconds <= 60
    logins.check(HOME, "01HXEVE")
    logins.check("192.0.2.2", ADA)


def test_strangers_wait_for_an_account_under_attack_and_its_holder_does_not(logins, fail):
    welcome(logins, HOME)
    attack(fail)
    with pytest.raises(LoginDelayed) as told:
        logins.check("203.0.113.9", ADA)
    assert 0 < told.value.retry_after_seconds <= 30
    assert logins.check(HOME, ADA).known
    logins.check("203.0.113.9", "01HXEVE")


def test_an_account_that_is_not_there_makes_strangers_wait_just_so(logins, fail, watch):
    for number in range(12):
        watch.record(f"198.51.100.{number}", [Seen("failed_login", account="email:0123")])
    with pytest.raises(LoginDelayed):
        logins.check("203.0.113.9", "email:0123")


def test_a_wait_for_an_account_does_not_grow(fail, watch, valkey):
    attack(fail)
    held = account(ADA)
    valkey.call("DEL", held.key("block"))  # as if it were over
    valkey.call("HSET", held.key("state"), "until", 0)
    fail("203.0.113.9")
    assert 29_000 < valkey.call("PTTL", held.key("block")) <= 30_000


def test_a_login_is_remembered_and_forgives_what_failed_before_it(logins, fail, valkey):
    fail(HOME, 2)
    welcome(logins, HOME)
    both = pair(HOME, ADA)
    assert valkey.call("EXISTS", both.key("state")) == 0
    assert valkey.call("TTL", both.key("known")) > 29 * 86_400
    fail(HOME, 2)
    assert logins.check(HOME, ADA) == (True, True)


def test_a_login_from_a_known_address_writes_nothing(logins, valkey, monkeypatch):
    welcome(logins, HOME)
    admission = logins.check(HOME, ADA)
    monkeypatch.setattr(type(valkey), "exchange", None)
    logins.welcome(HOME, ADA, admission)


def test_what_is_kept_off_an_account_is_listed(fail, watch, valkey):
    fail(HOME, 3)
    told = scene(watch, valkey).blocked("pair")
    assert [(each.name.client, each.name.account, each.amounts) for each in told] == [(HOME, ADA, {"failed_login": 3})]


def test_strangers_together_have_at_most_a_hundred_tries_an_hour():
    """OWASP ASVS 4.0.3, 2.2.1, by the settings' defaults: as many as are free twice, or a wait after each."""
    from brightspot.intrusion import IntrusionSettings
    from brightspot.intrusion.rules import HOUR_SECONDS, Rules

    rule = Rules(IntrusionSettings()).of("account")
    most = 0
    happened, free_at = [], 0
    for second in range(3 * HOUR_SECONDS):
        now = second * 1_000_000
        bucket = now // rule.width
        while second >= free_at:  # as fast as they may
            happened.append((bucket, second))
            if sum(number > bucket - 10 for number, _ in happened) >= rule.block:
                free_at = second + rule.base
        happened = [each for each in happened if each[1] > second - HOUR_SECONDS]
        most = max(most, len(happened))
    assert most <= 100
