"""`brightspot tasks` and `brightspot schedules`: tasks of a server, and when they are submitted."""

import argparse

from brightspot_local.commands.data import add_data
from brightspot_local.commands.server import add_server

_PRIORITIES = ("high", "normal", "low")
_STATES = ("waiting", "scheduled", "queued", "running", "done", "failed", "cancelled", "skipped")
_URL = "http://127.0.0.1:9025"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Offer both commands."""
    _add_tasks(commands.add_parser("tasks", help="list, show, submit, cancel or redrive tasks of the server at --url"))
    command = commands.add_parser("schedules", help="list, add, pause, resume or remove schedules of tasks")
    _add_schedules(command)


def _add_tasks(command: argparse.ArgumentParser) -> None:
    whats = command.add_subparsers(required=True, metavar="what", dest="what")
    listed = whats.add_parser("list", help="list tasks, the newest first")
    listed.add_argument("--name", help="only tasks of this name")
    listed.add_argument("--state", choices=_STATES, help="only tasks in this state")
    _limit(listed, 20)
    show = whats.add_parser("show", help="show one, with its tries")
    show.add_argument("id", help="as `list` shows it")
    cancel = whats.add_parser("cancel", help="cancel one")
    cancel.add_argument("id", help="as `list` shows it")
    redrive = whats.add_parser("redrive", help="have what failed for good tried anew: one, or dead letters")
    redrive.add_argument("id", nargs="?", help="the one task; without, dead letters")
    redrive.add_argument("--priority", choices=_PRIORITIES, help="only dead letters of this priority")
    _limit(redrive, 100)
    submit = whats.add_parser("submit", help="submit one")
    submit.add_argument("name", help="the registered task; an unknown one is refused with the known ones")
    _what(submit)
    submit.add_argument("--delay", type=float, default=0.0, metavar="SECONDS", help="how long it waits")
    submit.add_argument("--after", action="append", metavar="ID", help="wait for this task; again for more of them")
    submit.add_argument("--key", help="the same name and key are the same task")
    for each in (listed, show, cancel, redrive, submit):
        _serve(each, _tasks)


def _add_schedules(command: argparse.ArgumentParser) -> None:
    whats = command.add_subparsers(required=True, metavar="what", dest="what")
    listed = whats.add_parser("list", help="list schedules by name")
    _limit(listed, 100)
    made = whats.add_parser("add", help="submit a task whenever cron is due")
    made.add_argument("name", help="what the schedule is called")
    made.add_argument("cron", help="five fields, as in '0 2 * * *', or @daily and its like")
    made.add_argument("task", help="the registered task")
    _what(made)
    made.add_argument("--timezone", default="UTC", help="IANA name (default UTC)")
    pause = whats.add_parser("pause", help="let it not be due until it is resumed")
    resume = whats.add_parser("resume", help="let it be due again")
    remove = whats.add_parser("remove", help="delete it")
    for each in (pause, resume, remove):
        each.add_argument("name", help="as `list` shows it")
    for each in (listed, made, pause, resume, remove):
        _serve(each, _schedules)


def _what(command: argparse.ArgumentParser) -> None:
    command.add_argument("args", nargs="*", metavar="ARGUMENT", help="JSON, or text as it stands")
    command.add_argument("--with", dest="named", action="append", metavar="NAME=VALUE", help="an argument by its name")
    command.add_argument("--priority", choices=_PRIORITIES, help="instead of the task's own")
    command.add_argument("--retries", dest="max_retries", type=int, help="tries after the first one")


def _limit(command: argparse.ArgumentParser, default: int) -> None:
    command.add_argument("--limit", type=int, default=default, help=f"how many at most (default {default})")


def _serve(command: argparse.ArgumentParser, run: object) -> None:
    add_server(command, f"the server (default {_URL}, that of `make dev`)")
    add_data(command)
    command.set_defaults(run=run, url=_URL)


def _tasks(asked: argparse.Namespace) -> int:
    from brightspot_local.background import tasks  # noqa: PLC0415  # each command loads only what it needs

    return tasks(asked)


def _schedules(asked: argparse.Namespace) -> int:
    from brightspot_local.background import schedules  # noqa: PLC0415  # as above

    return schedules(asked)
