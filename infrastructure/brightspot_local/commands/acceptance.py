"""`brightspot acceptance`: analyse the 80 acceptance addresses."""

import argparse
from pathlib import Path

from brightspot_local.commands.server import add_server

_EXIT = "exit status: 0 when at least 95 %% of the addresses succeeded, 1 when fewer did, 2 when the run was not made"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Offer the command."""
    command = commands.add_parser("acceptance", help="analyse 80 addresses all over the country", epilog=_EXIT)
    add_server(command, "a server to ask, such as http://127.0.0.1:9025, instead of the library in this process")
    command.add_argument(
        "--out", type=Path, default=Path("build/acceptance.json"), help="where the summary goes (default %(default)s)"
    )
    command.add_argument("--compare", type=Path, metavar="SUMMARY", help="tell what differs from the run of a summary")
    command.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    from brightspot_local.acceptance.command import acceptance  # noqa: PLC0415  # each command loads only what it needs

    return acceptance(asked)
