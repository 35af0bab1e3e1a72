"""Policies as declared, and as the environment changes them."""

import pytest

from brightspot.core.errors import SettingsError
from brightspot.core.settings import load
from brightspot.ratelimit import Declared, Limit, RateLimitSettings, RatePolicy, configured, per_minute

LOGIN = Declared("login", per_minute(10), "logins", away="local")
DOCS = Declared("docs-pages", None, "the documentation")
DEFAULT = per_minute(100)


def test_what_is_declared_holds_while_nothing_is_set():
    assert configured(LOGIN, DEFAULT, {}) == RatePolicy("login", per_minute(10), per_minute(10), "local", 1)


def test_a_policy_without_a_number_has_the_default_one():
    assert configured(DOCS, DEFAULT, {}) == RatePolicy("docs-pages", DEFAULT, DEFAULT, "open", 1)


def test_everything_about_a_policy_can_be_set():
    environ = {
        "RATE_LIMIT_DOCS_PAGES": "20 per 1 second gcra",
        "RATE_LIMIT_DOCS_PAGES_PER_USER": "500/60",
        "RATE_LIMIT_DOCS_PAGES_AWAY": "Local",
        "RATE_LIMIT_DOCS_PAGES_COMPUTED": "5",
    }
    assert configured(DOCS, DEFAULT, environ) == RatePolicy(
        "docs-pages", Limit(20, 1, "gcra"), Limit(500, 60), "local", 5
    )


def test_a_users_limit_follows_the_addresses_unless_set():
    policy = configured(LOGIN, DEFAULT, {"RATE_LIMIT_LOGIN": "3/60"})
    assert policy.limit == policy.per_user == Limit(3, 60)


@pytest.mark.parametrize(
    ("variable", "text", "told"),
    [
        ("RATE_LIMIT_LOGIN", "many", "RATE_LIMIT_LOGIN='many': send a limit like 100/60"),
        ("RATE_LIMIT_LOGIN_PER_USER", "0/60", "RATE_LIMIT_LOGIN_PER_USER='0/60': send a limit like 100/60"),
        ("RATE_LIMIT_LOGIN_AWAY", "closed", "RATE_LIMIT_LOGIN_AWAY='closed': send open"),
        ("RATE_LIMIT_LOGIN_COMPUTED", "0", "RATE_LIMIT_LOGIN_COMPUTED='0': send 1 to 1000"),
        ("RATE_LIMIT_LOGIN_COMPUTED", "two", "RATE_LIMIT_LOGIN_COMPUTED='two': send a int"),
        ("RATE_LIMIT_LOGIN_COMPUTED", "11", "11 units can never pass 10 per 1 minute"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_with_what_it_takes(variable, text, told):
    with pytest.raises(SettingsError, match=told):
        configured(LOGIN, DEFAULT, {variable: text})


def test_the_default_limit_is_settable_in_the_same_words_and_these_win():
    environ = {"RATE_LIMIT_DEFAULT": "7 per 1 second gcra", "RATE_LIMIT_MAX_REQUESTS": "20"}
    assert load(RateLimitSettings, environ).default == Limit(7, 1, "gcra")
    with pytest.raises(SettingsError, match="RATE_LIMIT_DEFAULT='x': send a limit"):
        _ = load(RateLimitSettings, {"RATE_LIMIT_DEFAULT": "x"}).default
