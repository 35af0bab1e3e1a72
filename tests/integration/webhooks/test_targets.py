"""Webhooks go to the open internet alone, whatever a name leads to, and whenever."""

import socket
import ssl
from ipaddress import IPv4Address, IPv4Network, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.webhooks import TargetRules, Webhook, WebhookFailed, target_of
from brightspot.webhooks.targets import is_public

STRICT, HTTP = TargetRules(), TargetRules(http=True)
PRIVATE = [
    "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104  # not to be bound to
    "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fd00:ec2::254", "fc00::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:7f00:1::1",
]  # fmt: skip
PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", PRIVATE)
def test_no_private_loopback_or_link_local_address_is_connected_to(receiver, sender, address):
    assert not is_public(address)
    webhooks = sender(HTTP, lambda *_: [address])
    with pytest.raises(WebhookFailed, match="not public"):
        webhooks.send(Webhook(receiver.url, b"s"), "alerts", "d", b"{}")
    assert receiver.got == []


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are(address):
    assert is_public(address)


RANGES = [
    IPv4Network(each) for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16")
]


@given(st.sampled_from(RANGES).flatmap(lambda net: st.integers(0, net.num_addresses - 1).map(lambda at: net[at])))
def test_no_way_to_write_a_private_address_passes(address):
    number = int(address)
    hidden = [IPv6Network("::ffff:0:0/96")[number], IPv6Network("64:ff9b::/96")[number]]
    assert not [each for each in (IPv4Address(number), *hidden) if is_public(str(each))]


def test_one_private_address_among_public_ones_is_enough_to_refuse(receiver, sender):
    webhooks = sender(HTTP, lambda *_: ["93.184.216.34", "10.0.0.1"])
    with pytest.raises(WebhookFailed, match="not public"):
        webhooks.send(Webhook(receiver.url, b"s"), "alerts", "d", b"{}")


def test_the_address_that_was_checked_is_the_one_that_is_connected_to(receiver, sender, monkeypatch):
    """DNS rebinding: nobody looks the name up a second time, so that a second answer helps nobody."""
    asked, really = [], socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *more, **named: asked.append(host) or really(host, *more))
    answers = [["127.0.0.1"]]
    sender(resolve=lambda *_: answers.pop()).send(Webhook(receiver.url, b"s"), "alerts", "d", b"{}")
    assert len(receiver.got) == 1
    assert set(asked) <= {"127.0.0.1"}


def test_a_name_that_leads_elsewhere_at_the_second_try_is_checked_again(receiver, sender, monkeypatch):
    tried = []

    def unreachable(target, addresses, *_):
        tried.append(addresses)
        raise WebhookFailed("it takes no connection", again=0.0)

    monkeypatch.setattr("brightspot.webhooks.sender.post", unreachable)
    answers = [["127.0.0.1"], ["93.184.216.34"]]
    with pytest.raises(WebhookFailed, match="not public"):
        sender(HTTP, lambda *_: answers.pop()).send(Webhook(receiver.url, b"s"), "alerts", "d", b"{}")
    assert tried == [["93.184.216.34"]]


def test_http_and_a_private_address_need_settings_of_their_own(receiver, sender):
    for rules, reason in ((STRICT, "not https"), (HTTP, "not public"), (TargetRules(private=True), "not https")):
        with pytest.raises(WebhookFailed, match=reason):
            sender(rules).send(Webhook(receiver.url, b"s"), "alerts", "d", b"{}")
    assert receiver.got == []


@pytest.mark.parametrize(
    "url",
    [
        "", "hooks.example", "ftp://hooks.example/", "file:///etc/passwd", "https://", "https:///x", "//hooks.example/",
        "https://user@hooks.example/", "https://user:word@hooks.example/", "https://hooks.example:99999/",
        "https://hooks.example/\r\nHost: other", "https://hooks.example/a b", "https://hooks.exämple/",
        "https://hooks.example/" + "x" * 2048, "https://[::1", "gopher://hooks.example/",
    ],
)  # fmt: skip
def test_what_is_no_url_for_webhooks_is_refused_before_anything_is_asked(sender, url):
    def nobody(*_):
        raise AssertionError("looked up")

    with pytest.raises(WebhookFailed):
        sender(STRICT, nobody).send(Webhook(url, b"s"), "alerts", "d", b"{}")


def test_a_host_that_is_not_there_is_told(receiver, sender):
    def unknown(*_):
        raise OSError("no such name")

    with pytest.raises(WebhookFailed, match="no address"):
        sender(HTTP, unknown).send(Webhook(receiver.url, b"s"), "alerts", "d", b"{}")


def test_over_https_the_name_in_the_url_must_be_that_of_the_certificate(receiver, sender):
    """The receiver speaks no TLS at all, so that nothing is sent to whoever cannot show a certificate."""
    url = f"https://hooks.example:{receiver.port}/"
    with pytest.raises(WebhookFailed) as failed:
        sender(TargetRules(private=True)).send(Webhook(url, b"s"), "alerts", "d", b"{}")
    assert "broke off" in str(failed.value)
    assert receiver.got == []
    assert ssl.create_default_context().verify_mode is ssl.CERT_REQUIRED


def test_ports_and_hosts_are_written_as_servers_expect_them():
    every = {
        url: target_of(url, HTTP) for url in ("https://a.example", "https://a.example:8443/x?y=1", "http://[::1]:80/")
    }
    assert [(each.host_header, each.port, each.resource) for each in every.values()] == [
        ("a.example", 443, "/"),
        ("a.example:8443", 8443, "/x?y=1"),
        ("[::1]", 80, "/"),
    ]
