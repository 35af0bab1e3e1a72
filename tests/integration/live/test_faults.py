"""However a live source fails, the request is answered and the embedded values stand.

Every fault runs against every source that tells points; a new source joins by its row in `stub.ANSWERS`.
"""

import time

import pytest

from brightspot.locations.collectors.live.registry import source_of
from tests.integration.live import stub

TELLING = [name for name in stub.ANSWERS if source_of(name).facts.gives]
# What each fault is told as; None: the source answers all the same.
FAULTS = {
    "hung": (stub.hung, "did not answer in time"),
    "dripping": (stub.dripping, "did not answer in time"),
    "429": (stub.status(429), "answered HTTP 429"),
    "429 for an hour": (stub.status(429, {"Retry-After": "3600"}), "answered HTTP 429"),
    "500": (stub.status(500), "answered HTTP 500"),
    "503": (stub.status(503, {"Retry-After": "Fri, 31 Dec 2100 23:59:59 GMT"}), "answered HTTP 503"),
    "400": (stub.status(400), "answered HTTP 400"),
    "cut": (stub.cut, "broke off"),
    "cut chunk": (stub.cut_chunk, "broke off"),
    "hung up": (stub.dropped, "broke off"),
    "wrong type": (stub.wrong_type, "is not what it should be"),
    "HTML": (stub.html, "answered in text/html"),
    "HTML called JSON": (stub.html_called_json, "is not what it should be"),
    "50 MB": (stub.huge, "larger than 5 MB"),
    "50 MB announced": (stub.huge_announced, "larger than 5 MB"),
    "50 MB packed": (stub.bomb, "larger than 5 MB"),
    "redirect elsewhere": (stub.elsewhere, "redirects elsewhere"),
    "redirect in circles": (stub.round_in_circles, "redirects"),
}

ENDLESS = {"hung", "dripping"}


@pytest.fixture
def embedded(analyze):
    """What is answered with every live source off."""
    return analyze("55901")[1]


@pytest.mark.parametrize("source", TELLING)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_fails_no_request_and_removes_no_embedded_value(
    embedded, provider, switch_on, analyze, points, source, fault
):
    provider.faults[source], reason = FAULTS[fault]
    stub.packed_50_mb()  # takes its time the first time
    # One more try shows what further ones would: for some providers each has to wait for its limit.
    switch_on(source, timeout=0.7 if fault in ENDLESS else 10, RETRY_MAX_RETRIES=1)
    started = time.monotonic()
    status, answer = analyze("55901")
    assert time.monotonic() - started < 9
    assert status == 200
    assert provider.of(source)
    assert points(answer) == points(embedded)
    assert answer["overall_score"] == embedded["overall_score"]
    assert answer["data_points_collected"] == embedded["data_points_collected"]
    told = answer["performance"]["live"][source]
    assert told["way"] == "embedded"
    assert reason in told["reason"]
    assert "secret-key" not in str(answer)
    of_it = [each for each in answer["missing"] if each["point"] in source_of(source).facts.gives]
    assert of_it
    assert all(told["reason"] in each["reason"] for each in of_it)
    ways = {each["source"] for each in answer["performance"]["collectors"].values()}
    assert ways == {"embedded", f"embedded, {source} (embedded)"}
    assert {each["status"] for each in answer["performance"]["collectors"].values()} == {"ok"}


@pytest.mark.parametrize("source", TELLING)
@pytest.mark.parametrize("fault", [stub.slow, stub.zipped, stub.status(503, {"Retry-After": "0"}, times=1)])
def test_what_only_delays_or_packs_an_answer_costs_nothing_else(provider, switch_on, analyze, source, fault):
    provider.faults[source] = fault
    switch_on(source, timeout=3)
    answer = analyze("55901")[1]
    assert answer["performance"]["live"][source]["way"] == "live"
    assert source_of(source).facts.name in {each["name"] for each in answer["sources"]}


@pytest.mark.parametrize("source", TELLING)
def test_an_answer_with_a_failed_source_is_not_kept(provider, switch_on, analyze, source):
    provider.faults[source] = stub.status(400, times=1)
    switch_on(source)
    ways = []
    for _ in range(3):
        answer = analyze("55901")[1]
        ways.append((answer["cached"], answer["performance"]["live"][source]["way"]))
    assert ways == [(False, "embedded"), (False, "live"), (True, "live")]
