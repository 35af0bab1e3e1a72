"""`brightspot admin`: make the first administrator; make, list and save reports on how a server did."""

import argparse
import sys
from getpass import getpass
from pathlib import Path

from brightspot_local.commands.data import add_data
from brightspot_local.commands.server import add_server

_REFUSED = 2


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Offer the command."""
    command = commands.add_parser("admin", help="make an administrator's account, or reports on how a server did")
    actions = command.add_subparsers(required=True, metavar="action")
    create = actions.add_parser(
        "create",
        help="make one in the tables of TABLE_PREFIX, else in those of `make dev`",
        description="Asks for the password; without a terminal it is the first line of standard input.",
    )
    create.add_argument("email", help="the administrator's address, as in ada@example.org")
    add_data(create)
    create.set_defaults(run=_run)
    _add_report(actions)


def _add_report(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    report = actions.add_parser("report", help="make, list or save reports of the server at --url")
    whats = report.add_subparsers(required=True, metavar="what", dest="what")
    make = whats.add_parser("make", help="make one: of the last whole day, unless it is said otherwise")
    make.add_argument("--period", choices=("day", "week"), help="the last whole day, or seven of them (UTC)")
    make.add_argument("--from", dest="since", help="instead: from this date or RFC 3339 time on")
    make.add_argument("--to", dest="until", help="up to this date inclusively, or this time; 40 days at most")
    listed = whats.add_parser("list", help="list those that are kept, the latest first")
    listed.add_argument("--limit", type=int, default=20, help="how many at most (default 20)")
    get = whats.add_parser("get", help="save one")
    get.add_argument("id", help="as `list` shows it, such as 2026-11-27T00-024h")
    get.add_argument("--out", type=Path, help="where it goes (default: standard output)")
    get.add_argument("--format", choices=("html", "json"), help="default: what --out ends with, else html")
    for each in (make, listed, get):
        add_server(each, "the server (default http://127.0.0.1:9025, that of `make dev`)")
        add_data(each)
        each.set_defaults(run=_report, url="http://127.0.0.1:9025", out=each.get_default("out"))


def _run(asked: argparse.Namespace) -> int:
    from brightspot.core.errors import BrightspotError  # noqa: PLC0415  # each command loads only what it needs
    from brightspot_local.admin import AdminRefused, create_admin  # noqa: PLC0415

    try:
        print(create_admin(asked.email, _password(), asked.data.resolve()))
    except (AdminRefused, BrightspotError) as error:
        print(f"brightspot admin create: {error}", file=sys.stderr)
        return _REFUSED
    return 0


def _report(asked: argparse.Namespace) -> int:
    from brightspot_local.reports import report  # noqa: PLC0415  # each command loads only what it needs

    return report(asked)


def _password() -> str:
    """From a terminal, unseen and twice; never an argument, which others on this machine could read."""
    from brightspot_local.admin import AdminRefused  # noqa: PLC0415

    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass("Password: ")
    if getpass("Again: ") != password:
        raise AdminRefused("the two passwords differ; nothing was made")
    return password
