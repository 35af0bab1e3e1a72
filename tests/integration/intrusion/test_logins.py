"""Guessing is slow, and nobody locks another out."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from brightspot.intrusion import IntrusionSettings, LoginDelayed, Logins, Seen, scene
from brightspot.intrusion.names import pair

ADA, HOME = "01HXADA", "192.0.2.1"


@pytest.fixture
def watch(instance):
    return instance(pair_failures=3, account_tries=12)


@pytest.fixture
def logins(watch):
    return Logins(watch)


@pytest.fixture
def fail(watch):
    return lambda client, times=1, name=ADA: [
        watch.record(client, [Seen("failed_login", account=name)]) for _ in range(times)
    ]


def attack(logins, fail, times=12):
    """From so many addresses that none of them is blocked for it."""
    for number in range(times):
        logins.check(f"198.51.100.{number}", ADA)
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
    attack(logins, fail)
    with pytest.raises(LoginDelayed) as told:
        logins.check("203.0.113.9", ADA)
    assert 0 < told.value.retry_after_seconds <= 300
    assert logins.check(HOME, ADA).known
    logins.check("203.0.113.9", "01HXEVE")


def test_a_crowd_that_comes_at_once_has_no_more_tries(logins):
    """None has failed yet when the others are asked."""

    def admitted(number):
        try:
            return logins.check(f"198.51.100.{number}", ADA) is not None
        except LoginDelayed:
            return False

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(admitted, range(100))) == 12


def test_a_stranger_who_logs_in_takes_no_try_from_the_others(logins):
    for number in range(40):
        welcome(logins, f"198.51.100.{number}")
    assert logins.check("203.0.113.9", ADA).known is False


def test_a_login_is_remembered_and_forgives_what_failed_before_it(logins, fail, valkey):
    fail(HOME, 2)
    welcome(logins, HOME)
    both = pair(HOME, ADA)
    assert valkey.call("EXISTS", both.key("state")) == 0
    assert valkey.call("TTL", both.key("known")) > 29 * 86_400
    fail(HOME, 2)
    assert logins.check(HOME, ADA) == (True, True, None)


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
    """OWASP ASVS 4.0.3, 2.2.1. What GCRA lets through in a window is shown in tests/integration/ratelimit."""
    assert 2 * IntrusionSettings().account_tries - 1 <= 100
