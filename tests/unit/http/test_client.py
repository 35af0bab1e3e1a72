"""Whose address counts: the peer's, unless a proxy that proves itself says otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.core.errors import SettingsError
from brightspot.core.settings import load
from brightspot.http.client import Proxies, ProxySettings
from brightspot.ratelimit import subject_of

PEER = "203.0.113.9"
SECRET = "correct horse battery"  # of a test
CLOUDFRONT = Proxies(ProxySettings(secret=SECRET))
PLAIN = Proxies(ProxySettings(proxies="10.0.0.0/8, 2001:db8:ffff::/48, 192.0.2.1"))
LIES = {
    b"x-forwarded-for": b"198.51.100.1",
    b"cloudfront-viewer-address": b"198.51.100.1:1234",
    b"forwarded": b"for=198.51.100.1",
    b"x-real-ip": b"198.51.100.1",
    b"true-client-ip": b"198.51.100.1",
}


@pytest.mark.parametrize("proxies", [Proxies(ProxySettings()), CLOUDFRONT, PLAIN])
def test_no_header_of_a_client_is_believed(proxies):
    assert proxies.client(PEER, LIES) == PEER


@pytest.mark.parametrize("sent", [b"", b"correct horse", SECRET.encode() + b"x", SECRET.upper().encode(), b"\xff" * 21])
def test_a_secret_that_is_wrong_proves_nothing(sent):
    assert CLOUDFRONT.client(PEER, {**LIES, b"x-origin-secret": sent}) == PEER


@pytest.mark.parametrize(
    ("viewer", "client"),
    [
        (b"198.51.100.7:46532", "198.51.100.7"),
        (b"2001:db8:1:2:3:4:5:6:46532", "2001:db8:1:2:3:4:5:6"),
        (b"2001:db8::1:46532", "2001:db8::1"),
        (b"[2001:db8::1]:46532", "2001:db8::1"),
        (b"::ffff:198.51.100.7:443", "198.51.100.7"),
        (b"", PEER),
        (b"198.51.100.7", PEER),
        (b"198.51.100.7:port", PEER),
        (b"198.51.100.7:\xb2", PEER),
        (b"198.51.100.256:80", PEER),
        (b"198.51.100.7:80, 198.51.100.8:80", PEER),
        (b"\xff\xfe", PEER),
    ],
)
def test_the_viewers_address_counts_when_the_secret_is_right_and_the_peers_when_it_cannot_be_read(viewer, client):
    headers = {
        b"x-origin-secret": SECRET.encode(),
        b"cloudfront-viewer-address": viewer,
        b"x-forwarded-for": b"192.0.2.3",
    }
    assert CLOUDFRONT.client(PEER, headers) == client
    assert CLOUDFRONT.client(PEER, {b"x-origin-secret": SECRET.encode()}) == PEER


def test_two_secrets_hold_while_one_takes_the_others_place_in_a_header_of_ones_choice():
    settings = {"TRUSTED_PROXY_SECRET": f"{SECRET} , another long secret", "TRUSTED_PROXY_SECRET_HEADER": "X-Edge"}
    proxies = Proxies(load(ProxySettings, settings))
    for secret in (SECRET, "another long secret"):
        headers = {b"x-edge": secret.encode(), b"cloudfront-viewer-address": b"198.51.100.7:1"}
        assert proxies.client(PEER, headers) == "198.51.100.7"


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("10.1.2.3", b"198.51.100.7", "198.51.100.7"),
        ("10.1.2.3", b"1.1.1.1, 198.51.100.7", "198.51.100.7"),
        ("10.1.2.3", b"1.1.1.1, 198.51.100.7, 10.9.9.9,192.0.2.1", "198.51.100.7"),
        ("10.1.2.3", b"not an address, 198.51.100.7", "198.51.100.7"),
        ("10.1.2.3", b"10.7.7.7, 10.9.9.9", "10.7.7.7"),
        ("2001:db8:ffff::5", b"2001:db8:1::9", "2001:db8:1::9"),
        ("::ffff:10.1.2.3", b"::ffff:198.51.100.7", "198.51.100.7"),
        ("10.1.2.3", b"198.51.100.7, garbage", "10.1.2.3"),
        ("10.1.2.3", b"198.51.100.7,", "10.1.2.3"),
        ("10.1.2.3", b"", "10.1.2.3"),
        ("11.1.2.3", b"198.51.100.7", "11.1.2.3"),
        ("unknown", b"198.51.100.7", "unknown"),
    ],
)
def test_behind_plain_proxies_the_rightmost_address_that_is_none_of_them_counts(peer, forwarded, client):
    assert PLAIN.client(peer, {b"x-forwarded-for": forwarded}) == client


@given(st.binary(max_size=60))
def test_whatever_a_client_puts_before_what_the_proxy_wrote_changes_nothing(lie):
    assert PLAIN.client("10.0.0.1", {b"x-forwarded-for": lie + b", 198.51.100.7"}) == "198.51.100.7"


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_any_header_at_all_gives_something_that_can_be_counted(viewer, forwarded):
    headers = {b"x-origin-secret": SECRET.encode(), b"cloudfront-viewer-address": viewer, b"x-forwarded-for": forwarded}
    for proxies in (CLOUDFRONT, PLAIN):
        assert len(subject_of(proxies.client("10.0.0.1", headers))) <= 46


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"TRUSTED_PROXY_SECRET": "short"}, "TRUSTED_PROXY_SECRET: send at least 16"),
        ({"TRUSTED_PROXY_SECRET": f"{SECRET},short"}, "TRUSTED_PROXY_SECRET: send at least 16"),
        ({"TRUSTED_PROXY_SECRET_HEADER": "a b"}, "send the name of a header"),
        ({"TRUSTED_PROXIES": "10.0.0.0/33"}, r"TRUSTED_PROXIES: '10.0.0.0/33' is no network"),
        ({"TRUSTED_PROXIES": "10.0.0.1/8"}, "host bits"),
        ({"TRUSTED_PROXIES": "0.0.0.0/0"}, "trust everybody"),
        ({"TRUSTED_PROXIES": "::/0"}, "trust everybody"),
    ],
)
def test_settings_that_trust_too_much_or_nothing_are_refused_without_telling_the_secret(settings, told):
    with pytest.raises(SettingsError, match=told) as refused:
        Proxies(load(ProxySettings, settings))
    assert "short" not in str(refused.value)
    assert SECRET not in repr(ProxySettings(secret=SECRET))
