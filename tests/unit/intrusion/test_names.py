"""Who is scored, under which name, and who never is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.core.errors import SettingsError
from brightspot.core.settings import load
from brightspot.intrusion import IntrusionSettings, Watch
from brightspot.intrusion.names import Allowed, account, address, pair, read, unknown_account


def test_an_ipv6_client_is_its_64_and_a_mapped_one_its_ipv4_address():
    assert address("2001:db8:1:2:3::4") == address("2001:db8:1:2::9")
    assert address("2001:db8:1:3::4") != address("2001:db8:1:2::4")
    assert address("::ffff:192.0.2.7") == address("192.0.2.7")


@given(client=st.ip_addresses().map(str), name=st.text(min_size=1))
def test_every_name_is_read_back_from_the_index_as_it_was(client, name):
    for each in (address(client), account(name), pair(client, name)):
        assert read(each.text) == each
        assert not {"{", "}"} & set(each.text)


@given(names=st.lists(st.text(), min_size=2, max_size=2, unique=True))
def test_no_two_accounts_share_a_name(names):
    assert account(names[0]) != account(names[1])


def test_an_address_without_an_account_is_scored_without_being_kept():
    assert "ada" not in unknown_account("ada@example.org")
    assert unknown_account("ada@example.org") != unknown_account("eve@example.org")


def test_allowed_clients_are_those_of_the_networks():
    allowed = Allowed("10.0.0.0/8, 2001:db8:1::/48,192.0.2.7")
    assert all(map(allowed.has, ("10.1.2.3", "2001:db8:1:ff::1", "192.0.2.7", "::ffff:10.1.2.3")))
    assert not any(map(allowed.has, ("11.1.2.3", "2001:db8:2::1", "192.0.2.8", "unknown", "")))
    assert not Allowed("").has("10.1.2.3")


@pytest.mark.parametrize("written", ["10.0.0.1/8", "everybody", "0.0.0.0/0", "::/0", "10.0.0.0/33"])
def test_what_is_no_network_or_everybody_stops_the_start(clock, written):
    with pytest.raises(SettingsError, match="INTRUSION_ALLOW"):
        Watch(None, load(IntrusionSettings, {"INTRUSION_ALLOW": written}), clock)


@pytest.mark.parametrize(
    ("variable", "value"),
    [("INTRUSION_QUARTER_SCORE", "20"), ("INTRUSION_BLOCK_SCORE", "40"), ("INTRUSION_BLOCK_MAX_SECONDS", "30")],
)
def test_limits_that_do_not_rise_stop_the_start(clock, variable, value):
    with pytest.raises(SettingsError, match="INTRUSION_"):
        Watch(None, load(IntrusionSettings, {variable: value}), clock)


def test_without_a_store_nobody_is_scored_or_held_back(clock):
    watch = Watch(None, IntrusionSettings(), clock)
    watch.record("192.0.2.1", [])
    assert watch.standing(None) == (0, 1)
