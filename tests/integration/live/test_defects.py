"""A source with a defect of ours costs its own values, no request and no embedded value."""

import time
from dataclasses import replace
from math import inf, nan

import pytest

from brightspot.locations.collectors.live import registry
from brightspot.locations.collectors.live.source import Found
from tests.integration.live import stub


@pytest.fixture
def broken(monkeypatch):
    """`broken(found=...)`: Overpass with parts exchanged."""
    whole = registry.source_of

    def exchange(**parts):
        monkeypatch.setattr(registry, "source_of", lambda name: replace(whole(name), **parts))

    return exchange


def fail(*_):
    raise KeyError("a defect")


@pytest.mark.parametrize("part", ["query", "read", "found"])
def test_what_raises_in_a_source_costs_that_source_alone(provider, switch_on, analyze, broken, caplog, part):
    embedded = analyze("55901")[1]
    broken(**{part: fail})
    switch_on("overpass")
    status, answer = analyze("55901")
    assert status == 200
    assert answer["categories"] == embedded["categories"]
    told = answer["performance"]["live"]["overpass"]
    assert (told["way"], told["reason"]) == ("embedded", "it could not be read (KeyError)")


@pytest.mark.parametrize("strange", [Found("no_such_point", 1.0), Found("schools", inf), Found("schools", nan)])
def test_what_no_source_may_tell_costs_that_source_alone(provider, switch_on, analyze, broken, strange):
    embedded = analyze("55901")[1]
    broken(found=lambda *_: [strange])
    switch_on("overpass")
    status, answer = analyze("55901")
    assert status == 200
    assert answer["overall_score"] == embedded["overall_score"]
    assert answer["performance"]["live"]["overpass"]["way"] == "embedded"


def test_a_copy_that_cannot_be_used_any_more_does_not_stand_in(provider, switch_on, analyze, broken, monkeypatch):
    monkeypatch.setenv("ANALYSIS_CACHE_TTL_HOURS", "0")
    left = [1]

    def found_once(around, site, embedded):
        if not left[0]:
            raise KeyError("a defect")
        left[0] -= 1
        return [Found("schools", around.schools)]

    broken(found=found_once)
    switch_on("overpass", LIVE_OVERPASS_TTL_HOURS="0.00001")
    first = analyze("55901")[1]
    provider.faults["overpass"] = stub.status(400)
    time.sleep(0.1)
    second = analyze("55901")[1]
    ways = [each["performance"]["live"]["overpass"]["way"] for each in (first, second)]
    assert ways == ["live", "embedded"]
