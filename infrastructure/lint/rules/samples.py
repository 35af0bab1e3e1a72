"""E9013: every function has a real event in events/: one per route or task of a schedule, else one of its own name."""

import json
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

from lint.bundle import Bundle, Event, Finding, Function
from lint.rule import Rule


class Samples(Rule):
    id = "E9013"
    shortdesc = "Every way to call a function has a sample event"
    description = "make bundle starts each function from its events, and sam local invoke takes them."

    def check(self, bundle: Bundle) -> Iterator[Finding]:
        folder = bundle.root.file.parent / "events"
        events = [json.loads(file.read_text()) for file in folder.glob("*.json")]
        sampled, tasks = {each.get("routeKey") for each in events}, {each.get("task") for each in events}
        for function in bundle.functions:
            routes = list(function.events("HttpApi"))
            for route in routes:
                if key(route) not in sampled:
                    message = (
                        f"{function.logical}'s route {key(route)} has no sample event: "
                        "add events/<name>.json with that routeKey"
                    )
                    yield Finding(function.at("Events", route.name), message)
            schedules = list(function.events("ScheduleV2"))
            if len(schedules) > 1:
                yield from _tasks(function, schedules, tasks)
            elif not routes:
                yield from _own(function, folder)


def key(route: Event) -> str:
    return f"{str(route.properties.get('Method')).upper()} {route.properties.get('Path')}"


def _tasks(function: Function, schedules: Iterable[Event], sampled: Container[str | None]) -> Iterator[Finding]:
    for schedule in schedules:
        task = json.loads(str(schedule.properties.get("Input", "{}"))).get("task")
        if task not in sampled:
            message = f"{function.logical}'s task {task} has no sample event: add events/{task}.json with that task"
            yield Finding(function.at("Events", schedule.name), message)


def _own(function: Function, folder: Path) -> Iterator[Finding]:
    if not (folder / f"{function.folder}.json").is_file():
        message = f"{function.logical} has no sample event: add events/{function.folder}.json"
        yield Finding(function.where, message)
