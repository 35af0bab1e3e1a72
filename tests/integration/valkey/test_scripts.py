"""Every Lua script declares its keys, and runs in cluster mode, asked as the library asks it."""

import re
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from brightspot import cache as cache_package
from brightspot.cache import ComputedCache, LocalLevel, Options, TieredCache, cached
from brightspot.core.clock import SystemClock
from brightspot.intrusion import IntrusionSettings, Seen, Standing, Watch, lift, scene
from brightspot.ratelimit import Limit, Limiter, Quota
from brightspot.resilience.breaker_settings import BreakerSettings
from brightspot.resilience.breakers import Breakers
from brightspot.resilience.maintenance import KEY, MaintenanceSettings, MaintenanceSwitch
from brightspot.telemetry import METRICS, Ledger
from brightspot.valkey import Script, ValkeySettings, connect

SOURCES = Path(cache_package.__file__).parents[1]
FILES = {each.name: each for each in SOURCES.rglob("*.lua")}
CALL = re.compile(r"redis\.p?call\(\s*'(\w+)'(?:\s*,\s*([\w.\[\]]+))?")
ALIAS = re.compile(r"local (\w+)[^=\n]* = (KEYS\[\d+\])")


class Recorded:
    """A store, and the scripts that it answered without refusing, by digest."""

    def __init__(self, store):
        self.store = store
        self.ran = Counter()
        self._exchange, store.exchange = store.exchange, self.exchange

    def exchange(self, commands):
        answers = self._exchange(commands)
        for command, answer in zip(commands, answers, strict=True):
            if command[0] == "EVALSHA" and not isinstance(answer, Exception):
                self.ran[command[1]] += 1
        return answers


@pytest.fixture
def cluster(cluster_url):
    made = Recorded(
        connect(ValkeySettings(url=cluster_url, cluster=True, connect_ms=5000, read_ms=5000), SystemClock())
    )
    yield made
    for name in ("clear", "computed", "failing"):
        made.store.call("DEL", f"bs:{{{name}}}:@epochs")
    made.store.close()


def levels(store):
    return TieredCache(store, SystemClock(), LocalLevel())


def computing(store):
    return ComputedCache(levels(store), store, SystemClock(), Random(1))


def clears(store):
    for number in range(20):  # in slots of all nodes
        cache = levels(store)
        _, since = cache.get(f"clear{number}", "k")
        cache.put(f"clear{number}", "k", b"v", 60, since=since, tags=("t",))
        assert cache.clear(f"clear{number}") == 1
        assert levels(store).get(f"clear{number}", "k")[0] is None


def clears_of_a_tag(store):
    for number in range(20):
        cache = levels(store)
        for key in "ab":
            _, since = cache.get(f"clear{number}", key)
            cache.put(f"clear{number}", key, b"v", 60, since=since, tags=(f"t-{key}",))
        assert cache.clear(f"clear{number}", "t-a") == 1
        assert [hit and hit.value for hit in levels(store).get_many(f"clear{number}", ["a", "b"])] == [None, b"v"]


def computes(store):
    """Leases, keeps and forgets; popularity is counted on the way."""
    cache = computing(store)
    for number in range(20):
        space, options = f"computed{number}", Options(ttl=60, window=0.0)
        cache.count_popularity(space)
        assert cache.get(space, "k", lambda: 1, options).value == 1
        assert computing(store).get(space, "k", lambda: 2, options).value == 1
        assert cache.most_popular(space, 1) == ["k"]
        assert cache.forget(space, "k", options) is True
    assert cached("computed", 60, cache=cache)(len)("abc") == 3


def fails_to_compute(store):
    cache = computing(store)
    for number in range(20):
        with pytest.raises(ZeroDivisionError):
            cache.get(f"failing{number}", "k", lambda: 1 / 0, Options(ttl=60))


def limits(algorithm):
    def ask(store):
        limiter, limit = Limiter(store, SystemClock()), Limit(2, 60_000, algorithm)
        for number in range(20):
            quota = [Quota(f"scripts{number}", limit, f"{Random().random()}")]
            assert [decided(store, limiter.ask_all, quota).allowed for _ in range(3)] == [True, True, False]

    return ask


def peeks(algorithm):
    def ask(store):
        limiter, limit = Limiter(store, SystemClock()), Limit(2, 60_000, algorithm)
        for number in range(20):
            quota = [Quota(f"scripts{number}", limit, f"{Random().random()}")]
            assert decided(store, limiter.peek, quota).standings[0].remaining == 2
            decided(store, limiter.ask_all, quota)
            assert decided(store, limiter.peek, quota).standings[0].remaining == 1

    return ask


def decided(store, question, quota):
    trip = store.trip()
    pending = question(trip, quota)
    trip.run()
    return pending.decide()


def breaks(store):
    breakers = Breakers(store, SystemClock(), BreakerSettings(), Random(1))
    for number in range(20):
        name = f"script{number}"
        breakers.configure(name, failure_threshold=1)
        breakers.permit(name)
        breakers.report(None, {name: "failed"})
        assert breakers.status([name])[name]["state"] == "open"
        breakers.close(name)
        breakers.open(name, 1.0)
        assert name in breakers.reset(name)


def adds_figures(store):
    for _ in range(20):  # all of them in one slot
        ledger = Ledger(store, SystemClock())
        ledger.count(("HttpRequests", "GET /", "200"), 1)
        before = ledger.totals(METRICS).counters["HttpRequests", "GET /", "200"]
        ledger.count(("HttpRequests", "GET /", "200"), 2)
        ledger.flush()
        assert ledger.totals(METRICS).counters["HttpRequests", "GET /", "200"] == before + 2


def watches(store):
    watch = Watch(store, IntrusionSettings(), SystemClock())
    for number in range(20):
        client = f"198.51.100.{number}"
        watch.record(client, [Seen("suspicious_input", 60)])
        trip = store.trip()
        answer = watch.ask(trip, client)
        trip.run()
        assert watch.standing(answer) == Standing(60, 4)
        assert [each.text for each in lift(store, client)] == [f"address:{client}"]
    assert scene(watch, store).suspects == []


# Which use of the library runs each script. A script that is not here is one of which nobody has shown it.
USES = {
    "move_epoch.lua": clears,
    "move_tag_epoch.lua": clears_of_a_tag,
    "take_lease.lua": computes,
    "keep_fenced.lua": computes,
    "forget_entry.lua": computes,
    "end_lease.lua": fails_to_compute,
    "log.lua": limits("log"),
    "gcra.lua": limits("gcra"),
    "peek_log.lua": peeks("log"),
    "peek_gcra.lua": peeks("gcra"),
    "breaker.lua": breaks,
    "add_figures.lua": adds_figures,
    "record.lua": watches,
}


def test_the_table_has_every_script_and_no_script_is_without_a_file():
    assert USES.keys() == FILES.keys()
    made = [line for each in SOURCES.rglob("*.py") for line in each.read_text().splitlines() if "Script(" in line]
    assert made == []  # all are `Script.beside`


@pytest.mark.parametrize("name", USES)
def test_it_runs_on_three_masters(cluster, name):
    USES[name](cluster.store)
    assert cluster.ran[Script(FILES[name].read_text(encoding="utf-8")).digest] >= 20


@pytest.mark.parametrize("name", FILES)
def test_it_touches_no_key_that_it_was_not_given(name):
    source = FILES[name].read_text(encoding="utf-8")
    keys = {f"KEYS[{number}]" for number in range(1, 10)} | {alias for alias, _ in ALIAS.findall(source)}
    calls = CALL.findall(source)
    assert len(calls) == len(re.findall(r"redis\.p?call", source))
    assert {first for command, first in calls if command != "TIME"} <= keys


def test_the_maintenance_switch_needs_no_script_and_reaches_all_instances(cluster):
    first, second = (MaintenanceSwitch(cluster.store, SystemClock(), MaintenanceSettings()) for _ in range(2))
    first.turn(on=True)
    assert second.state().on
    first.forget()
    assert not second.state().on
    assert cluster.store.call("EXISTS", KEY) == 0
