"""cleanup_performance_metrics: what expired and is still there goes, what is kept stays."""

from datetime import timedelta

import pytest
import redis

from brightspot.core import codec
from brightspot.operations.figures_table import TableShelf
from brightspot.operations.health_history import HealthLog, HealthPoint
from brightspot.operations.health_table import TableShelves
from brightspot.operations.rollups import old_spans
from brightspot.store.access.recording import SLOW_QUERIES
from tests.integration.operations.upkeep.conftest import SETTINGS, counted
from tests.unit.operations.test_health_history import START, probed

TASK = "cleanup_performance_metrics"


@pytest.fixture
def spans(world):
    """Of the 40 days before now and two days more an hour each; it is what the last two days are that is over."""
    shelf, now = TableShelf(SETTINGS), world.clock.now()
    for back in range(42 * 24):
        if back % 12 == 0:
            at = now - timedelta(hours=back)
            shelf.join(f"hour#{at:%Y-%m-%dT%H}", {"HttpRequests": 1}, at + timedelta(days=40))
    for days in (399, 401, 402):
        at = now - timedelta(days=days)
        shelf.join(f"day#{at:%Y-%m-%d}", {"HttpRequests": 1}, at + timedelta(days=400))
    return {each["span"]["S"] for each in world.rows("figures")}


def kept(world):
    return {each["span"]["S"] for each in world.rows("figures")}


def test_hours_of_over_40_days_and_days_of_over_400_go_and_no_others(world, spans):
    done = world.run(TASK)
    gone = spans - kept(world)
    edge = f"{world.clock.now() - timedelta(days=40):%Y-%m-%dT%H}"
    assert {each for each in gone if each.startswith("hour#")} == {
        each for each in spans if each.startswith("hour#") and each[5:] <= edge
    }
    assert len({each for each in gone if each.startswith("day#")}) == 2
    assert (done.outcome, done.counts["figures"].changed) == ("done", len(gone)) == ("done", 6)


def test_a_second_run_deletes_nothing(world, spans):
    world.run(TASK)
    assert counted(world.run(TASK))["figures"][1] == 0


def test_a_dry_run_counts_what_the_run_deletes(world, spans):
    dry = world.run(TASK, dry_run=True)
    assert kept(world) == spans
    assert counted(dry) == counted(world.run(TASK))


def test_what_little_time_leaves_the_next_run_deletes(world, spans):
    whole = counted(world.run(TASK, dry_run=True))["figures"]
    parts, outcome = [], "stopped"
    while outcome == "stopped":
        run = world.run(TASK, looks=6)
        parts.append(counted(run).get("figures", (0, 0, 0, 0)))
        outcome = run.outcome
    assert len(parts) > 3
    assert [sum(each[number] for each in parts) for number in (0, 1)] == [*whole[:2]]
    assert parts[0][3] == whole[0] - parts[0][0]  # how many keys are left is known


def test_a_span_that_was_written_anew_stays(world):
    now = world.clock.now()
    (*_, span) = old_spans(now - timedelta(days=3), now - timedelta(days=2))
    TableShelf(SETTINGS).join(span, {"HttpRequests": 1}, now + timedelta(days=1))
    assert counted(world.run(TASK))["figures"][1] == 0
    assert kept(world) == {span}


def test_minutes_and_hours_of_health_go_when_they_expired(world):
    world.clock.advance(seconds=(START - world.clock.now()).total_seconds())
    log = HealthLog(TableShelves(SETTINGS), world.clock)
    probed(log, world.clock, 130)
    before = {each["shelf"]["S"] for each in world.rows("health")}
    assert len([each for each in before if each.startswith("minutes#")]) >= 3
    world.clock.advance(seconds=29 * 3600)
    assert counted(world.run(TASK))["health"][1] == len([each for each in before if each.startswith("minutes#")])
    assert all(each["shelf"]["S"].startswith("hours#") for each in world.rows("health"))
    world.clock.advance(seconds=32 * 86_400)
    assert counted(world.run(TASK))["health"][1] == len([each for each in before if each.startswith("hours#")])
    assert world.rows("health") == []


def test_every_shelf_is_found_whenever_within_two_weeks_one_looks(world):
    shelves, at = TableShelves(SETTINGS), world.clock.now()
    for hours in range(0, 24 * 40, 7):
        when = at + timedelta(hours=hours)
        point = HealthPoint(when, "healthy", 1.0, 1, [], {})
        shelves.append(f"minutes#{when:%Y-%m-%dT%H}", point, when + timedelta(hours=26))
        shelves.append(f"hours#{when:%Y-%m-%d}", point, when + timedelta(days=31))
    for _ in range(7):
        world.clock.advance(seconds=13 * 86_400)
        world.run(TASK)
    assert world.rows("health") == []


def test_slow_operations_and_minutes_without_an_expiry_leave_the_store(world, valkey_url):
    now = world.clock.now().timestamp()
    minute = int(now) // 60
    with redis.Redis.from_url(valkey_url) as store:
        for kind in ("", f":{SLOW_QUERIES}"):
            told = {
                codec.dumps(["old", 1.0, now - 41 * 86_400]): now - 41 * 86_400,
                codec.dumps(["new", 1.0, now]): now,
            }
            store.zadd(f"bs:{{metrics}}:slow{kind}", told)
        store.hset(f"bs:{{metrics}}:minute:{minute - 500}", "HttpRequests", 1)
        store.hset(f"bs:{{metrics}}:minute:{minute - 3}", "HttpRequests", 1)
        store.hset("bs:{metrics}:totals", "HttpRequests", 1)
        dry = counted(world.run(TASK, dry_run=True))
        assert store.exists(f"bs:{{metrics}}:minute:{minute - 500}")
        done = counted(world.run(TASK))
        assert (dry["slow_operations"], dry["minutes_of_figures"][1]) == ((4, 2, 0, 0), 1)
        assert (done["slow_operations"], done["minutes_of_figures"][1]) == ((4, 2, 0, 0), 1)
        assert [store.zcard(f"bs:{{metrics}}:slow{kind}") for kind in ("", f":{SLOW_QUERIES}")] == [1, 1]
        assert not store.exists(f"bs:{{metrics}}:minute:{minute - 500}")
        assert store.exists(f"bs:{{metrics}}:minute:{minute - 3}", "bs:{metrics}:totals") == 2


def test_a_process_without_tables_and_store_says_so(world, monkeypatch):
    for name in ("TABLE_PREFIX", "REDIS_URL"):
        monkeypatch.delenv(name)
    done = world.run(TASK)
    assert (done.outcome, {each.changed for each in done.counts.values()}) == ("done", {0})
    assert any("there are no tables" in each for each in done.notes)
    assert any("no shared store" in each for each in done.notes)
