"""Webhooks over real HTTP: signed, tried again, and given up in time."""

import socket
import subprocess
import sys

import pytest

from brightspot.resilience import CircuitOpenError
from brightspot.webhooks import Webhook, WebhookFailed, is_signed
from brightspot_local.paths import ROOT
from tests.integration.webhooks.receiver import dripping

SECRET, BODY = b"a secret of some length", b'{"id":"01KB3M5V0Q8Y6Z4T2R7N9W1XCE"}'


def send(webhooks, url):
    webhooks.send(Webhook(url, SECRET), "alerts", "delivery-1", BODY)


def test_a_message_is_posted_with_a_signature_that_its_receiver_can_check(receiver, sender, clock):
    send(sender(), receiver.url)
    ((path, headers, body),) = receiver.got
    assert (path, body, headers["Host"]) == ("/alerts?team=a", BODY, f"hooks.example:{receiver.port}")
    assert (headers["X-Brightspot-Event"], headers["X-Brightspot-Delivery"]) == ("alerts", "delivery-1")
    at, sent, now = int(headers["X-Brightspot-Timestamp"]), headers["X-Brightspot-Signature"], clock.now().timestamp()
    assert at == int(now)
    assert is_signed(SECRET, at, body, sent, now=now + 299)
    assert not is_signed(SECRET, at, body, sent, now=now + 301)
    assert not is_signed(SECRET, at, body + b" ", sent, now=now)
    assert not is_signed(SECRET, at + 1, body, sent, now=now)
    assert not is_signed(b"another", at, body, sent, now=now)


def test_the_example_of_the_page_accepts_it_and_nothing_else(receiver, sender, tmp_path):
    page = (ROOT / "docs" / "alerts.md").read_text()
    example = page.split("```python\n", 1)[1].split("```", 1)[0]
    send(sender(), receiver.url)
    ((_, headers, body),) = receiver.got
    for changed, expected in ((body, "True"), (body + b" ", "False")):
        script = (
            f"{example}\nprint(is_ours({SECRET!r}, {headers!r}, {changed!r}, now={headers['X-Brightspot-Timestamp']}))"
        )
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == expected


def test_what_fails_is_sent_again_with_its_name_and_a_new_signature(receiver, sender):
    receiver.answers = [(500, {}), (503, {"Retry-After": "3"}), (200, {})]
    webhooks = sender()
    send(webhooks, receiver.url)
    assert [headers["X-Brightspot-Delivery"] for _, headers, _ in receiver.got] == ["delivery-1"] * 3
    first, second = webhooks.waits
    assert first <= 0.1  # full jitter under the first back-off
    assert second == 3  # what it asked for
    stamps = [headers["X-Brightspot-Timestamp"] for _, headers, _ in receiver.got]
    assert stamps[0] != stamps[2]


@pytest.mark.parametrize("status", [400, 401, 404, 410, 422])
def test_a_message_that_is_not_wanted_is_not_sent_again_and_the_breaker_stays_closed(receiver, sender, status):
    receiver.answers = [(status, {})]
    webhooks = sender()
    for _ in range(6):
        with pytest.raises(WebhookFailed, match=f"HTTP {status}"):
            send(webhooks, receiver.url)
    assert len(receiver.got) == 6


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(receiver, sender, status):
    receiver.answers = [(status, {"Location": f"http://hooks.example:{receiver.port}/elsewhere"})]
    with pytest.raises(WebhookFailed, match="redirects"):
        send(sender(), receiver.url)
    assert [path for path, _, _ in receiver.got] == ["/alerts?team=a"]


def test_nothing_is_tried_past_the_time_for_all_tries(receiver, sender):
    receiver.answers = [(503, {"Retry-After": "9"})]
    with pytest.raises(WebhookFailed, match="503"):
        send(sender(), receiver.url)
    assert len(receiver.got) == 1


def test_whoever_does_not_answer_is_not_waited_for(receiver, sender):
    receiver.answers = [(None, {}), (200, {})]
    send(sender(try_ms=200), receiver.url)
    assert len(receiver.got) == 2


def test_whoever_sends_a_byte_now_and_then_is_not_waited_for(sender):
    with dripping() as port, pytest.raises(WebhookFailed):
        send(sender(try_ms=300, total_ms=400), f"http://hooks.example:{port}/")


def test_where_nobody_listens_every_address_is_tried_and_then_said_so(receiver, sender):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(WebhookFailed, match="no connection"):
        send(sender(), f"http://hooks.example:{port}/")
    send(sender(resolve=lambda *_: ["127.0.0.9", "127.0.0.1"]), receiver.url)
    assert len(receiver.got) == 1


def test_a_target_that_fails_again_and_again_is_given_a_rest_of_its_own(receiver, sender, clock):
    receiver.answers = [(500, {})]
    webhooks = sender()
    for _ in range(2):
        with pytest.raises((WebhookFailed, CircuitOpenError)):
            send(webhooks, receiver.url)
    before = len(receiver.got)
    with pytest.raises(CircuitOpenError):
        send(webhooks, receiver.url)
    assert len(receiver.got) == before == 5
    (name,) = webhooks.breakers.status([])
    assert name.startswith("webhook-")
    assert "hooks" not in name.removeprefix("webhook-")
    receiver.answers = [(200, {})]
    clock.advance(seconds=61)
    send(webhooks, receiver.url)


def test_no_error_and_no_repr_shows_the_url_or_the_secret(receiver, sender):
    receiver.answers = [(404, {})]
    with pytest.raises(WebhookFailed) as failed:
        send(sender(), receiver.url.replace("team=a", "token=hidden"))
    shown = repr(failed.value) + repr(Webhook(receiver.url, SECRET))
    assert not [each for each in ("hidden", "hooks.example", SECRET.decode()) if each in shown]
