"""The watch of each minute: who is told what, once, whoever looks how often."""

import pytest

from brightspot.operations.alerting.desk import AlertDesk
from tests.unit.operations.alerting.board import PAGE, PLAN, TICKET, World

FIRED, ENDED = ("not-healthy", "firing"), ("not-healthy", "resolved")
ILL = (0, 1)  # the lowest and the highest reading of a minute


def desk(world):
    return AlertDesk(world.shelf, world.clock, world.rules)


def test_an_alert_is_pending_then_fires_then_is_resolved_and_both_are_told_once():
    world = World()
    world.minute()
    world.minute(ILL)
    assert [each.state for each in world.board.active.values()] == ["pending"]
    assert world.said() == []
    assert world.minute(ILL) == [{"evaluated": True, "firing": 1, "sent": 1}]
    for _ in range(2):
        world.minute()
    assert world.said() == [FIRED, ENDED]
    (over,) = world.board.closed
    assert (over.state, over.rule, world.board.active, world.board.parcels) == ("resolved", "not-healthy", {}, ())
    assert over.since < over.fired_at < over.resolved_at


def test_the_worst_reading_of_a_minute_counts_and_no_reading_is_a_fault_where_there_must_be_one():
    world = World()
    world.minute()
    world.minute((0, 1))
    world.minute(None)
    (alert,) = world.board.active.values()
    assert (alert.state, alert.value) == ("firing", None)
    assert "nothing was told" in alert.reason


def test_a_counter_that_nobody_told_is_nothing_to_complain_of():
    world = World()
    world.minute(errors=None)
    assert world.board.active == {}
    world.minute(errors=3)
    (alert,) = world.board.active.values()
    assert (alert.state, alert.value, alert.bound) == ("firing", 3.0, 0)


def test_one_evaluation_is_one_message_for_each_channel_grouped_by_severity():
    world = World()
    world.minute(ILL)
    world.minute(ILL, errors=1)
    (parcel,) = world.channels["webhook"].parcels
    assert [each.severity for each in parcel.items] == ["page", "ticket"]
    assert parcel.subject == "page firing: not-healthy, ticket firing: database-errors"


def test_with_the_store_away_what_must_be_told_is_a_fault_and_of_the_rest_nobody_can_say():
    world = World()
    world.minute(errors=1)
    world.told.away = True
    for _ in range(2):
        world.minute()
    assert {name: each.state for name, each in world.board.active.items()} == {
        "database-errors": "firing", "not-healthy": "firing"
    }  # fmt: skip
    assert set(world.board.unknown) == {"database-errors"}  # and it is not taken for well
    world.told.away = False
    world.minute()
    assert world.board.unknown == {}


def test_minutes_that_nobody_evaluated_are_looked_at_afterwards():
    world = World()
    world.minute()
    world.told.healthy |= dict.fromkeys((world.now, world.now + 1), ILL)
    world.clock.advance(seconds=120)
    world.look()
    assert world.said() == [FIRED]


def test_the_end_of_one_time_is_told_before_the_beginning_of_the_next():
    world = World()
    for _ in range(2):
        world.minute(ILL)
    for healthy in ((1, 1), (1, 1), ILL):
        world.told.healthy[world.now] = healthy
        world.clock.advance(seconds=60)
    world.minute(ILL)
    assert world.said() == [FIRED, ENDED, FIRED]
    assert len(world.channels["webhook"].parcels) == 2


def test_an_alert_that_goes_on_is_told_again_after_a_while_and_not_before():
    world = World(rules=(TICKET,))
    for _ in range(4 * 60 + 1):
        world.minute(errors=1)
    assert world.said() == [("database-errors", "firing")] * 2


def test_a_page_that_nobody_acknowledges_goes_further_up_and_its_end_is_told_there_too():
    world = World()
    for _ in range(2 + 14):
        world.minute(ILL)
    assert world.said("escalation-webhook") == []
    world.minute(ILL)
    assert world.said("escalation-webhook") == [FIRED]
    assert world.channels["escalation-webhook"].parcels[0].items[0].escalated
    for _ in range(2):
        world.minute()
    assert world.said("escalation-webhook") == [FIRED, ENDED]
    assert world.said() == [FIRED, ENDED]


def test_an_acknowledged_page_and_a_ticket_go_no_further():
    world = World()
    for _ in range(2):
        world.minute(ILL, errors=1)
    (page,) = (each for each in world.board.active.values() if each.rule == PAGE.name)
    known = desk(world).acknowledge(page.id, "ada")
    again = desk(world).acknowledge(page.id, "bob")
    assert (known.acknowledged_by, again.acknowledged_by) == ("ada", "ada")
    for _ in range(30):
        world.minute(ILL, errors=1)
    assert world.said("escalation-webhook") == []


def test_a_silenced_alert_is_seen_and_not_told_and_told_when_the_silence_ends_before_it():
    world = World()
    made = desk(world).silence("not-healthy", 60, "a rebuild", "ada")
    for _ in range(3):
        world.minute(ILL, errors=1)
    assert world.said() == [("database-errors", "firing")]
    seen = {each.rule: each.silenced_until for each in desk(world).report("firing").alerts}
    assert seen == {"not-healthy": made.until, "database-errors": None}
    desk(world).end_silence(made.id)
    world.minute(ILL, errors=1)
    assert world.said() == [("database-errors", "firing"), FIRED]


def test_a_silence_of_all_ends_by_itself_and_does_not_keep_back_an_end():
    world = World()
    for _ in range(2):
        world.minute(ILL)
    desk(world).silence(None, 5, "a rebuild", "ada")
    world.minute()
    world.minute()
    assert world.said() == [FIRED, ENDED]
    for _ in range(4):
        world.minute()
    assert world.board.silences == ()


def test_what_began_and_ended_in_silence_is_told_to_nobody():
    world = World()
    desk(world).silence(None, 60, "a rebuild", "ada")
    for healthy in (ILL, ILL, (1, 1), (1, 1)):
        world.minute(healthy)
    assert len(world.board.closed) == 1
    assert world.said() == []


def test_what_a_channel_does_not_take_is_sent_at_the_next_evaluation_in_its_order():
    world = World()
    world.channels["webhook"].down = True
    world.minute(ILL)
    world.minute(ILL)
    world.minute()
    world.minute()
    assert [each.tries for each in world.board.parcels] == [3, 0]  # the end waits for the beginning
    assert "did not take" in desk(world).report().recommendations[0]
    world.channels["webhook"].down = False
    world.minute()
    assert world.said() == [FIRED, ENDED]
    assert world.board.parcels == ()


def test_a_message_that_nobody_takes_for_hours_is_given_up(caplog):
    world = World(rules=(TICKET,))
    world.channels["webhook"].down = True
    world.minute(errors=1)
    world.clock.advance(seconds=6 * 3600)
    world.minute()
    assert [each.items[0].state for each in world.board.parcels] == ["resolved"]
    assert [each.subject for each in caplog.records if each.message == "alert_given_up"] == [
        "ticket firing: database-errors"
    ]


def test_a_sender_that_died_is_replaced_and_nothing_is_lost():
    world = World()
    world.channels["webhook"].send = _die
    world.minute(ILL)
    with pytest.raises(SystemError):
        world.minute(ILL)
    del world.channels["webhook"].send
    world.minute(ILL)
    assert world.said() == [FIRED]


def _die(*_):
    raise SystemError("out of memory")


def test_an_announcement_goes_to_the_first_channels_and_to_nobody_where_there_are_none():
    world = World()
    assert desk(world).announce("Daily report", "All is well.") == 0  # nobody knows yet who is to be told
    world.minute()
    assert desk(world).announce("Daily report", "All is well.", "https://example.com/r") == 1
    world.minute()
    (parcel,) = world.channels["webhook"].parcels
    assert (parcel.subject, parcel.text, parcel.link) == ("Daily report", "All is well.", "https://example.com/r")
    assert world.channels["escalation-webhook"].parcels == []
    alone = World(plan=type(PLAN)())
    alone.minute()
    assert desk(alone).announce("Daily report", "All is well.") == 0
