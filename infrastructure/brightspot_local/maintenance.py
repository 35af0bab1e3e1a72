"""`brightspot maintenance`: asks a server through its API, or runs tasks here on tables of the environment."""

import argparse
import getpass
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import msgspec

from brightspot.core.clock import SystemClock
from brightspot.core.errors import BrightspotError
from brightspot.resilience import Deadline
from brightspot_local.admin import AdminRefused, tables
from brightspot_local.asking import REFUSED
from brightspot_local.remote import Remote, RemoteUnusable, Reply, token_in
from brightspot_local.show import Line, Section, Table, sections

_PATH = "/api/v1/maintenance/tasks"
_OK = 200
_FAILED = 1
Told = Any  # what the API answers, as plain values


class Keeper(Protocol):
    """Who runs maintenance tasks and knows their runs."""

    def tasks(self) -> Told: ...

    def run(self, name: str, *, dry_run: bool) -> Told: ...

    def runs(self, name: str, limit: int) -> Told: ...


class Server:
    """One asked over HTTP. Raises RemoteUnusable."""

    def __init__(self, url: str, token: str | None) -> None:
        self._remote = Remote(url, token)

    def tasks(self) -> Told:
        return _answered(self._remote.get(_PATH))

    def run(self, name: str, *, dry_run: bool) -> Told:
        return _answered(self._remote.post(f"{_PATH}/{quote(name, safe='')}/run", {"dry_run": dry_run}))

    def runs(self, name: str, limit: int) -> Told:
        return _answered(self._remote.get(f"{_PATH}/{quote(name, safe='')}/runs?limit={limit}"))


class Here:
    """This process, over the tables that its environment names. Raises BrightspotError."""

    def __init__(self, seconds: float) -> None:
        from brightspot import operations  # noqa: PLC0415  # reads the environment when it is first asked

        self._seconds = seconds
        self._upkeep = operations.shared_upkeep()
        self._started = operations.Started("hand", getpass.getuser())

    def tasks(self) -> Told:
        return msgspec.to_builtins(self._upkeep.tasks())

    def run(self, name: str, *, dry_run: bool) -> Told:
        deadline = Deadline.after(SystemClock(), self._seconds)
        return msgspec.to_builtins(self._upkeep.run(name, deadline, dry_run=dry_run, started=self._started))

    def runs(self, name: str, limit: int) -> Told:
        return msgspec.to_builtins(self._upkeep.history(name, limit))


def maintenance(asked: argparse.Namespace) -> int:
    """Do what is asked; 2 when it is refused, 1 when a run failed."""
    try:
        with _keeper(asked) as keeper:
            sections(list(_told(asked, keeper)), sys.stdout)
    except (RemoteUnusable, AdminRefused) as error:
        print(f"brightspot maintenance: {error}", file=sys.stderr)
        return REFUSED
    except BrightspotError as error:
        print(f"brightspot maintenance: {error}", file=sys.stderr)
        return REFUSED if error.kind.status < 500 else _FAILED  # noqa: PLR2004  # what the caller can mend
    return 0


@contextmanager
def _keeper(asked: argparse.Namespace) -> Iterator[Keeper]:
    if asked.url is not None:
        yield Server(asked.url, token_in(_token_file(asked)))
        return
    with tables(asked.data.resolve()) as (where, environment):
        os.environ.update(environment)
        print(where, file=sys.stderr)
        yield Here(getattr(asked, "seconds", 0.0))


def _token_file(asked: argparse.Namespace) -> Path | None:
    """The one that is named, else that of `make dev`, if it is there."""
    own: Path = asked.data / "admin-token"
    named: Path | None = asked.token_file
    return named or (own if own.exists() else None)


def _answered(reply: Reply) -> Told:
    if reply.status != _OK:
        raise RemoteUnusable(reply.problem)
    return reply.json


def _told(asked: argparse.Namespace, keeper: Keeper) -> Iterator[Section]:
    if asked.action == "run":
        yield from _one(keeper.run(asked.name, dry_run=asked.dry_run))
        return
    known = keeper.tasks()["tasks"]
    if asked.action == "list":
        rows = [[each["name"], each["cron"], *_last(each["last_run"])] for each in known]
        yield Table("Maintenance tasks (UTC)", ["task", "due", "last run", "outcome"], rows)
        return
    names = [asked.name] if asked.name else [each["name"] for each in known]
    runs = [each for name in names for each in keeper.runs(name, asked.limit)["runs"]]
    heads = ["task", "started", "outcome", "seconds", "by", "changed"]
    rows = [_row(each) for each in sorted(runs, key=lambda each: str(each["started_at"]), reverse=True)]
    yield Table("Runs of maintenance tasks", heads, rows, frozenset({"seconds", "changed"}))


def _one(run: Mapping[str, Any]) -> Iterator[Section]:
    dry = " (dry run: nothing was changed)" if run["dry_run"] else ""
    yield Line(f"{run['task']}: {run['outcome']} in {run['seconds']:g} s{dry}")
    columns = ["what", "looked at", "changed", "failed", "left"]
    rows = [
        [name, *(f"{each[key]:,}" for key in ("looked_at", "changed", "failed")), _left(each["left"])]
        for name, each in run["counts"].items()
    ]
    if rows:
        yield Table("Counts", columns, rows, frozenset(columns[1:]))
    yield from (Line(each) for each in run["notes"])
    for each in run["facts"].get("proposals", ()):
        yield Line(f"proposal: {each['advice']}")


def _left(number: int | None) -> str:
    return "some" if number is None else f"{number:,}"


def _last(run: Mapping[str, Any] | None) -> list[str]:
    return ["never", ""] if run is None else [str(run["started_at"])[:19], _outcome(run)]


def _outcome(run: Mapping[str, Any]) -> str:
    return f"{run['outcome']} (dry)" if run["dry_run"] else str(run["outcome"])


def _row(run: Mapping[str, Any]) -> list[str]:
    changed = sum(each["changed"] for each in run["counts"].values())
    seconds = "" if run["seconds"] is None else f"{run['seconds']:.1f}"
    by = run["who"] or run["started_by"]
    return [run["task"], str(run["started_at"])[:19], _outcome(run), seconds, by, f"{changed:,}"]
