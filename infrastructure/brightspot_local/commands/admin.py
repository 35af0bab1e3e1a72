"""`brightspot admin create`: make the first administrator."""

import argparse
import sys
from getpass import getpass

from brightspot_local.commands.data import add_data

_REFUSED = 2


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Offer the command."""
    command = commands.add_parser("admin", help="make an administrator's account")
    actions = command.add_subparsers(required=True, metavar="action")
    create = actions.add_parser(
        "create",
        help="make one in the tables of TABLE_PREFIX, else in those of `make dev`",
        description="Asks for the password; without a terminal it is the first line of standard input.",
    )
    create.add_argument("email", help="the administrator's address, as in ada@example.org")
    add_data(create)
    create.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    from brightspot.core.errors import BrightspotError  # noqa: PLC0415  # each command loads only what it needs
    from brightspot_local.admin import AdminRefused, create_admin  # noqa: PLC0415

    try:
        print(create_admin(asked.email, _password(), asked.data.resolve()))
    except (AdminRefused, BrightspotError) as error:
        print(f"brightspot admin create: {error}", file=sys.stderr)
        return _REFUSED
    return 0


def _password() -> str:
    """From a terminal, unseen and twice; never an argument, which others on this machine could read."""
    from brightspot_local.admin import AdminRefused  # noqa: PLC0415

    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass("Password: ")
    if getpass("Again: ") != password:
        raise AdminRefused("the two passwords differ; nothing was made")
    return password
