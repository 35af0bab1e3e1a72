"""One instance of many: a process whose threads ask for the same subject at once, as soon as its input says so."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from brightspot.core.clock import SystemClock
from brightspot.ratelimit import Limit, Limiter, Quota
from brightspot.valkey import ValkeySettings, connect


def say(word):
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main(url, algorithm, cluster, count, calls):
    store = connect(
        ValkeySettings(url=url, cluster=cluster == "cluster", connect_ms=20_000, read_ms=20_000), SystemClock()
    )
    limiter, start = Limiter(store, SystemClock()), threading.Barrier(int(calls))
    # A unit of GCRA comes back each 86,400 s / N: none while a test runs.
    asked = [Quota("p", Limit(int(count), 86400, algorithm), "192.0.2.7")]

    def call(_):
        trip = store.trip()
        pending = limiter.ask_all(trip, asked)
        start.wait()
        trip.run()
        return pending.decide().allowed

    store.call("PING")
    say("ready")
    sys.stdin.readline()
    with ThreadPoolExecutor(int(calls)) as pool:
        say(sum(pool.map(call, range(int(calls)))))


main(*sys.argv[1:])
