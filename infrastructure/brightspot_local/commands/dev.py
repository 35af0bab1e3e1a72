"""`brightspot dev`: serve the whole system on this machine."""

import argparse
import sys

from brightspot_local.commands.data import add_data

_REFUSED = 2


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Offer the command."""
    command = commands.add_parser("dev", help="serve the whole system on this machine")
    command.add_argument("--port", type=int, default=9025, help="loopback port (default 9025)")
    add_data(command)
    command.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    from brightspot_local.dev.server import DevError, serve  # noqa: PLC0415  # each command loads only what it needs

    try:
        serve(asked.port, asked.data.resolve(), sys.stdout)
    except DevError as error:
        print(f"brightspot dev: {error}", file=sys.stderr)
        return _REFUSED
    except KeyboardInterrupt:
        return 0  # Ctrl-C is how one ends it
    return 0
