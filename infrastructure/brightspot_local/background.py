"""`brightspot tasks` and `brightspot schedules`: what a server does in the background, by its API."""

import argparse
import sys
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from brightspot_local.asking import REFUSED
from brightspot_local.remote import Remote, RemoteUnusable, answered, pages, token_of
from brightspot_local.show import Line, Section, Table, sections

_TASKS = "/api/v1/tasks"
_SCHEDULES = "/api/v1/schedules"


def tasks(asked: argparse.Namespace) -> int:
    """Do what is asked of tasks; a refusal prints its reason on stderr and returns 2."""
    return _done(asked, "tasks", _TASK_ACTIONS)


def schedules(asked: argparse.Namespace) -> int:
    """The same of schedules."""
    return _done(asked, "schedules", _SCHEDULE_ACTIONS)


def _done(asked: argparse.Namespace, command: str, actions: Mapping[str, Callable[..., None]]) -> int:
    try:
        actions[asked.what](Remote(asked.url, token_of(asked.data, asked.token_file)), asked)
    except RemoteUnusable as error:
        print(f"brightspot {command} {asked.what}: {error}", file=sys.stderr)
        return REFUSED
    return 0


def _list_tasks(server: Remote, asked: argparse.Namespace) -> None:
    filters = {name: value for name in ("name", "state") if (value := getattr(asked, name)) is not None}
    found = pages(server, _TASKS, "tasks", asked.limit, **filters)
    rows = [
        [each["id"], each["name"], each["state"], each["priority"], _tries(each), each["created_at"], _reason(each)]
        for each in found
    ]
    sections([Table("Tasks", ["id", "name", "state", "priority", "tries", "submitted", "why"], rows)], sys.stdout)


def _show_task(server: Remote, asked: argparse.Namespace) -> None:
    _tell_task(answered(server.get(_at(_TASKS, asked.id))))


def _cancel(server: Remote, asked: argparse.Namespace) -> None:
    _tell_task(answered(server.delete(_at(_TASKS, asked.id))))


def _redrive(server: Remote, asked: argparse.Namespace) -> None:
    """One, or as many of the dead letters as `--limit`."""
    if asked.id is not None:
        _tell_task(answered(server.post(f"{_at(_TASKS, asked.id)}/redrive", {})))
        return
    body = _given(asked, "priority", "limit")
    told = answered(server.post(f"{_TASKS}/redrive", body))
    print(", ".join(f"{number} {name}" for name, number in told.items()))


def _submit(server: Remote, asked: argparse.Namespace) -> None:
    body = {"name": asked.name, **_arguments(asked), **_given(asked, "priority", "key", "max_retries")}
    body |= {"delay_seconds": asked.delay, "depends_on": asked.after or []}
    _tell_task(answered(server.post(_TASKS, body)))


def _list_schedules(server: Remote, asked: argparse.Namespace) -> None:
    found = pages(server, _SCHEDULES, "schedules", asked.limit)
    rows = [[each["name"], each["cron"], each["timezone"], each["task"], each["state"]] for each in found]
    sections([Table("Schedules of tasks", ["name", "cron", "timezone", "task", "state"], rows)], sys.stdout)


def _add(server: Remote, asked: argparse.Namespace) -> None:
    body = {"name": asked.name, "cron": asked.cron, "task": asked.task, "timezone": asked.timezone}
    body |= _arguments(asked) | _given(asked, "priority", "max_retries")
    _tell_schedule(answered(server.post(_SCHEDULES, body)))


def _pause(server: Remote, asked: argparse.Namespace) -> None:
    _tell_schedule(answered(server.put(f"{_at(_SCHEDULES, asked.name)}/state", {"state": "paused"})))


def _resume(server: Remote, asked: argparse.Namespace) -> None:
    _tell_schedule(answered(server.put(f"{_at(_SCHEDULES, asked.name)}/state", {"state": "active"})))


def _remove(server: Remote, asked: argparse.Namespace) -> None:
    print(f"deleted {answered(server.delete(_at(_SCHEDULES, asked.name)))['deleted']}")


_TASK_ACTIONS = {
    "list": _list_tasks,
    "show": _show_task,
    "cancel": _cancel,
    "redrive": _redrive,
    "submit": _submit,
}
_SCHEDULE_ACTIONS = {"list": _list_schedules, "add": _add, "pause": _pause, "resume": _resume, "remove": _remove}


def _tell_task(task: dict[str, Any]) -> None:
    parts: list[Section] = [
        Line(f"{task['id']} {task['name']}: {task['state']}", "bold"),
        Line(f"  priority {task['priority']}, tries {_tries(task)}, submitted {task['created_at']}"),
    ]
    for name in ("started_at", "finished_at", "progress", "result", "error"):
        if task[name] is not None:
            value = task[name]
            parts.append(Line(f"  {name}: {value if isinstance(value, str) else _json(value)}"))
    if task["depends_on"]:
        parts.append(Line(f"  depends on {', '.join(task['depends_on'])} ({task['waits_for']} to wait for)"))
    if task["attempts"]:
        rows = [[str(each["attempt"]), each["at"], each["error"]] for each in task["attempts"]]
        parts.append(Table("Tries that failed", ["try", "at", "error"], rows, frozenset({"try"})))
    sections(parts, sys.stdout)


def _tell_schedule(schedule: dict[str, Any]) -> None:
    told = f"{schedule['name']}: {schedule['task']} at {schedule['cron']} ({schedule['timezone']}), {schedule['state']}"
    sections([Line(told)], sys.stdout)


def _tries(task: dict[str, Any]) -> str:
    return f"{task['attempt']} of {task['max_attempts']}"


def _reason(task: dict[str, Any]) -> str:
    return "" if task["error"] is None else f"{task['error']['error']}: {task['error']['reason']}"


def _given(asked: argparse.Namespace, *names: str) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(asked, name)) is not None}


def _arguments(asked: argparse.Namespace) -> dict[str, Any]:
    """What the task is given. Raises RemoteUnusable for a `--with` without a name."""
    named = dict(_named(each) for each in asked.named or [])
    return {"args": [_value(each) for each in asked.args], "kwargs": named}


def _named(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise RemoteUnusable(f"--with {text}: send NAME=VALUE")
    return name, _value(value)


def _value(text: str) -> Any:
    """JSON where it is JSON, else the text itself."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _at(path: str, name: str) -> str:
    return f"{path}/{quote(name, safe='')}"
