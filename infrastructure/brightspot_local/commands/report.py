"""`brightspot report ADDRESS`: a report to print, or as rows or JSON."""

import argparse
from pathlib import Path

from brightspot_local.commands.data import add_data
from brightspot_local.commands.server import add_server


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Offer the command."""
    command = commands.add_parser("report", help="report on one address as a page to print, as CSV or as JSON")
    command.add_argument("address", nargs="?", help="as for `brightspot analyze`")
    command.add_argument("--id", help="instead of an address: an analysis that the server at --url remembers")
    command.add_argument("--out", type=Path, help="where it goes (default: standard output)")
    command.add_argument(
        "--format", choices=("html", "json", "csv"), help="default: what --out ends with, else html", default=None
    )
    command.add_argument("--radius-miles", type=float, help="how far the neighbourhood reaches, 0.5 to 25 (default 3)")
    command.add_argument("--persona", help="whose weights count (default business; `brightspot personas` lists them)")
    command.add_argument(
        "--weight", action="append", metavar="CATEGORY=NUMBER", help="weights of your own instead of a persona's"
    )
    add_server(command, "with --id: the server that remembers it, such as http://127.0.0.1:9025")
    add_data(command)
    command.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    from brightspot_local.site_report import report  # noqa: PLC0415  # each command loads only what it needs

    return report(asked)
