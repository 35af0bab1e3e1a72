"""A chain of ways: which one answered, and why the others did not."""

import asyncio

import pytest

from brightspot.resilience.fallbacks import NoWayLeft, afirst_that_works, first_that_works

DOWN, STALE = OSError("down"), ValueError("too old")


def fails(error):
    def way():
        raise error

    return way


def test_the_first_way_that_works_answers_and_no_further_one_is_tried(caplog):
    tried = []
    answered = first_that_works({"live": lambda: "fresh", "kept": lambda: tried.append(1)})
    assert (answered.value, answered.by, dict(answered.failures), answered.first_choice) == ("fresh", "live", {}, True)
    assert (tried, caplog.records) == ([], [])


def test_it_says_which_way_answered_and_why_those_before_did_not(caplog):
    answered = first_that_works({"live": fails(DOWN), "kept": fails(STALE), "embedded": lambda: "2022"})
    assert (answered.value, answered.by, answered.first_choice) == ("2022", "embedded", False)
    assert answered.failures == {"live": DOWN, "kept": STALE}
    (event,) = caplog.records
    assert (event.message, event.by) == ("fallback_used", "embedded")
    assert event.failures == {"live": "OSError: down", "kept": "ValueError: too old"}


def test_when_no_way_works_every_reason_is_told():
    with pytest.raises(NoWayLeft, match=r"no way worked \(live: OSError: down; kept: ValueError: too old\)") as caught:
        first_that_works({"live": fails(DOWN), "kept": fails(STALE)})
    assert caught.value.failures == {"live": DOWN, "kept": STALE}
    with pytest.raises(NoWayLeft, match="no way to try"):
        first_that_works({})


def test_an_interrupt_is_nobodys_turn():
    with pytest.raises(KeyboardInterrupt):
        first_that_works({"live": fails(KeyboardInterrupt()), "kept": lambda: "kept"})


def test_ways_that_are_awaited_come_one_after_another():
    async def down():
        raise DOWN

    async def kept():
        return "kept"

    answered = asyncio.run(afirst_that_works({"live": down, "kept": kept}))
    assert (answered.value, answered.by, answered.failures) == ("kept", "kept", {"live": DOWN})
    with pytest.raises(NoWayLeft):
        asyncio.run(afirst_that_works({"live": down}))
