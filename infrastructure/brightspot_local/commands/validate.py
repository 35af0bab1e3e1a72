"""`brightspot validate`: check every backend."""

import argparse

from brightspot_local.commands.data import add_data
from brightspot_local.commands.server import add_server

_EXIT = "exit status: 0 when nothing fails, 1 when something does, 2 when what was asked cannot be used"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Offer the command."""
    command = commands.add_parser("validate", help="check every backend that the environment names", epilog=_EXIT)
    add_server(command, "a server to check too, such as http://127.0.0.1:9025")
    command.add_argument("--json", action="store_true", help="print the verdicts as one JSON document")
    add_data(command)
    command.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    from brightspot_local.validation.command import validate  # noqa: PLC0415  # each command loads only what it needs

    return validate(asked)
