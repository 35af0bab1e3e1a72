"""What nobody serves: a slash too many is led to the path without, everything else is not there."""

from urllib.parse import urljoin, urlsplit

import pytest


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/api/v1/monitoring/", "/api/v1/monitoring"),
        ("/api/v1/history/?address=Rochester%2C%20MN&limit=2", "/api/v1/history?address=Rochester%2C%20MN&limit=2"),
        ("/health//", "/health"),
    ],
)
def test_a_slash_at_the_end_leads_to_the_path_without(call, asked, led_to):
    path, _, query = asked.partition("?")
    answer = call("unrouted", "GET", path, query=query)
    assert (answer.status, answer.headers["location"]) == (308, led_to)


@pytest.mark.parametrize("path", ["//evil.example/", "///evil.example//", "/\\evil.example/", "/\\\\evil.example/"])
def test_it_never_leads_to_another_host(call, path):
    answer = call("unrouted", "GET", path)
    led_to = urljoin("https://brightspot.example/there", answer.headers["location"].replace("\\", "/"))
    assert (answer.status, urlsplit(led_to).netloc) == (308, "brightspot.example")


def test_what_is_not_there_is_not_found(call):
    assert call("unrouted", "GET", "/wp-admin").status == 404
