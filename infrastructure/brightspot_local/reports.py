"""`brightspot admin report`: reports on how a server did, made, listed and saved through its API."""

import argparse
import sys
from typing import Any
from urllib.parse import quote

from brightspot_local.asking import REFUSED
from brightspot_local.remote import Remote, RemoteUnusable, answered, pages, token_of
from brightspot_local.show import Table, sections

_PATH = "/api/v1/monitoring/reports"


def report(asked: argparse.Namespace) -> int:
    """Do what is asked; a refusal prints its reason on stderr and returns 2."""
    try:
        server = Remote(asked.url, token_of(asked.data, asked.token_file))
        if asked.what == "make":
            _tell_made(answered(server.post(_PATH, _body(asked))))
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


def _body(asked: argparse.Namespace) -> dict[str, str]:
    told = {"period": asked.period, "from": asked.since, "to": asked.until}
    return {name: value for name, value in told.items() if value is not None}


def _tell_made(entry: dict[str, Any]) -> None:
    print(f"{entry['id']}: {entry['from']} to {entry['to']}, {entry['bytes']:,} bytes")


def _list(server: Remote, limit: int) -> None:
    """The latest ones, page by page as the server gives them."""
    entries = pages(server, _PATH, "reports", limit)
    rows = [[each["id"], each["kind"], each["made_at"], f"{each['bytes']:,}"] for each in entries]
    heads = ["id", "kind", "made", "bytes"]
    sections([Table("Reports of the service", heads, rows, frozenset({"bytes"}))], sys.stdout)


def _save(server: Remote, asked: argparse.Namespace) -> None:
    out = asked.out
    form = asked.format or (out.suffix[1:].lower() if out is not None and out.suffix in {".html", ".json"} else "html")
    body = server.file(f"{_PATH}/{quote(asked.id, safe='')}.{form}")
    if out is None:
        sys.stdout.buffer.write(body)
        return
    out.write_bytes(body)
    print(f"{out}: {len(body):,} bytes", file=sys.stderr)
