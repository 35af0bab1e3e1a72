"""The table of rate policies."""

import pytest

from brightspot.core.errors import SettingsError
from brightspot.http.policies import POLICIES, rate_policy
from brightspot.ratelimit import Limit, per_minute


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("default", 100), ("health", 100), ("signup", 5), ("login", 10), ("analytics", 30), ("analyze", 100),
        ("batch", 30), ("sync", 10), ("action", 10), ("compare", 100),
    ],
)  # fmt: skip
def test_every_policy_allows_a_minute_what_was_asked_for(name, count):
    assert rate_policy(name).limit == per_minute(count)


def test_no_two_policies_share_a_name_or_a_variable():
    assert len({each.name for each in POLICIES}) == len({each.variable for each in POLICIES}) == len(POLICIES)
    ends = tuple(each.variable for each in POLICIES)
    taken = {f"{each}_{end}" for each in ends for end in ("PER_USER", "AWAY", "COMPUTED")}
    taken |= {"RATE_LIMIT_ENABLED", "RATE_LIMIT_MAX_REQUESTS", "RATE_LIMIT_WINDOW_MS"}
    assert taken.isdisjoint(ends)


def test_only_what_guards_passwords_counts_locally_while_the_store_is_away():
    assert {each.name for each in POLICIES if each.away == "local"} == {"signup", "login"}


def test_a_policy_is_read_from_the_environment(monkeypatch):
    monkeypatch.setenv("RATE_LIMIT_ANALYZE", "30 per 10 seconds gcra")
    monkeypatch.setenv("RATE_LIMIT_DEFAULT", "50/60")
    assert rate_policy("analyze").limit == Limit(30, 10, "gcra")
    assert rate_policy("search").limit == per_minute(50)
    monkeypatch.setenv("RATE_LIMIT_ANALYZE", "a lot")
    with pytest.raises(SettingsError, match="RATE_LIMIT_ANALYZE='a lot'"):
        rate_policy("analyze")


def test_limits_can_be_switched_off_and_a_name_that_is_no_policy_is_a_mistake(monkeypatch):
    with pytest.raises(KeyError):
        rate_policy("analyse")
    monkeypatch.setenv("RATE_LIMIT_ENABLED", "false")
    assert rate_policy("analyze") is None
