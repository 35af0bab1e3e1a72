"""Several instances: what one of them saw holds at all, and what an administrator lifts is lifted at all."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from brightspot.core.errors import NotFound
from brightspot.intrusion import FREE, Seen, Standing, Watch, lift, scene
from brightspot.intrusion.names import BLOCKED, SCORED

CLIENT = "198.51.100.7"
ATTACK = [Seen("suspicious_input", 60)]


def test_a_block_made_by_one_instance_holds_at_the_next(instance, standing):
    first, second = instance(), instance()
    assert standing(second, CLIENT) == FREE
    first.record(CLIENT, ATTACK)
    assert standing(second, CLIENT) == Standing(60, 4)
    assert standing(second, "198.51.100.8") == FREE


def test_scores_of_all_instances_add_up(instance, standing):
    instances = [instance() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda each: each.record(CLIENT, [Seen("unknown_route")] * 3), instances))
    assert standing(instances[0], CLIENT) == Standing(0, 2)
    (told,) = scene(instances[1], instances[1].valkey).suspects
    assert (told.score, told.amounts, told.points) == (28, {"unknown_route": 24}, {"unknown_route": 28})


def test_an_unblock_holds_at_once_and_the_client_starts_anew(instance, standing):
    first, second = instance(), instance()
    first.record(CLIENT, ATTACK)
    assert [each.text for each in lift(second.valkey, CLIENT)] == [f"address:{CLIENT}"]
    assert standing(first, CLIENT) == FREE
    assert scene(first, first.valkey).suspects == []
    first.record(CLIENT, [Seen("unknown_route")])
    assert standing(second, CLIENT) == FREE
    first.record(CLIENT, ATTACK)
    assert standing(second, CLIENT) == Standing(60, 4)  # as if it were the first one


@pytest.mark.parametrize("written", ["2001:db8:1:2::77", "2001:db8:1:2::/64", " 2001:db8:1:2::/64 "])
def test_an_ipv6_client_is_blocked_and_lifted_with_its_64(instance, standing, written):
    watch = instance()
    watch.record("2001:db8:1:2::1", ATTACK)
    assert standing(watch, "2001:db8:1:2:ffff::9").blocked_seconds
    lift(watch.valkey, written)
    assert standing(watch, "2001:db8:1:2:ffff::9") == FREE


def test_lifting_what_is_not_there_is_told(instance):
    with pytest.raises(NotFound, match="neither blocked nor scored"):
        lift(instance().valkey, CLIENT)


def test_an_allowed_client_is_neither_scored_nor_held_back_nor_asked_about(instance, valkey):
    watch = instance(allow="198.51.100.0/24")
    watch.record(CLIENT, ATTACK * 10)
    assert watch.ask(valkey.trip(), CLIENT) is None
    assert scene(watch, valkey)[1:] == ([], {})


def test_an_allowed_client_that_guesses_at_an_account_is_seen_there(instance, valkey):
    watch = instance(allow="198.51.100.0/24")
    watch.record(CLIENT, [Seen("failed_login", account="01HX")])
    assert [each.name.text for each in scene(watch, valkey).suspects] == ["account:01HX"]


def test_switched_off_it_does_nothing(instance, valkey):
    watch = instance(enabled=False)
    watch.record(CLIENT, ATTACK)
    assert watch.ask(valkey.trip(), CLIENT) is None
    assert valkey.call("EXISTS", SCORED, BLOCKED) == 0


def test_the_scene_counts_all_clients_and_lists_who_scores_most_first(instance, valkey):
    watch = instance()
    watch.record(CLIENT, ATTACK, "ada")
    watch.record("192.0.2.1", [Seen("unknown_route", 30)])
    watch.record("192.0.2.2", [Seen("unknown_route")])
    told = scene(watch, valkey)
    assert told.amounts == {"suspicious_input": 60, "unknown_route": 31}
    assert [(each.name.text, each.score) for each in told.suspects] == [
        ("account:ada", 112),
        (f"address:{CLIENT}", 112),
        ("address:192.0.2.1", 40),
        ("address:192.0.2.2", 0),
    ]
    (blocked,) = told.blocked("address", "account", "pair")
    assert (blocked.name.client, blocked.blocks, blocked.divisor) == (CLIENT, 1, 4)
    assert 0 < blocked.blocked_until - told.at <= 60


def test_an_account_stays_listed_for_its_hour_whatever_addresses_do(instance, valkey):
    watch = instance(window=10)
    watch.record(CLIENT, [Seen("failed_login", account="01HX")])
    seconds, _ = valkey.call("TIME")
    for kind in ("account:01HX", f"pair:{CLIENT}+01HX"):  # as if it were half an hour ago
        valkey.call("ZADD", SCORED, (int(seconds) - 1800) * 1_000_000, kind)
    watch.record("192.0.2.1", [Seen("unknown_route")])
    assert {"account:01HX", f"pair:{CLIENT}+01HX"} <= {each.name.text for each in scene(watch, valkey).suspects}


def test_a_block_that_is_in_no_index_any_more_is_lifted_too(instance, valkey, standing):
    watch = instance()
    watch.record(CLIENT, ATTACK)
    valkey.call("DEL", SCORED, BLOCKED)
    lift(valkey, CLIENT)
    assert standing(watch, CLIENT) == FREE


def test_the_indexes_are_bounded(instance, valkey, monkeypatch):
    from brightspot.intrusion import rules

    monkeypatch.setattr(rules, "MOST_LISTED", 5)
    watch = instance()
    for number in range(12):
        watch.record(f"192.0.2.{number}", ATTACK)
    assert [valkey.call("ZCARD", index) for index in (SCORED, BLOCKED)] == [5, 5]


def test_a_store_that_is_away_holds_nobody_back_and_fails_nothing(clock, caplog):
    from brightspot.core.clock import SystemClock
    from brightspot.intrusion import IntrusionSettings
    from brightspot.valkey import ValkeySettings, connect

    watch = Watch(connect(ValkeySettings(url="redis://127.0.0.1:1/0"), SystemClock()), IntrusionSettings(), clock)
    watch.record(CLIENT, ATTACK)
    assert "intrusion_unrecorded" in caplog.text
