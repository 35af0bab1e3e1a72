"""`brightspot admin report`: reports on how a server did, made, listed and saved through its API."""

import argparse
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

from brightspot_local.asking import REFUSED
from brightspot_local.remote import Remote, RemoteUnusable, Reply, token_in
from brightspot_local.show import Table, sections

_PATH = "/api/v1/monitoring/reports"
_WELL = {200, 201}


def report(asked: argparse.Namespace) -> int:
    """Do what is asked; a refusal prints its reason on stderr and returns 2."""
    try:
        server = Remote(asked.url, token_in(_token_file(asked)))
        if asked.what == "make":
            _tell_made(_answered(server.post(_PATH, _body(asked))))
        elif asked.what == "list":
            _list(server, asked.limit)
        else:
            _save(server, asked)
    except RemoteUnusable as error:
        print(f"brightspot admin report: {error}", file=sys.stderr)
        return REFUSED
    except OSError as error:
        print(f"brightspot admin report: {asked.out}: {error.strerror}", file=sys.stderr)
        return REFUSED
    return 0


def _token_file(asked: argparse.Namespace) -> Path | None:
    """The one that is named, else that of `make dev`, if it is there."""
    own: Path = asked.data / "admin-token"
    named: Path | None = asked.token_file
    return named or (own if own.exists() else None)


def _body(asked: argparse.Namespace) -> dict[str, str]:
    told = {"period": asked.period, "from": asked.since, "to": asked.until}
    return {name: value for name, value in told.items() if value is not None}


def _answered(reply: Reply) -> Any:
    if reply.status not in _WELL:
        raise RemoteUnusable(reply.problem)
    return reply.json


def _tell_made(entry: dict[str, Any]) -> None:
    print(f"{entry['id']}: {entry['from']} to {entry['to']}, {entry['bytes']:,} bytes")


def _list(server: Remote, limit: int) -> None:
    """The latest ones, page by page as the server gives them."""
    entries: list[dict[str, Any]] = []
    query = f"?limit={min(limit, 100)}"
    while len(entries) < limit:
        page = _answered(server.get(f"{_PATH}{query}"))
        entries += page["reports"]
        if page["next_cursor"] is None:
            break
        query = f"?limit={min(limit - len(entries), 100)}&cursor={page['next_cursor']}"
    rows = [[each["id"], each["kind"], each["made_at"], f"{each['bytes']:,}"] for each in entries]
    heads = ["id", "kind", "made", "bytes"]
    sections([Table("Reports of the service", heads, rows, frozenset({"bytes"}))], sys.stdout)


def _save(server: Remote, asked: argparse.Namespace) -> None:
    out: Path | None = asked.out
    form = asked.format or (out.suffix[1:].lower() if out is not None and out.suffix in {".html", ".json"} else "html")
    body = server.file(f"{_PATH}/{quote(asked.id, safe='')}.{form}")
    if out is None:
        sys.stdout.buffer.write(body)
        return
    out.write_bytes(body)
    print(f"{out}: {len(body):,} bytes", file=sys.stderr)
