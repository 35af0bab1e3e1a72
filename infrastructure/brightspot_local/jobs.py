"""`brightspot jobs`: jobs of a server, sent, waited for, saved, ended and listed through its API."""

import argparse
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import msgspec

from brightspot_local.asking import REFUSED
from brightspot_local.remote import Remote, RemoteUnusable, Reply, fetch, put, token_in
from brightspot_local.show import Table, progress, sections

_PATH: Final = "/api/v2/batch/jobs"
_WELL: Final = {200, 201, 202}
_PAUSE_SECONDS: Final = 1.0
_PAGE: Final = 100
_FAILED: Final = 1


def jobs(asked: argparse.Namespace) -> int:
    """Do what is asked; a refusal prints its reason on stderr and returns 2."""
    try:
        server = Remote(asked.url, token_in(_token_file(asked)))
        return _ACTIONS[asked.what](server, asked)
    except RemoteUnusable as error:
        print(f"brightspot jobs: {error}", file=sys.stderr)
    except OSError as error:
        print(f"brightspot jobs: {error.filename}: {error.strerror}", file=sys.stderr)
    return REFUSED


def _token_file(asked: argparse.Namespace) -> Path | None:
    """The one that is named, else that of `make dev`, if it is there."""
    own: Path = asked.data / "admin-token"
    named: Path | None = asked.token_file
    return named or (own if own.exists() else None)


def _submit(server: Remote, asked: argparse.Namespace) -> int:
    body: dict[str, Any] = {
        "job_type": asked.type,
        "parameters": _parameters(server, asked),
        "priority": asked.priority,
    }
    if asked.webhook is not None:
        body["webhook"] = {"url": asked.webhook, "secret": token_in(asked.webhook_secret_file) or ""}
    made = _answered(server.post(_PATH, body, {"Idempotency-Key": asked.key} if asked.key else {}))
    if not asked.wait:
        print(made["id"])
        return 0
    print(f"job {made['id']}", file=sys.stderr)
    told = _waited(server, made)
    if told["state"] != "done":
        why = f": {told['error']['reason']}" if told["error"] else ""
        print(f"brightspot jobs: the job {'has ' if told['error'] else 'was '}{told['state']}{why}", file=sys.stderr)
        return _FAILED
    _save(server, made["id"], asked)
    return 0


def _parameters(server: Remote, asked: argparse.Namespace) -> Mapping[str, Any]:
    told: dict[str, Any] = {}
    for each in asked.param:
        name, equals, text = each.partition("=")
        if not equals:
            raise RemoteUnusable(f"--param {each!r}: send NAME=VALUE")
        told[name.strip()] = _value(text)
    if asked.address is not None:
        told["addresses"] = asked.address
    if asked.csv is not None:
        told["upload"] = _uploaded(server, asked.csv.read_bytes())
    return told


def _value(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def _uploaded(server: Remote, body: bytes) -> str:
    place = _answered(server.post("/api/v2/batch/uploads", {"bytes": len(body)}))
    put(place["url"], body, place["headers"])
    return str(place["id"])


def _waited(server: Remote, told: dict[str, Any]) -> dict[str, Any]:
    """The status of a job once it is finished."""
    with progress("units") as tell:
        while told["finished_at"] is None:
            time.sleep(_PAUSE_SECONDS)
            told = _answered(server.get(f"{_PATH}/{told['id']}/status"))
            tell(told["progress"]["done"], told["progress"]["total"])
    return told


def _status(server: Remote, asked: argparse.Namespace) -> int:
    _tell(_answered(server.get(f"{_PATH}/{_named(asked)}/status")))
    return 0


def _cancel(server: Remote, asked: argparse.Namespace) -> int:
    _tell(_answered(server.delete(f"{_PATH}/{_named(asked)}")))
    return 0


def _result(server: Remote, asked: argparse.Namespace) -> int:
    _save(server, _named(asked), asked)
    return 0


def _save(server: Remote, job: str, asked: argparse.Namespace) -> None:
    told = _answered(server.get(f"{_PATH}/{job}/result"))
    names = [each["name"] for each in told["files"]]
    name = asked.file or names[0]
    if name not in names:
        raise RemoteUnusable(f"there is no file {name}; send one of {', '.join(names)}")
    if name == names[0] and told["result"] is not None:
        body = msgspec.json.encode(told["result"])
    else:
        body = fetch(told["files"][names.index(name)]["url"])
    if asked.out is None:
        sys.stdout.buffer.write(body)
        sys.stdout.flush()
        return
    asked.out.write_bytes(body)
    print(f"{asked.out}: {len(body):,} bytes", file=sys.stderr)


def _list(server: Remote, asked: argparse.Namespace) -> int:
    """The newest ones, page by page as the server gives them."""
    found: list[dict[str, Any]] = []
    only, cursor = f"&state={asked.state}" if asked.state else "", ""
    while len(found) < asked.limit:
        page = _answered(server.get(f"{_PATH}?limit={min(asked.limit - len(found), _PAGE)}{only}{cursor}"))
        found += page["jobs"]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    rows = [[each["id"], each["job_type"], each["state"], _far(each), each["created_at"]] for each in found]
    sections([Table("Jobs", ["id", "type", "state", "done", "created"], rows, frozenset({"done"}))], sys.stdout)
    return 0


def _tell(told: dict[str, Any]) -> None:
    eta = "" if told["eta_seconds"] is None else f", about {told['eta_seconds']:.0f} s left"
    print(f"{told['id']}: {told['job_type']}, {told['state']}, {_far(told)} done{eta}")
    if told["error"] is not None:
        print(f"{told['error']['error']}: {told['error']['reason']}")


def _far(told: dict[str, Any]) -> str:
    done, total = told["progress"]["done"], told["progress"]["total"]
    return f"{done:,} of {'?' if total is None else f'{total:,}'}"


def _named(asked: argparse.Namespace) -> str:
    return quote(asked.id, safe="")


def _answered(reply: Reply) -> Any:
    if reply.status not in _WELL:
        raise RemoteUnusable(reply.problem)
    return reply.json


_ACTIONS: Final = {"submit": _submit, "status": _status, "result": _result, "cancel": _cancel, "list": _list}
