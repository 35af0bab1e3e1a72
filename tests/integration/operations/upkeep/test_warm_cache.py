"""cache_warming: what is asked for most is there before somebody has to wait for it."""

import pytest

from brightspot import operations
from brightspot.cache import KeptValue
from brightspot.core.errors import NotFound
from brightspot.operations import loaders, values
from brightspot.operations.upkeep import warm_cache
from tests.integration.operations.upkeep.conftest import counted

TASK = "cache_warming"
KEYS = ("best:MN", "best:IA", "best:WI")


def older(found):
    """A value of two hours or more as it is an hour and a half later; one that was made since is left as it is."""
    if found.value["of"] != "before":
        return found
    return found._replace(age_seconds=found.age_seconds + 5400, ttl_seconds=found.ttl_seconds - 5400)


@pytest.mark.parametrize(
    ("ttl", "age", "due"),
    [(86_000, 400, False), (7300, 79_000, False), (7100, 79_000, True), (3500, 100, False), (1700, 1900, True)],
)
def test_a_value_is_due_once_most_of_its_life_is_over_and_it_expires_within_two_hours(ttl, age, due):
    assert warm_cache._due(KeptValue(1, age, ttl, "redis")) is due


@pytest.fixture
def loaded(monkeypatch):
    """Keys that were loaded, in order; each is loaded as something short. Every question goes to the store."""
    monkeypatch.setenv("CACHE_VALUES_L1_SECONDS", "0")
    seen = []

    def load(place):
        seen.append(place)
        return {"of": place, "number": len(seen)}

    monkeypatch.setattr(loaders, "_best", load)
    return seen


def ask(number=3):
    """As clients who find nothing; the last key is asked for most."""
    for times, key in enumerate(KEYS[:number], 1):
        for _ in range(times):
            with pytest.raises(NotFound, match="nothing is kept"):
                operations.cached_value("shared", key)


def test_the_most_popular_values_are_made_first(world, loaded):
    ask()
    done = world.run(TASK)
    assert loaded == [f"shared:{key}" for key in reversed(KEYS)]
    assert counted(done)["popular_values"] == (3, 3, 0, 0)
    assert operations.cached_value("shared", "best:MN").value["of"] == "shared:best:MN"


def test_what_is_good_for_hours_is_left_as_it_is(world, loaded):
    ask()
    world.run(TASK)
    assert counted(world.run(TASK))["popular_values"] == (3, 0, 0, 0)
    assert len(loaded) == 3


def test_what_is_about_to_expire_is_made_anew_once(world, loaded, monkeypatch):
    operations.keep_value("shared", "best:MN", {"of": "before"}, 7200.0)
    operations.keep_value("shared", "best:IA", {"of": "before"}, 6 * 3600.0)
    for key in ("best:MN", "best:IA"):
        operations.cached_value("shared", key)
    assert counted(world.run(TASK))["popular_values"] == (2, 0, 0, 0)
    kept = values.kept_values()
    really = kept.get
    monkeypatch.setattr(kept, "get", lambda key: older(really(key)))
    assert counted(world.run(TASK))["popular_values"] == (2, 1, 0, 0)
    assert loaded == ["shared:best:MN"]
    assert operations.cached_value("shared", "best:MN").value["of"] == "shared:best:MN"
    assert counted(world.run(TASK))["popular_values"] == (2, 0, 0, 0)


def test_a_dry_run_computes_nothing_and_counts_the_same(world, loaded):
    ask()
    dry = world.run(TASK, dry_run=True)
    assert loaded == []
    assert counted(dry) == counted(world.run(TASK))


def test_what_there_is_no_time_for_the_next_run_makes(world, loaded):
    ask()
    first = world.run(TASK, looks=4)
    assert (first.outcome, counted(first)["popular_values"]) == ("stopped", (2, 2, 0, 1))
    second = world.run(TASK)
    assert (second.outcome, counted(second)["popular_values"]) == ("done", (3, 1, 0, 0))
    assert sorted(loaded) == sorted(f"shared:{key}" for key in KEYS)


def test_what_cannot_be_made_is_counted_told_and_keeps_nobody_else_from_it(world, loaded, monkeypatch):
    ask()

    def fail(place):
        if place.endswith("IA"):
            raise OSError("down")
        return {"of": place}

    monkeypatch.setattr(loaders, "_best", fail)
    done = world.run(TASK)
    assert counted(done)["popular_values"] == (3, 2, 1, 0)
    assert done.notes == ["best:IA: failed OSError: down"]


def test_keys_that_nothing_can_be_loaded_for_are_left(world, loaded):
    operations.keep_value("shared", "shortlist:7", ["a"], 600.0)
    operations.cached_value("shared", "shortlist:7")
    assert counted(world.run(TASK))["popular_values"] == (1, 0, 0, 0)
    assert operations.cached_value("shared", "shortlist:7").value == ["a"]


def test_switched_off_it_makes_nothing_and_says_so(world, loaded, monkeypatch):
    ask()
    monkeypatch.setenv("CACHE_WARMING_ENABLED", "false")
    done = world.run(TASK)
    assert (done.outcome, done.counts, loaded) == ("done", {}, [])
    assert done.notes == ["warming is switched off (CACHE_WARMING_ENABLED=false)"]


def test_without_a_shared_store_nobody_knows_what_is_popular_and_it_says_so(world, loaded, monkeypatch):
    monkeypatch.delenv("REDIS_URL")
    values.value_warming.cache_clear()
    assert world.run(TASK).notes == ["nobody has asked for a value yet, or there is no shared store that counts them"]
