"""Where the start of a cached answer goes: CPU by phase, and time of imports by top-level module."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from statistics import median
from typing import Any

from brightspot_local.paths import ROOT
from tests.bench import built

RUNS = 9
MOST = 15
LEAST_TOLD = 5.0
_PHASES = """
import time, json, sys
at = {"interpreter": time.process_time()}
import awslambdaric.__main__, awslambdaric.bootstrap
at["runtime client"] = time.process_time()
import analyze_handler
at["handler imported"] = time.process_time()
class Context:
    aws_request_id = "8f6f3a53-5b1e-4d0b-9a9e-6d8a3c1f2b40"
answer = analyze_handler.handler(json.loads(sys.argv[1]), Context())
at["first answer"] = time.process_time()
analyze_handler.handler(json.loads(sys.argv[1]), Context())
at["second answer"] = time.process_time()
print(json.dumps([at, json.loads(answer["body"])["cached"]]), file=sys.stderr)
"""


def tell(url: str, event: dict[str, Any]) -> int:
    """Print both tables of our handler answering from the cache; the first run fills it."""
    _run(url, event)
    found = [_run(url, event) for _ in range(RUNS)]
    if not all(cached for _, cached in (json.loads(each.splitlines()[-1]) for each in found)):
        raise ValueError("the answers did not come from the cache")
    print(f"{'CPU ms until (medians)':30} {'at':>8} {'more':>8}")
    before = 0.0
    phases = [json.loads(each.splitlines()[-1])[0] for each in found]
    for name in phases[0]:
        at = median(each[name] for each in phases) * 1000
        print(f"{name:30} {at:8.1f} {at - before:8.1f}")
        before = at
    _tell_imports([_run(url, event, "-X", "importtime") for _ in range(RUNS)])
    return 0


def _tell_imports(logs: list[str]) -> None:
    """The least own time of each module over several runs: the one that noise added least to."""
    own: defaultdict[str, float] = defaultdict(lambda: float("inf"))
    for _, module, spent in (each for log in logs for each in _imports(log)):
        own[module] = min(own[module], spent)
    groups: defaultdict[str, list[float]] = defaultdict(list)
    for module, spent in own.items():
        groups[_group(module)].append(spent)
    print(f"\n{'imports, own ms summed (least of runs)':54} {'ms':>7} {'modules':>8}")
    for name, each in sorted(groups.items(), key=lambda group: -sum(group[1]))[:MOST]:
        print(f"{name:54} {sum(each):7.1f} {len(each):8}")
    print(f"{'all':54} {sum(own.values()):7.1f} {len(own):8}")
    print(f"\n{'who brought what, with all that it brought':54} {'ms':>7}")
    for line in _tree(logs[-1], own):
        print(line)


def _tree(log: str, own: Mapping[str, float]) -> list[str]:
    """Nested as imported, what took `LEAST_TOLD` ms or more. The log names a module after those that it brought."""
    waiting: defaultdict[int, list[tuple[float, list[str]]]] = defaultdict(list)
    for depth, module, _ in _imports(log):
        brought = waiting.pop(depth + 1, [])
        spent = own[module] + sum(ms for ms, _ in brought)
        lines = [f"{'  ' * depth + module:54} {spent:7.1f}", *(line for _, below in brought for line in below)]
        waiting[depth].append((spent, lines if spent >= LEAST_TOLD else []))
    return [line for _, lines in waiting[0] for line in lines]


def _imports(log: str) -> list[tuple[int, str, float]]:
    """Depth, module and own milliseconds of every line that importtime wrote."""
    rows = [line.split(":", 1)[1].split("|") for line in log.splitlines() if line.startswith("import time:")]
    return [
        ((len(module) - len(module.lstrip()) - 1) // 2, module.strip(), float(own) / 1000)
        for own, _, module in rows
        if "[us]" not in own
    ]


def _group(module: str) -> str:
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "brightspot" else parts[0]


def _run(url: str, event: dict[str, Any], *options: str) -> str:
    folder = built.OURS / "AnalyzeFunction"
    path = [folder, built.LAYER_BUILT / "python", ROOT / ".tools" / "emulator"]
    done = subprocess.run(
        [sys.executable, "-S", *options, "-c", _PHASES, json.dumps(event)],
        env={
            "PATH": os.defpath,
            "PYTHONPATH": os.pathsep.join(map(str, path)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "AWS_REGION": "us-east-1",
            **built.environment(url),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stderr
