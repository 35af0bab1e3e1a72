"""A process that computes one value through the cache, and counts its calls in the store itself.

Arguments: URL, threads, seconds a computation takes, options as JSON. It prints `ready`, begins at a line on its
standard input, and prints as JSON what its threads got.
"""

import json
import random
import sys
import threading
import time

from brightspot.cache import ComputedCache, LocalLevel, Options, TieredCache
from brightspot.core.clock import SystemClock
from brightspot.valkey import ValkeySettings, connect


def main() -> None:
    url, threads, takes, options = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), json.loads(sys.argv[4])
    clock = SystemClock()
    store = connect(ValkeySettings(url=url, connect_ms=5000, read_ms=5000), clock)
    cache = ComputedCache(TieredCache(store, clock, LocalLevel()), store, clock, random.Random())

    def compute() -> str:
        store.call("INCR", "calls")
        print("computing", flush=True)
        time.sleep(takes)
        return "value"

    values: list[str] = []
    jobs = [
        threading.Thread(target=lambda: values.append(cache.get("n", "k", compute, Options(**options)).value))
        for _ in range(threads)
    ]
    print("ready", flush=True)
    sys.stdin.readline()
    for each in jobs:
        each.start()
    for each in jobs:
        each.join()
    print(json.dumps(values), flush=True)


if __name__ == "__main__":
    main()
