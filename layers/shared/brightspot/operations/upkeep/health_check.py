"""system_health_check: every part of the service checked once, with a verdict for each."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import msgspec

from brightspot.operations.breakers import breaker_states
from brightspot.operations.components import component_report
from brightspot.operations.tasks import queue_states
from brightspot.operations.upkeep.kept import Runs, shared_runs
from brightspot.operations.upkeep.registry import TASKS, MaintenanceTask
from brightspot.operations.upkeep.work import Step, Work

_MUCH: Final = 1000  # messages that wait
_LATE: Final = timedelta(hours=1)  # schedules try as long
_CHECK: Final = "system_health_check"
Status = Literal["healthy", "degraded", "unhealthy", "unknown"]
_WORSE: Final[tuple[Status, ...]] = ("healthy", "unknown", "degraded", "unhealthy")


class Verdict(msgspec.Struct, frozen=True):
    """On one part: how it is, and where it is not healthy why."""

    status: Status
    reason: str | None = None


def _components(work: Work, _: str) -> str | None:
    """What GET /health asks, asked anew."""
    report = component_report(anew=True)
    _told(work, "components", {name: Verdict(each.status, each.reason) for name, each in report.components.items()})
    return None


def _queues(work: Work, _: str) -> str | None:
    """What waits, and what was given up."""
    found = {}
    for name, each in queue_states().items():
        if each.waiting is None:
            found[name] = Verdict("unknown", each.reason)
        elif name.endswith("dead-letters"):
            found[name] = Verdict("degraded", f"{each.waiting:,} given up") if each.waiting else Verdict("healthy")
        else:
            found[name] = Verdict("degraded", f"{each.waiting:,} wait") if each.waiting >= _MUCH else Verdict("healthy")
    _told(work, "queues", found)
    return None


def _breakers(work: Work, _: str) -> str | None:
    """Every circuit breaker, of live sources too."""
    states = {name: each.state for name, each in breaker_states().items()}
    found = {
        name: Verdict("healthy") if each == "closed" else Verdict("degraded", each) for name, each in states.items()
    }
    _told(work, "breakers", found)
    return None


def _maintenance(work: Work, _: str) -> str | None:
    """Whether each maintenance task ran when it was due, and how its last run ended."""
    runs = shared_runs()
    first = runs.oldest(_CHECK)  # this run is kept by now
    since = work.now if first is None else first.started_at
    _told(work, "maintenance", {each.name: _ran(each, runs, since, work.now) for each in TASKS.values()})
    return None


def _ran(task: MaintenanceTask, runs: Runs, since: datetime, now: datetime) -> Verdict:
    last = next((each.seen(now) for each in runs.newest(task.name, 20) if not each.dry_run), None)
    overdue = timedelta(hours=task.every_hours) + _LATE
    if last is None:
        if now - since <= overdue:
            return Verdict("unknown", "it has not been due since this is watched")
        return Verdict("degraded", f"it never ran, and is due every {task.every_hours} h")
    if now - last.started_at > overdue:
        return Verdict(
            "degraded", f"it last ran {last.started_at:%Y-%m-%d %H:%M} UTC, and is due every {task.every_hours} h"
        )
    if last.outcome in {"failed", "unfinished"}:
        return Verdict(
            "degraded", f"its last run {'failed' if last.error else 'was killed'}: {last.error or last.ends_by}"
        )
    return Verdict("healthy")


def _told(work: Work, what: str, found: Mapping[str, Verdict]) -> None:
    """Count verdicts, keep those on what is not healthy, and the worst of all."""
    tally = work.tally(what)
    tally.looked_at += len(found)
    tally.failed += sum(each.status in {"degraded", "unhealthy"} for each in found.values())
    work.facts[what] = {name: msgspec.structs.asdict(each) for name, each in found.items()}
    work.facts["verdict"] = max((each["status"] for each in _all(work.facts)), key=_WORSE.index, default="unknown")


def _all(facts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    return (each for name, told in facts.items() if name != "verdict" for each in told.values())


STEPS: Final[Mapping[str, Step]] = {
    "components": _components,
    "queues": _queues,
    "breakers": _breakers,
    "maintenance": _maintenance,
}
