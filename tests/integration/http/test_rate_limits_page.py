"""docs/rate-limits.md keeps step with the policies, the routes that use them and the settings."""

import pytest

from brightspot.http.policies import POLICIES
from brightspot_local.access import entries
from brightspot_local.rate_limits import PAGE, filled


def test_the_page_is_what_make_rate_limits_writes():
    text = PAGE.read_text()
    assert filled(text) == text


def test_a_page_without_a_place_for_a_table_is_refused():
    with pytest.raises(ValueError, match="no place for the table of proxies"):
        filled(PAGE.read_text().replace("<!-- /proxies -->", ""))


def test_every_route_has_a_policy_and_those_without_a_route_are_said_to_have_none():
    used = {entry.policy.rate(route.method, route.path).name for route, entry in entries()}
    unused = {each.name for each in POLICIES} - used - {"default"}
    assert used <= {each.name for each in POLICIES}
    lines = [line for line in PAGE.read_text().splitlines() if line.endswith("| no route yet |")]
    assert {line.split("`")[1] for line in lines} == unused == {"analytics", "sync", "action"}
